//! Push: read and check every file, check that local files can be written, then store the files as a version or into
//! the head.

mod as_seen;
mod changes;
mod comparison;
mod intent;
mod merging;
mod proof;
mod pushed;
mod read;
mod read_once;
mod sending;
mod update;

use std::cell::OnceCell;
use std::collections::HashSet;
use std::sync::Arc;

use super::cancel::unless_cancelled_before_publishing;
use super::catalogs::{self, Loaded};
use super::changes::Changes;
use super::deadline::Deadline;
use super::variables::Variables;
use super::{Location, Note, target as of_target, working};
use crate::cancellation::Cancellation;
use crate::catalog::{Catalog, SelectedFile, UnmatchedTypes};
use crate::error::Error;
use crate::name::{ChannelName, ConfigPath, Context, VersionRequest};
use crate::observer::Observer;
use crate::option::{BUCKET, CONTEXT, FILES, OptionSpec};
use crate::request::{HeadFile, PushRequest, RunInfo, Target};
use crate::store::{self, CONCURRENCY, FileEntry, Manifest, Progress, PushFile, PushInfo};
use crate::workspace::Workspace;

pub use self::as_seen::is_head_as_seen;
pub(super) use self::comparison::beside;
pub use self::pushed::{KeepsLocal, MergedPath, NotCompared, Pushed, PushedFile};
use self::read::read_files;
use self::read_once::Read;
pub use self::read_once::ReadOnce;
pub(super) use self::sending::{FilesToSend, Sending, since};
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
    let done = unless_cancelled_before_publishing(cancellation, &progress, deadline.cut(work)).await;
    done.map_err(|error| match location.into_inner() {
        Some(location) => error.in_push(progress.stage(), location, request.replaces()),
        None => error.before_push(),
    })
}

/// Checks files of the head of which none is to be pushed, together, as a push of one of them would.
///
/// # Errors
/// What they do not pass, and a catalog that cannot be read.
pub fn check_unchanged(target: &Target, files: &[HeadFile], workspace: &Workspace) -> Result<(), Error> {
    let catalog = catalogs::load(target, workspace)?;
    read::check(&[], files, &UnmatchedTypes::default(), &target.checks, workspace, &catalog, &mut Vec::new())
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
    let catalog = request.read.catalog(|| deadline.watch(|| catalogs::load(target, workspace)))?;
    let version = match &target.version {
        VersionRequest::Exact(name) => Some(name),
        _ => None,
    };
    if version.is_none() && catalog.catalog.is_none() && !request.update_catalog && request.edited.is_none() {
        // What the catalog would say of a head, which has no second chance, has to be said by inputs.
        let missing = unsaid(target);
        if !missing.is_empty() {
            return Err(Error::HeadWithoutCatalog { path: catalog.path.clone(), missing });
        }
    }
    let mut notes = links_left_alone(catalog);

    // Nothing is sent before every file has been read and passes every check.
    let variables = Variables::new(target, run, &**deadline);
    let entries = working::entries(target, variables, catalog)?;
    let context = of_target::context(target, run, catalog)?;
    let read = || deadline.watch(|| read_files(request, variables, workspace, catalog, &entries));
    let Read { mut files, unmatched_types } = request.read.files(read)?;
    deadline.watch(|| refuse_linked(target, variables, workspace, catalog, &files))?;
    if let Some(bases) = &request.bases {
        files.iter_mut().for_each(|file| file.base = bases.of(&file.path));
    }
    let checks = &target.checks;
    let others = request.edited.as_ref().map_or(&[][..], |edited| &edited.others);
    let check = |files: &[PushFile], notes: &mut Vec<Note>| {
        deadline.watch(|| read::check(files, others, &unmatched_types, checks, workspace, catalog, notes))
    };
    check(&files, &mut notes)?;
    let bucket = one_bucket(target, &context, catalog, &entries, &files)?;
    let update = Update { request, catalog, entries: &entries, context: &context, bucket: &bucket, version };
    notes.extend(update.rehearse(&files, workspace)?);

    let session = target.connection.open(Arc::clone(deadline) as _).await?;
    let store = of_target::store(target, &session, &context, &bucket).await?;
    // The first requests are three, the next ones as many as there are files.
    store.bucket().open_ahead(files.len().clamp(3, CONCURRENCY)).await;
    session.sign_in().await?;
    let info = PushInfo { message: request.message.clone(), ..run.push.clone() };
    let progress = intent::told(progress, request.before_swap.as_ref(), &files);
    let order = store::Push { files, info, progress, replaces: request.replaces };
    let location = underway.get_or_init(|| of_target::location(&store, version));
    let check = |files: &[PushFile]| check(files, &mut Vec::new());
    let own = OwnFiles { target, variables, catalog, entries: &entries, update: &update, workspace, check: &check };
    let sending = Sending {
        store: &store,
        version,
        overwrite: request.overwrite,
        dry_run: request.dry_run,
        restore: None,
        merge: request.bases.as_ref().map(|bases| &bases.merge),
        separator: &checks.separator,
        semver_keys: request.semver_keys,
        wants_since_before: request.wants_since_before,
        preview: request.preview.as_ref(),
        deadline,
        files: &own,
    };
    let mut pushed = sending.send(order, location, notes).await?;
    if request.deletes_local && !request.dry_run {
        proof::look_at_deleted(&store, version, &mut pushed.files).await;
    }
    if let Some(version) = version.filter(|_| request.wants_manifest && !request.dry_run) {
        // All is published: what is handed on beside it is not to make the push late.
        let manifest = tokio::time::timeout(deadline.left() / 2, store.manifest_bytes(version)).await;
        pushed.manifest = manifest.ok().and_then(Result::ok).flatten();
    }
    Ok(pushed)
}

