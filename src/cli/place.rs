//! Where a run stands: the catalog's folder, which all files lie below, and the folder that paths are typed in.

mod error;
mod ghost;
mod owner;
mod search;
mod typed;
mod typed_folder;

use std::io;
use std::path::{Path, PathBuf};

use super::invocation::Invocation;
use crate::catalog::{Catalog, LARGEST_CATALOG};
use crate::environment::Environment;
use crate::name::ConfigPath;
use crate::option::{
    BUCKET, CATALOG, CONTEXT, Command, FILES, FROM, LOCK_FILE, ListKind, RawOptions, SAME_KEYS, SCHEMA, TEMPLATE, TO,
    TYPES,
};
use crate::regular_file;

pub(super) use self::error::PlaceError;
pub(super) use self::owner::check as check_owner;
pub(super) use self::typed_folder::TypedFolder;

/// The folder that a run works in, and the one that it was started in.
#[derive(Debug)]
pub(super) struct Place {
    /// The catalog's folder, absolute.
    pub(super) folder: PathBuf,
    /// The catalog's file name.
    pub(super) catalog: String,
    /// Whether there is a catalog.
    pub(super) has_catalog: bool,
    /// Whether the catalog was looked for, and not named.
    is_found: bool,
    /// The folder above whose catalog a new one would hide.
    above: Option<PathBuf>,
    /// The current folder, absolute.
    here: PathBuf,
}

impl Place {
    /// Finds the catalog: the one that is named, else the nearest. From then on the options say paths relative to its
    /// folder.
    ///
    /// # Errors
    /// A catalog that cannot be had or that another user owns, a folder that is not there, a path that leads out of the
    /// catalog's folder.
    pub(super) fn find(command: Command, raw: &mut RawOptions, environment: &Environment) -> Result<Self, PlaceError> {
        let here = std::env::current_dir().map_err(PlaceError::NoFolder)?;
        let place = match raw.text(&CATALOG) {
            Some(named) => Self::named(here, named, command)?,
            None => Self::nearest(here, command, environment)?,
        };
        raw.replace(&CATALOG, place.catalog.clone());
        place.translate(raw)?;
        Ok(place)
    }

