//! The words for versions: who published one, when, what for, and which files differ; and the same as JSON.

use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::changes::not_compared;
use super::diff::{self, DiffLine, sign};
use super::notice::{Level, Notice};
use super::{Speaker, capital, counted, list, message};
use crate::command::{Change, Changes, FileChange, KeyChange, Location, Log, LogEntry, Shown};
use crate::name::VersionName;
use crate::store::{Manifest, PromotedFrom, PushSource};

/// A version in a line of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HistoryLine {
    /// The version's name, or `head`.
    pub name: String,
    /// When it was pushed, as RFC 3339 has it; empty where its manifest cannot be read, as all that follows.
    pub time: String,
    /// Who pushed it.
    pub who: String,
    /// The commit that it was pushed from.
    pub commit: String,
    /// How many files were added, changed and removed: `+1 ~2 -0 files`, and whether the version was overwritten. Of a
    /// key, in which files: `~ service/.env`.
    pub files: String,
    /// The first line of its message; or what is wrong with it.
    pub message: String,
}

impl HistoryLine {
    /// Of an entry of a history.
    #[must_use]
    pub fn new(entry: &LogEntry, speaker: impl Speaker) -> Self {
        let name = name_of(entry.version.as_ref()).to_owned();
        let manifest = match &entry.manifest {
            Ok(manifest) => manifest,
            Err(error) => return Self { name, message: message(error, speaker).title, ..Self::default() },
        };
        Self {
            name,
            time: manifest.created_at.clone(),
            who: who(manifest),
            commit: commit(manifest),
            files: match &entry.key {
                Some(key) => of_key(key),
                None => {
                    let counts = entry.changes.as_ref().map(|changes| signed_counts(&changes.files));
                    let overwritten = manifest.overwrote.map(|_| "overwritten".to_owned());
                    counts.into_iter().chain(overwritten).collect::<Vec<_>>().join(", ")
                }
            },
            message: manifest.message.as_deref().map(subject).unwrap_or_default(),
        }
    }

    /// Its parts that are not empty, in the order in which they are shown.
    pub(crate) fn parts(&self) -> impl Iterator<Item = &str> {
        [&self.name, &self.time, &self.who, &self.commit, &self.files, &self.message]
            .into_iter()
            .map(String::as_str)
            .filter(|part| !part.is_empty())
    }
}

/// What was found, and where.
#[must_use]
pub fn heading(log: &Log) -> String {
    let Log { location: Location { context, bucket, .. }, published, entries, searched, notes, .. } = log;
    let of = format!("of {context} in s3://{bucket}");
    let last = |number| of_them(number, *published);
    let head = format!("the head of {context} in s3://{bucket}");
    if *published == 0 && entries.is_empty() {
        // The Go cStore has pushed what a note tells of.
        let is_nothing = notes.is_empty();
        let what = if is_nothing { "Nothing has been pushed to" } else { "There is no history of" };
        return format!("{what} {context} in s3://{bucket}{}", if is_nothing { " yet" } else { "" });
    }
    let versions = entries.iter().filter(|entry| entry.version.is_some()).count();
    let has_head = entries.len() > versions;
    match searched {
        Some(searched) if *published == 0 || *searched == 0 => {
            format!("{} in {head}", counted(entries.len(), "change"))
        }
        Some(searched) => format!("{} in the head and {} {of}", counted(entries.len(), "change"), last(*searched)),
        None if *published == 0 => format!("{} has been pushed, and no version is published", capital(&head)),
        None if versions == 0 => capital(&head),
        None if has_head => format!("The head and {} {of}", last(versions)),
        None => format!("{} {of}", capital(&last(versions))),
    }
}

/// "the last 20 of 57 versions", "all 3 versions", "the only version".
fn of_them(number: usize, all: usize) -> String {
    let versions = counted(all, "version");
    match number {
        _ if number < all && number == 1 => format!("the last of {versions}"),
        _ if number < all => format!("the last {number} of {versions}"),
        1 => "the only version".to_owned(),
        _ => format!("all {versions}"),
    }
}

/// How many versions a log does not have, since it ends before them.
#[must_use]
pub fn not_shown(log: &Log) -> Option<String> {
    (log.older > 0).then(|| format!("{} not shown", counted(log.older, "older version")))
}

