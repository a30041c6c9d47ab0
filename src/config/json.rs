//! JSON documents ([RFC 8259](https://www.rfc-editor.org/rfc/rfc8259)).
//!
//! Comments, and a comma behind the last item, are read too (see `jsonc`). Of a key that an object has twice the last
//! value counts, whole, at the place of the first one, as in JavaScript, Python and most others; a warning names it.
//! Numbers keep their digits as written; only their exponents are respelled, by serde_json: `1E5` is read as `1e+5`.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::rc::Rc;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::error::{ParseError, ParseProblem};
use super::jsonc::{Node, plain};
use super::parsed::RepeatedKeys;
use super::tree::{Count, Field, Tree, check_depth};
use super::value::{Value, ValueKind};

/// A JSON document.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) tree: Rc<Tree>,
    /// The keys that occur twice.
    pub(super) repeated: RepeatedKeys,
    /// What another value of its key replaced.
    pub(super) replaced: Vec<Rc<Tree>>,
}

/// Reads a JSON document. None if there is nothing in it but blanks and comments.
///
/// # Errors
/// Text that is no JSON, or a document beyond the limits of `limits`.
pub(super) fn read(text: &str) -> Result<Option<Document>, ParseError> {
    let plain = plain(text)?;
    if plain.text.trim().is_empty() {
        return Ok(None);
    }
    let state = RefCell::new(State { nodes: plain.nodes.into_iter(), ..State::default() });
    let mut deserializer = serde_json::Deserializer::from_str(&plain.text);
    let read = TreeSeed { state: &state, depth: 0 }.deserialize(&mut deserializer);
    let read = read.and_then(|tree| deserializer.end().map(|()| tree));
    let State { problem, repeated, replaced, .. } = state.into_inner();
    match read {
        Ok(tree) => Ok(Some(Document { tree, repeated, replaced })),
        Err(error) => {
            let problem = problem.unwrap_or_else(|| ParseProblem::Syntax { format: "JSON", rule: rule_of(&error) });
            Err(at(text, &error, problem))
        }
    }
}

/// An error at the place that serde_json names: it counts bytes, from 1, and 0 is the end of the line before.
fn at(text: &str, error: &serde_json::Error, problem: ParseProblem) -> ParseError {
    let (line, bytes) = match (error.line(), error.column()) {
        (0, _) => return ParseError { line: None, column: None, problem },
        (line @ 2.., 0) => (line - 1, usize::MAX),
        (line, bytes) => (line, bytes),
    };
    let written = text.split('\n').nth(line - 1).unwrap_or_default();
    let last = written.char_indices().take_while(|(start, _)| *start < bytes).count();
    ParseError { line: Some(line), column: Some(last.max(1)), problem }
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
    /// The keys and values that are not read yet.
    nodes: std::vec::IntoIter<Node>,
    repeated: RepeatedKeys,
    replaced: Vec<Rc<Tree>>,
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

    /// The key or value that is read now.
    fn node(self) -> Node {
        self.state.borrow_mut().nodes.next().unwrap_or(Node { line: 0, is_object: true })
    }

    fn value<E: serde::de::Error>(self, text: String, kind: ValueKind) -> Result<Rc<Tree>, E> {
        self.count()?;
        Ok(Tree::value(Value::new(text, kind), self.node().line))
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
        let (line, inner) = (self.node().line, self.inner()?);
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(inner)? {
            items.push(item);
        }
        Ok(Tree::list(items, line))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Rc<Tree>, A::Error> {
        let Node { line, is_object } = self.node();
        if !is_object {
            // With its feature `arbitrary_precision` serde_json passes on a number that has a fraction, an exponent or
            // more than 64 bits as a map of one key.
            self.count()?;
            let disguise = access.next_entry::<String, String>()?;
            let number = disguise.map(|(_, number)| number).unwrap_or_default();
            let spellings = spellings(&number);
            return Ok(Tree::value(Value::new(number, ValueKind::Number).spelled(spellings), line));
        }
        let inner = self.inner()?;
        let mut fields: Vec<Field> = Vec::new();
        let mut positions: HashMap<Rc<str>, usize> = HashMap::new();
        // The lines of all values of a key, by its position.
        let mut repeated: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        while let Some(key) = access.next_key::<String>()? {
            let (key, line): (Rc<str>, _) = (key.into(), self.node().line);
            let tree = access.next_value_seed(inner)?;
            if let Some(&position) = positions.get(&key) {
                let field = &mut fields[position];
                repeated.entry(position).or_insert_with(|| vec![field.line]).push(line);
                let old = std::mem::replace(field, Field { key, line, tree });
                self.state.borrow_mut().replaced.push(old.tree);
            } else {
                positions.insert(Rc::clone(&key), fields.len());
                fields.push(Field { key, line, tree });
            }
        }
        for (position, lines) in repeated {
            self.state.borrow_mut().repeated.add(&fields[position].key, lines);
        }
        Ok(Tree::map(fields, line))
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
