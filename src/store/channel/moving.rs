//! A move of a channel: one swap, and what it is refused for.

use futures_util::future::{OptionFuture, join};

use super::{Channel, ChannelMove, Labels, Move, MoveTo};
use crate::name::{ChannelName, Digest, VersionName};
use crate::s3::{Bucket, Condition, Etag, PutAnswer};
use crate::store::document::{Stored, document_put};
use crate::store::standstill::Standstill;
use crate::store::{Conflict, Error, Progress, PushInfo, Stage, Store};

/// How often a move that may go over others' is tried: of those that meet, one gets through each time.
const ATTEMPTS: u32 = 200;

/// What a move has done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The channel, as it stands after the move, or would stand, or as it was found where that did nothing.
    pub channel: Channel,
    /// What came of it.
    pub what: What,
}

impl Moved {
    /// Whether the channel was moved, or would be.
    #[must_use]
    pub const fn would_move(&self) -> bool {
        matches!(self.what, What::Moved(_))
    }

    /// Nothing was to be done.
    pub(super) const fn unchanged(channel: Channel) -> Self {
        Self { channel, what: What::Unchanged }
    }
}

/// What came of a move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// The channel was moved, from where it stood before; none where it was new, or could not be read.
    Moved(Option<Box<Move>>),
    /// It stood at this target already, with these labels.
    Unchanged,
    /// It stood at this target already, and keeps the labels that it has there.
    KeptLabels,
    /// It had stood at this version before, and was left where it is.
    LeftWhereItIs,
}

/// A target as it is to be written.
pub(super) struct Wanted<'a> {
    pub(super) channel: &'a ChannelName,
    pub(super) target: Option<(VersionName, Digest)>,
    pub(super) labels: &'a Labels,
    pub(super) restores: Option<String>,
    pub(super) dry_run: bool,
    pub(super) info: &'a PushInfo,
    pub(super) progress: &'a Progress,
}

/// When a move goes on, given what it finds.
pub(super) struct Terms<'a> {
    pub(super) expect_current: Option<&'a str>,
    /// Whether there must be no such channel yet.
    pub(super) expect_new: bool,
    /// Whether it goes on from where others have moved the channel meanwhile.
    pub(super) force: bool,
    pub(super) only_to_what_is_new: bool,
    /// Whether a channel that others have moved to the very same is a success.
    pub(super) same_is_success: bool,
}

/// What lies at a channel's key.
pub(super) enum Found {
    Nothing,
    Channel(Box<Stored<Channel>>),
    /// What cannot be read.
    Damaged(Etag),
}

impl Found {
    pub(super) fn channel(&self) -> Option<&Channel> {
        match self {
            Self::Channel(stored) => Some(&stored.value),
            Self::Nothing | Self::Damaged(_) => None,
        }
    }

    fn state(&self) -> Option<&Etag> {
        match self {
            Self::Nothing => None,
            Self::Channel(stored) => Some(&stored.etag),
            Self::Damaged(etag) => Some(etag),
        }
    }

    fn condition(&self) -> Condition {
        self.state().map_or(Condition::Create, |etag| Condition::Replace(etag.clone()))
    }
}

impl<B: Bucket> Store<B> {
    /// Moves a channel, in one swap.
    ///
    /// # Errors
    /// [`Conflict::ChannelMoved`] where others have moved it meanwhile, or where it does not stand at what is expected;
    /// [`Missing`](crate::store::Missing) and [`Integrity`](crate::store::Integrity) where its target is not published,
    /// or not as it was reviewed, also when it was moved to it; those of the requests.
    pub async fn move_channel(&self, order: &ChannelMove) -> Result<Moved, Error> {
        let digest = async {
            match &order.to {
                MoveTo::Version { version, expect } => {
                    Ok::<_, Error>(Some((version.clone(), self.target_digest(version, *expect).await?)))
                }
                MoveTo::Planned { version, digest } => Ok(Some((version.clone(), *digest))),
                MoveTo::Nothing => Ok(None),
            }
        };
        let (found, target) = join(self.find_channel(&order.channel, order.force), digest).await;
        let wanted = Wanted {
            channel: &order.channel,
            target: target?,
            labels: &order.labels,
            restores: None,
            dry_run: order.dry_run || matches!(order.to, MoveTo::Planned { .. }),
            info: &order.info,
            progress: &order.progress,
        };
        let terms = Terms {
            expect_current: order.expect_current.as_deref(),
            expect_new: order.expect_new,
            force: order.force,
            only_to_what_is_new: order.only_to_what_is_new,
            same_is_success: true,
        };
        self.swap_channel(&wanted, &terms, found?).await
    }

    /// What lies at a channel's key.
    ///
    /// # Errors
    /// What cannot be read, unless it is to be moved by `force`; those of the request.
    pub(super) async fn find_channel(&self, name: &ChannelName, force: bool) -> Result<Found, Error> {
        match self.channel(name).await {
            Ok(Some(stored)) => Ok(Found::Channel(Box::new(stored))),
            Ok(None) => Ok(Found::Nothing),
            Err(error) => match error.damaged_state().filter(|_| force) {
                Some(state) => Ok(Found::Damaged(state.clone())),
                None => Err(error),
            },
        }
    }

