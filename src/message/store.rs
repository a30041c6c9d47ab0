//! The words for what is wrong in the store.

use super::speaker::Speaker;
use super::{Message, UNDELIVERED, channel as channels, some_of};
use crate::error::WithoutManifest;
use crate::name::VersionRequest;
use crate::option::DIGEST;
use crate::s3::Key;
use crate::store::{
    Conflict, Difference, Error, Integrity, Keys, LastPush, MAX_FILE_BYTES, Missing, Newer, NotUnderstood, Owner,
    PushSource, Tool, What,
};

pub(super) fn message(error: &Error, speaker: impl Speaker) -> Message {
    match error {
        Error::S3(failure) => super::s3::message(failure, speaker),
        Error::Name(error) => Message::new("Name", format!("{error}.")),
        Error::Conflict(conflict) => conflict_message(conflict, speaker),
        Error::Integrity(integrity) => integrity_message(integrity, speaker),
        Error::Missing(missing) => missing_message(missing, speaker),
        Error::Newer(newer) => Message::new("Newer version needed", newer_text(newer)),
        Error::IgnoresConditions { endpoint, key } => Message::new(
            "No conditional writes",
            format!(
                "{endpoint} ignores the conditions of writes: it replaced {key}, though If-None-Match or If-Match \
                 forbade it. No push is safe there, so nothing else was put."
            ),
        ),
        Error::RefusesIfMatch { endpoint, key } => Message::new(
            "If-Match not honoured",
            format!(
                "{} refuses to replace {key}, though If-Match names the very state that it is in: it does not honour the \
                 conditions of writes.",
                endpoint.as_deref().unwrap_or("The service")
            ),
        ),
        Error::RefusesCreate { endpoint, key } => Message::new(
            "Create refused",
            format!(
                "{} refuses to create {key}, though nothing is there. A service that takes keys for paths of files does so \
                 where other keys begin with {key}/, which makes a folder of it.",
                endpoint.as_deref().unwrap_or("The service")
            ),
        ),
        Error::TooLarge { path, bytes } => Message::new(
            "Object too large",
            format!(
                "{} would have {bytes} bytes; the most is {} MiB.",
                speaker.path(path.as_str()),
                MAX_FILE_BYTES / 1024 / 1024
            ),
        ),
        Error::TooMuch { bytes } => {
            Message::new("Too much", format!("The files have {} MiB together; the most is 256.", bytes / 1024 / 1024))
        }
        Error::TooManyFiles => Message::new(
            "Too many files",
            "The list of files would be larger than 1 MiB, the most that a manifest may have.",
        ),
    }
}

fn newer_text(Newer { key, what }: &Newer) -> String {
    match what {
        NotUnderstood::Schema(schema) => {
            format!("{key} was written by a later version of this tool (schema {schema}; this one reads 1).")
        }
        NotUnderstood::Features { names, writer } => {
            let this = Tool::this();
            let writer = writer.as_ref().map(|Tool { name, version }| match *name == this.name {
                true => format!(" Version {version} wrote it."),
                false => format!(" {name} {version} wrote it."),
            });
            format!(
                "{key} requires that whoever reads it understands {}, which this version of the tool ({}) does not.{}",
                some_of(names),
                this.version,
                writer.unwrap_or_default()
            )
        }
    }
}

