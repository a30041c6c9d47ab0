//! The names of temporary files.

use std::io;

const TEMPORARY_PREFIX: &str = ".cstore-";
const TEMPORARY_SUFFIX: &str = ".tmp";
const EARLIER: &str = ".earlier";

/// Whether a file's name is that of a temporary file of this tool.
pub(super) fn is_temporary(name: &str) -> bool {
    name.starts_with(TEMPORARY_PREFIX) && name.ends_with(TEMPORARY_SUFFIX)
}

/// What a temporary file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Temporary {
    /// What a run has made.
    New,
    /// What had been there before.
    Earlier,
}

/// What a file of this name holds, if it has a name that [`temporary_name`] gives.
pub(super) fn temporary_kind(name: &str) -> Option<Temporary> {
    let name = name.strip_prefix(TEMPORARY_PREFIX)?.strip_suffix(TEMPORARY_SUFFIX)?;
    let (random, kind) = match name.strip_suffix(EARLIER) {
        Some(random) => (random, Temporary::Earlier),
        None => (name, Temporary::New),
    };
    (random.len() == 16 && random.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(kind)
}

/// A new name for a file that holds this.
pub(super) fn temporary_name(kind: Temporary) -> io::Result<String> {
    let random = getrandom::u64().map_err(io::Error::other)?;
    let kind = if kind == Temporary::Earlier { EARLIER } else { "" };
    Ok(format!("{TEMPORARY_PREFIX}{random:016x}{kind}{TEMPORARY_SUFFIX}"))
}
