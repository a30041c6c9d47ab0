use crate::cli::failure::Failure;
use crate::cli::prompt::Question;
use crate::cli::session::Session;
use crate::command::{self, PurgedVersion};
use crate::error::Error;
use crate::message::{headline, purge as words};
use crate::option::{Command, JSON};
use crate::request::{PurgeRequest, RunInfo};
use crate::workspace::Workspace;

/// Removes a version for good.
pub(in crate::cli) async fn purge(session: &Session) -> Result<(), Failure> {
    let raw = session.raw();
    let is_json = raw.flag(&JSON)?;
    let info = session.info()?;
    let request = PurgeRequest::new(&raw, &info)?;
    raw.refuse_contradictions(Command::Purge)?;
    let workspace = session.workspace()?;
    let dry_run = request.dry_run;
    let mut purging = Purging { session, request, info, workspace };
    if !dry_run {
        purging.agree().await?;
    }
    let purged = purging.send().await?;
    report(session, &purged, dry_run);
    if is_json {
        session.terminal.document(&words::document(&purged, dry_run, session.speaker()))?;
    }
    purged.unfinished().filter(|_| !dry_run).map_or(Ok(()), |error| Err(error.into()))
}

/// A purge, and the question that belongs to it.
struct Purging<'a> {
    session: &'a Session,
    request: PurgeRequest,
    info: RunInfo,
    workspace: Workspace,
}

impl Purging<'_> {
    async fn send(&self) -> Result<PurgedVersion, Error> {
        let observer = self.session.observer();
        command::purge(&self.request, &self.info, &self.workspace, observer, &self.session.cancellation).await
    }

    /// Shows what goes, and has a person at a terminal type the version's name.
    async fn agree(&mut self) -> Result<(), Failure> {
        let name = self.request.version.to_string();
        let question = format!("Purge {name}, for good?");
        self.session.require_confirmation(Question { text: &question, flag: "--yes" })?;
        if !self.session.terminal.can_ask() {
            return Ok(());
        }
        self.request.dry_run = true;
        let planned = self.send().await;
        self.request.dry_run = false;
        report(self.session, &planned?, true);
        let question = format!("This cannot be undone. To remove it, type its name, {name}:");
        let is_agreed = self.session.confirm_by_typing(Question { text: &question, flag: "--yes" }, &name).await?;
        if is_agreed { Ok(()) } else { Err(Failure::NotPurged) }
    }
}

fn report(session: &Session, purged: &PurgedVersion, dry_run: bool) {
    let terminal = session.terminal;
    terminal.line(&headline(words::verb(purged, dry_run), &purged.location));
    words::by_key(&purged.purged.removed).iter().for_each(|line| terminal.line(&format!("- {line}")));
    words::staying(purged).iter().for_each(|said| terminal.note(said));
    if dry_run {
        let unknown = words::in_the_way(&purged.purged.in_the_way, session.speaker());
        unknown.iter().for_each(|line| terminal.warning(&format!("This would stay: {line}")));
    }
}
