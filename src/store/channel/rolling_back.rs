//! Rollback of a channel: a move to what it stood at before, by its own history.

use super::moving::{Found, Terms, Wanted, moved_by_others};
use super::{Channel, Move, Moved};
use crate::name::{ChannelName, Digest, VersionName};
use crate::s3::Bucket;
use crate::store::document::Stored;
use crate::store::{Error, Integrity, Missing, Progress, PushInfo, Store};

/// How many earlier targets are looked at for one that is still published.
const MOST_LOOKED_AT: usize = 10;

/// What a rollback of a channel is to do.
#[derive(Debug, Clone)]
pub struct ChannelRollback {
    /// The channel.
    pub channel: ChannelName,
    /// Where it goes back to.
    pub to: BackTo,
    /// The digest that what it goes back to must have had, if one was reviewed.
    pub expect: Option<Digest>,
    /// What the channel must stand at: the id of a move, or the name of a version.
    pub expect_current: Option<String>,
    /// Whether it is only found out what would be done.
    pub dry_run: bool,
    /// Who rolls it back, when and why.
    pub info: PushInfo,
    /// How far it has come.
    pub progress: Progress,
}

/// Where a channel goes back to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BackTo {
    /// What it stood at before.
    Before,
    /// This version, which it stood at once.
    Version(VersionName),
}

impl<B: Bucket> Store<B> {
    /// Moves a channel to what it stood at before, with the labels that it had there. A second rollback goes to what
    /// was before that, and never forward again. One to the version that it stands at goes to the labels and the digest
    /// that it had there before, if those were others.
    ///
    /// # Errors
    /// [`Missing::Channel`] where there is no such channel, [`Missing::EarlierTarget`] where it never stood at that;
    /// [`Conflict::ChannelMoved`](crate::store::Conflict::ChannelMoved) where it does not stand at what is expected, or
    /// others move it meanwhile; [`Missing::BackTarget`], [`Integrity::BackTarget`] and [`Integrity::Unexpected`] where
    /// the version is no longer as it was; those of [`move_channel`](Self::move_channel).
    pub async fn roll_channel_back(&self, rollback: &ChannelRollback) -> Result<Moved, Error> {
        let (found, back) = self.found_to_roll_back(rollback).await?;
        let Some(back) = back else { return Ok(Moved::unchanged(found.value)) };
        let wanted = Wanted {
            channel: &rollback.channel,
            target: back.target().map(|(version, digest)| (version.clone(), digest)),
            labels: &back.labels,
            restores: Some(back.push_id.clone()),
            dry_run: rollback.dry_run,
            info: &rollback.info,
            progress: &rollback.progress,
        };
        let terms = Terms {
            expect_current: rollback.expect_current.as_deref(),
            expect_new: false,
            force: false,
            only_to_what_is_new: false,
            same_is_success: false,
        };
        self.swap_channel(&wanted, &terms, Found::Channel(Box::new(found))).await
    }

    /// The channel, and the move that the rollback goes back to, whose target must still be as it was; none where the
    /// channel stands at that.
    async fn found_to_roll_back(&self, rollback: &ChannelRollback) -> Result<(Stored<Channel>, Option<Move>), Error> {
        let name = &rollback.channel;
        let Some(found) = self.channel(name).await? else { return Err(self.no_channel(name).await) };
        let channel = &found.value;
        if let Some(expected) = &rollback.expect_current
            && !channel.current().is_named(expected)
        {
            return Err(moved_by_others(name, Some(expected), Some(channel)).into());
        }
        let current = channel.current();
        let back = match &rollback.to {
            BackTo::Version(version) if current.version.as_ref() == Some(version) => {
                Some(channel.stood_at_otherwise(&current, rollback.expect).unwrap_or(&current))
            }
            BackTo::Version(version) => channel.stood_at(version),
            BackTo::Before => channel.earlier_than(&current),
        };
        let Some((back, (version, digest))) = back.and_then(|back| Some((back.clone(), back.target()?))) else {
            let wanted = match &rollback.to {
                BackTo::Before => None,
                BackTo::Version(version) => Some(version.clone()),
            };
            let earlier = channel.earlier_versions();
            return Err(Missing::EarlierTarget { channel: name.clone(), wanted, earlier }.into());
        };
        if let Some(expected) = rollback.expect.filter(|expected| *expected != digest) {
            return Err(Integrity::Unexpected { version: Some(version.clone()), expected, found: digest }.into());
        }
        match self.target_digest(version, Some(digest)).await {
            Ok(_) => {}
            Err(Error::Missing(missing))
                if matches!(*missing, Missing::Version { .. } | Missing::Unpublished { .. }) =>
            {
                let older = self.older_published(channel, &back).await;
                let (channel, version) = (name.clone(), version.clone());
                return Err(Missing::BackTarget { channel, version, older }.into());
            }
            Err(Error::Integrity(integrity)) => {
                return Err(match *integrity {
                    Integrity::Unexpected { expected, found, .. } => {
                        let older = self.older_published(channel, &back).await;
                        let (channel, version) = (name.clone(), version.clone());
                        Integrity::BackTarget { channel, version, older, expected, found }.into()
                    }
                    other => other.into(),
                });
            }
            Err(error) => return Err(error),
        }
        let is_there = back.push_id == current.push_id;
        Ok((found, Some(back).filter(|_| !is_there)))
    }

    /// The last version before a move that a rollback can still go back to, of the nearest.
    async fn older_published(&self, channel: &Channel, from: &Move) -> Option<VersionName> {
        let mut older = channel.earlier_than(from);
        for _ in 0..MOST_LOOKED_AT {
            let made = older?;
            let (version, digest) = made.target()?;
            if self.target_digest(version, Some(digest)).await.is_ok() {
                return Some(version.clone());
            }
            older = channel.earlier_than(made);
        }
        None
    }
}

impl Channel {
    /// The last move to a version.
    fn stood_at(&self, version: &VersionName) -> Option<&Move> {
        self.history().iter().find(|made| made.version.as_ref() == Some(version))
    }

    /// The last move to the version that the channel stands at, where it had other labels or another digest then, of
    /// those with the digest if one is named. A rollback has gone back to such a move already: the same again stays there.
    fn stood_at_otherwise(&self, current: &Move, digest: Option<Digest>) -> Option<&Move> {
        let is_other = |made: &&Move| {
            made.version == current.version
                && !made.is_same_target(current)
                && (digest.is_none() || made.digest == digest)
        };
        self.history().iter().find(is_other).filter(|_| current.restores.is_none())
    }

    /// The move before this one, or, where this one is a rollback, before the one that it went back to: so that one
    /// rollback after the other goes back and never forward again. What points at nothing is passed over, and what is
    /// the very same: a channel that was moved to nothing and back would stay where it is.
    fn earlier_than(&self, from: &Move) -> Option<&Move> {
        let at = |push_id: &str| self.history().iter().position(|made| made.push_id == push_id);
        let mut made = from;
        let mut after = if made.push_id == self.push_id() { None } else { Some(at(&made.push_id)?) };
        // Each goes back to one that is older, as far as the history is a true one.
        for _ in 0..self.history().len() {
            let Some(restored) = made.restores.as_deref() else { break };
            let restored = at(restored)?;
            (made, after) = (&self.history()[restored], Some(restored));
        }
        let older = self.history().iter().skip(after.map_or(0, |after| after + 1));
        older.clone().find(|made| made.target().is_some() && !made.is_same_target(from))
    }
}
