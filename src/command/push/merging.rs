//! A push of the head that knows what it replaces: where others have pushed since, its changes are merged onto theirs.

use std::collections::BTreeMap;

use bytes::Bytes;

use super::pushed::MergedPath;
use crate::backoff;
use crate::error::{ChangedFile, Error, OthersChanges};
use crate::name::{ConfigPath, Digest};
use crate::request::MergeFiles;
use crate::s3::{Bucket, Budget};
use crate::secret::Secret;
use crate::store::{
    self, Base, BaseEntry, Conflict, FileEntry, Integrity, LastPush, MAX_TOTAL_BYTES, Missing, MovedFile, Push,
    PushFile, Store,
};

/// How often a push merges with what others have pushed: of those that meet, one gets through each time.
const ATTEMPTS: u32 = 50;

/// How changes are merged, and what must be so of what comes of it.
pub(crate) struct Merging<'a> {
    pub(crate) merge: MergeFiles,
    /// Joins the parts of nested config keys.
    pub(crate) separator: &'a str,
    /// What the files must pass before they are sent.
    pub(crate) check: &'a dyn Fn(&[PushFile]) -> Result<(), Error>,
}

/// What came of a push of the head.
pub(crate) struct Sent {
    /// Whether there was a difference.
    pub(crate) changed: bool,
    /// None of a dry run.
    pub(crate) done: Option<store::Pushed>,
    /// What was merged.
    pub(crate) merged: Vec<MergedPath>,
}

/// What was merged into a file.
struct Merged {
    /// The file's own digest, before.
    own: Digest,
    /// The config keys that others had changed.
    from_others: Vec<String>,
}

/// Pushes to the head, or finds out what that would do. The files in `push` are then as they were sent.
///
/// # Errors
/// [`Error::ChangedByOthers`] where a change cannot be merged; those of the push and of `check`.
pub(crate) async fn push_head<B: Bucket>(
    store: &Store<B>,
    push: &mut Push,
    merging: Option<&Merging<'_>>,
    dry_run: bool,
) -> Result<Sent, Error> {
    let mut merged = BTreeMap::new();
    let mut attempt = 1;
    loop {
        let sent = if dry_run {
            store.plan(push, None, false).await.map(|changed| (changed, None))
        } else {
            store.push_head(push).await.map(|done| (done.changed, Some(done)))
        };
        let (error, merging) = match (sent, merging) {
            (Ok((changed, done)), _) => {
                let merged =
                    merged.into_iter().filter_map(|(path, text)| merged_path(push, done.as_ref(), &path, text));
                return Ok(Sent { changed, merged: merged.collect(), done });
            }
            (Err(error), Some(merging)) if attempt < ATTEMPTS => (error, merging),
            (Err(error), _) => return Err(error.into()),
        };
        let store::Error::Conflict(conflict) = &error else { return Err(error.into()) };
        let Conflict::HeadMoved { moved, last } = &**conflict else { return Err(error.into()) };
        if attempt > 1 {
            backoff::wait(attempt).await;
        }
        attempt += 1;
        if let Some(texts) = merging.onto_present(store, push, moved, last.as_ref()).await? {
            for (path, Merged { own, from_others }) in texts {
                let known = merged.entry(path).or_insert(Merged { own, from_others: Vec::new() });
                known.from_others.extend(from_others);
            }
            (merging.check)(&push.files)?;
        }
    }
}

impl Merging<'_> {
    /// Merges files onto what is in the head now. Gives what was merged; none where what is there is being replaced once
    /// more.
    async fn onto_present<B: Bucket>(
        &self,
        store: &Store<B>,
        push: &mut Push,
        moved: &[MovedFile],
        last: Option<&LastPush>,
    ) -> Result<Option<Vec<(ConfigPath, Merged)>>, Error> {
        let mut merged = Vec::new();
        let mut conflicts = Vec::new();
        for MovedFile { path, base, present } in moved {
            let Some(file) = push.files.iter_mut().find(|file| file.path == *path) else { continue };
            let Some(present) = present else {
                conflicts.push(ChangedFile { path: path.clone(), conflict: None, present: None });
                continue;
            };
            let Some(theirs) = present_body(store, present).await? else { return Ok(None) };
            let base = match base {
                Some(base) => store.base_body(path, base, &budget()).await?,
                None => None,
            };
            let base = base.as_ref().map(|base| &base.expose()[..]);
            let (ours, theirs) = (file.content.expose(), theirs.expose());
            match (self.merge)(file.file_type, base, ours, theirs, self.separator) {
                Ok(text) => merged.push((path.clone(), text.from_theirs, text.bytes, BaseEntry::from(present))),
                Err(conflict) => {
                    let present = Some(BaseEntry::from(present));
                    conflicts.push(ChangedFile { path: path.clone(), conflict: Some(conflict), present });
                }
            }
        }
        if !conflicts.is_empty() {
            return Err(Error::ChangedByOthers(Box::new(OthersChanges { files: conflicts, last: last.cloned() })));
        }
        let merged = merged.into_iter().filter_map(|(path, from_others, bytes, base)| {
            let file = push.files.iter_mut().find(|file| file.path == path)?;
            let own = file.digest;
            file.digest = Digest::from_content(bytes.expose());
            file.content = Secret::new(Bytes::from(bytes.into_exposed()));
            file.base = Base::Known(Some(base));
            Some((path, Merged { own, from_others }))
        });
        Ok(Some(merged.collect()))
    }
}

/// The bytes of a file of the head; none where nothing pins them and another push is about to replace them.
async fn present_body<B: Bucket>(store: &Store<B>, entry: &FileEntry) -> Result<Option<Secret<Bytes>>, Error> {
    let is_replaced = |error: &store::Error| match error {
        store::Error::Integrity(integrity) => matches!(**integrity, Integrity::Mismatch { .. }),
        store::Error::Missing(missing) => matches!(**missing, Missing::Files { .. }),
        _ => false,
    };
    match store.body_of(None, entry, &budget()).await {
        Ok(body) => Ok(Some(body)),
        Err(error) if entry.version_id.is_none() && is_replaced(&error) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn budget() -> Budget {
    Budget::new(MAX_TOTAL_BYTES)
}

fn merged_path(
    push: &Push,
    done: Option<&store::Pushed>,
    path: &ConfigPath,
    Merged { own, from_others }: Merged,
) -> Option<MergedPath> {
    let file = push.files.iter().find(|file| file.path == *path)?;
    let entry = done.and_then(|done| done.entries.iter().find(|entry| entry.path == *path));
    Some(MergedPath {
        path: path.clone(),
        own,
        content: file.content.clone(),
        stored: entry.map(BaseEntry::from),
        from_others,
    })
}
