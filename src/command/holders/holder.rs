//! What a search for content or a value finds.

use std::collections::HashMap;

use crate::command::Location;
use crate::name::{ChannelName, ConfigPath, Context, VersionName};
use crate::s3::VersionId;
use crate::store::{self, PurgeBase};

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
    /// The channels that point at what a purge of the value removes, each with its version; why it may not be removed,
    /// where they keep it.
    pub channels: Result<Vec<(ChannelName, VersionName)>, store::Error>,
}

impl Holders {
    /// Whether a purge of the value leaves it: it is the head's, another context's, or nothing that is listed.
    #[must_use]
    pub fn stays(&self, holder: &Holder) -> bool {
        holder.version.is_none() || holder.unlisted.is_some() || holder.context != self.location.context
    }

    /// The versions that a purge of the value removes, in the order in which they go. The one that the value was read from
    /// is the last, so that the same purge again finds what one that broke off has left.
    #[must_use]
    pub fn going(&self) -> Vec<VersionName> {
        let mut going: Vec<VersionName> = Vec::new();
        for version in
            self.found.iter().filter(|holder| !self.stays(holder)).filter_map(|holder| holder.version.as_ref())
        {
            if !going.contains(version) {
                going.push(version.clone());
            }
        }
        going.sort_by_key(|version| self.location.version == version.as_str());
        going
    }
}
