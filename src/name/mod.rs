//! Names with rules: contexts, paths, versions, channels, digests.
//!
//! Each is a type with one constructor for its rules, so code that has one need not check it again. A name that passes
//! here is safe in an S3 key (docs/protocol.md), in a file's path below the workspace and in a log line.

mod channel;
mod config_path;
mod context;
mod digest;
pub mod environment_name;
mod fold;
mod git_folder;
mod identifier;
mod reference;
mod segment;
mod variable;
mod version;

pub use channel::ChannelName;
pub use config_path::ConfigPath;
pub(crate) use config_path::{folders_of, is_below};
pub use context::Context;
pub use digest::Digest;
pub(crate) use fold::fold;
pub(crate) use git_folder::{GIT, git_folder};
pub(crate) use identifier::{dotenv_key_length, is_dotenv_key};
pub use identifier::{is_output_name, is_variable_name, output_name, variable_name};
pub use reference::{ChannelReference, Destination, Reference, StoredReference};
pub(crate) use reference::{context_in_bucket, in_context};
pub use variable::Variable;
pub(crate) use variable::is_credential_variable;
pub(crate) use version::JustBelow;
pub use version::{Ambiguous, MayChange, Requirement, VersionName, VersionRequest};

use crate::excerpt::excerpt;

/// The folder of a bucket that holds this tool's own objects. No segment of any name may be this.
pub(crate) const RESERVED_SEGMENT: &str = ".cstore";

/// Why a text is not the name that it was to be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{value:?} is not a valid {kind}: {rule}")]
pub struct NameError {
    /// What it was to be: "context", "path", "version", …
    pub kind: &'static str,
    /// The text as given. Names are no secrets, so of `KEY=VALUE` only the key.
    pub value: String,
    /// The rule that it breaks, as a clause.
    pub rule: &'static str,
}

impl NameError {
    pub(crate) fn new(kind: &'static str, value: &str, rule: &'static str) -> Self {
        let value = match value.split_once('=') {
            // Typed where a name was to be, but a config value.
            Some((key, _)) if is_variable_name(key) => excerpt(key) + "=…",
            _ => excerpt(value),
        };
        Self { kind, value, rule }
    }
}

/// Whether a character could disturb a log, a terminal or an editor that shows the name: control characters, line
/// and paragraph separators, the marks that reorder text (Unicode UAX #9, "Explicit Directional ...") and others that
/// show nothing.
pub(crate) fn is_deceptive(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}
