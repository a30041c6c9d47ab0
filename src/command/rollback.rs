//! Rollback: find out what the head is to be again, read that whole and verified, and push it as it was.
//!
//! It replaces the head as it was found and nothing else, so that nobody's push is lost unseen.

use std::cell::OnceCell;
use std::sync::Arc;

use bytes::Bytes;

use super::cancel::unless_cancelled_before_publishing;
use super::deadline::Deadline;
use super::promote::refuse_unexpected;
use super::push::{FilesToSend, Pushed, Sending};
use super::resolved::Resolved;
use super::{Location, catalogs, target};
use crate::cancellation::Cancellation;
use crate::config::SemverKeys;
use crate::error::Error;
use crate::name::{ConfigPath, Digest, VersionName};
use crate::observer::Observer;
use crate::request::{RollbackRequest, RunInfo};
use crate::s3::Budget;
use crate::secret::Secret;
use crate::store::{self, LastPush, MAX_TOTAL_BYTES, Manifest, Progress, PushFile, PushInfo, Restore, RollbackTo};
use crate::workspace::Workspace;

/// The result of a rollback.
#[derive(Debug)]
pub struct RolledBack {
    /// The version that the head went back to; none for what it was before its last push.
    pub version: Option<VersionName>,
    /// The push that had made what it went back to.
    pub target: LastPush,
    /// What that has done.
    pub pushed: Pushed,
    /// The files that were put anew.
    pub files: Vec<RestoredFile>,
    /// The head that was replaced, and what was removed of it.
    pub over: Restore,
}

/// A file that was put anew.
#[derive(Debug)]
pub struct RestoredFile {
    /// Its path, relative to the catalog.
    pub path: ConfigPath,
    /// The digest that it had in the head before, if it was there.
    pub before: Option<Digest>,
    /// Its bytes.
    pub content: Secret<Bytes>,
}

/// Makes the head again what it was, or what a version is, within the deadline, unless the run is cancelled.
///
/// # Errors
/// Why it could not. An error after the first request that writes says what is published.
pub async fn rollback(
    request: &RollbackRequest,
    run: &RunInfo,
    workspace: &Workspace,
    observer: Arc<dyn Observer>,
    cancellation: &Cancellation,
) -> Result<RolledBack, Error> {
    let (progress, underway) = (Progress::default(), OnceCell::new());
    let deadline = Deadline::new(request.target.deadline, observer);
    // Boxed, since the SDK nests its futures deeper than the compiler cares to lay out.
    let work = Box::pin(run_to_end(request, run, workspace, &deadline, &progress, &underway));
    let done = unless_cancelled_before_publishing(cancellation, &progress, deadline.cut(work)).await;
    done.map_err(|error| match underway.into_inner() {
        Some(location) => error.in_rollback(progress.stage(), location, request.version.is_some()),
        None => error,
    })
}

async fn run_to_end(
    request: &RollbackRequest,
    run: &RunInfo,
    workspace: &Workspace,
    deadline: &Arc<Deadline>,
    progress: &Progress,
    underway: &OnceCell<Location>,
) -> Result<RolledBack, Error> {
    let wanted = &request.target;
    let catalog = deadline.watch(|| catalogs::load(wanted, workspace))?;
    let context = target::context(wanted, run, &catalog)?;
    let bucket = target::only_bucket(wanted, &context, &catalog)?;
    let session = wanted.connection.open(Arc::clone(deadline) as _).await?;
    let store = target::store(wanted, &session, &context, &bucket).await?;
    store.bucket().open_ahead(3).await;
    session.sign_in().await?;

    let location = underway.get_or_init(|| target::location(&store, None));
    let version = match &request.version {
        Some(version) => Resolved::find(&store, version).await?.version,
        None => None,
    };
    let to = match &version {
        Some(version) => RollbackTo::Version { version, exact: request.exact },
        None => RollbackTo::BeforeLastPush,
    };
    let rollback = store.plan_rollback(to, request.over.as_ref()).await?;
    refuse_unexpected(request.expect, rollback.target().digest())?;
    let files = store.restored_files(&rollback, &Budget::new(MAX_TOTAL_BYTES)).await?;

    let target = LastPush::from(rollback.target());
    let said = || match &version {
        Some(version) => format!("Roll back to {version}"),
        None => format!("Roll back to the push of {}", target.created_at),
    };
    let message = Some(request.message.clone().unwrap_or_else(said));
    let restored = |file: &PushFile| RestoredFile {
        path: file.path.clone(),
        before: rollback.present().and_then(|head| head.entry(&file.path)).map(|entry| entry.sha256),
        content: file.content.clone(),
    };
    let restored = files.iter().map(restored).collect();
    let order = store::Push {
        files,
        info: PushInfo { message, ..run.push.clone() },
        progress: progress.clone(),
        replaces: store::Replaces::Anything,
    };
    let sending = Sending {
        store: &store,
        version: None,
        overwrite: false,
        dry_run: request.dry_run,
        restore: Some(rollback.restore()),
        merge: None,
        separator: &wanted.checks.separator,
        semver_keys: SemverKeys::Off,
        wants_since_before: false,
        preview: None,
        deadline,
        files: &Restored { kept: rollback.kept() },
    };
    let pushed = sending.send(order, location, Vec::new()).await?;
    Ok(RolledBack { version, target, pushed, files: restored, over: rollback.restore().clone() })
}

/// Files as they were.
struct Restored<'a> {
    /// Those of the head that stay, although they are not among them.
    kept: &'a [ConfigPath],
}

impl FilesToSend for Restored<'_> {
    fn only_in_head(&self, _: &Manifest, _: &[PushFile]) -> Vec<ConfigPath> {
        self.kept.to_vec()
    }
}
