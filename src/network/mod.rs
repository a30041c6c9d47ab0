//! How requests travel, whatever service they are for: one pool of connections, proxies, certificates, and never in
//! the clear unless that was asked for.

mod certificates;
mod clear;
mod client;
mod fault;
mod patience;
mod retry_log;

pub use certificates::{CertificatesError, Problem};
pub(crate) use clear::{InTheClear, Way, host_of, may_be_clear};
pub use client::Network;
pub use fault::Fault;
pub(crate) use fault::{chain, innermost};
pub(crate) use patience::{ATTEMPT_TIMEOUT, LARGE_BODY, large_body_timeouts, retries, retry_partition, timeouts};
pub(crate) use retry_log::RetryLog;
