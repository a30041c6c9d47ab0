//! The words for config keys that are not there, or not those that were expected.

use super::headline::{counted, place};
use super::speaker::Speaker;
use super::{Message, SHOWN, some_of};
use crate::command::Location;
use crate::config::MissingKey;
use crate::error::{NoSuchKey, Searched};
use crate::excerpt::listed_key;
use crate::name::ConfigPath;
use crate::option::REQUIRED_KEYS;

/// That required keys are missing or empty.
pub(super) fn required(missing: &[MissingKey], speaker: impl Speaker) -> Message {
    let clause = |key: &MissingKey| match key {
        MissingKey::Absent(key) => format!("{key} is missing"),
        MissingKey::Empty(key) => format!("{} is empty", listed_key(key)),
    };
    let keys: Vec<_> = missing.iter().map(clause).collect();
    Message::new(
        "Required keys",
        format!("Keys that {} names are missing or empty: {}.", speaker.option(&REQUIRED_KEYS), some_of(&keys)),
    )
}

/// That the keys differ from those of a template.
pub(super) fn not_of_template(
    path: &ConfigPath,
    missing: &[String],
    unknown: &[String],
    speaker: impl Speaker,
) -> Message {
    let template = speaker.pick(format!("the template {path}"), "this template".to_owned());
    let differences = differences(missing, unknown);
    Message::new("Template", format!("The keys differ from {template}; {differences}.")).at(path, None)
}

/// That a key is not there.
pub(super) fn no_such_key(error: &NoSuchKey, speaker: impl Speaker) -> Message {
    let NoSuchKey { key, meant, searched, elsewhere, channel } = error;
    let key = match key.split_once('=') {
        // Rather a key with a value, which is not to be seen, than a key.
        Some((key, _)) => format!("{}=…", listed_key(key)),
        None => listed_key(key),
    };
    let what = match searched {
        Searched::Files(location) => format!("There is no config key {key} in {}.", place(location)),
        Searched::Chosen(location) => {
            format!("There is no config key {key} in the chosen files of {}.", place(location))
        }
        Searched::Versions { location: Location { context, bucket, .. }, last: None } => {
            format!("Nothing that was pushed to {context} in s3://{bucket} ever had the config key {key}.")
        }
        Searched::Versions { location: Location { context, bucket, .. }, last: Some(last) } => {
            let versions = counted(*last, "version");
            format!("The config key {key} is not in the last {versions} of {context} in s3://{bucket}.")
        }
    };
    let meant = match (meant.as_deref(), elsewhere.as_slice()) {
        _ if channel.is_some() => String::new(),
        (Some(meant), []) => did_you_mean(&error.key, meant),
        (None, []) => String::new(),
        (_, files) => {
            format!(" It is in {}.", some_of(&files.iter().map(|file| speaker.path(file.as_str())).collect::<Vec<_>>()))
        }
    };
    Message::new("Config key not found", what + &meant)
}

/// The key that was probably meant, told apart from one that looks the same.
fn did_you_mean(key: &str, meant: &str) -> String {
    let shown = listed_key(meant);
    let foreign = |one: &str, other: &str| one.chars().find(|c| !c.is_ascii() && !other.contains(*c));
    match (foreign(key, meant), foreign(meant, key)) {
        (_, Some(c)) => format!(" Did you mean {shown}, with the character {c}, U+{:04X}?", u32::from(c)),
        (Some(c), None) => format!(" Did you mean {shown}? It lacks the character {c}, U+{:04X}.", u32::from(c)),
        // Of long ones only the beginning is shown.
        (None, None) if listed_key(key) == shown => " A key that begins alike is there.".to_owned(),
        (None, None) => format!(" Did you mean {shown}?"),
    }
}

/// How the keys differ from a template, with no more keys named than of any list.
fn differences(missing: &[String], unknown: &[String]) -> String {
    let mut left = SHOWN;
    let mut clauses = Vec::new();
    for (what, keys) in [("missing", missing), ("not in the template", unknown)] {
        let named: Vec<_> = keys.iter().take(left).map(|key| listed_key(key)).collect();
        left -= named.len();
        match (named.is_empty(), keys.len() - named.len()) {
            (true, 0) => {}
            (true, all) => clauses.push(format!("{what}: {all}")),
            (false, 0) => clauses.push(format!("{what}: {}", named.join(", "))),
            (false, more) => clauses.push(format!("{what}: {} and {more} more", named.join(", "))),
        }
    }
    clauses.join("; ")
}
