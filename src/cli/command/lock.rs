use serde_json::{Value, json};

use super::columns::{Reader, columns};
use crate::cli::deliver::LocalConflict;
use crate::cli::failure::Failure;
use crate::cli::session::Session;
use crate::cli::state::StateFolder;
use crate::command::{self, LockChange, Locking};
use crate::error::Error;
use crate::lock::{LockEntry, LockName, OF_LINKED};
use crate::message::in_shell;
use crate::name::{Context, Reference};
use crate::option::{CHECK, CONTEXT, Command, DRY_RUN, JSON, LOCK_FILE};
use crate::request::{LockRequest, WantedLock};
use crate::workspace::{Workspace, WorkspaceError};

/// How often entries are locked anew, of a file that others have written meanwhile: many may be locked at once.
const ATTEMPTS: usize = 16;

/// Writes down which version and content each requirement stands for.
pub(in crate::cli) async fn lock(session: &Session) -> Result<(), Failure> {
    let raw = session.raw();
    let wanted = session.invocation.arguments("NAME=REF").map(wanted).collect::<Result<_, _>>()?;
    let info = session.info()?;
    let request = LockRequest::new(&raw, &info, wanted)?;
    raw.refuse_contradictions(Command::Lock)?;
    let (checks, dry_run) = (raw.flag(&CHECK)?, raw.flag(&DRY_RUN)?);
    let workspace = session.workspace()?;
    let mut attempts = 1..=ATTEMPTS;
    let (locking, is_written) = loop {
        let observer = session.observer();
        let locking = command::lock(&request, &info, &workspace, observer, &session.cancellation).await?;
        let writes = locking.is_out_of_date() && !checks && !dry_run;
        if !writes {
            break (locking, false);
        }
        match write(session, &request, &locking, &workspace).await {
            Ok(()) => break (locking, true),
            // What others have locked is read, and stays.
            Err(Failure::Core(Error::Workspace(WorkspaceError::Changed { .. }))) if attempts.next().is_some() => {}
            Err(Failure::Core(Error::Workspace(WorkspaceError::Changed { path }))) => {
                return Err(LocalConflict::Meanwhile(session.shown(&path)).into());
            }
            Err(error) => return Err(error),
        }
    };
    let file = session.shown(locking.file.as_str());
    let rows: Vec<_> = locking.entries.iter().filter(|entry| entry.is_change()).map(row).collect();
    columns(&rows, Reader::Person(usize::MAX)).lines().for_each(|line| session.terminal.line(line));
    if !locking.is_out_of_date() {
        session.terminal.line(&format!("{file} is up to date."));
    } else if is_written {
        session.terminal.line(&format!("Wrote {file}."));
        next(session, &request, &locking, &file);
    } else if dry_run && !checks {
        session.terminal.line(&format!("Would write {file}."));
    }
    if raw.flag(&JSON)? {
        session.terminal.document(&document(&locking, &file, is_written))?;
    }
    if checks && locking.is_out_of_date() { Err(Failure::LockOutOfDate(file)) } else { Ok(()) }
}

/// Writes the file while no other run on this machine does: of three that wrote at once, one that puts back what it has
/// replaced could take away what another has reported as written.
///
/// # Errors
/// Those of [`StateFolder::lock`], and those of [`Locking::write`].
async fn write(
    session: &Session,
    request: &LockRequest,
    locking: &Locking,
    workspace: &Workspace,
) -> Result<(), Failure> {
    let file = session.place.folder.join(locking.file.as_str());
    let state = StateFolder::new(&session.environment);
    // Where there is no folder for it, the file is still written only in place of what was read.
    let _lock = state.lock([file], request.target.deadline, &session.cancellation).await?;
    Ok(locking.write(workspace).map_err(WorkspaceError::of_needed)?)
}

/// What comes next: the file is for git, and for pulls.
fn next(session: &Session, request: &LockRequest, locking: &Locking, file: &str) {
    let file = in_shell(file);
    if session.place.folder.ancestors().any(|folder| folder.join(".git").exists()) {
        session.next(&format!("git add {file}"));
    }
    let named = session.invocation.raw.text(&LOCK_FILE);
    let named = named.map(|_| format!(" --{} {file}", LOCK_FILE.flag_name())).unwrap_or_default();
    session.next(&format!("cstore pull --locked{}{named}", entry_to_pull(session, request, locking)));
}

