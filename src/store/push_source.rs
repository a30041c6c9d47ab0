use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Where a push came from. In Actions the run and its commit; elsewhere the git commit, if any, and whether the tree
/// was dirty. Never a hostname or a person's address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushSource {
    /// `owner/name`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// The repository's number, which stays when it is renamed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository_id: Option<String>,
    /// The commit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha: Option<String>,
    /// The branch or tag, in full.
    #[serde(rename = "ref", default, skip_serializing_if = "Option::is_none")]
    pub git_ref: Option<String>,
    /// The event that started the workflow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// The workflow run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_id: Option<String>,
    /// Which attempt at it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_attempt: Option<String>,
    /// The workflow's file and ref.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workflow_ref: Option<String>,
    /// Who started it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// Outside Actions: whether there were changes that no commit holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dirty: Option<bool>,
    /// What later versions of the tool add.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl fmt::Display for PushSource {
    /// As a clause of a message: `run 42 (attempt 2) of acme/shop at 1a2b3c4`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if let Some(run) = &self.run_id {
            let attempt = self.run_attempt.as_deref().filter(|attempt| *attempt != "1");
            parts
                .push(attempt.map_or_else(|| format!("run {run}"), |attempt| format!("run {run} (attempt {attempt})")));
        }
        if let Some(repository) = &self.repository {
            parts.push(if parts.is_empty() { repository.clone() } else { format!("of {repository}") });
        }
        if let Some(sha) = &self.sha {
            parts.push(format!("at commit {}", sha.get(..7).unwrap_or(sha)));
        }
        if parts.is_empty() { f.write_str("an unknown source") } else { f.write_str(&parts.join(" ")) }
    }
}
