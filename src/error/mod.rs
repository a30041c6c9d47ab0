//! Everything that can go wrong in a run, as data: conditions, an exit code for each, and what to do about it.
//!
//! The words for a person are the front end's. What `Display` says here is for logs and for the chain of causes. None
//! of it ever holds a config value.

mod advice;
mod code;
mod convert;
mod missing;
mod no_such_key;
mod others_changes;
mod place;
mod remedy;
mod side;
mod under_way;
mod unknown_files;
mod unnamed_file;
mod unpurged;
mod values_wanted;
mod without_manifest;

use std::time::Duration;

use crate::cancellation::Signal;
use crate::catalog::{CatalogError, EditError, UnmatchedTypes};
use crate::command::{BrokenPromise, Location};
use crate::config::{
    ExpandError, MergeError, MissingKey, ParseError, SameName, SchemaError, SchemaFailure, UnreadFile,
};
use crate::format::{FormatError, RefusedFiles};
use crate::identity::IdentityError;
use crate::lock::LockFailure;
use crate::name::{ChannelName, ConfigPath, Context, VersionName};
use crate::network::CertificatesError;
use crate::observer::Wait;
use crate::option::{OptionError, OptionSpec};
use crate::s3::ListedVersion;
use crate::store::{self, PurgeReached, Stage};
use crate::workspace::WorkspaceError;

pub(crate) use advice::may_be_several;
pub use code::ExitCode;
pub use no_such_key::{NoSuchKey, Searched};
pub use others_changes::{ChangedFile, OthersChanges, Theirs};
pub use remedy::{Permission, Remedy};
pub use side::Side;
pub use unknown_files::{UnknownFile, UnknownFiles};
pub use unnamed_file::UnnamedFile;
pub use unpurged::Unpurged;
pub use values_wanted::ValuesWanted;
pub use without_manifest::WithoutManifest;

