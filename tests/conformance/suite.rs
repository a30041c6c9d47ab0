//! What every adapter promises.

use std::collections::BTreeMap;

use bytes::Bytes;
use cstore::name::Digest;
use cstore::s3::{
    BodyLimit, Bucket, Budget, Condition, DeleteAnswer, Etag, Key, ListedVersion, Put, PutAnswer, Reason, RetryBudget,
    S3Version, VersionId, Written,
};
use cstore::secret::Secret;
use futures_util::future::join_all;

use crate::memory::Versioning;

/// A bucket, and what is needed to test it that the adapter itself cannot do.
pub(crate) trait Subject {
    type Bucket: Bucket;

    fn bucket(&self) -> &Self::Bucket;

    fn versioning(&self) -> Versioning;

    /// A KMS key that a put may name.
    fn kms_key(&self) -> String;
}

const LIMIT: u64 = 1 << 20;

fn key(text: &str) -> Key {
    Key::new(text.to_owned()).unwrap()
}

fn put_of(at: &str, body: &str, condition: Condition) -> Put {
    Put {
        key: key(at),
        body: Secret::new(Bytes::from(body.to_owned())),
        digest: Digest::from_content(body.as_bytes()),
        condition,
        kms_key: None,
        metadata: BTreeMap::from([("cstore-push-id".to_owned(), format!("push of {body}"))]),
        content_type: "application/octet-stream",
    }
}

async fn put(subject: &impl Subject, at: &str, body: &str, condition: Condition) -> PutAnswer {
    subject.bucket().put(&put_of(at, body, condition)).await.unwrap()
}

/// Puts an object, which must succeed.
async fn written(subject: &impl Subject, at: &str, body: &str, condition: Condition) -> Written {
    match put(subject, at, body, condition).await {
        PutAnswer::Written(written) => written,
        PutAnswer::ConditionFailed => panic!("the condition of a put of {at} did not hold"),
    }
}

async fn text(subject: &impl Subject, at: &str, version: Option<&S3Version>) -> Option<String> {
    let object = subject.bucket().get(&key(at), version, LIMIT, &RetryBudget::new()).await.unwrap()?;
    Some(String::from_utf8(object.body.expose().to_vec()).unwrap())
}

async fn listed_keys(subject: &impl Subject, prefix: &str) -> Vec<String> {
    let listed = subject.bucket().list(prefix).await.unwrap();
    listed.into_iter().map(|object| object.key.to_string()).collect()
}

async fn delete(subject: &impl Subject, at: &str, expected: &Etag) -> DeleteAnswer {
    subject.bucket().delete(&key(at), expected).await.unwrap()
}

/// Deletes an object that nobody else changes. Gives its delete marker.
async fn deleted(subject: &impl Subject, at: &str) -> Option<VersionId> {
    let there = subject.bucket().head(&key(at), None).await.unwrap().unwrap();
    match delete(subject, at, &there.etag).await {
        DeleteAnswer::Deleted { marker } => marker,
        DeleteAnswer::ConditionFailed => panic!("{at} is in the state that the delete names"),
    }
}

async fn delete_version(subject: &impl Subject, at: &str, version: &VersionId) {
    subject.bucket().delete_version(&key(at), version).await.unwrap();
}

/// A listing of versions: key, id, whether it is the latest, and its size, if it is no delete marker.
async fn versions(subject: &impl Subject, prefix: &str) -> Vec<(String, VersionId, bool, Option<u64>)> {
    let listed = subject.bucket().list_versions(prefix).await.unwrap();
    let dates: Vec<_> = listed.iter().map(|version| (&version.key, version.modified)).collect();
    assert!(dates.is_sorted(), "{dates:?}");
    let row = |version: ListedVersion| {
        (version.key.to_string(), version.version, version.is_latest, version.content.map(|content| content.size))
    };
    listed.into_iter().map(row).collect()
}

