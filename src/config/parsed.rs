use super::value::Entry;

/// The content of a config file.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    /// Its values, in the order of the file.
    pub entries: Vec<Entry>,
    /// What a reader of the log should know though it is no error.
    pub warnings: Vec<Warning>,
}

/// Something unexpected in a config file that is no error.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Warning {
    /// A JSON file must hold a value; an empty one is taken as one without keys all the same.
    #[error("the file is empty")]
    Empty,
    /// A list or a single value is the whole document, and so nothing in it has a key.
    #[error("the document is not a map, so it has no keys")]
    NotAMap,
    /// A key, its parts joined, is longer than can be a name: left out, with all that lies below it.
    #[error("line {line}: the key that begins with {beginning:?} is longer than 1,024 bytes")]
    KeyTooLong {
        /// The first characters of the key.
        beginning: String,
        /// Its line, from 1; 0 where that is unknown.
        line: usize,
    },
    /// A YAML tag that is not of the core schema. What it stands before is taken as if it were not there.
    #[error("line {line}: an unknown tag is ignored")]
    UnknownTag {
        /// The line of the first one.
        line: usize,
    },
}
