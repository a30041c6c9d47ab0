//! GitHub's token service, as a job with `id-token: write` finds it.

use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use super::action::Action;
use super::http::Response;
use super::service::Service;

/// What the runner gives a job to ask with.
pub(crate) const BEARER: &str = "bearer-of-the-runner-which-is-secret";

/// The subject of every token.
pub(crate) const SUBJECT: &str = "repo:acme@1000/shop@4711:environment:production";

/// The service. Each token is another.
pub(crate) struct GitHub {
    service: Service,
}

impl GitHub {
    /// Gives a token to whoever has the bearer.
    pub(crate) fn start() -> Self {
        let count = AtomicUsize::new(1);
        Self::answering(move |audience| {
            let token = token(audience, count.fetch_add(1, Ordering::Relaxed));
            Response::new(200, format!(r#"{{"count":1,"value":"{token}"}}"#))
        })
    }

    /// Answers something else; the audience that was asked for is handed over.
    pub(crate) fn answering(answer: impl Fn(&str) -> Response + Send + Sync + 'static) -> Self {
        let service = Service::start(move |request| {
            if request.header("authorization") != Some(&format!("Bearer {BEARER}")) {
                return Response::new(401, r#"{"message":"the bearer is not the runner's"}"#);
            }
            let (_, audience) = request.target.split_once("&audience=").expect("an audience is asked for");
            answer(&super::http::decode(audience))
        });
        Self { service }
    }

    /// The service, for what it was asked.
    pub(crate) fn service(&self) -> &Service {
        &self.service
    }

    /// A step in a job that may ask it, and has no existing credentials.
    pub(crate) fn job(&self, action: Action) -> Action {
        let names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];
        let action = names.into_iter().fold(action, Action::without_env);
        action
            .env("ACTIONS_ID_TOKEN_REQUEST_URL", &format!("{}/idtoken?api-version=2.0", self.service.endpoint()))
            .env("ACTIONS_ID_TOKEN_REQUEST_TOKEN", BEARER)
            .secrets([BEARER])
    }
}

/// A token, unsigned, as GitHub forms it.
fn token(audience: &str, number: usize) -> String {
    let encode = |text: String| BASE64_URL_SAFE_NO_PAD.encode(text);
    let payload = format!(
        r#"{{"jti":"{number}","sub":"{SUBJECT}","aud":"{audience}","iss":"https://token.actions.githubusercontent.com"}}"#
    );
    format!("{}.{}.c2lnbmF0dXJl", encode(r#"{"typ":"JWT","alg":"RS256"}"#.to_owned()), encode(payload))
}
