//! What lies here, beside what is in the bucket.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use futures_util::future::{join, join_all};

use super::catalogs::{self, Loaded};
use super::deadline::Deadline;
use super::variables::Variables;
use super::{Location, Note, target, working};
use crate::catalog::{Catalog, default_tags};
use crate::error::Error;
use crate::name::{ConfigPath, Digest, VersionName, VersionRequest};
use crate::request::{RunInfo, Target};
use crate::s3::AwsBucket;
use crate::store::{FileEntry, MAX_FILE_BYTES, Manifest, Store};
use crate::workspace::{Workspace, WorkspaceError};

/// The first requests: for the head, the list of versions, and the version that lies here.
const FIRST_REQUESTS: usize = 3;

/// What is remembered of a local file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownFile {
    /// The digest that it was last pulled or pushed with.
    pub sha256: Digest,
    /// The version that it was part of; none for the head.
    pub version: Option<VersionName>,
    /// The digest of the head's file when it was last seen.
    pub head: Option<Digest>,
}

/// What is remembered of local files, by their paths in the bucket, once it is known which bucket and context that is.
pub type Knowledge<'a> = &'a dyn Fn(&Location) -> HashMap<ConfigPath, KnownFile>;

/// Local files and the manifests that they are compared with.
pub(super) struct Beside {
    pub(super) location: Location,
    pub(super) store: Store<AwsBucket>,
    /// The version that was asked for.
    pub(super) asked: Option<VersionName>,
    pub(super) head: Option<Manifest>,
    /// The manifests of the versions that local files were last part of, and of the one that was asked for.
    pub(super) versions: BTreeMap<VersionName, Option<Manifest>>,
    /// The published versions; none where they may not be listed.
    pub(super) published: Option<Vec<VersionName>>,
    pub(super) files: Vec<BesideFile>,
    pub(super) notes: Vec<Note>,
}

/// A file that lies here, or in the bucket.
pub(super) struct BesideFile {
    /// Its path, relative to the catalog.
    pub(super) path: ConfigPath,
    /// Where it lies, or would, in the workspace.
    pub(super) place: ConfigPath,
    pub(super) local: Local,
    pub(super) known: Option<KnownFile>,
}

/// What stands in a file's place.
pub(super) enum Local {
    Nothing,
    File(Digest),
    /// Something that is no file of at most 16 MiB, or cannot be read.
    Other(WorkspaceError),
}

impl Local {
    pub(super) fn digest(&self) -> Option<Digest> {
        if let Self::File(digest) = self { Some(*digest) } else { None }
    }
}

impl Beside {
    /// Reads local files, and asks for manifests: in one round trip, in two where a requirement has to be resolved.
    pub(super) async fn look(
        request: &Target,
        run: &RunInfo,
        workspace: &Workspace,
        knowledge: Knowledge<'_>,
        deadline: &Arc<Deadline>,
    ) -> Result<Self, Error> {
        let catalog = deadline.watch(|| catalogs::load(request, workspace))?;
        let variables = Variables::new(request, run, &**deadline);
        let entries = working::entries(request, variables, &catalog)?;
        let context = target::context(request, run, &catalog)?;
        let bucket = super::push::only(target::buckets(request, &context, &catalog, &entries)?)?;
        let session = request.connection.open(Arc::clone(deadline) as _).await?;
        let store = target::store(request, &session, &context, &bucket).await?;
        store.bucket().open_ahead(FIRST_REQUESTS).await;
        session.sign_in().await?;
        let asked = match &request.version {
            VersionRequest::Head => None,
            VersionRequest::Exact(name) => Some(name.clone()),
            VersionRequest::Matching(requirement) => Some(store.resolve(requirement).await?),
        };
        let version = asked.as_ref().map_or("head", VersionName::as_str);
        let location = Location::new(&context, &bucket, version, None);
        let known = knowledge(&location);
        let mut names: Vec<_> = known.values().filter_map(|known| known.version.clone()).chain(asked.clone()).collect();
        names.sort_unstable();
        names.dedup();
        let manifests = join_all(names.into_iter().map(|name| async {
            let manifest = store.manifest(Some(&name)).await.map(|found| found.map(|stored| stored.value));
            (name, manifest)
        }));
        let (head, (published, manifests)) = join(store.manifest(None), join(store.versions(), manifests)).await;
        let head = head?.map(|stored| stored.value);
        let published = match published {
            Err(error) if error.denied_action().is_some() => None,
            published => Some(published?),
        };
        let mut versions = BTreeMap::new();
        for (name, manifest) in manifests {
            versions.insert(name, manifest?);
        }
        let reference = match &asked {
            Some(version) => versions.get(version).and_then(Option::as_ref),
            None => head.as_ref(),
        };
        let files = deadline.watch(|| files(request, variables, workspace, &catalog, reference, &known))?;
        let links: Vec<_> =
            catalog.catalog.iter().flat_map(Catalog::links).map(|link| link.path.as_str().to_owned()).collect();
        let notes = if links.is_empty() { Vec::new() } else { vec![Note::LinksNotCompared(links)] };
        Ok(Self { location, store, asked, head, versions, published, files, notes })
    }

