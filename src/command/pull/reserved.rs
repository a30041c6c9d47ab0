//! Files of the workspace that the run's inputs or the job's environment name as settings: whoever writes them decides
//! how later steps sign in, whom they trust or what they run.

use std::path::{Component, Path, PathBuf};

use super::settings_variable::settings;
use crate::catalog::Catalog;
use crate::command::catalogs::{Loaded, below};
use crate::command::variables::Variables;
use crate::environment::Environment;
use crate::name::{ConfigPath, fold};
use crate::option::{OptionSpec, SCHEMA, TEMPLATE};
use crate::request::{PullRequest, RunInfo};
use crate::workspace::Workspace;

/// How many links of a path are followed: as many as Linux follows (path_resolution(7)).
const MOST_LINKS: usize = 40;

/// What is not to be written without being named one by one, beside the names that tools know.
#[derive(Debug, Default)]
pub(super) struct Reserved {
    paths: Vec<ReservedPath>,
}

/// A file, or all that is in a folder.
#[derive(Debug)]
struct ReservedPath {
    /// Relative to the workspace, folded.
    path: String,
    is_folder: bool,
    /// What names it, as a clause.
    why: String,
}

impl Reserved {
    pub(super) fn new(
        request: &PullRequest,
        run: &RunInfo,
        variables: Variables<'_>,
        workspace: &Workspace,
        catalogs: &[Loaded],
    ) -> Self {
        let checks = &request.target.checks;
        let by_option = |option: &OptionSpec| format!("the input `{}` names it", option.name);
        let options = [(&checks.template, &TEMPLATE), (&checks.schema, &SCHEMA)];
        let options = options.into_iter().filter_map(|(path, option)| Some((path.clone()?, by_option(option))));
        let linked = catalogs.iter().flat_map(|catalog| links_of(variables, catalog));
        let catalogs = catalogs.iter().map(|catalog| catalog.path.clone()).chain(linked);
        let catalogs = catalogs.map(|path| (path, "it is a catalog of the checkout".to_owned()));
        let mut reserved: Vec<_> =
            options.chain(catalogs).map(|(path, why)| ReservedPath::new(path.as_str(), false, why)).collect();
        reserved.extend(named_by_environment(&run.environment, workspace));
        Self { paths: reserved }
    }

    /// The same of a folder in which there are no files of the run's own.
    pub(super) fn in_folder(environment: &Environment, folder: &Workspace) -> Self {
        Self { paths: named_by_environment(environment, folder).collect() }
    }

    /// Why a path is not to be written, as a clause; none for every other.
    pub(super) fn reason(&self, path: &ConfigPath) -> Option<&str> {
        let path = fold(path.as_str());
        let is_it = |reserved: &&ReservedPath| match path.strip_prefix(&reserved.path) {
            Some(rest) => {
                if reserved.is_folder {
                    rest.starts_with('/')
                } else {
                    rest.is_empty()
                }
            }
            None => false,
        };
        self.paths.iter().find(is_it).map(|reserved| reserved.why.as_str())
    }
}

impl ReservedPath {
    fn new(path: &str, is_folder: bool, why: String) -> Self {
        Self { path: fold(path), is_folder, why }
    }
}

/// What variables name as settings.
fn named_by_environment(environment: &Environment, folder: &Workspace) -> impl Iterator<Item = ReservedPath> {
    let roots = Roots::new(environment, folder);
    let mut reserved = Vec::new();
    for named in settings(environment) {
        let variable = named.variable;
        for path in roots.inside(&named.path).into_iter().flatten().flatten() {
            reserved.push(ReservedPath::new(&path, false, format!("the variable {variable} names it")));
            if named.is_folder {
                reserved.push(ReservedPath::new(&path, true, format!("the variable {variable} names its folder")));
            }
        }
    }
    reserved.into_iter()
}

/// The catalogs that a catalog links to, whether they are read or not.
fn links_of(variables: Variables<'_>, catalog: &Loaded) -> Vec<ConfigPath> {
    let links = catalog.catalog.iter().flat_map(Catalog::links);
    links.filter_map(|link| below(&variables.resolve(&link.path).ok()?, &catalog.folder).ok()).collect()
}

/// The names that the workspace has: this process's, and those that other steps of the job know it by.
struct Roots {
    own: PathBuf,
    all: Vec<PathBuf>,
    home: Option<PathBuf>,
}

