//! The words for which of the published versions was probably meant.

use super::files::SAME_BUCKET;
use crate::message::some_of;
use crate::message::speaker::{Speaker, in_shell, sentence};
use crate::name::{Requirement, VersionName, VersionRequest};
use crate::option::{BUCKET, CONTEXT, FrontEnd, VERSION};

/// How alike two names are that one is taken for the other with a typing error, by Damerau and Levenshtein.
const CLOSE: usize = 1;

/// What to do where a version is not there, and these are published.
pub(super) fn take_published<S: Speaker>(asked: &VersionRequest, published: &[VersionName], speaker: S) -> String {
    let newest = VersionName::newest_first(published);
    if newest.is_empty() {
        let none = speaker.say("No version is published there; check `context` and `bucket`.");
        let commands = commands(asked, &[], speaker);
        return about(asked, &newest, speaker).into_iter().chain([none]).chain(commands).collect::<Vec<_>>().join(" ");
    }
    let has_release = newest.iter().any(|name| name.is_full_release());
    let next = match S::FRONT_END {
        FrontEnd::Action => {
            let (or_latest, what) = match asked {
                VersionRequest::Head if has_release => (", or to `latest`;", "the head"),
                VersionRequest::Head => (",", "the head"),
                _ => (",", "it"),
            };
            format!("Set `version` to one of these{or_latest} or push {what} first.")
        }
        FrontEnd::CommandLine => {
            let flags = speaker.flags(&[&CONTEXT, &BUCKET]);
            let name_one = match asked {
                // Not every command that reads the head takes a version in its place.
                VersionRequest::Head => format!(
                    "Name one of these{}, if the command takes a version; or push the head first, or make it what one \
                     of them is: `cstore rollback VERSION{flags}`",
                    if has_release { ", or `latest`" } else { "" }
                ),
                _ => "Name one of these, or push it first".to_owned(),
            };
            format!("{name_one}. To see all of them, run: cstore list versions{flags}")
        }
    };
    let listed = format!("Published versions: {}. {next}", some_of(&newest));
    about(asked, &newest, speaker).into_iter().chain([listed]).collect::<Vec<_>>().join(" ")
}

/// What to do where the Go cStore has pushed only such versions.
pub(super) fn name_go_version(named: &VersionName, speaker: impl Speaker) -> String {
    let name = speaker.pick("Set", "Name one of them exactly, such as");
    let one = speaker.pick(" to one of them, by its exact name", "");
    let version = speaker.pick(speaker.option(&VERSION), format!("`-v {}`", in_shell(named.as_str())));
    format!("{name} {version}{one}.")
}

/// What to do about what has no manifest.
pub(super) fn push_with_this_tool(asked: &VersionRequest, speaker: impl Speaker) -> String {
    match asked {
        VersionRequest::Exact(version) => {
            let version = in_shell(version.as_str());
            let action = "Push it once with this action and `overwrite: true`.".to_owned();
            let line = format!(
                "To push it once with this tool: `cstore pull -v {version}` and then `cstore push -v {version} --overwrite`"
            );
            speaker.pick(action, line)
        }
        _ => speaker
            .pick(
                "Push it once with this action.",
                "To push it once with this tool: `cstore pull` and then `cstore push`",
            )
            .to_owned(),
    }
}

/// What to do where nothing was pushed to the head.
pub(super) fn push_first<S: Speaker>(paths: &[String], speaker: S) -> String {
    let first = sentence!(
        speaker,
        ["Push first, or name a `version`; check" | "Check"]
        " `context` and `bucket`."
    );
    [speaker.say(first)]
        .into_iter()
        .chain(commands(&VersionRequest::Head, paths, speaker))
        .collect::<Vec<_>>()
        .join(" ")
}

