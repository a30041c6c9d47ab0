//! What a push would do, found out without doing any of it.

use futures_util::future::join3;

use super::claim::Claimed;
use super::publish::refuse_differences;
use super::{Conflict, Error, Manifest, Push, PushFile, Store};
use crate::name::VersionName;
use crate::s3::Bucket;

impl<B: Bucket> Store<B> {
    /// Whether a push of the head would change anything, given the head's manifest.
    ///
    /// # Errors
    /// What the push would be refused for, as far as the manifest tells.
    pub async fn plan_head(&self, push: &Push, head: Option<&Manifest>) -> Result<bool, Error> {
        self.expected(push, head).await?;
        let differs = |file: &PushFile| {
            head.and_then(|head| head.entry(&file.path)).is_none_or(|entry| !entry.differences(file).is_empty())
        };
        Ok(push.files.iter().any(differs))
    }

    /// Whether a push of a version would change anything.
    ///
    /// # Errors
    /// What the push would be refused for, as far as manifests and claims tell.
    pub async fn plan(&self, push: &Push, version: &VersionName, overwrite: bool) -> Result<bool, Error> {
        let (manifest, claim, twin) =
            join3(self.manifest(Some(version)), self.read_claim(version), self.published_twin(version)).await;
        let (manifest, claim) = (manifest?, claim?.map(|stored| stored.value));
        if manifest.is_none()
            && let Some(published) = twin?
        {
            return Err(Conflict::Twin { version: version.clone(), published }.into());
        }
        if let Some(published) = &manifest
            && !overwrite
        {
            refuse_differences(&published.value, push, version)?;
            return Ok(false);
        }
        if let Some(claim) = claim {
            let version = version.clone();
            let (created_at, source) = (claim.created_at, claim.source);
            match claim.digest {
                Claimed::Purge => return Err(Conflict::Purging { version, created_at, source }.into()),
                Claimed::Content(digest) if digest != push.digest() && !overwrite => {
                    return Err(Conflict::Claimed { version, created_at, source }.into());
                }
                Claimed::Content(_) => {}
            }
        }
        Ok(manifest.is_none_or(|published| !published.value.differences(&push.files).is_empty()))
    }
}
