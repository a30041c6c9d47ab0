//! Local files, beside what is in the bucket.

mod known;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use futures_util::future::{join, join_all};

use super::asked::Asking;
use super::cancel::unless_cancelled;
use super::catalogs::{self, Loaded};
use super::deadline::Deadline;
use super::go_layout::explained;
use super::resolved::Resolved;
use super::variables::Variables;
use super::{Location, Note, target, working};
use crate::cancellation::Cancellation;
use crate::catalog::{Catalog, default_tags};
use crate::error::{Error, UnknownFiles};
use crate::name::{ConfigPath, Digest, VersionName};
use crate::observer::Observer;
use crate::request::{EntrySettings, KmsKeys, RunInfo, Target};
use crate::s3::AwsBucket;
use crate::store::{self, Asked, FileEntry, Integrity, MAX_FILE_BYTES, Manifest, Store};
use crate::workspace::{Workspace, WorkspaceError};

pub use self::known::{Known, KnownFile};

/// The first requests: for the head, the list of versions, and the version that lies here.
const FIRST_REQUESTS: usize = 3;

/// What is remembered, once it is known which bucket and context that is of.
pub type Knowledge<'a> = &'a dyn Fn(&Location) -> Known;

/// What local files are compared by.
#[derive(Clone, Copy)]
pub struct LocalFiles<'a> {
    /// Which files, and with what.
    pub request: &'a Target,
    /// Whether the head is asked for, and not just no version.
    pub names_head: bool,
    /// The KMS keys that a push would be asked to encrypt with.
    pub kms_keys: &'a KmsKeys,
    /// What is known of the run.
    pub run: &'a RunInfo,
    /// Where the files are.
    pub workspace: &'a Workspace,
    /// What the front end remembers of them.
    pub knowledge: Knowledge<'a>,
}

/// Local files and the manifests that they are compared with.
pub(super) struct Beside {
    pub(super) location: Location,
    pub(super) store: Store<AwsBucket>,
    /// The version that was asked for.
    pub(super) asked: Option<VersionName>,
    /// The version that local files are compared with; none for the head.
    pub(super) basis: Option<VersionName>,
    pub(super) head: Option<Manifest>,
    /// The manifests of the versions that local files were last part of, and of the one that was asked for.
    pub(super) versions: BTreeMap<VersionName, Option<Manifest>>,
    /// The published versions; none where they may not be listed.
    pub(super) published: Option<Vec<VersionName>>,
    pub(super) files: Vec<BesideFile>,
    /// Files that the Go cStore has pushed to what they are compared with, and that no manifest of it lists.
    pub(super) unlisted: HashSet<ConfigPath>,
    pub(super) notes: Vec<Note>,
}

