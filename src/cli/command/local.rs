//! What `status` and `clean` begin with.

use crate::cli::failure::Failure;
use crate::cli::head_memory::knowledge;
use crate::cli::session::Session;
use crate::command::LocalFiles;
use crate::option::{Command, RawOptions};
use crate::request::{RunInfo, StatusRequest};
use crate::workspace::Workspace;

/// Local files, and how they are to be compared with the bucket.
pub(super) struct Local<'a> {
    session: &'a Session,
    pub(super) raw: RawOptions,
    pub(super) workspace: Workspace,
    info: RunInfo,
    request: StatusRequest,
}

impl<'a> Local<'a> {
    /// Reads what was typed.
    ///
    /// # Errors
    /// An option that cannot be used, and a folder that cannot be opened.
    pub(super) fn open(session: &'a Session, command: Command) -> Result<Self, Failure> {
        let mut raw = session.raw();
        session.add_files(&mut raw)?;
        let info = session.info()?;
        let mut request = StatusRequest::new(&raw, &info, command)?;
        request.kms_keys.default = session.kms_key_of_go();
        raw.refuse_contradictions(command)?;
        Ok(Self { session, raw, workspace: session.workspace()?, info, request })
    }

    /// Has a command compare the files.
    pub(super) async fn compared<T>(
        &self,
        command: impl AsyncFnOnce(LocalFiles<'_>) -> Result<T, crate::error::Error>,
    ) -> Result<T, Failure> {
        let knowledge = knowledge(self.session, &self.request.target);
        let StatusRequest { target: request, names_head, kms_keys } = &self.request;
        let (run, workspace) = (&self.info, &self.workspace);
        Ok(command(LocalFiles { request, names_head: *names_head, kms_keys, run, workspace, knowledge: &knowledge })
            .await?)
    }
}
