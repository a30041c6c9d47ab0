//! The words for everything that can end a run.

use super::headline::place;
use super::speaker::{Speaker, sentence};
use super::{
    Message, SHOWN, UNDELIVERED, capital, channel, config_files, deadline, ended, identity, keys, local_files, lock,
    option, promise, purge, push, remedy, some_of, store, unknown_files,
};
use crate::config::UnreadFile;
use crate::error::{Error, PromotionFailure, Remedy, RollbackFailure, Side};
use crate::option::{AWS_REGION, BUCKET, TAGS};
use crate::s3::{Operation, Reason};
use crate::store::{Error as StoreError, Stage};

/// The messages for an error, each to be shown by itself: several for several broken files.
#[must_use]
pub fn messages(error: &Error, speaker: impl Speaker) -> Vec<Message> {
    let Error::ConfigFiles { files, wanted, unmatched_types } = error else {
        return vec![message(error, speaker)];
    };
    let remedy = |file: &UnreadFile| Remedy::CorrectFiles { paths: vec![file.path.clone()], wanted: wanted.clone() };
    let message = |file: &UnreadFile| Message {
        next: remedy::words(&remedy(file), speaker),
        ..config_files::unread_one(file, wanted.is_some(), speaker)
    };
    let mut messages: Vec<_> = files.iter().map(message).collect();
    // One of them may have been meant to keep such a file from being read.
    if let (Some(words), Some(first)) = (remedy::unmatched_types(unmatched_types, speaker), messages.first_mut()) {
        first.next = format!("{words} {}", first.next);
    }
    messages
}

/// The message for an error of the run itself.
#[must_use]
pub fn message(error: &Error, speaker: impl Speaker) -> Message {
    match error {
        // Its cause's remedy, and what the same push run again does.
        Error::Push(_)
        | Error::Promotion(_)
        | Error::Rollback(_)
        | Error::Purge(_)
        | Error::Channel(_)
        | Error::ChannelTarget(_) => condition(error, speaker),
        error => Message { next: remedy::words(&error.remedy(), speaker), ..condition(error, speaker) },
    }
}

