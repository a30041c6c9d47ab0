//! Sends files that are read and checked, and tells what that changes.

use std::cell::RefCell;
use std::pin::pin;

use futures_util::future::{Either, select};

use super::changes;
use super::comparison::{self, Comparison};
use super::merging::{self, Found, Merging, Sent};
use super::pushed::{Pushed, PushedFile};
use crate::command::changes::{Changes, ComparedFile, Comparing};
use crate::command::deadline::Deadline;
use crate::command::promise::broken_promises;
use crate::command::{Location, Note};
use crate::config::{self, FileType, SemverKeys};
use crate::error::Error;
use crate::name::{ChannelName, ConfigPath, Digest, VersionName};
use crate::request::{MergeFiles, Preview};
use crate::s3::AwsBucket;
use crate::store::{self, Base, BaseEntry, FetchedFile, FileEntry, LastPush, Manifest, PushFile, Restore, Store};

/// Where files go, and how.
pub(in crate::command) struct Sending<'a> {
    pub(in crate::command) store: &'a Store<AwsBucket>,
    /// None for the head.
    pub(in crate::command) version: Option<&'a VersionName>,
    /// Whether a version may be replaced.
    pub(in crate::command) overwrite: bool,
    pub(in crate::command) dry_run: bool,
    /// What becomes of the rest of the head, where it is to be again what it was.
    pub(in crate::command) restore: Option<&'a Restore>,
    /// How the files are merged with what others have changed, where their bases are known.
    pub(in crate::command) merge: Option<&'a MergeFiles>,
    /// Joins the parts of nested config keys.
    pub(in crate::command) separator: &'a str,
    /// What becomes of a version whose keys are not what its number promises.
    pub(in crate::command) semver_keys: SemverKeys,
    /// Whether a version is compared with the one before it also where it is there already or is replaced.
    pub(in crate::command) wants_since_before: bool,
    pub(in crate::command) preview: Option<&'a Preview>,
    pub(in crate::command) deadline: &'a Deadline,
    pub(in crate::command) files: &'a dyn FilesToSend,
}

/// What is to be done with the files of a push besides sending them, by what they are.
pub(in crate::command) trait FilesToSend {
    /// Checks what was merged, before it is sent.
    fn check(&self, _: &[PushFile]) -> Result<(), Error> {
        Ok(())
    }

    /// Has the files know what they replace, and how they are read, given the head's manifest as it is found.
    ///
    /// # Errors
    /// A file that cannot be read as the head records it.
    fn settle(&self, _: &mut [PushFile], _: Option<&Manifest>) -> Result<(), Error> {
        Ok(())
    }

    /// What the files change, where that is known already, and the head's need not be read for it.
    fn known_changes(&self) -> Option<Changes> {
        None
    }

    /// Of the files of the head that are not pushed, those to be told of.
    fn only_in_head(&self, head: &Manifest, pushed: &[PushFile]) -> Vec<ConfigPath>;

    /// Writes down what was stored, once it is.
    fn write(&self, _: &[PushFile], _: &store::Pushed) -> Result<Vec<Note>, Error> {
        Ok(Vec::new())
    }

    /// The channel that is moved to the version once it is there.
    fn moves_channel(&self) -> Option<&ChannelName> {
        None
    }

    /// Whether they may go to another place than the command's own.
    fn go_elsewhere(&self) -> bool {
        false
    }

    /// Whether the local copy of a file is to be deleted.
    fn deletes(&self, _: &PushFile) -> bool {
        false
    }
}

/// Where a push goes.
enum Goal<'a> {
    Head(Box<Found>),
    Version(&'a VersionName),
}

/// What stands at a version that is to be overwritten, if anything does, and who pushed it.
type Standing = Result<Option<(Vec<FetchedFile>, Option<LastPush>)>, Note>;

