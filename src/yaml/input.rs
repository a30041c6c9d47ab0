//! The parser's input, which takes a `#` right behind a quote, a bracket or a comma for a comment.
//!
//! YAML 1.2 asks for a blank before it, and so does the parser; PyYAML, ruamel.yaml and go-yaml do not.

use granit_parser::input::{SkipTabs, WhitespaceResult};
use granit_parser::{BorrowedInput, ErrorKind, Input, StrInput};

/// A text as the parser reads it.
pub(super) struct LenientInput<'t>(StrInput<'t>);

impl<'t> LenientInput<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self(StrInput::new(text))
    }

    /// Whether what was read last closes or separates something, so that a `#` cannot belong to it.
    fn is_behind_punctuation(&self) -> bool {
        let at = self.0.byte_offset().unwrap_or_default();
        let last = at.checked_sub(1).and_then(|before| self.0.slice_bytes(before, at));
        last.is_some_and(|last| matches!(last, "\"" | "'" | "[" | "]" | "{" | "}" | ","))
    }
}

/// What the text itself answers.
macro_rules! forward {
    ($(fn $name:ident(&self $(, $argument:ident: $type:ty)*) -> $result:ty;)*) => {
        $(#[inline] fn $name(&self $(, $argument: $type)*) -> $result { self.0.$name($($argument),*) })*
    };
    ($(fn $name:ident(&mut self $(, $argument:ident: $type:ty)*) $(-> $result:ty)?;)*) => {
        $(#[inline] fn $name(&mut self $(, $argument: $type)*) $(-> $result)? { self.0.$name($($argument),*) })*
    };
}

impl Input for LenientInput<'_> {
    /// Skips blanks, after which the parser asks whether there were any before a `#`.
    fn skip_ws_to_eol_blanks(&mut self, skip_tabs: SkipTabs) -> (usize, WhitespaceResult) {
        let (characters, skipped) = self.0.skip_ws_to_eol_blanks(skip_tabs);
        if characters == 0 && self.0.next_char_is('#') && self.is_behind_punctuation() {
            return (0, WhitespaceResult::new(false, true));
        }
        (characters, skipped)
    }

    forward! {
        fn buflen(&self) -> usize;
        fn bufmaxlen(&self) -> usize;
        fn buf_is_empty(&self) -> bool;
        fn peek(&self) -> char;
        fn peek_nth(&self, n: usize) -> char;
        fn byte_offset(&self) -> Option<usize>;
        fn slice_bytes(&self, start: usize, end: usize) -> Option<&str>;
        fn next_char_is(&self, character: char) -> bool;
        fn nth_char_is(&self, n: usize, character: char) -> bool;
        fn next_2_are(&self, first: char, second: char) -> bool;
        fn next_3_are(&self, first: char, second: char, third: char) -> bool;
        fn next_is_document_indicator(&self) -> bool;
        fn next_is_document_start(&self) -> bool;
        fn next_is_document_end(&self) -> bool;
        fn next_can_be_plain_scalar(&self, in_flow: bool) -> bool;
        fn next_is_blank_or_break(&self) -> bool;
        fn next_is_blank_or_breakz(&self) -> bool;
        fn next_is_blank(&self) -> bool;
        fn next_is_break(&self) -> bool;
        fn next_is_breakz(&self) -> bool;
        fn next_is_z(&self) -> bool;
        fn next_is_flow(&self) -> bool;
        fn next_is_digit(&self) -> bool;
        fn next_is_alpha(&self) -> bool;
    }

    forward! {
        fn lookahead(&mut self, count: usize);
        fn raw_read_ch(&mut self) -> char;
        fn raw_read_non_breakz_ch(&mut self) -> Option<char>;
        fn skip(&mut self);
        fn skip_n(&mut self, count: usize);
        fn look_ch(&mut self) -> char;
        fn skip_ws_to_eol(&mut self, skip_tabs: SkipTabs) -> (usize, Result<WhitespaceResult, ErrorKind>);
        fn skip_while_non_breakz(&mut self) -> usize;
        fn skip_while_blank(&mut self) -> usize;
        fn fetch_while_is_alpha(&mut self, out: &mut String) -> usize;
        fn fetch_while_is_yaml_non_space(&mut self, out: &mut String) -> usize;
        fn fetch_block_scalar_line(&mut self, out: &mut String) -> usize;
        fn take_quoted_scalar_ascii_chunk(&mut self, single: bool) -> &str;
        fn take_quoted_scalar_chunk(&mut self, single: bool) -> (&str, usize);
        fn fetch_plain_scalar_chunk(&mut self, out: &mut String, count: usize, in_flow: bool) -> (bool, usize);
        fn skip_plain_scalar_chunk(&mut self, count: usize, in_flow: bool) -> (bool, usize);
    }
}

impl<'t> BorrowedInput<'t> for LenientInput<'t> {
    #[inline]
    fn slice_borrowed(&self, start: usize, end: usize) -> Option<&'t str> {
        self.0.slice_borrowed(start, end)
    }
}

#[cfg(test)]
mod tests {
    use granit_parser::{Event, Parser};

    use super::*;

    /// The texts of all scalars; none where the parser refuses the text.
    fn scalars(text: &str) -> Option<Vec<String>> {
        let scalar = |event| match event {
            Event::Scalar(text, ..) => Some(text.into_owned()),
            _ => None,
        };
        let events: Result<Vec<_>, _> = Parser::new(LenientInput::new(text)).collect();
        Some(events.ok()?.into_iter().filter_map(|(event, _)| scalar(event)).collect())
    }

    #[test]
    fn a_comment_may_follow_a_quote_a_bracket_or_a_comma_at_once() {
        for (text, expected) in [
            ("\"a\": 'b'# c: d\ne: \"f\"#\n", Some(vec!["a", "b", "e", "f"])),
            ("[#x ]\na,#y ]\n{b: c}#z\n]#ü", Some(vec!["a", "b", "c"])),
            ("a#b: c#d", Some(vec!["a#b", "c#d"])),
            ("a: |# c\n  b\n", None),
            ("%YAML 1.2# c\n---\na", None),
        ] {
            assert_eq!(scalars(text).as_deref().map(<[_]>::concat), expected.map(|texts| texts.concat()), "{text}");
        }
    }
}
