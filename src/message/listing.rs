//! The words for lists: a heading, a line an item, and the same as JSON.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::channel::who;
use super::{channel_moved, counted, history, list};
use crate::command::{Found, FoundChannel, FoundFile, Listed};
use crate::excerpt::listed_key;
use crate::name::ConfigPath;
use crate::option::ListKind;
use crate::store::TargetNow;

/// What was found, and where.
#[must_use]
pub fn heading(listed: &Listed, items: usize) -> String {
    let items = match listed.kind.word() {
        word if items == 0 => format!("No {word}"),
        word => counted(items, word.trim_end_matches('s')),
    };
    let bucket = &listed.bucket;
    match &listed.location {
        None => format!("{items} in s3://{bucket}"),
        Some(location) if !listed.kind.is_of_version() => {
            format!("{items} of {} in s3://{bucket}", location.context)
        }
        Some(location) => {
            let version = if location.version == "head" { "the head" } else { &location.version };
            format!("{items} in {version} of {} in s3://{bucket}", location.context)
        }
    }
}

/// An item of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListLine {
    /// Its name.
    pub name: String,
    /// What else is known of it, in a few words; may be empty.
    pub about: String,
}

/// The items, a line each.
#[must_use]
pub fn lines(listed: &Listed) -> Vec<ListLine> {
    let line = |name: String, about: String| ListLine { name, about };
    match (&listed.found, listed.kind) {
        (Found::Contexts(contexts), _) => contexts
            .iter()
            .map(|context| {
                let about = if context.has_manifests { "" } else { "no manifest; it may be the Go cStore's" };
                line(context.name.to_string(), about.to_owned())
            })
            .collect(),
        (Found::Channels(channels), _) => channels
            .iter()
            .map(|channel| {
                let parts: Vec<_> = channel_parts(channel).into_iter().filter(|part| !part.is_empty()).collect();
                line(channel.name.to_string(), parts.join(", "))
            })
            .collect(),
        (Found::Versions(versions), _) => {
            let stored = |stored| history::stored_at(stored).as_str().map(ToOwned::to_owned).unwrap_or_default();
            versions.iter().map(|version| line(version.name.to_string(), stored(version.stored))).collect()
        }
        (Found::Files(files), ListKind::Tags) => {
            tags(files).into_iter().map(|(tag, paths)| line(listed_key(tag), list(&paths))).collect()
        }
        (Found::Files(files), ListKind::Keys) => {
            keys(files).into_iter().map(|(key, paths)| line(listed_key(key), list(&paths))).collect()
        }
        (Found::Files(files), _) => files
            .iter()
            .map(|file| {
                let size = file.size.map(|size| counted(usize::try_from(size).unwrap_or(usize::MAX), "byte"));
                let tags: Vec<_> = file.tags.iter().map(|tag| listed_key(tag)).collect();
                let tags = (!tags.is_empty()).then(|| format!("tags: {}", list(&tags)));
                let about: Vec<_> = [file.file_type.clone(), size, tags].into_iter().flatten().collect();
                line(file.path.to_string(), about.join(", "))
            })
            .collect(),
    }
}

/// What is known of a channel: its version, when and by whom it was moved there, how far behind that is, and whether it
/// is still what it was.
#[must_use]
pub fn channel_parts(found: &FoundChannel) -> [String; 4] {
    let Ok(channel) = &found.channel else {
        return ["cannot be read".to_owned(), String::new(), String::new(), String::new()];
    };
    let current = channel.current();
    let version = current.version.as_ref().map_or_else(|| "nothing".to_owned(), ToString::to_string);
    let behind = match found.behind {
        None => None,
        Some(0) => Some("latest".to_owned()),
        Some(number) => Some(format!("{} behind latest", counted(number, "version"))),
    };
    let target = match found.target {
        None | Some(TargetNow::Unchanged) => None,
        Some(TargetNow::Overwritten) => Some("overwritten since: pulls fail".to_owned()),
        Some(TargetNow::Gone) => Some("gone".to_owned()),
        Some(TargetNow::Unreadable) => Some("its manifest cannot be read: pulls fail".to_owned()),
        Some(TargetNow::Unknown) => Some("unknown whether overwritten".to_owned()),
    };
    let state: Vec<_> = behind.into_iter().chain(target).collect();
    [version, current.moved_at.clone(), who(&current), state.join(", ")]
}

fn channel_json(found: &FoundChannel) -> Value {
    let mut object = match &found.channel {
        Ok(channel) => channel_moved::json_of(&channel.current()),
        Err(_) => json!({"version": null, "readable": false}),
    };
    object["channel"] = json!(found.name.as_str());
    object["published"] = json!(found.target.map(|target| target != TargetNow::Gone));
    object["target"] = json!(found.target.map(TargetNow::word));
    object["behind"] = json!(found.behind);
    object
}

/// The items as JSON.
#[must_use]
pub fn json(listed: &Listed) -> Vec<Value> {
    match (&listed.found, listed.kind) {
        (Found::Contexts(contexts), _) => contexts
            .iter()
            .map(|context| json!({"context": context.name.as_str(), "manifests": context.has_manifests}))
            .collect(),
        (Found::Channels(channels), _) => channels.iter().map(channel_json).collect(),
        (Found::Versions(versions), _) => versions
            .iter()
            .map(|version| json!({"version": version.name, "stored_at": history::stored_at(version.stored)}))
            .collect(),
        (Found::Files(files), ListKind::Tags) => {
            tags(files).into_iter().map(|(tag, paths)| json!({"tag": tag, "files": texts(&paths)})).collect()
        }
        (Found::Files(files), ListKind::Keys) => {
            keys(files).into_iter().map(|(key, paths)| json!({"key": key, "files": texts(&paths)})).collect()
        }
        (Found::Files(files), _) => files
            .iter()
            .map(|file| {
                json!({
                    "file": file.path.as_str(),
                    "context": file.context.as_str(),
                    "type": file.file_type,
                    "size": file.size,
                    "sha256": file.digest.map(|digest| digest.to_string()),
                    "tags": file.tags,
                })
            })
            .collect(),
    }
}

/// The files whose keys cannot be named, since they cannot be read.
#[must_use]
pub fn without_keys(listed: &Listed) -> Vec<String> {
    let Found::Files(files) = &listed.found else { return Vec::new() };
    let is_unread = |file: &&FoundFile| matches!(&file.keys, Some(Err(why)) if *why != crate::command::NoKeys::Raw);
    files.iter().filter(is_unread).map(|file| file.path.to_string()).collect()
}

/// The tags, each with its files.
fn tags(files: &[FoundFile]) -> BTreeMap<&str, Vec<&ConfigPath>> {
    by_name(files, |file| file.tags.iter())
}

/// The config keys, each with its files.
pub(crate) fn keys(files: &[FoundFile]) -> BTreeMap<&str, Vec<&ConfigPath>> {
    by_name(files, |file| file.keys.iter().flatten().flatten())
}

fn by_name<'a, I: Iterator<Item = &'a String>>(
    files: &'a [FoundFile],
    names: impl Fn(&'a FoundFile) -> I,
) -> BTreeMap<&'a str, Vec<&'a ConfigPath>> {
    let mut by_name: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for file in files {
        for name in names(file) {
            let paths = by_name.entry(name.as_str()).or_default();
            // A file may have a tag twice.
            if paths.last() != Some(&&file.path) {
                paths.push(&file.path);
            }
        }
    }
    by_name
}

fn texts(paths: &[&ConfigPath]) -> Vec<String> {
    paths.iter().map(ToString::to_string).collect()
}
