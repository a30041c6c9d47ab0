//! Finds the context and the bucket that a command works on.

use super::Location;
use super::catalogs::Loaded;
use crate::catalog::{CatalogErrorKind, SelectedFile};
use crate::error::Error;
use crate::excerpt::excerpt;
use crate::name::{Context, VersionName, context_in_bucket};
use crate::option::{BUCKET, CONTEXT, OptionError, OptionProblem};
use crate::ordered::Ordered as _;
use crate::request::{RunInfo, Target, is_bucket_name};
use crate::s3::{AwsBucket, Session};
use crate::store::{Keys, Store};

/// The context: the option, else the catalog's, else the default.
///
/// # Errors
/// What can be no context. Only a catalog's own may be one that the Go cStore alone would have taken, and one that was
/// typed with its bucket may have several segments: `clob/dev` lies within the keys of `clob`.
pub(super) fn context(target: &Target, run: &RunInfo, catalog: &Loaded) -> Result<Context, Error> {
    let of_catalog = catalog.catalog.as_ref().and_then(|catalog| catalog.context.as_ref());
    if let Some(context) = &target.context {
        if of_catalog != Some(context) {
            let read = if target.is_place_typed { context_in_bucket } else { Context::new };
            read(context.as_str()).map_err(|error| OptionError::unusable(&CONTEXT, error))?;
        }
        return Ok(context.clone());
    }
    if let Some(context) = of_catalog {
        return Ok(context.clone());
    }
    let name = run.default_context.as_deref().ok_or_else(|| OptionError::new(&CONTEXT, OptionProblem::NoRepository))?;
    Context::new(name).map_err(|error| OptionError::new(&CONTEXT, OptionProblem::RepositoryIsNoContext(error)).into())
}

/// The buckets that these entries of a catalog lie in: the option, else what the entries say, else what the catalog
/// says of its other files, else the default.
///
/// # Errors
/// What is no bucket's name, and a bucket that nobody has agreed to.
pub(super) fn buckets(
    target: &Target,
    context: &Context,
    catalog: &Loaded,
    entries: &[SelectedFile<'_>],
) -> Result<Vec<String>, Error> {
    if let Some(bucket) = &target.bucket {
        return Ok(vec![bucket.clone()]);
    }
    let own = catalog.catalog.as_ref().and_then(|catalog| catalog.bucket.as_ref());
    let mut named = entries.iter().filter_map(|entry| entry.file.bucket.as_ref().or(own)).cloned().ordered_set();
    if named.is_empty() {
        // What the catalog does not know, such as a new file, belongs where its neighbours are.
        let files = catalog.catalog.iter().flat_map(|catalog| &catalog.files).filter(|file| !file.is_ref);
        let mut neighbours = files.filter_map(|file| file.bucket.as_ref().or(own)).cloned().ordered_set();
        if neighbours.is_empty() {
            // Of no file the catalog says that it is in its own bucket, unless it says so of none.
            neighbours.extend(own.cloned());
        }
        if entries.is_empty() || neighbours.len() == 1 {
            named = neighbours;
        }
    }
    if named.is_empty() || entries.iter().any(|entry| entry.file.bucket.is_none()) && named.len() > 1 {
        named.insert(default_bucket(context, catalog));
    }
    if let Some(name) = named.iter().find(|name| !is_bucket_name(name)) {
        if let Some(line) = catalog.line_of_bucket(name) {
            return Err(catalog.error(CatalogErrorKind::Bucket { name: excerpt(name) }.at(line)));
        }
        return Err(OptionError::new(&BUCKET, OptionProblem::DefaultIsNoBucket(name.clone())).into());
    }
    // Without a catalog, or a context of its, nothing but a person leads to the bucket that is named after the context.
    let is_own = target.context.is_some() || catalog.catalog.is_none();
    let is_trusted = |name: &String| {
        target.trusted_buckets.as_ref().is_none_or(|trusted| trusted.contains(name))
            || is_own && *name == bucket_of(context)
    };
    match named.iter().find(|name| !is_trusted(name)) {
        None => Ok(named.into_iter().collect()),
        Some(name) => Err(OptionError::new(&BUCKET, OptionProblem::BucketNotTrusted(name.clone())).into()),
    }
}

/// The bucket to use if neither an option nor a catalog's entry names one.
pub(super) fn default_bucket(context: &Context, catalog: &Loaded) -> String {
    let own = catalog.catalog.as_ref().and_then(|catalog| catalog.bucket.clone());
    own.unwrap_or_else(|| bucket_of(context))
}

/// The bucket to use if nothing names one.
pub(crate) fn bucket_of(context: &Context) -> String {
    format!("cstore-{context}")
}

/// The store of a context in a bucket. Only an option can name a bucket of another account: the default name could have
/// been guessed and taken by anybody, and the catalog may be a pull request's.
pub(super) async fn store(
    target: &Target,
    session: &Session,
    context: &Context,
    bucket: &str,
) -> Result<Store<AwsBucket>, Error> {
    store_in(session, context, bucket, target.bucket.is_some()).await
}

/// The same; `is_named`: whether somebody named the bucket who knows it.
pub(super) async fn store_in(
    session: &Session,
    context: &Context,
    bucket: &str,
    is_named: bool,
) -> Result<Store<AwsBucket>, Error> {
    let bucket = if is_named { session.bucket(bucket) } else { session.own_bucket(bucket).await? };
    Ok(Store::new(bucket.knowing_documents(Keys::is_document), context.clone()))
}

/// A bucket, of which the same is true.
pub(super) async fn bucket(target: &Target, session: &Session, name: &str) -> Result<AwsBucket, Error> {
    let bucket = if target.bucket.is_some() { session.bucket(name) } else { session.own_bucket(name).await? };
    Ok(bucket.knowing_documents(Keys::is_document))
}

/// The one bucket of a context, whichever its files are.
///
/// # Errors
/// [`Error::SeveralBuckets`] where the catalog names several.
pub(super) fn only_bucket(target: &Target, context: &Context, catalog: &Loaded) -> Result<String, Error> {
    let mut buckets = buckets(target, context, catalog, &[])?;
    match buckets.pop() {
        Some(bucket) if buckets.is_empty() => Ok(bucket),
        last => Err(Error::SeveralBuckets { buckets: buckets.into_iter().chain(last).collect() }),
    }
}

/// Where a version, or the head, is to be.
pub(super) fn location(store: &Store<AwsBucket>, version: Option<&VersionName>) -> Location {
    let keys = store.keys();
    let manifest = keys.manifest(version).ok().map(|key| key.to_string());
    Location::new(keys.context(), store.bucket_name(), version.map_or("head", VersionName::as_str), manifest)
}
