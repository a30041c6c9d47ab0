//! What tests of all dialects change, and how they see the result.

use crate::config::{Change, EditError, EditProblem, FileType, Value, ValueKind, edit};

pub(in crate::config) fn text(key: &str, value: &str) -> Change {
    Change::Set { key: key.to_owned(), value: Value::text(value) }
}

pub(in crate::config) fn number(key: &str, value: &str) -> Change {
    Change::Set { key: key.to_owned(), value: Value::new(value.to_owned(), ValueKind::Number) }
}

pub(in crate::config) fn remove(key: &str) -> Change {
    Change::Remove { key: key.to_owned() }
}

#[track_caller]
pub(in crate::config) fn assert_edited(file_type: FileType, original: &str, changes: &[Change], expected: &str) {
    let edited = edit(file_type, original.as_bytes(), changes, "_");
    assert_eq!(edited.map(|text| text.into_exposed()).as_deref(), Ok(expected), "{original:?}");
}

/// Why a change cannot be made.
#[track_caller]
pub(in crate::config) fn problem_of(file_type: FileType, original: &str, change: Change) -> EditProblem {
    match edit(file_type, original.as_bytes(), &[change], "_") {
        Err(EditError::Key { problem, .. }) => problem,
        other => panic!("{other:?}"),
    }
}
