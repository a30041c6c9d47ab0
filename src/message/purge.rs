//! The words for what a purge removes, and for what it leaves.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;

use super::channel::pointers;
use super::s3;
use super::{Message, Speaker, counted, headline, in_shell, place, some_of};
use crate::command::{Holder, Holders, PurgedVersion};
use crate::error::{PurgeFailure, Unpurged};
use crate::name::{ChannelName, ConfigPath, VersionName, in_context};
use crate::option::{BUCKET, CONTEXT, FORCE};
use crate::s3::{ListedVersion, VersionId};
use crate::store::{InTheWay, PurgeStage};

/// What a list of S3 versions has, a line a key, with the time of the last: `shop/v1.2.3/service/.env (2 S3 versions,
/// 2026-03-07T12:00:00Z)`. Delete markers count where a key has nothing else.
#[must_use]
pub fn by_key(listed: &[ListedVersion]) -> Vec<String> {
    let mut keys: BTreeMap<&str, Vec<&ListedVersion>> = BTreeMap::new();
    for listed in listed {
        keys.entry(listed.key.as_str()).or_default().push(listed);
    }
    let line = |(key, of_key): (&str, Vec<&ListedVersion>)| {
        let contents = of_key.iter().filter(|listed| listed.content.is_some()).count();
        let last = of_key.iter().filter(|listed| contents == 0 || listed.content.is_some());
        let last = last.map(|listed| listed.modified).max().and_then(|time| time.format(&Rfc3339).ok());
        let number =
            if contents == 0 { counted(of_key.len(), "delete marker") } else { counted(contents, "S3 version") };
        format!("{key} ({number}, {})", last.unwrap_or_default())
    };
    keys.into_iter().map(line).collect()
}

/// What was done, as the beginning of a headline.
#[must_use]
pub fn verb(purged: &PurgedVersion, dry_run: bool) -> &'static str {
    match (dry_run, purged.purged.in_the_way.is_empty()) {
        (true, _) => "Would purge",
        (false, true) => "Purged",
        (false, false) => "Not all is removed of",
    }
}

/// "Purged service/.env of the head of shop in s3://cstore-shop".
#[must_use]
pub fn title(verb: &str, purged: &PurgedVersion, speaker: impl Speaker) -> String {
    match &purged.files {
        None => headline(verb, &purged.location),
        Some(files) => {
            let files: Vec<_> = files.iter().map(|path| speaker.path(path.as_str())).collect();
            format!("{verb} {} of {}", some_of(&files), place(&purged.location))
        }
    }
}

/// A line for each S3 version that could not be removed, and why.
#[must_use]
pub fn in_the_way(left: &[InTheWay], speaker: impl Speaker) -> Vec<String> {
    let line = |InTheWay { version, failure }: &InTheWay| {
        let id = version.version.as_str();
        format!("{} (S3 version {id}): {}", version.key.as_str(), s3::message(failure, speaker).what)
    };
    left.iter().map(line).collect()
}

/// What stays because it is others', as a sentence.
#[must_use]
pub fn staying(purged: &PurgedVersion) -> Option<String> {
    let staying = by_key(&purged.purged.staying);
    (!staying.is_empty()).then(|| {
        let (are, these) = (if staying.len() == 1 { "is" } else { "are" }, some_of(&staying));
        match purged.files {
            None => format!("What is below the version's name and {are} not its own stays: {these}."),
            Some(_) => format!("What {are} another's, or was pushed since the purge began, stays: {these}."),
        }
    })
}

/// The channels that lose what they point at, as a sentence.
#[must_use]
pub fn channels(purged: &PurgedVersion, dry_run: bool) -> Option<String> {
    let names = some_of(&purged.channels);
    let fail = if dry_run { "would fail" } else { "fail" };
    match purged.channels.as_slice() {
        [] => None,
        [_] => Some(format!("The channel {names} points at it: pulls of {names} {fail} until it is moved.")),
        _ => Some(format!("These channels point at it: {names}. Pulls of them {fail} until they are moved.")),
    }
}

/// The channels that lose what they point at when versions go, as a sentence.
#[must_use]
pub fn channels_at(channels: &[(ChannelName, VersionName)], dry_run: bool) -> Option<String> {
    let fail = if dry_run { "would fail" } else { "fail" };
    (!channels.is_empty()).then(|| {
        format!(
            "Channels point at versions that go: {}. Pulls of them {fail} until they are moved.",
            pointers(channels)
        )
    })
}

