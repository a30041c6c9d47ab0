//! A text that others write at the same time, be they people or jobs: GitHub has no conditional update of one.

use std::time::Duration;

use http::Method;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::access::GitHub;
use super::error::{GitHubError, GitHubProblem};
use super::line_ends::is_same;
use crate::backoff;

/// How often a text is written that others change at the same time.
const TRIES: u32 = 10;
/// When a text is read back: whoever read it before it was written has written by then, and may have lost what was.
const SETTLED: Duration = Duration::from_secs(1);

/// What became of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Written {
    /// It says so already.
    Unchanged,
    /// It was written, and it is there.
    Changed,
    /// It was written. Whether others have overwritten it since is not known, for this reason.
    Unconfirmed(GitHubError),
    /// There is no room for more.
    NoRoom,
}

/// What has such a text as its `body`.
pub(super) trait Shared: DeserializeOwned {
    /// The text.
    fn text(&self) -> &str;
}

impl GitHub {
    /// Has the text at `route`, of which `current` was just read, be what `change` makes of it; that gives none where
    /// there is no room. What was written is read back: another job that wrote at the same time may have lost it, and
    /// then it is written again.
    pub(super) async fn change_text<T: Shared>(
        &self,
        route: &str,
        mut current: T,
        change: impl Fn(&str) -> Option<String>,
    ) -> Result<(Written, T), GitHubError> {
        let mut written = Written::Unchanged;
        let (mut attempt, mut failures) = (0, 0);
        loop {
            let Some(wanted) = change(current.text()) else { return Ok((Written::NoRoom, current)) };
            if is_same(current.text(), &wanted) {
                return Ok((written, current));
            }
            if attempt == TRIES {
                let message = "others change it all the time, or GitHub does not keep what is written".to_owned();
                let problem = GitHubProblem::Unreadable(message);
                return Err(GitHubError { operation: format!("PATCH {route}"), problem });
            }
            attempt += 1;
            // Sent again as it is, it would take away what others wrote while this waited.
            let is_taken = match self.send_unrepeated(Method::PATCH, route, &json!({ "body": wanted })).await {
                Ok(_) => true,
                Err(error) => {
                    failures += 1;
                    self.pause(error, failures + 1).await?;
                    false
                }
            };
            written = Written::Changed;
            tokio::time::sleep(SETTLED).await;
            current = match self.get(route).await {
                Ok(read) => read,
                Err(error) if is_taken && !matches!(error.problem, GitHubProblem::NotFound(_)) => {
                    return Ok((Written::Unconfirmed(error), current));
                }
                Err(error) => return Err(error),
            };
            let is_lost = change(current.text()).is_some_and(|wanted| !is_same(current.text(), &wanted));
            if is_taken {
                failures = 0;
            }
            if is_lost && is_taken {
                // Those that met are not to meet again, so the wait comes before what is changed is read.
                backoff::wait(attempt + 1).await;
                current = self.get(route).await?;
            }
        }
    }
}
