use serde_json::{Value, json};

use super::local::Local;
use crate::cli::failure::Failure;
use crate::cli::prompt::Question;
use crate::cli::session::Session;
use crate::command::{self, CleanedFile, Copy};
use crate::message::{about_file, counted, notice};
use crate::name::{Digest, VersionName};
use crate::option::{Command, DRY_RUN, JSON};

/// Deletes local copies of what is in the bucket.
pub(in crate::cli) async fn clean(session: &Session) -> Result<(), Failure> {
    let local = Local::open(session, Command::Clean)?;
    let (dry_run, is_json) = (local.raw.flag(&DRY_RUN)?, local.raw.flag(&JSON)?);
    let (observer, cancellation) = (session.observer(), &session.cancellation);
    let found = local.compared(async |files| command::clean(files, observer, cancellation).await).await?;
    found.notes.iter().for_each(|note| session.notice(&notice(note, session.speaker())));
    let stored = |file: &CleanedFile| matches!(file.copy, Copy::Stored { .. });
    let number = found.files.iter().filter(|file| stored(file)).count();
    let is_agreed = number == 0 || dry_run || agreed(session, &found.files, number).await?;
    let mut rows = Vec::new();
    for file in &found.files {
        let shown = session.shown(file.place.as_str());
        let outcome = match &file.copy {
            Copy::Stored { .. } if !is_agreed => Outcome::Kept("you did not agree".to_owned()),
            Copy::Stored { version, digest } => {
                let deleted = if dry_run { Ok(()) } else { local.workspace.remove(&file.place, *digest) };
                match deleted {
                    Ok(()) => Outcome::Deleted(version.as_ref(), *digest),
                    Err(error) => Outcome::Kept(about_file(&error, session.speaker())),
                }
            }
            Copy::NotPushed => Outcome::Kept("not pushed".to_owned()),
            Copy::Differs => Outcome::Kept("it differs from what is in the bucket".to_owned()),
            Copy::Damaged => Outcome::Kept("its object in the bucket is not what the manifest says".to_owned()),
            Copy::Unreadable(error) => Outcome::Kept(about_file(error, session.speaker())),
        };
        session.terminal.line(&outcome.line(&shown, dry_run));
        rows.push(outcome.row(file, &shown, dry_run));
    }
    if found.files.is_empty() {
        session.terminal.line("None of these files is here.");
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

/// Whether the person at the terminal agrees to what goes.
///
/// # Errors
/// No answer, where nobody can be asked and `--yes` is not given.
async fn agreed(session: &Session, files: &[CleanedFile], number: usize) -> Result<bool, Failure> {
    if session.terminal.can_ask() {
        for file in files.iter().filter(|file| matches!(file.copy, Copy::Stored { .. })) {
            session.terminal.hint(&format!("  {}", session.shown(file.place.as_str())));
        }
    }
    let text = format!("Delete {}, which a pull brings back?", counted(number, "file"));
    // At a terminal an empty answer is a no; elsewhere there is none.
    let default = session.terminal.can_ask().then_some(false);
    session.confirm(Question { text: &text, flag: "--yes" }, default).await
}

enum Outcome<'a> {
    /// With the version that has it; none for the head.
    Deleted(Option<&'a VersionName>, Digest),
    /// Why.
    Kept(String),
}

impl Outcome<'_> {
    fn line(&self, shown: &str, dry_run: bool) -> String {
        match self {
            Self::Deleted(version, _) => {
                let verb = if dry_run { "would delete" } else { "deleted" };
                let version = version.map_or("the head", VersionName::as_str);
                format!("{verb:<12} {shown} (in {version})")
            }
            Self::Kept(why) => format!("kept         {shown}: {why}"),
        }
    }

    fn row(&self, file: &CleanedFile, shown: &str, dry_run: bool) -> Value {
        match self {
            Self::Deleted(version, digest) => json!({
                "path": file.path.as_str(),
                "place": shown,
                "outcome": if dry_run { "would-delete" } else { "deleted" },
                "version": version.map_or("head", VersionName::as_str),
                "sha256": digest,
            }),
            Self::Kept(why) => json!({
                "path": file.path.as_str(),
                "place": shown,
                "outcome": "kept",
                "reason": why,
            }),
        }
    }
}
