use bytes::Bytes;

use crate::config::FileType;
use crate::name::ConfigPath;
use crate::secret::Secret;
use crate::store::Base;

/// A file of the head, as it was read to be changed.
#[derive(Debug, Clone)]
pub struct HeadFile {
    /// Its path, relative to the catalog.
    pub path: ConfigPath,
    /// What it is read as.
    pub file_type: FileType,
    /// Its bytes.
    pub content: Secret<Bytes>,
    /// What a push replaces that is made from these bytes.
    pub base: Base,
    /// Whether the head's manifest lists it. What is recorded of it there is kept.
    pub is_listed: bool,
}

impl HeadFile {
    /// The file with these bytes; none where the head has just them. What lies there and was never listed is to be
    /// stored even as it is.
    #[must_use]
    pub fn with(&self, content: Secret<Bytes>) -> Option<EditedFile> {
        let is_stored = content == self.content && !matches!(self.base, Base::AtKey(_));
        (!is_stored).then(|| EditedFile { before: self.clone(), content })
    }
}

/// A file of the head with the bytes that it is to have.
#[derive(Debug, Clone)]
pub struct EditedFile {
    /// The file that was read.
    pub before: HeadFile,
    /// Its new bytes.
    pub content: Secret<Bytes>,
}

/// What a push of the head stores that reads no local files.
#[derive(Debug, Clone, Default)]
pub struct EditedFiles {
    /// The files to push, each path once.
    pub changed: Vec<EditedFile>,
    /// Files that stay as they are. Their values count in the checks of all values.
    pub others: Vec<HeadFile>,
}
