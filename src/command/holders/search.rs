//! The search itself: through a context, by what its manifests list and what else its keys hold, and through the other
//! contexts of its bucket by digests.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{self, StreamExt as _};

use super::holder::{Holder, Holders};
use crate::command::Location;
use crate::command::list::find_contexts;
use crate::config::{FileType, parse};
use crate::error::Error;
use crate::name::{Context, Digest, VersionName};
use crate::s3::{AwsBucket, Budget, ListedVersion, Reason};
use crate::secret::Secret;
use crate::store::{self, CONCURRENCY, FileEntry, MAX_TOTAL_BYTES, Manifest, PurgeBase, Store, Stored, Unlisted};

/// How many bodies are read at once: all of them together may be as large as the files of a pull.
const BODIES: usize = 16;

/// A value of fewer bytes is looked for as a whole value only: as a part of others it would be found everywhere.
const LEAST_PART: usize = 8;

/// What is looked for.
pub(super) enum Wanted<'a> {
    /// Files of these digests, with their sizes.
    Content(&'a HashMap<Digest, u64>),
    /// Files that hold a value.
    Value { value: &'a Secret<String>, separator: &'a str },
}

/// A version's manifest, or the head's.
type State = (Option<VersionName>, Stored<Manifest>);

/// Looks through a context, and then through the other contexts of its bucket.
pub(super) struct Search<'a> {
    store: &'a Store<AwsBucket>,
    pub(super) found: Vec<Holder>,
    pub(super) not_read: Vec<String>,
    /// Of the versions of the context that were found.
    pub(super) bases: HashMap<VersionName, PurgeBase>,
    /// How many more manifests of versions are read.
    manifests_left: usize,
}

impl<'a> Search<'a> {
    /// `manifests`: how many of versions are read at most.
    pub(super) fn new(store: &'a Store<AwsBucket>, manifests: usize) -> Self {
        let bases = HashMap::new();
        Self { store, found: Vec::new(), not_read: Vec::new(), bases, manifests_left: manifests }
    }

    pub(super) fn holders(self, location: Location) -> Holders {
        let Self { found, not_read, bases, .. } = self;
        Holders { location, found, not_read, bases, channels: Ok(Vec::new()) }
    }

    /// Searches for so long. What is not looked at by then, or because nothing answers, is noted: the search is for a
    /// note, and nothing that has to be done waits for it, or fails with it.
    pub(super) async fn within(&mut self, limit: Duration, search: impl AsyncFnOnce(&mut Self) -> Result<(), Error>) {
        let why = match tokio::time::timeout(limit, search(self)).await {
            Ok(Ok(())) => return,
            Ok(Err(_)) => "there was no answer",
            Err(_) => "that took too long",
        };
        self.not_read.push(format!("the rest of the bucket ({why})"));
    }

