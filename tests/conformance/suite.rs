//! What every adapter promises.

use std::collections::BTreeMap;

use bytes::Bytes;
use cstore::name::Digest;
use cstore::s3::{
    BodyLimit, Bucket, Budget, Condition, Etag, Key, Put, PutAnswer, Reason, RetryBudget, S3Version, Written,
};
use cstore::secret::Secret;
use futures_util::future::join_all;

use crate::memory::Versioning;

/// A bucket, and what is needed to test it that the adapter itself cannot do.
pub(crate) trait Subject {
    type Bucket: Bucket;

    fn bucket(&self) -> &Self::Bucket;

    fn versioning(&self) -> Versioning;

    /// Deletes the object, or a version of it.
    async fn delete(&self, key: &str, version: Option<&str>);

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
        digest: Digest::of(body.as_bytes()),
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

pub(crate) async fn what_is_not_there_is_none(subject: &impl Subject) {
    assert_eq!(subject.bucket().get(&key("shop/none"), None, LIMIT, &RetryBudget::new()).await, Ok(None));
    assert_eq!(subject.bucket().head(&key("shop/none"), None).await, Ok(None));
    assert_eq!(subject.bucket().list("shop/").await, Ok(Vec::new()));
    written(subject, "shop/some", "1", Condition::Create).await;
    assert_eq!(subject.bucket().get(&key("shop/som"), None, LIMIT, &RetryBudget::new()).await, Ok(None));
    assert_eq!(subject.bucket().head(&key("shop/some/"), None).await, Ok(None));
    if subject.versioning() == Versioning::Enabled {
        let unknown = S3Version::pinning(Some("no-version-of-this-bucket"));
        assert_eq!(
            subject.bucket().get(&key("shop/some"), unknown.as_ref(), LIMIT, &RetryBudget::new()).await,
            Ok(None)
        );
        assert_eq!(subject.bucket().head(&key("shop/some"), unknown.as_ref()).await, Ok(None));
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
        let head = subject.bucket().head(&key("shop/one"), written.version.as_ref()).await.unwrap().unwrap();
        assert_eq!((head.etag, head.version), (written.etag, written.version));
        assert_eq!(head.metadata["cstore-push-id"], format!("push of {body}"));
    }
}

pub(crate) async fn a_deleted_object_is_gone_and_can_be_created_anew(subject: &impl Subject) {
    let first = written(subject, "shop/one", "first", Condition::Create).await;
    subject.delete("shop/one", None).await;
    assert_eq!(text(subject, "shop/one", None).await, None);
    assert_eq!(subject.bucket().head(&key("shop/one"), None).await, Ok(None));
    assert_eq!(subject.bucket().list("shop/").await, Ok(Vec::new()));
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
    subject.delete("shop/one", Some(version.as_str())).await;
    assert_eq!(text(subject, "shop/one", Some(version)).await, None);
    assert_eq!(subject.bucket().head(&key("shop/one"), Some(version)).await, Ok(None));
    assert_eq!(text(subject, "shop/one", None).await.as_deref(), Some("second"));
    subject.delete("shop/one", second.version.as_ref().map(S3Version::as_str)).await;
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
    let keys = ["shop/a b.env", "shop/ü.json", "shop/a+b%20&c=d", "shop/'\"<x>", "shop/..env", "shop/a//b"];
    for key in keys {
        written(subject, key, key, Condition::Create).await;
    }
    for key in keys {
        assert_eq!(text(subject, key, None).await.as_deref(), Some(key));
    }
    let mut sorted = keys.map(ToOwned::to_owned);
    sorted.sort_unstable();
    assert_eq!(subject.bucket().list("shop/").await, Ok(sorted.to_vec()));
}

pub(crate) async fn keys_are_listed_by_prefix_in_order(subject: &impl Subject) {
    for key in ["shop/b", "shop/a/2", "shop/a/10", "shop/a", "shop/B", "shopping", "other"] {
        written(subject, key, "1", Condition::Create).await;
    }
    let list = async |prefix: &str| subject.bucket().list(prefix).await.unwrap();
    assert_eq!(list("shop/").await, ["shop/B", "shop/a", "shop/a/10", "shop/a/2", "shop/b"]);
    assert_eq!(list("shop/a/").await, ["shop/a/10", "shop/a/2"]);
    assert_eq!(list("shop/a/2").await, ["shop/a/2"]);
    assert!(list("shop/c").await.is_empty());
    assert_eq!(list("").await.len(), 7);
}

pub(crate) async fn more_keys_than_a_page_are_listed(subject: &impl Subject) {
    let keys: Vec<_> = (0..1001).map(|n| format!("shop/{n:04}")).collect();
    for some in keys.chunks(50) {
        join_all(some.iter().map(|key| written(subject, key, "1", Condition::Create))).await;
    }
    assert_eq!(subject.bucket().list("shop/").await, Ok(keys));
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
