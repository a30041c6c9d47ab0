//! What `diff` and `verify` compare, and what they say of it.

use super::row::{ACTION, CLI_SWITCH, LINES, SWITCH, TEXT, options};
use crate::option::spec::{Command, Relation};

/// How references are written.
const REFERENCE: &str =
    "Write it like head, v1.2.3, ^1.2, shop@v1.2.3, s3://acme-config/shop@head, or `.` for the files of the workspace.";

options! {
    /// What a diff takes for the state before: `head`, a version or requirement, `CONTEXT@VERSION`,
    /// `s3://BUCKET/CONTEXT[@VERSION]`, or `.` for the files of the workspace. Default: head.
    FROM: TEXT {
        name: "from",
        commands: &[Command::Diff],
        is_refused_elsewhere: true,
        front_ends: ACTION,
        syntax: REFERENCE,
    }
    /// What a diff takes for the state after, written as in `from`. Default: `.`, the files of the workspace.
    TO: TEXT {
        name: "to",
        commands: &[Command::Diff],
        is_refused_elsewhere: true,
        front_ends: ACTION,
        syntax: REFERENCE,
    }
    /// Whether a diff that finds a difference fails, with code 8.
    EXIT_CODE: SWITCH {
        name: "exit-code",
        commands: &[Command::Diff],
        is_refused_elsewhere: true;
        /// Exits with 1 if there is a difference, and with 125 for errors that have no code of their own.
        flag: { has_variable: false, is_brief: true }
    }
    /// Two references, one a line, written as in `from`, which are to have the same keys, such as two environments. A
    /// `verify` that finds keys which one of them lacks fails, with code 8; objects are then looked at only if
    /// `version` is set.
    SAME_KEYS: LINES {
        name: "same-keys",
        commands: &[Command::Verify],
        is_refused_elsewhere: true,
        syntax: "Write two references, one a line, such as shop-staging@head and shop@head.";
        /// Two references, such as two environments, that are to have the same keys. Objects are then looked at only
        /// where a REF is given, too.
        flag: { has_variable: false, is_brief: true, value_name: "REF" }
    }
    /// Names the files that differ, without their keys, which manifests alone tell.
    NAME_ONLY: CLI_SWITCH {
        name: "name-only",
        commands: &[Command::Diff];
        flag: { has_variable: false, is_brief: true }
    }
    /// Shows the values of the keys that differ, too: on a terminal, or with --yes.
    SHOW_VALUES: CLI_SWITCH {
        name: "show-values",
        commands: &[Command::Diff],
        excludes: &[Relation { other: &NAME_ONLY, why: "" }];
        flag: { has_variable: false, is_brief: true }
    }
}
