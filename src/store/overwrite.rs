//! Overwrite: the one way to replace what is published or claimed. It always writes, even where nothing differs.

use std::cell::Cell;
use std::collections::HashSet;

use futures_util::future::join;

use super::document::Stored;
use super::encryption::{EncryptionSettings, known};
use super::look::Standing;
use super::owner::path_in_head;
use super::push::{Outgoing, all, published};
use super::standstill::Standstill;
use super::{Conflict, Error, FileEntry, Manifest, Owner, Push, Pushed, Stage, Store};
use crate::name::VersionName;
use crate::s3::{Bucket, Condition, Etag, PutAnswer};

/// How often the swap of the manifest may be lost to other content before it is given up.
const ROUNDS: u32 = 5;
/// How often it is tried at all, and how often one file is: many jobs may overwrite with the same content at the same
/// moment, and of those that meet, one gets through each time.
const ATTEMPTS: u32 = 200;

/// What an overwrite finds where its manifest will stand.
pub(super) struct StandingManifest {
    /// None when there is none, or one that cannot be read, which an overwrite replaces.
    manifest: Option<Manifest>,
    condition: Condition,
}

impl StandingManifest {
    fn etag(&self) -> Option<&Etag> {
        match &self.condition {
            Condition::Replace(etag) => Some(etag),
            Condition::Create => None,
        }
    }

    pub(super) fn from_read(read: Result<Option<Stored<Manifest>>, Error>) -> Result<Self, Error> {
        match read {
            Ok(None) => Ok(Self { manifest: None, condition: Condition::Create }),
            Ok(Some(stored)) => Ok(Self { manifest: Some(stored.value), condition: Condition::Replace(stored.etag) }),
            Err(error) => match error.damaged_state() {
                Some(etag) => Ok(Self { manifest: None, condition: Condition::Replace(etag.clone()) }),
                None => Err(error),
            },
        }
    }
}

impl<B: Bucket> Store<B> {
    /// Puts every file anew and swaps the manifest, once the claim stands.
    pub(super) async fn overwrite(
        &self,
        push: &Push,
        version: &VersionName,
        standing: StandingManifest,
        settings: Option<Stored<EncryptionSettings>>,
        head_paths: &HashSet<String>,
    ) -> Result<Pushed, Error> {
        refuse_unseen(push, version, &standing)?;
        let settings_now = known(settings.as_ref());
        let outgoing = self.outgoing(push, Some(version), &settings_now)?;
        for file in &outgoing {
            if head_paths.contains(&path_in_head(version, &file.file.path)) {
                return Err(of_the_head(file, version));
            }
        }
        self.check_size(&outgoing, push, &settings_now, |entries| {
            let old = standing.manifest.as_ref();
            Manifest::new(self.keys.context(), Some(version), entries, &push.info).replacing(old)
        })?;
        push.progress.reach(Stage::Replacing);
        // Whether something else than is pushed stood where a manifest lists just that.
        let found_other = Cell::new(false);
        let (entries, remembered) = join(
            published(push, Stage::Replacing, self.replace_all(&outgoing, push, version, standing, &found_other)),
            self.remember_keys(settings, &push.files, &push.info),
        )
        .await;
        let (entries, replaced) = entries?;
        remembered?;
        let differs = replaced.as_ref().is_none_or(|old| !old.differences(&push.files).is_empty());
        let changed = differs || found_other.get();
        let replaced_keys = settings_now.replaced_by(&push.files);
        Ok(Pushed { replaced: replaced.map(|old| old.files), replaced_keys, ..Pushed::new(changed, entries) })
    }

