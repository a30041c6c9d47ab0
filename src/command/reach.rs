//! What a catalog has requests say, and to whom: known before any is sent, so that a person can be asked.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::catalogs::{self, Loaded};
use super::note::Note;
use super::target::default_bucket;
use super::variables::names;
use crate::catalog::{Catalog, CatalogErrorKind, CatalogFile, PathTemplate};
use crate::environment::Environment;
use crate::error::Error;
use crate::excerpt::excerpt;
use crate::name::{ConfigPath, Context, Variable, is_credential_variable, is_variable_name};
use crate::option::{BUCKET, OptionError, OptionProblem};
use crate::ordered::Ordered as _;
use crate::request::{DEFAULT_VARIABLES, is_bucket_name, is_kms_key};
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
    /// What it leads to where nothing beside it names a context, with the defaults of what it leaves out.
    pub(crate) leads_to: LeadsTo,
    /// The same beside the context that an option gives: what nobody but the catalog names.
    pub(crate) beside_option: LeadsTo,
    /// Whether the catalog says nothing of where anything goes, and lists no file: as if there were none.
    pub(crate) is_empty: bool,
    /// The linked catalogs that are followed, in the workspace.
    pub(crate) linked: Vec<ConfigPath>,
    /// What is odd in all of them.
    pub(crate) notes: Vec<Note>,
}

/// What names a context beside the catalogs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NamedTarget<'a> {
    /// The option. It overrules the catalogs: linked ones are not followed then, and a bucket that is named after it is
    /// not theirs.
    pub(crate) context: Option<&'a Context>,
    /// What stands in for a context that a catalog leaves out.
    pub(crate) default_context: Option<&'a Context>,
    /// Whether an option names the bucket.
    pub(crate) has_bucket: bool,
}

/// Finds out what a catalog leads to; none where there is none.
///
/// Links are followed as far as they can be. A command that follows them fails where this ends.
///
/// # Errors
/// A catalog that cannot be read; a KMS key that cannot be one; a bucket that cannot be one, unless an option names the
/// bucket.
pub(crate) fn reach(
    catalog: &ConfigPath,
    named: NamedTarget<'_>,
    environment: &Environment,
    workspace: &Workspace,
) -> Result<Option<Reach>, Error> {
    let first = catalogs::load_at(catalog, workspace)?;
    if first.catalog.is_none() {
        return Ok(None);
    }
    let look_up = |name: &str| environment.get(name).cloned().map_or(Variable::NotSet, Variable::Value);
    let resolve = |path: &PathTemplate| path.resolve(look_up);
    let linked = catalogs::follow(&resolve, workspace, &first).unwrap_or_default();
    let followed = if named.context.is_some() { &[][..] } else { &linked };
    let all = |linked: &[Loaded], context| {
        let mut leads_to = LeadsTo::default();
        linked.iter().chain([&first]).for_each(|loaded| leads_to.add(loaded, NamedTarget { context, ..named }));
        leads_to.kms_keys = kms_keys(&first);
        leads_to
    };
    let (mut leads_to, beside_option) = (all(&linked, None), all(followed, named.context));
    if let Some(name) = beside_option.buckets.iter().find(|name| !named.has_bucket && !is_bucket_name(name)) {
        let in_catalog = |loaded: &Loaded| {
            let line = loaded.line_of_bucket(name)?;
            Some(loaded.error(CatalogErrorKind::Bucket { name: excerpt(name) }.at(line)))
        };
        let default = || OptionError::new(&BUCKET, OptionProblem::DefaultIsNoBucket(name.clone())).into();
        return Err([&first].into_iter().chain(followed).find_map(in_catalog).unwrap_or_else(default));
    }
    if let Some(name) = kms_keys(&first).iter().find(|name| !is_kms_key(name)) {
        let line = first.line_of(name, |file| file.kms_key.as_deref()).unwrap_or(1);
        return Err(first.error(CatalogErrorKind::KmsKey { name: excerpt(name) }.at(line)));
    }
    // No request can go there, and nobody is to be shown it.
    leads_to.buckets.retain(|name| is_bucket_name(name));
    let notes = followed.iter().chain([&first]).flat_map(Loaded::notes).collect();
    let linked = followed.iter().map(|loaded| loaded.path.clone()).collect();
    let says_nothing = |own: &Catalog| own.files.is_empty() && own.context.is_none() && own.bucket.is_none();
    let is_empty = first.catalog.as_ref().is_some_and(says_nothing) && beside_option.kms_keys.is_empty();
    Ok(Some(Reach { leads_to, beside_option, is_empty, linked, notes }))
}

/// The KMS keys that a catalog gives its files.
fn kms_keys(catalog: &Loaded) -> BTreeSet<String> {
    let own = catalog.catalog.as_ref();
    let of_files = own.iter().flat_map(|own| &own.files).filter(|file| !file.is_ref).map(|file| &file.kms_key);
    of_files.chain(own.map(|own| &own.kms_key)).flatten().cloned().ordered_set()
}

impl LeadsTo {
    /// Whether all of it is a part of another's.
    pub(crate) fn is_subset(&self, other: &Self) -> bool {
        self.without(other) == Self::default()
    }

    /// What of it is no part of another's.
    pub(crate) fn without(&self, other: &Self) -> Self {
        Self {
            contexts: &self.contexts - &other.contexts,
            buckets: &self.buckets - &other.buckets,
            kms_keys: &self.kms_keys - &other.kms_keys,
            variables: &self.variables - &other.variables,
        }
    }

    fn add(&mut self, loaded: &Loaded, named: NamedTarget<'_>) {
        let Some(catalog) = &loaded.catalog else { return };
        for file in &catalog.files {
            let templates = [Some(&file.path), file.alternate_path.as_ref()];
            let names = templates.into_iter().flatten().flat_map(|path| names(path.as_str()));
            let counts = |name: &&str| {
                is_variable_name(name) && !is_credential_variable(name) && !DEFAULT_VARIABLES.contains(name)
            };
            self.variables.extend(names.filter(counts).map(ToOwned::to_owned));
        }
        let stored: Vec<&CatalogFile> = catalog.files.iter().filter(|file| !file.is_ref).collect();
        self.buckets.extend(stored.iter().filter_map(|file| file.bucket.clone()));
        // What the catalog says of itself is meant for files that it does not have yet, too.
        self.buckets.extend(catalog.bucket.clone());
        let own = catalog.context.as_ref().or(named.default_context);
        let context = own.filter(|own| named.context.is_none_or(|option| option == *own));
        self.contexts.extend(context.map(ToString::to_string));
        if !stored.is_empty() && stored.iter().all(|file| file.bucket.is_some()) {
            return;
        }
        if let (None, None, Some(context)) = (&catalog.bucket, named.context, own) {
            let default = default_bucket(context, loaded);
            // What a folder's name alone does not make a bucket is needed by no catalog that only links to others.
            if catalog.context.is_some() || is_bucket_name(&default) {
                self.buckets.insert(default);
            }
        }
    }
}
