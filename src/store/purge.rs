//! Purge: a version goes for good, with every S3 version of what was ever pushed under its name.
//!
//! The claim is swapped first, so that no push begins any more; then the channels are looked at; then the manifest
//! goes, and with it the version; then its files; the claim goes last. Each delete names an S3 version, or the state
//! that it deletes.

use std::slice;

use futures_util::future::join;
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};

use super::claim::{Claim, Claimed};
use super::document::Stored;
use super::remains::{self, Ids, KeyHistory, staying};
use super::{CONCURRENCY, Conflict, Error, FileEntry, Manifest, Missing, PurgeProgress, PurgeStage, PushInfo, Store};
use crate::name::VersionName;
use crate::s3::{Bucket, Condition, DeleteAnswer, Etag, Failure, ListedVersion, Operation, PutAnswer};

/// How often what is left is listed. Each time but the last, something has come since: of pushes that began before the
/// claim was swapped, which are only so many.
pub(super) const ROUNDS: u32 = 50;

/// How often a claim that comes and goes is swapped.
pub(super) const ATTEMPTS: u32 = 20;

/// What a purge removes, found out without removing anything.
#[derive(Debug, Clone, Default)]
pub struct PurgePlan {
    /// What goes, delete markers too: the manifest, then the files by key, then the claim; of each key the oldest
    /// first.
    pub going: Vec<ListedVersion>,
    /// Objects below the version's prefix that stay: the head's, another context's, or another tool's.
    pub staying: Vec<ListedVersion>,
    /// Objects of which it cannot be told whose they are. A purge leaves them, and its claim.
    pub in_the_way: Vec<InTheWay>,
    /// What it is a plan for.
    pub base: PurgeBase,
}

/// What was published when a purge was planned. A purge that goes on from there removes nothing else.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PurgeBase {
    /// Of a version: the state of its manifest; none where there is none.
    pub(super) manifest: Option<Etag>,
    /// Of files of the head: what its manifest lists of them.
    pub(super) entries: Vec<FileEntry>,
}

/// What a purge did.
#[derive(Debug, Clone, Default)]
pub struct Purged {
    /// What is gone, in the order in which it went. Of a purge that was finished by another run, what that one removed.
    pub removed: Vec<ListedVersion>,
    /// Objects below the version's prefix that are the head's, another context's, or another tool's, and stay.
    pub staying: Vec<ListedVersion>,
    /// What could not be removed. Where there is any, nobody can pull it without its S3 version id, and a version's
    /// name stays claimed by the purge: once it can be removed, another purge does the rest.
    pub in_the_way: Vec<InTheWay>,
}

/// An S3 version, or a delete marker, that could not be removed or looked at.
#[derive(Debug, Clone)]
pub struct InTheWay {
    /// What it is.
    pub version: ListedVersion,
    /// Why: a right is missing, or Object Lock keeps it.
    pub failure: Box<Failure>,
}

/// What came of the removal of a key's S3 versions.
#[derive(Default)]
pub(super) struct Removal {
    removed: Vec<ListedVersion>,
    in_the_way: Vec<InTheWay>,
    /// Whether something else is current by now, so that nothing was removed.
    has_changed: bool,
}

impl PurgeBase {
    /// A version as its manifest was read.
    #[must_use]
    pub fn of_version(manifest: &Stored<Manifest>) -> Self {
        Self { manifest: Some(manifest.etag.clone()), entries: Vec::new() }
    }

    /// What the head's manifest lists of the files.
    #[must_use]
    pub fn entries(&self) -> &[FileEntry] {
        &self.entries
    }

    /// Whether there is anything that pulls get.
    #[must_use]
    pub const fn is_published(&self) -> bool {
        self.manifest.is_some() || !self.entries.is_empty()
    }
}

