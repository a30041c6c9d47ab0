//! Updates the catalog after a push.

use crate::catalog::{Catalog, CatalogFile, CatalogUpdate, EditError, EntryUpdate, SelectedFile, edit};
use crate::command::Note;
use crate::command::catalogs::{self, Loaded};
use crate::config::FileType;
use crate::error::Error;
use crate::excerpt::excerpt;
use crate::name::{Context, Digest, VersionName};
use crate::request::PushRequest;
use crate::secret::Secret;
use crate::store::{FileEntry, PushFile};
use crate::workspace::{FileMode, NewFile, Staged, Workspace, WorkspaceError};

/// How often the catalog is written anew because somebody else has written it in the very moment.
const ATTEMPTS: u32 = 10;

pub(super) struct Update<'a> {
    pub(super) request: &'a PushRequest,
    pub(super) catalog: &'a Loaded,
    pub(super) entries: &'a [SelectedFile<'a>],
    pub(super) context: &'a Context,
    pub(super) bucket: &'a str,
    pub(super) version: Option<&'a VersionName>,
}

impl Update<'_> {
    /// Edits the catalog and lays it ready beside the present one, before anything is sent: a catalog that cannot be
    /// edited, or written where it is, is found out while nothing is published. It is taken away again, so that a push
    /// that is killed leaves nothing in the checkout. Says what a dry run has to say of it.
    pub(super) fn rehearse(&self, files: &[PushFile], workspace: &Workspace) -> Result<Option<Note>, Error> {
        if !self.request.update_catalog {
            return Ok(None);
        }
        let text = self.text(self.catalog.text.as_deref(), files, |file| file.asked.kms_key.clone())?;
        drop(self.stage(&text, workspace)?);
        let is_to_be_written = self.request.dry_run && self.catalog.text.as_deref() != Some(text.as_bytes());
        Ok(is_to_be_written.then(|| Note::CatalogToWrite(self.catalog.path.clone())))
    }

    /// Writes the catalog, with the KMS keys that the files were stored with. Says what was done.
    ///
    /// The push took a while: what somebody has written into the catalog meanwhile stays in it.
    pub(super) fn write(
        &self,
        files: &[PushFile],
        stored: &[FileEntry],
        workspace: &Workspace,
    ) -> Result<Vec<Note>, Error> {
        if !self.request.update_catalog {
            return Ok(Vec::new());
        }
        let kms_key = |file: &PushFile| {
            stored.iter().find(|entry| entry.path == file.path).and_then(|entry| entry.kms_key.clone())
        };
        let path = &self.catalog.path;
        for _ in 0..ATTEMPTS {
            let present = catalogs::text(path, workspace)?;
            let text = self.text(present.as_deref(), files, kms_key)?;
            if present.as_deref() == Some(text.as_bytes()) {
                return Ok(Vec::new());
            }
            let committed = match self.stage(&text, workspace)?.commit() {
                Err(WorkspaceError::Changed { .. }) => continue,
                committed => committed?,
            };
            let before = present.as_deref().map(Digest::from_content);
            if committed.replaced().iter().any(|(_, found)| *found != before) {
                committed.rollback()?;
                continue;
            }
            let left = committed.finish().err();
            let mut notes = vec![Note::CatalogWritten(path.clone())];
            notes.extend(left.map(|error| Note::BackupLeft(error.to_string())));
            return Ok(notes);
        }
        Err(WorkspaceError::Changed { path: path.to_string() }.into())
    }

    fn stage(&self, text: &str, workspace: &Workspace) -> Result<Staged, WorkspaceError> {
        let path = self.catalog.path.clone();
        let content = Secret::new(text.as_bytes());
        let file = NewFile { path, content, mode: FileMode::Shared, named: true, may_replace: true };
        workspace.stage(&[file]).map_err(WorkspaceError::of_needed)
    }

    fn text(
        &self,
        present: Option<&[u8]>,
        files: &[PushFile],
        kms_key: impl Fn(&PushFile) -> Option<String>,
    ) -> Result<String, Error> {
        let settings = &self.request.entries;
        // Whoever does not keep such lists has a catalog that no version changes.
        let catalog = present.and_then(|text| Catalog::read(text).ok());
        let lists_versions = match catalog.as_ref().filter(|catalog| !catalog.files.is_empty()) {
            Some(catalog) => catalog.lists_versions,
            None => settings.lists_versions,
        };
        // Written as it is, it would lead every later run to another file.
        let is_known = |file: &&PushFile| self.entries.iter().any(|entry| entry.path == file.path);
        let new = files.iter().filter(|file| !is_known(file)).map(|file| &file.path);
        if let Some(path) = new.chain(&settings.alternate_path).find(|path| path.as_str().contains("${")) {
            let error = EditError::Variable { path: excerpt(path.as_str()) };
            return Err(Error::CatalogEdit { path: self.catalog.path.clone(), error });
        }
        let entries: Vec<_> = files
            .iter()
            .map(|file| {
                let known = self.entries.iter().find(|entry| entry.path == file.path);
                EntryUpdate {
                    path: known.map_or_else(|| file.path.to_string(), |entry| entry.file.path.as_str().to_owned()),
                    alternate_path: settings.alternate_path.as_ref().map(ToString::to_string),
                    delete_after_push: settings.delete_after_push,
                    file_type: file_type(file, known).map(ToOwned::to_owned),
                    bucket: Some(self.bucket.to_owned()),
                    kms_key: kms_key(file),
                    tags: settings.tags.clone(),
                    omits_versions: !lists_versions,
                    version: self.version.filter(|_| lists_versions).cloned(),
                }
            })
            .collect();
        let bucket =
            catalog.filter(|catalog| self.leaves_own_bucket(catalog, &entries)).map(|_| self.bucket.to_owned());
        let update = CatalogUpdate { context: Some(self.context.clone()), bucket, kms_key: None, entries };
        let text = match edit(present, &update) {
            // Without it the catalog says the same of each file.
            Err(EditError::Form { .. }) if update.bucket.is_some() => {
                edit(present, &CatalogUpdate { bucket: None, ..update })
            }
            text => text,
        };
        text.map_err(|error| Error::CatalogEdit { path: self.catalog.path.clone(), error })
    }

    /// Whether an option names another bucket than the catalog's own, and none of its files is kept in that any more.
    /// One that names no bucket is.
    fn leaves_own_bucket(&self, catalog: &Catalog, entries: &[EntryUpdate]) -> bool {
        let Some(own) = catalog.bucket.as_deref().filter(|own| *own != self.bucket) else { return false };
        let is_pushed = |file: &CatalogFile| entries.iter().any(|entry| entry.path == file.path.as_str());
        let is_in_own = |file: &CatalogFile| file.bucket.as_deref().unwrap_or(own) == own;
        let mut others = catalog.files.iter().filter(|file| !file.is_ref && file.supported_store().is_ok());
        self.request.target.bucket.is_some() && !others.any(|file| is_in_own(file) && !is_pushed(file))
    }
}

/// The word for the type to write: in a new entry, and where an entry says another type than the file is stored with.
/// The next version is read as the catalog says.
fn file_type<'f>(file: &'f PushFile, known: Option<&SelectedFile<'_>>) -> Option<&'f str> {
    let word = match known {
        None => file.file_type.as_catalog_type(&file.path),
        Some(entry) => {
            let recorded = entry.file.file_type.as_deref().unwrap_or_default();
            let is_said = FileType::from_recorded(recorded, &file.path) == file.file_type;
            if is_said { "" } else { file.file_type.as_recorded(&file.path) }
        }
    };
    Some(word).filter(|word| !word.is_empty())
}
