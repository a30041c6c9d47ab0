//! What the command of `exec` gets.

use super::commands::EXEC;
use super::row::{CLI_SWITCH, COMMAND_LINE, LINES, options};
use crate::option::spec::Relation;

options! {
    /// Keeps the variables of the environment whose names match, also where the store has a value for one. Without a
    /// pattern it keeps all of them.
    PREFER_ENV: LINES {
        name: "prefer-env",
        commands: EXEC,
        front_ends: COMMAND_LINE,
        syntax: "Write patterns such as `DB_*` or `!DB_DEBUG`.";
        flag: { value_name: "PATTERN", bare: "*", is_brief: true }
    }
    /// Hands over no more of the environment than PATH, HOME, USER, SHELL, LANG, LC_*, TZ, TERM and TMPDIR, and what
    /// `keep` names.
    PRISTINE: CLI_SWITCH {
        name: "pristine",
        commands: EXEC;
        flag: { is_brief: true }
    }
    /// A variable of the environment that `pristine` hands over, too.
    KEEP: LINES {
        name: "keep",
        commands: EXEC,
        front_ends: COMMAND_LINE,
        needs: &[Relation { other: &PRISTINE, why: "without it the whole environment is handed over." }],
        syntax: "Write a variable's name, such as AWS_REGION.";
        flag: { value_name: "NAME", is_brief: true }
    }
    /// Leaves out the variables that give the tool its AWS credentials; the region stays.
    DROP_AWS: CLI_SWITCH {
        name: "drop-aws",
        commands: EXEC;
        flag: { is_brief: true }
    }
    /// A stored file that the command reads at the path which this variable holds; it is never written to a disk. Its
    /// keys are not set.
    FILE: LINES {
        name: "file",
        commands: EXEC,
        front_ends: COMMAND_LINE,
        syntax: "Write it like certs/ca.pem=CA_FILE.";
        flag: { value_name: "PATH=VAR", is_brief: true }
    }
}
