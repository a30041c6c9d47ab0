//! The words for the notes of a run that succeeded.

use super::list;
use super::notice::{Level, Notice};
use super::remedy::{type_line, unmatched_types};
use super::speaker::{Speaker, in_shell};
use super::{capital, message, promise, some_of};
use crate::command::{Location, Note};
use crate::config::UnreadFile;
use crate::error::Error;
use crate::excerpt::listed_key;
use crate::name::{ChannelName, ConfigPath, VersionName, in_context};
use crate::option::{BUCKET, CONTEXT, DIGEST, FORMAT, FrontEnd, KEYS, ON_DUPLICATE, TYPES};
use crate::store::ReplacedKey;

/// What is said of what a pull did not find, and may do without.
#[must_use]
pub fn about_missing(error: &Error, speaker: impl Speaker) -> Notice {
    let message = message(error, speaker);
    Notice::new(Level::Notice, message.title, message.what)
}

/// What is said of a note.
#[must_use]
pub fn notice(note: &Note, speaker: impl Speaker) -> Notice {
    let (level, title, text) = words(note, speaker);
    let (file, line) = match note {
        Note::Odd { path, warning, is_in_workspace: true } => (Some(path.to_string()), warning.line()),
        Note::OddCatalog { path, line, .. } => (Some(path.to_string()), Some(*line)),
        Note::NotInTemplate(path, _) => (Some(path.to_string()), None),
        _ => (None, None),
    };
    Notice { file, line, ..Notice::new(level, title, text) }
}

/// " in the head of shop", of one side of two.
fn in_side(side: Option<&Location>) -> String {
    side.map(|side| format!(" {}", side.clause())).unwrap_or_default()
}

