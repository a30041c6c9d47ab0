//! How long to wait before something is tried again.

use std::fmt;
use std::time::Duration;

use futures_util::future::LocalBoxFuture;

/// The window of the wait before the second attempt. It doubles with each.
const FIRST_WINDOW: Duration = Duration::from_millis(100);
/// The widest window.
const WIDEST_WINDOW: Duration = Duration::from_secs(2);

/// Waits before another attempt at something that others keep changing.
pub trait Backoff: fmt::Debug {
    /// Waits after so many attempts, at least 1: the longer, the more there were.
    fn wait(&self, attempts: u32) -> LocalBoxFuture<'_, ()>;
}

/// Waits for a random part of a window, so that many jobs that meet do not stay in step.
#[derive(Debug, Clone, Copy, Default)]
pub struct FullJitter;

impl Backoff for FullJitter {
    fn wait(&self, attempts: u32) -> LocalBoxFuture<'_, ()> {
        Box::pin(wait(attempts))
    }
}

/// What [`FullJitter`] does.
pub(crate) async fn wait(attempts: u32) {
    // Half the window where the system has no random numbers: what is waited for matters more than the jitter.
    let part = getrandom::u32().map_or(0.5, |random| f64::from(random) / f64::from(u32::MAX));
    tokio::time::sleep(window(attempts).mul_f64(part)).await;
}

fn window(attempts: u32) -> Duration {
    FIRST_WINDOW.saturating_mul(1 << attempts.saturating_sub(1).min(16)).min(WIDEST_WINDOW)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_doubles_up_to_two_seconds() {
        let milliseconds = [0, 1, 2, 3, 5, 6, 200].map(|attempts| window(attempts).as_millis());
        assert_eq!(milliseconds, [100, 100, 200, 400, 1_600, 2_000, 2_000]);
    }
}
