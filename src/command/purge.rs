//! Purge: a version goes for good, as far as nothing keeps it.

use std::cell::OnceCell;
use std::sync::Arc;

use super::Location;
use super::cancel::unless_cancelled;
use super::deadline::Deadline;
use super::history::Opened;
use super::holders::{Holders, holders_of_files};
use crate::cancellation::Cancellation;
use crate::error::{Error, PurgeFailure, Unpurged};
use crate::observer::Observer;
use crate::request::{PurgeRequest, RunInfo};
use crate::s3::Operation;
use crate::store::{self, Conflict, PurgePlan, Purged};
use crate::workspace::Workspace;

/// The result of a purge.
#[derive(Debug)]
pub struct PurgedVersion {
    /// What was purged.
    pub location: Location,
    /// What is gone, or would be; what stays, and what is in the way.
    pub purged: Purged,
    /// What else holds the same files, if that was asked for.
    pub elsewhere: Option<Holders>,
}

impl PurgedVersion {
    /// That the purge is not finished, if it is not.
    #[must_use]
    pub fn unfinished(&self) -> Option<Error> {
        let Self { location, purged: Purged { in_the_way, .. }, .. } = self;
        let (location, in_the_way) = (location.clone(), in_the_way.clone());
        (!in_the_way.is_empty()).then(|| Error::Unpurged(Box::new(Unpurged { location, in_the_way })))
    }
}

/// Removes a version, within the deadline and unless the run is cancelled; of a dry run, finds out what would go.
///
/// # Errors
/// Why nothing was removed, or why the purge broke off. What only concerns single objects is part of the result.
pub async fn purge(
    request: &PurgeRequest,
    run: &RunInfo,
    workspace: &Workspace,
    observer: Arc<dyn Observer>,
    cancellation: &Cancellation,
) -> Result<PurgedVersion, Error> {
    let begun = OnceCell::new();
    let deadline = Deadline::new(request.target.deadline, observer);
    let work = Box::pin(async {
        let opened = Opened::new(&request.target, run, workspace, &deadline, 2).await?;
        let version = &request.version;
        let location = opened.location(Some(version));
        let PurgePlan { going, staying, in_the_way } = opened.store.plan_purge(version).await?;
        let elsewhere = if request.looks_elsewhere {
            Some(holders_of_files(&opened.store, version, &location).await?)
        } else {
            None
        };
        let purged = if request.dry_run {
            Purged { removed: going, staying, in_the_way }
        } else {
            let location = begun.get_or_init(|| location.clone());
            opened.store.purge(version, &run.push).await.map_err(|error| broken_off(error, location))?
        };
        Ok(PurgedVersion { location, purged, elsewhere })
    });
    let done = unless_cancelled(cancellation, deadline.cut(work)).await;
    done.map_err(|error| match (error, begun.into_inner()) {
        (cause @ (Error::Deadline { .. } | Error::Cancelled(_)), Some(location)) => failure(cause, location),
        (error, _) => error,
    })
}

/// Says that some of it may be gone, unless the error shows that nothing is, or that another purge goes on.
fn broken_off(error: store::Error, location: &Location) -> Error {
    let is_by_itself = match &error {
        // It was the claim's.
        store::Error::S3(failure) => failure.operation == Operation::Put && error.denied_action().is_some(),
        store::Error::Conflict(conflict) => matches!(**conflict, Conflict::Purging { .. }),
        store::Error::Missing(_) | store::Error::IgnoresConditions { .. } => true,
        _ => false,
    };
    if is_by_itself { error.into() } else { failure(error.into(), location.clone()) }
}

fn failure(cause: Error, location: Location) -> Error {
    Error::Purge(Box::new(PurgeFailure { location, cause }))
}
