//! The content of a catalog.

use super::error::{CatalogError, CatalogErrorKind};
use super::token::PathTemplate;
use crate::excerpt::excerpt;
use crate::name::{ChannelName, Context};

/// The key in an entry's `data` that holds the bucket's name.
pub(super) const BUCKET: &str = "AWS_S3_BUCKET";
/// The key in an entry's `data` that holds the KMS key.
pub(super) const KMS_KEY: &str = "AWS_STORE_KMS_KEY_ID";
/// The one store that is supported.
pub(super) const S3: &str = "aws-s3";

/// A catalog's content.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Catalog {
    /// None when the catalog does not say, which the Go cStore allows.
    pub version: Option<CatalogVersion>,
    /// The project's name.
    pub context: Option<Context>,
    /// The channel at whose version to look where nothing else says which: `channel`, which the Go cStore ignores, and drops
    /// where it writes the catalog.
    pub channel: Option<ChannelName>,
    /// The bucket of entries that name none: `data.AWS_S3_BUCKET` of the catalog itself, which the Go cStore does not
    /// know and ignores.
    pub bucket: Option<String>,
    /// The same for KMS keys: `data.AWS_STORE_KMS_KEY_ID`.
    pub kms_key: Option<String>,
    /// Whether it keeps lists of versions: one of version 2, or with an entry that has `versions` or `vaults`, which the Go
    /// cStore always writes.
    pub lists_versions: bool,
    /// The entries, in the catalog's order. No two have the same path as written.
    pub files: Vec<CatalogFile>,
}

/// The generation of a catalog's format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CatalogVersion {
    /// `files` is a map.
    V2,
    /// `files` is a list.
    V3,
    /// As v3.
    V4,
}

/// One entry of `files`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogFile {
    /// Where the file lies, relative to the catalog's folder.
    pub path: PathTemplate,
    /// Where a pull writes it instead, relative to the catalog's folder. (The Go cStore wrote it at both.)
    pub alternate_path: Option<PathTemplate>,
    /// The kind of store; see [`supported_store`](Self::supported_store).
    pub store: Option<String>,
    /// The entry is no file but another catalog, which has its own context and whose paths are relative to its own
    /// folder.
    pub is_ref: bool,
    /// The local file is removed after a push.
    pub delete_after_push: bool,
    /// The Go cStore's `type`, usually the file's extension.
    pub file_type: Option<String>,
    /// `data.AWS_S3_BUCKET`; none when empty.
    pub bucket: Option<String>,
    /// `data.AWS_STORE_KMS_KEY_ID`; none when empty.
    pub kms_key: Option<String>,
    /// What else `data` holds, in its order.
    pub data: Vec<(String, String)>,
    /// The tags as listed.
    pub tags: Vec<String>,
    /// The versions that the catalog knows of; not all that are published.
    pub versions: Vec<String>,
    /// The line that the entry begins on, from 1.
    pub line: usize,
}

impl CatalogFile {
    /// Refuses an entry that is kept elsewhere than in S3 (in `aws-parameter`, `aws-secret`, `source-control` …), to
    /// be asked of entries that were selected. An entry without a store is one of S3; so is a linked catalog, whose
    /// store means nothing.
    pub fn supported_store(&self) -> Result<(), CatalogError> {
        match self.store.as_deref() {
            Some(store) if store != S3 && !self.is_ref => {
                let path = excerpt(self.path.as_str());
                Err(CatalogErrorKind::Store { path, store: excerpt(store) }.at(self.line))
            }
            _ => Ok(()),
        }
    }
}
