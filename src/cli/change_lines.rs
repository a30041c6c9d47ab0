//! What differs, a line a file and, further in, a key: `+` for what is new, `~` for what has changed, `-` for what is
//! gone.

use std::fmt::Write as _;
use std::io::{self, IsTerminal as _};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};

use super::session::Session;
use super::terminal::shown as as_text;
use crate::command::{Change, FileChange, NoKeys, Obstacle, ValueChange};
use crate::message::diff::{DiffLine, lines_of, sign};

/// At most so many keys of a file are named before a push.
const MOST_KEYS: usize = 50;

/// What stands before a key.
const INDENT: &str = "    ";

/// What a push changes. `shown`: how a path, relative to the catalog's folder, is printed.
pub(super) fn change_lines(files: &[FileChange], shown: &dyn Fn(&str) -> String) -> Vec<String> {
    files.iter().flat_map(|file| of_file(file, shown)).collect()
}

fn of_file(file: &FileChange, shown: &dyn Fn(&str) -> String) -> Vec<String> {
    // That a file has no keys is no news to who pushes it, nor that nobody has waited for what is published.
    let by_key = !matches!(file.keys, Err(NoKeys::Raw | NoKeys::NotHad(Obstacle::TooSlow)));
    let all = lines_of(file, by_key, shown(file.path.as_str()));
    let more = all.len().saturating_sub(1 + MOST_KEYS);
    let lines = all.iter().take(1 + MOST_KEYS).map(|line| line.shown(INDENT));
    lines.chain((more > 0).then(|| format!("{INDENT}and {more} more"))).collect()
}

/// The same as a page for standard output, coloured on a terminal, with the values that were asked for.
pub(super) fn change_page(session: &Session, files: &[FileChange], by_key: bool) -> String {
    let has_colours = io::stdout().is_terminal() && AutoStream::choice(&io::stdout()) != ColorChoice::Never;
    let mut page = String::new();
    for file in files {
        for line in lines_of(file, by_key, session.shown(file.path.as_str())) {
            let style = style(line.change, has_colours);
            let DiffLine { change, key, text } = &line;
            let indent = if key.is_some() { INDENT } else { "" };
            // Nothing keeps a text from being written to.
            let _ = writeln!(page, "{indent}{style}{} {}{style:#}", sign(*change), as_text(text));
            if let Some(value) = key.and_then(|key| value_of(file, key)) {
                values(&mut page, value, has_colours);
            }
        }
    }
    page
}

fn style(change: Change, has_colours: bool) -> Style {
    let colour = match change {
        Change::Added => AnsiColor::Green,
        Change::Changed => AnsiColor::Yellow,
        Change::Removed => AnsiColor::Red,
    };
    if has_colours { colour.on_default() } else { Style::new() }
}

fn value_of<'a>(file: &'a FileChange, key: &str) -> Option<&'a ValueChange> {
    file.keys.as_ref().ok()?.values.iter().find(|value| value.key == key)
}

/// The values of a key, before and after.
fn values(page: &mut String, value: &ValueChange, has_colours: bool) {
    for (change, text) in [(Change::Removed, &value.before), (Change::Added, &value.after)] {
        let style = style(change, has_colours);
        let text = text.as_ref().map(|text| text.expose().as_str());
        for line in text.into_iter().flat_map(|text| text.split('\n')) {
            let _ = writeln!(page, "{INDENT}{INDENT}{style}{} {}{style:#}", sign(change), as_text(line));
        }
    }
}
