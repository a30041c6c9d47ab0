//! Files that a step leaves for later steps of its job, outside of the workspace.

use std::path::{Path, PathBuf};

use super::failure::Failure;
use super::named_place::named_by;
use crate::environment::Environment;
use crate::process::random_uuid;
use crate::secret::Secret;
use crate::workspace::{WorkspaceError, write_private};

/// Where the runner mounts its temporary folder. Runners from before 2026 do not mount it at all.
const MOUNTED_TEMP: &str = "/github/runner_temp";

/// A file in the runner's temporary folder.
pub(super) struct TemporaryFile {
    folder: PathBuf,
    name: String,
    /// The file's path as the next step sees it.
    pub(super) shown: String,
}

impl TemporaryFile {
    /// A file of a name that nobody knows before; none where the runner shares no such folder.
    pub(super) fn new(environment: &Environment, extension: &str) -> Result<Option<Self>, Failure> {
        let folder = named_by(environment, "RUNNER_TEMP")?.filter(|folder| folder.is_dir());
        let Some(folder) = folder else { return Ok(None) };
        let name = format!("cstore-{}.{extension}", random_uuid().map_err(Failure::Random)?.simple());
        let shown = name_outside(&folder, environment.text("RUNNER_WORKSPACE")).join(&name);
        Ok(Some(Self { shown: shown.to_string_lossy().into_owned(), folder, name }))
    }

    /// Writes it, for its owner alone.
    pub(super) fn write(&self, text: &Secret<String>) -> Result<WrittenFile, WorkspaceError> {
        let path = write_private(&self.folder, &self.name, Secret::new(text.expose().as_bytes()))?;
        Ok(WrittenFile { path: Some(path) })
    }
}

/// A file that was written. It is removed again, unless it is kept.
pub(super) struct WrittenFile {
    path: Option<PathBuf>,
}

impl WrittenFile {
    /// Leaves it to later steps.
    pub(super) fn keep(mut self) {
        self.path = None;
    }
}

impl Drop for WrittenFile {
    fn drop(&mut self) {
        // What fails here fails after a failure that is reported already.
        let _ = self.path.as_ref().map(std::fs::remove_file);
    }
}

/// The path of the temporary folder for the next step. The runner rewrites its own name of it to the
/// container's on the way in, and not back; `RUNNER_WORKSPACE`, the workspace's parent, it leaves alone, and its own
/// temporary folder lies beside that
/// (<https://github.com/actions/runner/blob/main/src/Runner.Common/Constants.cs>, `TempDirectory`).
fn name_outside(folder: &Path, runner_workspace: Option<String>) -> PathBuf {
    match runner_workspace.as_deref().map(Path::new).and_then(Path::parent) {
        Some(work) if folder == Path::new(MOUNTED_TEMP) => work.join("_temp"),
        _ => folder.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_step_knows_the_runners_own_name_of_the_temporary_folder() {
        let outside = |folder: &str, workspace: Option<&str>| {
            name_outside(Path::new(folder), workspace.map(ToOwned::to_owned)).to_string_lossy().into_owned()
        };
        assert_eq!(outside(MOUNTED_TEMP, Some("/home/runner/work/shop")), "/home/runner/work/_temp");
        assert_eq!(outside("/tmp/t", Some("/home/runner/work/shop")), "/tmp/t");
        assert_eq!(outside(MOUNTED_TEMP, None), MOUNTED_TEMP);
    }
}
