//! The proxies that variables name, and what these variables hold that nobody is to see.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::Uri;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::no_proxy::NoProxy;
use crate::environment::Environment;
use crate::ordered::Ordered as _;
use crate::secret::Secret;

/// The variables that name proxies; each is also read in lower case.
const VARIABLES: [&str; 3] = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"];

/// The proxies that the environment names, and for whom. A variable that is empty counts as not set; in lower case it
/// counts where it is not set in upper case.
#[derive(Debug, Clone, Default)]
pub struct Proxies {
    /// For requests over https.
    pub https: Option<Secret<String>>,
    /// For requests over http.
    pub http: Option<Secret<String>>,
    /// For both, where they have none of their own.
    pub all: Option<Secret<String>>,
    /// Which hosts are asked without one: what `NO_PROXY` holds.
    pub none: Option<String>,
    /// The first variable that is to name one and does not. Requests would go without a word past the proxy that was
    /// meant.
    pub unusable: Option<String>,
}

impl Proxies {
    /// Reads `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`.
    #[must_use]
    pub fn from_environment(environment: &Environment) -> Self {
        let text = |name: String| {
            let text = environment.text(&name).filter(|text| !text.trim().is_empty())?;
            Some((name, text))
        };
        let either = |name: &str| text(name.to_owned()).or_else(|| text(name.to_ascii_lowercase()));
        let named = VARIABLES.map(either);
        let unusable = named.iter().flatten().find(|(_, proxy)| !is_proxy(proxy)).map(|(name, _)| name.clone());
        let [https, http, all] = named.map(|named| named.map(|(_, proxy)| Secret::new(proxy)));
        Self { https, http, all, none: either("NO_PROXY").map(|(_, hosts)| hosts), unusable }
    }
}

/// Whether a text names a proxy that a request would be sent to, which is for the matcher to say: it goes past what it
/// cannot read.
fn is_proxy(text: &str) -> bool {
    let matcher = Matcher::builder().all(text.trim().to_owned()).build();
    matcher.intercept(&Uri::from_static("https://s3.invalid/")).is_some()
}

/// The proxies, ready to be asked for.
pub(super) struct ProxyRules {
    proxies: Matcher,
    exceptions: NoProxy,
}

impl ProxyRules {
    pub(super) fn new(proxies: &Proxies) -> Self {
        let text = |proxy: &Option<Secret<String>>| {
            proxy.as_ref().map(|proxy| proxy.expose().trim().to_owned()).unwrap_or_default()
        };
        let matcher = Matcher::builder().https(text(&proxies.https)).http(text(&proxies.http)).all(text(&proxies.all));
        Self { proxies: matcher.build(), exceptions: NoProxy::new(proxies.none.as_deref().unwrap_or_default()) }
    }

    /// The proxy that requests to this URL take, if they take one.
    pub(super) fn proxy_for(&self, url: &Uri) -> Option<Intercept> {
        if self.exceptions.has(url) { None } else { self.proxies.intercept(url) }
    }
}

/// The passwords of the proxies that the environment names, in each form in which a message could repeat them: as the
/// variable has it, decoded, encoded, and with the user's name in a `Basic` header
/// ([RFC 7617](https://www.rfc-editor.org/rfc/rfc7617#section-2)). A proxy may quote the request that it refuses.
pub(crate) fn proxy_secrets(environment: &Environment) -> Vec<Secret<String>> {
    let names = VARIABLES.iter().flat_map(|name| [(*name).to_owned(), name.to_ascii_lowercase()]);
    let secrets = names.filter_map(|name| environment.text(&name)).flat_map(|url| forms(&url)).ordered_set();
    secrets.into_iter().filter(|secret| !secret.is_empty()).map(Secret::new).collect()
}

fn forms(url: &str) -> Vec<String> {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    // A password may hold anything, so the last @ ends it.
    let Some((user_info, _)) = after_scheme.rsplit_once('@') else { return Vec::new() };
    let (user, password) = user_info.split_once(':').unwrap_or((user_info, ""));
    // A token stands in the user's place, then.
    let secret = if password.is_empty() { user } else { password };
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let plain = decoded(secret);
    let mut forms = vec![secret.to_owned(), encoded(&plain), encoded(&plain).to_ascii_lowercase(), plain];
    for (user, password) in [(user.to_owned(), password.to_owned()), (decoded(user), decoded(password))] {
        forms.push(STANDARD.encode(format!("{user}:{password}")));
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_variable_counts_as_not_set() {
        let named = |variables: &[(&str, &str)]| {
            let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), Secret::from(*value)));
            let rules = ProxyRules::new(&Proxies::from_environment(&variables.collect()));
            rules.proxy_for(&"https://s3.invalid/b".parse().unwrap()).map(|proxy| proxy.uri().to_string())
        };
        let proxy = Some("http://proxy.invalid:3128/".to_owned());
        assert_eq!(named(&[("HTTPS_PROXY", ""), ("https_proxy", "http://proxy.invalid:3128")]), proxy);
        assert_eq!(named(&[("HTTPS_PROXY", " "), ("ALL_PROXY", "proxy.invalid:3128")]), proxy);
        assert_eq!(named(&[("HTTPS_PROXY", "http://proxy.invalid:3128\n"), ("NO_PROXY", "")]), proxy);
        assert_eq!(named(&[("ALL_PROXY", "proxy.invalid:3128"), ("NO_PROXY", ""), ("no_proxy", "*")]), None);
        assert_eq!(named(&[("HTTPS_PROXY", "")]), None);
    }

    fn secrets(name: &str, url: &str) -> Vec<String> {
        let environment: Environment = [(name.to_owned(), Secret::from(url))].into_iter().collect();
        proxy_secrets(&environment).iter().map(|secret| secret.expose().clone()).collect()
    }

    #[test]
    fn a_password_is_known_in_each_form() {
        for name in ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
            let found = secrets(name, "http://user:p%40ss%2Fword@proxy.example:3128/");
            for form in ["p%40ss%2Fword", "p@ss/word", "p%40ss%2fword", "dXNlcjpwQHNzL3dvcmQ="] {
                assert!(found.iter().any(|found| found == form), "{name}: {form} is not in {found:?}");
            }
        }
        assert!(secrets("HTTPS_PROXY", "user:pass@word@proxy:3128").contains(&"pass@word".to_owned()));
        // A token in the user's place, without a password.
        for form in ["token".to_owned(), STANDARD.encode("token:")] {
            assert!(secrets("HTTPS_PROXY", "https://token@proxy").contains(&form));
        }
    }

    #[test]
    fn a_proxy_without_a_password_has_no_secret() {
        assert_eq!(secrets("HTTPS_PROXY", "http://proxy.example:3128"), Vec::<String>::new());
        assert_eq!(secrets("NO_PROXY", "user:password@host"), Vec::<String>::new());
    }
}
