//! GitHub itself: what the action tells it, and asks it.

use super::commands::PUSH;
use super::row::{ACTION, SWITCH, TEXT, USUAL, options, words};
use crate::option::comment_mode::CommentMode;
use crate::option::source_check::SourceCheck;
use crate::option::spec::{Command, Kind, Relation};

const TOKEN: Relation = Relation { other: &GITHUB_TOKEN, why: "" };

options! {
    /// The token for GitHub's API; the expression `github.token` is enough. Without it, the inputs `comment`,
    /// `release-notes` and `verify-source` cannot be used (docs/github.md).
    GITHUB_TOKEN: TEXT {
        name: "github-token",
        commands: &[Command::Diff, Command::Pull, Command::Push],
        front_ends: ACTION,
        syntax: "A token has neither blanks nor line breaks.",
    }
    /// Whether a diff maintains one comment on the pull request that names the keys that differ, and no value.
    COMMENT: SWITCH {
        name: "comment",
        commands: &[Command::Diff],
        is_refused_elsewhere: true,
        front_ends: ACTION,
        needs: &[TOKEN],
    }
    /// When that comment is written: {choices}. `differences` writes the first one where something differs; once there
    /// is a comment, it is kept up to date. `never` writes none.
    COMMENT_MODE: USUAL {
        name: "comment-mode",
        kind: Kind::Choice(&words(&CommentMode::ALL)),
        default: "differences",
        commands: &[Command::Diff],
        is_refused_elsewhere: true,
        front_ends: ACTION,
        needs: &[Relation { other: &COMMENT, why: "" }],
    }
    /// Whether a push in a workflow for a release or a tag adds a section about this version to the release notes.
    RELEASE_NOTES: SWITCH {
        name: "release-notes",
        commands: PUSH,
        is_refused_elsewhere: true,
        front_ends: ACTION,
        needs: &[TOKEN],
    }
    /// Whether a push with `release-notes` also attaches the version's manifest to the release, as long as that is a
    /// draft: paths, digests, S3 versions, KMS keys and who pushed them, and no value.
    RELEASE_MANIFEST: SWITCH {
        name: "release-manifest",
        commands: PUSH,
        is_refused_elsewhere: true,
        front_ends: ACTION,
        needs: &[Relation { other: &RELEASE_NOTES, why: "" }],
    }
    /// Whether a pull asks GitHub whether the tag that a version was pushed from still leads to the same commit:
    /// {choices}. With `require`, the step fails with code 5 if it does not, or if that cannot be determined. Default:
    /// `warn` if there is a `github-token`, else `off`.
    VERIFY_SOURCE: USUAL {
        name: "verify-source",
        kind: Kind::Choice(&words(&SourceCheck::ALL)),
        commands: &[Command::Pull],
        is_refused_elsewhere: true,
        front_ends: ACTION,
    }
}
