use super::*;
use crate::config::{FileType, Provenance, parse};

fn merged(file_type: FileType, text: &str) -> Vec<Merged> {
    let entries = parse(file_type, text.as_bytes(), "_").unwrap().entries;
    entries.into_iter().map(|entry| Merged { entry, source: Provenance::Defaults }).collect()
}

fn failures(schema: &str, json: &str) -> Vec<String> {
    let failures = Schema::new(schema.as_bytes()).unwrap().check(&merged(FileType::Json, json)).unwrap();
    failures.iter().map(ToString::to_string).collect()
}

#[test]
fn values_that_fit_pass() {
    let schema = r#"{
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "required": ["db_host"],
        "properties": {
            "db_host": {"type": "string"},
            "db_port": {"type": "integer", "maximum": 65535},
            "ratio": {"type": "number", "multipleOf": 0.1},
            "debug": {"const": false},
            "nothing": {"type": "null"},
            "flags_0": {"enum": ["a", "b"]}
        },
        "additionalProperties": false
    }"#;
    let json = r#"{"db": {"host": "h", "port": 5432}, "ratio": 1.10, "debug": false, "nothing": null, "flags": ["a"]}"#;
    assert!(failures(schema, json).is_empty());
}

#[test]
fn failures_name_key_and_rule_and_no_value() {
    let schema = r##"{
        "required": ["there", "missing"],
        "properties": {
            "port": {"type": "integer"},
            "long": {"maxLength": 3},
            "choice": {"enum": ["x"]},
            "same": {"const": "x"},
            "pattern": {"pattern": "^[0-9]+$"},
            "url": {"format": "uri"},
            "any": {"anyOf": [{"type": "integer"}, {"minLength": 100}]},
            "not": {"not": {"type": "string"}},
            "big": {"maximum": 5},
            "ref": {"$ref": "#/$defs/short"},
            "a/b~c": {"maxLength": 1}
        },
        "$defs": {"short": {"maxLength": 1}},
        "propertyNames": {"maxLength": 10},
        "additionalProperties": {"type": "boolean"}
    }"##;
    let json = r#"{"there": true, "port": "hunter2", "long": "hunter2", "choice": "hunter2", "same": "hunter2",
        "pattern": "hunter2", "url": "hunter2", "any": "hunter2", "not": "hunter2", "big": 77777, "ref": "hunter2",
        "a/b~c": "hunter2", "extra": "hunter2", "much_too_long_a_name": true}"#;
    let failures = failures(schema, json);
    assert_eq!(
        failures,
        [
            r#""port" breaks the schema's rule type"#,
            r#""long" breaks the schema's rule maxLength"#,
            r#""choice" breaks the schema's rule enum"#,
            r#""same" breaks the schema's rule const"#,
            r#""pattern" breaks the schema's rule pattern"#,
            r#""url" breaks the schema's rule format"#,
            r#""any" breaks the schema's rule anyOf"#,
            r#""not" breaks the schema's rule not"#,
            r#""big" breaks the schema's rule maximum"#,
            r#""ref" breaks the schema's rule maxLength"#,
            r#""a/b~c" breaks the schema's rule maxLength"#,
            r#""extra" breaks the schema's rule type"#,
            r#""much_too_long_a_name" breaks the schema's rule propertyNames"#,
            r#""missing" breaks the schema's rule required"#,
        ]
    );
}

