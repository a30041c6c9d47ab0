use serde_json::{Value, json};

use crate::cli::failure::Failure;
use crate::cli::head_memory::knowledge;
use crate::cli::prompt::Question;
use crate::cli::session::Session;
use crate::command::{self, CleanedFile, Copy};
use crate::message::{counted, notice};
use crate::name::{Digest, VersionName};
use crate::option::{Command, DRY_RUN, JSON};
use crate::request::StatusRequest;

/// Deletes local copies of what is in the bucket.
pub(in crate::cli) async fn clean(session: &Session) -> Result<(), Failure> {
    let mut raw = session.raw();
    session.add_files(&mut raw)?;
    let info = session.info()?;
    let request = StatusRequest::new(&raw, &info, Command::Clean)?;
    raw.refuse_contradictions(Command::Clean)?;
    let (dry_run, is_json) = (raw.flag(&DRY_RUN)?, raw.flag(&JSON)?);
    let workspace = session.workspace()?;
    let known = knowledge(session, &request.target);
    let observer = session.observer();
    let found = command::clean(&request.target, &info, &workspace, &known, observer, &session.cancellation).await?;
    found.notes.iter().for_each(|note| session.notice(&notice(note, session.speaker())));
    let stored = |file: &CleanedFile| matches!(file.copy, Copy::Stored { .. });
    let number = found.files.iter().filter(|file| stored(file)).count();
    let is_agreed = number == 0 || dry_run || agreed(session, &found.files, number).await?;
    let mut rows = Vec::new();
    for file in &found.files {
        let shown = session.shown(file.place.as_str());
        let outcome = match &file.copy {
            Copy::Stored { version, digest } => {
                let deleted = if dry_run || !is_agreed { Ok(()) } else { workspace.remove(&file.place, *digest) };
                match deleted {
                    Ok(()) => Outcome::Deleted(version.as_ref(), *digest),
                    Err(error) => Outcome::Kept(error.to_string()),
                }
            }
            Copy::NotPushed => Outcome::Kept("not pushed".to_owned()),
            Copy::Differs => Outcome::Kept("it differs from what is in the bucket".to_owned()),
            Copy::Damaged => Outcome::Kept("its object in the bucket is not what the manifest says".to_owned()),
            Copy::Unreadable(why) => Outcome::Kept(why.clone()),
        };
        session.terminal.line(&outcome.line(&shown, dry_run, is_agreed));
        rows.push(outcome.row(file, &shown, is_agreed));
    }
    if found.files.is_empty() {
        session.terminal.line("Nothing lies here.");
    }
    if is_json {
        let document = json!({
            "schema": 1,
            "context": found.location.context.as_str(),
            "bucket": found.location.bucket,
            "dry_run": dry_run,
            "files": rows,
        });
        session.terminal.data(format!("{document:#}\n").as_bytes())?;
    }
    Ok(())
}

/// Whether the person at the terminal agrees. Where nobody sits there, the command line was agreement enough.
async fn agreed(session: &Session, files: &[CleanedFile], number: usize) -> Result<bool, Failure> {
    if !session.terminal.can_ask() {
        return Ok(true);
    }
    for file in files.iter().filter(|file| matches!(file.copy, Copy::Stored { .. })) {
        session.terminal.hint(&format!("  {}", session.shown(file.place.as_str())));
    }
    let text = format!("Delete {}, which a pull brings back?", counted(number, "file"));
    session.confirm(Question { text: &text, flag: "--yes" }, Some(false)).await
}

enum Outcome<'a> {
    /// With the version that has it; none for the head.
    Deleted(Option<&'a VersionName>, Digest),
    /// Why.
    Kept(String),
}

impl Outcome<'_> {
    fn line(&self, shown: &str, dry_run: bool, is_agreed: bool) -> String {
        match self {
            Self::Deleted(version, _) => {
                let verb = match (dry_run, is_agreed) {
                    (true, _) => "would delete",
                    (false, true) => "deleted",
                    (false, false) => "kept",
                };
                let version = version.map_or("the head", VersionName::as_str);
                format!("{verb:<12} {shown} (in {version})")
            }
            Self::Kept(why) => format!("kept         {shown}: {why}"),
        }
    }

    fn row(&self, file: &CleanedFile, shown: &str, is_agreed: bool) -> Value {
        match self {
            Self::Deleted(version, digest) => json!({
                "path": file.path.as_str(),
                "place": shown,
                "outcome": if is_agreed { "deleted" } else { "kept" },
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