fn conflict_message(conflict: &Conflict, speaker: impl Speaker) -> Message {
    match conflict {
        Conflict::Published { version, published, pushed, differences, created_at, source } => {
            let what = if published == pushed {
                "with the same content but other settings".to_owned()
            } else {
                format!("with other content (sha256:{} there, sha256:{} here)", published.short(), pushed.short())
            };
            Message::new(
                "Version exists",
                format!(
                    "Version {version} is published {what}: {}. It was published at {created_at}{}.",
                    differences_of(differences, speaker),
                    PushSource::by(source.as_ref()),
                ),
            )
        }
        Conflict::Claimed { version, created_at, source } => Message::new(
            "Version claimed",
            format!(
                "Version {version} was claimed for other content at {created_at}{}, and is not published.",
                PushSource::by(source.as_ref())
            ),
        ),
        Conflict::Purging { version, created_at, source } => Message::new(
            "Version is being purged",
            format!("Version {version} is being purged since {created_at}{}.", PushSource::by(source.as_ref())),
        ),
        Conflict::Twin { version, published } => Message::new(
            "Version exists under another name",
            format!(
                "{published} is published, and {version} has the same precedence: they differ only in a leading `v` or \
                 in what follows a `+`, so no requirement could tell them apart."
            ),
        ),
        Conflict::SamePrecedence { names } => Message::new(
            "Versions of one precedence",
            format!(
                "The highest versions that match have the same precedence: {}. They differ only in a leading `v` or in \
                 what follows a `+`.",
                some_of(names)
            ),
        )
        .leaving(UNDELIVERED),
        Conflict::KeyTaken { key, owner, version } => {
            let pushed = version.as_ref().map_or_else(|| "the head".to_owned(), |version| format!("version {version}"));
            let whose = match owner {
                Owner::Head => "a file of the head whose path begins with the version's name".to_owned(),
                Owner::Version(other) => format!("a file of version {other}"),
                Owner::OtherPush(push_id) => {
                    format!(
                        "by its own account from another push of the same version ({push_id}), with other content, \
                         another key or in an archive"
                    )
                }
                Owner::OtherTool => "another tool's".to_owned(),
                Owner::Unlisted => "something that no manifest lists".to_owned(),
            };
            Message::new("Key taken", format!("The push of {pushed} stopped: {key} is there already and is {whose}."))
        }
        Conflict::HeadMoved { moved, last } if moved.is_empty() => {
            Message::new("Head has changed", format!("Others have pushed to the head. {}", last_push(last.as_ref())))
        }
        Conflict::HeadMoved { moved, last } => {
            let paths: Vec<_> = moved.iter().map(|file| speaker.path(file.path.as_str())).collect();
            Message::new(
                "Head has changed",
                format!(
                    "Others have changed these files of the head meanwhile: {}. {}",
                    some_of(&paths),
                    last_push(last.as_ref())
                ),
            )
        }
        Conflict::VersionMoved { version } => Message::new(
            "Conflict",
            format!("Others have changed what is published as {version} meanwhile: it is no longer what was shown."),
        ),
        Conflict::ChannelMoved { channel, expected, present } => {
            channels::moved(channel, expected.as_deref(), present.as_deref())
        }
        Conflict::PointedAt { channels } => channels::pointed_at(channels),
        Conflict::KeepsChanging { key } => Message::new("Conflict", format!("Others keep changing {key}.")),
    }
}

