//! What to do about lock files.

use crate::lock::FILE_NAME;
use crate::message::some_of;
use crate::message::speaker::{Speaker, in_shell};
use crate::name::{ConfigPath, VersionRequest};
use crate::option::{LOCK_FILE, VERSION};

pub(super) fn write(file: &ConfigPath, requirement: Option<&VersionRequest>, speaker: impl Speaker) -> String {
    let what =
        requirement.map_or_else(|| "default".to_owned(), |version| format!("-v {}", in_shell(&version.to_string())));
    with(&format!(" {what}"), file, speaker)
}

pub(super) fn finish_merge(file: &ConfigPath, speaker: impl Speaker) -> String {
    let path = in_shell(&speaker.path(file.as_str()));
    format!("Take one side of the merge (`git restore --ours {path}`). {}", with("", file, speaker))
}

pub(super) fn correct(file: &ConfigPath, speaker: impl Speaker) -> String {
    format!("Take the file from git again, or delete it. {}", with(" -v VERSION", file, speaker))
}

pub(super) fn check(file: &ConfigPath, speaker: impl Speaker) -> String {
    format!("Find out who changed it. If that was meant: {}", uncapitalized(with("", file, speaker)))
}

pub(super) fn name_locked(requirements: &[VersionRequest], speaker: impl Speaker) -> String {
    let requirements = some_of(requirements);
    format!("Name one of them ({requirements}) with {}.", speaker.option(&VERSION))
}

/// A command line that writes the lock file, as a sentence.
fn with(arguments: &str, file: &ConfigPath, speaker: impl Speaker) -> String {
    let is_usual = file.file_name() == FILE_NAME;
    let path = || in_shell(&speaker.path(file.as_str()));
    let named = if is_usual { String::new() } else { format!(" --{} {}", LOCK_FILE.flag_name(), path()) };
    let line = format!("cstore lock{arguments}{named}");
    speaker.pick(format!("Run `{line}` in the catalog's folder, and commit the file."), format!("Run: {line}"))
}

fn uncapitalized(sentence: String) -> String {
    sentence.replacen("Run", "run", 1)
}