    /// Gives the new entries, and the manifest that the swap replaced, if it could be read.
    async fn replace_all(
        &self,
        outgoing: &[Outgoing<'_>],
        push: &Push,
        version: &VersionName,
        mut standing: StandingManifest,
        found_other: &Cell<bool>,
    ) -> Result<(Vec<FileEntry>, Option<Manifest>), Error> {
        let key = self.keys.manifest(Some(version))?;
        let mut rounds = 0;
        let mut standstill = Standstill::new();
        for attempt in 1..=ATTEMPTS {
            let StandingManifest { manifest: old, condition } = standing;
            let recorded = |file: &Outgoing<'_>| old.as_ref().and_then(|old| old.entry(&file.file.path));
            let is_listed = |file: &Outgoing<'_>| recorded(file).is_some_and(|entry| entry.sha256 == file.file.digest);
            let entries: Vec<_> = all(outgoing, |file| async move {
                let entry = self.replace_file(file, push, version, is_listed(file).then_some(found_other)).await?;
                Ok(file.file.keeping(entry, recorded(file)))
            })
            .await?;
            let manifest =
                Manifest::new(self.keys.context(), Some(version), entries.clone(), &push.info).replacing(old.as_ref());
            push.progress.reach(Stage::Publishing);
            let answer =
                self.put_document(key.clone(), &manifest, Some(version), &push.info, condition.clone()).await?;
            if let PutAnswer::Written(_) = answer {
                return Ok((entries, old));
            }
            standing = StandingManifest::from_read(self.manifest(Some(version)).await)?;
            push.progress.reach(Stage::Replacing);
            if standing.manifest.as_ref() == Some(&manifest) {
                return Ok((entries, old)); // ours, whose answer was lost
            }
            refuse_unseen(push, version, &standing)?;
            standstill.note(standing.etag().cloned()).map_err(|refused| self.refuses(refused, &key))?;
            // Another push of the same content is no conflict. This one swaps all the same: a third must see that files
            // were put anew.
            let agrees = standing.manifest.as_ref().is_some_and(|now| now.differences(&push.files).is_empty());
            if !agrees || standing.condition == condition {
                rounds += 1;
            }
            if rounds == ROUNDS {
                break;
            }
            self.backoff.wait(attempt).await;
        }
        Err(Conflict::KeepsChanging { key }.into())
    }

    /// Puts a file over whatever stands at its key, but for a file that the head's manifest lists.
    async fn replace_file(
        &self,
        outgoing: &Outgoing<'_>,
        push: &Push,
        version: &VersionName,
        found_other: Option<&Cell<bool>>,
    ) -> Result<FileEntry, Error> {
        let key = &outgoing.key;
        let mut standstill = Standstill::new();
        for attempt in 1..=ATTEMPTS {
            let standing = self.standing_at(key, outgoing.size()).await?;
            let state =
                |standing: &Standing| (standing.etag.clone(), standing.seen.as_ref().map(|seen| seen.meta.clone()));
            standstill.note(standing.as_ref().map(state)).map_err(|refused| self.refuses(refused, key))?;
            let seen = standing.as_ref().and_then(|standing| standing.seen.as_ref());
            if let Some(found_other) = found_other
                && !seen.is_some_and(|seen| seen.holds(outgoing.file.digest))
            {
                found_other.set(true);
            }
            let condition = match standing {
                None => Condition::Create,
                Some(Standing { seen: Some(seen), .. }) if outgoing.is_own(&seen, Some(version), &push.info) => {
                    return Ok(outgoing.found(seen)); // put in an earlier round, or its answer was lost
                }
                Some(Standing { etag, seen }) => {
                    // A push of the head may be under way, which puts its files first, and without a version.
                    let is_of_version = seen.is_some_and(|seen| seen.metadata.version.as_ref() == Some(version));
                    if !is_of_version && self.head_lists(version, &outgoing.file.path).await? {
                        return Err(of_the_head(outgoing, version));
                    }
                    Condition::Replace(etag)
                }
            };
            let request = Self::request(outgoing, Some(version), &push.info, condition);
            if let PutAnswer::Written(written) = self.bucket.put(&request).await? {
                return Ok(outgoing.written(written));
            }
            self.backoff.wait(attempt).await;
        }
        Err(Conflict::KeepsChanging { key: outgoing.key.clone() }.into())
    }
}

/// Refuses to go over what nobody has seen who agreed to it.
fn refuse_unseen(push: &Push, version: &VersionName, standing: &StandingManifest) -> Result<(), Error> {
    if push.replaces.allows(standing.manifest.as_ref().map(Manifest::digest), push.digest()) {
        return Ok(());
    }
    Err(Conflict::VersionMoved { version: version.clone() }.into())
}

fn of_the_head(outgoing: &Outgoing<'_>, version: &VersionName) -> Error {
    let (key, version) = (outgoing.key.clone(), Some(version.clone()));
    Conflict::KeyTaken { key, owner: Owner::Head, version }.into()
}
