//! What was probably meant by a word that is not known. The parser knows words that help does not show, such as those
//! of the Go tool, and none of these is suggested.

use std::ffi::OsString;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command as Grammar, Error};

use super::arguments::grammar;
use super::go::as_typed;
use crate::name::VersionName;
use crate::nearest::nearest;

/// An error of the parser for these arguments that suggests only what help shows. `command`: the one that was typed, if
/// it is known.
pub(super) fn without_hidden(error: Error, command: Option<&str>, arguments: &[OsString]) -> Error {
    let mut all = grammar();
    all.build();
    let mut error = as_unknown(&all, command, error, arguments);
    if let Some(meant) = of_other_tools(&error) {
        replace(&mut error, ContextKind::SuggestedSubcommand, Some(ContextValue::String(meant.to_owned())));
    } else if let Some(ContextValue::Strings(words)) = error.get(ContextKind::SuggestedSubcommand) {
        let shown: Vec<_> = words.iter().filter(|word| is_shown(&all, word)).cloned().collect();
        replace(
            &mut error,
            ContextKind::SuggestedSubcommand,
            (!shown.is_empty()).then_some(ContextValue::Strings(shown)),
        );
    }
    if let Some(ContextValue::String(suggested)) = error.get(ContextKind::SuggestedArg) {
        let own = command.and_then(|command| all.find_subcommand(command)).unwrap_or(&all);
        let typed = match error.get(ContextKind::InvalidArg) {
            Some(ContextValue::String(typed)) => typed.trim_start_matches('-').to_owned(),
            _ => String::new(),
        };
        let meant = flag_meant(own, suggested.trim_start_matches('-'), &typed);
        let meant = meant.map(|flag| ContextValue::String(format!("--{flag}")));
        replace(&mut error, ContextKind::SuggestedArg, meant);
    }
    let elsewhere = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(typed)) if command == Some("purge") && ["-v", "--ver"].contains(&typed.as_str()) => {
            Some(purge_of(arguments))
        }
        Some(ContextValue::String(typed)) => of_other_commands(&all, command, typed),
        _ => None,
    };
    let tips = match error.get(ContextKind::Suggested) {
        Some(ContextValue::StyledStrs(tips)) => tips.as_slice(),
        _ => &[],
    };
    let shown = tips.iter().filter(|tip| !is_of_hidden_flag(&all, &tip.to_string()));
    // Nobody means a flag of another command as a value; and which commands have it is said once.
    let is_of_flag = |tip: &str| tip.contains(" as a value, use ") || tip.ends_with("' exists");
    let shown = shown.filter(|tip| elsewhere.is_none() || !is_of_flag(&tip.to_string()));
    let shown: Vec<_> = shown.cloned().chain(elsewhere.clone().map(StyledStr::from)).collect();
    replace(&mut error, ContextKind::Suggested, (!shown.is_empty()).then_some(ContextValue::StyledStrs(shown)));
    error
}

/// What a flag that help does not show lacks a value for is unknown to who has typed it.
fn as_unknown(all: &Grammar, command: Option<&str>, error: Error, arguments: &[OsString]) -> Error {
    let lacks_value =
        matches!(error.get(ContextKind::InvalidValue), Some(ContextValue::String(value)) if value.is_empty());
    let (ErrorKind::InvalidValue, true, Some(ContextValue::String(named))) =
        (error.kind(), lacks_value, error.get(ContextKind::InvalidArg))
    else {
        return error;
    };
    let Some(own) = command.and_then(|command| all.find_subcommand(command)) else { return error };
    let Some(flag) = own.get_arguments().find(|flag| flag.is_hide_set() && flag.to_string() == *named) else {
        return error;
    };
    let typed = as_typed(arguments, flag.get_id().as_str(), flag.get_short());
    let mut unknown = Error::new(ErrorKind::UnknownArgument).with_cmd(own);
    unknown.insert(ContextKind::InvalidArg, ContextValue::String(typed));
    unknown
}

