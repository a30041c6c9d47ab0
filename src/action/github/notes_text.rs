//! The text of a release's section on its configuration, and its place in the notes.

use crate::action::diff_block::diff_block;
use crate::action::summary::{cell, code};
use crate::command::Pushed;
use crate::message::diff;

/// The most characters of a release's notes
/// (<https://docs.github.com/rest/releases/releases>; GitHub says it in its refusal).
const LONGEST: usize = 125_000;
/// The most characters of the lines of a diff.
const LONGEST_DIFF: usize = 40_000;

/// A section.
pub(super) struct NotesText {
    /// What it begins and ends with, and what no other has: Markdown does not show it.
    begin: String,
    end: String,
    /// What is above the diff.
    facts: String,
    /// The diff; none where it is not known, or there is no version before.
    diff: Option<String>,
}

impl NotesText {
    pub(super) fn new(pushed: &Pushed, path: diff::Shown<'_>) -> Self {
        let location = &pushed.location;
        // No hyphen that a name has ends the comment.
        let name = format!("s3://{}/{}", location.bucket, location.context).replace('-', "%2D");
        let files: Vec<_> = pushed.files.iter().map(|file| cell(&path(file.path.as_str()))).collect();
        let files = match files.len() {
            0..=20 => files.join(", "),
            more => format!("{} and {} more", files[..20].join(", "), more - 20),
        };
        let facts = format!(
            "### Configuration of {}\n\n| | |\n| --- | --- |\n| Version | {} |\n| Digest | {} |\n| Files | {files} |\n\n",
            code(location.context.as_str()),
            cell(&location.version),
            cell(&pushed.digest.pin()),
        );
        let mut changes = [&pushed.since_before, &pushed.changes].into_iter().flatten();
        let diff = changes.find_map(|changes| Some((changes, changes.version_before.as_ref()?)));
        let diff = diff.map(|(changes, before)| {
            let with = code(before.as_str());
            let lines = diff::lines(&changes.files, true);
            if lines.is_empty() {
                return format!("Nothing differs from {with}.\n\n");
            }
            let lines: Vec<_> = lines.iter().map(|line| path(&line.in_a_block())).collect();
            format!("Compared with {with}:\n\n{}", diff_block(&lines, LONGEST_DIFF))
        });
        // No name ends the section before its end.
        let facts = facts.replace("<!--", "<!\u{FFFD}--");
        let diff = diff.map(|diff| diff.replace("<!--", "<!\u{FFFD}--"));
        let (begin, end) =
            (format!("<!-- cstore-action notes {name} -->"), format!("<!-- /cstore-action notes {name} -->"));
        Self { begin, end, facts, diff }
    }

    /// Notes with the section in its place, or at their end. Nothing else of them changes. None where there is no room.
    pub(super) fn within(&self, notes: &str) -> Option<String> {
        let place = self.place(notes);
        if let Some((begin, end)) = place
            && self.diff.is_none()
            && self.is_said_by(&notes[begin..end])
        {
            return Some(notes.to_owned());
        }
        let (before, after) = place.map_or((notes, ""), |(begin, end)| (&notes[..begin], &notes[end..]));
        let space = match before {
            "" => "",
            before if place.is_some() || before.ends_with("\n\n") => "",
            before if before.ends_with('\n') => "\n",
            _ => "\n\n",
        };
        let whole = |diff: &str| {
            let Self { begin, end, facts, .. } = self;
            format!("{before}{space}{begin}\n{facts}{diff}{end}{after}")
        };
        let fits = |notes: &String| notes.chars().count() <= LONGEST;
        let diff = self.diff.as_deref().unwrap_or_default();
        Some(whole(diff)).filter(fits).or_else(|| Some(whole("")).filter(fits))
    }

    /// Where the section is: of what may be quoted in the notes, too, the last that begins and ends.
    fn place(&self, notes: &str) -> Option<(usize, usize)> {
        notes.rmatch_indices(&self.begin).find_map(|(begin, _)| {
            let end = begin + notes[begin..].find(&self.end)?;
            Some((begin, end + self.end.len()))
        })
    }

    /// Whether a section has the same facts, whatever it says of differences. GitHub's pages change line ends.
    fn is_said_by(&self, section: &str) -> bool {
        section.replace("\r\n", "\n").contains(self.facts.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(facts: &str, diff: Option<&str>) -> NotesText {
        let text = |text: &str| text.to_owned();
        NotesText { begin: text("<!-- b -->"), end: text("<!-- /b -->"), facts: text(facts), diff: diff.map(text) }
    }

    #[test]
    fn the_section_takes_the_place_of_the_last_one_and_nothing_else_changes() {
        let one = section("one\n", Some("+ A\n"));
        let two = section("two\n", Some("+ B\n"));
        for notes in ["", "Hello", "Hello\n", "Hello\n\n", "a\r\n<!-- b -->\r\nrest"] {
            let first = one.within(notes).unwrap();
            assert!(first.starts_with(notes) && first.ends_with("<!-- b -->\none\n+ A\n<!-- /b -->"), "{first}");
            let by_hand = format!("{first}\n\nBy hand, after it.");
            let second = two.within(&by_hand).unwrap();
            assert_eq!(second, by_hand.replace("one\n+ A", "two\n+ B"));
            assert_eq!(two.within(&second).unwrap(), second);
        }
        assert_eq!(one.within("x <!-- /b --> y").unwrap(), "x <!-- /b --> y\n\n<!-- b -->\none\n+ A\n<!-- /b -->");
    }

    #[test]
    fn marks_that_somebody_quotes_do_not_make_a_second_section() {
        let (one, two) = (section("one\n", None), section("two\n", None));
        for quoted in ["<!-- /b --> ", "<!-- b --> ", "<!-- /b --><!-- b --> ", "<!-- /b -->x<!-- /b -->"] {
            let first = one.within(quoted).unwrap();
            assert_eq!(one.within(&first).unwrap(), first, "{quoted}");
            assert_eq!(two.within(&first).unwrap(), first.replace("one", "two"), "{quoted}");
            let after = format!("{first}\n{quoted}");
            assert_eq!(two.within(&after).unwrap(), after.replace("one", "two"), "{quoted}");
        }
    }

    #[test]
    fn a_push_that_changed_nothing_keeps_what_is_said_of_differences() {
        let notes = section("one\n", Some("+ A\n")).within("").unwrap();
        assert_eq!(section("one\n", None).within(&notes).unwrap(), notes);
        assert!(section("two\n", None).within(&notes).unwrap().contains("two\n<!-- /b -->"));
    }

    #[test]
    fn notes_of_others_are_never_cut() {
        let long = "x".repeat(LONGEST - 60);
        let diff = "+ A\n".repeat(100);
        let notes = section("one\n", Some(&diff)).within(&long).unwrap();
        assert!(notes.starts_with(&long) && notes.ends_with("<!-- b -->\none\n<!-- /b -->"));
        assert_eq!(section("one\n", Some(&diff)).within(&"x".repeat(LONGEST - 5)), None);
    }
}
