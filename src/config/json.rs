//! JSON documents ([RFC 8259](https://www.rfc-editor.org/rfc/rfc8259)).
//!
//! An object with the same key twice is refused. Numbers keep their digits as written; only their exponents are
//! respelled, by serde_json: `1E5` is read as `1e+5`.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::error::{ParseError, ParseProblem};
use super::tree::{Content, Count, Field, Fields, Tree, check_depth};
use super::value::{Value, ValueKind, is_json_number};

/// The only key of the map as which serde_json, with its feature `arbitrary_precision`, passes on a number that has a
/// fraction, an exponent or more than 64 bits. An object in a file that has this form is read as a number too, if its
/// value is one.
const NUMBER_IN_DISGUISE: &str = "$serde_json::private::Number";

/// Reads a JSON document.
///
/// # Errors
/// Text that is no JSON, a key twice in an object, or a document beyond the limits of `limits`.
pub(super) fn read(text: &str) -> Result<Rc<Tree>, ParseError> {
    let state = RefCell::new(State::default());
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let read = TreeSeed { state: &state, depth: 0 }.deserialize(&mut deserializer);
    read.and_then(|tree| deserializer.end().map(|()| tree)).map_err(|error| {
        let problem = state.into_inner().problem;
        let problem = problem.unwrap_or_else(|| ParseProblem::Syntax { format: "JSON", rule: rule_of(&error) });
        let position = |number: usize| (number > 0).then_some(number);
        ParseError { line: position(error.line()), column: position(error.column()), problem }
    })
}

/// The parser's message in our own words, if it is a known one; empty otherwise, since others may quote the file.
fn rule_of(error: &serde_json::Error) -> &'static str {
    const KNOWN: [(&str, &str); 15] = [
        ("EOF", "it ends too early"),
        ("trailing comma", "there is an extra comma"),
        ("trailing characters", "there is text after its end"),
        ("key must be a string", "a key must be in double quotes"),
        ("expected `:`", "a `:` is missing"),
        ("expected `,` or `}`", "a `,` or `}` is missing"),
        ("expected `,` or `]`", "a `,` or `]` is missing"),
        ("expected value", "a value is missing"),
        ("expected ident", "a word is not true, false or null"),
        ("invalid number", "a number is not written as JSON requires"),
        ("invalid escape", "there is an unknown escape in a string"),
        ("control character", "there is a control character in a string, such as a line end"),
        ("lone leading surrogate", "a \\u escape is half a pair"),
        ("unexpected end of hex escape", "a \\u escape is half a pair"),
        ("recursion limit", "it is nested too deeply"),
    ];
    let message = error.to_string();
    KNOWN.iter().find(|(beginning, _)| message.starts_with(beginning)).map_or("", |(_, rule)| rule)
}

#[derive(Default)]
struct State {
    count: Count,
    /// Our own reason for an error, which serde's errors cannot carry.
    problem: Option<ParseProblem>,
}

#[derive(Clone, Copy)]
struct TreeSeed<'s> {
    state: &'s RefCell<State>,
    depth: usize,
}

impl TreeSeed<'_> {
    fn refuse<E: serde::de::Error>(self, problem: ParseProblem) -> E {
        self.state.borrow_mut().problem = Some(problem);
        E::custom("")
    }

    fn count<E: serde::de::Error>(self) -> Result<(), E> {
        let counted = self.state.borrow_mut().count.add(1);
        counted.map_err(|problem| self.refuse(problem))
    }

    fn value<E: serde::de::Error>(self, text: String, kind: ValueKind) -> Result<Rc<Tree>, E> {
        self.count()?;
        Ok(Tree::value(Value::new(text, kind), 0))
    }

    fn inner<E: serde::de::Error>(self) -> Result<Self, E> {
        self.count()?;
        check_depth(self.depth, 1).map_err(|problem| self.refuse(problem))?;
        Ok(Self { depth: self.depth + 1, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for TreeSeed<'_> {
    type Value = Rc<Tree>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Rc<Tree>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for TreeSeed<'_> {
    type Value = Rc<Tree>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Rc<Tree>, E> {
        self.value(String::new(), ValueKind::Null)
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<Rc<Tree>, E> {
        self.value(value.to_string(), ValueKind::Bool)
    }

    // Whole numbers of 64 bits come as such; printed, they are what was written.
    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Rc<Tree>, E> {
        self.value(number.to_string(), ValueKind::Number)
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Rc<Tree>, E> {
        self.value(number.to_string(), ValueKind::Number)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Rc<Tree>, E> {
        self.value(text.to_owned(), ValueKind::Text)
    }

    fn visit_string<E: serde::de::Error>(self, text: String) -> Result<Rc<Tree>, E> {
        self.value(text, ValueKind::Text)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Rc<Tree>, A::Error> {
        let inner = self.inner()?;
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(inner)? {
            items.push(item);
        }
        Ok(Tree::list(items, 0))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Rc<Tree>, A::Error> {
        let mut next = access.next_key::<String>()?;
        // A number counts as one value and no level.
        let disguised = next.as_deref() == Some(NUMBER_IN_DISGUISE);
        let inner = if disguised { Self { depth: self.depth + 1, ..self } } else { self.inner()? };
        let mut fields = Fields::default();
        while let Some(key) = next {
            let key: Rc<str> = key.into();
            fields.claim(Rc::clone(&key), 0).map_err(|problem| self.refuse(problem))?;
            let tree = access.next_value_seed(inner)?;
            fields.push(Field { key, line: 0, tree });
            next = access.next_key()?;
        }
        let fields = fields.into_fields();
        if disguised {
            if let [field] = fields.as_slice()
                && let Content::Value(Value { text, kind: ValueKind::Text, .. }) = &field.tree.content
                && is_json_number(text.expose())
            {
                let number = Value::new(text.expose().clone(), ValueKind::Number).spelled(spellings(text.expose()));
                return Ok(Tree::value(number, 0));
            }
            self.inner()?;
        }
        Ok(Tree::map(fields, 0))
    }
}

/// The spellings that a file may use for a number that serde_json returns as this text. serde_json keeps neither the
/// case of the `e` nor whether the exponent has a plus sign.
fn spellings(number: &str) -> Vec<String> {
    let Some((digits, exponent)) = number.split_once(['e', 'E']) else { return Vec::new() };
    let unsigned = exponent.strip_prefix('+').map(|unsigned| [exponent, unsigned]);
    let exponents = unsigned.as_ref().map_or(std::slice::from_ref(&exponent), |both| both.as_slice());
    exponents.iter().flat_map(|exponent| ["e", "E"].map(|e| format!("{digits}{e}{exponent}"))).collect()
}

#[cfg(test)]
mod tests;
