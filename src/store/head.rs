//! Push of the head: the files first, then the manifest, merged and swapped.

use std::collections::HashMap;

use futures_util::future::{OptionFuture, join, join3};

use super::document::Stored;
use super::encryption::{EncryptionSettings, known};
use super::expected::{Expected, ExpectedFile, refuse_moved};
use super::look::Seen;
use super::push::{Outgoing, all, all_until_refused, published};
use super::restore::Restore;
use super::standstill::Standstill;
use super::{Conflict, Error, FileEntry, HeadSwap, Integrity, Manifest, Owner, Push, PushInfo, Pushed, Stage, Store};
use crate::name::ConfigPath;
use crate::s3::{Bucket, Condition, Etag, PutAnswer};

/// How often one file is put again, and the manifest merged and swapped: many jobs may push to one head at the same
/// moment, and of those that meet, one gets through each time.
const ATTEMPTS: u32 = 200;

/// How often a push that knows what it replaces puts its files where nothing pins and another push's object lies at a
/// key: with the pauses between, some seconds, in which that push swaps the manifest unless it has broken off.
const ROUNDS: u32 = 7;

/// The head as a push finds it: what it reads before it puts anything.
#[derive(Debug)]
pub struct FoundHead {
    pub(super) manifest: Option<Stored<Manifest>>,
    settings: Option<Stored<EncryptionSettings>>,
    /// Whether what the conditions are tried on is there.
    proof: Result<(), Error>,
}

impl FoundHead {
    /// Its manifest; none where nothing was ever pushed to it.
    #[must_use]
    pub fn manifest(&self) -> Option<&Manifest> {
        self.manifest.as_ref().map(|stored| &stored.value)
    }
}

