//! The adapter that runs, against moto.

use cstore::s3::{BodyLimit, Bucket as _, Budget, Key, RetryBudget};

use crate::harness;
use crate::harness::proxy::{Fault, get};
use crate::harness::{Bucket, KmsKey, Proxy, Server};
use crate::memory::Versioning;
use crate::subject::{self, Subject};
use crate::suite;

/// See [`subject::with_credentials`].
pub(crate) fn with_credentials(test: &str, run: impl FnOnce()) {
    subject::with_credentials(test, "behind_the_sdk::", &[], &[], run);
}

/// A bucket of this kind.
pub(crate) fn subject(versioning: Versioning) -> Subject {
    let bucket = match versioning {
        Versioning::Off => Bucket::unversioned(),
        Versioning::Enabled => Bucket::versioned(),
        Versioning::Suspended => Bucket::suspended(),
    };
    Subject::at(Server::shared().endpoint(), &bucket, versioning, || KmsKey::create().id)
}

/// moto encodes no keys in listings of versions; the benchmark's server does, as S3.
#[test]
fn versions_of_any_key_are_listed() {
    with_credentials(concat!(module_path!(), "::versions_of_any_key_are_listed"), || {
        let subject = || {
            let bucket = Bucket::in_memory(harness::Versioning::Enabled);
            Subject::at(Server::in_memory().endpoint(), &bucket, Versioning::Enabled, || KmsKey::create().id)
        };
        let (one, other, third) = (subject(), subject(), subject());
        one.run(suite::a_key_that_no_xml_can_hold_is_listed_with_its_versions(&one));
        other.run(suite::any_key_is_listed_with_its_versions_as_it_is(&other));
        third.run(suite::more_versions_than_a_page_are_listed(&third));
    });
}

/// The SDK does not send again what broke off within a body; the adapter does.
#[test]
fn a_body_that_broke_off_gives_its_bytes_back() {
    with_credentials(concat!(module_path!(), "::a_body_that_broke_off_gives_its_bytes_back"), || {
        let (proxy, bucket) = (Proxy::start(), Bucket::unversioned());
        let subject = Subject::at(proxy.endpoint(), &bucket, Versioning::Off, || KmsKey::create().id);
        let body = vec![b'x'; 100_000];
        bucket.put_foreign("shop/one", &body, &[]);
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