pub(crate) async fn what_is_not_there_is_none(subject: &impl Subject) {
    assert_eq!(subject.bucket().get(&key("shop/none"), None, LIMIT, &RetryBudget::new()).await, Ok(None));
    assert_eq!(subject.bucket().head(&key("shop/none"), None).await, Ok(None));
    assert!(listed_keys(subject, "shop/").await.is_empty());
    written(subject, "shop/some", "1", Condition::Create).await;
    assert_eq!(subject.bucket().get(&key("shop/som"), None, LIMIT, &RetryBudget::new()).await, Ok(None));
    assert_eq!(subject.bucket().head(&key("shop/some/"), None).await, Ok(None));
    if subject.versioning() == Versioning::Enabled {
        let unknown = S3Version::pinning(Some("no-version-of-this-bucket"));
        assert_eq!(
            subject.bucket().get(&key("shop/some"), unknown.as_ref(), LIMIT, &RetryBudget::new()).await,
            Ok(None)
        );
        assert_eq!(subject.bucket().head(&key("shop/some"), unknown.as_ref().map(S3Version::id)).await, Ok(None));
    }
}

pub(crate) async fn what_was_put_is_got(subject: &impl Subject) {
    let written = written(subject, "shop/one", "A=1", Condition::Create).await;
    let object = subject.bucket().get(&key("shop/one"), None, LIMIT, &RetryBudget::new()).await.unwrap().unwrap();
    assert_eq!(object.body.expose().as_ref(), b"A=1");
    assert_eq!(object.head.etag, written.etag);
    assert_eq!(object.head.version, written.version);
    assert_eq!(object.head.metadata["cstore-push-id"], "push of A=1");
    assert_eq!(subject.bucket().head(&key("shop/one"), None).await, Ok(Some(object.head)));
}

pub(crate) async fn the_sha256_that_was_put_is_answered_and_an_object_is_in_no_archive(subject: &impl Subject) {
    let written = written(subject, "shop/one", "A=1", Condition::Create).await;
    let digest = Some(Digest::from_content(b"A=1"));
    for version in [None, written.version.as_ref()] {
        let head = subject.bucket().head(&key("shop/one"), version.map(S3Version::id)).await.unwrap().unwrap();
        assert_eq!((head.sha256, head.is_archived), (digest, false));
        let object =
            subject.bucket().get(&key("shop/one"), version, LIMIT, &RetryBudget::new()).await.unwrap().unwrap();
        assert_eq!((object.head.sha256, object.head.is_archived), (digest, false));
    }
}

pub(crate) async fn an_object_is_created_once(subject: &impl Subject) {
    let first = written(subject, "shop/one", "first", Condition::Create).await;
    assert_eq!(put(subject, "shop/one", "second", Condition::Create).await, PutAnswer::ConditionFailed);
    assert_eq!(put(subject, "shop/one", "first", Condition::Create).await, PutAnswer::ConditionFailed);
    assert_eq!(text(subject, "shop/one", None).await.as_deref(), Some("first"));
    assert_eq!(subject.bucket().head(&key("shop/one"), None).await.unwrap().unwrap().etag, first.etag);
}

pub(crate) async fn an_object_is_replaced_only_in_the_state_that_is_named(subject: &impl Subject) {
    let first = written(subject, "shop/one", "first", Condition::Create).await;
    let second = written(subject, "shop/one", "second", Condition::Replace(first.etag.clone())).await;
    assert_ne!(first.etag, second.etag);
    assert_eq!(put(subject, "shop/one", "third", Condition::Replace(first.etag)).await, PutAnswer::ConditionFailed);
    let unknown = Etag::new("\"00000000000000000000000000000000\"");
    assert_eq!(put(subject, "shop/one", "third", Condition::Replace(unknown)).await, PutAnswer::ConditionFailed);
    assert_eq!(text(subject, "shop/one", None).await.as_deref(), Some("second"));
}

