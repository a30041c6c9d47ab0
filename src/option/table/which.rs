//! What: which configuration, of which version, which files.

use super::commands::{LOCKING, OF_FILES, OF_PATHS, OF_VERSION, PULL, PUSH, WHOLE};
use super::compare::FROM;
use super::row::{ACTION, LINES, SWITCH, TEXT, USUAL, options, words};
use crate::option::spec::{Command, Kind};

/// The words of `if-missing`, and whether each ignores what is missing.
pub(crate) const IGNORE_MISSING: [(&str, bool); 2] = [("fail", false), ("ignore", true)];

options! {
    /// What to do: {choices}.
    COMMAND: USUAL {
        name: "command",
        kind: Kind::Choice(&words(&Command::IN_ACTION)),
        default: "pull",
        front_ends: ACTION,
    }
    /// The project's name in the bucket. Default: the catalog's context, else the repository's name.
    CONTEXT: TEXT {
        name: "context",
        syntax: "Correct it, or leave it empty for the default.";
        /// The project's name in the bucket. Default: the catalog's context, else the folder's name.
        flag: { is_brief: true }
    }
    /// The channel, such as prod, which points at a version. A pull takes that version, and a diff without `from` compares
    /// with it; a push moves the channel to the version that it publishes, unless it pointed at it before; a promotion or a
    /// rollback moves it; `log` tells its moves. Default for a pull and a diff: the catalog's `channel`.
    CHANNEL: TEXT {
        name: "channel",
        commands: &[
            Command::Pull,
            Command::Export,
            Command::Exec,
            Command::Diff,
            Command::Get,
            Command::Push,
            Command::Promote,
            Command::Rollback,
            Command::Log,
        ],
        is_refused_elsewhere: true,
        syntax: "Write it like prod: small letters, digits and the characters . _ -";
        /// The channel, such as prod, at whose version to look: the same as `--ver :prod`. Default: the
        /// catalog's.
        flag: {
            value_name: "NAME",
            not_of: &[Command::Push, Command::Promote, Command::Rollback, Command::Log],
            for_commands: &[(
                &[Command::Diff],
                "The channel, such as prod, with whose version to compare where no A is named. Default: the catalog's.",
            )],
        }
    }
    /// The catalog's path, relative to the workspace. It need not exist for a pull, nor for a push of a version, nor
    /// for one of the head with `context`, `bucket` and `files`.
    CATALOG: TEXT {
        name: "catalog",
        default: "cstore.yml",
        syntax: "Write it relative to the repository's root.";
        /// The catalog. Default: the nearest cstore.yml, from the current folder upwards to the repository's root.
        flag: { short: Some('f'), value_name: "FILE", is_brief: true }
    }
    /// Whether a push also updates the catalog (new entries, bucket, KMS key; versions in a catalog of the Go cStore
    /// alone), for a later step to commit.
    UPDATE_CATALOG: SWITCH {
        name: "update-catalog",
        commands: PUSH,
        is_refused_elsewhere: true;
        /// Whether a push also updates the catalog (new entries, bucket, KMS key; versions in a catalog of the Go cStore
        /// alone). Default: true.
        flag: {}
    }
    /// Paths or patterns of files, one per line, relative to the catalog's folder. Default: all files; for a push, the
    /// catalog's. A push also takes files that the catalog does not list yet, if a line without `!` names them. With
    /// `purge` and `version: head`, the files to remove from the head for good.
    FILES: LINES {
        name: "files",
        commands: OF_PATHS,
        refused_by: &[Command::Promote, Command::Rollback],
        syntax: "Write one path or pattern per line, relative to the catalog's folder.";
        /// A path or pattern of files. Default: all files.
        flag: { value_name: "PATTERN", not_of: &[Command::Purge] }
    }
    /// Which files to take, by their tags: `a&b` means files with all of these tags, `a|b` files with any of them.
    TAGS: TEXT {
        name: "tags",
        commands: OF_FILES,
        refused_by: WHOLE,
        syntax: "Write it like `service&dev` or `dev|qa`.";
        /// Which files to take, by their tags: `a&b` means files with all of these tags, `a|b` files with any of them.
        flag: {
            short: Some('t'),
            value_name: "TAGS",
            for_commands: &[(
                PUSH,
                "Which files to take, by their tags: `a&b` means files with all of these tags, `a|b` files with any of \
                 them. For a push that names its files by path: the tags that these files get, in place of those they have; none for \
                 an empty text.",
            )],
            may_be_empty: true,
            is_brief: true,
        }
    }
    /// How files are read, whatever their names and the catalog say: one `PATTERN = TYPE` per line, the pattern as in
    /// `files`, the type dotenv, json, yaml, toml or raw. A raw file is stored and restored as it is, and has no keys.
    TYPES: LINES {
        name: "types",
        commands: OF_FILES,
        syntax: "Write one PATTERN = TYPE per line, such as `config/values.yaml = raw`. \
                 A type is dotenv, json, yaml, toml or raw.";
        /// How files are read, whatever their names and the catalog say: `PATTERN = TYPE`, the type dotenv, json,
        /// yaml, toml or raw. A raw file is stored and restored as it is, and has no keys.
        flag: { not_of: &[Command::Clean] }
    }
    /// The variables of the job that `${NAME}` may refer to in the catalog's paths and, with `expand`, in values; one
    /// name per line. Default: GITHUB_REF_NAME, GITHUB_REF_TYPE, GITHUB_REPOSITORY, GITHUB_SHA, GITHUB_EVENT_NAME,
    /// RUNNER_OS.
    VARIABLES: LINES {
        name: "variables",
        syntax: "Write one variable name per line, such as DEPLOY_ENV.";
        /// An environment variable that `${NAME}` may refer to in the catalog's paths and, with `--expand`, in values.
        flag: { value_name: "NAME" }
    }
    /// An exact name (`v1.2.3`), a requirement (`^1.2`, `~1.4.0`, `1.x`), `latest`, `head`, or `:NAME`, the version that a
    /// channel points at. Default: the tag, if the workflow runs for a tag, else for a pull the catalog's `channel`, else
    /// the head. For `purge` an exact name is required, or `head` together with `files`. For `verify` also `.`, the files
    /// of the workspace, for which no bucket is asked.
    VERSION: TEXT {
        name: "version",
        commands: OF_VERSION,
        refused_by: &[Command::Diff, Command::Promote, Command::Rollback],
        instead: Some(&FROM),
        syntax: "Write a name (v1.2.3), a requirement (^1.2), latest, head or a channel (:prod).";
        /// An exact name (`v1.2.3`), a requirement (`^1.2`, `~1.4.0`, `1.x`), `latest` or `head`; `CONTEXT@` before it
        /// names another context. Or `[CONTEXT]:NAME`, the version that a channel points at. Default: the head.
        flag: {
            name: "ver",
            short: Some('v'),
            value_name: "REF",
            for_commands: &[(PUSH, "The version to publish, such as v1.2.3. Default: the head.")],
            is_brief: true,
            not_of: &[Command::Purge],
        }
    }
    /// The digest (`sha256:…`) that the pulled content must have; otherwise the pull fails. It does not choose the
    /// version: `version` does. It is the digest of the files of this step or, unless `tags` is set, of the whole
    /// version.
    DIGEST: TEXT {
        name: "digest",
        commands: PULL,
        is_refused_elsewhere: true,
        syntax: "Write it like sha256:0123…, or leave it empty to take any content.";
        /// The digest (`sha256:…`) that the content must have. It does not choose the version. It is the digest of the
        /// files that are asked for or, unless tags are given, of the whole version.
        flag: {}
    }
    /// Takes exactly the version and the content that the lock file says. Otherwise it fails: with code 5 if something
    /// else is there, with code 2 if there is no lock file. `version` is then the requirement as it was locked, and may
    /// be left out where one is.
    LOCKED: SWITCH {
        name: "locked",
        commands: PULL,
        is_refused_elsewhere: true;
        /// Takes exactly what the lock file says, or fails. The code is then 5, and 2 if there is no lock file. A REF is
        /// the requirement as it was locked, and may be left out where one is.
        flag: { is_brief: true }
    }
    /// The lock file's path, relative to the workspace. Default: cstore.lock, beside the catalog.
    LOCK_FILE: TEXT {
        name: "lock-file",
        commands: LOCKING,
        is_refused_elsewhere: true,
        syntax: "Write it relative to the repository's root.";
        /// The lock file. Default: cstore.lock, beside the catalog.
        flag: { value_name: "FILE" }
    }
    /// What a pull does if the version, or one of the files, does not exist: `fail`, or `ignore`, which delivers what
    /// does exist, and names the rest in a notice.
    IF_MISSING: USUAL {
        name: "if-missing",
        kind: Kind::Choice(&words(&IGNORE_MISSING)),
        default: "fail",
        commands: PULL,
        is_refused_elsewhere: true;
        /// What to do if the version, or one of the files, does not exist: `fail`, or `ignore`, which takes what does
        /// exist, and names the rest in a note.
        flag: {}
    }
}
