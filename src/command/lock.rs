//! Lock: resolve requirements, and write down which version and content each stands for.

use std::sync::Arc;

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};

use super::cancel::unless_cancelled;
use super::catalogs::{self, Loaded};
use super::deadline::Deadline;
use super::go_layout::explained;
use super::locked::{self, failure};
use super::resolved::Resolved;
use super::target;
use super::variables::Variables;
use crate::cancellation::Cancellation;
use crate::error::Error;
use crate::lock::{Lock, LockEntry, LockName, LockProblem};
use crate::name::{ConfigPath, Context, Digest, VersionRequest};
use crate::nearest::nearest;
use crate::observer::Observer;
use crate::ordered::Ordered as _;
use crate::request::{LockRequest, RunInfo};
use crate::s3::Session;
use crate::secret::Secret;
use crate::workspace::{FileMode, NewFile, Staged, Workspace, WorkspaceError};

/// How many requirements are resolved at once.
const AT_ONCE: usize = 8;

/// A lock file as it is to be, beside what it is.
#[derive(Debug)]
pub struct Locking {
    /// The file's path in the workspace.
    pub file: ConfigPath,
    /// Every entry that there is or was, sorted by name.
    pub entries: Vec<LockChange>,
    text: String,
    /// The digest of the present file; none where there is none.
    present: Option<Digest>,
}

/// What becomes of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockChange {
    /// Its name.
    pub name: LockName,
    /// What the file says now.
    pub before: Option<LockEntry>,
    /// What it is to say.
    pub after: Option<LockEntry>,
}

impl LockChange {
    /// Whether anything becomes of it.
    #[must_use]
    pub fn is_change(&self) -> bool {
        self.before != self.after
    }
}

impl Locking {
    /// Whether the file is to be written.
    #[must_use]
    pub fn is_out_of_date(&self) -> bool {
        self.entries.iter().any(LockChange::is_change)
    }

    /// Writes the file, whole or not at all, and only in place of what was read.
    ///
    /// # Errors
    /// Why it cannot be written: `Changed` where somebody else has written it meanwhile.
    pub fn write(&self, workspace: &Workspace) -> Result<(), WorkspaceError> {
        let content = Secret::new(self.text.as_bytes());
        let may_replace = self.present.is_some();
        let path = self.file.clone();
        let file = NewFile { path, content, mode: FileMode::Shared, named: true, may_replace };
        let changed = || WorkspaceError::Changed { path: self.file.to_string() };
        let committed = workspace.stage(&[file]).and_then(Staged::commit).map_err(|error| match error {
            WorkspaceError::Exists { .. } if !may_replace => changed(),
            error => error,
        })?;
        if committed.replaced().iter().any(|(_, found)| *found != self.present) {
            committed.rollback()?;
            return Err(changed());
        }
        committed.finish()
    }
}

/// Resolves what is to be locked, within the deadline and unless the run is cancelled. Nothing is written before
/// [`Locking::write`].
///
/// # Errors
/// A lock file that cannot be read; a requirement that nothing meets; what can go wrong in the requests.
pub async fn lock(
    request: &LockRequest,
    run: &RunInfo,
    workspace: &Workspace,
    observer: Arc<dyn Observer>,
    cancellation: &Cancellation,
) -> Result<Locking, Error> {
    let deadline = Deadline::new(request.target.deadline, observer);
    let work = Box::pin(locking(request, run, workspace, &deadline));
    unless_cancelled(cancellation, deadline.keep(work)).await
}

/// A requirement to resolve.
struct Wanted {
    name: LockName,
    context: Context,
    bucket: String,
    requirement: VersionRequest,
}

async fn locking(
    request: &LockRequest,
    run: &RunInfo,
    workspace: &Workspace,
    deadline: &Arc<Deadline>,
) -> Result<Locking, Error> {
    let read = deadline.watch(|| locked::read(&request.file, workspace))?;
    let present = read.as_ref().map(|(_, text)| Digest::from_content(text));
    let before = read.map(|(lock, _)| lock).unwrap_or_default();
    let wanted = deadline.watch(|| wanted(request, run, workspace, deadline, &before))?;

    let session = request.target.connection.open(Arc::clone(deadline) as _).await?;
    session.sign_in().await?;
    // What another catalog says is not told of a context.
    let catalog = deadline.watch(|| catalogs::load(&request.target, workspace))?;
    let own_context = target::context(&request.target, run, &catalog)?;
    let variables = Variables::new(&request.target, run, &**deadline);
    let of = |wanted: &Wanted| (wanted.context == own_context).then_some((&catalog, variables));
    let resolved = stream::iter(&wanted).map(|wanted| resolve(request, &session, wanted, of(wanted)));
    let resolved: Vec<LockEntry> = resolved.buffered(AT_ONCE).try_collect().await?;

    let is_rewritten = |name: &LockName| {
        wanted.iter().any(|wanted| wanted.name == *name || wanted.name.is_default() && name.is_of_linked())
    };
    let mut after = Lock::default();
    let kept = before.entries().filter(|(name, _)| !is_rewritten(name)).map(|(name, entry)| (name, entry.clone()));
    for (name, entry) in kept.chain(wanted.iter().map(|wanted| &wanted.name).zip(resolved)) {
        after.insert(name.clone(), entry).or_else(|other| {
            // Whoever has named the same requirement of a linked context has locked it.
            let problem = LockProblem::SameRequirement { name: name.clone(), other };
            if name.is_of_linked() { Ok(()) } else { Err(failure(&request.file, problem)) }
        })?;
    }
    let names = before.entries().chain(after.entries()).map(|(name, _)| name.clone()).ordered_set();
    let change =
        |name: LockName| LockChange { before: before.get(&name).cloned(), after: after.get(&name).cloned(), name };
    let entries = names.into_iter().map(change).collect();
    Ok(Locking { file: request.file.clone(), entries, text: after.text(), present })
}

