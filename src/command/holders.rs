//! Which versions and S3 versions hold the same content, or a value: what else has to go when a value has leaked.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};

use super::Location;
use super::cancel::unless_cancelled;
use super::deadline::Deadline;
use super::history::Opened;
use super::list::find_contexts;
use super::resolved::Resolved;
use super::verify::chosen;
use crate::cancellation::Cancellation;
use crate::config::{FileType, parse};
use crate::error::{Error, NoSuchKey, Searched};
use crate::name::{ConfigPath, Context, Digest, VersionName};
use crate::observer::Observer;
use crate::option::{OptionError, VALUE_OF};
use crate::request::{HoldersRequest, RunInfo};
use crate::s3::{AwsBucket, Budget, ListedVersion, VersionId};
use crate::secret::Secret;
use crate::store::{self, CONCURRENCY, FileEntry, MAX_TOTAL_BYTES, Manifest, Store};
use crate::workspace::Workspace;

/// How many bodies are read at once: all of them together may be as large as the files of a pull.
const BODIES: usize = 16;

/// A value of fewer bytes is looked for as a whole value only: as a part of others it would be found everywhere.
const LEAST_PART: usize = 8;

/// How many manifests of versions are read to tell what else holds what is purged: what that finds is a note. The newest of
/// a context come first.
const MOST_MANIFESTS: usize = 1_000;

/// A file that holds what was looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Whose it is.
    pub context: Context,
    /// The version; none for the head.
    pub version: Option<VersionName>,
    /// The file.
    pub path: ConfigPath,
    /// The S3 version of a file of the head that the head's manifest does not list; none for what a manifest lists.
    pub unlisted: Option<VersionId>,
}

/// What was found.
#[derive(Debug)]
pub struct Holders {
    /// Where the value, or the content, is from.
    pub location: Location,
    /// By context, that of the location first, and in it by version.
    pub found: Vec<Holder>,
    /// What could not be read, each with why, as a name and a clause in brackets.
    pub not_read: Vec<String>,
}

/// Why a config key's value is not looked for.
#[derive(Debug, thiserror::Error)]
enum NotLookedFor {
    #[error("its value is empty")]
    Empty,
    #[error("files have different values for it: {0}")]
    Several(String),
}

/// What is looked for.
enum Wanted<'a> {
    /// Files of these digests, with their sizes.
    Content(&'a HashMap<Digest, u64>),
    /// Files that hold a value.
    Value { value: &'a Secret<String>, separator: &'a str },
}

/// A version's manifest, or the head's.
type State = (Option<VersionName>, Manifest);

/// Finds what holds the value that a config key has in the head, or in a version.
///
/// # Errors
/// What can go wrong in the requests; a key that is not there, or has several values. What may not be read is a part of the
/// result.
pub async fn holders(
    request: &HoldersRequest,
    run: &RunInfo,
    workspace: &Workspace,
    observer: Arc<dyn Observer>,
    cancellation: &Cancellation,
) -> Result<Holders, Error> {
    let deadline = Deadline::new(request.target.deadline, observer);
    let work = Box::pin(async {
        let target = &request.target;
        let opened = Opened::new(target, run, workspace, &deadline, 2).await?;
        let resolved = Resolved::find(&opened.store, &target.version).await?;
        let manifest = resolved.manifest(&opened.store).await?;
        let version = resolved.version.as_ref();
        let location = opened.location(version);
        let value = value(request, &opened.store, version, &manifest, &location).await?;
        let wanted = Wanted::Value { value: &value, separator: &target.checks.separator };
        let mut search = Search::new(&opened.store, usize::MAX);
        search.all(&wanted, None).await?;
        Ok(Holders { location, found: search.found, not_read: search.not_read })
    });
    unless_cancelled(cancellation, deadline.keep(work)).await
}

