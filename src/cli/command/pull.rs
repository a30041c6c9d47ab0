use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

use serde_json::{Value, json};

use crate::cli::deliver::{Delivered, DeliveredFile, Delivery, LocalConflict, Outcome};
use crate::cli::failure::Failure;
use crate::cli::go::GoError;
use crate::cli::hint::hint_of_git;
use crate::cli::place::{PlaceError, TypedFolder};
use crate::cli::reference::resolve_reference;
use crate::cli::session::Session;
use crate::command::{self, Location, Pulled, Restore};
use crate::config::OnDuplicate;
use crate::error::Error;
use crate::excerpt::listed_key;
use crate::message::{about_missing, counted, headline, list, objects};
use crate::name::{ConfigPath, GIT, git_folder};
use crate::option::{Command, DISCARD, DRY_RUN, JSON, TO_FOLDER};
use crate::request::PullRequest;
use crate::store::Channel;
use crate::workspace::{FileMode, Workspace, WorkspaceError};

/// Writes files, and leaves alone what was changed here.
pub(in crate::cli) async fn pull(session: &Session) -> Result<(), Failure> {
    let mut raw = session.raw();
    session.add_files(&mut raw)?;
    resolve_reference(&mut raw)?;
    let info = session.info()?;
    // The files may be those of several environments: no value is handed over, so that none has to be chosen.
    let on_duplicate = OnDuplicate::Last;
    let request = PullRequest { makes_outputs: false, on_duplicate, ..PullRequest::new(&raw, &info)? };
    raw.refuse_contradictions(Command::Pull)?;
    let (force, dry_run, is_json) = (raw.flag(&DISCARD)?, raw.flag(&DRY_RUN)?, raw.flag(&JSON)?);
    let workspace = session.workspace()?;
    let observer = session.observer();
    let mut pulled = command::pull(&request, &info, &workspace, observer, &session.cancellation).await?;
    // As they are stored: what is delivered may be merged with local changes.
    let (stored, locations) = (pulled.objects(), pulled.locations());
    let of: HashMap<_, _> = pulled.files.iter().map(|file| (file.path.clone(), file.stored.location())).collect();
    let speaker = session.speaker();
    pulled.missing.iter().for_each(|error| session.notice(&about_missing(error, speaker)));
    pulled.notes.iter().for_each(|note| session.note(note));
    if let Some(path) = session.alternate_path()?.filter(|_| !pulled.is_nothing()) {
        pulled.go_to_path(path).map_err(|number| GoError::OneFile { number })?;
    }
    let digest = (!pulled.is_nothing()).then(|| pulled.digest.pin());
    let to = raw.text(&TO_FOLDER).map(ToOwned::to_owned);
    let hints = if to.is_none() { hint_of_git(session, &pulled) } else { Vec::new() };
    let delivered = match &to {
        Some(folder) => to_folder(session, &mut pulled, folder, force, dry_run)?,
        None => {
            let delivery = Delivery { session, request: &request, workspace: &workspace, force, dry_run };
            delivery.run(&mut pulled).await?
        }
    };
    delivered.problems.iter().for_each(|problem| session.terminal.warning(problem));
    let shown = |file: &DeliveredFile| match &to {
        Some(folder) => format!("{}/{}", folder.trim_end_matches('/'), file.place),
        None => session.shown(file.place.as_str()),
    };
    let verb = if dry_run { "Would pull" } else { "Pulled" };
    let digest_of = digest.as_ref().map(|digest| format!(", {digest}")).unwrap_or_default();
    // Each catalog's own requirement is met by itself, so that versions differ.
    locations.iter().for_each(|location| session.terminal.line(&headline(verb, location)));
    let locked = pulled.locked.as_ref().map(|file| format!(", as locked in {}", session.shown(file.as_str())));
    let locked = locked.unwrap_or_default();
    session.terminal.line(&format!("{}{digest_of}{locked}", counted(delivered.files.len(), "file")));
    delivered.files.iter().for_each(|file| session.terminal.line(&line(file, &shown(file), dry_run)));
    let written: Vec<_> = delivered.files.iter().filter(|file| file.outcome == Outcome::Written).collect();
    hints.into_iter().filter_map(|hint| hint.of(&written, session)).for_each(|hint| session.terminal.warning(&hint));
    if is_json {
        let files: Vec<_> = delivered.files.iter().map(|file| row(file, &shown(file), of.get(&file.path))).collect();
        let document = json!({
            "schema": 1,
            "context": pulled.location.context.as_str(),
            "bucket": pulled.location.bucket,
            "version": pulled.location.version,
            "digest": digest,
            "channel": pulled.channel.as_ref().map(|channel| channel.name().as_str()),
            "move": pulled.channel.as_ref().map(Channel::push_id),
            "locked": pulled.locked.is_some(),
            "dry_run": dry_run,
            "files": files,
            "objects": objects::document(&stored),
        });
        session.terminal.document(&document)?;
    }
    Ok(())
}

/// What became of a file, in a line.
fn line(file: &DeliveredFile, shown: &str, dry_run: bool) -> String {
    match &file.outcome {
        Outcome::Written if dry_run => format!("would write  {shown}"),
        Outcome::Written => format!("written    {shown}"),
        Outcome::Merged(keys) => {
            let keys: Vec<_> = keys.iter().map(|key| listed_key(key)).collect();
            let verb = if dry_run { "would merge " } else { "merged    " };
            let keys = if keys.is_empty() { String::new() } else { format!(": {}", list(&keys)) };
            format!("{verb} {shown} (from the bucket{keys})")
        }
        Outcome::Kept => format!("kept       {shown} (changed only here)"),
        Outcome::Unchanged | Outcome::Conflict(..) | Outcome::Undecided => format!("unchanged  {shown}"),
    }
}

