//! Purge: a version, or files of the head, go for good, as far as nothing keeps them.

use std::cell::OnceCell;
use std::slice;
use std::sync::Arc;

use futures_util::future::join;

use super::Location;
use super::cancel::unless_cancelled;
use super::deadline::Deadline;
use super::history::Opened;
use super::holders::{Holders, holders_of_files, holders_of_head_files};
use crate::cancellation::Cancellation;
use crate::catalog::FileSelector;
use crate::error::{Error, PurgeFailure, UnknownFiles, Unpurged};
use crate::name::{ChannelName, ConfigPath, VersionName};
use crate::observer::Observer;
use crate::request::{PurgeRequest, RunInfo, Target};
use crate::s3::{AwsBucket, ListedVersion, Operation};
use crate::store::{
    self, Conflict, PurgeBase, PurgePlan, PurgeProgress, PurgeStage, Purged, PushInfo, Store, message_of,
};
use crate::workspace::Workspace;

/// Which part of the time that is left the search for what else holds the same may take.
const OF_SEARCH: u32 = 4;

/// The result of a purge.
#[derive(Debug)]
pub struct PurgedVersion {
    /// What was purged.
    pub location: Location,
    /// Of the head, the files; none of a version.
    pub files: Option<Vec<ConfigPath>>,
    /// What is gone, or would be; what stays, and what is in the way.
    pub purged: Purged,
    /// The channels that point at it, whose pulls then fail: of a purge that is to be made anyway.
    pub channels: Vec<ChannelName>,
    /// What else holds the same files, if that was asked for.
    pub elsewhere: Option<Holders>,
    /// What was found there, for a purge of just that.
    pub base: PurgeBase,
}

/// What a purge has begun with.
struct Begun {
    location: Location,
    /// What was found, and is to go.
    going: Vec<ListedVersion>,
    /// Whether pulls got it.
    was_published: bool,
}

/// What goes.
enum Purging<'a> {
    Version {
        version: &'a VersionName,
        /// Also where channels point at it.
        past_channels: bool,
    },
    /// Files of the head.
    Files(Vec<ConfigPath>),
}

impl Purging<'_> {
    async fn plan(&self, store: &Store<AwsBucket>) -> Result<PurgePlan, Error> {
        let planned = match self {
            Self::Version { version, .. } => store.plan_purge(version).await,
            Self::Files(paths) => store.plan_purge_of_files(paths).await,
        };
        Ok(planned?)
    }

    /// The channels that point at it, where they do not keep it from being purged, as far as they can be read.
    async fn channels(&self, store: &Store<AwsBucket>) -> Result<Vec<ChannelName>, store::Error> {
        match self {
            Self::Version { version, past_channels: false } => {
                store.refuse_pointed_at(slice::from_ref(version)).await.map(|()| Vec::new())
            }
            Self::Version { version, past_channels: true } => {
                let channels = store.passed_channels_at(slice::from_ref(version)).await?;
                Ok(channels.into_iter().map(|(channel, _)| channel).collect())
            }
            Self::Files(_) => Ok(Vec::new()),
        }
    }

    async fn purge(
        &self,
        store: &Store<AwsBucket>,
        info: &PushInfo,
        over: Option<&PurgeBase>,
        progress: &PurgeProgress,
    ) -> Result<Purged, store::Error> {
        match self {
            Self::Version { version, past_channels } => {
                store.purge(version, *past_channels, info, over, progress).await
            }
            Self::Files(paths) => {
                let said = || match paths.as_slice() {
                    [path] => message_of(&format!("Purge {path}")),
                    _ => message_of(&format!("Purge {} files", paths.len())),
                };
                let message = info.message.clone().or_else(said);
                store.purge_files(paths, &PushInfo { message, ..info.clone() }, over, progress).await
            }
        }
    }

    fn files(&self) -> Option<Vec<ConfigPath>> {
        match self {
            Self::Version { .. } => None,
            Self::Files(paths) => Some(paths.clone()),
        }
    }
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

