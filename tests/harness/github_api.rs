//! GitHub's REST API: a server that keeps what it is told, and holds each request, and each of its own answers, against
//! GitHub's description of it.

pub(crate) mod description;
mod state;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::{Value, json};

use self::description::{Operation, operation_of, violation};
use self::state::Asked;
pub(crate) use self::state::State;
use super::action::Action;
use super::authority::Authority;
use super::http::{Request, Response};
use super::service::Service;

/// The job's token, an app's.
pub(crate) const TOKEN: &str = "ghs_tokenOfTheJobWhichIsSecret0123456789";

/// The token of a person.
pub(crate) const PERSON: &str = "ghp_tokenOfAPersonWhichIsSecret0123456789";

/// What answers before the server does.
type Before = dyn Fn(&Request, &mut State) -> Option<Response> + Send + Sync;

/// All that answers.
type Answer = dyn Fn(&Request) -> Response + Send + Sync;

/// The server.
pub(crate) struct GitHubApi {
    service: Service,
    answer: Arc<Answer>,
    state: Arc<Mutex<State>>,
    prefix: &'static str,
    /// What was asked or answered in another way than GitHub describes.
    violations: Arc<Mutex<BTreeSet<String>>>,
}

impl GitHubApi {
    /// As api.github.com is.
    pub(crate) fn start() -> Self {
        Self::answering("", |_, _| None)
    }

    /// As a server of one's own is, whose API has a path.
    pub(crate) fn of_ones_own() -> Self {
        Self::answering("/api/v3", |_, _| None)
    }

    /// Something else may answer first.
    pub(crate) fn before(before: impl Fn(&Request, &mut State) -> Option<Response> + Send + Sync + 'static) -> Self {
        Self::answering("", before)
    }

    fn answering(
        prefix: &'static str,
        before: impl Fn(&Request, &mut State) -> Option<Response> + Send + Sync + 'static,
    ) -> Self {
        let (state, violations) = (Arc::new(Mutex::new(State::new())), Arc::new(Mutex::new(BTreeSet::new())));
        let (of_state, of_violations) = (Arc::clone(&state), Arc::clone(&violations));
        let before: Box<Before> = Box::new(before);
        let answer: Arc<Answer> = Arc::new(move |request: &Request| {
            let mut state = of_state.lock().unwrap();
            let (response, violation) = answer(prefix, request, &mut state, &before);
            of_violations.lock().unwrap().extend(violation);
            response
        });
        let of_service = Arc::clone(&answer);
        Self { service: Service::start(move |request| of_service(request)), answer, state, prefix, violations }
    }

    /// The same behind a certificate of this CA for `localhost`.
    pub(crate) fn over_tls(&self, ca: &Authority) -> Service {
        let answer = Arc::clone(&self.answer);
        ca.serve("localhost", 2099, move |request| answer(request))
    }

    /// Where its API is.
    pub(crate) fn url(&self) -> String {
        format!("{}{}", self.service.endpoint(), self.prefix)
    }

    /// What it keeps.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// What it was asked, each as its method and its path without the prefix.
    pub(crate) fn asked(&self) -> Vec<String> {
        let path = |request: &Request| {
            let path = request.target.split('?').next().unwrap_or_default();
            format!("{} {}", request.method, path.strip_prefix(self.prefix).unwrap_or(path))
        };
        self.service.requests().iter().map(path).collect()
    }

    /// How often it was asked by this method. Who a token is, which is asked by POST and changes nothing, counts as none.
    pub(crate) fn count(&self, method: &str) -> usize {
        let requests = self.service.requests();
        requests.iter().filter(|request| request.method == method && !request.target.ends_with("/graphql")).count()
    }

    /// A step of a job that may ask it.
    pub(crate) fn job(&self, action: Action) -> Action {
        action.env("GITHUB_API_URL", &self.url()).input("github-token", TOKEN).secrets([TOKEN])
    }