impl Roots {
    fn new(environment: &Environment, workspace: &Workspace) -> Self {
        let repository = environment.text("GITHUB_REPOSITORY").unwrap_or_default();
        let name = repository.rsplit('/').next().unwrap_or_default();
        let own = workspace.location().to_owned();
        let mut all = vec![own.clone(), PathBuf::from("/github/workspace")];
        all.extend(environment.text("GITHUB_WORKSPACE").map(PathBuf::from));
        if !name.is_empty() {
            // The runner's own name of it, and the one in a job's container
            // (https://github.com/actions/runner/blob/main/src/Runner.Worker/ContainerOperationProvider.cs).
            all.extend(environment.text("RUNNER_WORKSPACE").map(|folder| Path::new(&folder).join(name)));
            all.push(Path::new("/__w").join(name).join(name));
        }
        all.extend(std::fs::canonicalize(&own));
        Self { own, all, home: environment.text("HOME").map(PathBuf::from) }
    }

    /// The paths in the workspace that a path leads to: as it is written, and with the links on its way followed. None
    /// for one that is not UTF-8, that leads elsewhere, or that is the workspace itself.
    fn inside(&self, path: &Path) -> Option<[Option<String>; 2]> {
        if path.as_os_str().is_empty() {
            return None;
        }
        // The AWS SDK knows `~`.
        let path = match (path.strip_prefix("~"), &self.home) {
            (Ok(rest), Some(home)) => home.join(rest),
            _ => path.to_owned(),
        };
        let absolute = normal(&self.own.join(path));
        Some([self.below(&absolute), self.below(&resolved(&absolute))])
    }

    fn below(&self, path: &Path) -> Option<String> {
        let inside = self.all.iter().find_map(|root| path.strip_prefix(normal(root)).ok())?;
        let segments: Option<Vec<_>> = inside.components().map(|part| part.as_os_str().to_str()).collect();
        segments.filter(|segments| !segments.is_empty()).map(|segments| segments.join("/"))
    }
}

/// A path without `.` and `..`, whatever there is on the disk.
fn normal(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut normal, part| {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(normal.pop()),
            part => normal.push(part),
        }
        normal
    })
}

/// A path without links, also where a link leads to what is not there yet.
fn resolved(path: &Path) -> PathBuf {
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        let link = path.ancestors().filter_map(|link| Some((link, std::fs::read_link(link).ok()?))).last();
        let Some((link, target)) = link else { break };
        let rest = path.strip_prefix(link).unwrap_or_else(|_| Path::new(""));
        path = normal(&link.parent().unwrap_or(link).join(target).join(rest));
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    #[test]
    fn a_variable_may_name_a_file_in_many_ways() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("aws")).unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("aws", folder.path().join("link")).unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("later", folder.path().join("dangling")).unwrap();
        let variables = [
            ("GITHUB_REPOSITORY", "acme/shop"),
            ("RUNNER_WORKSPACE", "/home/runner/work/shop"),
            ("HOME", folder.path().to_str().unwrap()),
        ];
        let environment =
            variables.into_iter().map(|(name, value)| (name.to_owned(), Secret::from(value))).collect::<Environment>();
        let workspace = Workspace::open(folder.path()).unwrap();
        let roots = Roots::new(&environment, &workspace);
        let mut paths: Vec<_> = [
            "aws/config",
            "./aws/x/../config",
            "~/aws/config",
            "/github/workspace/aws/config",
            "/home/runner/work/shop/shop/aws/config",
            "/__w/shop/shop/aws/config",
        ]
        .map(PathBuf::from)
        .into();
        paths.push(folder.path().join("aws/config"));
        #[cfg(unix)]
        paths.push(PathBuf::from("link/config"));
        for path in paths {
            let places = roots.inside(&path).unwrap();
            assert!(places.iter().flatten().any(|place| place == "aws/config"), "{path:?}: {places:?}");
        }
        #[cfg(unix)]
        assert_eq!(
            roots.inside(Path::new("dangling/x")),
            Some(["dangling/x", "later/x"].map(|place| Some(place.to_owned())))
        );
        for path in ["/etc/aws/config", "../config", "/home/runner/work/shop/other/config", "."] {
            assert_eq!(roots.inside(Path::new(path)), Some([None, None]), "{path}");
        }
    }
}
