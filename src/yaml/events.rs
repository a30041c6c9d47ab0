//! The parser's events, up to a limit.

use std::cell::Cell;
use std::rc::Rc;

use saphyr_parser::{Event, Parser, Span};

use super::error::{YamlError, YamlProblem};
use super::tokens::CountedInput;

/// The most tokens that a value makes: key and value, each with an anchor and a tag, a colon and a comma are eight; the
/// rest is for brackets.
const TOKENS_OF_A_VALUE: usize = 10;

/// The limits of a document.
#[derive(Debug)]
pub(crate) struct Limits {
    /// How many levels of lists and maps may lie in each other.
    pub(crate) deepest: usize,
    /// How many scalars, lists, maps and aliases there may be, keys not counted.
    pub(crate) most_values: usize,
}

/// The parser's events for a text.
pub(super) struct Events<'t> {
    parser: Parser<'t, CountedInput<'t>>,
    tokens: Rc<Cell<usize>>,
    most_tokens: usize,
}

impl<'t> Events<'t> {
    /// Of a text without NUL, which the parser would take for the end.
    ///
    /// A list or map in brackets could turn out to be a key, so the parser reads all of its tokens before it gives the
    /// first event: a hundred bytes of memory for each comma. So it is the tokens that are counted, where it reads
    /// them; a character inside a scalar is none.
    pub(super) fn new(text: &'t str, limits: &Limits) -> Self {
        let tokens = Rc::new(Cell::new(0));
        let most_tokens = TOKENS_OF_A_VALUE.saturating_mul(limits.most_values);
        let parser = Parser::new(CountedInput::new(text, Rc::clone(&tokens), most_tokens));
        Self { parser, tokens, most_tokens }
    }
}

impl<'t> Iterator for Events<'t> {
    type Item = Result<(Event<'t>, Span), YamlError>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.parser.next_event()?;
        if self.tokens.get() > self.most_tokens {
            let marker = next.map_or_else(|error| *error.marker(), |(_, span)| span.start);
            return Some(Err(YamlProblem::TooManyValues.at(&marker)));
        }
        Some(next.map_err(|error| YamlError::from(&error)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: usize = 100;

    /// Why there are no more events, if it is not the end, and how many tokens were read.
    fn read(text: &str) -> (Option<YamlProblem>, usize) {
        let mut events = Events::new(text, &Limits { deepest: 100, most_values: MOST });
        let error = events.find_map(Result::err).map(|error| error.problem);
        (error, events.tokens.get())
    }

    #[test]
    fn a_flood_is_refused_before_it_is_read() {
        // What begins a line could be a key, so the parser reads all of it before it says anything.
        for begin in ["[", "{", "&x [", "!!seq [", "- [", "[{", "? [", "a: [", "- - [", "? a\n: ["] {
            for unit in ["a,", "'': ,", "[],", "&a !b c: d,"] {
                let (error, tokens) = read(&(begin.to_owned() + &unit.repeat(10 * MOST)));
                assert_eq!(error, Some(YamlProblem::TooManyValues), "{begin} {unit}");
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
            assert_eq!(error, None, "{unit}");
        }
    }
}
