use std::ffi::OsString;

use clap::{Arg, ArgAction};

use crate::option::{Command, FORMAT, NO_OVERWRITE};

/// The Go tool's flags that every command of it takes.
const OF_ALL: [(&str, Option<char>, bool); 5] = [
    ("access", Some('c'), true),
    ("secrets", Some('x'), true),
    ("prompt", Some('p'), false),
    ("logging", Some('l'), false),
    ("store-command", None, true),
];

/// The flags of the Go tool that a command takes besides its own.
pub(in crate::cli) fn of_command(command: Command) -> Vec<Arg> {
    let own: &[(&'static str, Option<char>, bool)] = match command {
        Command::Push => &[("store", Some('s'), true), ("delete", Some('d'), true), ("alt", Some('a'), true)],
        Command::Pull => &[
            ("export", Some('e'), false),
            (FORMAT.name, Some('g'), true),
            (NO_OVERWRITE.name, Some('n'), false),
            ("alt", Some('a'), true),
            ("inject-secrets", Some('i'), false),
            ("modify-secrets", Some('m'), false),
        ],
        Command::List => &[("view-tags", None, false), ("view-version", None, false)],
        Command::Init | Command::Purge | Command::Clean => &[],
        _ => return Vec::new(),
    };
    own.iter().chain(&OF_ALL).map(|&(name, short, has_value)| flag(name, short, has_value)).collect()
}

/// The flags of the commands that only the Go tool has.
pub(super) fn of_own_commands() -> impl Iterator<Item = Arg> {
    OF_ALL.into_iter().map(|(name, short, has_value)| flag(name, short, has_value))
}

/// A flag as it was typed: by its long name if a word is that, else by its short one.
pub(in crate::cli) fn as_typed(arguments: &[OsString], long: &str, short: Option<char>) -> String {
    let long = format!("--{long}");
    let is_long = |word: &str| word.strip_prefix(&long).is_some_and(|rest| rest.is_empty() || rest.starts_with('='));
    let mut words = arguments.iter().take_while(|word| *word != "--").filter_map(|word| word.to_str());
    match short {
        Some(short) if !words.any(is_long) => format!("-{short}"),
        _ => long,
    }
}

fn flag(name: &'static str, short: Option<char>, has_value: bool) -> Arg {
    // The last of several counts.
    let flag = Arg::new(name).long(name).hide(true).action(ArgAction::Append);
    let flag = match short {
        Some(short) => flag.short(short),
        None => flag,
    };
    if has_value { flag } else { flag.num_args(0..=1).require_equals(true).default_missing_value("true") }
}
