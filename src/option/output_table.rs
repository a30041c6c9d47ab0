//! The outputs of the action, from which `outputs:` of `action.yml` and the table of `docs/outputs.md` are made.

use super::Command;

/// An output of the action, besides those that are named after config keys.
#[derive(Debug)]
pub struct OutputSpec {
    /// As a workflow reads it.
    pub name: &'static str,
    /// The commands that alone can set it; none where each can that has something to say.
    pub commands: &'static [Command],
    /// A sentence without its full stop, in Markdown. Its links are seen from `docs/`.
    pub meaning: &'static str,
}

impl OutputSpec {
    const fn of_all(name: &'static str, meaning: &'static str) -> Self {
        Self { name, commands: &[], meaning }
    }

    const fn of(name: &'static str, commands: &'static [Command], meaning: &'static str) -> Self {
        Self { name, commands, meaning }
    }
}

/// All of them, in the order of the documentation.
pub const OUTPUTS: &[OutputSpec] = &[
    OutputSpec::of_all(
        "config-version",
        "What `version` resolved to: `head` for the head, empty when nothing was there and `if-missing` is `ignore`",
    ),
    OutputSpec::of_all("config-context", "The context"),
    OutputSpec::of_all("config-bucket", "The bucket"),
    OutputSpec::of(
        "config-changed",
        &[Command::Push, Command::Promote, Command::Rollback, Command::Purge, Command::Diff],
        "`true` if the command changed something or found a difference, else `false`",
    ),
    OutputSpec::of(
        "config-changes",
        &[Command::Push, Command::Promote, Command::Rollback, Command::Diff, Command::Show],
        "JSON object of the files that differ. A push, promotion or rollback compares with [what was there \
         before](inputs.md#what-a-push-says-of-the-one-before). For each file it says whether it was added, changed or \
         removed, and names the config keys that were added, changed and removed. No values",
    ),
    OutputSpec::of(
        "config-diff",
        &[Command::Diff],
        "[The whole difference](inputs.md#what-a-diff-tells) as a JSON object: both sides, the files and config keys \
         that differ, and the config keys that one side lacks. No values",
    ),
    OutputSpec::of(
        "config-versions",
        &[Command::List, Command::Log, Command::Show],
        "[JSON array](history.md#json) of what was found, with one object for each item",
    ),
    OutputSpec::of(
        "config-channel",
        &[Command::Pull, Command::Push, Command::Promote, Command::Rollback, Command::Log],
        "The [channel](channels.md) that was pulled, moved or looked at",
    ),
    OutputSpec::of(
        "config-channel-move",
        &[Command::Pull, Command::Push, Command::Promote, Command::Rollback, Command::Log],
        "The id of the channel's last move; `expect-current` takes it",
    ),
    OutputSpec::of_all(
        "config-digest",
        "`sha256:…`, which stands for exactly the files of this step. The input `digest` takes it, or the digest of the \
         whole version. Not safe to publish if the whole content of the files can be guessed",
    ),
    OutputSpec::of(
        "config-checksums",
        &[Command::Pull, Command::Push, Command::Promote, Command::Rollback],
        "Path of the text whose SHA-256 is `config-digest`, for [attestations](github.md#attest-a-configuration)",
    ),
    OutputSpec::of(
        "config-url",
        &[Command::Pull, Command::Push, Command::Promote, Command::Rollback],
        "The release, else the workflow run, that pushed this version; for `environment: url:`",
    ),
    OutputSpec::of_all("config-files", "JSON list of the paths"),
    OutputSpec::of_all("config-keys", "JSON list of the names of the config keys"),
    OutputSpec::of(
        "config-objects",
        &[Command::Pull, Command::Push, Command::Promote, Command::Rollback, Command::Show],
        "JSON list with `path`, `arn`, `s3_version` and `sha256` of each stored file, for platforms that [load the bytes \
         themselves](handing-over.md)",
    ),
    OutputSpec::of("config-json", &[Command::Pull], "The published values as one JSON object, for `fromJSON`"),
    OutputSpec::of("config-file", &[Command::Pull], "Path of the formatted file, if `format` asks for one"),
    OutputSpec::of_all("config-manifest", "S3 URI of the manifest"),
    OutputSpec::of(
        "config-integrity",
        &[Command::Pull],
        "`verified`, or `unmanaged` when a file without a manifest was accepted",
    ),
];
