//! What a push asks for of a file besides its bytes: by options, else by the catalog.

use super::catalogs::{Loaded, resolve};
use super::variables::Variables;
use crate::catalog::SelectedFile;
use crate::config::FileType;
use crate::error::Error;
use crate::name::ConfigPath;
use crate::request::{EntrySettings, KmsKeys};
use crate::store::Asked;

/// What the options of a push say of all its files.
#[derive(Clone, Copy)]
pub(super) struct Asking<'a> {
    pub(super) settings: &'a EntrySettings,
    pub(super) kms_keys: &'a KmsKeys,
}

impl Asking<'_> {
    /// What is asked for of a file, and how it is read. `by_rule`: the type that an option gives it.
    ///
    /// # Errors
    /// An alternate path with a variable that may not be used.
    pub(super) fn of_file(
        self,
        path: &ConfigPath,
        by_rule: Option<FileType>,
        variables: Variables<'_>,
        catalog: &Loaded,
        entry: Option<&SelectedFile<'_>>,
    ) -> Result<(Asked, FileType), Error> {
        let recorded = entry.and_then(|entry| entry.file.file_type.as_deref());
        let file_type = by_rule.unwrap_or_else(|| FileType::from_recorded(recorded.unwrap_or_default(), path));
        // A type that the name tells, too, is not asked for: it may have been recorded in another word.
        let is_asked = by_rule.is_some()
            || file_type != FileType::detect(path)
            || recorded.is_some_and(|recorded| FileType::is_said_to_be_raw(recorded, path));
        let besides = self.besides_type(variables, catalog, entry)?;
        Ok((Asked { file_type: is_asked.then_some(file_type), ..besides }, file_type))
    }

    /// The same without a type.
    ///
    /// # Errors
    /// Those of [`of_file`](Self::of_file).
    pub(super) fn besides_type(
        self,
        variables: Variables<'_>,
        catalog: &Loaded,
        entry: Option<&SelectedFile<'_>>,
    ) -> Result<Asked, Error> {
        let file = entry.map(|entry| entry.file);
        let in_catalog = || file.and_then(|file| file.alternate_path.as_ref());
        let alternate_path = match &self.settings.alternate_path {
            Some(path) => Some(path.clone()),
            None => in_catalog().map(|path| resolve(variables, catalog, path)).transpose()?,
        };
        let own_key = || catalog.catalog.as_ref().and_then(|catalog| catalog.kms_key.clone());
        // A catalog that lists none leaves what is recorded.
        let listed = || file.map(|file| file.tags.clone()).filter(|tags| !tags.is_empty());
        Ok(Asked {
            kms_key: self
                .kms_keys
                .asked
                .clone()
                .or_else(|| file.and_then(|file| file.kms_key.clone()))
                .or_else(own_key)
                .or_else(|| self.kms_keys.default.clone()),
            tags: self.settings.tags.clone().or_else(listed),
            alternate_path,
            file_type: None,
        })
    }
}
