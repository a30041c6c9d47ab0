//! The words for what a verification finds.

use serde_json::{Value, json};

use super::channel::of_target;
use super::diff::{Shown, lacking_document, not_the_same_keys, side_document};
use super::list;
use super::notice::{Level, Notice};
use super::remedy::take_or_push_over;
use super::speaker::{Speaker, in_shell};
use super::{Message, capital, checked, counted, promise, some_of};
use crate::command::{Finding, Verified, VerifiedObjects};
use crate::excerpt::excerpt;
use crate::option::{FrontEnd, OVERWRITE};
use crate::store::{Flaw, Instead};

const TITLE: &str = "Verification";

/// The layout of the document.
const SCHEMA: u64 = 1;

/// "2 problems found".
#[must_use]
pub fn how_many(objects: &VerifiedObjects) -> String {
    match objects.findings.len() {
        0 => "no problems found".to_owned(),
        problems => format!("{} found", counted(problems, "problem")),
    }
}

/// What is wrong, each with what to do about it.
#[must_use]
pub fn findings(verified: &Verified, shown: Shown<'_>, speaker: impl Speaker) -> Vec<Message> {
    let of_files = verified.files.iter().flat_map(|files| checked::findings(files, speaker));
    let of_objects = verified.objects.iter().flat_map(|objects| {
        let version = &objects.location.version;
        objects.findings.iter().map(move |found| {
            let message = finding(found, version, shown, speaker);
            match (&objects.channel, found) {
                (Some(channel), Finding::Manifest(..) | Finding::File { .. }) => of_target(channel, version, message),
                _ => message,
            }
        })
    });
    of_files
        .chain(of_objects)
        .chain(verified.same_keys.iter().flat_map(move |diffed| not_the_same_keys(diffed, shown, speaker)))
        .collect()
}

/// How a file of a version, or of the head, is put again, as a clause.
fn put_again<S: Speaker>(version: &str, speaker: S) -> String {
    match (version, S::FRONT_END) {
        ("head", FrontEnd::Action) => "push the original file again".to_owned(),
        ("head", FrontEnd::CommandLine) => "push the original file again: `cstore push --overwrite`".to_owned(),
        (version, FrontEnd::Action) => {
            format!("push the original files of {version} again with {}", speaker.with(&OVERWRITE, "true"))
        }
        (version, FrontEnd::CommandLine) => {
            // What is pushed is all that the version has then, so the command cannot be one to paste.
            format!(
                "push all of its original files again, and no other: `cstore push -v {} --overwrite FILE…`",
                in_shell(version)
            )
        }
    }
}

/// How the published files are had, where a pull delivers them, before the words for pushing them again.
fn pull_first(version: &str, speaker: impl Speaker) -> String {
    let pull = format!("get what was published with `cstore pull -v {}`, and ", in_shell(version));
    speaker.pick("pull what was published, and ".to_owned(), pull)
}

fn finding(finding: &Finding, version: &str, shown: Shown<'_>, speaker: impl Speaker) -> Message {
    let again = put_again(version, speaker);
    let is_head = version == "head";
    let (what, next) = match finding {
        Finding::Manifest(key, why) => (
            format!("The manifest {key} is damaged: {}.", excerpt(why)),
            if is_head {
                "Restore an earlier S3 version of the object, or have it removed.".to_owned()
            } else {
                format!("Restore an earlier S3 version of the object, or {again}.")
            },
        ),
        Finding::File { path, key, flaw } => {
            let (what, next) = file(&shown(path.as_str()), key, flaw, &again);
            let is_recorded_by_push = is_head && matches!(flaw, Flaw::Foreign);
            let record = || take_or_push_over(std::slice::from_ref(path), false, speaker);
            (what, if is_recorded_by_push { record() } else { next })
        }
        Finding::NotPinned { path, key, instead } => {
            let what = match instead {
                Instead::SameBytes => "holds another object with the same bytes",
                Instead::OtherBytes => "holds another object than the one that was published",
                Instead::Nothing => "holds no object any more",
                Instead::Unknown => "holds another object, of which nothing could be found out",
            };
            (
                format!("The key {key} {what}. A pull gets {} by its S3 version.", shown(path.as_str())),
                format!("Find out who may write there. To have the published object there again, {}{again}.", pull_first(version, speaker)),
            )
        }
        Finding::Twins(names) => (
            format!("Published versions differ only in a leading `v` or in what follows a `+`: {}.", some_of(names)),
            "Somebody with the right to delete must remove the manifest of the one that should not be there: no requirement can tell them apart."
                .to_owned(),
        ),
        Finding::Promise(broken) => (
            promise::sentences(broken, speaker),
            "Push what was meant under a number that allows it, and purge the version that breaks the promise."
                .to_owned(),
        ),
    };
    Message { next, ..Message::new(TITLE, what) }
}

