//! The adapter that runs, against the test server.

use std::env;
use std::process::Command;
use std::sync::{Arc, OnceLock};

use cstore::observer::Silent;
use cstore::s3::{AwsBucket, Connection};
use tokio::runtime::{Builder, Runtime};

use crate::harness::{self, KmsKey, Server};
use crate::memory::Versioning;
use crate::suite;

/// Where the adapter looks for credentials, and what tells a process that was started with them.
const CREDENTIALS: [(&str, &str); 2] =
    [("AWS_ACCESS_KEY_ID", "AKIACONFORMANCE00000"), ("AWS_SECRET_ACCESS_KEY", "none")];

pub(crate) struct Subject {
    runtime: Runtime,
    bucket: AwsBucket,
    there: harness::Bucket,
    versioning: Versioning,
}

/// Runs a test of this program in a process that has credentials in its environment: no process can give them to
/// itself. All tests share that one process, and each takes its own result from what it printed.
pub(crate) fn with_credentials(test: &str, run: impl FnOnce()) {
    static PRINTED: OnceLock<String> = OnceLock::new();
    if env::var(CREDENTIALS[0].0).as_deref() == Ok(CREDENTIALS[0].1) {
        return run();
    }
    let printed = PRINTED.get_or_init(|| {
        let itself = env::current_exe().unwrap();
        let output = Command::new(itself).arg("behind_the_sdk::").envs(CREDENTIALS).output().unwrap();
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
    });
    let (_, name) = test.split_once("::").unwrap();
    let is_ok = printed.lines().any(|line| line == format!("test {name} ... ok"));
    let own = printed.split("\n---- ").find(|part| part.starts_with(&format!("{name} ")));
    assert!(is_ok, "{}", own.unwrap_or(printed));
}

impl Subject {
    pub(crate) fn new(versioning: Versioning) -> Self {
        let there = match versioning {
            Versioning::Off => harness::Bucket::unversioned(),
            Versioning::Enabled => harness::Bucket::versioned(),
            Versioning::Suspended => harness::Bucket::suspended(),
        };
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let connection = Connection {
            region: Some("us-east-1".to_owned()),
            endpoint_url: Some(Server::shared().endpoint()),
            is_other_service: true,
            ..Connection::default()
        };
        let session = runtime.block_on(connection.open(Arc::new(Silent))).unwrap();
        Self { runtime, bucket: session.bucket(there.name()), there, versioning }
    }

    pub(crate) fn run(&self, test: impl Future<Output = ()>) {
        self.runtime.block_on(test);
    }
}

impl suite::Subject for Subject {
    type Bucket = AwsBucket;

    fn bucket(&self) -> &AwsBucket {
        &self.bucket
    }

    fn versioning(&self) -> Versioning {
        self.versioning
    }

    async fn delete(&self, key: &str, version: Option<&str>) {
        match version {
            Some(version) => self.there.delete_version(key, version),
            None => self.there.delete(key),
        }
    }

    fn kms_key(&self) -> String {
        KmsKey::create().id
    }
}
