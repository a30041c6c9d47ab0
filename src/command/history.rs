//! What the commands that tell of versions have in common: the context that they ask about, and how one version is
//! compared with another by their manifests.

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::stream::{self, StreamExt as _};

use super::catalogs::{self, Loaded};
use super::changes::{Changes, ComparedFile, Comparing, FileChange, Obstacle};
use super::deadline::Deadline;
use super::{Location, Note, target};
use crate::error::Error;
use crate::name::{ConfigPath, Context, VersionName};
use crate::request::{RunInfo, Target};
use crate::s3::{AwsBucket, Budget};
use crate::store::{self, Manifest, Store};
use crate::workspace::Workspace;

/// How many bodies are read at once for their keys: all of them together may be as large as the files of a pull.
const BODIES: usize = 16;

/// The context of a bucket that a command asks about.
pub(super) struct Opened {
    pub(super) catalog: Loaded,
    pub(super) context: Context,
    pub(super) bucket: String,
    pub(super) store: Store<AwsBucket>,
}

impl Opened {
    /// Finds it, and opens connections for so many requests.
    pub(super) async fn new(
        target: &Target,
        run: &RunInfo,
        workspace: &Workspace,
        deadline: &Arc<Deadline>,
        requests: usize,
    ) -> Result<Self, Error> {
        let catalog = deadline.watch(|| catalogs::load(target, workspace))?;
        let context = target::context(target, run, &catalog)?;
        let bucket = target::only_bucket(target, &context, &catalog)?;
        let session = target.connection.open(Arc::clone(deadline) as _).await?;
        let store = target::store(target, &session, &context, &bucket).await?;
        store.bucket().open_ahead(requests).await;
        session.sign_in().await?;
        Ok(Self { catalog, context, bucket, store })
    }

    /// Where a version, or the head, is.
    pub(super) fn location(&self, version: Option<&VersionName>) -> Location {
        let manifest = self.store.keys().manifest(version).ok().map(|key| key.to_string());
        Location::new(&self.context, &self.bucket, version.map_or("head", VersionName::as_str), manifest)
    }

    /// The note that there is no version.
    pub(super) fn nothing_published(&self) -> Note {
        let (context, bucket) = (self.context.clone(), self.bucket.clone());
        Note::NothingPublished { context, bucket, in_catalog: self.versions_in_catalog() }
    }

    /// The versions that the catalog names, the newest first.
    pub(super) fn versions_in_catalog(&self) -> Vec<VersionName> {
        self.catalog.versions()
    }
}

/// The files in which one state differs from what came before it, if something did, by their manifests alone.
pub(super) fn files_that_differ(before: Option<&Manifest>, after: &Manifest) -> Vec<FileChange> {
    let side = |manifest: Option<&Manifest>| -> Vec<_> {
        manifest.into_iter().flat_map(|manifest| &manifest.files).map(ComparedFile::from_entry).collect()
    };
    Comparing { separator: "", with_values: false }.files(&side(before), &side(Some(after)))
}

/// One side of a comparison by key.
pub(super) struct Side<'a> {
    /// None for the head.
    pub(super) version: Option<&'a VersionName>,
    pub(super) manifest: &'a Manifest,
}

impl Side<'_> {
    /// Its files, with the bytes of those that changed.
    pub(super) async fn files(
        &self,
        store: &Store<AwsBucket>,
        changed: &[FileChange],
        budget: &Budget,
    ) -> Vec<ComparedFile> {
        let is_changed = |path: &ConfigPath| changed.iter().any(|file| file.path == *path);
        let entries = self.manifest.files.iter().filter(|entry| is_changed(&entry.path));
        let bodies = stream::iter(entries).map(|entry| async move {
            let body = store.body_of(self.version, entry, budget).await;
            (&entry.path, body.map_err(|error| obstacle(&error)))
        });
        let mut bodies: HashMap<_, _> = bodies.buffer_unordered(BODIES).collect().await;
        let file = |entry| {
            let file = ComparedFile::from_entry(entry);
            match bodies.remove(&file.path) {
                Some(content) => ComparedFile { content, ..file },
                None => file,
            }
        };
        self.manifest.files.iter().map(file).collect()
    }
}

/// Why something of a comparison could not be had.
pub(super) fn obstacle(error: &store::Error) -> Obstacle {
    error.denied_action().map_or(Obstacle::Unreadable, Obstacle::Denied)
}

/// The files that differ, and from which version; none of the first state of all.
pub(super) fn changes(version_before: Option<&VersionName>, files: Vec<FileChange>) -> Changes {
    Changes { version_before: version_before.cloned(), files }
}