impl Sending<'_> {
    /// Sends the files, or finds out what that would do. `notes`: what is to be told already.
    ///
    /// # Errors
    /// Those of the push.
    pub(in crate::command) async fn send(
        &self,
        mut order: store::Push,
        location: &Location,
        mut notes: Vec<Note>,
    ) -> Result<Pushed, Error> {
        let Self { store, version, separator, wants_since_before, .. } = *self;
        let semver_keys = self.semver_keys.of(version);
        if let (SemverKeys::Require, Some(version)) = (semver_keys, version) {
            self.refuse_broken_promises(&order, version).await?;
        }
        let goal = match version {
            None => Goal::Head(Box::new(Found::ask(store, &order, self.dry_run).await?)),
            Some(version) => Goal::Version(version),
        };
        let mut only_in_head = Vec::new();
        if let Goal::Head(found) = &goal {
            only_in_head = found.manifest().map(|head| self.files.only_in_head(head, &order.files)).unwrap_or_default();
            self.files.settle(&mut order.files, found.manifest())?;
        }
        let bases = order.files.iter().map(|file| (file.path.clone(), file.base.clone())).collect();
        let of_head = match &goal {
            Goal::Head(found) => found.manifest().map(|head| settings_changed(&order.files, &head.files)),
            Goal::Version(_) => None,
        };
        let mut push_before = match &goal {
            Goal::Head(found) => found.manifest().map(LastPush::from),
            Goal::Version(_) => None,
        };
        let known_changes = self.files.known_changes();
        let before = match &goal {
            Goal::Head(_) if known_changes.is_some() => Ok(None),
            Goal::Head(found) => {
                let removed = self.restore.map_or(&[][..], Restore::removed);
                changes::of_head(store, &order, removed, found.manifest()).await
            }
            Goal::Version(version) if self.overwrite => {
                let (found, channels) = self.standing(version, order.digest()).await;
                if !channels.is_empty() {
                    let elsewhere = self.files.go_elsewhere().then(|| location.clone());
                    let (version, dry_run) = ((*version).clone(), self.dry_run);
                    notes.push(Note::ChannelsLeft { version, channels, elsewhere, dry_run });
                }
                found.map(|found| {
                    let (files, last) = found?;
                    push_before = last;
                    Some(files)
                })
            }
            // Its first push replaces nothing, and is not to cost a request more than it must.
            Goal::Version(_) => Ok(None),
        };
        let is_first_head = matches!(&goal, Goal::Head(found) if found.manifest().is_none());
        let is_known = !matches!(before, Ok(None));
        let before = before.unwrap_or_else(|note| {
            notes.push(note);
            None
        });
        let write = |done: &Option<store::Pushed>, files: &[PushFile]| match done {
            Some(done) => self.files.write(files, done),
            None => Ok(Vec::new()),
        };
        if let (Some(preview), Some(before)) = (self.preview.filter(|_| version.is_none()), &before)
            && is_base_of(before, &order.files)
        {
            preview.show(&since(before, &order, separator));
        }
        if let (Some(preview), Some(changes)) = (self.preview, &known_changes) {
            preview.show(changes);
        }
        let comparison = RefCell::new(Comparison::default());
        let (Sent { changed, done, merged }, written) = match (goal, self.restore) {
            (Goal::Head(found), Some(restore)) => {
                let sent = merging::restore_head(store, &order, restore, *found).await?;
                let written = write(&sent.done, &order.files)?;
                (sent, written)
            }
            (Goal::Head(found), None) => {
                let check = |files: &[PushFile]| self.files.check(files);
                let merging = self.merge.map(|merge| Merging { merge, separator, check: &check });
                let sent = merging::push_head(store, &mut order, merging.as_ref(), *found).await?;
                let written = write(&sent.done, &order.files)?;
                (sent, written)
            }
            (Goal::Version(version), _) => {
                let sending = async {
                    let sent = self.push_version(&order, version).await?;
                    let written = write(&sent.done, &order.files)?;
                    Ok((sent, written))
                };
                let with_promised = semver_keys == SemverKeys::Warn;
                if is_known && !with_promised && !wants_since_before {
                    sending.await?
                } else {
                    let background = self.in_background();
                    let comparing = comparison::find(&background, version, &order, with_promised, &comparison);
                    let is_wanted = |(sent, _): &(Sent, _)| sent.changed || wants_since_before;
                    comparison::beside(comparing, sending, is_wanted, || self.deadline.left()).await?
                }
            }
        };
        let losing: Vec<_> =
            merged.iter().filter(|merged| merged.loses_rest).map(|merged| merged.path.clone()).collect();
        notes.extend((!losing.is_empty()).then_some(Note::RestNotMerged(losing)));
        notes.extend(done.iter().flat_map(notes_of));
        notes.extend(written);
        let of_version = || done.as_ref()?.replaced.as_ref().map(|old| settings_changed(&order.files, old));
        let settings_changed = of_head.or_else(of_version).unwrap_or_default();
        let replaced = replaced(before.as_deref(), done.as_ref()).filter(|_| changed && version.is_some());
        // Another push may have come between, and what was read is then not what was replaced.
        // The swap of one that restores replaces only what was found.
        let is_before = |before: &[FetchedFile]| {
            self.restore.is_some() || done.as_ref().is_none_or(|done| changes::replaced(before, done))
        };
        let before = before.filter(|before| changed && is_before(before));
        let comparison = comparison.into_inner();
        if let Some(version) = version.filter(|_| changed) {
            notes.extend(comparison.broken_promises(version, &order, separator).into_iter().map(Note::BrokenPromise));
        }
        let has_replaced = done.as_ref().is_some_and(|done| done.replaced.is_some());
        // Only what is published now is new.
        let is_new_version = changed && version.is_some() && !is_known;
        let is_first = changed && is_first_head && !has_replaced || is_new_version && comparison.found_nothing();
        let (compared, not_compared) = match version {
            Some(_) if is_new_version || wants_since_before => comparison.outcome(&order, separator),
            _ => (None, None),
        };
        let (changes, since_before) = match before {
            None if known_changes.is_some() => (known_changes, None),
            Some(before) => (Some(since(&before, &order, separator)), compared),
            None if is_new_version => (compared, None),
            None => (None, compared),
        };
        let arn = |file: &PushFile| Ok::<_, store::Error>(store.bucket().arn(&store.keys().file(version, &file.path)?));
        let pushed_file = |file: &PushFile| {
            let deletes_local = self.files.deletes(file);
            Ok::<_, store::Error>(PushedFile {
                arn: arn(file)?,
                ..pushed_file(file, done.as_ref(), separator, deletes_local)
            })
        };
        Ok(Pushed {
            location: location.clone(),
            digest: order.digest(),
            replaced,
            changed,
            files: order.files.iter().map(pushed_file).collect::<Result<_, _>>()?,
            bases,
            merged,
            changes,
            since_before,
            is_first,
            not_compared,
            settings_changed,
            push_before,
            only_in_head,
            manifest: None,
            kms_keys: done.iter().flat_map(|done| &done.entries).filter_map(|entry| entry.kms_key.clone()).collect(),
            notes,
        })
    }

    /// What stands at a version that is to be overwritten, and beside it, in the same trips, which channels point at it
    /// as it is. That nobody may list them is no failure.
    async fn standing(&self, version: &VersionName, digest: Digest) -> (Standing, Vec<ChannelName>) {
        let background = self.in_background();
        let left = self.deadline.left() / 2;
        let channels = pin!(tokio::time::timeout(left, background.readable_pointers(version)));
        let found = pin!(changes::of_version(self.store, version));
        let (found, channels) = match select(found, channels).await {
            // Where nothing is published, they are not waited for.
            Either::Left((found @ Ok(None), _)) => return (found, Vec::new()),
            Either::Left((found, channels)) => (found, channels.await),
            Either::Right((channels, found)) => (found.await, channels),
        };
        let channels = channels.ok().and_then(Result::ok).unwrap_or_default().into_iter();
        let is_left = |(name, was): &(ChannelName, Digest)| *was != digest && Some(name) != self.files.moves_channel();
        (found, channels.filter(is_left).map(|(name, _)| name).collect())
    }

    /// The store, for what nobody has to be told of where it fails.
    fn in_background(&self) -> Store<AwsBucket> {
        Store::new(self.store.bucket().clone().in_background(), self.store.keys().context().clone())
    }

    /// Refuses a version whose keys are not what its number promises, before anything is sent. What is published under
    /// its name already is for the push itself to compare.
    async fn refuse_broken_promises(&self, order: &store::Push, version: &VersionName) -> Result<(), Error> {
        let published = self.store.compatible_versions(version).await?;
        if !self.overwrite && published.contains(version) {
            return Ok(());
        }
        let files: Vec<_> = order.files.iter().map(ComparedFile::from_pushed).collect();
        let broken = broken_promises(self.store, version, &files, &published, self.separator).await?;
        if broken.is_empty() { Ok(()) } else { Err(Error::BrokenPromises(broken)) }
    }

    async fn push_version(&self, order: &store::Push, version: &VersionName) -> Result<Sent, Error> {
        let (changed, done) = if self.dry_run {
            (self.store.plan(order, version, self.overwrite).await?, None)
        } else {
            let done = self.store.push_version(order, version, self.overwrite).await?;
            (done.changed, Some(done))
        };
        Ok(Sent { changed, done, merged: Vec::new() })
    }
}

