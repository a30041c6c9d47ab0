//! What the command of `exec` gets.

use super::commands::EXEC;
use super::row::{CLI_SWITCH, COMMAND_LINE, LINES, options};
use crate::option::spec::Relation;

options! {
    /// Prefers your own environment variables to stored values of the same name. A pattern limits this to names that
    /// match it.
    PREFER_ENV: LINES {
        name: "prefer-env",
        commands: EXEC,
        front_ends: COMMAND_LINE,
        syntax: "Write patterns such as `DB_*` or `!DB_DEBUG`.";
        flag: { value_name: "PATTERN", bare: "*", is_brief: true }
    }
    /// Passes on only PATH, HOME, USER, SHELL, LANG, LC_*, TZ, TERM and TMPDIR of your environment, and what `--keep`
    /// names.
    PRISTINE: CLI_SWITCH {
        name: "pristine",
        commands: EXEC;
        flag: { is_brief: true }
    }
    /// An environment variable to pass on despite `--pristine`.
    KEEP: LINES {
        name: "keep",
        commands: EXEC,
        front_ends: COMMAND_LINE,
        needs: &[Relation { other: &PRISTINE, why: "without it the whole environment is passed on." }],
        syntax: "Write a variable's name, such as AWS_REGION.";
        flag: { value_name: "NAME", is_brief: true }
    }
    /// Does not pass on the environment variables that hold AWS credentials. The region stays.
    DROP_AWS: CLI_SWITCH {
        name: "drop-aws",
        commands: EXEC;
        flag: { is_brief: true }
    }
    /// Passes a stored file without writing it to disk: the variable VAR holds the path at which the command reads it.
    /// The file's keys are not set.
    FILE: LINES {
        name: "file",
        commands: EXEC,
        front_ends: COMMAND_LINE,
        syntax: "Write it like certs/ca.pem=CA_FILE.";
        flag: { value_name: "PATH=VAR", is_brief: true }
    }
}
