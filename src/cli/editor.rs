//! The editor that a person has chosen, and the file that it works on.

mod private_folder;

use std::io::{self, IsTerminal as _};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

pub(super) use self::private_folder::{KeptFolder, PrivateFolder};
use super::failure::Failure;
use super::session::Session;
use super::unamended::Unamended;
use crate::environment::Environment;
use crate::error::Error;

/// How long an editor that is told to end is waited for: less than a cancelled run is.
const LAST_MOMENT: Duration = Duration::from_secs(1);

/// What is opened where no variable names an editor.
const DEFAULT: &str = if cfg!(windows) { "notepad" } else { "vi" };

/// An editor, as a command line that may have arguments.
pub(super) struct Editor(String);

impl Editor {
    /// The one that a variable names; else [`DEFAULT`].
    pub(super) fn new(environment: &Environment) -> Self {
        let named = ["CSTORE_EDITOR", "VISUAL", "EDITOR"].into_iter().filter_map(|name| environment.text(name));
        Self(
            named
                .map(|text| text.trim().to_owned())
                .find(|text| !text.is_empty())
                .unwrap_or_else(|| DEFAULT.to_owned()),
        )
    }

    /// As it was named.
    pub(super) fn command_line(&self) -> &str {
        &self.0
    }

    /// Opens a file, and waits until the editor has ended.
    ///
    /// # Errors
    /// It cannot be started, or does not end well; the run is cancelled.
    pub(super) async fn open(&self, session: &Session, file: &Path) -> Result<(), Failure> {
        let mut running = Running::start(self.command(file)).map_err(|_| Unamended::NoEditor(self.0.clone()))?;
        let status = tokio::select! {
            biased;
            signal = session.cancellation.requested() => {
                running.tell_to_end();
                // Whether it has or not, its file goes now.
                let _ = tokio::time::timeout(LAST_MOMENT, running.ended()).await;
                return Err(Error::Cancelled(signal).into());
            }
            status = running.ended() => status.map_err(Unamended::Kept)?,
        };
        match status.code() {
            Some(0) => Ok(()),
            // What a shell says of a program that is not there.
            Some(126 | 127) => Err(Unamended::NoEditor(self.0.clone()).into()),
            Some(code) => Err(Unamended::Editor(self.0.clone(), format!("ended with code {code}")).into()),
            None => Err(Unamended::Editor(self.0.clone(), "was killed by a signal".to_owned()).into()),
        }
    }

    fn command(&self, file: &Path) -> Command {
        let mut command;
        if cfg!(windows) {
            command = Command::new("cmd");
            command.arg("/C").arg(&self.0).arg(file);
        } else {
            command = Command::new("sh");
            // A shell that stays would be told to end in the editor's place.
            let exec = if is_plain(&self.0) { "exec " } else { "" };
            command.arg("-c").arg(format!("{exec}{} \"$@\"", self.0)).arg("sh").arg(file);
        }
        if !io::stdout().is_terminal() {
            // Where data goes, no screen is drawn.
            command.stdout(terminal());
        }
        command
    }
}

/// Whether a command line is one program with its arguments, so that a shell can be replaced by it.
fn is_plain(line: &str) -> bool {
    let first = line.split_whitespace().next().unwrap_or_default();
    !line.contains([';', '|', '&', '(', ')', '<', '>', '\n']) && !first.contains('=')
}

/// Standard error, which is a terminal where somebody sits, for another's standard output.
fn terminal() -> Stdio {
    #[cfg(unix)]
    {
        use std::os::fd::AsFd as _;
        io::stderr().as_fd().try_clone_to_owned().map_or_else(|_| Stdio::inherit(), Stdio::from)
    }
    #[cfg(not(unix))]
    Stdio::inherit()
}

/// An editor that was started. It is told to end where nobody waits for it any more.
struct Running {
    id: u32,
    waiting: tokio::task::JoinHandle<io::Result<ExitStatus>>,
    has_ended: bool,
}

impl Running {
    fn start(mut command: Command) -> io::Result<Self> {
        let mut child: Child = command.spawn()?;
        let id = child.id();
        let waiting = tokio::task::spawn_blocking(move || child.wait());
        Ok(Self { id, waiting, has_ended: false })
    }

    async fn ended(&mut self) -> io::Result<ExitStatus> {
        let status = (&mut self.waiting).await.map_err(io::Error::other)?;
        self.has_ended = true;
        status
    }

    fn tell_to_end(&self) {
        #[cfg(unix)]
        if let (false, Some(id)) =
            (self.has_ended, i32::try_from(self.id).ok().and_then(rustix::process::Pid::from_raw))
        {
            // It may have ended this very moment.
            let _ = rustix::process::kill_process(id, rustix::process::Signal::TERM);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.tell_to_end();
    }
}
