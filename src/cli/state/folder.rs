use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::document::{Document, Kept};
use super::identity::FolderIdentity;
use super::lock::{NotAlone, lock};
use super::record::{IntendedHead, Record};
use crate::cancellation::Cancellation;
use crate::environment::Environment;
use crate::name::{ConfigPath, Digest};
use crate::workspace::{BelongsTo, make_private_folder, replace_private};

/// The largest state of a catalog, in bytes: that of some 30,000 files.
const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// The folder that holds the states of all catalogs.
#[derive(Debug, Clone)]
pub(in crate::cli) struct StateFolder {
    /// Else why no variable leads to one, as a clause.
    path: Result<PathBuf, String>,
}

/// What is remembered of some catalogs.
#[derive(Debug)]
pub(in crate::cli) struct Remembered {
    folder: StateFolder,
    /// By the catalogs' paths.
    catalogs: BTreeMap<PathBuf, OfCatalog>,
    /// What cannot be read, written or locked: sentences for a warning.
    problems: Vec<String>,
}

#[derive(Debug)]
struct OfCatalog {
    document: Document,
    is_changed: bool,
    /// Held until this is dropped.
    lock: Option<File>,
}

impl StateFolder {
    /// `$XDG_STATE_HOME/cstore`, else `~/.local/state/cstore`. A path that is not absolute counts as none, as the
    /// [specification](https://specifications.freedesktop.org/basedir-spec/latest/) says.
    pub(in crate::cli) fn new(environment: &Environment) -> Self {
        let path = |name: &str| environment.text(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let path = path("XDG_STATE_HOME").or_else(|| Some(path("HOME")?.join(".local/state")));
        Self { path: path.map(|path| path.join("cstore")).ok_or_else(|| nowhere(environment)) }
    }

    /// Why nothing can be kept.
    pub(super) fn nowhere(&self) -> io::Error {
        io::Error::other(self.path.as_ref().err().cloned().unwrap_or_default())
    }

    /// Reads what is remembered of catalogs, given their absolute paths.
    pub(in crate::cli) fn read(&self, catalogs: impl IntoIterator<Item = PathBuf>) -> Remembered {
        let mut remembered = Remembered { folder: self.clone(), catalogs: BTreeMap::new(), problems: Vec::new() };
        for catalog in catalogs {
            remembered.add(catalog, None, false);
        }
        remembered
    }

    /// The same, of what nobody else changes until the answer is dropped. Another run is waited for, for ten seconds
    /// and no longer than `at_most`.
    ///
    /// # Errors
    /// [`NotAlone`]. Where a lock cannot be had for another reason, there is none, and a problem is noted.
    pub(in crate::cli) async fn lock(
        &self,
        catalogs: impl IntoIterator<Item = PathBuf>,
        at_most: Duration,
        cancellation: &Cancellation,
    ) -> Result<Remembered, NotAlone> {
        let mut remembered = self.read([]);
        // In one order everywhere, so that no two runs wait for each other.
        let mut catalogs: Vec<_> = catalogs.into_iter().collect();
        catalogs.sort_unstable();
        catalogs.dedup();
        for catalog in catalogs {
            let locked = match self.file(&catalog, "lock") {
                Some(path) => match self.make() {
                    Ok(()) => {
                        lock(&path, at_most, cancellation).await.map_err(|error| cannot_be("locked", &path, &error))
                    }
                    Err(error) => Err(error.to_string()),
                },
                None => Err(self.nowhere().to_string()),
            };
            let lock = match locked {
                Ok(locked) => Some(locked?),
                Err(problem) => {
                    remembered.note(problem);
                    None
                }
            };
            let is_noted = lock.is_none();
            remembered.add(catalog, lock, is_noted);
        }
        Ok(remembered)
    }

    /// Makes the folder, which nobody else may look into.
    ///
    /// # Errors
    /// Why it cannot be made, with its path.
    pub(super) fn make(&self) -> io::Result<()> {
        let Ok(path) = &self.path else { return Ok(()) };
        make_private_folder(path).map_err(|error| io::Error::other(cannot_be("made", path, &error)))
    }

    pub(super) fn file(&self, catalog: &Path, extension: &str) -> Option<PathBuf> {
        let name = Digest::from_content(catalog.as_os_str().as_encoded_bytes());
        Some(self.path.as_ref().ok()?.join(format!("{name}.{extension}")))
    }

    /// The document of a catalog; none where there is none.
    ///
    /// # Errors
    /// Why it cannot be read.
    fn document(&self, catalog: &Path) -> Result<Option<Document>, String> {
        let Some(path) = self.file(catalog, "json") else { return Ok(None) };
        let unreadable = |error: io::Error| cannot_be("read", &path, &error);
        let file = match File::open(&path) {
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Ok(None);
            }
            file => file.map_err(unreadable)?,
        };
        if !file.metadata().map_err(unreadable)?.is_file() {
            return Err(format!("{} is not a file", path.display()));
        }
        let mut bytes = Vec::new();
        file.take(MAX_BYTES).read_to_end(&mut bytes).map_err(unreadable)?;
        Document::read(&bytes).map(Some).ok_or_else(|| format!("{} is damaged", path.display()))
    }

    /// Writes a document, whole or not at all.
    ///
    /// # Errors
    /// Why it cannot be written.
    fn write(&self, catalog: &Path, document: &Document) -> Result<(), String> {
        let Some(path) = self.file(catalog, "json") else { return Ok(()) };
        let written = || replace_private(&path, &document.bytes()?, BelongsTo::FolderOwner);
        written().map_err(|error| cannot_be("written", &path, &error))
    }
}

