//! Signals at a step, from within a fault of the proxy.

use std::sync::{Arc, Condvar, Mutex};

use rustix::process::{Pid, Signal, kill_process};

use crate::harness::{Action, Run};

/// The process that a signal is for, once it has been started.
#[derive(Clone, Default)]
pub(crate) struct Victim(Arc<(Mutex<Option<Pid>>, Condvar)>);

impl Victim {
    /// Says which process it is.
    pub(crate) fn is(&self, pid: Pid) {
        *self.0.0.lock().unwrap() = Some(pid);
        self.0.1.notify_all();
    }

    /// Its first request may come before its starter has gone on.
    pub(crate) fn send(&self, signal: Signal) {
        let pid = self.0.1.wait_while(self.0.0.lock().unwrap(), |pid| pid.is_none()).unwrap();
        kill_process(pid.unwrap(), signal).unwrap();
    }

    /// Runs a step that is the victim.
    pub(crate) fn run(&self, action: &Action) -> Run {
        let started = action.start();
        self.is(Pid::from_child(&started.process));
        started.ends()
    }
}
