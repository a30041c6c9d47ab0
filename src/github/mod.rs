//! GitHub, as far as the action tells it something or asks it. octocrab sends the requests over this tool's own HTTP
//! client.
//!
//! Of answers only those fields are read that are needed, and all that may be absent may be null: an account that was
//! deleted leaves nulls behind. GitHub decides nothing here: what it does not say stays unknown.

mod access;
mod asset;
mod author;
mod comment;
mod error;
mod git_tag;
mod line_ends;
mod link;
mod patience;
mod pull_request;
mod release;
mod release_file;
mod repository;
mod shared_text;
mod source;
mod transport;
mod uploads;

pub(crate) use access::{Access, GitHub};
pub(crate) use asset::Attached;
pub(crate) use comment::{Doubt, Kept, Marked};
pub(crate) use error::{GitHubError, GitHubProblem, Ground};
pub(crate) use pull_request::HeadCommit;
pub(crate) use release::{Release, ReleaseId};
pub(crate) use repository::RepositoryName;
pub(crate) use shared_text::Written;
pub(crate) use source::{SourceFinding, TagState};