/// What holds the same, a line a file:
/// `service/.env: v1.0.0, head, shop-dev@v2.0.0, S3 version 3HL4kq, S3 version 9GX2mw of v1.1.0`. An S3 version is one
/// of a file of the head, where it does not say of which version.
#[must_use]
pub fn held(holders: &Holders, speaker: impl Speaker) -> Vec<String> {
    // What is typed without a context means that of the catalog.
    let own = Some(&holders.location.context).filter(|_| speaker.flags(&[&CONTEXT]).is_empty());
    let mut places: BTreeMap<&ConfigPath, Vec<String>> = BTreeMap::new();
    for Holder { context, version, path, unlisted } in &holders.found {
        let name = version.as_ref().map_or("head", VersionName::as_str);
        let name = if Some(context) == own { name.to_owned() } else { in_context(context, name) };
        let place = match unlisted {
            Some(id) if version.is_none() => format!("S3 version {}", id.as_str()),
            Some(id) => format!("S3 version {} of {name}", id.as_str()),
            None => name,
        };
        places.entry(path).or_default().push(place);
    }
    places.into_iter().map(|(path, places)| format!("{path}: {}", places.join(", "))).collect()
}

/// What else holds the files of what is purged, as a sentence.
#[must_use]
pub fn elsewhere(holders: &Holders, speaker: impl Speaker) -> Option<String> {
    let held = held(holders, speaker);
    (!held.is_empty()).then(|| format!("The same content is also elsewhere, and stays there: {}.", held.join("; ")))
}

/// What of it could not be read, as a sentence.
#[must_use]
pub fn not_read(holders: &Holders) -> Option<String> {
    let what = &holders.not_read;
    (!what.is_empty()).then(|| format!("Not looked at: {}.", some_of(what)))
}

/// What holds the same, as a document.
#[must_use]
pub fn holders_document(holders: &Holders) -> Value {
    let holder = |Holder { context, version, path, unlisted }: &Holder| {
        json!({
            "context": context.as_str(),
            "version": version.as_ref().map_or("head", VersionName::as_str),
            "path": path.as_str(),
            "s3_version": unlisted.as_ref().map(VersionId::as_str),
        })
    };
    json!({
        "found": holders.found.iter().map(holder).collect::<Vec<_>>(),
        "not_looked_at": holders.not_read,
    })
}

/// Channels, each with the version that it points at, as a document.
#[must_use]
pub fn channels_document(channels: &[(ChannelName, VersionName)]) -> Value {
    let pointer = |(channel, version): &(ChannelName, VersionName)| json!({"channel": channel.as_str(), "version": version.as_str()});
    channels.iter().map(pointer).collect()
}

/// A purge as a document.
#[must_use]
pub fn document(
    PurgedVersion { location, files, purged, channels, elsewhere, .. }: &PurgedVersion,
    dry_run: bool,
    speaker: impl Speaker,
) -> Value {
    let listed = |listed: &ListedVersion| {
        json!({
            "key": listed.key.as_str(),
            "s3_version": listed.version.as_str(),
            "is_delete_marker": listed.content.is_none(),
            "stored_at": listed.modified.format(&Rfc3339).ok(),
        })
    };
    let all = |all: &[ListedVersion]| all.iter().map(listed).collect::<Vec<_>>();
    let in_the_way = |way: &InTheWay| {
        let mut document = listed(&way.version);
        document["action"] = json!(way.failure.operation.action());
        document["why"] = json!(s3::message(&way.failure, speaker).what);
        document
    };
    json!({
        "schema": 1,
        "context": location.context.as_str(),
        "bucket": location.bucket,
        "version": location.version,
        "files": files.as_ref().map(|files| files.iter().map(ConfigPath::as_str).collect::<Vec<_>>()),
        "dry_run": dry_run,
        "removed": all(&purged.removed),
        "staying": all(&purged.staying),
        "channels": channels.iter().map(ChannelName::as_str).collect::<Vec<_>>(),
        "in_the_way": purged.in_the_way.iter().map(in_the_way).collect::<Vec<_>>(),
        "elsewhere": elsewhere.as_ref().map(holders_document),
    })
}

