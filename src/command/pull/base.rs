//! What a local file was last pulled or pushed with, for a merge: its bytes, and whether a push took effect.

use std::rc::Rc;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::try_join_all;

use super::pulled::StoredFile;
use crate::cancellation::Cancellation;
use crate::command::cancel::unless_cancelled;
use crate::command::deadline::Deadline;
use crate::command::target;
use crate::error::Error;
use crate::name::{Context, Digest, VersionName};
use crate::observer::Observer;
use crate::request::Target;
use crate::s3::{Budget, S3Version};
use crate::secret::Secret;
use crate::store::{MAX_TOTAL_BYTES, Manifest};

/// What a local file was last pulled or pushed as.
#[derive(Debug, Clone)]
pub struct WantedBase<'a> {
    /// The pulled file: its bucket, its context and its path are those of the base.
    pub of: &'a StoredFile,
    /// The version that had it; none for the head.
    pub version: Option<&'a VersionName>,
    /// Its digest.
    pub sha256: Digest,
    /// Its S3 version.
    pub pin: Option<&'a S3Version>,
}

/// Gets the bytes of files as they once were, in the order of the files; none where they are no longer to be had.
///
/// # Errors
/// Those of the requests.
pub async fn base_bodies(
    request: &Target,
    wanted: &[WantedBase<'_>],
    observer: Arc<dyn Observer>,
    cancellation: &Cancellation,
) -> Result<Vec<Option<Secret<Bytes>>>, Error> {
    let deadline = Deadline::new(request.deadline, observer);
    let work = async {
        let session = request.connection.open(Arc::clone(&deadline) as _).await?;
        session.sign_in().await?;
        let budget = Budget::new(MAX_TOTAL_BYTES);
        let bodies = wanted.iter().map(|wanted| async {
            let WantedBase { of, version, sha256, pin } = wanted;
            let store = target::store(request, &session, &of.context, &of.bucket).await?;
            Ok::<_, Error>(store.body_with_digest(*version, &of.path, *sha256, *pin, &budget).await?)
        });
        try_join_all(bodies).await
    };
    unless_cancelled(cancellation, deadline.keep(Box::pin(work))).await
}

/// Gives pulled files of versions the head's manifests of their contexts, which a pull of a version does not read. A
/// head that may not be read is none.
///
/// # Errors
/// Those of the requests.
pub async fn add_heads(
    request: &Target,
    files: &mut [&mut StoredFile],
    observer: Arc<dyn Observer>,
    cancellation: &Cancellation,
) -> Result<(), Error> {
    let deadline = Deadline::new(request.deadline, observer);
    let work = async {
        let session = request.connection.open(Arc::clone(&deadline) as _).await?;
        session.sign_in().await?;
        let mut known: Vec<(String, Context, Option<Rc<Manifest>>)> = Vec::new();
        for file in files {
            let is_of =
                |(bucket, context, _): &&(String, Context, _)| *bucket == file.bucket && *context == file.context;
            if let Some((_, _, head)) = known.iter().find(is_of) {
                file.head.clone_from(head);
                continue;
            }
            let store = target::store(request, &session, &file.context, &file.bucket).await?;
            let head = match store.manifest(None).await {
                Err(error) if error.denied_action().is_some() => None,
                head => head?.map(|stored| Rc::new(stored.value)),
            };
            file.head.clone_from(&head);
            known.push((file.bucket.clone(), file.context.clone(), head));
        }
        Ok(())
    };
    unless_cancelled(cancellation, deadline.keep(Box::pin(work))).await
}
