use std::error::Error;
use std::time::Duration;

use aws_smithy_runtime_api::client::result::ConnectorError;
use hyper_util::client::legacy;

/// What keeps a request from being answered, as far as the remedy differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NetworkFault {
    /// The host's name is not known.
    HostName,
    /// No secure connection: its certificate is not trusted, is for another host, or has expired.
    Certificate,
    /// The proxy refuses, or is not there.
    Proxy,
    /// Anything else: refused, reset, timed out.
    Connection,
}

impl NetworkFault {
    /// Told by the words of the HTTP client and what lies below it: their types are private to it.
    #[must_use]
    pub fn of(error: &(dyn Error + 'static)) -> Self {
        let text = chain(error).to_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
        if says(&["tunnel error", "proxy"]) {
            Self::Proxy
        } else if says(&["dns error", "failed to lookup address"]) {
            Self::HostName
        } else if says(&["invalid peer certificate", "received fatal alert", "handshake", "received corrupt message"]) {
            Self::Certificate
        } else {
            Self::Connection
        }
    }
}

/// What was waited for too long.
#[derive(Debug, thiserror::Error)]
#[error("no {what} within {} s", limit.as_secs_f32())]
pub(super) struct TooLong {
    pub(super) what: &'static str,
    pub(super) limit: Duration,
}

/// A failure to send, as the SDK's retries want to know it: whatever is not the request's own fault is worth another
/// try.
pub(super) fn connector_error(error: legacy::Error) -> ConnectorError {
    if find::<TooLong>(&error).is_some() {
        ConnectorError::timeout(error.into())
    } else if find::<hyper::Error>(&error).is_some_and(hyper::Error::is_user) {
        ConnectorError::user(error.into())
    } else {
        ConnectorError::io(error.into())
    }
}

/// The first error of this kind among those that it comes from.
pub(crate) fn find<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    std::iter::successors(Some(error), |&error| error.source()).find_map(<dyn Error>::downcast_ref)
}

/// The words of the error that all others come from.
pub(crate) fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut last = error;
    while let Some(source) = last.source() {
        last = source;
    }
    last.to_string()
}

/// The words of an error and of all that it comes from.
pub(crate) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut last = error.source();
    while let Some(source) = last {
        text.push_str(": ");
        text.push_str(&source.to_string());
        last = source.source();
    }
    text
}
