use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::local::Local;
use crate::cli::failure::Failure;
use crate::cli::prompt::Question;
use crate::cli::session::Session;
use crate::command::{self, Cleaned, CleanedFile, Copy, Location};
use crate::message::{PathsFromHere as _, about_file, counted};
use crate::name::{Digest, VersionName};
use crate::option::{Command, DRY_RUN, JSON};

/// Deletes local copies of what is in the bucket.
pub(in crate::cli) async fn clean(session: &Session) -> Result<(), Failure> {
    let local = Local::open(session, Command::Clean)?;
    let (dry_run, is_json) = (local.raw.flag(&DRY_RUN)?, local.raw.flag(&JSON)?);
    let look = || local.compared(async |files| command::clean(files, session.observer(), &session.cancellation).await);
    let found = look().await?;
    found.notes.iter().for_each(|note| session.note(note));
    let is_any = found.files.iter().any(|file| matches!(file.copy, Copy::Stored { .. }));
    let is_agreed = !is_any || dry_run || agreed(session, &found.files).await?;
    let after = if is_any && is_agreed && !dry_run && session.terminal.can_ask() { Some(look().await?) } else { None };
    let has_moved = |file| after.as_ref().is_some_and(|after| !is_as_shown(file, &found.location, after));
    let mut rows = Vec::new();
    for file in &found.files {
        let shown = session.shown(file.place.as_str());
        let outcome = match &file.copy {
            Copy::Stored { .. } if !is_agreed => Outcome::Declined,
            Copy::Stored { .. } if has_moved(file) => {
                Outcome::Kept("since it was shown, it or what is in the bucket has changed".to_owned())
            }
            Copy::Stored { version, digest } => {
                let deleted = if dry_run { Ok(()) } else { local.workspace.remove(&file.place, *digest) };
                match deleted {
                    Ok(()) => Outcome::Deleted {
                        version: version.as_ref(),
                        digest: *digest,
                        pull: pull(session, version.as_ref(), [file.path.as_str()]),
                    },
                    Err(error) => Outcome::Kept(about_file(&error, session.speaker())),
                }
            }
            Copy::NotPushed => Outcome::Kept("not pushed".to_owned()),
            Copy::WithoutManifest => Outcome::Kept("the Go cStore pushed it, without a manifest".to_owned()),
            Copy::Differs => Outcome::Kept("it differs from what is in the bucket".to_owned()),
            Copy::Damaged => Outcome::Kept("its object in the bucket is not what the manifest says".to_owned()),
            Copy::Unreadable(error) => Outcome::Kept(about_file(error, session.speaker())),
        };
        session.terminal.line(&outcome.line(&shown, dry_run));
        rows.push(outcome.row(file, &shown, dry_run));
    }
    if found.files.is_empty() {
        session.terminal.line("None of these files is here.");
        if !session.place.lists_files() {
            session.next(&session.suggested_push(&["push"]));
        }
    }
    if is_json {
        let document = json!({
            "schema": 1,
            "context": found.location.context.as_str(),
            "bucket": found.location.bucket,
            "version": found.location.version,
            "dry_run": dry_run,
            "files": rows,
        });
        session.terminal.document(&document)?;
    }
    Ok(())
}

/// Whether a file that was shown is to be brought back by the same pull after a person has taken a while to answer:
/// others may have pushed.
fn is_as_shown(shown: &CleanedFile, location: &Location, now: &Cleaned) -> bool {
    let Copy::Stored { version, digest } = &shown.copy else { return false };
    let is_same = |file: &&CleanedFile| (&file.path, &file.place) == (&shown.path, &shown.place);
    let copy = now.files.iter().find(is_same).map(|file| &file.copy);
    let is_stored = matches!(copy, Some(Copy::Stored { version: v, digest: d }) if (v, d) == (version, digest));
    is_stored && (&now.location.context, &now.location.bucket) == (&location.context, &location.bucket)
}

/// The pull that brings files back as they lie here. Without a name a pull takes the head, and so may bring back
/// others.
fn pull<'p>(session: &Session, version: Option<&VersionName>, paths: impl IntoIterator<Item = &'p str>) -> String {
    match version {
        Some(version) => session.suggested(&["pull", "-v", version.as_str()], paths),
        None => session.suggested(&["pull"], []),
    }
}

/// Whether the person at the terminal agrees to what goes.
///
/// # Errors
/// No answer, where nobody can be asked and `--yes` is not given.
async fn agreed(session: &Session, files: &[CleanedFile]) -> Result<bool, Failure> {
    let mut stored = BTreeMap::<_, Vec<_>>::new();
    for file in files {
        if let Copy::Stored { version, .. } = &file.copy {
            stored.entry(version.as_ref()).or_default().push(file);
        }
    }
    let number = stored.values().map(Vec::len).sum();
    let pulls =
        stored.iter().map(|(version, files)| pull(session, *version, files.iter().map(|file| file.path.as_str())));
    let pulls: Vec<_> = pulls.collect();
    if session.terminal.can_ask() {
        for (files, pull) in stored.values().zip(&pulls) {
            for file in files {
                let back = if pulls.len() > 1 { format!(" (back with: {pull})") } else { String::new() };
                session.terminal.hint(&format!("  {}{back}", session.shown(file.place.as_str())));
            }
        }
    }
    let back = pulls.iter().map(|pull| format!("`{pull}`")).collect::<Vec<_>>().join(" and ");
    let bring = if pulls.len() == 1 { "brings" } else { "bring" };
    let text = format!("Delete {}, which {back} {bring} back?", counted(number, "file"));
    // At a terminal an empty answer is a no; elsewhere there is none.
    let default = session.terminal.can_ask().then_some(false);
    session.confirm(Question { text: &text, flag: "--yes" }, default).await
}

enum Outcome<'a> {
    Deleted {
        /// The version that has it; none for the head.
        version: Option<&'a VersionName>,
        digest: Digest,
        /// The command that brings it back.
        pull: String,
    },
    /// The person at the terminal did not want it.
    Declined,
    /// Why.
    Kept(String),
}

impl Outcome<'_> {
    fn line(&self, shown: &str, dry_run: bool) -> String {
        match self {
            Self::Deleted { version, pull, .. } => {
                let verb = if dry_run { "would delete" } else { "deleted" };
                let is_in =
                    version.map_or("in the head".to_owned(), |version| format!("in {version}; back with: {pull}"));
                format!("{verb:<12} {shown} ({is_in})")
            }
            Self::Declined => format!("kept         {shown} (declined)"),
            Self::Kept(why) => format!("kept         {shown}: {why}"),
        }
    }

    fn row(&self, file: &CleanedFile, shown: &str, dry_run: bool) -> Value {
        match self {
            Self::Deleted { version, digest, .. } => json!({
                "path": file.path.as_str(),
                "place": shown,
                "outcome": if dry_run { "would-delete" } else { "deleted" },
                "version": version.map_or("head", VersionName::as_str),
                "sha256": digest,
            }),
            Self::Declined | Self::Kept(_) => json!({
                "path": file.path.as_str(),
                "place": shown,
                "outcome": "kept",
                "reason": if let Self::Kept(why) = self { why } else { "declined" },
            }),
        }
    }
}
