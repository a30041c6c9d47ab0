//! The files of a version or of the head, by its manifest, of the catalog and of those that it links to. Where there is
//! no manifest they are those of the catalog, as the Go cStore has it. Only for keys the files themselves are read.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::found::{Found, FoundFile, Listed};
use crate::catalog::{Catalog, FileSelector, SelectedFile};
use crate::command::catalogs::{self, Loaded, below};
use crate::command::changes::{ComparedFile, distinct_keys};
use crate::command::deadline::Deadline;
use crate::command::resolved::Resolved;
use crate::command::variables::Variables;
use crate::command::{Location, Note, target};
use crate::config::FileType;
use crate::error::Error;
use crate::name::{ConfigPath, Context, VersionName};
use crate::option::ListKind;
use crate::request::{ListRequest, RunInfo, Target};
use crate::s3::{AwsBucket, Budget};
use crate::store::{self, CONCURRENCY, Fetch, FetchedFile, FileEntry, MAX_TOTAL_BYTES, Manifest, Store};
use crate::workspace::Workspace;

pub(super) async fn list(
    request: &ListRequest,
    run: &RunInfo,
    workspace: &Workspace,
    deadline: &Arc<Deadline>,
) -> Result<Listed, Error> {
    let target = &request.target;
    let variables = Variables::new(target, run, &**deadline);
    let mut notes = Vec::new();
    let catalogs = deadline.watch(|| all_catalogs(target, variables, workspace, &mut notes))?;
    let session = target.connection.open(Arc::clone(deadline) as _).await?;
    let budget = Budget::new(MAX_TOTAL_BYTES);
    let (mut files, mut location, mut missing) = (Vec::new(), None, None);
    let has_links = catalogs.len() > 1;
    let mut owners: HashMap<ConfigPath, (ConfigPath, Context)> = HashMap::new();
    for loaded in catalogs {
        let entries = entries(variables, &loaded)?;
        let context = target::context(target, run, &loaded)?;
        let bucket = target::only_bucket(target, &context, &loaded)?;
        let store = target::store(target, &session, &context, &bucket).await?;
        store.bucket().open_ahead(if request.kind == ListKind::Keys { CONCURRENCY.min(4) } else { 1 }).await;
        session.sign_in().await?;
        let part = Part { request, loaded: &loaded, entries, context, store, budget: &budget };
        let (version, manifest, found) = match part.found().await {
            Ok(found) => found,
            // A catalog that only links to others has nothing of its own.
            Err(error) if has_links && error.is_missing() && part.entries.is_empty() => {
                missing = Some(error);
                continue;
            }
            Err(error) => return Err(error),
        };
        // Of what is recorded the digest is known, and of what was read for its keys.
        let unlisted: Vec<_> =
            found.iter().filter(|file| file.digest.is_none()).map(|file| file.path.clone()).collect();
        if manifest.is_none() && !notes.contains(&Note::GoLayout(None)) {
            notes.push(Note::GoLayout(None));
        } else if manifest.is_some() && !unlisted.is_empty() {
            notes.push(Note::Unlisted(unlisted));
        }
        location.get_or_insert_with(|| {
            let version = version.as_ref().map_or("head", VersionName::as_str);
            Location::new(&part.context, &bucket, version, manifest)
        });
        for file in found {
            let catalog = &part.loaded.path;
            match owners.get(&file.path) {
                Some((other, context)) => {
                    let catalogs = [other.clone(), catalog.clone()];
                    notes.push(Note::OfTwoCatalogs { path: file.path.clone(), catalogs });
                    if *context != file.context {
                        files.push(file);
                    }
                }
                None => {
                    owners.insert(file.path.clone(), (catalog.clone(), file.context.clone()));
                    files.push(file);
                }
            }
        }
    }
    let Some(location) = location else {
        return Err(missing.unwrap_or(Error::NoTags));
    };
    let files = chosen(target, files, &location)?;
    let bucket = location.bucket.clone();
    Ok(Listed { kind: request.kind, bucket, location: Some(location), found: Found::Files(files), notes })
}

/// The catalog, and those that it links to, unless an option says whose files are meant.
fn all_catalogs(
    target: &Target,
    variables: Variables<'_>,
    workspace: &Workspace,
    notes: &mut Vec<Note>,
) -> Result<Vec<Loaded>, Error> {
    let first = catalogs::load(target, workspace)?;
    let mut all = Vec::new();
    if target.context.is_none() {
        all = catalogs::load_linked(variables, workspace, &first)?;
    } else {
        let links = first.catalog.iter().flat_map(Catalog::links).map(|link| link.path.as_str().to_owned());
        let links: Vec<_> = links.collect();
        notes.extend((!links.is_empty()).then_some(Note::LinksNotPulled(links)));
    }
    all.insert(0, first);
    Ok(all)
}

