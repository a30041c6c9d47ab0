//! List: the names of what there is, of one kind: contexts, channels, versions, files, tags or config keys.

mod channels;
mod contexts;
mod files;
mod found;
mod pages;

use std::sync::Arc;

pub(super) use self::contexts::find as find_contexts;
pub use self::found::{Found, FoundChannel, FoundContext, FoundFile, FoundVersion, Listed};
pub use self::pages::{VersionPage, VersionPages};
use super::Note;
use super::cancel::unless_cancelled;
use super::deadline::Deadline;
use super::history::Opened;
use crate::cancellation::Cancellation;
use crate::error::Error;
use crate::observer::Observer;
use crate::option::ListKind;
use crate::request::{ListRequest, RunInfo};
use crate::store::PublishedVersion;
use crate::workspace::Workspace;

/// Reads a list, within the deadline and unless the run is cancelled.
///
/// # Errors
/// What can go wrong in the requests; a version that is not there; lines of `files` that match nothing.
pub async fn list(
    request: &ListRequest,
    run: &RunInfo,
    workspace: &Workspace,
    observer: Arc<dyn Observer>,
    cancellation: &Cancellation,
) -> Result<Listed, Error> {
    let deadline = Deadline::new(request.target.deadline, observer);
    let work = Box::pin(async {
        match request.kind {
            ListKind::Contexts => contexts::list(request, run, workspace, &deadline).await,
            ListKind::Channels => channels::list(request, run, workspace, &deadline).await,
            ListKind::Versions => versions(request, run, workspace, &deadline).await,
            ListKind::Files | ListKind::Tags | ListKind::Keys => files::list(request, run, workspace, &deadline).await,
        }
    });
    unless_cancelled(cancellation, deadline.keep(work)).await
}

async fn versions(
    request: &ListRequest,
    run: &RunInfo,
    workspace: &Workspace,
    deadline: &Arc<Deadline>,
) -> Result<Listed, Error> {
    let opened = Opened::new(&request.target, run, workspace, deadline, 1).await?;
    let published = opened.store.published_versions().await?;
    let found = |PublishedVersion { name, stored }| FoundVersion { name, stored: Some(stored) };
    let mut versions: Vec<_> = published.into_iter().map(found).collect();
    versions.sort_unstable_by(|one, other| other.name.newness().cmp(&one.name.newness()));
    let mut notes = Vec::new();
    if versions.is_empty() {
        let named = opened.versions_in_catalog();
        versions.extend(named.into_iter().map(|name| FoundVersion { name, stored: None }));
        notes.push(if versions.is_empty() { opened.nothing_published() } else { Note::CatalogVersions });
    }
    let location = Some(opened.location(None));
    Ok(Listed { kind: request.kind, bucket: opened.bucket, location, found: Found::Versions(versions), notes })
}
