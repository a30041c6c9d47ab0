//! Rollback of the head: it becomes again what it was, or what a version is.
//!
//! That is a push like any other: each body is got, verified, and put anew, and the manifest is swapped, if it is still
//! the one that was found. So another rollback undoes it.

use futures_util::future::join;

use super::document::{MAX_DOCUMENT_BYTES, Received, Stored};
use super::push::all;
use super::restore::Restore;
use super::{
    Asked, Base, Error, FileEntry, FoundHead, Manifest, Missing, Progress, Push, PushFile, PushInfo, Pushed, Replaces,
    Store,
};
use crate::name::{ConfigPath, VersionName};
use crate::s3::{Bucket, Budget, Key, ListedVersion, Reason, S3Version};

/// How many S3 versions of the head's manifest are looked at for the state before the last push. It is the one before
/// the last, unless another tool has put some in between.
const MOST_LOOKED_AT: usize = 100;

/// What the head is rolled back to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RollbackTo<'a> {
    /// What it was before its last push, with just the files that it had.
    BeforeLastPush,
    /// What a version is. `exact`: without the files that the version does not have.
    Version {
        /// The version.
        version: &'a VersionName,
        /// Whether files that it does not have are removed.
        exact: bool,
    },
}

/// A rollback that is about to be made.
#[derive(Debug)]
pub struct Rollback {
    /// What it replaces, and what it removes of that.
    restore: Restore,
    /// The version whose files are restored; none for an earlier state of the head.
    version: Option<VersionName>,
    /// What is restored.
    target: Manifest,
    /// The paths that the head has and the target does not.
    beyond: Vec<ConfigPath>,
    is_exact: bool,
}

/// What a rollback did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RolledBack {
    /// What its push did.
    pub pushed: Pushed,
    /// The paths that were removed from the head.
    pub removed: Vec<ConfigPath>,
    /// The paths that the head keeps, although the target does not have them.
    pub kept: Vec<ConfigPath>,
}

impl Rollback {
    /// The head's manifest as it was found; none where nothing was ever pushed to it.
    #[must_use]
    pub fn present(&self) -> Option<&Manifest> {
        self.restore.found.as_ref().map(|found| &found.value)
    }

    /// What is restored: the manifest of a version, or an earlier one of the head.
    #[must_use]
    pub fn target(&self) -> &Manifest {
        &self.target
    }

    /// The paths of an earlier state of the head that it had before the last purge of them.
    fn purged(&self) -> Vec<ConfigPath> {
        let (Some(present), None) = (self.present(), &self.version) else { return Vec::new() };
        let entries = self.target.files.iter().map(|entry| &entry.path);
        entries.filter(|&path| present.purged.get(path) != self.target.purged.get(path)).cloned().collect()
    }

    /// What its push replaces: the head as it was found, and no other.
    #[must_use]
    pub fn restore(&self) -> &Restore {
        &self.restore
    }

    /// The paths that are removed from the head.
    #[must_use]
    pub fn removed(&self) -> &[ConfigPath] {
        if self.is_exact { &self.beyond } else { &[] }
    }

    /// The paths that the head keeps, although the target does not have them.
    #[must_use]
    pub fn kept(&self) -> &[ConfigPath] {
        if self.is_exact { &[] } else { &self.beyond }
    }
}

