use std::path::PathBuf;

use super::*;
use crate::cancellation::{Cancellation, Signal};
use crate::environment::Environment;
use crate::name::{ConfigPath, Context, Digest};
use crate::secret::Secret;

fn environment(name: &str, value: &str) -> Environment {
    [(name.to_owned(), Secret::from(value))].into_iter().collect()
}

fn path(text: &str) -> ConfigPath {
    ConfigPath::new(text).unwrap()
}

fn kept(bucket: &str) -> Kept {
    Kept::new(bucket, &Context::new("shop").unwrap())
}

fn record(content: &str) -> Record {
    let sha256 = Digest::from_content(content.as_bytes());
    let head = Some(SeenHead { sha256, pin: None });
    Record { path: path(".env"), sha256, version: None, pin: None, head, origin: None }
}

/// Longer than any test takes.
const LONG: std::time::Duration = std::time::Duration::from_secs(3600);

/// What a run does in which nothing else is under way.
fn done<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(work)
}

/// The lock of a catalog, for a run that nobody ends.
fn locked(
    state: &StateFolder,
    catalog: &std::path::Path,
    at_most: std::time::Duration,
) -> Result<Remembered, NotAlone> {
    done(state.lock([catalog.to_owned()], at_most, &Cancellation::new().1))
}

struct Home {
    folder: tempfile::TempDir,
    state: StateFolder,
}

impl Home {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let state = StateFolder::new(&environment("XDG_STATE_HOME", folder.path().to_str().unwrap()));
        Self { folder, state }
    }

    /// A catalog in a folder.
    fn catalog(&self, folder: &str) -> PathBuf {
        let folder = self.folder.path().join("folders").join(folder);
        std::fs::create_dir_all(&folder).unwrap();
        folder.join("cstore.yml")
    }

    fn remember(&self, folder: &str, bucket: &str, content: &str) -> Vec<String> {
        let catalog = self.catalog(folder);
        let mut remembered = locked(&self.state, &catalog, LONG).unwrap();
        remembered.set(&catalog, &kept(bucket), path(".env"), record(content));
        remembered.save()
    }

    fn recalled(&self, folder: &str, bucket: &str) -> Option<Record> {
        let catalog = self.catalog(folder);
        self.state.read([catalog.clone()]).record(&catalog, &kept(bucket), &path(".env")).cloned()
    }

    fn files(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.folder.path().join("cstore")).unwrap();
        let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    }
}

#[test]
fn why_nothing_can_be_remembered_is_said_as_it_is() {
    let why = |name, value| StateFolder::new(&environment(name, value)).nowhere().to_string();
    assert_eq!(why("HOME", "relative"), "XDG_STATE_HOME is not set, and HOME is not an absolute path");
    assert_eq!(why("XDG_STATE_HOME", "a/b"), "XDG_STATE_HOME is not an absolute path, and HOME is not set");
    assert_eq!(why("HOME", ""), "XDG_STATE_HOME is not set, and HOME is not set");
}

#[test]
fn what_is_remembered_is_that_of_a_catalog_a_bucket_and_a_context() {
    let home = Home::new();
    assert_eq!(home.recalled("a", "one"), None);
    assert_eq!(home.remember("a", "one", "1"), [""; 0]);
    assert_eq!(home.remember("a", "two", "2"), [""; 0]);
    assert_eq!(home.remember("b", "one", "3"), [""; 0]);
    assert_eq!(home.recalled("a", "one"), Some(record("1")));
    assert_eq!(home.recalled("a", "two"), Some(record("2")));
    assert_eq!(home.recalled("b", "one"), Some(record("3")));
    assert_eq!(home.recalled("b", "two"), None);
}