/// The commands that may come next on a command line where nothing is published; `paths`: the files that were looked for.
fn commands<S: Speaker>(asked: &VersionRequest, paths: &[String], speaker: S) -> Option<String> {
    let named = match asked {
        VersionRequest::Head => String::new(),
        VersionRequest::Exact(version) => format!(" -v {}", in_shell(version.as_str())),
        VersionRequest::Matching(_) | VersionRequest::Channel(_) => " -v v1.0.0".to_owned(),
    };
    let [_, same_bucket @ ..] = &SAME_BUCKET;
    let files = || match (speaker.lists_files(), speaker.has_several_buckets()) {
        (true, false) => String::new(),
        // One push goes to one bucket, which is that of what was looked for.
        (true, true) if !paths.is_empty() => {
            paths.iter().map(|path| format!(" {}", in_shell(&speaker.path(path)))).collect()
        }
        _ => " FILE".to_owned(),
    };
    (S::FRONT_END == FrontEnd::CommandLine).then(|| {
        format!(
            "To push the files here: `cstore push{named}{}{}`. To see which contexts the bucket has: `cstore list contexts{}`",
            speaker.flags(&SAME_BUCKET),
            files(),
            speaker.flags(same_bucket),
        )
    })
}

/// What is to be said of what was asked for; `newest`: what is published, the newest first.
fn about(asked: &VersionRequest, newest: &[&VersionName], speaker: impl Speaker) -> Option<String> {
    match asked {
        VersionRequest::Head | VersionRequest::Channel(_) => None,
        VersionRequest::Exact(version) => meant(version.as_str(), newest),
        VersionRequest::Matching(requirement) => passed_over(requirement, newest, speaker),
    }
}

/// Why a requirement takes none of what is published.
fn passed_over(requirement: &Requirement, newest: &[&VersionName], speaker: impl Speaker) -> Option<String> {
    let partial =
        newest.iter().find_map(|name| Some((name, name.completed().filter(|full| requirement.allows(full))?)));
    let pre_release = requirement.highest_pre_release(newest.iter().copied());
    let has_any_release = newest.iter().any(|name| name.is_release());
    let mut sentences = Vec::new();
    if let Some((name, full)) = &partial {
        sentences.push(format!(
            "{name} is not a full version, so `{requirement}` does not find it: {} {}, or publish it as {full}.",
            speaker.pick("set", "pass"),
            speaker.with(&VERSION, name.as_str())
        ));
    } else if !newest.is_empty() && !has_any_release {
        sentences.push(format!(
            "`{requirement}` finds only full semantic versions such as v1.2.3, and none of these names is one."
        ));
    }
    if let Some(name) = pre_release {
        let only = if newest.iter().any(|name| name.is_full_release()) || partial.is_some() {
            ""
        } else {
            "Only pre-releases are published. "
        };
        sentences.push(format!(
            "{only}A pre-release such as {name} is taken only when {} is its name, or a requirement that names a \
             pre-release of the same version.",
            speaker.option(&VERSION)
        ));
    }
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

/// What somebody who names a version that is not there probably wants.
fn meant(version: &str, newest: &[&VersionName]) -> Option<String> {
    if let Some(word) = ["latest", "head"].into_iter().find(|word| version.eq_ignore_ascii_case(word)) {
        return Some(format!("Did you mean `{word}`?"));
    }
    let plain = |name: &str| {
        let name = name.to_ascii_lowercase();
        let name = name.strip_prefix('v').unwrap_or(&name);
        name.strip_prefix('.').unwrap_or(name).to_owned()
    };
    let number = plain(version);
    if let Some(same) = newest.iter().find(|name| plain(name.as_str()) == number) {
        return Some(format!("Did you mean {same}?"));
    }
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts = number.split('.').count();
    if parts < 3 && number.split('.').all(is_number) {
        // `^1.0` would take 1.9, too.
        let operator = if parts == 1 { '^' } else { '~' };
        let VersionRequest::Matching(line) = VersionRequest::new(&format!("{operator}{number}")).ok()? else {
            return None;
        };
        newest.iter().find(|name| line.allows(name))?;
        return Some(format!("It is an exact name; for the newest of its line write `{operator}{number}`."));
    }
    let is_close = |name: &&&VersionName| {
        let other = plain(name.as_str());
        // Another number is another version, and no typing error.
        let is_other_number = other.len() == number.len() && name.is_release();
        number.len() > 3 && !is_other_number && strsim::damerau_levenshtein(&other, &number) <= CLOSE
    };
    newest.iter().find(is_close).map(|close| format!("Did you mean {close}?"))
}
