//! How much work a schema can be, before any of it is done.

use std::collections::HashMap;

use serde_json::{Map, Value as Json};

/// How many rules a schema may stand for, each reference counted with all that it leads to: `allOf` of two references
/// to an `allOf` of two references doubles with each level. Rules for keys that match a pattern, or that no other rule
/// is for, count once for each key. Each may fail, and is remembered then.
pub(super) const MOST_RULES: u64 = 1_000_000;

/// The keywords below which a rule is for each key, and not for one.
const FOR_EACH_KEY: [&str; 4] = ["patternProperties", "additionalProperties", "unevaluatedProperties", "propertyNames"];

/// The keywords that lead elsewhere in the schema.
const REFERENCES: [&str; 3] = ["$ref", "$dynamicRef", "$recursiveRef"];

/// How many rules a schema stands for: once, and for each key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Size {
    once: u64,
    for_each_key: u64,
}

impl Size {
    /// That of a schema.
    pub(super) fn new(schema: &Json) -> Self {
        let mut named = HashMap::new();
        find_named(schema, schema, &mut named);
        Count { root: schema, named, known: HashMap::new() }.of(schema, schema)
    }

    /// The rules for this many keys.
    pub(super) fn with_keys(self, keys: usize) -> u64 {
        let keys = u64::try_from(keys).unwrap_or(u64::MAX);
        self.once.saturating_add(self.for_each_key.saturating_mul(keys))
    }

    fn and(self, other: Self) -> Self {
        Self {
            once: self.once.saturating_add(other.once),
            for_each_key: self.for_each_key.saturating_add(other.for_each_key),
        }
    }
}

struct Count<'s> {
    root: &'s Json,
    /// What has an `$id` or an anchor, by that and by its whole URI.
    named: HashMap<String, &'s Json>,
    /// The sizes so far, by where they are. Of what is being counted it is nothing: a schema may refer to itself.
    known: HashMap<*const Json, Size>,
}

impl<'s> Count<'s> {
    /// The size of a part of the schema; `base` is what its references begin at.
    fn of(&mut self, part: &'s Json, base: &'s Json) -> Size {
        if let Some(size) = self.known.get(&std::ptr::from_ref(part)) {
            return *size;
        }
        self.known.insert(part, Size::default());
        let size = match part {
            Json::Object(fields) => self.of_object(fields, if fields.contains_key("$id") { part } else { base }),
            Json::Array(items) => items.iter().fold(Size::default(), |size, item| size.and(self.of(item, base))),
            _ => Size { once: 1, for_each_key: 0 },
        };
        self.known.insert(part, size);
        size
    }

    fn of_object(&mut self, fields: &'s Map<String, Json>, base: &'s Json) -> Size {
        let mut size = Size { once: 1, for_each_key: 0 };
        for (name, value) in fields {
            let mut inside = self.of(value, base);
            if let (true, Some(reference)) = (REFERENCES.contains(&name.as_str()), value.as_str())
                && let Some(target) = self.target(reference, base)
            {
                let base = if target.get("$id").is_some() { target } else { base };
                inside = inside.and(self.of(target, base));
            }
            if FOR_EACH_KEY.contains(&name.as_str()) {
                let all = inside.once.saturating_add(inside.for_each_key);
                inside = Size { once: 0, for_each_key: all };
            }
            size = size.and(inside);
        }
        size
    }

    /// Where a reference leads, as far as that is in this file.
    fn target(&self, reference: &str, base: &'s Json) -> Option<&'s Json> {
        if let Some(named) = self.named.get(reference) {
            return Some(named);
        }
        let (document, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let document = if document.is_empty() { base } else { self.named.get(document).copied()? };
        let pointer = percent_encoding::percent_decode_str(fragment).decode_utf8_lossy();
        document.pointer(&pointer).or_else(|| self.root.pointer(&pointer))
    }
}

fn find_named<'s>(part: &'s Json, root: &'s Json, named: &mut HashMap<String, &'s Json>) {
    match part {
        Json::Object(fields) => {
            for name in ["$id", "id"] {
                if let Some(id) = fields.get(name).and_then(Json::as_str) {
                    named.entry(id.to_owned()).or_insert(part);
                    // A reference may leave out what both begin with.
                    named.entry(id.rsplit('/').next().unwrap_or_default().to_owned()).or_insert(part);
                }
            }
            for name in ["$anchor", "$dynamicAnchor"] {
                if let Some(anchor) = fields.get(name).and_then(Json::as_str) {
                    named.entry(format!("#{anchor}")).or_insert(part);
                }
            }
            if fields.get("$recursiveAnchor").is_some() {
                named.entry("#".to_owned()).or_insert(root);
            }
            fields.values().for_each(|value| find_named(value, root, named));
        }
        Json::Array(items) => items.iter().for_each(|item| find_named(item, root, named)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// `levels` of two references each to the next.
    fn doubling(levels: usize, reference: impl Fn(usize) -> String, definition: impl Fn(usize, Json) -> Json) -> Json {
        let mut definitions = Map::new();
        for level in 0..levels {
            let next = json!({"$ref": reference(level + 1)});
            definitions.insert(format!("d{level}"), definition(level, json!([next, next])));
        }
        definitions.insert(format!("d{levels}"), definition(levels, json!([{"required": ["ZZ"]}])));
        json!({"$ref": reference(0), "$defs": definitions})
    }

    #[test]
    fn references_that_multiply_are_counted_with_all_that_they_lead_to() {
        let pointer = |level| format!("#/$defs/d{level}");
        let plain = |_: usize, rules: Json| json!({"allOf": rules});
        let anchored = |level: usize, rules: Json| json!({"$anchor": format!("d{level}"), "allOf": rules});
        let named = |level: usize, rules: Json| json!({"$id": format!("https://example.com/d{level}"), "allOf": rules});
        for schema in [
            doubling(24, pointer, plain),
            doubling(24, |level| format!("#d{level}"), anchored),
            doubling(24, |level| format!("https://example.com/d{level}"), named),
            doubling(24, |level| format!("d{level}"), named),
        ] {
            assert!(Size::new(&schema).with_keys(1) > MOST_RULES, "{schema}");
        }
        assert!(Size::new(&doubling(5, pointer, plain)).with_keys(1) < 1_000);
    }

    #[test]
    fn rules_for_each_key_count_with_the_keys() {
        let rules: Map<_, _> = (0..100).map(|n| (format!("^K{n}"), json!({"minLength": 1}))).collect();
        let one = Size::new(&json!({"properties": rules}));
        assert_eq!(one.with_keys(1), one.with_keys(10_000));
        for keyword in FOR_EACH_KEY {
            let each = Size::new(&json!({(keyword): rules}));
            assert!(each.with_keys(10_000) > 1_000_000 && each.with_keys(10) < 10_000, "{keyword}");
        }
        let below = Size::new(
            &json!({"allOf": [{"patternProperties": {"a": {"$ref": "#/$defs/a"}}}], "$defs": {"a": {"allOf": [{"minLength": 1}]}}}),
        );
        assert!(below.for_each_key > 3, "{below:?}");
    }

    #[test]
    fn a_schema_may_refer_to_itself() {
        let size = Size::new(&json!({"additionalProperties": {"$ref": "#"}, "minProperties": 1}));
        assert!(size.with_keys(100) < 10_000, "{size:?}");
    }
}
