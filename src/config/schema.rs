//! The merged values against a JSON Schema.
//!
//! The values are one flat object of the keys as in the files, each with the type that its file tells: a dotenv value
//! is always a string, so a schema for such files uses `pattern` and `enum` where it would use `type` for JSON. All
//! drafts that the `jsonschema` crate knows are accepted; `format` is checked.
//!
//! References stay in the schema's file: nothing is fetched or opened. Patterns run on an engine of linear time, which
//! knows no look-around and no back references. Otherwise a schema is trusted as the workflow is that names it: one
//! whose references multiply (`allOf` of two references to an `allOf` of two references …) takes time accordingly.

use std::fmt;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{PatternOptions, ReferencingError, ValidationError, Validator};
use serde_json::Value as Json;

use super::{Merged, Value, ValueKind};
use crate::excerpt::excerpt;

/// The most failures that are listed.
const MOST_FAILURES: usize = 100;
/// The largest program, in bytes, that a pattern may become.
const LARGEST_PATTERN: usize = 1024 * 1024;

/// A schema that was read and found valid.
pub struct Schema(Validator);

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
    /// It breaks the rules for schemas.
    #[error("the schema is not valid at {place:?} ({keyword})")]
    Invalid {
        /// A JSON pointer into the schema.
        place: String,
        /// The rule for schemas that it breaks there.
        keyword: String,
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

/// A rule of the schema that the values break.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The key at fault; none when it is the set as a whole.
    pub key: Option<String>,
    /// The rule, as a JSON pointer into the schema.
    pub rule: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.key {
            Some(key) => write!(f, "{key:?} breaks the schema's rule {}", self.rule),
            None => write!(f, "the values break the schema's rule {}", self.rule),
        }
    }
}

impl Schema {
    /// Reads a schema.
    pub fn new(bytes: &[u8]) -> Result<Self, SchemaError> {
        let bytes = bytes.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(bytes);
        let schema: Json = serde_json::from_slice(bytes)
            .map_err(|error| SchemaError::NotJson { line: error.line(), column: error.column() })?;
        jsonschema::options()
            .offline()
            .should_validate_formats(true)
            .with_pattern_options(PatternOptions::regex().size_limit(LARGEST_PATTERN).dfa_size_limit(LARGEST_PATTERN))
            .build(&schema)
            .map(Self)
            .map_err(|error| schema_error(&error))
    }

    /// The rules that the values break, at most a hundred; none when all is well.
    #[must_use]
    pub fn check(&self, merged: &[Merged]) -> Vec<Failure> {
        let object = merged.iter().map(|m| (m.entry.key.clone(), typed(&m.entry.value))).collect();
        let instance = Json::Object(object);
        let mut failures: Vec<Failure> =
            self.0.iter_errors(&instance).flat_map(failures_of).take(MOST_FAILURES).collect();
        failures.dedup();
        failures
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

/// Only the error's places are used: its own message, and most of its data, quote the instance.
fn failures_of(error: ValidationError<'_>) -> Vec<Failure> {
    let rule = excerpt(error.schema_path().as_str());
    let failure = |key: Option<&str>| Failure { key: key.map(excerpt), rule: rule.clone() };
    match error.kind() {
        ValidationErrorKind::Required { property } => vec![failure(property.as_str())],
        ValidationErrorKind::AdditionalProperties { unexpected }
        | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
            unexpected.iter().take(MOST_FAILURES).map(|key| failure(Some(key))).collect()
        }
        ValidationErrorKind::PropertyNames { error } => vec![failure(error.instance().as_str())],
        _ => {
            let key = error.instance_path().as_str().strip_prefix('/');
            vec![failure(key.map(|key| key.replace("~1", "/").replace("~0", "~")).as_deref())]
        }
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
            SchemaError::Invalid { place: excerpt(error.instance_path().as_str()), keyword: excerpt(kind.keyword()) }
        }
    }
}

#[cfg(test)]
mod tests;
