use crate::cli::failure::Failure;
use crate::cli::prompt::Question;
use crate::cli::session::Session;
use crate::command::{self, ChannelMoved};
use crate::error::{Error, ExitCode};
use crate::message::channel_moved as words;
use crate::option::{FROM, JSON, OptionError, OptionProblem};
use crate::request::{ChannelRequest, RunInfo};
use crate::workspace::Workspace;

/// Moves a channel to a version, or back to where it was before.
pub(super) async fn move_channel(session: &Session, request: ChannelRequest, info: RunInfo) -> Result<(), Failure> {
    let is_json = session.raw().flag(&JSON)?;
    let workspace = session.workspace()?;
    if request.goes_back_from_anywhere() && !request.dry_run && !session.terminal.can_ask() {
        // Run twice, it would go back twice.
        return Err(OptionError::new(&FROM, OptionProblem::BackFromAnywhere(request.named())).into());
    }
    let mut moving = Moving { session, request, info, workspace };
    moving.agree().await?;
    let moved = moving.send().await?;
    let dry_run = moving.request.dry_run;
    words::done(&moved, dry_run).iter().for_each(|line| session.terminal.line(line));
    if let Some(id) = words::last_move(&moved, dry_run).filter(|_| !dry_run) {
        session.terminal.note(&format!("Move {id}"));
    }
    if is_json {
        session.terminal.document(&words::document(&moved, dry_run))?;
    }
    Ok(())
}

/// A move, and the question that belongs to it.
struct Moving<'a> {
    session: &'a Session,
    request: ChannelRequest,
    info: RunInfo,
    workspace: Workspace,
}

impl Moving<'_> {
    async fn send(&self) -> Result<ChannelMoved, Error> {
        let observer = self.session.observer();
        command::move_channel(&self.request, &self.info, &self.workspace, observer, &self.session.cancellation).await
    }

    /// Has a person at a terminal agree to what would change. From then on the request is for just that.
    async fn agree(&mut self) -> Result<(), Failure> {
        let session = self.session;
        if self.request.dry_run || !session.terminal.can_ask() {
            return Ok(());
        }
        self.request.dry_run = true;
        let planned = self.send().await;
        self.request.dry_run = false;
        let planned = planned?;
        if !planned.moved.would_move() {
            return Ok(());
        }
        let terminal = session.terminal.of_question();
        words::done(&planned, true).iter().for_each(|line| terminal.line(line));
        if !session.confirm(Question { text: words::question(&planned), flag: "--yes" }, Some(false)).await? {
            return Err(Failure::Declined(ExitCode::Other));
        }
        self.request.expect_seen(&planned.moved);
        self.request.settle(planned.moved.channel.target());
        Ok(())
    }
}

/// Where a channel would be moved from, and to, if it would be.
pub(super) async fn planned_move(
    session: &Session,
    planned: &ChannelRequest,
    info: &RunInfo,
    workspace: &Workspace,
) -> Result<Option<ChannelMoved>, Error> {
    let planned = command::move_channel(planned, info, workspace, session.observer(), &session.cancellation).await?;
    Ok(Some(planned).filter(|planned| planned.moved.would_move()))
}

/// ", and move :prod there": the end of a question, where a channel would be moved, too.
pub(super) fn also_moves(planned: Option<&ChannelMoved>) -> String {
    planned.map(|planned| format!(", and move :{} there", planned.moved.channel.name())).unwrap_or_default()
}

/// Moves a channel to what was just published. Nobody is asked once more.
pub(super) async fn after_push(
    session: &Session,
    request: &ChannelRequest,
    info: &RunInfo,
    workspace: &Workspace,
) -> Result<ChannelMoved, Error> {
    let observer = session.observer();
    let moved = command::move_channel(request, info, workspace, observer, &session.cancellation).await?;
    words::done(&moved, request.dry_run).iter().for_each(|line| session.terminal.line(line));
    Ok(moved)
}
