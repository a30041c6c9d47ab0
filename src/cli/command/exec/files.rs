//! Stored files that the program reads without their having been written to a disk.

use std::collections::BTreeMap;
use std::ffi::OsString;

use super::error::StartError;
use super::program::HeldFile;
use crate::cli::failure::Failure;
use crate::cli::place::Place;
use crate::command::PulledFile;
use crate::name::{ConfigPath, is_variable_name};
use crate::option::{FILE, FILES, OptionError, OptionProblem, RawOptions};

/// Which files are handed over, each with the variable that holds its path.
pub(super) struct FileVariables(Vec<(ConfigPath, String)>);

/// Why a line is no file and its variable.
#[derive(Debug, thiserror::Error)]
enum LineProblem {
    #[error("{0} is not of the form PATH=VAR")]
    Form(String),
    #[error("{0} is not a variable name")]
    Name(String),
    #[error("{0} is given twice")]
    Twice(String),
}

impl FileVariables {
    /// Reads the option, and has the files pulled, too, where others are named.
    ///
    /// # Errors
    /// A line that is malformed.
    pub(super) fn take(raw: &mut RawOptions, place: &Place) -> Result<Self, Failure> {
        let mut files: Vec<(ConfigPath, String)> = Vec::new();
        for line in raw.lines(&FILE) {
            let wrong = |problem| Err(OptionError::unusable(&FILE, problem).into());
            let Some((path, name)) = line.rsplit_once('=') else { return wrong(LineProblem::Form(line.to_owned())) };
            if !is_variable_name(name) {
                return wrong(LineProblem::Name(name.to_owned()));
            }
            if files.iter().any(|(_, other)| other == name) {
                return wrong(LineProblem::Twice(name.to_owned()));
            }
            let path = ConfigPath::new(&place.file(path)?);
            let path = path.map_err(|error| OptionError::new(&FILE, OptionProblem::NotAPath(error)))?;
            files.push((path, name.to_owned()));
        }
        if !files.is_empty() && raw.text(&FILES).is_some() {
            let paths = files.iter().map(|(path, _)| path.as_str());
            let lines: Vec<_> = raw.lines(&FILES).chain(paths).map(ToOwned::to_owned).collect();
            raw.set(&FILES, &lines.join("\n"));
        }
        Ok(Self(files))
    }

    /// The files.
    pub(super) fn paths(&self) -> Vec<ConfigPath> {
        self.0.iter().map(|(path, _)| path.clone()).collect()
    }

    /// Holds the files for the program, and tells it where they are.
    ///
    /// # Errors
    /// A file that was not pulled, and a system that holds none.
    pub(super) fn hand_over(
        self,
        pulled: &[PulledFile],
        variables: &mut BTreeMap<OsString, OsString>,
    ) -> Result<Vec<HeldFile>, StartError> {
        let mut held = Vec::with_capacity(self.0.len());
        for (path, name) in self.0 {
            let file = pulled.iter().find(|file| file.path == path);
            let file = file.ok_or_else(|| StartError::NotPulled(path.clone()))?;
            let file = HeldFile::new(&file.content)?;
            variables.insert(name.into(), file.path().into());
            held.push(file);
        }
        Ok(held)
    }
}