fn entries<'a>(variables: Variables<'_>, loaded: &'a Loaded) -> Result<Vec<SelectedFile<'a>>, Error> {
    let Some(catalog) = &loaded.catalog else { return Ok(Vec::new()) };
    let all = catalog.select(&FileSelector::default(), None, |path| variables.resolve(path));
    let all = all.map_err(|error| loaded.error(error))?.files;
    Ok(all.into_iter().filter(|entry| entry.file.supported_store().is_ok()).collect())
}

/// Those that `files` and `tags` choose.
fn chosen(target: &Target, files: Vec<FoundFile>, location: &Location) -> Result<Vec<FoundFile>, Error> {
    let selection = target.files.select(files, |file| file.path.as_str());
    if !selection.unmatched.is_empty() {
        let place = location.clause();
        return Err(Error::NoMatch { lines: selection.unmatched, folders: Vec::new(), place });
    }
    let mut files = selection.files;
    if let Some(tags) = &target.tags {
        files.retain(|file| tags.matches(&file.tags));
        if files.is_empty() {
            return Err(Error::NoTags);
        }
    }
    Ok(files)
}

/// What one catalog has.
struct Part<'a> {
    request: &'a ListRequest,
    loaded: &'a Loaded,
    entries: Vec<SelectedFile<'a>>,
    context: Context,
    store: Store<AwsBucket>,
    budget: &'a Budget,
}

