//! What can be wrong with a catalog, with the line that is at fault.

use crate::yaml::{YamlError, YamlProblem};

/// Why a catalog, or an entry that was asked for, cannot be used, and where.
///
/// Messages name fields, paths as the catalog writes them, and variables, but never the value of a variable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {kind}")]
pub struct CatalogError {
    /// The line in the catalog, from 1.
    pub line: usize,
    /// What is wrong there.
    pub kind: CatalogErrorKind,
}

/// What is wrong with a catalog or with one of its entries.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CatalogErrorKind {
    /// More than 1 MiB.
    #[error("it is larger than 1 MiB")]
    TooLarge,
    /// Bytes that are no UTF-8.
    #[error("it is not UTF-8 text")]
    NotUtf8,
    /// A merge was not finished.
    #[error("it has unresolved merge conflict markers")]
    MergeMarks,
    /// Not YAML.
    #[error("it is not valid YAML at column {column}{}{rule}", if rule.is_empty() { "" } else { ": " })]
    Syntax {
        /// From 1, in characters.
        column: usize,
        /// What was found and what is expected, as a clause; empty where only the place is known.
        rule: &'static str,
    },
    /// Lists and maps in each other, more than 32 levels.
    #[error("it is nested too deeply")]
    TooDeep,
    /// More than one YAML document.
    #[error("a second document begins here; a catalog is one document")]
    SecondDocument,
    /// A mapping has a key twice.
    #[error("the key {key:?} is given twice (first on line {first})")]
    KeyTwice {
        /// The key.
        key: String,
        /// The line of the first.
        first: usize,
    },
    /// `&a [*a]`.
    #[error("an alias is inside the node that it names")]
    AliasInItself,
    /// Reading would take out of all proportion to the text.
    #[error("its aliases expand to too much")]
    TooMuch,
    /// A field holds the wrong kind of thing.
    #[error("{field} must be {expected}, not {found}")]
    Shape {
        /// The field, or "a catalog", "an entry of files".
        field: &'static str,
        /// "a string", "a list", …
        expected: &'static str,
        /// "a string", "a map", …
        found: &'static str,
    },
    /// A generation that is not read.
    #[error("version {version:?} is not one that can be read (v2, v3 and v4 are)")]
    UnknownVersion {
        /// As the catalog says.
        version: String,
    },
    /// The context is no safe prefix of a key.
    #[error("the context cannot be used: {rule}")]
    Context {
        /// The rule that it breaks, as a clause.
        rule: &'static str,
    },
    /// The channel has no channel's name.
    #[error("the channel cannot be used: {rule}")]
    Channel {
        /// The rule that it breaks, as a clause.
        rule: &'static str,
    },
    /// What names a bucket is no bucket's name.
    #[error("{name:?} is not a valid bucket name")]
    Bucket {
        /// As the catalog says.
        name: String,
    },
    /// What names a KMS key is no key's id, ARN or alias.
    #[error("{name:?} is not the id, ARN or alias of a KMS key")]
    KmsKey {
        /// As the catalog says.
        name: String,
    },
    /// A context, a bucket or a KMS key with a variable in it.
    #[error("{field} has a variable, and only paths may have variables")]
    VariableElsewhere {
        /// "the context", …
        field: &'static str,
    },
    /// A bucket or a KMS key with characters that nothing shows, such as line breaks.
    #[error("{field} has characters that cannot be shown")]
    Hidden {
        /// "the bucket", …
        field: &'static str,
    },
    /// An entry without a path.
    #[error("an entry of files has no path{}", .meant.as_ref().map(|name| format!("; did you mean path, and not {name:?}?")).unwrap_or_default())]
    NoPath {
        /// The field that was probably meant to be its path.
        meant: Option<String>,
    },
    /// The same path in two entries.
    #[error("the path {path:?} is listed twice (first on line {first})")]
    PathTwice {
        /// The path.
        path: String,
        /// The line of the first.
        first: usize,
    },
    /// A variable in a path that the environment does not have.
    #[error("the path {path:?} needs the variable {name}, which is not set")]
    VariableMissing {
        /// The variable.
        name: String,
        /// The path as the catalog writes it.
        path: String,
    },
    /// A variable in a path that paths may not name.
    #[error("the path {path:?} needs the variable {name}, which `variables` does not list")]
    VariableNotListed {
        /// The variable.
        name: String,
        /// The path as the catalog writes it.
        path: String,
    },
    /// A variable that holds credentials of the job, which may not become a part of a key.
    #[error("the path {path:?} asks for the variable {name}, which may hold credentials and is not put into paths")]
    VariableRefused {
        /// The variable.
        name: String,
        /// The path as the catalog writes it.
        path: String,
    },
    /// `${` without a name and a brace.
    #[error("the path {path:?} has a `${{` that no variable's name and `}}` follow")]
    VariableMalformed {
        /// The path as the catalog writes it.
        path: String,
    },
    /// The path, its variables replaced, breaks a rule.
    #[error("the path {path:?} cannot be used: {rule}")]
    Path {
        /// The path as the catalog writes it.
        path: String,
        /// The rule.
        rule: &'static str,
    },
    /// An entry links a catalog that is not there.
    #[error("it links the catalog {path:?}, which does not exist")]
    NoLinkedCatalog {
        /// Its path, relative to this catalog's folder.
        path: String,
    },
    /// A store other than S3.
    #[error("the path {path:?} is kept in the store {store:?}; only aws-s3 is supported")]
    Store {
        /// The path as the catalog writes it.
        path: String,
        /// The store's name.
        store: String,
    },
}

impl CatalogErrorKind {
    pub(crate) fn at(self, line: usize) -> CatalogError {
        CatalogError { line, kind: self }
    }
}

impl From<YamlError> for CatalogError {
    fn from(error: YamlError) -> Self {
        let kind = match error.problem {
            YamlProblem::Syntax(rule) => CatalogErrorKind::Syntax { column: error.column, rule },
            YamlProblem::TooDeep => CatalogErrorKind::TooDeep,
            YamlProblem::TooManyValues => CatalogErrorKind::TooLarge,
            YamlProblem::SecondDocument => CatalogErrorKind::SecondDocument,
            YamlProblem::AliasInItself => CatalogErrorKind::AliasInItself,
            YamlProblem::KeyTwice { key, first_line } => CatalogErrorKind::KeyTwice { key, first: first_line },
        };
        kind.at(error.line)
    }
}
