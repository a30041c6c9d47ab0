use crate::command::Location;
use crate::name::{ChannelName, ConfigPath};

/// A config key that is not there.
#[derive(Debug, Clone)]
pub struct NoSuchKey {
    /// The key, as it was asked for.
    pub key: String,
    /// A key that is there, and was probably meant.
    pub meant: Option<String>,
    /// Where it was looked for.
    pub searched: Searched,
    /// Files that were not searched, and have it.
    pub elsewhere: Vec<ConfigPath>,
    /// A channel of that name, whose history was probably meant.
    pub channel: Option<ChannelName>,
}

/// Where a config key was looked for.
#[derive(Debug, Clone)]
pub enum Searched {
    /// In the files of a version, or of the head.
    Files(Location),
    /// In some of these files, which were chosen.
    Chosen(Location),
    /// In a history.
    Versions {
        /// Whose history it is.
        location: Location,
        /// How many versions there were; none if the history was searched as a whole.
        last: Option<usize>,
    },
}
