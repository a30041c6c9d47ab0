//! What all pushes share: what they give, and putting one file.

use std::cell::Cell;
use std::pin::pin;

use futures_util::stream::{StreamExt as _, TryStreamExt as _};

use super::document::document_bytes;
use super::encryption::{EncryptionSettings, ReplacedKey};
use super::look::Seen;
use super::object_metadata::ObjectMetadata;
use super::order::{Push, PushFile};
use super::{
    CONCURRENCY, Error, FileEntry, MAX_FILE_BYTES, MAX_TOTAL_BYTES, Manifest, PushInfo, Requires, Stage, Store,
};
use crate::name::{ConfigPath, VersionName};
use crate::s3::{Bucket, Condition, Etag, Key, Put, S3Version, Written};

/// What a push did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pushed {
    /// Whether there was a difference between what was pushed and what was there.
    pub changed: bool,
    /// The entries, in the order of the push's files.
    pub entries: Vec<FileEntry>,
    /// What the swap of the manifest really replaced: of a version all that it had, of the head what it had at the
    /// push's paths. None where no manifest was replaced, or one that cannot be read.
    pub replaced: Option<Vec<FileEntry>>,
    /// Of a head push on a bucket without versioning: paths that another push took over meanwhile.
    pub superseded: Vec<ConfigPath>,
    /// Of a re-run: files of the published version that were gone and have been put again.
    pub repaired: Vec<ConfigPath>,
    /// KMS keys that take the place of recorded ones.
    pub replaced_keys: Vec<ReplacedKey>,
    /// Whether the bucket pins what it stores; none when nothing was put.
    pub versioned: Option<bool>,
}

impl Pushed {
    pub(super) fn new(changed: bool, entries: Vec<FileEntry>) -> Self {
        let versioned = Some(entries.iter().all(|entry| entry.version_id.is_some()));
        Self {
            changed,
            entries,
            replaced: None,
            superseded: Vec::new(),
            repaired: Vec::new(),
            replaced_keys: Vec::new(),
            versioned,
        }
    }
}

/// One file on its way: what it is, its key, and the encryption that applies.
pub(super) struct Outgoing<'a> {
    pub(super) file: &'a PushFile,
    pub(super) key: Key,
    pub(super) kms_key: Option<String>,
    /// Of a file of the head: the last purge of its path, as far as the push knows.
    pub(super) purge: Option<String>,
}

impl<B: Bucket> Store<B> {
    pub(super) fn outgoing<'a>(
        &self,
        push: &'a Push,
        version: Option<&VersionName>,
        settings: &EncryptionSettings,
    ) -> Result<Vec<Outgoing<'a>>, Error> {
        push.files
            .iter()
            .map(|file| {
                Ok(Outgoing {
                    file,
                    key: self.keys.file(version, &file.path)?,
                    kms_key: settings.key_of(&file.path, file.asked.kms_key.as_ref()),
                    purge: None,
                })
            })
            .collect()
    }

    /// Refuses what no pull takes, what is too much for a manifest, or for the settings, before any file is put.
    pub(super) fn check_size(
        &self,
        outgoing: &[Outgoing<'_>],
        push: &Push,
        settings: &EncryptionSettings,
        manifest: impl FnOnce(Vec<FileEntry>) -> Manifest,
    ) -> Result<(), Error> {
        if let Some(large) = outgoing.iter().find(|file| file.size() > MAX_FILE_BYTES) {
            return Err(Error::TooLarge { path: large.file.path.clone(), bytes: large.size() });
        }
        let bytes = outgoing.iter().map(Outgoing::size).sum();
        if bytes > MAX_TOTAL_BYTES {
            return Err(Error::TooMuch { bytes });
        }
        document_bytes(&manifest(outgoing.iter().map(FileEntry::longest).collect()))?;
        settings.with(&push.files).map_or(Ok(()), |next| document_bytes(&next).map(drop))
    }

    /// Puts one file.
    pub(super) fn request(
        outgoing: &Outgoing<'_>,
        version: Option<&VersionName>,
        info: &PushInfo,
        condition: Condition,
    ) -> Put {
        let metadata = outgoing.metadata(version, info);
        Put {
            key: outgoing.key.clone(),
            body: outgoing.file.content.clone(),
            digest: outgoing.file.digest,
            condition,
            kms_key: outgoing.kms_key.clone(),
            metadata: metadata.write(),
            content_type: "application/octet-stream",
        }
    }
}

