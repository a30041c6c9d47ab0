//! The words for what to do about what is published.

use crate::message::some_of;
use crate::message::speaker::{Speaker, in_shell, sentence};
use crate::name::{ConfigPath, VersionName};
use crate::option::{FrontEnd, OVERWRITE};
use crate::s3::Key;
use crate::store::Owner;

pub(super) fn update_tool(speaker: impl Speaker) -> &'static str {
    sentence!(speaker, "Use the newest version of " ["cstore-action" | "cstore"] ".")
}

pub(super) fn use_conditional_writes(may_be_kms: bool) -> String {
    let kms = if may_be_kms { " If a KMS key is set, the service may lack that instead." } else { "" };
    format!("Use AWS S3, or a service or release that honours If-None-Match and If-Match of PutObject.{kms}")
}

pub(super) fn free_path(key: &Key) -> String {
    format!(
        "Push under another path, or remove what is below {key}/; or use AWS S3, or a service that does not take keys for \
         paths."
    )
}

pub(super) fn name_one_of(names: &[VersionName], speaker: impl Speaker) -> String {
    format!(
        "{} the one that you mean: {}. If one of them should not be there, find out who published it \
         (`.cstore/versions/` of the context), and have its manifest deleted.",
        speaker.pick("Set `version` to", "Pass as `--ver`"),
        some_of(names)
    )
}

pub(super) fn free_key(owner: &Owner, version: Option<&VersionName>, speaker: impl Speaker) -> String {
    let overwrite = speaker.with(&OVERWRITE, "true");
    let (set, set_it) = speaker.pick(("set", "Set"), ("pass", "Pass"));
    let next = match owner {
        Owner::Head => "Push under another version name, or move that file.".to_owned(),
        Owner::Version(_) => "Push under another path or version name.".to_owned(),
        Owner::OtherPush(_) => format!("{set_it} {overwrite} to replace it, or push under a new version."),
        Owner::OtherTool | Owner::Unlisted => {
            format!("Push under a new version, or {set} {overwrite} to replace it.")
        }
    };
    let claim = version.map_or_else(String::new, |version| {
        format!(" The claim of {version} for this set of files stays, so a corrected set needs {overwrite}.")
    });
    format!("{next}{claim}")
}

pub(super) fn push_again(version: &VersionName, speaker: impl Speaker) -> String {
    format!("A push of {version} with {} and the original files restores it.", speaker.with(&OVERWRITE, "true"))
}

/// How a file of the head that is damaged, or that a push has left unfinished, is put again.
pub(super) fn push_over(speaker: impl Speaker) -> &'static str {
    sentence!(
        speaker,
        ["Push the files again to restore it."
            | "To put your files there, whatever it holds: `cstore push --overwrite`"]
    )
}

/// What to do about files of the head, by their paths in the workspace, that another tool has written.
pub(in crate::message) fn take_or_push_over<S: Speaker>(
    paths: &[ConfigPath],
    can_be_compared: bool,
    speaker: S,
) -> String {
    let named = |before: &str| -> String {
        paths.iter().map(|path| format!("{before}{}", in_shell(&speaker.path(path.as_str())))).collect()
    };
    let files = named(" ");
    match S::FRONT_END {
        FrontEnd::Action => "Push the files with this tool to record them.".to_owned(),
        FrontEnd::CommandLine => {
            let see = if can_be_compared {
                format!("To see what differs: `cstore diff{}`. ", named(" --files "))
            } else {
                String::new()
            };
            format!(
                "{see}To take what is there, without losing changes of yours, and then record it: `cstore pull{files}` and \
                 `cstore push{files}`. To put yours in its place: `cstore push --overwrite{files}`"
            )
        }
    }
}

pub(super) fn restore_or_push_again() -> &'static str {
    "Push the file again, a version with `overwrite: true`; or restore the object. Let no lifecycle rule move this bucket's \
     objects to an archive."
}
