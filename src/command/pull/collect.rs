//! Collecting the files of all catalogs of a pull.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::choose::Chooser;
use super::destination::{Destination, Destinations, ToRestore};
use super::pulled::StoredFile;
use super::reserved::Reserved;
use crate::catalog::{Catalog, CatalogFile, Decided, FileSelector, SelectedFile, TypeRules, UnmatchedTypes};
use crate::command::catalogs::{self, Loaded, below, resolve};
use crate::command::deadline::Deadline;
use crate::command::target;
use crate::command::variables::Variables;
use crate::command::{Location, Note};
use crate::config::FileType;
use crate::error::Error;
use crate::name::{ConfigPath, Digest, VersionName};
use crate::request::{PullRequest, RunInfo, Target};
use crate::s3::{AwsBucket, Budget, Key};
use crate::store::{self, CONCURRENCY, Fetch, Fetched, FetchedFile, MAX_TOTAL_BYTES, Missing, Store};
use crate::workspace::Workspace;

/// For how many files connections are opened before the manifest says how many there are. Most configurations have no
/// more, and the cost of a few that are not needed is small.
const LIKELY_FILES: usize = 4;

/// A file of a pull, from whichever catalog.
pub(super) struct CollectedFile {
    /// Its path, relative to the first catalog.
    pub(super) path: ConfigPath,
    /// Where it is restored.
    pub(super) destination: Destination,
    pub(super) stored: StoredFile,
    pub(super) fetched: FetchedFile,
}

/// All files of a pull.
pub(super) struct Collected {
    /// Where the first catalog's files came from.
    pub(super) location: Location,
    pub(super) files: Vec<CollectedFile>,
    /// The whole version's digest, where there is one manifest.
    pub(super) published: Option<Digest>,
    /// What is written only when it is named one by one, whatever its name.
    pub(super) reserved: Reserved,
    /// What was not found, where that is no error.
    pub(super) missing: Vec<Error>,
    pub(super) notes: Vec<Note>,
}

pub(super) async fn collect(
    request: &PullRequest,
    run: &RunInfo,
    workspace: &Workspace,
    deadline: &Arc<Deadline>,
) -> Result<Collected, Error> {
    let variables = Variables::new(&request.target, run, &**deadline);
    let mut notes = Vec::new();
    let all = deadline.watch(|| catalogs(request, variables, workspace, &mut notes))?;
    let destinations = Destinations::new(&request.target.files, variables, &all);

    let session = request.target.connection.open(Arc::clone(deadline) as _).await?;
    let mut location = first_location(&request.target, run, variables, &all[0])?;
    // One for all catalogs and buckets, whose files are held together.
    let budget = Budget::new(MAX_TOTAL_BYTES);
    let mut files = Vec::new();
    let mut published = Vec::new();
    let mut retyped = Vec::new();
    // Lines of `files` that match in no part so far, in their order. Every part is asked for all lines.
    let mut unmatched: Option<Vec<String>> = None;
    let mut folders = Vec::new();
    let mut parts = 0;
    let mut nothing_there = None;
    let mut missing = Vec::new();
    for (index, loaded) in all.iter().enumerate() {
        let entries = entries(&request.target, variables, loaded)?;
        let context = target::context(&request.target, run, loaded)?;
        let buckets = target::buckets(&request.target, &context, loaded, &entries)?;
        if only_links(loaded) {
            continue;
        }
        for bucket in &buckets {
            let part = Part {
                target: &request.target,
                variables,
                loaded,
                store: target::store(&request.target, &session, &context, bucket).await?,
                entries: in_bucket(&entries, &buckets, bucket, &target::default_bucket(&context, loaded)),
                buckets: &buckets,
                is_alone: all.len() == 1,
                is_pinned: request.digest.is_some(),
                ignore_missing: request.ignore_missing,
                destinations: &destinations,
                in_catalog: in_catalog(variables, loaded, &entries),
            };
            part.open_ahead().await;
            session.sign_in().await?;
            let pulled = match part.pull(&budget).await {
                Ok(pulled) => pulled,
                // Of several catalogs, one of which nothing was chosen may well have nothing.
                Err(error) if !part.is_alone && part.entries.is_empty() && error.is_missing() => {
                    nothing_there = Some(error);
                    continue;
                }
                Err(error) => match nothing_found(&request.target, &part, error) {
                    error if request.ignore_missing && error.is_missing() => {
                        missing.push(error);
                        continue;
                    }
                    error => return Err(error),
                },
            };
            parts += 1;
            missing.extend(pulled.left_out);
            unmatched = Some(match unmatched {
                Some(lines) => in_both(lines, &pulled.unmatched),
                None => pulled.unmatched,
            });
            if index == 0 && parts == 1 {
                let version = pulled.version.as_ref().map_or("head", VersionName::as_str);
                location = Location::new(&context, bucket, version, pulled.manifest.map(|key| key.to_string()));
            }
            if pulled.published.is_none() && !pulled.files.is_empty() && !notes.contains(&Note::GoLayout) {
                notes.push(Note::GoLayout);
            }
            retyped.extend(pulled.retyped);
            folders.extend(pulled.folders);
            published.extend(pulled.published);
            files.extend(pulled.files);
        }
    }
    let lines = unmatched.unwrap_or_default();
    let has_no_tags = files.is_empty() && request.target.tags.is_some() && lines.is_empty() && missing.is_empty();
    let mut lacks = |error: Error| {
        if !request.ignore_missing {
            return Err(error);
        }
        missing.push(error);
        Ok(())
    };
    if let (0, Some(error)) = (parts, nothing_there) {
        lacks(error)?;
    } else if has_no_tags {
        lacks(Error::NoTags)?;
    }
    if !lines.is_empty() {
        let at = format!("in {} of {}", location.version, location.context);
        let folders = in_both(lines.clone(), &folders);
        lacks(Error::NoMatch { lines, folders, place: at })?;
    }
    in_order_of(&request.target.files, &mut files);
    decide_types(&request.target.types, &mut files, retyped, &mut notes);
    // It vouches for what is delivered only where nothing comes from elsewhere.
    let is_whole = parts == 1 && files.iter().all(|file| file.fetched.verified);
    let published = published.pop().filter(|_| is_whole);
    let reserved = deadline.watch(|| Reserved::new(request, run, variables, workspace, &all));
    Ok(Collected { location, files, published, reserved, missing, notes })
}

