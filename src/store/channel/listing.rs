//! Which channels there are, and where they point.

use std::collections::HashMap;

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};

use super::Channel;
use crate::name::{ChannelName, Digest, VersionName};
use crate::ordered::Ordered as _;
use crate::s3::Bucket;
use crate::store::{CONCURRENCY, Conflict, Error, Store};

/// A channel as a listing finds it.
#[derive(Debug, Clone)]
pub struct ListedChannel {
    /// Its name.
    pub name: ChannelName,
    /// What lies there, or why it cannot be read.
    pub channel: Result<Channel, Error>,
}

impl ListedChannel {
    /// What it points at; none where it cannot be read, too.
    #[must_use]
    pub fn target(&self) -> Option<(&VersionName, Digest)> {
        self.channel.as_ref().ok()?.target()
    }
}

/// What has become of the version that a channel points at, since the channel was moved to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetNow {
    /// It is what it was.
    Unchanged,
    /// It was overwritten, so that pulls of the channel fail.
    Overwritten,
    /// It is not published any more.
    Gone,
    /// Its manifest is damaged, of a later version of this tool, or cannot be had for what was put there, such as an object
    /// whose KMS key is disabled.
    Unreadable,
    /// Whoever asks may not read its manifest.
    Unknown,
}

impl TargetNow {
    /// The word for it in JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unchanged => "unchanged",
            Self::Overwritten => "overwritten",
            Self::Gone => "gone",
            Self::Unreadable => "unreadable",
            Self::Unknown => "unknown",
        }
    }
}

impl<B: Bucket> Store<B> {
    /// The names of the channels, in order. A page of a listing for every thousand.
    ///
    /// # Errors
    /// Those of the listing.
    pub async fn channels(&self) -> Result<Vec<ChannelName>, Error> {
        let prefix = self.keys().channels_prefix();
        let listed = self.bucket().list(&prefix).await?;
        let name = |key: &str| ChannelName::new(key.strip_prefix(&prefix)?.strip_suffix(".json")?).ok();
        let mut names: Vec<_> = listed.iter().filter_map(|object| name(object.key.as_str())).collect();
        names.sort_unstable();
        Ok(names)
    }

    /// All channels, in the order of their names: a listing, and a request for each.
    ///
    /// # Errors
    /// Those of the listing, and of requests that fail for another reason than what lies there.
    pub async fn all_channels(&self) -> Result<Vec<ListedChannel>, Error> {
        let read = self.channels().await?.into_iter().map(|name| async {
            match self.channel(&name).await {
                Ok(channel) => Ok(channel.map(|stored| ListedChannel { name, channel: Ok(stored.value) })),
                Err(error @ (Error::Integrity(_) | Error::Newer(_))) => {
                    Ok(Some(ListedChannel { name, channel: Err(error) }))
                }
                Err(error) => Err(error),
            }
        });
        let read: Vec<_> = stream::iter(read).buffered(CONCURRENCY).try_collect().await?;
        Ok(read.into_iter().flatten().collect())
    }

