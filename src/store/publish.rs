//! Push of a version: claim, files, manifest last.

use std::collections::HashSet;

use futures_util::future::{join, join5};

use super::claim::Claimed;
use super::document::Stored;
use super::encryption::{EncryptionSettings, known};
use super::overwrite::StandingManifest;
use super::push::{Outgoing, all, published};
use super::standstill::Standstill;
use super::{Conflict, Error, FileEntry, Integrity, Manifest, Push, Pushed, Stage, Store};
use crate::name::VersionName;
use crate::s3::{Bucket, Condition, PutAnswer};

/// How often a file is looked at and put again when it comes and goes.
const ATTEMPTS: u32 = 8;

impl<B: Bucket> Store<B> {
    /// Publishes files as a version. Of any number of pushes of one version exactly one content wins.
    ///
    /// # Errors
    /// [`Conflict`] when the name is taken; then nothing of what was published has changed.
    pub async fn push_version(&self, push: &Push, version: &VersionName, overwrite: bool) -> Result<Pushed, Error> {
        // What is too much for a manifest is refused before anything is sent.
        let unknown = EncryptionSettings::default();
        let of_version = |entries| Manifest::new(self.keys.context(), Some(version), entries, &push.info);
        self.check_size(&self.outgoing(push, Some(version), &unknown)?, push, &unknown, of_version)?;
        let digest = push.digest();
        let head_paths = async { if overwrite { self.head_paths().await } else { Ok(HashSet::new()) } };
        let (manifest, settings, twin, claim, head_paths) = join5(
            self.manifest(Some(version)),
            self.settings(),
            self.published_twin(version),
            self.put_claim(version, Claimed::Content(digest), &push.info, Condition::Create),
            head_paths,
        )
        .await;
        if claim.is_ok() {
            push.progress.reach(Stage::Begun);
        }
        let (settings, claim) = (settings?, claim?);
        // What is published already has its name, whatever else there is.
        if let Ok(None) = &manifest
            && let Some(published) = twin?
        {
            return Err(Conflict::Twin { version: version.clone(), published }.into());
        }
        if overwrite {
            let standing = StandingManifest::from_read(manifest)?;
            self.settle_claim(version, digest, &push.info, claim, overwrite).await?;
            self.prove_conditions_on_claim(version, digest, &push.info).await?;
            return self.overwrite(push, version, standing, settings, &head_paths?).await;
        }
        if let Some(published) = &manifest? {
            refuse_differences(&published.value, push, version)?;
            push.progress.reach(Stage::Repairing);
            return self.repeat(push, version, published, claim, settings).await;
        }
        self.settle_claim(version, digest, &push.info, claim, overwrite).await?;
        self.prove_conditions_on_claim(version, digest, &push.info).await?;

        let known_settings = known(settings.as_ref());
        let outgoing = self.outgoing(push, Some(version), &known_settings)?;
        self.check_size(&outgoing, push, &known_settings, of_version)?;
        let entries = all(&outgoing, |file| self.create_file(file, push, version)).await?;
        let manifest = Manifest::new(self.keys.context(), Some(version), entries.clone(), &push.info);
        let (changed, remembered) = join(
            published(push, Stage::Begun, self.publish(&manifest, push, version)),
            self.remember_keys(settings, &push.files, &push.info),
        )
        .await;
        let changed = changed?;
        remembered?;
        let replaced_keys = known_settings.replaced_by(&push.files);
        Ok(Pushed { replaced_keys, ..Pushed::new(changed, entries) })
    }

    /// Puts a file where there is none, or finds that the same is there already.
    pub(super) async fn create_file(
        &self,
        outgoing: &Outgoing<'_>,
        push: &Push,
        version: &VersionName,
    ) -> Result<FileEntry, Error> {
        let request = Self::request(outgoing, Some(version), &push.info, Condition::Create);
        let mut standstill = Standstill::<()>::new();
        for attempt in 1..=ATTEMPTS {
            if let PutAnswer::Written(written) = self.bucket.put(&request).await? {
                return Ok(outgoing.written(written));
            }
            let Some(seen) = self.look(&outgoing.key, None, outgoing.size()).await? else {
                standstill.note(None).map_err(|refused| self.refuses(refused, &outgoing.key))?;
                self.backoff.wait(attempt).await;
                continue;
            };
            if outgoing.is_same(&seen, version) || outgoing.is_own(&seen, Some(version), &push.info) {
                return Ok(outgoing.found(seen));
            }
            let owner = self.owner_for_version(&seen, version, &outgoing.file.path).await?;
            return Err(Conflict::KeyTaken { key: outgoing.key.clone(), owner, version: Some(version.clone()) }.into());
        }
        Err(Conflict::KeepsChanging { key: outgoing.key.clone() }.into())
    }

