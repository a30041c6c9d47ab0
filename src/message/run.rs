//! The words for everything that can end a run.

use super::{Message, SHOWN, capital, identity, option, push, remedy, some_of, store};
use crate::config::{MissingKey, ParseProblem, UnreadFile};
use crate::error::{ChangedFile, Error, Remedy, UnnamedFile};
use crate::excerpt::listed_key;
use crate::observer::Wait;
use crate::store::MAX_FILE_BYTES;
use crate::workspace::{WorkspaceError, WorkspaceErrorKind};

/// The messages for an error, each to be shown by itself: several for several broken files.
#[must_use]
pub fn messages(error: &Error) -> Vec<Message> {
    let Error::ConfigFiles { files, wanted, unmatched_types } = error else {
        return vec![message(error)];
    };
    let remedy = |file: &UnreadFile| Remedy::CorrectFiles { paths: vec![file.path.clone()], wanted: wanted.clone() };
    let message = |file: &UnreadFile| Message { next: remedy::words(&remedy(file)), ..unread(file, wanted.is_some()) };
    let mut messages: Vec<_> = files.iter().map(message).collect();
    // One of them may have been meant to keep such a file from being read.
    if let (Some(words), Some(first)) = (remedy::unmatched_types(unmatched_types), messages.first_mut()) {
        first.next = format!("{words} {}", first.next);
    }
    messages
}

/// The message for a file that cannot be read.
fn unread(file: &UnreadFile, is_stored: bool) -> Message {
    let UnreadFile { in_workspace, error, looks_like, .. } = file;
    let what = match error.problem {
        ParseProblem::NulInValue { .. } => format!("The config file {in_workspace} cannot be delivered ({error})."),
        ParseProblem::SameOutput { by_separator, .. } => {
            let separator = if by_separator {
                ", or join the parts of nested keys by another `separator`, such as `__`, here and in the pull"
            } else {
                ""
            };
            format!(
                "The config file {in_workspace} cannot be delivered ({error}). Rename one of them in the file{separator}."
            )
        }
        _ => format!("The config file {in_workspace} cannot be read ({error})."),
    };
    let likeness = looks_like.map(|likeness| format!(" It looks like {likeness}.")).unwrap_or_default();
    let message = Message::new("Config file", what + &likeness);
    if is_stored { message } else { message.leaving("Nothing was sent.").at(in_workspace, error.line) }
}

/// A file that cannot be read, and why in brackets.
fn in_brackets(file: &UnreadFile) -> String {
    format!("{} ({})", file.in_workspace, file.error)
}

/// The message for an error of the run itself.
#[must_use]
pub fn message(error: &Error) -> Message {
    match error {
        // Its cause's remedy, and what the same push run again does.
        Error::Push(_) => condition(error),
        error => Message { next: remedy::words(&error.remedy()), ..condition(error) },
    }
}

