use std::error::Error;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use aws_smithy_runtime_api::box_error::BoxError;
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
    /// Told by the types of the errors that it comes from, never by words, which quote what others chose: the names of
    /// hosts and certificates.
    #[must_use]
    pub fn from_error(error: &(dyn Error + 'static)) -> Self {
        if find::<ProxyFailed>(error).is_some() {
            Self::Proxy
        } else if find::<LookUpFailed>(error).is_some() {
            Self::HostName
        } else if find::<rustls::Error>(error).is_some() {
            Self::Certificate
        } else {
            Self::Connection
        }
    }
}

/// The words of an error, and of what it comes from in turn. The errors themselves are not kept: the SDK's hold whole
/// requests and answers, which may hold values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{words}")]
pub struct Cause {
    words: String,
    source: Option<Box<Cause>>,
}

impl Cause {
    /// All of an error's words, as its author wrote them. Not yet cleaned for a log.
    pub(crate) fn from_error(error: &(dyn Error + 'static)) -> Self {
        let source = error.source().map(|source| Box::new(Self::from_error(source)));
        Self { words: error.to_string(), source }
    }

    /// The same, with the words of each error as `change` makes them.
    #[must_use]
    pub(crate) fn with_words(&self, change: &impl Fn(&str) -> String) -> Self {
        let source = self.source.as_ref().map(|source| Box::new(source.with_words(change)));
        Self { words: change(&self.words), source }
    }
}

/// There is no way through the proxy, or none to it.
#[derive(Debug, thiserror::Error)]
#[error("the proxy failed")]
pub(super) struct ProxyFailed(#[source] pub(super) BoxError);

/// A host has no address that this machine knows.
#[derive(Debug, thiserror::Error)]
#[error("no address is known")]
pub(super) struct LookUpFailed(#[source] pub(super) Arc<io::Error>);

/// Something did not come within its time limit.
#[derive(Debug, thiserror::Error)]
#[error("no {what} within {} s", limit.as_secs_f32())]
pub(super) struct TooLong {
    pub(super) what: &'static str,
    pub(super) limit: Duration,
}

/// A request was not answered; where it went.
#[derive(Debug, thiserror::Error)]
#[error("no answer from {destination}")]
pub(super) struct NoAnswer {
    pub(super) destination: String,
    #[source]
    pub(super) source: BoxError,
}

/// Why a request was not answered, as a clause: where it went, and the words of the error that all others come from.
pub(crate) fn no_answer(error: &(dyn Error + 'static)) -> String {
    let reason = innermost(error);
    match find::<NoAnswer>(error) {
        Some(NoAnswer { destination, .. }) => format!("{destination}: {reason}"),
        None => reason,
    }
}

/// A failure to send, as the SDK's retries want to know it: whatever is not the request's own fault is worth another
/// try.
pub(super) fn connector_error(error: legacy::Error, destination: String) -> ConnectorError {
    if find::<TooLong>(&error).is_some() {
        ConnectorError::timeout(NoAnswer { destination, source: error.into() }.into())
    } else if find::<hyper::Error>(&error).is_some_and(hyper::Error::is_user) {
        ConnectorError::user(error.into())
    } else {
        ConnectorError::io(NoAnswer { destination, source: error.into() }.into())
    }
}

/// Whether a request has not left this machine: there was no connection that it could have been sent over.
pub(crate) fn is_unsent(error: &(dyn Error + 'static)) -> bool {
    find::<legacy::Error>(error).is_some_and(legacy::Error::is_connect)
}

/// The first error of this kind among those that it comes from.
pub(crate) fn find<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    std::iter::successors(Some(error), |&error| cause(error)).find_map(<dyn Error>::downcast_ref)
}

/// What an error comes from. An [`io::Error`] passes over the one that it was made of, such as that of TLS.
fn cause<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(inner) => Some(inner),
        None => error.source(),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_keeps_the_words_of_the_whole_chain_without_what_may_not_be_shown() {
        let inner = io::Error::new(io::ErrorKind::ConnectionReset, "secret.example hung up");
        let look_up = LookUpFailed(Arc::new(io::Error::other(inner)));
        let cause = Cause::from_error(&ProxyFailed(look_up.into())).with_words(&|words| words.replace("secret", "***"));
        assert_eq!(chain(&cause), "the proxy failed: no address is known: ***.example hung up");
    }

    #[test]
    fn a_fault_is_told_by_types_whatever_hosts_are_called() {
        let tls = || io::Error::other(rustls::Error::General("not valid for name proxy.dns-error.example".to_owned()));
        let reset = || io::Error::new(io::ErrorKind::ConnectionReset, "proxy.handshake.example hung up");
        let rows: [(BoxError, NetworkFault); 6] = [
            (tls().into(), NetworkFault::Certificate),
            (io::Error::other(tls()).into(), NetworkFault::Certificate),
            (reset().into(), NetworkFault::Connection),
            (LookUpFailed(Arc::new(io::Error::other("proxy.example"))).into(), NetworkFault::HostName),
            (ProxyFailed(reset().into()).into(), NetworkFault::Proxy),
            (ProxyFailed(tls().into()).into(), NetworkFault::Proxy),
        ];
        for (error, fault) in rows {
            assert_eq!(NetworkFault::from_error(&*error), fault, "{error:?}");
        }
    }
}
