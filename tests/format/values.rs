//! Names and values that are hard to write, and documents of them.
//!
//! A property gets many small documents at once, because starting a reader costs more than reading.

use cstore::config::{Setting, Value, ValueKind};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;

/// Texts that some form gives a meaning.
const FRAGMENTS: [&str; 64] = [
    "'",
    "\"",
    "`",
    "\\",
    "\\\\",
    "\\n",
    "\\'",
    "\\$",
    "$",
    "$HOME",
    "${HOME}",
    "$(id)",
    "`id`",
    "%s",
    "%PATH%",
    "!",
    "!!",
    "~",
    "*",
    "&a",
    "*a",
    "?",
    "|",
    ">",
    "-",
    "- ",
    ": ",
    "a: b",
    "#",
    " #",
    "=",
    ",",
    ";",
    "[",
    "{",
    "}",
    "<<",
    "\n",
    "\n\n",
    "\r",
    "\r\n",
    "\t",
    " ",
    "  ",
    "yes",
    "No",
    "null",
    "true",
    "1",
    "0o14",
    "1e5",
    "12:30:00",
    "2026-11-23",
    "export A=b",
    "EOF",
    "---",
    "...",
    "\u{1}\u{7f}\u{1b}[2J",
    "\u{85}\u{2028}\u{2029}",
    "\u{feff}\u{fffe}\u{ffff}\u{10ffff}",
    "\u{301}e\u{301}",
    "\u{401}\u{441}\u{201}",
    "😀\u{202e}",
    "\u{a0}\u{b}\u{c}",
];

/// Any text, nearly always one with something nasty in it. NUL is among it.
pub(crate) fn any_text() -> impl Strategy<Value = String> {
    let nasty = vec(prop_oneof![8 => select(&FRAGMENTS[..]).prop_map(str::to_owned), 2 => "[a-z]{1,3}"], 0..8)
        .prop_map(|parts| parts.concat());
    let random = vec(any::<char>(), 0..12).prop_map(|chars| chars.into_iter().collect());
    prop_oneof![6 => nasty, 2 => random, 1 => Just(String::new()), 1 => Just("\0".to_owned())]
}

/// Any text that an environment variable can hold.
pub(crate) fn text() -> impl Strategy<Value = String> {
    any_text().prop_map(|text| text.replace('\0', ""))
}

/// Names of environment variables that no shell has a use for.
pub(crate) fn variable() -> &'static str {
    "K_[A-Za-z0-9_]{0,6}"
}

/// Documents of strings.
pub(crate) fn documents(
    name: impl Strategy<Value = String>,
    value: impl Strategy<Value = String>,
) -> impl Strategy<Value = Vec<Vec<Setting>>> {
    of(name, value.prop_map(Value::text))
}

/// Documents of values of all kinds, under any names.
pub(crate) fn typed_documents() -> impl Strategy<Value = Vec<Vec<Setting>>> {
    let of_kind = |kind| move |text: String| Value::new(text, kind);
    let value = prop_oneof![
        6 => any_text().prop_map(Value::text),
        2 => "-?(0|[1-9][0-9]{0,29})(\\.[0-9]{1,9})?([eE][+-]?[0-9]{1,2})?".prop_map(of_kind(ValueKind::Number)),
        1 => "true|false".prop_map(of_kind(ValueKind::Bool)),
        1 => Just(String::new()).prop_map(of_kind(ValueKind::Null)),
    ];
    of(prop_oneof![any_text(), "[A-Za-z_.][A-Za-z0-9_.-]{0,5}".prop_map(String::from)], value)
}

fn of(
    name: impl Strategy<Value = String>,
    value: impl Strategy<Value = Value>,
) -> impl Strategy<Value = Vec<Vec<Setting>>> {
    let document = btree_map(name, value, 0..12)
        .prop_map(|map| map.into_iter().map(|(name, value)| Setting { name, value }).collect());
    vec(document, 1..24)
}

/// Few runs, each of many values; a failure is made small within a minute.
pub(crate) fn few() -> ProptestConfig {
    ProptestConfig { cases: 8, max_shrink_iters: 200, failure_persistence: None, ..ProptestConfig::default() }
}
