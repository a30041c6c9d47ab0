use saphyr_parser::{Marker, ScanError};

/// Why a text cannot be read as YAML, and where. It quotes no value.
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
    /// It breaks YAML's grammar: what was found and what is expected, as a clause; empty where only the place is known.
    Syntax(&'static str),
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
            info => YamlProblem::Syntax(rule_of(info)),
        };
        problem.at(error.marker())
    }
}

/// The parser's message in our own words, by the first row whose key occurs in it; empty if there is none. The parser's
/// message itself may quote the text.
fn rule_of(words: &str) -> &'static str {
    const KNOWN: [(&str, &str); 22] = [
        // Before "tab", which is a part of it.
        ("unprintable", "there is a control character, which can only be written as an escape in double quotes"),
        ("tab", "a tab is used where only spaces may indent"),
        ("unknown anchor", "an alias names an anchor that is not there"),
        ("found unexpected end of stream", "a quoted text is not closed"),
        ("unexpected eof", "the file ends where more is expected"),
        ("unknown escape character", "there is an unknown escape in double quotes"),
        ("escape code", "an escape in double quotes is not a character"),
        ("hexadecimal", "an escape in double quotes has other characters than hexadecimal digits"),
        ("mapping values are not allowed", "there is a `: ` where none can be; a value that holds one needs quotes"),
        ("mapping keys are not allowed", "there is a `? ` where none can be; a value that begins so needs quotes"),
        (
            "block sequence entries are not allowed",
            "a list begins on the line of something else; begin it on its own line",
        ),
        ("trailing content", "there is text after the closing quote"),
        ("expected ',' or ']'", "a `,` or `]` is missing"),
        ("expected ',' or '}'", "a `,` or `}` is missing"),
        ("simple key expect", "a `:` is missing after a key"),
        ("did not find expected key", "a key is missing, or a line is not indented like those before it"),
        ("expected '-' indicator", "a `-` is missing, or a line is not indented like those before it"),
        ("must be followed by", "a space is missing after a `-` or a `:`"),
        ("bracket", "a bracket is closed that was not opened"),
        ("expected node content", "a value is missing"),
        ("indent", "a line is not indented as it must be"),
        ("unexpected character", "a value cannot begin with the character that stands there, unless it is in quotes"),
    ];
    KNOWN.iter().find(|(part, _)| words.contains(part)).map_or("", |(_, rule)| rule)
}
