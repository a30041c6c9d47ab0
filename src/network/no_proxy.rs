//! Which hosts are asked without a proxy. curl, Go, Python and the AWS CLI each read `NO_PROXY` in a way of their own;
//! what one of them takes is taken here.

use http::Uri;
use http::uri::Scheme;
use hyper_util::client::proxy::matcher::Matcher;

use crate::wildcard;

/// The list that `NO_PROXY` holds, separated by commas or blanks: hosts, each with all below it, with or without a dot
/// or `*.` before them; addresses and networks; `*` for all of them; each with a port or without.
pub(super) struct NoProxy(Vec<Exception>);

struct Exception {
    hosts: Hosts,
    /// The one port that is meant; else all.
    port: Option<u16>,
}

enum Hosts {
    /// A host with all below it, an address, a network, or `*`: what the matcher takes.
    Known(Box<Matcher>),
    /// A pattern with `*` elsewhere, in lower case.
    Pattern(Vec<char>),
}

impl NoProxy {
    /// Reads the list. No entry is an error: what is none matches nothing.
    pub(super) fn new(list: &str) -> Self {
        let entries = list.split([',', ' ', '\t', '\r', '\n']).filter(|entry| !entry.is_empty());
        Self(entries.map(Exception::new).collect())
    }

    /// Whether requests to this URL take no proxy.
    pub(super) fn has(&self, url: &Uri) -> bool {
        let default = if url.scheme() == Some(&Scheme::HTTP) { 80 } else { 443 };
        let port = url.port_u16().unwrap_or(default);
        self.0.iter().any(|exception| exception.port.is_none_or(|own| own == port) && exception.hosts.have(url))
    }
}

impl Exception {
    fn new(entry: &str) -> Self {
        // Some write URLs.
        let entry = entry.split_once("://").map_or(entry, |(_, rest)| rest.split('/').next().unwrap_or_default());
        let (host, port) = match entry.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            // An IPv6 address, which has colons itself; or a network.
            Some((address, rest)) => match rest.strip_prefix(':') {
                Some(port) => (address.to_owned(), port.parse().ok()),
                None => (format!("{address}{rest}"), None),
            },
            None => match entry.split_once(':').map(|(host, port)| (host, port.parse())) {
                Some((host, Ok(port))) => (host.to_owned(), Some(port)),
                _ => (entry.to_owned(), None),
            },
        };
        Self { hosts: Hosts::new(host.strip_suffix('.').unwrap_or(&host)), port }
    }
}

impl Hosts {
    fn new(host: &str) -> Self {
        let known = if host == "*" {
            host
        } else {
            host.strip_prefix('*').filter(|rest| rest.starts_with('.')).unwrap_or(host)
        };
        if known != "*" && known.contains('*') {
            return Self::Pattern(known.to_ascii_lowercase().chars().collect());
        }
        // The proxy is never asked: what matters is whether the matcher would.
        Self::Known(Box::new(Matcher::builder().all("http://proxy.invalid").no(known).build()))
    }

    fn have(&self, url: &Uri) -> bool {
        match self {
            Self::Known(matcher) => matcher.intercept(url).is_none(),
            Self::Pattern(pattern) => {
                let host = url.host().unwrap_or_default().to_ascii_lowercase();
                wildcard::matches(pattern, host.chars(), |own| *own == '*', |own, other| own == other)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_form_of_an_entry_is_honoured() {
        for (list, url, has) in [
            ("s3.corp.invalid:9000", "https://s3.corp.invalid:9000/b", true),
            ("s3.corp.invalid:9000", "https://s3.corp.invalid/b", false),
            ("s3.corp.invalid:443", "https://s3.corp.invalid/b", true),
            ("s3.corp.invalid:80", "http://s3.corp.invalid/b", true),
            ("corp.invalid:9000", "https://bucket.s3.corp.invalid:9000/b", true),
            ("*.corp.invalid", "https://s3.corp.invalid/b", true),
            ("*.corp.invalid", "https://s3.corporation.invalid/b", false),
            ("*.corp.invalid:9000", "https://s3.corp.invalid:9000/b", true),
            ("*.CORP.invalid:9000", "https://s3.Corp.Invalid:9001/b", false),
            (".corp.invalid", "https://S3.CORP.INVALID/b", true),
            ("corp.invalid", "https://s3.corp.invalid/b", true),
            ("corp.invalid", "https://mycorp.invalid/b", false),
            ("corp.invalid.", "https://s3.corp.invalid/b", true),
            ("s3-*.corp.invalid", "https://s3-eu.corp.invalid/b", true),
            ("s3-*.corp.invalid", "https://s4-eu.corp.invalid/b", false),
            ("*corp.invalid", "https://s3.mycorp.invalid/b", true),
            ("10.0.*", "https://10.0.3.4/b", true),
            ("10.0.0.0/8", "https://10.1.2.3:9000/b", true),
            ("10.0.0.0/8", "https://11.1.2.3/b", false),
            ("10.1.2.3:9000", "https://10.1.2.3:9000/b", true),
            ("10.1.2.3:9000", "https://10.1.2.3:9001/b", false),
            ("[fd00::1]:9000", "https://[fd00::1]:9000/b", true),
            ("[fd00::1]:9000", "https://[fd00::1]/b", false),
            ("[fd00::1]", "https://[fd00::1]/b", true),
            ("fd00::1", "https://[fd00::1]/b", true),
            ("fd00::/8", "https://[fd00::1]/b", true),
            ("*", "https://s3.amazonaws.com/b", true),
            ("https://s3.corp.invalid:9000/", "https://s3.corp.invalid:9000/b", true),
            ("localhost, a.invalid ,\n s3.corp.invalid:9000", "https://s3.corp.invalid:9000/b", true),
            ("localhost s3.corp.invalid", "https://s3.corp.invalid/b", true),
            ("", "https://s3.corp.invalid/b", false),
            (" , ,", "https://s3.corp.invalid/b", false),
            ("s3.corp.invalid:port", "https://s3.corp.invalid/b", false),
        ] {
            assert_eq!(NoProxy::new(list).has(&url.parse().unwrap()), has, "{list} and {url}");
        }
    }
}