    /// The entry of a file in a version, as far as its manifest is known.
    pub(super) fn entry_in(&self, version: &VersionName, path: &ConfigPath) -> Option<&FileEntry> {
        self.versions.get(version)?.as_ref()?.entry(path)
    }

    pub(super) fn entry_in_head(&self, path: &ConfigPath) -> Option<&FileEntry> {
        self.head.as_ref()?.entry(path)
    }
}

/// The files that the catalog and the manifest name, and `files` and `tags` choose.
fn files(
    request: &Target,
    variables: Variables<'_>,
    workspace: &Workspace,
    catalog: &Loaded,
    manifest: Option<&Manifest>,
    known: &HashMap<ConfigPath, KnownFile>,
) -> Result<Vec<BesideFile>, Error> {
    let entries = working::entries(request, variables, catalog)?;
    let mut paths = working::candidates(request, variables, workspace, catalog, &entries)?;
    let tagged = |entry: &&FileEntry| request.tags.as_ref().is_none_or(|tags| tags.matches(&entry.tags));
    paths.extend(
        manifest.into_iter().flat_map(|manifest| &manifest.files).filter(tagged).map(|entry| entry.path.clone()),
    );
    let tagged = |path: &&ConfigPath| request.tags.as_ref().is_none_or(|tags| tags.matches(&default_tags(path)));
    paths.extend(known.keys().filter(tagged).cloned());
    paths.sort_unstable();
    paths.dedup();
    let selection = request.files.select(paths, |path| path.as_str());
    if !selection.unmatched.is_empty() && request.tags.is_none() {
        let place = "here, nor in the bucket".to_owned();
        return Err(Error::NoMatch { lines: selection.unmatched, folders: Vec::new(), place });
    }
    let file = |path: ConfigPath| {
        let own = catalogs::below(&path, &catalog.folder)?;
        let alternate = entries.iter().find(|entry| entry.path == path);
        let alternate = alternate.and_then(|entry| entry.file.alternate_path.as_ref());
        let place = match alternate {
            Some(alternate) if !workspace.has(&own) => {
                catalogs::below(&catalogs::resolve(variables, catalog, alternate)?, &catalog.folder)?
            }
            _ => own,
        };
        let local = match workspace.read(&place, MAX_FILE_BYTES) {
            Ok(content) => Local::File(Digest::from_content(content.expose())),
            Err(WorkspaceError::NotFound { .. }) => Local::Nothing,
            Err(error) => Local::Other(error),
        };
        Ok(BesideFile { known: known.get(&path).cloned(), path, place, local })
    };
    selection.files.into_iter().map(file).collect()
}
