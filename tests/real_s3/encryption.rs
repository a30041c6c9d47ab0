//! KMS keys, where the server encrypts with them.

use serde_json::json;

use crate::harness::Bucket;
use crate::seaweedfs::{KMS_KEY, unversioned, versioned};
use crate::shop::{SHOP, assert_pulls, entry, manifest, pull, push, push_head};

fn assert_encrypted(bucket: &Bucket, key: &str) {
    let object = bucket.get(key);
    assert_eq!(object.header("x-amz-server-side-encryption"), Some("aws:kms"), "{key}");
    assert!(object.kms_key().is_some(), "{key}");
}

#[test]
#[ignore = "needs SeaweedFS"]
fn the_key_that_is_asked_for_encrypts_files_and_is_remembered() {
    for bucket in [versioned(), unversioned()] {
        push(&bucket, "v1", &SHOP).input("kms-key-id", KMS_KEY).run().succeeds();
        for (path, _) in SHOP {
            assert_encrypted(&bucket, &format!("shop/v1/{path}"));
            assert_eq!(entry(&manifest(&bucket, "v1"), path)["kms_key"], json!(KMS_KEY));
        }
        assert_pulls(&bucket, "v1", &SHOP);
        // Nobody asks for it a second time, so it was remembered.
        push(&bucket, "v2", &SHOP).run().succeeds();
        assert_encrypted(&bucket, "shop/v2/service/.env");
        push_head(&bucket, &SHOP).run().succeeds();
        assert_encrypted(&bucket, "shop/service/.env");
        assert_pulls(&bucket, "head", &SHOP);
    }
}

#[test]
#[ignore = "needs SeaweedFS"]
fn a_key_that_nobody_knows_publishes_nothing() {
    let bucket = versioned();
    // It answers 500, as if it had failed itself.
    push(&bucket, "v1", &SHOP)
        .input("kms-key-id", "alias/nobody-knows-it")
        .input("timeout-seconds", "5")
        .run()
        .fails(7);
    pull(&bucket, "v1").run().fails(6);
    push(&bucket, "v2", &SHOP).run().succeeds();
    assert_pulls(&bucket, "v2", &SHOP);
}
