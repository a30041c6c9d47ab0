//! Which context, and which bucket.

use std::collections::BTreeSet;

use super::catalogs::Loaded;
use crate::catalog::Entry;
use crate::error::Error;
use crate::name::Context;
use crate::request::{InputError, Request, is_bucket_name};
use crate::s3::{AwsBucket, Session};
use crate::store::Store;

/// The context: the input, else the catalog's, else the default.
pub(super) fn context(request: &Request, catalog: &Loaded) -> Result<Context, Error> {
    if let Some(context) = &request.target.context {
        return Ok(context.clone());
    }
    if let Some(context) = catalog.catalog.as_ref().and_then(|catalog| catalog.context.clone()) {
        return Ok(context);
    }
    let name = request.job.default_context.as_deref().ok_or_else(|| {
        InputError::new("context", "is empty, and there is no repository to name it after", "Set `context`.")
    })?;
    Context::new(name).map_err(|error| {
        let problem = format!("is empty, and the repository's name cannot be one: {error}");
        InputError::new("context", problem, "Set `context`.").into()
    })
}

/// The buckets that these entries of a catalog lie in: the input, else what the entries say, else what the catalog says
/// of its other files, else the default.
pub(super) fn buckets(
    request: &Request,
    context: &Context,
    catalog: &Loaded,
    entries: &[Entry<'_>],
) -> Result<Vec<String>, Error> {
    if let Some(bucket) = &request.target.bucket {
        return Ok(vec![bucket.clone()]);
    }
    let mut named: BTreeSet<_> = entries.iter().filter_map(|entry| entry.file.bucket.clone()).collect();
    if named.is_empty() {
        // What the catalog does not know, such as a new file, belongs where its neighbours are.
        let files = catalog.catalog.iter().flat_map(|catalog| &catalog.files);
        let neighbours: BTreeSet<_> = files.filter_map(|file| file.bucket.clone()).collect();
        if entries.is_empty() || neighbours.len() == 1 {
            named = neighbours;
        }
    }
    if named.is_empty() || entries.iter().any(|entry| entry.file.bucket.is_none()) && named.len() > 1 {
        named.insert(default_bucket(context));
    }
    match named.iter().find(|name| !is_bucket_name(name)) {
        None => Ok(named.into_iter().collect()),
        Some(name) => Err(InputError::new(
            "bucket",
            format!("is empty, and {name:?}, which the catalog or the context gives, is no bucket's name"),
            "Set `bucket`.",
        )
        .into()),
    }
}

/// The bucket that is meant when neither input nor catalog names one.
pub(super) fn default_bucket(context: &Context) -> String {
    format!("cstore-{context}")
}

/// The store of a context in a bucket.
pub(super) async fn store(
    request: &Request,
    session: &Session,
    context: &Context,
    catalog: &Loaded,
    bucket: &str,
) -> Result<Store<AwsBucket>, Error> {
    let mut files = catalog.catalog.iter().flat_map(|catalog| &catalog.files);
    let is_named = request.target.bucket.is_some() || files.any(|file| file.bucket.as_deref() == Some(bucket));
    let bucket = if is_named { session.bucket(bucket) } else { session.own_bucket(bucket).await? };
    Ok(Store::new(bucket, context.clone()))
}
