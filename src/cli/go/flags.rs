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
        Command::List | Command::Init => &[],
        _ => return Vec::new(),
    };
    own.iter().chain(&OF_ALL).map(|&(name, short, has_value)| flag(name, short, has_value)).collect()
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