pub(crate) async fn a_state_names_the_last_put(subject: &impl Subject) {
    let mut etag = written(subject, "shop/one", "same", Condition::Create).await.etag;
    for _ in 0..3 {
        etag = written(subject, "shop/one", "same", Condition::Replace(etag)).await.etag;
        assert_eq!(subject.bucket().head(&key("shop/one"), None).await.unwrap().unwrap().etag, etag);
    }
}

pub(crate) async fn what_is_not_there_cannot_be_replaced(subject: &impl Subject) {
    let other = written(subject, "shop/other", "other", Condition::Create).await;
    assert_eq!(put(subject, "shop/none", "1", Condition::Replace(other.etag)).await, PutAnswer::ConditionFailed);
    assert_eq!(text(subject, "shop/none", None).await, None);
}

pub(crate) async fn versions_are_kept_where_there_are_any(subject: &impl Subject) {
    let first = written(subject, "shop/one", "first", Condition::Create).await;
    let second = written(subject, "shop/one", "second", Condition::Replace(first.etag.clone())).await;
    if subject.versioning() != Versioning::Enabled {
        // Suspended versioning calls what the next put replaces `null`, which pins nothing.
        assert_eq!((first.version, second.version), (None, None));
        return;
    }
    assert!(first.version.is_some() && second.version.is_some());
    assert_ne!(first.version, second.version);
    for (written, body) in [(first, "first"), (second, "second")] {
        assert_eq!(text(subject, "shop/one", written.version.as_ref()).await.as_deref(), Some(body));
        let head = subject
            .bucket()
            .head(&key("shop/one"), written.version.as_ref().map(S3Version::id))
            .await
            .unwrap()
            .unwrap();
        assert_eq!((head.etag, head.version), (written.etag, written.version));
        assert_eq!(head.metadata["cstore-push-id"], format!("push of {body}"));
    }
}

pub(crate) async fn a_deleted_object_is_gone_and_can_be_created_anew(subject: &impl Subject) {
    let first = written(subject, "shop/one", "first", Condition::Create).await;
    deleted(subject, "shop/one").await;
    assert_eq!(text(subject, "shop/one", None).await, None);
    assert_eq!(subject.bucket().head(&key("shop/one"), None).await, Ok(None));
    assert!(listed_keys(subject, "shop/").await.is_empty());
    let over = Condition::Replace(first.etag.clone());
    assert_eq!(put(subject, "shop/one", "second", over).await, PutAnswer::ConditionFailed);
    written(subject, "shop/one", "second", Condition::Create).await;
    assert_eq!(text(subject, "shop/one", None).await.as_deref(), Some("second"));
    if let Some(version) = &first.version {
        assert_eq!(text(subject, "shop/one", Some(version)).await.as_deref(), Some("first"));
    }
}

pub(crate) async fn a_deleted_version_is_gone(subject: &impl Subject) {
    let first = written(subject, "shop/one", "first", Condition::Create).await;
    let version = first.version.as_ref().unwrap();
    let second = written(subject, "shop/one", "second", Condition::Replace(first.etag.clone())).await;
    delete_version(subject, "shop/one", &version.clone().into()).await;
    assert_eq!(text(subject, "shop/one", Some(version)).await, None);
    assert_eq!(subject.bucket().head(&key("shop/one"), Some(version.id())).await, Ok(None));
    assert_eq!(text(subject, "shop/one", None).await.as_deref(), Some("second"));
    delete_version(subject, "shop/one", &second.version.unwrap().into()).await;
    assert_eq!(text(subject, "shop/one", None).await, None);
    written(subject, "shop/one", "third", Condition::Create).await;
}

pub(crate) async fn a_body_is_got_up_to_its_limit(subject: &impl Subject) {
    written(subject, "shop/one", "12345678", Condition::Create).await;
    assert!(subject.bucket().get(&key("shop/one"), None, 8, &RetryBudget::new()).await.unwrap().is_some());
    let failure = subject.bucket().get(&key("shop/one"), None, 7, &RetryBudget::new()).await.unwrap_err();
    assert_eq!(failure.reason, Reason::TooLarge(7));
    assert_eq!(failure.key, "shop/one");
}

