//! Push: read and check every file, check that local files can be written, then store the files as a version or into
//! the head.

mod changes;
mod comparison;
mod pushed;
mod update;

use std::cell::{OnceCell, RefCell};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::cancel::unless_cancelled;
use super::catalogs::{self, Loaded, below, resolve};
use super::changes::{Changes, ComparedFile, Comparing};
use super::checks::ReadFrom;
use super::deadline::Deadline;
use super::variables::Variables;
use super::{Location, Note, checks, working};
use crate::cancellation::{Cancellation, GRACE};
use crate::catalog::{Catalog, SelectedFile, UnmatchedTypes, default_tags};
use crate::config::{
    self, FileType, KeySelection, OnDuplicate, SourceFile, conflicts, merge, same_output, undeliverable,
};
use crate::error::Error;
use crate::name::{ConfigPath, Context, Digest, VersionName, VersionRequest, is_below};
use crate::observer::Observer;
use crate::option::{BUCKET, CONTEXT, FILES, OptionSpec};
use crate::request::{Checks, PushRequest, RunInfo, Target};
use crate::s3::AwsBucket;
use crate::secret::Secret;
use crate::store::{self, Asked, CONCURRENCY, FetchedFile, MAX_FILE_BYTES, Progress, PushFile, PushInfo, Store};
use crate::workspace::{Workspace, WorkspaceError, executed_name};