/// The warnings of manifests that cannot be read.
pub fn about_unread(log: &Log, speaker: impl Speaker) -> impl Iterator<Item = Notice> {
    log.entries.iter().filter_map(move |entry| {
        let message = message(entry.manifest.as_ref().err()?, speaker);
        Some(Notice::new(Level::Warning, message.title.clone(), message.text()))
    })
}

/// What a version is, a name and a value a row; of the message all lines.
#[must_use]
pub fn facts(shown: &Shown) -> Vec<(&'static str, String)> {
    let manifest = &shown.manifest;
    let mut facts = vec![
        ("Context", shown.location.context.to_string()),
        ("Version", shown.location.version.clone()),
        ("Bucket", shown.location.bucket.clone()),
        ("Digest", manifest.digest().pin()),
        ("Pushed", manifest.created_at.clone()),
    ];
    let source = manifest.source.clone().unwrap_or_default();
    facts.push(("By", who(manifest)));
    facts.push(("From", manifest.promoted_from.as_ref().map(promoted_from).unwrap_or_default()));
    facts.push(("Overwrote", manifest.overwrote.map(|digest| digest.pin()).unwrap_or_default()));
    facts.push(("Repository", source.repository.unwrap_or_default()));
    facts.push(("Commit", source.sha.map(|sha| with_dirt(sha, source.dirty)).unwrap_or_default()));
    facts.push(("Ref", source.git_ref.unwrap_or_default()));
    facts.push(("Message", manifest.message.clone().unwrap_or_default()));
    if let Some(changes) = &shown.changes {
        let files = counts(&changes.files);
        facts.push((
            "Changes",
            match &changes.version_before {
                Some(before) => format!("{files}, compared with {before}"),
                None => files,
            },
        ));
    }
    facts.extend(shown.not_compared.as_ref().map(|why| ("Changes", not_compared(why))));
    facts.retain(|(_, text)| !text.is_empty());
    facts
}

/// What differs, a line a file and, where keys were asked for, a key.
#[must_use]
pub fn changed(shown: &Shown) -> Vec<DiffLine<'_>> {
    let files = shown.changes.as_ref().map(|changes| changes.files.as_slice()).unwrap_or_default();
    diff::lines(files, shown.with_keys)
}

/// The entries of a history as JSON.
#[must_use]
pub fn json(log: &Log, speaker: impl Speaker) -> Vec<Value> {
    let entry = |entry: &LogEntry| {
        let mut object = match &entry.manifest {
            Ok(manifest) => of_manifest(entry.version.as_ref(), manifest, entry.changes.as_ref()),
            Err(error) => Map::from_iter([
                ("version".to_owned(), json!(name_of(entry.version.as_ref()))),
                ("error".to_owned(), json!(message(error, speaker).text())),
            ]),
        };
        object.insert("stored_at".to_owned(), stored_at(entry.stored));
        if let Some(key) = &entry.key {
            let of_key = match key {
                KeyChange::Unknown => Value::Null,
                KeyChange::In(files) => {
                    files.iter().map(|(path, change)| (path.to_string(), json!(change.word()))).collect()
                }
            };
            object.insert("key".to_owned(), of_key);
        }
        Value::Object(object)
    };
    log.entries.iter().map(entry).collect()
}

/// A version as JSON.
#[must_use]
pub fn json_of_one(shown: &Shown) -> Value {
    let changes = shown.changes.as_ref();
    let mut object = of_manifest(shown.version.as_ref(), &shown.manifest, changes);
    object.insert("stored_at".to_owned(), stored_at(shown.stored));
    Value::Object(object)
}

