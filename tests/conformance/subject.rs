//! The adapter that runs, over a bucket of a server process.

use std::env;
use std::process::Command;
use std::sync::{Arc, OnceLock};

use cstore::environment::Environment;
use cstore::observer::Silent;
use cstore::s3::{AwsBucket, Connection};
use tokio::runtime::{Builder, Runtime};

use crate::harness::{ACCESS_KEY, Bucket, SECRET_KEY};
use crate::memory::Versioning;
use crate::suite;

pub(crate) struct Subject {
    runtime: Runtime,
    pub(crate) bucket: AwsBucket,
    versioning: Versioning,
    kms_key: fn() -> String,
}

/// Runs a test of this program in a process that has credentials in its environment: no process can give them to
/// itself. All tests that are below `module` share that one process, which is started with these arguments and
/// variables besides, and each takes its own result from what it printed.
pub(crate) fn with_credentials(
    test: &str,
    module: &str,
    arguments: &[&str],
    variables: &[(&str, String)],
    run: impl FnOnce(),
) {
    static PRINTED: OnceLock<String> = OnceLock::new();
    if env::var("AWS_ACCESS_KEY_ID").as_deref() == Ok(ACCESS_KEY) {
        return run();
    }
    let printed = PRINTED.get_or_init(|| {
        let itself = env::current_exe().unwrap();
        let credentials = [("AWS_ACCESS_KEY_ID", ACCESS_KEY), ("AWS_SECRET_ACCESS_KEY", SECRET_KEY)];
        let variables = variables.iter().map(|(name, value)| (*name, value));
        let mut process = Command::new(itself);
        process.arg(module).args(arguments).envs(credentials).envs(variables).env_remove("AWS_SESSION_TOKEN");
        let output = process.output().unwrap();
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
    });
    let (_, name) = test.split_once("::").unwrap();
    let is_ok = printed.lines().any(|line| line == format!("test {name} ... ok"));
    let own = printed.split("\n---- ").find(|part| part.starts_with(&format!("{name} ")));
    assert!(is_ok, "{}", own.unwrap_or(printed));
}

impl Subject {
    /// The adapter over a bucket of this kind, asked at an endpoint. What a put may name as KMS key, a function makes.
    pub(crate) fn at(endpoint: String, bucket: &Bucket, versioning: Versioning, kms_key: fn() -> String) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let connection = Connection {
            region: Some("us-east-1".to_owned()),
            endpoint_url: Some(endpoint),
            is_other_service: true,
            environment: Environment::new(env::vars_os()),
            ..Connection::default()
        };
        let session = runtime.block_on(connection.open(Arc::new(Silent))).unwrap();
        Self { runtime, bucket: session.bucket(bucket.name()), versioning, kms_key }
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

    fn kms_key(&self) -> String {
        (self.kms_key)()
    }
}
