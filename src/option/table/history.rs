//! What `list`, `log` and `show` name.

use super::row::{CLI_SWITCH, SWITCH, TEXT, USUAL, options, words};
use crate::option::list_kind::ListKind;
use crate::option::spec::{Command, Kind};

options! {
    /// What `list` names: {choices}.
    LIST: USUAL {
        name: "list",
        kind: Kind::Choice(&words(&ListKind::ALL)),
        default: "files",
        commands: &[Command::List],
        is_refused_elsewhere: true;
        flag: { not_of: &[Command::List], has_variable: false }
    }
    /// Also names the tags of the files.
    WITH_TAGS: CLI_SWITCH {
        name: "with-tags",
        commands: &[Command::List];
        flag: { short: Some('g'), has_variable: false, is_brief: true }
    }
    /// The most lines that a `log` shows, from 1 to 1,000: one for the head, if it was pushed, and one for each recent
    /// version.
    LIMIT: USUAL {
        name: "limit",
        kind: Kind::Number(1, 1000),
        default: "20",
        commands: &[Command::Log],
        is_refused_elsewhere: true,
        syntax: "Write a number such as 20.";
        /// How many lines to show at most, from 1 to 1,000. Default: 20. The head has one, if it was pushed.
        flag: { short: Some('n'), is_brief: true }
    }
    /// Limits `log` to the versions that changed this config key.
    KEY: TEXT {
        name: "key",
        commands: &[Command::Log],
        is_refused_elsewhere: true,
        syntax: "Write one config key as it is in the files.";
        /// Only versions that changed this config key, also one that reads as a channel, such as a:b.
        flag: { has_variable: false }
    }
    /// Whether `show` also names the keys that a version changed. It has to read the files for that.
    WITH_KEYS: SWITCH {
        name: "with-keys",
        commands: &[Command::Show],
        is_refused_elsewhere: true;
        /// Also names the keys that the version changed.
        flag: { name: "keys", has_variable: false, is_brief: true }
    }
}