/// Reads files as the input `types` says, whatever manifest and catalog say. `retyped` are those whose recorded types do
/// not count.
fn decide_types(rules: &TypeRules, files: &mut [CollectedFile], mut retyped: Vec<ConfigPath>, notes: &mut Vec<Note>) {
    let Decided { types, unmatched } = rules.decide(files.iter().map(|file| file.path.as_str()));
    for file in files {
        if let Some(by_rule) = types.get(file.path.as_str()) {
            file.stored.file_type = *by_rule;
        }
    }
    retyped.retain(|path| !types.contains_key(path.as_str()));
    if !retyped.is_empty() {
        notes.push(Note::RecordedTypes(retyped));
    }
    if unmatched != UnmatchedTypes::default() {
        notes.push(Note::UnmatchedTypes(unmatched));
    }
}

/// The catalog, and those that it links to where they are pulled, too.
fn catalogs(
    request: &PullRequest,
    variables: Variables<'_>,
    workspace: &Workspace,
    notes: &mut Vec<Note>,
) -> Result<Vec<Loaded>, Error> {
    let first = catalogs::load(&request.target, workspace)?;
    let mut all = Vec::new();
    if request.target.context.is_none() {
        all = catalogs::load_linked(variables, workspace, &first)?;
    } else {
        // A linked catalog has a context of its own, and an input is not to be overruled by a file.
        let links: Vec<_> =
            first.catalog.iter().flat_map(Catalog::links).map(|link| link.path.as_str().to_owned()).collect();
        if !links.is_empty() {
            notes.push(Note::LinksNotPulled(links));
        }
    }
    all.insert(0, first);
    Ok(all)
}

/// The lines that are among the others, in their order.
fn in_both(mut lines: Vec<String>, others: &[String]) -> Vec<String> {
    let others: HashSet<_> = others.iter().collect();
    lines.retain(|line| others.contains(line));
    lines
}

/// Where a catalog's files are looked for first.
fn first_location(
    target: &Target,
    run: &RunInfo,
    variables: Variables<'_>,
    loaded: &Loaded,
) -> Result<Location, Error> {
    let context = target::context(target, run, loaded)?;
    let buckets = target::buckets(target, &context, loaded, &entries(target, variables, loaded)?)?;
    Ok(Location::new(&context, &buckets[0], &target.version.to_string(), None))
}

/// Whether a catalog only links to others, and has nothing of its own to pull.
fn only_links(loaded: &Loaded) -> bool {
    loaded
        .catalog
        .as_ref()
        .is_some_and(|catalog| !catalog.files.is_empty() && catalog.files.iter().all(|file| file.is_ref))
}

/// The entries that lie in one of several buckets; one that names none lies in the default one.
fn in_bucket<'a>(
    entries: &[SelectedFile<'a>],
    buckets: &[String],
    bucket: &str,
    default: &str,
) -> Vec<SelectedFile<'a>> {
    let lies_here =
        |entry: &&SelectedFile<'_>| buckets.len() == 1 || entry.file.bucket.as_deref().unwrap_or(default) == bucket;
    entries.iter().filter(lies_here).cloned().collect()
}

