//! How long to wait for an answer, and how often to ask again.

use std::time::Duration;

use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;

/// How often a request is sent at most when a service fails or does not answer.
const TRIES: u32 = 8;
/// The window of the wait before the second try, jittered, doubled with each: about six seconds in all at most. A
/// broken connection is most often well again at once, and the SDK's own first second is longer than a whole pull.
const FIRST_BACKOFF: Duration = Duration::from_millis(50);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// From the request's end to the answer's first byte.
const READ_TIMEOUT: Duration = Duration::from_secs(10);

/// For throttling, 5xx and broken connections.
pub(crate) fn retries() -> RetryConfig {
    RetryConfig::standard().with_max_attempts(TRIES).with_initial_backoff(FIRST_BACKOFF)
}

/// For each try.
pub(crate) fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).read_timeout(READ_TIMEOUT).build()
}