fn integrity_message(integrity: &Integrity, speaker: impl Speaker) -> Message {
    let undelivered = |title: &str, what: String| Message::new(title, what).leaving(UNDELIVERED);
    match integrity {
        Integrity::Damaged { key, why, .. } => {
            let is_own = Keys::is_document(key.as_str()) && !Keys::is_manifest_of_version(key);
            let untouched = if Keys::is_channel(key) {
                "" // a push that was to move it has published its version
            } else if is_own {
                "Nothing was changed."
            } else {
                UNDELIVERED
            };
            Message::new("Damaged object", format!("{key} cannot be trusted: {why}.")).leaving(untouched)
        }
        Integrity::Mismatch { key, push_id, .. } => {
            let writer = push_id.as_ref().map_or_else(
                || "something else wrote over it".to_owned(),
                |push_id| format!("the push {push_id} wrote over it and has not finished"),
            );
            undelivered("Content does not match", format!("{key} is not what its manifest says: {writer}."))
        }
        Integrity::Replaced { key, version } => Message::new(
            "Content does not match",
            format!(
                "Version {version} is published with this content, but {key} has been replaced since, and a push does not touch it."
            ),
        ),
        Integrity::Pin { of_channel, expected, found } => {
            let there = of_channel.as_ref().map_or_else(
                || "what is there".to_owned(),
                |(channel, version)| format!("version {version}, which the channel {channel} points at,"),
            );
            let what = format!("{} asks for {}, but {there} has {}.", speaker.subject(&DIGEST), expected.pin(), found.pin());
            undelivered("Digest differs", what)
        }
        Integrity::Unexpected { expected, found, .. } => Message::new(
            "Digest differs",
            format!("What was asked for has {}, and not {}, as it was reviewed.", found.pin(), expected.pin()),
        )
        .leaving("Nothing was changed."),
        Integrity::OtherSettings => Message::new(
            "Digest differs",
            "What is to be promoted has the files that were shown, but their types, tags or alternate paths, or the message, \
             have been changed since.",
        )
        .leaving("Nothing was promoted."),
        Integrity::Foreign { paths, are_listed } => {
            let paths: Vec<_> = paths.iter().map(|path| speaker.path(path.as_str())).collect();
            let who = if *are_listed {
                "Another tool has written these files of the head since they were last pushed"
            } else {
                "Another tool, such as the Go cStore, has pushed these files of the head, and no manifest lists them yet"
            };
            let what = format!("{who}: {}. This would replace what is there, which nobody here has seen.", some_of(&paths));
            Message::new("Content does not match", what)
        }
        Integrity::ChannelTarget { channel, version, expected, found } => {
            channels::overwritten(channel, version, (*expected, *found))
        }
        Integrity::BackTarget { channel, version, older, expected, found } => {
            channels::overwritten_back_target(channel, version, older.as_ref(), (*expected, *found))
        }
        Integrity::MovedTarget { channel, version, expected, found } => {
            channels::moved_to_overwritten(channel, version, (*expected, *found))
        }
        Integrity::Unmanaged { key } => Message::new(
            "Content does not match",
            format!(
                "{key} was written by another tool after the last push, and {} accepts no such file.",
                speaker.object(&DIGEST)
            ),
        ),
    }
}

