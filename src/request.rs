//! What is asked for, typed, checked and complete. A front end makes a [`Request`] once; after that there is no text that
//! could mean three things.

mod bucket;
mod build;
mod endpoint;
mod identity;
mod input;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

pub(crate) use bucket::is_bucket_name;
pub use input::InputError;
pub(crate) use input::nearest;

use crate::catalog::{FileSelector, TagExpression};
use crate::config::{Entry, KeyPatterns, OnDuplicate, Selection};
use crate::format::Format;
use crate::identity::{NoJobToken, TokenEndpoint};
use crate::name::{ConfigPath, Context, Digest, VersionRequest, is_credential_variable};
use crate::s3::Connection;
use crate::secret::Secret;
use crate::store::PushInfo;

/// One run of the tool.
#[derive(Debug)]
pub struct Request {
    /// What to do.
    pub command: Command,
    /// With what.
    pub target: Target,
    /// How long it may take.
    pub deadline: Duration,
    /// Say what would be done and do none of it.
    pub dry_run: bool,
    /// Where and when the run is.
    pub job: Job,
}

/// What to do.
#[derive(Debug)]
pub enum Command {
    /// Get files.
    Pull(Box<Pull>),
    /// Store files.
    Push(Push),
}

/// Which part of which bucket, and which files of it.
#[derive(Debug)]
pub struct Target {
    /// As given.
    pub context: Option<Context>,
    /// As given.
    pub bucket: Option<String>,
    /// How to reach it.
    pub connection: Connection,
    /// The catalog's place in the workspace.
    pub catalog: ConfigPath,
    /// Which files.
    pub files: FileSelector,
    /// Which files, by tags.
    pub tags: Option<TagExpression>,
    /// Which version.
    pub version: VersionRequest,
    /// What the values must be.
    pub checks: Checks,
}

/// What must be so of the values before anything is done.
#[derive(Debug)]
pub struct Checks {
    /// Keys that must be there and not empty.
    pub required_keys: Vec<String>,
    /// A file of the workspace whose keys must be there.
    pub template: Option<ConfigPath>,
    /// Whether keys that the template does not know are an error.
    pub template_strict: bool,
    /// A JSON Schema of the workspace.
    pub schema: Option<ConfigPath>,
    /// What joins the parts of nested keys.
    pub separator: String,
}

/// The options of a pull.
#[derive(Debug)]
pub struct Pull {
    /// Only what has this digest.
    pub digest: Option<Digest>,
    /// What is not there is a notice, no error.
    pub ignore_missing: bool,
    /// Write the files at their paths.
    pub restore_files: bool,
    /// Which keys, under which names.
    pub selection: Selection,
    /// What to do when two files disagree.
    pub on_duplicate: OnDuplicate,
    /// For keys that no file has.
    pub defaults: Vec<Entry>,
    /// Replace `${NAME}`.
    pub expand: bool,
    /// The merged values in one file.
    pub format: Option<FormatFile>,
    /// What goes into the job's environment.
    pub export: Option<Export>,
    /// Leave out what the job's environment has already.
    pub no_overwrite: bool,
    /// Whose values are masked.
    pub mask: Mask,
}

/// The merged values in one file.
#[derive(Debug)]
pub struct FormatFile {
    /// In which form.
    pub format: Format,
    /// Where in the workspace; else a private file outside of it.
    pub path: Option<ConfigPath>,
}

/// What goes into the job's environment.
#[derive(Debug)]
pub struct Export {
    /// Names that are refused otherwise.
    pub allow: Vec<String>,
}

/// Whose values are masked.
#[derive(Debug)]
pub enum Mask {
    /// All keys'.
    All,
    /// No key's.
    None,
    /// These keys'.
    Keys(KeyPatterns),
}

/// The options of a push.
#[derive(Debug)]
pub struct Push {
    /// The KMS key.
    pub kms_key: Option<String>,
    /// Whether what is published or claimed may be replaced.
    pub overwrite: bool,
    /// Whether the catalog is written.
    pub update_catalog: bool,
}

/// Where and when the run is.
pub struct Job {
    /// The folder of the repository.
    pub workspace: PathBuf,
    /// The default context: the repository's name.
    pub default_context: Option<String>,
    /// Who pushes, and when.
    pub info: PushInfo,
    /// Where the job's OIDC token is to be had.
    pub token_endpoint: Result<TokenEndpoint, NoJobToken>,
    /// The job's environment: for `${NAME}` in paths and values, and for what not to overwrite.
    pub environment: BTreeMap<String, Secret<String>>,
}

impl std::fmt::Debug for Job {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Job").field("workspace", &self.workspace).field("info", &self.info).finish_non_exhaustive()
    }
}

impl Job {
    /// A variable of the job's environment, for what files refer to. Credentials are not among them: whoever may change
    /// a file is not to see them in a path or an output.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<Secret<String>> {
        if is_credential_variable(name) { None } else { self.environment.get(name).cloned() }
    }
}
