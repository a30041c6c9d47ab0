//! What is told of values that break a schema.
//!
//! Whoever writes a schema may be somebody who must not know the values, such as the author of a pull request. So the
//! answer holds, for each config key and for the set as a whole, no more than one keyword of JSON Schema. There are
//! twenty for a single value: a run tells less than five bits of a value that it names. Where in the schema a
//! rule stands is not told, nor how many rules are broken, nor any text of the schema but required keys: each could be
//! made to spell a value.
//!
//! A config key is named only where nothing but its own value decides. Below `if`, `anyOf`, `not` and the like a rule
//! for one key could be made to count or not by another key's value, and so could a key that such a rule requires. What
//! breaks there is a failure of that keyword, of whatever it stands in.

use std::collections::HashMap;
use std::fmt;

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;

use crate::excerpt::excerpt;

/// Keywords below which a rule counts whatever the values are, and how many parts of a path follow that are no
/// keywords.
const ALWAYS: [(&str, usize); 9] = [
    ("$ref", 0),
    ("$dynamicRef", 0),
    ("$recursiveRef", 0),
    ("additionalProperties", 0),
    ("allOf", 1),
    ("properties", 1),
    ("patternProperties", 1),
    // What these ask for are keys, not values.
    ("dependentSchemas", 1),
    ("dependencies", 1),
];

/// Those of them below which a rule is for one config key.
const OF_ONE_KEY: [&str; 3] = ["properties", "patternProperties", "additionalProperties"];

/// Keywords that look at the names of config keys alone.
const OF_NAMES: [&str; 5] = ["propertyNames", "required", "dependentRequired", "minProperties", "maxProperties"];

/// All other keywords that can be broken by config values, which are no lists and no objects.
const OF_VALUES: [&str; 20] = [
    "anyOf",
    "const",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "format",
    "if",
    "maxLength",
    "maximum",
    "minLength",
    "minimum",
    "multipleOf",
    "not",
    "oneOf",
    "pattern",
    "type",
    "unevaluatedProperties",
];

/// A config key whose value breaks a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaFailure {
    /// The config key; none when it is the set as a whole. Also a key that the schema requires and that is not there.
    pub key: Option<String>,
    /// A keyword that is broken; the first by the alphabet where there are several.
    pub keyword: &'static str,
}

impl fmt::Display for SchemaFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.key {
            Some(key) => write!(f, "{key:?} breaks the schema's rule {}", self.keyword),
            None => write!(f, "the set as a whole breaks the schema's rule {}", self.keyword),
        }
    }
}

/// The failures, each config key once: those of `keys` in their order, then others as the schema names them.
pub(super) fn failures<'e>(errors: impl Iterator<Item = ValidationError<'e>>, keys: &[&str]) -> Vec<SchemaFailure> {
    let positions: HashMap<&str, usize> = keys.iter().enumerate().map(|(position, key)| (*key, position)).collect();
    // Of each key its place in the answer, and the keyword.
    let mut broken: HashMap<Option<String>, ((usize, usize), &'static str)> = HashMap::new();
    for error in errors {
        let rule = Rule::at(error.evaluation_path().as_str());
        for key in rule.keys(&error) {
            let known = key.as_deref().and_then(|key| positions.get(key));
            let place = (known.copied().unwrap_or(keys.len()), broken.len());
            let (_, keyword) = broken.entry(key).or_insert((place, rule.keyword));
            *keyword = rule.keyword.min(keyword);
        }
    }
    let mut broken: Vec<_> = broken.into_iter().collect();
    broken.sort_unstable_by_key(|(_, (place, _))| *place);
    let failure =
        |(key, (_, keyword)): (Option<String>, _)| SchemaFailure { key: key.as_deref().map(excerpt), keyword };
    broken.into_iter().map(failure).collect()
}

/// A rule of a schema, as far as it may be told.
struct Rule {
    keyword: &'static str,
    /// Whether it is for the value of one config key.
    is_of_one_key: bool,
    /// Whether it looks at the names of config keys alone.
    is_of_names: bool,
}

impl Rule {
    /// Follows the way on which a rule was reached until a keyword from which on the values decide.
    fn at(evaluation_path: &str) -> Self {
        let mut rule = Self { keyword: "false", is_of_one_key: false, is_of_names: true };
        let mut parts = evaluation_path.split('/').skip(1);
        while let Some(part) = parts.next() {
            if let Some((keyword, names)) = ALWAYS.iter().find(|(keyword, _)| *keyword == part) {
                rule.keyword = keyword;
                rule.is_of_one_key |= OF_ONE_KEY.contains(keyword);
                for _ in 0..*names {
                    parts.next();
                }
                continue;
            }
            let named = |keywords: &[&'static str]| keywords.iter().copied().find(|keyword| *keyword == part);
            if let Some(keyword) = named(&OF_NAMES) {
                return Self { keyword, ..rule };
            }
            // Which branch counts tells what the condition found.
            let of_values = if matches!(part, "then" | "else") { Some("if") } else { named(&OF_VALUES) };
            return Self { keyword: of_values.unwrap_or("schema"), is_of_names: false, ..rule };
        }
        rule
    }

    /// The config keys of an error. Its own message, and most of its data, quote the values.
    fn keys(&self, error: &ValidationError<'_>) -> Vec<Option<String>> {
        if self.is_of_one_key && !matches!(error.kind(), ValidationErrorKind::AdditionalProperties { .. }) {
            let key = error.instance_path().as_str().split('/').nth(1);
            return vec![key.map(|key| key.replace("~1", "/").replace("~0", "~"))];
        }
        match error.kind() {
            ValidationErrorKind::Required { property } if self.is_of_names => {
                vec![property.as_str().map(ToOwned::to_owned)]
            }
            ValidationErrorKind::PropertyNames { error } if self.is_of_names => {
                vec![error.instance().as_str().map(ToOwned::to_owned)]
            }
            ValidationErrorKind::AdditionalProperties { unexpected } if self.is_of_names => {
                unexpected.iter().cloned().map(Some).collect()
            }
            _ => vec![None],
        }
    }
}