/// A file that lies here, or in the bucket.
pub(super) struct BesideFile {
    /// Its path, relative to the catalog.
    pub(super) path: ConfigPath,
    /// Where it lies, or would, in the workspace.
    pub(super) place: ConfigPath,
    pub(super) local: Local,
    /// What a push would ask for of it besides its bytes.
    pub(super) asked: Asked,
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
    /// Compares local files with manifests, and makes something of it, within the deadline and unless the run is
    /// cancelled.
    pub(super) async fn compared<T>(
        local: LocalFiles<'_>,
        observer: Arc<dyn Observer>,
        cancellation: &Cancellation,
        made: impl AsyncFnOnce(Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let deadline = Deadline::new(local.request.deadline, observer);
        // Boxed, since the SDK nests its futures deeper than the compiler cares to lay out.
        let work = Box::pin(async { made(Self::look(local, &deadline).await?).await });
        unless_cancelled(cancellation, deadline.keep(work)).await
    }

    /// Reads local files, and asks for manifests: in one round trip, in two where a requirement has to be resolved.
    async fn look(local: LocalFiles<'_>, deadline: &Arc<Deadline>) -> Result<Self, Error> {
        let LocalFiles { request, names_head, run, workspace, knowledge, .. } = local;
        let catalog = deadline.watch(|| catalogs::load(request, workspace))?;
        let variables = Variables::new(request, run, &**deadline);
        let entries = working::entries(request, variables, &catalog)?;
        let context = target::context(request, run, &catalog)?;
        let bucket = super::push::only(target::buckets(request, &context, &catalog, &entries)?)?;
        let session = request.connection.open(Arc::clone(deadline) as _).await?;
        let store = target::store(request, &session, &context, &bucket).await?;
        store.bucket().open_ahead(FIRST_REQUESTS).await;
        session.sign_in().await?;
        let resolved = match Resolved::find(&store, &request.version).await {
            Ok(resolved) => resolved,
            Err(error) => {
                return Err(explained(&store, &catalog, variables, &request.version, false, error.into()).await);
            }
        };
        let asked = resolved.version.clone();
        let version = asked.as_ref().map_or("head", VersionName::as_str);
        let location = Location::new(&context, &bucket, version, None);
        let known = knowledge(&location);
        let versions = known.files.values();
        let mut names: Vec<_> = versions.filter_map(|known| known.version.clone()).chain(asked.clone()).collect();
        names.sort_unstable();
        names.dedup();
        let manifests = join_all(names.into_iter().map(|name| async {
            let manifest = store.manifest(Some(&name)).await.map(|found| found.map(|stored| stored.value));
            (name, manifest)
        }));
        let (head, (published, manifests)) = join(store.manifest(None), join(store.versions(), manifests)).await;
        let head = head?.map(|stored| stored.value);
        let known = known.settled(head.as_ref());
        let published = match published {
            Err(error) if error.denied_action().is_some() => None,
            published => Some(published?),
        };
        let links: Vec<_> =
            catalog.catalog.iter().flat_map(Catalog::links).map(|link| link.path.as_str().to_owned()).collect();
        let mut notes = if links.is_empty() { Vec::new() } else { vec![Note::LinksNotCompared(links)] };
        let mut versions = BTreeMap::new();
        for (name, manifest) in manifests {
            let manifest = match manifest {
                // Nobody asked for it, so that all else can be told without it.
                Err(error) if asked.as_ref() != Some(&name) => {
                    notes.push(unreadable(&name, error)?);
                    None
                }
                manifest => {
                    let manifest = manifest.map_err(|error| resolved.told(error))?;
                    if asked.as_ref() == Some(&name) {
                        resolved.require(manifest.as_ref())?;
                    }
                    manifest
                }
            };
            versions.insert(name, manifest);
        }
        if let Some(version) = asked.as_ref().filter(|version| matches!(versions.get(version), Some(None))) {
            let error = store.nothing_at(Some(version), Vec::new()).await?.into();
            return Err(explained(&store, &catalog, variables, &request.version, false, error).await);
        }
        let mut beside = Self {
            location,
            store,
            asked,
            basis: None,
            head,
            versions,
            published,
            files: Vec::new(),
            unlisted: HashSet::new(),
            notes,
        };
        beside.basis = beside.find_basis(names_head, &known).await?;
        let (files, left_out) = deadline.watch(|| files(local, variables, &catalog, &beside, &known))?;
        beside.files = files;
        beside.notes.extend(left_out);
        beside.find_unlisted().await;
        Ok(beside)
    }

    /// What local files are compared with: the version, or the head, that was asked for; else the head, where it was
    /// ever pushed to, unless nobody here has looked at it, but pulled or pushed a version; else the highest version.
    async fn find_basis(
        &mut self,
        names_head: bool,
        known: &HashMap<ConfigPath, KnownFile>,
    ) -> Result<Option<VersionName>, Error> {
        if self.asked.is_some() || names_head {
            return Ok(self.asked.clone());
        }
        if !known.is_empty() && known.values().all(|known| known.head.is_none()) {
            let recorded = most_recorded(known.values(), &self.versions);
            if let Some((version, _)) = recorded {
                return Ok(Some(version.clone()));
            }
        }
        match self.highest().filter(|_| self.head.is_none()) {
            Some(highest) => {
                self.add_version(&highest).await?;
                Ok(Some(highest).filter(|highest| self.manifest_of(highest).is_some()))
            }
            None => Ok(None),
        }
    }

    /// Looks for what the Go cStore has pushed and no manifest lists. A version is whole once it has a manifest.
    async fn find_unlisted(&mut self) {
        let manifest = self.manifest();
        let has_manifest = manifest.is_some();
        if has_manifest && self.basis.is_some() {
            return;
        }
        let is_listed = |path: &ConfigPath| {
            manifest.is_some_and(|manifest| manifest.entry(path).is_some() || manifest.removed.contains(path))
        };
        let paths = self.files.iter().map(|file| &file.path).filter(|path| !is_listed(path)).cloned();
        let paths: Vec<_> = paths.collect();
        let found = self.store.foreign_files(self.basis.as_ref(), &paths).await;
        if has_manifest && !found.is_empty() {
            self.notes.push(Note::Unlisted(found.clone()));
        }
        self.unlisted = found.into_iter().collect();
    }

    /// The manifest that local files are compared with.
    pub(super) fn manifest(&self) -> Option<&Manifest> {
        match &self.basis {
            Some(version) => self.manifest_of(version),
            None => self.head.as_ref(),
        }
    }

    /// The highest release.
    pub(super) fn highest(&self) -> Option<VersionName> {
        VersionName::releases(self.published.as_ref()?).into_iter().next()
    }

    /// The version that most of the files were last part of, of those whose manifests are known.
    pub(super) fn recorded(&self) -> Option<(&VersionName, &Manifest)> {
        most_recorded(self.files.iter().filter_map(|file| file.known.as_ref()), &self.versions)
    }

    /// How many files of a manifest are not the same here.
    pub(super) fn differing(&self, manifest: &Manifest) -> usize {
        let listed = self.files.iter().filter_map(|file| Some((file, manifest.entry(&file.path)?)));
        listed.filter(|(file, entry)| file.local.digest() != Some(entry.sha256)).count()
    }

    pub(super) fn manifest_of(&self, version: &VersionName) -> Option<&Manifest> {
        self.versions.get(version)?.as_ref()
    }

    /// The entry of a file in a version, as far as its manifest is known.
    pub(super) fn entry_in(&self, version: &VersionName, path: &ConfigPath) -> Option<&FileEntry> {
        self.manifest_of(version)?.entry(path)
    }

    pub(super) fn entry_in_head(&self, path: &ConfigPath) -> Option<&FileEntry> {
        self.head.as_ref()?.entry(path)
    }

    /// Reads the manifest of one version more, unless it is known. One that cannot be read is noted.
    pub(super) async fn add_version(&mut self, version: &VersionName) -> Result<(), Error> {
        if self.versions.contains_key(version) {
            return Ok(());
        }
        let manifest = match self.store.manifest(Some(version)).await {
            Ok(manifest) => manifest.map(|stored| stored.value),
            Err(error) => {
                self.notes.push(unreadable(version, error)?);
                None
            }
        };
        self.versions.insert(version.clone(), manifest);
        Ok(())
    }
}

/// The note on a version's manifest that is damaged, or written by a later version of this tool.
///
/// # Errors
/// Everything else.
fn unreadable(version: &VersionName, error: store::Error) -> Result<Note, Error> {
    let why = match &error {
        store::Error::Integrity(integrity) => match &**integrity {
            Integrity::Damaged { why, .. } => why.clone(),
            _ => return Err(error.into()),
        },
        store::Error::Newer(_) => "a later version of this tool wrote it".to_owned(),
        _ => return Err(error.into()),
    };
    Ok(Note::UnreadableManifest { version: version.clone(), why })
}

/// The version that most files were last part of, of those whose manifests are known.
fn most_recorded<'v, 'k>(
    known: impl Iterator<Item = &'k KnownFile> + Clone,
    versions: &'v BTreeMap<VersionName, Option<Manifest>>,
) -> Option<(&'v VersionName, &'v Manifest)> {
    let recorded = |version| known.clone().filter(|known| known.version.as_ref() == Some(version)).count();
    let read = versions.iter().filter_map(|(version, manifest)| Some((version, manifest.as_ref()?)));
    let counted = read.map(|found| (recorded(found.0), found)).filter(|(number, _)| *number > 0);
    counted.max_by_key(|(number, _)| *number).map(|(_, found)| found)
}

/// The files that the catalog and the manifest name, or that were pulled or pushed here, and `files` and `tags` choose.
/// The note tells of those that are not read here.
fn files(
    local: LocalFiles<'_>,
    variables: Variables<'_>,
    catalog: &Loaded,
    beside: &Beside,
    known: &HashMap<ConfigPath, KnownFile>,
) -> Result<(Vec<BesideFile>, Option<Note>), Error> {
    let LocalFiles { request, workspace, kms_keys, .. } = local;
    let manifest = beside.manifest();
    let entries = working::entries(request, variables, catalog)?;
    let in_catalog: HashSet<_> = entries.iter().map(|entry| &entry.path).collect();
    let mut paths = working::candidates(request, variables, workspace, catalog, &entries)?;
    // What was typed by its path is among them, whether or not there is such a file.
    let is_here = |path: &ConfigPath| {
        let found = catalogs::below(path, &catalog.folder).map(|place| workspace.read(&place, 0));
        !matches!(found, Err(_) | Ok(Err(WorkspaceError::NotFound { .. } | WorkspaceError::IsFolder { .. })))
    };
    paths.retain(|path| in_catalog.contains(path) || is_here(path));
    let tagged = |entry: &&FileEntry| request.tags.as_ref().is_none_or(|tags| tags.matches(&entry.tags));
    paths.extend(
        manifest.into_iter().flat_map(|manifest| &manifest.files).filter(tagged).map(|entry| entry.path.clone()),
    );
    let tagged = |path: &&ConfigPath| request.tags.as_ref().is_none_or(|tags| tags.matches(&default_tags(path)));
    // One that was retired since, and is nowhere any more, says nothing of this folder.
    paths.extend(known.keys().filter(tagged).filter(|path| is_here(path)).cloned());
    paths.sort_unstable();
    paths.dedup();
    let selection = request.files.select(&paths, |path| path.as_str());
    if !selection.unmatched.is_empty() && request.tags.is_none() {
        return Err(Error::UnknownFiles(UnknownFiles::new(selection.unmatched, paths.iter().map(ConfigPath::as_str))));
    }
    let mut chosen: Vec<_> = selection.files.into_iter().cloned().collect();
    let left_out = working::leave_out_git(request, &mut chosen);
    let decided = request.types.decide(chosen.iter().map(ConfigPath::as_str));
    let settings = EntrySettings::default();
    let asking = Asking { settings: &settings, kms_keys };
    let file = |path: &ConfigPath| {
        let own = catalogs::below(path, &catalog.folder)?;
        let entry = entries.iter().find(|entry| entry.path == *path);
        let by_rule = decided.types.get(path.as_str()).copied();
        let (asked, _) = asking.of_file(path, by_rule, variables, catalog, entry)?;
        let alternate = entry.and_then(|entry| entry.file.alternate_path.as_ref());
        let place = match alternate {
            Some(alternate) if !workspace.has(&own) => {
                catalogs::below(&catalogs::resolve(variables, catalog, alternate)?, &catalog.folder)?
            }
            _ => own,
        };
        let found = match workspace.read(&place, MAX_FILE_BYTES) {
            Ok(content) => Local::File(Digest::from_content(content.expose())),
            Err(WorkspaceError::NotFound { .. }) => Local::Nothing,
            Err(error) => Local::Other(error),
        };
        Ok(BesideFile { known: known.get(path).cloned(), path: path.clone(), place, local: found, asked })
    };
    let files = chosen.iter().map(file).collect::<Result<_, Error>>()?;
    Ok((files, left_out))
}
