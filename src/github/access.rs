use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, LINK, LOCATION};
use http::request::Builder;
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use http_body_util::BodyExt as _;
use octocrab::service::middleware::auth_header::AuthHeaderLayer;
use octocrab::{AuthState, OctoBody, Octocrab, OctocrabBuilder};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::error::{GitHubError, GitHubProblem, Ground};
use super::link::next;
use super::patience::{wait_asked_for, wait_before_retry};
use super::transport::Transport;
use super::uploads::uploads;
use crate::backoff;
use crate::excerpt::excerpt;
use crate::network::{ATTEMPT_TIMEOUT, Network, NetworkFault, Way, is_unsent, no_answer};
use crate::observer::{Observer, Retry};
use crate::secret::Secret;

/// How often one thing is asked at most.
const TRIES: u32 = 6;
/// How often an answer may lead to another path of the same host, as that of a repository that was renamed.
const REDIRECTS: u32 = 3;

/// The most bytes of an answer that are read: a hundred of the longest comments, each character of them escaped, have
/// less. What is cut is no JSON, and so is not used.
const LONGEST_ANSWER: usize = 64 * 1024 * 1024;

/// How GitHub is reached, and as whom.
#[derive(Debug)]
pub(crate) struct Access {
    /// Where its API is: `https://api.github.com`, or with a path on a server of one's own.
    pub(crate) api_url: String,
    /// What it is asked with.
    pub(crate) token: Secret<String>,
    /// Proxies and certificates. Whatever it allows, the token is never sent over http to another machine.
    pub(crate) network: Network,
    /// When there is no time left to ask; none where there is no end.
    pub(crate) until: Option<Instant>,
    /// What is told of requests that are sent again.
    pub(crate) observer: Arc<dyn Observer>,
}

/// GitHub, ready to be asked.
pub(crate) struct GitHub {
    octocrab: Octocrab,
    api: Uri,
    /// Where it takes files.
    uploads: Uri,
    /// Whether the token is an app's, as that of a job is.
    pub(super) is_of_app: bool,
    until: Option<Instant>,
    observer: Arc<dyn Observer>,
}

impl fmt::Debug for GitHub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GitHub").field("api", &self.api).finish_non_exhaustive()
    }
}

/// An answer that is what was asked for.
pub(super) struct Answer {
    pub(super) body: Bytes,
    /// The route of the page after it.
    pub(super) next: Option<String>,
}

/// What an answer means.
enum Meaning {
    Done,
    /// It is at another place of the same host.
    Moved(String),
    Failed(GitHubProblem),
}

