//! Finds out where the job can get an OIDC token, or why it cannot get one.

use serde::Deserialize;

use super::event;
use crate::environment::Environment;
use crate::identity::{NoJobToken, TokenEndpoint};
use crate::secret::Secret;

/// The part of the event's document that tells a fork
/// (<https://docs.github.com/en/webhooks/webhook-events-and-payloads#pull_request>).
#[derive(Deserialize)]
struct Event {
    pull_request: Option<PullRequest>,
}

#[derive(Deserialize)]
struct PullRequest {
    head: Head,
}

#[derive(Deserialize)]
struct Head {
    /// None when the fork is deleted.
    repo: Option<Repository>,
}

#[derive(Deserialize)]
struct Repository {
    full_name: String,
}

/// The runner sets both variables for jobs that may ask for a token
/// (<https://docs.github.com/en/actions/reference/security/oidc#methods-for-requesting-the-oidc-token>).
pub(super) fn token_endpoint(environment: &Environment) -> Result<TokenEndpoint, NoJobToken> {
    let variable = |name| environment.text(name);
    match (variable("ACTIONS_ID_TOKEN_REQUEST_URL"), variable("ACTIONS_ID_TOKEN_REQUEST_TOKEN")) {
        (Some(url), Some(bearer)) => Ok(TokenEndpoint { url, bearer: Secret::new(bearer) }),
        _ if variable("GITHUB_ACTIONS").is_none() => Err(NoJobToken::NoJob),
        _ => Err(match fork(environment) {
            Some(repository) => NoJobToken::Fork { repository },
            None => NoJobToken::Permission { job: variable("GITHUB_JOB") },
        }),
    }
}

/// The fork that a pull request's run is for.
fn fork(environment: &Environment) -> Option<String> {
    // `pull_request_target` runs in the repository itself, and may have a token.
    let name = environment.text("GITHUB_EVENT_NAME")?;
    if !name.starts_with("pull_request") || name == "pull_request_target" {
        return None;
    }
    let head = event::read::<Event>(environment)?.pull_request?.head;
    let repository = head.repo.map_or_else(|| "that is deleted".to_owned(), |repository| repository.full_name);
    (Some(&repository) != environment.text("GITHUB_REPOSITORY").as_ref()).then_some(repository)
}
