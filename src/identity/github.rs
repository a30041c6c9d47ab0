//! The job's OIDC token (<https://docs.github.com/en/actions/reference/security/oidc>).

use std::sync::Arc;

use aws_config::SdkConfig;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime::client::retries::classifiers::{HttpStatusCodeClassifier, TransientErrorClassifier};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::body::SdkBody;
use http::Uri;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::{IdentityError, NoJobToken, Service, TokenEndpoint};
use crate::excerpt::excerpt;
use crate::network::{ATTEMPT_TIMEOUT, Cause, NetworkFault, RetryLog, Way, no_answer, retries, timeouts};
use crate::observer::Observer;
use crate::secret::Secret;

/// Where the job's token comes from, and for whom it is to be.
#[derive(Debug, Clone)]
pub struct JobToken {
    /// The token's `aud` claim.
    pub audience: String,
    /// Where to ask, or why there is nowhere.
    pub endpoint: Result<TokenEndpoint, NoJobToken>,
}

/// Which answers are worth asking again.
const RETRIED: &[u16] = &[408, 429, 500, 502, 503, 504];

#[derive(Deserialize)]
struct Answer {
    value: Option<String>,
}

/// An answer other than 200.
#[derive(Debug, thiserror::Error)]
#[error("GitHub answered with status {status}")]
struct Refused {
    status: u16,
    detail: Option<String>,
}

impl JobToken {
    /// Asks for the token.
    pub(super) async fn fetch(
        &self,
        config: &SdkConfig,
        observer: &Arc<dyn Observer>,
    ) -> Result<Secret<String>, IdentityError> {
        let endpoint = self.endpoint.as_ref().map_err(|why| IdentityError::NoJobToken(why.clone()))?;
        let url = endpoint.url.trim();
        let (origin, path) = split(url).ok_or(IdentityError::TokenEndpoint)?;
        let joint = if path.contains('?') { '&' } else { '?' };
        let target = format!("{path}{joint}audience={}", utf8_percent_encode(&self.audience, NON_ALPHANUMERIC));
        let authorization = Secret::new(format!("Bearer {}", endpoint.bearer.expose()));

        let mut operation = Operation::builder()
            .service_name("GitHub")
            .operation_name("GetIdToken")
            .endpoint_url(&origin)
            .no_auth()
            .standard_retry(&retries())
            .retry_classifier(HttpStatusCodeClassifier::new_from_codes(RETRIED))
            .retry_classifier(TransientErrorClassifier::<Refused>::new())
            .timeout_config(timeouts().to_builder().operation_attempt_timeout(ATTEMPT_TIMEOUT).build())
            .interceptor(RetryLog(Arc::clone(observer)))
            .with_connection_poisoning();
        if let Some(client) = config.http_client() {
            operation = operation.http_client(client);
        }
        if let Some(sleep) = config.sleep_impl() {
            operation = operation.sleep_impl(sleep);
        }
        let operation = operation
            .serializer(move |()| {
                let mut request = HttpRequest::new(SdkBody::empty());
                request.set_uri(target.as_str())?;
                request.headers_mut().try_insert("authorization", authorization.expose().clone())?;
                request.headers_mut().insert("accept", "application/json");
                Ok(request)
            })
            .deserializer::<Secret<Vec<u8>>, Refused>(read)
            .build();
        let body = operation.invoke(()).await.map_err(|error| failed(&error, &origin))?;
        let answer = serde_json::from_slice::<Answer>(body.expose());
        let token = answer.ok().and_then(|answer| answer.value).filter(|token| is_token(token));
        token.map(Secret::new).ok_or(IdentityError::NoTokenInAnswer)
    }
}

/// Whether it can be a JSON Web Token: three parts. Anything shorter would make a mask that hides half the log.
fn is_token(text: &str) -> bool {
    text.len() >= 16 && text.split('.').count() == 3 && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The origin, and the path with the query, of a URL that a token may be asked for at.
fn split(url: &str) -> Option<(String, String)> {
    let url: Uri = url.parse().ok()?;
    match Way::from_url(&url) {
        Way::Secure | Way::WithinTheMachine => {}
        // Whatever `allow-http` says of S3: the bearer is the runner's.
        Way::InTheClear | Way::Unknown => return None,
    }
    let origin = format!("{}://{}", url.scheme_str()?, url.authority()?);
    Some((origin, url.path_and_query()?.to_string()))
}

fn read(response: &HttpResponse) -> Result<Secret<Vec<u8>>, OrchestratorError<Refused>> {
    let body = response.body().bytes().unwrap_or_default();
    match response.status().as_u16() {
        200..=299 => Ok(Secret::new(body.to_vec())),
        status => Err(OrchestratorError::operation(Refused { status, detail: message(body) })),
    }
}

/// What GitHub's service says of a refusal, when it is such an answer; anything else could quote the request.
fn message(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Message {
        message: String,
    }
    Some(excerpt(&serde_json::from_slice::<Message>(body).ok()?.message))
}

fn failed(error: &SdkError<Refused, HttpResponse>, origin: &str) -> IdentityError {
    match error {
        SdkError::ServiceError(context) => {
            let Refused { status, detail } = context.err();
            if RETRIED.contains(status) || *status >= 500 {
                IdentityError::Unavailable {
                    service: Service::GitHub,
                    detail: detail.clone().unwrap_or_else(|| format!("status {status}")),
                    request_id: None,
                }
            } else {
                IdentityError::TokenRefused { status: *status, detail: detail.clone() }
            }
        }
        SdkError::TimeoutError(_) => IdentityError::Unreachable {
            service: Service::GitHub,
            fault: NetworkFault::Connection,
            detail: format!("{origin}: no answer in time"),
            cause: Box::new(Cause::from_error(error)),
        },
        other => IdentityError::Unreachable {
            service: Service::GitHub,
            fault: NetworkFault::from_error(other),
            detail: no_answer(other),
            cause: Box::new(Cause::from_error(other)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_asked_for_over_https_or_on_this_machine() {
        assert_eq!(
            split("https://pipelines.example/abc/idtoken?api-version=2.0"),
            Some(("https://pipelines.example".to_owned(), "/abc/idtoken?api-version=2.0".to_owned()))
        );
        assert_eq!(split("http://127.0.0.1:80"), Some(("http://127.0.0.1:80".to_owned(), "/".to_owned())));
        for url in [
            "",
            "pipelines.example",
            "http://pipelines.example/x",
            "ftp://127.0.0.1/x",
            "http://127.0.0.1@evil.example/",
        ] {
            assert_eq!(split(url), None, "{url}");
        }
    }
}
