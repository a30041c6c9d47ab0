//! What a mover looks at of the version that a channel is to point at, before its put and after.

use futures_util::future::join;

use crate::name::{ChannelName, Digest, VersionName};
use crate::s3::Bucket;
use crate::store::claim::{Claim, Claimed};
use crate::store::{Conflict, Error, Integrity, Missing, Store};

/// What has become of a version that a channel was moved to.
enum State {
    Published(Digest),
    /// With whatever is left of it.
    Purging,
    Gone,
}

impl<B: Bucket> Store<B> {
    /// The digest of a version that a channel may be moved to.
    ///
    /// # Errors
    /// [`Missing::Version`] where it is not published, [`Conflict::Purging`] where it is being purged,
    /// [`Integrity::Unexpected`] where it has another digest than was reviewed; those of the requests.
    pub(super) async fn target_digest(&self, version: &VersionName, expect: Option<Digest>) -> Result<Digest, Error> {
        let (found, purge) = join(self.existing_manifest(Some(version)), self.claim_of_purge(version)).await;
        let found = found?.digest();
        if let Some(Claim { created_at, source, .. }) = purge? {
            return Err(Conflict::Purging { version: version.clone(), created_at, source }.into());
        }
        match expect {
            Some(expected) if expected != found => {
                Err(Integrity::Unexpected { version: Some(version.clone()), expected, found }.into())
            }
            _ => Ok(found),
        }
    }

    /// Looks once more, when the channel has been moved. A purge swaps the claim first and then looks at the channels;
    /// a mover moves the channel first and then looks at the claim. So one of the two notices the other.
    ///
    /// # Errors
    /// [`Missing::MovedTarget`] and [`Integrity::MovedTarget`]: it was moved, and its target is going. Those of the
    /// requests.
    pub(super) async fn look_at_target_again(
        &self,
        channel: &ChannelName,
        (version, expected): (&VersionName, Digest),
    ) -> Result<(), Error> {
        let (channel, version) = (channel.clone(), version.clone());
        match self.state_of_target(&version).await? {
            State::Published(found) if found == expected => Ok(()),
            State::Published(found) => Err(Integrity::MovedTarget { channel, version, expected, found }.into()),
            State::Purging => Err(Missing::MovedTarget { channel, version, is_purging: true }.into()),
            State::Gone => Err(Missing::MovedTarget { channel, version, is_purging: false }.into()),
        }
    }

    async fn state_of_target(&self, version: &VersionName) -> Result<State, Error> {
        let (manifest, purge) = join(self.manifest(Some(version)), self.claim_of_purge(version)).await;
        Ok(match (purge?, manifest?) {
            (Some(_), _) => State::Purging,
            (None, Some(manifest)) => State::Published(manifest.value.digest()),
            (None, None) => State::Gone,
        })
    }

    /// The claim of a purge of the version, if there is one. A claim that cannot be read is no purge's: those are this
    /// tool's own.
    async fn claim_of_purge(&self, version: &VersionName) -> Result<Option<Claim>, Error> {
        match self.read_claim(version).await {
            Ok(claim) => Ok(claim.map(|claim| claim.value).filter(|claim| claim.digest == Claimed::Purge)),
            Err(Error::Integrity(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
