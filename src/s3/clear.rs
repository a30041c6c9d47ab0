//! No request in the clear: whatever input, variable or profile named the endpoint, and wherever an answer redirects.

use std::fmt;
use std::net::IpAddr;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

/// The addresses that AWS itself serves over http, within the machine: instance metadata and container credentials
/// (<https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html>).
const OF_THE_PLATFORM: [&str; 5] =
    ["169.254.169.254", "fd00:ec2::254", "169.254.170.2", "169.254.170.23", "fd00:ec2::23"];

/// Whether a host may be spoken to over http.
pub(crate) fn may_be_clear(host: &str) -> bool {
    let host = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// An HTTP client that sends nothing over http to another machine.
#[derive(Debug, Clone)]
pub(super) struct NotInTheClear(pub(super) SharedHttpClient);

impl HttpClient for NotInTheClear {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(Guarded(self.0.http_connector(settings, components)))
    }
}

#[derive(Debug)]
struct Guarded(SharedHttpConnector);

impl HttpConnector for Guarded {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let refused = match request.uri().split_once("://") {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => {
                let host = host_of(rest);
                !may_be_clear(host) && !OF_THE_PLATFORM.contains(&host)
            }
            _ => false,
        };
        if refused {
            return HttpConnectorFuture::ready(Err(ConnectorError::user(Box::new(InTheClear))));
        }
        self.0.call(request)
    }
}

/// A request that was not sent.
#[derive(Debug)]
pub(super) struct InTheClear;

impl fmt::Display for InTheClear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the endpoint begins with http:// and is not on this machine")
    }
}

impl std::error::Error for InTheClear {}

/// The host of what follows `http://`.
pub(crate) fn host_of(rest: &str) -> &str {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => host.split(':').next().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_is_what_the_request_goes_to() {
        for (rest, host) in [
            ("127.0.0.1:5000/x", "127.0.0.1"),
            ("[::1]:80", "::1"),
            ("localhost?x", "localhost"),
            ("127.0.0.1@evil.example/", "evil.example"),
            ("evil.example#@localhost", "evil.example"),
        ] {
            assert_eq!(host_of(rest), host, "{rest}");
        }
    }

    #[test]
    fn only_this_machine_is_spoken_to_in_the_clear() {
        for host in ["localhost", "127.0.0.1", "127.8.8.8", "::1", "[::1]"] {
            assert!(may_be_clear(host), "{host}");
        }
        for host in ["", "example.com", "10.0.0.1", "localhost.evil.example", "192.168.0.1", "fd00::1"] {
            assert!(!may_be_clear(host), "{host}");
        }
    }
}
