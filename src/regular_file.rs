//! Reading a file of which nobody has said yet that it is one.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

/// What a regular file holds, unless that is more than so many bytes; nothing where it cannot be read. Links are
/// followed, wherever they lead.
pub(crate) fn read(path: &Path, most: u64) -> Option<Vec<u8>> {
    // To open a pipe is to wait for whoever writes to it, beyond every time limit, and a device may have no end.
    fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    let mut content = Vec::new();
    let read = File::open(path).ok()?.take(most.saturating_add(1)).read_to_end(&mut content).ok()?;
    (read as u64 <= most).then_some(content)
}
