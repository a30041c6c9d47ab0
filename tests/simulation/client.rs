//! Who takes part: each client is one run of the tool, over the store's own code.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Wake;

use bytes::Bytes;
use cstore::config::FileType;
use cstore::name::{ConfigPath, Context, Digest, VersionName};
use cstore::s3::{Bucket as _, Budget, RetryBudget, VersionId};
use cstore::secret::Secret;
use cstore::store::{
    Asked, Base, Error, Fetch, MAX_TOTAL_BYTES, Manifest, Moved, Progress, Purged, Push, PushFile, PushInfo, Pushed,
    Replaces, RollbackTo, Store,
};

use crate::adapter::Simulated;
use crate::change::{Declared, From, change};
use crate::channels::{ChannelOrder, PulledChannel, content_of, move_channel, pull_channel, roll_channel_back};
use crate::file_purges::purge_files;
use crate::promotions::{promote, replace};
use crate::purges::purge;
use crate::rollbacks::roll_back;
use crate::world::Request;

/// The one version that all contend for.
pub(crate) const VERSION: &str = "v1";
pub(crate) const CONTEXT: &str = "shop";

/// Files by path: their text.
pub(crate) type Content = BTreeMap<String, String>;
/// Files by path: their digests.
pub(crate) type Digests = BTreeMap<String, Digest>;

/// Where a configuration stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Version,
    Head,
}

/// What a client does.
#[derive(Debug, Clone)]
pub(crate) enum Role {
    Push {
        content: Content,
        overwrite: bool,
    },
    /// An overwrite that looks first what it goes over, as a person who is asked does.
    Replace {
        content: Content,
    },
    /// A push of the head; with a KMS key where one is named.
    PushHead {
        content: Content,
        kms_key: Option<String>,
    },
    /// Adds lines to files of the head, and knows what it replaces. `merges`: onto what others have pushed meanwhile.
    Change {
        lines: Content,
        from: From,
        merges: bool,
    },
    /// A pull of all there is, or `only` of some paths; with `known` the paths are asked for with the manifest.
    Pull {
        place: Place,
        known: Vec<String>,
        only: Option<Vec<String>>,
    },
    /// All of the version goes; also where the channel points at it. `is_shown`: as somebody who was shown it first.
    Purge {
        past_channels: bool,
        is_shown: bool,
    },
    /// A version besides, which nobody contends for.
    Publish {
        version: &'static str,
    },
    /// The channel is moved.
    MoveChannel(ChannelOrder),
    /// The channel goes back to what it stood at, or to a version that it stood at.
    RollChannelBack {
        to: Option<&'static str>,
        expects: Option<String>,
    },
    /// A pull of what the channel points at; with `known` as above.
    PullChannel {
        known: Vec<String>,
    },
    /// Files of the head go; those that were seen first, or whatever is there.
    PurgeFiles {
        paths: Vec<String>,
        is_shown: bool,
    },
    /// The head becomes what it was before its last push, or what the version is; then with or without its other files.
    Rollback {
        to_version: bool,
        exact: bool,
    },
    /// The version is copied to the head, or the head to the version.
    Promote {
        from: Place,
    },
    /// Somebody deletes a file of the version: the object, or the version of it that the manifest pins.
    Remove {
        path: String,
        pinned: bool,
    },
}

/// What came of it.
#[derive(Debug, Clone)]
pub(crate) enum Outcome {
    Pushed(Result<Pushed, Error>),
    Pulled(Result<Pulled, Error>),
    Purged(Result<Purged, Error>),
    Moved(Result<Box<Moved>, Error>),
    PulledChannel(Result<PulledChannel, Error>),
    Removed,
}

/// What a pull delivered.
#[derive(Debug, Clone)]
pub(crate) struct Pulled {
    pub(crate) files: Digests,
    pub(crate) has_manifest: bool,
}

/// A run of the tool.
pub(crate) struct Client {
    pub(crate) role: Role,
    /// None when it has ended, or was killed.
    pub(crate) future: Option<Pin<Box<dyn Future<Output = Outcome>>>>,
    pub(crate) awake: Arc<Awake>,
    pub(crate) outcome: Option<Outcome>,
    pub(crate) is_killed: bool,
    /// What a change is about to push.
    pub(crate) declared: Declared,
}

