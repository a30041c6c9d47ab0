use crate::cli::failure::Failure;
use crate::cli::session::Session;
use crate::command::{self, Pulled};
use crate::message::{about_missing, notice};
use crate::option::{EXPORT_ENV, RawOptions};
use crate::request::PullRequest;

/// Pulls for the sake of the values, and says what there is to say.
pub(super) async fn pull(session: &Session, mut raw: RawOptions) -> Result<Pulled, Failure> {
    raw.set(&EXPORT_ENV, "true");
    let info = session.info()?;
    let request = PullRequest::new(&raw, &info)?;
    raw.refuse_contradictions(session.invocation.command)?;
    let workspace = session.workspace()?;
    let pulled = command::pull(&request, &info, &workspace, session.observer(), &session.cancellation).await?;
    pulled.missing.iter().map(about_missing).for_each(|said| session.notice(&said));
    pulled.notes.iter().map(notice).for_each(|said| session.notice(&said));
    Ok(pulled)
}
