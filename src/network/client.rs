use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::{Connector, tls};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::shared::IntoShared as _;
use aws_smithy_types::body::SdkBody;
use http_body_util::Limited;

use super::certificates::{self, CertificatesError};
use super::clear::{InTheClear, Way};

/// More than any answer has that is meant for this tool: objects have 16 MiB at most. What answers in a service's
/// place may send without end.
const LONGEST_ANSWER: usize = 24 * 1024 * 1024;

/// What the network between here and AWS asks for. Proxies are read from `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and
/// `NO_PROXY`.
#[derive(Debug, Clone, Default)]
pub struct Network {
    /// Whether a request over http may go to another machine.
    pub allow_http: bool,
    /// `AWS_CA_BUNDLE`: certificates that are trusted besides the system's.
    pub ca_bundle: Option<PathBuf>,
    /// `SSL_CERT_FILE` or `SSL_CERT_DIR`, and what it names: certificates that are trusted in place of the system's. The
    /// HTTP client reads the variables itself.
    pub system_certificates: Option<(&'static str, PathBuf)>,
}

impl Network {
    /// The one client of a run, so that all services share its connections.
    ///
    /// # Errors
    /// A file of certificates that cannot be used.
    pub fn client(&self) -> Result<SharedHttpClient, CertificatesError> {
        let system = self.system_certificates.as_ref().map(|(variable, path)| (*variable, path.as_path()));
        let trust = certificates::trust(self.ca_bundle.as_deref(), system)?;
        Ok(Client { trust, allow_http: self.allow_http, connectors: Arc::default() }.into_shared())
    }
}

/// The connect and the read timeout.
type Timeouts = (Option<Duration>, Option<Duration>);

#[derive(Clone)]
struct Client {
    trust: tls::TlsContext,
    allow_http: bool,
    /// The SDK asks for the connector with each request; its connections are to be used again.
    connectors: Arc<Mutex<HashMap<Timeouts, SharedHttpConnector>>>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("allow_http", &self.allow_http).finish_non_exhaustive()
    }
}

impl HttpClient for Client {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let mut connectors = self.connectors.lock().unwrap_or_else(PoisonError::into_inner);
        let timeouts = (settings.connect_timeout(), settings.read_timeout());
        let new = || {
            SharedHttpConnector::new(Routed {
                proxied: self.connector(settings, components, ProxyConfig::from_env()),
                direct: self.connector(settings, components, ProxyConfig::disabled()),
                allow_http: self.allow_http,
            })
        };
        connectors.entry(timeouts).or_insert_with(new).clone()
    }
}

impl Client {
    fn connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
        proxy: ProxyConfig,
    ) -> SharedHttpConnector {
        let mut builder = Connector::builder().connector_settings(settings.clone()).proxy_config(proxy);
        builder.set_sleep_impl(components.sleep_impl());
        let builder = builder.tls_provider(tls::Provider::Rustls(CryptoMode::Ring));
        SharedHttpConnector::new(builder.tls_context(self.trust.clone()).build())
    }
}

/// Chooses each request's way.
#[derive(Debug)]
struct Routed {
    proxied: SharedHttpConnector,
    direct: SharedHttpConnector,
    allow_http: bool,
}

impl HttpConnector for Routed {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let answer = match Way::of(request.uri()) {
            Way::Secure => self.proxied.call(request),
            // A proxy is another machine.
            Way::WithinTheMachine => self.direct.call(request),
            Way::InTheClear if self.allow_http => self.proxied.call(request),
            Way::InTheClear => return HttpConnectorFuture::ready(Err(ConnectorError::user(Box::new(InTheClear)))),
        };
        HttpConnectorFuture::new(async move {
            let answer = answer.await?;
            Ok(answer.map(|body| SdkBody::from_body_1_x(Limited::new(body, LONGEST_ANSWER))))
        })
    }
}
