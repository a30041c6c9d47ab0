//! The view of the buckets, and the server behind it.

use crate::harness::{Bucket, Fixture, KmsKey, ObjectVersion, Server};

const ODD_KEY: &str = "shop/v1+2/ä b/.env&c='\"<d>";

#[test]
fn an_object_comes_back_with_its_headers() {
    let bucket = Bucket::unversioned();
    assert!(bucket.find(ODD_KEY).is_none() && bucket.head(ODD_KEY).is_none());
    assert_eq!(bucket.put(ODD_KEY, b"\0\xFF\r\n\r\n", &[("x-amz-meta-cstore-version", "v1")]), None);
    let object = bucket.get(ODD_KEY);
    assert_eq!(object.body(), b"\0\xFF\r\n\r\n");
    assert_eq!(object.metadata("cstore-version"), Some("v1"));
    assert_eq!((object.version_id(), object.kms_key()), (None, None));
    assert_eq!(bucket.head(ODD_KEY).unwrap().metadata("cstore-version"), Some("v1"));
    assert_eq!(bucket.keys(), [ODD_KEY]);
    bucket.delete(ODD_KEY);
    assert!(bucket.keys().is_empty());
}

#[test]
fn conditions_are_kept() {
    let bucket = Bucket::versioned();
    bucket.put("a", "1", &[("If-None-Match", "*")]);
    let again = std::panic::catch_unwind(|| bucket.put("a", "2", &[("If-None-Match", "*")]));
    assert!(again.is_err());
    assert_eq!(bucket.get("a").text(), "1");
}

#[test]
fn versions_and_delete_markers_are_listed() {
    let bucket = Bucket::versioned();
    let first = bucket.put("a", "1", &[]).unwrap();
    let second = bucket.put("a", "2", &[]).unwrap();
    bucket.delete("a");
    assert!(bucket.find("a").is_none());
    assert_eq!(bucket.find_version("a", &first).unwrap().text(), "1");
    let versions = bucket.versions();
    let row = |version_id: &str, is_latest, is_delete_marker| ObjectVersion {
        key: "a".to_owned(),
        version_id: version_id.to_owned(),
        is_latest,
        is_delete_marker,
    };
    assert!(versions.contains(&row(&first, false, false)) && versions.contains(&row(&second, false, false)));
    let marker = versions.iter().find(|version| version.is_delete_marker).unwrap();
    assert!(versions.len() == 3 && marker.is_latest);
    bucket.delete_version("a", &marker.version_id);
    bucket.delete_version("a", &second);
    assert_eq!(bucket.get("a").text(), "1");
}

#[test]
fn with_versioning_suspended_the_version_is_null() {
    let bucket = Bucket::suspended();
    bucket.put("a", "1", &[]);
    bucket.put("a", "2", &[]);
    let ids: Vec<_> = bucket.versions().into_iter().map(|version| version.version_id).collect();
    assert_eq!(ids, ["null"]);
}

#[test]
fn a_listing_of_several_pages_is_read_whole() {
    let bucket = Bucket::unversioned();
    let keys = ["a/b/c", "a/b/d", "e", "f &g", "h"];
    keys.iter().for_each(|key| drop(bucket.put(key, "", &[])));
    assert_eq!(bucket.keys_in_pages_of(2), keys);
}

#[test]
fn keys_encrypt_by_id_by_alias_and_by_default() {
    let (key, other) = (KmsKey::create(), KmsKey::create());
    assert_ne!(key.arn, other.arn);
    let bucket = Bucket::versioned().encrypted_by_default(&key);
    bucket.put("default", "", &[]);
    assert_eq!(bucket.get("default").kms_key(), Some(key.arn.as_str()));
    let alias = other.alias();
    for named in [other.id.as_str(), &alias] {
        let id = ("x-amz-server-side-encryption-aws-kms-key-id", named);
        bucket.put("named", "", &[("x-amz-server-side-encryption", "aws:kms"), id]);
        assert_eq!(bucket.get("named").kms_key(), Some(named));
    }
}

#[test]
fn a_bucket_that_is_missing_is_missing() {
    let bucket = Bucket::missing();
    assert!(bucket.find("a").is_none());
}

#[test]
fn a_recording_is_loaded_under_names_of_its_own() {
    let (fixture, same) = (Fixture::load("kms"), Fixture::load("kms"));
    let bucket = fixture.bucket("project-configs");
    assert_ne!(bucket.name(), same.bucket("project-configs").name());
    let object = bucket.get("project/service/dev/.env");
    assert!(object.text().starts_with("HEALTHCHECK=/ping\n"));
    assert_eq!(object.kms_key(), Some(fixture.kms_key.id.as_str()));
    let catalog = fixture.file("cstore.yml");
    assert!(catalog.contains(bucket.name()) && catalog.contains(&fixture.kms_key.id), "{catalog}");
    assert!(!catalog.contains("KMS_KEY_ID\n"));
}

#[test]
fn all_tests_share_one_server() {
    assert_eq!(Server::shared().endpoint(), Bucket::missing().server().endpoint());
}
