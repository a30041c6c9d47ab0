//! What a form looks like, and what it refuses.

use cstore::config::{Setting, Value, ValueKind};
use cstore::format::{Format, render};

pub(crate) fn setting(name: &str, text: &str) -> Setting {
    Setting { name: name.to_owned(), value: Value::text(text) }
}

fn rendered(format: &str, settings: &[Setting]) -> Option<String> {
    let text = render(Format::from_name(format).unwrap(), settings, "My Shop").ok()?;
    Some(text.into_exposed())
}

/// Of a text with quotes and a number, and of nothing at all.
pub(crate) fn looks_like(format: &str, text: &str, empty: &str) {
    let number = Setting { name: "PORT".to_owned(), value: Value::new("8080".to_owned(), ValueKind::Number) };
    let settings = [setting("GREETING", "it's a \"test\""), number];
    assert_eq!(rendered(format, &settings).as_deref(), Some(text));
    assert_eq!(rendered(format, &[]).as_deref(), Some(empty));
}

/// Names, and then values, that the form holds or refuses.
pub(crate) fn holds(format: &str, names: &[&str], values: &[&str]) {
    for (name, value) in pairs(names, values) {
        assert!(rendered(format, &[setting(name, value)]).is_some(), "{format} holds {name:.40?}={value:.40?}");
    }
}

/// The same of those that it refuses.
pub(crate) fn refuses(format: &str, names: &[&str], values: &[&str]) {
    for (name, value) in pairs(names, values) {
        assert!(rendered(format, &[setting(name, value)]).is_none(), "{format} refuses {name:.40?}={value:.40?}");
    }
}

fn pairs<'a>(names: &'a [&'a str], values: &'a [&'a str]) -> impl Iterator<Item = (&'a str, &'a str)> {
    let names = names.iter().map(|name| (*name, "/shop/x"));
    names.chain(values.iter().map(|value| ("A", *value)))
}
