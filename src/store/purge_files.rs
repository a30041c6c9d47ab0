//! Purge of files of the head: they leave its manifest, and then every S3 version goes that was put before that.
//!
//! The manifest records, path by path, the last purge; every object says which one its push knew of, and no push lists
//! an object that knows of an earlier one than the manifest. So what is put while a purge goes on is told from what is
//! to go, and no push has to wait.

use std::collections::{BTreeSet, HashSet};

use super::document::Stored;
use super::object_metadata::ObjectMetadata;
use super::owner::if_readable;
use super::purge::{ATTEMPTS, ROUNDS, unknown};
use super::push::all;
use super::remains::{Ids, KeyHistory, by_key, staying};
use super::standstill::Standstill;
use super::{
    Conflict, Error, FileEntry, Keys, LastPush, Manifest, Missing, MovedFile, PurgeBase, PurgePlan, PurgeProgress,
    PurgeStage, Purged, PushInfo, Store,
};
use crate::name::{ConfigPath, Context};
use crate::s3::{Bucket, Condition, Key, ListedVersion, PutAnswer};

/// What there is of the files that are purged.
struct Found {
    head: Stored<Manifest>,
    /// By key.
    files: Vec<KeyHistory>,
}

/// Which objects of the head go.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Going {
    /// All, before the purge begins.
    All,
    /// Those whose pushes did not know of the purge, once it has begun.
    Old,
}

impl<B: Bucket> Store<B> {
    /// What a purge of files of the head would remove. Nothing is written.
    ///
    /// # Errors
    /// [`Missing::Head`] where there is no head, [`Missing::Files`] where there is nothing of a file, and where there
    /// is nothing left of files that were removed from the head already; those of the requests.
    pub async fn plan_purge_of_files(&self, paths: &[ConfigPath]) -> Result<PurgePlan, Error> {
        let others = self.keys_of_others(paths).await?;
        self.planned(&self.found(paths, &others, Going::All).await?, paths)
    }

    /// Removes files from the head for good, with every S3 version that was put before. One that broke off is finished
    /// by another. `over`: what somebody has seen who agreed to it. `progress` says how far it has come, also when this
    /// is dropped.
    ///
    /// # Errors
    /// As those of [`plan_purge_of_files`](Self::plan_purge_of_files), and [`Conflict::HeadMoved`] where a file was
    /// pushed since it was found, or seen. What only concerns single objects is [`Purged::in_the_way`] instead.
    pub async fn purge_files(
        &self,
        paths: &[ConfigPath],
        info: &PushInfo,
        over: Option<&PurgeBase>,
        progress: &PurgeProgress,
    ) -> Result<Purged, Error> {
        let others = self.keys_of_others(paths).await?;
        let found = self.found(paths, &others, Going::All).await?;
        let base = self.planned(&found, paths)?.base;
        self.put_proof(info).await?;
        self.prove_deletes(self.keys.conditions()?).await?;
        progress.reach(PurgeStage::Hiding);
        self.leave_head(found.head, paths, over.unwrap_or(&base), info).await?;
        progress.reach(PurgeStage::Hidden);

        let mut purged = Purged::default();
        let mut stuck = Ids::new();
        for round in 1..=ROUNDS {
            let Found { files, .. } = self.found(paths, &others, Going::Old).await?;
            let left: Vec<_> = files.iter().filter(|history| !history.going(&stuck).is_empty()).collect();
            if left.is_empty() {
                purged.staying = staying(files.iter());
                purged.in_the_way.extend(unknown(files.iter()));
                return Ok(purged);
            }
            let removals = all(&left, |history| self.remove(history, &stuck, progress)).await?;
            removals.into_iter().for_each(|removal| purged.take(removal, &mut stuck));
            if round > 2 {
                self.backoff.wait(round).await;
            }
        }
        Err(Conflict::KeepsChanging { key: self.keys.manifest(None)? }.into())
    }

    fn planned(&self, Found { head, files }: &Found, paths: &[ConfigPath]) -> Result<PurgePlan, Error> {
        let none = Ids::new();
        let going: Vec<_> = files.iter().flat_map(|history| history.going(&none)).cloned().collect();
        let in_the_way = unknown(files.iter());
        let entries: Vec<_> = paths.iter().filter_map(|path| head.value.entry(path)).cloned().collect();
        let has_any = |key: &Key| {
            let left = going.iter().chain(in_the_way.iter().map(|way| &way.version));
            left.into_iter().any(|version| version.key == *key)
        };
        let is_all_gone = entries.is_empty() && going.is_empty() && in_the_way.is_empty();
        let mut missing = Vec::new();
        for path in paths {
            let key = self.keys.file(None, path)?;
            let is_known = head.value.entry(path).is_some() || head.value.removed.contains(path);
            if is_all_gone || !is_known && !has_any(&key) {
                missing.push(key);
            }
        }
        if !missing.is_empty() {
            return Err(Missing::Files { version: None, keys: missing, manifest: None }.into());
        }
        let base = PurgeBase { manifest: None, entries };
        Ok(PurgePlan { going, staying: staying(files.iter()), in_the_way, base })
    }

