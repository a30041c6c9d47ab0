use std::collections::HashSet;

use super::*;
use crate::option::spec::{Command, FrontEnd, Kind};
use crate::request::RunInfo;

#[test]
fn names_are_unique_and_in_one_style() {
    let names: HashSet<_> = OPTIONS.iter().map(|option| option.name).collect();
    assert_eq!(names.len(), OPTIONS.len());
    assert!(names.iter().all(|name| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')), "{names:?}");
    let of_action = OPTIONS.iter().filter(|option| option.front_ends.contains(&FrontEnd::Action));
    of_action.for_each(|option| assert!(!NOT_YET.contains(&option.name), "{}", option.name));
}

#[test]
fn every_option_says_what_it_means() {
    for option in OPTIONS {
        assert!(option.description.ends_with('.'), "{}", option.name);
    }
}

#[test]
fn every_default_is_one_that_could_be_given() {
    for option in OPTIONS {
        let (name, default) = (option.name, option.default);
        match option.kind {
            Kind::Flag => assert!(["true", "false"].contains(&default), "{name}"),
            Kind::Choice(words) => assert!(words.contains(&default) || default.is_empty(), "{name}"),
            Kind::Seconds(least, most) => assert!((least..=most).contains(&default.parse().unwrap()), "{name}"),
            Kind::Number(least, most) => assert!((least..=most).contains(&default.parse().unwrap()), "{name}"),
            Kind::Text | Kind::Lines => {}
        }
    }
}

#[test]
fn what_can_be_malformed_says_how_to_write_it() {
    let says_itself = ["audience", "author", "role-external-id", "required-keys", "allow-env"];
    for option in OPTIONS.iter().filter(|option| matches!(option.kind, Kind::Text | Kind::Lines)) {
        assert!(!option.syntax.is_empty() || says_itself.contains(&option.name), "{}", option.name);
    }
}

/// Those that a variable, which holds for many runs, must not give: it would decide what a run replaces or deletes, or
/// what nobody had looked at.
const OF_ONE_CHANGE: [&str; 12] = [
    "delete-local",
    "discard",
    "exact",
    "expect",
    "expect-current",
    "force",
    "label",
    "overwrite",
    "push-to",
    "to",
    "value-files",
    "value-of",
];

/// Those that say what one run is asked for, and how it answers.
const OF_ONE_QUESTION: [&str; 13] = [
    "check",
    "exit-code",
    "json",
    "key",
    "list",
    "name-only",
    "no-color",
    "output",
    "same-keys",
    "show-values",
    "to-folder",
    "with-keys",
    "with-tags",
];

#[test]
fn what_is_meant_for_one_run_has_no_variable_and_all_else_has_one() {
    let of_cli = OPTIONS.iter().filter(|option| option.front_ends.contains(&FrontEnd::CommandLine));
    let without: HashSet<_> = of_cli.filter(|option| option.variable().is_none()).map(|option| option.name).collect();
    let meant: HashSet<_> = OF_ONE_CHANGE.into_iter().chain(OF_ONE_QUESTION).chain(["yes"]).collect();
    assert_eq!(without, meant);
    // Where something is promoted from is always typed.
    assert!(FROM.variable().is_none());
}

#[test]
fn the_variable_of_a_channel_is_read_by_what_reads_values_and_by_no_command_that_changes_anything() {
    let reading = [Command::Pull, Command::Export, Command::Exec, Command::Get, Command::Diff];
    for (name, command) in Command::ALL {
        let reads = reading.contains(&command);
        assert_eq!(CHANNEL.is_offered(FrontEnd::CommandLine, command), reads, "{name}");
        assert_eq!(RunInfo::has_default_channel(command), reads, "{name}");
    }
}
