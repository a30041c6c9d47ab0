//! In what a push differs from what is published.

use crate::name::ConfigPath;

/// In what a file of a push differs from what is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The file's path.
    pub path: ConfigPath,
    /// What differs.
    pub what: What,
}

/// What differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The push has the file, the published version has not.
    Added,
    /// The published version has the file, the push has not.
    Removed,
    /// Other bytes.
    Content,
    /// Another KMS key was asked for.
    KmsKey,
    /// Other tags were asked for.
    Tags,
    /// Another place to restore it was asked for.
    AlternatePath,
    /// It was asked to be read as something else.
    FileType,
}