    /// Swaps a channel, found a moment ago, for one that points at what is wanted.
    pub(super) async fn swap_channel(
        &self,
        wanted: &Wanted<'_>,
        terms: &Terms<'_>,
        mut found: Found,
    ) -> Result<Moved, Error> {
        let key = self.keys.channel(wanted.channel)?;
        let next = Move::new(wanted.target.clone(), wanted.labels.clone(), wanted.restores.clone(), wanted.info);
        let mut standstill = Standstill::new();
        let mut before = None;
        for attempt in 1..=ATTEMPTS {
            if let Some(channel) = found.channel().filter(|channel| channel.has_made(&wanted.info.push_id)) {
                // The answer to its put was lost.
                wanted.progress.reach(Stage::Published);
                self.look_again(wanted).await?;
                let what = What::Moved(channel.before(&wanted.info.push_id).cloned().map(Box::new));
                return Ok(Moved { channel: channel.clone(), what });
            }
            wanted.progress.reach(Stage::Untouched);
            if let Some(done) = terms.done(wanted, &next, &found, attempt > 1) {
                return Ok(done);
            }
            let was_moved = attempt > 1 && !terms.force && before.as_ref() != found.state();
            if !terms.are_met(&found) || was_moved {
                // Where `force` went past what cannot be read, that is what is wrong.
                let found = match found {
                    Found::Damaged(_) => self.find_channel(wanted.channel, false).await?,
                    found => found,
                };
                return Err(moved_by_others(wanted.channel, terms.expect_current, found.channel()).into());
            }
            standstill.note(found.state().cloned()).map_err(|refused| self.refuses(refused, &key))?;
            if attempt > 2 {
                self.backoff.wait(attempt).await;
            }
            let channel = Channel::after(found.channel(), self.keys.context(), wanted.channel, next.clone());
            if wanted.dry_run {
                return Ok(Moved { what: What::Moved(found.channel().map(Channel::current).map(Box::new)), channel });
            }
            let put = |condition| document_put(key.clone(), &channel, None, wanted.info, condition);
            wanted.progress.reach(Stage::Publishing);
            let answer = self.bucket.put(&put(found.condition())?).await.map_err(Error::from).inspect_err(|error| {
                if error.is_refusal() {
                    wanted.progress.reach(Stage::Untouched);
                }
            })?;
            if let PutAnswer::Written(_) = answer {
                wanted.progress.reach(Stage::Published);
                self.prove_conditions(|| put(Condition::Create)).await?;
                self.look_again(wanted).await?;
                return Ok(Moved { what: What::Moved(found.channel().map(Channel::current).map(Box::new)), channel });
            }
            before = found.state().cloned();
            found = self.find_channel(wanted.channel, terms.force).await?;
        }
        Err(Conflict::KeepsChanging { key }.into())
    }

    async fn look_again(&self, wanted: &Wanted<'_>) -> Result<(), Error> {
        let target = wanted.target.as_ref().map(|(version, digest)| (version, *digest));
        let look = target.map(|target| self.look_at_target_again(wanted.channel, target));
        OptionFuture::from(look).await.unwrap_or(Ok(()))
    }
}

impl Terms<'_> {
    /// Whether what is found is what is expected.
    fn are_met(&self, found: &Found) -> bool {
        let is_at = |expected| found.channel().is_some_and(|channel| channel.current().is_named(expected));
        self.expect_current.is_none_or(is_at) && (!self.expect_new || matches!(found, Found::Nothing))
    }

    /// What there is to say where nothing need be put.
    fn done(&self, wanted: &Wanted<'_>, next: &Move, found: &Found, is_after_put: bool) -> Option<Moved> {
        let channel = found.channel()?;
        let what = if channel.current().is_same_target(next) && (self.same_is_success || !is_after_put) {
            What::Unchanged
        } else if self.only_to_what_is_new && channel.stands_at(wanted.target.as_ref()) {
            What::KeptLabels
        } else if self.only_to_what_is_new && channel.has_stood_at(wanted.target.as_ref()) {
            What::LeftWhereItIs
        } else {
            return None;
        };
        Some(Moved { channel: channel.clone(), what })
    }
}

impl Channel {
    /// The move before the one of this id, as far as it remembers.
    fn before(&self, push_id: &str) -> Option<&Move> {
        if self.push_id == push_id {
            return self.history.first();
        }
        let at = self.history.iter().position(|made| made.push_id == push_id)?;
        self.history.get(at + 1)
    }

    /// Whether it points at a version, with the same digest, whatever its labels.
    fn stands_at(&self, target: Option<&(VersionName, Digest)>) -> bool {
        target.is_some() && self.target() == target.map(|(version, digest)| (version, *digest))
    }

    /// Whether it pointed at a version before it was moved to where it stands: a name that it has left is not new, whatever
    /// has been put under it since. Where it stands at that name, other content is not a way back, unless it had that before.
    fn has_stood_at(&self, target: Option<&(VersionName, Digest)>) -> bool {
        let Some((version, digest)) = target else { return false };
        let is_at_name = self.version.as_ref() == Some(version);
        let is_it =
            |made: &Move| made.version.as_ref() == Some(version) && (!is_at_name || made.digest == Some(*digest));
        self.history.iter().any(is_it)
    }
}

/// Who has moved a channel, when and where to; none where there is no such channel.
pub(super) fn moved_by_others(name: &ChannelName, expected: Option<&str>, present: Option<&Channel>) -> Conflict {
    Conflict::ChannelMoved {
        channel: name.clone(),
        expected: expected.map(ToOwned::to_owned),
        present: present.map(|channel| Box::new(channel.current())),
    }
}
