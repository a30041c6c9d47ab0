//! A push of the head that knows what it replaces: where others have pushed since, its changes are merged onto theirs.

use std::collections::{BTreeMap, HashSet};

use bytes::Bytes;

use super::pushed::MergedPath;
use crate::backoff;
use crate::command::changes::{ComparedFile, Comparing};
use crate::config::MergedFile;
use crate::error::{ChangedFile, Error, OthersChanges, Theirs};
use crate::name::{ConfigPath, Digest};
use crate::request::MergeFiles;
use crate::s3::{Bucket, Budget};
use crate::secret::Secret;
use crate::store::{
    self, Base, BaseEntry, Conflict, FileEntry, FoundHead, Integrity, LastPush, MAX_TOTAL_BYTES, Manifest, Missing,
    MovedFile, Push, PushFile, Restore, Store, Stored,
};

/// How often a push merges with what others have pushed: of those that meet, one gets through each time.
const ATTEMPTS: u32 = 50;

/// How changes are merged, and what must be so of what comes of it.
pub(crate) struct Merging<'a> {
    pub(crate) merge: &'a MergeFiles,
    /// Joins the parts of nested config keys.
    pub(crate) separator: &'a str,
    /// What the files must pass before they are sent.
    pub(crate) check: &'a dyn Fn(&[PushFile]) -> Result<(), Error>,
}

/// The head as it is found before anything is put.
pub(crate) enum Found {
    /// Its manifest, where nothing is to be put.
    ForPlan(Option<Box<Stored<Manifest>>>),
    ForPush(Box<FoundHead>),
}

impl Found {
    /// Asks for what a push starts from; for a dry run for the manifest alone.
    pub(crate) async fn ask<B: Bucket>(store: &Store<B>, push: &Push, dry_run: bool) -> Result<Self, store::Error> {
        Ok(if dry_run {
            Self::ForPlan(store.manifest(None).await?.map(Box::new))
        } else {
            Self::ForPush(Box::new(store.find_head(&push.info).await?))
        })
    }

    pub(crate) fn manifest(&self) -> Option<&Manifest> {
        match self {
            Self::ForPlan(manifest) => manifest.as_deref().map(|stored| &stored.value),
            Self::ForPush(found) => found.manifest(),
        }
    }
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
    /// Whether nothing of it is of this side.
    is_theirs: bool,
    /// Whether others' changes of what has no key are lost.
    loses_rest: bool,
}

/// Pushes to the head, or finds out what that would do. The files in `push` are then as they were sent. `found`: the
/// head as it was found a moment ago.
///
/// # Errors
/// [`Error::ChangedByOthers`] where a change cannot be merged; those of the push and of `check`.
pub(crate) async fn push_head<B: Bucket>(
    store: &Store<B>,
    push: &mut Push,
    merging: Option<&Merging<'_>>,
    found: Found,
) -> Result<Sent, Error> {
    let mut merged = BTreeMap::new();
    let mut attempt = 1;
    let mut found = Some(found);
    let is_dry_run = matches!(found, Some(Found::ForPlan(_)));
    loop {
        let sent = match found.take() {
            Some(Found::ForPlan(head)) => plan(store, push, head.map(|stored| stored.value).as_ref()).await,
            Some(Found::ForPush(head)) => sent(store.push_head_over(push, *head).await),
            None if is_dry_run => match store.manifest(None).await {
                Ok(head) => plan(store, push, head.map(|stored| stored.value).as_ref()).await,
                Err(error) => Err(error),
            },
            None => sent(store.push_head(push).await),
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
            for (path, Merged { own, from_others, is_theirs, loses_rest }) in texts {
                let new = Merged { own, from_others: Vec::new(), is_theirs, loses_rest: false };
                let known = merged.entry(path).or_insert(new);
                known.from_others.extend(from_others);
                known.is_theirs = is_theirs;
                known.loses_rest |= loses_rest;
            }
            (merging.check)(&push.files)?;
        }
    }
}

/// Makes the head again what it was, or finds out what that would do. It replaces what it was planned for, and nothing
/// else.
///
/// # Errors
/// Those of the push.
pub(crate) async fn restore_head<B: Bucket>(
    store: &Store<B>,
    push: &Push,
    restore: &Restore,
    found: Found,
) -> Result<Sent, Error> {
    let (changed, done) = match found {
        Found::ForPlan(head) => (store.plan_restore(push, head.as_deref(), restore).await?, None),
        Found::ForPush(head) => sent(store.restore_head(push, *head, restore).await)?,
    };
    Ok(Sent { changed, done, merged: Vec::new() })
}

