use super::report::{Report, code, some_of};
use super::s3_report;
use crate::name::VersionName;
use crate::store::{Conflict, Difference, Error, Integrity, Missing, Owner, PushSource, What};

pub(super) fn report(error: &Error) -> Report {
    match error {
        Error::S3(failure) => s3_report::report(failure),
        Error::Name(error) => {
            Report::new(code::BAD_INPUT, "Name", format!("{error}."), "Use a shorter path, version or context.")
        }
        Error::Conflict(conflict) => of_conflict(conflict),
        Error::Integrity(integrity) => of_integrity(integrity),
        Error::Missing(missing) => of_missing(missing),
        Error::NewerSchema { key, schema } => Report::new(
            code::BAD_INPUT,
            "Newer version needed",
            format!("{key} was written by a later version of this tool (schema {schema}; this one reads 1)."),
            "Use the newest version of cstore-action.",
        ),
        Error::IgnoresConditions { endpoint, key } => Report::new(
            code::OTHER,
            "No conditional writes",
            format!(
                "{endpoint} ignores the conditions of writes: it replaced {key}, though If-None-Match or If-Match \
                 forbade it. No push is safe there, so nothing else was put."
            ),
            s3_report::CONDITIONAL_WRITES,
        ),
        Error::TooMuch { bytes } => Report::new(
            code::BAD_INPUT,
            "Too much",
            format!("The files have {} MiB together; the most is 256.", bytes / 1024 / 1024),
            "Choose fewer with `files`; this tool stores configuration.",
        ),
        Error::TooManyFiles => Report::new(
            code::BAD_INPUT,
            "Too many files",
            "The list of files would be larger than 1 MiB, the most that a manifest may have.",
            "Push fewer files, or split them over several contexts.",
        ),
    }
}

fn of_conflict(conflict: &Conflict) -> Report {
    let refused = |title: &str, what: String, next: &str| Report::new(code::CONFLICT, title, what, next);
    match conflict {
        Conflict::Published { version, published, pushed, differences, created_at, source } => refused(
            "Version exists",
            format!(
                "Version {version} is published with other content or settings (sha256:{} there, sha256:{} here): {}. \
                 It was published at {created_at} by {}.",
                published.short(),
                pushed.short(),
                differences_of(differences),
                by(source.as_ref()),
            ),
            "Push under a new version; or set `overwrite: true` if the published one must be replaced.",
        ),
        Conflict::Claimed { version, created_at, source } => refused(
            "Version claimed",
            format!(
                "Version {version} was claimed for other content at {created_at} by {}, which has not published it.",
                by(source.as_ref())
            ),
            "Wait for that run, or push under a new version. If it is dead, set `overwrite: true` to go past it.",
        ),
        Conflict::Purging { version, created_at, source } => refused(
            "Version is being purged",
            format!("Version {version} is being purged since {created_at} by {}.", by(source.as_ref())),
            "Push when the purge is done, or under a new version.",
        ),
        Conflict::KeyTaken { key, owner, version } => {
            let pushed = version.as_ref().map_or_else(|| "the head".to_owned(), |version| format!("version {version}"));
            let (whose, next) = match owner {
                Owner::Head => (
                    "a file of the head whose path begins with the version's name".to_owned(),
                    "Push under another version name, or move that file.".to_owned(),
                ),
                Owner::Version(other) => {
                    (format!("a file of version {other}"), "Push under another path or version name.".to_owned())
                }
                Owner::OtherPush(push_id) => (
                    format!("from another push of the same version ({push_id}) with other content or another key"),
                    "Set `overwrite: true` to replace it, or push under a new version.".to_owned(),
                ),
                Owner::OtherTool => (
                    "another tool's".to_owned(),
                    "Push under a new version, or set `overwrite: true` to replace it.".to_owned(),
                ),
            };
            let claimed = match version {
                Some(version) => format!(
                    " The claim of {version} for this set of files stays, so a mended set needs `overwrite: true`."
                ),
                None => String::new(),
            };
            refused(
                "Key taken",
                format!("The push of {pushed} stopped: {key} is there already and is {whose}."),
                &(next + &claimed),
            )
        }
        Conflict::KeepsChanging { key } => refused(
            "Conflict",
            format!("Others keep changing {key}."),
            "Run this again when they are done; a `concurrency` group in the workflow keeps runs apart.",
        ),
    }
}