fn missing_message(missing: &Missing, speaker: impl Speaker) -> Message {
    match missing {
        Missing::Version { context, version, .. } => {
            Message::new("Version not found", format!("Version {version} of {context} is not published."))
        }
        Missing::Requirement { context, requirement, .. } => {
            Message::new("Version not found", format!("No published version of {context} matches {requirement}."))
        }
        Missing::Head { context, keys, .. } if keys.is_empty() => {
            Message::new("Nothing found", format!("Nothing was pushed to the head of {context}."))
        }
        Missing::Head { context, keys, .. } => {
            let own = format!("{context}/");
            let name = |key: &Key| {
                let path = key.as_str().strip_prefix(&own).map(|path| speaker.path(path));
                speaker.pick(None, path).unwrap_or_else(|| key.to_string())
            };
            let names: Vec<_> = keys.iter().map(name).collect();
            Message::new(
                "File not found",
                format!(
                    "Files of the head are not there: {}. Nothing was pushed to the head of {context}.",
                    some_of(&names)
                ),
            )
        }
        Missing::EarlierHead { context, is_first, is_versioned, .. } => Message::new(
            "No earlier head",
            match (is_first, is_versioned) {
                (true, _) => format!("The head of {context} was pushed only once, so there was nothing before that."),
                (false, false) => format!(
                    "The bucket keeps no S3 versions, and so not what the head of {context} was before its last push. Here a \
                     rollback needs a version to go back to."
                ),
                (false, true) => format!(
                    "What the head of {context} was before its last push is no longer in the bucket: that S3 version of its \
                     manifest has expired, or somebody deleted it."
                ),
            },
        ),
        Missing::Purged { paths } => {
            let paths: Vec<_> = paths.iter().map(|path| speaker.path(path.as_str())).collect();
            Message::new(
                "Files purged",
                format!(
                    "What the head was before its last push had files that were purged since: {}.",
                    some_of(&paths)
                ),
            )
            .leaving("Nothing was changed.")
        }
        Missing::Channel { context, channel, .. } => channels::not_found(context, channel),
        Missing::NoTarget { channel, current } => channels::points_at_nothing(channel, current),
        Missing::DeadTarget { channel, version } => channels::dead_target(channel, version),
        Missing::EarlierTarget { channel, wanted, earlier } => {
            channels::no_earlier_target(channel, wanted.as_ref(), !earlier.is_empty())
        }
        Missing::BackTarget { channel, version, older } => {
            channels::purged_back_target(channel, version, older.as_ref())
        }
        Missing::MovedTarget { channel, version, is_purging } => {
            channels::moved_to_purged(channel, version, *is_purging)
        }
        Missing::Files { version, keys, manifest } => {
            let place = version.as_ref().map_or_else(|| "the head".to_owned(), |version| format!("version {version}"));
            match manifest {
                Some(manifest) => Message::new(
                    "File not found",
                    format!("{manifest} names files of {place} that are gone: {}.", some_of(keys)),
                )
                .leaving(UNDELIVERED),
                None => Message::new("File not found", format!("Files of {place} are not there: {}.", some_of(keys))),
            }
        }
        Missing::Unpublished { version, key, push_id, source } => {
            let place = version.as_ref().map_or_else(|| "the head".to_owned(), |version| format!("Version {version}"));
            let who = source.as_ref().map(ToString::to_string).filter(|who| !who.is_empty());
            let who = who.or_else(|| push_id.as_ref().map(|push_id| format!("push {push_id}")));
            let who = who.map(|who| format!(" ({who})")).unwrap_or_default();
            Message::new(
                "Not published",
                format!("{place} is not published: {key} belongs to a push that has not finished{who}."),
            )
        }
    }
}

pub(super) fn last_push(last: Option<&LastPush>) -> String {
    last.map_or_else(
        || "The head has no manifest any more.".to_owned(),
        |last| format!("The head was last pushed at {}{}.", last.created_at, PushSource::by(last.source.as_ref())),
    )
}

fn differences_of(differences: &[Difference], speaker: impl Speaker) -> String {
    let clauses: Vec<_> = differences
        .iter()
        .map(|difference| {
            let path = speaker.path(difference.path.as_str());
            match difference.what {
                What::Added => format!("{path} is new"),
                What::Removed => format!("{path} is gone"),
                What::Content => format!("{path} differs"),
                What::KmsKey => format!("the KMS key of {path} differs"),
                What::Tags => format!("the tags of {path} differ"),
                What::FileType => format!("the type of {path} differs"),
                What::AlternatePath => format!("the alternate path of {path} differs"),
            }
        })
        .collect();
    some_of(&clauses)
}

/// What is wrong with what the Go cStore pushed.
pub(super) fn without_manifest(WithoutManifest { context, asked, named }: &WithoutManifest) -> Message {
    if named.is_empty() {
        let what = match asked {
            VersionRequest::Exact(version) => version.to_string(),
            _ => "The head".to_owned(),
        };
        return Message::new(
            "No manifest",
            format!(
                "{what} of {context} was pushed by the Go cStore, without a manifest, so there is nothing to show, verify or lock."
            ),
        );
    }
    let what = match asked {
        VersionRequest::Head | VersionRequest::Channel(_) => format!("Nothing was pushed to the head of {context}."),
        VersionRequest::Exact(version) => format!("Version {version} of {context} is not published."),
        VersionRequest::Matching(requirement) => format!("No published version of {context} matches {requirement}."),
    };
    let of_go =
        "The catalog names versions that the Go cStore pushed, without a manifest, so only their exact names find them";
    Message::new("Version not found", format!("{what} {of_go}: {}.", some_of(named)))
}
