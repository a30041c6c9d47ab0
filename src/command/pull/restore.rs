//! Writing the files of a pull into the workspace, and what is not written.

use super::destination::Destination;
use super::pulled::{Pulled, PulledFile};
use crate::error::Error;
use crate::name::ConfigPath;
use crate::secret::Secret;
use crate::workspace::{FileMode, NewFile, Staged, Workspace, executed_name};

/// Which files of a pull are written into the workspace.
#[derive(Debug, Clone, Copy)]
pub struct Restore<'a> {
    /// Whether the pulled files are, at their places.
    pub files: bool,
    /// Where the merged values go, if they go into the workspace.
    pub formatted: Option<&'a ConfigPath>,
}

impl Pulled {
    /// Refuses what [`stage`](Self::stage) would refuse, as far as it can be seen without changing anything.
    ///
    /// # Errors
    /// [`Error::NotNamed`], [`Error::WouldReplace`], and those of [`Workspace::survey`].
    pub fn check_restore(&self, workspace: &Workspace, restore: Restore<'_>) -> Result<(), Error> {
        let restored = || self.files.iter().filter(|_| restore.files);
        restored().filter(|file| !file.destination.is_named).try_for_each(|file| self.refuse_unnamed(file))?;
        // The pulled files come first. What follows them is named by an input, and may replace what is there.
        let standing = workspace.survey(&self.new_files(restore))?;
        let places = |file: &PulledFile| (file.path.clone(), file.destination.path.clone());
        let replaced: Vec<_> = standing.iter().filter_map(|index| self.files.get(*index).map(places)).collect();
        if replaced.is_empty() { Ok(()) } else { Err(Error::WouldReplace { files: replaced }) }
    }

    /// Lays files ready beside their places, with mode 0600. Nothing is replaced before [`Staged::commit`], and nothing is
    /// written before every file has been checked.
    ///
    /// # Errors
    /// Those of [`check_restore`](Self::check_restore) and [`Workspace::stage`].
    pub fn stage(&self, workspace: &Workspace, restore: Restore<'_>) -> Result<Staged, Error> {
        self.check_restore(workspace, restore)?;
        Ok(workspace.stage(&self.new_files(restore))?)
    }

    fn new_files<'a>(&'a self, restore: Restore<'a>) -> Vec<NewFile<'a>> {
        let files = self.files.iter().filter(|_| restore.files).map(|file| NewFile {
            path: file.destination.path.clone(),
            content: Secret::new(file.content.expose().as_ref()),
            mode: FileMode::Private,
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

    /// Refuses a place where a tool would run what stands there, or take settings from it.
    fn refuse_unnamed(&self, file: &PulledFile) -> Result<(), Error> {
        let Destination { path, .. } = &file.destination;
        let by_name = || executed_name::refusal(path).map(|(name, rule)| (Some(name), rule.reason));
        let reason = self.reserved.reason(path).map(|why| (None, why));
        let Some((name, why)) = reason.or_else(by_name) else { return Ok(()) };
        Err(Error::NotNamed { path: file.path.clone(), destination: path.clone(), name, why: why.to_owned() })
    }
}
