use super::terminal::Terminal;
use crate::message::messages;
use crate::observer::{Observer, Overdue, Retry};
use crate::secret::Secret;

/// What a run tells a terminal while it goes on.
#[derive(Debug)]
pub(super) struct Watching {
    terminal: Terminal,
}

impl Watching {
    pub(super) fn new(terminal: Terminal) -> Self {
        Self { terminal }
    }
}

impl Observer for Watching {
    fn credential(&self, _: &Secret<String>) {}

    fn retry(&self, _: &Retry) {}

    fn overdue(&self, overdue: Overdue) {
        let error = overdue.into();
        messages(&error).iter().for_each(|message| self.terminal.error(message));
        // The only way out: the thread that would return the code is the one that is busy.
        std::process::exit(u8::from(error.code()).into());
    }
}
