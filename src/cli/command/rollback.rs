use serde_json::json;
use time::OffsetDateTime;

use super::ago::ago;
use super::channel::move_channel;
use super::push::{document, show};
use crate::cli::failure::Failure;
use crate::cli::head_memory::{ChangedInHead, HeadMemory};
use crate::cli::prompt::Question;
use crate::cli::session::Session;
use crate::cli::terminal::Terminal;
use crate::command::{self, RestoredFile, RolledBack};
use crate::error::{Error, ExitCode};
use crate::message::{counted, headline, list, rollback as words};
use crate::name::{ConfigPath, VersionRequest};
use crate::option::{Command, JSON};
use crate::request::{ChannelRequest, RollbackRequest, RunInfo};
use crate::workspace::Workspace;

/// Makes the head again what it was, or what a version is.
pub(in crate::cli) async fn rollback(session: &Session) -> Result<(), Failure> {
    let raw = session.raw();
    let is_json = raw.flag(&JSON)?;
    let info = session.info()?;
    if let Some(request) = ChannelRequest::of_rollback(&raw, &info)? {
        raw.refuse_contradictions(Command::Rollback)?;
        return move_channel(session, request, info).await;
    }
    let request = RollbackRequest::new(&raw, &info)?;
    raw.refuse_contradictions(Command::Rollback)?;
    let workspace = session.workspace()?;
    let mut rolling_back = RollingBack { session, request, info, workspace };
    let is_shown = rolling_back.agree().await?;
    let rolled_back = rolling_back.send().await?;
    let RollingBack { request, workspace, .. } = rolling_back;
    report(session, &rolled_back, request.dry_run, is_shown);
    let followed = if request.dry_run { Ok(()) } else { follow(session, &request, &workspace, &rolled_back).await };
    if words::can_be_undone(&rolled_back, request.dry_run) {
        session.terminal.note(&session.to_be_run("To undo this, run: cstore rollback", session.speaker()));
    }
    if is_json {
        let RolledBack { version, target, pushed, over, .. } = &rolled_back;
        let mut document = document(pushed, request.dry_run);
        document["rolled_back_to"] = json!({
            "version": version,
            "push_id": target.push_id,
            "pushed_at": target.created_at,
        });
        document["removed"] = json!(over.removed().iter().map(|path| path.as_str()).collect::<Vec<_>>());
        session.terminal.document(&document)?;
    }
    followed
}

/// A rollback, and the question that belongs to it.
struct RollingBack<'a> {
    session: &'a Session,
    request: RollbackRequest,
    info: RunInfo,
    workspace: Workspace,
}

impl RollingBack<'_> {
    async fn send(&self) -> Result<RolledBack, Error> {
        let observer = self.session.observer();
        command::rollback(&self.request, &self.info, &self.workspace, observer, &self.session.cancellation).await
    }

    /// Has a person at a terminal agree to what would change. From then on the request is for just that: over the head
    /// as it was seen, and to what was shown. Tells whether it was shown.
    async fn agree(&mut self) -> Result<bool, Failure> {
        let session = self.session;
        if self.request.dry_run || !session.terminal.can_ask() {
            return Ok(false);
        }
        self.request.dry_run = true;
        let planned = self.send().await;
        self.request.dry_run = false;
        let planned = planned?;
        if !planned.pushed.changed {
            return Ok(false);
        }
        show_planned(session, session.terminal.of_question(), &planned);
        let text = headline("Roll back", &planned.pushed.location);
        if !session.confirm(Question { text: &format!("{text}?"), flag: "--yes" }, Some(false)).await? {
            return Err(Failure::Declined(ExitCode::Other));
        }
        self.request.expect = Some(planned.pushed.digest);
        self.request.version = planned.version.map(VersionRequest::Exact);
        self.request.over = Some(planned.over);
        Ok(true)
    }
}

/// Shows what a rollback goes back to, and what that changes.
fn show_planned(session: &Session, terminal: Terminal, rolled_back: &RolledBack) {
    let is_for_a_person = terminal.can_ask();
    let when = is_for_a_person.then(|| ago(&rolled_back.target.created_at, OffsetDateTime::now_utc())).flatten();
    terminal.line(&format!("To {}", words::target(rolled_back, when)));
    show(session, terminal, &rolled_back.pushed);
    let kept = words::kept(rolled_back, |path| session.shown(path));
    kept.iter().for_each(|kept| terminal.note(&format!("{kept}. With --exact they would be removed.")));
}

fn report(session: &Session, rolled_back: &RolledBack, dry_run: bool, is_shown: bool) {
    let pushed = &rolled_back.pushed;
    pushed.notes.iter().for_each(|note| session.note(note));
    if !is_shown {
        show_planned(session, session.terminal, rolled_back);
    }
    session.terminal.line(&headline(words::verb(rolled_back, dry_run), &pushed.location));
    session.terminal.line(&format!("{}, {}", counted(pushed.files.len(), "file"), pushed.digest.pin()));
}

/// Local files that were what the head was become what it is; others stay, and so do those that the head no longer has.
async fn follow(
    session: &Session,
    request: &RollbackRequest,
    workspace: &Workspace,
    rolled_back: &RolledBack,
) -> Result<(), Failure> {
    let location = &rolled_back.pushed.location;
    let memory = HeadMemory::new(session, &request.target, (location.context.clone(), location.bucket.clone()));
    let changed = rolled_back
        .files
        .iter()
        .filter_map(|RestoredFile { path, before, content }| Some(ChangedInHead { path, before: (*before)?, content }));
    let changed: Vec<_> = changed.collect();
    let followed = memory.follow(session, workspace, &rolled_back.pushed, &changed).await;
    say_what_stays_here(session, workspace, rolled_back.over.removed());
    followed
}

/// Says which files lie here that the head no longer has.
pub(super) fn say_what_stays_here(session: &Session, workspace: &Workspace, removed: &[ConfigPath]) {
    let here: Vec<_> = removed.iter().filter(|path| workspace.has(path)).collect();
    if let [first, ..] = here.as_slice() {
        let shown: Vec<_> = here.iter().map(|path| session.shown(path.as_str())).collect();
        session.terminal.note(&format!(
            "The head no longer has these files, and they stay here: {}. To store one again, run: {}",
            list(&shown),
            session.suggested(&["push", "--overwrite"], [first.as_str()])
        ));
    }
}
