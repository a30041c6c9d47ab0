//! Reading the catalog, and the ones it links to.

use super::note::Note;
use super::variables::Variables;
use crate::catalog::{
    Catalog, CatalogError, CatalogErrorKind, CatalogFile, CatalogOddity, LARGEST_CATALOG, PathTemplate,
};
use crate::environment::Environment;
use crate::error::Error;
use crate::name::{ChannelName, ConfigPath, Context, Variable};
use crate::request::Target;
use crate::workspace::{Workspace, WorkspaceError};

/// How many linked catalogs are read: twelve links in each of seven levels would be millions.
const MAX_LINKED: usize = 200;
/// How many bytes the texts of all linked catalogs have together, those of aliases counted each time.
const MAX_LINKED_BYTES: usize = 32 * 1024 * 1024;
/// How many levels of links between catalogs are followed.
const MAX_DEPTH: usize = 8;

/// A catalog that was read, or where it would be if there is none.
pub(super) struct Loaded {
    /// What it says; none where there is no file.
    pub(super) catalog: Option<Catalog>,
    /// Its text, for an edit.
    pub(super) text: Option<Vec<u8>>,
    /// What is odd in it.
    oddities: Vec<CatalogOddity>,
    /// The bytes of its text, and of all texts in it, those of aliases counted each time.
    bytes: usize,
    /// Where it is, in the workspace.
    pub(super) path: ConfigPath,
    /// The folder that its paths are relative to, in the workspace.
    pub(super) folder: String,
    /// The same, relative to the first catalog's folder.
    pub(super) prefix: String,
}

/// Reads the catalog that the option `catalog` names.
pub(super) fn load(target: &Target, workspace: &Workspace) -> Result<Loaded, Error> {
    load_at(&target.catalog, workspace)
}

/// Reads the catalog at a path.
pub(super) fn load_at(path: &ConfigPath, workspace: &Workspace) -> Result<Loaded, Error> {
    read(workspace, path.clone(), String::new())
}

/// What is odd in the catalog at a path, which can be read all the same. Of one that cannot be read, or is not there,
/// nothing is said here.
pub(crate) fn catalog_notes(path: &ConfigPath, workspace: &Workspace) -> Vec<Note> {
    load_at(path, workspace).map(|catalog| catalog.notes().collect()).unwrap_or_default()
}

/// The channel that the catalog at a path names, if there is one, and it does.
///
/// # Errors
/// A catalog that cannot be read.
pub fn catalog_channel(path: &ConfigPath, workspace: &Workspace) -> Result<Option<ChannelName>, Error> {
    Ok(load_at(path, workspace)?.catalog.and_then(|catalog| catalog.channel))
}

/// The catalogs that the one at a path links to, by their paths in the workspace, with the contexts that they name. None
/// where one of them cannot be read.
pub(crate) fn linked_contexts(
    path: &ConfigPath,
    environment: &Environment,
    workspace: &Workspace,
) -> Vec<(ConfigPath, Context)> {
    let Ok(first) = load_at(path, workspace) else { return Vec::new() };
    let look_up = |name: &str| environment.get(name).cloned().map_or(Variable::NotSet, Variable::Value);
    let linked = follow(&|path| path.resolve(look_up), workspace, &first).unwrap_or_default();
    linked.into_iter().filter_map(|loaded| Some((loaded.path, loaded.catalog?.context?))).collect()
}

/// Reads the catalogs that a catalog links to, and those that they link to.
pub(super) fn load_linked(
    variables: Variables<'_>,
    workspace: &Workspace,
    first: &Loaded,
) -> Result<Vec<Loaded>, Error> {
    follow(&|path| variables.resolve(path), workspace, first)
}

/// The same, with paths that are resolved in another way.
pub(super) fn follow(resolve: Resolve<'_>, workspace: &Workspace, first: &Loaded) -> Result<Vec<Loaded>, Error> {
    let mut linked = Linked { resolve, workspace, found: Vec::new(), bytes: 0 };
    linked.follow(first, 1)?;
    Ok(linked.found)
}

/// How the variables of a path are replaced.
type Resolve<'a> = &'a dyn Fn(&PathTemplate) -> Result<ConfigPath, CatalogError>;

/// The catalogs that are linked, as far as they have been read.
struct Linked<'a> {
    resolve: Resolve<'a>,
    workspace: &'a Workspace,
    found: Vec<Loaded>,
    bytes: usize,
}