impl<B: Bucket> Store<B> {
    /// Finds out what a rollback of the head would restore and remove. Nothing is written. `over`: the head as somebody
    /// has seen it, which it must still be.
    ///
    /// # Errors
    /// [`Conflict::HeadMoved`](super::Conflict::HeadMoved) when it is not; [`Missing::Head`] where there is no head,
    /// [`Missing::EarlierHead`] where what it was is not kept, [`Missing::Version`] where there is no such version;
    /// those of the requests.
    pub async fn plan_rollback(&self, to: RollbackTo<'_>, over: Option<&Restore>) -> Result<Rollback, Error> {
        let named = async {
            match to {
                RollbackTo::Version { version, exact } => {
                    Some((version, self.existing_manifest(Some(version)).await, exact))
                }
                RollbackTo::BeforeLastPush => None,
            }
        };
        let (found, named) = join(self.manifest(None), named).await;
        let found = found?;
        over.map_or(Ok(()), |seen| seen.refuse_other(found.as_ref()))?;
        let (version, target, is_exact) = match named {
            Some((version, target, is_exact)) => (Some(version.clone()), target?, is_exact),
            None => match &found {
                Some(present) => (None, self.before_last_push(present).await?, true),
                None => return Err(self.nothing_at(None, Vec::new()).await?),
            },
        };
        let entries = found.iter().flat_map(|present| &present.value.files);
        let beyond = entries.map(|entry| &entry.path).filter(|path| target.entry(path).is_none()).cloned().collect();
        let mut rollback =
            Rollback { restore: Restore { found, removed: Vec::new() }, version, target, beyond, is_exact };
        rollback.restore.removed = rollback.removed().to_vec();
        Ok(rollback)
    }

    /// The files that a rollback puts anew, each as it was.
    ///
    /// # Errors
    /// [`Missing::Files`], [`Missing::Purged`] and [`Integrity`](super::Integrity) when a body is not what the target
    /// says.
    pub async fn restored_files(&self, rollback: &Rollback, budget: &Budget) -> Result<Vec<PushFile>, Error> {
        let (version, present) = (rollback.version.as_ref(), rollback.present());
        let restored = all(&rollback.target.files, |entry| self.restored(version, entry, present, budget)).await;
        restored.map_err(|error| match &error {
            Error::Missing(missing) if matches!(**missing, Missing::Files { .. }) => {
                let paths = rollback.purged();
                if paths.is_empty() { error } else { Missing::Purged { paths }.into() }
            }
            _ => error,
        })
    }

    /// Puts restored files, and swaps the head's manifest for one without what is removed, given the head as it was
    /// found a moment ago.
    ///
    /// # Errors
    /// [`Conflict::HeadMoved`](super::Conflict::HeadMoved) when the head is no longer what the rollback was planned
    /// for; those of a push.
    pub async fn restore_head(&self, push: &Push, found: FoundHead, restore: &Restore) -> Result<Pushed, Error> {
        restore.refuse_other(found.manifest.as_ref())?;
        self.push_head_with(push, found, Some(restore)).await
    }

    /// Whether [`restore_head`](Self::restore_head) would change anything.
    ///
    /// # Errors
    /// Those of it, as far as the head's manifest tells.
    pub async fn plan_restore(
        &self,
        push: &Push,
        head: Option<&Stored<Manifest>>,
        restore: &Restore,
    ) -> Result<bool, Error> {
        restore.refuse_other(head)?;
        let head = head.map(|head| &head.value);
        Ok(self.plan_head(push, head).await? || head.is_some_and(|head| !restore.removes_nothing_of(head)))
    }

    /// Rolls the head back, all or nothing where the bucket keeps versions. As any push of the head it may be refused;
    /// it is, too, when anybody has pushed to the head since the rollback was planned.
    ///
    /// # Errors
    /// [`Conflict::HeadMoved`](super::Conflict::HeadMoved) when the head is no longer what it was;
    /// [`Missing::Files`] and [`Integrity`](super::Integrity) when a body is not what the target says; those of a push.
    pub async fn roll_back(
        &self,
        rollback: Rollback,
        info: &PushInfo,
        progress: Progress,
        budget: &Budget,
    ) -> Result<RolledBack, Error> {
        let files = self.restored_files(&rollback, budget).await?;
        let push = Push { files, info: info.clone(), progress, replaces: Replaces::Anything };
        let pushed = self.restore_head(&push, self.find_head(info).await?, &rollback.restore).await?;
        let kept = rollback.kept().to_vec();
        Ok(RolledBack { pushed, removed: rollback.restore.removed, kept })
    }