    /// `gone`: the version that is not looked at.
    pub(super) async fn all(&mut self, wanted: &Wanted<'_>, gone: Option<&VersionName>) -> Result<(), Error> {
        let store = self.store;
        let mut states = self.states(store).await?;
        states.retain(|(version, _)| gone.is_none() || version.as_ref() != gone);
        let mut digests: HashSet<Digest> = match wanted {
            Wanted::Content(files) => files.keys().copied().collect(),
            Wanted::Value { .. } => self.digests(wanted, &states).await?,
        };
        self.take(store.keys().context(), &states, &digests);
        self.bases = self.bases(&states);
        self.unlisted(wanted, &states, &mut digests).await?;
        if digests.is_empty() {
            return Ok(());
        }
        let contexts = match find_contexts(store.bucket()).await {
            Ok((contexts, is_whole)) => {
                self.not_read.extend((!is_whole).then(|| "some folders of the bucket (there are too many)".to_owned()));
                contexts
            }
            Err(failure) => {
                self.unread("the other contexts of the bucket", failure.into())?;
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
                self.unread(&format!("the versions of {context}"), error)?;
                Vec::new()
            }
        };
        versions = VersionName::newest_first(&versions).into_iter().cloned().collect();
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

    pub(super) fn readable(
        &mut self,
        store: &Store<AwsBucket>,
        version: Option<&VersionName>,
        manifest: Result<Option<Stored<Manifest>>, store::Error>,
    ) -> Result<Option<Stored<Manifest>>, Error> {
        match manifest {
            Ok(stored) => Ok(stored),
            Err(error) => {
                let name = version.map_or("the head", VersionName::as_str);
                self.unread(&format!("{name} of {}", store.keys().context()), error)?;
                Ok(None)
            }
        }
    }

    /// Notes what may not, or cannot, be read. Only what no other request would get past ends the search.
    fn unread(&mut self, what: &str, error: store::Error) -> Result<(), Error> {
        if let store::Error::S3(failure) = &error
            && failure.is_of_connection()
        {
            return Err(error.into());
        }
        self.not_read.push(format!("{what} ({})", why_unread(&error)));
        Ok(())
    }

    /// The digests of the files that hold a value: each different file is read once, from the first place that gives
    /// it.
    async fn digests(&mut self, wanted: &Wanted<'_>, states: &[State]) -> Result<HashSet<Digest>, Error> {
        let mut copies: HashMap<Digest, Vec<(&Option<VersionName>, &FileEntry)>> = HashMap::new();
        for (version, manifest) in states {
            for entry in &manifest.value.files {
                copies.entry(entry.sha256).or_default().push((version, entry));
            }
        }
        let budget = Budget::new(MAX_TOTAL_BYTES);
        let (store, budget) = (self.store, &budget);
        let read = copies.into_iter().map(|(digest, copies)| async move {
            let mut unread = Vec::new();
            for (version, entry) in copies {
                match store.body_of(version.as_ref(), entry, budget).await {
                    Ok(body) => return (digest, Ok(wanted.is_held_by(entry.read_as(), &body))),
                    Err(error) => unread.push((version, entry, error)),
                }
            }
            (digest, Err(unread))
        });
        let read: Vec<_> = stream::iter(read).buffer_unordered(BODIES).collect().await;
        let mut digests = HashSet::new();
        for (digest, holds) in read {
            match holds {
                Ok(true) => drop(digests.insert(digest)),
                Ok(false) => {}
                Err(unread) => {
                    for (version, entry, error) in unread {
                        let name = version.as_ref().map_or("the head", VersionName::as_str);
                        self.unread(&format!("{} of {name}", entry.path), error)?;
                    }
                }
            }
        }
        Ok(digests)
    }

    /// The states of the versions that were found so far.
    fn bases(&self, states: &[State]) -> HashMap<VersionName, PurgeBase> {
        let base = |(version, manifest): &State| {
            let version = version.as_ref().filter(|_| self.found.iter().any(|holder| holder.version == *version))?;
            Some((version.clone(), PurgeBase::of_version(manifest)))
        };
        states.iter().filter_map(base).collect()
    }

    /// What the keys of files hold besides what is listed.
    async fn unlisted(
        &mut self,
        wanted: &Wanted<'_>,
        states: &[State],
        digests: &mut HashSet<Digest>,
    ) -> Result<(), Error> {
        let (store, budget) = (self.store, &Budget::new(MAX_TOTAL_BYTES));
        let manifests = states.iter().map(|(version, manifest)| (version.as_ref(), &manifest.value));
        let listed = store.unlisted_of_all(manifests).await;
        let mut unlisted = match listed {
            Ok(unlisted) => unlisted,
            Err(error) => return self.unread("earlier S3 versions of the files", error),
        };
        unlisted.retain(|unlisted| wanted.may_be(&unlisted.listed));
        let read = unlisted.into_iter().map(|unlisted| async move {
            let body = store.body_of_version(&unlisted.listed, budget).await;
            let is_wanted = |(digest, body)| (digest, wanted.is(digest, unlisted.file_type, &body));
            let held = body.map(|body| body.map(is_wanted));
            (unlisted, held)
        });
        let read: Vec<_> = stream::iter(read).buffered(BODIES).collect().await;
        for (Unlisted { version, path, listed, .. }, held) in read {
            match held {
                Ok(Some((digest, true))) => {
                    digests.insert(digest);
                    let (context, unlisted) = (store.keys().context().clone(), Some(listed.version));
                    self.found.push(Holder { context, version, path, unlisted });
                }
                Ok(_) => {}
                Err(error) => self.unread(&format!("S3 version {} of {path}", listed.version.as_str()), error)?,
            }
        }
        Ok(())
    }

    fn take(&mut self, context: &Context, states: &[State], digests: &HashSet<Digest>) {
        for (version, manifest) in states {
            let held = manifest.value.files.iter().filter(|entry| digests.contains(&entry.sha256));
            self.found.extend(held.map(|entry| Holder {
                context: context.clone(),
                version: version.clone(),
                path: entry.path.clone(),
                unlisted: None,
            }));
        }
    }
}

fn why_unread(error: &store::Error) -> String {
    if let Some(action) = error.denied_action() {
        return format!("{action} was denied");
    }
    let failure = match error {
        store::Error::S3(failure) => failure,
        store::Error::Missing(_) => return "it is not there".to_owned(),
        _ => return "it cannot be read".to_owned(),
    };
    match &failure.reason {
        Reason::Archived => "it lies in an archive".to_owned(),
        Reason::KmsKey => "its KMS key cannot be used".to_owned(),
        Reason::TooLarge(most) => format!("it is larger than {} MiB", most >> 20),
        Reason::ListTooLong(most) => format!("there are more than {most}"),
        Reason::Unavailable => format!("{} kept failing", failure.operation),
        Reason::NotImplemented => format!("the service does not know {}", failure.operation),
        _ => "it cannot be read".to_owned(),
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
