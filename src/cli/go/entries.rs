//! What a push says of its files' entries in the catalog, as the Go tool has it.

use super::GoError;
use crate::catalog::{Catalog, FileSelector};
use crate::cli::failure::Failure;
use crate::cli::session::Session;
use crate::excerpt::excerpt;
use crate::name::ConfigPath;
use crate::option::{DELETE_LOCAL, FILES, OptionError, RawOptions, TAGS};
use crate::request::{EntrySettings, is_kms_key};
use crate::store::MAX_FILE_BYTES;

/// A variable by the name of what the Go tool keeps in the catalog.
const KMS_KEY_VARIABLE: &str = "AWS_STORE_KMS_KEY_ID";

impl Session {
    /// The KMS key of the variable that the Go tool took for an answer. It counts where neither an option nor the
    /// catalog names one.
    pub(in crate::cli) fn kms_key_of_go(&self) -> Option<String> {
        self.environment.text(KMS_KEY_VARIABLE).filter(|key| is_kms_key(key))
    }

    /// Takes what the options say of entries out of them. Tags that were typed beside files that are named by their
    /// paths are these files' tags from now on; any others choose among files.
    ///
    /// # Errors
    /// An alternate path for another number of files than one; a malformed option.
    pub(in crate::cli) fn entry_settings(&self, raw: &mut RawOptions) -> Result<EntrySettings, Failure> {
        let selector = FileSelector::new(raw.text(&FILES).unwrap_or_default())
            .map_err(|error| OptionError::unusable(&FILES, error))?;
        let named = selector.exact_paths().filter(|paths| !paths.is_empty());
        self.refuse_catalogs(named.iter().flatten())?;
        let sets_tags = named.is_some() && raw.variable(&TAGS).is_none();
        let typed = raw.text(&TAGS).or_else(|| self.invocation.typed(&TAGS).next());
        let tags = typed.filter(|_| sets_tags).map(tags_of).transpose()?;
        if tags.is_some() {
            raw.clear(&TAGS);
        }
        let alternate_path = self.alternate_path()?;
        let number = named.map_or(0, |paths| paths.len());
        if alternate_path.is_some() && number != 1 {
            return Err(GoError::OneFile { number }.into());
        }
        let delete_after_push = self.invocation.go.delete;
        let deletes =
            if raw.text(&DELETE_LOCAL).is_some() { Some(raw.flag(&DELETE_LOCAL)?) } else { delete_after_push };
        let lists_versions = self.invocation.go.names_store;
        Ok(EntrySettings { alternate_path, tags, delete_after_push, deletes, lists_versions })
    }

    /// Refuses catalogs among the files: the Go tool linked them, and as config files they would be stored.
    fn refuse_catalogs<'a>(&self, mut paths: impl Iterator<Item = &'a ConfigPath>) -> Result<(), Failure> {
        let workspace = self.workspace()?;
        let is_catalog = |path: &&ConfigPath| {
            let is_yaml = [".yml", ".yaml"].iter().any(|end| path.as_str().ends_with(end));
            let content = if is_yaml { workspace.read(path, MAX_FILE_BYTES).ok() } else { None };
            let catalog = content.and_then(|content| Catalog::read(content.expose()).ok());
            catalog.is_some_and(|catalog| catalog.version.is_some() && catalog.context.is_some())
        };
        match paths.find(is_catalog) {
            Some(path) => Err(GoError::IsCatalog { path: path.to_string() }.into()),
            None => Ok(()),
        }
    }

    /// The path of `-a`, relative to the catalog's folder.
    ///
    /// # Errors
    /// A path that leads out of the folder, or that cannot be one.
    pub(in crate::cli) fn alternate_path(&self) -> Result<Option<ConfigPath>, Failure> {
        let Some(typed) = &self.invocation.go.alternate_path else { return Ok(None) };
        let path = self.place.file(typed)?;
        let path = ConfigPath::new(path.strip_prefix("./").unwrap_or(&path));
        Ok(Some(path.map_err(|error| GoError::AlternatePath { rule: error.to_string() })?))
    }
}

/// That a tag is probably several.
#[derive(Debug, thiserror::Error)]
#[error("the tag {0:?} has a comma or a blank, and `&` parts tags")]
struct SeveralTags(String);

/// The tags of a list. Both of the Go tool's separators part them.
fn tags_of(text: &str) -> Result<Vec<String>, OptionError> {
    let tags = text.split(['&', '|']).map(str::trim).filter(|tag| !tag.is_empty());
    let tag = |tag: &str| match tag.contains([',', ' ', '\t']) {
        true => Err(OptionError::unusable(&TAGS, SeveralTags(excerpt(tag)))),
        false => Ok(tag.to_owned()),
    };
    tags.map(tag).collect()
}
