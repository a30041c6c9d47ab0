//! How requests travel, whatever service they are for: one pool of connections, proxies, certificates, and never in
//! the clear unless that was asked for.

mod ahead;
mod budget;
mod certificates;
mod clear;
mod client;
mod connect;
mod endpoint;
mod fault;
mod names;
mod no_proxy;
mod patience;
mod proxy;
mod retry_log;

pub use budget::RetryBudget;
pub use certificates::{CertificatesError, CertificatesProblem};
pub(crate) use clear::{InTheClear, Way, host, may_be_clear};
pub(crate) use client::Client;
pub use client::Network;
pub(crate) use endpoint::{configured_endpoint, is_host_of_aws, is_url_of_aws, without_user};
pub use fault::{Cause, NetworkFault};
pub(crate) use fault::{chain, find, innermost, is_unsent, no_answer};
pub(crate) use patience::{
    ATTEMPT_TIMEOUT, LARGE_BODY, is_throttling, large_body_timeouts, retries, retry_partition, timeouts,
};
pub use proxy::Proxies;
pub(crate) use proxy::proxy_secrets;
pub(crate) use retry_log::RetryLog;
