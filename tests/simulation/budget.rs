//! What a pull holds of bodies at a time, whatever manifests and catalogs say of their sizes.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use cstore::config::FileType;
use cstore::name::{ConfigPath, Context as ProjectContext, Digest, VersionName};
use cstore::s3::{Budget, Condition, Key, Put, Reason};
use cstore::secret::Secret;
use cstore::store::{
    Asked, Base, Error, Fetch, Fetched, Manifest, Progress, Push, PushFile, PushInfo, Replaces, Store,
};

use crate::adapter::Simulated;
use crate::memory::{Etags, Memory, Versioning};
use crate::world::World;

/// Bytes of every file here.
const SIZE: u64 = 10;

struct Pulling {
    world: Rc<RefCell<World>>,
    budget: Budget,
    /// The most that was held after any answer.
    most_held: u64,
}

impl Pulling {
    fn new(budget: u64) -> Self {
        let mut world = World::new(Memory::new(Versioning::Enabled, Etags::Unique));
        world.trace = Some(Vec::new());
        Self { world: Rc::new(RefCell::new(world)), budget: Budget::new(budget), most_held: 0 }
    }

    fn store(&self, context: &str) -> Store<Simulated> {
        let bucket = Simulated { world: Rc::clone(&self.world), client: 0 };
        Store::with_backoff(bucket.clone(), ProjectContext::new(context).unwrap(), Rc::new(bucket))
    }

    /// Puts an object as somebody else does it.
    fn plant(&self, key: &str, body: &[u8], metadata: BTreeMap<String, String>) {
        let key = Key::new(key.to_owned()).unwrap();
        let memory = &mut self.world.borrow_mut().memory;
        let condition = memory.head(&key, None).map_or(Condition::Create, |there| Condition::Replace(there.etag));
        memory.put(&Put {
            key,
            body: Secret::new(Bytes::copy_from_slice(body)),
            digest: Digest::from_content(body),
            condition,
            kms_key: None,
            metadata,
            content_type: "application/octet-stream",
        });
    }

    /// How often an object was asked for since the last time, as it stands and by its version.
    fn gets(&self, key: &str) -> (usize, usize) {
        let world = self.world.borrow();
        let lines = world.trace.as_ref().expect("requests are written down");
        let of = |end: &str| lines.iter().filter(|line| line.contains(&format!("GET {key}{end}"))).count();
        (of("") - of("?"), of("?"))
    }

    /// Publishes files of [`SIZE`] as the version `v1`.
    fn push_version(&mut self, paths: &[String]) {
        let file = |path: &String| PushFile {
            path: ConfigPath::new(path).unwrap(),
            file_type: FileType::Dotenv,
            digest: Digest::from_content(b"0123456789"),
            content: Secret::new(Bytes::from_static(b"0123456789")),
            asked: Asked::default(),
            default_tags: Vec::new(),
            base: Base::Unknown,
        };
        let info = PushInfo {
            push_id: "push".to_owned(),
            created_at: "2026-01-01T00:00:00Z".to_owned(),
            ..PushInfo::default()
        };
        let push = Push {
            files: paths.iter().map(file).collect(),
            info,
            progress: Progress::default(),
            replaces: Replaces::Anything,
        };
        let store = self.store("shop");
        self.run(store.push_version(&push, &VersionName::new("v1").unwrap(), false)).unwrap();
    }

    /// Answers one request after the other until all is done.
    fn run<T>(&mut self, future: impl Future<Output = T>) -> T {
        let mut future = pin!(future);
        loop {
            if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                return value;
            }
            let next = self.world.borrow().open().next().map(|(id, _)| id).expect("something is waited for");
            self.world.borrow_mut().deliver(next);
            self.most_held = self.most_held.max(self.budget.held());
        }
    }

    fn pull(&mut self, context: &str, version: Option<&str>, known: &[String]) -> Result<Fetched, Error> {
        let store = self.store(context);
        let version = version.map(|version| VersionName::new(version).unwrap());
        let known: Vec<_> = known.iter().map(|path| ConfigPath::new(path).unwrap()).collect();
        let budget = self.budget.clone();
        let fetch = Fetch {
            version: version.as_ref(),
            known: &known,
            accept_unmanaged: true,
            leave_out_missing: false,
            budget: &budget,
        };
        let choose = |manifest: Option<&Manifest>| {
            Ok(manifest
                .map_or(known.clone(), |manifest| manifest.files.iter().map(|entry| entry.path.clone()).collect()))
        };
        self.run(store.fetch(fetch, choose))
    }
}

