use super::failure::Failure;
use super::progress::Progress;
use super::terminal::Terminal;
use crate::message::CommandLine;
use crate::observer::{Observer, Overdue, Retry, Wait};
use crate::option::Command;
use crate::secret::Secret;

/// What a run tells a terminal while it goes on.
#[derive(Debug)]
pub(super) struct Watching {
    command: Command,
    terminal: Terminal,
    /// None where nobody looks, or wants to.
    progress: Option<Progress>,
}

impl Watching {
    pub(super) fn new(command: Command, terminal: Terminal) -> Self {
        Self { command, terminal, progress: terminal.shows_progress().then(Progress::default) }
    }
}

impl Observer for Watching {
    fn credential(&self, _: &Secret<String>) {}

    fn retry(&self, _: &Retry) {}

    fn begin(&self, wait: &Wait) {
        self.progress.iter().for_each(|progress| progress.begin(wait));
    }

    fn end(&self, wait: &Wait) {
        self.progress.iter().for_each(|progress| progress.end(wait));
    }

    fn overdue(&self, overdue: Overdue) {
        let (messages, code) = Failure::Core(overdue.into()).ending(self.command, CommandLine::default());
        messages.iter().for_each(|message| self.terminal.error(message));
        // The only way out: the thread that would return the code is the one that is busy.
        std::process::exit(code.into());
    }
}
