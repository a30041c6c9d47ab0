//! What the keys of all files are to be.

use std::collections::{HashMap, HashSet};

use super::finding::{FileFinding, KeyFinding, KeyProblem};
use super::read_file::ReadFile;
use crate::command::{Note, checks};
use crate::config::{
    Entry, Merged, MissingKey, OnDuplicate, SchemaFailure, compare_with_template, merge, missing_keys,
};
use crate::error::Error;
use crate::name::{ConfigPath, is_below};
use crate::option::{OptionError, OptionProblem, SAME_KEYS};
use crate::request::Checks;
use crate::workspace::Workspace;

/// The files whose keys are looked at, and what these are to be.
pub(super) struct Keys<'a> {
    pub(super) checks: &'a Checks,
    pub(super) workspace: &'a Workspace,
    pub(super) read: &'a [ReadFile],
}

impl Keys<'_> {
    /// What is wrong with the keys of all files together. Files of several environments may well disagree: what is
    /// required must be in one of them.
    pub(super) fn findings(&self, notes: &mut Vec<Note>) -> Vec<FileFinding> {
        let sources = self.read.iter().map(|file| checks::source(&file.path, file.file_type, &file.entries)).collect();
        let merged = match merge(sources, OnDuplicate::Last, Vec::new()) {
            Ok(merged) => merged,
            Err(error) => return vec![FileFinding::Error(error.into())],
        };
        let required = missing_keys(self.checks.required_keys.iter().map(String::as_str), &merged);
        let required = required.into_iter().map(|missing| {
            let place = match &missing {
                MissingKey::Empty(key) => self.place_of(key),
                MissingKey::Absent(_) => None,
            };
            self.finding(KeyProblem::Required(missing), place)
        });
        let mut findings: Vec<_> = required.map(FileFinding::Key).collect();
        let of_files = [self.against_template(&merged, notes), self.against_schema(&merged)];
        for found in of_files {
            match found {
                Ok(found) => findings.extend(found.into_iter().map(FileFinding::Key)),
                Err(error) => findings.push(FileFinding::Error(error)),
            }
        }
        findings
    }

    fn against_template(&self, merged: &[Merged], notes: &mut Vec<Note>) -> Result<Vec<KeyFinding>, Error> {
        let Some(path) = &self.checks.template else { return Ok(Vec::new()) };
        let template = self.checks.template(path, self.workspace, notes)?;
        let difference = compare_with_template(&template, merged);
        let lines: HashMap<_, _> = template.iter().map(|entry| (entry.key.as_str(), entry.line)).collect();
        let missing = difference.missing.into_iter().map(|key| {
            let place = Some((path.clone(), lines.get(key.as_str()).copied().unwrap_or_default()));
            self.finding(KeyProblem::NotInFiles { key, template: path.clone() }, place)
        });
        let mut findings: Vec<_> = missing.collect();
        if self.checks.template_strict {
            findings.extend(difference.unknown.into_iter().map(|key| {
                let place = self.place_of(&key);
                self.finding(KeyProblem::NotInTemplate { key, template: path.clone() }, place)
            }));
        } else if !difference.unknown.is_empty() {
            notes.push(Note::NotInTemplate(path.clone(), difference.unknown));
        }
        Ok(findings)
    }

    fn against_schema(&self, merged: &[Merged]) -> Result<Vec<KeyFinding>, Error> {
        let Some(path) = &self.checks.schema else { return Ok(Vec::new()) };
        let failures = checks::schema(path, self.workspace)?
            .check(merged)
            .map_err(|error| Error::Schema { path: path.clone(), error })?;
        let finding = |failure: SchemaFailure| {
            let place = failure.key.as_deref().and_then(|key| self.place_of(key));
            self.finding(KeyProblem::Schema { schema: path.clone(), failure }, place)
        };
        Ok(failures.into_iter().map(finding).collect())
    }

    /// The keys that only one of two files or folders has, each where it stands.
    ///
    /// # Errors
    /// A side that has none of the files.
    pub(super) fn not_on_both(&self, sides: &[ConfigPath; 2]) -> Result<Vec<FileFinding>, Error> {
        let [one, other] = sides;
        let (of_one, of_other) = (self.within(one)?, self.within(other)?);
        let lacking = |side: &ConfigPath, has: &[&ReadFile], lacks: &[&ReadFile]| {
            let there: HashSet<_> = lacks.iter().flat_map(|file| &file.entries).map(|entry| &entry.key).collect();
            let entries = has.iter().flat_map(|file| file.entries.iter().map(|entry| (&file.place, entry)));
            let entries = entries.filter(|(_, entry)| !there.contains(&entry.key));
            let finding = |(place, entry): (&ConfigPath, &Entry)| {
                let problem = KeyProblem::NotOnBoth { key: entry.key.clone(), side: side.clone() };
                FileFinding::Key(self.finding(problem, Some((place.clone(), entry.line))))
            };
            entries.map(finding).collect::<Vec<_>>()
        };
        let mut findings = lacking(other, &of_one, &of_other);
        findings.extend(lacking(one, &of_other, &of_one));
        Ok(findings)
    }

    fn within(&self, side: &ConfigPath) -> Result<Vec<&ReadFile>, OptionError> {
        let is_within = |file: &&ReadFile| file.path == *side || is_below(file.path.as_str(), side.as_str());
        let files: Vec<_> = self.read.iter().filter(is_within).collect();
        if files.is_empty() {
            return Err(OptionError::new(&SAME_KEYS, OptionProblem::NoCheckedFile(side.clone())));
        }
        Ok(files)
    }

    /// Where a key stands: in the file that counts, the last one.
    fn place_of(&self, key: &str) -> Option<(ConfigPath, usize)> {
        let entry =
            |file: &ReadFile| Some((file.place.clone(), file.entries.iter().find(|entry| entry.key == key)?.line));
        self.read.iter().rev().find_map(entry)
    }

    /// A finding at a place, else in the only file that there is.
    fn finding(&self, problem: KeyProblem, place: Option<(ConfigPath, usize)>) -> KeyFinding {
        let only = match self.read {
            [file] => Some(file.place.clone()),
            _ => None,
        };
        let (file, line) = place.map_or((only, 0), |(file, line)| (Some(file), line));
        KeyFinding { problem, file, line: (line > 0).then_some(line) }
    }
}
