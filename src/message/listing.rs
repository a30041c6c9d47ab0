//! The words for lists: a heading, a line an item, and the same as JSON.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::channel::who;
use super::{channel_moved, counted, history, list};
use crate::command::{Found, FoundChannel, FoundFile, Listed};
use crate::excerpt::listed_key;
use crate::name::Context;
use crate::option::ListKind;
use crate::ordered::Ordered as _;
use crate::store::TargetNow;

/// What was found, and where.
#[must_use]
pub fn heading(listed: &Listed) -> String {
    let number = match &listed.found {
        Found::Contexts(contexts) => contexts.len(),
        Found::Channels(channels) => channels.len(),
        Found::Versions(versions) => versions.len(),
        Found::Files(_) => 0, // by context, below
    };
    let bucket = &listed.bucket;
    let items = |items: usize| match listed.kind.word() {
        word if items == 0 => format!("No {word}"),
        word => counted(items, word.trim_end_matches('s')),
    };
    match &listed.location {
        None => format!("{} in s3://{bucket}", items(number)),
        Some(location) if !listed.kind.is_of_version() => {
            format!("{} of {} in s3://{bucket}", items(number), location.context)
        }
        Some(location) => {
            let version = if location.version == "head" { "the head" } else { &location.version };
            let of_context = |context: &Context| match &listed.found {
                Found::Files(files) => items(number_of(files, listed.kind, context)),
                _ => items(number),
            };
            let own =
                format!("{} in {version} of {} in s3://{bucket}", of_context(&location.context), location.context);
            let linked = linked_contexts(listed);
            let linked: Vec<_> =
                linked.into_iter().map(|context| format!("{} of {context}", of_context(context))).collect();
            if linked.is_empty() { own } else { format!("{own}; of linked catalogs: {}", linked.join(", ")) }
        }
    }
}

/// How many files, tags or keys there are of a context.
fn number_of(files: &[FoundFile], kind: ListKind, context: &Context) -> usize {
    let files = files.iter().filter(|file| file.context == *context);
    match kind {
        ListKind::Tags => files.flat_map(|file| &file.tags).ordered_set().len(),
        ListKind::Keys => files.flat_map(keys_of).ordered_set().len(),
        _ => files.count(),
    }
}

/// The contexts of linked catalogs that have something in a list, in its order.
fn linked_contexts(listed: &Listed) -> Vec<&Context> {
    let Found::Files(files) = &listed.found else { return Vec::new() };
    let mut linked = Vec::new();
    for FoundFile { context, .. } in files.iter().filter(|file| is_linked(listed, file)) {
        if !linked.contains(&context) {
            linked.push(context);
        }
    }
    linked
}

fn is_linked(listed: &Listed, file: &FoundFile) -> bool {
    listed.location.as_ref().is_some_and(|location| location.context != file.context)
}

/// The files, with the context of those that are of a linked catalog.
fn told(listed: &Listed, files: &[&FoundFile]) -> String {
    let told = files.iter().map(|file| match is_linked(listed, file) {
        true => format!("{} of {}", file.path, file.context),
        false => file.path.to_string(),
    });
    list(&told.collect::<Vec<_>>())
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
            tags(files).into_iter().map(|(tag, files)| line(listed_key(tag), told(listed, &files))).collect()
        }
        (Found::Files(files), ListKind::Keys) => {
            keys(files).into_iter().map(|(key, files)| line(listed_key(key), told(listed, &files))).collect()
        }
        (Found::Files(files), _) => files
            .iter()
            .map(|file| {
                let size = file.size.map(|size| counted(usize::try_from(size).unwrap_or(usize::MAX), "byte"));
                let tags: Vec<_> = file.tags.iter().map(|tag| listed_key(tag)).collect();
                let tags = (!tags.is_empty()).then(|| format!("tags: {}", list(&tags)));
                let of = is_linked(listed, file).then(|| format!("of {}", file.context));
                let about: Vec<_> = [file.file_type.clone(), size, tags, of].into_iter().flatten().collect();
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
        Some(TargetNow::Gone) => Some("gone: pulls fail".to_owned()),
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
            let of_tag = |(tag, files): (&str, Vec<&FoundFile>)| json!({"tag": tag, "files": paths(&files), "contexts": contexts(&files)});
            tags(files).into_iter().map(of_tag).collect()
        }
        (Found::Files(files), ListKind::Keys) => {
            let of_key = |(key, files): (&str, Vec<&FoundFile>)| json!({"key": key, "files": paths(&files), "contexts": contexts(&files)});
            keys(files).into_iter().map(of_key).collect()
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
fn tags(files: &[FoundFile]) -> BTreeMap<&str, Vec<&FoundFile>> {
    by_name(files, |file| file.tags.iter())
}

/// The config keys, each with its files.
pub(crate) fn keys(files: &[FoundFile]) -> BTreeMap<&str, Vec<&FoundFile>> {
    by_name(files, keys_of)
}

fn keys_of(file: &FoundFile) -> impl Iterator<Item = &String> {
    file.keys.iter().flatten().flatten()
}

fn by_name<'a, I: Iterator<Item = &'a String>>(
    files: &'a [FoundFile],
    names: impl Fn(&'a FoundFile) -> I,
) -> BTreeMap<&'a str, Vec<&'a FoundFile>> {
    let mut by_name: BTreeMap<_, Vec<&FoundFile>> = BTreeMap::new();
    for file in files {
        for name in names(file) {
            let of_name = by_name.entry(name.as_str()).or_default();
            // A file may have a tag twice.
            if !of_name.last().is_some_and(|last| std::ptr::eq(*last, file)) {
                of_name.push(file);
            }
        }
    }
    by_name
}

fn paths(files: &[&FoundFile]) -> Vec<String> {
    files.iter().map(|file| file.path.to_string()).collect()
}

/// Whose the files are, each context once.
fn contexts(files: &[&FoundFile]) -> Vec<String> {
    let mut contexts: Vec<_> = files.iter().map(|file| file.context.to_string()).collect();
    contexts.sort_unstable();
    contexts.dedup();
    contexts
}
