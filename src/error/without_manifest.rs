//! What has no manifest, since the Go cStore pushed it.

use crate::name::{Context, VersionName, VersionRequest};

/// What the Go cStore pushed, and what needs a manifest therefore cannot use.
#[derive(Debug, Clone)]
pub struct WithoutManifest {
    /// The context.
    pub context: Context,
    /// What was asked for. It is there, unless `named` has something.
    pub asked: VersionRequest,
    /// The versions that the catalog names, of which what was asked for is none.
    pub named: Vec<VersionName>,
}