fn file(path: &str, key: &str, flaw: &Flaw, again: &str) -> (String, String) {
    let next = match flaw {
        Flaw::Missing | Flaw::OtherBytes | Flaw::Foreign => format!("{}.", capital(again)),
        Flaw::TooLarge => "Push a smaller file in its place.".to_owned(),
        Flaw::Archived => format!("Restore the object from its archive. Else {again}."),
        Flaw::Denied(action) => format!("Allow {action} on it."),
        Flaw::Unreadable(_) => "Check the object, and the KMS key that it is encrypted with.".to_owned(),
    };
    (format!("The file {path} {} (key {key}).", about_flaw(flaw)), next)
}

/// What follows the name of a file.
pub(crate) fn about_flaw(flaw: &Flaw) -> String {
    match flaw {
        Flaw::Missing => "is missing: its object, or the S3 version of it that is pinned, is not there".to_owned(),
        Flaw::OtherBytes => "is damaged: its object does not hold what its manifest says".to_owned(),
        Flaw::Foreign => {
            "was replaced in the bucket by another tool, with other content than its manifest says".to_owned()
        }
        Flaw::TooLarge => "is larger than 16 MiB, and no pull takes it".to_owned(),
        Flaw::Archived => "is archived: its object is in a storage class from which it cannot be read".to_owned(),
        Flaw::Denied(action) => format!("could not be looked at: {action} was denied"),
        Flaw::Unreadable(failure) => {
            let code = failure.code.as_deref().map(|code| format!(" ({})", excerpt(code))).unwrap_or_default();
            format!("cannot be got{code}")
        }
    }
}

/// What else there is to say.
#[must_use]
pub fn notices(objects: &VerifiedObjects, shown: Shown<'_>) -> Vec<Notice> {
    let mut notices = Vec::new();
    if !objects.put_again.is_empty() {
        let paths: Vec<_> = objects.put_again.iter().map(|path| shown(path.as_str())).collect();
        let paths = list(&paths);
        let text = format!(
            "The S3 keys of these files hold other objects than the pinned ones, with the same bytes: {paths}."
        );
        notices.push(Notice::new(Level::Notice, "Put again", text));
    }
    if let Some(action) = objects.names_denied {
        let text = format!(
            "Could not check for versions that differ only in a leading `v` or after a `+`, as {action} was denied."
        );
        notices.push(Notice::new(Level::Warning, "Not verified", text));
    }
    notices
}

/// All that was found.
#[must_use]
pub fn document(verified: &Verified, speaker: impl Speaker) -> Value {
    let mut document = json!({ "schema": SCHEMA, "ok": !verified.found_something() });
    if let Some(files) = &verified.files {
        document["workspace"] = checked::document(files, speaker);
    }
    if let Some(objects) = &verified.objects {
        document["objects"] = objects_document(objects);
    }
    if let Some(diffed) = &verified.same_keys {
        document["same_keys"] = json!({
            "from": side_document(&diffed.from),
            "to": side_document(&diffed.to),
            "lacking": diffed.lacking.as_ref().map(lacking_document),
        });
    }
    document
}

fn objects_document(objects: &VerifiedObjects) -> Value {
    let files: Vec<_> = objects.files.iter().map(|path| path.as_str()).collect();
    let put_again: Vec<_> = objects.put_again.iter().map(|path| path.as_str()).collect();
    json!({
        "bucket": objects.location.bucket,
        "context": objects.location.context.as_str(),
        "version": objects.location.version,
        "digest": objects.digest.map(|digest| digest.pin()),
        "files": files,
        "findings": objects.findings.iter().map(finding_document).collect::<Vec<_>>(),
        "put_again": put_again,
    })
}

fn finding_document(finding: &Finding) -> Value {
    match finding {
        Finding::Manifest(key, _) => json!({ "problem": "manifest", "key": key }),
        Finding::File { path, key, flaw } => {
            let problem = match flaw {
                Flaw::Missing => "missing",
                Flaw::OtherBytes => "damaged",
                Flaw::Foreign => "foreign",
                Flaw::TooLarge => "too-large",
                Flaw::Archived => "archived",
                Flaw::Denied(_) => "denied",
                Flaw::Unreadable(_) => "unreadable",
            };
            let mut document = json!({ "problem": problem, "path": path.as_str(), "key": key });
            if let Flaw::Denied(action) = flaw {
                document["action"] = json!(action);
            }
            document
        }
        Finding::NotPinned { path, key, instead } => {
            let instead = match instead {
                Instead::SameBytes => "same-bytes",
                Instead::OtherBytes => "other-bytes",
                Instead::Nothing => "nothing",
                Instead::Unknown => "unknown",
            };
            json!({ "problem": "not-pinned", "path": path.as_str(), "key": key, "instead": instead })
        }
        Finding::Twins(names) => {
            let names: Vec<_> = names.iter().map(|name| name.as_str()).collect();
            json!({ "problem": "same-precedence", "versions": names })
        }
        Finding::Promise(broken) => {
            json!({ "problem": "version-number", "versions": [broken.old.as_str(), broken.new.as_str()] })
        }
    }
}
