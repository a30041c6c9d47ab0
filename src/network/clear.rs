//! No request in the clear: whatever input, variable or profile named the endpoint, and wherever an answer redirects.

use std::fmt;
use std::net::IpAddr;

use http::Uri;

/// The addresses that AWS itself serves over http, within the machine: instance metadata and container credentials
/// (<https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html>).
const PLATFORM_ADDRESSES: [&str; 5] =
    ["169.254.169.254", "fd00:ec2::254", "169.254.170.2", "169.254.170.23", "fd00:ec2::23"];

/// The host of a URL, an IPv6 address without its brackets.
pub(crate) fn host(url: &Uri) -> &str {
    let host = url.host().unwrap_or_default();
    host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host)
}

/// Whether a host, see [`host`], may be spoken to over http.
pub(crate) fn may_be_clear(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// How a request would travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// Over https.
    Secure,
    /// Over http, to an address that leads no further than this machine and its platform.
    WithinTheMachine,
    /// Over http, to another machine.
    InTheClear,
    /// Not at all: neither over https nor over http.
    Unknown,
}

impl Way {
    /// That of a request to this URL.
    pub(crate) fn from_url(url: &Uri) -> Self {
        let is = |scheme: &str| url.scheme_str().is_some_and(|own| own.eq_ignore_ascii_case(scheme));
        let host = host(url);
        if is("https") {
            Self::Secure
        } else if !is("http") {
            Self::Unknown
        } else if may_be_clear(host) || PLATFORM_ADDRESSES.contains(&host) {
            Self::WithinTheMachine
        } else {
            Self::InTheClear
        }
    }
}

/// A request that was not sent.
#[derive(Debug)]
pub(crate) struct InTheClear;

impl fmt::Display for InTheClear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the endpoint begins with http:// and is not on this machine")
    }
}

impl std::error::Error for InTheClear {}

/// A URL that nothing can be sent to, such as a slip of the pen in `https`.
#[derive(Debug)]
pub(super) struct UnknownScheme;

impl fmt::Display for UnknownScheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("only URLs that begin with https:// or http:// can be reached, also of proxies")
    }
}

impl std::error::Error for UnknownScheme {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_is_what_the_request_goes_to() {
        for (url, expected) in [
            ("http://127.0.0.1:5000/x", "127.0.0.1"),
            ("http://[::1]:80", "::1"),
            ("http://localhost?x", "localhost"),
            ("http://127.0.0.1@evil.example/", "evil.example"),
            ("http://evil.example#@localhost", "evil.example"),
        ] {
            assert_eq!(host(&url.parse().unwrap()), expected, "{url}");
        }
    }

    #[test]
    fn the_way_is_told_by_scheme_and_host() {
        for (url, way) in [
            ("https://s3.example/", Way::Secure),
            ("http://127.0.0.1:80/", Way::WithinTheMachine),
            ("HTTP://169.254.169.254/latest", Way::WithinTheMachine),
            ("http://[fd00:ec2::254]/latest", Way::WithinTheMachine),
            ("http://s3.example/", Way::InTheClear),
            ("http://127.0.0.1@s3.example/", Way::InTheClear),
            ("HTTPS://s3.example/", Way::Secure),
            ("htps://s3.example/", Way::Unknown),
            ("s3.example", Way::Unknown),
        ] {
            assert_eq!(Way::from_url(&url.parse().unwrap()), way, "{url}");
        }
    }

    #[test]
    fn only_this_machine_is_spoken_to_in_the_clear() {
        for host in ["localhost", "127.0.0.1", "127.8.8.8", "::1"] {
            assert!(may_be_clear(host), "{host}");
        }
        let others =
            ["", "example.com", "10.0.0.1", "localhost.evil.example", "192.168.0.1", "fd00::1", "0.0.0.0", "::"];
        for host in others {
            assert!(!may_be_clear(host), "{host}");
        }
    }
}
