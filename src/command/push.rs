//! Push: read and check every file, check that local files can be written, then store the files as a version or into
//! the head.

mod changes;
mod comparison;
mod intent;
mod merging;
mod pushed;
mod read;
mod update;

use std::cell::{OnceCell, RefCell};
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use super::cancel::unless_cancelled;
use super::catalogs::{self, Loaded};
use super::changes::{Changes, ComparedFile, Comparing};
use super::deadline::Deadline;
use super::variables::Variables;
use super::{Location, Note, working};
use crate::cancellation::{Cancellation, GRACE};
use crate::catalog::{Catalog, SelectedFile};
use crate::config::{self, FileType};
use crate::error::Error;
use crate::name::{ConfigPath, Context, Digest, VersionName, VersionRequest};
use crate::observer::Observer;
use crate::option::{BUCKET, CONTEXT, FILES, OptionSpec};
use crate::request::{Checks, PushRequest, RunInfo, Target};
use crate::s3::AwsBucket;
use crate::store::{
    self, Base, BaseEntry, CONCURRENCY, FetchedFile, FileEntry, Manifest, Progress, PushFile, PushInfo, Store,
};
use crate::workspace::Workspace;

use self::comparison::Comparison;
use self::merging::{Found, Merging, Sent};
pub use self::pushed::{MergedPath, NotCompared, Pushed, PushedFile};
use self::read::{Read, read_files};
use self::update::Update;

/// Stores files, within the deadline, unless the run is cancelled.
///
/// # Errors
/// Why the files could not be stored. An error after the first request says what is published.
pub async fn push(
    request: &PushRequest,
    run: &RunInfo,
    workspace: &Workspace,
    observer: Arc<dyn Observer>,
    cancellation: &Cancellation,
) -> Result<Pushed, Error> {
    let (progress, location) = (Progress::default(), OnceCell::new());
    let deadline = Deadline::new(request.target.deadline, observer);
    // Boxed, since the SDK nests its futures deeper than the compiler cares to lay out.
    let work = Box::pin(run_to_end(request, run, workspace, &deadline, &progress, &location));
    // What is being published is done in a moment, and then it is known whether it is.
    let grace = || if progress.stage().may_be_published() { GRACE } else { Duration::ZERO };
    let done = unless_cancelled(cancellation, grace, deadline.cut(work)).await;
    done.map_err(|error| match location.into_inner() {
        Some(location) => error.in_push(progress.stage(), location, request.replaces()),
        None => error,
    })
}

