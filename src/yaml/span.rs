//! Where the parser's spans lie in the text.

use std::ops::Range;

use granit_parser::{Marker, Span};

/// The byte that a marker stands before. The parser knows it of any text that it has as a whole.
pub(super) fn byte(marker: &Marker) -> usize {
    marker.byte_offset().unwrap_or_default()
}

pub(super) fn bytes(span: &Span) -> Range<usize> {
    byte(&span.start)..byte(&span.end)
}
