//! What one catalog has in one bucket, and getting it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::choose::Chooser;
use super::destination::{Destination, Destinations, ToRestore};
use super::pulled::{PulledSource, StoredFile};
use crate::catalog::{CatalogFile, SelectedFile};
use crate::command::catalogs::{Loaded, below, resolve};
use crate::command::go_layout::explained;
use crate::command::locked::Locked;
use crate::command::resolved::{PointedAt, Resolved};
use crate::command::variables::Variables;
use crate::config::FileType;
use crate::error::{Error, ExitCode, UnknownFiles};
use crate::name::{ChannelName, ConfigPath, Digest, VersionName, VersionRequest};
use crate::observer::Observer;
use crate::request::Target;
use crate::s3::{AwsBucket, Budget, Key};
use crate::store::{self, CONCURRENCY, Channel, Fetch, Fetched, FetchedFile, Manifest, Missing, Store};

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

/// What one catalog has in one bucket.
pub(super) struct Part<'a> {
    pub(super) target: &'a Target,
    pub(super) variables: Variables<'a>,
    pub(super) loaded: &'a Loaded,
    pub(super) store: Store<AwsBucket>,
    pub(super) entries: Vec<SelectedFile<'a>>,
    pub(super) buckets: &'a [String],
    /// Whether no other catalog is pulled with it.
    pub(super) is_alone: bool,
    /// Whether a digest says which bytes are wanted. It says nothing of what else a manifest records.
    pub(super) is_pinned: bool,
    /// What a lock file says that it is.
    pub(super) locked: Option<Locked<'a>>,
    /// Whether files that are not there are left out.
    pub(super) ignore_missing: bool,
    pub(super) destinations: &'a Destinations<'a>,
    /// Who is told where it was pushed from, as soon as that is known.
    pub(super) observer: &'a dyn Observer,
    /// The catalog's entries by their paths, those that no input chooses, too.
    pub(super) in_catalog: HashMap<ConfigPath, &'a CatalogFile>,
}

/// What was got of a part.
pub(super) struct PartPulled {
    pub(super) version: Option<VersionName>,
    pub(super) manifest: Option<Key>,
    pub(super) published: Option<Digest>,
    pub(super) source: PulledSource,
    pub(super) files: Vec<CollectedFile>,
    pub(super) unmatched: Vec<String>,
    /// Lines of `files` that are folders.
    pub(super) folders: Vec<String>,
    /// The error for files that were left out, as they are not there.
    pub(super) left_out: Option<Error>,
    /// Files whose recorded types do not count.
    pub(super) retyped: Vec<ConfigPath>,
    /// The paths that its manifest lists, relative to the first catalog.
    pub(super) stored: Vec<String>,
    /// The channel that pointed at it, if it was pulled by one.
    pub(super) channel: Option<Channel>,
}

