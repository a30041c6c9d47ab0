//! What one run of the command line asks for: its command, its options from flags and variables, and what stands there
//! without a flag.

use std::ffi::{OsStr, OsString};

use clap::ArgMatches;
use clap::parser::ValueSource;

use super::arguments::ALL_VERSIONS;
use super::contradiction::Contradiction;
use super::empty::Empty;
use super::failure::Failure;
use super::flagless::refuse_flags;
use super::go::{self, GoWords};
use super::table::{Argument, COMMANDS, Number};
use crate::environment::Environment;
use crate::option::{
    CHANNEL, Command, FrontEnd, OPTIONS, OptionError, OptionSpec, Origin, PUSH_TO, RawOptions, TO, VERSION,
};
use crate::secret::Secret;

/// A command line that was parsed.
pub(super) struct Invocation {
    pub(super) command: Command,
    pub(super) raw: RawOptions,
    /// What was said in words of the Go tool, and is no option.
    pub(super) go: GoWords,
    matches: ArgMatches,
}

impl Invocation {
    /// Takes what was parsed of these arguments; an option that no flag gives is that of its variable.
    ///
    /// # Errors
    /// An option that is not UTF-8; a flag or an argument that is empty; what only the Go tool does.
    pub(super) fn new(
        mut matches: ArgMatches,
        environment: &Environment,
        arguments: &[OsString],
    ) -> Result<Option<Self>, Failure> {
        let Some((name, matches)) = matches.remove_subcommand() else { return Ok(None) };
        let Some(line) = COMMANDS.iter().find(|line| line.command.name() == name) else { return Ok(None) };
        let mut go = GoWords::new(line.command, &matches, environment, arguments)?;
        let command = go.command.unwrap_or(line.command);
        let mut texts = std::mem::take(&mut go.options);
        for option in OPTIONS.iter().filter(|option| option.is_offered(FrontEnd::CommandLine, command)) {
            // What stands for another command has not all of its flags.
            let typed = matches.try_get_many::<String>(option.flag_name()).ok().flatten();
            let typed = typed.filter(|_| matches.value_source(option.flag_name()) == Some(ValueSource::CommandLine));
            let variables = || option.variable().into_iter().chain(go::variable(option).map(ToOwned::to_owned));
            if let Some(typed) = typed {
                let typed: Vec<_> = typed.map(String::as_str).collect();
                if !option.flag.may_be_empty && typed.iter().any(|text| text.trim().is_empty()) {
                    return Err(Empty::flag(option).into());
                }
                if [&VERSION, &CHANNEL, &TO, &PUSH_TO].contains(option)
                    && let Some(nameless) = typed.iter().find(|text| text.trim().ends_with(':'))
                {
                    return Err(Empty::channel(nameless).into());
                }
                let text = if typed == [ALL_VERSIONS] { String::new() } else { typed.join("\n") };
                texts.push((option.name, go::translated(option, text), Origin::Option));
            } else if let Some((text, name)) = variables().find_map(|name| Some((environment.text(&name)?, name))) {
                texts.push((option.name, go::translated(option, text), Origin::Variable(name)));
            } else if let Some(name) = variables().find(|name| environment.is_unreadable(name)) {
                return Err(OptionError::not_utf8(name).into());
            }
        }
        for argument in line.arguments.iter().filter(|argument| argument.number != Number::CommandLine) {
            let typed = || matches.get_many::<String>(argument.name).into_iter().flatten();
            if typed().any(|text| text.trim().is_empty()) {
                return Err(Empty::argument(argument).into());
            }
            if let Some(nameless) = typed().find(|text| names_nameless_channel(command, argument, text.trim())) {
                return Err(Empty::channel(nameless).into());
            }
        }
        let raw = RawOptions::from_texts(FrontEnd::CommandLine, texts)?;
        Ok(Some(Self { command, raw, go, matches }))
    }

    /// Whether an option is given as nothing, by a flag or, without one, by its variable.
    pub(super) fn is_emptied(&self, option: &OptionSpec, environment: &Environment) -> bool {
        let typed = self.matches.try_get_one::<String>(option.flag_name()).ok().flatten();
        let variable = || option.variable().and_then(|name| environment.get(&name));
        let text = typed.or_else(|| variable().map(Secret::expose));
        text.is_some_and(|text| text.trim().is_empty())
    }

