//! Rollback of the head, over the library: it is a push, and another one undoes it.

use cstore::name::VersionName;
use cstore::s3::Budget;
use cstore::store::{Conflict, Error, Integrity, MAX_TOTAL_BYTES, Missing, Progress, RollbackTo, RolledBack};

use crate::harness::proxy::{Fault, Seen, get, put};
use crate::harness::{Bucket, Proxy, Versioning};
use crate::library::{Place, info};
use crate::shop::{
    MORE, OTHER, SHOP, State, assert_pulls, catalog, entry, head_manifest, paths, pull, push, push_head,
};

const HEAD: &str = "shop/.cstore/head.json";

#[derive(Clone, Copy)]
enum To {
    Before,
    V1 { exact: bool },
}

fn ask(place: &Place<'_>, to: To, push_id: &str) -> Result<RolledBack, Error> {
    place.run(async |store| {
        let version = VersionName::new("v1").unwrap();
        let to = match to {
            To::Before => RollbackTo::BeforeLastPush,
            To::V1 { exact } => RollbackTo::Version { version: &version, exact },
        };
        let info = info(push_id);
        let rollback = store.plan_rollback(to, None).await?;
        store.roll_back(rollback, &info, Progress::default(), &Budget::new(MAX_TOTAL_BYTES)).await
    })
}

fn roll_back(bucket: &Bucket, to: To) -> Result<RolledBack, Error> {
    ask(&Place::of(bucket), to, &format!("rollback-{}", bucket.versions().len()))
}

fn roll_back_through(proxy: &Proxy, bucket: &Bucket, to: To) -> Result<RolledBack, Error> {
    ask(&Place { endpoint: proxy.endpoint(), ..Place::of(bucket) }, to, "rollback-through")
}

fn is_missing(failed: Result<RolledBack, Error>) -> Missing {
    match failed {
        Err(Error::Missing(missing)) => *missing,
        other => panic!("{other:?}"),
    }
}

fn texts(paths: &[cstore::name::ConfigPath]) -> Vec<&str> {
    paths.iter().map(cstore::name::ConfigPath::as_str).collect()
}

#[test]
fn the_head_is_what_it_was_before_its_last_push_and_another_rollback_undoes_that() {
    let bucket = Bucket::versioned();
    push_head(&bucket, &SHOP).run().succeeds();
    push_head(&bucket, &[OTHER[0], MORE[0]]).run().succeeds();
    let before = head_manifest(&bucket);

    let done = roll_back(&bucket, To::Before).unwrap();
    assert_eq!((done.pushed.changed, texts(&done.removed), texts(&done.kept)), (true, vec!["more/.env"], vec![]));
    assert_pulls(&bucket, "head", &SHOP);
    let after = head_manifest(&bucket);
    assert_eq!(after["removed"], serde_json::json!(["more/.env"]));
    let ids = |manifest: &serde_json::Value| manifest["push_ids"].as_array().unwrap().clone();
    assert_eq!(ids(&after)[..2], ids(&before)[..]);
    assert_eq!(ids(&after)[2], after["push_id"]);
    // Each file is put anew: an old pin may expire.
    for path in paths(&after) {
        let current = bucket.get(&format!("shop/{path}"));
        assert_eq!(current.version_id(), entry(&after, path)["version_id"].as_str(), "{path}");
        assert_eq!(current.metadata("cstore-push-id"), after["push_id"].as_str(), "{path}");
    }

    let undone = roll_back(&bucket, To::Before).unwrap();
    assert_eq!((texts(&undone.removed), texts(&undone.kept)), (vec![], vec![]));
    assert_pulls(&bucket, "head", &[MORE[0], OTHER[0], SHOP[1]]);
    assert_eq!(head_manifest(&bucket).get("removed"), None);
}

#[test]
fn what_was_removed_is_not_there_whatever_lies_at_its_key() {
    let bucket = Bucket::versioned();
    push_head(&bucket, &SHOP).run().succeeds();
    push_head(&bucket, &MORE).run().succeeds();
    roll_back(&bucket, To::Before).unwrap();
    for foreign in [false, true] {
        if foreign {
            bucket.put_foreign("shop/more/.env", b"MORE=of-another-tool\n", &[]);
        }
        let pulled = pull(&bucket, "head").repository_file("cstore.yml", catalog(&MORE));
        pulled.run().fails(6).says("more/.env").does_not_say("not finished");
        let left_out = pull(&bucket, "head").repository_file("cstore.yml", catalog(&[SHOP[0], MORE[0]]));
        left_out.input("if-missing", "ignore").run().succeeds();
    }
    push_head(&bucket, &MORE).run().succeeds();
    assert_eq!(head_manifest(&bucket).get("removed"), None);
    assert_pulls(&bucket, "head", &[MORE[0], SHOP[0], SHOP[1]]);
}