pub(crate) async fn bodies_share_a_budget_while_they_are_held(subject: &impl Subject) {
    for name in ["one", "two", "three"] {
        written(subject, &format!("shop/{name}"), "12345678", Condition::Create).await;
    }
    let budget = Budget::new(20);
    let get = async |name: &str| {
        let limit = BodyLimit::within(8, &budget);
        subject.bucket().get(&key(&format!("shop/{name}")), None, limit, &RetryBudget::new()).await.map(Option::unwrap)
    };
    let (one, two) = (get("one").await.unwrap(), get("two").await.unwrap());
    assert_eq!(budget.held(), 16);
    let failure = get("three").await.unwrap_err();
    assert_eq!((&failure.reason, failure.key.as_str()), (&Reason::OverBudget(20), "shop/three"));
    let copy = two.body.clone();
    drop((one, two));
    assert_eq!(budget.held(), 8, "a copy holds the bytes");
    get("three").await.unwrap();
    drop(copy);
    assert_eq!(budget.held(), 0);
}

pub(crate) async fn an_empty_body_is_a_body(subject: &impl Subject) {
    written(subject, "shop/empty", "", Condition::Create).await;
    assert_eq!(text(subject, "shop/empty", None).await.as_deref(), Some(""));
    assert_eq!(put(subject, "shop/empty", "1", Condition::Create).await, PutAnswer::ConditionFailed);
}

pub(crate) async fn metadata_comes_back_with_names_in_lower_case(subject: &impl Subject) {
    let metadata = [("cstore-version", "v1.0.0+b"), ("Cstore-Sha256", "ab=="), ("cstore-kms-key", "alias/a_b:c/d")];
    let metadata = metadata.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let put = Put { metadata: metadata.clone().into(), ..put_of("shop/one", "1", Condition::Create) };
    subject.bucket().put(&put).await.unwrap();
    let head = subject.bucket().head(&key("shop/one"), None).await.unwrap().unwrap();
    assert_eq!(head.metadata, metadata.map(|(name, value)| (name.to_lowercase(), value)).into());
}

pub(crate) async fn any_key_is_the_key_that_was_put(subject: &impl Subject) {
    let keys = ["shop/a b.env", "shop/ü.json", "shop/a+b%20&c=d", "shop/'\"<x>", "shop/..env"];
    for key in keys {
        written(subject, key, key, Condition::Create).await;
    }
    for key in keys {
        assert_eq!(text(subject, key, None).await.as_deref(), Some(key));
    }
    let mut sorted = keys.map(ToOwned::to_owned);
    sorted.sort_unstable();
    assert_eq!(listed_keys(subject, "shop/").await, sorted);
}

/// A file system has no such names.
pub(crate) async fn a_key_may_have_an_empty_part(subject: &impl Subject) {
    written(subject, "shop/a//b", "1", Condition::Create).await;
    assert_eq!(text(subject, "shop/a/b", None).await, None);
    assert_eq!(listed_keys(subject, "shop/").await, ["shop/a//b"]);
}

pub(crate) async fn keys_are_listed_by_prefix_in_order(subject: &impl Subject) {
    for key in ["shop/b", "shop/a/2", "shop/a/10", "shop/B", "shopping", "other"] {
        written(subject, key, "1", Condition::Create).await;
    }
    let list = async |prefix| listed_keys(subject, prefix).await;
    assert_eq!(list("shop/").await, ["shop/B", "shop/a/10", "shop/a/2", "shop/b"]);
    assert_eq!(list("shop/a/").await, ["shop/a/10", "shop/a/2"]);
    assert_eq!(list("shop/a/2").await, ["shop/a/2"]);
    assert!(list("shop/c").await.is_empty());
    assert_eq!(list("").await.len(), 6);
}