    /// A file as it was, to be put anew.
    async fn restored(
        &self,
        version: Option<&VersionName>,
        entry: &FileEntry,
        present: Option<&Manifest>,
        budget: &Budget,
    ) -> Result<PushFile, Error> {
        let content = self.body_of(version, entry, budget).await?;
        let present = present.and_then(|present| present.entry(&entry.path));
        let file_type = entry.read_as();
        Ok(PushFile {
            path: entry.path.clone(),
            file_type,
            content,
            digest: entry.sha256,
            asked: Asked {
                kms_key: None,
                tags: Some(entry.tags.clone()),
                alternate_path: entry.alternate_path.clone(),
                file_type: Some(file_type),
            },
            default_tags: Vec::new(),
            base: Base::Known(present.map(Into::into)),
        })
    }

    /// What the head was before its last push: by the manifest's own list of pushes, since another tool, or a person,
    /// may have put an S3 version in between.
    async fn before_last_push(&self, present: &Stored<Manifest>) -> Result<Manifest, Error> {
        let key = self.keys.manifest(None)?;
        let ids = &present.value.push_ids;
        let Some(before) = ids.len().checked_sub(2).and_then(|index| ids.get(index)) else {
            return Err(self.no_earlier_head(present, ids.len() == 1).await);
        };
        let listed = self.bucket.list_versions(key.as_str()).await?;
        let older = listed.iter().rev().filter(|listed| listed.key == key);
        // Others may have pushed since it was read.
        let older = older.skip_while(|listed| !is_state(listed, present)).skip(1);
        let mut newer = None;
        // What lies below a delete marker was deleted, and is nobody's to bring back.
        for listed in older.take_while(|listed| listed.content.is_some()).take(MOST_LOOKED_AT) {
            let Some(pin) = listed.version.pin() else { continue };
            match self.manifest_at(&key, &pin).await {
                Ok(Some(manifest)) if manifest.push_id == *before => return Ok(manifest),
                Ok(_) => {}
                // It may be the one; or somebody has put it in between.
                Err(error @ Error::Newer(_)) => newer = newer.or(Some(error)),
                Err(error) => return Err(error),
            }
        }
        Err(match newer {
            Some(error) => error,
            None => self.no_earlier_head(present, false).await,
        })
    }

    /// The error for a head of which no earlier state is kept. It names the versions that it can be rolled back to.
    async fn no_earlier_head(&self, present: &Stored<Manifest>, is_first: bool) -> Error {
        Missing::EarlierHead {
            context: self.keys.context().clone(),
            is_first,
            is_versioned: present.value.files.iter().any(|entry| entry.version_id.is_some()),
            published: self.versions().await.ok(),
        }
        .into()
    }

    /// An S3 version of the head's manifest; none where it is gone, or cannot be read as one.
    ///
    /// # Errors
    /// [`Error::Newer`], and those of the request.
    async fn manifest_at(&self, key: &Key, pin: &S3Version) -> Result<Option<Manifest>, Error> {
        let received = match self.get(key, Some(pin), MAX_DOCUMENT_BYTES).await {
            Ok(received) => received.filter(|received| !received.is_damaged),
            Err(Error::S3(failure)) if matches!(failure.reason, Reason::TooLarge(_) | Reason::Archived) => None,
            Err(error) => return Err(error),
        };
        let read = |received: Received| Manifest::read(received.object.body.expose(), key, self.keys.context(), None);
        match received.map(read) {
            Some(Err(error @ Error::Newer(_))) => Err(error),
            read => Ok(read.and_then(Result::ok)),
        }
    }
}

fn is_state(listed: &ListedVersion, present: &Stored<Manifest>) -> bool {
    listed.content.as_ref().is_some_and(|content| content.etag == present.etag)
}
