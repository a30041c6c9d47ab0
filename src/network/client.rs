use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::connection::{CaptureSmithyConnection, ConnectionMetadata};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use http::header::PROXY_AUTHORIZATION;
use http::{Request, Response, Uri};
use http_body_util::Limited;
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::{CaptureConnection, capture_connection};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tower_service::Service;

use super::ahead::Ahead;
use super::certificates::{CertificatesError, Trust};
use super::clear::{InTheClear, UnknownScheme, Way};
use super::connect::{Connect, Stream};
use super::fault::{NoAnswer, TooLong, connector_error};
use super::patience::timeouts;
use super::proxy::Proxies;
use crate::secret::Secret;

/// More than any answer has that is meant for this tool: objects have 16 MiB at most. What answers in a service's
/// place may send without end.
const LONGEST_ANSWER: usize = 24 * 1024 * 1024;

/// What the network between here and AWS asks for.
#[derive(Debug, Clone, Default)]
pub struct Network {
    /// Whether a request over http may go to another machine.
    pub allow_http: bool,
    /// `AWS_CA_BUNDLE`: certificates that are trusted besides the system's.
    pub ca_bundle: Option<PathBuf>,
    /// `SSL_CERT_FILE` or `SSL_CERT_DIR`, and what it names: certificates that are trusted in place of the system's.
    pub system_certificates: Option<(&'static str, PathBuf)>,
    /// Which requests take a proxy.
    pub proxies: Proxies,
    /// The passwords of proxies, in each form in which a message could repeat them.
    pub secrets: Vec<Secret<String>>,
}

impl Network {
    /// The one client of a run, so that all services share its connections.
    ///
    /// # Errors
    /// A file of certificates that cannot be used.
    pub(crate) fn client(&self) -> Result<Client, CertificatesError> {
        let system = self.system_certificates.as_ref().map(|(variable, path)| (*variable, path.as_path()));
        let trust = Trust::read(self.ca_bundle.as_deref(), system)?;
        let connect = Connect::new(trust, &self.proxies);
        let ahead = Ahead::new(connect.clone());
        Ok(Client { connect, ahead, allow_http: self.allow_http, pools: Arc::default() })
    }
}

/// Sends the SDK's requests.
///
/// Not the SDK's own HTTP client, but of the same parts: that one opens a connection only when there is a request to
/// send over it.
#[derive(Clone)]
pub(crate) struct Client {
    connect: Connect,
    ahead: Ahead,
    allow_http: bool,
    /// By the connect timeout, which is one for all requests of this tool; some credential providers have their own.
    pools: Arc<Mutex<HashMap<Option<Duration>, Pool>>>,
}

type Pool = legacy::Client<Connector, SdkBody>;

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("allow_http", &self.allow_http).finish_non_exhaustive()
    }
}

impl Client {
    /// Begins to open so many connections to where this URL leads, if requests may go there.
    pub(crate) fn open_ahead(&self, url: &str, connections: usize) {
        if let Ok(url) = url.parse()
            && self.check(&url).is_ok()
        {
            self.ahead.open(&url, connections);
        }
    }

    /// Where requests to this URL go, for messages; none where it is no URL.
    pub(crate) fn destination(&self, url: &str) -> Option<String> {
        url.parse().ok().map(|url| self.connect.destination(&url))
    }

    /// Sends a request that is not the SDK's, with the patience that the SDK's have.
    pub(crate) async fn send(&self, request: Request<SdkBody>) -> Result<Response<SdkBody>, ConnectorError> {
        let timeouts = timeouts();
        let sender = Sender {
            client: self.clone(),
            pool: self.pool(timeouts.connect_timeout()),
            read_timeout: timeouts.read_timeout(),
        };
        sender.send(request).await
    }