/// The files that differ from what is listed in nothing but settings.
fn settings_changed(files: &[PushFile], listed: &[FileEntry]) -> Vec<ConfigPath> {
    let is_listed = |file: &&PushFile| {
        let mut same = listed.iter().filter(|entry| entry.path == file.path && entry.sha256 == file.digest);
        same.any(|entry| entry.other_settings(&file.asked).next().is_some())
    };
    files.iter().filter(is_listed).map(|file| file.path.clone()).collect()
}

/// What a push changes of what was there.
pub(in crate::command) fn since(before: &[FetchedFile], push: &store::Push, separator: &str) -> Changes {
    let before: Vec<_> = before.iter().map(ComparedFile::from_fetched).collect();
    let pushed: Vec<_> = push.files.iter().map(ComparedFile::from_pushed).collect();
    let files = Comparing { separator, with_values: false }.files(&before, &pushed);
    Changes { version_before: None, files }
}

/// Whether what is there is what the files were made of, as far as that is known: then nobody's changes are merged.
fn is_base_of(before: &[FetchedFile], files: &[PushFile]) -> bool {
    files.iter().all(|file| {
        let there = before.iter().find(|before| before.path == file.path).map(|before| before.digest);
        match &file.base {
            Base::Known(base) => there == base.as_ref().map(|base| base.sha256),
            Base::Unknown | Base::AtKey(_) => true,
        }
    })
}

