//! What a push that knows what it replaces goes over: the head's manifest is swapped only while it lists just that.

use std::collections::HashMap;

use bytes::Bytes;

use super::document::Received;
use super::look::Seen;
use super::push::all;
use super::{
    Base, BaseEntry, Conflict, Error, FileEntry, LastPush, MAX_FILE_BYTES, Manifest, MovedFile, Push, PushFile, Store,
};
use crate::name::{ConfigPath, Digest, VersionName};
use crate::s3::{BodyLimit, Bucket, Budget, Condition, S3Version};
use crate::secret::Secret;

/// What the files with a known base go over, by path.
pub(super) type Expected<'a> = HashMap<&'a ConfigPath, ExpectedFile<'a>>;

/// What one file with a known base goes over.
#[derive(Debug)]
pub(super) struct ExpectedFile<'a> {
    file: &'a PushFile,
    /// What the manifest lists when the push begins.
    listed: Option<Digest>,
    /// The state that the file is first put over.
    pub(super) condition: Condition,
}

impl ExpectedFile<'_> {
    /// Whether these bytes may be replaced: they are those of the base, or those that are pushed.
    fn is_known(&self, is: impl Fn(Digest) -> bool) -> bool {
        self.file.base.digest().is_some_and(&is) || is(self.file.digest)
    }

    /// Whether the manifest lists the file when the push begins.
    pub(super) const fn is_listed(&self) -> bool {
        self.listed.is_some()
    }

    /// Whether the manifest may be swapped that lists this.
    fn is_listed_still(&self, entry: Option<&FileEntry>) -> bool {
        let listed = entry.map(|entry| entry.sha256);
        listed == self.listed || listed.is_some_and(|listed| self.is_known(|known| known == listed))
    }

    /// Whether an object at the key may be replaced that the push did not expect there: its bytes are known, or it is
    /// kept under its own version and nothing of it is lost.
    pub(super) fn may_replace(&self, seen: &Seen) -> bool {
        let is_kept = seen.meta.version.is_some() && !seen.metadata.is_foreign();
        is_kept || self.is_known(|known| seen.holds(known))
    }
}

