//! Changes to a catalog's text.
//!
//! A catalog is written by people, too, and lies in version control. So it is never printed anew: pieces of text are
//! put in and cut out at the places where the parser found the nodes, and everything else (`version:`, unknown fields,
//! order, comments, line endings) stays byte for byte. What stands in a form that cannot be changed so is an error.
//! And the result is read again: unless it says exactly what was wanted, nothing is given out.

mod check;
mod existing;
mod place;
mod write;

use std::collections::HashMap;

use self::existing::Editor;
use super::error::CatalogError;
use super::read::{Reader, document, text_of};
use crate::excerpt::excerpt;
use crate::name::{ConfigPath, Context, NameError, VersionName, is_deceptive};

/// What to change in a catalog.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CatalogUpdate {
    /// Written where the catalog has no context; one that is there is kept.
    pub context: Option<Context>,
    /// Entries to change or to add, no two with one path.
    pub entries: Vec<EntryUpdate>,
}

/// What to change in one entry of `files`, or to write in a new one. What is `None` stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EntryUpdate {
    /// The path as the catalog writes it ([`PathTemplate::as_str`](super::PathTemplate::as_str)); where no entry has
    /// it, one is added, with `aws-s3` for its store.
    pub path: String,
    /// `alternatePath`.
    pub alternate_path: Option<String>,
    /// `type`; of a new entry the file's extension unless given.
    pub file_type: Option<String>,
    /// `data.AWS_S3_BUCKET`.
    pub bucket: Option<String>,
    /// `data.AWS_STORE_KMS_KEY_ID`.
    pub kms_key: Option<String>,
    /// The tags, as a set: those that stay keep their places, new ones follow. Of a new entry its folders' names
    /// unless given.
    pub tags: Option<Vec<String>>,
    /// Put at the end of `versions` unless it is among them.
    pub version: Option<VersionName>,
}

/// Why a catalog was not changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EditError {
    /// The catalog cannot be read, so it is not written either.
    #[error(transparent)]
    Unreadable(#[from] CatalogError),
    /// Something stands there in a form that is read but not changed: in braces, by an alias, with a tag …
    #[error("line {line}: {what} is written in a form that cannot be changed in place")]
    Form {
        /// The line, from 1.
        line: usize,
        /// The field, or "the catalog", "the entry", "files".
        what: &'static str,
    },
    /// The entry is for another catalog.
    #[error("line {line}: the path {path:?} names another catalog and is no file")]
    Link {
        /// The line, from 1.
        line: usize,
        /// The path.
        path: String,
    },
    /// The path of a new entry is none.
    #[error(transparent)]
    Path(#[from] NameError),
    /// The same path in two updates.
    #[error("the path {path:?} is to be changed twice")]
    Twice {
        /// The path.
        path: String,
    },
    /// A new value that a catalog cannot hold: empty, or with control characters.
    #[error("the new {field} of {path:?} is empty or has a control or formatting character")]
    Value {
        /// The field.
        field: &'static str,
        /// The entry's path.
        path: String,
    },
    /// Another entry of a v2 catalog has the key that the path would get, its MD5.
    #[error("line {line}: another entry has the key of the path {path:?}")]
    KeyTaken {
        /// The line of that entry, from 1.
        line: usize,
        /// The path.
        path: String,
    },
    /// The changed text does not say what it should.
    #[error("the catalog is written in a form that could not be changed reliably")]
    Unverified,
}

/// The catalog's text with some changes, or a new catalog's where there is none. With nothing to change, the text as
/// it is.
///
/// The result has been read again and says what `original` said, with the changes and nothing else.
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
        None if update.context.is_none() && update.entries.is_empty() => text.to_owned(),
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
