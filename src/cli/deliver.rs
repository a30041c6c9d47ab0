//! Writes pulled files where somebody may have changed the local ones: no such change is lost, and what is written is
//! remembered.

mod conflict;
mod next;
mod plan;
mod write;

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;

use bytes::Bytes;

pub(super) use self::conflict::{LocalConflict, UnmergedFile};
pub(super) use self::plan::Outcome;
use self::plan::{Bases, Planned, Planner, below_folder_of};
pub(super) use self::write::replace;
use super::failure::Failure;
use super::session::Session;
use super::state::{Kept, Remembered, StateFolder};
use crate::command::{self, Pulled, PulledFile, WantedBase};
use crate::name::{ConfigPath, Digest};
use crate::request::PullRequest;
use crate::secret::Secret;
use crate::workspace::Workspace;

/// What is asked of a delivery.
pub(super) struct Delivery<'a> {
    pub(super) session: &'a Session,
    pub(super) request: &'a PullRequest,
    pub(super) workspace: &'a Workspace,
    /// Takes the bucket's files, whatever was changed here.
    pub(super) force: bool,
    /// Find out what would be done, and do none of it.
    pub(super) dry_run: bool,
}

/// A file, and what became of it.
#[derive(Debug)]
pub(super) struct DeliveredFile {
    /// Its path, relative to the catalog.
    pub(super) path: ConfigPath,
    /// Where it lies, relative to the catalog's folder.
    pub(super) place: ConfigPath,
    /// The digest of the file in the bucket.
    pub(super) digest: Digest,
    pub(super) outcome: Outcome,
}

/// What a delivery did.
#[derive(Debug, Default)]
pub(super) struct Delivered {
    pub(super) files: Vec<DeliveredFile>,
    /// What went wrong without keeping the files from being written: sentences for warnings.
    pub(super) problems: Vec<String>,
}

impl Delivery<'_> {
    /// Brings pulled and local files together, all or none.
    ///
    /// # Errors
    /// Two files for one place; [`Failure::Local`] where changes of both sides exclude each other, and where a local file is changed at the very
    /// moment of being replaced; what may not be written; what the operating system refuses.
    pub(super) async fn run(&self, pulled: &mut Pulled) -> Result<Delivered, Failure> {
        pulled.require_places()?;
        let state = StateFolder::new(&self.session.environment);
        let catalogs: BTreeSet<_> = pulled.files.iter().map(|file| self.catalog_of(file)).collect();
        let mut bases = Bases::new();
        self.add_heads(pulled, &state.read(catalogs.iter().cloned())).await?;
        loop {
            // What is read here stays as it is until it is replaced, as far as other runs of this tool go.
            let patience = self.request.target.deadline;
            let remembered = state.lock(catalogs.iter().cloned(), patience, &self.session.cancellation).await?;
            let planned = self.plan(pulled, &remembered, &bases)?;
            let wanted: Vec<_> = planned.iter().enumerate().filter(|(_, planned)| planned.wants_base()).collect();
            if wanted.is_empty() {
                // A file that has to be named is refused as such: a conflict's way out would name it.
                let is_written = |planned: &Planned| {
                    matches!(planned.outcome, Outcome::Written | Outcome::Merged(_) | Outcome::Conflict(..))
                };
                let written = pulled.files.iter().zip(&planned).filter(|(_, planned)| is_written(planned));
                pulled.require_names(written.map(|(file, _)| file))?;
                self.refuse_conflicts(pulled, &planned)?;
                return self.write(pulled, planned, remembered);
            }
            let wanted: Vec<_> = wanted
                .into_iter()
                .filter_map(|(index, planned)| {
                    let (file, base) = (pulled.files.get(index)?, planned.base.as_ref()?);
                    Some((
                        index,
                        WantedBase {
                            of: &file.stored,
                            version: base.version.as_ref(),
                            sha256: base.sha256,
                            pin: base.version_id.as_ref(),
                        },
                    ))
                })
                .collect();
            // Nobody is to wait for a network.
            drop(remembered);
            bases.extend(self.bodies(wanted).await?);
        }
    }

    /// Gets the heads that tell whether pushes to them took effect, where files of versions take the pushed files'
    /// places.
    async fn add_heads(&self, pulled: &mut Pulled, remembered: &Remembered) -> Result<(), Failure> {
        let is_open = |file: &&mut PulledFile| {
            let place = below_folder_of(&file.stored.catalog, &file.destination.path);
            let kept = Kept::new(&file.stored.bucket, &file.stored.context);
            let intended = remembered.intended(&self.catalog_of(file), &kept, &place);
            file.stored.head.is_none() && intended.is_some()
        };
        let mut files: Vec<_> = pulled.files.iter_mut().filter(is_open).map(|file| &mut file.stored).collect();
        if files.is_empty() {
            return Ok(());
        }
        let Session { cancellation, .. } = self.session;
        let observer = self.session.observer();
        Ok(command::add_heads(&self.request.target, &mut files, observer, cancellation).await?)
    }

    async fn bodies(
        &self,
        wanted: Vec<(usize, WantedBase<'_>)>,
    ) -> Result<HashMap<(usize, Digest), Option<Secret<Bytes>>>, Failure> {
        let (indices, wanted): (Vec<_>, Vec<_>) = wanted.into_iter().unzip();
        let Session { cancellation, .. } = self.session;
        let observer = self.session.observer();
        let bodies = command::base_bodies(&self.request.target, &wanted, observer, cancellation).await?;
        let keys = indices.into_iter().zip(wanted.iter().map(|wanted| wanted.sha256));
        Ok(keys.zip(bodies).collect())
    }

    fn plan(&self, pulled: &Pulled, remembered: &Remembered, bases: &Bases) -> Result<Vec<Planned>, Failure> {
        let planner = Planner {
            workspace: self.workspace,
            separator: &self.request.target.checks.separator,
            force: self.force,
            remembered,
            bases,
        };
        let files = pulled.files.iter().enumerate();
        files.map(|(index, file)| planner.file(index, file, &self.catalog_of(file))).collect()
    }

    fn refuse_conflicts(&self, pulled: &Pulled, planned: &[Planned]) -> Result<(), Failure> {
        let conflicts = planned.iter().filter_map(|planned| {
            let Outcome::Conflict(conflict, _) = &planned.outcome else { return None };
            Some(UnmergedFile { place: self.session.shown(planned.place.as_str()), conflict: conflict.clone() })
        });
        let files: Vec<_> = conflicts.collect();
        if files.is_empty() {
            return Ok(());
        }
        Err(LocalConflict::Unmerged { files, next: self.next(pulled, planned) }.into())
    }

    /// The absolute path of a file's catalog.
    fn catalog_of(&self, file: &PulledFile) -> PathBuf {
        self.session.place.folder.join(file.stored.catalog.as_str())
    }
}
