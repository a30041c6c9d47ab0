//! Inputs and the facts of the run, from the environment that GitHub's runner gives a container action.

use std::collections::BTreeMap;
use std::path::PathBuf;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::oidc::token_endpoint;
use crate::option::{NOT_YET, OPTIONS, RawOptions};
use crate::request::{InputError, Job, nearest};
use crate::secret::Secret;
use crate::store::{PushInfo, PushSource};

/// The runner hands an input over as this and its name in capitals, blanks as `_`, hyphens kept.
const PREFIX: &str = "INPUT_";

/// The environment, as the process got it.
pub type Environment = BTreeMap<String, Secret<String>>;

/// The inputs that are given. Empty means not given.
///
/// # Errors
/// An input that does not exist, by name, with the nearest that does.
pub fn given(environment: &Environment) -> Result<RawOptions, InputError> {
    let inputs: Vec<(String, String)> = environment
        .iter()
        .filter(|(name, value)| name.starts_with(PREFIX) && !value.expose().trim().is_empty())
        .map(|(name, value)| (name.clone(), trimmed(value.expose()).to_owned()))
        .collect();
    for (name, _) in &inputs {
        refuse_unknown(&name[PREFIX.len()..].to_lowercase())?;
    }
    // All are texts of known names, so this cannot fail; were it to, its message could quote a value.
    envy::prefixed(PREFIX)
        .from_iter(inputs)
        .map_err(|_| InputError::new("with", "cannot be read", "Check the inputs of this step."))
}

/// Without the blanks and the line break that a YAML block leaves around one line. Several lines stay as they are:
/// messages count them.
fn trimmed(value: &str) -> &str {
    let line = value.trim();
    if line.contains('\n') { value } else { line }
}

fn refuse_unknown(name: &str) -> Result<(), InputError> {
    if OPTIONS.iter().any(|option| option.name == name) {
        return Ok(());
    }
    if NOT_YET.contains(&name) {
        return Err(InputError::new(name, "belongs to what this version does not have yet", "Remove it."));
    }
    let names: Vec<_> = OPTIONS.iter().map(|option| option.name).collect();
    // Whoever writes `export_env` means `export-env`.
    let hyphened = name.replace('_', "-");
    let meant = names.iter().find(|known| **known == hyphened).copied().or_else(|| nearest(&hyphened, &names));
    let remedy = meant.map_or_else(|| "Remove it.".to_owned(), |meant| format!("Did you mean `{meant}`?"));
    Err(InputError::new(name, "does not exist", remedy))
}

/// The tag, on a tag's workflow.
#[must_use]
pub fn tag(environment: &Environment) -> Option<String> {
    (get(environment, "GITHUB_REF_TYPE")? == "tag").then(|| get(environment, "GITHUB_REF_NAME")).flatten()
}

/// The facts of the run.
#[must_use]
pub fn job(environment: Environment) -> Job {
    let in_actions = get(&environment, "GITHUB_ACTIONS").is_some();
    let repository = get(&environment, "GITHUB_REPOSITORY");
    let source = in_actions.then(|| PushSource {
        repository: repository.clone(),
        repository_id: get(&environment, "GITHUB_REPOSITORY_ID"),
        sha: get(&environment, "GITHUB_SHA"),
        git_ref: get(&environment, "GITHUB_REF"),
        event: get(&environment, "GITHUB_EVENT_NAME"),
        run_id: get(&environment, "GITHUB_RUN_ID"),
        run_attempt: get(&environment, "GITHUB_RUN_ATTEMPT"),
        workflow_ref: get(&environment, "GITHUB_WORKFLOW_REF"),
        actor: get(&environment, "GITHUB_ACTOR"),
        ..PushSource::default()
    });
    let now = OffsetDateTime::now_utc().replace_nanosecond(0).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    Job {
        workspace: get(&environment, "GITHUB_WORKSPACE").map_or_else(|| PathBuf::from("."), PathBuf::from),
        default_context: repository.as_deref().and_then(|name| name.rsplit('/').next()).map(ToOwned::to_owned),
        info: PushInfo {
            push_id: uuid::Uuid::new_v4().to_string(),
            created_at: now.format(&Rfc3339).unwrap_or_default(),
            source,
        },
        token_endpoint: token_endpoint(&environment),
        environment: environment.into_iter().filter(|(name, _)| !name.starts_with(PREFIX)).collect(),
    }
}

/// A variable that is set and not empty.
pub(super) fn get(environment: &Environment, name: &str) -> Option<String> {
    environment.get(name).map(Secret::expose).filter(|value| !value.is_empty()).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> Environment {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), Secret::from(*value))).collect()
    }

    #[test]
    fn inputs_come_with_their_hyphens_and_empty_ones_are_not_given() {
        let given = given(&environment(&[
            ("INPUT_EXPORT-ENV", "true"),
            ("INPUT_FILES", "a\nb\n"),
            ("INPUT_VERSION", ""),
            ("INPUT_TAGS", " \n"),
            ("OTHER", "x"),
        ]))
        .unwrap();
        assert_eq!(given.export_env.as_deref(), Some("true"));
        assert_eq!(given.files.as_deref(), Some("a\nb\n"));
        assert_eq!((given.version, given.tags), (None, None));
    }

    #[test]
    fn an_unknown_input_is_refused_with_the_nearest() {
        for (name, remedy) in [
            ("INPUT_EXPORT_ENV", "Did you mean `export-env`?"),
            ("INPUT_FILE", "Did you mean `files`?"),
            ("INPUT_BUKET", "Did you mean `bucket`?"),
            ("INPUT_QQQ", "Remove it."),
            ("INPUT_VERIFY-SOURCE", "Remove it."),
        ] {
            let Err(error) = given(&environment(&[(name, "x")])) else { panic!("{name} was taken") };
            assert_eq!(error.remedy, remedy, "{name}");
        }
    }

    #[test]
    fn a_tag_is_one_only_on_a_tags_workflow() {
        let of = |kind| tag(&environment(&[("GITHUB_REF_TYPE", kind), ("GITHUB_REF_NAME", "v1.2.3")]));
        assert_eq!(of("tag").as_deref(), Some("v1.2.3"));
        assert_eq!(of("branch"), None);
    }
}
