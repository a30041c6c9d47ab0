//! Inputs and the facts of the run, from the environment that GitHub's runner gives a container action.

use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::event::release_title;
use super::oidc::token_endpoint;
use crate::environment::Environment;
use crate::option::{FrontEnd, OptionError, RawOptions};
use crate::process::random_uuid;
use crate::request::RunInfo;
use crate::store::{PushInfo, PushSource};

/// The runner passes an input in a variable: this prefix and the input's name in capitals, with `_` for blanks. Hyphens
/// stay hyphens.
const PREFIX: &str = "INPUT_";

/// The inputs that are set to something.
///
/// # Errors
/// Inputs that do not exist, each with the name that was probably meant; an input that is not UTF-8.
pub fn raw_options(environment: &Environment) -> Result<RawOptions, OptionError> {
    let option = |name: &str| name.strip_prefix(PREFIX).map(str::to_lowercase);
    if let Some(name) = environment.unreadable().find_map(option) {
        return Err(OptionError::not_utf8(name));
    }
    let given = environment.iter().filter_map(|(name, value)| Some((option(name)?, value.expose().clone())));
    RawOptions::new(FrontEnd::Action, given)
}

/// The variables of GitHub's that say what the run is for
/// (<https://docs.github.com/en/actions/reference/workflows-and-actions/variables>).
#[derive(Default, Deserialize)]
#[serde(default)]
struct GitHub {
    actions: Option<String>,
    repository: Option<String>,
    repository_id: Option<String>,
    sha: Option<String>,
    #[serde(rename = "ref")]
    git_ref: Option<String>,
    ref_type: Option<String>,
    ref_name: Option<String>,
    event_name: Option<String>,
    run_id: Option<String>,
    run_attempt: Option<String>,
    workflow_ref: Option<String>,
    actor: Option<String>,
}

impl GitHub {
    fn read(environment: &Environment) -> Self {
        let variables = environment.iter().filter(|(_, value)| !value.expose().is_empty());
        let variables = variables.map(|(name, value)| (name.to_owned(), value.expose().clone()));
        // All are texts that may be absent, so nothing can fail.
        envy::prefixed("GITHUB_").from_iter(variables).unwrap_or_default()
    }

    /// The tag, on a tag's workflow; empty, which names no version, where it is not known: a push of a tag is not to
    /// become one of the head.
    fn tag(&self) -> Option<String> {
        (self.ref_type.as_deref()? == "tag").then(|| self.ref_name.clone().unwrap_or_default())
    }

    /// Where a push comes from; none outside of Actions.
    fn source(&self) -> Option<PushSource> {
        self.actions.as_ref()?;
        let source = PushSource {
            repository: self.repository.clone(),
            repository_id: self.repository_id.clone(),
            sha: self.sha.clone(),
            git_ref: self.git_ref.clone(),
            event: self.event_name.clone(),
            run_id: self.run_id.clone(),
            run_attempt: self.run_attempt.clone(),
            workflow_ref: self.workflow_ref.clone(),
            actor: self.actor.clone(),
            ..PushSource::default()
        };
        Some(source.readable())
    }
}

/// What is known of the run: its repository, its tag, the push's id and time, and where it gets an OIDC token.
///
/// # Errors
/// When the operating system gives no random numbers for the push's id.
pub fn run_info(environment: &Environment) -> Result<RunInfo, getrandom::Error> {
    let github = GitHub::read(environment);
    let now = OffsetDateTime::now_utc().replace_nanosecond(0).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    Ok(RunInfo {
        default_version: github.tag(),
        default_channel: None,
        default_context: github.repository.as_deref().and_then(|name| name.rsplit('/').next()).map(ToOwned::to_owned),
        push: PushInfo {
            push_id: random_uuid()?.to_string(),
            created_at: now.format(&Rfc3339).unwrap_or_default(),
            source: github.source(),
            message: release_title(environment),
            promoted_from: None,
        },
        token_endpoint: token_endpoint(environment),
        environment: environment.clone(),
        trusted_buckets: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::option::{EXPORT_ENV, FILES};
    use crate::secret::Secret;

    fn environment(pairs: &[(&str, &str)]) -> Environment {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), Secret::from(*value))).collect()
    }

    #[test]
    fn inputs_come_with_their_hyphens() {
        let variables = environment(&[("INPUT_EXPORT-ENV", "true"), ("INPUT_FILES", "a\nb\n"), ("OTHER", "x")]);
        let raw = raw_options(&variables).unwrap();
        assert_eq!(raw.text(&EXPORT_ENV), Some("true"));
        assert_eq!(raw.text(&FILES), Some("a\nb\n"));
        assert!(raw_options(&environment(&[("INPUT_EXPORT_ENV", "true")])).is_err());
    }

    #[test]
    fn a_tag_is_one_only_on_a_tags_workflow() {
        let tag = |kind| GitHub::read(&environment(&[("GITHUB_REF_TYPE", kind), ("GITHUB_REF_NAME", "v1.2.3")])).tag();
        assert_eq!(tag("tag").as_deref(), Some("v1.2.3"));
        assert_eq!(tag("branch"), None);
        assert_eq!(GitHub::read(&environment(&[("GITHUB_REF_TYPE", "tag")])).tag().as_deref(), Some(""));
    }

    #[test]
    fn what_is_set_and_empty_is_as_if_it_were_not_set() {
        let variables = environment(&[("GITHUB_ACTIONS", "true"), ("GITHUB_ACTOR", ""), ("GITHUB_SHA", "0123abc")]);
        let source = GitHub::read(&variables).source().unwrap();
        assert_eq!((source.actor, source.sha.as_deref()), (None, Some("0123abc")));
        assert!(GitHub::read(&environment(&[("GITHUB_SHA", "0123abc")])).source().is_none());
    }
}
