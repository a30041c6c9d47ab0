//! How a command line asks and answers.

use super::row::{CLI_SWITCH, options};
use crate::option::spec::Command;

options! {
    /// Prints the result as JSON.
    JSON: CLI_SWITCH {
        name: "json",
        commands: &[
            Command::Status,
            Command::Push,
            Command::Pull,
            Command::Set,
            Command::Unset,
            Command::Edit,
            Command::List,
            Command::Log,
            Command::Show,
            Command::Diff,
            Command::Verify,
            Command::Promote,
            Command::Rollback,
            Command::Purge,
            Command::Lock,
            Command::Clean,
        ];
        flag: { has_variable: false, is_brief: true }
    }
    /// Prints only errors and data.
    QUIET: CLI_SWITCH {
        name: "quiet";
        flag: { short: Some('q') }
    }
    /// Asks nothing. `push` publishes the version, `purge` removes it, `init` has git ignore the files with secrets,
    /// `clean` deletes, and `diff --show-values` prints values even if stdout is not a terminal; other questions take
    /// their defaults. It neither trusts a catalog nor replaces what others have changed.
    YES: CLI_SWITCH {
        name: "yes";
        flag: { short: Some('y'), has_variable: false }
    }
    /// Asks nothing: takes defaults, and fails where there is none. A run without a terminal, or with `CI` set,
    /// does the same.
    NON_INTERACTIVE: CLI_SWITCH {
        name: "non-interactive",
    }
    /// Trusts the catalog: sends requests to its bucket, with the variables of its paths, without asking. As a flag it
    /// is remembered until the catalog leads elsewhere; as a variable it holds for the run.
    TRUST: CLI_SWITCH {
        name: "trust",
    }
    /// Prints without colors.
    NO_COLOR: CLI_SWITCH {
        name: "no-color";
        flag: { has_variable: false }
    }
}
