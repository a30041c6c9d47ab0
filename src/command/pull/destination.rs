//! Where a pulled file is restored. The workflow and the checkout say so. The manifest does not: it is written by whoever
//! may publish, and a file's place decides what a later step runs.

use std::collections::HashSet;

use crate::catalog::FileSelector;
use crate::command::catalogs::{Loaded, below, resolve, variable};
use crate::name::ConfigPath;
use crate::request::RunInfo;

/// Where a file is restored, and who named that place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// The place, in the workspace.
    pub path: ConfigPath,
    /// Whether a line of `files` is the file's path, and no pattern. Then the place is the file's own.
    pub is_named: bool,
    /// Whether `files` or a catalog of the checkout names the place, so that another file there may be replaced.
    pub may_replace: bool,
    /// The alternate path, relative to the catalog, that the manifest records or the catalog says and that does not
    /// count.
    pub passed_over: Option<ConfigPath>,
}

/// What the workflow and the checkout say of places.
pub(super) struct Places<'a> {
    selector: &'a FileSelector,
    named: HashSet<&'a str>,
    /// The paths and alternate paths of the checkout's catalogs, in the workspace.
    in_catalogs: HashSet<ConfigPath>,
}

/// A file that looks for its place.
pub(super) struct Placeless<'a> {
    /// Its path, relative to the first catalog: what lines of `files` are compared with.
    pub(super) shown: &'a ConfigPath,
    /// Its own place, in the workspace.
    pub(super) own: ConfigPath,
    /// The alternate path that the manifest records.
    pub(super) recorded: Option<&'a ConfigPath>,
    /// The alternate path that the catalog says, and that place, in the workspace.
    pub(super) in_catalog: Option<(ConfigPath, ConfigPath)>,
}

impl<'a> Places<'a> {
    pub(super) fn new(selector: &'a FileSelector, run: &RunInfo, catalogs: &[Loaded]) -> Self {
        let in_catalogs = catalogs.iter().flat_map(|catalog| places_of(run, catalog)).collect();
        Self { selector, named: selector.named().collect(), in_catalogs }
    }

    /// Whether a line of `files` is this path.
    pub(super) fn names(&self, shown: &ConfigPath) -> bool {
        self.named.contains(shown.as_str())
    }

    /// A file that is named one by one is restored at its own path, every other where the catalog says. What the manifest
    /// records decides nothing.
    pub(super) fn destination(&self, file: Placeless<'_>) -> Destination {
        let Placeless { shown, own, recorded, in_catalog } = file;
        let is_named = self.names(shown);
        let (alternate, place) = in_catalog.unzip();
        let counts = alternate.as_ref().filter(|_| !is_named);
        let passed_over = recorded.into_iter().chain(&alternate).find(|path| Some(*path) != counts).cloned();
        let path = place.filter(|_| !is_named);
        let is_own = path.is_none();
        let path = path.unwrap_or(own);
        let may_replace = is_own && self.selector.means(shown.as_str()) || self.in_catalogs.contains(&path);
        Destination { path, is_named, may_replace, passed_over }
    }
}

/// The places that a catalog names. A path that cannot be resolved, or that is kept in another store, names none.
fn places_of(run: &RunInfo, catalog: &Loaded) -> Vec<ConfigPath> {
    let files = catalog.catalog.iter().flat_map(|catalog| &catalog.files);
    files
        .filter(|file| !file.is_ref && file.supported_store().is_ok())
        .flat_map(|file| {
            let alternate = file.alternate_path.as_ref();
            let alternate = alternate.and_then(|path| path.resolve(|name| variable(run, name)).ok());
            [resolve(run, catalog, file).ok(), alternate]
        })
        .flatten()
        .filter_map(|path| below(&path, &catalog.folder).ok())
        .collect()
}
