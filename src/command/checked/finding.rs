//! What is wrong with files that lie here.

use crate::config::{MissingKey, SchemaFailure};
use crate::error::Error;
use crate::name::ConfigPath;

/// Something that is wrong.
#[derive(Debug)]
pub enum FileFinding {
    /// A file cannot be read as what it is, or used as what it is to be.
    Error(Error),
    /// A key.
    Key(KeyFinding),
}

/// A key that is not what it is to be.
#[derive(Debug)]
pub struct KeyFinding {
    /// What is wrong.
    pub problem: KeyProblem,
    /// The file to look at, in the workspace; none where there is no one.
    pub file: Option<ConfigPath>,
    /// The line in it, from 1, where it is known.
    pub line: Option<usize>,
}

/// What is wrong with a key. It holds no value.
#[derive(Debug)]
pub enum KeyProblem {
    /// It is required, and missing or empty.
    Required(MissingKey),
    /// A template has it, and no file does.
    NotInFiles {
        /// The key.
        key: String,
        /// The template's path in the workspace.
        template: ConfigPath,
    },
    /// A file has it, and the template, which is to have all, does not.
    NotInTemplate {
        /// The key.
        key: String,
        /// The template's path in the workspace.
        template: ConfigPath,
    },
    /// Its value, or that it is there or is not, breaks a rule of a schema.
    Schema {
        /// The schema's path in the workspace.
        schema: ConfigPath,
        /// The rule.
        failure: SchemaFailure,
    },
    /// It is to be on both of two sides, and is not on this one.
    NotOnBoth {
        /// The key.
        key: String,
        /// The file or folder that lacks it, relative to the catalog.
        side: ConfigPath,
    },
}
