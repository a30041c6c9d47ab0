//! Lines for the job's log: annotations, and plain text that cannot be taken for a command.
//!
//! The runner reads commands from every line of stdout and stderr
//! ([`ActionCommand.cs`](https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs),
//! [documentation](https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands)): `::name …::`
//! at a line's start, after blanks, and the older `##[name …]` **anywhere** in a line. A key, a path or a server's
//! answer may hold either, so whatever is printed goes through this module. Config values are never printed, so none
//! come here.

use std::collections::HashMap;

use crate::command::Note;
use crate::excerpt::excerpt;
use crate::message::{self, Notice};
use crate::name::is_deceptive;

/// How many annotations of one level the runner shows for a step
/// ([`_maxCountPerIssueType`](https://github.com/actions/runner/blob/main/src/Runner.Worker/ExecutionContext.cs)).
pub const SHOWN_PER_LEVEL: usize = 10;

/// The longest message, in bytes, that sums up other annotations. The runner cuts messages after 4,096 UTF-16 units.
const LONGEST_SUM: usize = 4000;

/// Of what a sum has no room for, in how many files it is counted.
const FILES_COUNTED: usize = 3;

/// The level of an annotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Something failed.
    Error,
    /// Something deserves a look.
    Warning,
    /// Something is worth knowing.
    Notice,
    /// A line of the log that is shown only when debug logging is on. It is no annotation: title, file and line are
    /// not sent.
    Debug,
}

impl Level {
    const fn command(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Notice => "notice",
            Self::Debug => "debug",
        }
    }

    const fn plural(self) -> &'static str {
        match self {
            Self::Error => "errors",
            Self::Warning => "warnings",
            Self::Notice => "notices",
            Self::Debug => "debug lines",
        }
    }
}

/// An annotation: a message on the run's page and in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation {
    /// Its level.
    pub level: Level,
    /// A few words above the message; empty for none.
    pub title: String,
    /// The file at fault, relative to the workspace (or absolute, as this container names it).
    pub file: Option<String>,
    /// The line in `file`, from 1. Not sent without a file.
    pub line: Option<usize>,
    /// The message. It may have several lines.
    pub message: String,
}

impl Annotation {
    /// A message without a place.
    pub fn new(level: Level, title: impl Into<String>, message: impl Into<String>) -> Self {
        Self { level, title: title.into(), file: None, line: None, message: message.into() }
    }

    /// The workflow command: one line, without the line break at its end. Control characters and marks that reorder
    /// text come out as U+FFFD.
    #[must_use]
    pub fn command(&self) -> String {
        let mut properties = Vec::new();
        if self.level != Level::Debug {
            if let Some(file) = self.file.as_deref().filter(|file| !file.is_empty()) {
                properties.push(property("file", file));
                properties.extend(self.line.map(|line| format!("line={line}")));
            }
            if !self.title.is_empty() {
                properties.push(property("title", &self.title));
            }
        }
        let blank = if properties.is_empty() { "" } else { " " };
        let mut message = clean(&self.message, '\n');
        if needs_shield(&message) {
            message.insert(0, ' ');
        }
        format!("::{}{blank}{}::{}", self.level.command(), properties.join(","), escape_data(&message))
    }

    /// The message's first line, with the place before it.
    fn in_short(&self) -> String {
        let message = self.message.lines().next().unwrap_or_default();
        match (&self.file, self.line) {
            (Some(file), Some(line)) => format!("{file}:{line}: {message}"),
            (Some(file), None) => format!("{file}: {message}"),
            _ => message.to_owned(),
        }
    }
}

/// The annotations for notes.
pub(super) fn annotations_of<'a>(notes: impl IntoIterator<Item = &'a Note>) -> impl Iterator<Item = Annotation> {
    notes.into_iter().map(|note| message::notice(note, message::Action).into())
}

impl From<Notice> for Annotation {
    fn from(Notice { level, title, text, file, line }: Notice) -> Self {
        let level = match level {
            message::Level::Warning => Level::Warning,
            message::Level::Notice => Level::Notice,
        };
        Self { level, title, file, line, message: text }
    }
}

/// A property with its value. The runner drops a `=` at a value's start, so a blank is put before it.
fn property(name: &str, value: &str) -> String {
    let shield = if value.starts_with('=') { " " } else { "" };
    format!("{name}={shield}{}", escape_property(&clean(value, ' ')))
}

