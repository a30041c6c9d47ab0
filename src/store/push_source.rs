use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::field::{
    Grammar, first_broken, is_commit, is_event, is_git_ref, is_line, is_number, is_person, is_repository,
};

/// Where a push came from. In Actions the run and its commit; elsewhere the git commit, if any, whether the tree
/// was dirty, and the name of who pushed. Never a hostname or a person's address.
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
    /// Outside Actions: the name of who pushed, never an address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Outside Actions: whether there were changes that no commit holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dirty: Option<bool>,
    /// What later versions of the tool add.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl PushSource {
    /// The fields that only people read, each with what it may hold.
    fn fields(&mut self) -> [(&'static str, &mut Option<String>, Grammar); 10] {
        [
            ("source.repository", &mut self.repository, is_repository),
            ("source.repository_id", &mut self.repository_id, is_number),
            ("source.sha", &mut self.sha, is_commit),
            ("source.ref", &mut self.git_ref, is_git_ref),
            ("source.event", &mut self.event, is_event),
            ("source.run_id", &mut self.run_id, is_number),
            ("source.run_attempt", &mut self.run_attempt, is_number),
            ("source.workflow_ref", &mut self.workflow_ref, is_line),
            ("source.actor", &mut self.actor, is_line),
            ("source.author", &mut self.author, is_person),
        ]
    }

    /// The same without what a reader would refuse: another platform than GitHub may set the variables to anything.
    #[must_use]
    pub fn readable(mut self) -> Self {
        for (_, text, is_right) in self.fields() {
            if text.as_deref().is_some_and(|text| !is_right(text)) {
                *text = None;
            }
        }
        self
    }

    /// What a sentence ends with that tells of something made: ` by run 42 of acme/shop at commit 1a2b3c4`. Empty where
    /// nobody is recorded.
    #[must_use]
    pub fn by(source: Option<&Self>) -> String {
        let who = source.map(ToString::to_string).unwrap_or_default();
        if who.is_empty() { who } else { format!(" by {who}") }
    }

    /// The first field that is not what it must be.
    pub(super) fn broken_field(&self) -> Option<&'static str> {
        let mut own = self.clone();
        first_broken(own.fields().map(|(name, text, is_right)| (name, text.as_deref(), is_right)))
    }
}

impl fmt::Display for PushSource {
    /// What follows "by" in a message: `run 42 (attempt 2) of acme/shop at commit 1a2b3c4`, `Mona at commit 1a2b3c4`.
    /// Empty where nothing of that is recorded.
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
        let is_of_a_person = parts.is_empty();
        match &self.author {
            Some(author) if is_of_a_person => parts.push(author.clone()),
            None if is_of_a_person && self.sha.is_some() => parts.push("somebody".to_owned()),
            _ => {}
        }
        if let Some(sha) = &self.sha {
            parts.push(format!("at commit {}", sha.get(..7).unwrap_or(sha)));
        }
        if let Some(author) = self.author.as_ref().filter(|_| !is_of_a_person) {
            parts.push(format!("for {author}"));
        }
        f.write_str(&parts.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_what_follows_by() {
        let text = |text: &str| Some(text.to_owned());
        let sha = text("1a2b3c4d5e6f");
        for (source, said) in [
            (PushSource::default(), ""),
            (PushSource { sha: sha.clone(), ..PushSource::default() }, "somebody at commit 1a2b3c4"),
            (PushSource { author: text("Mona"), ..PushSource::default() }, "Mona"),
            (PushSource { author: text("Mona"), sha: sha.clone(), ..PushSource::default() }, "Mona at commit 1a2b3c4"),
            (
                PushSource { run_id: text("42"), repository: text("acme/shop"), sha, ..PushSource::default() },
                "run 42 of acme/shop at commit 1a2b3c4",
            ),
        ] {
            assert_eq!(source.to_string(), said);
            let by = if said.is_empty() { String::new() } else { format!(" by {said}") };
            assert_eq!(PushSource::by(Some(&source)), by);
        }
        assert_eq!(PushSource::by(None), "");
    }

    #[test]
    fn what_a_reader_would_refuse_is_left_out_and_the_rest_stays() {
        let text = |text: &str| Some(text.to_owned());
        let source =
            PushSource { sha: text("no commit"), actor: text("mona"), run_id: text("4\n2"), ..PushSource::default() };
        assert!(source.broken_field().is_some());
        assert_eq!(source.readable(), PushSource { actor: text("mona"), ..PushSource::default() });
    }
}
