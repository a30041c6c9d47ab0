//! YAML 1.2 documents, read from the parser's events.
//!
//! - Plain scalars follow the core schema (<https://yaml.org/spec/1.2.2/#103-core-schema>): `true`, `null`, `~` and
//!   numbers are what they say, `yes`, `on` and dates are text. Numbers that JSON could not write as they stand
//!   (`0x1f`, `007`, `.5`, `.inf`) are text too, as written.
//! - Aliases work, and so do merge keys (`<<`, from YAML 1.1): the map's own fields come before merged ones, and of
//!   several merged maps the earlier wins.
//! - The tags `!!str`, `!!int`, `!!float`, `!!bool`, `!!null`, `!!map` and `!!seq` are honoured; of others there is a
//!   warning, and a scalar that has one is text.
//! - Keys are text as written (`8080:` is the key `8080`); a key twice, a map or list as a key, and a second document
//!   are errors.

use std::collections::HashMap;
use std::rc::Rc;

use saphyr_parser::{Event, ScalarStyle, ScanError, Span, Tag};

use super::Value;
use super::parse::{MOST_VALUES, ParseError, Problem, Warning};
use super::tree::{Content, Count, Field, Fields, Node, check_depth};
use crate::yaml::{EventError, Events};

/// The key that merges another map.
const MERGE_KEY: &str = "<<";

/// Reads a text without NUL (which the parser would take for the end). An empty one is null.
pub(super) fn read(text: &str) -> Result<(Rc<Node>, Option<Warning>), ParseError> {
    let mut builder = Builder::default();
    for event in Events::new(text, MOST_VALUES) {
        let (event, span) = event.map_err(|error| match error {
            EventError::TooManyTokens(at) => Problem::TooManyValues.at_line(at.line()),
            EventError::Syntax(error) => syntax_error(&error),
        })?;
        builder.take(event, span).map_err(|problem| {
            let column = Some(span.start.col() + 1);
            ParseError { column, ..problem.at_line(span.start.line()) }
        })?;
    }
    let document = builder.document.unwrap_or_else(|| Node::value(Value::null(), 1));
    Ok((document, builder.unknown_tag.map(|line| Warning::UnknownTag { line })))
}

fn syntax_error(error: &ScanError) -> ParseError {
    const KNOWN: [(&str, &str); 12] = [
        ("tab", "a tab is used where only spaces may indent"),
        ("unknown anchor", "an alias names an anchor that is not there"),
        ("found unexpected end of stream", "a quoted text is not closed"),
        ("unknown escape character", "there is an unknown escape in double quotes"),
        ("mapping values are not allowed", "there is a `: ` where none can be; a value that holds one needs quotes"),
        ("expected ',' or ']'", "a `,` or `]` is missing"),
        ("expected ',' or '}'", "a `,` or `}` is missing"),
        ("simple key expect", "a `:` is missing after a key"),
        ("did not find expected key", "a key is missing, or a line is not indented like those before it"),
        ("expected '-' indicator", "a `-` is missing, or a line is not indented like those before it"),
        ("indentation", "a line is not indented as it must be"),
        ("unexpected character", "there is a character that cannot stand there"),
    ];
    if error.info() == "recursion limit exceeded" {
        return Problem::TooDeep.at_line(error.marker().line());
    }
    let rule = KNOWN.iter().find(|(part, _)| error.info().contains(part)).map_or("", |(_, rule)| rule);
    let problem = Problem::Syntax { format: "YAML", rule };
    ParseError { column: Some(error.marker().col() + 1), ..problem.at_line(error.marker().line()) }
}

/// Puts nodes together from events.
#[derive(Default)]
struct Builder {
    /// The lists and maps that are open, outermost first.
    open: Vec<Open>,
    document: Option<Rc<Node>>,
    has_document: bool,
    /// Finished nodes by the parser's number of their anchor; none while they are being read.
    anchors: HashMap<usize, Option<Rc<Node>>>,
    count: Count,
    unknown_tag: Option<usize>,
}

