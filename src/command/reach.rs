//! What a catalog has requests say, and to whom: known before any is sent, so that a person can be asked.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::catalogs::{self, Loaded};
use super::note::Note;
use super::target::default_bucket;
use super::variables::names;
use crate::catalog::{CatalogErrorKind, CatalogFile, PathTemplate};
use crate::environment::Environment;
use crate::error::Error;
use crate::excerpt::excerpt;
use crate::name::{ConfigPath, Context, Variable, is_credential_variable, is_variable_name};
use crate::option::{BUCKET, OptionError, OptionProblem};
use crate::request::{DEFAULT_VARIABLES, is_bucket_name};
use crate::workspace::Workspace;

/// What a catalog, and those that it links to, lead to: names, and no values.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LeadsTo {
    pub(crate) contexts: BTreeSet<String>,
    pub(crate) buckets: BTreeSet<String>,
    /// The KMS keys of what is pushed. Nothing is pushed to linked catalogs.
    pub(crate) kms_keys: BTreeSet<String>,
    /// The variables whose values become a part of objects' names, without those that everybody may know.
    pub(crate) variables: BTreeSet<String>,
}

/// What is known of a catalog before any request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Reach {
    pub(crate) leads_to: LeadsTo,
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
/// A catalog that cannot be read; a bucket that cannot be one, unless an option names the bucket.
pub(crate) fn reach(
    catalog: &ConfigPath,
    context: Option<&Context>,
    is_bucket_named: bool,
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
    if let Some(name) = reach.leads_to.buckets.iter().find(|name| !is_bucket_named && !is_bucket_name(name)) {
        let in_catalog = |loaded: &Loaded| {
            let line = loaded.line_of_bucket(name)?;
            Some(loaded.error(CatalogErrorKind::Bucket { name: excerpt(name) }.at(line)))
        };
        let default = || OptionError::new(&BUCKET, OptionProblem::DefaultIsNoBucket(name.clone())).into();
        return Err([&first].into_iter().chain(&linked).find_map(in_catalog).unwrap_or_else(default));
    }
    let own = first.catalog.as_ref();
    let keys_of_files = own.iter().flat_map(|own| &own.files).filter(|file| !file.is_ref).map(|file| &file.kms_key);
    let kms_keys = keys_of_files.chain(own.map(|own| &own.kms_key)).flatten();
    reach.leads_to.kms_keys.extend(kms_keys.cloned());
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
            self.leads_to.variables.extend(named.filter(counts).map(ToOwned::to_owned));
        }
        let stored: Vec<&CatalogFile> = catalog.files.iter().filter(|file| !file.is_ref).collect();
        self.leads_to.buckets.extend(stored.iter().filter_map(|file| file.bucket.clone()));
        // What the catalog says of itself is meant for files that it does not have yet, too.
        self.leads_to.buckets.extend(catalog.bucket.clone());
        let own = catalog.context.iter().filter(|own| option.is_none_or(|option| option == *own));
        self.leads_to.contexts.extend(own.map(ToString::to_string));
        if !stored.is_empty() && stored.iter().all(|file| file.bucket.is_some()) {
            return;
        }
        if let (None, None, Some(context)) = (&catalog.bucket, option, &catalog.context) {
            self.leads_to.buckets.insert(default_bucket(context, loaded));
        }
    }
}
