//! Changes to maps and lists in brackets: JSON, and the same in YAML and TOML.

use std::ops::Range;

use super::outline::{Item, Items};
use super::plan::{Patch, Whole};
use crate::splices::Splices;

/// How comments are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comments {
    /// `//` and `/* */`.
    Slashes,
    /// `#`.
    Hash,
}

/// A map or list in brackets whose items change.
pub(super) struct Flow<'t> {
    pub(super) text: &'t str,
    pub(super) newline: &'static str,
    pub(super) comments: Comments,
    /// Whether an empty one gets a line for each item, where it has room.
    pub(super) opens: bool,
}

impl<'t> Flow<'t> {
    /// Removes items and adds others, which are written by `write`: it is given the indentation of the item's line.
    pub(super) fn change(
        &self,
        span: &Range<usize>,
        items: &Items,
        patch: &Patch,
        write: impl Fn(&str) -> Option<Vec<String>>,
        splices: &mut Splices<'t>,
    ) -> Option<()> {
        let written: Vec<(usize, &Item)> =
            items.items.iter().enumerate().filter(|(_, item)| item.is_written()).collect();
        let is_removed = |position: &usize| {
            patch.items.get(position).is_some_and(|patch| matches!(patch.whole, Some(Whole::Remove)))
        };
        let last_kept = written.iter().rev().find(|(position, _)| !is_removed(position));
        let Some((kept_position, kept)) = last_kept else {
            let inner = span.start + 1..span.end.checked_sub(1)?;
            let first = written.first().map(|(_, item)| item.span().start);
            let comments = self.text.get(inner.clone())?.trim_end();
            if first.is_none() && !comments.is_empty() {
                let at = inner.start + comments.len();
                splices.replace(at..at, self.behind_comments(span.start, comments, &write)?);
                return Some(());
            }
            let with = self.whole(span.start, first, &write)?;
            splices.replace(inner, with);
            return Some(());
        };
        for (position, item) in written.iter().filter(|(position, _)| is_removed(position)) {
            let end = self.comma_behind(item.span().end).map_or(item.span().end, |comma| comma + 1);
            let mut range = item.span().start..end;
            if self.begins_line(range.start) && self.ends_line(end) {
                range = self.line_start(range.start)..self.next_line(end);
            } else if written.last().is_some_and(|(last, _)| position < last) {
                range.end += blanks(&self.text[end..]);
            }
            splices.replace(range, "");
        }
        let (last_position, last) = written.last()?;
        let trailing = self.comma_behind(last.span().end);
        let comma = self.comma_behind(kept.span().end);
        let is_last_kept = kept_position == last_position;
        if patch.added.is_empty() {
            if let (Some(comma), None, false) = (comma, trailing, is_last_kept) {
                // The last one has no comma behind it.
                let next = comma + 1 + blanks(&self.text[comma + 1..]);
                let is_next_removed_here = written.iter().any(|(_, item)| item.span().start == next);
                splices.replace(
                    comma..if is_next_removed_here && !self.ends_line(comma + 1) { next } else { comma + 1 },
                    "",
                );
            }
            return Some(());
        }
        let begin = kept.span().start;
        let behind = comma.map_or(kept.span().end, |comma| comma + 1);
        let final_comma = if trailing.is_some() { "," } else { "" };
        if self.begins_line(begin) && self.ends_line(behind) {
            let indent = &self.text[self.line_start(begin)..begin];
            if comma.is_none() {
                splices.replace(behind..behind, ",");
            }
            let at = self.next_line(behind);
            let lines = write(indent)?.join(&format!(",{}{indent}", self.newline));
            splices.replace(at..at, [indent, &lines, final_comma, self.newline].concat());
        } else {
            let items = write("")?.join(", ");
            let before = if comma.is_some() { " " } else { ", " };
            splices.replace(behind..behind, [before, &items, final_comma].concat());
        }
        Some(())
    }

