//! Whether the keys of a version are what its number promises beside the versions that it is tied to: `^1.2` is a
//! promise that every version which it allows has the keys of 1.2, with values of their types.

use std::collections::HashMap;

use futures_util::future::try_join_all;

use super::changes::ComparedFile;
use crate::config::{BrokenFile, FileKeys, FileType, KeyTypes, broken_files, key_types};
use crate::name::{ConfigPath, MayChange, VersionName};
use crate::s3::{Bucket, Budget};
use crate::store::{self, Fetch, MAX_TOTAL_BYTES, Manifest, Missing, Store};

/// Two versions, of which the later one does not keep what the numbers of both promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenPromise {
    /// The earlier version.
    pub old: VersionName,
    /// The later version.
    pub new: VersionName,
    /// Where the later one differs in more than it may; one or more.
    pub files: Vec<BrokenFile>,
}

impl BrokenPromise {
    /// What would have to be allowed between the two.
    #[must_use]
    pub fn needs(&self) -> MayChange {
        self.files.iter().map(BrokenFile::needs).max().unwrap_or(MayChange::Values)
    }
}

/// What of two versions is broken, given their files in any order. Files that are the same, and files whose bytes are
/// not had or that cannot be read, break nothing. One that is not read any more has lost all its keys.
pub(super) fn broken_promise(
    (one, its): (&VersionName, &[ComparedFile]),
    (other, others): (&VersionName, &[ComparedFile]),
    separator: &str,
) -> Option<BrokenPromise> {
    let (old, new, old_files, new_files, may) = match one.may_change_until(other) {
        Some(may) => (one, other, its, others, may),
        None => (other, one, others, its, other.may_change_until(one)?),
    };
    let keys = |files: &[ComparedFile], beside: &[ComparedFile]| -> FileKeys {
        let others: HashMap<_, _> = beside.iter().map(|other| (&other.path, other)).collect();
        let of = |file: &ComparedFile| {
            if file.file_type == FileType::Raw {
                return Some(KeyTypes::new());
            }
            let with_same_bytes = others.get(&file.path).filter(|other| other.digest == file.digest);
            if with_same_bytes.is_some_and(|other| other.file_type == file.file_type) {
                return None;
            }
            let content = file.content.as_ref().ok().or_else(|| with_same_bytes?.content.as_ref().ok())?;
            key_types(file.file_type, content.expose(), separator).ok()
        };
        files.iter().map(|file| (file.path.clone(), of(file))).collect()
    };
    let files = broken_files(&keys(old_files, new_files), &keys(new_files, old_files), may);
    (!files.is_empty()).then(|| BrokenPromise { old: old.clone(), new: new.clone(), files })
}

/// What a version of these files breaks beside the published versions that its number ties it to, or has broken
/// already. It takes two trips: the names, then manifests and files. One that is published already under this name is
/// none of them.
///
/// # Errors
/// Those of the requests.
pub(super) async fn broken_promises<B: Bucket>(
    store: &Store<B>,
    version: &VersionName,
    files: &[ComparedFile],
    published: &[VersionName],
    separator: &str,
) -> Result<Vec<BrokenPromise>, store::Error> {
    let paths: Vec<_> = files.iter().map(|file| file.path.clone()).collect();
    let budget = Budget::new(MAX_TOTAL_BYTES);
    let neighbours = version.promised_neighbours(published);
    let read = neighbours.iter().map(|neighbour| files_of(store, neighbour, &paths, &budget));
    let read = try_join_all(read).await?;
    let pairs = neighbours.iter().zip(&read);
    let broken = |(neighbour, theirs): (&VersionName, &Option<Vec<ComparedFile>>)| {
        broken_promise((version, files), (neighbour, theirs.as_deref()?), separator)
    };
    Ok(pairs.filter_map(broken).collect())
}

/// The files of a version, with the bytes of those at these paths; none where it has been purged.
async fn files_of<B: Bucket>(
    store: &Store<B>,
    version: &VersionName,
    paths: &[ConfigPath],
    budget: &Budget,
) -> Result<Option<Vec<ComparedFile>>, store::Error> {
    let fetch =
        Fetch { version: Some(version), known: paths, accept_unmanaged: false, leave_out_missing: false, budget };
    let common = |manifest: Option<&Manifest>| {
        // Nobody has to be told what else there is.
        let manifest = manifest.ok_or_else(|| {
            let context = store.keys().context().clone();
            store::Error::from(Missing::Head { context, keys: Vec::new(), published: None })
        })?;
        Ok::<_, store::Error>(paths.iter().filter(|path| manifest.entry(path).is_some()).cloned().collect())
    };
    match store.fetch(fetch, common).await {
        Ok(fetched) => {
            let mut files: Vec<_> = fetched.files.iter().map(ComparedFile::from_fetched).collect();
            let entries = fetched.manifest.iter().flat_map(|manifest| &manifest.files);
            files.extend(entries.filter(|entry| !paths.contains(&entry.path)).map(ComparedFile::from_entry));
            Ok(Some(files))
        }
        Err(error) if error.is_nothing_published() => Ok(None),
        Err(error) => Err(error),
    }
}
