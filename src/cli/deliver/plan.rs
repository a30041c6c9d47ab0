//! What is to become of each local file.

use std::collections::HashMap;
use std::path::Path;

use bytes::Bytes;

use crate::cli::failure::Failure;
use crate::cli::state::{Kept, Record, Remembered, SeenHead};
use crate::command::{BaseBody, PulledFile, Reconciled, Sides};
use crate::config::MergeConflict;
use crate::name::{ConfigPath, Digest};
use crate::secret::Secret;
use crate::store::{BaseEntry, MAX_FILE_BYTES, Manifest};
use crate::workspace::{Workspace, WorkspaceError};

/// The bytes that were asked for, by the file's position and the digest that they have; none where they are gone.
pub(super) type Bases = HashMap<(usize, Digest), Option<Secret<Bytes>>>;

/// What becomes of a local file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) enum Outcome {
    /// It takes the bytes of the bucket.
    Written,
    /// It has them already.
    Unchanged,
    /// It was changed only here, and stays.
    Kept,
    /// It gets these config keys from the bucket.
    Merged(Vec<String>),
    /// It stays, as changes exclude each other. With the config keys that the bucket's side alone has changed.
    Conflict(MergeConflict, Vec<String>),
    /// Not known before the base is.
    Undecided,
}

/// A local file, and what is to become of it.
pub(super) struct Planned {
    /// Relative to the workspace.
    pub(super) place: ConfigPath,
    /// The digest of what lies there; none where nothing does.
    pub(super) local: Option<Digest>,
    pub(super) outcome: Outcome,
    /// The bytes of a merge.
    pub(super) merged: Option<Secret<Bytes>>,
    /// Whether the bucket's changes of what has no key are lost in a merge.
    pub(super) loses_rest: bool,
    /// What the file was made of.
    pub(super) base: Option<BaseEntry>,
    /// What is to be remembered.
    pub(super) next: Next,
}

/// What is to be remembered of a file.
pub(super) struct Next {
    pub(super) kept: Kept,
    /// Relative to the catalog's folder.
    pub(super) place: ConfigPath,
    pub(super) record: Record,
}

impl Planned {
    pub(super) fn wants_base(&self) -> bool {
        self.outcome == Outcome::Undecided
    }
}

/// What a plan is made of.
pub(super) struct Planner<'a> {
    pub(super) workspace: &'a Workspace,
    pub(super) separator: &'a str,
    pub(super) force: bool,
    pub(super) remembered: &'a Remembered,
    pub(super) bases: &'a Bases,
}

impl Planner<'_> {
    pub(super) fn file(&self, index: usize, file: &PulledFile, catalog: &Path) -> Result<Planned, Failure> {
        let place = file.destination.path.clone();
        let kept = Kept::new(&file.stored.bucket, &file.stored.context);
        let in_catalog = below_folder_of(&file.stored.catalog, &place);
        let record = self.remembered.record(catalog, &kept, &in_catalog);
        let record = record.filter(|record| record.path == file.stored.path);
        let intended = self.remembered.intended(catalog, &kept, &in_catalog).filter(|_| in_catalog == file.stored.path);
        let settled = intended.and_then(|intended| {
            intended.settled(&in_catalog, record, file.stored.head.as_deref().map(Manifest::state))
        });
        let record = settled.or_else(|| record.cloned());
        let next = Next { kept, record: remembered_of(file, record.as_ref()), place: in_catalog };
        let base = record.and_then(|record| record.base(file.stored.version.as_ref()));
        let Some(local) = self.local(&place)? else {
            // It is no file that was ever pulled or pushed, and one as a whole.
            let outcome = Outcome::Conflict(MergeConflict::WholeFile, Vec::new());
            return Ok(Planned { place, local: None, outcome, merged: None, loses_rest: false, base, next });
        };
        let digest = local.as_ref().map(|content| Digest::from_content(content.expose()));
        let recorded = base.as_ref().map(|base| base.sha256);
        let planned =
            |outcome, merged| Planned { place, local: digest, outcome, merged, loses_rest: false, base, next };
        if self.force && digest != Some(file.digest) {
            return Ok(planned(Outcome::Written, None));
        }
        let body = match recorded.and_then(|digest| self.bases.get(&(index, digest))) {
            Some(Some(body)) => BaseBody::Known(body.expose()),
            Some(None) => BaseBody::Gone,
            None => BaseBody::NotAsked,
        };
        let sides = Sides {
            file_type: file.stored.file_type,
            recorded,
            base: body,
            local: digest.zip(local.as_ref().map(|content| content.expose().as_slice())),
            pulled: file.content.expose(),
            digest: file.digest,
            separator: self.separator,
        };
        Ok(match sides.reconcile() {
            Reconciled::Same => planned(Outcome::Unchanged, None),
            Reconciled::Take => planned(Outcome::Written, None),
            Reconciled::Keep => planned(Outcome::Kept, None),
            Reconciled::BaseWanted => planned(Outcome::Undecided, None),
            Reconciled::Conflict(conflict, others) => planned(Outcome::Conflict(conflict, others), None),
            Reconciled::Merged(merged) if Some(Digest::from_content(merged.bytes.expose())) == digest => {
                Planned { loses_rest: merged.loses_rest, ..planned(Outcome::Kept, None) }
            }
            Reconciled::Merged(merged) => {
                let bytes = Secret::new(Bytes::from(merged.bytes.into_exposed()));
                let loses_rest = merged.loses_rest;
                Planned { loses_rest, ..planned(Outcome::Merged(merged.from_theirs), Some(bytes)) }
            }
        })
    }

    /// The local file's bytes, if there is one. None of one that is larger than any that is stored.
    fn local(&self, place: &ConfigPath) -> Result<Option<Option<Secret<Vec<u8>>>>, Failure> {
        match self.workspace.read(place, MAX_FILE_BYTES) {
            Ok(content) => Ok(Some(Some(content))),
            Err(WorkspaceError::NotFound { .. }) => Ok(Some(None)),
            Err(WorkspaceError::TooLarge { .. } | WorkspaceError::Denied { .. }) if self.force => Ok(Some(None)),
            Err(WorkspaceError::TooLarge { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

/// What is to be remembered of a pulled file.
fn remembered_of(file: &PulledFile, before: Option<&Record>) -> Record {
    let stored = &file.stored;
    let (head, origin) = match (&stored.version, before) {
        (None, _) => (Some(SeenHead { sha256: file.digest, pin: stored.pin.clone() }), None),
        // The same bytes are still made of the same.
        (Some(_), Some(before)) if before.sha256 == file.digest => (before.head.clone(), before.origin.clone()),
        // Other bytes than the head's lie here now, so what is changed from here on is no change of the head's.
        (Some(_), before) => {
            (before.and_then(|record| record.head.clone()).filter(|head| head.sha256 == file.digest), None)
        }
    };
    Record {
        path: stored.path.clone(),
        sha256: file.digest,
        version: stored.version.clone(),
        pin: stored.pin.clone(),
        head,
        origin,
    }
}

/// A path of the workspace, relative to the folder of a catalog.
pub(super) fn below_folder_of(catalog: &ConfigPath, path: &ConfigPath) -> ConfigPath {
    let folder = catalog.as_str().rsplit_once('/').map_or("", |(folder, _)| folder);
    let inside = path.as_str().strip_prefix(folder).map(|rest| rest.trim_start_matches('/'));
    inside.and_then(|inside| ConfigPath::new(inside).ok()).unwrap_or_else(|| path.clone())
}
