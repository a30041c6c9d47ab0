//! Push of the head: the files first, then the manifest, merged and swapped.

use futures_util::future::{join, join3};

use super::document::Stored;
use super::encryption::known;
use super::look::Seen;
use super::push::{Outgoing, all, published};
use super::standstill::Standstill;
use super::{Conflict, Error, FileEntry, Manifest, Owner, Push, PushInfo, Pushed, Stage, Store};
use crate::name::ConfigPath;
use crate::s3::{Bucket, Condition, Etag, PutAnswer};

/// How often one file is put again, and the manifest merged and swapped: many jobs may push to one head at the same
/// moment, and of those that meet, one gets through each time.
const ATTEMPTS: u32 = 200;

/// What came of the swap of the head's manifest.
#[derive(Default)]
struct Swapped {
    /// The paths that were left out because another push took them over, which only a bucket without versioning makes
    /// necessary.
    superseded: Vec<ConfigPath>,
    /// What the manifest that was swapped out had at the push's paths; none where there was none.
    replaced: Option<Vec<FileEntry>>,
}

impl<B: Bucket> Store<B> {
    /// Replaces the head's entries of these files and keeps the rest.
    ///
    /// # Errors
    /// [`Conflict::KeyTaken`] when a file's key belongs to a version.
    pub async fn push_head(&self, push: &Push) -> Result<Pushed, Error> {
        let (manifest, settings, proof) = join3(self.manifest(None), self.settings(), self.put_proof(&push.info)).await;
        let (current, settings) = (manifest?, settings?);

        if let Some(current) = &current
            && let Some(unchanged) = self.unchanged(push, &current.value).await?
        {
            push.progress.reach(Stage::Published);
            self.remember_keys(settings, &push.files, &push.info).await?;
            return Ok(unchanged);
        }

        proof?;
        self.prove_conditions(|| self.proof(&push.info)).await?;

        let known_settings = known(settings.as_ref());
        let outgoing = self.outgoing(push, None, &known_settings)?;
        self.check_size(&outgoing, push, &known_settings, |entries| match &current {
            Some(current) => current.value.merged(&entries, &push.info),
            None => Manifest::new(self.keys.context(), None, entries, &push.info),
        })?;
        push.progress.reach(Stage::Replacing);
        let entries = all(&outgoing, |file| {
            let recorded = current.as_ref().and_then(|current| current.value.entry(&file.file.path));
            self.put_head_file(file, push, recorded)
        })
        .await?;
        let (swapped, remembered) = join(
            self.swap_and_note(current, entries.clone(), push),
            self.remember_keys(settings, &push.files, &push.info),
        )
        .await;
        let Swapped { superseded, replaced } = swapped?;
        remembered?;
        Ok(Pushed { superseded, replaced, ..Pushed::new(true, entries) })
    }

    /// The outcome when the head says already what is pushed, and its objects are there; else none.
    async fn unchanged(&self, push: &Push, manifest: &Manifest) -> Result<Option<Pushed>, Error> {
        let mut entries = Vec::with_capacity(push.files.len());
        for file in &push.files {
            match manifest.entry(&file.path) {
                Some(entry) if entry.differences(file).is_empty() => entries.push(entry.clone()),
                _ => return Ok(None),
            }
        }
        let there = all(&entries, |entry| async {
            let key = self.keys.file(None, &entry.path)?;
            // The key's own object, not the pinned one: what another tool wrote over it must be seen.
            let seen = self.look(&key, None, entry.size).await?;
            Ok(seen.is_some_and(|seen| seen.holds(entry.sha256) && seen.metadata.version.is_none()))
        })
        .await?;
        Ok(there.iter().all(|there| *there).then(|| Pushed { versioned: None, ..Pushed::new(false, entries) }))
    }

