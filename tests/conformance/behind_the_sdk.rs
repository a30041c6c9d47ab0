//! The adapter that runs, against the test server.

use std::env;
use std::process::Command;
use std::sync::{Arc, OnceLock};

use cstore::observer::Silent;
use cstore::s3::{AwsBucket, BodyLimit, Bucket as _, Budget, Connection, Key, RetryBudget};
use tokio::runtime::{Builder, Runtime};

use crate::harness::proxy::{Fault, get};
use crate::harness::{self, KmsKey, Proxy, Server};
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
        Self::at(Server::shared().endpoint(), versioning)
    }

    fn at(endpoint: String, versioning: Versioning) -> Self {
        let there = match versioning {
            Versioning::Off => harness::Bucket::unversioned(),
            Versioning::Enabled => harness::Bucket::versioned(),
            Versioning::Suspended => harness::Bucket::suspended(),
        };
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let connection = Connection {
            region: Some("us-east-1".to_owned()),
            endpoint_url: Some(endpoint),
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

    fn kms_key(&self) -> String {
        KmsKey::create().id
    }
}

/// The SDK does not send again what broke off within a body; the adapter does.
#[test]
fn a_body_that_broke_off_gives_its_bytes_back() {
    with_credentials(concat!(module_path!(), "::a_body_that_broke_off_gives_its_bytes_back"), || {
        let proxy = Proxy::start();
        let subject = Subject::at(proxy.endpoint(), Versioning::Off);
        let body = vec![b'x'; 100_000];
        subject.there.put_foreign("shop/one", &body, &[]);
        proxy.on(get("shop/one").times(3), Fault::CutAnswer(60_000));
        let budget = Budget::new(100_000);
        subject.run(async {
            let key = Key::new("shop/one".to_owned()).unwrap();
            let object = subject
                .bucket
                .get(&key, None, BodyLimit::within(100_000, &budget), &RetryBudget::new())
                .await
                .unwrap()
                .unwrap();
            assert_eq!((object.body.expose().len(), budget.held()), (100_000, 100_000));
        });
        assert_eq!(proxy.requests().len(), 4);
        assert_eq!(budget.held(), 0);
    });
}
