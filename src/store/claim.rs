use serde::{Deserialize, Serialize};

use super::document::{SCHEMA, Stored, document_put};
use super::field::{Grammar, first_broken, is_id, is_time};
use super::standstill::Standstill;
use super::{Conflict, Error, Integrity, PushInfo, PushSource, Store};
use crate::name::{Digest, VersionName};
use crate::s3::{Bucket, Condition, Key, Put, PutAnswer};

/// How often a claim that comes and goes is tried again.
const ATTEMPTS: u32 = 8;

/// Which content is being pushed under a version's name, and by whom. It stays when the push is done.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Claim {
    schema: u64,
    context: String,
    version: VersionName,
    pub(super) digest: Claimed,
    pub(super) push_id: String,
    pub(super) created_at: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) source: Option<PushSource>,
}

impl Claim {
    /// The first of the fields that only people read, and that is not what it must be.
    fn broken_field(&self) -> Option<&'static str> {
        let own: [(_, Option<&str>, Grammar); 2] =
            [("created_at", Some(&self.created_at), is_time), ("push_id", Some(&self.push_id), is_id)];
        first_broken(own).or_else(|| self.source.as_ref()?.broken_field())
    }
}

/// What a name is claimed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(super) enum Claimed {
    /// A configuration of this digest.
    Content(Digest),
    /// Being purged: no push may touch it.
    Purge,
}

impl TryFrom<String> for Claimed {
    type Error = crate::name::NameError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text == "purge" { Ok(Self::Purge) } else { Digest::from_hex(&text).map(Self::Content) }
    }
}

impl From<Claimed> for String {
    fn from(claimed: Claimed) -> Self {
        match claimed {
            Claimed::Content(digest) => digest.to_string(),
            Claimed::Purge => "purge".to_owned(),
        }
    }
}

impl<B: Bucket> Store<B> {
    /// Puts the claim.
    pub(super) async fn put_claim(
        &self,
        version: &VersionName,
        claimed: Claimed,
        info: &PushInfo,
        condition: Condition,
    ) -> Result<PutAnswer, Error> {
        Ok(self.bucket.put(&self.claim_put(version, claimed, info, condition)?).await?)
    }

    /// Puts a claim as it once stood.
    pub(super) async fn restore_claim(
        &self,
        version: &VersionName,
        claim: &Claim,
        info: &PushInfo,
        condition: Condition,
    ) -> Result<PutAnswer, Error> {
        self.put_document(self.keys.claim(version)?, claim, Some(version), info, condition).await
    }

    pub(super) fn claim_put(
        &self,
        version: &VersionName,
        claimed: Claimed,
        info: &PushInfo,
        condition: Condition,
    ) -> Result<Put, Error> {
        let claim = Claim {
            schema: SCHEMA,
            context: self.keys.context().to_string(),
            version: version.clone(),
            digest: claimed,
            push_id: info.push_id.clone(),
            created_at: info.created_at.clone(),
            source: info.source.clone(),
        };
        document_put(self.keys.claim(version)?, &claim, Some(version), info, condition)
    }

    /// Refuses a service that ignores conditions, once the claim stands.
    pub(super) async fn prove_conditions_on_claim(
        &self,
        version: &VersionName,
        digest: Digest,
        info: &PushInfo,
    ) -> Result<(), Error> {
        self.prove_conditions(|| self.claim_put(version, Claimed::Content(digest), info, Condition::Create)).await
    }

    pub(super) async fn read_claim(&self, version: &VersionName) -> Result<Option<Stored<Claim>>, Error> {
        let key = self.keys.claim(version)?;
        self.read_document::<Claim>(&key).await?.map(|claim| checked(claim, &key)).transpose()
    }

    /// Refuses a version that is being purged, while its manifest still stands. A claim that could be put is no
    /// purge's.
    pub(super) async fn refuse_purge(&self, version: &VersionName, first: &PutAnswer) -> Result<(), Error> {
        if matches!(first, PutAnswer::Written(_)) {
            return Ok(());
        }
        match self.read_claim(version).await? {
            Some(Stored { value: Claim { digest: Claimed::Purge, created_at, source, .. }, .. }) => {
                Err(Conflict::Purging { version: version.clone(), created_at, source }.into())
            }
            _ => Ok(()),
        }
    }

    /// Goes on from the answer to the first put of the claim until the name is claimed for this content, or refuses.
    /// With `overwrite` a claim for other content is swapped; a purge's never is.
    pub(super) async fn settle_claim(
        &self,
        version: &VersionName,
        digest: Digest,
        info: &PushInfo,
        first: PutAnswer,
        overwrite: bool,
    ) -> Result<(), Error> {
        let mut answer = first;
        let mut standstill = Standstill::new();
        for attempt in 1..=ATTEMPTS {
            if matches!(answer, PutAnswer::Written(_)) {
                return Ok(());
            }
            // What it says of itself is checked where it is shown: an overwrite goes past whatever it says there.
            let key = self.keys.claim(version)?;
            let condition = match self.read_document::<Claim>(&key).await {
                // Whatever cannot be read is no purge's: those are this tool's own.
                Err(error) if overwrite => Condition::Replace(error.damaged_state().cloned().ok_or(error)?),
                Err(error) => return Err(error),
                // Purged since: put again.
                Ok(None) => Condition::Create,
                Ok(Some(claim)) if claim.value.digest == Claimed::Content(digest) => return Ok(()),
                Ok(Some(claim)) if overwrite && claim.value.digest != Claimed::Purge => Condition::Replace(claim.etag),
                Ok(Some(claim)) => {
                    let Claim { digest, created_at, source, .. } = checked(claim, &key)?.value;
                    let version = version.clone();
                    return Err(Error::from(match digest {
                        Claimed::Purge => Conflict::Purging { version, created_at, source },
                        Claimed::Content(_) => Conflict::Claimed { version, created_at, source },
                    }));
                }
            };
            let state = Some(&condition).filter(|condition| **condition != Condition::Create).cloned();
            standstill.note(state).map_err(|refused| self.refuses(refused, &key))?;
            if attempt > 1 {
                self.backoff.wait(attempt).await;
            }
            answer = self.put_claim(version, Claimed::Content(digest), info, condition).await?;
        }
        if matches!(answer, PutAnswer::Written(_)) {
            return Ok(());
        }
        Err(Conflict::KeepsChanging { key: self.keys.claim(version)? }.into())
    }
}

/// A claim whose fields may be shown.
fn checked(claim: Stored<Claim>, key: &Key) -> Result<Stored<Claim>, Error> {
    let Some(field) = claim.value.broken_field() else { return Ok(claim) };
    let why = format!("its field `{field}` is not what it must be");
    Err(Integrity::Damaged { key: key.clone(), why, etag: None }.into())
}
