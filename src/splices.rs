//! Changes to a text at positions that a parser has found: splices, line ends, and the dashes and colons of YAML.

use std::ops::Range;

/// Changes to a text, which are collected and then applied all at once.
pub(crate) struct Splices<'t> {
    text: &'t str,
    newline: &'static str,
    splices: Vec<(Range<usize>, String)>,
}

impl<'t> Splices<'t> {
    pub(crate) const fn new(text: &'t str, newline: &'static str) -> Self {
        Self { text, newline, splices: Vec::new() }
    }

    pub(crate) fn replace(&mut self, range: Range<usize>, with: impl Into<String>) {
        self.splices.push((range, with.into()));
    }

    /// Puts whole lines below the line that a node ends on. Lines that go to one position keep the order in which they
    /// came.
    pub(crate) fn lines_below(&mut self, end: usize, lines: &[String]) {
        let at = self.next_line(end);
        let mut text = String::new();
        // At the end of a text whose last line has no end, the line needs one before it and leaves none behind.
        let unended = at == self.text.len() && !self.text.is_empty() && !self.text.ends_with('\n');
        for line in lines {
            let (before, after) = if unended { (self.newline, "") } else { ("", self.newline) };
            text += &[before, line, after].concat();
        }
        self.replace(at..at, text);
    }

    /// The beginning of the line after the one that the byte before `end` stands on.
    pub(crate) fn next_line(&self, end: usize) -> usize {
        if self.text[..end].ends_with('\n') {
            return end; // a block scalar ends with its line
        }
        self.text[end..].find('\n').map_or(self.text.len(), |at| end + at + 1)
    }

    pub(crate) fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |newline| newline + 1)
    }

    /// What stands in a range.
    pub(crate) fn written(&self, range: &Range<usize>) -> &'t str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    /// The column of a key or a dash, from 0; none when anything but spaces and dashes stands before it.
    pub(crate) fn column(&self, at: usize) -> Option<usize> {
        let before = &self.text[self.line_start(at)..at];
        let before = before.strip_prefix('\u{feff}').unwrap_or(before);
        before.bytes().all(|byte| matches!(byte, b' ' | b'-')).then_some(before.len())
    }

    /// The position of the dash before an item of a block list; `None` if it is on another line.
    pub(crate) fn dash(&self, item: usize) -> Option<usize> {
        let before = self.text[..item].trim_end_matches(' ');
        before.ends_with('-').then(|| before.len() - 1)
    }

    /// The position behind the colon of a simple key.
    pub(crate) fn behind_colon(&self, key_end: usize) -> Option<usize> {
        let rest = &self.text[key_end..];
        let blanks = rest.len() - rest.trim_start_matches(' ').len();
        rest[blanks..].starts_with(':').then_some(key_end + blanks + 1)
    }

    /// The changed text; none when changes overlap.
    pub(crate) fn apply(mut self) -> Option<String> {
        self.splices.sort_by_key(|(range, _)| (range.start, range.end));
        let mut changed = String::with_capacity(self.text.len() + 256);
        let mut at = 0;
        for (range, with) in self.splices {
            changed.push_str(self.text.get(at..range.start)?);
            changed.push_str(&with);
            at = range.end;
        }
        changed.push_str(self.text.get(at..)?);
        Some(changed)
    }
}