    /// Whether a list is asked for versions in a word of the Go tool.
    pub(super) fn lists_versions(&self) -> bool {
        self.go.lists_versions || self.argument(VERSION.flag_name()) == Some(ALL_VERSIONS)
    }

    /// Refuses the flags of all commands for one that needs nothing but the program itself.
    ///
    /// # Errors
    /// The first such flag.
    pub(super) fn refuse_flags(&self) -> Result<(), Contradiction> {
        refuse_flags(self.command.name(), &self.matches)
    }

    /// What a flag was given on the command line.
    pub(super) fn typed(&self, option: &OptionSpec) -> impl Iterator<Item = &str> {
        let name = option.flag_name();
        let is_typed = self.matches.try_contains_id(name).is_ok()
            && self.matches.value_source(name) == Some(ValueSource::CommandLine);
        let given = is_typed.then(|| self.matches.try_get_many::<String>(name).ok().flatten()).flatten();
        given.into_iter().flatten().map(String::as_str)
    }

    /// What stands in an argument's place.
    pub(super) fn arguments(&self, name: &str) -> impl Iterator<Item = &str> {
        let given = self.matches.try_get_many::<String>(name).ok().flatten();
        given.into_iter().flatten().map(String::as_str)
    }

    /// As [`arguments`](Self::arguments), of what need not be text.
    pub(super) fn os_arguments(&self, name: &str) -> impl Iterator<Item = &OsStr> {
        let given = self.matches.try_get_many::<OsString>(name).ok().flatten();
        given.into_iter().flatten().map(OsString::as_os_str)
    }

    /// What stands in the place of an argument that may stand there once.
    pub(super) fn argument(&self, name: &str) -> Option<&str> {
        self.arguments(name).next()
    }
}

/// Whether an argument names a channel by its form, and not by a name: the variable after the colon was empty. Paths and
/// config keys may end in a colon, too.
fn names_nameless_channel(command: Command, argument: &Argument, typed: &str) -> bool {
    let is_whole = || typed == ":" || typed.starts_with("s3://");
    typed.ends_with(':')
        && match argument.name {
            "REF" | "A" | "B" => true,
            "FILE" | "REF|FILE" => is_whole(),
            "KEY" => command == Command::Log && is_whole(),
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::arguments::grammar;
    use crate::option::{Command, Kind, SAME_KEYS};

    fn read(words: &[&str]) -> Result<Option<Invocation>, Failure> {
        let words = ["cstore"].iter().chain(words);
        Invocation::new(grammar().try_get_matches_from(words).unwrap(), &Environment::default(), &[])
    }

    #[test]
    fn no_flag_is_left_out_by_an_empty_text() {
        let mut refused = 0;
        for line in COMMANDS {
            let needed: &[&str] = match line.command {
                Command::Get | Command::Set | Command::Unset => &["KEY"],
                Command::Exec => &["--", "true"],
                Command::Promote => &["v1.0.0"],
                _ => &[],
            };
            for option in OPTIONS.iter().filter(|option| option.is_offered(FrontEnd::CommandLine, line.command)) {
                let flag = format!("--{}", option.flag_name());
                for blank in ["", " ", "\n"] {
                    let with = format!("{flag}={blank}");
                    let typed = match option.kind {
                        _ if **option == SAME_KEYS => vec![&*flag, "head", blank],
                        Kind::Flag => vec![&*with],
                        _ if option.flag.bare.is_empty() => vec![&*flag, blank],
                        _ => vec![&*with],
                    };
                    let words: Vec<_> = [line.command.name()].iter().chain(&typed).chain(needed).copied().collect();
                    let read = read(&words);
                    let is_refused = matches!(read, Err(Failure::Empty(_)));
                    assert_eq!(is_refused, !option.flag.may_be_empty, "{words:?}");
                    refused += u32::from(is_refused);
                }
            }
        }
        assert!(refused > 500, "{refused}");
    }

    #[test]
    fn no_argument_is_left_out_by_an_empty_text() {
        for words in [&["push", ""][..], &["pull", "a.env", " "], &["show", ""], &["diff", "", "v1"], &["get", ""]] {
            assert!(matches!(read(words), Err(Failure::Empty(_))), "{words:?}");
        }
        assert!(read(&["exec", "--", "printf", ""]).is_ok());
    }
}
