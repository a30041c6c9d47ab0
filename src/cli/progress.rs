use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::observer::Wait;

/// What is done sooner needs no word. (What takes longer feels like waiting.)
const PATIENCE: Duration = Duration::from_millis(500);
/// How often the line moves.
const TICK: Duration = Duration::from_millis(100);
/// The stack of the thread that waits until there is something to show, which does little else.
const STACK: usize = 256 * 1024;

/// A line on a terminal that says what a run waits for, once it has waited for half a second. It is gone as soon as
/// nothing is waited for, so that nothing else that is printed meets it.
#[derive(Debug, Default)]
pub(super) struct Progress(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// When the first wait of this run began.
    begun: Option<Instant>,
    waits: Vec<Wait>,
    /// How many objects have come.
    done: usize,
    line: Option<ProgressBar>,
    is_over: bool,
}

impl Progress {
    /// Says that something is waited for.
    pub(super) fn begin(&self, wait: &Wait) {
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.waits.push(wait.clone());
        let begun = *state.begun.get_or_insert_with(|| {
            let shared = Arc::clone(&self.0);
            // Without a thread there is no line, and nothing is lost.
            let _ = thread::Builder::new().stack_size(STACK).spawn(move || shared.show_later());
            Instant::now()
        });
        if begun.elapsed() >= PATIENCE {
            state.show();
        }
    }

    /// Says that it has come, or is not wanted any more.
    pub(super) fn end(&self, wait: &Wait) {
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = state.waits.iter().position(|known| known == wait) {
            state.waits.remove(index);
            state.done += usize::from(matches!(wait, Wait::Object { .. }));
        }
        state.show();
    }
}

impl Shared {
    /// Shows what is waited for after half a second, if anything still is.
    fn show_later(&self) {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.changed.wait_timeout_while(state, PATIENCE, |state| !state.is_over);
        let (mut state, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
        if timeout.timed_out() && !state.waits.is_empty() {
            state.line = Some(line());
            state.show();
        }
    }
}

impl State {
    /// Has the line say what is waited for now; takes it away where that is nothing.
    fn show(&mut self) {
        if self.waits.is_empty() {
            if let Some(line) = self.line.take() {
                line.finish_and_clear();
            }
            return;
        }
        if self.line.is_none() && self.begun.is_some_and(|begun| begun.elapsed() >= PATIENCE) {
            self.line = Some(line());
        }
        if let Some(line) = &self.line {
            line.set_message(said(&self.waits, self.done));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.is_over = true;
        state.waits.clear();
        state.show();
        self.0.changed.notify_all();
    }
}

fn line() -> ProgressBar {
    // It draws on standard error, and only where that is a terminal.
    let line = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg}") {
        line.set_style(style);
    }
    line.enable_steady_tick(TICK);
    line
}

/// What is waited for, in words; of several things, that for which the others wait.
fn said(waits: &[Wait], done: usize) -> String {
    let first = waits.iter().find(|wait| !matches!(wait, Wait::Object { .. })).or_else(|| waits.first());
    match first {
        Some(Wait::Object { bucket, .. }) => {
            format!("waiting for S3: {done} of {} objects, bucket {bucket}", done + waits.len())
        }
        Some(Wait::Role { arn }) => format!("assuming {arn}"),
        Some(Wait::Credentials | Wait::JobToken) => "waiting for credentials".to_owned(),
        Some(Wait::Account) => "asking whose the credentials are".to_owned(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(key: &str) -> Wait {
        Wait::Object { action: "s3:GetObject", bucket: "configs".to_owned(), key: key.to_owned() }
    }

    #[test]
    fn the_line_says_what_the_others_wait_for() {
        assert_eq!(said(&[object("a"), object("b")], 1), "waiting for S3: 1 of 3 objects, bucket configs");
        assert_eq!(said(&[object("a"), Wait::Credentials], 0), "waiting for credentials");
    }

    #[test]
    fn nothing_is_shown_where_nothing_is_waited_for() {
        let progress = Progress::default();
        progress.begin(&object("a"));
        progress.0.state.lock().unwrap().line = Some(ProgressBar::hidden());
        progress.begin(&object("b"));
        progress.end(&object("a"));
        assert!(progress.0.state.lock().unwrap().line.is_some());
        progress.end(&object("b"));
        let state = progress.0.state.lock().unwrap();
        assert!(state.line.is_none() && state.done == 2);
    }
}