fn condition(error: &Error) -> Message {
    match error {
        Error::Option(error) => option::message(error),
        Error::Catalog { path, error } => {
            Message::new("Catalog", format!("The catalog {path} cannot be read ({error}).")).at(path, Some(error.line))
        }
        Error::LinkedTooDeep { path } => {
            Message::new("Catalog", format!("The catalog {path} is linked too deep, or in a circle.")).at(path, None)
        }
        Error::LinkedTooMany { path, most, most_bytes } => Message::new(
            "Catalog",
            format!(
                "Reading linked catalogs ended at {path}: the most that are read are {most}, and {} MiB together.",
                most_bytes / 1024 / 1024
            ),
        )
        .at(path, None),
        Error::CatalogEdit { path, error } => {
            Message::new("Catalog", format!("The catalog {path} cannot be updated: {error}."))
                .leaving("Nothing was pushed.")
                .at(path, None)
        }
        Error::ConfigFiles { files, wanted, .. } => match files.as_slice() {
            [] => Message::new("Config file", "A config file cannot be read."),
            [file, others @ ..] => {
                let mut message = unread(file, wanted.is_some());
                if !others.is_empty() {
                    let others: Vec<_> = others.iter().map(in_brackets).collect();
                    message.what.push_str(&format!(" Nor can these: {}.", some_of(&others)));
                }
                message
            }
        },
        Error::WithoutKeys { files, missing, cause } => {
            let Message { title, mut what, file, line, .. } = condition(cause);
            if !files.is_empty() {
                let files: Vec<_> = files.iter().map(in_brackets).collect();
                what.push_str(&format!(" Keys of these files are left out: {}.", some_of(&files)));
            }
            if !missing.is_empty() {
                what.push_str(" `if-missing: ignore` left out what was not found, with its keys:");
                for error in missing.iter().take(SHOWN) {
                    what.push_str(&format!(" {}", condition(error).what));
                }
            }
            Message { file, line, ..Message::new(&title, what) }
        }
        Error::TemplateFile { path, error } => {
            Message::new("Config file", format!("The template {path} cannot be read ({error}).")).at(path, error.line)
        }
        Error::Merge(error) => Message::new("Duplicate key", sentence(error)),
        Error::SameName(error) => Message::new("Key name", sentence(error)),
        Error::Expand(error) => Message::new("Expansion", format!("Values cannot be expanded: {error}.")),
        Error::Format(error) => Message::new("Format", sentence(error)),
        Error::Schema { path, error } => {
            Message::new("Schema", format!("The schema {path} cannot be used: {error}.")).at(path, None)
        }
        Error::SchemaMismatch { path, failures } => {
            Message::new("Schema", format!("The values do not match the schema {path}: {}.", some_of(failures)))
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
                format!("Keys that `required-keys` names are missing or empty: {}.", some_of(&keys)),
            )
        }
        Error::ChangedByOthers(changes) => {
            let clause = |file: &ChangedFile| {
                let what = match file.conflict.as_ref().map(|conflict| conflict.keys().join(", ")) {
                    None => "removed".to_owned(),
                    Some(keys) if keys.is_empty() => "the whole file".to_owned(),
                    Some(keys) => keys,
                };
                format!("{} ({what})", file.path)
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
            format!("The keys differ from the template {path}; {}.", differences(missing, unknown)),
        )
        .at(path, None),
        Error::Workspace(error) => {
            let untouched = if error.kind() == WorkspaceErrorKind::Path { "Nothing was changed." } else { "" };
            let message = match error {
                WorkspaceError::TooLarge { limit, .. } if *limit == MAX_FILE_BYTES => {
                    Message::new("Object too large", sentence(error))
                }
                _ => Message::new("File", sentence(error)),
            };
            message.leaving(untouched)
        }
        Error::NoSuchFile { option, path } => Message::new(
            &format!("Input {}", option.name),
            format!("The input `{}` names {path}, which does not exist.", option.name),
        ),
        Error::NotNamed { files, .. } => {
            let what = match files.as_slice() {
                [file] => unnamed(file),
                files => {
                    let clauses: Vec<_> =
                        files.iter().map(|file| format!("{} ({})", file.destination, why_unnamed(file))).collect();
                    format!("These files are written only when a line of `files` names each: {}.", some_of(&clauses))
                }
            };
            Message::new("File not named", what).leaving("Nothing was written.")
        }
        Error::OnePlace { other, error, .. } => {
            let formatted = if other.is_none() { " One of them is the formatted file." } else { "" };
            Message::new("File", sentence(error) + formatted).leaving("Nothing was written.")
        }
        Error::WouldReplace { files } => {
            let destinations: Vec<_> = files.iter().map(|(_, destination)| destination).collect();
            let what = format!(
                "The workspace has files with other content at paths that neither `files` nor the catalog names: {}.",
                some_of(&destinations)
            );
            Message::new("Would replace a file", what).leaving("Nothing was written.")
        }
        Error::SeveralBuckets { buckets } => Message::new(
            "Several buckets",
            format!("The catalog's files are in several buckets: {}.", some_of(buckets)),
        ),
        Error::NoMatch { lines, place, .. } => Message::new(
            "File not found",
            format!("Files that the input `files` or the catalog names are not {place}: {}.", some_of(lines)),
        ),
        Error::NoTags => Message::new("File not found", "No file has the tags that the input `tags` asks for."),
        Error::NothingToPush => Message::new(
            "Nothing to push",
            "There is no file to push: neither the input `files` nor the catalog names one.",
        ),
        Error::HeadWithoutCatalog { path, .. } => Message::new(
            "No catalog",
            format!(
                "The catalog {path} does not exist. Without one a push of the head needs the inputs `context`, `bucket` and \
                 `files`."
            ),
        ),
        Error::FolderNamed { in_workspace, .. } => {
            Message::new("File", format!("{in_workspace} is a folder, not a file.")).leaving("Nothing was sent.")
        }
        Error::Identity(error) => identity::message(error),
        Error::Region(region) => Message::new(
            "Region",
            format!("AWS_REGION, AWS_DEFAULT_REGION or the profile gives {region:?}, which is not a region's name."),
        ),
        Error::Certificates(error) => Message::new(
            "Certificates",
            format!("{} names {}, which {}.", error.variable, error.path.display(), error.problem),
        ),
        Error::Store(error) => store::message(error),
        Error::Push(failure) => push::message(failure, message(&failure.cause)),
        Error::Cancelled(signal) => {
            Message::new("Cancelled", format!("The step was cancelled by {signal} before it was done."))
                .leaving("Nothing was changed.")
        }
        Error::Deadline { limit, wait, others } => Message::new(
            "Timeout",
            format!(
                "The step did not end within {} second{}: {}.",
                limit.as_secs(),
                if limit.as_secs() == 1 { "" } else { "s" },
                doing(wait.as_ref(), *others)
            ),
        ),
    }
}

/// That a file is not written as nobody has named it.
fn unnamed(UnnamedFile { path, destination, name, why }: &UnnamedFile) -> String {
    let what = if path == destination { String::new() } else { format!(", which {path} would be restored at,") };
    let rule = match name {
        None => format!("is written only when a line of `files` names it, because {why}."),
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
fn why_unnamed(UnnamedFile { path, destination, name, why }: &UnnamedFile) -> String {
    let from = if path == destination { String::new() } else { format!("{path}; ") };
    match name {
        None => format!("{from}{why}"),
        Some(folder) if folder.ends_with('/') => format!("{from}in `{folder}`: {why}"),
        Some(name) => format!("{from}such as `{name}`: {why}"),
    }
}

/// What a step was doing when its time was over.
fn doing(wait: Option<&Wait>, others: usize) -> String {
    let Some(wait) = wait else {
        return "it was reading, checking or writing files, and waited for no request".to_owned();
    };
    let what = match wait {
        Wait::JobToken => "the job's OIDC token from GitHub".to_owned(),
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

fn sentence(error: &impl std::fmt::Display) -> String {
    format!("{}.", capital(&error.to_string()))
}
