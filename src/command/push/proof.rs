//! Whether what was pushed is in the bucket, before what it was read from is deleted.

use super::pushed::{KeepsLocal, PushedFile};
use crate::name::{ConfigPath, VersionName};
use crate::s3::Bucket;
use crate::store::{Error, Inspected, Manifest, Store};

/// Looks at the manifest and at the objects of the files whose local copies are to be deleted, and notes which of them
/// are not what was pushed. An answer to a put is not taken for proof: what stands in front of S3 may have made it up.
pub(super) async fn look_at_deleted<B: Bucket>(
    store: &Store<B>,
    version: Option<&VersionName>,
    files: &mut [PushedFile],
) {
    let paths: Vec<_> =
        files.iter().filter(|file| file.deletes_local && file.stored.is_some()).map(|file| file.path.clone()).collect();
    if paths.is_empty() {
        return;
    }
    let looked = look(store, version, &paths).await;
    for file in files.iter_mut().filter(|file| paths.contains(&file.path)) {
        file.keeps_local = match &looked {
            Err(error) => Some(KeepsLocal::Unknown(error.clone())),
            Ok((manifest, _)) if manifest.entry(&file.path).is_none_or(|entry| entry.sha256 != file.digest) => {
                Some(KeepsLocal::NotListed)
            }
            Ok((_, inspected)) => {
                let flaw = inspected.iter().find(|found| found.path == file.path).and_then(|found| found.flaw.clone());
                flaw.map(KeepsLocal::Flaw)
            }
        };
    }
}

async fn look<B: Bucket>(
    store: &Store<B>,
    version: Option<&VersionName>,
    paths: &[ConfigPath],
) -> Result<(Manifest, Vec<Inspected>), Error> {
    let manifest = store.existing_manifest(version).await?;
    let inspected = store.inspect(version, &manifest, paths).await?;
    Ok((manifest, inspected))
}
