//! What kind of value each key of a file has, without the values.

use std::collections::BTreeMap;

use super::error::ParseError;
use super::file_type::FileType;
use super::parse::{parse, text_of};
use super::tree::{Content, Tree};
use super::value::{Value, ValueKind};
use super::{json, toml, yaml};

/// The type of a value, as far as a program that reads it may depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyType {
    kind: Kind,
    /// Whether the file's format says it; else it is what the text looks like.
    is_declared: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Null, or an empty text.
    Empty,
    Text,
    Number,
    Boolean,
    Url,
    /// A text that is a JSON object.
    Json,
    List,
}

impl KeyType {
    /// Whether a program that depends on this type may fail on the other. What was empty had none, and what was any
    /// text may look like something more by now.
    #[must_use]
    pub fn is_broken_by(self, new: Self) -> bool {
        match self.kind {
            Kind::Empty => false,
            Kind::Text => new.kind != Kind::Text && new.is_declared,
            kind => kind != new.kind,
        }
    }

    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self.kind {
            Kind::Empty => "empty",
            Kind::Text => "text",
            Kind::Number => "number",
            Kind::Boolean => "boolean",
            Kind::Url => "URL",
            Kind::Json => "JSON",
            Kind::List => "list",
        }
    }

    fn of(value: &Value, is_dotenv: bool) -> Self {
        let declared = |kind| Self { kind, is_declared: true };
        match value.kind {
            ValueKind::Number => declared(Kind::Number),
            ValueKind::Bool => declared(Kind::Boolean),
            ValueKind::Null => declared(Kind::Empty),
            ValueKind::Text => Self { kind: looks_like(value.text.expose(), is_dotenv), is_declared: false },
        }
    }
}

/// The types of a file's keys.
pub type KeyTypes = BTreeMap<String, KeyType>;

/// The types of a file's keys, the parts of nested ones joined with `separator`. A list is one key, whatever it holds.
/// A file of type [`FileType::Raw`], and a document that is no map, has none.
///
/// # Errors
/// Those of [`parse`].
pub fn key_types(file_type: FileType, bytes: &[u8], separator: &str) -> Result<KeyTypes, ParseError> {
    // What this refuses is too large, or means two things.
    let parsed = parse(file_type, bytes, separator)?;
    let mut types = KeyTypes::new();
    let mut walk = |tree: &Tree| add(tree, separator, "", true, &mut types);
    match file_type {
        FileType::Raw => {}
        FileType::Dotenv => {
            let entries = parsed.entries.into_iter();
            types.extend(entries.map(|entry| (entry.key, KeyType::of(&entry.value, true))));
        }
        FileType::Json => json::read(text_of(bytes)?)?.iter().for_each(|document| walk(&document.tree)),
        FileType::Toml => {
            let tree = toml::read(text_of(bytes)?)?;
            walk(&tree);
        }
        // One of several documents has no keys.
        FileType::Yaml => {
            if let Ok(read) = yaml::read(text_of(bytes)?) {
                walk(&read.tree);
            }
        }
    }
    Ok(types)
}

/// Adds the keys of a tree. Recursion ends: the readers refuse trees of more than a hundred levels, and [`parse`] those
/// that are too large with all aliases written out.
fn add(tree: &Tree, separator: &str, key: &str, is_top: bool, types: &mut KeyTypes) {
    match &tree.content {
        Content::Map(fields) => {
            for field in fields {
                let joined = if is_top { field.key.to_string() } else { format!("{key}{separator}{}", field.key) };
                add(&field.tree, separator, &joined, false, types);
            }
        }
        _ if is_top => {}
        Content::List(_) => {
            types.insert(key.to_owned(), KeyType { kind: Kind::List, is_declared: true });
        }
        Content::Value(value) => {
            types.insert(key.to_owned(), KeyType::of(value, false));
        }
    }
}

/// What a text looks like. In a file whose format has numbers and booleans, a text that looks like one is meant as
/// text.
fn looks_like(text: &str, may_be_scalar: bool) -> Kind {
    let text = text.trim();
    if text.is_empty() {
        return Kind::Empty;
    }
    if may_be_scalar && (text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false")) {
        return Kind::Boolean;
    }
    if may_be_scalar && is_plain_number(text) {
        return Kind::Number;
    }
    if text.starts_with(['{', '[']) && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok() {
        return if text.starts_with('{') { Kind::Json } else { Kind::List };
    }
    if is_url(text) { Kind::Url } else { Kind::Text }
}