fn words<S: Speaker>(note: &Note, speaker: S) -> (Level, &'static str, String) {
    use Level::{Notice, Warning};
    match note {
        Note::GoLayout(side) => (
            Notice,
            "Go cStore layout",
            format!(
                "No manifest was found{}, so the files were read in the layout of the Go cStore, through the catalog. \
                 Push them once with this tool to have them verified.",
                in_side(side.as_ref())
            ),
        ),
        Note::Unmanaged { paths, side } => (
            Warning,
            "Unmanaged files",
            format!(
                "Another tool wrote these files{} after the last push, so they cannot be verified: {}. {} them.",
                in_side(side.as_ref()),
                paths_of(paths, speaker),
                speaker.pick("Push them with this tool to record", "`cstore pull` and then `cstore push` record")
            ),
        ),
        Note::ReservedNames { keys, starts_with_all } => {
            let all = if *starts_with_all { " below a first line `*`, which keeps all other keys" } else { "" };
            let keys: Vec<_> = keys.iter().map(|key| listed_key(key)).collect();
            (
                Warning,
                "Names of the action's own",
                format!(
                    "Outputs whose names begin with `config-` are the action's own, so these keys are not among the outputs of \
                     a pull: {}. Set `output-prefix` there, or rename them {} with lines `OLD | NEW`{all}.",
                    some_of(&keys),
                    speaker.pick("in `keys`", "there")
                ),
            )
        }
        Note::UnmatchedKeys { lines, leaves_none } => {
            let outcome = if *leaves_none { " No key is left, so no value is delivered." } else { "" };
            let these = speaker.pick("lines", "patterns");
            let text = format!("These {these} of {} match no key: {}.{outcome}", speaker.option(&KEYS), list(lines));
            (Warning, speaker.pick("Input keys", "Option keys"), text)
        }
        Note::UnmatchedTypes(unmatched) => {
            let title = speaker.pick("Input types", "Option types");
            (Warning, title, unmatched_types(unmatched, speaker).unwrap_or_default())
        }
        Note::ToBeNamed(paths) => (
            Notice,
            "Files to be named",
            format!(
                "Tools run such files, so a pull writes each of them only where {}: {}.",
                speaker.pick("a line of its `files` is the file's path", "it names the file by its path"),
                paths_of(paths, speaker)
            ),
        ),
        Note::Unread(file) => (Warning, "Config file", unread(file, speaker)),
        Note::Undeliverable(path, keys) => {
            let keys: Vec<_> = keys.iter().map(|key| listed_key(key)).collect();
            let what = format!(
                "Values of {} hold a NUL character, which no output, variable or file can carry, and were left out: {}.",
                speaker.path(path.as_str()),
                some_of(&keys)
            );
            (Warning, "Values left out", what)
        }
        Note::ClearText { format, instead, keys } => {
            let keys: Vec<_> = keys.iter().map(|key| listed_key(key)).collect();
            let message = format!(
                "The format {format} keeps values in clear text, where many can read them, and these keys look like secrets: {}. \
                 Leave them out with {}, and write them with {} in a {} of their own.",
                some_of(&keys),
                speaker.option(&KEYS),
                speaker.with(&FORMAT, instead.name()),
                speaker.pick("step", "file")
            );
            (Warning, "Secrets in clear text", message)
        }
        Note::NotInTemplate(path, keys) => {
            let keys: Vec<_> = keys.iter().map(|key| listed_key(key)).collect();
            (Warning, "Template", format!("The template {} does not have these keys: {}.", speaker.path(path.as_str()), some_of(&keys)))
        }
        Note::Encrypted(path, tool) => (
            Warning,
            "Encrypted file",
            format!(
                "{} is encrypted with {tool}, which nothing here decrypts: what is read of it is encrypted, too. Decrypt \
                 it before it is pushed; or have it handed on as it is, without keys, by {}.",
                speaker.path(path.as_str()),
                raw_type(path, speaker)
            ),
        ),
        // At a terminal file and line stand before the text already.
        Note::Odd { warning, is_in_workspace: true, .. } if S::FRONT_END == FrontEnd::CommandLine => {
            (Warning, "Config file", format!("{}.", speaker.clause(&warning.after_its_line())))
        }
        Note::Odd { path, warning, .. } => {
            (Warning, "Config file", format!("{}: {}.", speaker.path(path.as_str()), speaker.clause(warning)))
        }
        Note::OfTwoCatalogs { path, catalogs: [one, other] } => {
            let [path, one, other] = [path, one, other].map(|path| speaker.path(path.as_str()));
            let text = format!("{path} is a file of two catalogs, {one} and {other}, so that no pull takes it.");
            (Warning, "Catalog", text)
        }
        Note::OddCatalog { what, .. } => {
            (Warning, "Catalog", format!("{}{}", capital(what), if what.ends_with('?') { "" } else { "." }))
        }
        Note::NewContext { context, bucket } => {
            (Notice, "New context", format!("{context} is a new context in s3://{bucket}."))
        }
        Note::Unversioned => (
            Warning,
            "Bucket without versioning",
            "The bucket does not keep versions, so pushes of the head and overwrites are not atomic, and what they \
             replace is lost. Turn S3 versioning on."
                .to_owned(),
        ),
        Note::NothingPublished { context, bucket, in_catalog } => {
            let go = match in_catalog.as_slice() {
                [] => String::new(),
                names => format!(
                    " The catalog names these, as the Go cStore pushed them, of which nothing else is known: {}.",
                    list(names)
                ),
            };
            let text = format!("No version is published for {context} in s3://{bucket}.{go}");
            (Notice, "No versions", text)
        }
        Note::CatalogVersions => (
            Notice,
            "Go cStore layout",
            "No version has a manifest, so these are the versions that the catalog names: the Go cStore leaves no other \
             trace of them."
                .to_owned(),
        ),
        Note::TooManyFolders => (
            Notice,
            "Contexts",
            "The bucket has more folders than are searched, so contexts whose names contain a `/` may not be listed."
                .to_owned(),
        ),
        Note::Superseded(paths) => (
            Warning,
            "Superseded",
            format!("Another push replaced these files at the same time, and its content is published: {}.", paths_of(paths, speaker)),
        ),
        Note::KmsKeysReplaced(keys) => {
            let of_file = |key: &ReplacedKey| {
                format!("{} ({} instead of {})", paths_of(std::slice::from_ref(&key.path), speaker), key.now, key.before)
            };
            (
                Warning,
                "KMS key",
                format!(
                    "From this push on, these files are encrypted with another KMS key than before: {}.",
                    list(&keys.iter().map(of_file).collect::<Vec<_>>())
                ),
            )
        }
        Note::Repaired(paths) => (
            Notice,
            "Repaired",
            format!("These files of the published version were missing and have been stored again: {}.", paths_of(paths, speaker)),
        ),
        Note::BrokenPromise(broken) => {
            let next = speaker.say(" With `semver-keys: require` such a version is refused.");
            (Warning, promise::TITLE, format!("{}{next}", promise::sentences(broken, speaker)))
        }
        Note::RestNotMerged(paths) => (
            Warning,
            "Comments not merged",
            format!(
                "Others have changed comments, the order or other text outside of keys in these files, as you have. Yours is \
                 kept, and what they changed of it is not: {}.",
                paths_of(paths, speaker)
            ),
        ),
        Note::LinksNotPushed(paths) => (
            Notice,
            "Linked catalogs",
            format!(
                "Linked catalogs are not pushed with this one; each needs a {} of its own: {}.",
                speaker.pick("step", "push"),
                paths_of(paths, speaker)
            ),
        ),
        Note::LinksNotPulled(paths) => (
            Notice,
            "Linked catalogs",
            format!("{} is set, so linked catalogs were not pulled: {}.", speaker.subject(&CONTEXT), paths_of(paths, speaker)),
        ),
        Note::LinksNotCompared(paths) => (
            Notice,
            "Linked catalogs",
            format!(
                "Linked catalogs are not compared with this one; each needs a {} of its own: {}.",
                speaker.pick("step", "run"),
                paths_of(paths, speaker)
            ),
        ),
        Note::Unlisted(paths) => (
            Notice,
            "Files not listed",
            format!(
                "The Go cStore has pushed these files, and the head's manifest does not list them yet: {}. Push them with \
                 this tool to record them.",
                paths_of(paths, speaker)
            ),
        ),
        Note::GitNotCompared(paths) => (
            Notice,
            "Files of git",
            format!(
                "Files in a .git folder can hold a token, so each is only compared where {}. Left out: {}.",
                speaker.pick("a line of `files` is its path", "you name it by its path"),
                paths_of(paths, speaker)
            ),
        ),
        Note::UnreadableManifest { version, why } => (
            Warning,
            "Damaged object",
            format!("The manifest of {version} cannot be read, so nothing is compared with it: {why}."),
        ),
        Note::NothingInHead { context, is_named } => {
            let level = if *is_named { Warning } else { Notice };
            (level, "Nothing found", format!("Nothing was ever pushed to the head of {context}."))
        }
        Note::Untold { paths, side, action } => (
            Warning,
            "Not compared",
            format!(
                "Whether the head{} has these files could not be found out, as {action} was denied: {}.",
                side.as_ref().map(|side| format!(" of {}", side.context)).unwrap_or_default(),
                paths_of(paths, speaker)
            ),
        ),
        Note::Disagreement { keys, same_output } => {
            (Notice, "Different values", disagreement(keys, same_output.as_deref(), speaker))
        }
        Note::NoValues { raw, has_keys } => (Warning, "No values", no_values(raw, *has_keys, speaker)),
        Note::RecordedTypes(paths) => (
            Notice,
            "Recorded types",
            format!(
                "{} pins bytes and not how they are read, so what the manifest records as the type of these files does not \
                 count: {}. They are read as the catalog says, or as their names do.",
                speaker.subject(&DIGEST),
                paths_of(paths, speaker)
            ),
        ),
        Note::AlternatePaths(paths) => {
            let paths: Vec<_> = paths
                .iter()
                .map(|file| {
                    let [path, destination, alternate] =
                        [&file.path, &file.destination, &file.alternate].map(|path| speaker.path(path.as_str()));
                    format!("{path} at {destination}, not at {alternate}")
                })
                .collect();
            (
                Notice,
                "Alternate paths",
                format!(
                    "An alternate path counts only when the {}catalog gives it and {} the file. So these are restored \
                     elsewhere than the manifest or the catalog says: {}.",
                    speaker.pick("checkout's ", ""),
                    speaker.pick("no line of `files` names", "you did not name"),
                    list(&paths)
                ),
            )
        }
        Note::BackupLeft(why) => {
            (Warning, "Backup left", format!("The file is written, but the earlier one could not be removed: {why}."))
        }
        Note::ChangesUnknown { denied } => {
            let why = match denied {
                Some(action) => {
                    format!("may not be read by {} ({action} was denied)", speaker.pick("this role", "you"))
                }
                None => "cannot be read as a whole".to_owned(),
            };
            let message = format!("What is published {why}, so the keys that differ from it are not listed.");
            (Notice, "Changed keys", message)
        }
        Note::ChannelsLeft { version, channels, elsewhere, dry_run } => {
            let text = channels_left(version, channels, elsewhere.as_ref(), *dry_run, speaker);
            (Warning, "Channels left behind", text)
        }
        Note::CatalogToWrite(path) => (Notice, "Catalog", format!("{} would be written.", speaker.path(path.as_str()))),
        Note::CatalogWritten(path) => {
            let commit = speaker.pick("a later step may commit it", "commit it");
            (Notice, "Catalog", format!("{} was written; {commit}.", speaker.path(path.as_str())))
        }
    }
}

