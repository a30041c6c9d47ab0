//! A terminal that does not show what is typed.

use std::io;

/// From the time this is made until it is dropped, the terminal does not show what is typed; only the end of a line moves
/// its cursor. What was typed before, and was not read, is forgotten: it was no answer.
#[cfg(unix)]
pub(super) struct Hidden(rustix::termios::Termios);

#[cfg(unix)]
impl Hidden {
    /// Hides what is typed.
    ///
    /// # Errors
    /// Standard input is no terminal.
    pub(super) fn start() -> io::Result<Self> {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
        let input = io::stdin();
        let usual = tcgetattr(&input)?;
        let mut hidden = usual.clone();
        hidden.local_modes.remove(LocalModes::ECHO);
        hidden.local_modes.insert(LocalModes::ECHONL);
        tcsetattr(&input, OptionalActions::Flush, &hidden)?;
        Ok(Self(usual))
    }
}

#[cfg(unix)]
impl Drop for Hidden {
    fn drop(&mut self) {
        // The rest of a text of several lines is not for the shell. Nobody is left to tell when this fails.
        let _ = rustix::termios::tcsetattr(io::stdin(), rustix::termios::OptionalActions::Flush, &self.0);
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
}