impl Removal {
    /// Notes the answer to a delete. Gives whether that is gone.
    fn note(
        &mut self,
        version: &ListedVersion,
        answer: Result<(), Box<Failure>>,
        progress: &PurgeProgress,
    ) -> Result<bool, Error> {
        match answer {
            Ok(()) => {
                progress.answered(version, true);
                self.removed.push(version.clone());
            }
            Err(failure) if failure.may_be_due_to_object() => {
                progress.answered(version, false);
                self.in_the_way.push(InTheWay { version: version.clone(), failure });
                return Ok(false);
            }
            Err(failure) => return Err(failure.into()),
        }
        Ok(true)
    }
}

/// The claim of a purge that is under way.
struct PurgeClaim {
    etag: Etag,
    /// What it replaced; none where there was none, or nothing that can be read.
    before: Option<Claim>,
}

impl<B: Bucket> Store<B> {
    /// What a purge of a version would remove. Nothing is written.
    ///
    /// # Errors
    /// [`Missing::Version`](super::Missing::Version) where there is nothing of it; [`Error::Newer`] where it is of a
    /// later version of this tool; those of the requests.
    pub async fn plan_purge(&self, version: &VersionName) -> Result<PurgePlan, Error> {
        let (remains, understood) = join(self.remains(version), self.understood(version)).await;
        understood?;
        let remains = remains?;
        let claim = self.document_history(&self.keys.claim(version)?).await?;
        let none = Ids::new();
        let going: Vec<_> =
            remains.histories().chain([&claim]).flat_map(|history| history.going(&none)).cloned().collect();
        let in_the_way = unknown(remains.histories());
        if going.is_empty() && in_the_way.is_empty() {
            return Err(without_channel(self.nothing_at(Some(version), Vec::new()).await?));
        }
        let base = PurgeBase { manifest: remains.manifest.current().cloned(), entries: Vec::new() };
        Ok(PurgePlan { going, staying: staying(remains.histories()), in_the_way, base })
    }

    /// Refuses a version of which only a later version of this tool knows what belongs to it. What cannot be read for
    /// any other reason may be purged.
    async fn understood(&self, version: &VersionName) -> Result<(), Error> {
        match self.manifest(Some(version)).await {
            Err(error @ Error::Newer(_)) => Err(error),
            _ => Ok(()),
        }
    }

    /// Removes all of a version, published or not, with every S3 version of it. One that broke off is finished by
    /// another. `over`: what somebody has seen who agreed to it. `past_channels`: also where channels point at it, or
    /// cannot be read; whoever asks for that has looked at them
    /// ([`passed_channels_at`](Self::passed_channels_at)). `progress` says how far it has come, also when this is dropped.
    ///
    /// # Errors
    /// [`Missing::Version`](super::Missing::Version) where there is nothing of it, [`Conflict::VersionMoved`] where
    /// something else is published than was seen, [`Conflict::PointedAt`] where channels point at it,
    /// [`Conflict::Purging`] where another purge has taken over, and those of the requests. What only concerns single
    /// objects is [`Purged::in_the_way`] instead, but for the manifest that is current: where that cannot be removed,
    /// nothing is.
    pub async fn purge(
        &self,
        version: &VersionName,
        past_channels: bool,
        info: &PushInfo,
        over: Option<&PurgeBase>,
        progress: &PurgeProgress,
    ) -> Result<Purged, Error> {
        self.plan_purge(version).await?;
        let claim = self.claim_for_purge(version, info).await?;
        let allowed = async {
            self.prove_deletes(self.keys.claim(version)?).await?;
            if past_channels { Ok(()) } else { self.refuse_pointed_at(slice::from_ref(version)).await }
        };
        if let Err(error) = allowed.await {
            self.put_claim_back(version, claim, info).await;
            return Err(error);
        }

        let mut purged = Purged::default();
        let mut stuck = Ids::new();
        for round in 1..=ROUNDS {
            let remains = self.remains(version).await?;
            // After the listing: what it names was there while no push could begin.
            self.still_purging(version, &claim.etag).await?;
            let other = |now| over.is_some_and(|over| over.manifest.as_ref() != Some(now));
            // Also where it was published between an earlier listing and the delete that did not find what was listed.
            let is_begun = !purged.removed.is_empty() || !purged.in_the_way.is_empty();
            if !is_begun && remains.manifest.current().is_some_and(other) {
                self.put_claim_back(version, claim, info).await;
                return Err(Conflict::VersionMoved { version: version.clone() }.into());
            }
            if remains.histories().all(|history| history.going(&stuck).is_empty()) {
                purged.staying = staying(remains.histories());
                purged.in_the_way.extend(unknown(remains.histories()));
                return self.finish_purge(version, claim, purged, progress).await;
            }
            // First of all, so that nobody finds the version who does not find its files.
            if !remains.manifest.going(&stuck).is_empty() {
                progress.reach(PurgeStage::Hiding);
                let removal = self.remove(&remains.manifest, &stuck, progress).await?;
                if let Some(refused) = refused_to_hide(&removal) {
                    progress.reach(PurgeStage::Published);
                    self.put_claim_back(version, claim, info).await;
                    return Err(refused.into());
                }
                let has_changed = removal.has_changed;
                purged.take(removal, &mut stuck);
                if has_changed {
                    continue;
                }
            }
            progress.reach(PurgeStage::Hidden);
            let left: Vec<_> = remains.files.iter().filter(|history| !history.going(&stuck).is_empty()).collect();
            let removals =
                stream::iter(left).map(|history| self.remove(history, &stuck, progress)).buffered(CONCURRENCY);
            let removals: Vec<_> = removals.try_collect().await?;
            removals.into_iter().for_each(|removal| purged.take(removal, &mut stuck));
            if round > 2 {
                self.backoff.wait(round).await;
            }
        }
        Err(Conflict::KeepsChanging { key: self.keys.manifest(Some(version))? }.into())
    }