/// Why a run failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// An option cannot be used.
    #[error(transparent)]
    Option(#[from] OptionError),
    /// The catalog cannot be read.
    #[error("the catalog {path} cannot be read")]
    Catalog {
        /// The catalog's path in the workspace.
        path: ConfigPath,
        /// Why.
        #[source]
        error: CatalogError,
    },
    /// Catalogs that link to each other in a circle, or too deep.
    #[error("{path}: linked catalogs go round in a circle")]
    LinkedTooDeep {
        /// The catalog at which reading ended.
        path: ConfigPath,
    },
    /// Two catalogs of a pull have a file at one path, so that either of the two contexts could be meant.
    #[error("{path} is a file of two catalogs")]
    TwoCatalogs {
        /// The path, relative to the first catalog.
        path: ConfigPath,
        /// The catalogs' paths in the workspace.
        catalogs: [ConfigPath; 2],
    },
    /// A path that is to be pushed is that of a linked catalog's file, which belongs to another context.
    #[error("{path} is a file of the linked catalog {catalog}")]
    OfLinked {
        /// The path, relative to the catalog.
        path: ConfigPath,
        /// The linked catalog's path in the workspace.
        catalog: ConfigPath,
    },
    /// Catalogs link more catalogs than are read, or longer ones.
    #[error("{path}: too many linked catalogs")]
    LinkedTooMany {
        /// The catalog at which reading ended.
        path: ConfigPath,
        /// How many are read.
        most: usize,
        /// How many bytes of them together.
        most_bytes: usize,
    },
    /// The catalog cannot be written.
    #[error("the catalog {path} cannot be updated")]
    CatalogEdit {
        /// The catalog's path in the workspace.
        path: ConfigPath,
        /// Why.
        #[source]
        error: EditError,
    },
    /// Config files cannot be read as what they are, or hold what cannot be delivered: all of them, at least one.
    #[error("config files cannot be read: {}", .files.iter().map(|file| file.in_workspace.as_str()).collect::<Vec<_>>().join(", "))]
    ConfigFiles {
        /// In the order of the files; one may come several times.
        files: Vec<UnreadFile>,
        /// Of pulled files, what wants their values; none for files of the workspace.
        wanted: Option<ValuesWanted>,
        /// Lines of `types` that match no file, one of which may have been meant to have such a file kept as it is.
        unmatched_types: UnmatchedTypes,
    },
    /// What is wrong may be so because of keys that a pull lacks: of files that cannot be read, or not all of them, and
    /// of what was not found. One of the two is not empty.
    #[error("a pull lacks keys")]
    WithoutKeys {
        /// The files that cannot be read as a whole.
        files: Vec<UnreadFile>,
        /// What was not found, where that is no error by itself.
        missing: Vec<Error>,
        /// What is wrong.
        #[source]
        cause: Box<Error>,
    },
    /// The template cannot be read.
    #[error("the template {path} cannot be read")]
    TemplateFile {
        /// The file's path in the workspace.
        path: ConfigPath,
        /// Why.
        #[source]
        error: ParseError,
    },
    /// Two files give one key different values.
    #[error(transparent)]
    Merge(#[from] MergeError),
    /// Two keys with different values give one name.
    #[error(transparent)]
    SameName(#[from] SameName),
    /// A reference in a value cannot be replaced.
    #[error(transparent)]
    Expand(#[from] ExpandError),
    /// The values cannot be written in the form asked for.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// Files mean something else to ECS, which is to load them itself.
    #[error("files cannot be handed over to ECS")]
    EnvironmentFiles(RefusedFiles),
    /// ECS would load something else than was pulled, as it takes no S3 version: paths, relative to the catalog, and the
    /// ARNs of what lies at their keys.
    #[error("something else lies at the keys of files that ECS is to load")]
    OtherAtKey(Vec<(ConfigPath, String)>),
    /// A lock file cannot be used, or what it locks is not there as it was locked.
    #[error(transparent)]
    Lock(Box<LockFailure>),
    /// The JSON Schema itself cannot be used.
    #[error("the schema {path} cannot be used")]
    Schema {
        /// The catalog's path in the workspace.
        path: ConfigPath,
        /// Why.
        #[source]
        error: SchemaError,
    },
    /// The values do not match the schema.
    #[error("the values do not match {path}")]
    SchemaMismatch {
        /// The schema's path in the workspace.
        path: ConfigPath,
        /// The config keys at fault.
        failures: Vec<SchemaFailure>,
    },
    /// Required keys are missing or empty.
    #[error("required keys are missing or empty")]
    RequiredKeys(Vec<MissingKey>),
    /// The keys of a version are not what its number promises.
    #[error("the keys of {} are not what its number promises", .0.first().map_or("a version", |broken| broken.new.as_str()))]
    BrokenPromises(Vec<BrokenPromise>),
    /// Keys of the template are missing, or unknown to it where that counts.
    #[error("the keys differ from {path}")]
    Template {
        /// The template's path in the workspace.
        path: ConfigPath,
        /// Its keys that are not there.
        missing: Vec<String>,
        /// Keys that it does not know.
        unknown: Vec<String>,
    },
    /// A file of the workspace cannot be read or written.
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
    /// A file of the workspace cannot be read or written for a push, which has sent nothing.
    #[error(transparent)]
    Unsent(WorkspaceError),
    /// Pulled files may not be restored where they belong, unless an option names them one by one.
    #[error("not named one by one: {}", .files.iter().map(|file| file.destination.as_str()).collect::<Vec<_>>().join(", "))]
    NotNamed {
        /// All of them, at least one.
        files: Vec<UnnamedFile>,
        /// Whether `files` is empty, and so means all files.
        means_all: bool,
    },
    /// Two files of a pull cannot both be written.
    #[error("two files of the pull need one place")]
    OnePlace {
        /// The path of one pulled file, relative to the catalog.
        path: ConfigPath,
        /// That of the other; none when it is the formatted file.
        other: Option<ConfigPath>,
        /// The paths that clash.
        #[source]
        error: WorkspaceError,
    },
    /// Pulled files would replace others that nobody named.
    #[error("files of the workspace would be replaced that neither option nor catalog names")]
    WouldReplace {
        /// Their paths, relative to the catalog, which name them in `files`; and where they would be restored, in the
        /// workspace.
        files: Vec<(ConfigPath, ConfigPath)>,
    },
    /// A file that an option names is not there.
    #[error("the option {} names {path}, which is not there", .option.name)]
    NoSuchFile {
        /// The option.
        option: &'static OptionSpec,
        /// The path that it names.
        path: String,
    },
    /// The selected files lie in several buckets.
    #[error("the catalog names several buckets")]
    SeveralBuckets {
        /// Their names.
        buckets: Vec<String>,
    },
    /// Lines of `files` that match no file, wherever one may be: here, in the catalog, or in the bucket.
    #[error("there are no such files")]
    UnknownFiles(UnknownFiles),
    /// Paths in `files` that the bucket does not have.
    #[error("there are no such files in the bucket")]
    NotStored {
        /// The files.
        files: UnknownFiles,
        /// The context.
        context: Context,
        /// The version; none for the head.
        version: Option<VersionName>,
        /// Whether the catalog lists some of them.
        are_listed: bool,
    },
    /// What was asked for has no manifest, since the Go cStore pushed it.
    #[error("there is no manifest")]
    WithoutManifest(Box<WithoutManifest>),
    /// Files that are to be pushed, and are not here.
    #[error("files that are to be pushed are not here")]
    NotHere {
        /// The lines of `files`, or the paths of the catalog.
        files: UnknownFiles,
        /// Whether the catalog alone names them.
        are_listed: bool,
    },
    /// Lines of `files` that match nothing.
    #[error("`files` names what is not there")]
    NoMatch {
        /// The lines that match nothing, in their order.
        lines: Vec<String>,
        /// Those of them that are folders of files which are there.
        folders: Vec<String>,
        /// Where it was looked, as a clause: "in v1.2.3 of shop".
        place: String,
    },
    /// No file has the tags.
    #[error("no file has the tags")]
    NoTags,
    /// A config key is not there.
    #[error("there is no config key {:?}", .0.key)]
    NoSuchKey(Box<NoSuchKey>),
    /// A push without anything to push.
    #[error("there is nothing to push")]
    NothingToPush {
        /// Whether `files` only leaves files out.
        only_excludes: bool,
        /// Whether there is a catalog.
        has_catalog: bool,
    },
    /// A push of the head without a catalog, and without all options that say what it would.
    #[error("a push of the head needs a catalog, or options in its place")]
    HeadWithoutCatalog {
        /// The path where it was looked for.
        path: ConfigPath,
        /// The options that are not given.
        missing: Vec<&'static OptionSpec>,
    },
    /// A path that is to be pushed is a folder's.
    #[error("{in_workspace} is a folder")]
    FolderNamed {
        /// The path, relative to the catalog.
        path: ConfigPath,
        /// The same, relative to the workspace.
        in_workspace: ConfigPath,
    },
    /// There are no credentials to ask with.
    #[error(transparent)]
    Identity(Box<IdentityError>),
    /// A file of certificates cannot be used.
    #[error("{} names {}, which {}", .0.variable, .0.path.display(), .0.problem)]
    Certificates(CertificatesError),
    /// A variable that is to name a proxy does not.
    #[error("{0} names no proxy")]
    Proxy(String),
    /// What the environment or the profile gives is no region's name.
    #[error("{0:?} is not a region")]
    Region(String),
    /// The store refused, or failed.
    #[error(transparent)]
    Store(Box<store::Error>),
    /// A push failed when requests of it had been sent.
    #[error("the push failed")]
    Push(#[source] Box<PushFailure>),
    /// A promotion failed at one of its two sides.
    #[error("the promotion failed at its {}", .0.side.name())]
    Promotion(#[source] Box<PromotionFailure>),
    /// A rollback of the head failed.
    #[error("the rollback failed")]
    Rollback(#[source] Box<RollbackFailure>),
    /// A purge broke off when it had begun.
    #[error("the purge was interrupted")]
    Purge(#[source] Box<PurgeFailure>),
    /// A move of a channel failed when it may have taken effect.
    #[error("the move of {} failed", .0.channel)]
    Channel(#[source] Box<ChannelFailure>),
    /// What a channel points at is damaged.
    #[error("what {} points at is damaged", .0.channel)]
    ChannelTarget(#[source] Box<DamagedTarget>),
    /// A purge has left something that it could not remove.
    #[error("the purge is not finished")]
    Unpurged(Box<Unpurged>),
    /// Others have changed the same things of the head since they were last seen.
    #[error("others have changed the head")]
    ChangedByOthers(Box<OthersChanges>),
    /// The run was told to end before it was done.
    #[error("the run was cancelled by {0}")]
    Cancelled(Signal),
    /// The step took too long.
    #[error("the step took longer than {limit:?}")]
    Deadline {
        /// The time that it had.
        limit: Duration,
        /// What it was waiting for when the time was over; none while it was busy itself.
        wait: Option<Wait>,
        /// How many things more it was waiting for.
        others: usize,
    },
}

/// What a push that failed may have left in its bucket.
#[derive(Debug, thiserror::Error)]
#[error("what is published: {stage:?}")]
pub struct PushFailure {
    /// How far it had come.
    pub stage: Stage,
    /// What was pushed to.
    pub location: Location,
    /// Whether it replaces what was there: the head, or a version by an overwrite.
    pub replaces: bool,
    /// What failed.
    #[source]
    pub cause: Error,
}

/// What failed at one side of a promotion.
#[derive(Debug, thiserror::Error)]
#[error("{} of {} in {}", .location.version, .location.context, .location.bucket)]
pub struct PromotionFailure {
    /// The side.
    pub side: Side,
    /// Where it is.
    pub location: Location,
    /// What failed.
    #[source]
    pub cause: Error,
}

/// What failed of a rollback.
#[derive(Debug, thiserror::Error)]
#[error("the head of {} in {}", .location.context, .location.bucket)]
pub struct RollbackFailure {
    /// How far it had come.
    pub stage: Stage,
    /// The head.
    pub location: Location,
    /// Whether a version was named; else the same again would undo what another push has done, or this one.
    pub has_version: bool,
    /// What failed.
    #[source]
    pub cause: Error,
}

/// What ended a purge.
#[derive(Debug, thiserror::Error)]
#[error("{} of {} in {}", .location.version, .location.context, .location.bucket)]
pub struct PurgeFailure {
    /// What was being purged.
    pub location: Location,
    /// How far it had come.
    pub reached: PurgeReached,
    /// What was to go, and is not known to be gone.
    pub left: Vec<ListedVersion>,
    /// What failed.
    #[source]
    pub cause: Error,
}

/// A version at which a channel points, and which is damaged.
#[derive(Debug, thiserror::Error)]
#[error("the channel {channel} points at {version}")]
pub struct DamagedTarget {
    /// The channel.
    pub channel: ChannelName,
    /// The version.
    pub version: VersionName,
    /// The damage.
    #[source]
    pub cause: Error,
}

/// What failed when a channel was, or may have been, moved.
#[derive(Debug, thiserror::Error)]
#[error("the channel {channel} of {context}")]
pub struct ChannelFailure {
    /// The context.
    pub context: Context,
    /// The channel.
    pub channel: ChannelName,
    /// Whether it is known that it was moved.
    pub is_moved: bool,
    /// Whether it was to go back to where it was before, so that the same again would go back further.
    pub goes_back: bool,
    /// What failed.
    #[source]
    pub cause: Error,
}