/// The catalog's entries that the inputs choose. A line of `files` may match elsewhere, so none is an error here.
fn entries<'a>(target: &Target, variables: Variables<'_>, loaded: &'a Loaded) -> Result<Vec<SelectedFile<'a>>, Error> {
    let Some(catalog) = &loaded.catalog else { return Ok(Vec::new()) };
    if loaded.prefix.is_empty() {
        let selection = catalog
            .select(&target.files, target.tags.as_ref(), |path| variables.resolve(path))
            .map_err(|error| loaded.error(error))?;
        return Ok(selection.files);
    }
    // `files` is relative to the first catalog's folder, this catalog's paths to its own.
    let all = catalog
        .select(&FileSelector::default(), target.tags.as_ref(), |path| variables.resolve(path))
        .map_err(|error| loaded.error(error))?;
    let shown: Vec<_> =
        all.files.into_iter().map(|entry| (format!("{}/{}", loaded.prefix, entry.path), entry)).collect();
    Ok(target.files.select(shown, |(shown, _)| shown).files.into_iter().map(|(_, entry)| entry).collect())
}

/// A catalog's files by their paths. Of several that resolve to one path it is the one that is chosen.
fn in_catalog<'a>(
    variables: Variables<'_>,
    loaded: &'a Loaded,
    chosen: &[SelectedFile<'a>],
) -> HashMap<ConfigPath, &'a CatalogFile> {
    let files = loaded.catalog.iter().flat_map(|catalog| &catalog.files).filter(|file| !file.is_ref);
    let by_path = |file: &'a CatalogFile| Some((variables.resolve(&file.path).ok()?, file));
    files.filter_map(by_path).chain(chosen.iter().map(|entry| (entry.path.clone(), entry.file))).collect()
}

/// The files of several catalogs in the order of the lines of `files`; within one catalog they have it already.
fn in_order_of(selector: &FileSelector, files: &mut Vec<CollectedFile>) {
    if !selector.is_empty() {
        let selected = selector.select(std::mem::take(files), |file| file.path.as_str());
        *files = selected.files;
    }
}

/// The error for a head of which nothing was found: a catalog's files may only lack the tags.
fn nothing_found(target: &Target, part: &Part<'_>, error: Error) -> Error {
    let Error::Store(store_error) = &error else { return error };
    let store::Error::Missing(missing) = &**store_error else { return error };
    let no_head = matches!(&**missing, Missing::Head { keys, .. } if keys.is_empty());
    let names_files = part.loaded.catalog.iter().flat_map(|catalog| &catalog.files).any(|file| !file.is_ref);
    if no_head && names_files && target.tags.is_some() { Error::NoTags } else { error }
}

/// What one catalog has in one bucket.
struct Part<'a> {
    target: &'a Target,
    variables: Variables<'a>,
    loaded: &'a Loaded,
    store: Store<AwsBucket>,
    entries: Vec<SelectedFile<'a>>,
    buckets: &'a [String],
    /// Whether no other catalog is pulled with it.
    is_alone: bool,
    /// Whether a digest says which bytes are wanted. It says nothing of what else a manifest records.
    is_pinned: bool,
    /// Whether files that are not there are left out.
    ignore_missing: bool,
    destinations: &'a Destinations<'a>,
    /// The catalog's entries by their paths, those that no input chooses, too.
    in_catalog: HashMap<ConfigPath, &'a CatalogFile>,
}

struct PartPulled {
    version: Option<VersionName>,
    manifest: Option<Key>,
    published: Option<Digest>,
    files: Vec<CollectedFile>,
    unmatched: Vec<String>,
    /// Lines of `files` that are folders.
    folders: Vec<String>,
    /// The error for files that were left out, as they are not there.
    left_out: Option<Error>,
    /// Files whose recorded types do not count.
    retyped: Vec<ConfigPath>,
}