    /// What stands behind the comments of one that had nothing else.
    fn behind_comments(
        &self,
        begin: usize,
        comments: &str,
        write: &impl Fn(&str) -> Option<Vec<String>>,
    ) -> Option<String> {
        if !comments.contains('\n') && comments.ends_with("*/") {
            return Some(format!(" {}", write("")?.join(", ")));
        }
        let line = &self.text[self.line_start(begin)..begin];
        let indent = [&line[..blanks(line)], self.unit()].concat();
        let lines = write(&indent)?.join(&format!(",{}{indent}", self.newline));
        Some([self.newline, &indent, &lines].concat())
    }

    /// What stands between the brackets of one that has only new items.
    fn whole(
        &self,
        begin: usize,
        first: Option<usize>,
        write: &impl Fn(&str) -> Option<Vec<String>>,
    ) -> Option<String> {
        let line = &self.text[self.line_start(begin)..begin];
        let outer = &line[..blanks(line)];
        let on_lines = first.map_or(self.opens && self.text.contains('\n'), |first| self.begins_line(first));
        let inner = match first {
            Some(first) if on_lines => self.text[self.line_start(first)..first].to_owned(),
            _ => format!("{outer}{}", self.unit()),
        };
        let items = write(if on_lines { &inner } else { "" })?;
        Some(if items.is_empty() {
            String::new()
        } else if on_lines {
            let lines = items.join(&format!(",{}{inner}", self.newline));
            [self.newline, &inner, &lines, self.newline, outer].concat()
        } else {
            items.join(", ")
        })
    }

    /// The indentation of the line, if it is not the only one.
    pub(super) fn indent(&self, at: usize) -> Option<&'t str> {
        let line = &self.text[self.line_start(at)..];
        self.text.contains('\n').then(|| &line[..blanks(line)])
    }

    /// By how much lines are indented more than those around them.
    pub(super) fn unit(&self) -> &'t str {
        let mut indents = self.text.split('\n').map(|line| &line[..blanks(line)]);
        indents.find(|indent| !indent.is_empty() && indent.len() <= 8).unwrap_or("  ")
    }

    /// The comma behind an item, which comments and line ends may come before.
    fn comma_behind(&self, end: usize) -> Option<usize> {
        let mut at = end;
        loop {
            let rest = self.text.get(at..)?;
            let gap = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
            at += gap;
            match self.comment(at) {
                Some(length) => at += length,
                None => return self.text[at..].starts_with(',').then_some(at),
            }
        }
    }

    /// The length of the comment that begins here.
    fn comment(&self, at: usize) -> Option<usize> {
        let rest = self.text.get(at..)?;
        let line = || rest.find(['\n', '\r']).unwrap_or(rest.len());
        match self.comments {
            Comments::Hash if rest.starts_with('#') => Some(line()),
            Comments::Slashes if rest.starts_with("//") => Some(line()),
            Comments::Slashes if rest.starts_with("/*") => Some(rest[2..].find("*/")? + 4),
            _ => None,
        }
    }

    /// Whether nothing but blanks stands before it on its line.
    pub(super) fn begins_line(&self, at: usize) -> bool {
        let line = self.line_start(at);
        line > 0 && blanks(&self.text[line..at]) == at - line
    }

    /// Whether nothing but blanks and comments comes behind it on its line, which has an end.
    fn ends_line(&self, mut at: usize) -> bool {
        loop {
            at += blanks(&self.text[at..]);
            match self.comment(at) {
                Some(length) if !self.text[at..at + length].contains('\n') => at += length,
                _ => return self.text[at..].starts_with(['\n']) || self.text[at..].starts_with("\r\n"),
            }
        }
    }

    fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |newline| newline + 1)
    }

    fn next_line(&self, at: usize) -> usize {
        self.text[at..].find('\n').map_or(self.text.len(), |newline| at + newline + 1)
    }
}

/// How many blanks a text begins with.
fn blanks(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t']).len()
}