/// "Pulls of :prod fail with code 5 until it is moved: `cstore promote v1.0.0 --to :prod`."
fn channels_left(
    version: &VersionName,
    channels: &[ChannelName],
    elsewhere: Option<&Location>,
    dry_run: bool,
    speaker: impl Speaker,
) -> String {
    let names: Vec<_> = channels.iter().map(|channel| format!(":{channel}")).collect();
    let fail = if dry_run { "would fail" } else { "fail" };
    let (it_is, such) = if names.len() == 1 { ("it is", "") } else { ("they are", " each, such as the first") };
    let first = names.first().map(String::as_str).unwrap_or_default();
    let there = |name: &str| match elsewhere {
        Some(Location { bucket, context, .. }) => format!("s3://{bucket}/{}", in_context(context, name)),
        None => name.to_owned(),
    };
    let (from, to) = (there(version.as_str()), there(first));
    let flags = if elsewhere.is_some() { String::new() } else { speaker.flags(&[&CONTEXT, &BUCKET]) };
    let how = speaker.pick(
        format!("`command: promote`, `from: {from}`, `to: \"{to}\"`"),
        format!("`cstore promote {from} --to {to}{flags}`"),
    );
    format!("Pulls of {} {fail} with code 5 until {it_is} moved{such}: {how}.", names.join(", "))
}