/// A tip on how a version is purged, where it was typed after a flag as for other commands.
fn purge_of(arguments: &[OsString]) -> String {
    let named = arguments.iter().skip_while(|word| *word != "-v" && *word != "--ver").nth(1);
    let named = named.and_then(|word| VersionName::new(word.to_str()?).ok());
    format!("'cstore purge {}' purges a version", named.as_ref().map_or("VERSION", VersionName::as_str))
}

/// The command that does what a word of other tools does.
fn of_other_tools(error: &Error) -> Option<&'static str> {
    const WORDS: [(&str, &str); 9] = [
        ("rm", "purge"),
        ("remove", "purge"),
        ("delete", "purge"),
        ("cat", "get"),
        ("history", "log"),
        ("upload", "push"),
        ("download", "pull"),
        ("env", "export"),
        ("checkout", "pull"),
    ];
    let Some(ContextValue::String(typed)) = error.get(ContextKind::InvalidSubcommand) else { return None };
    WORDS.iter().find(|(word, _)| word == typed).map(|(_, meant)| *meant)
}

/// A tip about a flag that other commands have than the one that was typed.
fn of_other_commands(all: &Grammar, command: Option<&str>, typed: &str) -> Option<String> {
    if typed == "--json" && command.is_some_and(|command| ["export", "exec", "get"].contains(&command)) {
        return Some("'cstore export -g json' prints the values as JSON".to_owned());
    }
    let is_typed = |flag: &&Arg| {
        let long = flag.get_long().is_some_and(|long| typed.strip_prefix("--") == Some(long));
        let short = flag.get_short().is_some_and(|short| typed == format!("-{short}"));
        !flag.is_hide_set() && (long || short)
    };
    let shown = all.get_subcommands().filter(|command| !command.is_hide_set());
    let having = shown.filter(|command| command.get_arguments().any(|flag| is_typed(&flag)));
    let names: Vec<_> = having.map(Grammar::get_name).filter(|name| Some(*name) != command).collect();
    (!names.is_empty()).then(|| format!("'{typed}' is a flag of cstore {}", names.join(", ")))
}

fn replace(error: &mut Error, kind: ContextKind, value: Option<ContextValue>) {
    match value {
        Some(value) => drop(error.insert(kind, value)),
        None => drop(error.remove(kind)),
    }
}

fn is_shown(all: &Grammar, word: &str) -> bool {
    let mut shown = all.get_subcommands().filter(|command| !command.is_hide_set());
    shown.any(|command| command.get_name() == word || command.get_visible_aliases().any(|alias| alias == word))
}

/// The flag that help shows for one that is like what was typed.
fn flag_meant(own: &Grammar, suggested: &str, typed: &str) -> Option<String> {
    let shown = || own.get_arguments().filter(|flag| !flag.is_hide_set());
    let has = |flag: &&Arg| {
        flag.get_long() == Some(suggested) || flag.get_all_aliases().unwrap_or_default().contains(&suggested)
    };
    let of_suggested = shown().find(has).and_then(Arg::get_long);
    of_suggested.or_else(|| nearest(typed, shown().filter_map(Arg::get_long))).map(ToOwned::to_owned)
}

