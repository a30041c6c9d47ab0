//! What a catalog has requests say, and to whom: known before any is sent, so that a person can be asked.

use std::collections::BTreeSet;

use super::catalogs::{self, Loaded};
use super::note::Note;
use super::target::default_bucket;
use super::variables::names;
use crate::catalog::{CatalogFile, PathTemplate};
use crate::environment::Environment;
use crate::error::Error;
use crate::name::{ConfigPath, Context, Variable, is_credential_variable, is_variable_name};
use crate::request::DEFAULT_VARIABLES;
use crate::workspace::Workspace;

/// The buckets that a catalog, and those that it links to, lead to, and the variables whose values they put into keys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Reach {
    pub(crate) buckets: BTreeSet<String>,
    /// Without those that everybody may know.
    pub(crate) variables: BTreeSet<String>,
    /// The linked catalogs, in the workspace.
    pub(crate) linked: Vec<ConfigPath>,
    /// What is odd in all of them.
    pub(crate) notes: Vec<Note>,
}

/// Finds out what a catalog leads to; none where there is none. A context that an option gives overrules the catalogs:
/// linked ones are not followed then, and a bucket that is named after it is not theirs. Nor is one that is named after the
/// folder, where nothing gives a context.
///
/// Links are followed as far as they can be. A command that follows them fails where this ends.
///
/// # Errors
/// A catalog that cannot be read.
pub(crate) fn reach(
    catalog: &ConfigPath,
    context: Option<&Context>,
    environment: &Environment,
    workspace: &Workspace,
) -> Result<Option<Reach>, Error> {
    let first = catalogs::load_at(catalog, workspace)?;
    if first.catalog.is_none() {
        return Ok(None);
    }
    let look_up = |name: &str| environment.get(name).cloned().map_or(Variable::NotSet, Variable::Value);
    let resolve = |path: &PathTemplate| path.resolve(look_up);
    let linked = if context.is_some() { Ok(Vec::new()) } else { catalogs::follow(&resolve, workspace, &first) };
    let linked = linked.unwrap_or_default();
    let mut reach = Reach { linked: linked.iter().map(|loaded| loaded.path.clone()).collect(), ..Reach::default() };
    for loaded in linked.iter().chain([&first]) {
        reach.add(loaded, context);
    }
    Ok(Some(reach))
}

impl Reach {
    fn add(&mut self, loaded: &Loaded, option: Option<&Context>) {
        self.notes.extend(loaded.notes());
        let Some(catalog) = &loaded.catalog else { return };
        for file in &catalog.files {
            let templates = [Some(&file.path), file.alternate_path.as_ref()];
            let named = templates.into_iter().flatten().flat_map(|path| names(path.as_str()));
            let counts = |name: &&str| {
                is_variable_name(name) && !is_credential_variable(name) && !DEFAULT_VARIABLES.contains(name)
            };
            self.variables.extend(named.filter(counts).map(ToOwned::to_owned));
        }
        let stored: Vec<&CatalogFile> = catalog.files.iter().filter(|file| !file.is_ref).collect();
        self.buckets.extend(stored.iter().filter_map(|file| file.bucket.clone()));
        // What the catalog says of itself is meant for files that it does not have yet, too.
        self.buckets.extend(catalog.bucket.clone());
        if !stored.is_empty() && stored.iter().all(|file| file.bucket.is_some()) {
            return;
        }
        if let (None, None, Some(context)) = (&catalog.bucket, option, &catalog.context) {
            self.buckets.insert(default_bucket(context, loaded));
        }
    }
}