/// Removes a version, or files of the head, within the deadline and unless the run is cancelled; of a dry run, finds
/// out what would go. `begins` is told what goes, before anything does.
///
/// # Errors
/// Why nothing was removed, or why the purge broke off. What only concerns single objects is part of the result.
pub async fn purge(
    request: &PurgeRequest,
    run: &RunInfo,
    workspace: &Workspace,
    observer: Arc<dyn Observer>,
    cancellation: &Cancellation,
    begins: impl Fn(&PurgedVersion),
) -> Result<PurgedVersion, Error> {
    let (begun, progress) = (OnceCell::new(), PurgeProgress::default());
    let deadline = Deadline::new(request.target.deadline, observer);
    let work = Box::pin(async {
        let opened = Opened::new(&request.target, run, workspace, &deadline, 2).await?;
        let what = match &request.version {
            Some(version) => Purging::Version { version, past_channels: request.past_channels },
            None => Purging::Files(files_of_head(&opened.store, &request.target).await?),
        };
        let location = opened.location(request.version.as_ref());
        let (planned, channels) = join(what.plan(&opened.store), what.channels(&opened.store)).await;
        let PurgePlan { going, staying, in_the_way, base } = planned?;
        let channels = channels?;
        let elsewhere = match &what {
            _ if !request.looks_elsewhere => None,
            Purging::Version { version, .. } => {
                Some(holders_of_files(&opened.store, version, &location, deadline.left() / OF_SEARCH).await)
            }
            Purging::Files(paths) => {
                let limit = deadline.left() / OF_SEARCH;
                Some(holders_of_head_files(&opened.store, paths, base.entries(), &location, limit).await)
            }
        };
        let purged = Purged { removed: going, staying, in_the_way };
        let mut purged = PurgedVersion { location, files: what.files(), purged, channels, elsewhere, base };
        if !request.dry_run {
            begins(&purged);
            let begun = begun.get_or_init(|| Begun {
                location: purged.location.clone(),
                going: purged.purged.removed.clone(),
                was_published: purged.base.is_published(),
            });
            let over = request.over.as_ref();
            let done = what.purge(&opened.store, &run.push, over, &progress).await;
            purged.purged = done.map_err(|error| broken_off(error, begun, &progress))?;
        }
        Ok(purged)
    });
    let done = unless_cancelled(cancellation, deadline.cut(work)).await;
    done.map_err(|error| match (error, begun.into_inner()) {
        (cause @ (Error::Deadline { .. } | Error::Cancelled(_)), Some(begun)) => begun.failure(cause, &progress),
        (error, _) => error,
    })
}

/// The files of the head that are named: what it lists, what was removed from it before, and exact paths of which
/// something may lie there all the same.
async fn files_of_head(store: &Store<AwsBucket>, target: &Target) -> Result<Vec<ConfigPath>, Error> {
    let head = store.existing_manifest(None).await?;
    let known = head.files.iter().map(|entry| &entry.path).chain(&head.removed);
    let selection = target.files.select(known, |path| path.as_str());
    let mut paths: Vec<_> = selection.files.into_iter().cloned().collect();
    let mut unknown = Vec::new();
    for line in selection.unmatched {
        let exact = FileSelector::new(&line).ok().and_then(|line| line.exact_paths()).unwrap_or_default();
        match store.plan_purge_of_files(&exact).await {
            _ if exact.is_empty() => unknown.push(line),
            Ok(_) => paths.extend(exact),
            Err(store::Error::Missing(_)) => unknown.push(line),
            Err(error) => return Err(error.into()),
        }
    }
    if unknown.is_empty() {
        return Ok(paths);
    }
    let files = UnknownFiles::new(unknown, head.files.iter().map(|entry| entry.path.as_str()));
    let context = store.keys().context().clone();
    Err(Error::NotStored { files, context, version: None, are_listed: false })
}

/// Says that some of it may be gone, unless the error shows that nothing is.
fn broken_off(error: store::Error, begun: &Begun, progress: &PurgeProgress) -> Error {
    let is_by_itself = match &error {
        // It was the claim's.
        store::Error::S3(failure) => failure.operation == Operation::Put && error.denied_action().is_some(),
        store::Error::Conflict(conflict) => match &**conflict {
            Conflict::PointedAt { .. } => true,
            conflict => conflict.is_of_another_purge() && !progress.reached().has_begun(),
        },
        store::Error::Missing(_) | store::Error::IgnoresConditions { .. } => true,
        _ => false,
    };
    if is_by_itself { error.into() } else { begun.failure(error.into(), progress) }
}

impl Begun {
    fn failure(&self, cause: Error, progress: &PurgeProgress) -> Error {
        let mut reached = progress.reached();
        // An earlier purge had come so far.
        if reached.stage == PurgeStage::Published && !self.was_published {
            reached.stage = PurgeStage::Hidden;
        }
        let is_in = |all: &[ListedVersion], version: &ListedVersion| {
            all.iter().any(|other| (&other.key, &other.version) == (&version.key, &version.version))
        };
        let left = |version: &&ListedVersion| !is_in(&reached.removed, version) && !is_in(&reached.unanswered, version);
        let left = self.going.iter().filter(left).cloned().collect();
        Error::Purge(Box::new(PurgeFailure { location: self.location.clone(), reached, left, cause }))
    }
}
