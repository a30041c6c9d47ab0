//! GitHub's REST API: a server that keeps what it is told, and holds each request, and each of its own answers, against
//! GitHub's description of it. All that it is sent is searched for config values, as what steps print is.

pub(crate) mod description;
mod state;

use std::collections::BTreeSet;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::Duration;

use serde_json::{Value, json};

use self::description::{Operation, operation_of, violation};
use self::state::Asked;
pub(crate) use self::state::State;
use super::action::Action;
use super::authority::Authority;
use super::http::{Request, Response};
use super::leak::Secrets;
use super::service::Service;

/// How long jobs wait for each other at most. Only a test that fails waits so long.
const PATIENCE: Duration = Duration::from_secs(20);

/// The job's token, an app's.
pub(crate) const TOKEN: &str = "ghs_tokenOfTheJobWhichIsSecret0123456789";

/// The token of a person.
pub(crate) const PERSON: &str = "ghp_tokenOfAPersonWhichIsSecret0123456789";

/// What answers before the server does.
type Before = dyn Fn(&Request, &mut State) -> Option<Response> + Send + Sync;

/// All that answers.
type Answer = dyn Fn(&Request) -> Response + Send + Sync;

/// Method and target of a request, and its body.
type Sent = (String, Vec<u8>);

/// The server.
pub(crate) struct GitHubApi {
    service: Service,
    answer: Arc<Answer>,
    state: Arc<Mutex<State>>,
    prefix: &'static str,
    /// What was asked or answered in another way than GitHub describes.
    violations: Arc<Mutex<BTreeSet<String>>>,
    /// What it was sent.
    sent: Arc<Mutex<Vec<Sent>>>,
    /// What may not be in it.
    secrets: Mutex<Vec<Secrets>>,
}

impl GitHubApi {
    /// As api.github.com is.
    pub(crate) fn start() -> Self {
        Self::answering("", |_| {}, |_, _| None)
    }

    /// As a server of one's own is, whose API has a path.
    pub(crate) fn of_ones_own() -> Self {
        Self::answering("/api/v3", |_| {}, |_, _| None)
    }

    /// Something else may answer first.
    pub(crate) fn before(before: impl Fn(&Request, &mut State) -> Option<Response> + Send + Sync + 'static) -> Self {
        Self::answering("", |_| {}, before)
    }

    /// Takes no comment before so many jobs have sent one: none of them has seen that of another.
    pub(crate) fn once_all_comment(jobs: usize) -> Self {
        let (arrived, all_here) = (Mutex::new(0), Condvar::new());
        let meet = move |request: &Request| {
            if request.method == "POST" && request.target.ends_with("/comments") {
                let mut arrived = arrived.lock().unwrap();
                *arrived += 1;
                all_here.notify_all();
                drop(all_here.wait_timeout_while(arrived, PATIENCE, |arrived| *arrived < jobs).unwrap());
            }
        };
        Self::answering("", meet, |_, _| None)
    }

    fn answering(
        prefix: &'static str,
        arrives: impl Fn(&Request) + Send + Sync + 'static,
        before: impl Fn(&Request, &mut State) -> Option<Response> + Send + Sync + 'static,
    ) -> Self {
        let (state, violations) = (Arc::new(Mutex::new(State::new())), Arc::new(Mutex::new(BTreeSet::new())));
        let sent = Arc::new(Mutex::new(Vec::new()));
        let (of_state, of_violations, of_sent) = (Arc::clone(&state), Arc::clone(&violations), Arc::clone(&sent));
        let before: Box<Before> = Box::new(before);
        let answer: Arc<Answer> = Arc::new(move |request: &Request| {
            of_sent.lock().unwrap().push((format!("{} {}", request.method, request.target), request.body.clone()));
            arrives(request);
            let mut state = of_state.lock().unwrap();
            let (response, violation) = answer(prefix, request, &mut state, &before);
            of_violations.lock().unwrap().extend(violation);
            response
        });
        let of_service = Arc::clone(&answer);
        let service = Service::start(move |request| of_service(request));
        Self { service, answer, state, prefix, violations, sent, secrets: Mutex::default() }
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
        self.guard(action.known_secrets());
        action.env("GITHUB_API_URL", &self.url()).input("github-token", TOKEN).secrets([TOKEN])
    }

    /// A step that asks it with a person's token.
    pub(crate) fn for_person(&self, action: Action) -> Action {
        self.guard(action.known_secrets());
        action.env("GITHUB_API_URL", &self.url()).input("github-token", PERSON).secrets([PERSON])
    }

    /// Holds all that it is sent, before and after this, to having none of these values.
    pub(crate) fn guard(&self, secrets: &Secrets) {
        let mut guarded = self.secrets.lock().unwrap();
        if !guarded.iter().any(|known| known.is_shared_with(secrets)) {
            guarded.push(secrets.clone());
        }
    }

    /// Panics where a body has a value. A comment and a release's notes also have no value's or file's digest or
    /// length: only a manifest, which is attached to a draft as it is, has those of files.
    fn assert_nothing_leaked(&self) {
        for (at, body) in &*self.sent.lock().unwrap() {
            let place = format!("what was sent to GitHub, {at}");
            let (bytes, document) =
                (String::from_utf8_lossy(body), serde_json::from_slice(body).unwrap_or(Value::Null));
            let text = document["body"].as_str();
            for secrets in &*self.secrets.lock().unwrap() {
                secrets.assert_absent(&place, &bytes);
                let Some(text) = text else { continue };
                secrets.assert_absent(&place, text);
                let trace = secrets.find_trace_in(text);
                assert!(trace.is_none(), "{trace:?} of a value has leaked into {place}:\n{text}");
            }
        }
    }

    /// A step of a job, in a workflow of this pull request.
    pub(crate) fn pull_request(&self, action: Action, number: u64) -> Action {
        let event = json!({
            "number": number,
            "pull_request": {"number": number, "head": {"repo": {"full_name": "acme/shop"}}},
        });
        self.job(action).event("pull_request", &event.to_string())
    }

    /// The same where its head is this commit of its branch `acme:fix`.
    pub(crate) fn pull_request_at(&self, action: Action, number: u64, sha: &str) -> Action {
        let repository = json!({"full_name": "acme/shop", "owner": {"login": "acme"}});
        let head = json!({"sha": sha, "ref": "fix", "repo": repository});
        let event = json!({"number": number, "pull_request": {"number": number, "head": head}});
        self.job(action).event("pull_request", &event.to_string())
    }
}

impl Drop for GitHubApi {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let violations = self.violations.lock().unwrap();
            assert!(violations.is_empty(), "GitHub describes it in another way: {violations:#?}");
            self.assert_nothing_leaked();
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
        // The REST description has no GraphQL. In the public schema (https://docs.github.com/public/fpt/schema.docs.graphql)
        // `viewer: User!` is a field of `Query` without arguments and `databaseId: Int` one of `User`, so that this is a
        // valid query and its answer has this form. Whatever else is asked is to be looked up there and added here.
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
