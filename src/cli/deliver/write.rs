//! Writes what was planned: the files, as one, and then what is to be remembered of them.

use std::collections::{HashMap, HashSet};

use super::plan::{Next, Outcome, Planned};
use super::{Delivered, DeliveredFile, Delivery, LocalConflict};
use crate::cli::failure::Failure;
use crate::cli::leftover::sweep;
use crate::cli::state::Remembered;
use crate::command::{Note, Pulled, PulledFile, Restore};
use crate::message::notice;
use crate::name::{ConfigPath, Digest};
use crate::store::MAX_FILE_BYTES;
use crate::workspace::{FileMode, Staged, Workspace, WorkspaceError};

const RESTORE: Restore<'_> = Restore { files: true, mode: FileMode::AsBefore, formatted: None };

impl Delivery<'_> {
    /// Writes the files, and remembers all of them.
    pub(super) fn write(
        &self,
        pulled: &mut Pulled,
        planned: Vec<Planned>,
        mut remembered: Remembered,
    ) -> Result<Delivered, Failure> {
        let mut delivered = Delivered::default();
        let (mut to_write, mut expected, mut stored) = (Vec::new(), HashMap::new(), HashSet::new());
        let mut losing = Vec::new();
        let files = std::mem::take(&mut pulled.files);
        for (file, planned) in files.into_iter().zip(planned) {
            let (catalog, Next { kept, place, record }) = (self.catalog_of(&file), planned.next);
            stored.extend(remembered.record(&catalog, &kept, &place).map(|before| before.sha256));
            stored.insert(file.digest);
            remembered.intend(&catalog, &kept, place.clone(), None);
            remembered.set(&catalog, &kept, place, record);
            losing.extend(planned.loses_rest.then(|| planned.place.clone()));
            delivered.files.push(DeliveredFile {
                path: file.path.clone(),
                place: planned.place.clone(),
                digest: file.digest,
                outcome: planned.outcome.clone(),
            });
            if matches!(planned.outcome, Outcome::Written | Outcome::Merged(_)) {
                if !self.force {
                    expected.insert(planned.place, planned.local);
                }
                let content = planned.merged.unwrap_or_else(|| file.content.clone());
                to_write.push(PulledFile { content, ..file });
            }
        }
        pulled.files = to_write;
        if !losing.is_empty() {
            delivered.problems.push(notice(&Note::RestNotMerged(losing), self.session.speaker()).text);
        }
        if self.dry_run {
            pulled.check_restore(self.workspace, RESTORE)?;
            return Ok(delivered);
        }
        let written = delivered.files.iter().map(|file| &file.place).chain([&self.request.target.catalog]);
        delivered.problems.extend(sweep(self.session, self.workspace, written, &stored));
        let meanwhile = |error| self.meanwhile(error);
        let staged = pulled.stage(self.workspace, RESTORE).map_err(|error| match error {
            crate::error::Error::Workspace(error) => meanwhile(error),
            error => error.into(),
        })?;
        delivered.problems.extend(replace(self.workspace, staged, &expected).map_err(meanwhile)?);
        delivered.problems.extend(remembered.save().into_iter().map(|problem| {
            format!(
                "The state of this folder cannot be saved, so changes of others cannot be told from your own: {problem}."
            )
        }));
        Ok(delivered)
    }

    /// Another program's change in the very moment is a conflict, with nothing lost.
    fn meanwhile(&self, error: WorkspaceError) -> Failure {
        match error {
            WorkspaceError::Changed { path } => LocalConflict::Meanwhile(self.session.shown(&path)).into(),
            error => error.into(),
        }
    }
}

/// Puts staged files in their places, if what stands there is what was expected. Says what went wrong in cleaning up.
///
/// # Errors
/// `Changed` where it is something else: then everything is as it was.
pub(in crate::cli) fn replace(
    workspace: &Workspace,
    staged: Staged,
    expected: &HashMap<ConfigPath, Option<Digest>>,
) -> Result<Option<String>, WorkspaceError> {
    for path in staged.paths() {
        let Some(expected) = expected.get(path) else { continue };
        let found = match workspace.read(path, MAX_FILE_BYTES) {
            Ok(content) => Some(Digest::from_content(content.expose())),
            Err(WorkspaceError::NotFound { .. }) => None,
            Err(error) => return Err(error),
        };
        if *expected != found {
            return Err(WorkspaceError::Changed { path: path.to_string() });
        }
    }
    exchange(staged, expected)
}

/// The same without that look: what was written into a file since lies in the backup after the exchange.
fn exchange(staged: Staged, expected: &HashMap<ConfigPath, Option<Digest>>) -> Result<Option<String>, WorkspaceError> {
    let committed = staged.commit()?;
    let lost = committed
        .replaced()
        .into_iter()
        .find(|(path, found)| expected.get(*path).is_some_and(|expected| expected.is_none() || *expected != *found));
    if let Some(path) = lost.map(|(path, _)| path.clone()) {
        committed.rollback()?;
        return Err(WorkspaceError::Changed { path: path.to_string() });
    }
    let left = committed.finish().err();
    Ok(left.map(|error| format!("The files are written, but an earlier one could not be removed: {error}.")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;
    use crate::workspace::NewFile;

    #[test]
    fn what_is_written_into_a_file_after_it_was_looked_at_is_not_lost() {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::open(folder.path()).unwrap();
        let (path, target) = (ConfigPath::new(".env").unwrap(), folder.path().join(".env"));
        let new = NewFile {
            path: path.clone(),
            content: Secret::new(b"A=new".as_slice()),
            mode: FileMode::Private,
            named: true,
            may_replace: true,
        };
        for (seen, found, is_written) in
            [(Some("A=1"), Some("A=1"), true), (Some("A=1"), Some("A=2"), false), (None, Some("A=2"), false)]
        {
            for looks_first in [true, false] {
                found.iter().for_each(|text| std::fs::write(&target, text).unwrap());
                let staged = workspace.stage(std::slice::from_ref(&new)).unwrap();
                let expected = HashMap::from([(path.clone(), seen.map(|text| Digest::from_content(text.as_bytes())))]);
                let replaced =
                    if looks_first { replace(&workspace, staged, &expected) } else { exchange(staged, &expected) };
                assert_eq!(replaced.is_ok(), is_written, "{seen:?} {found:?}: {replaced:?}");
                let there = std::fs::read_to_string(&target).unwrap();
                assert_eq!(there, if is_written { "A=new" } else { found.unwrap() });
                assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
            }
        }
    }
}
