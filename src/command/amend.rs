//! Amend: the files of the head as they are read to be changed, and config keys that are changed in them. The front end
//! pushes what comes of it, over what was read.

mod keys;

use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};

pub use self::keys::{AmendError, KeyEdit, NewKey, Retyped, amend, new_keys, retyped};
use super::cancel::unless_cancelled;
use super::catalogs;
use super::deadline::Deadline;
use super::push::only;
use super::variables::Variables;
use super::{Location, Note, working};
use crate::cancellation::Cancellation;
use crate::catalog::{Decided, SelectedFile};
use crate::config::FileType;
use crate::error::{Error, UnknownFiles};
use crate::name::{ConfigPath, Digest};
use crate::observer::Observer;
use crate::request::{HeadFile, RunInfo, Target};
use crate::s3::{AwsBucket, Budget};
use crate::secret::Secret;
use crate::store::{
    self, Base, BaseEntry, CONCURRENCY, Fetch, FetchedFile, FileEntry, Integrity, MAX_TOTAL_BYTES, Manifest, Store,
};
use crate::workspace::Workspace;

/// The files of the head that `files` and `tags` choose.
#[derive(Debug)]
pub struct HeadFiles {
    /// Where the head is.
    pub location: Location,
    /// The files, in the order of their paths.
    pub files: Vec<HeadFile>,
    /// What a person should know.
    pub notes: Vec<Note>,
}

/// Reads files of the head to change them, within the deadline and unless the run is cancelled. With `as_it_lies`, what
/// lies at a key is the file, whether or not a finished push has put it there.
///
/// # Errors
/// What can go wrong in the requests; files that are not there; [`Integrity::Mismatch`] for an object that is not what
/// the manifest says.
pub async fn head_files(
    target: &Target,
    as_it_lies: bool,
    run: &RunInfo,
    workspace: &Workspace,
    observer: Arc<dyn Observer>,
    cancellation: &Cancellation,
) -> Result<HeadFiles, Error> {
    let deadline = Deadline::new(target.deadline, observer);
    let work = Box::pin(read(target, as_it_lies, run, workspace, &deadline));
    unless_cancelled(cancellation, deadline.keep(work)).await
}

async fn read(
    target: &Target,
    as_it_lies: bool,
    run: &RunInfo,
    workspace: &Workspace,
    deadline: &Arc<Deadline>,
) -> Result<HeadFiles, Error> {
    let catalog = deadline.watch(|| catalogs::load(target, workspace))?;
    let variables = Variables::new(target, run, &**deadline);
    let entries = working::entries(target, variables, &catalog)?;
    let context = super::target::context(target, run, &catalog)?;
    let bucket = only(super::target::buckets(target, &context, &catalog, &entries)?)?;
    let session = target.connection.open(Arc::clone(deadline) as _).await?;
    let store = super::target::store(target, &session, &context, &bucket).await?;
    let known = target.files.exact_paths().unwrap_or_else(|| entries.iter().map(|entry| entry.path.clone()).collect());
    store.bucket().open_ahead(known.len() + 1).await;
    session.sign_in().await?;

    let reader = Reader { target, entries: &entries, store: &store };
    let (manifest, mut files, notes) =
        if as_it_lies { reader.as_they_lie().await? } else { reader.as_listed(&known).await? };
    files.sort_unstable_by(|one, other| one.path.cmp(&other.path));
    let key = manifest.and_then(|_| store.keys().manifest(None).ok());
    let location = Location::new(&context, &bucket, "head", key.map(|key| key.to_string()));
    Ok(HeadFiles { location, files, notes })
}

struct Reader<'a> {
    target: &'a Target,
    /// The catalog's entries that `files` and `tags` choose.
    entries: &'a [SelectedFile<'a>],
    store: &'a Store<AwsBucket>,
}

type Found = (Option<Manifest>, Vec<HeadFile>, Vec<Note>);

