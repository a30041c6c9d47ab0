//! Which versions and S3 versions hold the same content, or a value: what else has to go when a value has leaked.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

pub use self::holder::{Holder, Holders};
use self::search::Search;
use self::wanted::Wanted;
use super::Location;
use super::cancel::unless_cancelled;
use super::deadline::Deadline;
use super::history::Opened;
use super::resolved::Resolved;
use super::verify::chosen;
use crate::cancellation::Cancellation;
use crate::config::{FileType, parse};
use crate::error::{Error, NoSuchKey, Searched};
use crate::name::{ChannelName, ConfigPath, VersionName};
use crate::nearest::nearest;
use crate::observer::Observer;
use crate::option::{OptionError, VALUE_OF};
use crate::request::{HoldersRequest, RunInfo};
use crate::s3::{AwsBucket, Budget};
use crate::secret::Secret;
use crate::store::{self, FileEntry, MAX_TOTAL_BYTES, Manifest, Store};
use crate::workspace::Workspace;

mod holder;
mod search;
mod wanted;

/// How many manifests of versions are read to tell what else holds what is purged: what that finds is a note. The
/// newest of a context come first.
const MOST_MANIFESTS: usize = 1_000;

/// Why a config key's value is not looked for.
#[derive(Debug, thiserror::Error)]
enum NotLookedFor {
    #[error("its value is empty")]
    Empty,
    #[error("files have different values for it: {0}")]
    Several(String),
}

/// Finds what holds the value that a config key has in the head, or in a version.
///
/// # Errors
/// What can go wrong in the requests; a key that is not there, or has several values. What may not be read is a part of
/// the result.
pub async fn holders(
    request: &HoldersRequest,
    run: &RunInfo,
    workspace: &Workspace,
    observer: Arc<dyn Observer>,
    cancellation: &Cancellation,
) -> Result<Holders, Error> {
    let deadline = Deadline::new(request.target.deadline, observer);
    let work = Box::pin(async {
        let target = &request.target;
        let opened = Opened::new(target, run, workspace, &deadline, 2).await?;
        let resolved = Resolved::find(&opened.store, &target.version).await?;
        let manifest = resolved.manifest(&opened.store).await.map_err(|error| resolved.told(error))?;
        let version = resolved.version.as_ref();
        let location = opened.location(version);
        let value = value(request, &opened.store, version, &manifest, &location).await;
        let value = value.map_err(|error| resolved.told(error))?;
        let wanted = Wanted::value(&value, &target.checks.separator);
        let mut search = Search::new(&opened.store, usize::MAX);
        let digests = search.own(&wanted, None).await?;
        // What other contexts hold is only named: it keeps nobody from purging what this one does.
        let others = async |search: &mut Search<'_>| search.others(&digests).await;
        search.within(deadline.left() / 2, others).await;
        let mut holders = search.holders(location);
        holders.channels = channels(&opened.store, &holders.going(), request.past_channels).await;
        Ok(holders)
    });
    unless_cancelled(cancellation, deadline.keep(work)).await
}

/// The channels that point at versions which are to go, where they do not keep these from being purged.
async fn channels(
    store: &Store<AwsBucket>,
    going: &[VersionName],
    past_channels: bool,
) -> Result<Vec<(ChannelName, VersionName)>, store::Error> {
    match (going, past_channels) {
        ([], _) => Ok(Vec::new()),
        (_, true) => store.passed_channels_at(going).await,
        (_, false) => store.refuse_pointed_at(going).await.map(|()| Vec::new()),
    }
}

/// The value of the key in the chosen files.
async fn value(
    HoldersRequest { target, key, .. }: &HoldersRequest,
    store: &Store<AwsBucket>,
    version: Option<&VersionName>,
    manifest: &Manifest,
    location: &Location,
) -> Result<Secret<String>, Error> {
    let budget = Budget::new(MAX_TOTAL_BYTES);
    let chosen = chosen(target, manifest, location)?;
    let mut values: BTreeMap<&ConfigPath, Secret<String>> = BTreeMap::new();
    let mut keys = BTreeSet::new();
    let mut unread = None;
    for entry in manifest.files.iter().filter(|entry| chosen.contains(&entry.path)) {
        if entry.read_as() == FileType::Raw {
            continue;
        }
        let body = match store.body_of(version, entry, &budget).await {
            Ok(body) => body,
            // Another file may have the value. The search names what it cannot read.
            Err(error) => {
                unread = unread.or(Some(error));
                continue;
            }
        };
        let parsed = parse(entry.read_as(), body.expose(), &target.checks.separator).unwrap_or_default();
        keys.extend(parsed.entries.iter().map(|entry| entry.key.clone()));
        let last = parsed.entries.into_iter().rev().find(|entry| entry.key == *key);
        values.extend(last.map(|found| (&entry.path, found.value.text)));
    }
    let Some(first) = values.values().next().cloned() else {
        if let Some(error) = unread {
            return Err(error.into());
        }
        let searched = if target.files.is_empty() {
            Searched::Files(location.clone())
        } else {
            Searched::Chosen(location.clone())
        };
        return Err(Error::NoSuchKey(Box::new(NoSuchKey {
            key: key.clone(),
            meant: nearest(key, keys.iter().map(String::as_str)).map(ToOwned::to_owned),
            searched,
            elsewhere: Vec::new(),
            channel: None,
        })));
    };
    if values.values().any(|value| value.expose() != first.expose()) {
        let paths: Vec<_> = values.keys().map(ToString::to_string).collect();
        return Err(OptionError::unusable(&VALUE_OF, NotLookedFor::Several(paths.join(", "))).into());
    }
    if first.expose().is_empty() {
        return Err(OptionError::unusable(&VALUE_OF, NotLookedFor::Empty).into());
    }
    Ok(first)
}

/// Finds what else holds the files of a version that is about to go, as far as that is found within a time limit.
pub(super) async fn holders_of_files(
    store: &Store<AwsBucket>,
    version: &VersionName,
    location: &Location,
    limit: Duration,
) -> Holders {
    let mut search = Search::new(store, MOST_MANIFESTS);
    let look = async |search: &mut Search<'_>| {
        let manifest = search.readable(store, Some(version), store.manifest(Some(version)).await)?;
        let entries = manifest.iter().flat_map(|manifest| &manifest.value.files);
        let files: HashMap<_, _> = entries.map(|entry| (entry.sha256, entry.size)).collect();
        if files.is_empty() { Ok(()) } else { search.all(&Wanted::Content(&files), Some(version)).await }
    };
    search.within(limit, look).await;
    search.holders(location.clone())
}

/// Finds what else holds files of the head that are about to go, as far as that is found within a time limit.
pub(super) async fn holders_of_head_files(
    store: &Store<AwsBucket>,
    paths: &[ConfigPath],
    entries: &[FileEntry],
    location: &Location,
    limit: Duration,
) -> Holders {
    let mut search = Search::new(store, MOST_MANIFESTS);
    let files: HashMap<_, _> = entries.iter().map(|entry| (entry.sha256, entry.size)).collect();
    if !files.is_empty() {
        let wanted = Wanted::Content(&files);
        search.within(limit, async |search: &mut Search<'_>| search.all(&wanted, None).await).await;
    }
    let goes = |holder: &Holder| {
        holder.version.is_none() && holder.context == location.context && paths.contains(&holder.path)
    };
    search.found.retain(|holder| !goes(holder));
    search.holders(location.clone())
}
