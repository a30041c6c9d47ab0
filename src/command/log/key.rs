//! Which versions of a history changed a config key. Only files that changed are read, each content once, and nothing
//! of them is kept but the key's values.

use std::collections::HashMap;

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};

use super::found::{KeyChange, LogEntry};
use crate::command::changes::{Change, is_same};
use crate::config::{FileType, Value, parse};
use crate::error::{Error, NoSuchKey, Searched};
use crate::name::{ChannelName, ConfigPath, Digest, VersionName};
use crate::nearest::nearest;
use crate::ordered::Ordered as _;
use crate::s3::{AwsBucket, Budget};
use crate::store::{self, FileEntry, MAX_TOTAL_BYTES, Store};

/// How many bodies are read at once: all of them together may be as large as the files of a pull.
const BODIES: usize = 16;

/// What a content says of the key.
enum Said {
    /// Nothing.
    Nothing,
    Value(Value),
    /// It cannot be read.
    Unknown,
}

type Contents = HashMap<(Digest, FileType), Said>;

/// Finds out what each state changed of the key, compared with the next one.
///
/// # Errors
/// Those of the requests.
pub(super) async fn changes_of_key(
    states: &mut [LogEntry],
    store: &Store<AwsBucket>,
    key: &str,
    separator: &str,
) -> Result<(), store::Error> {
    let contents = read(states, store, key, separator).await?;
    for at in 0..states.len() {
        let changed = states[at].changes.as_ref().map(|changes| {
            let changed = changes.files.iter().map(|file| {
                let said = |state: Option<&LogEntry>| {
                    let entry = state.and_then(|state| entry_of(state, &file.path));
                    entry.map_or(&Said::Nothing, |entry| contents.get(&content_of(entry)).unwrap_or(&Said::Unknown))
                };
                change(said(states.get(at + 1)), said(states.get(at))).map(|change| (file.path.clone(), change))
            });
            let changed: Option<Vec<_>> = changed.map(Result::ok).collect();
            changed.map(|changed| changed.into_iter().filter_map(|(path, change)| Some((path, change?))).collect())
        });
        states[at].key = Some(changed.flatten().map_or(KeyChange::Unknown, KeyChange::In));
    }
    Ok(())
}

/// What became of the key in a file; none where it is the same.
///
/// # Errors
/// One side is not known.
fn change(before: &Said, after: &Said) -> Result<Option<Change>, ()> {
    Ok(match (before, after) {
        (Said::Unknown, _) | (_, Said::Unknown) => return Err(()),
        (Said::Nothing, Said::Nothing) => None,
        (Said::Nothing, Said::Value(_)) => Some(Change::Added),
        (Said::Value(_), Said::Nothing) => Some(Change::Removed),
        (Said::Value(before), Said::Value(after)) => (!is_same(before, after)).then_some(Change::Changed),
    })
}

fn entry_of<'a>(state: &'a LogEntry, path: &ConfigPath) -> Option<&'a FileEntry> {
    state.manifest.as_ref().ok()?.entry(path)
}

fn content_of(entry: &FileEntry) -> (Digest, FileType) {
    (entry.sha256, entry.read_as())
}

/// What the contents of all files that changed say of the key.
async fn read(
    states: &[LogEntry],
    store: &Store<AwsBucket>,
    key: &str,
    separator: &str,
) -> Result<Contents, store::Error> {
    let mut wanted: HashMap<_, (Option<&VersionName>, &FileEntry)> = HashMap::new();
    for (at, state) in states.iter().enumerate() {
        for file in state.changes.iter().flat_map(|changes| &changes.files) {
            for state in [Some(state), states.get(at + 1)].into_iter().flatten() {
                if let Some(entry) = entry_of(state, &file.path) {
                    wanted.entry(content_of(entry)).or_insert((state.version.as_ref(), entry));
                }
            }
        }
    }
    let budget = &Budget::new(MAX_TOTAL_BYTES);
    let bodies = stream::iter(wanted).map(|(content, (version, entry))| async move {
        if content.1 == FileType::Raw {
            return Ok((content, Said::Nothing));
        }
        let said = match store.body_of(version, entry, budget).await {
            Ok(body) => said(content.1, body.expose(), key, separator),
            // It has been purged, or damaged.
            Err(store::Error::Integrity(_) | store::Error::Missing(_)) => Said::Unknown,
            Err(error) => return Err(error),
        };
        Ok((content, said))
    });
    bodies.buffer_unordered(BODIES).try_collect().await
}

/// Refuses a key that this state does not have. Where not all of its files can be read that is not known.
///
/// # Errors
/// There is no such key; those of the requests.
pub(super) async fn require_key(
    state: &LogEntry,
    store: &Store<AwsBucket>,
    key: &str,
    separator: &str,
    searched: Searched,
) -> Result<(), Error> {
    let budget = &Budget::new(MAX_TOTAL_BYTES);
    let files = state.manifest.iter().flat_map(|manifest| &manifest.files);
    let files = files.filter(|entry| entry.read_as() != FileType::Raw);
    let keys = stream::iter(files).map(|entry| async move {
        match store.body_of(state.version.as_ref(), entry, budget).await {
            Ok(body) => Ok(parse(entry.read_as(), body.expose(), separator)
                .ok()
                .map(|parsed| parsed.entries.into_iter().map(|entry| entry.key).collect::<Vec<_>>())),
            Err(store::Error::Integrity(_) | store::Error::Missing(_)) => Ok(None),
            Err(error) => Err(error),
        }
    });
    let keys: Vec<_> = keys.buffer_unordered(BODIES).try_collect().await?;
    let Some(keys) = keys.into_iter().collect::<Option<Vec<_>>>() else { return Ok(()) };
    let keys = keys.into_iter().flatten().ordered_set();
    if keys.contains(key) {
        return Ok(());
    }
    let meant = nearest(key, keys.iter().map(String::as_str)).map(ToOwned::to_owned);
    let channel = channel_named(store, key).await;
    let (key, elsewhere) = (key.to_owned(), Vec::new());
    Err(Error::NoSuchKey(Box::new(NoSuchKey { key, meant, searched, elsewhere, channel })))
}

/// The channel that has a key's name, where that can be found out: its colon was probably forgotten.
async fn channel_named(store: &Store<AwsBucket>, key: &str) -> Option<ChannelName> {
    let name = ChannelName::new(key).ok()?;
    store.has_channel(&name).await.is_ok_and(|is_there| is_there).then_some(name)
}

fn said(file_type: FileType, content: &[u8], key: &str, separator: &str) -> Said {
    let Ok(parsed) = parse(file_type, content, separator) else { return Said::Unknown };
    // Of a key that comes twice the last counts.
    let entry = parsed.entries.into_iter().rfind(|entry| entry.key == key);
    entry.map_or(Said::Nothing, |entry| Said::Value(entry.value))
}
