use super::{BrokenPromise, Location};
use crate::catalog::UnmatchedTypes;
use crate::config::{Selected, UnknownKey, UnreadFile, Warning};
use crate::format::Format;
use crate::name::{ChannelName, ConfigPath, Context, VersionName};
use crate::store::ReplacedKey;

/// Something that a person should know of a run that succeeded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// There is no manifest; the files were read in the Go cStore's layout. Where, if that is one side of two.
    GoLayout(Option<Location>),
    /// Head files that another tool wrote after the last push.
    Unmanaged {
        /// The files.
        paths: Vec<ConfigPath>,
        /// Whose head it is, if that is one side of two.
        side: Option<Location>,
    },
    /// Keys that are no outputs, since their names belong to the action's own.
    ReservedNames {
        /// The keys.
        keys: Vec<String>,
        /// Whether no line of `keys` includes a key, so that all are.
        starts_with_all: bool,
    },
    /// Lines of `keys` that match no key.
    UnmatchedKeys {
        /// The keys and patterns on them.
        lines: Vec<UnknownKey>,
        /// Whether no key is left to deliver.
        leaves_none: bool,
    },
    /// Lines of `types` that match no file.
    UnmatchedTypes(UnmatchedTypes),
    /// A pulled file that cannot be read, and so has no keys.
    Unread(UnreadFile),
    /// Values of a pulled file that nothing can deliver: the file, and their keys.
    Undeliverable(ConfigPath, Vec<String>),
    /// The formatted file holds keys in clear text that look like secrets.
    ClearText {
        /// The form that was asked for.
        format: Format,
        /// The form to take for them.
        instead: Format,
        /// The keys, as the form names them.
        keys: Vec<String>,
    },
    /// Keys that the template does not know.
    NotInTemplate(ConfigPath, Vec<String>),
    /// A file that can be read though it is encrypted with this tool.
    Encrypted(ConfigPath, &'static str),
    /// Something odd in a file that is no error.
    Odd {
        /// The file's path: in the workspace, or of a pulled file relative to the catalog.
        path: ConfigPath,
        /// What is odd.
        warning: Warning,
        /// Whether the file was read in the workspace.
        is_in_workspace: bool,
    },
    /// Something odd in a catalog that is no error.
    OddCatalog {
        /// The catalog's path in the workspace.
        path: ConfigPath,
        /// The line, from 1.
        line: usize,
        /// What is odd, as a clause.
        what: String,
    },
    /// The bucket does not keep versions.
    Unversioned,
    /// Paths that another push took over while this one ran.
    Superseded(Vec<ConfigPath>),
    /// Pushed files that are encrypted with another KMS key than the recorded one, which the new one replaces there,
    /// too.
    KmsKeysReplaced(Vec<ReplacedKey>),
    /// Channels that point at a version as it was before it was overwritten.
    ChannelsLeft {
        /// The version.
        version: VersionName,
        /// The channels.
        channels: Vec<ChannelName>,
        /// Where they are, if that is another place than the command's own.
        elsewhere: Option<Location>,
        /// Whether it is only to be overwritten.
        dry_run: bool,
    },
    /// No version is published for a context.
    NothingPublished {
        /// The context.
        context: Context,
        /// The bucket.
        bucket: String,
        /// The versions that the catalog names: the Go cStore's leave no other trace.
        in_catalog: Vec<VersionName>,
    },
    /// Nothing was in a context before something was promoted to it: its name may be a typing error.
    NewContext {
        /// The context.
        context: Context,
        /// The bucket.
        bucket: String,
    },
    /// Versions that the catalog names, and of which no manifest says that they are there.
    CatalogVersions,
    /// Folders of a bucket that were not looked into for contexts, as there are too many.
    TooManyFolders,
    /// Files of a published version that were gone, and are there again.
    Repaired(Vec<ConfigPath>),
    /// Files of which both sides changed what has no key, and the own is kept.
    RestNotMerged(Vec<ConfigPath>),
    /// Linked catalogs that a push leaves alone.
    LinksNotPushed(Vec<String>),
    /// Linked catalogs that a pull leaves alone, since an input names the context.
    LinksNotPulled(Vec<String>),
    /// Linked catalogs that a diff leaves alone.
    LinksNotCompared(Vec<String>),
    /// Files that the Go cStore has pushed to the head, and that its manifest does not list.
    Unlisted(Vec<ConfigPath>),
    /// A file that two catalogs list, or have in their contexts, so that no pull takes it.
    OfTwoCatalogs {
        /// The file's path, relative to the first catalog.
        path: ConfigPath,
        /// The two catalogs.
        catalogs: [ConfigPath; 2],
    },
    /// Files in a `.git` folder that nobody has named one by one. They are left out of a comparison with what lies
    /// here.
    GitNotCompared(Vec<ConfigPath>),
    /// The manifest of a version that nobody asked for cannot be read.
    UnreadableManifest {
        /// The version.
        version: VersionName,
        /// Why, as a clause. Not yet cleaned for a log.
        why: String,
    },
    /// The head of a context has nothing, so that all of the other side is new, or gone.
    NothingInHead {
        /// The context.
        context: Context,
        /// Whether a reference names it, perhaps with a typing error.
        is_named: bool,
    },
    /// Files that the head may have, though its manifest does not list them: S3 refuses to tell.
    Untold {
        /// The files.
        paths: Vec<ConfigPath>,
        /// Whose head it is.
        side: Option<Location>,
        /// The IAM action that was denied.
        action: &'static str,
    },
    /// Files of a push give one name different values, so a pull has to choose among them.
    Disagreement {
        /// Keys that several files have.
        keys: Vec<String>,
        /// The first two keys of two files that give one output, as an error says it.
        same_output: Option<String>,
    },
    /// Values were asked for, and there are none.
    NoValues {
        /// The raw files, which have no keys.
        raw: Vec<ConfigPath>,
        /// Whether there are keys, none of which is selected.
        has_keys: bool,
    },
    /// Pushed files that a pull writes only where it names them one by one.
    ToBeNamed(Vec<ConfigPath>),
    /// The keys that a push changes are not known, as what is published could not be read.
    ChangesUnknown {
        /// The IAM action that was denied, when that is why.
        denied: Option<&'static str>,
    },
    /// The keys of a version are not what its number promises.
    BrokenPromise(BrokenPromise),
    /// The catalog was written.
    CatalogWritten(ConfigPath),
    /// The catalog would be written by the push, which was not to be done.
    CatalogToWrite(ConfigPath),
    /// Files whose types in the manifest do not count, as a digest pins their bytes.
    RecordedTypes(Vec<ConfigPath>),
    /// Files that are restored elsewhere than at an alternate path that was recorded for them.
    AlternatePaths(Vec<PassedOver>),
    /// A file that was replaced could not be removed from beside its successor, and why.
    BackupLeft(String),
}

impl Note {
    /// The side that it is about, of two that are compared: its context and bucket need not be the command's own.
    #[must_use]
    pub const fn side(&self) -> Option<&Location> {
        match self {
            Self::GoLayout(side) | Self::Unmanaged { side, .. } | Self::Untold { side, .. } => side.as_ref(),
            _ => None,
        }
    }

    /// The note on keys that cannot be outputs, if there are any.
    pub(super) fn from_reserved(outputs: &Selected) -> Option<Self> {
        let keys: Vec<_> = outputs.reserved().into_iter().map(ToOwned::to_owned).collect();
        (!keys.is_empty()).then(|| Self::ReservedNames { keys, starts_with_all: outputs.starts_with_all() })
    }
}

/// A file with an alternate path that does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassedOver {
    /// The file.
    pub path: ConfigPath,
    /// Where it is restored, relative to the workspace.
    pub destination: ConfigPath,
    /// The alternate path, relative to the catalog.
    pub alternate: ConfigPath,
}
