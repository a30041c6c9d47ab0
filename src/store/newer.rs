use super::Tool;
use crate::s3::Key;

/// A document that a later version of this tool wrote, and only that understands.
#[derive(Debug, Clone)]
pub struct Newer {
    /// The document's key.
    pub key: Key,
    /// What is not understood.
    pub what: NotUnderstood,
}

/// What of a document is not understood.
#[derive(Debug, Clone)]
pub enum NotUnderstood {
    /// The schema that it says it has.
    Schema(u64),
    /// Features that it says a reader must understand.
    Features {
        /// Their names, one or more.
        names: Vec<String>,
        /// Who wrote it, and so knows them, as far as it says so.
        writer: Option<Tool>,
    },
}
