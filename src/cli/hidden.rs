//! A terminal that does not show what is typed.

use std::io;
#[cfg(unix)]
use std::time::Duration;

/// How long the next part of what is pasted may take to come.
#[cfg(unix)]
const BETWEEN_PARTS: Duration = Duration::from_millis(50);
/// How many parts are waited for.
#[cfg(unix)]
const MOST_PARTS: usize = 100;

/// From the time this is made until it is dropped, the terminal does not show what is typed; only the end of a line
/// moves its cursor. What was typed before, and was not read, is forgotten: it was no answer.
#[cfg(unix)]
pub(super) struct Hidden(rustix::termios::Termios);

#[cfg(unix)]
impl Hidden {
    /// Hides what is typed.
    ///
    /// # Errors
    /// Standard input is no terminal.
    pub(super) fn start() -> io::Result<Self> {
        let usual = rustix::termios::tcgetattr(io::stdin())?;
        let hidden = Self(usual);
        hidden.hide()?;
        Ok(hidden)
    }

    /// Hides what is typed, whatever the terminal has been told in between.
    ///
    /// # Errors
    /// Standard input is no terminal any more.
    pub(super) fn hide(&self) -> io::Result<()> {
        use rustix::termios::{LocalModes, OptionalActions, tcsetattr};
        let mut hidden = self.0.clone();
        hidden.local_modes.remove(LocalModes::ECHO);
        hidden.local_modes.insert(LocalModes::ECHONL);
        Ok(tcsetattr(io::stdin(), OptionalActions::Flush, &hidden)?)
    }

    /// Shows what is typed, for whoever has the terminal meanwhile.
    pub(super) fn show(&self) {
        // The rest of a text of several lines is not for the shell. Nobody is left to tell when this fails.
        let _ = rustix::termios::tcsetattr(io::stdin(), rustix::termios::OptionalActions::Flush, &self.0);
    }

    /// Whether more was typed than the line that has been read, as of a text of several lines that was pasted. It is
    /// forgotten: it is no answer to another question, and no command for the shell.
    ///
    /// # Errors
    /// Standard input is no terminal.
    pub(super) async fn has_more(&self) -> io::Result<bool> {
        use rustix::termios::{LocalModes, OptionalActions, QueueSelector, tcflush, tcgetattr, tcsetattr};
        let input = io::stdin();
        let mut whole = tcgetattr(&input)?;
        // Otherwise a last line that has no end is not seen.
        whole.local_modes.remove(LocalModes::ICANON);
        tcsetattr(&input, OptionalActions::Now, &whole)?;
        let mut has_more = false;
        for _ in 0..MOST_PARTS {
            // The parts of what is pasted come one after the other.
            tokio::time::sleep(BETWEEN_PARTS).await;
            if rustix::io::ioctl_fionread(&input)? == 0 {
                break;
            }
            has_more = true;
            tcflush(&input, QueueSelector::IFlush)?;
        }
        Ok(has_more)
    }
}

#[cfg(unix)]
impl Drop for Hidden {
    fn drop(&mut self) {
        self.show();
    }
}

#[cfg(not(unix))]
pub(super) struct Hidden;

#[cfg(not(unix))]
impl Hidden {
    /// Hides nothing.
    ///
    /// # Errors
    /// Always: what is typed could not be hidden.
    pub(super) fn start() -> io::Result<Self> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Hides nothing.
    ///
    /// # Errors
    /// Never.
    pub(super) fn hide(&self) -> io::Result<()> {
        Ok(())
    }

    /// Nothing is hidden.
    pub(super) fn show(&self) {}

    /// Nothing is hidden, so nothing was typed.
    ///
    /// # Errors
    /// Never.
    pub(super) async fn has_more(&self) -> io::Result<bool> {
        Ok(false)
    }
}
