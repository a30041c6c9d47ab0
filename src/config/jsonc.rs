//! JSON with comments (`//`, `/* */`) and a comma behind the last item, as .NET, tsc and wrangler read it.
//!
//! serde_json reads neither and says no positions, so a file goes through here first: what it does not read becomes
//! blanks, byte for byte, and the lines of keys and values are noted. All else is left to it. The libraries that strip
//! comments also take `#` for one, or `[,]` for a list, and none of them keeps the lines.

use std::borrow::Cow;

use super::error::{ParseError, ParseProblem};
use super::limits::MOST_VALUES;

/// The most keys and values that are noted. A reader refuses a document before it asks for more.
const MOST_NODES: usize = 2 * MOST_VALUES + 2;

/// A text that serde_json reads, as long as what it was made of.
pub(super) struct Plain<'t> {
    pub(super) text: Cow<'t, str>,
    /// The keys and values, in the order of the text.
    pub(super) nodes: Vec<Node>,
}

/// A key or a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Node {
    /// From 1.
    pub(super) line: usize,
    pub(super) is_object: bool,
}

/// What stands before, blanks and comments aside.
#[derive(Clone, Copy)]
enum Before {
    Value,
    /// A comma behind a value, and its byte.
    Comma(usize),
    Other,
}

/// # Errors
/// A comment that is not closed.
pub(super) fn plain(text: &str) -> Result<Plain<'_>, ParseError> {
    let bytes = text.as_bytes();
    let mut blanked: Option<Vec<u8>> = None;
    let mut blank = |from: usize, to: usize| {
        let copy = blanked.get_or_insert_with(|| bytes.to_vec());
        copy[from..to].iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
    };
    let mut nodes = Vec::new();
    let (mut at, mut line, mut before) = (0, 1, Before::Other);
    while let Some(&byte) = bytes.get(at) {
        let rest = &bytes[at..];
        let begins = matches!(byte, b'"' | b'{' | b'[') || !is_mark(byte);
        if begins && nodes.len() < MOST_NODES {
            nodes.push(Node { line, is_object: byte == b'{' });
        }
        let length = match byte {
            b'/' if rest.starts_with(b"//") => {
                let length = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len());
                blank(at, at + length);
                length
            }
            b'/' if rest.starts_with(b"/*") => {
                let Some(length) = rest[2..].windows(2).position(|end| end == b"*/").map(|inside| inside + 4) else {
                    let column = Some(1 + text[..at].chars().rev().take_while(|c| *c != '\n').count());
                    let problem =
                        ParseProblem::Syntax { format: "JSON", rule: "the comment that begins here is not closed" };
                    return Err(ParseError { line: Some(line), column, problem });
                };
                blank(at, at + length);
                line += rest[..length].iter().filter(|byte| **byte == b'\n').count();
                length
            }
            b'"' => {
                before = Before::Value;
                string(rest)
            }
            b',' => {
                before = if matches!(before, Before::Value) { Before::Comma(at) } else { Before::Other };
                1
            }
            b'}' | b']' => {
                if let Before::Comma(comma) = before {
                    blank(comma, comma + 1);
                }
                before = Before::Value;
                1
            }
            b'{' | b'[' | b':' => {
                before = Before::Other;
                1
            }
            byte if is_mark(byte) => {
                line += usize::from(byte == b'\n');
                1
            }
            _ => {
                before = Before::Value;
                rest.iter().position(|byte| is_mark(*byte)).unwrap_or(rest.len())
            }
        };
        at += length;
    }
    // Whole characters became blanks, so it is UTF-8 still.
    let text = blanked.and_then(|blanked| String::from_utf8(blanked).ok()).map_or(Cow::Borrowed(text), Cow::Owned);
    Ok(Plain { text, nodes })
}

/// Whether a byte can be no part of a number or a word.
const fn is_mark(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b',' | b':' | b'{' | b'}' | b'[' | b']' | b'"' | b'/')
}

/// The length of a string, quotes included; of one that is not closed, that of the text.
fn string(text: &[u8]) -> usize {
    let mut at = 1;
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_commas_at_the_end_become_blanks() {
        for (text, expected) in [
            ("{// c\n\"a\": 1, /* ü\n */ }// d", "{    \n\"a\": 1       \n    }    "),
            ("[1,2 , /* , */ ] ", "[1,2           ] "),
            ("[[1,],{\"a\":{},},]", "[[1 ],{\"a\":{} } ]"),
            (r#"["//", "/*", ",]", "\",]//", "\\",]"#, r#"["//", "/*", ",]", "\",]//", "\\" ]"#),
            ("// c\r[1]", "    \r[1]"),
            ("[1]/**/", "[1]    "),
            // What nobody reads is left as it is.
            ("[,]", "[,]"),
            ("{,}", "{,}"),
            ("[1,,]", "[1,,]"),
            ("{\"a\":,}", "{\"a\":,}"),
            ("[1],", "[1],"),
            ("# c\n[1 / 2, 'x']", "# c\n[1 / 2, 'x']"),
            ("[\"a,]", "[\"a,]"),
        ] {
            assert_eq!(plain(text).unwrap().text, expected, "{text}");
        }
        assert!(matches!(plain(r#"{"a": [1, 2]}"#).unwrap().text, Cow::Borrowed(_)));
    }

    #[test]
    fn lines_of_keys_and_values_are_noted_in_order() {
        let nodes = plain("{\"a\":\n1, /*\n*/ \"b\": {\n\"\": [-1.5e3,\ntrue]}}\n").unwrap().nodes;
        let lines: Vec<_> = nodes.iter().map(|node| node.line).collect();
        assert_eq!(lines, [1, 1, 2, 3, 3, 4, 4, 4, 5]);
        assert_eq!(nodes.iter().filter(|node| node.is_object).count(), 2);
    }

    #[test]
    fn a_comment_that_is_not_closed_is_refused_where_it_begins() {
        for (text, line, column) in [("{}\n ü /* x\n", 2, 4), ("/*/", 1, 1), ("[1] /", 0, 0)] {
            let error = plain(text).err().map(|error| (error.line, error.column));
            assert_eq!(error, (line > 0).then_some((Some(line), Some(column))), "{text}");
        }
    }
}
