//! How long to wait for an answer, and how often to ask again.

use std::time::Duration;

use aws_smithy_runtime::client::retries::{RetryPartition, TokenBucket};
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;

use super::budget::REQUESTS;

/// The window of the wait before the second try, jittered, doubled with each: about six seconds in all at most. A
/// broken connection is most often well again at once, and the SDK's own first second is longer than a whole pull.
const FIRST_BACKOFF: Duration = Duration::from_millis(50);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// From the request's first byte to the answer's.
const READ_TIMEOUT: Duration = Duration::from_secs(10);
/// For a request and the whole of its answer, where the answer is short.
pub(crate) const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(10);
/// From how many bytes on the sending of a request may itself take long.
pub(crate) const LARGE_BODY: usize = 512 * 1024;
/// With [`LARGE_BODY`]: 16 MiB at 60 KiB a second. What stalls is cut all the same.
const LARGE_BODY_TIMEOUT: Duration = Duration::from_secs(280);

/// For throttling, 5xx and broken connections.
pub(crate) fn retries() -> RetryConfig {
    RetryConfig::standard().with_max_attempts(REQUESTS).with_initial_backoff(FIRST_BACKOFF)
}

/// Each request has its tries, however many others failed: the SDK's own quota is one for all of a run, so that one
/// failure a file would fail a run of some fifty files.
pub(crate) fn retry_partition(service: &'static str) -> RetryPartition {
    RetryPartition::custom(service).token_bucket(TokenBucket::unlimited()).build()
}

/// For each try.
pub(crate) fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).read_timeout(READ_TIMEOUT).build()
}

/// For each try at sending a large body.
pub(crate) fn large_body_timeouts() -> TimeoutConfig {
    TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).read_timeout(LARGE_BODY_TIMEOUT).build()
}

/// The error codes with which AWS's services ask for fewer requests, with whatever status: those of the SDK's own list.
const THROTTLING: [&str; 14] = [
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottledException",
    "TooManyRequestsException",
    "ProvisionedThroughputExceededException",
    "TransactionInProgressException",
    "RequestLimitExceeded",
    "BandwidthLimitExceeded",
    "LimitExceededException",
    "RequestThrottled",
    "SlowDown",
    "PriorRequestNotComplete",
    "EC2ThrottledException",
];

/// Whether an error code asks for fewer requests, and says nothing of the request itself.
pub(crate) fn is_throttling(code: &str) -> bool {
    THROTTLING.contains(&code)
}