/// What a request carries.
#[derive(Clone, Copy)]
enum Body<'a> {
    Json(&'a Value),
    /// A document that is kept as it is.
    File(&'a Bytes),
}

/// Why one request did not do what it was to.
struct Failed {
    error: GitHubError,
    /// Whether it surely changed nothing.
    had_no_effect: bool,
}

struct Received {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Access {
    /// Begins to open a connection. Nobody is asked for anything yet.
    ///
    /// # Errors
    /// A URL that no token may be sent to, certificates and a token that cannot be used.
    pub(crate) fn open(self) -> Result<GitHub, GitHubError> {
        let Self { api_url, token, network, until, observer } = self;
        let failed = |problem| GitHubError { operation: "GITHUB_API_URL".to_owned(), problem };
        let api_url = api_url.trim().trim_end_matches('/').to_owned();
        let may_be_asked = |api: &Uri| matches!(Way::from_url(api), Way::Secure | Way::WithinTheMachine);
        let api = api_url.parse::<Uri>().ok().filter(may_be_asked).ok_or_else(|| failed(GitHubProblem::NoAddress))?;
        let client = Network { allow_http: false, ..network }.client();
        let client = client.map_err(|error| {
            let detail = format!("{} {}", error.variable, error.problem);
            failed(GitHubProblem::Unreachable { fault: NetworkFault::Certificate, detail })
        })?;
        let bearer = HeaderValue::from_str(&format!("Bearer {}", token.expose().trim()));
        let mut bearer = bearer.map_err(|_| failed(GitHubProblem::Token))?;
        bearer.set_sensitive(true);
        client.open_ahead(&api_url, 1);
        let uploads = uploads(&api);
        let octocrab: Result<_, Infallible> = OctocrabBuilder::new_empty()
            .with_service(Transport(client))
            .with_layer(&AuthHeaderLayer::new(Some(bearer), api.clone(), uploads.clone()))
            .with_auth(AuthState::None)
            .build();
        let Ok(octocrab) = octocrab;
        Ok(GitHub { octocrab, api, uploads, is_of_app: token.expose().trim().starts_with("ghs_"), until, observer })
    }
}

impl GitHub {
    /// Gets a document.
    pub(super) async fn get<T: DeserializeOwned>(&self, route: &str) -> Result<T, GitHubError> {
        self.read(&Method::GET, route, &self.send(Method::GET, route, None).await?.body)
    }

    /// Reads what an answer holds.
    pub(super) fn read<T: DeserializeOwned>(
        &self,
        method: &Method,
        route: &str,
        body: &[u8],
    ) -> Result<T, GitHubError> {
        serde_json::from_slice(body).map_err(|error| {
            // Not the error's own words, which may quote the answer.
            let at = format!("line {}, column {}", error.line(), error.column());
            GitHubError { operation: operation(method, route), problem: GitHubProblem::Unreadable(at) }
        })
    }

    /// Has GitHub keep a document as a file, at a URL that one of its answers names. The token goes to no other host.
    pub(super) async fn upload(&self, url: &str, content: &Bytes) -> Result<(), GitHubError> {
        let Some(url) = url_at(&self.uploads, url) else {
            let operation = operation(&Method::POST, url);
            return Err(GitHubError { operation, problem: GitHubProblem::Elsewhere(host_of(url)) });
        };
        self.send_body(Method::POST, &url, Some(Body::File(content)), false).await.map(|_| ())
    }

    /// Waits before something is sent again of which nobody knows whether it arrived, and says so.
    pub(super) async fn wait_to_send_again(&self, error: &GitHubError, attempt: u32) {
        let (operation, reason) = (error.operation.clone(), error.problem.to_string());
        self.observer.retry(&Retry { operation, attempt, reason });
        match error.problem.wait().filter(|wait| *wait < self.left()) {
            Some(wait) => tokio::time::sleep(wait).await,
            None => backoff::wait(attempt).await,
        }
    }

    /// Sends a request, and a body as JSON.
    pub(super) async fn send(&self, method: Method, route: &str, body: Option<&Value>) -> Result<Answer, GitHubError> {
        // Whatever else may have had an effect has the same one twice.
        let is_repeatable = method != Method::POST;
        self.send_body(method, route, body.map(Body::Json), is_repeatable).await
    }

    /// Asks GitHub's other API, which knows what this one does not tell an app's token
    /// (<https://docs.github.com/graphql/guides/forming-calls-with-graphql#the-graphql-endpoint>). A server of one's own
    /// has the two beside each other.
    pub(super) async fn query<T: DeserializeOwned>(&self, query: &str) -> Result<T, GitHubError> {
        let api = self.api.to_string();
        let api = api.trim_end_matches('/');
        let url = format!("{}/graphql", api.strip_suffix("/v3").unwrap_or(api));
        let body = json!({ "query": query });
        let answer = self.send_body(Method::POST, &url, Some(Body::Json(&body)), true).await?;
        self.read(&Method::POST, &url, &answer.body)
    }

    /// Sends a request until there is an answer that says something. `is_repeatable`: whether it may be sent again where
    /// it may have had an effect.
    async fn send_body(
        &self,
        method: Method,
        route: &str,
        body: Option<Body<'_>>,
        is_repeatable: bool,
    ) -> Result<Answer, GitHubError> {
        let mut attempt = 1;
        loop {
            let Failed { error, had_no_effect } = match self.send_once(&method, route, body).await {
                Ok(answer) => return Ok(answer),
                Err(failed) => failed,
            };
            if !had_no_effect && !is_repeatable {
                return Err(error);
            }
            attempt += 1;
            self.pause(error, attempt).await?;
        }
    }

    /// Sends a change once, for who has to look again before sending it a second time: [`pause`](Self::pause) waits
    /// until that makes sense.
    pub(super) async fn send_unrepeated(
        &self,
        method: Method,
        route: &str,
        body: &Value,
    ) -> Result<Answer, GitHubError> {
        self.send_once(&method, route, Some(Body::Json(body))).await.map_err(|failed| failed.error)
    }

    /// Waits until something that failed may be sent again, as this attempt, and says so.
    ///
    /// # Errors
    /// The same error, where it would not help or there is no time for it.
    pub(super) async fn pause(&self, error: GitHubError, attempt: u32) -> Result<(), GitHubError> {
        let is_limited = match &error.problem {
            GitHubProblem::RateLimit(wait) if *wait < self.left() => true,
            GitHubProblem::Unavailable { .. } | GitHubProblem::Unreachable { .. } => false,
            _ => return Err(error),
        };
        if attempt > TRIES {
            let problem = if is_limited { GitHubProblem::StillLimited(TRIES) } else { error.problem };
            return Err(GitHubError { problem, ..error });
        }
        self.wait_to_send_again(&error, attempt).await;
        Ok(())
    }

    /// Sends a request once, and again to where its answer leads.
    async fn send_once(&self, method: &Method, route: &str, body: Option<Body<'_>>) -> Result<Answer, Failed> {
        let operation = operation(method, route);
        let failed = |problem, had_no_effect| Failed {
            error: GitHubError { operation: operation.clone(), problem },
            had_no_effect,
        };
        let mut route = route.to_owned();
        let mut redirects = 0;
        loop {
            let limit = self.left().min(ATTEMPT_TIMEOUT);
            if limit.is_zero() {
                return Err(failed(GitHubProblem::Overdue, true));
            }
            let received = tokio::time::timeout(limit, self.transmit(method, &route, body)).await;
            let received = match received {
                Ok(Ok(received)) => received,
                Ok(Err(error)) => {
                    let (fault, detail) = (NetworkFault::from_error(&error), no_answer(&error));
                    return Err(failed(GitHubProblem::Unreachable { fault, detail }, is_unsent(&error)));
                }
                Err(_) => {
                    let detail = format!("{}: no answer within {} s", self.host(), limit.as_secs_f32());
                    return Err(failed(GitHubProblem::Unreachable { fault: NetworkFault::Connection, detail }, false));
                }
            };
            match self.meaning(method, &received) {
                Meaning::Done => {
                    let next = self.next_page(&received.headers).map_err(|problem| failed(problem, false))?;
                    return Ok(Answer { body: received.body, next });
                }
                Meaning::Moved(to) if redirects < REDIRECTS => (route, redirects) = (to, redirects + 1),
                Meaning::Moved(_) => {
                    let why = format!("it led to another place more than {REDIRECTS} times");
                    return Err(failed(GitHubProblem::Unreadable(why), true));
                }
                Meaning::Failed(problem) => {
                    let is_limited = matches!(problem, GitHubProblem::RateLimit(_));
                    return Err(failed(problem, is_limited));
                }
            }
        }
    }

    async fn transmit(&self, method: &Method, route: &str, body: Option<Body<'_>>) -> octocrab::Result<Received> {
        // A route is below the API's own path; a URL is a whole one.
        let below = |route| format!("{}{route}", self.api.to_string().trim_end_matches('/'));
        let url = if route.starts_with('/') { below(route) } else { route.to_owned() };
        let request = Builder::new().method(method.clone()).uri(url);
        let request = match body {
            None => self.octocrab.build_request(request, None::<&Value>)?,
            Some(Body::Json(body)) => self.octocrab.build_request(request, Some(body))?,
            Some(Body::File(content)) => {
                let (mut parts, _) = self.octocrab.build_request(request, None::<&Value>)?.into_parts();
                parts.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
                parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(content.len()));
                http::Request::from_parts(parts, OctoBody::from(content.clone()))
            }
        };
        let (parts, mut rest) = self.octocrab.execute(request).await?.into_parts();
        let mut body = BytesMut::new();
        while let Some(frame) = rest.frame().await {
            if let Ok(data) = frame?.into_data() {
                body.extend_from_slice(&data);
            }
            if body.len() > LONGEST_ANSWER {
                break;
            }
        }
        Ok(Received { status: parts.status, headers: parts.headers, body: body.freeze() })
    }

    fn meaning(&self, method: &Method, received: &Received) -> Meaning {
        let Received { status, headers, .. } = received;
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(ToOwned::to_owned);
        let message = || message(&received.body);
        let permission = || text("x-accepted-github-permissions").filter(|needed| !needed.trim().is_empty());
        if let Some(wait) = wait_asked_for(*status, headers, &message()) {
            return Meaning::Failed(GitHubProblem::RateLimit(wait));
        }
        Meaning::Failed(match status.as_u16() {
            200..=299 => return Meaning::Done,
            301 | 302 | 307 | 308 => {
                let to = headers.get(LOCATION).and_then(|to| to.to_str().ok()).unwrap_or_default();
                match url_at(&self.api, to) {
                    // The other two do not say that a change is to be sent there.
                    Some(route) if *method == Method::GET || matches!(status.as_u16(), 307 | 308) => {
                        return Meaning::Moved(route);
                    }
                    Some(_) => GitHubProblem::Refused { status: status.as_u16(), message: message() },
                    None => GitHubProblem::Elsewhere(host_of(to)),
                }
            }
            401 => GitHubProblem::Token,
            403 => {
                let message = message();
                let ground = Ground::new(&message, headers.contains_key("x-github-sso"));
                GitHubProblem::Forbidden { ground, needed: permission(), message }
            }
            404 => GitHubProblem::NotFound(permission()),
            500.. => GitHubProblem::Unavailable { status: status.as_u16(), wait: wait_before_retry(headers) },
            status => GitHubProblem::Refused { status, message: message() },
        })
    }

    fn next_page(&self, headers: &HeaderMap) -> Result<Option<String>, GitHubProblem> {
        let Some(url) = headers.get(LINK).and_then(|link| link.to_str().ok()).and_then(next) else { return Ok(None) };
        url_at(&self.api, url).map(Some).ok_or_else(|| GitHubProblem::Elsewhere(excerpt(url)))
    }

    /// How much time is left.
    fn left(&self) -> Duration {
        self.until.map_or(Duration::MAX, |until| until.saturating_duration_since(Instant::now()))
    }

    fn host(&self) -> &str {
        self.api.host().unwrap_or_default()
    }
}

/// The whole URL of another place of this origin, where the token may go; none of every other.
fn url_at(origin: &Uri, url: &str) -> Option<String> {
    let url: Uri = url.parse().ok()?;
    match url.authority() {
        Some(authority) if origin.authority() == Some(authority) && origin.scheme() == url.scheme() => {
            Some(url.to_string())
        }
        Some(_) => None,
        None => Some(format!("{}://{}{}", origin.scheme_str()?, origin.authority()?, url.path_and_query()?)),
    }
}

/// A URL's host, for messages.
fn host_of(url: &str) -> String {
    let host = url.parse::<Uri>().ok().and_then(|url| url.host().map(ToOwned::to_owned));
    host.unwrap_or_else(|| "another place".to_owned())
}

/// What is asked, for messages. What a query holds is of no interest.
fn operation(method: &Method, route: &str) -> String {
    format!("{method} {}", excerpt(route.split('?').next().unwrap_or_default()))
}

/// What GitHub says of a refusal, with what it says of single fields.
fn message(body: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Refusal {
        message: Option<String>,
        errors: Option<Value>,
    }
    #[derive(Deserialize)]
    struct OfField {
        message: Option<String>,
    }
    let Ok(Refusal { message, errors }) = serde_json::from_slice(body) else { return String::new() };
    let errors: Vec<OfField> = errors.and_then(|errors| serde_json::from_value(errors).ok()).unwrap_or_default();
    let all = message.into_iter().chain(errors.into_iter().filter_map(|error| error.message));
    excerpt(&all.collect::<Vec<_>>().join(": "))
}
