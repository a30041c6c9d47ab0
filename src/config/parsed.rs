use std::fmt;

use super::unknown_tags::UnknownTags;
use super::value::{Entry, Value};
use crate::excerpt::{excerpt, listed_key};
use crate::secret::Secret;

/// The content of a config file.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    /// Its values, in the order of the file.
    pub entries: Vec<Entry>,
    /// What a reader of the log should know though it is no error.
    pub warnings: Vec<Warning>,
    /// What it holds besides.
    pub unkeyed: Vec<Unkeyed>,
}

/// What a file holds that no key leads to: of a list, of several documents, below a key that is too long, or what
/// another value of its key replaced. It is not delivered, but it must be masked, since a later step may print the
/// file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unkeyed {
    /// A value.
    Value(Value),
    /// The text of a file or a document that could not be read as values: its lines hold some.
    Text(Secret<String>),
}

/// Something unexpected in a config file that is no error.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Warning {
    /// A JSON file must hold a value; one of blanks and comments is taken as one without keys all the same.
    #[error("the file holds no value, so it has no keys")]
    Empty,
    /// A list or a single value is the whole document, and so nothing in it has a key.
    #[error("the document is not a map, so it has no keys")]
    NotAMap,
    /// A key, its parts joined, is longer than can be a name: left out, with all that lies below it.
    #[error("{}the key that begins with {beginning:?} is longer than 1,024 bytes, so it is left out", at(*line))]
    KeyTooLong {
        /// The first characters of the key.
        beginning: String,
        /// Its line, from 1; 0 where that is unknown.
        line: usize,
    },
    /// Several YAML documents: which of them is meant nobody can say, so the file has no keys.
    #[error(
        "the file holds several YAML documents, the second from line {line} on, so it has no keys. For keys, give \
             each document a file of its own; if it needs none, say with the input `types` that the file is raw"
    )]
    SeveralDocuments {
        /// The line that the second one begins on, from 1.
        line: usize,
    },
    /// YAML tags that are not of the core schema. What they stand before is taken as if they were not there.
    #[error("unknown tags are ignored: {0}")]
    UnknownTags(UnknownTags),
    /// Keys that a file gives several values, of which the last counts.
    #[error("{0}")]
    KeysRepeated(RepeatedKeys),
    /// The file, or values in it, are encrypted with this tool.
    #[error("the file is encrypted with {0}")]
    Encrypted(&'static str),
    /// Lines of a dotenv file with a name and no `=`, which give no key.
    #[error("{}", NamesAlone::words(&.0.to_string(), "a"))]
    NamesAlone(NamesAlone),
    /// Values of a dotenv file in backticks with lines that other readers take for assignments.
    #[error(
        "only Node.js and its package dotenv take backticks for quotes; others read the lines between them as keys of \
         their own: {0}. Single quotes are read alike"
    )]
    KeysInBackticks(BacktickedKeys),
}

impl Warning {
    /// Whether it matters to a pull: what a file's writer alone can decide is said at the push.
    #[must_use]
    pub const fn concerns_pulls(&self) -> bool {
        !matches!(self, Self::UnknownTags(_))
    }
}

impl Warning {
    /// The same for whoever is shown [its line](Self::line) before it, which is then not named again.
    #[must_use]
    pub fn after_its_line(&self) -> String {
        match self {
            Self::KeyTooLong { beginning, .. } => {
                Self::KeyTooLong { beginning: beginning.clone(), line: 0 }.to_string()
            }
            Self::NamesAlone(names) => {
                names.on_one_line().map_or_else(|| self.to_string(), |named| NamesAlone::words(&named, "the"))
            }
            _ => self.to_string(),
        }
    }

    /// The first line that it is about, from 1, where it is known: of a key with several values the one that counts.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        match self {
            Self::Empty | Self::NotAMap | Self::Encrypted(_) => None,
            Self::KeyTooLong { line, .. } => (*line > 0).then_some(*line),
            Self::SeveralDocuments { line } => Some(*line),
            Self::UnknownTags(tags) => tags.first_line(),
            Self::KeysRepeated(keys) => keys.keys.first().and_then(|(_, lines)| lines.last()).copied(),
            Self::NamesAlone(names) => names.lines.first().map(|(line, _)| *line),
            Self::KeysInBackticks(keys) => keys.keys.first().map(|(_, line, _)| *line),
        }
    }
}

