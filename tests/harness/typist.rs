//! A person at a terminal: what a program shows there is waited for, and answered.

use std::io::{Read as _, Write as _};
use std::process::{Child, ExitStatus};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use pty_process::Size;
use pty_process::blocking::{Command, Pty, open};

use super::laptop::{Ran, Typed};

/// Nothing takes as long as this, unless it waits for what never comes.
const FOREVER: Duration = Duration::from_secs(60);

/// What is on the screen, and whether more may come.
#[derive(Default)]
struct Screen {
    text: String,
    has_ended: bool,
}

/// Somebody who has typed a command line, and looks at the terminal.
pub(crate) struct Typist {
    typed: Typed,
    child: Child,
    terminal: Arc<Pty>,
    screen: Arc<(Mutex<Screen>, Condvar)>,
    /// How much of the screen has been answered.
    seen: usize,
}

impl Typist {
    /// Starts a command line on a terminal of its own, whose signals it gets, but for what a redirection of a shell says.
    pub(super) fn start(typed: Typed, redirection: &str) -> Self {
        let (terminal, end) = open().unwrap();
        terminal.resize(Size::new(24, 100)).unwrap();
        let plain = typed.command();
        let set = plain.get_envs().filter_map(|(name, value)| Some((name, value?)));
        let command = Command::new("/bin/sh").args(["-c", &format!("exec \"$@\" {redirection}"), "sh"]);
        let command = command.arg(plain.get_program()).args(plain.get_args()).env_clear().envs(set);
        let child = command.env("TERM", "dumb").current_dir(plain.get_current_dir().unwrap()).spawn(end).unwrap();
        let (terminal, screen) = (Arc::new(terminal), Arc::<(Mutex<Screen>, Condvar)>::default());
        let (reads, shows) = (Arc::clone(&terminal), Arc::clone(&screen));
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            loop {
                // Linux says EIO once nobody has the other end open.
                let read = (&*reads).read(&mut bytes).unwrap_or_default();
                let mut screen = shows.0.lock().unwrap();
                screen.text.push_str(&String::from_utf8_lossy(&bytes[..read]));
                screen.has_ended = read == 0;
                shows.1.notify_all();
                if read == 0 {
                    return;
                }
            }
        });
        Self { typed, child, terminal, screen, seen: 0 }
    }

    /// Waits until a text is shown below what has been answered.
    pub(crate) fn sees(mut self, text: &str) -> Self {
        let (lock, changed) = &*self.screen;
        let until = Instant::now() + FOREVER;
        let mut screen = lock.lock().unwrap();
        loop {
            if let Some(at) = screen.text[self.seen..].find(text) {
                self.seen += at + text.len();
                break;
            }
            let left = until.saturating_duration_since(Instant::now());
            assert!(!screen.has_ended && !left.is_zero(), "{text:?} never came:\n{}", screen.text);
            screen = changed.wait_timeout(screen, left).unwrap().0;
        }
        drop(screen);
        self
    }

    /// Types a line.
    pub(crate) fn types(self, line: &str) -> Self {
        self.presses(&format!("{line}\r"))
    }

    /// Types what is no line: `\x03` is Ctrl-C, `\x04` Ctrl-D.
    pub(crate) fn presses(self, keys: &str) -> Self {
        (&*self.terminal).write_all(keys.as_bytes()).unwrap();
        self
    }

    /// The process.
    pub(crate) fn pid(&self) -> rustix::process::Pid {
        rustix::process::Pid::from_child(&self.child)
    }

    /// Sends the process, and no other of the terminal's, a signal.
    pub(crate) fn send(&self, signal: rustix::process::Signal) {
        rustix::process::kill_process(self.pid(), signal).unwrap();
    }

    /// Whether the terminal shows what is typed, and makes lines of it.
    pub(crate) fn terminal_is_usual(&self) -> bool {
        use rustix::termios::{LocalModes, tcgetattr};
        let usual = LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG;
        tcgetattr(&*self.terminal).unwrap().local_modes.contains(usual)
    }

    /// Waits for the end of a run that shows values. What the terminal showed is what the run said to standard error.
    pub(crate) fn ended_with_values(mut self) -> Ran {
        let (status, shown) = self.end();
        Ran { code: status.code().unwrap(), stdout: String::new(), stderr: shown }
    }

    /// Waits for the end. What the terminal showed is what the run said to standard error.
    pub(crate) fn ended(mut self) -> Ran {
        let (status, shown) = self.end();
        let output = std::process::Output { status, stdout: Vec::new(), stderr: shown.into_bytes() };
        self.typed.ended(&output)
    }

    fn end(&mut self) -> (ExitStatus, String) {
        let (lock, changed) = &*self.screen;
        let waiting = changed.wait_timeout_while(lock.lock().unwrap(), FOREVER, |screen| !screen.has_ended);
        let screen = waiting.unwrap().0;
        if !screen.has_ended {
            self.child.kill().unwrap();
        }
        let status = self.child.wait().unwrap();
        assert!(screen.has_ended, "it still waits:\n{}", screen.text);
        (status, screen.text.clone())
    }
}
