//! The words for everything that can end a run.

use super::headline::{counted, place};
use super::speaker::{Speaker, sentence};
use super::{Message, SHOWN, capital, identity, lock, option, push, remedy, some_of, store, unknown_files};
use crate::command::Location;
use crate::config::{MissingKey, ParseProblem, UnreadFile};
use crate::error::{ChangedFile, Error, NoSuchKey, Remedy, Searched, UnnamedFile};
use crate::excerpt::listed_key;
use crate::observer::Wait;
use crate::option::{REQUIRED_KEYS, TAGS};
use crate::store::MAX_FILE_BYTES;
use crate::workspace::{WorkspaceError, WorkspaceErrorKind};

/// The messages for an error, each to be shown by itself: several for several broken files.
#[must_use]
pub fn messages(error: &Error, speaker: impl Speaker) -> Vec<Message> {
    let Error::ConfigFiles { files, wanted, unmatched_types } = error else {
        return vec![message(error, speaker)];
    };
    let remedy = |file: &UnreadFile| Remedy::CorrectFiles { paths: vec![file.path.clone()], wanted: wanted.clone() };
    let message = |file: &UnreadFile| Message {
        next: remedy::words(&remedy(file), speaker),
        ..unread(file, wanted.is_some(), speaker)
    };
    let mut messages: Vec<_> = files.iter().map(message).collect();
    // One of them may have been meant to keep such a file from being read.
    if let (Some(words), Some(first)) = (remedy::unmatched_types(unmatched_types, speaker), messages.first_mut()) {
        first.next = format!("{words} {}", first.next);
    }
    messages
}

/// The message for a file that cannot be read.
fn unread(file: &UnreadFile, is_stored: bool, speaker: impl Speaker) -> Message {
    let UnreadFile { in_workspace, error, looks_like, .. } = file;
    let why = speaker.clause(error);
    let shown = speaker.path(in_workspace.as_str());
    let what = match error.problem {
        ParseProblem::NulInValue { .. } => format!("The config file {shown} cannot be delivered ({why})."),
        ParseProblem::SameOutput { by_separator, .. } => {
            let separator = if by_separator {
                speaker.say(
                    ", or join the parts of nested keys by another `separator`, such as `__`, here and in the pull",
                )
            } else {
                String::new()
            };
            format!("The config file {shown} cannot be delivered ({why}). Rename one of them in the file{separator}.")
        }
        _ => format!("The config file {shown} cannot be read ({why})."),
    };
    let likeness = looks_like.map(|likeness| format!(" It looks like {likeness}.")).unwrap_or_default();
    let message = Message::new("Config file", what + &likeness);
    if is_stored { message } else { message.leaving("Nothing was sent.").at(in_workspace, error.line) }
}

/// A file that cannot be read, and why in brackets.
fn in_brackets(file: &UnreadFile, speaker: impl Speaker) -> String {
    format!("{} ({})", speaker.path(file.in_workspace.as_str()), speaker.clause(&file.error))
}

/// The message for an error of the run itself.
#[must_use]
pub fn message(error: &Error, speaker: impl Speaker) -> Message {
    match error {
        // Its cause's remedy, and what the same push run again does.
        Error::Push(_) => condition(error, speaker),
        error => Message { next: remedy::words(&error.remedy(), speaker), ..condition(error, speaker) },
    }
}

