//! Show: one version, or the head: who published it, when, and which files differ from the version before.

use std::sync::Arc;

use futures_util::future::{OptionFuture, join};
use time::OffsetDateTime;

use super::cancel::unless_cancelled;
use super::changes::{Changes, Comparing, FileChange, Obstacle};
use super::deadline::Deadline;
use super::go_layout::explained;
use super::history::{self, Opened, Side, obstacle};
use super::resolved::Resolved;
use super::variables::Variables;
use super::{Location, NotCompared, StoredObject};
use crate::cancellation::Cancellation;
use crate::error::Error;
use crate::name::VersionName;
use crate::observer::Observer;
use crate::request::{RunInfo, ShowRequest};
use crate::s3::Budget;
use crate::store::{self, FileEntry, MAX_TOTAL_BYTES, Manifest, PublishedVersion};
use crate::workspace::Workspace;

/// What is known of a version, or of the head.
#[derive(Debug)]
pub struct Shown {
    /// Where it is.
    pub location: Location,
    /// Its name; none for the head.
    pub version: Option<VersionName>,
    /// When S3 stored its manifest; none for the head, and where that could not be found out.
    pub stored: Option<OffsetDateTime>,
    /// Its manifest.
    pub manifest: Manifest,
    /// The files in which it differs from the one before it in the order of a history, and their keys if these were
    /// asked for.
    pub changes: Option<Changes>,
    /// Where its files' bytes are.
    pub objects: Vec<StoredObject>,
    /// Whether the keys were asked for.
    pub with_keys: bool,
    /// Why it is not compared.
    pub not_compared: Option<NotCompared>,
}

/// Reads a version, within the deadline and unless the run is cancelled.
///
/// # Errors
/// There is no such version, its manifest cannot be read, or a request fails. What it is compared with may be missing.
pub async fn show(
    request: &ShowRequest,
    run: &RunInfo,
    workspace: &Workspace,
    observer: Arc<dyn Observer>,
    cancellation: &Cancellation,
) -> Result<Shown, Error> {
    let deadline = Deadline::new(request.target.deadline, observer);
    let work = Box::pin(read(request, run, workspace, &deadline));
    unless_cancelled(cancellation, deadline.keep(work)).await
}

async fn read(
    request: &ShowRequest,
    run: &RunInfo,
    workspace: &Workspace,
    deadline: &Arc<Deadline>,
) -> Result<Shown, Error> {
    let opened = Opened::new(&request.target, run, workspace, deadline, 2).await?;
    let store = &opened.store;
    let asked = &request.target.version;
    let variables = Variables::new(&request.target, run, &**deadline);
    let missing =
        async |error: store::Error| explained(store, &opened.catalog, variables, asked, false, error.into()).await;
    let resolved = match Resolved::find(store, asked).await {
        Ok(resolved) => resolved,
        Err(error) => return Err(missing(error).await),
    };
    let (manifest, published) = join(resolved.manifest(store), store.published_versions()).await;
    let manifest = match manifest {
        Ok(manifest) => manifest,
        Err(error) => return Err(resolved.told(missing(error).await)),
    };
    let version = resolved.version;
    let object = |entry: &FileEntry| {
        Ok::<_, store::Error>(StoredObject {
            path: entry.path.clone(),
            arn: store.bucket().arn(&store.keys().file(version.as_ref(), &entry.path)?),
            version_id: entry.version_id.clone(),
            sha256: entry.sha256,
        })
    };
    let objects = manifest.files.iter().map(object).collect::<Result<_, _>>()?;
    let mut shown = Shown {
        location: opened.location(version.as_ref()),
        objects,
        version,
        stored: None,
        manifest,
        changes: None,
        with_keys: request.with_keys,
        not_compared: None,
    };
    let compared = match published {
        Ok(published) => compare(&opened, &mut shown, published, &request.target.checks.separator).await,
        Err(error) => Err(NotCompared { version_before: None, only_keys: false, why: obstacle(&error) }),
    };
    match compared {
        Ok(changes) => shown.changes = Some(changes),
        Err(why) => shown.not_compared = Some(why),
    }
    Ok(shown)
}

/// Compares it with the one before it in the order of a history.
async fn compare(
    opened: &Opened,
    shown: &mut Shown,
    mut published: Vec<PublishedVersion>,
    separator: &str,
) -> Result<Changes, NotCompared> {
    PublishedVersion::sort_newest_first(&mut published);
    let before = match &shown.version {
        None => published.first(),
        Some(version) => {
            let at = published.iter().position(|other| other.name == *version);
            shown.stored = at.map(|at| published[at].stored);
            // One that was published after the others were listed is the last of them.
            at.map_or_else(|| published.first(), |at| published.get(at + 1))
        }
    };
    let Some(before) = before.map(|before| &before.name) else {
        let files = history::files_that_differ(None, &shown.manifest);
        return Ok(history::changes(None, by_key(opened, shown, files, None, separator).await));
    };
    let not = |why| NotCompared { version_before: Some(before.clone()), only_keys: false, why };
    let manifest = match opened.store.manifest(Some(before)).await {
        Ok(Some(stored)) => stored.value,
        Ok(None) => return Err(not(Obstacle::Unreadable)),
        Err(error) => return Err(not(obstacle(&error))),
    };
    let files = history::files_that_differ(Some(&manifest), &shown.manifest);
    let side = Side { version: Some(before), manifest: &manifest };
    Ok(history::changes(Some(before), by_key(opened, shown, files, Some(side), separator).await))
}

/// The same files, with the keys that differ if these were asked for.
async fn by_key(
    opened: &Opened,
    shown: &Shown,
    files: Vec<FileChange>,
    before: Option<Side<'_>>,
    separator: &str,
) -> Vec<FileChange> {
    if !shown.with_keys {
        return files;
    }
    let budget = Budget::new(MAX_TOTAL_BYTES);
    let after = Side { version: shown.version.as_ref(), manifest: &shown.manifest };
    let before = OptionFuture::from(before.as_ref().map(|side| side.files(&opened.store, &files, &budget)));
    let (before, after) = join(before, after.files(&opened.store, &files, &budget)).await;
    let before = before.unwrap_or_default();
    Comparing { separator, with_values: false }.files(&before, &after)
}
