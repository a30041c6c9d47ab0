//! Runs a program as a child, where it cannot take the process over, or where something is to be removed after it. No
//! machine that tests this project compiles it.

use std::io;
use std::process::{Command, ExitStatus};

use super::Program;
use crate::cli::command::exec::error::StartError;

impl Program {
    /// Runs it to its end, and ends as it did.
    pub(super) fn wait(self) -> Result<u8, StartError> {
        let mut command = Command::new(&self.name);
        command.args(&self.arguments).env_clear().envs(&self.variables);
        let status = run(&mut command).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => StartError::NotFound(self.name.clone()),
            io::ErrorKind::ArgumentListTooLong => StartError::too_large(self.variables.iter(), self.arguments.iter()),
            _ => StartError::CannotRun(self.name.clone(), error),
        })?;
        drop(self.files);
        std::process::exit(code(status))
    }
}

/// On Windows a console sends its events to the child, too; this process only has to outlive them.
#[cfg(windows)]
fn run(command: &mut Command) -> io::Result<ExitStatus> {
    command.status()
}

/// The child gets the signals that this process gets.
#[cfg(unix)]
fn run(command: &mut Command) -> io::Result<ExitStatus> {
    use rustix::process::{Pid, Signal, kill_process};
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};

    let handed_on = [SIGHUP, SIGINT, SIGQUIT, SIGTERM].into_iter().filter_map(Signal::from_named_raw);
    let handed_on: Vec<_> = handed_on.collect();
    let mut child = command.spawn()?;
    let pid = Pid::from_child(&child);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    std::thread::spawn(move || {
        runtime.block_on(async {
            let hear = |signal: Signal| async move {
                use tokio::signal::unix::{SignalKind, signal as hear};
                let Ok(mut heard) = hear(SignalKind::from_raw(signal.as_raw())) else { return };
                while heard.recv().await.is_some() {
                    // It may have ended meanwhile.
                    let _ = kill_process(pid, signal);
                }
            };
            futures_util::future::join_all(handed_on.into_iter().map(hear)).await;
        });
    });
    child.wait()
}

fn code(status: ExitStatus) -> i32 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return 128 + signal;
    }
    status.code().unwrap_or(1)
}
