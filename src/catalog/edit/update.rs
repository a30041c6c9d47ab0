use crate::name::{Context, VersionName};

/// What to change in a catalog.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CatalogUpdate {
    /// Written where the catalog has no context; one that is there is kept.
    pub context: Option<Context>,
    /// The catalog's own `data.AWS_S3_BUCKET`, written in a new catalog and in place of the one that is there; a
    /// catalog that has none gets none.
    pub bucket: Option<String>,
    /// The catalog's own `data.AWS_STORE_KMS_KEY_ID`, written in a new catalog alone.
    pub kms_key: Option<String>,
    /// Entries to change or to add, no two with one path.
    pub entries: Vec<EntryUpdate>,
}

/// What to change in one entry of `files`, or to write in a new one. What is `None` stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EntryUpdate {
    /// The path as the catalog writes it ([`PathTemplate::as_str`](crate::catalog::PathTemplate::as_str)); where no
    /// entry has it, one is added, with `aws-s3` for its store.
    pub path: String,
    /// `alternatePath`.
    pub alternate_path: Option<String>,
    /// `deleteAfterPush`.
    pub delete_after_push: Option<bool>,
    /// `type`; of a new entry the file's extension unless given.
    pub file_type: Option<String>,
    /// `data.AWS_S3_BUCKET`.
    pub bucket: Option<String>,
    /// `data.AWS_STORE_KMS_KEY_ID`.
    pub kms_key: Option<String>,
    /// The tags, as a set: those that stay keep their places, new ones follow. Of a new entry its folders' names
    /// unless given.
    pub tags: Option<Vec<String>>,
    /// Whether a new entry has no `versions`, unless one is to be put there.
    pub omits_versions: bool,
    /// Put at the end of `versions` unless it is among them.
    pub version: Option<VersionName>,
}