pub(crate) async fn any_key_is_listed_as_it_is(subject: &impl Subject) {
    let keys = ["shop/a b", "shop/a%20b", "shop/a+b", "shop/c\u{1b}[31m/d", "shop/<&>\"'", "shop/ü"];
    for key in keys {
        written(subject, key, "1", Condition::Create).await;
    }
    let mut listed = listed_keys(subject, "shop/").await;
    let mut expected = keys.map(str::to_owned);
    listed.sort_unstable();
    expected.sort_unstable();
    assert_eq!(listed, expected);
    assert_eq!(subject.bucket().list_level("shop/").await.unwrap().folders, ["shop/c\u{1b}[31m/"]);
}

pub(crate) async fn folders_are_listed_without_what_is_in_them(subject: &impl Subject) {
    for key in ["shop/b", "shop/a/2", "shop/a/10", "shop/a/c/1", "shop/B/x", "shopping", "other/x"] {
        written(subject, key, "1", Condition::Create).await;
    }
    let level = async |prefix| {
        let level = subject.bucket().list_level(prefix).await.unwrap();
        let objects = level.objects.into_iter().map(|object| object.key.to_string());
        (level.folders, objects.collect::<Vec<_>>())
    };
    let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(level("").await, (names(&["other/", "shop/"]), names(&["shopping"])));
    assert_eq!(level("shop/").await, (names(&["shop/B/", "shop/a/"]), names(&["shop/b"])));
    assert_eq!(level("shop/a/").await, (names(&["shop/a/c/"]), names(&["shop/a/10", "shop/a/2"])));
    assert_eq!(level("none/").await, (names(&[]), names(&[])));
}

/// In a file system it would be a file and a folder.
pub(crate) async fn a_key_may_be_the_beginning_of_others(subject: &impl Subject) {
    for key in ["shop/a/2", "shop/a", "shop/a/10", "shop/a b"] {
        written(subject, key, key, Condition::Create).await;
        assert_eq!(text(subject, key, None).await.as_deref(), Some(key));
    }
    assert_eq!(listed_keys(subject, "shop/").await, ["shop/a", "shop/a b", "shop/a/10", "shop/a/2"]);
}

pub(crate) async fn more_keys_than_a_page_are_listed(subject: &impl Subject) {
    let keys: Vec<_> = (0..1001).map(|n| format!("shop/{n:04}")).collect();
    for some in keys.chunks(50) {
        join_all(some.iter().map(|key| written(subject, key, "1", Condition::Create))).await;
    }
    assert_eq!(listed_keys(subject, "shop/").await, keys);
    let one_page = async |prefix| {
        let listed = subject.bucket().list_if_one_page(prefix).await.unwrap();
        listed.map(|listed| listed.len())
    };
    assert_eq!(one_page("").await, None);
    assert_eq!(subject.bucket().list_level("shop/").await.unwrap().objects.len(), 1001);
    assert_eq!(subject.bucket().list_level("").await.unwrap().folders, ["shop/"]);
    assert_eq!(one_page("there-is-none").await, Some(0));
}

pub(crate) async fn a_kms_key_is_answered(subject: &impl Subject) {
    let kms_key = Some(subject.kms_key());
    let put = Put { kms_key, ..put_of("shop/one", "1", Condition::Create) };
    let Ok(PutAnswer::Written(encrypted)) = subject.bucket().put(&put).await else { panic!("it was not put") };
    assert!(encrypted.kms_key_id.is_some());
    let object = subject.bucket().get(&key("shop/one"), None, LIMIT, &RetryBudget::new()).await.unwrap().unwrap();
    assert_eq!(object.head.kms_key_id, encrypted.kms_key_id);
    assert_eq!(written(subject, "shop/two", "1", Condition::Create).await.kms_key_id, None);
}