type Answer = Result<(bool, Option<store::Pushed>), store::Error>;

async fn plan<B: Bucket>(store: &Store<B>, push: &Push, head: Option<&Manifest>) -> Answer {
    Ok((store.plan_head(push, head).await?, None))
}

fn sent(done: Result<store::Pushed, store::Error>) -> Answer {
    done.map(|done| (done.changed, Some(done)))
}

impl Merging<'_> {
    /// Merges files onto what is in the head now. Gives what was merged; none where what is there is being replaced
    /// once more.
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
            let Some(file) = push.files.iter().find(|file| file.path == *path) else { continue };
            let Some(present) = present else {
                let theirs = Theirs::Removed;
                conflicts.push(ChangedFile { path: path.clone(), conflict: None, present: None, theirs });
                continue;
            };
            let Some(theirs) = present_body(store, present).await? else { return Ok(None) };
            let base = match base {
                Some(base) => store.base_body(path, base, &budget()).await?,
                None => None,
            };
            let (before, ours) = (base.as_ref().map(|base| &base.expose()[..]), file.content.expose());
            match self.merge.merge(file.file_type, before, ours, theirs.expose(), self.separator) {
                Ok(text) => {
                    let is_theirs = text.bytes.expose()[..] == theirs.expose()[..];
                    merged.push((path.clone(), text, BaseEntry::from(present), is_theirs));
                }
                Err(conflict) => conflicts.push(ChangedFile {
                    path: path.clone(),
                    conflict: Some(conflict),
                    present: Some(BaseEntry::from(present)),
                    theirs: self.theirs(file, base, present, theirs),
                }),
            }
        }
        if !conflicts.is_empty() {
            let are_others_pushed = push.files.len() > conflicts.len();
            let changes = OthersChanges { files: conflicts, last: last.cloned(), are_others_pushed };
            return Err(Error::ChangedByOthers(Box::new(changes)));
        }
        let merged = merged.into_iter().filter_map(|(path, text, base, is_theirs)| {
            let MergedFile { bytes, from_theirs, loses_rest } = text;
            let file = push.files.iter_mut().find(|file| file.path == path)?;
            let own = file.digest;
            file.digest = Digest::from_content(bytes.expose());
            file.content = Secret::new(Bytes::from(bytes.into_exposed()));
            file.base = Base::Known(Some(base));
            Some((path, Merged { own, from_others: from_theirs, is_theirs, loses_rest }))
        });
        Ok(Some(merged.collect()))
    }

    /// In what others' file differs from what both were made of, or, where nobody has that any more, from the own file.
    /// Config keys that both sides have changed alike are not among it.
    fn theirs(&self, own: &PushFile, base: Option<Secret<Bytes>>, entry: &FileEntry, body: Secret<Bytes>) -> Theirs {
        let comparing = Comparing { separator: self.separator, with_values: false };
        let own = ComparedFile::from_pushed(own);
        let theirs = [ComparedFile { content: Ok(body), ..ComparedFile::from_entry(entry) }];
        let differing = |before: &ComparedFile| comparing.files(std::slice::from_ref(before), &theirs).pop();
        let beside_own = differing(&own);
        let Some(base) = base else { return Theirs::BesideOwn(beside_own) };
        let digest = Digest::from_content(base.expose());
        let mut since_seen = differing(&ComparedFile { digest, content: Ok(base), ..own });
        if let (Some(Ok(changed)), Some(Ok(left))) = (
            since_seen.as_mut().map(|change| change.keys.as_mut()),
            beside_own.as_ref().map(|change| change.keys.as_ref()),
        ) {
            let left: HashSet<_> = [&left.added, &left.changed, &left.removed].into_iter().flatten().collect();
            for keys in [&mut changed.added, &mut changed.changed, &mut changed.removed] {
                keys.retain(|key| left.contains(key));
            }
        }
        Theirs::SinceSeen(since_seen)
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
    Merged { own, from_others, is_theirs, loses_rest }: Merged,
) -> Option<MergedPath> {
    let file = push.files.iter().find(|file| file.path == *path)?;
    let entry = done.and_then(|done| done.entries.iter().find(|entry| entry.path == *path));
    Some(MergedPath {
        path: path.clone(),
        own,
        content: file.content.clone(),
        stored: entry.map(BaseEntry::from),
        from_others,
        is_theirs,
        loses_rest,
    })
}