/// Escapes the data of a workflow command, the part after the second `::`.
pub(crate) fn escape_data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn escape_property(text: &str) -> String {
    escape_data(text).replace(':', "%3A").replace(',', "%2C")
}

/// Whether data must not follow a command's `::` directly. The runner searches for `::` with a culture's rules, by
/// which a colon and a combining mark after it are one other character; it would not recognize the command.
pub(crate) fn needs_shield(data: &str) -> bool {
    data.starts_with(|first: char| !first.is_ascii())
}

/// Turns any text into one line of the log that the runner does not take for a command; without a line break at its
/// end.
///
/// Line breaks and tabs become blanks. Other control characters (and with them terminals' escape sequences) and marks
/// that reorder text become U+FFFD. `::` at the start and `##[` anywhere get a backslash, as the runner itself does it.
#[must_use]
pub fn log_line(text: &str) -> String {
    let mut line = clean(text, ' ');
    // The blanks that the runner skips (.NET's TrimStart) are those of Rust's trim_start.
    let blanks = line.len() - line.trim_start().len();
    if line[blanks..].starts_with("::") {
        line.insert(blanks, '\\');
    }
    line
}

/// Replaces characters that would garble a log, and `##[`.
pub(super) fn clean(text: &str, line_break: char) -> String {
    text.replace("\r\n", "\n")
        .chars()
        .map(|c| match c {
            '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => line_break,
            '\t' => ' ',
            // Besides those of names: soft hyphen, Arabic letter mark, Mongolian vowel separator, interlinear
            // annotation, tags.
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}' => '\u{FFFD}',
            c if is_deceptive(c) => '\u{FFFD}',
            c => c,
        })
        .collect::<String>()
        .replace("##[", "##\\[")
}

/// Reduces annotations to as many as the runner shows: of each level the first ten, or the first nine and one that sums
/// up the rest. They keep their order, so the most important should come first; those of one file follow its first one.
/// Debug lines are not counted.
#[must_use]
pub fn budget(annotations: Vec<Annotation>) -> Vec<Annotation> {
    let annotations = by_file(annotations);
    let levels = [Level::Error, Level::Warning, Level::Notice];
    let mut left = levels.map(|level| {
        let given = annotations.iter().filter(|annotation| annotation.level == level).count();
        if given > SHOWN_PER_LEVEL { SHOWN_PER_LEVEL - 1 } else { given }
    });
    let (mut kept, rest): (Vec<_>, Vec<_>) = annotations.into_iter().partition(|annotation| {
        let left = levels.iter().zip(&mut left).find(|(level, _)| **level == annotation.level);
        left.is_none_or(|(_, left)| {
            let fits = *left > 0;
            *left = left.saturating_sub(1);
            fits
        })
    });
    for level in levels {
        let of_level: Vec<_> = rest.iter().filter(|annotation| annotation.level == level).collect();
        if !of_level.is_empty() {
            kept.push(sum_up(level, &of_level));
        }
    }
    kept
}

/// Those that [`budget`] sums up, each as a line of the log: the sum may have no room for all of them.
pub(super) fn summed_up(annotations: &[Annotation]) -> Vec<String> {
    let annotations = by_file(annotations.to_vec());
    let beyond = |level| {
        let of_level: Vec<_> = annotations.iter().filter(|annotation| annotation.level == level).collect();
        let shown = if of_level.len() > SHOWN_PER_LEVEL { SHOWN_PER_LEVEL - 1 } else { of_level.len() };
        of_level.into_iter().skip(shown).map(Annotation::in_short).collect::<Vec<_>>()
    };
    [Level::Error, Level::Warning, Level::Notice].into_iter().flat_map(beyond).collect()
}

/// The same, those of one file together.
fn by_file(annotations: Vec<Annotation>) -> Vec<Annotation> {
    let mut first = HashMap::new();
    let mut placed: Vec<_> = annotations
        .into_iter()
        .enumerate()
        .map(|(at, annotation)| match &annotation.file {
            Some(file) => (*first.entry(file.clone()).or_insert(at), annotation),
            None => (at, annotation),
        })
        .collect();
    placed.sort_by_key(|(at, _)| *at);
    placed.into_iter().map(|(_, annotation)| annotation).collect()
}

