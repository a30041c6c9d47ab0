//! Signals that end a process at once, such as that of Ctrl-\\: of a terminal that does not show what is typed, not
//! before it does so again, and of a text in an editor, not before it is kept.

#[cfg(unix)]
use std::io;

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

#[cfg(unix)]
use super::ignored_signals::IgnoredSignals;

/// Hears those signals from the time when this is made, but for those that are ignored.
///
/// Left out are the ones that other code hears (SIGINT, SIGTERM, SIGHUP), those that cannot be heard, and those that
/// tell of a fault in the process itself.
#[cfg(unix)]
pub(super) struct FatalSignals(Vec<(i32, Signal)>);

#[cfg(unix)]
impl FatalSignals {
    /// Begins to hear them.
    ///
    /// # Errors
    /// The operating system refuses.
    pub(super) fn start() -> io::Result<Self> {
        let ignored = IgnoredSignals::read();
        let heard = fatal().filter(|number| !ignored.contain(*number));
        let heard = heard.map(|number| Ok((number, signal(SignalKind::from_raw(number))?)));
        heard.collect::<io::Result<_>>().map(Self)
    }

    /// Waits for one of them, and gives its number.
    pub(super) async fn heard(&mut self) -> i32 {
        std::future::poll_fn(|context| {
            // Where none has come, each has been asked, and wakes this when it does.
            let mut come = self
                .0
                .iter_mut()
                .filter_map(|(number, signal)| signal.poll_recv(context).is_ready().then_some(*number));
            come.next().map_or(std::task::Poll::Pending, std::task::Poll::Ready)
        })
        .await
    }

    /// Has them end the run at once again.
    pub(super) fn leave_to_system(mut self) {
        tokio::spawn(async move {
            let number = self.heard().await;
            // It ends the process, if it knows the signal.
            let _ = signal_hook::low_level::emulate_default_handler(number);
            std::process::exit(signal_code(number).into());
        });
    }
}

/// The numbers of the signals.
#[cfg(unix)]
fn fatal() -> impl Iterator<Item = i32> {
    use signal_hook::consts::{
        SIGABRT, SIGALRM, SIGPROF, SIGQUIT, SIGSYS, SIGTRAP, SIGUSR1, SIGUSR2, SIGVTALRM, SIGXCPU, SIGXFSZ,
    };
    const EVERYWHERE: [i32; 11] =
        [SIGABRT, SIGALRM, SIGPROF, SIGQUIT, SIGSYS, SIGTRAP, SIGUSR1, SIGUSR2, SIGVTALRM, SIGXCPU, SIGXFSZ];
    EVERYWHERE.into_iter().chain(of_linux())
}

/// Those that end a process on Linux alone, with those for real time that no C library keeps for itself (signal(7)).
#[cfg(any(target_os = "linux", target_os = "android"))]
fn of_linux() -> impl Iterator<Item = i32> {
    use rustix::process::Signal;
    [Signal::IO, Signal::POWER, Signal::STKFLT].into_iter().map(Signal::as_raw).chain(35..=64)
}

#[cfg(all(unix, not(any(target_os = "linux", target_os = "android"))))]
fn of_linux() -> impl Iterator<Item = i32> {
    std::iter::empty()
}

/// The exit code of a process that a signal has ended, as shells tell it.
pub(super) fn signal_code(number: i32) -> u8 {
    u8::try_from(number).map_or(u8::MAX, |number| 128 | number)
}

/// What a signal is called.
pub(super) fn signal_name(number: i32) -> String {
    #[cfg(unix)]
    if let Some(name) = signal_hook::low_level::signal_name(number) {
        return name.to_owned();
    }
    format!("signal {number}")
}

/// There are no such signals.
#[cfg(not(unix))]
pub(super) type FatalSignals = super::unheard::Unheard;
