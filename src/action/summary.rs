//! The page that a step shows on the run's summary, as Markdown for GITHUB_STEP_SUMMARY
//! ([documentation](https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary)).
//!
//! It names files and keys and never a value. Names come from repositories and buckets and may hold anything: they are
//! shown in code spans, so that nothing in them is Markdown, HTML, a link or a mention. A summary above 1 MiB is
//! dropped whole by the runner, so a long one is cut to whole rows and says so.

use crate::excerpt::excerpt_of;
use crate::name::is_deceptive;

/// The largest summary that the runner takes
/// ([`AttachmentSizeLimit`](https://github.com/actions/runner/blob/main/src/Runner.Worker/FileCommandManager.cs)), less
/// what keeps it below 1 MiB.
pub const SUMMARY_MAX_BYTES: usize = 1024 * 1024 - 1;

/// The longest name that is shown, in characters. Longer ones are cut and end in `…`.
const LONGEST_NAME: usize = 1000;

/// Room kept for the line that says that rows are missing.
const ROOM_FOR_NOTE: usize = 100;

/// A step's summary.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// What was done, the beginning of the heading, such as "Pulled".
    pub title: &'static str,
    /// What it was done to, the rest of the heading: context and version.
    pub subject: Vec<String>,
    /// Names and values of what is true of the whole step: context, version, bucket, digest. No config values.
    pub facts: Vec<(&'static str, String)>,
    /// What was found, where that is a list.
    pub table: Table,
    /// The files.
    pub files: Vec<FileRow>,
    /// The keys that a push or a diff found changed, where that is known.
    pub changes: Option<Changes>,
    /// What a diff found, a line each, which begins with `+`, `~` or `-`.
    pub diff: Vec<String>,
    /// The names of the variables that later steps get.
    pub exported: Vec<String>,
}

/// Rows that each have a text for every name of the head.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// The names above the texts.
    pub head: &'static [&'static str],
    /// The texts.
    pub rows: Vec<Vec<String>>,
}

/// One file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileRow {
    /// Its path, relative to the catalog.
    pub path: String,
    /// Its version.
    pub version: String,
    /// Its size in bytes.
    pub size: u64,
    /// How many keys it has; none when it is not read as a config file.
    pub keys: Option<usize>,
    /// Its digest, short.
    pub digest: String,
    /// Where it was restored, or would be, in the workspace, if it was to be.
    pub restored_at: Option<String>,
}

/// The names of the files and keys that differ between two states.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// The files that differ, each after what became of it.
    pub files: Vec<(&'static str, String)>,
    /// New keys.
    pub added: Vec<String>,
    /// Keys with another value.
    pub changed: Vec<String>,
    /// Keys that are gone.
    pub removed: Vec<String>,
    /// Whether these are all keys that differ.
    pub are_keys_known: bool,
}

impl Summary {
    /// The same with other paths, wherever there is one.
    #[must_use]
    pub(super) fn with_paths(&self, path: impl Fn(&str) -> String) -> Self {
        let row = |file: &FileRow| FileRow {
            path: path(&file.path),
            restored_at: file.restored_at.as_deref().map(&path),
            ..file.clone()
        };
        let facts = self.facts.iter().map(|(name, fact)| (*name, path(fact))).collect();
        let texts = |texts: &[String]| texts.iter().map(|text| path(text)).collect();
        let changes = self.changes.as_ref().map(|changes| Changes {
            files: changes.files.iter().map(|(kind, file)| (*kind, path(file))).collect(),
            added: texts(&changes.added),
            changed: texts(&changes.changed),
            removed: texts(&changes.removed),
            are_keys_known: changes.are_keys_known,
        });
        let diff = texts(&self.diff);
        let table = Table { rows: self.table.rows.iter().map(|row| texts(row)).collect(), ..self.table };
        Self { facts, table, files: self.files.iter().map(row).collect(), changes, diff, ..self.clone() }
    }

    /// The Markdown, at most `max_bytes` long ([`SUMMARY_MAX_BYTES`] for the runner). Rows that do not fit are left
    /// out, and a line counts them.
    #[must_use]
    pub fn markdown(&self, max_bytes: usize) -> String {
        let mut page = Page { text: String::new(), max_bytes };
        let heading =
            self.subject.iter().fold(self.title.to_owned(), |heading, name| format!("{heading} {}", code(name)));
        page.lines([format!("### {heading}\n\n")]);
        page.table(
            "| | |\n| --- | --- |\n",
            self.facts.iter().map(|(name, value)| format!("| {name} | {} |\n", cell(value))),
        );
        let head = |texts: &mut dyn Iterator<Item = String>| format!("|{}\n", texts.collect::<String>());
        page.table(
            &(head(&mut self.table.head.iter().map(|name| format!(" {name} |")))
                + &head(&mut self.table.head.iter().map(|_| " --- |".to_owned()))),
            self.table.rows.iter().map(|row| head(&mut row.iter().map(|text| format!(" {} |", cell(text))))),
        );
        if let Some(changes) = &self.changes {
            let kinds = [("added", &changes.added), ("changed", &changes.changed), ("removed", &changes.removed)];
            page.table(
                "| file | change |\n| --- | --- |\n",
                changes.files.iter().map(|(kind, path)| format!("| {} | {kind} |\n", cell(path))),
            );
            if changes.are_keys_known && kinds.iter().all(|(_, keys)| keys.is_empty()) {
                page.lines(["No key changed.\n\n".to_owned()]);
            }
            page.table(
                "| change | key |\n| --- | --- |\n",
                kinds
                    .iter()
                    .flat_map(|(kind, keys)| keys.iter().map(move |key| format!("| {kind} | {} |\n", cell(key)))),
            );
        }
        page.diff(&self.diff);
        let (head, line) = if self.files.iter().any(|file| file.restored_at.is_some()) {
            (" restored at |", " --- |")
        } else {
            ("", "")
        };
        page.table(
            &format!("| file | version | bytes | keys | digest |{head}\n| --- | --- | ---: | ---: | --- |{line}\n"),
            self.files.iter().map(|file| file.markdown(!head.is_empty())),
        );
        page.table(
            "| variable of later steps |\n| --- |\n",
            self.exported.iter().map(|name| format!("| {} |\n", cell(name))),
        );
        page.text
    }
}

