use saphyr_parser::{Marker, ScanError};

/// Why a text is not read as YAML, and where. It quotes no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct YamlError {
    /// From 1.
    pub(crate) line: usize,
    /// In characters, from 1.
    pub(crate) column: usize,
    pub(crate) problem: YamlProblem,
}

/// What is wrong with a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum YamlProblem {
    /// It breaks YAML's grammar. The parser's own words, which quote nothing of the text.
    Syntax(String),
    /// Lists and maps lie too deep in each other.
    TooDeep,
    /// There are more values, or far more tokens, than there may be.
    TooManyValues,
    /// A second document begins here.
    SecondDocument,
    /// An alias stands inside the very node that it names.
    AliasInItself,
    /// A map has a key twice.
    KeyTwice {
        /// The key, shortened.
        key: String,
        /// The line of the first, from 1.
        first_line: usize,
    },
}

impl YamlProblem {
    pub(super) fn at(self, marker: &Marker) -> YamlError {
        YamlError { line: marker.line(), column: marker.col() + 1, problem: self }
    }
}

impl From<&ScanError> for YamlError {
    fn from(error: &ScanError) -> Self {
        let problem = match error.info() {
            info if info.contains("recursion limit") => YamlProblem::TooDeep,
            // The one message of the parser that quotes the text.
            info if info.starts_with("unexpected character") => YamlProblem::Syntax("unexpected character".to_owned()),
            info => YamlProblem::Syntax(info.to_owned()),
        };
        problem.at(error.marker())
    }
}
