use serde_json::json;

use super::channel::move_channel;
use super::push::{document, final_word, say_settings, seen, show};
use crate::cli::failure::Failure;
use crate::cli::profile::with_profile;
use crate::cli::prompt::Question;
use crate::cli::session::Session;
use crate::command::{self, Promoted};
use crate::error::{Error, ExitCode};
use crate::message::{changes, counted, headline, list, notice, place};
use crate::name::VersionRequest;
use crate::option::{Command, FROM_PROFILE, JSON};
use crate::request::{ChannelRequest, PromoteRequest, RunInfo};
use crate::workspace::Workspace;

/// Copies a version, or the head, to another context.
pub(in crate::cli) async fn promote(session: &Session) -> Result<(), Failure> {
    let raw = session.raw();
    let is_json = raw.flag(&JSON)?;
    let info = session.info()?;
    if let Some(request) = ChannelRequest::of_promotion(&raw, &info)? {
        raw.refuse_contradictions(Command::Promote)?;
        return move_channel(session, request, info).await;
    }
    let mut request = PromoteRequest::new(&raw, &info)?;
    raw.refuse_contradictions(Command::Promote)?;
    if let Some(profile) = raw.text(&FROM_PROFILE) {
        request.read_with(with_profile(&session.environment, profile));
    }
    let workspace = session.workspace()?;
    let mut promoting = Promoting { session, request, info, workspace };
    let is_shown = promoting.agree().await?;
    let promoted = promoting.send().await?;
    let dry_run = promoting.request.dry_run;
    report(session, &promoted, dry_run, is_shown);
    if is_json {
        let mut document = document(&promoted.pushed, dry_run);
        document["promoted_from"] = json!({
            "context": promoted.from.context.as_str(),
            "bucket": promoted.from.bucket,
            "version": promoted.from.version,
        });
        session.terminal.document(&document)?;
    }
    Ok(())
}

/// A promotion, and the question that belongs to it.
struct Promoting<'a> {
    session: &'a Session,
    request: PromoteRequest,
    info: RunInfo,
    workspace: Workspace,
}

impl Promoting<'_> {
    async fn send(&self) -> Result<Promoted, Error> {
        let observer = self.session.observer();
        command::promote(&self.request, &self.info, &self.workspace, observer, &self.session.cancellation).await
    }

    /// Has a person at a terminal agree to what would change. From then on the request is for just that: this source, with
    /// this digest, over what was seen at the destination. Tells whether it was shown.
    async fn agree(&mut self) -> Result<bool, Failure> {
        if self.request.dry_run || !self.session.terminal.can_ask() {
            return Ok(false);
        }
        self.request.dry_run = true;
        let planned = self.send().await;
        self.request.dry_run = false;
        let Promoted { from, version, copied, pushed } = planned?;
        if !pushed.changed {
            return Ok(false);
        }
        let terminal = self.session.terminal.of_question();
        terminal.line(&headline("From", &from));
        show(self.session, terminal, &pushed);
        say_settings(self.session, terminal, &pushed);
        let replaces = seen(&pushed, self.request.overwrite);
        let text = headline("Promote to", &pushed.location);
        let question = Question { text: &format!("{text}?{}", final_word(&pushed, &replaces)), flag: "--yes" };
        if !self.session.confirm(question, Some(false)).await? {
            return Err(Failure::Declined(ExitCode::Other));
        }
        self.request.expect = Some(pushed.digest);
        self.request.copied = Some(copied);
        self.request.replaces = replaces;
        self.request.from.version = version.map_or(VersionRequest::Head, VersionRequest::Exact);
        self.request.bases = pushed.location.is_head().then_some(pushed.bases);
        Ok(true)
    }
}

fn report(session: &Session, Promoted { from, pushed, .. }: &Promoted, dry_run: bool, is_shown: bool) {
    pushed.notes.iter().for_each(|note| session.notice(&notice(note, session.speaker())));
    changes::about_gone(pushed).iter().for_each(|said| session.notice(said));
    if !is_shown {
        show(session, session.terminal, pushed);
    }
    if !pushed.only_in_head.is_empty() {
        let others: Vec<_> = pushed.only_in_head.iter().map(ToString::to_string).collect();
        session.terminal.note(&format!(
            "The head of {} also has files that {} does not have. They stay as they are: {}.",
            pushed.location.context,
            place(from),
            list(&others)
        ));
    }
    let verb = match (dry_run, pushed.changed) {
        (true, true) => "Would promote to",
        (true, false) => "Nothing would change in",
        (false, true) => "Promoted to",
        (false, false) => "Nothing has changed in",
    };
    session.terminal.line(&headline(verb, &pushed.location));
    let files = counted(pushed.files.len(), "file");
    session.terminal.line(&format!("{files} of {}, {}", place(from), pushed.digest.pin()));
}