/// The value of the key in the chosen files.
async fn value(
    HoldersRequest { target, key }: &HoldersRequest,
    store: &Store<AwsBucket>,
    version: Option<&VersionName>,
    manifest: &Manifest,
    location: &Location,
) -> Result<Secret<String>, Error> {
    let budget = Budget::new(MAX_TOTAL_BYTES);
    let chosen = chosen(target, manifest, location)?;
    let mut values: BTreeMap<&ConfigPath, Secret<String>> = BTreeMap::new();
    for entry in manifest.files.iter().filter(|entry| chosen.contains(&entry.path)) {
        if entry.read_as() == FileType::Raw {
            continue;
        }
        let body = store.body_of(version, entry, &budget).await?;
        let parsed = parse(entry.read_as(), body.expose(), &target.checks.separator).unwrap_or_default();
        let last = parsed.entries.into_iter().rev().find(|entry| entry.key == *key);
        values.extend(last.map(|found| (&entry.path, found.value.text)));
    }
    let Some(first) = values.values().next().cloned() else {
        let searched = if target.files.is_empty() {
            Searched::Files(location.clone())
        } else {
            Searched::Chosen(location.clone())
        };
        return Err(Error::NoSuchKey(Box::new(NoSuchKey {
            key: key.clone(),
            meant: None,
            searched,
            elsewhere: Vec::new(),
        })));
    };
    if values.values().any(|value| value.expose() != first.expose()) {
        let paths: Vec<_> = values.keys().map(ToString::to_string).collect();
        return Err(OptionError::unusable(&VALUE_OF, NotLookedFor::Several(paths.join(", "))).into());
    }
    if first.expose().is_empty() {
        return Err(OptionError::unusable(&VALUE_OF, NotLookedFor::Empty).into());
    }
    Ok(first)
}

/// Finds what else holds the files of a version that is about to go.
pub(super) async fn holders_of_files(
    store: &Store<AwsBucket>,
    version: &VersionName,
    location: &Location,
) -> Result<Holders, Error> {
    let mut search = Search::new(store, MOST_MANIFESTS);
    let manifest = search.readable(store, Some(version), store.manifest(Some(version)).await)?;
    let files: HashMap<_, _> =
        manifest.iter().flat_map(|manifest| &manifest.files).map(|entry| (entry.sha256, entry.size)).collect();
    if !files.is_empty() {
        search.all(&Wanted::Content(&files), Some(version)).await?;
    }
    Ok(Holders { location: location.clone(), found: search.found, not_read: search.not_read })
}

/// Finds what else holds files of the head that are about to go.
pub(super) async fn holders_of_head_files(
    store: &Store<AwsBucket>,
    paths: &[ConfigPath],
    entries: &[FileEntry],
    location: &Location,
) -> Result<Holders, Error> {
    let mut search = Search::new(store, MOST_MANIFESTS);
    let files: HashMap<_, _> = entries.iter().map(|entry| (entry.sha256, entry.size)).collect();
    if !files.is_empty() {
        search.all(&Wanted::Content(&files), None).await?;
    }
    let goes = |holder: &Holder| {
        holder.version.is_none() && holder.context == location.context && paths.contains(&holder.path)
    };
    search.found.retain(|holder| !goes(holder));
    Ok(Holders { location: location.clone(), found: search.found, not_read: search.not_read })
}

/// Looks through a context, and then through the other contexts of its bucket.
struct Search<'a> {
    store: &'a Store<AwsBucket>,
    found: Vec<Holder>,
    not_read: Vec<String>,
    /// How many more manifests of versions are read.
    manifests_left: usize,
}

impl<'a> Search<'a> {
    /// `manifests`: how many of versions are read at most.
    fn new(store: &'a Store<AwsBucket>, manifests: usize) -> Self {
        Self { store, found: Vec::new(), not_read: Vec::new(), manifests_left: manifests }
    }