/// `of`: the version, or the head, that it is of.
fn row(file: &DeliveredFile, shown: &str, of: Option<&Location>) -> Value {
    let (word, keys) = match &file.outcome {
        Outcome::Written => ("written", None),
        Outcome::Merged(keys) => ("merged", Some(keys)),
        Outcome::Kept => ("kept", None),
        Outcome::Unchanged | Outcome::Conflict(..) | Outcome::Undecided => ("unchanged", None),
    };
    let mut row = json!({
        "path": file.path.as_str(),
        "place": shown,
        "context": of.map(|of| of.context.as_str()),
        "version": of.map(|of| &of.version),
        "sha256": file.digest,
        "outcome": word,
    });
    if let (Some(keys), Some(row)) = (keys, row.as_object_mut()) {
        row.insert("keys_from_bucket".to_owned(), json!(keys));
    }
    row
}

/// Writes files below another folder, where only what is different is in the way. Nothing of it is remembered.
fn to_folder(
    session: &Session,
    pulled: &mut Pulled,
    folder: &str,
    force: bool,
    dry_run: bool,
) -> Result<Delivered, Failure> {
    let path = session.place.here().join(folder);
    refuse_git(&path, folder)?;
    // Of a dry run they go again: what may be written there is seen in a folder alone.
    let elsewhere = |failure| match failure {
        Failure::Core(Error::Workspace(error)) => {
            Failure::Elsewhere(TypedFolder { path: path.clone(), typed: folder.to_owned() }, error)
        }
        failure => failure,
    };
    let made = NewFolders::make(&path).map_err(elsewhere)?;
    let written = write_below(session, pulled, (&path, folder), force, dry_run);
    if dry_run || written.is_err() {
        made.remove();
    }
    written.map_err(elsewhere)
}

/// Refuses a folder in a `.git` folder, also one that a link leads to: what lies there decides what git runs.
fn refuse_git(path: &Path, typed: &str) -> Result<(), Failure> {
    let real = path.ancestors().find_map(|above| above.canonicalize().ok());
    let is_git = |part: Component<'_>| git_folder(&part.as_os_str().to_string_lossy()) == Some(GIT);
    if path.components().chain(real.iter().flat_map(|real| real.components())).any(is_git) {
        return Err(PlaceError::InGit { typed: typed.to_owned() }.into());
    }
    Ok(())
}

/// The same, below a folder that is there, with its path as it was typed.
fn write_below(
    session: &Session,
    pulled: &mut Pulled,
    (path, folder): (&Path, &str),
    force: bool,
    dry_run: bool,
) -> Result<Delivered, Failure> {
    let workspace = Workspace::open(path)?;
    let is_own = path.canonicalize().is_ok_and(|path| session.place.folder.canonicalize().is_ok_and(|own| own == path));
    pulled.go_to(&workspace, is_own, &session.environment);
    let mut standing = Vec::new();
    let mut files = Vec::new();
    for file in &pulled.files {
        let found = match workspace.read(&file.path, file.content.expose().len() as u64) {
            Ok(content) => Some(content.expose().as_slice() == file.content.expose()),
            Err(WorkspaceError::NotFound { .. }) => None,
            Err(_) => Some(false),
        };
        if found == Some(false) && !force {
            standing.push(format!("{}/{}", folder.trim_end_matches('/'), file.path));
        }
        let outcome = if found == Some(true) { Outcome::Unchanged } else { Outcome::Written };
        files.push(delivered(file.path.clone(), file.digest, outcome));
    }
    let written = pulled.files.iter().zip(&files).filter(|(_, file)| file.outcome == Outcome::Written);
    pulled.require_names(written.map(|(file, _)| file))?;
    if !standing.is_empty() {
        return Err(LocalConflict::Standing(standing).into());
    }
    if !force {
        for file in &mut pulled.files {
            file.destination.may_replace = false;
        }
    }
    let restore = Restore { files: true, mode: FileMode::AsBefore, formatted: None };
    let mut problems = Vec::new();
    if dry_run {
        pulled.check_restore(&workspace, restore)?;
    } else {
        let left = pulled.stage(&workspace, restore)?.commit()?.finish().err();
        problems.extend(
            left.map(|error| format!("The files are written, but an earlier one could not be removed: {error}.")),
        );
    }
    Ok(Delivered { files, problems })
}

fn delivered(path: ConfigPath, digest: crate::name::Digest, outcome: Outcome) -> DeliveredFile {
    DeliveredFile { place: path.clone(), path, digest, outcome }
}

/// Folders that were made for a pull, the innermost first.
struct NewFolders(Vec<PathBuf>);

impl NewFolders {
    /// Makes a folder, and those above it that are not there.
    fn make(path: &Path) -> Result<Self, Failure> {
        let missing = path.ancestors().take_while(|folder| !folder.exists()).map(Path::to_owned);
        let made = Self(missing.collect());
        let failed = |reason| {
            made.remove();
            WorkspaceError::Io { path: path.to_string_lossy().into_owned(), doing: "write", reason }
        };
        std::fs::create_dir_all(path).map_err(failed)?;
        Ok(made)
    }

    /// Removes them again, unless something is in them.
    fn remove(&self) {
        // What was refused is told in any case.
        self.0.iter().for_each(|folder| drop(std::fs::remove_dir(folder)));
    }
}