/// That files of a push do not agree, as those of several environments may well do.
fn disagreement(keys: &[String], same_output: Option<&str>, speaker: impl Speaker) -> String {
    let mut clauses = Vec::new();
    if !keys.is_empty() {
        let keys: Vec<_> = keys.iter().map(|key| listed_key(key)).collect();
        clauses.push(format!("several files have these keys with different values ({})", some_of(&keys)));
    }
    clauses.extend(same_output.map(str::to_owned));
    format!(
        "As the files of several environments may, {}. {} to choose the files of one environment{}, or let the later \
         file win with {}.",
        clauses.join("; and "),
        speaker.pick("A pull has", "`export`, `exec` and `get` have"),
        speaker.pick(" with `files`", ""),
        speaker.with(&ON_DUPLICATE, "last")
    )
}

/// That a pull which was asked for values has none, and why.
fn no_values<S: Speaker>(raw: &[ConfigPath], has_keys: bool, speaker: S) -> String {
    if has_keys {
        return speaker.say("No value is delivered, as `keys` leaves out every key.");
    }
    if raw.is_empty() {
        return "No value is delivered, as no file has a key.".to_owned();
    }
    let may_be_dotenv = |path: &&ConfigPath| {
        let name = path.file_name().to_ascii_lowercase();
        name.contains("env") || name.contains("vars")
    };
    let example = raw.iter().find(may_be_dotenv).or_else(|| raw.first());
    let line = example.map(|path| format!("{} = dotenv", speaker.path(path.as_str()))).unwrap_or_default();
    let how = match S::FRONT_END {
        FrontEnd::Action => format!("in `types` how it is read, with a line such as `{line}`"),
        FrontEnd::CommandLine => format!("how it is read, as with {}", speaker.with(&TYPES, &in_shell(&line))),
    };
    format!(
        "No value is delivered, as these files are raw, which are not read and have no keys: {}. If one holds keys, say {how}.",
        paths_of(raw, speaker)
    )
}

/// That a pulled file has no keys, and why.
fn unread(file: &UnreadFile, speaker: impl Speaker) -> String {
    let UnreadFile { path, error, looks_like, .. } = file;
    let likeness = looks_like.map(|likeness| format!(" It looks like {likeness}.")).unwrap_or_default();
    let error = speaker.clause(error);
    format!(
        "{} is taken as it is, without keys, since it cannot be read ({error}).{likeness} If it is to have none, {}; else \
         correct it where it is pushed from.",
        speaker.path(path.as_str()),
        say_raw(path, speaker)
    )
}

/// How a file is said to be raw, as a clause.
fn say_raw(path: &ConfigPath, speaker: impl Speaker) -> String {
    let line = type_line(path, speaker);
    format!("{}{line}{}", speaker.pick("add the line ", "pass "), speaker.pick(" to `types`", ""))
}

/// What says that a file is raw.
fn raw_type(path: &ConfigPath, speaker: impl Speaker) -> String {
    let line = type_line(path, speaker);
    format!("{}{line}{}", speaker.pick("the line ", ""), speaker.pick(" of `types`", ""))
}

/// The first twenty of some paths, and how many more there are.
fn paths_of<P: ToString>(paths: &[P], speaker: impl Speaker) -> String {
    list(&paths.iter().map(|path| speaker.path(&path.to_string())).collect::<Vec<_>>())
}