/// The flags with which a pull takes what was locked. Without any it takes the default entry.
fn entry_to_pull(session: &Session, request: &LockRequest, locking: &Locking) -> String {
    let mut names: Vec<_> = request.wanted.iter().map(|wanted| &wanted.name).collect();
    if names.is_empty() {
        names = locking.entries.iter().map(|entry| &entry.name).collect();
    }
    if names.iter().any(|name| name.is_default()) {
        return String::new();
    }
    let entry =
        locking.entries.iter().filter(|entry| names.contains(&&entry.name)).find_map(|entry| entry.after.as_ref());
    entry.map_or_else(String::new, |LockEntry { context, requirement, .. }| {
        let is_own = session.own_context().as_deref() == Some(context.as_str());
        let of_context =
            if is_own { String::new() } else { format!(" --{} {}", CONTEXT.flag_name(), in_shell(context.as_str())) };
        format!("{of_context} -v {}", in_shell(&requirement.to_string()))
    })
}

/// Reads `NAME=REF`, or a name alone.
fn wanted(typed: &str) -> Result<WantedLock, Failure> {
    let refused = |why: String| Failure::NoLockEntry { typed: typed.to_owned(), why };
    let (name, reference) = typed.split_once('=').map_or((typed, None), |(name, rest)| (name, Some(rest)));
    if name.starts_with(OF_LINKED) {
        return Err(refused("it is the entry of a linked catalog, which is locked with the entry default".to_owned()));
    }
    let name = LockName::new(name).map_err(|error| refused(error.to_string()))?;
    let requirement = match reference.map(Reference::new).transpose().map_err(|error| refused(error.to_string()))? {
        None => None,
        Some(Reference::Stored(stored)) if stored.bucket.is_none() => Some((stored.context, stored.version)),
        Some(Reference::Stored(_)) => {
            let why = "a lock file says which content, and no bucket; `--bucket` and the catalog name the bucket";
            return Err(refused(why.to_owned()));
        }
        Some(Reference::Working) => {
            return Err(refused(
                "`.` stands for the files in this folder, and a lock is of what is published".to_owned(),
            ));
        }
    };
    if name.is_default() && matches!(requirement, Some((Some(_), _))) {
        return Err(refused("the default entry is of the catalog's context; name another entry".to_owned()));
    }
    Ok(WantedLock { name, requirement })
}

/// A line on an entry that changes.
fn row(change: &LockChange) -> Vec<String> {
    let LockChange { name, before, after } = change;
    let sign = match (before, after) {
        (None, _) => "+",
        (_, None) => "-",
        _ => "~",
    };
    let [before, after] = [before, after].map(Option::as_ref);
    let what = |of: fn(&LockEntry) -> String| told(before.map(of), after.map(of));
    vec![
        format!("{sign} {name}"),
        what(|entry| entry.context.to_string()),
        what(|entry| entry.requirement.to_string()),
        what(|entry| entry.version_name().to_owned()),
        what(|entry| format!("sha256:{}", entry.content.digest.short())),
        match (before, after) {
            (Some(before), Some(after)) if before.content.settings != after.content.settings => "other types or tags",
            _ => "",
        }
        .to_owned(),
    ]
}

/// `old -> new`, or the one that there is.
fn told(before: Option<String>, after: Option<String>) -> String {
    match (before, after) {
        (Some(before), Some(after)) if before != after => format!("{before} -> {after}"),
        (before, after) => after.or(before).unwrap_or_default(),
    }
}

fn document(locking: &Locking, file: &str, is_written: bool) -> Value {
    let facts = |entry: &LockEntry| {
        json!({
            "context": Context::as_str(&entry.context),
            "requirement": entry.requirement.to_string(),
            "version": entry.version_name(),
            "digest": entry.content.digest.pin(),
            "settings": entry.content.settings.pin(),
        })
    };
    let entries = locking.entries.iter().map(|entry| {
        json!({
            "name": entry.name.as_str(),
            "changed": entry.is_change(),
            "before": entry.before.as_ref().map(facts),
            "after": entry.after.as_ref().map(facts),
        })
    });
    json!({
        "schema": 1,
        "lock_file": file,
        "out_of_date": locking.is_out_of_date(),
        "written": is_written,
        "entries": entries.collect::<Vec<_>>(),
    })
}
