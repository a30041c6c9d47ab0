//! What completes which argument.

use std::ffi::OsStr;
use std::sync::Arc;

use clap::{Arg, Command as Grammar};
use clap_complete::engine::{ArgValueCandidates, ArgValueCompleter, CompletionCandidate, PathCompleter};

use super::names::{Named, Names, local};
use crate::option::{
    CATALOG, CHANNEL, CONTEXT, Command, FILE, FILES, Kind, OPTIONS, OUTPUT, OptionSpec, PUSH_TO, SAME_KEYS, SCHEMA,
    TAGS,
};
use crate::option::{ListKind, TEMPLATE, TO, TO_FOLDER, VERSION};

/// The grammar, whose arguments complete their values.
pub(super) fn with_completers(grammar: Grammar, names: &Arc<Names>) -> Grammar {
    let of_command = |command: Grammar| {
        let name = command.get_name().to_owned();
        command.mut_args(|argument| completing(&name, argument, names))
    };
    of_command(grammar).mut_subcommands(of_command)
}

fn completing(command: &str, argument: Arg, names: &Arc<Names>) -> Arg {
    let id = argument.get_id().as_str().to_owned();
    let is_of = |options: &[&OptionSpec]| options.iter().any(|option| option.flag_name() == id);
    if is_of(&[&CATALOG, &TEMPLATE, &SCHEMA, &OUTPUT]) {
        return argument.add(ArgValueCompleter::new(|typed: &OsStr| local(&PathCompleter::file(), typed)));
    }
    let is_promote = command == Command::Promote.name();
    let is_push = command == Command::Push.name();
    if is_of(&[&TO_FOLDER]) && !is_promote && !is_push {
        return argument.add(ArgValueCompleter::new(|typed: &OsStr| local(&PathCompleter::dir(), typed)));
    }
    let named = match id.as_str() {
        // What is removed is named exactly, and nothing goes back to what it is.
        "REF|FILE" => Named::Version,
        "REF" if command == Command::Rollback.name() => Named::VersionOrLatest,
        "REF" | "A" | "B" => Named::Reference,
        "COMMAND" => {
            let names = Arc::clone(names);
            return argument.add(ArgValueCompleter::new(move |typed: &OsStr| names.complete_program(typed)));
        }
        "FILE" => Named::File,
        "SHELL" => return choosing(argument, &["bash", "elvish", "fish", "powershell", "zsh"]),
        "WHAT" => {
            return argument.add(ArgValueCandidates::new(|| {
                ListKind::ALL.iter().map(|(word, _)| CompletionCandidate::new(*word)).collect()
            }));
        }
        _ if is_of(&[&VERSION, &SAME_KEYS]) => Named::Reference,
        _ if is_of(&[&FILES, &FILE]) => Named::File,
        _ if is_of(&[&TAGS]) => Named::Tag,
        _ if is_of(&[&CHANNEL]) || is_push && is_of(&[&PUSH_TO]) => Named::Channel,
        _ if is_promote && is_of(&[&TO]) => Named::Destination,
        "KEY" if command == Command::Log.name() => Named::KeyOrChannel,
        _ if is_of(&[&CONTEXT]) => Named::Context,
        _ => {
            return match OPTIONS.iter().find(|option| option.flag_name() == id).map(|option| option.kind) {
                Some(Kind::Choice(words)) => choosing(argument, words),
                _ => argument,
            };
        }
    };
    let names = Arc::clone(names);
    argument.add(ArgValueCompleter::new(move |typed: &OsStr| names.complete(named, typed)))
}

fn choosing(argument: Arg, words: &'static [&'static str]) -> Arg {
    argument.add(ArgValueCandidates::new(|| words.iter().map(|word| CompletionCandidate::new(*word)).collect()))
}
