//! The search itself: through a context, by what its manifests list and what else its keys hold, and through the other
//! contexts of its bucket by digests.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use std::time::Duration;

use futures_util::stream::{self, StreamExt as _};

use super::holder::{Holder, Holders};
use super::wanted::{Holding, Wanted};
use crate::command::Location;
use crate::command::list::find_contexts;
use crate::error::Error;
use crate::name::{Context, Digest, VersionName};
use crate::s3::{AwsBucket, Budget, Reason};
use crate::store::{self, CONCURRENCY, FileEntry, MAX_TOTAL_BYTES, Manifest, PurgeBase, Store, Stored, Unlisted};

/// How many bodies are read at once: all of them together may be as large as the files of a pull.
const BODIES: usize = 16;

/// How many other contexts are looked through at once.
const CONTEXTS: usize = 26;

/// Why a file in which the value does not stand as it is may hold it all the same.
const NOT_PARSED: &str = "it cannot be parsed";

/// A version's manifest, or the head's.
type State = (Option<VersionName>, Stored<Manifest>);

/// What was answered to the question for a version's manifest, or the head's.
type Answer = Result<Option<Stored<Manifest>>, store::Error>;

/// What was answered about a context: its manifests, or why there are none to be had.
struct Answers {
    store: Store<AwsBucket>,
    /// Why the versions could not be listed.
    unlisted: Option<store::Error>,
    /// How many versions are too many to be read.
    beyond: usize,
    manifests: Vec<(Option<VersionName>, Answer)>,
}

impl Answers {
    /// Reads the manifests of a context, that many at once. Of versions no more are read than are `left`.
    async fn of(store: Store<AwsBucket>, left: &Cell<usize>, at_once: usize) -> Self {
        let (listed, unlisted) = match store.versions().await {
            Ok(versions) => (versions, None),
            Err(error) => (Vec::new(), Some(error)),
        };
        let mut versions: Vec<_> = VersionName::newest_first(&listed).into_iter().cloned().collect();
        let beyond = versions.len().saturating_sub(left.get());
        versions.truncate(left.get());
        left.set(left.get() - versions.len());
        let asked = versions.into_iter().map(Some).chain([None]).map(|version| async {
            let manifest = store.manifest(version.as_ref()).await;
            (version, manifest)
        });
        let manifests = stream::iter(asked).buffered(at_once).collect().await;
        Self { store, unlisted, beyond, manifests }
    }
}

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

    /// Looks through the context and all others. `gone`: the version that is not looked at.
    pub(super) async fn all(&mut self, wanted: &Wanted<'_>, gone: Option<&VersionName>) -> Result<(), Error> {
        let digests = self.own(wanted, gone).await?;
        self.others(&digests).await
    }

    /// Looks through the context, and gives the digests of what was found. `gone`: the version that is not looked at.
    pub(super) async fn own(
        &mut self,
        wanted: &Wanted<'_>,
        gone: Option<&VersionName>,
    ) -> Result<HashSet<Digest>, Error> {
        let store = self.store;
        let left = Cell::new(self.manifests_left);
        let answers = Answers::of(store.clone(), &left, CONCURRENCY).await;
        self.manifests_left = left.get();
        let mut states = self.states(answers)?;
        states.retain(|(version, _)| gone.is_none() || version.as_ref() != gone);
        let mut digests: HashSet<Digest> = match wanted {
            Wanted::Content(files) => files.keys().copied().collect(),
            Wanted::Value { .. } => self.digests(wanted, &states).await?,
        };
        self.take(store.keys().context(), &states, &digests);
        self.bases = self.bases(&states);
        self.unlisted(wanted, &states, &mut digests).await?;
        Ok(digests)
    }

    /// Looks through the other contexts for files of these digests.
    pub(super) async fn others(&mut self, digests: &HashSet<Digest>) -> Result<(), Error> {
        if digests.is_empty() {
            return Ok(());
        }
        let store = self.store;
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
        let others =
            contexts.into_iter().filter(|context| context.has_manifests && context.name != *store.keys().context());
        let left = &Cell::new(self.manifests_left);
        let answers = others
            .map(|context| Answers::of(Store::new(store.bucket().clone(), context.name), left, CONCURRENCY / CONTEXTS));
        let mut answers = stream::iter(answers).buffered(CONTEXTS);
        while let Some(answers) = answers.next().await {
            let context = answers.store.keys().context().clone();
            let states = self.states(answers)?;
            self.take(&context, &states, digests);
        }
        Ok(())
    }

    /// The manifests of a context, as far as they could be read.
    fn states(&mut self, Answers { store, unlisted, beyond, manifests }: Answers) -> Result<Vec<State>, Error> {
        let context = store.keys().context();
        if let Some(error) = unlisted {
            self.unread(&format!("the versions of {context}"), error)?;
        }
        if beyond > 0 {
            self.not_read.push(format!("{beyond} of the versions of {context} (there are too many)"));
        }
        let mut states = Vec::new();
        for (version, manifest) in manifests {
            let manifest = self.readable(&store, version.as_ref(), manifest)?;
            states.extend(manifest.map(|manifest| (version, manifest)));
        }
        Ok(states)
    }

    pub(super) fn readable(
        &mut self,
        store: &Store<AwsBucket>,
        version: Option<&VersionName>,
        manifest: Answer,
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
                    Ok(body) => return (digest, Ok((wanted.look(entry.read_as(), &body), version, entry))),
                    Err(error) => unread.push((version, entry, error)),
                }
            }
            (digest, Err(unread))
        });
        let read: Vec<_> = stream::iter(read).buffer_unordered(BODIES).collect().await;
        let mut digests = HashSet::new();
        let named = |version: &Option<VersionName>, entry: &FileEntry| {
            format!("{} of {}", entry.path, version.as_ref().map_or("the head", VersionName::as_str))
        };
        for (digest, looked) in read {
            match looked {
                Ok((Holding::Yes, ..)) => drop(digests.insert(digest)),
                Ok((Holding::No, ..)) => {}
                Ok((Holding::NotParsed, version, entry)) => {
                    self.not_read.push(format!("{} ({NOT_PARSED})", named(version, entry)));
                }
                Err(unread) => {
                    for (version, entry, error) in unread {
                        self.unread(&named(version, entry), error)?;
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
            let look = |(digest, body)| (digest, wanted.look_at(digest, unlisted.file_type, &body));
            let looked = body.map(|body| body.map(look));
            (unlisted, looked)
        });
        let read: Vec<_> = stream::iter(read).buffered(BODIES).collect().await;
        for (Unlisted { version, path, listed, .. }, looked) in read {
            let named = || format!("S3 version {} of {path}", listed.version.as_str());
            match looked {
                Ok(Some((digest, Holding::Yes))) => {
                    digests.insert(digest);
                    let (context, unlisted) = (store.keys().context().clone(), Some(listed.version));
                    self.found.push(Holder { context, version, path, unlisted });
                }
                Ok(Some((_, Holding::NotParsed))) => self.not_read.push(format!("{} ({NOT_PARSED})", named())),
                Ok(_) => {}
                Err(error) => self.unread(&named(), error)?,
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
