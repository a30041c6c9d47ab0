//! The channels of a context, what has become of what they point at, and how far each is behind what is published.

use std::sync::Arc;

use futures_util::future::join;

use super::{Found, FoundChannel, Listed};
use crate::command::deadline::Deadline;
use crate::command::history::Opened;
use crate::error::Error;
use crate::name::VersionName;
use crate::request::{ListRequest, RunInfo};
use crate::store::{ListedChannel, TargetNow};
use crate::workspace::Workspace;

pub(super) async fn list(
    request: &ListRequest,
    run: &RunInfo,
    workspace: &Workspace,
    deadline: &Arc<Deadline>,
) -> Result<Listed, Error> {
    let opened = Opened::new(&request.target, run, workspace, deadline, 2).await?;
    let (channels, published) = join(opened.store.all_channels(), opened.store.versions()).await;
    let (channels, published) = (channels?, published?);
    let targets = opened.store.targets_now(&channels, &published).await?;
    let found = |(listed, target): (ListedChannel, Option<TargetNow>)| {
        let is_there = target != Some(TargetNow::Gone);
        let behind = listed.target().filter(|_| is_there).and_then(|(version, _)| behind(version, &published));
        FoundChannel { name: listed.name, channel: listed.channel, target, behind }
    };
    let channels = channels.into_iter().zip(targets).map(found).collect();
    let location = Some(opened.location(None));
    let found = Found::Channels(channels);
    Ok(Listed { kind: request.kind, bucket: opened.bucket, location, found, notes: Vec::new() })
}

/// How many full releases come after a version by precedence; none of a name that is no release.
fn behind(version: &VersionName, published: &[VersionName]) -> Option<usize> {
    let newer = published.iter().filter(|other| other.is_full_release() && other.is_after(version));
    version.is_release().then(|| newer.count())
}
