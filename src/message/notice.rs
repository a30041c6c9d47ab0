//! What there is to say of a run that succeeded, in words.

/// How much a notice matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Something deserves a look.
    Warning,
    /// Something is worth knowing.
    Notice,
}

/// What is to be said of a run that succeeded. It may quote names from elsewhere, and is not yet cleaned for a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// How much it matters.
    pub level: Level,
    /// A few words above the text.
    pub title: String,
    /// What is to be said, as sentences.
    pub text: String,
    /// The path of the file that it is about, in the workspace.
    pub file: Option<String>,
    /// The line in it, from 1.
    pub line: Option<usize>,
}

impl Notice {
    pub(super) fn new(level: Level, title: impl Into<String>, text: String) -> Self {
        Self { level, title: title.into(), text, file: None, line: None }
    }
}
