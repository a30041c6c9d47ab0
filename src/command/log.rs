//! Log: the last versions, each with who published it, when, and which files differ from the one before.

mod found;
mod key;

use std::sync::Arc;

use futures_util::future::try_join;
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use time::OffsetDateTime;

pub use self::found::{KeyChange, Log, LogEntry};
use self::key::{changes_of_key, require_key};
use super::cancel::unless_cancelled;
use super::deadline::Deadline;
use super::history::{self, Opened};
use crate::cancellation::Cancellation;
use crate::error::{Error, Searched};
use crate::name::VersionName;
use crate::observer::Observer;
use crate::request::{LogRequest, RunInfo};
use crate::store::{self, CONCURRENCY, Manifest, PublishedVersion};
use crate::workspace::Workspace;

/// Reads the history, within the deadline and unless the run is cancelled.
///
/// # Errors
/// What can go wrong in the requests. A manifest that cannot be read is an entry that says so.
pub async fn log(
    request: &LogRequest,
    run: &RunInfo,
    workspace: &Workspace,
    observer: Arc<dyn Observer>,
    cancellation: &Cancellation,
) -> Result<Log, Error> {
    let deadline = Deadline::new(request.target.deadline, observer);
    let work = Box::pin(read(request, run, workspace, &deadline));
    unless_cancelled(cancellation, deadline.keep(work)).await
}

async fn read(
    request: &LogRequest,
    run: &RunInfo,
    workspace: &Workspace,
    deadline: &Arc<Deadline>,
) -> Result<Log, Error> {
    let opened = Opened::new(&request.target, run, workspace, deadline, 2).await?;
    let store = &opened.store;
    let (mut published, head) =
        try_join(store.published_versions(), async { readable(store.manifest(None).await) }).await?;
    PublishedVersion::sort_newest_first(&mut published);
    let count = published.len();
    let shown = request.limit.saturating_sub(usize::from(head.is_some()));
    // One more than is shown: what the last of them is compared with.
    let asked = published.into_iter().take(shown + 1).map(|PublishedVersion { name, stored }| async move {
        let manifest = readable(store.manifest(Some(&name)).await)?;
        Ok::<_, store::Error>(entry(Some(name), Some(stored), manifest))
    });
    let versions: Vec<_> = stream::iter(asked).buffered(CONCURRENCY).try_collect().await?;
    // What has been purged since it was listed is not there.
    let mut states: Vec<_> = [entry(None, None, head)].into_iter().chain(versions).flatten().collect();
    compare(&mut states, count > shown + 1);
    let mut searched = None;
    let separator = &request.target.checks.separator;
    if let Some(key) = &request.key {
        changes_of_key(&mut states, store, key, separator).await?;
    }
    states.truncate(request.limit);
    if let Some(key) = &request.key {
        let newest = states.first();
        let last = states.iter().filter(|state| state.version.is_some()).count();
        searched = Some(last);
        let differs = |state: &LogEntry| state.key != Some(KeyChange::In(Vec::new()));
        if let Some(newest) = newest.filter(|_| !states.iter().any(differs)) {
            // It is either in all of them or in none.
            let location = opened.location(None);
            let last = (count > shown).then_some(last);
            let searched = Searched::Versions { location, last };
            require_key(newest, store, key, separator, searched).await?;
        }
        states.retain(differs);
    }
    let is_clear = count > 0 || states.is_empty() && opened.versions_in_catalog().is_empty();
    let notes = if is_clear { Vec::new() } else { vec![opened.nothing_published()] };
    let older = count.saturating_sub(shown);
    Ok(Log { location: opened.location(None), published: count, older, entries: states, searched, notes })
}

/// A manifest, or why it cannot be read where that is its own fault: one of many is not to hide all others.
fn readable(
    read: Result<Option<store::Stored<Manifest>>, store::Error>,
) -> Result<Option<Result<Manifest, store::Error>>, store::Error> {
    match read {
        Ok(stored) => Ok(stored.map(|stored| Ok(stored.value))),
        Err(error @ (store::Error::Integrity(_) | store::Error::Newer(_))) => Ok(Some(Err(error))),
        Err(error) => Err(error),
    }
}

fn entry(
    version: Option<VersionName>,
    stored: Option<OffsetDateTime>,
    manifest: Option<Result<Manifest, store::Error>>,
) -> Option<LogEntry> {
    let manifest = manifest?.map_err(Error::from);
    Some(LogEntry { version, stored, manifest, changes: None, key: None })
}

/// Compares each state with the next, which was there before it. `is_cut`: whether there are more that are not here.
fn compare(states: &mut [LogEntry], is_cut: bool) {
    for at in 0..states.len() {
        let (here, before) = (&states[at], states.get(at + 1));
        let changes = match (&here.manifest, before) {
            (Ok(after), Some(LogEntry { version, manifest: Ok(manifest), .. })) => {
                Some(history::changes(version.as_ref(), history::files_that_differ(Some(manifest), after)))
            }
            (Ok(after), None) if !is_cut => Some(history::changes(None, history::files_that_differ(None, after))),
            _ => None,
        };
        states[at].changes = changes;
    }
}