impl Part<'_> {
    fn chooser<'a>(&'a self, version: Option<&'a VersionName>) -> Chooser<'a> {
        Chooser {
            files: &self.target.files,
            tags: self.target.tags.as_ref(),
            entries: &self.entries,
            version,
            prefix: &self.loaded.prefix,
            is_alone: self.is_alone,
            several_buckets: (self.buckets.len() > 1).then_some(self.buckets),
            unmatched: RefCell::default(),
            folders: RefCell::default(),
        }
    }

    /// Connections for the manifest and the files, as far as they are known.
    async fn open_ahead(&self) {
        let files = self.chooser(None).known().len();
        let requests = if files == 0 { LIKELY_FILES } else { 1 + files };
        self.store.bucket().open_ahead(requests.min(CONCURRENCY)).await;
    }

    async fn pull(&self, budget: &Budget) -> Result<PartPulled, Error> {
        let version = target::version(&self.store, &self.target.version).await?;
        let chooser = self.chooser(version.as_ref());
        let known = chooser.known();
        let version_name = version.as_ref();
        let fetch = Fetch {
            version: version_name,
            known: &known,
            accept_unmanaged: !self.is_pinned,
            leave_out_missing: self.ignore_missing,
            budget,
        };
        let fetched = self.store.fetch(fetch, |manifest| chooser.choose(manifest)).await;
        let Fetched { manifest, files, left_out } = fetched.map_err(|error| self.explained(error, &chooser))?;
        let mut retyped = Vec::new();
        let files = files.into_iter().map(|fetched| self.collected_file(fetched, version_name, &mut retyped));
        let files = files.collect::<Result<_, _>>()?;
        let manifest_key = match &manifest {
            Some(_) => Some(self.store.keys().manifest(version.as_ref()).map_err(crate::store::Error::from)?),
            None => None,
        };
        let left_out = (!left_out.is_empty()).then(|| {
            let missing = Missing::Files { version: version.clone(), keys: left_out, manifest: None };
            store::Error::from(missing).into()
        });
        Ok(PartPulled {
            left_out,
            manifest: manifest_key,
            published: manifest.map(|manifest| manifest.digest()),
            files,
            unmatched: chooser.unmatched.take(),
            folders: chooser.folders.take(),
            retyped,
            version,
        })
    }

    /// The error of what is not there, in the words of `files` where a line of it is hardly what it was taken for.
    fn explained(&self, error: Error, chooser: &Chooser<'_>) -> Error {
        let Error::Store(store_error) = &error else { return error };
        let store::Error::Missing(missing) = &**store_error else { return error };
        let version = match &**missing {
            Missing::Files { version, manifest: None, .. } => version.as_ref(),
            Missing::Head { .. } => None,
            _ => return error,
        };
        let (lines, folders) = chooser.misread(self.in_catalog.keys());
        if lines.is_empty() {
            return error;
        }
        let version = version.map_or("the head", VersionName::as_str);
        Error::NoMatch { lines, folders, place: format!("in {version} of {}", self.store.keys().context()) }
    }

    fn collected_file(
        &self,
        fetched: FetchedFile,
        version: Option<&VersionName>,
        retyped: &mut Vec<ConfigPath>,
    ) -> Result<CollectedFile, Error> {
        let path = below(&fetched.path, &self.loaded.prefix)?;
        let in_catalog = self.in_catalog.get(&fetched.path).copied();
        let recorded = fetched.entry.as_ref();
        let type_of = |recorded: Option<&str>| {
            recorded
                .or_else(|| in_catalog.and_then(|file| file.file_type.as_deref()))
                .map_or_else(|| FileType::detect(&fetched.path), |name| FileType::from_recorded(name, &fetched.path))
        };
        let recorded_type = recorded.map(|entry| entry.file_type.as_str());
        let file_type = type_of(recorded_type.filter(|_| !self.is_pinned));
        if file_type != type_of(recorded_type) {
            retyped.push(path.clone());
        }
        let in_catalog = match self.alternate_path(in_catalog) {
            // It is restored at its own path in any case.
            Err(_) if self.destinations.names(&path) => None,
            alternate => alternate?,
        };
        let destination = self.destinations.destination(ToRestore {
            shown: &path,
            own: below(&fetched.path, &self.loaded.folder)?,
            recorded: recorded.and_then(|entry| entry.alternate_path.as_ref()).filter(|path| **path != fetched.path),
            in_catalog,
        });
        let stored = StoredFile {
            catalog: self.loaded.path.clone(),
            bucket: self.store.bucket_name().to_owned(),
            context: self.store.keys().context().clone(),
            version: version.cloned(),
            path: fetched.path.clone(),
            pin: recorded.filter(|entry| entry.sha256 == fetched.digest).and_then(|entry| entry.version_id.clone()),
            file_type,
        };
        Ok(CollectedFile { path, destination, stored, fetched })
    }

    /// The alternate path in the catalog, as it is written there, and relative to the workspace.
    fn alternate_path(&self, file: Option<&CatalogFile>) -> Result<Option<(ConfigPath, ConfigPath)>, Error> {
        let Some(template) = file.and_then(|file| file.alternate_path.as_ref()) else { return Ok(None) };
        let path = resolve(self.variables, self.loaded, template)?;
        let in_workspace = below(&path, &self.loaded.folder)?;
        Ok(Some((path, in_workspace)))
    }
}
