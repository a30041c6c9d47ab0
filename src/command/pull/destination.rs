//! Where a pulled file is restored. The workflow and the checkout decide that. The manifest does not: whoever may
//! publish writes it, and a file's path decides which later step runs or reads the file.

use std::collections::HashSet;

use crate::catalog::FileSelector;
use crate::command::catalogs::{Loaded, below};
use crate::command::variables::Variables;
use crate::name::ConfigPath;

/// Where a file is restored, and who named that path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// The path, relative to the workspace.
    pub path: ConfigPath,
    /// Whether a line of `files` is the file's path, and no pattern. Such a file is restored at its own path.
    pub is_named: bool,
    /// Whether `files` or a catalog of the checkout names this path, so that a file with other content may be replaced.
    pub may_replace: bool,
    /// The alternate path, relative to the catalog, that the manifest records or the catalog says and that does not
    /// count.
    pub passed_over: Option<ConfigPath>,
}

/// What the workflow and the checkout say about where files are restored.
pub(super) struct Destinations<'a> {
    selector: &'a FileSelector,
    named: HashSet<&'a str>,
    /// The paths and alternate paths in the checkout's catalogs, relative to the workspace.
    in_catalogs: HashSet<ConfigPath>,
}

/// A file whose destination is asked for.
pub(super) struct ToRestore<'a> {
    /// Its path, relative to the first catalog: what lines of `files` are compared with.
    pub(super) shown: &'a ConfigPath,
    /// The same, relative to the workspace.
    pub(super) own: ConfigPath,
    /// The alternate path that the manifest records.
    pub(super) recorded: Option<&'a ConfigPath>,
    /// The alternate path in the catalog, as it is written there, and relative to the workspace.
    pub(super) in_catalog: Option<(ConfigPath, ConfigPath)>,
}

impl<'a> Destinations<'a> {
    pub(super) fn new(selector: &'a FileSelector, variables: Variables<'_>, catalogs: &[Loaded]) -> Self {
        let in_catalogs = catalogs.iter().flat_map(|catalog| paths_of(variables, catalog)).collect();
        Self { selector, named: selector.named().collect(), in_catalogs }
    }

    /// Whether a line of `files` is this path.
    pub(super) fn names(&self, shown: &ConfigPath) -> bool {
        self.named.contains(shown.as_str())
    }

    /// A file that is named one by one is restored at its own path, every other at the alternate path in the catalog,
    /// if there is one. What the manifest records decides nothing.
    pub(super) fn destination(&self, file: ToRestore<'_>) -> Destination {
        let ToRestore { shown, own, recorded, in_catalog } = file;
        let is_named = self.names(shown);
        let (alternate, alternate_in_workspace) = in_catalog.unzip();
        let counts = alternate.as_ref().filter(|_| !is_named);
        let passed_over = recorded.into_iter().chain(&alternate).find(|path| Some(*path) != counts).cloned();
        let path = alternate_in_workspace.filter(|_| !is_named);
        let is_own = path.is_none();
        let path = path.unwrap_or(own);
        let may_replace = is_own && self.selector.means(shown.as_str()) || self.in_catalogs.contains(&path);
        Destination { path, is_named, may_replace, passed_over }
    }
}

/// The paths and alternate paths in a catalog. Entries that cannot be resolved, or that are kept in another store, have
/// none.
fn paths_of(variables: Variables<'_>, catalog: &Loaded) -> Vec<ConfigPath> {
    let files = catalog.catalog.iter().flat_map(|catalog| &catalog.files);
    files
        .filter(|file| !file.is_ref && file.supported_store().is_ok())
        .flat_map(|file| {
            let alternate = file.alternate_path.as_ref();
            let alternate = alternate.and_then(|path| variables.resolve(path).ok());
            [variables.resolve(&file.path).ok(), alternate]
        })
        .flatten()
        .filter_map(|path| below(&path, &catalog.folder).ok())
        .collect()
}