/// What cannot be done to a file or folder of the state, as a clause.
pub(super) fn cannot_be(done: &str, path: &Path, error: &io::Error) -> String {
    format!("{} cannot be {done}: {error}", path.display())
}

/// Why neither variable leads to a folder, as a clause.
fn nowhere(environment: &Environment) -> String {
    let [state, home] = ["XDG_STATE_HOME", "HOME"].map(|name| match environment.text(name) {
        Some(path) if !path.is_empty() => format!("{name} is not an absolute path"),
        _ => format!("{name} is not set"),
    });
    format!("{state}, and {home}")
}

impl Remembered {
    /// `is_noted`: whether it was noted why there is no lock, which is mostly why nothing can be read, too.
    fn add(&mut self, catalog: PathBuf, lock: Option<File>, is_noted: bool) {
        let document = self.folder.document(&catalog).unwrap_or_else(|problem| {
            if !is_noted {
                self.note(problem);
            }
            None
        });
        let identity = FolderIdentity::of_catalog(&catalog);
        // What is remembered of a folder that is gone says nothing of what lies in this one.
        let document = document.filter(|document| document.is_of(identity.as_ref()));
        let document = document.unwrap_or_else(|| Document::new(catalog.to_string_lossy().into_owned(), identity));
        self.catalogs.insert(catalog, OfCatalog { document, is_changed: false, lock });
    }

    fn note(&mut self, problem: String) {
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    /// What a local file, by its path relative to its catalog, was last pulled or pushed as.
    pub(in crate::cli) fn record(&self, catalog: &Path, kept: &Kept, place: &ConfigPath) -> Option<&Record> {
        self.catalogs.get(catalog)?.document.record(kept, place)
    }

    /// Where local files lie that were last pulled or pushed as this file, of the head or of a version.
    pub(in crate::cli) fn places_of(
        &self,
        catalog: &Path,
        kept: &Kept,
        path: &ConfigPath,
    ) -> Vec<(ConfigPath, Record)> {
        let files = self.catalogs.get(catalog).and_then(|of_catalog| of_catalog.document.files(kept));
        let of_path = files.into_iter().flatten().filter(|(_, record)| record.path == *path);
        of_path.map(|(place, record)| (place.clone(), record.clone())).collect()
    }

    /// What each path in the bucket was last pulled or pushed as: the local file at this path, else one that lies
    /// elsewhere.
    pub(in crate::cli) fn records(&self, catalog: &Path, kept: &Kept) -> impl Iterator<Item = &Record> {
        let files = self.catalogs.get(catalog).and_then(|of_catalog| of_catalog.document.files(kept));
        let mut by_path = BTreeMap::new();
        for (place, record) in files.into_iter().flatten() {
            if *place == record.path {
                by_path.insert(&record.path, record);
            } else {
                by_path.entry(&record.path).or_insert(record);
            }
        }
        by_path.into_values()
    }

    /// What the local files at their own paths, which a push reads, were last pulled or pushed as. A copy that lies
    /// elsewhere says nothing of them.
    pub(in crate::cli) fn records_in_place(&self, catalog: &Path, kept: &Kept) -> impl Iterator<Item = &Record> {
        let files = self.catalogs.get(catalog).and_then(|of_catalog| of_catalog.document.files(kept));
        files.into_iter().flatten().filter(|(place, record)| **place == record.path).map(|(_, record)| record)
    }

    /// Remembers a local file. Nothing is written yet.
    pub(in crate::cli) fn set(&mut self, catalog: &Path, kept: &Kept, place: ConfigPath, record: Record) {
        let Some(of_catalog) = self.catalogs.get_mut(catalog) else { return };
        if of_catalog.document.record(kept, &place) != Some(&record) {
            of_catalog.document.set(kept, place, record);
            of_catalog.is_changed = true;
        }
    }

    /// What a push was about to make of the head's file that lies here under its own path.
    pub(in crate::cli) fn intended(&self, catalog: &Path, kept: &Kept, place: &ConfigPath) -> Option<&IntendedHead> {
        self.all_intended(catalog, kept)?.get(place)
    }

    /// The same of all files.
    pub(in crate::cli) fn all_intended(
        &self,
        catalog: &Path,
        kept: &Kept,
    ) -> Option<&BTreeMap<ConfigPath, IntendedHead>> {
        self.catalogs.get(catalog)?.document.intended(kept)
    }

    /// Remembers what a push is about to make of a file of the head, or none of that any more. Nothing is written yet.
    pub(in crate::cli) fn intend(
        &mut self,
        catalog: &Path,
        kept: &Kept,
        place: ConfigPath,
        intended: Option<IntendedHead>,
    ) {
        let Some(of_catalog) = self.catalogs.get_mut(catalog) else { return };
        if of_catalog.document.intended(kept).and_then(|all| all.get(&place)) != intended.as_ref() {
            of_catalog.document.intend(kept, place, intended);
            of_catalog.is_changed = true;
        }
    }

    /// Writes what has changed, and gives the sentences of a warning for what could not be read, written or locked.
    pub(in crate::cli) fn save(mut self) -> Vec<String> {
        for (catalog, of_catalog) in &mut self.catalogs {
            if !of_catalog.is_changed {
                continue;
            }
            of_catalog.document.follow(FolderIdentity::of_catalog(catalog));
            if let Err(problem) = self.folder.write(catalog, &of_catalog.document)
                // Why there is no lock is noted, and is why nothing can be written, too.
                && of_catalog.lock.is_some()
            {
                self.problems.push(problem);
            }
        }
        self.problems
    }
}