async fn run_to_end(
    request: &PushRequest,
    run: &RunInfo,
    workspace: &Workspace,
    deadline: &Arc<Deadline>,
    progress: &Progress,
    underway: &OnceCell<Location>,
) -> Result<Pushed, Error> {
    let target = &request.target;
    let catalog = deadline.watch(|| catalogs::load(target, workspace))?;
    let version = match &target.version {
        VersionRequest::Exact(name) => Some(name),
        _ => None,
    };
    if version.is_none() && catalog.catalog.is_none() && !request.update_catalog && request.edited.is_none() {
        // What the catalog would say of a head, which has no second chance, has to be said by inputs.
        let missing = unsaid(target);
        if !missing.is_empty() {
            return Err(Error::HeadWithoutCatalog { path: catalog.path, missing });
        }
    }
    let mut notes = links_left_alone(&catalog);

    // Nothing is sent before every file has been read and passes every check.
    let variables = Variables::new(target, run, &**deadline);
    let entries = working::entries(target, variables, &catalog)?;
    let context = super::target::context(target, run, &catalog)?;
    let Read { files, unmatched_types } =
        deadline.watch(|| read_files(request, variables, workspace, &catalog, &entries))?;
    let checks = &target.checks;
    let others = request.edited.as_ref().map_or(&[][..], |edited| &edited.others);
    let check = |files: &[PushFile], notes: &mut Vec<Note>| {
        deadline.watch(|| read::check(files, others, &unmatched_types, checks, workspace, &catalog, notes))
    };
    check(&files, &mut notes)?;
    let bucket = one_bucket(target, &context, &catalog, &entries, &files)?;
    let update = Update { request, catalog: &catalog, entries: &entries, context: &context, bucket: &bucket, version };
    notes.extend(update.rehearse(&files, workspace)?);

    let session = target.connection.open(Arc::clone(deadline) as _).await?;
    let store = super::target::store(target, &session, &context, &bucket).await?;
    // The first requests are three, the next ones as many as there are files.
    store.bucket().open_ahead(files.len().clamp(3, CONCURRENCY)).await;
    session.sign_in().await?;
    let info = PushInfo { message: request.message.clone(), ..run.push.clone() };
    let progress = intent::told(progress, request.before_swap.as_ref(), &files);
    let mut order = store::Push { files, info, progress };
    let location = Location {
        version: version.map_or_else(|| "head".to_owned(), ToString::to_string),
        manifest: Some(store.keys().manifest(version).map_err(store::Error::from)?.to_string()),
        context: context.clone(),
        bucket: bucket.clone(),
    };
    let location = underway.get_or_init(|| location);
    let goal = match version {
        None => Goal::Head(Box::new(Found::ask(&store, &order, request.dry_run).await?)),
        Some(version) => Goal::Version(version),
    };
    if let (Goal::Head(found), Some(bases)) = (&goal, &request.bases) {
        intent::settle(&mut order.files, bases, found.manifest());
    }
    let only_in_head = match &goal {
        // Whoever changes one file of the head is not asking for its others.
        Goal::Head(_) if request.edited.is_some() => Vec::new(),
        Goal::Head(found) => only_in_head(found.manifest(), target, variables, &catalog, &order.files),
        Goal::Version(_) => Vec::new(),
    };
    let of_head = match &goal {
        Goal::Head(found) => found.manifest().map(|head| settings_changed(&order.files, &head.files)),
        Goal::Version(_) => None,
    };
    let before = match &goal {
        // What it was made of has been read.
        Goal::Head(_) if request.edited.is_some() => Ok(None),
        Goal::Head(found) => changes::of_head(&store, &order, found.manifest()).await,
        Goal::Version(version) if request.overwrite => changes::of_version(&store, version).await,
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
        Some(done) => update.write(files, &done.entries, workspace),
        None => Ok(Vec::new()),
    };
    if let (Some(preview), Some(before)) = (request.preview.as_ref().filter(|_| version.is_none()), &before)
        && is_base_of(before, &order.files)
    {
        preview.show(&since(before, &order, &target.checks.separator));
    }
    let separator = &target.checks.separator;
    let of_edited = request.edited.as_ref().map(|edited| changes::of_edited(edited, separator));
    if let (Some(preview), Some(changes)) = (&request.preview, &of_edited) {
        preview.show(changes);
    }
    let comparison = RefCell::new(Comparison::default());
    let (Sent { changed, done, merged }, written) = match goal {
        Goal::Head(found) => {
            let check = |files: &[PushFile]| check(files, &mut Vec::new());
            let merging = request.bases.as_ref().map(|bases| Merging {
                merge: &bases.merge,
                separator: &target.checks.separator,
                check: &check,
            });
            let sent = merging::push_head(&store, &mut order, merging.as_ref(), *found).await?;
            let written = write(&sent.done, &order.files)?;
            (sent, written)
        }
        Goal::Version(version) => {
            let sending = async {
                let sent = push_version(request, &store, &order, version).await?;
                let written = write(&sent.done, &order.files)?;
                Ok((sent, written))
            };
            if is_known {
                sending.await?
            } else {
                let background = Store::new(store.bucket().clone().in_background(), context.clone());
                let comparing = comparison::find(&background, version, &order, &comparison);
                let has_changed = |(sent, _): &(Sent, _)| sent.changed;
                comparison::beside(comparing, sending, has_changed, || deadline.left()).await?
            }
        }
    };
    notes.extend(done.iter().flat_map(notes_of));
    notes.extend(written);
    let of_version = || done.as_ref()?.replaced.as_ref().map(|old| settings_changed(&order.files, old));
    let settings_changed = of_head.or_else(of_version).unwrap_or_default();
    let replaced = replaced(before.as_deref(), done.as_ref()).filter(|_| changed && version.is_some());
    // Another push may have come between, and what was read is then not what was replaced.
    let before = before.filter(|before| changed && done.as_ref().is_none_or(|done| changes::replaced(before, done)));
    let comparison = comparison.into_inner();
    let has_replaced = done.as_ref().is_some_and(|done| done.replaced.is_some());
    // Only what is published now is new.
    let is_new_version = changed && version.is_some() && !is_known;
    let is_first = changed && is_first_head && !has_replaced || is_new_version && comparison.found_nothing();
    let (changes, not_compared) = match before {
        None if of_edited.is_some() => (of_edited, None),
        Some(before) => (Some(since(&before, &order, separator)), None),
        None if is_new_version => comparison.outcome(&order, separator),
        None => (None, None),
    };
    let deletes = |file: &PushFile| {
        let in_catalog = || entries.iter().any(|entry| entry.path == file.path && entry.file.delete_after_push);
        request.entries.deletes.unwrap_or_else(in_catalog)
    };
    Ok(Pushed {
        location: location.clone(),
        digest: order.digest(),
        replaced,
        changed,
        files: order.files.iter().map(|file| pushed_file(file, done.as_ref(), &target.checks, deletes(file))).collect(),
        merged,
        changes,
        is_first,
        not_compared,
        settings_changed,
        only_in_head,
        kms_keys: done.iter().flat_map(|done| &done.entries).filter_map(|entry| entry.kms_key.clone()).collect(),
        notes,
    })
}

/// Where a push goes.
enum Goal<'a> {
    Head(Box<Found>),
    Version(&'a VersionName),
}