fn condition(error: &Error, speaker: impl Speaker) -> Message {
    match error {
        Error::Option(error) => option::message(error, speaker),
        Error::Catalog { path, error } => {
            let why = speaker.clause(error);
            Message::new("Catalog", format!("The catalog {} cannot be read ({why}).", speaker.path(path.as_str())))
                .at(path, Some(error.line))
        }
        Error::LinkedTooDeep { path } => {
            let catalog = speaker.path(path.as_str());
            Message::new("Catalog", format!("The catalog {catalog} is linked too deep, or in a circle.")).at(path, None)
        }
        Error::LinkedTooMany { path, most, most_bytes } => Message::new(
            "Catalog",
            format!(
                "Reading linked catalogs ended at {}: the most that are read are {most}, and {} MiB together.",
                speaker.path(path.as_str()),
                most_bytes / 1024 / 1024
            ),
        )
        .at(path, None),
        Error::CatalogEdit { path, error } => {
            Message::new("Catalog", format!("The catalog {} cannot be updated: {error}.", speaker.path(path.as_str())))
                .leaving("Nothing was pushed.")
                .at(path, None)
        }
        Error::ConfigFiles { files, wanted, .. } => match files.as_slice() {
            [] => Message::new("Config file", "A config file cannot be read."),
            [file, others @ ..] => {
                let mut message = unread(file, wanted.is_some(), speaker);
                if !others.is_empty() {
                    let others: Vec<_> = others.iter().map(|file| in_brackets(file, speaker)).collect();
                    message.what.push_str(&format!(" Nor can these: {}.", some_of(&others)));
                }
                message
            }
        },
        Error::WithoutKeys { files, missing, cause } => {
            let Message { title, mut what, file, line, .. } = condition(cause, speaker);
            if !files.is_empty() {
                let files: Vec<_> = files.iter().map(|file| in_brackets(file, speaker)).collect();
                what.push_str(&format!(" Keys of these files are left out: {}.", some_of(&files)));
            }
            if !missing.is_empty() {
                what.push_str(&speaker.say(" `if-missing: ignore` left out what was not found, with its keys:"));
                for error in missing.iter().take(SHOWN) {
                    what.push_str(&format!(" {}", condition(error, speaker).what));
                }
            }
            Message { file, line, ..Message::new(&title, what) }
        }
        Error::TemplateFile { path, error } => {
            let why = speaker.clause(error);
            let template = speaker.path(path.as_str());
            Message::new("Config file", format!("The template {template} cannot be read ({why}).")).at(path, error.line)
        }
        Error::Merge(error) => Message::new("Duplicate key", ended(error, speaker)),
        Error::SameName(error) => Message::new("Key name", ended(error, speaker)),
        Error::Expand(error) => {
            Message::new("Expansion", format!("Values cannot be expanded: {}.", speaker.clause(error)))
        }
        Error::Format(error) => Message::new("Format", ended(error, speaker)),
        Error::Lock(failure) => lock::condition(failure, speaker),
        Error::Schema { path, error } => {
            let schema = speaker.path(path.as_str());
            Message::new("Schema", format!("The schema {schema} cannot be used: {error}.")).at(path, None)
        }
        Error::SchemaMismatch { path, failures } => {
            let schema = speaker.path(path.as_str());
            Message::new("Schema", format!("The values do not match the schema {schema}: {}.", some_of(failures)))
                .at(path, None)
        }
        Error::RequiredKeys(missing) => {
            let clause = |key: &MissingKey| match key {
                MissingKey::Absent(key) => format!("{key} is missing"),
                MissingKey::Empty(key) => format!("{} is empty", listed_key(key)),
            };
            let keys: Vec<_> = missing.iter().map(clause).collect();
            Message::new(
                "Required keys",
                format!("Keys that {} names are missing or empty: {}.", speaker.option(&REQUIRED_KEYS), some_of(&keys)),
            )
        }
        Error::ChangedByOthers(changes) => {
            let clause = |file: &ChangedFile| {
                let what = match file.conflict.as_ref().map(|conflict| conflict.keys().join(", ")) {
                    None => "removed".to_owned(),
                    Some(keys) if keys.is_empty() => "the whole file".to_owned(),
                    Some(keys) => keys,
                };
                format!("{} ({what})", speaker.path(file.path.as_str()))
            };
            let files: Vec<_> = changes.files.iter().map(clause).collect();
            let what = format!(
                "Others have changed in the head what this push changes, too: {}. {}",
                some_of(&files),
                store::last_push(changes.last.as_ref())
            );
            Message::new("Head has changed", what)
        }
        Error::Template { path, missing, unknown } => Message::new(
            "Template",
            format!(
                "The keys differ from the template {}; {}.",
                speaker.path(path.as_str()),
                differences(missing, unknown)
            ),
        )
        .at(path, None),
        Error::Workspace(error) => file_condition(error, speaker),
        Error::NoSuchFile { option, path } => Message::new(
            &option::title(option.name, speaker),
            format!("{} names {}, which does not exist.", speaker.subject(option), speaker.path(path)),
        ),
        Error::NotNamed { files, .. } => {
            let what = match files.as_slice() {
                [file] => unnamed(file, speaker),
                files => {
                    let clauses: Vec<_> = files
                        .iter()
                        .map(|file| {
                            format!("{} ({})", speaker.path(file.destination.as_str()), why_unnamed(file, speaker))
                        })
                        .collect();
                    let line = speaker.pick("a line of `files` names each", "each is named");
                    format!("These files are written only when {line}: {}.", some_of(&clauses))
                }
            };
            Message::new("File not named", what).leaving("Nothing was written.")
        }
        Error::OnePlace { other, error, .. } => {
            let formatted = if other.is_none() { " One of them is the formatted file." } else { "" };
            Message::new("File", ended(&about_file(error, speaker), speaker) + formatted)
                .leaving("Nothing was written.")
        }
        Error::WouldReplace { files } => {
            let destinations: Vec<_> =
                files.iter().map(|(_, destination)| speaker.path(destination.as_str())).collect();
            let what = format!(
                "{} has files with other content at paths that neither {} nor the catalog names: {}.",
                speaker.pick("The workspace", "The folder"),
                speaker.pick("`files`", "you"),
                some_of(&destinations)
            );
            Message::new("Would replace a file", what).leaving("Nothing was written.")
        }
        Error::SeveralBuckets { buckets } => Message::new(
            "Several buckets",
            format!("The catalog's files are in several buckets: {}.", some_of(buckets)),
        ),
        Error::UnknownFiles(files) => unknown_files::nowhere(files, speaker),
        Error::NotStored { files, context, version } => {
            unknown_files::not_stored(files, context, version.as_ref(), speaker)
        }
        Error::NotHere { files, are_listed } => unknown_files::not_here(files, *are_listed, speaker),
        Error::NoMatch { lines, place, .. } => Message::new(
            "File not found",
            format!(
                "Files that {} or the catalog names are not {place}: {}.",
                speaker.pick("the input `files`", "you"),
                some_of(&lines.iter().map(|line| speaker.line(line)).collect::<Vec<_>>())
            ),
        ),
        Error::NoTags => {
            let tags = speaker.object(&TAGS);
            Message::new("File not found", format!("No file has the tags that {tags} asks for."))
        }
        Error::NoSuchKey(error) => no_such_key(error),
        Error::NothingToPush => Message::new(
            "Nothing to push",
            sentence!(
                speaker,
                "There is no file to push: neither "
                ["the input `files`" | "you"]
                " nor the catalog names one."
            ),
        ),
        Error::HeadWithoutCatalog { path, .. } => Message::new(
            "No catalog",
            format!(
                "The catalog {} does not exist. Without one a push of the head needs {}.",
                speaker.path(path.as_str()),
                speaker.pick(
                    "the inputs `context`, `bucket` and `files`",
                    "`--context`, `--bucket` and the names of files"
                )
            ),
        ),
        Error::FolderNamed { in_workspace, .. } => {
            let folder = speaker.path(in_workspace.as_str());
            Message::new("File", format!("{folder} is a folder, not a file.")).leaving("Nothing was sent.")
        }
        Error::Identity(error) => identity::message(error, speaker),
        Error::Region(region) => Message::new(
            "Region",
            format!("AWS_REGION, AWS_DEFAULT_REGION or the profile gives {region:?}, which is not a region's name."),
        ),
        Error::Certificates(error) => Message::new(
            "Certificates",
            format!("{} names {}, which {}.", error.variable, error.path.display(), error.problem),
        ),
        Error::Store(error) => store::message(error, speaker),
        Error::Push(failure) => push::message(failure, message(&failure.cause, speaker), speaker),
        Error::Cancelled(signal) => {
            let step = speaker.pick("step", "command");
            Message::new("Cancelled", format!("The {step} was cancelled by {signal} before it was done."))
                .leaving("Nothing was changed.")
        }
        Error::Deadline { limit, wait, others } => Message::new(
            "Timeout",
            format!(
                "The {} did not end within {} second{}: {}.",
                speaker.pick("step", "command"),
                limit.as_secs(),
                if limit.as_secs() == 1 { "" } else { "s" },
                doing(wait.as_ref(), *others, speaker)
            ),
        ),
    }
}

