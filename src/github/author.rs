//! Who writes with a token, so that nobody else's comment is ever taken for its own.

use serde::Deserialize;

use super::access::GitHub;
use super::error::{GitHubError, GitHubProblem};

/// What an app's token can ask of itself, too: `GET /user` is for tokens of people
/// (<https://docs.github.com/graphql/reference/queries#viewer>).
const VIEWER: &str = "query { viewer { databaseId } }";

/// An account, as comments name it. One that is deleted is null, or has nulls.
#[derive(Debug, Deserialize)]
pub(super) struct Account {
    id: Option<u64>,
}

/// Who writes with this token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Author {
    /// Nobody has asked yet.
    NotAsked,
    /// This account.
    Account(u64),
    /// GitHub does not tell. What is written next says it: its answer names the account.
    Untold,
}

#[derive(Debug, Deserialize)]
struct Answer {
    data: Option<Data>,
}

#[derive(Debug, Deserialize)]
struct Data {
    viewer: Option<Viewer>,
}

#[derive(Debug, Deserialize)]
struct Viewer {
    #[serde(rename = "databaseId")]
    id: Option<u64>,
}

impl Author {
    /// The account of what was just written, else what was known before.
    pub(super) fn or_of(self, account: Option<&Account>) -> Self {
        account.and_then(|account| account.id).map_or(self, Self::Account)
    }

    /// Whether this account is surely it.
    pub(super) fn is(self, account: Option<&Account>) -> bool {
        match self {
            Self::Account(id) => account.and_then(|account| account.id) == Some(id),
            Self::NotAsked | Self::Untold => false,
        }
    }
}

impl GitHub {
    /// Who writes with this token.
    pub(super) async fn author(&self) -> Result<Author, GitHubError> {
        if !self.is_of_app {
            match self.get::<Account>("/user").await.map(|account| account.id) {
                Ok(Some(id)) => return Ok(Author::Account(id)),
                Ok(None) => {}
                Err(error) if is_no(&error) => {}
                Err(error) => return Err(error),
            }
        }
        match self.query::<Answer>(VIEWER).await {
            Ok(Answer { data: Some(Data { viewer: Some(Viewer { id: Some(id) }) }) }) => Ok(Author::Account(id)),
            Ok(_) => Ok(Author::Untold),
            Err(error) if is_no(&error) => Ok(Author::Untold),
            Err(error) => Err(error),
        }
    }
}

/// Whether GitHub would say the same the next time.
const fn is_no(error: &GitHubError) -> bool {
    matches!(
        error.problem,
        GitHubProblem::Forbidden { .. }
            | GitHubProblem::NotFound(_)
            | GitHubProblem::Refused { .. }
            | GitHubProblem::Unreadable(_)
    )
}
