//! A pull of a channel: first the channel, then what it points at.

use super::Channel;
use crate::name::{ChannelName, Digest, VersionName};
use crate::s3::Bucket;
use crate::store::{Error, Integrity, Manifest, Missing, Store};

/// How often a pull starts over since the channel was moved meanwhile.
const ATTEMPTS: usize = 10;

impl<B: Bucket> Store<B> {
    /// Reads a channel, and does something with what it points at. Where that is gone, or no longer what it was, the
    /// channel is read once more: if it has been moved, it starts over. `is_target_lost` says whether an error is of
    /// that kind.
    ///
    /// # Errors
    /// [`Missing::Channel`] where there is no such channel, [`Missing::NoTarget`] where it points at nothing; those of
    /// `work`.
    pub async fn follow<T, E: From<Error>>(
        &self,
        name: &ChannelName,
        work: impl AsyncFn(&VersionName, Digest) -> Result<T, E>,
        is_target_lost: impl Fn(&E) -> bool,
    ) -> Result<(Channel, T), E> {
        let mut channel = self.existing_channel(name).await?;
        for attempt in 1.. {
            let (version, digest) = channel.existing_target()?;
            let error = match work(version, digest).await {
                Ok(done) => return Ok((channel, done)),
                Err(error) => error,
            };
            if attempt == ATTEMPTS || !is_target_lost(&error) {
                return Err(error);
            }
            let now = self.existing_channel(name).await?;
            if now.push_id() == channel.push_id() {
                return Err(error);
            }
            channel = now;
        }
        Err(self.no_channel(name).await.into())
    }

    /// A channel, which must be there.
    ///
    /// # Errors
    /// [`Missing::Channel`], which says which channels there are instead; those of [`channel`](Self::channel).
    pub async fn existing_channel(&self, name: &ChannelName) -> Result<Channel, Error> {
        match self.channel(name).await? {
            Some(stored) => Ok(stored.value),
            None => Err(self.no_channel(name).await),
        }
    }

    /// Whether there is a channel, whatever it says.
    ///
    /// # Errors
    /// Those of the request, but for a denial: who may not read channels has none.
    pub async fn has_channel(&self, name: &ChannelName) -> Result<bool, Error> {
        match self.channel(name).await {
            Ok(found) => Ok(found.is_some()),
            Err(Error::Integrity(_) | Error::Newer(_)) => Ok(true),
            Err(error) if error.denied_action().is_some() => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The channel that was probably meant by a word that names no version, where that can be found out. Nobody is
    /// asked about a number.
    pub(in crate::store) async fn channel_named(&self, version: &VersionName) -> Option<ChannelName> {
        let is_number = version.is_release() || version.completed().is_some();
        let name = ChannelName::new(version.as_str()).ok().filter(|_| !is_number)?;
        self.has_channel(&name).await.is_ok_and(|is_there| is_there).then_some(name)
    }

    /// The error for a channel that was never moved.
    pub(super) async fn no_channel(&self, name: &ChannelName) -> Error {
        // Whoever may not list gets the message without.
        let channels = self.channels().await.ok();
        Missing::Channel { context: self.keys().context().clone(), channel: name.clone(), channels }.into()
    }
}

impl Channel {
    /// What it points at.
    ///
    /// # Errors
    /// [`Missing::NoTarget`] where it points at nothing.
    pub fn existing_target(&self) -> Result<(&VersionName, Digest), Error> {
        let none = || Missing::NoTarget { channel: self.name().clone(), current: Box::new(self.current()) };
        self.target().ok_or_else(|| none().into())
    }

    /// Refuses a version that is not what it was when a channel was moved to it, given its manifest, if there is one.
    ///
    /// # Errors
    /// [`Missing::DeadTarget`] and [`Integrity::ChannelTarget`].
    pub fn require_target(
        name: &ChannelName,
        (version, expected): (&VersionName, Digest),
        manifest: Option<&Manifest>,
    ) -> Result<(), Error> {
        let (channel, version) = (name.clone(), version.clone());
        match manifest.map(Manifest::digest) {
            Some(found) if found == expected => Ok(()),
            Some(found) => Err(Integrity::ChannelTarget { channel, version, expected, found }.into()),
            None => Err(Missing::DeadTarget { channel, version }.into()),
        }
    }
}
