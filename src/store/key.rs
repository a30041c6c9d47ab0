use crate::name::{ChannelName, ConfigPath, Context, NameError, RESERVED_SEGMENT, VersionName};
use crate::s3::Key;

/// Where everything of one context lies:
///
/// ```text
/// {context}/{path}                              head files        (the Go cStore's own layout)
/// {context}/{version}/{path}                    a version's files (the Go cStore's own layout)
/// {context}/.cstore/head.json                   the head's manifest
/// {context}/.cstore/versions/{version}.json     a version's manifest
/// {context}/.cstore/settings.json               what pushes remember: encryption, by path and for the context
/// {context}/.cstore/claims/{version}.json       which content is being pushed under that name, and by whom
/// {context}/.cstore/channels/{channel}.json     which version a channel points at, and at which it pointed before
/// {context}/.cstore/conditions.json             says nothing: pushes of the head try on it whether a service other than
///                                               AWS's honours the conditions of puts
/// ```
#[derive(Debug, Clone)]
pub struct Keys {
    context: Context,
}

impl Keys {
    pub(super) const fn new(context: Context) -> Self {
        Self { context }
    }

    /// The context.
    #[must_use]
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// A file, of a version or of the head.
    ///
    /// # Errors
    /// When the key would be too long for S3.
    pub fn file(&self, version: Option<&VersionName>, path: &ConfigPath) -> Result<Key, NameError> {
        Key::new(match version {
            Some(version) => format!("{}/{version}/{path}", self.context),
            None => format!("{}/{path}", self.context),
        })
    }

    /// The manifest of a version or of the head.
    ///
    /// # Errors
    /// When the key would be too long for S3.
    pub fn manifest(&self, version: Option<&VersionName>) -> Result<Key, NameError> {
        match version {
            Some(version) => Key::new(format!("{}{version}.json", self.versions_prefix())),
            None => self.own("head.json"),
        }
    }

    pub(super) fn settings(&self) -> Result<Key, NameError> {
        self.own("settings.json")
    }

    pub(super) fn claim(&self, version: &VersionName) -> Result<Key, NameError> {
        self.own(&format!("claims/{version}.json"))
    }

    /// A channel.
    ///
    /// # Errors
    /// When the key would be too long for S3.
    pub fn channel(&self, name: &ChannelName) -> Result<Key, NameError> {
        Key::new(format!("{}{name}.json", self.channels_prefix()))
    }

    pub(super) fn conditions(&self) -> Result<Key, NameError> {
        self.own("conditions.json")
    }

    /// What the keys of a version's files begin with; also those of the head's files in a folder of that name.
    pub(super) fn version_prefix(&self, version: &VersionName) -> String {
        format!("{}/{version}/", self.context)
    }

    pub(crate) fn versions_prefix(&self) -> String {
        format!("{}/{RESERVED_SEGMENT}/versions/", self.context)
    }

    pub(crate) fn channels_prefix(&self) -> String {
        format!("{}/{RESERVED_SEGMENT}/channels/", self.context)
    }

    /// Whether a key is that of a channel.
    pub(crate) fn is_channel(key: &Key) -> bool {
        key.as_str().contains(&format!("/{RESERVED_SEGMENT}/channels/"))
    }

    /// Whether a key is that of an object of this tool's own, which holds no config value: a manifest, a claim,
    /// settings.
    #[must_use]
    pub fn is_document(key: &str) -> bool {
        key.contains(&format!("/{RESERVED_SEGMENT}/"))
    }

    /// Whether a key is that of a document of one version, which an overwrite of the version replaces.
    pub(crate) fn is_of_version(key: &Key) -> bool {
        Self::is_manifest_of_version(key) || Self::is_claim(key)
    }

    /// Whether a key is that of a version's claim.
    pub(crate) fn is_claim(key: &Key) -> bool {
        key.as_str().contains(&format!("/{RESERVED_SEGMENT}/claims/"))
    }

    /// Whether a key is that of a version's manifest.
    pub(crate) fn is_manifest_of_version(key: &Key) -> bool {
        key.as_str().contains(&format!("/{RESERVED_SEGMENT}/versions/"))
    }

    fn own(&self, name: &str) -> Result<Key, NameError> {
        Key::new(format!("{}/{RESERVED_SEGMENT}/{name}", self.context))
    }
}
