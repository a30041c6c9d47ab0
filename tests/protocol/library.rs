//! The store itself, where no command asks for it yet.

use std::sync::Arc;
use std::thread;

use cstore::environment::Environment;
use cstore::name::Context;
use cstore::observer::Silent;
use cstore::s3::{AwsBucket, Connection};
use cstore::store::{PushInfo, Store};
use tokio::runtime::Builder;

use crate::harness::{ACCESS_KEY, Bucket, REGION, SECRET_KEY};

/// Where it is asked.
pub(crate) struct Place<'a> {
    pub(crate) bucket: &'a Bucket,
    pub(crate) endpoint: String,
    /// Whether it is said to be another service than AWS's.
    pub(crate) is_other_service: bool,
}

impl<'a> Place<'a> {
    /// As AWS's, and directly.
    pub(crate) fn of(bucket: &'a Bucket) -> Self {
        Self { bucket, endpoint: bucket.server().endpoint(), is_other_service: false }
    }

    /// Does something with the context `shop`.
    pub(crate) fn run<T: Send>(&self, work: impl AsyncFnOnce(&Store<AwsBucket>) -> T + Send) -> T {
        let run = || {
            let variables = [("AWS_ACCESS_KEY_ID", ACCESS_KEY), ("AWS_SECRET_ACCESS_KEY", SECRET_KEY)];
            let connection = Connection {
                region: Some(REGION.to_owned()),
                endpoint_url: Some(self.endpoint.clone()),
                is_other_service: self.is_other_service,
                environment: Environment::new(variables.map(|(name, value)| (name.into(), value.into()))),
                ..Connection::default()
            };
            Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
                let session = connection.open(Arc::new(Silent)).await.unwrap();
                work(&Store::new(session.bucket(self.bucket.name()), Context::new("shop").unwrap())).await
            })
        };
        // As much as a program's first thread has: unoptimised, the SDK's futures take more than that of a test.
        let thread = thread::Builder::new().stack_size(8 << 20);
        thread::scope(|scope| thread.spawn_scoped(scope, run).unwrap().join().unwrap())
    }
}

/// A run of the library.
pub(crate) fn info(push_id: &str) -> PushInfo {
    PushInfo { push_id: push_id.to_owned(), created_at: "2026-01-02T03:04:05Z".to_owned(), ..PushInfo::default() }
}
