use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use aws_smithy_runtime_api::box_error::BoxError;
use http::uri::Scheme;
use http::{HeaderValue, Uri};
use hyper::rt::ReadBufCursor;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::client::proxy::matcher::Intercept;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::TlsConnector;
use tower_service::Service;

use super::certificates::Trust;
use super::clear::{UnknownScheme, Way, host};
use super::fault::ProxyFailed;
use super::names::Names;
use super::proxy::{Proxies, ProxyRules};

/// For a host's addresses together, each of which gets its part: one that is silent does not keep the others from being
/// tried. Within the time that a connection may take, TLS included.
const TCP_TIMEOUT: Duration = Duration::from_millis(2500);

/// Makes connections: straight or through a proxy, with TLS or without.
#[derive(Clone)]
pub(super) struct Connect {
    straight: Straight,
    proxies: Arc<ProxyRules>,
}

type Connecting = Pin<Box<dyn Future<Output = Result<Stream, BoxError>> + Send>>;

impl Connect {
    pub(super) fn new(trust: Trust, proxies: &Proxies) -> Self {
        let names = Names::default();
        let mut tcp = HttpConnector::new_with_resolver(names.clone());
        // TLS comes on top.
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(TCP_TIMEOUT));
        Self { straight: Straight { tcp, names, trust: Arc::new(trust) }, proxies: Arc::new(ProxyRules::new(proxies)) }
    }

    /// A connection over which requests to this URL can be sent.
    pub(super) async fn to(&self, url: &Uri) -> Result<Stream, BoxError> {
        let Some(proxy) = self.proxy(url) else { return self.straight.to(url).await };
        if url.scheme() != Some(&Scheme::HTTPS) {
            let stream = self.straight.to(proxy.uri()).await.map_err(ProxyFailed)?;
            return Ok(Stream { is_to_proxy: true, ..stream });
        }
        let mut tunnel = Tunnel::new(proxy.uri().clone(), self.straight.clone());
        if let Some(authorization) = proxy.basic_auth() {
            tunnel = tunnel.with_auth(authorization.clone());
        }
        let through = tunnel.call(url.clone()).await.map_err(|error| ProxyFailed(error.into()))?;
        self.straight.secured(url, through.io.into_inner()).await
    }

    /// Where requests to this URL go, for messages: the host, the addresses that it has, and the proxy in between.
    pub(super) fn destination(&self, url: &Uri) -> String {
        match self.proxy(url) {
            Some(proxy) => {
                format!("{} through the proxy {}", authority(url), self.straight.with_addresses(proxy.uri()))
            }
            None => self.straight.with_addresses(url),
        }
    }

    /// What a proxy wants to see with a request that it is to forward, and not to let through unread.
    pub(super) fn proxy_authorization(&self, url: &Uri) -> Option<HeaderValue> {
        let is_read = url.scheme() == Some(&Scheme::HTTP);
        is_read.then(|| self.proxy(url)?.basic_auth().cloned()).flatten()
    }

    fn proxy(&self, url: &Uri) -> Option<Intercept> {
        // A proxy is another machine.
        let is_near = Way::from_url(url) == Way::WithinTheMachine;
        if is_near { None } else { self.proxies.proxy_for(url) }
    }
}

/// Makes connections without a proxy, or to one.
#[derive(Clone)]
struct Straight {
    tcp: HttpConnector<Names>,
    names: Names,
    trust: Arc<Trust>,
}

impl Straight {
    /// A host and its port, with the host's addresses as far as they are known.
    fn with_addresses(&self, url: &Uri) -> String {
        const SHOWN: usize = 3;
        let addresses = self.names.last_found(url.host().unwrap_or_default());
        let shown: Vec<_> = addresses.iter().take(SHOWN).map(|address| address.ip().to_string()).collect();
        if shown.is_empty() { authority(url) } else { format!("{} ({})", authority(url), shown.join(", ")) }
    }

    async fn to(&self, url: &Uri) -> Result<Stream, BoxError> {
        let is_https = match url.scheme() {
            Some(scheme) if *scheme == Scheme::HTTPS => true,
            Some(scheme) if *scheme == Scheme::HTTP => false,
            _ => return Err(UnknownScheme.into()),
        };
        let stream = match self.tcp.clone().call(url.clone()).await {
            Ok(stream) => Box::new(stream.into_inner()),
            Err(error) => {
                // The next try may find the host elsewhere.
                self.names.forget(url.host().unwrap_or_default());
                return Err(error.into());
            }
        };
        if is_https { self.secured(url, stream).await } else { Ok(Stream::new(stream)) }
    }

    async fn secured(&self, url: &Uri, stream: Box<dyn Io>) -> Result<Stream, BoxError> {
        let name = ServerName::try_from(host(url).to_owned())?;
        let secured = TlsConnector::from(self.trust.config()?).connect(name, stream).await?;
        Ok(Stream::new(Box::new(secured)))
    }
}

/// A URL's host and port, without the user and password that a proxy's may have.
fn authority(url: &Uri) -> String {
    let default = if url.scheme() == Some(&Scheme::HTTP) { 80 } else { 443 };
    format!("{}:{}", url.host().unwrap_or_default(), url.port_u16().unwrap_or(default))
}

impl Service<Uri> for Straight {
    type Response = Stream;
    type Error = BoxError;
    type Future = Connecting;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, url: Uri) -> Self::Future {
        let straight = self.clone();
        Box::pin(async move { straight.to(&url).await })
    }
}

/// A connection that is made.
pub(super) struct Stream {
    io: TokioIo<Box<dyn Io>>,
    /// Whether it leads to a proxy that forwards what it reads.
    is_to_proxy: bool,
}

trait Io: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

impl Stream {
    fn new(io: Box<dyn Io>) -> Self {
        Self { io: TokioIo::new(io), is_to_proxy: false }
    }

    /// Whether it is as it was made: the other side has neither closed it nor said anything, which it does not before
    /// it is asked.
    pub(super) async fn is_quiet(&mut self) -> bool {
        let mut byte = [0];
        let mut buffer = ReadBuf::new(&mut byte);
        let io = self.io.inner_mut();
        poll_fn(|context| Poll::Ready(Pin::new(&mut *io).poll_read(context, &mut buffer).is_pending())).await
    }
}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        Connected::new().proxy(self.is_to_proxy)
    }
}

impl hyper::rt::Read for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(context, buffer)
    }
}

impl hyper::rt::Write for Stream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write_vectored(context, parts)
    }
}
