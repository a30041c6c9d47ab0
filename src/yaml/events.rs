//! The parser's events, as long as there are not too many of them.

use std::cell::Cell;
use std::rc::Rc;

use saphyr_parser::{Event, Marker, Parser, ScanError, Span};

use super::tokens::CountedInput;

/// The most tokens that a value makes: key and value, each with an anchor and a tag, a colon and a comma are eight; the
/// rest is for brackets.
const TOKENS_OF_A_VALUE: usize = 10;

/// The events of one text.
pub(crate) struct Events<'t> {
    parser: Parser<'t, CountedInput<'t>>,
    tokens: Rc<Cell<usize>>,
    most_tokens: usize,
}

/// Why there are no more events.
#[derive(Debug)]
pub(crate) enum EventError {
    /// The text has far more tokens than one with the most values has.
    TooManyTokens(Marker),
    /// The text is not YAML.
    Syntax(ScanError),
}

impl<'t> Events<'t> {
    /// Reads a text without NUL (which the parser would take for the end), of which it is known that it must not have
    /// more than so many values.
    ///
    /// A list or map in brackets could turn out to be a key, so the parser reads all of its tokens before it gives the
    /// first event: a hundred bytes of memory for each comma. So it is the tokens that are counted, where it reads
    /// them; a character inside a scalar is none.
    pub(crate) fn new(text: &'t str, most_values: usize) -> Self {
        let tokens = Rc::new(Cell::new(0));
        let most_tokens = TOKENS_OF_A_VALUE.saturating_mul(most_values);
        let parser = Parser::new(CountedInput::new(text, Rc::clone(&tokens), most_tokens));
        Self { parser, tokens, most_tokens }
    }
}

impl<'t> Iterator for Events<'t> {
    type Item = Result<(Event<'t>, Span), EventError>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.parser.next_event()?;
        if self.tokens.get() > self.most_tokens {
            let at = next.map_or_else(|error| *error.marker(), |(_, span)| span.start);
            return Some(Err(EventError::TooManyTokens(at)));
        }
        Some(next.map_err(EventError::Syntax))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: usize = 100;

    /// Why there are no more events, if it is not the end, and how many tokens were read.
    fn read(text: &str) -> (Option<EventError>, usize) {
        let mut events = Events::new(text, MOST);
        let error = events.find_map(Result::err);
        (error, events.tokens.get())
    }

    #[test]
    fn a_flood_is_refused_before_it_is_read() {
        // What begins a line could be a key, so the parser reads all of it before it says anything.
        for begin in ["[", "{", "&x [", "!!seq [", "- [", "[{", "? [", "a: [", "- - [", "? a\n: ["] {
            for unit in ["a,", "'': ,", "[],", "&a !b c: d,"] {
                let (error, tokens) = read(&(begin.to_owned() + &unit.repeat(10 * MOST)));
                assert!(matches!(error, Some(EventError::TooManyTokens(_))), "{begin} {unit}: {error:?}");
                assert_eq!(tokens, MOST * TOKENS_OF_A_VALUE + 1);
            }
        }
    }

    #[test]
    fn as_many_values_as_may_be_are_read_however_they_are_written() {
        for (before, unit, after) in [
            ("", "- &a !!str v\n", ""),
            ("", "&a !!str k: &b !!str v\n", ""),
            ("", "? &a !!str k\n: &b !!str v\n", ""),
            ("{", "&a !!str k: &b !!str v,", "}"),
            ("[", "&a !!seq [ ] , ", "]"),
            ("[", "a: b,", "]"),
        ] {
            let (error, _) = read(&format!("{before}{}{after}", unit.repeat(MOST)));
            assert!(error.is_none(), "{unit}: {error:?}");
        }
    }
}
