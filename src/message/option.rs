//! The words for options that cannot be used.

use super::remedy::{in_action, named};
use super::speaker::{Speaker, sentence};
use super::{Message, some_of};
use crate::option::{COMMAND, OPTIONS, OptionError, OptionProblem, OptionSpec, UnknownName};

pub(super) fn message(error: &OptionError, speaker: impl Speaker) -> Message {
    let OptionError { name, option, problem } = error;
    if let OptionProblem::SeveralUnknown(unknown) = problem {
        let names: Vec<_> = unknown.iter().map(|name| unknown_name(name, speaker)).collect();
        let inputs = speaker.pick("inputs", "options");
        return Message::new(
            speaker.pick("Unknown inputs", "Unknown options"),
            format!("These {inputs} do not exist: {}.", some_of(&names)),
        );
    }
    let known = option.or_else(|| OPTIONS.iter().find(|option| option.name == *name).copied());
    let subject = match problem {
        // Of a promotion, where a command line has other names for them than of a comparison.
        OptionProblem::NotASource(_) | OptionProblem::NotATarget(_) | OptionProblem::NotRestorable(_) => {
            speaker.pick("The input `from`", "`REF`").to_owned()
        }
        // The channel is named, in the place of REF.
        OptionProblem::BackFromAnywhere(_) | OptionProblem::NotABackTarget(_) => {
            speaker.pick("The input `from`", "`VERSION`").to_owned()
        }
        OptionProblem::NotADestination(_) | OptionProblem::NotAChannel(_) => {
            speaker.pick("The input `to`", "`--to`").to_owned()
        }
        OptionProblem::NotPurged(_) => speaker.pick("The input `version`", "`REF`").to_owned(),
        _ => {
            let unknown = || format!("{}`{name}`", speaker.pick("The input ", ""));
            known.map_or_else(unknown, |option| speaker.subject(option))
        }
    };
    Message::new(&title(name, speaker), format!("{subject} {}.", clause(problem, speaker)))
}

/// The title of a message about an option.
pub(super) fn title(name: &str, speaker: impl Speaker) -> String {
    format!("{} {name}", speaker.pick("Input", "Option"))
}