/// The files of the head among which the push chooses, and which neither it nor the catalog names.
fn only_in_head(
    head: Option<&Manifest>,
    target: &Target,
    variables: Variables<'_>,
    catalog: &Loaded,
    pushed: &[PushFile],
) -> Vec<ConfigPath> {
    let named: HashSet<_> = working::listed(variables, catalog).into_iter().collect();
    let is_chosen = |entry: &&FileEntry| target.tags.as_ref().is_none_or(|tags| tags.matches(&entry.tags));
    let entries = head.into_iter().flat_map(|head| &head.files).filter(is_chosen);
    let others = entries
        .map(|entry| &entry.path)
        .filter(|path| !named.contains(path.as_str()) && !pushed.iter().any(|file| file.path == **path));
    target.files.select(others, |path| path.as_str()).files.into_iter().cloned().collect()
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
fn since(before: &[FetchedFile], push: &store::Push, separator: &str) -> Changes {
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

/// The context and the bucket that a push goes to.
///
/// # Errors
/// A catalog that cannot be read, and what cannot be a context or one bucket.
pub fn push_location(
    request: &PushRequest,
    run: &RunInfo,
    workspace: &Workspace,
    observer: &dyn Observer,
) -> Result<(Context, String), Error> {
    let target = &request.target;
    let catalog = catalogs::load(target, workspace)?;
    let entries = working::entries(target, Variables::new(target, run, observer), &catalog)?;
    let context = super::target::context(target, run, &catalog)?;
    let bucket = only(super::target::buckets(target, &context, &catalog, &entries)?)?;
    Ok((context, bucket))
}

/// The files that a push reads; none where one of them is not here, so that it fails.
///
/// # Errors
/// A catalog that cannot be read, and files that are nowhere.
pub fn files_to_push(
    request: &PushRequest,
    run: &RunInfo,
    workspace: &Workspace,
    observer: &dyn Observer,
) -> Result<Vec<ConfigPath>, Error> {
    let target = &request.target;
    let variables = Variables::new(target, run, observer);
    let catalog = catalogs::load(target, workspace)?;
    let entries = working::entries(target, variables, &catalog)?;
    let paths = read::paths(target, variables, workspace, &catalog, &entries)?;
    let is_here = |path| catalogs::below(path, &catalog.folder).is_ok_and(|place| workspace.has(&place));
    Ok(if paths.iter().all(is_here) { paths } else { Vec::new() })
}

/// The options that are not given, of those that say what a catalog would.
fn unsaid(target: &Target) -> Vec<&'static OptionSpec> {
    let given =
        [(&CONTEXT, target.context.is_some()), (&BUCKET, target.bucket.is_some()), (&FILES, !target.files.is_empty())];
    given.into_iter().filter(|(_, is_given)| !is_given).map(|(option, _)| option).collect()
}

/// The digest of what the push replaced; of a dry run, of what it would replace.
fn replaced(before: Option<&[FetchedFile]>, done: Option<&store::Pushed>) -> Option<Digest> {
    match (before, done) {
        (_, Some(done)) => {
            let old = done.replaced.as_ref()?;
            Some(Digest::from_files(old.iter().map(|entry| (&entry.path, entry.sha256))))
        }
        (Some([]) | None, None) => None,
        (Some(before), None) => Some(Digest::from_files(before.iter().map(|file| (&file.path, file.digest)))),
    }
}

async fn push_version(
    request: &PushRequest,
    store: &Store<AwsBucket>,
    order: &store::Push,
    version: &VersionName,
) -> Result<Sent, Error> {
    let (changed, done) = if request.dry_run {
        (store.plan(order, version, request.overwrite).await?, None)
    } else {
        let done = store.push_version(order, version, request.overwrite).await?;
        (done.changed, Some(done))
    };
    Ok(Sent { changed, done, merged: Vec::new() })
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

/// Says which linked catalogs are left alone.
fn links_left_alone(catalog: &Loaded) -> Vec<Note> {
    let links: Vec<_> =
        catalog.catalog.iter().flat_map(Catalog::links).map(|link| link.path.as_str().to_owned()).collect();
    if links.is_empty() { Vec::new() } else { vec![Note::LinksNotPushed(links)] }
}

fn one_bucket(
    target: &Target,
    context: &Context,
    catalog: &Loaded,
    entries: &[SelectedFile<'_>],
    files: &[PushFile],
) -> Result<String, Error> {
    let pushed: Vec<_> =
        entries.iter().filter(|entry| files.iter().any(|file| file.path == entry.path)).cloned().collect();
    only(super::target::buckets(target, context, catalog, &pushed)?)
}

/// The one bucket of several names.
pub(super) fn only(mut buckets: Vec<String>) -> Result<String, Error> {
    match (buckets.pop(), buckets.is_empty()) {
        (Some(bucket), true) => Ok(bucket),
        (last, _) => {
            buckets.extend(last);
            Err(Error::SeveralBuckets { buckets })
        }
    }
}

fn pushed_file(file: &PushFile, done: Option<&store::Pushed>, checks: &Checks, deletes_local: bool) -> PushedFile {
    let keys = (file.file_type != FileType::Raw)
        .then(|| config::parse(file.file_type, file.content.expose(), &checks.separator).ok())
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
        stored: entry.map(BaseEntry::from),
    }
}