/// `line 3: `, where the line is known.
fn at(line: usize) -> String {
    if line == 0 { String::new() } else { format!("line {line}: ") }
}

/// The most keys or lines that one warning names.
pub(super) const MOST_NAMED: usize = 10;

/// Keys that a file gives several values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RepeatedKeys {
    /// The first ten, each at most 200 characters long, with the lines of its values.
    keys: Vec<(String, Vec<usize>)>,
    more: usize,
}

impl RepeatedKeys {
    /// Adds a key with the lines of its values, from 1, in ascending order.
    pub(super) fn add(&mut self, key: &str, lines: impl IntoIterator<Item = usize>) {
        if self.keys.len() == MOST_NAMED {
            self.more += 1;
        } else {
            let mut distinct = Vec::new();
            for line in lines {
                if distinct.len() > MOST_NAMED {
                    break;
                }
                if distinct.last() != Some(&line) {
                    distinct.push(line);
                }
            }
            self.keys.push((excerpt(key), distinct));
        }
    }

    /// The warning, if there is anything to warn of.
    pub(super) fn into_warning(self) -> Option<Warning> {
        (!self.keys.is_empty()).then_some(Warning::KeysRepeated(self))
    }
}

impl fmt::Display for RepeatedKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let ([(key, lines)], 0) = (self.keys.as_slice(), self.more) {
            return write!(f, "{} is set more than once ({}); the last value is used", listed_key(key), shown(lines));
        }
        f.write_str("these keys are set more than once, and the last value of each is used: ")?;
        for (position, (key, lines)) in self.keys.iter().enumerate() {
            let before = if position == 0 { "" } else { ", " };
            write!(f, "{before}{} ({})", listed_key(key), shown(lines))?;
        }
        more(self.more, f)
    }
}

/// "lines 1, 2 and 5".
fn shown(lines: &[usize]) -> String {
    let word = if lines.len() == 1 { "line" } else { "lines" };
    let shown: Vec<_> = lines.iter().take(MOST_NAMED).map(ToString::to_string).collect();
    match shown.as_slice() {
        _ if lines.len() > shown.len() => format!("{word} {} and others", shown.join(", ")),
        [others @ .., last] if !others.is_empty() => format!("{word} {} and {last}", others.join(", ")),
        _ => format!("{word} {}", shown.join(", ")),
    }
}

/// Values in backticks that span lines which look like assignments.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BacktickedKeys {
    /// The first ten, each at most 200 characters long, with its first and last line.
    keys: Vec<(String, usize, usize)>,
    more: usize,
}

impl BacktickedKeys {
    /// Adds a key with the first and the last line of its value, from 1.
    pub(super) fn add(&mut self, key: &str, begin: usize, end: usize) {
        if self.keys.len() == MOST_NAMED {
            self.more += 1;
        } else {
            self.keys.push((excerpt(key), begin, end));
        }
    }

    /// The warning, if there is anything to warn of.
    pub(super) fn into_warning(self) -> Option<Warning> {
        (!self.keys.is_empty()).then_some(Warning::KeysInBackticks(self))
    }
}

impl fmt::Display for BacktickedKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, (key, begin, end)) in self.keys.iter().enumerate() {
            let before = if position == 0 { "" } else { "; " };
            write!(f, "{before}{key:?} on lines {begin} to {end}")?;
        }
        more(self.more, f)
    }
}

/// Lines of a dotenv file with a name and no `=`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NamesAlone {
    /// The first ten. A name is there only where it is surely one, and not a piece of a value whose quotes are missing.
    lines: Vec<(usize, Option<String>)>,
    more: usize,
}

impl NamesAlone {
    /// None yet but so many that are only counted.
    pub(super) fn with_others(more: usize) -> Self {
        Self { lines: Vec::new(), more }
    }

