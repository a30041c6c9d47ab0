//! What the Go cStore pushed has no manifest. A command that needs one says so, and not that there is nothing.

use super::catalogs::Loaded;
use super::variables::Variables;
use crate::error::{Error, WithoutManifest};
use crate::name::{ConfigPath, VersionName, VersionRequest};
use crate::s3::AwsBucket;
use crate::store::{self, Missing, Store};

/// The error for what was asked for and has no manifest, where the files of a catalog are in the Go cStore's layout, or
/// where the catalog names versions of the Go cStore and there are no others.
///
/// `reads_files`: whether the command has looked for the files themselves already.
pub(super) async fn explained(
    store: &Store<AwsBucket>,
    catalog: &Loaded,
    variables: Variables<'_>,
    asked: &VersionRequest,
    reads_files: bool,
    error: Error,
) -> Error {
    let Error::Store(found) = &error else { return error };
    let store::Error::Missing(missing) = &**found else { return error };
    let context = store.keys().context().clone();
    if catalog.catalog.as_ref().and_then(|catalog| catalog.context.as_ref()).is_some_and(|own| *own != context) {
        return error;
    }
    let has_others = match &**missing {
        Missing::Head { published, .. } | Missing::Version { published, .. } => {
            published.as_ref().is_none_or(|published| !published.is_empty())
        }
        Missing::Requirement { published, .. } => !published.is_empty(),
        _ => return error,
    };
    let version = match asked {
        VersionRequest::Head => Some(None),
        VersionRequest::Exact(version) => Some(Some(version)),
        VersionRequest::Matching(_) | VersionRequest::Channel(_) => None,
    };
    let without = |named| {
        Error::WithoutManifest(Box::new(WithoutManifest { context: context.clone(), asked: asked.clone(), named }))
    };
    if let Some(version) = version.filter(|_| !reads_files) {
        let files = catalog.catalog.iter().flat_map(|catalog| &catalog.files).filter(|file| !file.is_ref);
        let paths: Vec<ConfigPath> = files.filter_map(|file| variables.resolve(&file.path).ok()).collect();
        if !store.foreign_files(version, &paths).await.is_empty() {
            return without(Vec::new());
        }
    }
    let mut named = catalog.versions();
    named.retain(|name| version.flatten() != Some(name));
    if has_others || named.is_empty() { error } else { without(named) }
}

impl Loaded {
    /// The versions that it names, the newest first.
    pub(super) fn versions(&self) -> Vec<VersionName> {
        let files = self.catalog.iter().flat_map(|catalog| &catalog.files).filter(|file| !file.is_ref);
        let named = files.flat_map(|file| &file.versions).filter_map(|name| VersionName::new(name).ok());
        let named: Vec<_> = named.collect();
        let mut newest = VersionName::newest_first(&named);
        newest.dedup();
        newest.into_iter().cloned().collect()
    }
}
