//! Local files follow a change of the head that was made in the bucket.

use bytes::Bytes;

use super::{HeadMemory, write_over};
use crate::cli::failure::Failure;
use crate::cli::session::Session;
use crate::cli::state::NotAlone;
use crate::command::Pushed;
use crate::message::{Message, list, message_about_file};
use crate::name::{ConfigPath, Digest};
use crate::secret::Secret;
use crate::store::MAX_FILE_BYTES;
use crate::workspace::{Workspace, WorkspaceError, WorkspaceErrorKind};

/// A file of the head that was changed in the bucket.
pub(in crate::cli) struct ChangedInHead<'a> {
    /// Its path, relative to the catalog.
    pub(in crate::cli) path: &'a ConfigPath,
    /// The digest that it had before.
    pub(in crate::cli) before: Digest,
    /// The bytes that it was given.
    pub(in crate::cli) content: &'a Secret<Bytes>,
}

/// What became of a local file.
enum Followed {
    /// It is what the head has now.
    Current,
    /// It is something else than the head was, of this digest.
    LeftAlone(Digest),
    /// It cannot be read, or is nothing that can be replaced.
    Unwritable(WorkspaceError),
    /// There is none.
    NotHere,
    /// It should have been written, and was not.
    Failed,
}

impl HeadMemory {
    /// Local files that are remembered as of the head, and still were as it was before it was changed, become what it
    /// is now, also where the same bytes were pushed or pulled as a version since. Others are left as they are, and
    /// named. The head is changed by then, so that what cannot be done here is a warning.
    ///
    /// # Errors
    /// A signal that came while another run was waited for.
    pub(in crate::cli) async fn follow(
        &self,
        session: &Session,
        workspace: &Workspace,
        pushed: &Pushed,
        changed: &[ChangedInHead<'_>],
    ) -> Result<(), Failure> {
        let mut remembered = match self.state.lock([self.catalog.clone()], self.patience, &self.cancellation).await {
            Ok(remembered) => remembered,
            Err(NotAlone::Cancelled(signal)) => {
                let leaves = "The head is changed, but local files are as they were.";
                return Err(Self::cancelled(session, signal, leaves));
            }
            Err(NotAlone::Busy(_)) => {
                session.terminal.warning(&format!(
                    "The head is changed, but another cstore works on this folder, so local files are as they were. When \
                     that one has ended, run: {}",
                    session.suggested(&["pull"], [])
                ));
                return Ok(());
            }
        };
        let (mut left_alone, mut outdated, mut of_versions) = (Vec::new(), Vec::new(), Vec::new());
        for file in &pushed.files {
            let of_path = |changed: &&ChangedInHead<'_>| *changed.path == file.path;
            let (Some(stored), Some(changed)) = (&file.stored, changed.iter().find(of_path)) else { continue };
            let merged = pushed.merged.iter().find(|merged| merged.path == file.path);
            let content = merged.map_or(changed.content, |merged| &merged.content);
            for (place, record) in remembered.places_of(&self.catalog, &self.kept, &file.path) {
                let shown = (session.shown(place.as_str()), file.path.as_str());
                let is_heads =
                    record.sha256 == changed.before && record.head.is_some_and(|head| head.sha256 == changed.before);
                if record.version.is_some() && !is_heads {
                    match is_same(workspace, &place, file.digest) {
                        Ok(true) => {}
                        Ok(false) => of_versions.push(shown),
                        Err(error) => say_unwritable(session, &error),
                    }
                    continue;
                }
                let pulled = record.sha256;
                match follow(session, workspace, &place, changed.before, (content, file.digest)) {
                    Followed::Current => {
                        let record = self.record(file, stored, &remembered);
                        remembered.set(&self.catalog, &self.kept, place, record);
                    }
                    Followed::LeftAlone(local) if local == pulled => outdated.push(shown),
                    Followed::LeftAlone(_) => left_alone.push(shown),
                    Followed::Unwritable(error) => say_unwritable(session, &error),
                    Followed::NotHere | Followed::Failed => {}
                }
            }
        }
        for (files, which, what_for) in [
            (left_alone, "with changes of their own", "merge the change into them"),
            (outdated, "that were outdated already", "get the head's"),
            (of_versions, "that are of a version", "get the head's"),
        ] {
            if files.is_empty() {
                continue;
            }
            let (shown, paths): (Vec<_>, Vec<_>) = files.into_iter().unzip();
            session.terminal.note(&format!(
                "Local files {which} are left as they are: {}. To {what_for}, run: {}",
                list(&shown),
                session.suggested(&["pull"], paths)
            ));
        }
        for problem in remembered.save() {
            session.terminal.warning(&format!("The state of this change cannot be saved: {problem}."));
        }
        Ok(())
    }
}

/// Whether a local file has these bytes, or is not there.
fn is_same(workspace: &Workspace, place: &ConfigPath, digest: Digest) -> Result<bool, WorkspaceError> {
    match workspace.read(place, MAX_FILE_BYTES) {
        Ok(local) => Ok(Digest::from_content(local.expose()) == digest),
        Err(WorkspaceError::NotFound { .. }) => Ok(true),
        Err(error) => Err(error),
    }
}

/// Says what keeps a local file from being brought up to date, which keeps a pull from it, too.
fn say_unwritable(session: &Session, error: &WorkspaceError) {
    let Message { what, next, .. } = message_about_file(error, session.speaker());
    let text = format!("The head is changed, and the local file is not. {what} {next}");
    session.terminal.warning(text.trim_end());
}

/// Brings one local file up to date.
fn follow(
    session: &Session,
    workspace: &Workspace,
    place: &ConfigPath,
    before: Digest,
    (content, now): (&Secret<Bytes>, Digest),
) -> Followed {
    match workspace.read(place, MAX_FILE_BYTES).map(|local| Digest::from_content(local.expose())) {
        Err(WorkspaceError::NotFound { .. }) => return Followed::NotHere,
        Ok(local) if local == now => return Followed::Current,
        Ok(local) if local == before => {}
        Ok(local) => return Followed::LeftAlone(local),
        Err(error) => return Followed::Unwritable(error),
    }
    let shown = session.shown(place.as_str());
    match write_over(workspace, place, before, content) {
        Ok(left) => {
            session.terminal.line(&format!("updated    {shown}"));
            left.iter().for_each(|problem| session.terminal.warning(problem));
            Followed::Current
        }
        Err(error) if error.kind() == WorkspaceErrorKind::Path => Followed::Unwritable(error),
        Err(error) => {
            let pull = session.suggested(&["pull"], [place.as_str()]);
            session
                .terminal
                .warning(&format!("The head is changed, but {shown} is not: {error}. To get it, run: {pull}"));
            Followed::Failed
        }
    }
}