/// The message for a purge that has left something.
pub(super) fn unfinished(Unpurged { location, in_the_way: left }: &Unpurged, speaker: impl Speaker) -> Message {
    let gone = if location.is_head() {
        "the head no longer has these files, and what is left can be read only by its S3 version ID"
    } else {
        "no pull gets the version any more"
    };
    let what = format!("{} of {} could not be removed; {gone}.", counted(left.len(), "S3 version"), place(location));
    Message::new("Purge not finished", what).listing(in_the_way(left, speaker))
}

/// What is gone of what was being purged, and what is left, each with its heading and a line a key. Nothing of one that
/// ended before it removed anything.
#[must_use]
pub fn gone_and_left(failure: &PurgeFailure) -> Vec<(String, Vec<String>)> {
    let PurgeFailure { location, reached, left, cause: _ } = failure;
    if failure.is_of_change() {
        return Vec::new();
    }
    let place = place(location);
    let to_other = if failure.is_taken_over() { " to the other purge" } else { "" };
    let lists = [
        (format!("Gone of {place}"), &reached.removed),
        (format!("Perhaps gone of {place}"), &reached.unanswered),
        (format!("Left of {place}{to_other}"), left),
    ];
    lists
        .into_iter()
        .map(|(heading, listed)| (heading, by_key(listed)))
        .filter(|(_, lines)| !lines.is_empty())
        .collect()
}

/// The message for a purge that broke off, from that of its cause.
pub(super) fn broken_off(failure: &PurgeFailure, message: Message, speaker: impl Speaker) -> Message {
    let PurgeFailure { location, reached, left, cause: _ } = failure;
    if failure.is_of_change() {
        return message.leaving("Nothing was removed.");
    }
    let contents = |listed: &[ListedVersion]| listed.iter().filter(|listed| listed.content.is_some()).count();
    let [gone, open, left] = [&reached.removed, &reached.unanswered, left].map(|listed| contents(listed));
    let all = counted(gone + open + left, "S3 version");
    if failure.is_taken_over() {
        let may_be = if open > 0 { format!(", and perhaps {open} more") } else { String::new() };
        let what = format!("{} This purge has removed {gone} of {all}{may_be}.", message.what);
        return Message { what, untouched: "", ..message };
    }
    let (place, of_head) = (place(location), location.is_head());
    let mut of_it = match (reached.stage, of_head) {
        (PurgeStage::Published, false) => format!("{place} is still published."),
        (PurgeStage::Published, true) => format!("{place} still has the files."),
        (PurgeStage::Hiding, false) => format!("It is not known whether {place} is still published."),
        (PurgeStage::Hiding, true) => format!("It is not known whether {place} still has the files."),
        (PurgeStage::Hidden | PurgeStage::Released, false) => format!("No pull gets {place} any more."),
        (PurgeStage::Hidden | PurgeStage::Released, true) => format!("The files have left {place}."),
    };
    let are = |number| if number == 1 { "is" } else { "are" };
    of_it.push_str(&format!(" {gone} of {all} {} gone, {left} {} left", are(gone), are(left)));
    of_it.push_str(&if open > 0 { format!(", and {open} may be gone.") } else { ".".to_owned() });
    if !of_head && reached.stage != PurgeStage::Released {
        of_it.push_str(" If the purge has claimed the name by then, nobody can push it until the purge is finished.");
    }
    let version = (!of_head).then_some(location.version.as_str());
    let again = same_again(version, speaker);
    let again = format!("Run {again} to finish it. If that ends with code 6, nothing was left.");
    let next = if message.next.is_empty() { again } else { format!("{} {again}", message.next) };
    Message { what: format!("{} {of_it}", message.what), untouched: "", next, ..message }
}

/// What finishes a purge: of a version the command line that removes it, since a search for what holds a value no longer
/// finds what pulls do not get.
pub(super) fn same_again(version: Option<&str>, speaker: impl Speaker) -> String {
    let same = "the same purge again".to_owned();
    let Some(version) = version else { return same };
    speaker.pick(same, format!("`cstore purge {}{}`", in_shell(version), speaker.flags(&[&CONTEXT, &BUCKET, &FORCE])))
}
