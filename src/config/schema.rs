//! The merged values against a JSON Schema.
//!
//! The values are one flat object of the keys as in the files, each with the type that its file tells: a dotenv value
//! is always a string, so a schema for such files uses `pattern` and `enum` where it would use `type` for JSON. All
//! drafts that the `jsonschema` crate knows are accepted; `format` is checked.
//!
//! References stay in the schema's file: nothing is fetched or opened. Patterns run on an engine of linear time, which
//! knows no look-around and no back references. A schema whose references multiply (`allOf` of two references to an
//! `allOf` of two references …) is refused beyond [a number of rules](size::MOST_RULES).

mod failure;
mod size;

use std::fmt;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{PatternOptions, ReferencingError, ValidationError, Validator};
use serde_json::{Map, Value as Json};

use self::failure::failures;
use self::size::{MOST_RULES, Size};
use super::{Merged, Value, ValueKind};
use crate::excerpt::excerpt;

pub use self::failure::SchemaFailure;

/// The largest program, in bytes, that a pattern may become.
const LARGEST_PATTERN: usize = 1024 * 1024;
/// The largest programs, in bytes, that all patterns of a schema may become together.
const ALL_PATTERNS: usize = 64 * LARGEST_PATTERN;

/// A schema that was read and found valid.
pub struct Schema {
    validator: Validator,
    size: Size,
}

impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Schema(…)")
    }
}

/// Why a file is no schema that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SchemaError {
    /// It is not JSON.
    #[error("the schema is not valid JSON (line {line}, column {column})")]
    NotJson {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// It stands for more rules than are followed.
    #[error(
        "the schema stands for more than {MOST_RULES} rules, once its references are followed and its rules for each key counted with the keys"
    )]
    TooManyRules,
    /// It breaks the rules for schemas.
    #[error("the schema is not valid at {place:?}: {rule}")]
    Invalid {
        /// A JSON pointer into the schema.
        place: String,
        /// The rule for schemas that it breaks there, as a clause.
        rule: String,
    },
    /// It refers to another document, which is never fetched.
    #[error("the schema refers to {uri:?}; only references inside the schema's own file can be followed")]
    OtherDocument {
        /// The document.
        uri: String,
    },
    /// It refers to something that is not in it.
    #[error("a reference of the schema leads nowhere{}{place}", if place.is_empty() { "" } else { ": " })]
    Dangling {
        /// The pointer or anchor, where that is known.
        place: String,
    },
    /// Its `$schema` names a draft that is not known.
    #[error("the schema is written for {draft:?}, which is not known")]
    UnknownDraft {
        /// The `$schema`.
        draft: String,
    },
}

impl Schema {
    /// Reads a schema.
    pub fn new(bytes: &[u8]) -> Result<Self, SchemaError> {
        let bytes = bytes.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(bytes);
        let schema: Json = serde_json::from_slice(bytes).map_err(|error| match (error.line(), error.column()) {
            // How serde_json says that the text ended with the line before.
            (line @ 2.., 0) => {
                let before = bytes.split(|byte| *byte == b'\n').nth(line - 2).unwrap_or_default();
                SchemaError::NotJson { line: line - 1, column: before.len() + 1 }
            }
            (line, column) => SchemaError::NotJson { line: line.max(1), column: column.max(1) },
        })?;
        let size = Size::new(&schema);
        if size.with_keys(1) > MOST_RULES {
            return Err(SchemaError::TooManyRules);
        }
        let largest = LARGEST_PATTERN.min(ALL_PATTERNS / patterns(&schema).max(1));
        let validator = jsonschema::options()
            .offline()
            .should_validate_formats(true)
            .with_pattern_options(PatternOptions::regex().size_limit(largest).dfa_size_limit(largest))
            .build(&schema)
            .map_err(|error| schema_error(&error))?;
        Ok(Self { validator, size })
    }

    /// The config keys whose values break the schema, each once, in their order; none when all is well.
    ///
    /// # Errors
    /// [`SchemaError::TooManyRules`], for so many keys.
    pub fn check(&self, merged: &[Merged]) -> Result<Vec<SchemaFailure>, SchemaError> {
        if self.size.with_keys(merged.len()) > MOST_RULES {
            return Err(SchemaError::TooManyRules);
        }
        let object = merged.iter().map(|m| (m.entry.key.clone(), typed(&m.entry.value))).collect();
        let keys: Vec<_> = merged.iter().map(|m| m.entry.key.as_str()).collect();
        Ok(failures(self.validator.iter_errors(&Json::Object(object)), &keys))
    }
}

/// How many patterns a schema has, as far as its keywords tell.
fn patterns(schema: &Json) -> usize {
    match schema {
        Json::Object(fields) => fields
            .iter()
            .map(|(name, value)| {
                let own = match name.as_str() {
                    "pattern" => 1,
                    "patternProperties" => value.as_object().map_or(0, Map::len),
                    _ => 0,
                };
                own + patterns(value)
            })
            .sum(),
        Json::Array(items) => items.iter().map(patterns).sum(),
        _ => 0,
    }
}

fn typed(value: &Value) -> Json {
    let text = value.text.expose();
    match value.kind {
        ValueKind::Text => Json::String(text.clone()),
        // What is no number after all stays a text.
        ValueKind::Number => text.parse().map_or_else(|_| Json::String(text.clone()), Json::Number),
        ValueKind::Bool => Json::Bool(text == "true"),
        ValueKind::Null => Json::Null,
    }
}

/// What a schema's draft, or the engine of patterns, asks for at this place.
fn broken_rule(place: &str, keyword: &str) -> String {
    let last = place.rsplit('/').next().unwrap_or_default();
    match (last, keyword) {
        ("pattern" | "patternProperties", "format" | "pattern") => {
            "it is not a regular expression, is too large, or has a lookahead, a lookbehind or a back reference, none of \
             which are supported"
                .to_owned()
        }
        ("type", "anyOf" | "enum" | "type") => {
            "a type is one of string, number, integer, boolean, object, array and null, or a list of these".to_owned()
        }
        ("", "type") => "a schema is an object".to_owned(),
        (_, "type") => "it is of the wrong type".to_owned(),
        (_, keyword) => format!("it breaks the rule `{}` of JSON Schema", excerpt(keyword)),
    }
}

fn schema_error(error: &ValidationError<'_>) -> SchemaError {
    match error.kind() {
        ValidationErrorKind::Referencing(ReferencingError::Unretrievable { uri, .. }) => {
            SchemaError::OtherDocument { uri: excerpt(uri) }
        }
        ValidationErrorKind::Referencing(ReferencingError::PointerToNowhere { pointer: place })
        | ValidationErrorKind::Referencing(ReferencingError::NoSuchAnchor { anchor: place }) => {
            SchemaError::Dangling { place: excerpt(place) }
        }
        ValidationErrorKind::Referencing(ReferencingError::UnknownSpecification { specification }) => {
            SchemaError::UnknownDraft { draft: excerpt(specification) }
        }
        ValidationErrorKind::Referencing(_) => SchemaError::Dangling { place: String::new() },
        kind => {
            let place = error.instance_path().as_str();
            SchemaError::Invalid { place: excerpt(place), rule: broken_rule(place, kind.keyword()) }
        }
    }
}

#[cfg(test)]
mod tests;
