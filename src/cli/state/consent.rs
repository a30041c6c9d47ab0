use std::fs::{File, Metadata};
use std::io::{self, Read as _};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::folder::{StateFolder, cannot_be};
use crate::command::LeadsTo;
use crate::workspace::{BelongsTo, replace_private};

/// The only form that is read. Before it, nobody was asked about contexts and KMS keys.
const SCHEMA: u32 = 2;
/// Larger ones are damaged, in bytes: a catalog of 1 MiB names less.
const LARGEST: u64 = 4 * 1024 * 1024;

/// What a person has agreed to for one catalog: names, and no values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::cli) struct Consent {
    schema: u32,
    /// The catalog's path, for whoever reads the file.
    catalog: String,
    /// What it may lead to.
    #[serde(flatten)]
    pub(in crate::cli) leads_to: LeadsTo,
}

impl Consent {
    pub(in crate::cli) fn new(catalog: &Path, leads_to: LeadsTo) -> Self {
        Self { schema: SCHEMA, catalog: catalog.to_string_lossy().into_owned(), leads_to }
    }
}

impl StateFolder {
    /// What was agreed to for a catalog, given its absolute path. Nothing where that cannot be read, or where somebody
    /// else could have written it.
    pub(in crate::cli) fn consent(&self, catalog: &Path) -> Option<Consent> {
        let file = File::open(self.file(catalog, "trust")?).ok()?;
        if !file.metadata().is_ok_and(|found| is_own(&found)) {
            return None;
        }
        let mut bytes = Vec::new();
        file.take(LARGEST).read_to_end(&mut bytes).ok()?;
        serde_json::from_slice(&bytes).ok().filter(|consent: &Consent| consent.schema == SCHEMA)
    }

    /// Remembers what was agreed to. Of two runs that do so at once, one counts.
    ///
    /// # Errors
    /// Why it cannot be written; without a variable that leads to a folder, it is not.
    pub(in crate::cli) fn agree(&self, catalog: &Path, consent: &Consent) -> io::Result<()> {
        let path = self.file(catalog, "trust").ok_or_else(|| self.nowhere())?;
        // Of a file that somebody else could write, root would not believe what root agreed to.
        let write = || replace_private(&path, &serde_json::to_vec(consent)?, BelongsTo::Process);
        self.make()?;
        write().map_err(|error| io::Error::other(cannot_be("written", &path, &error)))
    }
}

#[cfg(unix)]
fn is_own(found: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    found.is_file() && found.uid() == rustix::process::geteuid().as_raw() && found.mode() & 0o022 == 0
}

#[cfg(not(unix))]
fn is_own(found: &Metadata) -> bool {
    found.is_file()
}