/// How many there are in each file, as far as they are in one: "a.yml (3), b.yml (1)".
fn counts(annotations: &[&Annotation]) -> String {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for file in annotations.iter().filter_map(|annotation| annotation.file.as_deref()) {
        match counts.last_mut().filter(|(last, _)| *last == file) {
            Some((_, count)) => *count += 1,
            None => counts.push((file, 1)),
        }
    }
    let shown = counts.iter().take(FILES_COUNTED).map(|(file, count)| format!("{} ({count})", excerpt(file)));
    let more = counts.len().saturating_sub(FILES_COUNTED);
    let more = (more > 0).then(|| format!("and {more} more files"));
    shown.chain(more).collect::<Vec<_>>().join(", ")
}

fn sum_up(level: Level, rest: &[&Annotation]) -> Annotation {
    let mut message = String::new();
    let mut told = 0;
    // The line that counts what is left, with what its words and numbers take.
    let longest = rest.iter().filter_map(|annotation| Some(excerpt(annotation.file.as_deref()?).len())).max();
    let room = longest.map_or(30, |longest| 60 + FILES_COUNTED * (longest + 20));
    for annotation in rest {
        let line = annotation.in_short();
        if message.len() + line.len() + 1 + room > LONGEST_SUM {
            break;
        }
        message.push_str(&line);
        message.push('\n');
        told += 1;
    }
    let untold = &rest[told..];
    if !untold.is_empty() {
        let counts = counts(untold);
        let files = if counts.is_empty() { counts } else { format!(": {counts}") };
        message.push_str(&format!("… and {} more{files}", untold.len()));
    }
    Annotation::new(level, format!("{} more {}", rest.len(), level.plural()), message.trim_end())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::action::runner_rules::command_reader::{parse_v1, parse_v2, read};

    fn at(file: &str, line: usize) -> Annotation {
        Annotation {
            file: Some(file.to_owned()),
            line: Some(line),
            ..Annotation::new(Level::Error, "Bad catalog", "a: b, c\n100 %")
        }
    }

    #[test]
    fn a_command_is_one_escaped_line() {
        assert_eq!(
            at("a:b,c.yml", 3).command(),
            "::error file=a%3Ab%2Cc.yml,line=3,title=Bad catalog::a: b, c%0A100 %25"
        );
        assert_eq!(Annotation::new(Level::Notice, "", "x").command(), "::notice::x");
        let debug = Annotation { level: Level::Debug, ..at("x", 1) };
        assert_eq!(debug.command(), "::debug::a: b, c%0A100 %25");
        let no_file = Annotation { file: None, ..at("x", 1) };
        assert_eq!(no_file.command(), "::error title=Bad catalog::a: b, c%0A100 %25");
        assert_eq!(at("=x", 1).command(), at(" =x", 1).command());
    }

    #[test]
    fn a_message_may_begin_with_a_combining_mark() {
        let command = Annotation::new(Level::Warning, "t", "\u{301}x").command();
        assert_eq!(read(command.as_bytes()).log, ["##[warning] \u{301}x"]);
    }

    #[test]
    fn what_disturbs_a_log_is_replaced() {
        for (text, line) in [
            ("plain: text :: ## [x]", "plain: text :: ## [x]"),
            ("::error::x", "\\::error::x"),
            (" \u{A0}\t::error::x", " \u{A0} \\::error::x"),
            ("a\r\nb\rc\nd\u{2028}e", "a b c d e"),
            ("\n::error::x", " \\::error::x"),
            ("a ##[error]x", "a ##\\[error]x"),
            ("###[error]x", "###\\[error]x"),
            ("\u{1b}[31mred\u{1b}[0m\u{7}\0", "\u{FFFD}[31mred\u{FFFD}[0m\u{FFFD}\u{FFFD}"),
            ("a\u{202e}b\u{200b}c\u{61c}d\u{feff}e\u{ad}f", "a\u{FFFD}b\u{FFFD}c\u{FFFD}d\u{FFFD}e\u{FFFD}f"),
            ("\u{200b}::error::x", "\u{FFFD}::error::x"),
            ("ü 😀", "ü 😀"),
            ("", ""),
        ] {
            assert_eq!(log_line(text), line, "{text:?}");
        }
    }

    #[test]
    fn all_that_fit_are_sent_as_they_are() {
        let ten: Vec<_> = (0..10)
            .flat_map(|n| [Level::Error, Level::Warning, Level::Debug].map(|l| Annotation::new(l, "t", n.to_string())))
            .collect();
        assert_eq!(budget(ten.clone()), ten);
    }

    #[test]
    fn the_rest_is_summed_up_in_the_tenth() {
        let mut many: Vec<_> = (1..=12).map(|n| Annotation::new(Level::Warning, "t", format!("w{n}\nmore"))).collect();
        many.extend((1..=300).map(|n| Annotation { message: "x".repeat(100), ..at("cstore.yml", n) }));
        many.extend((1..=20).map(|_| Annotation::new(Level::Debug, "", "d")));
        let sent = budget(many);
        let of = |level| sent.iter().filter(move |annotation| annotation.level == level);
        assert_eq!(of(Level::Warning).count(), 10);
        let last = of(Level::Warning).next_back().unwrap();
        assert_eq!((last.title.as_str(), last.message.as_str()), ("3 more warnings", "w10\nw11\nw12"));
        assert_eq!(of(Level::Error).count(), 10);
        let last = of(Level::Error).next_back().unwrap();
        assert_eq!(last.title, "291 more errors");
        assert!(last.message.starts_with("cstore.yml:10: xxx") && (3_700..=4_000).contains(&last.message.len()));
        let told = last.message.lines().count() - 1;
        assert!(last.message.ends_with(&format!("… and {0} more: cstore.yml ({0})", 291 - told)), "{}", last.message);
        assert_eq!(of(Level::Debug).count(), 20);
        assert!(sent[0].message.starts_with("w1\n"));
    }

    #[test]
    fn those_of_a_file_stand_together_and_are_counted_by_file() {
        let in_file = |file: &str, n: usize| Annotation { message: format!("m{n}"), ..at(file, n) };
        let mut mixed: Vec<_> = (0..5).flat_map(|n| ["b.yml", "a.yml"].map(|file| in_file(file, n))).collect();
        mixed.insert(2, Annotation::new(Level::Error, "t", "without a file"));
        let sent = budget(mixed);
        let places: Vec<_> = sent.iter().map(|annotation| annotation.file.as_deref().unwrap_or("-")).collect();
        assert_eq!(places, ["b.yml", "b.yml", "b.yml", "b.yml", "b.yml", "a.yml", "a.yml", "a.yml", "a.yml", "-"]);
        assert_eq!(
            (sent[9].title.as_str(), sent[9].message.as_str()),
            ("2 more errors", "a.yml:4: m4\nwithout a file")
        );
    }

    /// Text with pieces that commands are made of.
    fn hostile() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            3 => ".{0,4}",
            1 => "\\PC{0,4}",
            2 => Just("::".to_owned()),
            1 => Just("::error::".to_owned()),
            1 => Just("##[".to_owned()),
            1 => Just("##[error]".to_owned()),
            1 => Just("]".to_owned()),
            1 => Just("#".to_owned()),
            1 => Just("[error]".to_owned()),
            1 => Just("error".to_owned()),
            1 => Just("::add-mask::x".to_owned()),
            1 => Just("\r".to_owned()),
            1 => Just("\n".to_owned()),
            1 => Just("\u{1b}".to_owned()),
            1 => Just("%0A".to_owned()),
            1 => Just("=".to_owned()),
        ];
        proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn no_text_makes_a_log_line_a_command(text in hostile()) {
            let line = log_line(&text);
            prop_assert!(!line.contains(|c: char| c.is_control() || is_deceptive(c)));
            prop_assert_eq!(parse_v2(&line, None), None);
            prop_assert_eq!(parse_v1(&line, None), None);
            prop_assert_eq!(log_line(&line), line);
        }

        #[test]
        fn a_command_says_what_it_was_given(title in hostile(), file in hostile(), message in hostile(), line in 1..99_usize) {
            let annotation = Annotation { level: Level::Error, title, file: Some(file), line: Some(line), message };
            let text = annotation.command();
            prop_assert_eq!(text.lines().count(), 1);
            let reading = read(text.as_bytes());
            prop_assert_eq!(reading.commands.len(), 1);
            let command = &reading.commands[0];
            prop_assert_eq!(&command.name, "error");
            let message = clean(&annotation.message, '\n');
            prop_assert_eq!(command.data.trim_start(), message.trim_start());
            for (name, given) in [("title", &annotation.title), ("file", annotation.file.as_ref().unwrap())] {
                let read = command.properties.get(name).map(|text| text.trim()).unwrap_or_default();
                let given = clean(given, ' ');
                prop_assert_eq!(read, given.trim());
            }
        }
    }
}