fn no_such_key(NoSuchKey { key, meant, searched }: &NoSuchKey) -> Message {
    let key = listed_key(key);
    let what = match searched {
        Searched::Files(location) => format!("There is no config key {key} in {}.", place(location)),
        Searched::Versions { location: Location { context, bucket, .. }, last: None } => {
            format!("Nothing that was pushed to {context} in s3://{bucket} ever had the config key {key}.")
        }
        Searched::Versions { location: Location { context, bucket, .. }, last: Some(last) } => {
            let versions = counted(*last, "version");
            format!("The config key {key} is not in the last {versions} of {context} in s3://{bucket}.")
        }
    };
    let meant = meant.as_deref().map(|meant| format!(" Did you mean {}?", listed_key(meant)));
    Message::new("Config key not found", what + &meant.unwrap_or_default())
}

/// That a file is not written as nobody has named it.
fn unnamed(UnnamedFile { path, destination, name, why }: &UnnamedFile, speaker: impl Speaker) -> String {
    let why = speaker.clause(why);
    let what = if path == destination {
        String::new()
    } else {
        format!(", which {} would be restored at,", speaker.path(path.as_str()))
    };
    let destination = speaker.path(destination.as_str());
    let rule = match name {
        None => {
            let line = speaker.pick("a line of `files` names it", "it is named");
            format!("is written only when {line}, because {why}.")
        }
        Some(folder) if folder.ends_with('/') => {
            format!("is not written: files in `{folder}` have to be named one by one, because {why}.")
        }
        Some(name) => {
            format!("is not written: files such as `{name}` have to be named one by one, because {why}.")
        }
    };
    format!("{destination}{what} {rule}")
}

