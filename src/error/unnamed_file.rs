//! Files that an option has to name one by one.

use crate::name::ConfigPath;

/// A file that is written only when an option names it one by one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnnamedFile {
    /// The file's path, relative to the catalog: what names it in `files`.
    pub path: ConfigPath,
    /// Where it would be restored, in the workspace.
    pub destination: ConfigPath,
    /// The name in the table of [`executed_name`](crate::workspace::executed_name) that it has, if that is why.
    pub name: Option<&'static str>,
    /// Why it has to be named, as a clause that follows "because"; of files with such a name, where there is one.
    pub why: String,
}
