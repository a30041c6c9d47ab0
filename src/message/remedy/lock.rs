//! What to do about lock files.

use crate::lock::{FILE_NAME, LockEntry, LockName, NewEntry};
use crate::message::some_of;
use crate::message::speaker::{Speaker, in_shell};
use crate::name::{ConfigPath, VersionRequest, in_context};
use crate::option::{CONTEXT, LOCK_FILE, OptionSpec, VERSION};

/// What to do about what is not locked. `requirement`: what is asked for; `new`: the entry that could lock it.
pub(super) fn write(
    file: &ConfigPath,
    requirement: Option<&VersionRequest>,
    new: Option<&NewEntry>,
    speaker: impl Speaker,
) -> String {
    let requirement = requirement.map_or_else(|| "latest".to_owned(), ToString::to_string);
    let default = format!(" -v {}", in_shell(&requirement));
    // The entry `default` is of the catalog's context, and not of one that was named.
    let is_named = is_typed(&CONTEXT, speaker);
    let Some(new) = new.filter(|new| is_named || new.beside_default.is_some()) else {
        return run(&default, file, speaker);
    };
    if new.comes_with_default {
        return run(&format!(" {}", LockName::default_entry()), file, speaker);
    }
    let is_own = new.beside_default == Some(true);
    let reference = if is_own && !is_named { requirement } else { in_context(&new.context, &requirement) };
    let besides = format!(" {}", in_shell(&format!("{}={reference}", new.name)));
    if !is_own {
        return run(&besides, file, speaker);
    }
    format!(
        "To lock it as well, under a name of its own: {}. To lock it instead: {}.{}",
        line(&besides, file, speaker),
        line(&default, file, speaker),
        commit(speaker)
    )
}

pub(super) fn name_entry(
    file: &ConfigPath,
    name: &LockName,
    meant: Option<&LockName>,
    speaker: impl Speaker,
) -> String {
    let new = if name.is_default() { " -v latest".to_owned() } else { format!(" {name}=latest") };
    let meant = meant.map_or_else(String::new, |meant| format!("Did you mean {meant}? "));
    format!("{meant}For a new entry, say what it is to lock, such as: {}", line(&new, file, speaker))
}

pub(super) fn finish_merge(file: &ConfigPath, speaker: impl Speaker) -> String {
    let path = in_shell(&speaker.path(file.as_str()));
    let lock = line("", file, speaker).replace('`', "");
    let lines = format!("git restore --ours {path} && {lock} && git add {path}");
    speaker.pick(
        format!("Take one side of the merge, and lock again: `{lines}` in the catalog's folder."),
        format!("To take one side of the merge and lock again, run: {lines}"),
    )
}

pub(super) fn correct(file: &ConfigPath, speaker: impl Speaker) -> String {
    let path = in_shell(&speaker.path(file.as_str()));
    let lock = line(" -v latest", file, speaker);
    speaker.pick(
        format!("Restore the file from git; or delete it, and lock what it had again, such as with {lock}."),
        format!(
            "Restore the file from git: `git restore {path}`; or delete it, and lock what it had again, such as: {lock}"
        ),
    )
}

/// What to do about an entry whose version is not what it was, or is gone.
pub(super) fn check(
    file: &ConfigPath,
    name: &LockName,
    entry: &LockEntry,
    is_gone: bool,
    speaker: impl Speaker,
) -> String {
    let (context, version) = (&entry.context, entry.version_name());
    let look = if is_gone {
        let of_context = if name.is_default() || is_typed(&CONTEXT, speaker) {
            String::new()
        } else {
            format!(" --context {}", in_shell(context.as_str()))
        };
        format!("Find out who removed it. To see what is published: `cstore list versions{of_context}`.")
    } else {
        let reference = if name.is_default() { version.to_owned() } else { format!("{context}@{version}") };
        format!("To see who pushed it: `cstore show {}`.", in_shell(&reference))
    };
    let anew = if name.is_of_linked() { " default".to_owned() } else { format!(" {name}") };
    let anew = line(&anew, file, speaker);
    let commit = commit(speaker);
    match &entry.requirement {
        VersionRequest::Matching(requirement) => {
            let as_it_is = match name {
                // Its requirement is that of the entry `default`.
                name if is_gone || name.is_of_linked() => String::new(),
                name if name.is_default() => line(&format!(" -v {}", in_shell(version)), file, speaker),
                name => line(&format!(" {}", in_shell(&format!("{name}={context}@{version}"))), file, speaker),
            };
            let as_it_is =
                if as_it_is.is_empty() { as_it_is } else { format!(" To take it as it is now: {as_it_is}.") };
            format!("{look}{as_it_is} To take what {requirement} finds now: {anew}.{commit}")
        }
        _ if is_gone => look,
        _ => format!("{look} To take it as it is now: {anew}.{commit}"),
    }
}

pub(super) fn name_locked(requirements: &[VersionRequest], speaker: impl Speaker) -> String {
    let requirements = some_of(requirements);
    format!("Name one of them ({requirements}) with {}.", speaker.option(&VERSION))
}

pub(super) fn name_file(speaker: impl Speaker) -> String {
    format!("Move it elsewhere, or name another file with {}.", speaker.option(&LOCK_FILE))
}

/// A command line that writes the lock file, in backticks.
fn line(arguments: &str, file: &ConfigPath, speaker: impl Speaker) -> String {
    let path = || in_shell(&speaker.path(file.as_str()));
    let named = if is_typed(&LOCK_FILE, speaker) || file.file_name() != FILE_NAME {
        format!(" --{} {}", LOCK_FILE.flag_name(), path())
    } else {
        String::new()
    };
    format!("`cstore lock{arguments}{named}`")
}

/// The same, as a sentence.
fn run(arguments: &str, file: &ConfigPath, speaker: impl Speaker) -> String {
    let line = line(arguments, file, speaker);
    speaker.pick(
        format!("Run {line} in the catalog's folder, and commit the file."),
        format!("Run: {}", line.trim_matches('`')),
    )
}

/// What follows one of several command lines.
fn commit(speaker: impl Speaker) -> &'static str {
    speaker.pick(" Run it in the catalog's folder, and commit the file.", "")
}

/// Whether a flag gives an option, which no other command line has by itself.
fn is_typed(option: &OptionSpec, speaker: impl Speaker) -> bool {
    speaker.given(option).is_some() && speaker.variable(option).is_none()
}