/// Whether a tip is that another command has a flag, which help does not show: `'push --store' exists`.
fn is_of_hidden_flag(all: &Grammar, tip: &str) -> bool {
    let Some(words) = tip.strip_suffix("' exists").and_then(|tip| tip.strip_prefix('\'')) else { return false };
    let Some((command, flag)) = words.split_once(" --") else { return false };
    let command = all.find_subcommand(command).filter(|command| !command.is_hide_set());
    let mut flags = command.into_iter().flat_map(Grammar::get_arguments);
    !flags.any(|shown| shown.get_long() == Some(flag) && !shown.is_hide_set())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// What the tips for a command line name, in quotes.
    fn suggested(arguments: &[&str]) -> Vec<String> {
        // What lacks a letter may be another hidden word.
        let Err(error) = grammar().try_get_matches_from(["cstore"].iter().chain(arguments)) else { return Vec::new() };
        let told = without_hidden(error, arguments.first().copied(), &[]).render().to_string();
        let tips = told.lines().filter(|line| line.trim_start().starts_with("tip:"));
        let words = tips.flat_map(|tip| tip.split('\'').skip(1).step_by(2).map(ToOwned::to_owned).collect::<Vec<_>>());
        // What is repeated is what was typed.
        words.filter(|word| !word.starts_with("-- ") && !arguments.contains(&word.as_str())).collect()
    }

    #[test]
    fn no_word_is_suggested_that_help_does_not_show() {
        let mut all = grammar();
        all.build();
        let hidden: BTreeSet<_> = all
            .get_subcommands()
            .filter(|command| command.is_hide_set())
            .collect::<Vec<_>>()
            .iter()
            .flat_map(|command| {
                command
                    .get_name_and_visible_aliases()
                    .into_iter()
                    .chain(command.get_all_aliases())
                    .map(ToOwned::to_owned)
                    .collect::<Vec<_>>()
            })
            .collect();
        assert!(hidden.len() > 3, "{hidden:?}");
        for word in &hidden {
            for typed in [&word[..word.len() - 1], &format!("{word}x")] {
                assert!(suggested(&[typed]).iter().all(|word| is_shown(&all, word)), "{typed}");
            }
        }
        let mut number = 0;
        for command in all.get_subcommands().filter(|command| !command.is_hide_set()) {
            let own = command.get_arguments().chain(all.get_arguments());
            let shown: BTreeSet<_> = own.filter(|flag| !flag.is_hide_set()).filter_map(Arg::get_long).collect();
            let long = command.get_arguments().filter(|flag| flag.is_hide_set()).filter_map(Arg::get_long);
            let aliases = command.get_arguments().flat_map(|flag| flag.get_all_aliases().unwrap_or_default());
            for hidden in long.chain(aliases) {
                number += 1;
                let typed = format!("--{hidden}x");
                for line in [vec![command.get_name(), &typed], vec![&typed, command.get_name()]] {
                    for word in suggested(&line) {
                        let flag = word.rsplit("--").next().unwrap();
                        assert!(shown.contains(flag), "{line:?}: {word}");
                    }
                }
            }
        }
        assert!(number > 20, "{number}");
    }

    #[test]
    fn what_help_shows_is_suggested() {
        assert_eq!(suggested(&["exprt"]), ["export"]);
        assert_eq!(suggested(&["export", "--buket", "x"]), ["--bucket"]);
        assert_eq!(suggested(&["export", "--regio", "x"]), ["--aws-region"]);
        assert_eq!(suggested(&["veriy"]), ["verify"]);
        assert_eq!(suggested(&["rm"]), ["purge"]);
        assert_eq!(suggested(&["history"]), ["log"]);
    }

    #[test]
    fn a_flag_of_another_command_is_named_as_one() {
        let said = |arguments: &[&str]| {
            let error = grammar().try_get_matches_from(["cstore"].iter().chain(arguments)).unwrap_err();
            without_hidden(error, arguments.first().copied(), &[]).render().to_string()
        };
        assert!(
            said(&["get", "-o", "x"]).contains("tip: '-o' is a flag of cstore export\n"),
            "{}",
            said(&["get", "-o"])
        );
        assert!(!said(&["get", "-o", "x"]).contains("as a value"));
        assert!(said(&["export", "--json"]).contains("'cstore export -g json' prints"));
        assert!(said(&["log", "--overwrite"]).contains("'--overwrite' is a flag of cstore push"));
        // A file's name may begin with a hyphen.
        assert!(said(&["push", "-Z.env"]).contains("as a value"), "{}", said(&["push", "-Z.env"]));
    }
}