#[cfg(unix)]
#[test]
fn another_folder_at_the_same_path_is_not_the_one_that_is_remembered() {
    let home = Home::new();
    let folder = home.catalog("a").parent().unwrap().to_owned();
    home.remember("a", "one", "1");
    // What is done in a folder leaves it the one that it is.
    std::fs::write(folder.join("cstore.yml"), "version: v4\n").unwrap();
    std::fs::write(folder.join("new"), "").unwrap();
    std::fs::rename(folder.join("new"), folder.join(".env")).unwrap();
    let away = folder.with_extension("away");
    std::fs::rename(&folder, &away).unwrap();
    std::fs::rename(&away, &folder).unwrap();
    assert_eq!(home.recalled("a", "one"), Some(record("1")));
    // Another folder at its path may have its number in the file system. A copy has what was in it, too.
    std::fs::rename(&folder, &away).unwrap();
    for _ in 0..2 {
        std::fs::create_dir(&folder).unwrap();
        std::fs::copy(away.join(".env"), folder.join(".env")).unwrap();
        assert_eq!((home.recalled("a", "one"), home.recalled("a", "two")), (None, None));
        home.remember("a", "two", "2");
        assert_eq!((home.recalled("a", "one"), home.recalled("a", "two")), (None, Some(record("2"))));
        std::fs::remove_dir_all(&folder).unwrap();
    }
    // What is remembered of the other one is not the first one's either.
    std::fs::rename(&away, &folder).unwrap();
    assert_eq!(home.recalled("a", "two"), None);
}

#[test]
fn a_folder_that_its_file_system_copies_while_it_is_written_into_is_the_same_one() {
    let identity = |value: serde_json::Value| serde_json::from_value::<identity::FolderIdentity>(value).unwrap();
    let image = identity(serde_json::json!({ "inode": 7, "born": [1, 2] }));
    let copy = identity(serde_json::json!({ "inode": 7, "born": [3, 4] }));
    let other = identity(serde_json::json!({ "inode": 8, "born": [3, 4] }));
    let elsewhere = identity(serde_json::json!({ "inode": 7, "device": 1 }));
    for (now, is_followed) in [(&copy, true), (&other, false), (&elsewhere, false)] {
        let mut document = document::Document::new(String::new(), Some(image.clone()));
        document.follow(Some(now.clone()));
        assert_eq!((document.is_of(Some(now)), document.is_of(Some(&image))), (is_followed, !is_followed), "{now:?}");
        document.follow(None);
        assert!(!document.is_of(None));
    }
}

#[test]
fn what_is_remembered_of_no_folder_that_is_known_is_nothing() {
    let home = Home::new();
    home.remember("a", "one", "1");
    let document = home.files().into_iter().find(|file| file.extension().unwrap() == "json").unwrap();
    let mut known: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&document).unwrap()).unwrap();
    for folder in [serde_json::Value::Null, serde_json::json!({}), serde_json::json!({ "inode": 1 })] {
        known["folder"] = folder;
        std::fs::write(&document, known.to_string()).unwrap();
        assert_eq!(home.recalled("a", "one"), None, "{known}");
    }
    known.as_object_mut().unwrap().remove("folder");
    std::fs::write(&document, known.to_string()).unwrap();
    assert_eq!(home.recalled("a", "one"), None, "{known}");
    assert_eq!(home.remember("a", "one", "1"), [""; 0]);
    assert_eq!(home.recalled("a", "one"), Some(record("1")));
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = Home::new();
    home.remember("a", "one", "1");
    let mode = |path: &PathBuf| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&home.folder.path().join("cstore")), 0o700);
    assert_eq!(home.files().len(), 2, "a document and a lock");
    home.files().iter().for_each(|file| assert_eq!(mode(file), 0o600, "{file:?}"));
}