#[test]
fn a_key_is_named_once_however_many_rules_it_breaks() {
    let rules: Vec<_> = (0..50).map(|n| format!(r#"{{"not": {{"pattern": "^.{{{n}}}"}}}}"#)).collect();
    let schema = format!(r#"{{"properties": {{"a": {{"allOf": [{}], "type": "integer"}}}}}}"#, rules.join(","));
    for value in ["x", "hunter2"] {
        let json = format!(r#"{{"a": "{value}"}}"#);
        assert_eq!(failures(&schema, &json), [r#""a" breaks the schema's rule not"#]);
    }
}

/// Schemas that try to say what the value of `pass` begins with, where all values break them.
const READING_OUT: [&str; 16] = [
    // Which of many rules breaks.
    r#"{"properties": {"pass": {"allOf": [{"not": {"pattern": "^a"}}, {"not": {"pattern": "^b"}}]}}}"#,
    r#"{"allOf": [{"properties": {"pass": {"not": {"pattern": "^a"}}}}, {"properties": {"pass": {"not": {"pattern": "^b"}}}}]}"#,
    r##"{"properties": {"pass": {"allOf": [{"$ref": "#/$defs/a"}, {"$ref": "#/$defs/b"}]}},
        "$defs": {"a": {"not": {"pattern": "^a"}}, "b": {"not": {"pattern": "^b"}}}}"##,
    r#"{"patternProperties": {"^p": {"not": {"pattern": "^a"}}, "ss$": {"not": {"pattern": "^b"}}}}"#,
    // How many rules break.
    r#"{"properties": {"pass": {"allOf": [{"not": {"pattern": "^a"}}, {"not": {"pattern": "^[ab]"}}]}}}"#,
    r#"{"properties": {"pass": {"oneOf": [{"pattern": "^a"}, {"pattern": "^a"}]}}}"#,
    // Which key or property of the schema is named.
    r#"{"if": {"properties": {"pass": {"pattern": "^a"}}}, "then": {"required": ["it_is_a"]}, "else": {"required": ["it_is_b"]}}"#,
    r#"{"if": {"properties": {"pass": {"pattern": "^a"}}}, "then": {"properties": {"one": false}}, "else": {"properties": {"two": false}}}"#,
    r#"{"if": {"properties": {"pass": {"pattern": "^a"}}}, "then": {"propertyNames": {"const": "one"}}, "else": {"propertyNames": {"const": "two"}}}"#,
    r#"{"if": {"properties": {"pass": {"pattern": "^a"}}}, "then": {"minProperties": 9}, "else": {"maxProperties": 1}}"#,
    r#"{"anyOf": [{"properties": {"pass": {"pattern": "^a"}}, "required": ["it_is_a"]}, {"properties": {"pass": {"pattern": "^b"}}, "additionalProperties": false}]}"#,
    r#"{"oneOf": [{"properties": {"pass": {"pattern": "^a"}, "one": false}}, {"properties": {"pass": {"pattern": "^b"}, "two": false}}]}"#,
    r#"{"not": {"anyOf": [{"properties": {"pass": {"pattern": "^a"}}}, {"properties": {"pass": {"pattern": "^b"}}}]}}"#,
    r#"{"anyOf": [{"properties": {"pass": {"pattern": "^a"}, "one": true}}, {"properties": {"pass": {"pattern": "^b"}, "two": true}}], "unevaluatedProperties": false}"#,
    r#"{"allOf": [{"if": {"properties": {"pass": {"pattern": "^a"}}}, "then": {"dependentRequired": {"one": ["it_is_a"]}}},
        {"if": {"properties": {"pass": {"pattern": "^b"}}}, "then": {"dependentSchemas": {"two": {"required": ["it_is_b"]}}}}]}"#,
    r##"{"$ref": "#/$defs/a", "$defs": {"a": {"if": {"properties": {"pass": {"pattern": "^a"}}}, "then": {"$ref": "#/$defs/it_is_a"},
        "else": {"$ref": "#/$defs/it_is_b"}}, "it_is_a": {"properties": {"one": false}}, "it_is_b": {"additionalProperties": false}}}"##,
];

