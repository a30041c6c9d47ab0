//! The text that a configuration's digest is of, for who attests it. Nothing fails for want of it.

use super::output::{Output, config_checksums};
use super::temporary_file::{TemporaryFile, WrittenFile};
use crate::environment::Environment;
use crate::name::{ConfigPath, Digest};
use crate::secret::Secret;

/// Writes the text, and gives the output that names it; none where the runner shares no folder for it.
pub(super) fn leave<'a>(
    environment: &Environment,
    files: impl IntoIterator<Item = (&'a ConfigPath, Digest)>,
) -> Option<(Output, WrittenFile)> {
    let file = TemporaryFile::new(environment, "sha256").ok()??;
    let written = file.write(&Secret::new(Digest::checksums(files))).ok()?;
    Some((config_checksums(&file.shown), written))
}