    /// `gone`: the version that is not looked at.
    async fn all(&mut self, wanted: &Wanted<'_>, gone: Option<&VersionName>) -> Result<(), Error> {
        let store = self.store;
        let mut states = self.states(store).await?;
        states.retain(|(version, _)| gone.is_none() || version.as_ref() != gone);
        let mut digests: HashSet<Digest> = match wanted {
            Wanted::Content(files) => files.keys().copied().collect(),
            Wanted::Value { .. } => self.digests(wanted, &states).await?,
        };
        self.take(store.keys().context(), &states, &digests);
        if let Some((_, head)) = states.iter().find(|(version, _)| version.is_none()) {
            self.unlisted(wanted, head, &mut digests).await?;
        }
        if digests.is_empty() {
            return Ok(());
        }
        let contexts = match find_contexts(store.bucket()).await {
            Ok((contexts, is_whole)) => {
                self.not_read.extend((!is_whole).then(|| "some folders of the bucket (there are too many)".to_owned()));
                contexts
            }
            Err(failure) => {
                self.denied("the other contexts of the bucket".to_owned(), failure.into())?;
                Vec::new()
            }
        };
        for context in contexts.into_iter().filter(|context| context.has_manifests) {
            if context.name != *store.keys().context() {
                let other = Store::new(store.bucket().clone(), context.name);
                let states = self.states(&other).await?;
                self.take(other.keys().context(), &states, &digests);
            }
        }
        Ok(())
    }

    /// The manifests of a context, as far as they can be read.
    async fn states(&mut self, store: &Store<AwsBucket>) -> Result<Vec<State>, Error> {
        let context = store.keys().context();
        let mut versions = match store.versions().await {
            Ok(versions) => versions,
            Err(error) => {
                self.denied(format!("the versions of {context}"), error)?;
                Vec::new()
            }
        };
        versions.sort_by(|one, other| other.newness().cmp(&one.newness()));
        let beyond = versions.len().saturating_sub(self.manifests_left);
        if beyond > 0 {
            versions.truncate(self.manifests_left);
            self.not_read.push(format!("{beyond} of the versions of {context} (there are too many)"));
        }
        self.manifests_left -= versions.len();
        let all = versions.into_iter().map(Some).chain([None]).map(|version| async move {
            let manifest = store.manifest(version.as_ref()).await;
            (version, manifest)
        });
        let read: Vec<_> = stream::iter(all).buffered(CONCURRENCY).collect().await;
        let mut states = Vec::new();
        for (version, manifest) in read {
            let manifest = self.readable(store, version.as_ref(), manifest)?;
            states.extend(manifest.map(|manifest| (version, manifest)));
        }
        Ok(states)
    }

    fn readable(
        &mut self,
        store: &Store<AwsBucket>,
        version: Option<&VersionName>,
        manifest: Result<Option<store::Stored<Manifest>>, store::Error>,
    ) -> Result<Option<Manifest>, Error> {
        match manifest {
            Ok(stored) => Ok(stored.map(|stored| stored.value)),
            Err(error) => {
                let name = version.map_or("the head", VersionName::as_str);
                self.denied(format!("{name} of {}", store.keys().context()), error)?;
                Ok(None)
            }
        }
    }

    /// Notes what may not, or cannot, be read; other errors end the search.
    fn denied(&mut self, what: String, error: store::Error) -> Result<(), Error> {
        let why = match (&error, error.denied_action()) {
            (_, Some(action)) => format!("{action} was denied"),
            (store::Error::Integrity(_) | store::Error::Newer(_), _) => "it cannot be read".to_owned(),
            (store::Error::Missing(_), _) => "it is not there".to_owned(),
            _ => return Err(error.into()),
        };
        self.not_read.push(format!("{what} ({why})"));
        Ok(())
    }

    /// The digests of the files that hold a value: each different file is read once.
    async fn digests(&mut self, wanted: &Wanted<'_>, states: &[State]) -> Result<HashSet<Digest>, Error> {
        let mut different: HashMap<Digest, (&Option<VersionName>, &FileEntry)> = HashMap::new();
        for (version, manifest) in states {
            for entry in &manifest.files {
                different.entry(entry.sha256).or_insert((version, entry));
            }
        }
        let budget = Budget::new(MAX_TOTAL_BYTES);
        let (store, budget) = (self.store, &budget);
        let read = different.into_iter().map(|(digest, (version, entry))| async move {
            let body = store.body_of(version.as_ref(), entry, budget).await;
            (digest, version, entry, body.map(|body| wanted.is_held_by(entry.read_as(), &body)))
        });
        let read: Vec<_> = stream::iter(read).buffer_unordered(BODIES).collect().await;
        let mut digests = HashSet::new();
        for (digest, version, entry, holds) in read {
            match holds {
                Ok(true) => drop(digests.insert(digest)),
                Ok(false) => {}
                Err(error) => {
                    let name = version.as_ref().map_or("the head", VersionName::as_str);
                    self.denied(format!("{} of {name}", entry.path), error)?;
                }
            }
        }
        Ok(digests)
    }