/// The digest of what the push replaced; of a dry run, of what it would replace.
fn replaced(before: Option<&[FetchedFile]>, done: Option<&store::Pushed>) -> Option<Digest> {
    match (before, done) {
        (_, Some(done)) => {
            let old = done.replaced.as_ref()?;
            Some(Digest::from_files(old.iter().map(|entry: &FileEntry| (&entry.path, entry.sha256))))
        }
        (Some([]) | None, None) => None,
        (Some(before), None) => Some(Digest::from_files(before.iter().map(|file| (&file.path, file.digest)))),
    }
}

fn notes_of(done: &store::Pushed) -> Vec<Note> {
    let mut notes = Vec::new();
    if done.versioned == Some(false) {
        notes.push(Note::Unversioned);
    }
    if !done.replaced_keys.is_empty() {
        notes.push(Note::KmsKeysReplaced(done.replaced_keys.clone()));
    }
    if !done.superseded.is_empty() {
        notes.push(Note::Superseded(done.superseded.clone()));
    }
    if !done.repaired.is_empty() {
        notes.push(Note::Repaired(done.repaired.clone()));
    }
    notes
}

fn pushed_file(file: &PushFile, done: Option<&store::Pushed>, separator: &str, deletes_local: bool) -> PushedFile {
    let keys = (file.file_type != FileType::Raw)
        .then(|| config::parse(file.file_type, file.content.expose(), separator).ok())
        .flatten()
        .map(|parsed| parsed.entries.into_iter().map(|entry| entry.key).collect());
    let stored = done.filter(|done| !done.superseded.contains(&file.path));
    let entry = stored.and_then(|done| done.entries.iter().find(|entry| entry.path == file.path));
    PushedFile {
        path: file.path.clone(),
        size: file.content.expose().len() as u64,
        digest: file.digest,
        keys,
        deletes_local,
        keeps_local: None,
        stored: entry.map(BaseEntry::from),
        arn: String::new(),
    }
}