use self::comparison::Comparison;
pub use self::pushed::{NotCompared, Pushed, PushedFile};
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
    if version.is_none() && catalog.catalog.is_none() && !request.update_catalog {
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
    let files = deadline.watch(|| read_files(request, variables, workspace, &catalog, &entries, &mut notes))?;
    let bucket = one_bucket(target, &context, &catalog, &entries, &files)?;
    let update = Update { request, catalog: &catalog, entries: &entries, context: &context, bucket: &bucket, version };
    notes.extend(update.rehearse(&files, workspace)?);

    let session = target.connection.open(Arc::clone(deadline) as _).await?;
    let store = super::target::store(target, &session, &context, &bucket).await?;
    // The first requests are three, the next ones as many as there are files.
    store.bucket().open_ahead(files.len().clamp(3, CONCURRENCY)).await;
    session.sign_in().await?;
    let info = PushInfo { message: request.message.clone(), ..run.push.clone() };
    let order = store::Push { files, info, progress: progress.clone() };
    let location = Location {
        version: version.map_or_else(|| "head".to_owned(), ToString::to_string),
        manifest: Some(store.keys().manifest(version).map_err(store::Error::from)?.to_string()),
        context: context.clone(),
        bucket: bucket.clone(),
    };
    let location = underway.get_or_init(|| location);
    // A version's first push replaces nothing, and is not to cost a request more than it must.
    let may_replace = version.is_none() || request.overwrite;
    let before = if may_replace { changes::before(&store, &order, version).await } else { Ok(None) };
    let is_known = !matches!(before, Ok(None));
    let before = before.unwrap_or_else(|note| {
        notes.push(note);
        None
    });
    let sending = async {
        let (changed, done) = send(request, &store, &order, version).await?;
        let written = match &done {
            Some(done) => update.write(&order.files, &done.entries, workspace)?,
            None => Vec::new(),
        };
        Ok((changed, done, written))
    };
    let comparison = RefCell::new(Comparison::default());
    let (changed, done, written) = match version.filter(|_| !is_known) {
        Some(version) => {
            let background = Store::new(store.bucket().clone().in_background(), context.clone());
            let comparing = comparison::find(&background, version, &order, &comparison);
            let has_changed = |(changed, ..): &(bool, _, _)| *changed;
            comparison::beside(comparing, sending, has_changed, || deadline.left()).await?
        }
        None => sending.await?,
    };
    notes.extend(done.iter().flat_map(notes_of));
    notes.extend(written);
    let replaced = replaced(before.as_deref(), done.as_ref()).filter(|_| changed && version.is_some());
    // Another push may have come between, and what was read is then not what was replaced.
    let before = before.filter(|before| changed && done.as_ref().is_none_or(|done| changes::replaced(before, done)));
    let separator = &target.checks.separator;
    let (changes, not_compared) = match before {
        Some(before) => {
            let before: Vec<_> = before.iter().map(ComparedFile::from_fetched).collect();
            let pushed: Vec<_> = order.files.iter().map(ComparedFile::from_pushed).collect();
            let files = Comparing { separator, with_values: false }.files(&before, &pushed);
            (Some(Changes { version_before: None, files }), None)
        }
        // Only what is published now is new.
        None if changed && version.is_some() && !is_known => comparison.into_inner().outcome(&order, separator),
        None => (None, None),
    };
    Ok(Pushed {
        location: location.clone(),
        digest: order.digest(),
        replaced,
        changed,
        files: order.files.iter().map(|file| pushed_file(file, &target.checks)).collect(),
        changes,
        not_compared,
        notes,
    })
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

async fn send(
    request: &PushRequest,
    store: &Store<AwsBucket>,
    order: &store::Push,
    version: Option<&VersionName>,
) -> Result<(bool, Option<store::Pushed>), Error> {
    if request.dry_run {
        return Ok((store.plan(order, version, request.overwrite).await?, None));
    }
    let done = match version {
        Some(version) => store.push_version(order, version, request.overwrite).await?,
        None => store.push_head(order).await?,
    };
    Ok((done.changed, Some(done)))
}

fn notes_of(done: &store::Pushed) -> Vec<Note> {
    let mut notes = Vec::new();
    if done.versioned == Some(false) {
        notes.push(Note::Unversioned);
    }
    if !done.superseded.is_empty() {
        notes.push(Note::Superseded(done.superseded.clone()));
    }
    if !done.repaired.is_empty() {
        notes.push(Note::Repaired(done.repaired.clone()));
    }
    notes
}

fn links_left_alone(catalog: &Loaded) -> Vec<Note> {
    let links: Vec<_> =
        catalog.catalog.iter().flat_map(Catalog::links).map(|link| link.path.as_str().to_owned()).collect();
    if links.is_empty() { Vec::new() } else { vec![Note::LinksNotPushed(links)] }
}

/// The paths to push: those in the catalog, and those that `files` names besides.
fn paths(
    target: &Target,
    variables: Variables<'_>,
    workspace: &Workspace,
    catalog: &Loaded,
    entries: &[SelectedFile<'_>],
) -> Result<Vec<ConfigPath>, Error> {
    let known = working::candidates(target, variables, workspace, catalog, entries)?;
    let selection = target.files.select(&known, |path| path.as_str());
    if !selection.unmatched.is_empty() && target.tags.is_none() {
        let is_folder = |line: &&String| {
            let folder = line.strip_prefix('!').unwrap_or(line);
            known.iter().any(|path| is_below(path.as_str(), folder))
        };
        let folders = selection.unmatched.iter().filter(is_folder).cloned().collect();
        return Err(not_there(selection.unmatched, folders));
    }
    if selection.files.is_empty() {
        return Err(if target.tags.is_some() { Error::NoTags } else { Error::NothingToPush });
    }
    Ok(selection.files.into_iter().cloned().collect())
}

fn not_there(lines: Vec<String>, folders: Vec<String>) -> Error {
    Error::NoMatch { lines, folders, place: "in the workspace".to_owned() }
}

fn read_files(
    request: &PushRequest,
    variables: Variables<'_>,
    workspace: &Workspace,
    catalog: &Loaded,
    entries: &[SelectedFile<'_>],
    notes: &mut Vec<Note>,
) -> Result<Vec<PushFile>, Error> {
    let (target, checks) = (&request.target, &request.target.checks);
    let mut files = Vec::new();
    let mut sources: Vec<SourceFile> = Vec::new();
    // All of them are said at once.
    let mut unread = Vec::new();
    let paths = paths(target, variables, workspace, catalog, entries)?;
    let decided = target.types.decide(paths.iter().map(ConfigPath::as_str));
    if decided.unmatched != UnmatchedTypes::default() {
        notes.push(Note::UnmatchedTypes(decided.unmatched.clone()));
    }
    for path in paths {
        let entry = entries.iter().find(|entry| entry.path == path);
        let place = below(&path, &catalog.folder)?;
        working::refuse_git(target, &path)?;
        let content = workspace.read(&place, MAX_FILE_BYTES).map_err(|error| match error {
            WorkspaceError::NotFound { .. } => not_there(vec![place.to_string()], Vec::new()),
            WorkspaceError::IsFolder { .. } => Error::FolderNamed { path: path.clone(), in_workspace: place.clone() },
            error => error.into(),
        })?;
        let recorded = entry.and_then(|entry| entry.file.file_type.as_deref());
        let by_rule = decided.types.get(path.as_str()).copied();
        let file_type = by_rule.unwrap_or_else(|| FileType::from_recorded(recorded.unwrap_or_default(), &path));
        match checks::values(file_type, content.expose(), checks, &path, &place, ReadFrom::Workspace, notes) {
            Ok((values, _)) => {
                unread.extend(undeliverable(&values, content.expose(), &path, &place));
                unread.extend(same_output(&values, &path, &place));
                sources.push(checks::source(&path, file_type, &values));
            }
            Err(error) => unread.push(*error),
        }
        // A type that the name tells, too, is not asked for: it may have been recorded in another word.
        let is_asked = by_rule.is_some() || file_type != FileType::detect(&path);
        files.push(PushFile {
            digest: Digest::from_content(content.expose()),
            content: Secret::new(Bytes::from(content.into_exposed())),
            asked: Asked { file_type: is_asked.then_some(file_type), ..asked(request, variables, catalog, entry)? },
            file_type,
            default_tags: default_tags(&path),
            base: store::Base::Unknown,
            path,
        });
    }
    if !unread.is_empty() {
        return Err(Error::ConfigFiles { files: unread, wanted: None, unmatched_types: decided.unmatched });
    }
    let to_be_named =
        |file: &&PushFile| executed_name::refusal(file.asked.alternate_path.as_ref().unwrap_or(&file.path)).is_some();
    let to_be_named: Vec<_> = files.iter().filter(to_be_named).map(|file| file.path.clone()).collect();
    if !to_be_named.is_empty() {
        notes.push(Note::ToBeNamed(to_be_named));
    }
    // The files of several environments may well disagree; what is required must be in one of them.
    let keys: Vec<_> = conflicts(&sources).into_iter().map(|conflict| conflict.key).collect();
    let merged = merge(sources, OnDuplicate::Last, Vec::new())?;
    checks.validate(&merged, workspace, notes)?;
    // What a pull of all of them makes of their keys.
    let selection = KeySelection::default().select(merged, OnDuplicate::Error);
    let same_output = match selection.and_then(|selection| selection.selected.into_outputs()) {
        Ok(outputs) => {
            notes.extend(Note::from_reserved(&outputs));
            None
        }
        Err(error) => Some(error.to_string()),
    };
    if !keys.is_empty() || same_output.is_some() {
        notes.push(Note::Disagreement { keys, same_output });
    }
    Ok(files)
}

/// What is asked for: the KMS key by option or catalog, the rest by the catalog.
fn asked(
    request: &PushRequest,
    variables: Variables<'_>,
    catalog: &Loaded,
    entry: Option<&SelectedFile<'_>>,
) -> Result<Asked, Error> {
    let file = entry.map(|entry| entry.file);
    let alternate_path =
        file.and_then(|file| file.alternate_path.as_ref()).map(|path| resolve(variables, catalog, path)).transpose()?;
    Ok(Asked {
        kms_key: request.kms_key.clone().or_else(|| file.and_then(|file| file.kms_key.clone())),
        tags: file.map(|file| file.tags.clone()).filter(|tags| !tags.is_empty()),
        alternate_path,
        file_type: None,
    })
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
    let mut buckets = super::target::buckets(target, context, catalog, &pushed)?;
    match (buckets.pop(), buckets.is_empty()) {
        (Some(bucket), true) => Ok(bucket),
        (last, _) => {
            buckets.extend(last);
            Err(Error::SeveralBuckets { buckets })
        }
    }
}

fn pushed_file(file: &PushFile, checks: &Checks) -> PushedFile {
    let keys = (file.file_type != FileType::Raw)
        .then(|| config::parse(file.file_type, file.content.expose(), &checks.separator).ok())
        .flatten()
        .map(|parsed| parsed.entries.into_iter().map(|entry| entry.key).collect());
    PushedFile { path: file.path.clone(), size: file.content.expose().len() as u64, digest: file.digest, keys }
}