#[test]
fn what_is_damaged_is_nothing_and_is_said() {
    let home = Home::new();
    home.remember("a", "one", "1");
    let document = home.files().into_iter().find(|file| file.extension().unwrap() == "json").unwrap();
    let text = std::fs::read_to_string(&document).unwrap();
    for damage in ["", "{", "[]", "\0\0\0", &text[..text.len() / 2], &text.replace("\"schema\": 1", "\"schema\": 2")] {
        std::fs::write(&document, damage).unwrap();
        assert_eq!(home.recalled("a", "one"), None, "{damage:?}");
        let problems = home.remember("a", "one", "1");
        assert!(problems.len() == 1 && problems[0].ends_with("is damaged"), "{damage:?}: {problems:?}");
        assert_eq!(home.recalled("a", "one"), Some(record("1")), "{damage:?}");
    }
}

#[test]
fn without_a_folder_nothing_is_remembered_and_that_is_said() {
    for state in [StateFolder::new(&Environment::default()), StateFolder::new(&environment("XDG_STATE_HOME", "state"))]
    {
        let catalog = PathBuf::from("/a/cstore.yml");
        let mut remembered = locked(&state, &catalog, LONG).unwrap();
        remembered.set(&catalog, &kept("one"), path(".env"), record("1"));
        assert_eq!(remembered.save().len(), 1);
        assert_eq!(state.read([catalog.clone()]).record(&catalog, &kept("one"), &path(".env")), None);
    }
}

#[test]
fn one_at_a_time_changes_what_is_remembered() {
    let home = Home::new();
    let (held, catalog) = (std::sync::atomic::AtomicBool::new(false), home.catalog("a"));
    let turn = || {
        let remembered = locked(&home.state, &catalog, LONG).unwrap();
        assert!(!held.swap(true, std::sync::atomic::Ordering::SeqCst), "two have the lock");
        std::thread::yield_now();
        held.store(false, std::sync::atomic::Ordering::SeqCst);
        drop(remembered);
    };
    std::thread::scope(|scope| (0..4).for_each(|_| drop(scope.spawn(|| (0..20).for_each(|_| turn())))));
}

#[test]
fn whoever_waits_for_no_time_at_all_is_told_who_is_busy_and_a_lock_that_is_left_is_had() {
    let home = Home::new();
    let catalog = home.catalog("a");
    let held = locked(&home.state, &catalog, LONG).unwrap();
    let short = std::time::Duration::from_millis(1);
    assert_eq!(locked(&home.state, &catalog, short).map(|_| ()), Err(NotAlone::Busy(short)));
    assert!(locked(&home.state, &home.catalog("b"), short).is_ok(), "another catalog");
    drop(held);
    // The thread that still waits for it gives it back.
    locked(&home.state, &catalog, LONG).unwrap();
}

#[test]
fn a_wait_for_the_lock_holds_up_nothing_else_and_ends_when_the_run_is_told_to() {
    let home = Home::new();
    let catalog = home.catalog("a");
    let held = locked(&home.state, &catalog, LONG).unwrap();
    for signal in [Signal::Interrupt, Signal::Terminate] {
        let (canceller, cancellation) = Cancellation::new();
        let waiting = home.state.lock([catalog.clone()], LONG, &cancellation);
        let (waited, ()) = done(async { tokio::join!(waiting, async { canceller.cancel(signal) }) });
        assert_eq!(waited.map(|_| ()), Err(NotAlone::Cancelled(signal)));
    }
    drop(held);
    locked(&home.state, &catalog, LONG).unwrap();
}

#[cfg(unix)]
#[test]
fn whoever_reads_while_it_is_written_reads_what_was_there() {
    use std::io::Read as _;
    let home = Home::new();
    home.remember("a", "one", "1");
    let document = home.files().into_iter().find(|file| file.extension().unwrap() == "json").unwrap();
    let before = std::fs::read_to_string(&document).unwrap();
    let mut opened = std::fs::File::open(&document).unwrap();
    home.remember("a", "one", "2");
    let mut read = String::new();
    opened.read_to_string(&mut read).unwrap();
    assert_eq!(read, before);
    assert_ne!(std::fs::read_to_string(&document).unwrap(), before);
    assert_eq!(home.files().len(), 2, "nothing else is left");
}
