//! What `diff` and `verify` compare, and what they say of it.

use super::commands::{DIFF, TELLING};
use super::row::{ACTION, CLI_SWITCH, LINES, SWITCH, TEXT, options};
use crate::option::spec::{Command, Relation};

/// How references are written.
const REFERENCE: &str =
    "Write it like head, v1.2.3, ^1.2, shop@v1.2.3, s3://cstore-shop/shop@head, or `.` for the files of the workspace.";

options! {
    /// What a diff takes for the state before, what is promoted, and what the head or a channel is rolled back to: `head`,
    /// a version or requirement, `CONTEXT@VERSION`, `s3://BUCKET/CONTEXT[@VERSION]`, or a channel: `:NAME`; of a diff also
    /// `.`, the files of the workspace; of a rollback never `head`. Default for a diff: the channel that `channel` or the
    /// catalog names, else the head, or for the workspace's files the newest release where there is no head. Default for a
    /// rollback: what the head was before its last push.
    FROM: TEXT {
        name: "from",
        commands: &[Command::Diff, Command::Promote, Command::Rollback],
        is_refused_elsewhere: true,
        front_ends: ACTION,
        syntax: REFERENCE,
    }
    /// What a diff takes for the state after, written as in `from`; default: `.`, the files of the workspace. Where
    /// something is promoted to: `CONTEXT[@VERSION]` or `s3://BUCKET/CONTEXT[@VERSION]`, with the version of `from` if
    /// none is named; or the channel that is moved to it, `[CONTEXT]:NAME`, to whose context it is copied first.
    TO: TEXT {
        name: "to",
        commands: &[Command::Diff, Command::Promote],
        is_refused_elsewhere: true,
        syntax: REFERENCE;
        /// Where to copy it: `CONTEXT[@VERSION]` or `s3://BUCKET/CONTEXT[@VERSION]`. Without a version it keeps its
        /// name. Or the channel to move to it: `[CONTEXT]:NAME`.
        flag: { value_name: "DESTINATION", has_variable: false, is_brief: true, not_of: DIFF }
    }
    /// The digest (`sha256:…`) of what is promoted, or of what the head or a channel is rolled back to, as it was reviewed. Content
    /// with another digest is refused with code 5.
    EXPECT: TEXT {
        name: "expect",
        commands: &[Command::Promote, Command::Rollback],
        is_refused_elsewhere: true,
        syntax: "Write it like sha256:0123….";
        flag: { value_name: "DIGEST", has_variable: false, is_brief: true }
    }
    /// What the channel must be at before it is moved: the id of its last move (the output `config-channel-move` of an
    /// earlier pull, say), or the name of a version, which does not detect a move away and back. Otherwise the step fails
    /// with code 4.
    EXPECT_CURRENT: TEXT {
        name: "expect-current",
        commands: &[Command::Promote, Command::Rollback],
        is_refused_elsewhere: true,
        syntax: "Write the id of a move, or the name of a version.";
        /// What the channel must be at: the id of its last move, as `cstore log :NAME` shows it, or the name of a
        /// version.
        flag: { value_name: "MOVE", has_variable: false }
    }
    /// Whether a diff that finds a difference fails, with code 8.
    EXIT_CODE: SWITCH {
        name: "exit-code",
        commands: &[Command::Diff],
        is_refused_elsewhere: true;
        /// Exits with 1 if there is a difference, and with 125 for errors that have no code of their own.
        flag: { has_variable: false, is_brief: true }
    }
    /// Two references, one per line, written as in `from`, which are to have the same keys, such as two environments; or two
    /// files or folders of the workspace, such as `./service/dev` and `./service/prod`. A `verify` that finds keys which one
    /// of them lacks fails, with code 8; objects are then looked at only if `version` is set. A diff takes only the latter,
    /// and warns.
    SAME_KEYS: LINES {
        name: "same-keys",
        commands: TELLING,
        is_refused_elsewhere: true,
        syntax: "Write two references, one per line, such as shop-staging@head and shop@head.";
        /// Two references, such as two environments, that are to have the same keys, or two files or folders here, such as
        /// `./dev` and `./prod`. Objects are then looked at only where a REF is given, too.
        flag: { has_variable: false, is_brief: true, value_name: "REF", not_of: &[Command::Diff] }
    }
    /// Names only the files that differ, not their keys. The manifests are enough for that.
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