pub(crate) async fn of_many_who_create_one_does(subject: &impl Subject) {
    of_many_one(subject, Condition::Create).await;
}

pub(crate) async fn of_many_who_replace_one_does(subject: &impl Subject) {
    let first = written(subject, "shop/one", "first", Condition::Create).await;
    of_many_one(subject, Condition::Replace(first.etag)).await;
}

async fn of_many_one(subject: &impl Subject, condition: Condition) {
    let bodies: Vec<_> = (0..16).map(|n| format!("body {n}")).collect();
    let answers = join_all(bodies.iter().map(|body| put(subject, "shop/one", body, condition.clone()))).await;
    let winners: Vec<_> =
        answers.iter().zip(&bodies).filter(|(answer, _)| matches!(answer, PutAnswer::Written(_))).collect();
    assert_eq!(winners.len(), 1);
    assert_eq!(text(subject, "shop/one", None).await.as_ref(), Some(winners[0].1));
}

pub(crate) async fn objects_are_listed_with_their_state_and_size(subject: &impl Subject) {
    written(subject, "shop/empty", "", Condition::Create).await;
    let first = written(subject, "shop/one", "1", Condition::Create).await;
    let second = written(subject, "shop/one", "22", Condition::Replace(first.etag)).await;
    written(subject, "shop/gone", "333", Condition::Create).await;
    deleted(subject, "shop/gone").await;
    let listed = subject.bucket().list("shop/").await.unwrap();
    let content: Vec<_> = listed.iter().map(|object| (object.key.as_str(), object.content.size)).collect();
    assert_eq!(content, [("shop/empty", 0), ("shop/one", 2)]);
    assert_eq!(listed[1].content.etag, second.etag);
}

pub(crate) async fn an_object_is_deleted_only_in_the_state_that_is_named(subject: &impl Subject) {
    let first = written(subject, "shop/one", "first", Condition::Create).await;
    let second = written(subject, "shop/one", "second", Condition::Replace(first.etag.clone())).await;
    assert_eq!(delete(subject, "shop/one", &first.etag).await, DeleteAnswer::ConditionFailed);
    assert_eq!(text(subject, "shop/one", None).await.as_deref(), Some("second"));
    assert!(matches!(delete(subject, "shop/one", &second.etag).await, DeleteAnswer::Deleted { .. }));
    assert_eq!(text(subject, "shop/one", None).await, None);
    assert_eq!(delete(subject, "shop/one", &second.etag).await, DeleteAnswer::ConditionFailed);
    assert_eq!(delete(subject, "shop/none", &second.etag).await, DeleteAnswer::ConditionFailed);
}

pub(crate) async fn what_is_not_there_can_be_deleted(subject: &impl Subject) {
    written(subject, "shop/other", "1", Condition::Create).await;
    delete_version(subject, "shop/none", &VersionId::new("null")).await;
    assert_eq!(listed_keys(subject, "").await, ["shop/other"]);
}

pub(crate) async fn of_many_who_delete_one_state_one_does(subject: &impl Subject) {
    let first = written(subject, "shop/one", "first", Condition::Create).await;
    let answers = join_all((0..16).map(|_| delete(subject, "shop/one", &first.etag))).await;
    let deletes = answers.iter().filter(|answer| matches!(answer, DeleteAnswer::Deleted { .. })).count();
    assert_eq!(deletes, 1);
}

pub(crate) async fn an_object_without_a_version_of_its_own_is_listed_and_deleted_as_null(subject: &impl Subject) {
    written(subject, "shop/one", "1", Condition::Create).await;
    let null = VersionId::new("null");
    assert_eq!(versions(subject, "shop/").await, [("shop/one".to_owned(), null.clone(), true, Some(1))]);
    assert_eq!(null.pin(), None);
    delete_version(subject, "shop/one", &null).await;
    assert!(versions(subject, "").await.is_empty());
    assert_eq!(text(subject, "shop/one", None).await, None);
}

