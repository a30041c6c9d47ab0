use http::Method;
use serde::Deserialize;

use super::access::GitHub;
use super::error::{GitHubError, GitHubProblem};

/// An account, as comments name it. One that is deleted is null, or has nulls.
#[derive(Debug, Deserialize)]
pub(super) struct Account {
    id: Option<u64>,
    #[serde(rename = "type")]
    kind: Option<String>,
}

/// Who writes with this token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Author {
    /// This account.
    Account(u64),
    /// An app: GitHub does not tell its token which one. People cannot write as one.
    Bot,
}

impl Author {
    /// Whether this account is it.
    pub(super) fn is(self, account: Option<&Account>) -> bool {
        match self {
            Self::Account(id) => account.and_then(|account| account.id) == Some(id),
            Self::Bot => account.and_then(|account| account.kind.as_deref()) == Some("Bot"),
        }
    }
}

impl GitHub {
    /// Who writes with this token. Only those of people can ask.
    pub(super) async fn author(&self) -> Result<Author, GitHubError> {
        if self.is_of_app {
            return Ok(Author::Bot);
        }
        match self.get::<Account>("/user").await {
            Ok(Account { id: Some(id), .. }) => Ok(Author::Account(id)),
            Ok(_) => Err(GitHubError {
                operation: format!("{} /user", Method::GET),
                problem: GitHubProblem::Unreadable("it names no account".to_owned()),
            }),
            Err(GitHubError { problem: GitHubProblem::Permission(_) | GitHubProblem::NotFound(_), .. }) => {
                Ok(Author::Bot)
            }
            Err(error) => Err(error),
        }
    }
}