    async fn put_head_file(
        &self,
        outgoing: &Outgoing<'_>,
        push: &Push,
        recorded: Option<&FileEntry>,
    ) -> Result<FileEntry, Error> {
        // What a push does not ask for stays as it was recorded.
        let with_recorded = |entry| outgoing.keeping(entry, recorded);
        let replace = |etag: Etag| Condition::Replace(etag);
        let mut condition = recorded.map_or(Condition::Create, |entry| replace(entry.etag.clone()));
        let mut standstill = Standstill::new();
        for attempt in 1..=ATTEMPTS {
            let request = Self::request(outgoing, None, &push.info, condition);
            if let PutAnswer::Written(written) = self.bucket.put(&request).await? {
                return Ok(with_recorded(outgoing.written(written)));
            }
            // Before the look: what is seen before a pause is old after it.
            if attempt > 1 {
                self.backoff.wait(attempt).await;
            }
            let seen = self.look(&outgoing.key, None, outgoing.size()).await?;
            let state = seen.as_ref().map(|seen| seen.meta.clone());
            standstill.note(state).map_err(|refused| self.refuses(refused, &outgoing.key))?;
            condition = match seen {
                None => Condition::Create,
                Some(seen) => {
                    if outgoing.is_own(&seen, None, &push.info) {
                        return Ok(with_recorded(outgoing.found(seen)));
                    }
                    if let Some(version) = self.version_at(&seen, &outgoing.file.path).await? {
                        let (key, owner) = (outgoing.key.clone(), Owner::Version(version));
                        return Err(Conflict::KeyTaken { key, owner, version: None }.into());
                    }
                    replace(seen.meta.etag)
                }
            };
        }
        Err(Conflict::KeepsChanging { key: outgoing.key.clone() }.into())
    }

    async fn swap_and_note(
        &self,
        current: Option<Stored<Manifest>>,
        entries: Vec<FileEntry>,
        push: &Push,
    ) -> Result<Swapped, Error> {
        let swapped = published(push, Stage::Replacing, self.swap_head(current, entries, push)).await?;
        if swapped.superseded.len() == push.files.len() {
            // Another push's content stands at every path, and its own entries.
            push.progress.reach(Stage::Replacing);
        }
        Ok(swapped)
    }

    /// Merges the entries into the head's manifest.
    async fn swap_head(
        &self,
        mut current: Option<Stored<Manifest>>,
        mut entries: Vec<FileEntry>,
        push: &Push,
    ) -> Result<Swapped, Error> {
        let info = &push.info;
        let key = self.keys.manifest(None)?;
        let mut swapped = Swapped::default();
        let mut standstill = Standstill::new();
        for attempt in 1..=ATTEMPTS {
            let (next, condition) = match &current {
                None => (Manifest::new(self.keys.context(), None, entries.clone(), info), Condition::Create),
                Some(current) => {
                    if current.value.push_ids.contains(&info.push_id) {
                        return Ok(swapped); // its answer was lost
                    }
                    (current.value.merged(&entries, info), Condition::Replace(current.etag.clone()))
                }
            };
            swapped.replaced = current.as_ref().map(|current| current.value.entries_of(&push.files));
            push.progress.reach(Stage::Publishing);
            if let PutAnswer::Written(_) = self.put_document(key.clone(), &next, None, info, condition).await? {
                return Ok(swapped);
            }
            self.backoff.wait(attempt).await;
            current = self.manifest(None).await?;
            push.progress.reach(Stage::Replacing);
            if current.as_ref().is_some_and(|current| current.value.push_ids.contains(&info.push_id)) {
                return Ok(swapped);
            }
            let state = current.as_ref().map(|current| current.etag.clone());
            standstill.note(state).map_err(|refused| self.refuses(refused, &key))?;
            swapped.superseded.extend(self.give_up_what_others_took(&mut entries, info).await?);
            if entries.is_empty() {
                return Ok(swapped);
            }
        }
        Err(Conflict::KeepsChanging { key }.into())
    }

    /// Drops the entries without a pin whose object is no longer this push's own.
    async fn give_up_what_others_took(
        &self,
        entries: &mut Vec<FileEntry>,
        info: &PushInfo,
    ) -> Result<Vec<ConfigPath>, Error> {
        let own = all(entries, |entry| async {
            if entry.version_id.is_some() {
                return Ok(true);
            }
            let seen = self.look(&self.keys.file(None, &entry.path)?, None, entry.size).await?;
            let is_own = |seen: Seen| seen.holds(entry.sha256) && seen.metadata.push_id.as_ref() == Some(&info.push_id);
            Ok(seen.is_some_and(is_own))
        })
        .await?;
        let mut own = own.into_iter();
        let mut lost = Vec::new();
        entries.retain(|entry| {
            let keep = own.next().unwrap_or(true);
            if !keep {
                lost.push(entry.path.clone());
            }
            keep
        });
        Ok(lost)
    }
}