pub(crate) async fn versions_are_listed_with_markers_by_key_and_the_oldest_first(subject: &impl Subject) {
    let put = async |at: &str, body: &str, condition| {
        VersionId::from(written(subject, at, body, condition).await.version.unwrap())
    };
    let other = put("shop/b", "other", Condition::Create).await;
    let first = put("shop/a", "1", Condition::Create).await;
    let second = {
        let etag = subject.bucket().head(&key("shop/a"), None).await.unwrap().unwrap().etag;
        put("shop/a", "22", Condition::Replace(etag)).await
    };
    let marker = deleted(subject, "shop/a").await.unwrap();
    put("shopping", "outside", Condition::Create).await;
    let (a, b) = ("shop/a".to_owned(), "shop/b".to_owned());
    let of_b = (b, other, true, Some(5));
    assert_eq!(
        versions(subject, "shop/").await,
        [
            (a.clone(), first.clone(), false, Some(1)),
            (a.clone(), second.clone(), false, Some(2)),
            (a.clone(), marker.clone(), true, None),
            of_b.clone(),
        ]
    );
    assert_eq!(text(subject, "shop/a", None).await, None);

    // Without the marker, what it hid is there again; without that, what was before.
    delete_version(subject, "shop/a", &marker).await;
    assert_eq!(text(subject, "shop/a", None).await.as_deref(), Some("22"));
    delete_version(subject, "shop/a", &second).await;
    assert_eq!(text(subject, "shop/a", None).await.as_deref(), Some("1"));
    assert_eq!(versions(subject, "shop/").await, [(a, first.clone(), true, Some(1)), of_b.clone()]);
    delete_version(subject, "shop/a", &first).await;
    delete_version(subject, "shop/a", &first).await;
    assert_eq!(versions(subject, "shop/").await, [of_b]);
}

pub(crate) async fn any_key_is_listed_with_its_versions_as_it_is(subject: &impl Subject) {
    versions_of(subject, &["shop/a b", "shop/a%20b", "shop/a+b", "shop/<&>\"'", "shop/ü"]).await;
}

pub(crate) async fn a_key_that_no_xml_can_hold_is_listed_with_its_versions(subject: &impl Subject) {
    versions_of(subject, &["shop/c\u{1b}[31m/d", "shop/plain"]).await;
}

async fn versions_of(subject: &impl Subject, keys: &[&str]) {
    for at in keys {
        written(subject, at, "1", Condition::Create).await;
        deleted(subject, at).await;
    }
    let mut listed: Vec<_> = versions(subject, "shop/").await.into_iter().map(|(key, ..)| key).collect();
    let mut expected: Vec<_> = keys.iter().flat_map(|key| [(*key).to_owned(), (*key).to_owned()]).collect();
    listed.sort_unstable();
    expected.sort_unstable();
    assert_eq!(listed, expected);
}

pub(crate) async fn more_versions_than_a_page_are_listed(subject: &impl Subject) {
    // A page ends between two keys, which are encoded in the listing.
    let keys: Vec<_> = (0..6).map(|n| format!("shop/a b{n}")).collect();
    let put_and_delete = async |at: &String| {
        for n in 0..100 {
            let written = written(subject, at, &n.to_string(), Condition::Create).await;
            delete(subject, at, &written.etag).await;
        }
    };
    join_all(keys.iter().map(put_and_delete)).await;
    let listed = versions(subject, "shop/").await;
    assert_eq!(listed.len(), 6 * 200);
    for (at, of_key) in keys.iter().zip(listed.chunks(200)) {
        assert!(of_key.iter().all(|(key, ..)| key == at));
        let latest: Vec<_> = of_key.iter().filter(|(_, _, is_latest, _)| *is_latest).collect();
        assert_eq!(latest, [of_key.last().unwrap()]);
        assert_eq!(of_key.last().unwrap().3, None, "a delete marker");
    }
}