/// Whether a client has something to do.
pub(crate) struct Awake(AtomicBool);

impl Awake {
    pub(crate) fn take(&self) -> bool {
        self.0.swap(false, Ordering::Relaxed)
    }
}

impl Wake for Awake {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Client {
    pub(crate) fn new(role: Role, bucket: Simulated) -> Self {
        let declared = Declared::default();
        let future = run(role.clone(), bucket, Rc::clone(&declared));
        let awake = Arc::new(Awake(AtomicBool::new(true)));
        Self { role, future: Some(Box::pin(future)), awake, outcome: None, is_killed: false, declared }
    }

    /// What it was told, if it was a push.
    pub(crate) fn pushed(&self) -> Option<&Result<Pushed, Error>> {
        match &self.outcome {
            Some(Outcome::Pushed(pushed)) => Some(pushed),
            _ => None,
        }
    }
}

impl Role {
    /// What it pushes, and where.
    pub(crate) fn content(&self) -> Option<(Place, &Content)> {
        match self {
            Self::Push { content, .. } | Self::Replace { content } => Some((Place::Version, content)),
            Self::PushHead { content, .. } | Self::Change { lines: content, .. } => Some((Place::Head, content)),
            Self::Pull { .. }
            | Self::Purge { .. }
            | Self::Publish { .. }
            | Self::MoveChannel(_)
            | Self::RollChannelBack { .. }
            | Self::PullChannel { .. }
            | Self::PurgeFiles { .. }
            | Self::Rollback { .. }
            | Self::Promote { .. }
            | Self::Remove { .. } => None,
        }
    }

