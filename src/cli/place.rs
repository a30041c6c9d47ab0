//! Where a run stands: the catalog's folder, which all files lie below.

use std::io;
use std::path::PathBuf;

use crate::option::{CATALOG, RawOptions};

/// The folder that a run works in, and its catalog.
#[derive(Debug)]
pub(super) struct Place {
    /// The catalog's folder.
    pub(super) folder: PathBuf,
}

impl Place {
    /// Finds the catalog: the one that is named, else the one of the current folder.
    pub(super) fn find(raw: &mut RawOptions) -> io::Result<Self> {
        let here = std::env::current_dir()?;
        let named = here.join(raw.text_or_default(&CATALOG));
        let folder = named.parent().map_or(here, PathBuf::from);
        if let Some(name) = named.file_name().and_then(|name| name.to_str()) {
            raw.set(&CATALOG, name);
        }
        Ok(Self { folder })
    }
}
