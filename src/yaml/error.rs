use granit_parser::{ErrorKind, Marker, ScanError};

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
    /// There are more values than there may be.
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
        let problem = match error.kind() {
            ErrorKind::RecursionLimitExceeded => YamlProblem::TooDeep,
            kind => YamlProblem::Syntax(rule_of(kind)),
        };
        problem.at(error.marker())
    }
}

/// The rule that is broken, in our own words; empty where only the place is known.
#[allow(clippy::enum_glob_use)] // seventy of them
fn rule_of(kind: &ErrorKind) -> &'static str {
    use ErrorKind::*;
    match kind {
        UnexpectedCharacter { character } if character.is_control() => {
            "there is a control character, which can only be written as an escape in double quotes"
        }
        UnexpectedCharacter { .. } => "a value cannot begin with this character, unless it is in quotes",
        TabNotAllowed | TabInBlockIndentation | TabAtBlockScalarStart | TabInIndentation | TabInPlainScalar => {
            "a tab is used where only spaces may indent"
        }
        UnknownAnchor => "an alias names an anchor that is not there",
        UnclosedQuotedScalar | DocumentIndicatorInQuotedScalar => "a quoted text is not closed",
        UnexpectedEof | UnexpectedEofBlockSequence | UnexpectedEofBlockMapping => {
            "the file ends where more is expected"
        }
        // The parser says so of a comma too many as well.
        UnexpectedEofFlowSequence | UnexpectedEofFlowMapping | UnexpectedEofImplicitFlowMapping => {
            "a value is missing between brackets, or a bracket is not closed"
        }
        UnclosedFlowCollection { .. } => "this bracket is not closed",
        UnknownQuotedScalarEscape => "there is an unknown escape in double quotes",
        InvalidQuotedScalarHexEscape | InvalidLowSurrogateHexEscape => {
            "an escape in double quotes has other characters than hexadecimal digits"
        }
        InvalidUnicodeEscape | InvalidLowSurrogate | MissingLowSurrogate | UnpairedLowSurrogate => {
            "an escape in double quotes is not a character"
        }
        MappingValueNotAllowed | InvalidColonPlacement => {
            "there is a `: ` where none can be; a value that holds one needs quotes"
        }
        MappingKeyNotAllowed => "there is a `? ` where none can be; a value that begins so needs quotes",
        BlockSequenceEntryNotAllowed | BlockEntryInFlowCollection => {
            "a list begins on the line of something else; begin it on its own line"
        }
        InvalidTrailingSingleQuotedScalar | InvalidTrailingDoubleQuotedScalar => {
            "there is text after the closing quote"
        }
        ExpectedFlowSequenceSeparator => "a `,` or `]` is missing",
        ExpectedFlowMappingSeparator => "a `,` or `}` is missing",
        SimpleKeyExpected | InvalidSimpleKey => "a `:` is missing after a key",
        ExpectedBlockMappingKey => "a key is missing, or a line is not indented like those before it",
        ExpectedBlockSequenceEntry => "a `-` is missing, or a line is not indented like those before it",
        InvalidBlockEntryWhitespace | InvalidMappingValueWhitespace | ExpectedWhitespace => {
            "a space is missing after a `-`, `?` or `:`"
        }
        CommentNotSeparated => "a space is missing before a `#`",
        CommentInterceptedScalar => "a text goes on after a comment",
        MisplacedFlowCollectionEnd | MismatchedFlowCollectionEnd { .. } => "a bracket is closed that was not opened",
        ExpectedNodeContent => "a value is missing",
        InvalidIndentation | InvalidQuotedScalarIndent | InvalidFlowScalarIndent | InvalidBlockScalarIndent => {
            "a line is not indented as it must be"
        }
        ZeroBlockScalarIndent | InvalidBlockScalarHeader => {
            "behind a `|` or `>` there is something that cannot be there"
        }
        PlainScalarStartsWithDashFlowIndicator => "a value that is a `-` needs quotes",
        UndeclaredTagHandle => "a tag has a prefix that no `%TAG` line declares",
        ExpectedTagBang | MissingTagUri | InvalidTagTerminator | UnclosedVerbatimTag | InvalidTagEscape => {
            "there is a tag that cannot be read; a value that begins with an exclamation mark needs quotes"
        }
        MissingAnchorOrAliasName => "behind a `&` or `*` a name is missing; a value that begins so needs quotes",
        ExpectedDocumentStart | InvalidDocumentEnd => "there is text where only a new document can begin",
        _ => "",
    }
}
