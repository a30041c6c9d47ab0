//! Reads values from files, and checks them before anything is done.

use super::Note;
use crate::config::{
    Entry, FileType, Merged, Parsed, Schema, SourceFile, Unkeyed, UnreadFile, Warning, compare_with_template,
    missing_keys, parse, read_file,
};
use crate::error::Error;
use crate::name::ConfigPath;
use crate::option::{OptionSpec, SCHEMA, TEMPLATE};
use crate::request::Checks;
use crate::workspace::{Workspace, WorkspaceError};

/// The largest template or schema, in bytes.
const MAX_BYTES: u64 = 1024 * 1024;

/// Where a file's bytes come from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ReadFrom {
    Workspace,
    Bucket,
}

/// The values of one file, and what it holds without keys. `in_workspace` is its path in messages.
pub(super) fn values(
    file_type: FileType,
    bytes: &[u8],
    checks: &Checks,
    path: &ConfigPath,
    in_workspace: &ConfigPath,
    read_from: ReadFrom,
    notes: &mut Vec<Note>,
) -> Result<(Vec<Entry>, Vec<Unkeyed>), Box<UnreadFile>> {
    let Parsed { entries, warnings, unkeyed } = read_file(file_type, bytes, &checks.separator, path, in_workspace)?;
    let is_said = |warning: &&Warning| read_from == ReadFrom::Workspace || warning.concerns_pulls();
    notes.extend(warnings.iter().filter(is_said).map(|warning| match warning {
        Warning::Encrypted(tool) => Note::Encrypted(path.clone(), tool),
        warning => odd(in_workspace, warning, read_from),
    }));
    Ok((entries, unkeyed))
}

fn odd(path: &ConfigPath, warning: &Warning, read_from: ReadFrom) -> Note {
    Note::Odd { path: path.clone(), warning: warning.clone(), is_in_workspace: read_from == ReadFrom::Workspace }
}

/// A file in the form that merging takes.
pub(super) fn source(path: &ConfigPath, file_type: FileType, entries: &[Entry]) -> SourceFile {
    SourceFile { path: path.clone(), file_type, entries: entries.to_vec() }
}

impl Checks {
    /// Checks merged values against `required-keys`, `template` and `schema`.
    pub(super) fn validate(
        &self,
        merged: &[Merged],
        workspace: &Workspace,
        notes: &mut Vec<Note>,
    ) -> Result<(), Error> {
        let missing = missing_keys(self.required_keys.iter().map(String::as_str), merged);
        if !missing.is_empty() {
            return Err(Error::RequiredKeys(missing));
        }
        if let Some(path) = &self.template {
            self.validate_template(path, merged, workspace, notes)?;
        }
        if let Some(path) = &self.schema {
            let schema = schema(path, workspace)?;
            let failures = schema.check(merged).map_err(|error| Error::Schema { path: path.clone(), error })?;
            if !failures.is_empty() {
                return Err(Error::SchemaMismatch { path: path.clone(), failures });
            }
        }
        Ok(())
    }

    fn validate_template(
        &self,
        path: &ConfigPath,
        merged: &[Merged],
        workspace: &Workspace,
        notes: &mut Vec<Note>,
    ) -> Result<(), Error> {
        let difference = compare_with_template(&self.template(path, workspace, notes)?, merged);
        let unknown = if self.template_strict { difference.unknown.clone() } else { Vec::new() };
        if !difference.missing.is_empty() || !unknown.is_empty() {
            return Err(Error::Template { path: path.clone(), missing: difference.missing, unknown });
        }
        if !difference.unknown.is_empty() {
            notes.push(Note::NotInTemplate(path.clone(), difference.unknown));
        }
        Ok(())
    }

    /// The entries of a template, which is a dotenv file whatever its name.
    pub(super) fn template(
        &self,
        path: &ConfigPath,
        workspace: &Workspace,
        notes: &mut Vec<Note>,
    ) -> Result<Vec<Entry>, Error> {
        let text = read(workspace, &TEMPLATE, path)?;
        let template = parse(FileType::Dotenv, &text, &self.separator)
            .map_err(|error| Error::TemplateFile { path: path.clone(), error })?;
        // A name alone is not asked for, which may not be what was meant; of a key twice it does not matter which
        // counts.
        let alone = template.warnings.iter().filter(|warning| matches!(warning, Warning::NamesAlone(_)));
        notes.extend(alone.map(|warning| odd(path, warning, ReadFrom::Workspace)));
        Ok(template.entries)
    }
}

/// Reads a schema.
pub(super) fn schema(path: &ConfigPath, workspace: &Workspace) -> Result<Schema, Error> {
    Schema::new(&read(workspace, &SCHEMA, path)?).map_err(|error| Error::Schema { path: path.clone(), error })
}

fn read(workspace: &Workspace, option: &'static OptionSpec, path: &ConfigPath) -> Result<Vec<u8>, Error> {
    match workspace.read(path, MAX_BYTES) {
        Ok(bytes) => Ok(bytes.into_exposed()),
        Err(WorkspaceError::NotFound { .. }) => Err(Error::NoSuchFile { option, path: path.to_string() }),
        Err(error) => Err(error.of_needed().into()),
    }
}
