//! Positions in a catalog's text: splices, line ends, dashes and colons.

use std::ops::Range;

use crate::yaml::{Document, NodeId, NodeKind, ScalarStyle};

/// Changes to a text, which are collected and then applied all at once.
#[derive(Debug)]
pub(super) struct Splices<'t> {
    text: &'t str,
    newline: &'static str,
    splices: Vec<(Range<usize>, String)>,
}

impl<'t> Splices<'t> {
    pub(super) const fn new(text: &'t str, newline: &'static str) -> Self {
        Self { text, newline, splices: Vec::new() }
    }

    pub(super) fn replace(&mut self, range: Range<usize>, with: impl Into<String>) {
        self.splices.push((range, with.into()));
    }

    /// Puts whole lines below the line that a node ends on. Lines that go to one position keep the order in which they
    /// came.
    pub(super) fn lines_below(&mut self, end: usize, lines: &[String]) {
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
    pub(super) fn next_line(&self, end: usize) -> usize {
        if self.text[..end].ends_with('\n') {
            return end; // a block scalar ends with its line
        }
        self.text[end..].find('\n').map_or(self.text.len(), |at| end + at + 1)
    }

    pub(super) fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |newline| newline + 1)
    }

    /// What stands in a range.
    pub(super) fn written(&self, range: &Range<usize>) -> &'t str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    /// The column of a key or a dash, from 0; none when anything but spaces and dashes stands before it.
    pub(super) fn column(&self, at: usize) -> Option<usize> {
        let before = &self.text[self.line_start(at)..at];
        let before = before.strip_prefix('\u{feff}').unwrap_or(before);
        before.bytes().all(|byte| matches!(byte, b' ' | b'-')).then_some(before.len())
    }

    /// The position of the dash before an item of a block list; `None` if it is on another line.
    pub(super) fn dash(&self, item: usize) -> Option<usize> {
        let before = self.text[..item].trim_end_matches(' ');
        before.ends_with('-').then(|| before.len() - 1)
    }

    /// The position behind the colon of a simple key.
    pub(super) fn behind_colon(&self, key_end: usize) -> Option<usize> {
        let rest = &self.text[key_end..];
        let blanks = rest.len() - rest.trim_start_matches(' ').len();
        rest[blanks..].starts_with(':').then_some(key_end + blanks + 1)
    }

    /// The changed text; none when changes overlap.
    pub(super) fn apply(mut self) -> Option<String> {
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

/// Whether a scalar can be replaced in place: it has neither anchor nor tag and is not a block scalar.
pub(super) fn is_replaceable(document: &Document<'_>, id: NodeId) -> bool {
    let node = document.node(id);
    let block = |style| matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
    matches!(node.kind, NodeKind::Scalar { style, .. } if !block(style)) && !node.is_anchored && !node.has_foreign_tag()
}

/// The texts without repetitions, in the order of their first occurrence.
pub(super) fn unique(texts: &[String]) -> Vec<String> {
    let mut unique: Vec<String> = Vec::with_capacity(texts.len());
    for text in texts {
        if !unique.contains(text) {
            unique.push(text.clone());
        }
    }
    unique
}