    /// Claims a version for a purge, whatever it was claimed for. Another purge that still runs stops where it finds
    /// this.
    async fn claim_for_purge(&self, version: &VersionName, info: &PushInfo) -> Result<PurgeClaim, Error> {
        let key = self.keys.claim(version)?;
        let mut before = None;
        for attempt in 1..=ATTEMPTS {
            let condition = match self.read_document::<Claim>(&key).await {
                Ok(None) => Condition::Create,
                Ok(Some(Stored { value, etag })) if value.digest == Claimed::Purge && value.push_id == info.push_id => {
                    return Ok(PurgeClaim { etag, before }); // its answer was lost
                }
                Ok(Some(Stored { value, etag })) => {
                    before = Some(value);
                    Condition::Replace(etag)
                }
                Err(error) => Condition::Replace(error.damaged_state().cloned().ok_or(error)?),
            };
            let answer = self.put_claim(version, Claimed::Purge, info, condition).await?;
            if let PutAnswer::Written(written) = answer {
                return Ok(PurgeClaim { etag: written.etag, before });
            }
            if attempt > 1 {
                self.backoff.wait(attempt).await;
            }
        }
        Err(Conflict::KeepsChanging { key }.into())
    }

    /// Puts back the claim that a purge has replaced, or removes its own, when it can do nothing: else no push of the
    /// name would ever go on. What comes of it is not said, since the purge says why it failed.
    async fn put_claim_back(&self, version: &VersionName, claim: PurgeClaim, info: &PushInfo) {
        let PurgeClaim { etag, before } = claim;
        match (before, self.keys.claim(version)) {
            (Some(before), _) => drop(self.restore_claim(version, &before, info, Condition::Replace(etag)).await),
            (None, Ok(key)) => drop(self.bucket.delete(&key, &etag).await),
            (None, Err(_)) => {}
        }
    }

    /// Refuses to go on where the claim is no longer this purge's: another has taken over, and may have ended, so that
    /// what is there by now may be a new push's.
    async fn still_purging(&self, version: &VersionName, claim: &Etag) -> Result<(), Error> {
        let key = self.keys.claim(version)?;
        if self.bucket.head(&key, None).await?.is_some_and(|meta| meta.etag == *claim) {
            return Ok(());
        }
        Err(match self.read_claim(version).await? {
            Some(Stored { value: Claim { digest: Claimed::Purge, created_at, source, .. }, .. }) => {
                Conflict::Purging { version: version.clone(), created_at, source }
            }
            _ => Conflict::KeepsChanging { key },
        }
        .into())
    }

