//! Whether the head is as somebody has seen it, by its manifest alone.

use std::collections::HashMap;
use std::sync::Arc;

use crate::cancellation::Cancellation;
use crate::command::cancel::unless_cancelled;
use crate::command::deadline::Deadline;
use crate::command::target as of_target;
use crate::error::Error;
use crate::name::{ConfigPath, Context};
use crate::observer::Observer;
use crate::request::Target;
use crate::store::{Base, FileEntry};

/// Whether the head lists just the files that were seen, with just those bytes. Where it is not, what has changed may
/// still be here, too.
///
/// # Errors
/// The manifest cannot be read.
pub async fn is_head_as_seen(
    target: &Target,
    (context, bucket): (Context, String),
    seen: &HashMap<ConfigPath, Base>,
    observer: Arc<dyn Observer>,
    cancellation: &Cancellation,
) -> Result<bool, Error> {
    let deadline = Deadline::new(target.deadline, observer);
    let work = Box::pin(async {
        let session = target.connection.open(Arc::clone(&deadline) as _).await?;
        let store = of_target::store(target, &session, &context, &bucket).await?;
        session.sign_in().await?;
        let head = store.manifest(None).await?;
        let is_seen = |entry: &FileEntry| matches!(seen.get(&entry.path), Some(Base::Known(Some(base))) if base.sha256 == entry.sha256);
        Ok(head.is_some_and(|head| head.value.files.len() == seen.len() && head.value.files.iter().all(is_seen)))
    });
    unless_cancelled(cancellation, deadline.keep(work)).await
}