impl Outgoing<'_> {
    /// In bytes.
    pub(super) fn size(&self) -> u64 {
        self.file.content.expose().len() as u64
    }

    /// Has its object say which purge of its path is known.
    pub(super) fn follow_purge(&mut self, head: Option<&Manifest>) {
        self.purge = head.and_then(|head| head.purged.get(&self.file.path)).cloned();
    }

    /// What its object carries.
    fn metadata(&self, version: Option<&VersionName>, info: &PushInfo) -> ObjectMetadata {
        ObjectMetadata {
            push_id: Some(info.push_id.clone()),
            version: version.cloned(),
            digest: Some(self.file.digest),
            kms_key: self.kms_key.clone(),
            purge: self.purge.clone(),
        }
    }

    /// Whether an object is this push's own, whose answer was lost.
    pub(super) fn is_own(&self, seen: &Seen, version: Option<&VersionName>, info: &PushInfo) -> bool {
        seen.is_put_of(self.file.digest, &self.metadata(version, info))
            && self.kms_key.as_ref().is_none_or(|kms_key| may_be_encrypted_with(seen, kms_key))
    }

    /// Whether an object is what another push of the same version leaves of the same file. A key that nobody asked for
    /// differs only because another push has named it since, and is no conflict.
    pub(super) fn is_same(&self, seen: &Seen, version: &VersionName) -> bool {
        let has_key =
            |asked: &String| seen.metadata.kms_key.as_ref() == Some(asked) && may_be_encrypted_with(seen, asked);
        seen.holds(self.file.digest)
            && seen.metadata.version.as_ref() == Some(version)
            && self.file.asked.kms_key.as_ref().is_none_or(has_key)
    }

    /// The manifest's entry for a file that was put.
    pub(super) fn written(&self, written: Written) -> FileEntry {
        let asked = &self.file.asked;
        FileEntry {
            path: self.file.path.clone(),
            file_type: self.file.file_type.as_recorded(&self.file.path).to_owned(),
            size: self.size(),
            sha256: self.file.digest,
            etag: written.etag,
            version_id: written.version,
            kms_key: self.kms_key.clone(),
            kms_key_id: written.kms_key_id,
            tags: asked.tags.clone().unwrap_or_else(|| self.file.default_tags.clone()),
            alternate_path: asked.alternate_path.clone(),
            requires: Requires::default(),
            extra: serde_json::Map::new(),
        }
    }

    /// The manifest's entry for an object that counts as written, with the key that it was written with.
    pub(super) fn found(&self, seen: Seen) -> FileEntry {
        let Seen { meta, metadata: ObjectMetadata { kms_key, .. }, .. } = seen;
        let written = Written { etag: meta.etag, version: meta.version, kms_key_id: meta.kms_key_id };
        FileEntry { kms_key, ..self.written(written) }
    }
}

impl PushFile {
    /// The entry with what was recorded of the file, where the push does not ask for something else.
    pub(super) fn keeping(&self, mut entry: FileEntry, recorded: Option<&FileEntry>) -> FileEntry {
        if let Some(recorded) = recorded {
            if self.asked.tags.is_none() {
                entry.tags.clone_from(&recorded.tags);
            }
            if self.asked.alternate_path.is_none() {
                entry.alternate_path.clone_from(&recorded.alternate_path);
            }
        }
        entry
    }
}

impl FileEntry {
    /// An entry as long as this file's can get, before S3 has answered.
    pub(super) fn longest(outgoing: &Outgoing<'_>) -> Self {
        // S3's ETags are 34 bytes; version ids at most 1,024, in practice 32; a key's ARN is at most 100.
        let arn = "k".repeat(100);
        outgoing.written(Written {
            etag: Etag::new("e".repeat(40)),
            version: S3Version::pinning(Some(&arn[..32])),
            kms_key_id: Some(arn),
        })
    }
}

/// Whether an object may be encrypted with a KMS key, by what S3 says of it. S3 answers a key's ARN, from which nobody
/// can tell whether an alias is the key's.
fn may_be_encrypted_with(seen: &Seen, kms_key: &str) -> bool {
    let id = |name: &str| name.rsplit('/').next().unwrap_or_default().to_owned();
    let is_alias = kms_key.starts_with("alias/") || kms_key.contains(":alias/");
    seen.meta.kms_key_id.as_ref().is_some_and(|answered| is_alias || id(answered) == id(kms_key))
}

/// Does something with every file at once, within the bound, and gives the results in the files' order.
pub(super) async fn all<'a, T, R, F>(items: &'a [T], each: impl Fn(&'a T) -> F) -> Result<Vec<R>, Error>
where
    F: Future<Output = Result<R, Error>>,
{
    futures_util::stream::iter(items.iter().map(each)).buffered(CONCURRENCY).try_collect().await
}

/// The same, where it matters what of it is done: when one is refused, no other is begun, and those that are under way are
/// waited for. The error is then that of the refusal.
pub(super) async fn all_until_refused<'a, T, R, F>(items: &'a [T], each: impl Fn(&'a T) -> F) -> Result<Vec<R>, Error>
where
    F: Future<Output = Result<R, Error>>,
{
    let is_refused = &Cell::new(false);
    let begun = items.iter().map(|item| {
        let work = each(item);
        async move {
            if is_refused.get() {
                return Ok(None);
            }
            let done = work.await;
            is_refused.set(is_refused.get() || done.as_ref().is_err_and(Error::is_refusal));
            done.map(Some)
        }
    });
    let mut results = pin!(futures_util::stream::iter(begun).buffered(CONCURRENCY));
    let (mut done, mut refused) = (Vec::new(), None);
    while let Some(result) = results.next().await {
        match result {
            Ok(result) => done.extend(result),
            Err(error) if error.is_refusal() => refused = refused.or(Some(error)),
            Err(error) => return Err(refused.unwrap_or(error)),
        }
    }
    refused.map_or(Ok(done), Err)
}

/// Puts a manifest in its place, and notes that what was pushed is published from then on. A put that was refused
/// leaves the stage `before`; any other failure leaves open whether it took effect.
pub(super) async fn published<T>(
    push: &Push,
    before: Stage,
    swap: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let done = swap.await;
    match &done {
        Ok(_) => push.progress.reach(Stage::Published),
        Err(error) if error.is_refusal() => push.progress.reach(before),
        Err(_) => {}
    }
    done
}