impl Part<'_> {
    fn chooser<'a>(&'a self, version: Option<&'a VersionName>) -> Chooser<'a> {
        Chooser {
            files: &self.target.files,
            tags: self.target.tags.as_ref(),
            whatever_tags: &self.target.as_they_are,
            entries: &self.entries,
            catalog: self.loaded,
            version,
            prefix: &self.loaded.prefix,
            is_alone: self.is_alone,
            several_buckets: (self.buckets.len() > 1).then_some(self.buckets),
            unmatched: RefCell::default(),
            folders: RefCell::default(),
            stored: RefCell::default(),
        }
    }

    /// Connections for the manifest and the files, as far as they are known.
    pub(super) async fn open_ahead(&self) {
        let files = self.chooser(None).known().len();
        let requests = if files == 0 { LIKELY_FILES } else { 1 + files };
        self.store.bucket().open_ahead(requests.min(CONCURRENCY)).await;
    }

    /// Gets its files.
    ///
    /// # Errors
    /// What cannot be had or verified, in the words of `files` where a line of it names what is not there.
    pub(super) async fn pull(&self, budget: &Budget) -> Result<PartPulled, Error> {
        match (self.locked, &self.target.version) {
            (Some(locked), _) => self.pull_version(locked.entry.version.clone(), None, budget).await,
            (None, VersionRequest::Channel(name)) => self.pull_channel(name, budget).await,
            (None, asked) => match Resolved::find(&self.store, asked).await {
                Ok(resolved) => self.pull_version(resolved.version, None, budget).await,
                Err(error) => Err(self.without_manifest(error.into()).await),
            },
        }
    }

    async fn pull_channel(&self, name: &ChannelName, budget: &Budget) -> Result<PartPulled, Error> {
        let pull = async |version: &VersionName, digest| {
            let pointed_at = PointedAt::new(name, version, digest);
            let pulled = self.pull_version(Some(version.clone()), Some(&pointed_at), budget).await;
            pulled.map_err(|error| error.of_target(name, version))
        };
        let is_lost = |error: &Error| matches!(error.code(), ExitCode::NotFound | ExitCode::Integrity);
        let (channel, pulled) = self.store.follow(name, pull, is_lost).await?;
        Ok(PartPulled { channel: Some(channel), ..pulled })
    }

    async fn pull_version(
        &self,
        version: Option<VersionName>,
        pointed_at: Option<&PointedAt>,
        budget: &Budget,
    ) -> Result<PartPulled, Error> {
        let chooser = self.chooser(version.as_ref());
        let known = chooser.known();
        let version_name = version.as_ref();
        let fetch = Fetch {
            version: version_name,
            known: &known,
            accept_unmanaged: !self.is_pinned && self.locked.is_none() && pointed_at.is_none(),
            leave_out_missing: self.ignore_missing,
            budget,
        };
        let choose = |manifest: Option<&Manifest>| {
            pointed_at.map_or(Ok(()), |pointed_at| pointed_at.require(manifest))?;
            self.choose(manifest, &chooser)
        };
        let tell = |manifest: &Manifest| {
            let source = manifest.source.as_ref();
            let from = source.and_then(|source| Some((source.repository.as_deref()?, source.git_ref.as_deref()?)));
            from.iter().for_each(|(repository, git_ref)| self.observer.pushed_from(repository, git_ref));
        };
        let fetched = self.store.fetch_telling(fetch, tell, choose).await;
        let Fetched { manifest, files, left_out } = match fetched {
            Ok(fetched) => fetched,
            Err(error) => return Err(self.without_manifest(self.explained(error, &chooser)).await),
        };
        let manifest = manifest.map(Rc::new);
        let mut retyped = Vec::new();
        let files = files
            .into_iter()
            .map(|fetched| self.collected_file(fetched, version_name, manifest.as_ref(), &mut retyped));
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
            published: manifest.as_ref().map(|manifest| manifest.digest()),
            source: PulledSource {
                context: self.store.keys().context().clone(),
                version: version.clone(),
                source: manifest.as_ref().and_then(|manifest| manifest.source.clone()),
            },
            files,
            unmatched: chooser.unmatched.take(),
            folders: chooser.folders.take(),
            stored: chooser.stored.take().iter().map(|path| chooser.shown(path)).collect(),
            retyped,
            version,
            channel: None,
        })
    }

    /// The error of what is not there, where the catalog names versions of the Go cStore.
    async fn without_manifest(&self, error: Error) -> Error {
        if self.locked.is_some() {
            return error;
        }
        explained(&self.store, self.loaded, self.variables, &self.target.version, true, error).await
    }

    /// The paths to get, of what is still as it was locked.
    fn choose(&self, manifest: Option<&Manifest>, chooser: &Chooser<'_>) -> Result<Vec<ConfigPath>, Error> {
        if let Some(locked) = self.locked {
            locked.require(manifest)?;
        }
        chooser.choose(manifest)
    }

    /// The error of what is not there, in the words of `files` where a line of it names that, or is hardly what it was
    /// taken for.
    fn explained(&self, error: Error, chooser: &Chooser<'_>) -> Error {
        let Error::Store(store_error) = &error else { return error };
        let store::Error::Missing(missing) = &**store_error else { return error };
        let (version, keys) = match &**missing {
            Missing::Files { version, manifest: None, keys } => (version.as_ref(), keys.as_slice()),
            Missing::Head { .. } => (None, [].as_slice()),
            _ => return error,
        };
        let (lines, folders) = chooser.misread(self.in_catalog.keys());
        if lines.is_empty() {
            return self.not_stored(version, keys, chooser).unwrap_or(error);
        }
        let version = version.map_or("the head", VersionName::as_str);
        Error::NoMatch { lines, folders, place: format!("in {version} of {}", self.store.keys().context()) }
    }

    /// The error for keys without an object, all of which are those of paths that `files` or the catalog names.
    fn not_stored(&self, version: Option<&VersionName>, keys: &[Key], chooser: &Chooser<'_>) -> Option<Error> {
        let named = self.target.files.exact_paths().unwrap_or_default();
        let with_key = |path| Some((self.store.keys().file(version, path).ok()?.to_string(), path));
        let by_key: HashMap<_, _> = named.iter().chain(self.in_catalog.keys()).filter_map(with_key).collect();
        // In the order of the keys, which is that in which somebody wrote them.
        let missing: Vec<_> = keys.iter().map(|key| by_key.get(key.as_str()).copied()).collect::<Option<_>>()?;
        if missing.is_empty() {
            return None;
        }
        let are_listed = missing.iter().any(|path| self.in_catalog.contains_key(*path));
        let lines = missing.into_iter().map(|path| chooser.shown(path)).collect();
        let stored = chooser.stored.borrow();
        // What the catalog lists has no typing error.
        let known = stored.iter().chain(self.in_catalog.keys()).filter(|_| !are_listed).map(ConfigPath::as_str);
        let (files, context) = (UnknownFiles::new(lines, known), self.store.keys().context().clone());
        Some(Error::NotStored { files, context, version: version.cloned(), are_listed })
    }

    fn collected_file(
        &self,
        fetched: FetchedFile,
        version: Option<&VersionName>,
        manifest: Option<&Rc<Manifest>>,
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
        let key = self.store.keys().file(version, &fetched.path).map_err(crate::store::Error::from)?;
        let stored = StoredFile {
            arn: self.store.bucket().arn(&key),
            by_pin: fetched.by_pin,
            catalog: self.loaded.path.clone(),
            bucket: self.store.bucket_name().to_owned(),
            context: self.store.keys().context().clone(),
            version: version.cloned(),
            path: fetched.path.clone(),
            pin: recorded.filter(|entry| entry.sha256 == fetched.digest).and_then(|entry| entry.version_id.clone()),
            file_type,
            head: manifest.filter(|_| version.is_none()).cloned(),
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

    /// The error for a head of which nothing was found: a catalog's files may only lack the tags.
    pub(super) fn nothing_found(&self, error: Error) -> Error {
        let Error::Store(store_error) = &error else { return error };
        let store::Error::Missing(missing) = &**store_error else { return error };
        let no_head = matches!(&**missing, Missing::Head { keys, .. } if keys.is_empty());
        let names_files = self.loaded.catalog.iter().flat_map(|catalog| &catalog.files).any(|file| !file.is_ref);
        if no_head && names_files && self.target.tags.is_some() { Error::NoTags } else { error }
    }
}
