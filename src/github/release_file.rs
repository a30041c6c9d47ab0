use serde::Deserialize;

/// A file of a release.
#[derive(Debug, Deserialize)]
pub(super) struct ReleaseFile {
    pub(super) id: u64,
    pub(super) name: Option<String>,
    /// `sha256:` and the digest; none of one that was uploaded before GitHub said it.
    pub(super) digest: Option<String>,
}
