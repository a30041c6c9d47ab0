//! Finds the bytes of a node in the text. The parser counts characters, and some of its spans are too long.

use std::ops::Range;

use saphyr_parser::{Marker, ScalarStyle, Span};

/// One byte offset is kept for each run of this many characters.
const STEP: usize = 64;

/// A text, with an index that maps the parser's markers to byte offsets.
pub(super) struct Positions<'t> {
    text: &'t str,
    /// The byte that each 64th character begins at; empty where characters are bytes.
    steps: Vec<usize>,
}

impl<'t> Positions<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let steps =
            if text.is_ascii() { Vec::new() } else { text.char_indices().map(|(at, _)| at).step_by(STEP).collect() };
        Self { text, steps }
    }

    pub(super) fn byte(&self, marker: &Marker) -> usize {
        let character = marker.index();
        if self.steps.is_empty() {
            return character.min(self.text.len());
        }
        let Some(&start) = self.steps.get(character / STEP) else { return self.text.len() };
        let behind = self.text[start..].char_indices().nth(character % STEP);
        behind.map_or(self.text.len(), |(at, _)| start + at)
    }

    pub(super) fn bytes(&self, span: &Span) -> Range<usize> {
        self.byte(&span.start)..self.byte(&span.end)
    }

    /// Whether a list or map that begins here is written in brackets.
    pub(super) fn is_flow(&self, begin: &Span, bracket: char) -> bool {
        !begin.is_empty() && self.text[..self.byte(&begin.end)].ends_with(bracket)
    }

    /// The parser's span of a quoted scalar reaches over the blanks and the comment behind it, so its end is looked
    /// for here.
    pub(super) fn scalar(&self, style: ScalarStyle, span: &Span) -> Range<usize> {
        let Range { start, end } = self.bytes(span);
        let quote = match style {
            ScalarStyle::SingleQuoted => b'\'',
            ScalarStyle::DoubleQuoted => b'"',
            ScalarStyle::Plain | ScalarStyle::Literal | ScalarStyle::Folded => return start..end,
        };
        let bytes = self.text.as_bytes();
        let mut at = start;
        // Anchor and tag stand before the quote.
        while matches!(bytes.get(at), Some(b'&' | b'!')) {
            while bytes.get(at).is_some_and(|byte| !byte.is_ascii_whitespace()) {
                at += 1;
            }
            while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
                at += 1;
            }
        }
        if bytes.get(at) != Some(&quote) {
            return start..end;
        }
        at += 1;
        while at < end {
            match bytes[at] {
                b'\\' if quote == b'"' => at += 2,
                b'\'' if quote == b'\'' && bytes.get(at + 1) == Some(&b'\'') => at += 2,
                byte if byte == quote => return start..at + 1,
                _ => at += 1,
            }
        }
        start..end
    }
}