fn the_head_becomes_what_a_version_is(bucket: &Bucket) {
    push(bucket, "v1", &SHOP).run().succeeds();
    push_head(bucket, &[OTHER[0], MORE[0]]).run().succeeds();
    let done = roll_back(bucket, To::V1 { exact: false }).unwrap();
    assert_eq!((texts(&done.removed), texts(&done.kept)), (vec![], vec!["more/.env"]));
    assert_pulls(bucket, "head", &[MORE[0], SHOP[0], SHOP[1]]);
    let done = roll_back(bucket, To::V1 { exact: true }).unwrap();
    assert_eq!((texts(&done.removed), texts(&done.kept)), (vec!["more/.env"], vec![]));
    assert_pulls(bucket, "head", &SHOP);
    assert_pulls(bucket, "v1", &SHOP);
    let before = State::from_bucket(bucket);
    assert!(!roll_back(bucket, To::V1 { exact: true }).unwrap().pushed.changed);
    assert_eq!(State::from_bucket(bucket), before);
}

fn a_push_in_between_stays_and_the_rollback_is_refused(bucket: &Bucket) {
    push(bucket, "v1", &SHOP).run().succeeds();
    push_head(bucket, &OTHER).run().succeeds();
    let bucket: &'static Bucket = Box::leak(Box::new(Bucket::existing(bucket.server(), bucket.name())));
    let proxy = Proxy::before(bucket.server());
    // Of another path, which a push would merge.
    let pushes = move || drop(push_head(bucket, &MORE).run().succeeds());
    proxy.on(put(".cstore/head.json").times(1), Fault::before(pushes));
    let failed = roll_back_through(&proxy, bucket, To::V1 { exact: false });
    let Err(Error::Conflict(conflict)) = failed else { panic!("{failed:?}") };
    let Conflict::HeadMoved { moved, last: Some(_) } = *conflict else { panic!("{conflict:?}") };
    assert_eq!(moved.iter().map(|file| file.path.as_str()).collect::<Vec<_>>(), ["more/.env"]);
    assert_eq!(paths(&head_manifest(bucket)), ["more/.env", "service/.env", "web/config.json"]);
}

fn what_is_not_there_is_not_found(bucket: &Bucket) {
    assert!(matches!(is_missing(roll_back(bucket, To::Before)), Missing::Head { .. }));
    assert!(matches!(is_missing(roll_back(bucket, To::V1 { exact: false })), Missing::Version { .. }));
    push_head(bucket, &SHOP).run().succeeds();
    let missing = is_missing(roll_back(bucket, To::Before));
    assert!(matches!(missing, Missing::EarlierHead { is_first: true, .. }), "{missing:?}");
}

in_each_bucket!(
    the_head_becomes_what_a_version_is,
    a_push_in_between_stays_and_the_rollback_is_refused,
    what_is_not_there_is_not_found,
);

#[test]
fn without_versioning_a_version_must_be_named() {
    for bucket in [Bucket::unversioned(), Bucket::suspended()] {
        push_head(&bucket, &SHOP).run().succeeds();
        push_head(&bucket, &OTHER).run().succeeds();
        let before = State::from_bucket(&bucket);
        let missing = is_missing(roll_back(&bucket, To::Before));
        assert!(matches!(missing, Missing::EarlierHead { is_first: false, .. }), "{missing:?}");
        assert_eq!(State::from_bucket(&bucket), before);
    }
}

