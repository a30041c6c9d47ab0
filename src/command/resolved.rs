use crate::error::Error;
use crate::name::{ChannelName, Digest, VersionName, VersionRequest};
use crate::s3::{AwsBucket, Key};
use crate::store::{self, Channel, Integrity, Manifest, Missing, Store};

/// What was asked for, as it was found: a version or the head.
#[derive(Debug, Clone)]
pub(super) struct Resolved {
    /// None for the head.
    pub(super) version: Option<VersionName>,
    /// The channel that points at it, where one was asked for.
    pub(super) pointed_at: Option<PointedAt>,
}

/// The channel that points at a version.
#[derive(Debug, Clone)]
pub(super) struct PointedAt {
    channel: ChannelName,
    version: VersionName,
    digest: Digest,
}

impl Resolved {
    /// Finds what is asked for: requirements and channels with a request more.
    ///
    /// # Errors
    /// Nothing matches, there is no such channel, or it points at nothing; those of the requests.
    pub(super) async fn find(store: &Store<AwsBucket>, asked: &VersionRequest) -> Result<Self, store::Error> {
        let version = match asked {
            VersionRequest::Head => None,
            VersionRequest::Exact(name) => Some(name.clone()),
            VersionRequest::Matching(requirement) => Some(store.resolve(requirement).await?),
            VersionRequest::Channel(name) => {
                let channel = store.existing_channel(name).await?;
                let (version, digest) = channel.existing_target()?;
                let pointed_at = PointedAt::new(name, version, digest);
                return Ok(Self { version: Some(version.clone()), pointed_at: Some(pointed_at) });
            }
        };
        Ok(Self { version, pointed_at: None })
    }

    /// Its manifest, which must be there, and as it was when a channel was moved to it.
    ///
    /// # Errors
    /// What is published instead; those of [`require`](Self::require) and of the request.
    pub(super) async fn manifest(&self, store: &Store<AwsBucket>) -> Result<Manifest, store::Error> {
        let manifest = store.manifest(self.version.as_ref()).await?.map(|stored| stored.value);
        self.require(manifest.as_ref())?;
        match manifest {
            Some(manifest) => Ok(manifest),
            None => Err(store.nothing_at(self.version.as_ref(), Vec::new()).await?),
        }
    }

    /// The channel that points at it, where one was asked for.
    pub(super) fn channel(&self) -> Option<&ChannelName> {
        self.pointed_at.as_ref().map(|pointed_at| &pointed_at.channel)
    }

    /// The digest that it must have, where a channel points at it.
    pub(super) fn digest(&self) -> Option<Digest> {
        self.pointed_at.as_ref().map(|pointed_at| pointed_at.digest)
    }

    /// Refuses what is not as it was when a channel was moved to it, where a channel was asked for.
    ///
    /// # Errors
    /// [`Missing::DeadTarget`](store::Missing::DeadTarget),
    /// [`Integrity::ChannelTarget`](store::Integrity::ChannelTarget).
    pub(super) fn require(&self, manifest: Option<&Manifest>) -> Result<(), store::Error> {
        self.pointed_at.as_ref().map_or(Ok(()), |pointed_at| pointed_at.require(manifest))
    }

    /// An error of it, naming the channel where one was asked for and the version is damaged, or not there any more.
    pub(super) fn told(&self, error: impl Into<Error>) -> Error {
        match &self.pointed_at {
            Some(pointed_at) => pointed_at.told(error.into()),
            None => error.into(),
        }
    }

    /// As [`told`](Self::told), of what moves another channel to it and so is about other objects, too: whose version was
    /// overwritten is not what was reviewed.
    pub(super) fn told_of_move(&self, error: store::Error, manifest: &Key) -> Error {
        let Some(pointed_at) = &self.pointed_at else { return error.into() };
        let store::Error::Integrity(integrity) = &error else { return pointed_at.told(error.into()) };
        match **integrity {
            Integrity::Unexpected { expected, found, .. } if expected == pointed_at.digest => {
                let (channel, version) = (pointed_at.channel.clone(), pointed_at.version.clone());
                store::Error::from(Integrity::ChannelTarget { channel, version, expected, found }).into()
            }
            Integrity::Damaged { ref key, .. } if key == manifest => pointed_at.told(error.into()),
            _ => error.into(),
        }
    }
}

impl PointedAt {
    pub(super) fn new(channel: &ChannelName, version: &VersionName, digest: Digest) -> Self {
        Self { channel: channel.clone(), version: version.clone(), digest }
    }

    /// As [`Resolved::told`].
    fn told(&self, error: Error) -> Error {
        let is_gone = match error.of_store() {
            Some(store::Error::Missing(missing)) => match &**missing {
                Missing::Version { version, .. } => *version == self.version,
                Missing::Unpublished { version, .. } => version.as_ref() == Some(&self.version),
                _ => false,
            },
            _ => false,
        };
        if is_gone {
            let (channel, version) = (self.channel.clone(), self.version.clone());
            return store::Error::from(Missing::DeadTarget { channel, version }).into();
        }
        error.of_target(&self.channel, &self.version)
    }

    /// As [`Resolved::require`].
    pub(super) fn require(&self, manifest: Option<&Manifest>) -> Result<(), store::Error> {
        Channel::require_target(&self.channel, (&self.version, self.digest), manifest)
    }
}