impl Linked<'_> {
    fn follow(&mut self, parent: &Loaded, depth: usize) -> Result<(), Error> {
        for link in parent.catalog.iter().flat_map(Catalog::links) {
            let path = (self.resolve)(&link.path).map_err(|error| parent.error(error))?;
            let in_workspace = below(&path, &parent.folder)?;
            if depth > MAX_DEPTH {
                return Err(Error::LinkedTooDeep { path: in_workspace });
            }
            if self.found.len() == MAX_LINKED || self.bytes > MAX_LINKED_BYTES {
                return Err(Error::LinkedTooMany {
                    path: in_workspace,
                    most: MAX_LINKED,
                    most_bytes: MAX_LINKED_BYTES,
                });
            }
            let prefix = path.folders().collect::<Vec<_>>().join("/");
            let prefix = if parent.prefix.is_empty() { prefix } else { format!("{}/{prefix}", parent.prefix) };
            let child = read(self.workspace, in_workspace, prefix)?;
            if child.catalog.is_none() {
                return Err(parent.error(CatalogErrorKind::NoLinkedCatalog { path: path.to_string() }.at(link.line)));
            }
            self.bytes += child.bytes;
            self.follow(&child, depth + 1)?;
            self.found.push(child);
        }
        Ok(())
    }
}

/// A path of this catalog, its variables replaced.
pub(super) fn resolve(variables: Variables<'_>, catalog: &Loaded, path: &PathTemplate) -> Result<ConfigPath, Error> {
    variables.resolve(path).map_err(|error| catalog.error(error))
}

/// A path below a folder of the workspace.
pub(super) fn below(path: &ConfigPath, folder: &str) -> Result<ConfigPath, Error> {
    path.below(folder).map_err(|error| Error::Store(Box::new(error.into())))
}

/// The text of the catalog at a path; none where there is none.
pub(super) fn text(path: &ConfigPath, workspace: &Workspace) -> Result<Option<Vec<u8>>, WorkspaceError> {
    match workspace.read(path, LARGEST_CATALOG) {
        Ok(text) => Ok(Some(text.into_exposed())),
        Err(WorkspaceError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error.of_needed()),
    }
}

fn read(workspace: &Workspace, path: ConfigPath, prefix: String) -> Result<Loaded, Error> {
    let folder = path.folders().collect::<Vec<_>>().join("/");
    let text = text(&path, workspace)?;
    let read = text.as_deref().map(Catalog::read_counting).transpose();
    let (catalog, bytes, oddities) = match read.map_err(|error| Error::Catalog { path: path.clone(), error })? {
        Some((catalog, bytes, oddities)) => (Some(catalog), bytes, oddities),
        None => (None, 0, Vec::new()),
    };
    let bytes = bytes + text.as_ref().map_or(0, Vec::len);
    Ok(Loaded { catalog, text, oddities, bytes, path, folder, prefix })
}

impl Loaded {
    /// Whether it only links to others, and has nothing of its own to pull.
    pub(super) fn only_links(&self) -> bool {
        let links = |catalog: &Catalog| !catalog.files.is_empty() && catalog.files.iter().all(|file| file.is_ref);
        self.catalog.as_ref().is_some_and(links)
    }

    /// The notes on what is odd in it.
    pub(super) fn notes(&self) -> impl Iterator<Item = Note> {
        self.oddities.iter().map(|CatalogOddity { line, kind }| Note::OddCatalog {
            path: self.path.clone(),
            line: *line,
            what: kind.to_string(),
        })
    }

    /// The line that names a bucket, from 1; none where the catalog does not name it.
    pub(super) fn line_of_bucket(&self, name: &str) -> Option<usize> {
        let own = self.catalog.as_ref()?.bucket.as_deref();
        self.line_of(name, |file| file.bucket.as_deref())
            .or_else(|| self.line_from(1, name).filter(|_| own == Some(name)))
    }

    /// The line on which an entry gives a name, from 1; none where no entry does.
    pub(super) fn line_of(&self, name: &str, of_file: impl Fn(&CatalogFile) -> Option<&str>) -> Option<usize> {
        let entry = self.catalog.as_ref()?.files.iter().find(|file| of_file(file) == Some(name))?;
        self.line_from(entry.line, name)
    }

    fn line_from(&self, start: usize, name: &str) -> Option<usize> {
        // Where the name is written in another way, it is the line that its entry begins on.
        let text = String::from_utf8_lossy(self.text.as_deref()?);
        let written = text.lines().enumerate().skip(start - 1).find(|(_, line)| line.contains(name));
        Some(written.map_or(start, |(index, _)| index + 1))
    }

    pub(super) fn error(&self, error: CatalogError) -> Error {
        Error::Catalog { path: self.path.clone(), error }
    }
}
