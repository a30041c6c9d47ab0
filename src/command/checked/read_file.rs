use crate::config::{Entry, FileType};
use crate::name::ConfigPath;

/// A file that lies here and could be read, and what it holds.
pub(super) struct ReadFile {
    /// Its path, relative to the catalog.
    pub(super) path: ConfigPath,
    /// Its path in the workspace.
    pub(super) place: ConfigPath,
    pub(super) file_type: FileType,
    pub(super) entries: Vec<Entry>,
}
