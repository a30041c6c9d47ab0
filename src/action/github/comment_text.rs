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
use crate::name::Reference;
use crate::option::CommentMode;
use crate::request::DiffRequest;

/// The most characters of what the checks say, and where there is little room.
const LONGEST_CHECKS: [usize; 2] = [10_000, 1_000];
/// The fewest characters in which lines of a diff can be shown.
const SHORTEST_DIFF: usize = 300;
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

/// What the comment on these two sides begins with, and no other: Markdown does not show it.
pub(super) fn marker(request: &DiffRequest, diffed: &Diffed) -> String {
    let side = |side: &DiffedSide, reference: &Reference| match (&side.location, reference) {
        // The version as it was asked for: what `latest` stands for changes.
        (Some(Location { bucket, context, .. }), Reference::Stored(stored)) => {
            format!("s3://{bucket}/{context}@{}", stored.version)
        }
        _ => ".".to_owned(),
    };
    let sides = [side(&diffed.from, &request.from), side(&diffed.to, &request.to)];
    let [from, to] = sides.map(|side| utf8_percent_encode(&side, IN_A_MARKER).to_string());
    format!("<!-- cstore-action diff {from} {to} -->")
}

impl CommentText<'_> {
    /// The Markdown, in at most so many characters: as much as there is room for, and what is left out is in the run's
    /// summary. None where there is no room for anything. `path`: how a path is shown.
    pub(super) fn markdown(&self, longest: usize, path: diff::Shown<'_>) -> Option<String> {
        let text = self.headline();
        let at_home = self.at_home();
        let lines = diff::lines(&self.diffed.files, self.request.by_key);
        let lines: Vec<_> = lines.iter().map(|line| path(&line.in_a_block())).collect();
        let lacking = diff::lacking_beside_lines(self.diffed, path);
        let lacking: String = lacking.iter().map(|lacking| format!("{}\n\n", code(lacking))).collect();
        let length = |texts: &[&str]| texts.iter().map(|text| text.chars().count()).sum::<usize>();
        for longest_checks in LONGEST_CHECKS {
            let checks = self.checks(path, longest_checks);
            let left = longest.checked_sub(length(&[&text, &lacking, &checks, &at_home]));
            if let Some(left) = left.filter(|left| *left >= SHORTEST_DIFF) {
                return Some(
                    [&text, &diff_block(&lines, left), &lacking, &checks, &at_home].map(String::as_str).concat(),
                );
            }
        }
        let text = format!("{text}The summary of the run has the rest.\n");
        (length(&[&text]) <= longest).then_some(text)
    }

    /// What is compared, and how much differs.
    fn headline(&self) -> String {
        let diffed = self.diffed;
        let subject = match &diffed.to.location {
            None => "This pull request".to_owned(),
            Some(_) => place(&diffed.to),
        };
        let (heading, before) = (self.heading(&diff::how_many(diffed)), place(&diffed.from));
        let differs = if diffed.is_different() {
            what_differs(&diffed.files)
        } else if self.mode == CommentMode::Differences && self.of_files().is_empty() {
            "Nothing differs any more: the difference that was told here is gone".to_owned()
        } else {
            "Nothing differs".to_owned()
        };
        format!("{heading}{subject} is compared with {before}. {differs}.\n\n")
    }

    /// What the comment says where what it said was about an earlier commit, and no job has said anything of this one.
    pub(super) fn nothing(&self) -> String {
        let heading = self.heading("no difference told");
        format!("{heading}So far no job has found a difference in the last commit of this pull request.\n")
    }

    /// What there is to say of the pull request's files by themselves: what is wrong, and which keys a template lacks,
    /// which need not be wrong.
    pub(super) fn of_files(&self) -> Vec<String> {
        let lines = |checked| [checked::lines(checked, Action), checked::beyond_template(checked, Action)].concat();
        self.diffed.checked.as_ref().map(lines).unwrap_or_default()
    }

    /// The same below a headline.
    fn checks(&self, path: diff::Shown<'_>, longest: usize) -> String {
        let Some(checked) = &self.diffed.checked else { return String::new() };
        let lines: Vec<_> = self.of_files().iter().map(|line| path(line)).collect();
        format!("{}.\n\n{}", checked::headline(checked), text_block(&lines, longest))
    }

    fn heading(&self, what: &str) -> String {
        let context = [&self.diffed.from, &self.diffed.to].into_iter().find_map(|side| side.location.as_ref());
        let context = context.map(|location| code(location.context.as_str())).unwrap_or_default();
        format!("### Configuration of {context}: {what}\n\n")
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
