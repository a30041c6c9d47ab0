//! The words for inputs that cannot be used.

use super::{Message, some_of};
use crate::option::{OptionError, OptionProblem, OptionSpec, UnknownName};

pub(super) fn message(error: &OptionError) -> Message {
    let OptionError { name, problem, .. } = error;
    if let OptionProblem::SeveralUnknown(unknown) = problem {
        let names: Vec<_> = unknown.iter().map(unknown_name).collect();
        return Message::new("Unknown inputs", format!("These inputs do not exist: {}.", some_of(&names)));
    }
    Message::new(&format!("Input {name}"), format!("The input `{name}` {}.", clause(problem)))
}

/// What is wrong, as a clause that follows the input's name.
fn clause(problem: &OptionProblem) -> String {
    match problem {
        OptionProblem::Unknown(_) => "does not exist".to_owned(),
        OptionProblem::SeveralUnknown(_) => "is one of several that do not exist".to_owned(),
        OptionProblem::NotYet => "is not supported by this version".to_owned(),
        OptionProblem::CommandNotYet(command) => format!("is `{command}`, which this version does not have"),
        OptionProblem::NotUtf8 => "is not UTF-8 text".to_owned(),
        OptionProblem::NotAFlag(text) => format!("is {text:?}, which is neither true nor false"),
        OptionProblem::NotAChoice { given, .. } => format!("is {given:?}, which is not one of the allowed values"),
        OptionProblem::NotSeconds(least, most) => format!("is not a whole number of seconds from {least} to {most}"),
        OptionProblem::NotAPath(error) => format!("is not a path below the workspace: {}", error.rule),
        OptionProblem::NotA(what) => format!("is not a valid {what}"),
        OptionProblem::IsNotA(text, what) => format!("is {text:?}, which is not a valid {what}"),
        OptionProblem::NotASeparator => {
            "must have at most 8 characters, and only letters, digits and the characters _ - . / :".to_owned()
        }
        OptionProblem::Unusable(why) => format!("cannot be used: {why}"),
        OptionProblem::NamesNo(what) => format!("names no {what}"),
        OptionProblem::OfAnotherCommand { of, running } => {
            format!("belongs to `command: {of}`, but the command is {running}")
        }
        OptionProblem::Needs { other, .. } => format!("is set, but {}", is_not(other)),
        OptionProblem::Excluded { other, .. } => format!("cannot be set together with `{}`", other.name),
        OptionProblem::TagNamesNoVersion(tag) => {
            format!("is empty, so it is the workflow's tag {tag:?}, which cannot name a version")
        }
        OptionProblem::NamesNoVersion(requirement) => format!("is {requirement:?}, which cannot be pushed"),
        OptionProblem::HeadIsReplacedAnyway => "is set, but the head is always replaced".to_owned(),
        OptionProblem::NoRepository => "is empty, and there is no repository to take it from".to_owned(),
        OptionProblem::RepositoryIsNoContext(error) => {
            format!("is empty, and the repository's name cannot be one: {error}")
        }
        OptionProblem::DefaultIsNoBucket(name) => {
            format!("is empty, and {name:?}, which the catalog or the context gives, is not a valid bucket name")
        }
        OptionProblem::NoSuchKeys(keys) => format!("names {}, which these files do not have", some_of(keys)),
        OptionProblem::HasQuery(variable) => {
            in_its_place(variable.as_deref(), "may have no query and no fragment: leave out what follows `?` or `#`")
        }
        OptionProblem::NotAUrl(variable) => in_its_place(variable.as_deref(), "is not a URL"),
        OptionProblem::InTheClear(variable) => in_its_place(
            variable.as_deref(),
            "would send signatures and config unencrypted: it begins with http:// and is not on this machine",
        ),
    }
}

/// A name, with what is known of it.
fn unknown_name(UnknownName { name, meant, is_planned }: &UnknownName) -> String {
    match meant {
        _ if *is_planned => format!("`{name}` (not supported by this version)"),
        Some(meant) => format!("`{name}` (did you mean `{meant}`?)"),
        None => format!("`{name}`"),
    }
}

fn is_not(option: &OptionSpec) -> String {
    if option.is_flag() { format!("`{}` is not true", option.name) } else { format!("`{}` is not set", option.name) }
}

/// The problem of an input that a variable may have given in its place.
fn in_its_place(variable: Option<&str>, problem: &str) -> String {
    variable.map_or_else(|| problem.to_owned(), |name| format!("is empty, and {name} in its place {problem}"))
}