    /// Puts the manifest, which is what publishes the version. Tells whether it was this push that did.
    async fn publish(&self, manifest: &Manifest, push: &Push, version: &VersionName) -> Result<bool, Error> {
        let key = self.keys.manifest(Some(version))?;
        let mut standstill = Standstill::<()>::new();
        for attempt in 1..=ATTEMPTS {
            push.progress.reach(Stage::Publishing);
            let answer = self.put_document(key.clone(), manifest, Some(version), &push.info, Condition::Create).await?;
            if let PutAnswer::Written(_) = answer {
                return Ok(true);
            }
            let standing = self.manifest(Some(version)).await?;
            push.progress.reach(Stage::Begun);
            if let Some(published) = standing {
                refuse_differences(&published.value, push, version)?;
                // Ours, whose answer was lost, or another push's of the same content.
                return Ok(published.value.push_id == push.info.push_id);
            }
            standstill.note(None).map_err(|refused| self.refuses(refused, &key))?;
            self.backoff.wait(attempt).await;
        }
        Err(Conflict::KeepsChanging { key }.into())
    }

    /// A push of what is published already: everything is looked at, and what is gone is put again.
    async fn repeat(
        &self,
        push: &Push,
        version: &VersionName,
        standing: &Stored<Manifest>,
        claim: PutAnswer,
        settings: Option<Stored<EncryptionSettings>>,
    ) -> Result<Pushed, Error> {
        let manifest = &standing.value;
        let (there, purging) =
            join(all(&manifest.files, |entry| self.is_there(entry, version)), self.refuse_purge(version, &claim)).await;
        purging?;
        let there = there?;
        let gone: Vec<_> =
            manifest.files.iter().zip(there).filter(|(_, there)| !there).map(|(entry, _)| entry).collect();

        // As it was published, whatever the settings have become since.
        let outgoing: Vec<_> = push
            .files
            .iter()
            .filter(|file| gone.iter().any(|entry| entry.path == file.path))
            .map(|file| {
                Ok(Outgoing {
                    file,
                    key: self.keys.file(Some(version), &file.path)?,
                    kms_key: manifest.entry(&file.path).and_then(|entry| entry.kms_key.clone()),
                    purge: None,
                })
            })
            .collect::<Result<_, Error>>()?;
        if !outgoing.is_empty() {
            self.prove_conditions_on_claim(version, push.digest(), &push.info).await?;
        }
        let repaired = all(&outgoing, |file| async {
            self.create_file(file, push, version).await.map_err(|error| match error {
                Error::Conflict(_) => Integrity::Replaced { key: file.key.clone(), version: version.clone() }.into(),
                other => other,
            })
        })
        .await?;

        let corrected = manifest.repaired(&repaired);
        let swap = async {
            if corrected == *manifest {
                return Ok(());
            }
            let key = self.keys.manifest(Some(version))?;
            let condition = Condition::Replace(standing.etag.clone());
            if let PutAnswer::ConditionFailed =
                self.put_document(key, &corrected, Some(version), &push.info, condition).await?
            {
                // Another re-run has corrected it, or an overwrite has replaced it.
                match self.manifest(Some(version)).await? {
                    Some(now) => refuse_differences(&now.value, push, version)?,
                    None => return Err(Conflict::KeepsChanging { key: self.keys.manifest(Some(version))? }.into()),
                }
            }
            Ok::<_, Error>(())
        };
        let (swapped, remembered) =
            join(published(push, Stage::Repairing, swap), self.remember_keys(settings, &push.files, &push.info)).await;
        swapped?;
        remembered?;
        Ok(Pushed {
            repaired: repaired.into_iter().map(|entry| entry.path).collect(),
            versioned: None,
            ..Pushed::new(false, corrected.files)
        })
    }

    /// Whether a published file is there as its manifest says.
    async fn is_there(&self, entry: &FileEntry, version: &VersionName) -> Result<bool, Error> {
        let key = self.keys.file(Some(version), &entry.path)?;
        let Some(seen) = self.look(&key, entry.version_id.as_ref(), entry.size).await? else { return Ok(false) };
        if seen.holds(entry.sha256) {
            return Ok(true);
        }
        Err(Integrity::Replaced { key, version: version.clone() }.into())
    }
}

/// Refuses what is published with other content, or other settings than were asked for.
pub(super) fn refuse_differences(published: &Manifest, push: &Push, version: &VersionName) -> Result<(), Error> {
    let differences = published.differences(&push.files);
    if differences.is_empty() {
        return Ok(());
    }
    Err(Conflict::Published {
        version: version.clone(),
        published: published.digest(),
        pushed: push.digest(),
        differences,
        created_at: published.created_at.clone(),
        source: published.source.clone(),
    }
    .into())
}
