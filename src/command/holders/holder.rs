//! What a search for content or a value finds.

use std::collections::HashMap;

use crate::command::Location;
use crate::name::{ConfigPath, Context, VersionName};
use crate::s3::VersionId;
use crate::store::PurgeBase;

/// A file that holds what was looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Whose it is.
    pub context: Context,
    /// The version; none for the head.
    pub version: Option<VersionName>,
    /// The file.
    pub path: ConfigPath,
    /// The S3 version that the manifest does not list; none for what it lists.
    pub unlisted: Option<VersionId>,
}

/// What was found.
#[derive(Debug)]
pub struct Holders {
    /// Where the value, or the content, is from.
    pub location: Location,
    /// By context, that of the location first, and in it by version.
    pub found: Vec<Holder>,
    /// What could not be read, each with why, as a name and a clause in brackets.
    pub not_read: Vec<String>,
    /// Of the versions of the location's context that hold it, for a purge of just what was found.
    pub bases: HashMap<VersionName, PurgeBase>,
}