/// The requirements to resolve: those that are named, else all that the file has; of the default one where there is no
/// file.
fn wanted(
    request: &LockRequest,
    run: &RunInfo,
    workspace: &Workspace,
    deadline: &Deadline,
    before: &Lock,
) -> Result<Vec<Wanted>, Error> {
    let target = &request.target;
    let first = catalogs::load(target, workspace)?;
    let own_context = target::context(target, run, &first)?;
    let default = LockName::default_entry();
    let mut wanted = Vec::new();
    let mut add = |name: &LockName, context: &Context, requirement: &VersionRequest| {
        let bucket = target::only_bucket(target, context, &first)?;
        let (name, context, requirement) = (name.clone(), context.clone(), requirement.clone());
        wanted.push(Wanted { name, context, bucket, requirement });
        Ok::<_, Error>(())
    };
    let mut default_requirement = None;
    if request.wanted.is_empty() {
        for (name, entry) in before.entries().filter(|(name, _)| !name.is_default() && !name.is_of_linked()) {
            add(name, &entry.context, &entry.requirement)?;
        }
        let is_there = before.entries().next().is_some();
        let locked = before.get(&default).map(|entry| entry.requirement.clone());
        default_requirement = locked.or_else(|| (!is_there).then_some(VersionRequest::Head));
    }
    for one in &request.wanted {
        let locked = before.get(&one.name);
        let (context, requirement) = match &one.requirement {
            Some((context, requirement)) => (context.clone().unwrap_or_else(|| own_context.clone()), requirement),
            None => match locked {
                Some(entry) => (entry.context.clone(), &entry.requirement),
                None => return Err(failure(&request.file, no_entry(&one.name, before))),
            },
        };
        if one.name == default {
            default_requirement = Some(requirement.clone());
        } else {
            add(&one.name, &context, requirement)?;
        }
    }
    if let Some(requirement) = default_requirement {
        let variables = Variables::new(target, run, deadline);
        let linked = match &target.context {
            None => catalogs::load_linked(variables, workspace, &first)?,
            Some(_) => Vec::new(),
        };
        wanted.splice(0..0, default_entries(request, run, (&first, &linked), &requirement)?);
    }
    Ok(wanted)
}

/// A name that no entry has: a typing error, or an entry that is to be new, of which nobody has said what it locks.
fn no_entry(name: &LockName, lock: &Lock) -> LockProblem {
    let named = || lock.entries().map(|(name, _)| name).filter(|name| !name.is_of_linked());
    let meant = nearest(name.as_str(), named().map(LockName::as_str));
    LockProblem::NoEntry { name: name.clone(), meant: meant.and_then(|meant| LockName::new(meant).ok()) }
}

/// The default entry, and those of the catalogs that a pull takes besides.
fn default_entries(
    request: &LockRequest,
    run: &RunInfo,
    (first, linked): (&Loaded, &[Loaded]),
    requirement: &VersionRequest,
) -> Result<Vec<Wanted>, Error> {
    let target = &request.target;
    let mut entries: Vec<Wanted> = Vec::new();
    for loaded in [first].into_iter().chain(linked).filter(|loaded| !loaded.only_links()) {
        let context = target::context(target, run, loaded)?;
        let bucket = target::only_bucket(target, &context, loaded)?;
        if entries.iter().any(|entry| entry.context == context) {
            continue;
        }
        let name = if entries.is_empty() { LockName::default_entry() } else { LockName::of_linked(&context) };
        entries.push(Wanted { name, context, bucket, requirement: requirement.clone() });
    }
    Ok(entries)
}

async fn resolve(
    request: &LockRequest,
    session: &Session,
    wanted: &Wanted,
    catalog: Option<(&Loaded, Variables<'_>)>,
) -> Result<LockEntry, Error> {
    let store = target::store(&request.target, session, &wanted.context, &wanted.bucket).await?;
    let found = async {
        let resolved = Resolved::find(&store, &wanted.requirement).await?;
        let manifest = resolved.manifest(&store).await.map_err(|error| resolved.told(error))?;
        Ok::<_, Error>((resolved.version, manifest))
    };
    let (version, manifest) = match (found.await, catalog) {
        (Ok(found), _) => found,
        (Err(error), Some((catalog, variables))) => {
            return Err(explained(&store, catalog, variables, &wanted.requirement, false, error).await);
        }
        (Err(error), None) => return Err(error),
    };
    Ok(LockEntry {
        context: wanted.context.clone(),
        requirement: wanted.requirement.clone(),
        version,
        content: locked::content_of(&manifest),
    })
}
