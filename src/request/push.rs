use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;

use futures_util::future::LocalBoxFuture;

use super::channel::ChannelRequest;
use super::message::message;
use super::{EditedFiles, RunInfo, Target};
use crate::command::{Changes, ReadOnce};
use crate::config::{FileType, MergeConflict, MergedFile, SemverKeys};
use crate::name::{ConfigPath, VersionRequest};
use crate::option::{
    Command, DRY_RUN, KMS_KEY_ID, OVERWRITE, OptionError, OptionProblem, RawOptions, SEMVER_KEYS, UPDATE_CATALOG,
    VERSION,
};
use crate::store::{Base, HeadState, Intended, Replaces};

/// The longest that a KMS key's id, ARN or alias can be, in bytes
/// (<https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html#API_Encrypt_RequestSyntax>).
const LONGEST_KMS_KEY: usize = 2048;

/// What to push, and how.
#[derive(Debug)]
pub struct PushRequest {
    /// To where.
    pub target: Target,
    /// The KMS keys of the options.
    pub kms_keys: KmsKeys,
    /// Whether what is published or claimed may be replaced.
    pub overwrite: bool,
    /// What of a version may be replaced, where that may be.
    pub replaces: Replaces,
    /// What becomes of a version whose keys are not what its number promises.
    pub semver_keys: SemverKeys,
    /// What to record of it beside the files.
    pub message: Option<String>,
    /// Whether the catalog is written.
    pub update_catalog: bool,
    /// The channel that is moved to the version once it is published, if one is.
    pub channel: Option<ChannelRequest>,
    /// Find out what would be done, and do none of it.
    pub dry_run: bool,
    /// What is known of the files of the head that are replaced; none to replace whatever is there. Only a front end
    /// that remembers sets it.
    pub bases: Option<Bases>,
    /// The files of the head and their new bytes; none to read the files of the workspace.
    pub edited: Option<EditedFiles>,
    /// What is shown of the changes of a push of the head before it is sent. Only a front end that remembers sets it.
    pub preview: Option<Preview>,
    /// What is told of the head right before it is changed. Only a front end that remembers sets it.
    pub before_swap: Option<BeforeSwap>,
    /// Whether the local copies that are to be deleted are deleted once it was sent. What is in the bucket is looked at
    /// first, then. Only a front end that deletes sets it.
    pub deletes_local: bool,
    /// Whether the manifest of a version is wanted, too. Only a front end that hands it on sets it.
    pub wants_manifest: bool,
    /// Whether it is wanted what a version changes since the one before it, also where it is published already or is
    /// replaced. Only a front end that hands it on sets it.
    pub wants_since_before: bool,
    /// What the files' entries in the catalog are to say from now on.
    pub entries: EntrySettings,
    /// What it has read, once it was sent.
    pub read: ReadOnce,
}

/// The KMS keys that a push is asked to encrypt with besides those of the catalog: ids, ARNs or aliases.
#[derive(Debug, Clone, Default)]
pub struct KmsKeys {
    /// That of an option, which counts before the catalog's.
    pub asked: Option<String>,
    /// Where neither an option nor the catalog names one.
    pub default: Option<String>,
}

/// Shows what a push is about to change.
pub struct Preview(Box<dyn Fn(&Changes)>);

impl Preview {
    /// Shows changes so.
    pub fn new(show: impl Fn(&Changes) + 'static) -> Self {
        Self(Box::new(show))
    }

    pub(crate) fn show(&self, changes: &Changes) {
        (self.0)(changes);
    }
}

impl fmt::Debug for Preview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Preview")
    }
}

/// Remembers what a push is about to make of the head, for the case that its process dies before it knows whether it
/// did.
#[derive(Clone)]
pub struct BeforeSwap(Rc<dyn for<'a> Fn(Intent<'a>) -> LocalBoxFuture<'a, ()>>);

/// What a push is about to make of the head.
pub struct Intent<'a> {
    /// The head's manifest before; none where there is none.
    pub head: Option<HeadState<'a>>,
    /// All files of the push, each as it is about to be listed. None where it is not: another push has taken it over;
    /// or where the local file has other bytes, since others' changes were merged into it.
    pub files: Vec<(ConfigPath, Option<Intended>)>,
}

impl BeforeSwap {
    /// Remembers it so.
    pub fn new(remember: impl for<'a> Fn(Intent<'a>) -> LocalBoxFuture<'a, ()> + 'static) -> Self {
        Self(Rc::new(remember))
    }

    pub(crate) fn tell<'a>(&self, intent: Intent<'a>) -> LocalBoxFuture<'a, ()> {
        (self.0)(intent)
    }
}

impl fmt::Debug for BeforeSwap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BeforeSwap")
    }
}

/// What the entries of all files of a push are to say in the catalog. What is `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct EntrySettings {
    /// Where a pull writes the file instead, relative to the catalog's folder.
    pub alternate_path: Option<ConfigPath>,
    /// The tags.
    pub tags: Option<Vec<String>>,
    /// Whether a push deletes the local file.
    pub delete_after_push: Option<bool>,
    /// Whether this push does, whatever the entry says.
    pub deletes: Option<bool>,
    /// Whether a new catalog lists the versions of its files, as the Go cStore's do.
    pub lists_versions: bool,
}

