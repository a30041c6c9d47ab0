use std::fmt;

use crate::name::{Context, Digest, NameError, VersionName, VersionRequest, is_deceptive};

/// The format's number. A file of a higher one was written by a newer version of the tool, which may mean more by it.
pub(super) const FORMAT: i64 = 1;

/// The fields of an entry, in the order in which they are written.
pub(super) const FIELDS: [&str; 5] = ["context", "requirement", "version", "digest", "settings"];

/// How the names of linked catalogs' entries begin.
pub(crate) const OF_LINKED: &str = "default/";

/// What a lock file calls an entry: `default`, what a person has chosen, or for the context of a linked catalog
/// `default/CONTEXT`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LockName(String);

impl LockName {
    const KIND: &'static str = "name of a lock's entry";
    /// The longest name, in bytes: that of a linked context, whose own is part of an object's key.
    const MAX_BYTES: usize = 1024;

    /// A name that a person chooses.
    ///
    /// # Errors
    /// What could not stand in a line of its own without quotes.
    pub fn new(text: &str) -> Result<Self, NameError> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        if text.is_empty() || text.len() > 64 || !text.bytes().all(is_plain) {
            let rule = "use 1 to 64 letters, digits and the characters _ -";
            return Err(NameError::new(Self::KIND, text, rule));
        }
        Ok(Self(text.to_owned()))
    }

    /// A name in a file.
    ///
    /// # Errors
    /// What is empty, too long, or could disturb a log or a terminal.
    pub(super) fn from_file(text: &str) -> Result<Self, NameError> {
        if text.is_empty() || text.len() > Self::MAX_BYTES || text.chars().any(is_deceptive) {
            return Err(NameError::new(Self::KIND, text, "it is empty, too long or holds control characters"));
        }
        Ok(Self(text.to_owned()))
    }

    /// The entry for the context that a run works on.
    #[must_use]
    pub fn default_entry() -> Self {
        Self("default".to_owned())
    }

    /// The entry for a catalog that the first one links to.
    #[must_use]
    pub fn of_linked(context: &Context) -> Self {
        Self(format!("{OF_LINKED}{context}"))
    }

    /// Whether it is the entry for the context that a run works on.
    #[must_use]
    pub fn is_default(&self) -> bool {
        self.0 == "default"
    }

    /// Whether it is that of a catalog that the first one links to.
    #[must_use]
    pub fn is_of_linked(&self) -> bool {
        self.0.starts_with(OF_LINKED)
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for LockName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An entry that a file could have besides its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// A name that no entry has.
    pub name: LockName,
    /// What it would lock.
    pub context: Context,
    /// Whether the entry `default` is there, and of which context: of the same, or of another.
    pub beside_default: Option<bool>,
    /// Whether locking the entry `default` again locks this as well: it is of a linked catalog, and asked for alike.
    pub comes_with_default: bool,
}

/// What one requirement was resolved to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockEntry {
    /// Whose configuration.
    pub context: Context,
    /// What was asked for.
    pub requirement: VersionRequest,
    /// Which version that is; none for the head.
    pub version: Option<VersionName>,
    /// What it holds.
    pub content: LockedContent,
}

impl LockEntry {
    /// The version's name, or `head`.
    #[must_use]
    pub fn version_name(&self) -> &str {
        self.version.as_ref().map_or("head", VersionName::as_str)
    }

    /// Whether the version is one that the requirement can be resolved to.
    pub(super) fn is_consistent(&self) -> bool {
        match (&self.requirement, &self.version) {
            (VersionRequest::Head, None) => true,
            (VersionRequest::Exact(name), Some(version)) => name == version,
            (VersionRequest::Matching(requirement), Some(version)) => requirement.allows(version),
            (VersionRequest::Channel(_), Some(_)) => true,
            _ => false,
        }
    }
}

/// What decides which bytes a pull delivers, and how it reads them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LockedContent {
    /// Of paths and bytes: the configuration's digest.
    pub digest: Digest,
    /// Of what the manifest says of the files besides, and a pull goes by: types and tags.
    pub settings: Digest,
}
