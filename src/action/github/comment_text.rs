//! The text of the comment on a pull request: names of files and keys, and never a value, a length or a digest.
//!
//! Names come from repositories and buckets and may hold anything: they are shown in code, where nothing is Markdown,
//! HTML, a link or a mention.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::at_home::AtHome;
use crate::action::diff_block::{diff_block, text_block};
use crate::action::summary::code;
use crate::command::{Change, Diffed, DiffedSide, FileChange, Location};
use crate::message::{Action, checked, counted, diff, in_shell};
use crate::name::{Digest, Reference};
use crate::option::CommentMode;
use crate::request::DiffRequest;

/// The most characters of a comment. GitHub takes 65,536.
const LONGEST: usize = 60_000;
/// Kept for what follows the lines of the diff.
const ROOM_FOR_END: usize = 2_000;
/// The most characters of what the checks say.
const LONGEST_CHECKS: usize = 10_000;
/// What a marker shows as it is. A hyphen is not among it: two of them end a comment of HTML.
const IN_A_MARKER: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'_').remove(b'/').remove(b':').remove(b'@');

/// A comment to be written.
pub(super) struct CommentText<'a> {
    pub(super) mode: CommentMode,
    /// The pull request's number.
    pub(super) number: u64,
    pub(super) at_home: &'a AtHome,
    pub(super) request: &'a DiffRequest,
    pub(super) diffed: &'a Diffed,
}

/// What the comment on these two sides begins with, and no other: Markdown does not show it. Steps that compare other
/// files, by their `selection`, or with another version, have another.
pub(super) fn marker(request: &DiffRequest, diffed: &Diffed, selection: &str) -> String {
    let side = |side: &DiffedSide, reference: &Reference| match (&side.location, reference) {
        // The version as it was asked for: what `latest` stands for changes.
        (Some(Location { bucket, context, .. }), Reference::Stored(stored)) => {
            format!("s3://{bucket}/{context}@{}", stored.version)
        }
        _ => ".".to_owned(),
    };
    let sides = [side(&diffed.from, &request.from), side(&diffed.to, &request.to)];
    let [from, to] = sides.map(|side| utf8_percent_encode(&side, IN_A_MARKER).to_string());
    let selection = Digest::from_content(selection.as_bytes()).short();
    format!("<!-- cstore-action diff {from} {to} {selection} -->")
}

impl CommentText<'_> {
    /// The Markdown, which begins with the marker. `path`: how a path is shown.
    pub(super) fn markdown(&self, marker: &str, path: diff::Shown<'_>) -> String {
        let Self { diffed, request, .. } = self;
        let mut text = format!("{marker}\n### {}\n\n", self.heading());
        let subject = match &diffed.to.location {
            None => "This pull request".to_owned(),
            Some(_) => place(&diffed.to),
        };
        text.push_str(&format!("{subject} is compared with {}.", place(&diffed.from)));
        if diffed.is_different() {
            text.push_str(&format!(" {}.\n\n", what_differs(&diffed.files)));
        } else {
            text.push_str(match self.mode {
                CommentMode::Differences if self.of_files().is_empty() => {
                    " Nothing differs any more: the difference that was told here is gone.\n\n"
                }
                _ => " Nothing differs.\n\n",
            });
        }
        let end = self.checks(path);
        let lines = diff::lines(&diffed.files, request.by_key);
        let lines: Vec<_> = lines.iter().map(|line| path(&line.in_a_block())).collect();
        let at_home = self.at_home();
        let taken: usize = [&text, &end, &at_home].into_iter().map(|text| text.chars().count()).sum();
        text.push_str(&diff_block(&lines, LONGEST.saturating_sub(ROOM_FOR_END + taken)));
        text.extend(diff::lacking_beside_lines(diffed, path).iter().map(|lacking| format!("{}\n\n", code(lacking))));
        text.push_str(&end);
        text.push_str(&at_home);
        text
    }

    /// What there is to say of the pull request's files by themselves: what is wrong, and which keys a template lacks,
    /// which need not be wrong.
    pub(super) fn of_files(&self) -> Vec<String> {
        let lines = |checked| [checked::lines(checked, Action), checked::beyond_template(checked, Action)].concat();
        self.diffed.checked.as_ref().map(lines).unwrap_or_default()
    }

    /// The same below a headline.
    fn checks(&self, path: diff::Shown<'_>) -> String {
        let Some(checked) = &self.diffed.checked else { return String::new() };
        let lines: Vec<_> = self.of_files().iter().map(|line| path(line)).collect();
        format!("{}.\n\n{}", checked::headline(checked), text_block(&lines, LONGEST_CHECKS))
    }

    fn heading(&self) -> String {
        let context = [&self.diffed.from, &self.diffed.to].into_iter().find_map(|side| side.location.as_ref());
        let context = context.map(|location| code(location.context.as_str())).unwrap_or_default();
        format!("Configuration of {context}: {}", diff::how_many(self.diffed))
    }

    /// The commands with which a reviewer sees the same.
    fn at_home(&self) -> String {
        let side = |side: &DiffedSide| match &side.location {
            None => ".".to_owned(),
            Some(location) => in_shell(&format!("s3://{}/{}@{}", location.bucket, location.context, location.version)),
        };
        let sides = self.diffed.is_different().then(|| [side(&self.diffed.from), side(&self.diffed.to)]);
        self.at_home.markdown(self.number, sides, !self.of_files().is_empty())
    }
}

/// What a side is, in the midst of a sentence.
fn place(side: &DiffedSide) -> String {
    let Some(location @ Location { context, bucket, version, .. }) = &side.location else {
        return "the files of the pull request".to_owned();
    };
    let version = if location.is_head() { "the head".to_owned() } else { code(version) };
    format!("{version} of {} in {}", code(context.as_str()), code(&format!("s3://{bucket}")))
}

/// "It adds 1 key, changes 2 keys and removes 1 key".
fn what_differs(files: &[FileChange]) -> String {
    let count = |change: Change| files.iter().filter(|file| file.change == change).count();
    let [mut added, mut changed, mut removed] = [0, 0, 0];
    for keys in files.iter().filter_map(|file| file.keys.as_ref().ok()) {
        added += keys.added.len();
        changed += keys.changed.len();
        removed += keys.removed.len();
    }
    let clause = |verb: &str, files: usize, keys: usize| {
        let clause = match (files, keys) {
            (0, 0) => return None,
            (files, 0) => counted(files, "file"),
            (0, keys) => counted(keys, "key"),
            (files, keys) => format!("{} and {}", counted(files, "file"), counted(keys, "key")),
        };
        Some(format!("{verb} {clause}"))
    };
    let clauses = [
        clause("adds", count(Change::Added), added),
        // Each of these has the keys below it that differ, if it has any.
        clause("changes", if changed == 0 { count(Change::Changed) } else { 0 }, changed),
        clause("removes", count(Change::Removed), removed),
    ];
    let clauses: Vec<_> = clauses.into_iter().flatten().collect();
    match clauses.as_slice() {
        [rest @ .., last] if !rest.is_empty() => format!("It {}, and {last}", rest.join(", ")),
        clauses => format!("It {}", clauses.concat()),
    }
}
