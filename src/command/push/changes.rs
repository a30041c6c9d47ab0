//! What a push replaces, to tell what it changes.

use std::collections::HashMap;

use crate::command::Note;
use crate::name::VersionName;
use crate::s3::{Bucket, Budget};
use crate::store::{self, Fetch, FetchedFile, MAX_TOTAL_BYTES, Manifest, Missing, Push, Pushed, Store};

/// What stands where the push will go; none where there is nothing.
///
/// # Errors
/// [`Note::ChangesUnknown`] where it cannot be read: a pusher's role may not be allowed to, and what is there may be
/// broken, which the push is about to fix. Neither is a reason not to push.
pub(super) async fn before<B: Bucket>(
    store: &Store<B>,
    push: &Push,
    version: Option<&VersionName>,
) -> Result<Option<Vec<FetchedFile>>, Note> {
    let budget = Budget::new(MAX_TOTAL_BYTES);
    let fetch = Fetch { version, known: &[], accept_unmanaged: true, leave_out_missing: false, budget: &budget };
    let of_push = |manifest: Option<&Manifest>| {
        // Nobody has to be told what else there is.
        let manifest = manifest.ok_or_else(|| {
            let context = store.keys().context().clone();
            store::Error::from(Missing::Head { context, keys: Vec::new(), published: None })
        })?;
        Ok::<_, store::Error>(
            manifest
                .files
                .iter()
                .map(|entry| entry.path.clone())
                .filter(|path| version.is_some() || push.files.iter().any(|file| file.path == *path))
                .collect(),
        )
    };
    match store.fetch(fetch, of_push).await {
        Ok(fetched) => Ok(Some(fetched.files)),
        Err(error) if error.is_nothing_published() => Ok(None),
        Err(error) => Err(Note::ChangesUnknown { denied: error.denied_action() }),
    }
}

/// Whether what was read before a push is what its swap then replaced.
pub(super) fn replaced(before: &[FetchedFile], done: &Pushed) -> bool {
    let read = before.iter().map(|file| (&file.path, file.entry.as_ref().map_or(file.digest, |entry| entry.sha256)));
    let replaced = done.replaced.iter().flatten().map(|entry| (&entry.path, entry.sha256));
    read.collect::<HashMap<_, _>>() == replaced.collect()
}
