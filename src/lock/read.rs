use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::document::Lock;
use super::entry::{FIELDS, FORMAT, LockEntry, LockName, LockedContent};
use super::error::LockError;
use crate::excerpt::excerpt;
use crate::merge_marks::first_merge_mark;
use crate::name::{Context, Digest, NameError, VersionRequest};

impl Lock {
    /// Reads a file.
    ///
    /// # Errors
    /// What is no lock file, or one that contradicts itself; one of a newer format.
    pub fn read(content: &[u8]) -> Result<Self, LockError> {
        read(content)
    }
}

fn read(content: &[u8]) -> Result<Lock, LockError> {
    let text = std::str::from_utf8(content).map_err(|_| LockError::NotUtf8)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if let Some(line) = first_merge_mark(text) {
        return Err(LockError::ConflictMarks { line });
    }
    let table = DeTable::parse(text).map_err(|error| {
        let is_twice = error.message().starts_with("duplicate key");
        let rule = if is_twice { "an entry or a field of one is there twice" } else { "it is not TOML" };
        let line_at = |at: usize| 1 + text.bytes().take(at).filter(|byte| *byte == b'\n').count();
        LockError::Syntax { line: error.span().map(|span| line_at(span.start)), rule }
    })?;
    let table = table.get_ref();
    // What a newer format has besides is not to be called an error.
    check_format(table)?;
    let mut lock = Lock::default();
    for (key, value) in table {
        match (key.get_ref().as_ref(), value.get_ref()) {
            ("format", _) => {}
            ("config", DeValue::Table(entries)) => {
                for (name, entry) in entries {
                    let name = LockName::from_file(name.get_ref()).map_err(LockError::Name)?;
                    let entry = read_entry(&name, entry)?;
                    let same = |other: LockName| LockError::SameRequirement(shown(&other), shown(&name));
                    lock.insert(name.clone(), entry).map_err(same)?;
                }
            }
            (field, _) => return Err(LockError::UnknownField(excerpt(field))),
        }
    }
    Ok(lock)
}

fn check_format(table: &DeTable<'_>) -> Result<(), LockError> {
    let Some(DeValue::Integer(number)) = table.get("format").map(Spanned::get_ref) else {
        return Err(LockError::NoFormat);
    };
    match i64::from_str_radix(number.as_str(), number.radix()) {
        Ok(FORMAT) => Ok(()),
        Ok(found) if found > FORMAT => Err(LockError::Newer { found }),
        _ => Err(LockError::NoFormat),
    }
}

fn read_entry(name: &LockName, entry: &Spanned<DeValue<'_>>) -> Result<LockEntry, LockError> {
    let no_field = |field| LockError::NoField { entry: shown(name), field };
    let DeValue::Table(fields) = entry.get_ref() else { return Err(no_field(FIELDS[0])) };
    if let Some((unknown, _)) = fields.iter().find(|(key, _)| !FIELDS.contains(&key.get_ref().as_ref())) {
        return Err(LockError::UnknownField(excerpt(unknown.get_ref())));
    }
    let text = |field| match fields.get(field).map(Spanned::get_ref) {
        Some(DeValue::String(text)) => Ok(text.as_ref()),
        _ => Err(no_field(field)),
    };
    let [context, requirement, version, digest, settings] = FIELDS;
    let version = match VersionRequest::new(text(version)?).map_err(LockError::Name)? {
        VersionRequest::Head => None,
        VersionRequest::Exact(name) => Some(name),
        VersionRequest::Matching(_) | VersionRequest::Channel(_) => return Err(LockError::Contradiction(shown(name))),
    };
    let pin = |field| Digest::from_pin(text(field)?).map_err(LockError::Name);
    let entry = LockEntry {
        context: named(text(context)?, Context::from_catalog)?,
        requirement: named(text(requirement)?, VersionRequest::new)?,
        version,
        content: LockedContent { digest: pin(digest)?, settings: pin(settings)? },
    };
    if entry.is_consistent() { Ok(entry) } else { Err(LockError::Contradiction(shown(name))) }
}

fn named<T>(text: &str, new: impl Fn(&str) -> Result<T, NameError>) -> Result<T, LockError> {
    new(text).map_err(LockError::Name)
}

fn shown(name: &LockName) -> String {
    excerpt(name.as_str())
}