    fn pool(&self, connect_timeout: Option<Duration>) -> Pool {
        let new = || {
            let connector = Connector { ahead: self.ahead.clone(), timeout: connect_timeout };
            legacy::Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(connector)
        };
        let mut pools = self.pools.lock().unwrap_or_else(PoisonError::into_inner);
        pools.entry(connect_timeout).or_insert_with(new).clone()
    }

    fn check(&self, url: &Uri) -> Result<(), ConnectorError> {
        match Way::from_url(url) {
            Way::InTheClear if !self.allow_http => Err(ConnectorError::user(Box::new(InTheClear))),
            Way::Unknown => Err(ConnectorError::user(Box::new(UnknownScheme))),
            Way::Secure | Way::WithinTheMachine | Way::InTheClear => Ok(()),
        }
    }
}

impl HttpClient for Client {
    fn http_connector(&self, settings: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(Sender {
            client: self.clone(),
            pool: self.pool(settings.connect_timeout()),
            read_timeout: settings.read_timeout(),
        })
    }
}

/// Sends requests over the connections of one pool.
#[derive(Debug, Clone)]
struct Sender {
    client: Client,
    pool: Pool,
    read_timeout: Option<Duration>,
}

impl Sender {
    async fn send(self, mut request: Request<SdkBody>) -> Result<Response<SdkBody>, ConnectorError> {
        self.client.check(request.uri())?;
        if let Some(authorization) = self.client.connect.proxy_authorization(request.uri()) {
            request.headers_mut().insert(PROXY_AUTHORIZATION, authorization);
        }
        let connection = capture_connection(&mut request);
        if let Some(capture) = request.extensions().get::<CaptureSmithyConnection>() {
            capture.set_connection_retriever(move || metadata(&connection));
        }
        let url = request.uri().clone();
        let destination = || self.client.connect.destination(&url);
        let answer = self.pool.request(request);
        let answer = match self.read_timeout {
            Some(limit) => match tokio::time::timeout(limit, answer).await {
                Ok(answer) => answer,
                Err(_) => {
                    let source = TooLong { what: "answer", limit }.into();
                    return Err(ConnectorError::timeout(NoAnswer { destination: destination(), source }.into()));
                }
            },
            None => answer.await,
        };
        let answer = answer.map_err(|error| connector_error(error, destination()))?;
        Ok(answer.map(|body| SdkBody::from_body_1_x(Limited::new(body, LONGEST_ANSWER))))
    }
}

impl HttpConnector for Sender {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let request: Request<SdkBody> = match request.try_into_http1x() {
            Ok(request) => request,
            Err(error) => return HttpConnectorFuture::ready(Err(ConnectorError::user(error.into()))),
        };
        let answer = self.clone().send(request);
        HttpConnectorFuture::new(async move {
            HttpResponse::try_from(answer.await?).map_err(|error| ConnectorError::other(error.into(), None))
        })
    }
}

/// What the SDK wants of a connection: not to use it again after some answers.
fn metadata(connection: &CaptureConnection) -> Option<ConnectionMetadata> {
    let is_proxied = connection.connection_metadata().as_ref()?.is_proxied();
    let connection = connection.clone();
    let poison = move || {
        if let Some(connection) = connection.connection_metadata().as_ref() {
            connection.poison();
        }
    };
    Some(ConnectionMetadata::builder().proxied(is_proxied).poison_fn(poison).build())
}

/// Gives a pool its connections.
#[derive(Clone)]
struct Connector {
    ahead: Ahead,
    timeout: Option<Duration>,
}

impl Service<Uri> for Connector {
    type Response = Stream;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Stream, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, url: Uri) -> Self::Future {
        let Self { ahead, timeout } = self.clone();
        Box::pin(async move {
            match timeout {
                Some(limit) => match tokio::time::timeout(limit, ahead.connection(&url)).await {
                    Ok(connection) => connection,
                    Err(_) => Err(TooLong { what: "connection", limit }.into()),
                },
                None => ahead.connection(&url).await,
            }
        })
    }
}
