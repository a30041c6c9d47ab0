//! Changes to a catalog's text.
//!
//! People write catalogs too, and keep them in version control. So a catalog is never serialized anew: text is inserted
//! and removed where the parser found the nodes, and everything else (`version:`, unknown fields, order, comments, line
//! endings) stays byte for byte. A form that cannot be changed this way is an error. The result is read again, and is
//! returned only if it says exactly what was asked for.

mod check;
mod error;
mod existing;
mod update;
mod write;

pub use self::error::EditError;
pub use self::update::{CatalogUpdate, EntryUpdate};

use std::collections::HashMap;

use self::existing::Editor;
use super::read::{Reader, document, text_of};
use crate::excerpt::excerpt;
use crate::name::{ConfigPath, is_deceptive};

/// Returns the catalog's text with the changes of `update`, or the text of a new catalog if there is no `original`. If
/// nothing changes, the text is returned as it is.
///
/// # Errors
/// A catalog that cannot be read, or whose form does not allow the change; nothing has changed then.
pub fn edit(original: Option<&[u8]>, update: &CatalogUpdate) -> Result<String, EditError> {
    check_values(update)?;
    let Some(original) = original else {
        let text = write::HEADER.to_owned() + &write::catalog(update, "\n")?;
        check::verify("", &text, update)?;
        return Ok(text);
    };
    let text = text_of(original)?;
    let document = document(text)?;
    let catalog = Reader::new(&document).catalog()?;
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let changed = match document.root() {
        Some(root) => {
            let mut editor = Editor::new(text, newline, &document);
            editor.catalog(root, &catalog, update)?;
            editor.done().ok_or(EditError::Unverified)?
        }
        None if *update == CatalogUpdate::default() => text.to_owned(),
        None => {
            let gap = if text.is_empty() || text.ends_with('\n') { "" } else { newline };
            [text, gap, &write::catalog(update, newline)?].concat()
        }
    };
    check::verify(text, &changed, update)?;
    Ok(changed)
}

fn check_values(update: &CatalogUpdate) -> Result<(), EditError> {
    let mut paths = HashMap::new();
    for entry in &update.entries {
        let path = || excerpt(&entry.path);
        if paths.insert(&entry.path, ()).is_some() {
            return Err(EditError::Twice { path: path() });
        }
        let single = [
            ("alternatePath", &entry.alternate_path),
            ("type", &entry.file_type),
            ("bucket", &entry.bucket),
            ("KMS key", &entry.kms_key),
        ];
        let single = single.into_iter().filter_map(|(field, value)| Some((field, value.as_ref()?)));
        let tags = entry.tags.iter().flatten().map(|tag| ("tag", tag));
        for (field, value) in single.chain(tags) {
            if value.is_empty() || value.chars().any(is_deceptive) {
                return Err(EditError::Value { field, path: path() });
            }
        }
        if let Some(alternate) = &entry.alternate_path {
            ConfigPath::new(alternate)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