/// Why the files must be put, and the manifest swapped, once more. What it holds is the error where that helps no more.
struct Again(Error);

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
    /// Reads what a push of the head starts from, in one trip.
    ///
    /// # Errors
    /// Those of the requests.
    pub async fn find_head(&self, info: &PushInfo) -> Result<FoundHead, Error> {
        let (manifest, settings, proof) = join3(self.manifest(None), self.settings(), self.put_proof(info)).await;
        Ok(FoundHead { manifest: manifest?, settings: settings?, proof })
    }

    /// Replaces the head's entries of these files and keeps the rest. It is found as [`find_head`](Self::find_head)
    /// finds it.
    ///
    /// # Errors
    /// Those of [`push_head_over`](Self::push_head_over), and of finding it.
    pub async fn push_head(&self, push: &Push) -> Result<Pushed, Error> {
        let found = self.find_head(&push.info).await?;
        self.push_head_over(push, found).await
    }

    /// Replaces the head's entries of these files and keeps the rest, given the head as it was found a moment ago.
    ///
    /// # Errors
    /// [`Conflict::KeyTaken`] when a file's key belongs to a version. Of files whose base is known:
    /// [`Conflict::HeadMoved`] when the manifest no longer lists it, and [`Integrity::Mismatch`] or
    /// [`Integrity::Foreign`] when the object at a key is not what the manifest says and would be lost.
    pub async fn push_head_over(&self, push: &Push, found: FoundHead) -> Result<Pushed, Error> {
        self.push_head_with(push, found, None).await
    }

    /// As [`push_head_over`](Self::push_head_over); with `restore` the head becomes what that says, if it is still what
    /// it was found as.
    pub(super) async fn push_head_with(
        &self,
        push: &Push,
        found: FoundHead,
        restore: Option<&Restore>,
    ) -> Result<Pushed, Error> {
        let FoundHead { manifest: mut current, settings, proof } = found;
        if let Some(current) = &current
            && restore.is_none_or(|restore| restore.removes_nothing_of(&current.value))
            && let Some(unchanged) = self.unchanged(push, &current.value).await?
        {
            push.progress.reach(Stage::Published);
            self.remember_keys(settings, &push.files, &push.info).await?;
            return Ok(unchanged);
        }

        let mut expected = self.expected(push, current.as_ref().map(|current| &current.value)).await?;
        proof?;
        self.prove_conditions(|| self.proof(&push.info)).await?;

        let known_settings = known(settings.as_ref());
        let mut outgoing = self.outgoing(push, None, &known_settings)?;
        self.check_size(&outgoing, push, &known_settings, |entries| match &current {
            Some(current) => current.value.merged(&entries, &push.info),
            None => Manifest::new(self.keys.context(), None, entries, &push.info),
        })?;
        let mut to_remember = Some(settings);
        let mut round = 1;
        loop {
            let manifest = current.as_ref().map(|current| &current.value);
            outgoing.iter_mut().for_each(|file| file.follow_purge(manifest));
            let Again(why) = match self.put_head_files(&outgoing, push, manifest, &expected).await? {
                Err(again) => again,
                Ok(entries) => {
                    let remember = |settings| self.remember_keys(settings, &push.files, &push.info);
                    let (swapped, remembered) = join(
                        self.swap_and_note(current, entries.clone(), push, &expected, restore),
                        OptionFuture::from(to_remember.take().map(remember)),
                    )
                    .await;
                    let swapped = swapped?;
                    remembered.transpose()?;
                    match swapped {
                        Err(again) => again,
                        Ok(Swapped { superseded, replaced }) => {
                            let replaced_keys = known_settings.replaced_by(&push.files);
                            return Ok(Pushed { superseded, replaced, replaced_keys, ..Pushed::new(true, entries) });
                        }
                    }
                }
            };
            if matches!(&why, Error::Integrity(lost) if matches!(**lost, Integrity::Foreign { .. })) {
                // No push is under way that would list it.
                return Err(self.all_foreign(&outgoing, &expected).await?.map_or(why, Error::from));
            }
            if round == ROUNDS {
                return Err(why);
            }
            self.backoff.wait(round).await;
            current = self.manifest(None).await?;
            restore.map_or(Ok(()), |restore| restore.refuse_other(current.as_ref()))?;
            expected = self.expected(push, current.as_ref().map(|current| &current.value)).await?;
            round += 1;
        }
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

    /// Puts all files, at once where pins keep what is replaced. Else two pushes that know what they replace could each
    /// put one of two files and wait for the other's, so they put them in the order of their paths; the files after the
    /// first that cannot be put are left as they are.
    async fn put_head_files(
        &self,
        outgoing: &[Outgoing<'_>],
        push: &Push,
        current: Option<&Manifest>,
        expected: &Expected<'_>,
    ) -> Result<Result<Vec<FileEntry>, Again>, Error> {
        let is_pinned = |entry: &FileEntry| entry.version_id.is_some();
        let mut are_kept = expected.is_empty() || current.is_some_and(|current| current.files.iter().all(is_pinned));
        let mut left: Vec<_> = outgoing.iter().collect();
        left.sort_unstable_by_key(|file| &file.file.path);
        let mut entries = HashMap::new();
        while !left.is_empty() {
            let rest = if are_kept { Vec::new() } else { left.split_off(1) };
            let next = std::mem::replace(&mut left, rest);
            let put = all_until_refused(&next, |file| {
                let recorded = current.and_then(|current| current.entry(&file.file.path));
                self.put_head_file(file, push, recorded, expected.get(&file.file.path))
            });
            for entry in put.await? {
                match entry {
                    Err(again) => return Ok(Err(again)),
                    Ok(entry) => {
                        are_kept |= is_pinned(&entry);
                        entries.insert(entry.path.clone(), entry);
                    }
                }
            }
        }
        Ok(Ok(outgoing.iter().filter_map(|file| entries.remove(&file.file.path)).collect()))
    }

    /// Puts one file. With `expected`, an object that is not expected there is replaced only where nothing of it is
    /// lost; else that object is the error within.
    async fn put_head_file(
        &self,
        outgoing: &Outgoing<'_>,
        push: &Push,
        recorded: Option<&FileEntry>,
        expected: Option<&ExpectedFile<'_>>,
    ) -> Result<Result<FileEntry, Again>, Error> {
        // What a push does not ask for stays as it was recorded.
        let with_recorded = |entry| outgoing.file.keeping(entry, recorded);
        let replace = |etag: Etag| Condition::Replace(etag);
        let recorded_state = || recorded.map_or(Condition::Create, |entry| replace(entry.etag.clone()));
        let mut condition = expected.map_or_else(recorded_state, |expected| expected.condition.clone());
        let mut standstill = Standstill::new();
        for attempt in 1..=ATTEMPTS {
            let request = Self::request(outgoing, None, &push.info, condition);
            let put = async { Ok(self.bucket.put(&request).await?) };
            if let PutAnswer::Written(written) = push.progress.puts(put).await? {
                return Ok(Ok(with_recorded(outgoing.written(written))));
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
                        return Ok(Ok(with_recorded(outgoing.found(seen))));
                    }
                    if let Some(version) = self.version_at(&seen, &outgoing.file.path).await? {
                        let (key, owner) = (outgoing.key.clone(), Owner::Version(version));
                        return Err(Conflict::KeyTaken { key, owner, version: None }.into());
                    }
                    if expected.is_some_and(|expected| !expected.may_replace(&seen)) {
                        return Ok(Err(Again(not_as_listed(outgoing, seen, recorded).into())));
                    }
                    replace(seen.meta.etag)
                }
            };
        }
        Err(Conflict::KeepsChanging { key: outgoing.key.clone() }.into())
    }

    /// All files that another tool has written and this push would lose; none where it has none any more.
    async fn all_foreign(
        &self,
        outgoing: &[Outgoing<'_>],
        expected: &Expected<'_>,
    ) -> Result<Option<Integrity>, Error> {
        let lost = all(outgoing, |file| async {
            let path = &file.file.path;
            let Some(expected) = expected.get(path) else { return Ok(None) };
            let seen = self.look(&file.key, None, file.size()).await?;
            let seen = seen.filter(|seen| seen.metadata.is_foreign() && !expected.may_replace(seen));
            Ok(seen.map(|_| path.clone()))
        });
        let paths: Vec<_> = lost.await?.into_iter().flatten().collect();
        let are_listed = paths.iter().any(|path| expected.get(path).is_some_and(ExpectedFile::is_listed));
        Ok((!paths.is_empty()).then_some(Integrity::Foreign { paths, are_listed }))
    }

    async fn swap_and_note(
        &self,
        current: Option<Stored<Manifest>>,
        entries: Vec<FileEntry>,
        push: &Push,
        expected: &Expected<'_>,
        restore: Option<&Restore>,
    ) -> Result<Result<Swapped, Again>, Error> {
        let swap = self.swap_head(current, entries, push, expected, restore);
        let swapped = published(push, Stage::Replacing, swap).await?;
        if swapped.as_ref().map_or(true, |swapped| swapped.superseded.len() == push.files.len()) {
            // Another push's content stands at every path, and its own entries.
            push.progress.reach(Stage::Replacing);
        }
        Ok(swapped)
    }

    /// Merges the entries into the head's manifest, while that lists what is expected. The error within: a purge has
    /// begun since the files were put, so that it may delete them; or, where nothing pins, another push has put an
    /// object in the place of one whose base is known.
    async fn swap_head(
        &self,
        mut current: Option<Stored<Manifest>>,
        mut entries: Vec<FileEntry>,
        push: &Push,
        expected: &Expected<'_>,
        restore: Option<&Restore>,
    ) -> Result<Result<Swapped, Again>, Error> {
        let info = &push.info;
        let key = self.keys.manifest(None)?;
        let purged = current.as_ref().map(|current| current.value.purged.clone()).unwrap_or_default();
        let mut swapped = Swapped::default();
        let mut standstill = Standstill::new();
        for attempt in 1..=ATTEMPTS {
            let (next, condition) = match &current {
                None => (Manifest::new(self.keys.context(), None, entries.clone(), info), Condition::Create),
                Some(current) => {
                    if current.value.push_ids.contains(&info.push_id) {
                        return Ok(Ok(swapped)); // its answer was lost
                    }
                    let next = current.value.merged(&entries, info);
                    let next = if let Some(restore) = restore { next.without(&restore.removed) } else { next };
                    (next, Condition::Replace(current.etag.clone()))
                }
            };
            refuse_moved(push, expected, current.as_ref().map(|current| &current.value))?;
            swapped.replaced = current.as_ref().map(|current| current.value.entries_of(&push.files));
            let state = current.as_ref().map(|current| current.value.state());
            push.progress.swaps(HeadSwap { push_id: &info.push_id, entries: &entries, current: state }).await;
            if let PutAnswer::Written(_) = self.put_document(key.clone(), &next, None, info, condition).await? {
                return Ok(Ok(swapped));
            }
            self.backoff.wait(attempt).await;
            current = self.manifest(None).await?;
            push.progress.reach(Stage::Replacing);
            if current.as_ref().is_some_and(|current| current.value.push_ids.contains(&info.push_id)) {
                return Ok(Ok(swapped));
            }
            restore.map_or(Ok(()), |restore| restore.refuse_other(current.as_ref()))?;
            let state = current.as_ref().map(|current| current.etag.clone());
            standstill.note(state).map_err(|refused| self.refuses(refused, &key))?;
            let last = |path| current.as_ref().and_then(|current| current.value.purged.get(path));
            if entries.iter().any(|entry| last(&entry.path) != purged.get(&entry.path)) {
                return Ok(Err(Again(Conflict::KeepsChanging { key }.into())));
            }
            let taken = self.give_up_what_others_took(&mut entries, info).await?;
            if let Some(path) = taken.iter().find(|path| expected.contains_key(path)) {
                let key = self.keys.file(None, path)?;
                return Ok(Err(Again(Integrity::Mismatch { key, version: None, push_id: None }.into())));
            }
            swapped.superseded.extend(taken);
            for entry in &mut entries {
                let recorded = current.as_ref().and_then(|current| current.value.entry(&entry.path));
                if let Some(file) = push.files.iter().find(|file| file.path == entry.path) {
                    *entry = file.keeping(entry.clone(), recorded);
                }
            }
            if entries.is_empty() {
                return Ok(Ok(swapped));
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

/// What is wrong with an object that would be lost.
fn not_as_listed(outgoing: &Outgoing<'_>, seen: Seen, recorded: Option<&FileEntry>) -> Integrity {
    if seen.metadata.is_foreign() {
        return Integrity::Foreign { paths: vec![outgoing.file.path.clone()], are_listed: recorded.is_some() };
    }
    Integrity::Mismatch { key: outgoing.key.clone(), version: None, push_id: seen.metadata.push_id }
}