fn of_manifest(version: Option<&VersionName>, manifest: &Manifest, changes: Option<&Changes>) -> Map<String, Value> {
    let source = manifest.source.clone().unwrap_or_default();
    let PushSource { repository, sha, git_ref, event, run_id, run_attempt, actor, author, dirty, .. } = source;
    let before = changes.and_then(|changes| changes.version_before.as_ref()).map(VersionName::as_str);
    let changes = changes.map(|changes| diff::changes(&changes.files));
    let fields = [
        ("version", json!(name_of(version))),
        ("published_at", json!(manifest.created_at)),
        ("digest", json!(manifest.digest().pin())),
        ("push_id", json!(manifest.push_id)),
        ("message", json!(manifest.message)),
        ("author", json!(author)),
        ("actor", json!(actor)),
        ("repository", json!(repository)),
        ("commit", json!(sha)),
        ("dirty", json!(dirty)),
        ("ref", json!(git_ref)),
        ("event", json!(event)),
        ("run_id", json!(run_id)),
        ("run_attempt", json!(run_attempt)),
        ("promoted_from", json!(manifest.promoted_from.as_ref().map(promoted_from_json))),
        ("overwrote", json!(manifest.overwrote.map(|digest| digest.pin()))),
        ("files", json!(manifest.files.len())),
        ("compared_with", json!(before)),
        ("changes", json!(changes)),
    ];
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// "v1.2.3 of shop-dev in s3://acme-dev".
fn promoted_from(PromotedFrom { context, version, bucket, .. }: &PromotedFrom) -> String {
    let version = version.as_ref().map_or("the head", VersionName::as_str);
    let bucket = bucket.as_ref().map(|bucket| format!(" in s3://{bucket}")).unwrap_or_default();
    format!("{version} of {context}{bucket}")
}

fn promoted_from_json(PromotedFrom { context, version, bucket, .. }: &PromotedFrom) -> Value {
    json!({"context": context, "bucket": bucket, "version": name_of(version.as_ref())})
}

/// A moment of S3's as JSON.
pub(super) fn stored_at(stored: Option<OffsetDateTime>) -> Value {
    json!(stored.and_then(|stored| stored.format(&Rfc3339).ok()))
}

fn name_of(version: Option<&VersionName>) -> &str {
    version.map_or("head", VersionName::as_str)
}

/// Who pushed it: a person by name, or who started a run, and the run.
fn who(manifest: &Manifest) -> String {
    let Some(source) = &manifest.source else { return String::new() };
    let run = source.run_id.as_deref().map(|run| format!("run {run}"));
    match (source.author.as_ref().or(source.actor.as_ref()), run) {
        (Some(person), Some(run)) => format!("{person} ({run})"),
        (Some(person), None) => person.clone(),
        (None, run) => run.unwrap_or_default(),
    }
}

/// The commit, short.
fn commit(manifest: &Manifest) -> String {
    let Some(PushSource { sha: Some(sha), dirty, .. }) = &manifest.source else { return String::new() };
    with_dirt(sha.get(..7).unwrap_or(sha).to_owned(), *dirty)
}

fn with_dirt(sha: String, dirty: Option<bool>) -> String {
    if dirty == Some(true) { format!("{sha}-dirty") } else { sha }
}

/// A message's first line.
fn subject(message: &str) -> String {
    message.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default().to_owned()
}

/// How many files differ in which way: `1 file added, 2 changed`.
fn counts(files: &[FileChange]) -> String {
    let kinds =
        numbers(files).into_iter().filter(|(_, number)| *number > 0).enumerate().map(|(at, (change, number))| {
            let number = if at == 0 { counted(number, "file") } else { number.to_string() };
            format!("{number} {}", change.word())
        });
    let kinds: Vec<_> = kinds.collect();
    if kinds.is_empty() { "no file changed".to_owned() } else { kinds.join(", ") }
}

/// The same where it is to be short, and to have as many parts in every line: `+1 ~2 -0 files`.
fn signed_counts(files: &[FileChange]) -> String {
    let [added, changed, removed] = numbers(files).map(|(change, number)| format!("{}{number}", sign(change)));
    format!("{added} {changed} {removed} files")
}

/// How many files were added, changed and removed.
fn numbers(files: &[FileChange]) -> [(Change, usize); 3] {
    [Change::Added, Change::Changed, Change::Removed]
        .map(|change| (change, files.iter().filter(|file| file.change == change).count()))
}

/// `~ service/.env, + web/.env`.
fn of_key(key: &KeyChange) -> String {
    match key {
        KeyChange::Unknown => "unknown".to_owned(),
        KeyChange::In(files) => {
            let files: Vec<_> = files.iter().map(|(path, change)| format!("{} {path}", sign(*change))).collect();
            list(&files)
        }
    }
}