    /// Adds a line, from 1, with its name where that may be shown.
    pub(super) fn add(&mut self, line: usize, name: Option<&str>) {
        if self.lines.len() == MOST_NAMED {
            self.more += 1;
        } else {
            self.lines.push((line, name.map(excerpt)));
        }
    }

    /// The warning, if there is anything to warn of.
    pub(super) fn into_warning(self) -> Option<Warning> {
        (!self.lines.is_empty()).then_some(Warning::NamesAlone(self))
    }
}

impl NamesAlone {
    /// The warning, in which the names or lines are said in these words, and one of these lines so.
    fn words(named: &str, one: &str) -> String {
        let colon = if named.is_empty() { "" } else { ": " };
        format!(
            "without a `=` a name gives no key{colon}{named}. If {one} line belongs to the value above it, put that whole value, \
             with all its lines, in quotes"
        )
    }

    /// The names where all are on one line, of those that may be shown.
    fn on_one_line(&self) -> Option<String> {
        let is_one =
            self.more == 0 && self.lines.iter().all(|(line, _)| Some(line) == self.lines.first().map(|(line, _)| line));
        let names = self.lines.iter().filter_map(|(_, name)| name.as_deref());
        is_one.then(|| names.collect::<Vec<_>>().join(", "))
    }
}

impl fmt::Display for NamesAlone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, of_line) in self.lines.chunk_by(|(line, _), (next, _)| line == next).enumerate() {
            let Some((line, _)) = of_line.first() else { continue };
            write!(f, "{}line {line}", if position == 0 { "" } else { ", " })?;
            let names: Vec<_> = of_line.iter().filter_map(|(_, name)| name.as_deref()).collect();
            if !names.is_empty() {
                write!(f, " ({})", names.join(", "))?;
            }
        }
        more(self.more, f)
    }
}

fn more(count: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if count == 0 { Ok(()) } else { write!(f, "; and {count} more") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_on_one_line_are_on_that_line() {
        let mut repeated = RepeatedKeys::default();
        repeated.add("a", [1, 1]);
        repeated.add("b", [1, 1, 2]);
        let warning = repeated.into_warning().unwrap().to_string();
        assert!(warning.ends_with("a (line 1), b (lines 1 and 2)"), "{warning}");
    }

    #[test]
    fn a_warning_names_ten_keys_and_ten_lines_of_each() {
        let mut keys = RepeatedKeys::default();
        keys.add("A", [1, 2]);
        assert_eq!(keys.to_string(), "A is set more than once (lines 1 and 2); the last value is used");
        keys.add("a\nb", [3, 5, 9]);
        assert_eq!(
            keys.clone().into_warning().unwrap().to_string(),
            "these keys are set more than once, and the last value of each is used: A (lines 1 and 2), \"a\\nb\" (lines \
             3, 5 and 9)"
        );
        keys.add("B", 1..);
        (0..10).for_each(|_| keys.add("C", [1, 2]));
        let text = keys.to_string();
        assert!(text.contains("B (lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and others), C ("), "{text}");
        assert!(text.ends_with("; and 3 more"), "{text}");
        assert_eq!(RepeatedKeys::default().into_warning(), None);
    }

    #[test]
    fn lines_without_an_equals_sign_are_named_in_one_warning() {
        let mut names = NamesAlone::default();
        names.add(2, Some("A"));
        names.add(3, None);
        assert_eq!(names.to_string(), "line 2 (A), line 3");
        let mut exported = NamesAlone::default();
        exported.add(2, Some("A"));
        exported.add(2, Some("B"));
        assert_eq!(exported.to_string(), "line 2 (A, B)");
        let after = exported.into_warning().unwrap().after_its_line();
        assert!(after.starts_with("without a `=` a name gives no key: A, B. If the line belongs"), "{after}");
        (0..12).for_each(|_| names.add(7, None));
        assert!(names.to_string().ends_with("line 3, line 7; and 4 more"), "{names}");
        assert_eq!(NamesAlone::default().into_warning(), None);
    }
}