fn paths(number: u64) -> Vec<String> {
    (0..number).map(|n| format!("{n}.env")).collect()
}

fn is_over_budget(error: &Error) -> bool {
    matches!(error, Error::S3(failure) if failure.reason == Reason::OverBudget(3 * SIZE))
}

/// In the Go cStore's layout, where nothing says beforehand how large files are.
#[test]
fn a_pull_without_a_manifest_is_cut_at_the_body_that_is_too_much() {
    let mut pulling = Pulling::new(3 * SIZE);
    let files = paths(8);
    files.iter().for_each(|path| pulling.plant(&format!("shop/{path}"), b"0123456789", BTreeMap::new()));
    let error = pulling.pull("shop", None, &files).unwrap_err();
    assert!(is_over_budget(&error), "{error:?}");
    assert_eq!(pulling.most_held, 3 * SIZE);
    assert_eq!(pulling.budget.held(), 0, "nothing is kept of a pull that failed");
    assert_eq!(pulling.world.borrow().open().count(), 0, "nothing is waited for any more");

    let mut pulling = Pulling { budget: Budget::new(8 * SIZE), ..pulling };
    let fetched = pulling.pull("shop", None, &files).unwrap();
    assert_eq!((fetched.files.len(), pulling.budget.held()), (8, 8 * SIZE));
    drop(fetched);
    assert_eq!(pulling.budget.held(), 0);
}

#[test]
fn all_that_a_run_pulls_shares_one_budget() {
    let mut pulling = Pulling::new(3 * SIZE);
    for context in ["shop", "web"] {
        paths(2).iter().for_each(|path| pulling.plant(&format!("{context}/{path}"), b"0123456789", BTreeMap::new()));
    }
    let first = pulling.pull("shop", None, &paths(2)).unwrap();
    let error = pulling.pull("web", None, &paths(2)).unwrap_err();
    assert!(is_over_budget(&error), "{error:?}");
    drop(first);
    assert_eq!(pulling.pull("web", None, &paths(2)).unwrap().files.len(), 2);
}

#[test]
fn what_is_got_anew_takes_the_place_of_what_was_there() {
    let mut pulling = Pulling::new(3 * SIZE);
    pulling.push_version(&paths(3));
    // Replaced, so that the version that the manifest pins is got instead.
    paths(3).iter().for_each(|path| pulling.plant(&format!("shop/v1/{path}"), b"abcdefghij", BTreeMap::new()));
    let fetched = pulling.pull("shop", Some("v1"), &paths(3)).unwrap();
    assert_eq!(fetched.files.iter().filter(|file| file.verified).count(), 3);
    assert_eq!(pulling.gets("shop/v1/0.env"), (1, 1));
    assert_eq!(pulling.most_held, 3 * SIZE);
}

#[test]
fn what_was_made_large_leaves_room_for_what_is_pinned() {
    for known in [paths(3), Vec::new()] {
        let mut pulling = Pulling::new(3 * SIZE);
        pulling.push_version(&paths(3));
        // Each fits within the budget, and two of them do not.
        let marks = BTreeMap::from([("cstore-push-id".to_owned(), "of-nobody".to_owned())]);
        paths(3).iter().for_each(|path| pulling.plant(&format!("shop/v1/{path}"), &[b'x'; 25], marks.clone()));
        let fetched = pulling.pull("shop", Some("v1"), &known).unwrap();
        assert_eq!((fetched.files.len(), fetched.files.iter().all(|file| file.verified)), (3, true));
        assert!(pulling.most_held <= 3 * SIZE, "{}", pulling.most_held);
    }
}

#[test]
fn a_damaged_body_is_got_again_within_the_budget() {
    let mut pulling = Pulling::new(3 * SIZE);
    // S3 would say that these are the bytes that were put.
    pulling.world.borrow_mut().memory.keeps_sha256 = false;
    let metadata = BTreeMap::from([("cstore-sha256".to_owned(), Digest::from_content(b"other bytes").to_string())]);
    paths(3).iter().for_each(|path| pulling.plant(&format!("shop/{path}"), b"0123456789", metadata.clone()));
    let error = pulling.pull("shop", None, &paths(3)).unwrap_err();
    assert!(matches!(error, Error::Integrity(_)), "{error:?}");
    assert_eq!(pulling.gets("shop/0.env"), (3, 0), "once for each attempt");
    assert_eq!(pulling.most_held, 3 * SIZE);
    assert_eq!(pulling.budget.held(), 0);
}
