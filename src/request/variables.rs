//! Which variables of the job files may refer to.

use crate::environment::Environment;
use crate::name::{Variable, is_credential_variable, is_variable_name};
use crate::option::{OptionError, RawOptions, VARIABLES};

/// The names that count where the option gives none: facts of a run that its page shows anyway
/// (<https://docs.github.com/en/actions/reference/workflows-and-actions/variables>).
pub(crate) const DEFAULT_VARIABLES: [&str; 6] =
    ["GITHUB_REF_NAME", "GITHUB_REF_TYPE", "GITHUB_REPOSITORY", "GITHUB_SHA", "GITHUB_EVENT_NAME", "RUNNER_OS"];

/// The names of the variables that `${NAME}` may stand for in a catalog's paths and, on request, in values. Whoever may
/// change a file would otherwise see any variable of the job, which may be a secret of its workflow: in a request to a
/// bucket of his, in an output.
#[derive(Debug, Clone)]
pub struct VariableNames(Vec<String>);

/// Why a line is not a variable name that can be listed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum NameProblem {
    #[error("line {0} is not a variable name; write one per line, of letters, digits and `_`")]
    NoName(usize),
    #[error("{0} may hold credentials, which are never put into paths and values")]
    Credential(String),
}

impl VariableNames {
    pub(super) fn new(raw: &RawOptions) -> Result<Self, OptionError> {
        let Some(text) = raw.text(&VARIABLES) else { return Ok(Self(DEFAULT_VARIABLES.map(str::to_owned).into())) };
        let lines = text.lines().map(str::trim).enumerate().filter(|(_, line)| !line.is_empty());
        let names = lines.map(|(index, name)| match name {
            _ if !is_variable_name(name) => Err(NameProblem::NoName(index + 1)),
            _ if is_credential_variable(name) => Err(NameProblem::Credential(name.to_owned())),
            _ => Ok(name.to_owned()),
        });
        names.collect::<Result<_, _>>().map(Self).map_err(|problem| OptionError::unusable(&VARIABLES, problem))
    }

    /// What a name stands for. One that may hold credentials stands for nothing, so that nobody is told to list it.
    pub(crate) fn look_up(&self, environment: &Environment, name: &str) -> Variable {
        match environment.get(name) {
            _ if is_credential_variable(name) => Variable::NotSet,
            _ if !self.0.iter().any(|listed| listed == name) => Variable::NotListed,
            Some(value) => Variable::Value(value.clone()),
            None => Variable::NotSet,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::option::FrontEnd;
    use crate::secret::Secret;

    fn names(text: &str) -> Result<VariableNames, String> {
        let raw = RawOptions::new(FrontEnd::Action, [("variables", text.to_owned())]).unwrap();
        VariableNames::new(&raw).map_err(|error| std::error::Error::source(&error).unwrap().to_string())
    }

    fn look_up(text: &str, name: &str) -> Variable {
        let set = ["ENV", "GITHUB_SHA", "NPM_TOKEN", "GITHUB_TOKEN"].map(|name| (name.to_owned(), Secret::from("x")));
        names(text).unwrap().look_up(&set.into_iter().collect(), name)
    }

    #[test]
    fn a_list_takes_the_place_of_the_default_one() {
        assert!(matches!(look_up("", "GITHUB_SHA"), Variable::Value(_)));
        assert!(matches!(look_up("", "RUNNER_OS"), Variable::NotSet));
        assert!(matches!(look_up("", "ENV"), Variable::NotListed));
        assert!(matches!(look_up(" ENV\n\nOTHER", "ENV"), Variable::Value(_)));
        assert!(matches!(look_up("ENV", "GITHUB_SHA"), Variable::NotListed));
        assert!(matches!(look_up("ENV", "env"), Variable::NotListed), "names differ by case");
        assert!(matches!(look_up("", "GITHUB_TOKEN"), Variable::NotSet));
    }

    #[test]
    fn the_description_says_the_default() {
        assert!(VARIABLES.description.contains(&DEFAULT_VARIABLES.join(", ")), "{}", VARIABLES.description);
    }

    #[test]
    fn a_line_is_one_name_and_no_credentials() {
        for bad in ["*", "ENV_*", "A B", "A,B", "${A}", "1A"] {
            assert!(names(&format!("A\n{bad}")).unwrap_err().starts_with("line 2 is not a variable name"), "{bad}");
        }
        for credential in ["AWS_SESSION_TOKEN", "GITHUB_TOKEN", "ACTIONS_RUNTIME_TOKEN", "INPUT_DEFAULTS"] {
            assert!(names(credential).unwrap_err().contains("may hold credentials"), "{credential}");
        }
    }
}
