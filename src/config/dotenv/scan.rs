//! Values as they are quoted, and the characters around them.

use super::{BLANKS, Reader};
use crate::config::error::{ParseError, ParseProblem};
use crate::config::expand::is_dollar_of_a_reference;
use crate::config::line::{line_ends, split_line, with_line_feeds};

impl<'t> Reader<'t> {
    /// What stands between two of these quotes.
    pub(super) fn verbatim(&mut self, quote: char) -> Result<String, ParseError> {
        let begin = self.line;
        self.take(1);
        let length = self.rest.find(quote).ok_or(ParseProblem::OpenQuote.at_line(begin))?;
        let text = self.take(length);
        self.take(1);
        self.after_quote()?;
        Ok(with_line_feeds(text))
    }

    pub(super) fn double_quoted(&mut self) -> Result<(String, Vec<usize>), ParseError> {
        let begin = self.line;
        let mut text = String::new();
        let mut dollars = Vec::new();
        self.take(1);
        loop {
            let special = self.rest.find(['"', '\\', '$', '\r']).ok_or(ParseProblem::OpenQuote.at_line(begin))?;
            text.push_str(self.take(special));
            let taken = match self.rest.as_bytes() {
                [b'"', ..] => break,
                [b'\\', escaped, ..] => {
                    let (meant, length) = match escaped {
                        b'n' => ("\n", 2),
                        b'r' => ("\r", 2),
                        b't' => ("\t", 2),
                        b'\\' | b'"' | b'$' => (&self.rest[1..2], 2),
                        _ => ("\\", 1),
                    };
                    text.push_str(meant);
                    length
                }
                [b'\r', ..] => {
                    text.push('\n');
                    if self.rest.starts_with("\r\n") { 2 } else { 1 }
                }
                _ => {
                    dollars
                        .extend(is_dollar_of_a_reference(self.rest.as_bytes().get(1).copied()).then_some(text.len()));
                    let length = if self.rest.starts_with("$$") { 2 } else { 1 };
                    text.push_str(&self.rest[..length]);
                    length
                }
            };
            self.take(taken);
        }
        self.take(1);
        self.after_quote()?;
        Ok((text, dollars))
    }

    pub(super) fn unquoted(&mut self, mut after_blank: bool) -> (String, Vec<usize>) {
        let line = self.take_line();
        let mut end = line.len();
        for (at, byte) in line.bytes().enumerate() {
            if byte == b'#' && after_blank {
                end = at;
                break;
            }
            after_blank = byte == b' ' || byte == b'\t';
        }
        let text = line[..end].trim_end_matches(BLANKS);
        let mut dollars = Vec::new();
        let mut done = 0;
        for (at, _) in
            text.match_indices('$').filter(|(at, _)| is_dollar_of_a_reference(text.as_bytes().get(at + 1).copied()))
        {
            if at >= done {
                dollars.push(at);
                done = at + if text[at..].starts_with("$$") { 2 } else { 1 };
            }
        }
        (text.to_owned(), dollars)
    }

    /// Up to the end of the line, nothing but blanks and a comment.
    pub(super) fn after_quote(&mut self) -> Result<(), ParseError> {
        self.written.end = self.offset();
        self.skip_blanks();
        if self.rest.is_empty() || self.rest.starts_with('#') || self.at_line_end() {
            self.take_line();
            return Ok(());
        }
        Err(ParseProblem::AfterQuote.at_line(self.line))
    }

    pub(super) fn at_line_end(&self) -> bool {
        self.rest.starts_with(['\n', '\r'])
    }

    /// The rest of the line, without its end, which is taken too.
    pub(super) fn take_line(&mut self) -> &'t str {
        let (line, rest) = split_line(self.rest);
        self.line += usize::from(line.len() + rest.len() < self.rest.len());
        self.rest = rest;
        line
    }

    pub(super) fn skip_blanks(&mut self) -> bool {
        let rest = self.rest.trim_start_matches(BLANKS);
        let skipped = rest.len() < self.rest.len();
        self.rest = rest;
        skipped
    }

    pub(super) fn take(&mut self, length: usize) -> &'t str {
        let (taken, rest) = self.rest.split_at(length);
        self.line += line_ends(taken.as_bytes());
        self.rest = rest;
        taken
    }
}
