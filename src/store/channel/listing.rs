//! Which channels there are, and where they point.

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};

use super::Channel;
use crate::name::{ChannelName, VersionName};
use crate::s3::Bucket;
use crate::store::{CONCURRENCY, Error, Store};

/// A channel as a listing finds it.
#[derive(Debug, Clone)]
pub struct ListedChannel {
    /// Its name.
    pub name: ChannelName,
    /// What lies there, or why it cannot be read.
    pub channel: Result<Channel, Error>,
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

    /// The channels that point at a version, as far as they can be read: for people to look at.
    ///
    /// # Errors
    /// Those of the requests.
    pub async fn readable_channels_at(&self, version: &VersionName) -> Result<Vec<ChannelName>, Error> {
        let points_at_it = |channel: &Channel| channel.target().is_some_and(|(target, _)| target == version);
        let listed = self.all_channels().await?.into_iter();
        let pointing = listed.filter(|listed| listed.channel.as_ref().is_ok_and(points_at_it));
        Ok(pointing.map(|listed| listed.name).collect())
    }

    /// The channels that point at a version.
    ///
    /// # Errors
    /// A channel that cannot be read, since nobody knows where it points; those of the requests.
    pub async fn channels_at(&self, version: &VersionName) -> Result<Vec<ChannelName>, Error> {
        let mut pointing = Vec::new();
        for listed in self.all_channels().await? {
            if listed.channel?.target().is_some_and(|(target, _)| target == version) {
                pointing.push(listed.name);
            }
        }
        Ok(pointing)
    }
}
