//! octocrab's requests over this tool's HTTP client.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_types::body::SdkBody;
use http::header::{ACCEPT, USER_AGENT};
use http::{HeaderValue, Request, Response};
use http_body_util::BodyExt as _;
use octocrab::OctoBody;
use tower_service::Service;

use crate::network::Client;

/// GitHub refuses whoever does not say a name
/// (<https://docs.github.com/rest/using-the-rest-api/getting-started-with-the-rest-api#user-agent>).
const NAME: &str = concat!("cstore-action/", env!("CARGO_PKG_VERSION"));

/// Sends requests.
#[derive(Clone)]
pub(super) struct Transport(pub(super) Client);

impl Service<Request<OctoBody>> for Transport {
    type Response = Response<SdkBody>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<OctoBody>) -> Self::Future {
        let client = self.0.clone();
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            parts.headers.insert(USER_AGENT, HeaderValue::from_static(NAME));
            parts.headers.insert(ACCEPT, HeaderValue::from_static("application/vnd.github+json"));
            let body = body.collect().await?.to_bytes();
            Ok(client.send(Request::from_parts(parts, SdkBody::from(body))).await?)
        })
    }
}
