use std::fmt;

use crate::secret::Secret;

/// GitHub's token service, as the runner names it to jobs that may use it.
#[derive(Clone)]
pub struct TokenEndpoint {
    /// `ACTIONS_ID_TOKEN_REQUEST_URL`.
    pub url: String,
    /// `ACTIONS_ID_TOKEN_REQUEST_TOKEN`.
    pub bearer: Secret<String>,
}

impl fmt::Debug for TokenEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenEndpoint(…)")
    }
}

/// Why a run has no token service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoJobToken {
    /// The job lacks `permissions: id-token: write`.
    Permission {
        /// The job's id in the workflow.
        job: Option<String>,
    },
    /// The run is for a pull request from a fork.
    Fork {
        /// The fork, as `OWNER/REPO`.
        repository: String,
    },
    /// The run is no job of GitHub's.
    NoJob,
}