#[test]
fn what_a_failure_says_does_not_depend_on_the_value() {
    for schema in READING_OUT {
        let said = ["apple", "bread"]
            .map(|value| failures(schema, &format!(r#"{{"pass": "{value}", "one": 1, "two": 2}}"#)).join("\n"));
        assert!(!said[0].is_empty(), "{schema} is not broken");
        assert_eq!(said[0], said[1], "{schema}");
        assert!(!said[0].contains("it_is"), "{schema}: {}", said[0]);
    }
}

#[test]
fn keys_that_are_missing_are_named_where_no_value_decides() {
    for (schema, said) in [
        (r#"{"allOf": [{"required": ["b"]}]}"#, r#""b" breaks the schema's rule required"#),
        (r##"{"$ref": "#/$defs/r", "$defs": {"r": {"required": ["b"]}}}"##, r#""b" breaks the schema's rule required"#),
        (r#"{"dependentRequired": {"a": ["b"]}}"#, r#""b" breaks the schema's rule dependentRequired"#),
        (r#"{"dependentSchemas": {"a": {"required": ["b"]}}}"#, r#""b" breaks the schema's rule required"#),
        (
            r#"{"properties": {"a": {"type": "string"}}, "if": true, "then": {"required": ["b"]}}"#,
            "the set as a whole breaks the schema's rule if",
        ),
    ] {
        assert_eq!(failures(schema, r#"{"a": "x"}"#), [said], "{schema}");
    }
}

#[test]
fn keys_are_shown_escaped() {
    let schema = r#"{"properties": {"b": true}, "additionalProperties": false}"#;
    let said = failures(schema, r#"{"a\n::error::x\"": 1}"#);
    assert_eq!(said, [r#""a\n::error::x\"" breaks the schema's rule additionalProperties"#]);
}

#[test]
fn keys_that_a_schema_does_not_know_are_named_one_by_one() {
    let failures = failures(r#"{"additionalProperties": false, "properties": {"a": true}}"#, r#"{"a":1,"b":2,"c":3}"#);
    assert_eq!(
        failures,
        [
            r#""b" breaks the schema's rule additionalProperties"#,
            r#""c" breaks the schema's rule additionalProperties"#
        ]
    );
}

#[test]
fn a_rule_for_the_whole_set_names_no_key() {
    assert_eq!(
        failures(r#"{"maxProperties": 1}"#, r#"{"a":1,"b":2}"#),
        ["the set as a whole breaks the schema's rule maxProperties"]
    );
    assert_eq!(failures("false", r#"{"a":1}"#), ["the set as a whole breaks the schema's rule false"]);
    assert_eq!(
        failures(r#"{"properties": {"a": false}}"#, r#"{"a":1}"#),
        [r#""a" breaks the schema's rule properties"#]
    );
}

#[test]
fn dotenv_values_are_strings() {
    let merged = merged(FileType::Dotenv, "PORT=80");
    let check = |schema: &str| Schema::new(schema.as_bytes()).unwrap().check(&merged).unwrap().len();
    assert_eq!(check(r#"{"properties": {"PORT": {"type": "integer"}}}"#), 1);
    assert_eq!(check(r#"{"properties": {"PORT": {"pattern": "^[0-9]{1,5}$"}}}"#), 0);
}

#[test]
fn nothing_outside_the_schema_is_fetched_or_opened() {
    for uri in ["http://127.0.0.1:9/s.json", "https://example.com/s.json", "file:///etc/hostname", "other.json"] {
        for schema in [
            format!(r#"{{"$ref": "{uri}"}}"#),
            format!(r#"{{"$defs": {{"unused": {{"$ref": "{uri}#/x"}}}}}}"#),
            format!(r#"{{"properties": {{"a": {{"anyOf": [{{"$dynamicRef": "{uri}"}}]}}}}}}"#),
            format!(r#"{{"$schema": "http://json-schema.org/draft-07/schema#", "$ref": "{uri}"}}"#),
        ] {
            let error = Schema::new(schema.as_bytes()).unwrap_err();
            assert!(
                matches!(&error, SchemaError::OtherDocument { uri } if uri.contains("json") || uri.contains("hostname")),
                "{schema}: {error:?}"
            );
        }
    }
    let error = Schema::new(br#"{"$schema": "https://example.com/meta.json"}"#).unwrap_err();
    assert_eq!(error, SchemaError::UnknownDraft { draft: "https://example.com/meta.json".to_owned() });
}

#[test]
fn a_schema_that_is_wrong_is_an_error_with_its_place() {
    let error = |schema: &str| Schema::new(schema.as_bytes()).unwrap_err().to_string();
    assert_eq!(error("{\n  x"), "the schema is not valid JSON (line 2, column 3)");
    assert_eq!(error("{\"a\": 1\n"), "the schema is not valid JSON (line 1, column 8)");
    assert_eq!(error(""), "the schema is not valid JSON (line 1, column 1)");
    assert_eq!(
        error(r#"{"properties": {"a": {"type": "strin"}}}"#),
        "the schema is not valid at \"/properties/a/type\": a type is one of string, number, integer, boolean, object, \
         array and null, or a list of these"
    );
    assert_eq!(error(r##"{"$ref": "#/nowhere"}"##), "a reference of the schema leads nowhere: /nowhere");
    assert_eq!(error("[]"), "the schema is not valid at \"\": a schema is an object");
}

#[test]
fn patterns_of_more_than_linear_time_are_refused_and_others_harmless() {
    for pattern in [r"(?=a)b", r"(a)\\1", "(a{1000}){1000}"] {
        let schema = format!(r#"{{"properties": {{"a": {{"pattern": "{pattern}"}}}}}}"#);
        let error = Schema::new(schema.as_bytes()).unwrap_err().to_string();
        assert!(
            error.starts_with("the schema is not valid at \"/properties/a/pattern\": it is not a regular"),
            "{error}"
        );
        assert!(error.contains("a lookahead, a lookbehind or a back reference"), "{error}");
    }
    let json = format!(r#"{{"a": "{}!"}}"#, "a".repeat(100_000));
    assert_eq!(failures(r#"{"properties": {"a": {"pattern": "^(a+)+$"}}}"#, &json).len(), 1);
}

#[test]
fn huge_numbers_cost_nothing() {
    let digits = "9".repeat(100_000);
    let json = format!(r#"{{"a": 1e999999999, "b": -1e-999999999, "c": {digits}, "d": 1E+5}}"#);
    let schema = r#"{"additionalProperties": {"type": "number", "multipleOf": 0.01, "maximum": 10, "not": {"const": 7}},
        "properties": {"d": {"type": "integer", "minimum": 100000, "maximum": 100000}}}"#;
    assert!(!failures(schema, &json).is_empty());
}

#[test]
fn references_that_lead_back_to_themselves_end() {
    for schema in [
        r##"{"$ref": "#"}"##,
        r##"{"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"}"##,
        r##"{"not": {"$ref": "#"}}"##,
        r##"{"$dynamicAnchor": "x", "$dynamicRef": "#x"}"##,
    ] {
        assert!(
            Schema::new(schema.as_bytes()).unwrap().check(&merged(FileType::Json, r#"{"a": 1}"#)).unwrap().len() < 2
        );
    }
}