/// The files of a workspace.
struct OwnFiles<'a> {
    target: &'a Target,
    variables: Variables<'a>,
    catalog: &'a Loaded,
    entries: &'a [SelectedFile<'a>],
    update: &'a Update<'a>,
    workspace: &'a Workspace,
    check: &'a dyn Fn(&[PushFile]) -> Result<(), Error>,
}

impl FilesToSend for OwnFiles<'_> {
    fn check(&self, files: &[PushFile]) -> Result<(), Error> {
        (self.check)(files)
    }

    fn known_changes(&self) -> Option<Changes> {
        let edited = self.update.request.edited.as_ref()?;
        Some(changes::of_edited(edited, &self.target.checks.separator))
    }

    fn settle(&self, files: &mut [PushFile], head: Option<&Manifest>) -> Result<(), Error> {
        if let Some(bases) = &self.update.request.bases {
            intent::settle(files, bases, head);
        }
        let Some(head) = head else { return Ok(()) };
        if keep_types(files, head) { self.check(files) } else { Ok(()) }
    }

    /// Those among which the push chooses, and which the catalog does not name.
    fn only_in_head(&self, head: &Manifest, pushed: &[PushFile]) -> Vec<ConfigPath> {
        if self.update.request.edited.is_some() {
            // Whoever changes one file of the head is not asking for its others.
            return Vec::new();
        }
        let target = self.target;
        let named: HashSet<_> = working::listed(self.variables, self.catalog).into_iter().collect();
        let is_chosen = |entry: &&FileEntry| target.tags.as_ref().is_none_or(|tags| tags.matches(&entry.tags));
        let others = head
            .files
            .iter()
            .filter(is_chosen)
            .map(|entry| &entry.path)
            .filter(|path| !named.contains(path.as_str()) && !pushed.iter().any(|file| file.path == **path));
        target.files.select(others, |path| path.as_str()).files.into_iter().cloned().collect()
    }

    fn write(&self, files: &[PushFile], done: &store::Pushed) -> Result<Vec<Note>, Error> {
        self.update.write(files, &done.entries, self.workspace)
    }

    fn moves_channel(&self) -> Option<&ChannelName> {
        self.update.request.channel.as_ref().map(|request| &request.channel)
    }

    fn deletes(&self, file: &PushFile) -> bool {
        let in_catalog = || self.entries.iter().any(|entry| entry.path == file.path && entry.file.delete_after_push);
        self.update.request.entries.deletes.unwrap_or_else(in_catalog)
    }
}

/// Has files that nobody gives a type be read as the head records it. Whether that changes how one is read.
fn keep_types(files: &mut [PushFile], head: &Manifest) -> bool {
    let mut has_changed = false;
    for file in files.iter_mut().filter(|file| file.asked.file_type.is_none()) {
        let Some(recorded) = head.entry(&file.path).map(FileEntry::read_as) else { continue };
        has_changed |= recorded != file.file_type;
        file.file_type = recorded;
    }
    has_changed
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
    let catalog = request.read.catalog(|| catalogs::load(target, workspace))?;
    let entries = working::entries(target, Variables::new(target, run, observer), catalog)?;
    let context = of_target::context(target, run, catalog)?;
    let bucket = only(of_target::buckets(target, &context, catalog, &entries)?)?;
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
    let catalog = request.read.catalog(|| catalogs::load(target, workspace))?;
    let entries = working::entries(target, variables, catalog)?;
    let paths = read::paths(target, variables, workspace, catalog, &entries)?;
    let is_here = |path| catalogs::below(path, &catalog.folder).is_ok_and(|place| workspace.has(&place));
    Ok(if paths.iter().all(is_here) { paths } else { Vec::new() })
}

/// The options that are not given, of those that say what a catalog would.
fn unsaid(target: &Target) -> Vec<&'static OptionSpec> {
    let given =
        [(&CONTEXT, target.context.is_some()), (&BUCKET, target.bucket.is_some()), (&FILES, !target.files.is_empty())];
    given.into_iter().filter(|(_, is_given)| !is_given).map(|(option, _)| option).collect()
}

/// Says which linked catalogs are left alone.
fn links_left_alone(catalog: &Loaded) -> Vec<Note> {
    let links: Vec<_> =
        catalog.catalog.iter().flat_map(Catalog::links).map(|link| link.path.as_str().to_owned()).collect();
    if links.is_empty() { Vec::new() } else { vec![Note::LinksNotPushed(links)] }
}

/// Refuses files that a linked catalog lists. Its context has them, and a pull takes them from there.
fn refuse_linked(
    target: &Target,
    variables: Variables<'_>,
    workspace: &Workspace,
    catalog: &Loaded,
    files: &[PushFile],
) -> Result<(), Error> {
    if target.context.is_some() {
        return Ok(());
    }
    // What cannot be read is said by what goes by it.
    let linked = catalogs::load_linked(variables, workspace, catalog).unwrap_or_default();
    for loaded in linked {
        let own = working::listed(variables, &loaded);
        for PushFile { path, .. } in files {
            let place = catalogs::below(path, &catalog.folder)?;
            let is_its = own.iter().any(|own| {
                let own = ConfigPath::new(own).ok().and_then(|own| catalogs::below(&own, &loaded.folder).ok());
                own.as_ref() == Some(&place)
            });
            if is_its {
                return Err(Error::OfLinked { path: path.clone(), catalog: loaded.path });
            }
        }
    }
    Ok(())
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
    only(of_target::buckets(target, context, catalog, &pushed)?)
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