/// Digits, perhaps with a sign and decimals. An exponent is more likely to be a hexadecimal token's.
fn is_plain_number(text: &str) -> bool {
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    [whole, decimals].iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// `SCHEME://…` ([RFC 3986, 3.1](https://www.rfc-editor.org/rfc/rfc3986#section-3.1)).
fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let is_of_scheme = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(is_of_scheme)
        && !rest.is_empty()
        && !text.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(file_type: FileType, text: &str) -> Vec<(String, &'static str)> {
        let types = key_types(file_type, text.as_bytes(), "_").unwrap();
        types.into_iter().map(|(key, key_type)| (key, key_type.word())).collect()
    }

    fn named(words: &[(&str, &'static str)]) -> Vec<(String, &'static str)> {
        words.iter().map(|(key, word)| ((*key).to_owned(), *word)).collect()
    }

    #[test]
    fn dotenv_values_are_what_they_look_like() {
        let text = "A=8080\nB=TRUE\nC=postgres://h/x\nD={\"a\":1}\nE=[1]\nF=\nG=words\nH=1e5\nI=-1.5\nJ={not json\nK=://x\nL=a b://c";
        let expected =
            ["number", "boolean", "URL", "JSON", "list", "empty", "text", "text", "number", "text", "text", "text"];
        let found: Vec<_> = words(FileType::Dotenv, text).into_iter().map(|(_, word)| word).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_a_format_declares_counts_and_a_list_is_one_key() {
        let json = r#"{"db":{"port":1,"host":"8080","tls":true,"hosts":["a",{"b":1}],"none":null,"empty":{},"no":[]},"u":"https://x"}"#;
        let expected = named(&[
            ("db_host", "text"),
            ("db_hosts", "list"),
            ("db_no", "list"),
            ("db_none", "empty"),
            ("db_port", "number"),
            ("db_tls", "boolean"),
            ("u", "URL"),
        ]);
        assert_eq!(words(FileType::Json, json), expected);
        assert_eq!(words(FileType::Yaml, json), expected);
        assert_eq!(
            words(FileType::Toml, "[db]\nport = 1\nhosts = []\n"),
            named(&[("db_hosts", "list"), ("db_port", "number")])
        );
    }

    #[test]
    fn what_has_no_keys_has_no_types() {
        for (file_type, text) in [
            (FileType::Raw, "A=1"),
            (FileType::Json, "[1]"),
            (FileType::Json, ""),
            (FileType::Yaml, "a: 1\n---\nb: 1\n"),
            (FileType::Yaml, ""),
            (FileType::Dotenv, ""),
        ] {
            assert_eq!(words(file_type, text), [], "{text:?}");
        }
        assert!(key_types(FileType::Json, b"{", "_").is_err());
    }

    #[test]
    fn a_type_is_broken_by_another_unless_nobody_could_depend_on_it() {
        let of = |text: &str| {
            *key_types(FileType::Dotenv, format!("A={text}").as_bytes(), "_").unwrap().values().next().unwrap()
        };
        let json = |text: &str| {
            *key_types(FileType::Json, format!("{{\"A\":{text}}}").as_bytes(), "_").unwrap().values().next().unwrap()
        };
        for (old, new, is_broken) in [
            (of("1"), of("2"), false),
            (of("1"), of("x"), true),
            (of("1"), of("true"), true),
            (of("1"), of(""), true),
            (of("https://a"), of("b"), true),
            (of("{\"a\": 1}"), of("b"), true),
            (of("{\"a\": 1}"), of("{\"b\": 1}"), false),
            (of("x"), of("1"), false),
            (of("x"), of("https://a"), false),
            (of("x"), of(""), false),
            (of(""), of("1"), false),
            (json("\"x\""), json("1"), true),
            (json("\"1\""), json("1"), true),
            (json("\"x\""), json("null"), true),
            (json("null"), json("1"), false),
            (json("1"), json("[1]"), true),
            (json("[1]"), json("[]"), false),
            (json("\"x\""), json("\"\""), false),
        ] {
            assert_eq!(old.is_broken_by(new), is_broken, "{old:?} {new:?}");
        }
    }
}
