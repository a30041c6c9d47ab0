//! How a command changes what is in the bucket, or in the folder.

use super::commands::{BY_SOMEBODY, PUSH, RECORDED, STORING};
use super::row::{CLI_SWITCH, COMMAND_LINE, LINES, SWITCH, TEXT, options};
use crate::option::spec::{Command, Relation};

options! {
    /// Allows a push to replace a version that is already published, or claimed by another push.
    OVERWRITE: SWITCH {
        name: "overwrite",
        commands: STORING,
        is_refused_elsewhere: true;
        /// Replaces what is in the way of a push (a version that is already published, or claimed by another push, and
        /// what another person has changed since you pulled), or has `set`, `unset` and `edit` change a file as it is in the
        /// bucket, though no finished push has stored it.
        flag: {
            for_commands: &[
                (PUSH, "Replaces a published version, or what others have changed in the head since your last pull."),
                (
                    &[Command::Set, Command::Unset, Command::Edit],
                    "Changes the file as it is in the bucket, even if no finished push has stored it.",
                ),
                (&[Command::Promote], "Replaces a version that is already published at the destination."),
            ],
            has_variable: false,
            is_brief: true,
        }
    }
    /// The message to record with a push, for the history: at most 1,000 characters, on one or more lines.
    /// Default: the release's title, in a workflow for a release.
    MESSAGE: LINES {
        name: "message",
        commands: RECORDED,
        is_refused_elsewhere: true,
        syntax: "Write at most 1,000 characters, in one or more lines, without control characters.";
        /// A message for the version's history.
        flag: { short: Some('m'), may_be_empty: true, value_name: "TEXT", is_brief: true }
    }
    /// The name to record as the author of a push or purge; e-mail addresses are left out. Empty for none. Default: git's
    /// `user.name`.
    AUTHOR: TEXT {
        name: "author",
        commands: BY_SOMEBODY,
        front_ends: COMMAND_LINE;
        flag: { value_name: "NAME", may_be_empty: true }
    }
    /// Whether a rollback to a version also removes the files of the head that the version does not have. Without a version
    /// it always does: the head has again just the files that it had.
    EXACT: SWITCH {
        name: "exact",
        commands: &[Command::Rollback],
        is_refused_elsewhere: true;
        /// Also removes the files of the head that the version does not have. Without a REF that is always so.
        flag: { has_variable: false, is_brief: true }
    }
    /// Reports what would be done, without doing it. Of a push, the summary lists the files and keys that differ from
    /// what is published: under the same name, or of a new version from the one before it.
    DRY_RUN: SWITCH {
        name: "dry-run",
        commands: &[
            Command::Push,
            Command::Pull,
            Command::Promote,
            Command::Rollback,
            Command::Purge,
            Command::Set,
            Command::Unset,
            Command::Edit,
            Command::Lock,
            Command::Clean,
        ];
        /// Reports what would be done, without doing it.
        flag: { short: Some('n'), no_short_of: &[Command::Pull], is_brief: true }
    }
    /// Finds what holds the value that this config key has in the head, or in REF: versions, earlier S3 versions of the
    /// head's files, and other contexts. Only names are shown. The versions of this context are purged.
    VALUE_OF: TEXT {
        name: "value-of",
        commands: &[Command::Purge],
        front_ends: COMMAND_LINE,
        syntax: "Name a config key. Where several files have it, choose one with --files.";
        flag: { value_name: "KEY", has_variable: false, is_brief: true }
    }
    /// The files in which the key of `--value-of` is looked up, as paths or patterns. Default: all files.
    VALUE_FILES: LINES {
        name: "value-files",
        commands: &[Command::Purge],
        front_ends: COMMAND_LINE,
        needs: &[Relation { other: &VALUE_OF, why: "" }],
        syntax: "Write the path of a file, or a pattern.";
        flag: { name: "files", value_name: "PATTERN", has_variable: false }
    }
    /// Writes the files below this folder, and leaves those of the catalog's folder alone.
    TO_FOLDER: TEXT {
        name: "to-folder",
        commands: &[Command::Pull],
        front_ends: COMMAND_LINE,
        syntax: "Write the path of a folder.";
        flag: { name: "to", value_name: "FOLDER", has_variable: false, is_brief: true }
    }
    /// Writes nothing, and exits with 8 if the lock file is not as this command would write it.
    CHECK: CLI_SWITCH {
        name: "check",
        commands: &[Command::Lock];
        flag: { has_variable: false, is_brief: true }
    }
    /// Deletes the local copies of what was stored, as far as they are still what was pushed and it is seen in the bucket.
    /// Default: those of files whose entry in the catalog says `deleteAfterPush`.
    DELETE_LOCAL: CLI_SWITCH {
        name: "delete-local",
        commands: PUSH;
        flag: { has_variable: false, is_brief: true }
    }
    /// Takes the bucket's files and discards local changes.
    DISCARD: CLI_SWITCH {
        name: "discard",
        commands: &[Command::Pull];
        flag: { name: "force", has_variable: false, is_brief: true }
    }
    /// Purges a version at which channels point, so that pulls of these channels fail until they are moved. Of a promotion to a channel:
    /// moves it over what others do meanwhile, and over one that cannot be read; with `from: nothing` it points at nothing then.
    FORCE: SWITCH {
        name: "force",
        commands: &[Command::Purge, Command::Promote],
        is_refused_elsewhere: true;
        /// Moves a channel over what others do meanwhile, and over one that cannot be read. Without REF, or with `nothing`, it points at nothing then.
        flag: {
            for_commands: &[(
                &[Command::Purge],
                "Purges a version at which channels point, too. Pulls of these channels fail until they are moved.",
            )],
            has_variable: false,
            is_brief: true,
        }
    }
    /// Labels to store with a move of a channel, one `NAME=VALUE` per line, such as an image's digest: at most 20. A
    /// rollback of the channel brings them back.
    LABEL: LINES {
        name: "label",
        commands: &[Command::Promote, Command::Push],
        is_refused_elsewhere: true,
        syntax: "Write NAME=VALUE, such as image=sha256:0123….";
        /// What belongs to the version where the channel is moved to it, such as an image's digest.
        flag: { value_name: "NAME=VALUE", has_variable: false }
    }
    /// The channel to move to the version, once it is published: `:NAME`. It is not moved if it pointed at it before.
    PUSH_TO: TEXT {
        name: "push-to",
        commands: PUSH,
        front_ends: COMMAND_LINE,
        syntax: "Write a channel, such as :staging.";
        flag: { name: "to", value_name: "CHANNEL", has_variable: false, is_brief: true }
    }
}
