//! A front end that remembers what it last saw of the head, over the library: the action's own knows of no bases.

use std::collections::HashMap;
use std::sync::Arc;
use std::thread;

use cstore::cancellation::Cancellation;
use cstore::command::{self, Pushed};
use cstore::config::merge3;
use cstore::environment::Environment;
use cstore::error::Error;
use cstore::identity::NoJobToken;
use cstore::name::{ConfigPath, Digest};
use cstore::observer::Silent;
use cstore::option::{FrontEnd, RawOptions};
use cstore::request::{Bases, MergeFiles, PushRequest, RunInfo};
use cstore::s3::S3Version;
use cstore::store::{Base, BaseEntry, PushInfo};
use cstore::workspace::Workspace;
use tokio::runtime::Builder;

use crate::harness::{ACCESS_KEY, Bucket, Proxy, REGION, SECRET_KEY};
use crate::shop::{Files, entry, head_manifest, sha256};

/// A push of these files to the head, made from what is remembered of each.
pub(crate) struct Pusher {
    folder: tempfile::TempDir,
    bucket: String,
    endpoint: String,
    files: Vec<String>,
    bases: HashMap<ConfigPath, Base>,
}

impl Pusher {
    /// It has never seen anything.
    pub(crate) fn new(bucket: &Bucket, files: &Files<'_>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (path, contents) in files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, contents).unwrap();
        }
        Self {
            folder,
            bucket: bucket.name().to_owned(),
            endpoint: bucket.server().endpoint(),
            files: files.iter().map(|(path, _)| (*path).to_owned()).collect(),
            bases: HashMap::new(),
        }
    }

    /// It has seen its files as the head's manifest lists them now.
    pub(crate) fn having_pulled(mut self, bucket: &Bucket) -> Self {
        let manifest = head_manifest(bucket);
        for path in &self.files {
            let entry = entry(&manifest, path);
            let base = BaseEntry {
                sha256: Digest::from_hex(entry["sha256"].as_str().unwrap()).unwrap(),
                version_id: S3Version::pinning(entry["version_id"].as_str()),
                version: None,
            };
            self.bases.insert(ConfigPath::new(path).unwrap(), Base::Known(Some(base)));
        }
        self
    }

    /// It was made from this.
    pub(crate) fn made_from(mut self, path: &str, base: Base) -> Self {
        self.bases.insert(ConfigPath::new(path).unwrap(), base);
        self
    }

    pub(crate) fn through(self, proxy: &Proxy) -> Self {
        Self { endpoint: proxy.endpoint(), ..self }
    }

    /// Pushes; without what it remembers, if so.
    pub(crate) fn push_with(&self, is_blind: bool) -> Result<Pushed, Error> {
        // As much as a program's first thread has: unoptimised, the SDK's futures take more than that of a test.
        let thread = thread::Builder::new().stack_size(8 << 20);
        thread::scope(|scope| thread.spawn_scoped(scope, || self.run(is_blind)).unwrap().join().unwrap())
    }

    fn run(&self, is_blind: bool) -> Result<Pushed, Error> {
        let given = [
            ("bucket", self.bucket.clone()),
            ("context", "shop".to_owned()),
            ("version", "head".to_owned()),
            ("files", self.files.join("\n")),
        ];
        let raw = RawOptions::new(FrontEnd::Action, given).unwrap();
        let variables = [
            ("AWS_ACCESS_KEY_ID", ACCESS_KEY.to_owned()),
            ("AWS_SECRET_ACCESS_KEY", SECRET_KEY.to_owned()),
            ("AWS_REGION", REGION.to_owned()),
            ("AWS_ENDPOINT_URL", self.endpoint.clone()),
        ];
        let variables = variables.map(|(name, value)| (name.into(), value.into()));
        let run = RunInfo {
            default_version: None,
            default_channel: None,
            default_context: None,
            push: PushInfo {
                push_id: format!("push-{}", sha256(self.folder.path().to_str().unwrap()).get(..16).unwrap()),
                created_at: "2026-01-02T03:04:05Z".to_owned(),
                source: None,
                message: None,
                promoted_from: None,
            },
            token_endpoint: Err(NoJobToken::NoJob),
            environment: Environment::new(variables),
            trusted_buckets: None,
        };
        let mut request = PushRequest::new(&raw, &run).unwrap();
        request.bases = (!is_blind).then(|| Bases {
            by_path: self.bases.clone(),
            intended: HashMap::new(),
            merge: MergeFiles::new(merge3),
        });
        let workspace = Workspace::open(self.folder.path()).unwrap();
        let (_canceller, cancellation) = Cancellation::new();
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(command::push(&request, &run, &workspace, Arc::new(Silent), &cancellation))
    }

    pub(crate) fn push(&self) -> Result<Pushed, Error> {
        self.push_with(false)
    }
}
