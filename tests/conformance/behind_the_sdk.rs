//! The adapter that runs, against the test server.

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use cstore::s3::{AwsBucket, Connection};
use tokio::runtime::{Builder, Runtime};

use crate::harness::{self, KmsKey, Server};
use crate::memory::Versioning;
use crate::suite;

pub(crate) struct Subject {
    runtime: Runtime,
    bucket: AwsBucket,
    there: harness::Bucket,
    versioning: Versioning,
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
        let credentials = Credentials::new("AKIATEST", "secret", None, None, "the tests");
        let config = runtime.block_on(connection.open());
        let config = config.into_builder().credentials_provider(SharedCredentialsProvider::new(credentials)).build();
        let bucket = connection.bucket(&config, there.name());
        Self { runtime, bucket, there, versioning }
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
