//! The parser's events.

use std::borrow::Cow;

use granit_parser::{Event, Parser, ScalarStyle, Span, options};

use super::document::Limits;
use super::error::YamlError;
use super::input::LenientInput;
use super::span;

/// The parser's events for a text.
///
/// It holds few of them at once: what begins a line could turn out to be a key, but only for 1,024 characters.
pub(super) struct Events<'t> {
    text: &'t str,
    parser: Parser<'t, LenientInput<'t>>,
}

impl<'t> Events<'t> {
    /// Of a text without NUL, which the parser would take for the end.
    pub(super) fn new(text: &'t str, limits: &Limits) -> Self {
        let options = options! {
            // As PyYAML, ruamel.yaml and go-yaml have it; what is not said here is so by default.
            bom_inside_document_as_content: true,
            block_scalar_eof_without_line_feed: true,
            // Of what is in brackets the parser may read more before it says that it begins.
            flow_nesting_limit: limits.deepest,
            block_nesting_limit: limits.deepest,
            emit_anchor_events: true,
        };
        Self { text, parser: Parser::with_options(LenientInput::new(text), options) }
    }

    /// What is absent comes as a `~` that is not written.
    fn written(&self, event: Event<'t>, span: &Span) -> Event<'t> {
        match event {
            Event::Scalar(text, ScalarStyle::Plain, anchor, tag)
                if text == "~" && !self.text[span::bytes(span)].ends_with('~') =>
            {
                Event::Scalar(Cow::Borrowed(""), ScalarStyle::Plain, anchor, tag)
            }
            event => event,
        }
    }
}

impl<'t> Iterator for Events<'t> {
    type Item = Result<(Event<'t>, Span), YamlError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.parser.next()? {
            Ok((event, span)) => Some(Ok((self.written(event, &span), span))),
            Err(error) => Some(Err(YamlError::from(&error))),
        }
    }
}