    /// The catalog of a name, whoever owns it: to name it is to mean it.
    fn named(here: PathBuf, named: &str, command: Command) -> Result<Self, PlaceError> {
        let path = here.join(named);
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
            return Err(PlaceError::NoFile(named.to_owned()));
        };
        let refused = |reason: io::Error| match reason.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => PlaceError::NoSuchFolder {
                named: named.to_owned(),
                folder: folder.to_owned(),
                is_made: makes_one(command),
            },
            _ => PlaceError::Folder { folder: folder.to_owned(), reason },
        };
        let folder = folder.canonicalize().map_err(refused)?;
        if !folder.is_dir() {
            return Err(refused(io::ErrorKind::NotADirectory.into()));
        }
        // The rest of a text is text.
        let catalog = name.to_string_lossy().into_owned();
        let found = folder.join(&catalog).symlink_metadata();
        if found.as_ref().is_ok_and(std::fs::Metadata::is_dir) {
            return Err(PlaceError::NoFile(named.to_owned()));
        }
        Ok(Self { folder, catalog, has_catalog: found.is_ok(), is_found: false, above: None, here })
    }

    fn nearest(here: PathBuf, command: Command, environment: &Environment) -> Result<Self, PlaceError> {
        let catalog = CATALOG.default.to_owned();
        let mut found = search::nearest(&here, &catalog, environment)?;
        let mut above = None;
        if command == Command::Init {
            // A new one is made where one stands.
            above = found.take_if(|folder| *folder != here);
        } else if let Some(folder) = &found {
            owner::check(&folder.join(&catalog), environment)?;
        }
        let has_catalog = found.is_some();
        Ok(Self { folder: found.unwrap_or_else(|| here.clone()), catalog, has_catalog, is_found: true, above, here })
    }

    /// Turns the paths in options into those that commands take.
    fn translate(&self, raw: &mut RawOptions) -> Result<(), PlaceError> {
        if self.folder == self.here {
            return Ok(());
        }
        for option in [&FILES, &TYPES] {
            let lines = raw.lines(option).map(|line| match line.rsplit_once('=') {
                Some((pattern, file_type)) if *option == TYPES => {
                    Ok(format!("{} = {}", self.pattern(pattern.trim_end())?, file_type.trim_start()))
                }
                _ => self.pattern(line),
            });
            let lines = lines.collect::<Result<Vec<_>, PlaceError>>()?;
            if !lines.is_empty() {
                raw.replace(option, lines.join("\n"));
            }
        }
        // Other sides are references.
        let is_path = |line: &str| line.starts_with("./") || line.starts_with("../");
        let sides = raw
            .lines(&SAME_KEYS)
            .map(|line| if is_path(line) { Ok(format!("./{}", self.file(line)?)) } else { Ok(line.to_owned()) });
        let sides = sides.collect::<Result<Vec<_>, PlaceError>>()?;
        if !sides.is_empty() {
            raw.replace(&SAME_KEYS, sides.join("\n"));
        }
        for option in [&TEMPLATE, &SCHEMA, &LOCK_FILE] {
            if let Some(path) = raw.text(option).map(|path| self.file(path)).transpose()? {
                raw.replace(option, path);
            }
        }
        Ok(())
    }

    /// The catalog's path, absolute.
    pub(super) fn catalog_path(&self) -> PathBuf {
        self.folder.join(&self.catalog)
    }

    /// What the catalog says, as far as it can be read: for words that depend on it.
    pub(super) fn read_catalog(&self) -> Option<Catalog> {
        Catalog::read(&regular_file::read(&self.catalog_path(), LARGEST_CATALOG)?).ok()
    }

    /// Whether the catalog's folder is in a git repository.
    pub(super) fn is_in_git(&self) -> bool {
        self.folder.ancestors().any(|folder| folder.join(".git").exists())
    }

    /// Whether the catalog was looked for, and not named.
    pub(super) const fn is_found(&self) -> bool {
        self.is_found
    }

    /// Refuses to look for config by a folder's name alone, which is nobody's decision. The first push makes a catalog.
    ///
    /// # Errors
    /// [`PlaceError::NoCatalog`], and [`PlaceError::NotThere`] of one that is named.
    pub(super) fn require_catalog(&self, invocation: &Invocation) -> Result<(), PlaceError> {
        let (command, raw) = (invocation.command, &invocation.raw);
        // Where something is promoted to is always told.
        let names_context = |reference: &str| reference.contains('@') || reference.starts_with("s3://");
        let names_bucket = |reference: &str| reference.starts_with("s3://");
        let is_told = [&CONTEXT, &BUCKET].iter().any(|option| raw.text(option).is_some())
            || command == Command::Promote && raw.text(&FROM).is_some_and(names_context)
            || command == Command::Diff && [&FROM, &TO].iter().all(|side| raw.text(side).is_some_and(names_bucket))
            // Of files that are named nothing else need be known to look at them.
            || command == Command::Verify && raw.text(&FILES).is_some();
        if self.has_catalog || makes_one(command) || is_told {
            return Ok(());
        }
        if !self.is_found {
            return Err(PlaceError::NotThere(self.shown(&self.catalog)));
        }
        // Contexts are listed of a whole bucket.
        let needs_bucket_alone =
            command == Command::List && invocation.argument("WHAT") == Some(ListKind::Contexts.word());
        Err(PlaceError::NoCatalog { name: self.catalog.clone(), here: self.here.clone(), needs_bucket_alone })
    }

    /// The catalog as a person who stands here would write it, where it was found elsewhere than here.
    pub(super) fn found_elsewhere(&self) -> Option<String> {
        (self.is_found && self.has_catalog && self.folder != self.here).then(|| self.shown(&self.catalog))
    }

    /// Where a command stands that names a catalog which this one links to, by its path relative to this folder.
    pub(super) fn linked(&self, catalog: &ConfigPath) -> Self {
        Self {
            folder: self.folder.join(catalog.folders().collect::<PathBuf>()),
            catalog: catalog.file_name().to_owned(),
            has_catalog: true,
            is_found: false,
            above: None,
            here: self.here.clone(),
        }
    }

    /// Whether somebody stands in the catalog's folder, or below it.
    fn is_inside(&self) -> bool {
        self.here.starts_with(&self.folder)
    }

    /// The current folder.
    pub(super) fn here(&self) -> &Path {
        &self.here
    }
}

/// Whether a command makes a catalog where there is none.
const fn makes_one(command: Command) -> bool {
    matches!(command, Command::Init | Command::Push)
}
