//! The grammar of the command line, made of the table of options and that of commands.

use std::ffi::OsString;

use clap::{Arg, ArgAction, Command as Grammar, value_parser};

use super::go;
use super::heading::heading;
use super::table::{Argument, COMMANDS, CommandLine, Number};
use crate::option::{Command, FrontEnd, Kind, OPTIONS, OptionSpec, SAME_KEYS, VERSION};

/// What `-v` says without a version, as the Go cStore has it: a text that nobody can type.
pub(super) const ALL_VERSIONS: &str = "\0";

/// The whole grammar, for parsing, completion, man pages and documentation.
#[must_use]
pub fn grammar() -> Grammar {
    Grammar::new("cstore")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Versioned application configuration, kept in your own S3 bucket")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .max_term_width(120)
        .args(OPTIONS.iter().filter(|option| is_of_all(option)).map(|option| flag(option, None).global(true)))
        .subcommands(COMMANDS.iter().map(command))
        .subcommands(go::grammars())
}

/// Whether every command takes an option, so that it may stand before the command, too.
fn is_of_all(option: &OptionSpec) -> bool {
    COMMANDS.iter().all(|line| is_own(option, line) || line.command.is_local())
}

fn is_own(option: &OptionSpec, line: &CommandLine) -> bool {
    option.is_offered(FrontEnd::CommandLine, line.command)
}

fn command(line: &CommandLine) -> Grammar {
    let own = OPTIONS.iter().filter(|option| is_own(option, line) && !is_of_all(option));
    Grammar::new(line.command.name())
        .about(line.about)
        .visible_aliases(line.aliases.iter().copied())
        .before_long_help(examples(line))
        .args(line.arguments.iter().map(positional))
        .args(own.map(|option| match option {
            // Without a version it asks for versions.
            version if line.command == Command::List && **version == VERSION => {
                flag(version, Some(line.command)).num_args(0..=1).default_missing_value(ALL_VERSIONS)
            }
            option => flag(option, Some(line.command)),
        }))
        .args(go::of_command(line.command))
}

fn examples(line: &CommandLine) -> String {
    let examples = line.examples.iter().map(|(typed, what)| format!("  {typed}\n      {what}"));
    format!("Examples:\n{}", examples.collect::<Vec<_>>().join("\n"))
}

fn positional(argument: &Argument) -> Arg {
    let positional = Arg::new(argument.name).value_name(argument.name).help(argument.help);
    match argument.number {
        Number::One => positional.required(true),
        Number::Optional => positional,
        Number::Any => positional.num_args(0..),
        Number::Many => positional.required(true).num_args(1..),
        // All that follows is its own, flags too.
        Number::CommandLine => {
            positional.required(true).num_args(1..).trailing_var_arg(true).value_parser(value_parser!(OsString))
        }
    }
}

/// `command`: the one that takes it, if not all do.
fn flag(option: &'static OptionSpec, command: Option<Command>) -> Arg {
    let help = command.map_or_else(|| option.flag_help(), |command| option.flag_help_of(command));
    let flag = Arg::new(option.flag_name())
        .long(option.flag_name())
        .aliases(option.flag.aliases.iter().copied())
        .help(brief(&help).to_owned())
        .long_help(help.trim_end_matches('.').to_owned())
        .help_heading(heading(option))
        .hide_short_help(!option.flag.is_brief);
    let flag = match option.short_of(command) {
        Some(short) => flag.short(short),
        None => flag,
    };
    let flag = match option.flag.bare {
        "" => flag,
        bare => flag.num_args(0..=1).require_equals(true).default_missing_value(bare),
    };
    let named = |name: &'static str| if option.flag.value_name.is_empty() { name } else { option.flag.value_name };
    match option.kind {
        // `--overwrite`, and `--overwrite=false` over a variable that says otherwise.
        Kind::Flag => flag
            .action(ArgAction::Set)
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true")
            .value_name("BOOL")
            .hide_possible_values(true),
        Kind::Lines if *option == SAME_KEYS => flag.action(ArgAction::Set).num_args(2).value_names(["A", "B"]),
        Kind::Lines => flag.action(ArgAction::Append).value_name(named("TEXT")),
        Kind::Number(..) => flag.action(ArgAction::Set).value_name(named("NUMBER")),
        Kind::Seconds(..) => flag.action(ArgAction::Set).value_name(named("SECONDS")),
        Kind::Choice(_) => flag.action(ArgAction::Set).value_name(named("WORD")),
        Kind::Text => flag.action(ArgAction::Set).value_name(named("TEXT")),
    }
}

/// The first sentence, for help that fits on a screen.
fn brief(help: &str) -> &str {
    help.split_once(". ").map_or(help, |(first, _)| first).trim_end_matches('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grammar_holds_together() {
        grammar().debug_assert();
    }

    #[test]
    fn every_option_of_a_command_line_is_a_flag() {
        let grammar = grammar();
        for line in COMMANDS.iter().filter(|line| !line.command.is_local()) {
            let own = grammar.get_subcommands().find(|command| command.get_name() == line.command.name()).unwrap();
            let flags: Vec<_> = own.get_arguments().chain(grammar.get_arguments()).filter_map(Arg::get_long).collect();
            for option in OPTIONS.iter().filter(|option| is_own(option, line)) {
                assert!(flags.contains(&option.flag_name()), "{} of {}", option.name, line.command);
            }
        }
    }
}