    /// What the keys of the head's files hold besides what it lists.
    async fn unlisted(
        &mut self,
        wanted: &Wanted<'_>,
        head: &Manifest,
        digests: &mut HashSet<Digest>,
    ) -> Result<(), Error> {
        let (store, budget) = (self.store, &Budget::new(MAX_TOTAL_BYTES));
        let paths = head.files.iter().map(|entry| &entry.path).chain(&head.removed);
        let listed = paths.map(|path| async move { (path, store.unlisted_versions(head, path).await) });
        let listed: Vec<_> = stream::iter(listed).buffered(CONCURRENCY).collect().await;
        let mut asked = Vec::new();
        for (path, listed) in listed {
            match listed {
                Ok(listed) => asked.extend(listed.into_iter().map(|listed| (path, listed))),
                // It is one right for all of them.
                Err(error) => return self.denied("earlier S3 versions of the head's files".to_owned(), error),
            }
        }
        asked.retain(|(_, listed)| wanted.may_be(listed));
        let read = asked.into_iter().map(|(path, listed)| async move {
            let file_type = head.entry(path).map_or_else(|| FileType::detect(path), FileEntry::read_as);
            let body = store.body_of_version(&listed, budget).await;
            let body = body.map(|body| body.map(|(digest, body)| (digest, wanted.is(digest, file_type, &body))));
            Ok::<_, Error>((path, listed, body))
        });
        let read: Vec<_> = stream::iter(read).buffered(BODIES).try_collect().await?;
        for (path, listed, held) in read {
            match held {
                Ok(Some((digest, true))) => {
                    digests.insert(digest);
                    let (context, unlisted) = (store.keys().context().clone(), Some(listed.version));
                    self.found.push(Holder { context, version: None, path: path.clone(), unlisted });
                }
                Ok(_) => {}
                Err(error) => self.denied(format!("S3 version {} of {path}", listed.version.as_str()), error)?,
            }
        }
        Ok(())
    }

    fn take(&mut self, context: &Context, states: &[State], digests: &HashSet<Digest>) {
        for (version, manifest) in states {
            let held = manifest.files.iter().filter(|entry| digests.contains(&entry.sha256));
            self.found.extend(held.map(|entry| Holder {
                context: context.clone(),
                version: version.clone(),
                path: entry.path.clone(),
                unlisted: None,
            }));
        }
    }
}

impl Wanted<'_> {
    /// Whether an S3 version may hold it, as far as its size tells.
    fn may_be(&self, listed: &ListedVersion) -> bool {
        match self {
            Self::Content(files) => {
                listed.content.as_ref().is_some_and(|content| files.values().any(|size| *size == content.size))
            }
            Self::Value { .. } => true,
        }
    }

    fn is(&self, digest: Digest, file_type: FileType, body: &Secret<Bytes>) -> bool {
        match self {
            Self::Content(files) => files.contains_key(&digest),
            Self::Value { .. } => self.is_held_by(file_type, body),
        }
    }

    /// Whether a file holds the value: as that of any key or, unless it is short, as a part of anything.
    fn is_held_by(&self, file_type: FileType, body: &Secret<Bytes>) -> bool {
        let Self::Value { value, separator } = self else { return false };
        let value = value.expose().as_str();
        let is_part =
            |text: &[u8]| value.len() >= LEAST_PART && text.windows(value.len()).any(|part| part == value.as_bytes());
        let body = body.expose();
        if is_part(body) {
            return true;
        }
        let parsed = if file_type == FileType::Raw { None } else { parse(file_type, body, separator).ok() };
        let entries = parsed.into_iter().flat_map(|parsed| parsed.entries);
        entries.map(|entry| entry.value.text).any(|text| text.expose() == value || is_part(text.expose().as_bytes()))
    }
}
