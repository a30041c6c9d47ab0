//! Reading the catalog, and the ones it links to.

use crate::catalog::{Catalog, CatalogFile};
use crate::error::Error;
use crate::name::ConfigPath;
use crate::request::{RunInfo, Target};
use crate::workspace::{Workspace, WorkspaceError};

/// The largest catalog, in bytes.
const MAX_BYTES: u64 = 1024 * 1024;
/// How many levels of links between catalogs are followed.
const MAX_DEPTH: usize = 8;

/// A catalog that was read, or where it would be if there is none.
pub(super) struct Loaded {
    /// What it says; none where there is no file.
    pub(super) catalog: Option<Catalog>,
    /// Its text, for an edit.
    pub(super) text: Option<Vec<u8>>,
    /// Where it is, in the workspace.
    pub(super) path: ConfigPath,
    /// The folder that its paths are relative to, in the workspace.
    pub(super) folder: String,
    /// The same, relative to the first catalog's folder.
    pub(super) prefix: String,
}

/// Reads the catalog that the option `catalog` names.
pub(super) fn load(target: &Target, workspace: &Workspace) -> Result<Loaded, Error> {
    read(workspace, target.catalog.clone(), String::new(), false)
}

/// Reads the catalogs that a catalog links to, and those that they link to.
pub(super) fn load_linked(run: &RunInfo, workspace: &Workspace, first: &Loaded) -> Result<Vec<Loaded>, Error> {
    let mut found = Vec::new();
    linked(run, workspace, first, 1, &mut found)?;
    Ok(found)
}

fn linked(
    run: &RunInfo,
    workspace: &Workspace,
    parent: &Loaded,
    depth: usize,
    found: &mut Vec<Loaded>,
) -> Result<(), Error> {
    for link in parent.catalog.iter().flat_map(Catalog::links) {
        let path = resolve(run, parent, link)?;
        let in_workspace = below(&path, &parent.folder)?;
        if depth > MAX_DEPTH {
            return Err(Error::LinkedTooDeep { path: in_workspace });
        }
        let prefix = path.folders().collect::<Vec<_>>().join("/");
        let prefix = if parent.prefix.is_empty() { prefix } else { format!("{}/{prefix}", parent.prefix) };
        let child = read(workspace, in_workspace, prefix, true)?;
        linked(run, workspace, &child, depth + 1, found)?;
        found.push(child);
    }
    Ok(())
}

/// The path of a catalog's entry, its variables replaced from the run's environment.
pub(super) fn resolve(run: &RunInfo, catalog: &Loaded, entry: &CatalogFile) -> Result<ConfigPath, Error> {
    entry.path.resolve(|name| variable(run, name)).map_err(|error| catalog.error(error))
}

/// A variable for `${NAME}` in a catalog's paths.
pub(super) fn variable(run: &RunInfo, name: &str) -> Option<String> {
    run.variable(name).map(crate::secret::Secret::into_exposed)
}

/// A path below a folder of the workspace.
pub(super) fn below(path: &ConfigPath, folder: &str) -> Result<ConfigPath, Error> {
    path.below(folder).map_err(|error| Error::Store(Box::new(error.into())))
}

fn read(workspace: &Workspace, path: ConfigPath, prefix: String, must_exist: bool) -> Result<Loaded, Error> {
    let folder = path.folders().collect::<Vec<_>>().join("/");
    let text = match workspace.read(&path, MAX_BYTES) {
        Ok(text) => Some(text.into_exposed()),
        Err(WorkspaceError::NotFound { .. }) if !must_exist => None,
        Err(error) => return Err(error.into()),
    };
    let catalog =
        text.as_deref().map(Catalog::read).transpose().map_err(|error| Error::Catalog { path: path.clone(), error })?;
    Ok(Loaded { catalog, text, path, folder, prefix })
}

impl Loaded {
    pub(super) fn error(&self, error: crate::catalog::CatalogError) -> Error {
        Error::Catalog { path: self.path.clone(), error }
    }
}
