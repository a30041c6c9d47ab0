//! JSON (RFC 8259) documents. A key twice in one object is refused, and numbers keep their digits as written; only an
//! exponent is spelled anew (`1E5` is read as `1e+5`, which is serde_json's doing).

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::error::{ParseError, ParseProblem};
use super::tree::{Content, Count, Field, Fields, Tree, check_depth};
use super::value::{Value, ValueKind, is_json_number};

/// What serde_json hands a number with a fraction, an exponent or too many digits over as, with its
/// feature `arbitrary_precision`: a map with this one key. An object in a file that pretends to be one is read as that
/// number, and only if it is one.
const NUMBER_IN_DISGUISE: &str = "$serde_json::private::Number";

/// Reads a document.
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

/// The parser's message, if it is one of those that are known to quote nothing.
fn rule_of(error: &serde_json::Error) -> &'static str {
    const KNOWN: [(&str, &str); 13] = [
        ("EOF", "it ends too early"),
        ("trailing comma", "there is a comma too many"),
        ("trailing characters", "there is text after its end"),
        ("key must be a string", "a key must be in double quotes"),
        ("expected `:`", "a `:` is missing"),
        ("expected `,` or `}`", "a `,` or `}` is missing"),
        ("expected `,` or `]`", "a `,` or `]` is missing"),
        ("expected value", "a value is missing"),
        ("expected ident", "a word is not true, false or null"),
        ("invalid number", "a number is not written as JSON wants it"),
        ("invalid escape", "there is an unknown escape in a string"),
        ("control character", "there is a control character in a string, such as a line end"),
        ("lone leading surrogate", "a \\u escape is half a pair"),
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

/// The ways in which a file can spell a number that serde_json gives as this text: the case of its `e` and a plus sign
/// in its exponent are lost.
fn spellings(number: &str) -> Vec<String> {
    let Some((digits, exponent)) = number.split_once(['e', 'E']) else { return Vec::new() };
    let unsigned = exponent.strip_prefix('+').map(|unsigned| [exponent, unsigned]);
    let exponents = unsigned.as_ref().map_or(std::slice::from_ref(&exponent), |both| both.as_slice());
    exponents.iter().flat_map(|exponent| ["e", "E"].map(|e| format!("{digits}{e}{exponent}"))).collect()
}

#[cfg(test)]
mod tests;
