//! Verifies that a changed catalog differs from the original only as it should.

use super::error::EditError;
use super::update::{CatalogUpdate, EntryUpdate};
use super::write::{self, unique};
use crate::catalog::model::{BUCKET, Catalog, CatalogFile, CatalogVersion, S3};
use crate::catalog::read::{Reader, document, text_of};
use crate::catalog::token::PathTemplate;
use crate::yaml::{Document, NodeId, NodeKind};

/// The fields that the catalog's reader understands. The outline below holds all others.
const KNOWN: &[&str] =
    &["path", "alternatePath", "store", "isRef", "deleteAfterPush", "type", "data", "tags", "versions"];

/// Reads both texts and compares their content, field by field.
///
/// # Errors
/// A text that cannot be read, or a difference that `update` does not ask for.
pub(super) fn verify(before: &str, after: &str, update: &CatalogUpdate) -> Result<(), EditError> {
    if before == after && update.context.is_none() && update.bucket.is_none() && update.entries.is_empty() {
        return Ok(());
    }
    let (wanted, kept) = read(before).ok_or(EditError::Unverified)?;
    let (found, outline) = read(after).ok_or(EditError::Unverified)?;
    let same = forget_lines(expected(wanted, before, update)?) == forget_lines(found);
    // A new catalog's `data` is compared as what it says.
    let is_new = kept.is_empty;
    let kept_all = (is_new || outline.catalog == kept.catalog) && outline.entries.starts_with(&kept.entries);
    if same && kept_all { Ok(()) } else { Err(EditError::Unverified) }
}

fn read(text: &str) -> Option<(Catalog, Outline)> {
    let document = document(text_of(text.as_bytes()).ok()?).ok()?;
    Some((Reader::new(&document).catalog().ok()?, Outline::from_document(&document)))
}

fn expected(mut catalog: Catalog, before: &str, update: &CatalogUpdate) -> Result<Catalog, EditError> {
    if document(before).is_ok_and(|document| document.root().is_none()) {
        catalog.version = Some(CatalogVersion::V4);
        catalog.bucket.clone_from(&update.bucket);
        catalog.kms_key.clone_from(&update.kms_key);
    } else if catalog.bucket.is_some() && update.bucket.is_some() {
        catalog.bucket.clone_from(&update.bucket);
    }
    catalog.context = catalog.context.or_else(|| update.context.clone());
    for entry in &update.entries {
        match catalog.files.iter_mut().find(|file| file.path.as_str() == entry.path) {
            Some(file) => change(file, entry),
            None => {
                let entry = write::complete(entry)?;
                let mut file = CatalogFile {
                    path: PathTemplate::new(entry.path.clone(), 0),
                    alternate_path: None,
                    store: Some(S3.to_owned()),
                    is_ref: false,
                    delete_after_push: false,
                    file_type: None,
                    bucket: None,
                    kms_key: None,
                    data: Vec::new(),
                    tags: Vec::new(),
                    versions: Vec::new(),
                    line: 0,
                };
                change(&mut file, &entry);
                catalog.files.push(file);
            }
        }
    }
    Ok(catalog)
}

fn change(file: &mut CatalogFile, update: &EntryUpdate) {
    let replace = |old: &mut Option<String>, new: &Option<String>| {
        if new.is_some() {
            old.clone_from(new);
        }
    };
    file.delete_after_push = update.delete_after_push.unwrap_or(file.delete_after_push);
    replace(&mut file.file_type, &update.file_type);
    replace(&mut file.bucket, &update.bucket);
    replace(&mut file.kms_key, &update.kms_key);
    if let Some(path) = &update.alternate_path {
        file.alternate_path = Some(PathTemplate::new(path.clone(), 0));
    }
    if let Some(wanted) = &update.tags {
        file.tags.retain(|tag| wanted.contains(tag));
        let new: Vec<_> = unique(wanted).into_iter().filter(|tag| !file.tags.contains(tag)).collect();
        file.tags.extend(new);
    }
    let version = update.version.as_ref().map(ToString::to_string);
    file.versions.extend(version.filter(|version| !file.versions.contains(version)));
}

fn forget_lines(mut catalog: Catalog) -> Catalog {
    catalog.lists_versions = false;
    for file in &mut catalog.files {
        file.line = 0;
        file.path.forget_line();
        file.alternate_path.iter_mut().for_each(PathTemplate::forget_line);
    }
    catalog
}

/// The fields of a catalog that its reader does not know, in their order.
#[derive(Debug, PartialEq, Eq)]
struct Outline {
    /// Whether there is no catalog at all.
    is_empty: bool,
    catalog: String,
    /// For each entry its key in a v2 map and its unknown fields.
    entries: Vec<String>,
}

