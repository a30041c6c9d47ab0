use std::fmt;
use std::time::Duration;

use crate::network::NetworkFault;

/// Why GitHub did not do or say what it was asked. Its texts are GitHub's or the network's, not yet cleaned for a log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{operation}: {problem}")]
pub(crate) struct GitHubError {
    /// What was asked, such as `GET /repos/acme/shop/git/ref/tags/v1.2.3`.
    pub(crate) operation: String,
    /// Why.
    pub(crate) problem: GitHubProblem,
}

/// What kept GitHub from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum GitHubProblem {
    /// There is nowhere that it can be asked: no URL, or one over http.
    NoAddress,
    /// The token is none that GitHub knows.
    Token,
    /// It is forbidden.
    Forbidden {
        /// Why, as far as GitHub's words tell.
        ground: Ground,
        /// The right that GitHub says is needed for what was asked, such as `issues=write; pull_requests=write`. It
        /// says so whether or not the token has it.
        needed: Option<String>,
        /// GitHub's words.
        message: String,
    },
    /// There is nothing of this name, or none that this token may see. GitHub says which right would show it,
    /// sometimes.
    NotFound(Option<String>),
    /// Too much was asked of GitHub, which wants this wait, and there was no time for it.
    RateLimit(Duration),
    /// The same, after so many attempts, each of which waited for as long as GitHub wanted.
    StillLimited(u32),
    /// It was refused for another reason.
    Refused {
        /// The answer's status.
        status: u16,
        /// GitHub's words.
        message: String,
    },
    /// GitHub had a failure of its own.
    Unavailable {
        /// The answer's status.
        status: u16,
        /// When it wants to be asked again, if it says so.
        wait: Option<Duration>,
    },
    /// No answer came.
    Unreachable {
        /// Why, as far as the remedy differs.
        fault: NetworkFault,
        /// Where it was asked, and what the network said.
        detail: String,
    },
    /// The answer leads to this other host, where the token must not go.
    Elsewhere(String),
    /// The time of the step was up.
    Overdue,
    /// The answer is not what GitHub describes.
    Unreadable(String),
}

/// Why GitHub forbids something. Its status is the same for all of these, and only its words differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ground {
    /// The token lacks a right.
    Permission,
    /// The conversation is locked.
    Locked,
    /// The repository is archived.
    Archived,
    /// The organization wants its members to sign on, and the token was not allowed for it.
    SignOn,
    /// Another.
    Other,
}

impl Ground {
    /// The ground that GitHub's words name. `wants_sign_on`: whether it says in a header where to sign on.
    pub(super) fn new(message: &str, wants_sign_on: bool) -> Self {
        let message = message.to_ascii_lowercase();
        let has = |words: &[&str]| words.iter().any(|words| message.contains(words));
        if wants_sign_on || has(&["saml enforcement"]) {
            Self::SignOn
        } else if has(&["is locked"]) {
            Self::Locked
        } else if has(&["was archived", "is archived"]) {
            Self::Archived
        } else if message.is_empty() || has(&["not accessible by", "must have"]) {
            Self::Permission
        } else {
            Self::Other
        }
    }
}

impl GitHubProblem {
    /// How long GitHub wants to be left alone.
    pub(super) const fn wait(&self) -> Option<Duration> {
        match self {
            Self::RateLimit(wait) | Self::Unavailable { wait: Some(wait), .. } => Some(*wait),
            _ => None,
        }
    }

    /// Whether what was to be written may be written all the same: nobody said.
    pub(crate) const fn is_open(&self) -> bool {
        matches!(self, Self::Unavailable { .. } | Self::Unreachable { .. } | Self::Unreadable(_))
    }
}

impl fmt::Display for GitHubProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAddress => f.write_str("it is not a URL that a token may be sent to"),
            Self::Token => f.write_str("the token is not known"),
            Self::Forbidden { message, .. } => write!(f, "forbidden: {message}"),
            Self::NotFound(_) => f.write_str("not found"),
            Self::RateLimit(wait) => write!(f, "rate limited for {} s", wait.as_secs()),
            Self::StillLimited(attempts) => write!(f, "rate limited in {attempts} attempts"),
            Self::Refused { status, message } => write!(f, "refused with status {status}: {message}"),
            Self::Unavailable { status, wait: None } => write!(f, "answered with status {status}"),
            Self::Unavailable { status, wait: Some(wait) } => {
                write!(f, "answered with status {status}, and wants to be asked again in {} s", wait.as_secs())
            }
            Self::Unreachable { detail, .. } => write!(f, "no answer: {detail}"),
            Self::Elsewhere(host) => write!(f, "the answer leads to {host}"),
            Self::Overdue => f.write_str("not answered within the time of the step"),
            Self::Unreadable(why) => write!(f, "the answer cannot be read: {why}"),
        }
    }
}