    pub(crate) fn is_overwrite(&self) -> bool {
        matches!(self, Self::Push { overwrite: true, .. } | Self::Replace { .. })
    }
}

pub(crate) fn digests(content: &Content) -> Digests {
    content.iter().map(|(path, text)| (path.clone(), Digest::from_content(text.as_bytes()))).collect()
}

/// What the runs of a client are told apart by.
pub(crate) fn push_id(client: usize) -> String {
    format!("push-of-client-{client}")
}

async fn run(role: Role, bucket: Simulated, declared: Declared) -> Outcome {
    let version = VersionName::new(VERSION).unwrap();
    let id = push_id(bucket.client);
    let store = Store::with_backoff(bucket.clone(), Context::new(CONTEXT).unwrap(), Rc::new(bucket.clone()));
    match role {
        Role::Push { content, overwrite } => {
            Outcome::Pushed(store.push_version(&push(&content, None, id), &version, overwrite).await)
        }
        Role::Replace { content } => {
            Outcome::Pushed(replace(&store, &version, &push(&content, None, id), &declared).await)
        }
        Role::PushHead { content, kms_key } => Outcome::Pushed(store.push_head(&push(&content, kms_key, id)).await),
        Role::Change { lines, from, merges } => {
            Outcome::Pushed(change(&store, &lines, &from, merges, id, &declared).await)
        }
        Role::Pull { place, known, only } => {
            let version = (place == Place::Version).then_some(&version);
            Outcome::Pulled(fetched(&store, version, &known, only.as_deref(), true, |_| Ok(())).await)
        }
        Role::Rollback { to_version, exact } => {
            let to =
                if to_version { RollbackTo::Version { version: &version, exact } } else { RollbackTo::BeforeLastPush };
            Outcome::Pushed(roll_back(&store, to, &info(id), &declared).await)
        }
        Role::Promote { from } => Outcome::Pushed(promote(&store, from, &version, info(id), &declared).await),
        Role::Purge { past_channels, is_shown } => {
            Outcome::Purged(purge(&store, &version, (past_channels, is_shown), &info(id), &declared).await)
        }
        Role::Publish { version } => {
            let push = push(&content_of(version), None, id);
            Outcome::Pushed(store.push_version(&push, &VersionName::new(version).unwrap(), false).await)
        }
        Role::MoveChannel(order) => Outcome::Moved(move_channel(&store, order, info(id)).await.map(Box::new)),
        Role::RollChannelBack { to, expects } => {
            Outcome::Moved(roll_channel_back(&store, to, expects, info(id)).await.map(Box::new))
        }
        Role::PullChannel { known } => Outcome::PulledChannel(pull_channel(&store, &known).await),
        Role::PurgeFiles { paths, is_shown } => {
            Outcome::Purged(purge_files(&store, &paths, is_shown, &info(id), &declared).await)
        }
        Role::Remove { path, pinned } => {
            let keys = store.keys();
            let key = keys.file(Some(&version), &ConfigPath::new(&path).unwrap()).unwrap();
            let pin = if pinned {
                let manifest =
                    bucket.get(&keys.manifest(Some(&version)).unwrap(), None, u64::MAX, &RetryBudget::new()).await;
                manifest.ok().flatten().and_then(|manifest| pin_of(manifest.body.expose(), &path))
            } else {
                None
            };
            // Whether it was told so does not matter to anybody.
            match pin {
                Some(pin) => drop(bucket.delete_version(&key, &VersionId::new(pin)).await),
                // Whatever it is: only others than this tool do so.
                None => drop(bucket.ask(Request::Delete { key, expected: None }).await),
            }
            Outcome::Removed
        }
    }
}

fn pin_of(manifest: &[u8], path: &str) -> Option<String> {
    let manifest: serde_json::Value = serde_json::from_slice(manifest).ok()?;
    let entry = manifest["files"].as_array()?.iter().find(|entry| entry["path"] == path)?;
    entry["version_id"].as_str().map(ToOwned::to_owned)
}

pub(crate) fn push(content: &Content, kms_key: Option<String>, push_id: String) -> Push {
    let file = |(path, text): (&String, &String)| PushFile {
        path: ConfigPath::new(path).unwrap(),
        file_type: FileType::Dotenv,
        digest: Digest::from_content(text.as_bytes()),
        content: Secret::new(Bytes::from(text.clone())),
        asked: Asked { kms_key: kms_key.clone(), ..Asked::default() },
        default_tags: Vec::new(),
        base: Base::Unknown,
    };
    Push {
        files: content.iter().map(file).collect(),
        info: info(push_id),
        progress: Progress::default(),
        replaces: Replaces::Anything,
    }
}

fn info(push_id: String) -> PushInfo {
    PushInfo { push_id, created_at: "2026-01-01T00:00:00Z".to_owned(), ..PushInfo::default() }
}

/// What a pull gets. `check` may refuse the manifest.
pub(crate) async fn fetched(
    store: &Store<Simulated>,
    version: Option<&VersionName>,
    known: &[String],
    only: Option<&[String]>,
    accept_unmanaged: bool,
    check: impl Fn(Option<&Manifest>) -> Result<(), Error>,
) -> Result<Pulled, Error> {
    let paths = |paths: &[String]| paths.iter().map(|path| ConfigPath::new(path).unwrap()).collect::<Vec<_>>();
    let (known, only) = (paths(known), only.map(paths));
    let choose = |manifest: Option<&Manifest>| {
        check(manifest)?;
        if let Some(only) = &only {
            return Ok::<_, Error>(only.clone());
        }
        let mut chosen: Vec<_> =
            manifest.iter().flat_map(|manifest| &manifest.files).map(|entry| entry.path.clone()).collect();
        // As the command chooses: a version is what its manifest says, the head what manifest and catalog name together.
        if manifest.is_none() || version.is_none() {
            chosen.extend(known.iter().filter(|path| !chosen.contains(path)).cloned().collect::<Vec<_>>());
        }
        Ok(chosen)
    };
    let budget = Budget::new(MAX_TOTAL_BYTES);
    let fetch = Fetch { version, known: &known, accept_unmanaged, leave_out_missing: false, budget: &budget };
    let fetched = store.fetch(fetch, choose).await?;
    let digest = |bytes: &Bytes| Digest::from_content(bytes);
    Ok(Pulled {
        files: fetched.files.iter().map(|file| (file.path.to_string(), digest(file.content.expose()))).collect(),
        has_manifest: fetched.manifest.is_some(),
    })
}