fn of_integrity(integrity: &Integrity) -> Report {
    let broken = |title: &str, what: String, next: String| Report::new(code::INTEGRITY, title, what, next);
    match integrity {
        Integrity::Damaged { key, why, .. } => {
            let next = if key.as_str().contains("/.cstore/versions/") {
                "Nothing was delivered. A push of that version with `overwrite: true` and the original files restores it."
            } else if key.as_str().contains("/.cstore/") {
                "Nothing was changed. Somebody with delete rights has to remove that object, or restore an earlier S3 version of it."
            } else {
                "Nothing was delivered. Push the files again to restore it; a version needs `overwrite: true`."
            };
            broken("Damaged object", format!("{key} cannot be trusted: {why}."), next.to_owned())
        }
        Integrity::Mismatch { key, version, push_id } => {
            let writer = push_id.as_ref().map_or_else(
                || "something else wrote over it".to_owned(),
                |push_id| format!("the push {push_id} wrote over it and has not finished"),
            );
            broken(
                "Content does not match",
                format!("{key} is not what its manifest says: {writer}."),
                mending(version.as_ref()),
            )
        }
        Integrity::Replaced { key, version } => broken(
            "Content does not match",
            format!("Version {version} is published with this content, but {key} has been replaced since."),
            mending(Some(version)),
        ),
        Integrity::Pin { expected, found } => broken(
            "Digest differs",
            format!("The input `digest` asks for {}, but what is there has {}.", expected.pin(), found.pin()),
            "Nothing was delivered. Find out who changed it, or set the new digest.".to_owned(),
        ),
        Integrity::Unmanaged { key } => broken(
            "Content does not match",
            format!(
                "{key} was written by another tool after the last push, and the input `digest` accepts no such file."
            ),
            "Push the file again with this tool, or remove `digest`.".to_owned(),
        ),
    }
}

fn mending(version: Option<&VersionName>) -> String {
    match version {
        Some(version) => format!(
            "Nothing was delivered. A push of {version} with `overwrite: true` and the original files restores it."
        ),
        None => "Nothing was delivered. Push the files again to restore it.".to_owned(),
    }
}

fn of_missing(missing: &Missing) -> Report {
    let gone = |title: &str, what: String, next: String| Report::new(code::NOT_FOUND, title, what, next);
    match missing {
        Missing::Version { context, version, published } => {
            gone("Version not found", format!("Version {version} of {context} is not published."), {
                let meant = meant(version.as_str(), published);
                meant.into_iter().chain([listed(published)]).collect::<Vec<_>>().join(" ")
            })
        }
        Missing::Requirement { context, requirement, published } => gone(
            "Version not found",
            format!("No published version of {context} matches {requirement}."),
            listed(published),
        ),
        Missing::Head { context } => gone(
            "Nothing found",
            format!("Nothing was pushed to the head of {context}, and no catalog names files of it."),
            "Push first, or name a `version`; check `context` and `bucket`.".to_owned(),
        ),
        Missing::Files { version, keys, manifest } => {
            let place = version.as_ref().map_or_else(|| "the head".to_owned(), |version| format!("version {version}"));
            match manifest {
                Some(manifest) => gone(
                    "File not found",
                    format!("{manifest} names files of {place} that are gone: {}.", some_of(keys)),
                    mending(version.as_ref()),
                ),
                None => gone(
                    "File not found",
                    format!("Files of {place} are not there: {}.", some_of(keys)),
                    "Check `context`, `bucket` and the paths. A part is never delivered as the whole.".to_owned(),
                ),
            }
        }
        Missing::Unpublished { version, key, push_id, source } => {
            let place = version.as_ref().map_or_else(|| "the head".to_owned(), |version| format!("Version {version}"));
            let who = match (source, push_id) {
                (Some(source), _) => source.to_string(),
                (None, Some(push_id)) => format!("push {push_id}"),
                (None, None) => "an unknown push".to_owned(),
            };
            gone(
                "Not published",
                format!("{place} is not published: {key} belongs to a push that has not finished ({who})."),
                "Wait for that run, or run its push again.".to_owned(),
            )
        }
    }
}

/// What somebody who names a version that is not there probably wants.
fn meant(version: &str, published: &[VersionName]) -> Option<String> {
    let number = version.strip_prefix('v').unwrap_or(version);
    if let Some(twin) = published.iter().find(|name| name.as_str().strip_prefix('v').unwrap_or(name.as_str()) == number)
    {
        return Some(format!("Did you mean {twin}?"));
    }
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts = number.split('.').count();
    let is_part_of_one = parts < 3 && number.split('.').all(is_number);
    // `^1.0` would take 1.9, too.
    let operator = if parts == 1 { '^' } else { '~' };
    is_part_of_one.then(|| format!("It is an exact name; for the newest of its line write `{operator}{number}`."))
}

fn listed(published: &[VersionName]) -> String {
    if published.is_empty() {
        return "No version is published there; check `context` and `bucket`.".to_owned();
    }
    let mut newest = published.to_vec();
    newest.sort_by(|a, b| b.newness().cmp(&a.newness()));
    format!("Published are: {}.", some_of(&newest))
}

fn by(source: Option<&PushSource>) -> String {
    source.map_or_else(|| "an unknown source".to_owned(), ToString::to_string)
}

fn differences_of(differences: &[Difference]) -> String {
    let clauses: Vec<_> = differences
        .iter()
        .map(|difference| {
            let path = &difference.path;
            match difference.what {
                What::Added => format!("{path} is new"),
                What::Removed => format!("{path} is gone"),
                What::Content => format!("{path} differs"),
                What::KmsKey => format!("the KMS key of {path} differs"),
                What::Tags => format!("the tags of {path} differ"),
                What::AlternatePath => format!("the alternate path of {path} differs"),
            }
        })
        .collect();
    some_of(&clauses)
}
