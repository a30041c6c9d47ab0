mod differences;

use std::collections::{BTreeMap, HashSet};

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::document::{SCHEMA, Stored, parse_document};
use super::field::{Grammar, first_broken, is_id, is_line, is_message, is_time};
use super::{
    Error, FileEntry, HeadState, Integrity, PromotedFrom, PushFile, PushInfo, PushSource, Requires, Store, Tool,
};
use crate::name::{ConfigPath, Context, Digest, VersionName};
use crate::s3::{Bucket, Key};

/// How many pushes the head's manifest remembers.
const REMEMBERED_PUSHES: usize = 256;

/// The one object that says which files a version, or the head, consists of. Fields that this version of the tool
/// does not know are kept when it is rewritten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The layout.
    pub schema: u64,
    /// As in the key.
    pub context: String,
    /// As in the key; absent in the head's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<VersionName>,
    /// RFC 3339, UTC.
    pub created_at: String,
    /// The push that wrote it.
    pub push_id: String,
    /// What a reader must understand: all that its entries require.
    #[serde(default, skip_serializing_if = "Requires::is_empty")]
    pub requires: Requires,
    /// The files, sorted by path.
    pub files: Vec<FileEntry>,
    /// In the head's: the paths that are not there, whatever lies at their keys, sorted. A push of such a path clears
    /// it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<ConfigPath>,
    /// In the head's: by path the last purge of it. What was put at its key without knowing of that purge is never
    /// listed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub purged: BTreeMap<ConfigPath, String>,
    /// In the head's: the last pushes, the newest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub push_ids: Vec<String>,
    /// Where the push came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<PushSource>,
    /// What the pusher says of it, in one or more lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// What its files were promoted from; of the head's, those of its last push.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promoted_from: Option<PromotedFrom>,
    /// Of a version: the digest that it had before an overwrite gave it other content, the last time that this
    /// happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overwrote: Option<Digest>,
    /// Who wrote it.
    pub tool: Tool,
    /// What this version of the tool does not know.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Manifest {
    pub(super) fn new(
        context: &Context,
        version: Option<&VersionName>,
        mut files: Vec<FileEntry>,
        info: &PushInfo,
    ) -> Self {
        files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        Self {
            schema: SCHEMA,
            context: context.to_string(),
            version: version.cloned(),
            created_at: info.created_at.clone(),
            push_id: info.push_id.clone(),
            requires: Requires::default(),
            files,
            removed: Vec::new(),
            purged: BTreeMap::new(),
            push_ids: if version.is_none() { vec![info.push_id.clone()] } else { Vec::new() },
            source: info.source.clone(),
            message: info.message.clone(),
            promoted_from: info.promoted_from.clone(),
            overwrote: None,
            tool: Tool::this(),
            extra: Map::new(),
        }
        .requiring_what_entries_do()
    }

    /// The same with what its entries require, whatever it required before: one that is gone needs nothing any more.
    fn requiring_what_entries_do(mut self) -> Self {
        self.requires = Requires::union(self.files.iter().map(|entry| &entry.requires));
        self
    }

    /// The configuration's digest.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::from_files(self.files.iter().map(|entry| (&entry.path, entry.sha256)))
    }

    /// The digest of what it says of the files besides their bytes and a pull goes by: a line a file, sorted by path,
    /// with a JSON array of path, type and tags.
    #[must_use]
    pub fn settings(&self) -> Digest {
        let mut files: Vec<_> = self.files.iter().map(|entry| (&entry.path, &entry.file_type, &entry.tags)).collect();
        files.sort_unstable();
        let lines = files.iter().map(|(path, file_type, tags)| format!("{}\n", json!([path, file_type, tags])));
        Digest::from_content(lines.collect::<String>().as_bytes())
    }

    /// The entry of a path.
    #[must_use]
    pub fn entry(&self, path: &ConfigPath) -> Option<&FileEntry> {
        self.files.iter().find(|entry| entry.path == *path)
    }

    /// What it says of pushes, if it is the head's.
    #[must_use]
    pub fn state(&self) -> HeadState<'_> {
        HeadState { push_id: &self.push_id, push_ids: &self.push_ids, files: &self.files }
    }

    /// The entries of these files' paths, of those that it has.
    pub(super) fn entries_of(&self, files: &[PushFile]) -> Vec<FileEntry> {
        files.iter().filter_map(|file| self.entry(&file.path)).cloned().collect()
    }

    /// The head's manifest after a push: the push's entries in place of those of the same paths, the rest kept.
    pub(super) fn merged(&self, entries: &[FileEntry], info: &PushInfo) -> Self {
        let replaced: HashSet<_> = entries.iter().map(|entry| &entry.path).collect();
        let mut next = self.clone();
        next.files.retain(|entry| !replaced.contains(&entry.path));
        next.files.extend(entries.iter().cloned());
        next.files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        next.removed.retain(|path| !replaced.contains(path));
        next.push_ids.push(info.push_id.clone());
        next.push_ids.drain(..next.push_ids.len().saturating_sub(REMEMBERED_PUSHES));
        next.created_at.clone_from(&info.created_at);
        next.push_id.clone_from(&info.push_id);
        next.source.clone_from(&info.source);
        next.message.clone_from(&info.message);
        next.promoted_from.clone_from(&info.promoted_from);
        next.tool = Tool::this();
        next.requiring_what_entries_do()
    }

    /// The head's manifest without these paths.
    pub(super) fn without(mut self, paths: &[ConfigPath]) -> Self {
        self.files.retain(|entry| !paths.contains(&entry.path));
        self.removed.extend(paths.iter().cloned());
        self.removed.sort_unstable();
        self.removed.dedup();
        self.requiring_what_entries_do()
    }

    /// The head's manifest when a purge of these paths begins.
    pub(super) fn purged_by(self, paths: &[ConfigPath], info: &PushInfo) -> Self {
        let mut next = self.merged(&[], info).without(paths);
        next.purged.extend(paths.iter().map(|path| (path.clone(), info.push_id.clone())));
        next
    }

    /// A version's manifest in place of another of the same version, whose unknown fields are kept. It tells of other
    /// content that it takes the place of.
    pub(super) fn replacing(mut self, old: Option<&Self>) -> Self {
        if let Some(old) = old {
            self.extra = old.extra.clone();
            self.overwrote = if old.digest() == self.digest() { old.overwrote } else { Some(old.digest()) };
        }
        self
    }

    /// The same version after a push of the same content put missing files again.
    pub(super) fn repaired(&self, entries: &[FileEntry]) -> Self {
        let mut corrected = self.clone();
        for entry in &mut corrected.files {
            if let Some(new) = entries.iter().find(|new| new.path == entry.path) {
                entry.etag = new.etag.clone();
                entry.version_id.clone_from(&new.version_id);
                entry.kms_key_id.clone_from(&new.kms_key_id);
            }
        }
        corrected.requiring_what_entries_do()
    }

    /// Reads the manifest at a key, which must be that of this context and version.
    ///
    /// # Errors
    /// [`Integrity::Damaged`] and [`Error::Newer`].
    pub fn read(bytes: &[u8], key: &Key, context: &Context, version: Option<&VersionName>) -> Result<Self, Error> {
        let manifest: Self = parse_document(key, bytes)?;
        manifest.check(key, context, version)?;
        Ok(manifest)
    }

    /// Checks what no type can: that it is the manifest of this place, and that no path comes twice.
    fn check(&self, key: &Key, context: &Context, version: Option<&VersionName>) -> Result<(), Error> {
        let damaged = |why: String| Err(Integrity::Damaged { key: key.clone(), why, etag: None }.into());
        if self.context != context.as_str() || self.version.as_ref() != version {
            return damaged("it says that it belongs to another context or version".to_owned());
        }
        if let Some(field) = self.broken_field() {
            return damaged(format!("its field `{field}` is not what it must be"));
        }
        let mut seen = HashSet::new();
        match self.files.iter().find(|entry| !seen.insert(&entry.path)) {
            Some(entry) => damaged(format!("it lists the path `{}` twice", entry.path)),
            None => Ok(()),
        }
    }

    /// The first of the fields that only people read, and that is not what it must be.
    fn broken_field(&self) -> Option<&'static str> {
        let source = self.source.as_ref().and_then(PushSource::broken_field);
        let promoted_from = self.promoted_from.as_ref();
        let own: [(_, Option<&str>, Grammar); 7] = [
            ("created_at", Some(&self.created_at), is_time),
            ("push_id", Some(&self.push_id), is_id),
            ("message", self.message.as_deref(), is_message),
            ("promoted_from.context", promoted_from.map(|from| from.context.as_str()), is_line),
            ("promoted_from.bucket", promoted_from.and_then(|from| from.bucket.as_deref()), is_line),
            ("tool.name", Some(&self.tool.name), is_line),
            ("tool.version", Some(&self.tool.version), is_line),
        ];
        let push_ids = self.push_ids.iter().map(|id| ("push_ids", Some(id.as_str()), is_id as Grammar));
        let purged = self.purged.values().map(|id| ("purged", Some(id.as_str()), is_id as Grammar));
        let entries = self.files.iter().flat_map(|entry| {
            let file_type = Some(entry.file_type.as_str()).filter(|text| !text.is_empty());
            [
                ("type", file_type, is_line as Grammar),
                ("kms_key", entry.kms_key.as_deref(), is_line),
                ("kms_key_id", entry.kms_key_id.as_deref(), is_line),
            ]
        });
        source.or_else(|| first_broken(own.into_iter().chain(push_ids).chain(purged).chain(entries)))
    }
}

impl<B: Bucket> Store<B> {
    /// The manifest of a version or of the head, checked; none when there is none.
    ///
    /// # Errors
    /// [`Integrity::Damaged`], [`Error::Newer`], and those of the request.
    pub async fn manifest(&self, version: Option<&VersionName>) -> Result<Option<Stored<Manifest>>, Error> {
        let key = self.keys.manifest(version)?;
        self.read_with(&key, |bytes| Manifest::read(bytes, &key, self.keys.context(), version)).await
    }

    /// The bytes of a version's manifest, which are such; none where there is none.
    ///
    /// # Errors
    /// As of [`manifest`](Self::manifest).
    pub async fn manifest_bytes(&self, version: &VersionName) -> Result<Option<Bytes>, Error> {
        let key = self.keys.manifest(Some(version))?;
        let read = |bytes: &[u8]| {
            Manifest::read(bytes, &key, self.keys.context(), Some(version))?;
            Ok(Bytes::copy_from_slice(bytes))
        };
        Ok(self.read_with(&key, read).await?.map(|stored| stored.value))
    }
}

#[cfg(test)]
mod tests;