/// Whoever deletes the head's manifest wants nothing of what was below it.
#[test]
fn nothing_below_a_delete_marker_is_restored() {
    let bucket = Bucket::versioned();
    push_head(&bucket, &SHOP).run().succeeds();
    let first = head_manifest(&bucket)["push_id"].clone();
    bucket.delete(HEAD);
    push_head(&bucket, &OTHER).run().succeeds();
    // As if the second push had merged into the first.
    crate::shop::edit(&bucket, HEAD, |manifest| {
        let own = manifest["push_id"].clone();
        manifest["push_ids"] = serde_json::json!([first, own]);
    });
    let missing = is_missing(roll_back(&bucket, To::Before));
    assert!(matches!(missing, Missing::EarlierHead { is_first: false, .. }), "{missing:?}");
}

/// The S3 version before the last need not be the state before the last push.
#[test]
fn what_another_tool_has_put_in_between_is_not_restored() {
    let bucket = Bucket::versioned();
    push_head(&bucket, &SHOP).run().succeeds();
    bucket.put_foreign(HEAD, &bucket.get(HEAD).text().replace("push_id", "other_id").into_bytes(), &[]);
    crate::shop::edit(&bucket, HEAD, |manifest| {
        let manifest = manifest.as_object_mut().unwrap();
        for (old, new) in [("other_id", "push_id"), ("other_ids", "push_ids")] {
            let value = manifest.remove(old).unwrap();
            manifest.insert(new.to_owned(), value);
        }
    });
    push_head(&bucket, &OTHER).run().succeeds();
    roll_back(&bucket, To::Before).unwrap();
    assert_pulls(&bucket, "head", &SHOP);
}

/// Whoever may put the head's manifest must not make a rollback read for ever.
#[test]
fn what_was_put_in_between_is_looked_through_a_hundred_deep() {
    for (put_in_between, is_found) in [(99, true), (100, false)] {
        let bucket = Bucket::in_memory(Versioning::Enabled);
        push_head(&bucket, &SHOP).run().succeeds();
        let mut manifest = head_manifest(&bucket);
        manifest["push_id"] = "of-nobody".into();
        (0..put_in_between).for_each(|_| crate::shop::put_document(&bucket, HEAD, &manifest));
        push_head(&bucket, &OTHER).run().succeeds();
        let proxy = Proxy::before(bucket.server());
        let done = roll_back_through(&proxy, &bucket, To::Before);
        let of_head = |seen: &Seen| seen.key == HEAD && seen.query.contains("versionId=");
        assert_eq!(proxy.requests().iter().filter(|seen| of_head(seen)).count(), 100, "{put_in_between}");
        if is_found {
            done.unwrap();
            assert_pulls(&bucket, "head", &SHOP);
        } else {
            let missing = is_missing(done);
            assert!(matches!(missing, Missing::EarlierHead { is_first: false, .. }), "{missing:?}");
        }
    }
}

#[test]
fn each_right_that_is_missing_is_named() {
    let bucket = Bucket::versioned();
    push_head(&bucket, &SHOP).run().succeeds();
    push_head(&bucket, &OTHER).run().succeeds();
    let before = State::from_bucket(&bucket);
    for (asked, action) in [
        ("versions", "s3:ListBucketVersions"),
        ("versionId=", "s3:GetObjectVersion"),
        ("service/.env", "s3:GetObjectVersion"),
    ] {
        let proxy = Proxy::before(bucket.server());
        proxy.on(get(asked).for_ever(), Fault::s3(403, "AccessDenied", "Access Denied"));
        let failed = roll_back_through(&proxy, &bucket, To::Before);
        let Err(Error::S3(failure)) = failed else { panic!("{failed:?}") };
        assert_eq!(failure.operation.action(), action);
    }
    assert_eq!(State::from_bucket(&bucket), before);
}

#[test]
fn a_body_that_is_not_what_the_manifest_says_is_not_restored() {
    let bucket = Bucket::unversioned();
    push(&bucket, "v1", &SHOP).run().succeeds();
    push_head(&bucket, &OTHER).run().succeeds();
    for text in ["TOKEN=third-token\n", "TOKEN=a-token-that-is-longer-than-it-was\n"] {
        bucket.put_foreign("shop/v1/service/.env", text.as_bytes(), &[]);
        let before = State::from_bucket(&bucket);
        let failed = roll_back(&bucket, To::V1 { exact: true });
        let Err(Error::Integrity(integrity)) = failed else { panic!("{failed:?}") };
        assert!(matches!(*integrity, Integrity::Mismatch { .. }), "{integrity:?}");
        assert_eq!(State::from_bucket(&bucket), before);
    }
}
