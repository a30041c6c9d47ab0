//! Which key a file is encrypted with, and what is remembered of it.

use serde_json::json;

use crate::harness::{Bucket, KmsKey};
use crate::shop::{
    MORE, SHOP, assert_pulls, catalog_with, digest, entry, head_manifest, manifest, push, push_head, put_claim,
    put_file_of_push,
};

const SETTINGS: &str = "shop/.cstore/settings.json";
const ENV_KEY: &str = "shop/v1/service/.env";

fn encrypted_with(bucket: &Bucket, key: &str) -> String {
    bucket.get(key).kms_key().unwrap_or_default().to_owned()
}

fn the_key_that_is_asked_for_encrypts_files_in_each_form(bucket: &Bucket) {
    let key = KmsKey::create();
    for (version, form) in [("v1", key.id.clone()), ("v2", key.arn.clone()), ("v3", key.alias())] {
        push(bucket, version, &SHOP).input("kms-key-id", &form).run().succeeds();
        for (path, _) in SHOP {
            let object = bucket.get(&format!("shop/{version}/{path}"));
            assert_eq!(object.header("x-amz-server-side-encryption"), Some("aws:kms"), "{form}");
            assert_eq!(object.metadata("cstore-kms-key"), Some(form.as_str()));
            let manifest = manifest(bucket, version);
            assert_eq!(entry(&manifest, path)["kms_key"], json!(form), "as it was asked for");
            assert_eq!(entry(&manifest, path)["kms_key_id"].as_str(), object.kms_key(), "as S3 answered it");
        }
        assert_pulls(bucket, version, &SHOP);
    }
}

fn what_was_named_is_remembered_by_path_and_for_the_context(bucket: &Bucket) {
    let (first, second) = (KmsKey::create(), KmsKey::create());
    push(bucket, "v1", &SHOP[..1]).input("kms-key-id", &first.id).run().succeeds();
    assert_eq!(bucket.get(SETTINGS).json(), json!({"schema": 1, "key": first.id, "keys": {"service/.env": first.id}}));
    // The context's key holds for a path that has none of its own.
    push(bucket, "v2", &SHOP).run().succeeds();
    assert_eq!(encrypted_with(bucket, "shop/v2/service/.env"), encrypted_with(bucket, ENV_KEY));
    assert_eq!(encrypted_with(bucket, "shop/v2/web/config.json"), encrypted_with(bucket, ENV_KEY));
    // A path's own key, once named, holds for it alone.
    push(bucket, "v3", &SHOP[1..]).input("kms-key-id", &second.id).run().succeeds();
    push(bucket, "v4", &SHOP).run().succeeds();
    assert_eq!(encrypted_with(bucket, "shop/v4/service/.env"), encrypted_with(bucket, ENV_KEY));
    assert_eq!(encrypted_with(bucket, "shop/v4/web/config.json"), encrypted_with(bucket, "shop/v3/web/config.json"));
    assert_ne!(encrypted_with(bucket, "shop/v4/web/config.json"), encrypted_with(bucket, ENV_KEY));
}

fn another_key_under_the_same_name_is_a_conflict(bucket: &Bucket) {
    let (first, second) = (KmsKey::create(), KmsKey::create());
    push(bucket, "v1", &SHOP).input("kms-key-id", &first.id).run().succeeds();
    push(bucket, "v1", &SHOP)
        .input("kms-key-id", &second.id)
        .run()
        .fails(4)
        .says("the KMS key of service/.env differs");
    // No key is asked for, so none differs, whatever has been remembered since.
    push(bucket, "v2", &SHOP).input("kms-key-id", &second.id).run().succeeds();
    assert_eq!(push(bucket, "v1", &SHOP).run().succeeds().output("config-changed"), "false");
}

fn the_heads_files_are_encrypted_alike(bucket: &Bucket) {
    let (first, second) = (KmsKey::create(), KmsKey::create());
    push_head(bucket, &SHOP).input("kms-key-id", &first.id).run().succeeds();
    let again = push_head(bucket, &SHOP).input("kms-key-id", &second.id).run().succeeds();
    assert_eq!(again.output("config-changed"), "true", "encryption is changed by pushing again");
    assert_eq!(entry(&head_manifest(bucket), "service/.env")["kms_key"], json!(second.id));
    assert_eq!(push_head(bucket, &SHOP).run().succeeds().output("config-changed"), "false");
}

fn a_key_that_was_named_meanwhile_does_not_stop_a_push_that_asks_for_none(bucket: &Bucket) {
    // Two jobs push the same, or one died and is run again; in between a key was named for other files.
    put_claim(bucket, "v1", &digest(&SHOP));
    put_file_of_push(bucket, "v1", SHOP[0].0, SHOP[0].1);
    let key = KmsKey::create();
    push_head(bucket, &MORE).input("kms-key-id", &key.id).run().succeeds();
    push(bucket, "v1", &SHOP).run().succeeds();
    let manifest = manifest(bucket, "v1");
    assert_eq!(entry(&manifest, SHOP[0].0).get("kms_key"), None, "as it was written");
    assert_eq!(entry(&manifest, SHOP[1].0)["kms_key"], json!(key.id));
    assert_pulls(bucket, "v1", &SHOP);
}

in_each_bucket!(
    the_key_that_is_asked_for_encrypts_files_in_each_form,
    what_was_named_is_remembered_by_path_and_for_the_context,
    another_key_under_the_same_name_is_a_conflict,
    the_heads_files_are_encrypted_alike,
    a_key_that_was_named_meanwhile_does_not_stop_a_push_that_asks_for_none,
);

#[test]
fn the_catalogs_key_comes_before_what_is_remembered_and_the_input_before_both() {
    let bucket = Bucket::versioned();
    let (first, second, third) = (KmsKey::create(), KmsKey::create(), KmsKey::create());
    let catalog = |key: &str| catalog_with(&[("service/.env", &format!("data:\n  AWS_STORE_KMS_KEY_ID: {key}"))]);
    push(&bucket, "v1", &SHOP[..1]).input("kms-key-id", &first.id).run().succeeds();
    let step = push(&bucket, "v2", &SHOP[..1]).repository_file("cstore.yml", catalog(&second.id));
    step.run().succeeds();
    assert_eq!(entry(&manifest(&bucket, "v2"), "service/.env")["kms_key"], json!(second.id));
    let step = push(&bucket, "v3", &SHOP[..1]).repository_file("cstore.yml", catalog(&second.id));
    step.input("kms-key-id", &third.id).run().succeeds();
    assert_eq!(entry(&manifest(&bucket, "v3"), "service/.env")["kms_key"], json!(third.id));
}

#[test]
fn without_a_key_the_buckets_own_default_applies_and_nothing_is_remembered() {
    let key = KmsKey::create();
    let bucket = Bucket::versioned().encrypted_by_default(&key);
    push(&bucket, "v1", &SHOP).run().succeeds();
    assert!(encrypted_with(&bucket, ENV_KEY).contains(&key.id));
    assert_eq!(entry(&manifest(&bucket, "v1"), "service/.env").get("kms_key"), None);
    assert!(bucket.find(SETTINGS).is_none());
}
