//! Has a program take the process over, as `execvp` of POSIX does
//! (<https://pubs.opengroup.org/onlinepubs/9799919799/functions/exec.html>): the same on every C library.

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::io::Errno;

use super::Program;
use crate::cli::command::exec::error::StartError;

/// Where commands are looked for when no variable says so.
const DEFAULT_PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// What runs a script that does not say what runs it.
const SHELL: &str = "/bin/sh";

impl Program {
    /// Has the program take this process over, and says why it could not.
    pub(super) fn replace_process(&self) -> StartError {
        let mut denied = None;
        let mut is_there = false;
        for path in self.candidates() {
            // Not what a link leads to: one that leads nowhere is no command, as a name that nothing has.
            if !path.exists() {
                continue;
            }
            let error = self.execute(&path);
            match error.raw_os_error().map(Errno::from_raw_os_error) {
                Some(Errno::ACCESS) => denied = Some(error),
                Some(Errno::NOENT | Errno::NOTDIR) => is_there = true,
                Some(Errno::TOOBIG) => return StartError::too_large(self.variables.iter(), self.arguments.iter()),
                _ => return StartError::CannotRun(self.name.clone(), error),
            }
        }
        let name = self.name.clone();
        match denied {
            Some(error) => StartError::CannotRun(name, error),
            None if is_there => StartError::NoInterpreter(name),
            None => StartError::NotFound(name),
        }
    }

    /// The paths that may be the program: its name where it is a path, else one in each folder of the `PATH` that it
    /// will have.
    fn candidates(&self) -> Vec<PathBuf> {
        if self.name.is_empty() {
            return Vec::new();
        }
        if self.name.as_bytes().contains(&b'/') {
            return vec![PathBuf::from(&self.name)];
        }
        let path = self.variables.get(OsStr::new("PATH")).map_or(OsStr::new(DEFAULT_PATH), OsString::as_os_str);
        let folders = path.as_bytes().split(|byte| *byte == b':');
        // An empty one is the current folder.
        let folders =
            folders.map(|folder| if folder.is_empty() { Path::new(".") } else { Path::new(OsStr::from_bytes(folder)) });
        folders.map(|folder| folder.join(&self.name)).collect()
    }

    fn execute(&self, path: &Path) -> io::Error {
        let error = self.command(path.as_os_str()).arg0(&self.name).args(&self.arguments).exec();
        if error.raw_os_error().map(Errno::from_raw_os_error) != Some(Errno::NOEXEC) {
            return error;
        }
        let by_shell = self.command(OsStr::new(SHELL)).arg(path).args(&self.arguments).exec();
        // That there is no shell says nothing of the file.
        if by_shell.kind() == io::ErrorKind::NotFound { error } else { by_shell }
    }

    fn command(&self, program: &OsStr) -> Command {
        let mut command = Command::new(program);
        command.env_clear().envs(&self.variables);
        command
    }
}
