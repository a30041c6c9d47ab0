//! The file that GITHUB_STEP_SUMMARY names.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::Path;

use super::summary::SUMMARY_MAX_BYTES;

/// Appends a page, which is told how many bytes it may have: what stands there already counts.
pub(super) fn append(path: &Path, page: impl FnOnce(usize) -> String) -> io::Result<()> {
    // A pipe would be waited for.
    if std::fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        return Err(io::Error::other("it is not a regular file"));
    }
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    let before = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
    file.write_all(page(SUMMARY_MAX_BYTES.saturating_sub(before)).as_bytes())
}