impl Reader<'_> {
    /// The files as a pull delivers them.
    async fn as_listed(&self, known: &[ConfigPath]) -> Result<Found, Error> {
        let budget = Budget::new(MAX_TOTAL_BYTES);
        let fetch = Fetch { version: None, known, accept_unmanaged: true, leave_out_missing: true, budget: &budget };
        let fetched = self.store.fetch(fetch, |manifest| self.chosen(manifest)).await?;
        if fetched.files.is_empty() {
            return Err(self.not_stored(fetched.manifest.as_ref()).await);
        }
        let types = self.types(fetched.files.iter().map(|file| &file.path));
        let mut files = Vec::with_capacity(fetched.files.len());
        for FetchedFile { path, content, digest, entry, verified, .. } in fetched.files {
            if entry.is_some() && !verified {
                // A pull takes what another tool wrote. To change it is to vouch for it.
                let key = self.store.keys().file(None, &path).map_err(store::Error::from)?;
                return Err(store::Error::from(Integrity::Mismatch { key, version: None, push_id: None }).into());
            }
            let base = entry.as_ref().map_or_else(|| unlisted(digest), BaseEntry::from);
            let file_type = self.file_type(&types, &path, entry.as_ref());
            files.push(HeadFile {
                path,
                file_type,
                content,
                base: Base::Known(Some(base)),
                is_listed: entry.is_some(),
            });
        }
        let notes = fetched.manifest.is_none().then_some(Note::GoLayout(None));
        Ok((fetched.manifest, files, notes.into_iter().collect()))
    }

    /// The files as they lie at their keys, whatever the manifest says of them.
    async fn as_they_lie(&self) -> Result<Found, Error> {
        let manifest = self.store.manifest(None).await?.map(|stored| stored.value);
        let paths = self.chosen(manifest.as_ref())?;
        let budget = Budget::new(MAX_TOTAL_BYTES);
        let bodies = stream::iter(&paths).map(|path| self.store.body_at_key(path, &budget));
        let bodies: Vec<_> = bodies.buffered(CONCURRENCY).try_collect().await?;
        let types = self.types(paths.iter());
        let mut files = Vec::with_capacity(paths.len());
        for (path, body) in paths.iter().zip(bodies) {
            let Some(content) = body else { continue };
            let entry = manifest.as_ref().and_then(|manifest| manifest.entry(path));
            let digest = digest_of(&content);
            let base = match entry.filter(|entry| entry.sha256 == digest) {
                Some(entry) => Base::Known(Some(BaseEntry::from(entry))),
                None => Base::AtKey(digest),
            };
            let file_type = self.file_type(&types, path, entry);
            files.push(HeadFile { path: path.clone(), file_type, content, base, is_listed: entry.is_some() });
        }
        if files.is_empty() {
            return Err(self.not_stored(manifest.as_ref()).await);
        }
        Ok((manifest, files, Vec::new()))
    }

    /// The paths that `files` and `tags` choose among those of the manifest and of the catalog.
    fn chosen(&self, manifest: Option<&Manifest>) -> Result<Vec<ConfigPath>, Error> {
        let target = self.target;
        let listed: Vec<_> = manifest.into_iter().flat_map(|manifest| &manifest.files).collect();
        let has_tags = |entry: &&&FileEntry| target.tags.as_ref().is_none_or(|tags| tags.matches(&entry.tags));
        let is_listed = |path: &ConfigPath| listed.iter().any(|entry| entry.path == *path);
        let of_catalog = self.entries.iter().map(|entry| &entry.path).filter(|path| !is_listed(path));
        let candidates = listed.iter().filter(has_tags).map(|entry| &entry.path).chain(of_catalog);
        let selection = target.files.select(candidates, |path| path.as_str());
        if !selection.unmatched.is_empty() && target.tags.is_none() {
            return Err(self.unknown(selection.unmatched, manifest));
        }
        if selection.files.is_empty() && target.tags.is_some() {
            return Err(Error::NoTags);
        }
        Ok(selection.files.into_iter().cloned().collect())
    }

    async fn not_stored(&self, manifest: Option<&Manifest>) -> Error {
        let named: Vec<_> = self.entries.iter().map(|entry| entry.path.to_string()).collect();
        if named.is_empty() {
            return self.store.nothing_at(None, Vec::new()).await.unwrap_or_else(|error| error).into();
        }
        self.unknown(named, manifest)
    }

    fn unknown(&self, lines: Vec<String>, manifest: Option<&Manifest>) -> Error {
        let stored = manifest.into_iter().flat_map(|manifest| &manifest.files).map(|entry| entry.path.as_str());
        let files = UnknownFiles::new(lines, stored);
        Error::NotStored { files, context: self.store.keys().context().clone(), version: None, are_listed: false }
    }

    fn types<'p>(&self, paths: impl Iterator<Item = &'p ConfigPath> + Clone) -> Decided {
        self.target.types.decide(paths.map(ConfigPath::as_str))
    }

    /// What a file is read as: an option decides, then what is recorded.
    fn file_type(&self, types: &Decided, path: &ConfigPath, entry: Option<&FileEntry>) -> FileType {
        let in_catalog = || {
            let known = self.entries.iter().find(|entry| entry.path == *path);
            let recorded = known.and_then(|entry| entry.file.file_type.as_deref()).unwrap_or_default();
            FileType::from_recorded(recorded, path)
        };
        let by_rule = types.types.get(path.as_str()).copied();
        by_rule.or_else(|| entry.map(FileEntry::read_as)).unwrap_or_else(in_catalog)
    }
}

/// A file that no manifest lists.
const fn unlisted(sha256: Digest) -> BaseEntry {
    BaseEntry { sha256, version_id: None, version: None }
}

fn digest_of(content: &Secret<Bytes>) -> Digest {
    Digest::from_content(content.expose())
}