/// Why a file has to be named, among several: what it is called, or what it is.
fn why_unnamed(UnnamedFile { path, destination, name, why }: &UnnamedFile, speaker: impl Speaker) -> String {
    let why = speaker.clause(why);
    let from = if path == destination { String::new() } else { format!("{}; ", speaker.path(path.as_str())) };
    match name {
        None => format!("{from}{why}"),
        Some(folder) if folder.ends_with('/') => format!("{from}in `{folder}`: {why}"),
        Some(name) => format!("{from}such as `{name}`: {why}"),
    }
}

/// What a run was doing when its time was over.
fn doing(wait: Option<&Wait>, others: usize, speaker: impl Speaker) -> String {
    let Some(wait) = wait else {
        return "it was reading, checking or writing files, and waited for no request".to_owned();
    };
    let what = match wait {
        Wait::JobToken => speaker.pick("the job's OIDC token from GitHub", "an OIDC token from GitHub").to_owned(),
        Wait::Role { arn } => format!("credentials of {arn} from STS"),
        Wait::Credentials => "AWS credentials".to_owned(),
        Wait::Account => "STS to say which account the credentials are of".to_owned(),
        Wait::Object { action, bucket, key } => format!("the answer to {action} of s3://{bucket}/{key}"),
    };
    match (wait, others) {
        (Wait::Object { .. }, 1) => format!("it was waiting for {what} and for one more request"),
        (Wait::Object { .. }, 2..) => format!("it was waiting for {what} and for {others} more requests"),
        _ => format!("it was waiting for {what}"),
    }
}

/// How the keys differ from a template, with no more keys named than of any list.
fn differences(missing: &[String], unknown: &[String]) -> String {
    let mut left = SHOWN;
    let mut clauses = Vec::new();
    for (what, keys) in [("missing", missing), ("not in the template", unknown)] {
        let named: Vec<_> = keys.iter().take(left).map(|key| listed_key(key)).collect();
        left -= named.len();
        match (named.is_empty(), keys.len() - named.len()) {
            (true, 0) => {}
            (true, all) => clauses.push(format!("{what}: {all}")),
            (false, 0) => clauses.push(format!("{what}: {}", named.join(", "))),
            (false, more) => clauses.push(format!("{what}: {} and {more} more", named.join(", "))),
        }
    }
    clauses.join("; ")
}

fn file_condition(error: &WorkspaceError, speaker: impl Speaker) -> Message {
    let untouched = if error.kind() == WorkspaceErrorKind::Path { "Nothing was changed." } else { "" };
    let title = match error {
        WorkspaceError::TooLarge { limit, .. } if *limit == MAX_FILE_BYTES => "Object too large",
        _ => "File",
    };
    Message::new(title, ended(&about_file(error, speaker), speaker)).leaving(untouched)
}

/// The message for a path of the workspace that cannot be read or written.
pub(crate) fn message_about_file(error: &WorkspaceError, speaker: impl Speaker) -> Message {
    Message { next: remedy::words(&error.remedy(), speaker), ..file_condition(error, speaker) }
}

/// What is wrong with a path of the workspace, as a clause.
pub(crate) fn about_file(error: &WorkspaceError, speaker: impl Speaker) -> String {
    error.words(|path| speaker.path(path))
}

/// What the core says of an error, as a sentence.
fn ended(error: &impl std::fmt::Display, speaker: impl Speaker) -> String {
    format!("{}.", capital(&speaker.clause(error)))
}
