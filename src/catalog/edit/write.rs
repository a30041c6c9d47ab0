//! Writes new text: scalars, fields, entries, and whole catalogs.

use md5::{Digest as _, Md5};

use super::error::EditError;
use super::update::{CatalogUpdate, EntryUpdate};
use crate::catalog::model::{BUCKET, KMS_KEY, S3};
use crate::catalog::tag::default_tags;
use crate::name::ConfigPath;
use crate::yaml::scalar;

/// The comment at the beginning of a new catalog.
pub(super) const HEADER: &str = "\
# Where this project's configuration is stored; the files themselves are in the S3 bucket.
# Written by cstore, which keeps what is changed here by hand. Paths are relative to this file's folder.
";

/// Writes a new catalog, without its header.
pub(super) fn catalog(update: &CatalogUpdate, newline: &str) -> Result<String, EditError> {
    let mut lines = vec!["version: v4".to_owned()];
    lines.extend(update.context.as_ref().map(|context| format!("context: {}", scalar(context.as_str()))));
    lines.extend(data([(BUCKET, &update.bucket), (KMS_KEY, &update.kms_key)], ""));
    if update.entries.is_empty() {
        lines.push("files: []".to_owned());
    } else {
        lines.push("files:".to_owned());
        for entry in &update.entries {
            lines.extend(item(&complete(entry)?, 0));
        }
    }
    Ok(lines.into_iter().map(|line| line + newline).collect())
}

/// Completes the update of a new entry with defaults.
pub(super) fn complete(update: &EntryUpdate) -> Result<EntryUpdate, EditError> {
    let path = ConfigPath::new(&update.path)?;
    let mut complete = update.clone();
    // As the Go cStore: the extension, of `.env` too.
    let extension = path.file_name().rsplit_once('.').map(|(_, extension)| extension.to_owned());
    complete.file_type = complete.file_type.or(extension).filter(|extension| !extension.is_empty());
    complete.tags = Some(unique(&complete.tags.unwrap_or_else(|| default_tags(&path))));
    Ok(complete)
}

/// The lines of a new item of a list.
pub(super) fn item(entry: &EntryUpdate, indent: usize) -> Vec<String> {
    let mut lines = fields(entry, indent + 2, None);
    if let Some(first) = lines.first_mut() {
        first.replace_range(indent..=indent, "-");
    }
    lines
}

/// The lines of a new value of a v2 map, below its key. In v2, the Go cStore needs `isRef` to be written.
pub(super) fn value(entry: &EntryUpdate, indent: usize) -> Vec<String> {
    fields(entry, indent, Some("isRef: false"))
}

/// The fields of an entry, in the Go cStore's order. Its field `vaults` is left out, since the defaults that it takes
/// then are those that it would write.
fn fields(entry: &EntryUpdate, indent: usize, is_ref: Option<&str>) -> Vec<String> {
    let pad = " ".repeat(indent);
    let mut lines = vec![format!("{pad}path: {}", scalar(&entry.path))];
    let mut field = |name: &str, value: Option<&str>| {
        lines.extend(value.map(|value| format!("{pad}{name}: {}", scalar(value))));
    };
    field("alternatePath", entry.alternate_path.as_deref());
    field("store", Some(S3));
    lines.extend(is_ref.map(|line| format!("{pad}{line}")));
    // As the Go cStore: what is false is left out.
    lines.extend(entry.delete_after_push.filter(|deletes| *deletes).map(|_| format!("{pad}deleteAfterPush: true")));
    lines.extend(entry.file_type.as_ref().map(|value| format!("{pad}type: {}", scalar(value))));
    lines.extend(data([(BUCKET, &entry.bucket), (KMS_KEY, &entry.kms_key)], &pad));
    if let Some(tags) = entry.tags.as_deref().filter(|tags| !tags.is_empty()) {
        lines.push(format!("{pad}tags:"));
        lines.extend(tags.iter().map(|tag| format!("{pad}- {}", scalar(tag))));
    }
    match &entry.version {
        Some(version) => {
            lines.push(format!("{pad}versions:"));
            lines.push(format!("{pad}- {}", scalar(version.as_str())));
        }
        None if entry.omits_versions => {}
        None => lines.push(format!("{pad}versions: []")),
    }
    lines
}

/// The lines of `data`; none where it would be empty.
fn data(values: [(&str, &Option<String>); 2], pad: &str) -> Vec<String> {
    let values = values.into_iter().filter_map(|(key, value)| Some((key, value.as_deref()?)));
    let mut lines: Vec<_> = values.map(|(key, value)| format!("{pad}  {key}: {}", scalar(value))).collect();
    if !lines.is_empty() {
        lines.insert(0, format!("{pad}data:"));
    }
    lines
}

/// The texts without repetitions, in the order of their first occurrence.
pub(super) fn unique(texts: &[String]) -> Vec<String> {
    let mut unique: Vec<String> = Vec::with_capacity(texts.len());
    for text in texts {
        if !unique.contains(text) {
            unique.push(text.clone());
        }
    }
    unique
}

/// The key of a path in a v2 catalog.
pub(super) fn key_of(path: &str) -> String {
    Md5::digest(path.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_a_path_is_its_md5() {
        assert_eq!(key_of("service/dev/.env"), "e9f5455a61edcd309ce5a697ef7187b9");
    }
}