/// Merges two versions of a file that were made of a third, as [`merge3`](crate::config::merge3) does: type, base, own
/// version, the other's, separator.
#[derive(Clone)]
pub struct MergeFiles(Rc<Merge>);

type Merge = dyn Fn(FileType, Option<&[u8]>, &[u8], &[u8], &str) -> Result<MergedFile, MergeConflict>;

impl MergeFiles {
    /// Merges so.
    pub fn new(
        merge: impl Fn(FileType, Option<&[u8]>, &[u8], &[u8], &str) -> Result<MergedFile, MergeConflict> + 'static,
    ) -> Self {
        Self(Rc::new(merge))
    }

    pub(crate) fn merge(
        &self,
        file_type: FileType,
        base: Option<&[u8]>,
        ours: &[u8],
        theirs: &[u8],
        separator: &str,
    ) -> Result<MergedFile, MergeConflict> {
        (self.0)(file_type, base, ours, theirs, separator)
    }
}

impl fmt::Debug for MergeFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MergeFiles")
    }
}

/// What a front end remembers of the files of the head.
#[derive(Debug)]
pub struct Bases {
    /// By path, relative to the catalog. A path that is not here was never seen in the head: if it is there, with other
    /// bytes, that is another's change.
    pub by_path: HashMap<ConfigPath, Base>,
    /// What earlier pushes were about to make of the head when they were last heard of, by path. It counts before the
    /// base where such a push took effect.
    pub intended: HashMap<ConfigPath, Intended>,
    /// How a change is merged onto another's.
    pub merge: MergeFiles,
}

impl Bases {
    pub(crate) fn of(&self, path: &ConfigPath) -> Base {
        self.by_path.get(path).cloned().unwrap_or(Base::Known(None))
    }
}

impl PushRequest {
    /// Whether it replaces what is there: the head, or a version by an overwrite.
    #[must_use]
    pub fn replaces(&self) -> bool {
        self.overwrite || matches!(self.target.version, VersionRequest::Head)
    }

    /// Reads the options.
    ///
    /// # Errors
    /// The first option that is malformed, or that another command takes.
    pub fn new(raw: &RawOptions, run: &RunInfo) -> Result<Self, OptionError> {
        raw.refuse_other_commands(Command::Push)?;
        if let Some(Err(error)) = raw.text(&VERSION).map(|text| VersionRequest::new(text.trim())) {
            return Err(OptionError::new(&VERSION, OptionProblem::NoVersionName(error)));
        }
        let target = Target::new(raw, run)?;
        let overwrite = raw.flag(&OVERWRITE)?;
        match &target.version {
            VersionRequest::Matching(_) | VersionRequest::Channel(_) => {
                let problem = OptionProblem::NamesNoVersion(target.version.to_string());
                return Err(OptionError::new(&VERSION, problem));
            }
            VersionRequest::Head if overwrite => {
                return Err(OptionError::new(&OVERWRITE, OptionProblem::HeadIsReplacedAnyway));
            }
            VersionRequest::Head => {}
            VersionRequest::Exact(name) => {
                name.refuse_as_new().map_err(|error| OptionError::new(&VERSION, OptionProblem::NoVersionName(error)))?
            }
        }
        Ok(Self {
            channel: ChannelRequest::of_push(raw, run, &target.version)?,
            kms_keys: KmsKeys { asked: kms_key(raw)?, default: None },
            overwrite,
            replaces: Replaces::Anything,
            semver_keys: semver_keys(raw)?,
            message: message(raw, run)?,
            update_catalog: raw.flag(&UPDATE_CATALOG)?,
            dry_run: raw.flag(&DRY_RUN)?,
            bases: None,
            edited: None,
            preview: None,
            before_swap: None,
            deletes_local: false,
            wants_manifest: false,
            wants_since_before: false,
            entries: EntrySettings::default(),
            read: ReadOnce::default(),
            target,
        })
    }
}

/// What the option says.
pub(super) fn semver_keys(raw: &RawOptions) -> Result<SemverKeys, OptionError> {
    Ok(raw.choice(&SEMVER_KEYS, &SemverKeys::ALL)?.unwrap_or_default())
}

pub(crate) fn kms_key(raw: &RawOptions) -> Result<Option<String>, OptionError> {
    let Some(key) = raw.text(&KMS_KEY_ID) else { return Ok(None) };
    if !is_kms_key(key) {
        return Err(OptionError::new(&KMS_KEY_ID, OptionProblem::NotA("key ID, ARN or alias")));
    }
    Ok(Some(key.to_owned()))
}

/// Whether a text could be the id, ARN or alias of a KMS key.
pub(crate) fn is_kms_key(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_/:".contains(&byte);
    text.len() <= LONGEST_KMS_KEY && text.bytes().all(is_allowed)
}