/// What is wrong, as a clause that follows the option's name.
fn clause(problem: &OptionProblem, speaker: impl Speaker) -> String {
    match problem {
        OptionProblem::Unknown(_) => "does not exist".to_owned(),
        OptionProblem::SeveralUnknown(_) => "is one of several that do not exist".to_owned(),
        OptionProblem::NotYet => "is not supported by this version".to_owned(),
        OptionProblem::CommandNotYet(command) => format!("is `{command}`, which this version does not have"),
        OptionProblem::NotUtf8 => "is not UTF-8 text".to_owned(),
        OptionProblem::NotAFlag(text) => format!("is {text:?}, which is neither true nor false"),
        OptionProblem::NotAChoice { given, .. } => format!("is {given:?}, which is not one of the allowed values"),
        OptionProblem::NotSeconds(least, most) => format!("is not a whole number of seconds from {least} to {most}"),
        OptionProblem::NotANumber(least, most) => format!("is not a whole number from {least} to {most}"),
        OptionProblem::NotAPath(error) => {
            format!("is not a path below {}: {}", speaker.pick("the workspace", "the catalog's folder"), error.rule)
        }
        OptionProblem::NotA(what) => format!("is not a valid {what}"),
        OptionProblem::IsNotA(text, what) => format!("is {text:?}, which is not a valid {what}"),
        OptionProblem::NoCheckedFile(side) => format!("names ./{side}, but no file there is checked"),
        OptionProblem::NotASeparator => {
            "must have at most 8 characters, and only letters, digits and the characters _ - . / :".to_owned()
        }
        OptionProblem::Unusable(why) => format!("cannot be used: {}", speaker.clause(why)),
        OptionProblem::NoVersionName(why) => format!("cannot be used: {}", speaker.clause(why)),
        OptionProblem::NamesNo(what) => format!("names no {what}"),
        OptionProblem::OfAnotherCommand { of, running, .. } => match in_action(of)[..] {
            [of] => format!("belongs to {}, but the command is {running}", speaker.with(&COMMAND, of.name())),
            _ => format!("is not for {}", speaker.with(&COMMAND, running.name())),
        },
        OptionProblem::Needs { other, .. } => format!("is set, but {}", is_not(other, speaker)),
        OptionProblem::Excluded { other, .. } => {
            format!("cannot be set together with {}", speaker.given_by(other))
        }
        OptionProblem::TagNamesNoVersion(tag) => {
            let empty = speaker.pick("empty, so it is the workflow's tag", "not set, so it is");
            format!("is {empty} {tag:?}, which cannot name a version")
        }
        OptionProblem::NamesNoVersion(requirement) => format!("is {requirement:?}, which cannot be pushed"),
        OptionProblem::NotASource(why)
        | OptionProblem::NotATarget(why)
        | OptionProblem::NotADestination(why)
        | OptionProblem::NotAChannel(why)
        | OptionProblem::NotRestorable(why)
        | OptionProblem::NotPurged(why) => why.clone(),
        OptionProblem::LacksColon(channel) => {
            format!("is \"{channel}\", and a channel is written with a colon before its name")
        }
        OptionProblem::NotABackTarget(_) => {
            "does not name one version exactly, and a channel goes back to one that it had".to_owned()
        }
        OptionProblem::OfNoMove(_) => "has no meaning where a channel is moved".to_owned(),
        OptionProblem::OfNoChannel => "belongs to a move of a channel, and none is named".to_owned(),
        OptionProblem::BackFromAnywhere(_) => {
            "is not set, and the same rollback of a channel, run again, would go back further".to_owned()
        }
        OptionProblem::HeadIsReplacedAnyway => "is set, but the head is always replaced".to_owned(),
        OptionProblem::NoRepository => sentence!(
            speaker,
            "is "
            ["empty, and there is no repository" | "not set, and there is no folder's name"]
            " to take it from"
        )
        .to_owned(),
        OptionProblem::RepositoryIsNoContext(error) => {
            let (empty, repository) = speaker.pick(("empty", "repository"), ("not set", "folder"));
            format!("is {empty}, and the {repository}'s name cannot be one: {error}")
        }
        OptionProblem::DefaultIsNoBucket(name) => {
            let empty = speaker.pick("empty", "not set");
            format!("is {empty}, and {name:?}, the default of this context, is not a valid bucket name")
        }
        OptionProblem::BucketNotTrusted(name) => {
            let empty = speaker.pick("empty", "not set");
            format!("is {empty}, and nobody has agreed to the bucket {name:?}, which the catalog leads to")
        }
        OptionProblem::NoSuchKeys(keys) => {
            format!("names {}, which these files do not have", speaker.clause(&some_of(keys)))
        }
        OptionProblem::HasQuery(variable) => {
            let problem = "may have no query and no fragment: leave out what follows `?` or `#`";
            in_its_place(variable.as_deref(), problem, speaker)
        }
        OptionProblem::NotAUrl(variable) => in_its_place(variable.as_deref(), "is not a URL", speaker),
        OptionProblem::InTheClear(variable) => in_its_place(
            variable.as_deref(),
            "would send signatures and config unencrypted: it begins with http:// and is not on this machine",
            speaker,
        ),
    }
}

/// A name, with what is known of it.
fn unknown_name(UnknownName { name, meant, is_planned }: &UnknownName, speaker: impl Speaker) -> String {
    match meant {
        _ if *is_planned => format!("`{name}` (not supported by this version)"),
        Some(meant) => format!("`{name}` (did you mean {}?)", named(meant, speaker)),
        None => format!("`{name}`"),
    }
}

fn is_not(option: &OptionSpec, speaker: impl Speaker) -> String {
    let is_true = option.is_flag() && speaker.pick(true, false);
    format!("{} is not {}", speaker.option(option), if is_true { "true" } else { "set" })
}

/// The problem of an input that a variable may have given in its place.
fn in_its_place(variable: Option<&str>, problem: &str, speaker: impl Speaker) -> String {
    let empty = speaker.pick("empty", "not set");
    variable.map_or_else(|| problem.to_owned(), |name| format!("is {empty}, and {name} in its place {problem}"))
}