impl Part<'_> {
    /// Its files, of which version, and the key of the manifest, if there is one.
    async fn found(&self) -> Result<(Option<VersionName>, Option<String>, Vec<FoundFile>), Error> {
        let resolved = Resolved::find(&self.store, &self.request.target.version).await?;
        let version = resolved.version.as_ref();
        let found = match self.request.kind {
            ListKind::Keys => self.read(version).await,
            _ => self.listed(version).await,
        };
        let (manifest, files) = found.map_err(|error| resolved.told(error))?;
        resolved.require(manifest.as_ref())?;
        let key = manifest.and_then(|_| self.store.keys().manifest(version).ok());
        Ok((resolved.version, key.map(|key| key.to_string()), files))
    }

    /// The files by the manifest, without reading them.
    async fn listed(&self, version: Option<&VersionName>) -> Result<(Option<Manifest>, Vec<FoundFile>), Error> {
        let manifest = self.store.manifest(version).await?.map(|stored| stored.value);
        let files = match &manifest {
            Some(manifest) => {
                let listed = manifest.files.iter().map(|entry| self.recorded(entry));
                listed.chain(self.beside(manifest, version).await?).collect()
            }
            None => self.unlisted(version).await?,
        };
        Ok((manifest, files.into_iter().collect::<Result<_, _>>()?))
    }

    /// The catalog's entries that have a version: those that list it.
    fn known(&self, version: Option<&VersionName>) -> impl Iterator<Item = &SelectedFile<'_>> {
        let has = move |entry: &&SelectedFile<'_>| {
            version.is_none_or(|version| entry.file.versions.iter().any(|name| name == version.as_str()))
        };
        self.entries.iter().filter(has)
    }

    /// The catalog's entries that the Go cStore may have pushed to a head beside what its manifest lists. A version is
    /// whole once it has a manifest.
    fn open(&self, manifest: &Manifest, version: Option<&VersionName>) -> impl Iterator<Item = &SelectedFile<'_>> {
        let is_open = |path: &ConfigPath| manifest.entry(path).is_none() && !manifest.removed.contains(path);
        self.entries.iter().filter(move |entry| version.is_none() && is_open(&entry.path))
    }

    /// Those of them that are there.
    async fn beside(
        &self,
        manifest: &Manifest,
        version: Option<&VersionName>,
    ) -> Result<Vec<Result<FoundFile, Error>>, Error> {
        let entries: Vec<_> = self.open(manifest, version).collect();
        let paths: Vec<_> = entries.iter().map(|entry| &entry.path).collect();
        let there = self.store.unlisted_files(version, &paths).await?;
        let there: HashSet<_> = there.into_iter().collect();
        Ok(entries
            .into_iter()
            .filter(|entry| there.contains(&entry.path))
            .map(|entry| self.in_catalog(entry))
            .collect())
    }

    /// The catalog's files of a version, or of the head, that the Go cStore has pushed.
    async fn unlisted(&self, version: Option<&VersionName>) -> Result<Vec<Result<FoundFile, Error>>, Error> {
        let paths: Vec<_> = self.known(version).map(|entry| &entry.path).collect();
        let there = self.store.unlisted_files(version, &paths).await?;
        if there.is_empty() {
            return Err(self.nothing_at(version).await?);
        }
        let there: HashSet<_> = there.into_iter().collect();
        let entries = self.known(version).filter(|entry| there.contains(&entry.path));
        Ok(entries.map(|entry| self.in_catalog(entry)).collect())
    }

    /// That there is none of the catalog's files.
    async fn nothing_at(&self, version: Option<&VersionName>) -> Result<Error, Error> {
        let keys = self.known(version).map(|entry| self.store.keys().file(version, &entry.path));
        let keys = keys.collect::<Result<_, _>>().map_err(store::Error::from)?;
        Ok(self.store.nothing_at(version, keys).await?.into())
    }

    /// The files with their keys, which are read for it; only those that are chosen.
    async fn read(&self, version: Option<&VersionName>) -> Result<(Option<Manifest>, Vec<FoundFile>), Error> {
        let target = &self.request.target;
        // What is in the catalog alone, the Go cStore need not have pushed to a head.
        let leave_out_missing = version.is_none();
        let fetch = Fetch { version, known: &[], accept_unmanaged: true, leave_out_missing, budget: self.budget };
        let fetched = self.store.fetch(fetch, |manifest| {
            let all: Vec<(&ConfigPath, &[String])> = match manifest {
                Some(manifest) => {
                    let listed = manifest.files.iter().map(|entry| (&entry.path, entry.tags.as_slice()));
                    listed.chain(self.open(manifest, version).map(with_tags)).collect()
                }
                None => self.known(version).map(with_tags).collect(),
            };
            let tagged =
                all.into_iter().filter(|(_, tags)| target.tags.as_ref().is_none_or(|wanted| wanted.matches(tags)));
            let shown = tagged.map(|(path, _)| Ok((below(path, &self.loaded.prefix)?, path.clone())));
            let shown = shown.collect::<Result<Vec<_>, Error>>()?;
            let selected = target.files.select(shown, |(shown, _)| shown.as_str()).files.into_iter();
            Ok::<_, Error>(selected.map(|(_, path)| path).collect())
        });
        let fetched = fetched.await?;
        if leave_out_missing && fetched.manifest.is_none() && fetched.files.is_empty() {
            return Err(self.nothing_at(version).await?);
        }
        let files = fetched.files.iter().map(|file| self.with_keys(file)).collect::<Result<Vec<_>, _>>()?;
        Ok((fetched.manifest, files))
    }

    fn recorded(&self, entry: &FileEntry) -> Result<FoundFile, Error> {
        let file = self.found_file(&entry.path, &entry.tags)?;
        let file_type = Some(entry.file_type.clone()).filter(|word| !word.is_empty());
        Ok(FoundFile { size: Some(entry.size), file_type, digest: Some(entry.sha256), ..file })
    }

    fn in_catalog(&self, entry: &SelectedFile<'_>) -> Result<FoundFile, Error> {
        self.found_file(&entry.path, &entry.file.tags)
    }

    fn with_keys(&self, fetched: &FetchedFile) -> Result<FoundFile, Error> {
        let mut compared = ComparedFile::from_fetched(fetched);
        let in_catalog = self.entries.iter().find(|entry| entry.path == fetched.path);
        let file = match (&fetched.entry, in_catalog) {
            (Some(entry), _) => self.recorded(entry)?,
            (None, Some(entry)) => self.in_catalog(entry)?,
            (None, None) => self.found_file(&fetched.path, &[])?,
        };
        let word = in_catalog.filter(|_| fetched.entry.is_none()).and_then(|entry| entry.file.file_type.as_deref());
        if let Some(word) = word {
            compared.file_type = FileType::from_recorded(word, &fetched.path);
        }
        let types = self.request.target.types.decide(std::iter::once(file.path.as_str())).types;
        compared.file_type = types.get(file.path.as_str()).copied().unwrap_or(compared.file_type);
        let parsed = compared.parsed(&self.request.target.checks.separator);
        let keys = parsed.map(|parsed| distinct_keys(&parsed.entries).map(ToOwned::to_owned).collect());
        let size = Some(fetched.content.expose().len() as u64);
        Ok(FoundFile { size, digest: Some(fetched.digest), keys: Some(keys), ..file })
    }

    fn found_file(&self, path: &ConfigPath, tags: &[String]) -> Result<FoundFile, Error> {
        Ok(FoundFile {
            path: below(path, &self.loaded.prefix)?,
            context: self.context.clone(),
            size: None,
            file_type: None,
            digest: None,
            tags: tags.to_vec(),
            keys: None,
        })
    }
}

/// What a catalog says of a file.
fn with_tags<'a>(entry: &'a SelectedFile<'_>) -> (&'a ConfigPath, &'a [String]) {
    (&entry.path, &entry.file.tags)
}