impl<B: Bucket> Store<B> {
    /// What the files with a known base go over.
    ///
    /// # Errors
    /// [`Conflict::HeadMoved`] where that is no longer their base.
    pub(super) async fn expected<'a>(&self, push: &'a Push, current: Option<&Manifest>) -> Result<Expected<'a>, Error> {
        let known: Vec<_> = push.files.iter().filter(|file| file.base != Base::Unknown).collect();
        let found = all(&known, |file| self.expected_file(file, current)).await?;
        let mut expected = Expected::new();
        let mut moved = Vec::new();
        for (file, condition) in known.into_iter().zip(found) {
            let entry = current.and_then(|current| current.entry(&file.path));
            match condition {
                Some(condition) => {
                    let listed = entry.map(|entry| entry.sha256);
                    expected.insert(&file.path, ExpectedFile { file, listed, condition });
                }
                None => moved.push(MovedFile::new(file, entry)),
            }
        }
        refuse(moved, current)?;
        Ok(expected)
    }

    /// The state that a file is put over; none where it is no longer the file's base.
    async fn expected_file(&self, file: &PushFile, current: Option<&Manifest>) -> Result<Option<Condition>, Error> {
        let entry = current.and_then(|current| current.entry(&file.path));
        let listed = entry.map(|entry| entry.sha256);
        if let Base::Known(base) = &file.base
            && (listed == base.as_ref().map(|base| base.sha256)
                || listed == Some(file.digest)
                // Of a version, which says nothing of the head: nothing there is no change.
                || listed.is_none() && base.as_ref().is_some_and(|base| base.version.is_some()))
        {
            return Ok(Some(match (entry, current) {
                (Some(entry), _) => Condition::Replace(entry.etag.clone()),
                (None, Some(current)) if current.removed.contains(&file.path) => {
                    self.over_removed(file, current).await?
                }
                (None, _) => Condition::Create,
            }));
        }
        let Some(base) = file.base.digest() else { return Ok(None) };
        // A pull of the head delivers what another tool wrote over it, too.
        let seen = self.look(&self.keys.file(None, &file.path)?, None, MAX_FILE_BYTES).await?;
        let is_base =
            |seen: &Seen| seen.holds(base) && (seen.metadata.is_foreign() || matches!(file.base, Base::AtKey(_)));
        Ok(seen.filter(is_base).map(|seen| Condition::Replace(seen.meta.etag)))
    }

    /// The state that a file is put over whose path was removed from the head: that of what was left at its key, unless
    /// a push put it that is under way.
    async fn over_removed(&self, file: &PushFile, current: &Manifest) -> Result<Condition, Error> {
        let seen = self.look(&self.keys.file(None, &file.path)?, None, MAX_FILE_BYTES).await?;
        let is_done = |seen: &Seen| seen.metadata.push_id.as_ref().is_some_and(|id| current.push_ids.contains(id));
        Ok(seen.filter(is_done).map_or(Condition::Create, |seen| Condition::Replace(seen.meta.etag)))
    }

    /// The bytes that lie at the key of a file of the head, whatever the manifest says of them; none where none do.
    ///
    /// # Errors
    /// Those of the request.
    pub async fn body_at_key(&self, path: &ConfigPath, budget: &Budget) -> Result<Option<Secret<Bytes>>, Error> {
        let key = self.keys.file(None, path)?;
        let received = self.get(&key, None, BodyLimit::within(MAX_FILE_BYTES, budget)).await?;
        Ok(received.map(|received| received.object.body))
    }

    /// The bytes of a file of the head as they were last seen, by their pin where they have one; none where they are no
    /// longer to be had.
    ///
    /// # Errors
    /// Those of the request.
    pub async fn base_body(
        &self,
        path: &ConfigPath,
        base: &BaseEntry,
        budget: &Budget,
    ) -> Result<Option<Secret<Bytes>>, Error> {
        self.body_with_digest(base.version.as_ref(), path, base.sha256, base.version_id.as_ref(), budget).await
    }

    /// The bytes of a file that once had this digest, in a version or in the head, by their pin where they have one;
    /// none where they are no longer to be had.
    ///
    /// # Errors
    /// Those of the request.
    pub async fn body_with_digest(
        &self,
        version: Option<&VersionName>,
        path: &ConfigPath,
        digest: Digest,
        pin: Option<&S3Version>,
        budget: &Budget,
    ) -> Result<Option<Secret<Bytes>>, Error> {
        let key = self.keys.file(version, path)?;
        let received = self.get(&key, pin, BodyLimit::within(MAX_FILE_BYTES, budget)).await?;
        let is_it = |received: &Received| received.digest == digest;
        Ok(received.filter(is_it).map(|received| received.object.body))
    }
}

/// Refuses to swap a manifest that lists anything else than is expected.
pub(super) fn refuse_moved(push: &Push, expected: &Expected<'_>, current: Option<&Manifest>) -> Result<(), Error> {
    let entry = |file: &PushFile| current.and_then(|current| current.entry(&file.path));
    let is_moved =
        |file: &&PushFile| expected.get(&file.path).is_some_and(|expected| !expected.is_listed_still(entry(file)));
    refuse(push.files.iter().filter(is_moved).map(|file| MovedFile::new(file, entry(file))).collect(), current)
}

fn refuse(moved: Vec<MovedFile>, current: Option<&Manifest>) -> Result<(), Error> {
    if moved.is_empty() {
        return Ok(());
    }
    Err(Conflict::HeadMoved { moved, last: current.map(LastPush::from) }.into())
}

impl MovedFile {
    fn new(file: &PushFile, present: Option<&FileEntry>) -> Self {
        Self { path: file.path.clone(), base: file.base.entry(), present: present.cloned() }
    }
}

impl From<&Manifest> for LastPush {
    fn from(manifest: &Manifest) -> Self {
        Self {
            push_id: manifest.push_id.clone(),
            created_at: manifest.created_at.clone(),
            source: manifest.source.clone(),
        }
    }
}
