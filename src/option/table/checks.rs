//! What merged values must be.

use super::commands::{CHECKED, DIFF, PROMISING};
use super::row::{LINES, SWITCH, TEXT, USUAL, options, words};
use crate::config::SemverKeys;
use crate::option::spec::{Kind, Relation};

options! {
    /// Keys, one per line, that must be present and not empty once the files of the step are merged. They are named as
    /// in the files. Otherwise pull and push fail before they do anything, a `verify` of the workspace fails, and a
    /// diff with it warns.
    REQUIRED_KEYS: LINES {
        name: "required-keys",
        commands: CHECKED;
        /// A key that must be present and not empty once the files are merged. Otherwise nothing is done.
        flag: { value_name: "KEY", not_of: DIFF }
    }
    /// A file of the repository, such as `.env.example`, whose keys must all be present once the files of the step are
    /// merged. Other keys cause a warning.
    TEMPLATE: TEXT {
        name: "template",
        syntax: "Write it relative to the repository's root.",
        commands: CHECKED;
        /// A file, such as `.env.example`, whose keys must all be present once the files are merged. Other keys cause
        /// a warning.
        flag: { value_name: "FILE", not_of: DIFF }
    }
    /// Makes keys that the template does not have an error.
    TEMPLATE_STRICT: SWITCH {
        name: "template-strict",
        needs: &[Relation { other: &TEMPLATE, why: "" }],
        commands: CHECKED;
        flag: { not_of: DIFF }
    }
    /// What happens if the number of a full version, such as v1.2.4, does not fit the changes to its keys: `off` (no
    /// check), `warn`, or `require`, which refuses it before anything is sent. Removing a key or changing its type
    /// needs a new major version, adding one a new minor version (docs/semver.md). `verify` checks this only with
    /// `require`.
    SEMVER_KEYS: USUAL {
        name: "semver-keys",
        kind: Kind::Choice(&words(&SemverKeys::ALL)),
        default: "warn",
        commands: PROMISING,
        is_refused_elsewhere: true,
    }
    /// A JSON Schema file of the repository that the merged values must match.
    SCHEMA: TEXT {
        name: "schema",
        syntax: "Write it relative to the repository's root.",
        commands: CHECKED;
        /// A JSON Schema file that the merged values must match.
        flag: { value_name: "FILE", not_of: DIFF }
    }
}
