//! Writing the files of a pull into the workspace, and what is not written.

use std::collections::HashMap;

use super::destination::Destination;
use super::pulled::{Pulled, PulledFile};
use super::reserved::Reserved;
use crate::environment::Environment;
use crate::error::{Error, UnnamedFile};
use crate::name::{ConfigPath, is_below};
use crate::secret::Secret;
use crate::workspace::{FileMode, NewFile, Staged, Workspace, WorkspaceError, executed_name};

/// Which files of a pull are written into the workspace.
#[derive(Debug, Clone, Copy)]
pub struct Restore<'a> {
    /// Whether the pulled files are, at their places.
    pub files: bool,
    /// Who may read a pulled file.
    pub mode: FileMode,
    /// Where the merged values go, if they go into the workspace.
    pub formatted: Option<&'a ConfigPath>,
}

impl Pulled {
    /// Has every file go to its own path below another folder, which somebody named for this. `is_own`: whether that is
    /// the workspace itself.
    pub fn go_to(&mut self, folder: &Workspace, is_own: bool, environment: &Environment) {
        for file in &mut self.files {
            let is_named = file.destination.is_named;
            file.destination = Destination { path: file.path.clone(), is_named, may_replace: true, passed_over: None };
        }
        if !is_own {
            self.reserved = Reserved::in_folder(environment, folder);
        }
    }

    /// Has the only file go to another place, which somebody named for this. Gives the number of files, where it is not
    /// one.
    ///
    /// # Errors
    /// Another number of files than one.
    pub fn go_to_path(&mut self, path: ConfigPath) -> Result<(), usize> {
        let number = self.files.len();
        let [only] = self.files.as_mut_slice() else { return Err(number) };
        only.destination = Destination { path, is_named: true, may_replace: true, passed_over: None };
        Ok(())
    }

    /// Refuses what is written only when it is named, of these files.
    ///
    /// # Errors
    /// [`Error::NotNamed`].
    pub fn require_names<'a>(&'a self, files: impl IntoIterator<Item = &'a PulledFile>) -> Result<(), Error> {
        let files: Vec<_> = files.into_iter().filter_map(|file| self.unnamed(file)).collect();
        if files.is_empty() { Ok(()) } else { Err(Error::NotNamed { files, means_all: self.means_all }) }
    }

    /// Refuses two files that belong at one place, also where both are as they should be: the next pull would take turns.
    ///
    /// # Errors
    /// [`Error::OnePlace`].
    pub fn require_places(&self) -> Result<(), Error> {
        let mut by_place = HashMap::new();
        for PulledFile { path, destination, .. } in &self.files {
            let place = &destination.path;
            if let Some(other) = by_place.insert(place, path) {
                let error = WorkspaceError::Clash { path: place.to_string(), other: place.to_string() };
                return Err(Error::OnePlace { path: other.clone(), other: Some(path.clone()), error });
            }
        }
        Ok(())
    }

    /// Whether a file is written only when it is named, named or not.
    #[must_use]
    pub fn has_to_be_named(&self, file: &PulledFile) -> bool {
        self.reason_to_be_named(&file.destination.path).is_some()
    }

    /// Refuses what [`stage`](Self::stage) would refuse, as far as it can be seen without changing anything.
    ///
    /// # Errors
    /// [`Error::NotNamed`], [`Error::OnePlace`], [`Error::WouldReplace`], and those of [`Workspace::survey`].
    pub fn check_restore(&self, workspace: &Workspace, restore: Restore<'_>) -> Result<(), Error> {
        self.require_names(self.files.iter().filter(|_| restore.files))?;
        // The pulled files come first. What follows them is named by an input, and may replace what is there.
        let survey = workspace.survey(&self.new_files(restore));
        let standing = survey.map_err(|error| self.explained(error, restore))?;
        let places = |file: &PulledFile| (file.path.clone(), file.destination.path.clone());
        let replaced: Vec<_> = standing.iter().filter_map(|index| self.files.get(*index).map(places)).collect();
        if replaced.is_empty() { Ok(()) } else { Err(Error::WouldReplace { files: replaced }) }
    }

    /// Lays files ready beside their places, with mode 0600. Nothing is replaced before [`Staged::commit`], and nothing
    /// is written before every file has been checked.
    ///
    /// # Errors
    /// Those of [`check_restore`](Self::check_restore) and [`Workspace::stage`].
    pub fn stage(&self, workspace: &Workspace, restore: Restore<'_>) -> Result<Staged, Error> {
        self.check_restore(workspace, restore)?;
        workspace.stage(&self.new_files(restore)).map_err(|error| self.explained(error, restore))
    }

    fn new_files<'a>(&'a self, restore: Restore<'a>) -> Vec<NewFile<'a>> {
        let files = self.files.iter().filter(|_| restore.files).map(|file| NewFile {
            path: file.destination.path.clone(),
            content: Secret::new(file.content.expose().as_ref()),
            mode: restore.mode,
            named: file.destination.is_named,
            may_replace: file.destination.may_replace,
        });
        let formatted = restore.formatted.zip(self.formatted.as_ref()).map(|(path, formatted)| NewFile {
            path: path.clone(),
            content: Secret::new(formatted.text.expose().as_bytes()),
            mode: FileMode::Private,
            named: true,
            may_replace: true,
        });
        files.chain(formatted).collect()
    }

    /// What has to be named though nobody did: a place where a tool would run what stands there, or take settings from
    /// it.
    fn unnamed(&self, file: &PulledFile) -> Option<UnnamedFile> {
        let Destination { path, is_named, .. } = &file.destination;
        let (name, why) = self.reason_to_be_named(path).filter(|_| !is_named)?;
        Some(UnnamedFile { path: file.path.clone(), destination: path.clone(), name, why: why.to_owned() })
    }

    fn reason_to_be_named(&self, path: &ConfigPath) -> Option<(Option<&'static str>, &str)> {
        let by_name = || executed_name::refusal(path).map(|(name, rule)| (Some(name), rule.reason));
        self.reserved.reason(path).map(|why| (None, why)).or_else(by_name)
    }

    /// The error of two places that are one, in the words of what is written there: a line of `files` knows a file by
    /// its path, and not the formatted file.
    fn explained(&self, error: WorkspaceError, restore: Restore<'_>) -> Error {
        let (WorkspaceError::Clash { path, other } | WorkspaceError::OneName { path, other }) = &error else {
            return error.into();
        };
        let restored: Vec<_> = self.files.iter().filter(|_| restore.files).collect();
        let at = |place: &str, position| {
            restored.iter().filter(|file| file.destination.path.as_str() == place).nth(position)
        };
        // The file system may have found a folder of a file to be the one with another name.
        let below = |place: &str| restored.iter().find(|file| is_below(file.destination.path.as_str(), place));
        let first = at(path, 0);
        let second = at(other, usize::from(path == other));
        let is_formatted =
            restore.formatted.is_some_and(|formatted| [path, other].iter().any(|place| *place == formatted.as_str()));
        let second = second.or_else(|| below(other).filter(|_| !is_formatted));
        let (first, second) = (first.map(|file| &file.path), second.map(|file| &file.path));
        match (first, second) {
            (Some(path), Some(other)) => Error::OnePlace { path: path.clone(), other: Some(other.clone()), error },
            (Some(file), None) | (None, Some(file)) if is_formatted => {
                Error::OnePlace { path: file.clone(), other: None, error }
            }
            _ => error.into(),
        }
    }
}
