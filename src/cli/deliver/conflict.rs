//! Why local files are left as they are.

use crate::config::MergeConflict;
use crate::excerpt::listed_key;
use crate::message::{Message, list};

/// Why nothing was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(in crate::cli) enum LocalConflict {
    /// Files were changed here and in the bucket, in ways that exclude each other.
    #[error("local changes are in the way")]
    Unmerged {
        files: Vec<UnmergedFile>,
        /// The commands that may come next.
        next: String,
    },
    /// Files stand where others are to be written.
    #[error("other files are in the way")]
    Standing(Vec<String>),
    /// A local file was changed at the moment when it was to be replaced.
    #[error("{0} was changed meanwhile")]
    Meanwhile(String),
}

/// A file that was changed on both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct UnmergedFile {
    /// Where it lies, as it is printed.
    pub(in crate::cli) place: String,
    pub(in crate::cli) conflict: MergeConflict,
}

impl LocalConflict {
    pub(in crate::cli) fn message(&self) -> Message {
        let message = |what: String, next: &str| Message { next: next.to_owned(), ..Message::new("Conflict", what) };
        match self {
            Self::Unmerged { files, next } => {
                let files: Vec<_> = files.iter().map(UnmergedFile::clause).collect();
                message(
                    format!(
                        "You and the bucket have changed the same things: {}. Nothing was written.",
                        files.join("; ")
                    ),
                    next,
                )
            }
            Self::Standing(places) => message(
                format!("Other files are already where these would be written: {}. Nothing was written.", list(places)),
                "Name another folder, or replace them: --force",
            ),
            Self::Meanwhile(place) => message(
                format!("{place} was changed by another program while it was being replaced. Nothing was written."),
                "Run the same command again.",
            ),
        }
    }
}

impl UnmergedFile {
    fn clause(&self) -> String {
        let keys: Vec<_> = self.conflict.keys().iter().map(|key| listed_key(key)).collect();
        if keys.is_empty() {
            return format!("{} (as a whole, since it cannot be merged key by key)", self.place);
        }
        format!("{} ({})", self.place, list(&keys))
    }
}