    /// What has become of what each of these channels points at; none of one that cannot be read or points at nothing.
    /// The manifest of each of the published versions among these is read once, all at the same time.
    ///
    /// # Errors
    /// Those of requests that fail for another reason than a missing right or what lies there.
    pub async fn targets_now(
        &self,
        channels: &[ListedChannel],
        published: &[VersionName],
    ) -> Result<Vec<Option<TargetNow>>, Error> {
        let wanted = channels.iter().filter_map(ListedChannel::target).map(|(version, _)| version).ordered_set();
        // Of a manifest, which may be large, nothing but the digest is kept.
        let read = wanted.into_iter().filter(|version| published.contains(version)).map(|version| async move {
            match self.manifest(Some(version)).await {
                Err(error) if error.denied_action().is_some() => Ok((version, Err(TargetNow::Unknown))),
                Err(Error::Integrity(_) | Error::Newer(_)) => Ok((version, Err(TargetNow::Unreadable))),
                Err(Error::S3(failure)) if failure.may_be_due_to_object() => Ok((version, Err(TargetNow::Unreadable))),
                Err(error) => Err(error),
                Ok(manifest) => Ok((version, Ok(manifest.map(|stored| stored.value.digest())))),
            }
        });
        let digests: HashMap<_, _> = stream::iter(read).buffer_unordered(CONCURRENCY).try_collect().await?;
        let now = |listed: &ListedChannel| {
            let (version, digest) = listed.target()?;
            Some(match digests.get(version) {
                Some(Err(obstacle)) => *obstacle,
                Some(Ok(Some(found))) if *found == digest => TargetNow::Unchanged,
                Some(Ok(Some(_))) => TargetNow::Overwritten,
                Some(Ok(None)) | None => TargetNow::Gone,
            })
        };
        Ok(channels.iter().map(now).collect())
    }

    /// The channels that point at a version, as far as they can be read, each with the digest that it had when the channel
    /// was moved to it: for people to look at.
    ///
    /// # Errors
    /// Those of the requests.
    pub async fn readable_pointers(&self, version: &VersionName) -> Result<Vec<(ChannelName, Digest)>, Error> {
        let pointer = |listed: ListedChannel| {
            let (target, digest) = listed.target()?;
            (target == version).then(|| (listed.name.clone(), digest))
        };
        Ok(self.all_channels().await?.into_iter().filter_map(pointer).collect())
    }

    /// The channels that point at any of these versions, each with its version, as far as they may be listed and can be
    /// read: for a purge that goes past them. One that cannot be read hides no other.
    ///
    /// # Errors
    /// A channel of a later version of this tool, which says more than this one understands, and which the later one can
    /// read; requests that fail for another reason than a missing right or what lies there.
    pub async fn passed_channels_at(&self, versions: &[VersionName]) -> Result<Vec<(ChannelName, VersionName)>, Error> {
        let names = match self.channels().await {
            Err(error) if error.denied_action().is_some() => return Ok(Vec::new()),
            names => names?,
        };
        let read = names.into_iter().map(|name| async {
            match self.channel(&name).await {
                Ok(channel) => Ok(channel.and_then(|channel| pointing(name, &channel.value, versions))),
                Err(Error::Integrity(_)) => Ok(None),
                Err(Error::S3(failure)) if failure.may_be_due_to_object() => Ok(None),
                Err(error) => Err(error),
            }
        });
        let read: Vec<_> = stream::iter(read).buffered(CONCURRENCY).try_collect().await?;
        Ok(read.into_iter().flatten().collect())
    }

    /// The channels that point at any of these versions, each with its version.
    ///
    /// # Errors
    /// A channel that cannot be read, since nobody knows where it points; those of the requests.
    pub async fn channels_at(&self, versions: &[VersionName]) -> Result<Vec<(ChannelName, VersionName)>, Error> {
        let mut found = Vec::new();
        for ListedChannel { name, channel } in self.all_channels().await? {
            found.extend(pointing(name, &channel?, versions));
        }
        Ok(found)
    }

    /// Refuses to purge what channels point at. When the versions are claimed for that, whoever moves a channel to one of
    /// them after this look finds the claim.
    ///
    /// # Errors
    /// [`Conflict::PointedAt`]; a channel that cannot be read; those of the requests.
    pub async fn refuse_pointed_at(&self, versions: &[VersionName]) -> Result<(), Error> {
        let channels = self.channels_at(versions).await?;
        if channels.is_empty() { Ok(()) } else { Err(Conflict::PointedAt { channels }.into()) }
    }
}

/// A channel with what it points at, if that is one of these.
fn pointing(name: ChannelName, channel: &Channel, versions: &[VersionName]) -> Option<(ChannelName, VersionName)> {
    let (target, _) = channel.target()?;
    versions.contains(target).then(|| (name, target.clone()))
}