fn condition(error: &Error, speaker: impl Speaker) -> Message {
    match error {
        Error::Option(error) => option::message(error, speaker),
        Error::Catalog { path, error } => {
            let here = capital(&speaker.clause(&error.kind));
            let end = if here.ends_with('?') { "" } else { "." };
            let why = speaker.clause(error);
            let elsewhere = format!("The catalog {} cannot be read ({why}).", speaker.path(path.as_str()));
            Message::new("Catalog", speaker.pick(elsewhere, format!("{here}{end}"))).at(path, Some(error.line))
        }
        Error::LinkedTooDeep { path } => {
            let catalog = speaker.pick(format!("The catalog {path}"), "This catalog".to_owned());
            Message::new("Catalog", format!("{catalog} is linked too deep, or in a circle.")).at(path, None)
        }
        Error::TwoCatalogs { path, catalogs: [one, other] } => {
            let [path, one, other] = [path, one, other].map(|path| speaker.path(path.as_str()));
            let what = format!("{path} is a file of two catalogs, {one} and {other}, and either could be meant.");
            Message::new("Catalog", what).leaving(UNDELIVERED)
        }
        Error::OfLinked { path, catalog } => {
            let [path, catalog] = [path, catalog].map(|path| speaker.path(path.as_str()));
            let what = format!("{path} is a file of the linked catalog {catalog}, which has another context.");
            Message::new("Catalog", what).leaving("Nothing was sent.")
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
            let catalog = speaker.pick(format!("The catalog {path}"), "This catalog".to_owned());
            Message::new("Catalog", format!("{catalog} cannot be updated: {error}."))
                .leaving("Nothing was pushed.")
                .at(path, None)
        }
        Error::ConfigFiles { files, wanted, .. } => config_files::unread(files, wanted.is_some(), speaker),
        Error::WithoutKeys { files, missing, cause } => {
            let Message { title, mut what, file, line, .. } = condition(cause, speaker);
            if !files.is_empty() {
                let files: Vec<_> = files.iter().map(|file| config_files::in_brackets(file, speaker)).collect();
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
            let elsewhere = format!("The template {path} cannot be read ({why}).");
            let here = format!("The template cannot be read: {}.", speaker.clause(&error.problem));
            Message::new("Config file", speaker.pick(elsewhere, here)).at(path, error.line)
        }
        Error::Merge(error) => Message::new("Duplicate key", ended(error, speaker)),
        Error::SameName(error) => Message::new("Key name", ended(error, speaker)),
        Error::Expand(error) => {
            Message::new("Expansion", format!("Values cannot be expanded: {}.", speaker.clause(error)))
        }
        Error::Format(error) => Message::new("Format", ended(error, speaker)),
        Error::EnvironmentFiles(error) => config_files::not_for_ecs(error, speaker),
        Error::OtherAtKey(files) => config_files::not_loaded_by_ecs(files, speaker),
        Error::Lock(failure) => lock::condition(failure, speaker),
        Error::Schema { path, error } => {
            let schema = speaker.pick(format!("The schema {path}"), "This schema".to_owned());
            Message::new("Schema", format!("{schema} cannot be used: {error}.")).at(path, None)
        }
        Error::SchemaMismatch { path, failures } => {
            let schema = speaker.pick(format!("the schema {path}"), "this schema".to_owned());
            Message::new("Schema", format!("The values do not match {schema}: {}.", some_of(failures))).at(path, None)
        }
        Error::RequiredKeys(missing) => keys::required(missing, speaker),
        Error::BrokenPromises(broken) => promise::refused(broken, speaker),
        Error::ChangedByOthers(changes) => push::changed_by_others(changes, speaker),
        Error::Template { path, missing, unknown } => keys::not_of_template(path, missing, unknown, speaker),
        Error::Workspace(error) => local_files::condition(error, speaker),
        Error::Unsent(error) => local_files::condition(error, speaker).leaving("Nothing was sent."),
        Error::NoSuchFile { option, path } => Message::new(
            &option::title(option.name, speaker),
            format!("{} names {}, which does not exist.", speaker.subject(option), speaker.path(path)),
        ),
        Error::NotNamed { files, .. } => local_files::not_named(files, speaker),
        Error::OnePlace { other, error, .. } => {
            let formatted = if other.is_none() { " One of them is the formatted file." } else { "" };
            Message::new("File", ended(&local_files::about_file(error, speaker), speaker) + formatted)
                .leaving("Nothing was written.")
        }
        Error::WouldReplace { files } => local_files::would_replace(files, speaker),
        Error::SeveralBuckets { buckets } => Message::new(
            "Several buckets",
            format!("The catalog's files are in several buckets: {}.", some_of(buckets)),
        ),
        Error::UnknownFiles(files) => unknown_files::nowhere(files, speaker),
        Error::NotStored { files, context, version, are_listed } => {
            unknown_files::not_stored(files, context, version.as_ref(), *are_listed, speaker)
        }
        Error::WithoutManifest(without) => store::without_manifest(without),
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
        Error::NoSuchKey(error) => keys::no_such_key(error, speaker),
        Error::NothingToPush { only_excludes: true, has_catalog } => Message::new(
            "Nothing to push",
            format!(
                "There is no file to push: lines with `!` only leave out files of the catalog, and {}.",
                if *has_catalog { "it names no others" } else { "there is no catalog" }
            ),
        ),
        Error::NothingToPush { only_excludes: false, .. } => Message::new(
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
        // Its value may hold a password.
        Error::Proxy(variable) => Message::new("Proxy", format!("{variable} holds no URL of a proxy.")),
        Error::Certificates(error) => Message::new(
            "Certificates",
            format!("{} names {}, which {}.", error.variable, error.path.display(), error.problem),
        ),
        // Of the commands that do not say by themselves what they leave, a purge alone lists S3 versions, and before all else.
        Error::Store(error) if is_of_listing_versions(error) => {
            store::message(error, speaker).leaving("Nothing was removed.")
        }
        Error::Store(error) => store::message(error, speaker),
        Error::Push(failure) => push::message(failure, message(&failure.cause, speaker), "push", speaker),
        Error::Promotion(failure) => promotion(failure, error.remedy(), speaker),
        Error::Rollback(failure) => rollback(failure, error.remedy(), speaker),
        Error::Purge(failure) => {
            let cause = Message { next: remedy::words(&error.remedy(), speaker), ..condition(&failure.cause, speaker) };
            purge::broken_off(failure, cause, speaker)
        }
        Error::Channel(failure) => channel::left_open(failure, message(&failure.cause, speaker), speaker),
        Error::ChannelTarget(damaged) => channel::damaged_target(damaged, message(&damaged.cause, speaker)),
        Error::Unpurged(unpurged) => purge::unfinished(unpurged, speaker),
        Error::Cancelled(signal) => {
            let step = speaker.pick("step", "command");
            Message::new("Cancelled", format!("The {step} was cancelled by {signal} before it was done."))
                .leaving("Nothing was changed.")
        }
        Error::Deadline { limit, wait, others } => deadline::condition(*limit, wait.as_ref(), *others, speaker),
    }
}

/// What failed at one side, which is named first.
fn promotion(
    PromotionFailure { side, location, cause }: &PromotionFailure,
    remedy: Remedy,
    speaker: impl Speaker,
) -> Message {
    let next = match remedy {
        Remedy::CheckBucket { default_of: None, .. } => check_bucket(*side, speaker),
        _ => remedy::words(&remedy, speaker),
    };
    let with_remedy = |error: &Error| Message { next: next.clone(), ..condition(error, speaker) };
    let message = match cause {
        Error::Push(failure) => push::message(failure, with_remedy(&failure.cause), "promotion", speaker),
        cause => with_remedy(cause),
    };
    let what = format!("The {}, {}: {}", side.name(), place(location), message.what);
    let untouched = if *side == Side::Source { "Nothing was promoted." } else { "" };
    Message { what, untouched, ..message }
}

/// What to do about a bucket that is not there. Each side can name its own.
fn check_bucket(side: Side, speaker: impl Speaker) -> String {
    let named = match side {
        Side::Source => speaker.pick("`from`", "`REF`"),
        Side::Destination => speaker.pick("`to`", "`--to`"),
    };
    format!(
        "Check the bucket in {named} (without one, {} or the catalog's AWS_S3_BUCKET), {} and the account.",
        speaker.option(&BUCKET),
        speaker.option(&AWS_REGION)
    )
}

fn is_of_listing_versions(error: &StoreError) -> bool {
    matches!(error, StoreError::S3(failure) if failure.operation == Operation::ListVersions)
}

/// What failed of a rollback. What a push of the head advises would lead somebody who undoes its last push astray.
fn rollback(failure: &RollbackFailure, remedy: Remedy, speaker: impl Speaker) -> Message {
    let RollbackFailure { stage, has_version, cause, .. } = failure;
    let mut next = remedy::words(&remedy, speaker);
    if let Some(StoreError::S3(failure)) = cause.of_store()
        && failure.reason == Reason::Denied
        && ["s3:ListBucketVersions", "s3:GetObjectVersion"].contains(&failure.operation.action())
    {
        next = format!("{next} {}", remedy::rollback_rights(*has_version));
    }
    let with_next = |error: &Error| Message { next: next.clone(), ..condition(error, speaker) };
    let message = match cause {
        Error::Push(failure) => push::message(failure, with_next(&failure.cause), "rollback", speaker),
        cause => with_next(cause),
    };
    if !has_version && stage.may_be_published() {
        // Whatever else is advised ends in running the same again.
        return Message { next: remedy::look_first(speaker).to_owned(), ..message };
    }
    let untouched = if *stage == Stage::Untouched { "Nothing was changed." } else { "" };
    Message { untouched, ..message }
}