struct Open {
    line: usize,
    anchor: usize,
    container: Container,
}

enum Container {
    List(Vec<Rc<Node>>),
    Map { fields: Fields, key: Option<Key>, merged: Vec<Rc<Node>> },
}

struct Key {
    text: Rc<str>,
    line: usize,
    is_merge: bool,
}

impl Builder {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Problem> {
        let line = span.start.line();
        match event {
            Event::DocumentStart(_) => {
                if self.has_document {
                    return Err(Problem::SeveralDocuments);
                }
                self.has_document = true;
                Ok(())
            }
            Event::Scalar(text, style, anchor, tag) => {
                if self.expects_key() {
                    let is_merge = style == ScalarStyle::Plain && tag.is_none() && text == MERGE_KEY;
                    if anchor > 0 {
                        self.anchors.insert(anchor, Some(Node::value(Value::text(&*text), line)));
                    }
                    return self.take_key(text.into(), line, is_merge);
                }
                self.count.add(1)?;
                let value = self.scalar(&text, style, tag.as_deref(), line)?;
                self.complete(Node::value(value, line), anchor)
            }
            Event::SequenceStart(anchor, tag) => {
                self.check_container_tag(tag.as_deref(), "seq", line)?;
                self.open(Container::List(Vec::new()), anchor, line)
            }
            Event::MappingStart(anchor, tag) => {
                self.check_container_tag(tag.as_deref(), "map", line)?;
                self.open(Container::Map { fields: Fields::default(), key: None, merged: Vec::new() }, anchor, line)
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Alias(anchor) => {
                let target = self.anchors.get(&anchor).cloned().flatten().ok_or(Problem::AliasOfItself)?;
                self.take_alias(target, line)
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
        }
    }

    fn expects_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { container: Container::Map { key: None, .. }, .. }))
    }

    fn take_key(&mut self, text: Rc<str>, line: usize, is_merge: bool) -> Result<(), Problem> {
        if let Some(Open { container: Container::Map { fields, key, .. }, .. }) = self.open.last_mut() {
            fields.claim(Rc::clone(&text), line)?;
            *key = Some(Key { text, line, is_merge });
        }
        Ok(())
    }

    fn take_alias(&mut self, target: Rc<Node>, line: usize) -> Result<(), Problem> {
        if self.expects_key() {
            return match &target.content {
                Content::Value(value) => self.take_key(value.text.expose().as_str().into(), line, false),
                _ => Err(Problem::ComplexKey),
            };
        }
        self.count.add(1)?;
        check_depth(self.open.len(), target.height)?;
        self.complete(target, 0)
    }

    fn open(&mut self, container: Container, anchor: usize, line: usize) -> Result<(), Problem> {
        if self.expects_key() {
            return Err(Problem::ComplexKey);
        }
        self.count.add(1)?;
        check_depth(self.open.len(), 1)?;
        if anchor > 0 {
            self.anchors.insert(anchor, None);
        }
        self.open.push(Open { line, anchor, container });
        Ok(())
    }

    fn close(&mut self) -> Result<(), Problem> {
        let Some(Open { line, anchor, container }) = self.open.pop() else { return Ok(()) };
        let node = match container {
            Container::List(items) => Node::list(items, line),
            Container::Map { mut fields, merged, .. } => {
                for map in &merged {
                    let Content::Map(more) = &map.content else { return Err(Problem::MergeOfNoMap) };
                    self.count.add(more.len())?;
                    more.iter().for_each(|field| fields.push_if_new(field));
                }
                Node::map(fields.into_fields(), line)
            }
        };
        self.complete(node, anchor)
    }

    /// Puts a finished node where it belongs.
    fn complete(&mut self, node: Rc<Node>, anchor: usize) -> Result<(), Problem> {
        if anchor > 0 {
            self.anchors.insert(anchor, Some(Rc::clone(&node)));
        }
        match self.open.last_mut().map(|open| &mut open.container) {
            None => self.document = Some(node),
            Some(Container::List(items)) => items.push(node),
            Some(Container::Map { fields, key, merged }) => match (key.take(), &node.content) {
                (Some(Key { is_merge: true, .. }), Content::List(maps)) => merged.extend(maps.iter().cloned()),
                (Some(Key { is_merge: true, .. }), _) => merged.push(node),
                (Some(Key { text, line, .. }), _) => fields.push(Field { key: text, line, node }),
                (None, _) => return Err(Problem::ComplexKey),
            },
        }
        Ok(())
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, tag: Option<&Tag>, line: usize) -> Result<Value, Problem> {
        let core = match tag {
            None if style == ScalarStyle::Plain => return Ok(plain(text).0),
            None => return Ok(Value::text(text)),
            // `!` alone: what is written, as it is written (section 6.9.1).
            Some(tag) if is_non_specific(tag) => return Ok(Value::text(text)),
            Some(tag) if tag.is_yaml_core_schema() => tag.suffix.as_str(),
            Some(_) => "",
        };
        let (value, meaning) = plain(text);
        let fits = match core {
            "str" => return Ok(Value::text(text)),
            "null" => meaning == Meaning::Null,
            "bool" => meaning == Meaning::Bool,
            "int" => meaning == Meaning::Int,
            "float" => matches!(meaning, Meaning::Int | Meaning::Float),
            "map" | "seq" => false,
            _ => {
                self.unknown_tag.get_or_insert(line);
                return Ok(Value::text(text));
            }
        };
        if fits { Ok(value) } else { Err(Problem::WrongTag) }
    }

    fn check_container_tag(&mut self, tag: Option<&Tag>, own: &str, line: usize) -> Result<(), Problem> {
        match tag {
            Some(tag) if tag.is_yaml_core_schema() && tag.suffix == own => Ok(()),
            Some(tag) if tag.is_yaml_core_schema() && is_core(&tag.suffix) => Err(Problem::WrongTag),
            Some(tag) if !is_non_specific(tag) => {
                self.unknown_tag.get_or_insert(line);
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

fn is_core(suffix: &str) -> bool {
    matches!(suffix, "str" | "null" | "bool" | "int" | "float" | "map" | "seq")
}

fn is_non_specific(tag: &Tag) -> bool {
    tag.suffix.is_empty() || (tag.handle.is_empty() && tag.suffix == "!")
}

/// What the core schema takes a plain scalar for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Null,
    Bool,
    Int,
    Float,
    Text,
}

fn plain(text: &str) -> (Value, Meaning) {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return (Value::null(), Meaning::Null),
        "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => {
            return (Value::bool(text.eq_ignore_ascii_case("true")), Meaning::Bool);
        }
        _ => {}
    }
    let meaning = number(text);
    let value = if meaning == Meaning::Text { Value::text(text) } else { Value::number(text) };
    (value, meaning)
}

/// The core schema's patterns for numbers.
fn number(text: &str) -> Meaning {
    let all = |digits: &str, is_digit: fn(&u8) -> bool| !digits.is_empty() && digits.bytes().all(|b| is_digit(&b));
    if let Some(digits) = text.strip_prefix("0x") {
        return if all(digits, u8::is_ascii_hexdigit) { Meaning::Int } else { Meaning::Text };
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return if all(digits, |b| (b'0'..=b'7').contains(b)) { Meaning::Int } else { Meaning::Text };
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Meaning::Float;
    }
    if all(unsigned, u8::is_ascii_digit) {
        return Meaning::Int;
    }
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).map_or((unsigned, None), |(m, e)| (m, Some(e)));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mantissa_fits = (!whole.is_empty() || !fraction.is_empty())
        && whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit());
    let exponent_fits =
        exponent.is_none_or(|exponent| all(exponent.strip_prefix(['-', '+']).unwrap_or(exponent), u8::is_ascii_digit));
    if mantissa_fits && exponent_fits { Meaning::Float } else { Meaning::Text }
}

#[cfg(test)]
mod tests;