    /// A step that asks it with a person's token.
    pub(crate) fn for_person(&self, action: Action) -> Action {
        action.env("GITHUB_API_URL", &self.url()).input("github-token", PERSON).secrets([PERSON])
    }

    /// A step of a job, in a workflow of this pull request.
    pub(crate) fn pull_request(&self, action: Action, number: u64) -> Action {
        let event = json!({
            "number": number,
            "pull_request": {"number": number, "head": {"repo": {"full_name": "acme/shop"}}},
        });
        self.job(action).event("pull_request", &event.to_string())
    }
}

impl Drop for GitHubApi {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let violations = self.violations.lock().unwrap();
            assert!(violations.is_empty(), "GitHub describes it in another way: {violations:#?}");
        }
    }
}

/// A refusal in GitHub's form.
pub(crate) fn refusal(status: u16, message: &str, headers: &[(&str, &str)]) -> Response {
    let body =
        json!({"message": message, "documentation_url": "https://docs.github.com/rest", "status": status.to_string()});
    let mut response = Response::new(status, body.to_string());
    response.headers.extend(headers.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())));
    response
}

fn answer(prefix: &str, request: &Request, state: &mut State, before: &Before) -> (Response, Option<String>) {
    if let Some(response) = before(request, state) {
        return (response, None);
    }
    let token = request.header("authorization").and_then(|header| header.strip_prefix("Bearer "));
    if token.is_none_or(|token| token != TOKEN && token != PERSON) {
        return (refusal(401, "Bad credentials", &[]), None);
    }
    for (name, begin) in
        [("user-agent", "cstore-action/"), ("accept", "application/vnd.github+json"), ("x-github-api-version", "20")]
    {
        let sent = request.header(name).unwrap_or_default();
        if !sent.starts_with(begin) {
            return (refusal(403, "headers", &[]), Some(format!("{name}: {sent:?}")));
        }
    }
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    let at = format!("{} {path}", request.method);
    if at == format!("POST {}/graphql", prefix.trim_end_matches("/v3")) {
        let body: Value = serde_json::from_slice(&request.body).unwrap_or(Value::Null);
        let is_described = body == json!({"query": "query { viewer { databaseId } }"});
        let id = if token == Some(PERSON) { state::MONA } else { state::JOB };
        let answer = json!({"data": {"viewer": {"databaseId": id}}});
        return (Response::new(200, answer.to_string()), (!is_described).then(|| format!("{at}: {body}")));
    }
    let upload = path.strip_prefix("/api/uploads").filter(|_| prefix == "/api/v3" && request.method == "POST");
    let Some(path) = upload.or_else(|| path.strip_prefix(prefix)) else {
        return (refusal(404, "Not Found", &[]), Some(at));
    };
    // What `Link` headers lead to.
    let by_number = path.strip_prefix("/repositories/4711").map(|rest| format!("/repos/acme/shop{rest}"));
    let path = by_number.as_deref().unwrap_or(path);
    let Some(Operation { route, parameters, description }) = operation_of(request.method, path) else {
        return (refusal(404, "Not Found", &[]), Some(format!("{at} is not described")));
    };
    let body: Value = serde_json::from_slice(&request.body).unwrap_or(Value::Null);
    if let Some(violation) = violation(&description, query, &body) {
        return (refusal(422, "Validation Failed", &[]), Some(format!("{at}: {violation}")));
    }
    let host = format!("http://{}{prefix}", request.header("host").unwrap_or_default());
    let (parameters, body, description) = (&parameters, &body, &description);
    let (bytes, is_person) = (request.body.as_slice(), token == Some(PERSON));
    let asked =
        Asked { method: request.method, route, parameters, query, body, bytes, is_person, description, host: &host };
    let mut response = state.answer(&asked);
    let wrong = description::wrong_answer(description, &response);
    state.nullify(route, &mut response);
    (response, wrong.map(|wrong| format!("{at} is answered in another way: {wrong}")))
}