impl FileRow {
    fn markdown(&self, has_place: bool) -> String {
        let keys = self.keys.map(|keys| keys.to_string()).unwrap_or_default();
        let (path, version, digest) = (cell(&self.path), cell(&self.version), cell(&self.digest));
        let place = self.restored_at.as_deref().map(cell).unwrap_or_default();
        let place = if has_place { format!(" {place} |") } else { String::new() };
        format!("| {path} | {version} | {} | {keys} | {digest} |{place}\n", self.size)
    }
}

/// Markdown text of limited length.
struct Page {
    text: String,
    max_bytes: usize,
}

impl Page {
    fn fits(&self, bytes: usize) -> bool {
        self.text.len() + bytes <= self.max_bytes
    }

    /// Adds lines, as many as fit.
    fn lines(&mut self, lines: impl IntoIterator<Item = String>) {
        for line in lines {
            if self.fits(line.len()) {
                self.text.push_str(&line);
            }
        }
    }

    /// Adds the lines of a diff, in a block in which nothing is Markdown, HTML, a mention or a link. Of one that is
    /// cut, a note says how many lines are missing.
    fn diff(&mut self, lines: &[String]) {
        if lines.is_empty() {
            return;
        }
        let lines: Vec<_> = lines.iter().map(|line| printable(line) + "\n").collect();
        let fence = fence(lines.iter().map(String::as_str));
        let room = 2 * fence.len() + ROOM_FOR_NOTE;
        if !self.fits(room) {
            return;
        }
        self.text.push_str(&format!("{fence}diff\n"));
        let mut left_out = 0_usize;
        for line in &lines {
            if left_out == 0 && self.fits(line.len() + room) {
                self.text.push_str(line);
            } else {
                left_out += 1;
            }
        }
        self.text.push_str(&format!("{fence}\n"));
        if left_out > 0 {
            self.lines([format!("\n… and {left_out} more: a summary has at most {} bytes.\n", self.max_bytes)]);
        }
        self.lines(["\n".to_owned()]);
    }

    /// Adds a table, unless it has no rows, and a blank line. Of a table that is cut, the note says how many rows are
    /// missing.
    fn table(&mut self, head: &str, rows: impl Iterator<Item = String>) {
        let mut rows = rows.peekable();
        if rows.peek().is_none() {
            return;
        }
        let mut left_out = 0_usize;
        let mut is_begun = false;
        for row in rows {
            let head = if is_begun { "" } else { head };
            if left_out == 0 && self.fits(head.len() + row.len() + ROOM_FOR_NOTE) {
                self.text.push_str(head);
                self.text.push_str(&row);
                is_begun = true;
            } else {
                left_out += 1;
            }
        }
        if left_out > 0 {
            self.lines([format!("\n… and {left_out} more: a summary has at most {} bytes.\n", self.max_bytes)]);
        }
        self.lines(["\n".to_owned()]);
    }
}

/// What a block of code with these lines begins and ends with: nothing in them ends it.
pub(super) fn fence<'a>(lines: impl IntoIterator<Item = &'a str>) -> String {
    let runs = lines.into_iter().flat_map(|line| line.split(|c| c != '`')).map(str::len);
    "`".repeat(runs.max().unwrap_or_default().max(2) + 1)
}

/// A text for display: without line breaks, control characters and characters that reorder text, and shortened.
pub(super) fn printable(text: &str) -> String {
    excerpt_of(text, LONGEST_NAME).replace(is_deceptive, "\u{FFFD}")
}

/// Text in a code span, where nothing is Markdown, HTML, a mention or, unlike in a `<code>` element, a link
/// ([GFM, 6.3](https://github.github.com/gfm/#code-spans)). Its fence is longer than any run of backticks in it.
pub(super) fn code(text: &str) -> String {
    let text = printable(text);
    if text.trim().is_empty() {
        return String::new();
    }
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let is_stripped = text.starts_with(' ') && text.ends_with(' ');
    let pad = if is_stripped || text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// A code span in a cell of a table. A table is split before its spans are read, so a pipe is escaped there too
/// ([GFM, 4.10](https://github.github.com/gfm/#example-200)). A backslash before it would escape the escape, and is not
/// shown as it is.
pub(super) fn cell(text: &str) -> String {
    let mut shown = String::new();
    for c in text.chars() {
        if c == '|' {
            let kept = shown.trim_end_matches('\\').len();
            let backslashes = shown.len() - kept;
            shown.truncate(kept);
            shown.extend(std::iter::repeat_n(char::REPLACEMENT_CHARACTER, backslashes));
            shown.push('\\');
        }
        shown.push(c);
    }
    code(&shown)
}

#[cfg(test)]
mod tests;