    /// Removes what goes of a key. What is current is hidden by a delete marker first: deleted by its S3 version, it
    /// would make the one before it current. That marker goes when another listing shows that it hides nothing any
    /// more: the same bytes may have been put anew since this one, in the same state, so that it hides another S3
    /// version than is known here.
    pub(super) async fn remove(
        &self,
        history: &KeyHistory,
        stuck: &Ids,
        progress: &PurgeProgress,
    ) -> Result<Removal, Error> {
        let mut removal = Removal::default();
        let going = history.going(stuck);
        let mut replaced = None;
        if let Some((current, content)) = going.last().and_then(|last| Some((*last, last.content.as_ref()?)))
            && current.is_latest
        {
            progress.sends(current);
            match self.bucket.delete(&current.key, &content.etag).await {
                // Without versions it is gone; where they are suspended, the marker has taken its place.
                Ok(DeleteAnswer::Deleted { marker })
                    if marker.as_ref().is_none_or(|marker| *marker == current.version) =>
                {
                    removal.removed.push(current.clone());
                    replaced = Some(&current.version);
                }
                Ok(DeleteAnswer::Deleted { .. }) => {}
                Ok(DeleteAnswer::ConditionFailed) => {
                    progress.answered(current, false);
                    return Ok(Removal { has_changed: true, ..removal });
                }
                Err(failure) => {
                    removal.note(current, Err(failure), progress)?;
                    return Ok(removal);
                }
            }
            progress.answered(current, replaced.is_some());
        }
        let mut left = stuck.clone();
        for version in going.into_iter().filter(|version| Some(&version.version) != replaced) {
            if version.content.is_none() && history.covers(&version.version, &left) {
                continue;
            }
            progress.sends(version);
            let answer = self.bucket.delete_version(&version.key, &version.version).await;
            if !removal.note(version, answer, progress)? {
                left.insert((version.key.clone(), version.version.clone()));
            }
        }
        Ok(removal)
    }

    /// The claim goes last: until then no push of the name begins.
    async fn finish_purge(
        &self,
        version: &VersionName,
        claim: PurgeClaim,
        mut purged: Purged,
        progress: &PurgeProgress,
    ) -> Result<Purged, Error> {
        if !purged.in_the_way.is_empty() {
            return Ok(purged);
        }
        let key = self.keys.claim(version)?;
        // Where it has gone already, its own answer was lost.
        self.bucket.delete(&key, &claim.etag).await?;
        progress.reach(PurgeStage::Released);
        // A new push may have claimed the name by now.
        let history = self.document_history(&key).await?.but_for_current();
        let removal = self.remove(&history, &Ids::new(), progress).await?;
        purged.take(removal, &mut Ids::new());
        Ok(purged)
    }
}

impl Purged {
    pub(super) fn take(&mut self, removal: Removal, stuck: &mut Ids) {
        let ids = removal.in_the_way.iter().map(|way| (way.version.key.clone(), way.version.version.clone()));
        stuck.extend(ids);
        self.removed.extend(removal.removed);
        self.in_the_way.extend(removal.in_the_way);
    }
}

/// What nothing is known of, as what is in a purge's way.
pub(super) fn unknown<'a>(histories: impl Iterator<Item = &'a KeyHistory>) -> Vec<InTheWay> {
    remains::unknown(histories).into_iter().map(|(version, failure)| InTheWay { version, failure }).collect()
}

/// Why what is current could not be hidden.
fn refused_to_hide(removal: &Removal) -> Option<Box<Failure>> {
    let way = removal.in_the_way.iter().find(|way| way.failure.operation == Operation::Delete)?;
    Some(way.failure.clone())
}

/// An error that does not lead to a channel, which nobody purges.
fn without_channel(error: Error) -> Error {
    match error {
        Error::Missing(missing) => match *missing {
            Missing::Version { context, version, published, channel: _ } => {
                Missing::Version { context, version, published, channel: None }.into()
            }
            other => other.into(),
        },
        other => other,
    }
}
