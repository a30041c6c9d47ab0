//! The program, and how it is started.

mod held_file;
#[cfg(unix)]
mod replace;
#[cfg(not(target_os = "linux"))]
mod wait;

use std::collections::BTreeMap;
use std::ffi::OsString;

pub(super) use self::held_file::HeldFile;
use super::error::StartError;

/// A program with all that it is to have.
pub(in crate::cli) struct Program {
    /// As it was typed.
    pub(super) name: OsString,
    pub(super) arguments: Vec<OsString>,
    /// All variables that it gets.
    pub(super) variables: BTreeMap<OsString, OsString>,
    /// The files that are kept for it.
    pub(super) files: Vec<HeldFile>,
}

impl Program {
    /// Whether it takes this process over, so that nothing of it is left.
    pub(super) fn takes_over(&self) -> bool {
        cfg!(target_os = "linux") || cfg!(unix) && self.files.is_empty()
    }

    /// Starts it in place of this process. Comes back only when that fails.
    #[cfg(target_os = "linux")]
    pub(in crate::cli) fn start(self) -> Result<u8, StartError> {
        Err(self.replace_process())
    }

    /// As above, unless files are to be removed when it has ended.
    #[cfg(all(unix, not(target_os = "linux")))]
    pub(in crate::cli) fn start(self) -> Result<u8, StartError> {
        if self.files.is_empty() { Err(self.replace_process()) } else { self.wait() }
    }

    /// Starts it as a child, and gives its exit code.
    #[cfg(windows)]
    pub(in crate::cli) fn start(self) -> Result<u8, StartError> {
        self.wait()
    }
}
