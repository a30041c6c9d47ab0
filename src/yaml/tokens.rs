//! The parser's input, which counts the tokens that are read from it.

use std::cell::Cell;
use std::rc::Rc;

use saphyr_parser::input::SkipTabs;
use saphyr_parser::{Input, StrInput};

/// Before each token the scanner looks whether there is one of these instead, and it does so at no other place.
const BYTE_ORDER_MARK: char = '\u{FEFF}';

/// The parser's input: a text that is cut off after the most tokens that it may have.
pub(super) struct CountedInput<'t> {
    text: Cell<StrInput<'t>>,
    tokens: Rc<Cell<usize>>,
    most: usize,
}

impl<'t> CountedInput<'t> {
    /// `tokens` counts them, and is more than `most` when the text was not read to its end.
    pub(super) fn new(text: &'t str, tokens: Rc<Cell<usize>>, most: usize) -> Self {
        Self { text: Cell::new(StrInput::new(text)), tokens, most }
    }

    fn count_token(&self) {
        self.tokens.set(self.tokens.get() + 1);
        if self.tokens.get() > self.most {
            self.text.set(StrInput::new(""));
        }
    }
}

/// What the text itself answers.
macro_rules! forward {
    ($(fn $name:ident(&self $(, $argument:ident: $type:ty)*) -> $result:ty;)*) => {
        $(#[inline] fn $name(&self $(, $argument: $type)*) -> $result { self.text.get().$name($($argument),*) })*
    };
    ($(fn $name:ident(&mut self $(, $argument:ident: $type:ty)*) $(-> $result:ty)?;)*) => {
        $(#[inline] fn $name(&mut self $(, $argument: $type)*) $(-> $result)? {
            self.text.get_mut().$name($($argument),*)
        })*
    };
}

impl Input for CountedInput<'_> {
    #[inline]
    fn next_char_is(&self, character: char) -> bool {
        if character == BYTE_ORDER_MARK {
            self.count_token();
        }
        self.text.get().next_char_is(character)
    }

    forward! {
        fn buflen(&self) -> usize;
        fn bufmaxlen(&self) -> usize;
        fn buf_is_empty(&self) -> bool;
        fn peek(&self) -> char;
        fn peek_nth(&self, n: usize) -> char;
        fn peek_opt(&self) -> Option<char>;
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
        fn skip_ws_to_eol(&mut self, skip_tabs: SkipTabs) -> (usize, Result<SkipTabs, &'static str>);
        fn skip_while_non_breakz(&mut self) -> usize;
        fn skip_while_blank(&mut self) -> usize;
        fn fetch_while_is_alpha(&mut self, out: &mut String) -> usize;
        fn fetch_while_is_yaml_non_space(&mut self, out: &mut String) -> usize;
    }
}

#[cfg(test)]
mod tests {
    use saphyr_parser::Parser;

    use super::*;

    /// How many tokens are counted when at most so many may be read, and whether the text was read to its end.
    fn counted(text: &str, most: usize) -> (usize, bool) {
        let tokens = Rc::new(Cell::new(0));
        let mut parser = Parser::new(CountedInput::new(text, Rc::clone(&tokens), most));
        let is_whole = std::iter::from_fn(|| parser.next_event()).all(|event| event.is_ok());
        (tokens.get(), is_whole)
    }

    #[test]
    fn tokens_are_counted_and_characters_are_not() {
        for (text, expected) in [
            ("", 0),
            ("a, b - c\n", 1),
            ("|\n  a: b\n  - c, d\n\n", 1),
            ("\"a: b,\n  [c]\" # d: e\n", 1),
            ("a: b\n", 3),
            ("- &a !!str b\n- *a\n", 6),
            ("{a: [b, 'c, d'], \"e\":f}\n", 13),
            ("? a\n: b\n", 4),
            ("---\na\n...\n", 3),
        ] {
            assert_eq!(counted(text, 100), (expected, true), "{text:?}");
        }
    }

    #[test]
    fn the_text_ends_where_it_has_too_many() {
        let text = format!("[{}]", ",".repeat(1_000));
        assert_eq!(counted(&text, 50), (51, false));
    }
}
