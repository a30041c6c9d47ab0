//! Values: which keys of the files, under which names, and what is made of them.

use super::commands::PULL;
use super::row::{ACTION, COMMAND_LINE, LINES, SWITCH, TEXT, USUAL, options, words};
use crate::config::{OnDuplicate, OutputCase};
use crate::format::Written;
use crate::option::spec::{Command, Kind, Relation};

options! {
    /// Whether a pull writes the files at their paths, with mode 0600. Files that tools run, and files that would
    /// replace others, have to be named (docs/restoring.md).
    RESTORE_FILES: SWITCH {
        name: "restore-files",
        default: "true",
        commands: PULL,
        front_ends: ACTION,
    }
    /// Whether a pull also sets the keys as variables in the job's environment.
    EXPORT_ENV: SWITCH {
        name: "export-env",
        commands: PULL,
        is_refused_elsewhere: true,
        front_ends: ACTION,
    }
    /// Does not change variables that are already set in the job's environment.
    NO_OVERWRITE: SWITCH {
        name: "no-overwrite",
        commands: PULL,
        is_refused_elsewhere: true,
        needs: &[Relation { other: &EXPORT_ENV, why: "" }];
        /// Leaves variables out that are already set in the environment.
        flag: { short: Some('n'), not_of: &[Command::Pull, Command::Get], is_brief: true }
    }
    /// A prefix for each key's output name.
    OUTPUT_PREFIX: TEXT {
        name: "output-prefix",
        commands: PULL,
        syntax: "Write it like `APP_`.";
        /// A prefix for each key's name.
        flag: { not_of: &[Command::Pull], value_name: "PREFIX", may_be_empty: true }
    }
    /// The case of output names: keep, lower, upper, snake or kebab.
    OUTPUT_CASE: USUAL {
        name: "output-case",
        kind: Kind::Choice(&words(&OutputCase::ALL)),
        default: "keep",
        commands: PULL;
        /// The case of names: keep, lower, upper, snake or kebab.
        flag: { not_of: &[Command::Pull] }
    }
    /// Joins the parts of nested JSON, YAML and TOML keys.
    SEPARATOR: TEXT {
        name: "separator",
        default: "_",
        syntax: "The usual ones are `_` and `__`.";
        flag: { not_of: &[Command::Init, Command::Status, Command::Lock, Command::Clean] }
    }
    /// The keys to publish, one pattern per line (`DB_*`, `!DB_DEBUG`). `DB_PASS | DATABASE_PASSWORD` publishes a key
    /// under another name; below the line `*` it keeps all others. Default: all keys.
    KEYS: LINES {
        name: "keys",
        commands: PULL,
        is_refused_elsewhere: true,
        syntax: "Write one pattern or `OLD | NEW` per line.";
        /// A key to take, as a pattern (`DB_*`, `!DB_DEBUG`); `OLD | NEW` takes one under another name. Default: all
        /// keys.
        flag: { not_of: &[Command::Pull], value_name: "PATTERN", is_brief: true }
    }
    /// The keys whose values are masked in the log: all, none, or patterns, one per line (`*`, `!LOG_LEVEL`).
    MASK: TEXT {
        name: "mask",
        default: "all",
        commands: PULL,
        syntax: "Write all, none, or one pattern of keys a line.",
        front_ends: ACTION,
    }
    /// Values for keys that the pulled files do not have, one `KEY=value` per line.
    DEFAULTS: LINES {
        name: "defaults",
        commands: PULL,
        is_refused_elsewhere: true,
        syntax: "Write one KEY=value per line, as in a .env file.";
        /// A value for a key that the files do not have.
        flag: { not_of: &[Command::Pull], value_name: "KEY=VALUE" }
    }
    /// What to do if two files give one name different values: `error`, or `last` to take the later file in the order
    /// of `files`.
    ON_DUPLICATE: USUAL {
        name: "on-duplicate",
        kind: Kind::Choice(&words(&OnDuplicate::ALL)),
        default: "error",
        commands: PULL;
        /// What to do if two files give one name different values: `error`, or `last` to take the later file.
        flag: { not_of: &[Command::Pull] }
    }
    /// Names, one per line, that `export-env` may set although it refuses them otherwise.
    ALLOW_ENV: LINES {
        name: "allow-env",
        commands: PULL,
        is_refused_elsewhere: true,
        needs: &[Relation { other: &EXPORT_ENV, why: "" }];
        /// A variable to set although its name could take over a program; it is refused otherwise.
        flag: { not_of: &[Command::Pull, Command::Get], value_name: "NAME" }
    }
    /// Replaces `$NAME`, `${NAME}`, `${NAME:-default}` and the like in dotenv values as Docker Compose does: from the
    /// files, then from what `variables` lists of the job's environment.
    EXPAND: SWITCH {
        name: "expand",
        commands: PULL,
        is_refused_elsewhere: true;
        /// Replaces `$NAME`, `${NAME}`, `${NAME:-default}` and the like in dotenv values as Docker Compose does: from
        /// the files, then from the environment variables that `--variables` names.
        flag: { not_of: &[Command::Pull] }
    }
    /// Also writes the merged values to a file, as {choices}.
    FORMAT: USUAL {
        name: "format",
        kind: Kind::Choice(&words(&Written::ALL)),
        commands: PULL,
        is_refused_elsewhere: true;
        /// How the values are written: {choices}. Default: shell.
        flag: { short: Some('g'), not_of: &[Command::Pull, Command::Exec, Command::Get], is_brief: true }
    }
    /// Has a Kubernetes manifest of `format` name its object by content: with `digest` the name ends in a digest
    /// (`shop-1a2b3c4d`), the object is immutable, and labels tell the context, to prune by (docs/handing-over.md).
    NAME_SUFFIX: USUAL {
        name: "name-suffix",
        kind: Kind::Choice(&["digest"]),
        commands: PULL,
        is_refused_elsewhere: true,
        needs: &[Relation { other: &FORMAT, why: "" }];
        /// Has a Kubernetes manifest name its object by content: the name ends in a digest (`shop-1a2b3c4d`), the
        /// object is immutable, and labels tell the context, to prune by.
        flag: { not_of: &[Command::Pull, Command::Exec, Command::Get] }
    }
    /// The path of the formatted file, below the workspace. Default: a file in RUNNER_TEMP.
    FORMAT_FILE: TEXT {
        name: "format-file",
        commands: PULL,
        is_refused_elsewhere: true,
        needs: &[Relation { other: &FORMAT, why: "" }],
        syntax: "Write it relative to the repository's root.",
        front_ends: ACTION,
    }
    /// Writes to this file, with mode 0600, instead of standard output; `-` means standard output.
    OUTPUT: TEXT {
        name: "output",
        commands: &[Command::Export],
        front_ends: COMMAND_LINE,
        syntax: "Name a file, such as -o config.env.";
        flag: { short: Some('o'), value_name: "FILE", has_variable: false, is_brief: true }
    }
}