    /// What there is of the files. The manifest is read after they are listed: what is listed and knows of the last
    /// purge that the manifest names, or is listed by it, was there when it was read.
    async fn found(&self, paths: &[ConfigPath], others: &HashSet<Key>, going: Going) -> Result<Found, Error> {
        let listed = all(paths, |path| async {
            let key = self.keys.file(None, path)?;
            let listed = self.bucket.list_versions(key.as_str()).await?;
            Ok(listed.into_iter().filter(|listed| listed.key == key).collect::<Vec<_>>())
        });
        let listed = listed.await?;
        let Some(head) = self.manifest(None).await? else { return Err(self.nothing_at(None, Vec::new()).await?) };
        let mut files = Vec::with_capacity(paths.len());
        for (path, listed) in paths.iter().zip(listed) {
            let (entry, purge) = (head.value.entry(path), head.value.purged.get(path));
            let goes = |listed: &ListedVersion, said: &ObjectMetadata| {
                let is_old = said.purge.as_ref() != purge && !entry.is_some_and(|entry| is_of(entry, listed));
                said.push_id.is_some() && said.version.is_none() && (going == Going::All || is_old)
            };
            files.extend(by_key(self.layers(listed, |key| others.contains(key), goes).await?));
        }
        Ok(Found { head, files })
    }

    /// The keys of these files that are those of files of other contexts' heads, too: a context's name may have several
    /// segments. A manifest that cannot be read lists none.
    async fn keys_of_others(&self, paths: &[ConfigPath]) -> Result<HashSet<Key>, Error> {
        let own = self.keys.context();
        let mut contexts = BTreeSet::new();
        let keys = paths.iter().map(|path| self.keys.file(None, path)).collect::<Result<HashSet<_>, _>>()?;
        for key in &keys {
            let folders = key.as_str().match_indices('/').map(|(at, _)| &key.as_str()[..at]);
            contexts.extend(folders.filter(|folder| *folder != own.as_str()).map(ToOwned::to_owned));
        }
        let contexts: Vec<_> = contexts.iter().filter_map(|name| Context::from_catalog(name).ok()).collect();
        let listed = all(&contexts, |context| async move {
            let other = Keys::new(context.clone());
            let key = other.manifest(None)?;
            let manifest = self.read_with(&key, |bytes| Manifest::read(bytes, &key, context, None)).await;
            match if_readable(manifest) {
                Ok(manifest) => {
                    let entries = manifest.into_iter().flat_map(|manifest| manifest.files);
                    entries.map(|entry| Ok(other.file(None, &entry.path)?)).collect::<Result<Vec<_>, Error>>()
                }
                Err(Error::S3(failure)) if failure.may_be_due_to_object() => Ok(Vec::new()),
                Err(error) => Err(error),
            }
        });
        Ok(listed.await?.into_iter().flatten().filter(|key| keys.contains(key)).collect())
    }

    /// Swaps the head's manifest for one without the files, while what it lists of them is the base, or nothing.
    async fn leave_head(
        &self,
        mut current: Stored<Manifest>,
        paths: &[ConfigPath],
        base: &PurgeBase,
        info: &PushInfo,
    ) -> Result<(), Error> {
        let key = self.keys.manifest(None)?;
        let mut standstill = Standstill::new();
        for attempt in 1..=ATTEMPTS {
            if current.value.push_ids.contains(&info.push_id) {
                return Ok(()); // its answer was lost
            }
            refuse_moved(&current.value, paths, base)?;
            let next = current.value.purged_by(paths, info);
            let condition = Condition::Replace(current.etag.clone());
            if let PutAnswer::Written(_) = self.put_document(key.clone(), &next, None, info, condition).await? {
                return Ok(());
            }
            self.backoff.wait(attempt).await;
            let Some(now) = self.manifest(None).await? else { return Err(self.nothing_at(None, Vec::new()).await?) };
            current = now;
            standstill.note(Some(current.etag.clone())).map_err(|refused| self.refuses(refused, &key))?;
        }
        Err(Conflict::KeepsChanging { key }.into())
    }
}

/// Whether an S3 version is the one that an entry of the head's manifest stands for.
fn is_of(entry: &FileEntry, listed: &ListedVersion) -> bool {
    match &entry.version_id {
        Some(pin) => listed.version == *pin.id(),
        None => listed.is_latest && listed.content.as_ref().is_some_and(|content| content.etag == entry.etag),
    }
}

/// Refuses to remove what was pushed since.
fn refuse_moved(head: &Manifest, paths: &[ConfigPath], base: &PurgeBase) -> Result<(), Error> {
    let moved = paths.iter().filter_map(|path| {
        let present = head.entry(path)?;
        let base = base.entries.iter().find(|entry| entry.path == *path);
        let is_other = base != Some(present);
        is_other.then(|| MovedFile { path: path.clone(), base: base.map(Into::into), present: Some(present.clone()) })
    });
    let moved: Vec<_> = moved.collect();
    if moved.is_empty() {
        return Ok(());
    }
    Err(Conflict::HeadMoved { moved, last: Some(LastPush::from(head)) }.into())
}
