//! The contexts of a bucket: its folders, each asked for what this tool keeps in a context. What lies in them costs
//! nothing, however many versions there are.

use std::cell::Cell;
use std::sync::Arc;

use futures_util::future::{FutureExt as _, LocalBoxFuture};
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};

use super::found::{Found, FoundContext, Listed};
use crate::command::deadline::Deadline;
use crate::command::{Note, catalogs, target};
use crate::error::Error;
use crate::name::{Context, RESERVED_SEGMENT, VersionName};
use crate::request::{ListRequest, RunInfo};
use crate::s3::{AwsBucket, Bucket as _, Failure, Level};
use crate::store::{self, CONCURRENCY};
use crate::workspace::Workspace;

/// How many parts of a context's name are looked for: only catalogs of the Go cStore have names of several, and few.
const MOST_PARTS: usize = 4;

/// How many folders of one folder are asked at once.
const WITHIN: usize = 8;

/// How many folders are asked, besides those right below the bucket.
const MOST_FOLDERS: usize = 1000;

pub(super) async fn list(
    request: &ListRequest,
    run: &RunInfo,
    workspace: &Workspace,
    deadline: &Arc<Deadline>,
) -> Result<Listed, Error> {
    let target = &request.target;
    let bucket = match &target.bucket {
        Some(bucket) => bucket.clone(),
        None => {
            let catalog = deadline.watch(|| catalogs::load(target, workspace))?;
            target::only_bucket(target, &target::context(target, run, &catalog)?, &catalog)?
        }
    };
    let session = target.connection.open(Arc::clone(deadline) as _).await?;
    let asked = target::bucket(target, &session, &bucket).await?;
    asked.open_ahead(1).await;
    session.sign_in().await?;
    let (mut contexts, is_whole) = find(&asked).await.map_err(store::Error::from)?;
    contexts.sort_by(|one, other| one.name.as_str().cmp(other.name.as_str()));
    let notes = if is_whole { Vec::new() } else { vec![Note::TooManyFolders] };
    Ok(Listed { kind: request.kind, bucket, location: None, found: Found::Contexts(contexts), notes })
}

/// The contexts, and whether all folders were looked into.
pub(in crate::command) async fn find(bucket: &AwsBucket) -> Result<(Vec<FoundContext>, bool), Box<Failure>> {
    let folders = bucket.list_level("").await?.folders;
    let search = Search { bucket, left: Cell::new(Some(MOST_FOLDERS)) };
    let found = stream::iter(&folders).map(|folder| search.look(folder, 1)).buffered(CONCURRENCY);
    let found: Vec<_> = found.try_collect().await?;
    Ok((found.concat(), search.left.get().is_some()))
}

/// Looks into folders for contexts.
struct Search<'a> {
    bucket: &'a AwsBucket,
    /// How many more folders may be asked; none once there were more.
    left: Cell<Option<usize>>,
}

impl Search<'_> {
    /// The contexts that a folder is, or has in it. Its key ends in a slash, and has so many parts.
    fn look<'f>(
        &'f self,
        folder: &'f str,
        parts: usize,
    ) -> LocalBoxFuture<'f, Result<Vec<FoundContext>, Box<Failure>>> {
        async move {
            let own = self.bucket.list_level(&format!("{folder}{RESERVED_SEGMENT}/")).await?;
            if own != Level::default() {
                return Ok(context(folder, true));
            }
            let within = self.bucket.list_level(folder).await?.folders;
            // A release in it is a version that the Go cStore pushed.
            if within.iter().any(|folder| is_release(folder)) {
                return Ok(context(folder, false));
            }
            let mut found = Vec::new();
            if parts < MOST_PARTS && self.may_ask(within.len()) {
                let within = stream::iter(&within).map(|folder| self.look(folder, parts + 1)).buffered(WITHIN);
                found = within.try_collect::<Vec<_>>().await?.concat();
            }
            // What nothing is known of may be the head of one.
            Ok(if found.is_empty() && parts == 1 { context(folder, false) } else { found })
        }
        .boxed_local()
    }

    fn may_ask(&self, folders: usize) -> bool {
        self.left.set(self.left.get().and_then(|left| left.checked_sub(folders)));
        self.left.get().is_some()
    }
}

/// The context that a folder is, unless none can have its name.
fn context(folder: &str, has_manifests: bool) -> Vec<FoundContext> {
    let name = Context::from_catalog(folder.trim_end_matches('/'));
    name.map(|name| FoundContext { name, has_manifests }).into_iter().collect()
}

fn is_release(folder: &str) -> bool {
    let name = folder.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    VersionName::new(name).is_ok_and(|name| name.is_release())
}