impl Outline {
    fn from_document(document: &Document<'_>) -> Self {
        let mut outline = Self { is_empty: false, catalog: String::new(), entries: Vec::new() };
        let Some(root) = document.root() else { return Self { is_empty: true, ..outline } };
        let NodeKind::Mapping { pairs, .. } = &document.node(root).kind else { return outline };
        for &(key, value) in pairs {
            match document.scalar(key) {
                Some("version" | "context") => {}
                Some("data") => outline.catalog += &data(document, value),
                Some("files") => match &document.node(document.target(value)).kind {
                    NodeKind::Sequence { items, .. } => {
                        outline.entries.extend(items.iter().map(|&item| unknown(document, item)));
                    }
                    NodeKind::Mapping { pairs, .. } => outline.entries.extend(pairs.iter().map(|&(key, entry)| {
                        let mut text = String::new();
                        draw(document, key, &mut text);
                        text + &unknown(document, entry)
                    })),
                    _ => {}
                },
                _ => {
                    draw(document, key, &mut outline.catalog);
                    draw(document, value, &mut outline.catalog);
                }
            }
        }
        outline
    }
}

/// The catalog's own `data` without its bucket, which the reader understands.
fn data(document: &Document<'_>, value: NodeId) -> String {
    let mut text = "data".to_owned();
    match &document.node(value).kind {
        NodeKind::Mapping { pairs, .. } => {
            text += "{";
            for &(key, value) in pairs.iter().filter(|(key, _)| document.scalar(*key) != Some(BUCKET)) {
                draw(document, key, &mut text);
                draw(document, value, &mut text);
            }
            text += "}";
        }
        _ => draw(document, value, &mut text),
    }
    text
}

fn unknown(document: &Document<'_>, entry: NodeId) -> String {
    let mut text = String::new();
    if let NodeKind::Mapping { pairs, .. } = &document.node(entry).kind {
        for &(key, value) in pairs {
            if document.scalar(key).is_none_or(|key| !KNOWN.contains(&key)) {
                draw(document, key, &mut text);
                draw(document, value, &mut text);
            }
        }
    }
    text
}

/// Writes a node in a canonical form: two nodes give the same text if they mean the same. The parser bounds the depth.
fn draw(document: &Document<'_>, id: NodeId, text: &mut String) {
    match &document.node(id).kind {
        NodeKind::Scalar { text: scalar, style } => *text += &format!("{style:?}{scalar:?}"),
        NodeKind::Alias(_) => *text += "*", // what it names is elsewhere
        NodeKind::Sequence { items, .. } => {
            *text += "[";
            items.iter().for_each(|&item| draw(document, item, text));
            *text += "]";
        }
        NodeKind::Mapping { pairs, .. } => {
            *text += "{";
            for &(key, value) in pairs {
                draw(document, key, text);
                draw(document, value, text);
            }
            *text += "}";
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str = "context: p\nowner: me\nfiles:\n- path: a\n  vaults: {access: env}\n  tags: [t]\n";

    fn verify_bucket(after: &str) -> Result<(), EditError> {
        let entry = EntryUpdate { path: "a".to_owned(), bucket: Some("b".to_owned()), ..EntryUpdate::default() };
        verify(BEFORE, after, &CatalogUpdate { entries: vec![entry], ..CatalogUpdate::default() })
    }

    #[test]
    fn the_change_alone_passes() {
        let after = format!("{BEFORE}  data: {{AWS_S3_BUCKET: b}}\n");
        assert_eq!(verify_bucket(&after), Ok(()));
        // Comments and layout have no meaning.
        assert_eq!(verify_bucket(&after.replace("[t]", "\n  - t # c")), Ok(()));
    }

    #[test]
    fn any_other_change_is_found() {
        let after = format!("{BEFORE}  data: {{AWS_S3_BUCKET: b}}\n");
        for (from, to) in [
            ("BUCKET: b", "BUCKET: c"),
            ("context: p", "context: q"),
            ("owner: me", "owner: you"),
            ("owner: me", "owner: 'me'"),
            ("owner: me\n", ""),
            ("access: env", "access: x"),
            ("access: env", ""),
            ("[t]", "[t, u]"),
            ("AWS_S3_BUCKET: b", "AWS_S3_BUCKET: b, X: y"),
            ("[t]", "[t"),
            ("files:\n", "files:\n- path: z\n"),
        ] {
            assert_eq!(verify_bucket(&after.replace(from, to)), Err(EditError::Unverified), "{from} -> {to}");
        }
        assert_eq!(verify_bucket(BEFORE), Err(EditError::Unverified));
    }
}
