//! Purge, over the library: nothing of a version is left, and everything of others.

use cstore::name::VersionName;
use cstore::s3::ListedVersion;
use cstore::store::{Conflict, Error, Missing, PurgePlan, PurgeProgress, Purged};

use crate::harness::proxy::{Fault, Matching, get, request};
use crate::harness::{Bucket, Proxy};
use crate::library::{Place, info};
use crate::shop::{
    OTHER, SHOP, State, assert_pulls, catalog, digest, manifest_key, pull, push, push_head, put_claim, put_file_of_push,
};

/// In the folder of the version's name.
const OF_THE_HEAD: [(&str, &str); 1] = [("v1/of-the-head/.env", "TOKEN=token-of-head\n")];

const CLAIM: &str = "shop/.cstore/claims/v1.json";

/// What a purge of `v1` is to do.
#[derive(Clone, Copy)]
enum Do {
    Plan,
    Purge,
}

fn ask(place: &Place<'_>, what: Do) -> Result<(PurgePlan, Purged), Error> {
    place.run(async |store| {
        let version = VersionName::new("v1").unwrap();
        let info = info("00000000-0000-4000-8000-000000000009");
        Ok(match what {
            Do::Plan => (store.plan_purge(&version).await?, Purged::default()),
            Do::Purge => {
                let purged = store.purge(&version, false, &info, None, &PurgeProgress::default()).await?;
                (PurgePlan::default(), purged)
            }
        })
    })
}

fn plan(bucket: &Bucket) -> Result<PurgePlan, Error> {
    Ok(ask(&Place::of(bucket), Do::Plan)?.0)
}

fn purge(bucket: &Bucket) -> Result<Purged, Error> {
    Ok(ask(&Place::of(bucket), Do::Purge)?.1)
}

fn purge_through(proxy: &Proxy, bucket: &Bucket) -> Result<Purged, Error> {
    Ok(ask(&Place { endpoint: proxy.endpoint(), ..Place::of(bucket) }, Do::Purge)?.1)
}

/// A version that was overwritten once, and one beside it.
fn published(bucket: &Bucket) {
    push(bucket, "v1", &SHOP).run().succeeds();
    push(bucket, "v1", &OTHER).input("overwrite", "true").run().succeeds();
    push(bucket, "v2", &SHOP).run().succeeds();
}

fn objects(listed: &[ListedVersion]) -> Vec<String> {
    let objects = listed.iter().filter(|listed| listed.content.is_some());
    let mut objects: Vec<_> = objects.map(|listed| format!("{}?{}", listed.key, listed.version.as_str())).collect();
    objects.sort_unstable();
    objects
}

/// The objects and S3 versions below `shop/v1/`, and the documents of `v1`.
fn what_is_left(bucket: &Bucket) -> Vec<String> {
    let own = |key: &str| key.starts_with("shop/v1/") || key.contains("/.cstore/") && key.ends_with("/v1.json");
    let versions = bucket.versions().into_iter().filter(|version| own(&version.key));
    let mut left: Vec<_> = versions.map(|version| format!("{}?{}", version.key, version.version_id)).collect();
    left.sort_unstable();
    left
}

fn delete(key: &'static str) -> Matching {
    request("DELETE", key).for_ever()
}

fn denied() -> Fault {
    Fault::s3(403, "AccessDenied", "Access Denied")
}

fn nothing_of_the_version_is_left(bucket: &Bucket) {
    published(bucket);
    let before = what_is_left(bucket);
    let purged = purge(bucket).unwrap();
    assert!(purged.in_the_way.is_empty() && purged.staying.is_empty(), "{purged:?}");
    // Where versioning is suspended, the markers stay whose place is the next put's.
    let objects = |version: &&String| !version.ends_with("?null");
    assert_eq!(what_is_left(bucket).iter().filter(objects).count(), 0, "{:?}", what_is_left(bucket));
    assert!(bucket.keys().iter().all(|key| !key.contains("v1")), "{:?}", bucket.keys());
    assert!(before.len() > 3, "{before:?}");
    pull(bucket, "v1").run().fails(6);
    assert_pulls(bucket, "v2", &SHOP);
    push(bucket, "v1", &OTHER).run().succeeds();
    assert_pulls(bucket, "v1", &OTHER);
}

fn what_is_planned_is_what_goes(bucket: &Bucket) {
    published(bucket);
    let before = State::from_bucket(bucket);
    let planned = plan(bucket).unwrap();
    assert_eq!(State::from_bucket(bucket), before, "a plan writes nothing");
    let (going, removed) = (objects(&planned.going), objects(&purge(bucket).unwrap().removed));
    let but_for_claim =
        |all: Vec<String>| all.into_iter().filter(|object| !object.contains("/claims/")).collect::<Vec<_>>();
    assert_eq!(but_for_claim(going), but_for_claim(removed));
}

fn files_of_others_stay(bucket: &Bucket) {
    push(bucket, "v1", &SHOP).run().succeeds();
    push_head(bucket, &OF_THE_HEAD).run().succeeds();
    bucket.put("shop/v1/of-another-tool/.env", "FOREIGN=of-another-tool\n", &[]);
    let staying = ["shop/v1/of-another-tool/.env", "shop/v1/of-the-head/.env"];
    let keys = |listed: &[ListedVersion]| listed.iter().map(|listed| listed.key.to_string()).collect::<Vec<_>>();
    assert_eq!(keys(&plan(bucket).unwrap().staying), staying);
    assert_eq!(keys(&purge(bucket).unwrap().staying), staying);
    assert_pulls(bucket, "head", &OF_THE_HEAD);
    assert_eq!(bucket.get("shop/v1/of-another-tool/.env").text(), "FOREIGN=of-another-tool\n");
    assert_eq!(bucket.find("shop/v1/service/.env").map(|object| object.text()), None);
}

fn a_push_that_broke_off_goes(bucket: &Bucket) {
    put_claim(bucket, "v1", &digest(&SHOP));
    put_file_of_push(bucket, "v1", "service/.env", "TOKEN=of-a-dead-push\n");
    purge(bucket).unwrap();
    push(bucket, "v1", &OTHER).run().succeeds();
    assert_pulls(bucket, "v1", &OTHER);
}

fn what_is_not_there_is_not_found(bucket: &Bucket) {
    push(bucket, "v2", &SHOP).run().succeeds();
    let before = State::from_bucket(bucket);
    for failed in [plan(bucket).map(drop), purge(bucket).map(drop)] {
        let Err(Error::Missing(missing)) = failed else { panic!("{failed:?}") };
        assert!(matches!(*missing, Missing::Version { .. }), "{missing:?}");
    }
    assert_eq!(State::from_bucket(bucket), before);
}

fn one_that_broke_off_is_finished_by_another(bucket: &Bucket) {
    for key in ["versions/v1.json", "shop/v1/service/.env", "shop/v1/web/config.json", "claims/v1.json"] {
        published(bucket);
        let proxy = Proxy::before(bucket.server());
        proxy.on(delete(key), Fault::s3(404, "NoSuchBucket", "gone for a while"));
        assert!(matches!(purge_through(&proxy, bucket), Err(Error::S3(_))), "{key}");
        // Nobody gets a part of it, nor pushes.
        if key != "versions/v1.json" {
            pull(bucket, "v1").run().fails(6);
        }
        push(bucket, "v1", &OTHER).input("overwrite", "true").run().fails(4).says("being purged");
        proxy.clear();
        purge(bucket).unwrap();
        nothing_is_current(bucket);
    }
}

fn nothing_is_current(bucket: &Bucket) {
    assert!(bucket.keys().iter().all(|key| !key.contains("v1")), "{:?}", bucket.keys());
    pull(bucket, "v1").run().fails(6);
}

fn without_the_right_to_delete_nothing_changes(bucket: &Bucket) {
    published(bucket);
    let proxy = Proxy::before(bucket.server());
    proxy.on(delete("shop/"), denied());
    let Err(Error::S3(failure)) = purge_through(&proxy, bucket) else { panic!("it was denied") };
    assert_eq!(failure.operation.action(), "s3:DeleteObject");
    assert_eq!(bucket.get(CLAIM).json()["digest"], digest(&OTHER));
    assert_pulls(bucket, "v1", &OTHER);
    // The claim is what it was: a push of the same goes on as if nothing had been.
    let again = push(bucket, "v1", &OTHER).run().succeeds();
    assert_eq!(again.output("config-changed"), "false");
}

fn without_the_right_to_list_versions_nothing_is_asked_to_change(bucket: &Bucket) {
    published(bucket);
    let before = State::from_bucket(bucket);
    let proxy = Proxy::before(bucket.server());
    proxy.on(get("").for_ever(), denied());
    let Err(Error::S3(failure)) = purge_through(&proxy, bucket) else { panic!("it was denied") };
    assert_eq!(failure.operation.action(), "s3:ListBucketVersions");
    assert_eq!(State::from_bucket(bucket), before);
}

fn what_cannot_be_deleted_is_named_and_the_rest_goes(bucket: &Bucket) {
    published(bucket);
    let proxy = Proxy::before(bucket.server());
    proxy.on(delete("shop/v1/service/.env"), denied());
    let purged = purge_through(&proxy, bucket).unwrap();
    proxy.clear();
    assert!(!purged.in_the_way.is_empty());
    for way in &purged.in_the_way {
        assert_eq!(way.version.key.as_str(), "shop/v1/service/.env");
        assert!(way.failure.operation.action().starts_with("s3:DeleteObject"), "{way:?}");
    }
    assert_eq!(bucket.find("shop/v1/web/config.json").map(|object| object.text()), None);
    pull(bucket, "v1").run().fails(6);
    push(bucket, "v1", &OTHER).run().fails(4).says("being purged");
    assert!(purge(bucket).unwrap().in_the_way.is_empty());
    nothing_is_current(bucket);
}

in_each_bucket!(
    nothing_of_the_version_is_left,
    what_is_planned_is_what_goes,
    files_of_others_stay,
    a_push_that_broke_off_goes,
    what_is_not_there_is_not_found,
    one_that_broke_off_is_finished_by_another,
    without_the_right_to_delete_nothing_changes,
    without_the_right_to_list_versions_nothing_is_asked_to_change,
    what_cannot_be_deleted_is_named_and_the_rest_goes,
);

#[test]
fn what_was_pushed_before_versioning_was_switched_on_goes_too() {
    let bucket = Bucket::unversioned();
    push(&bucket, "v1", &SHOP).run().succeeds();
    bucket.set_versioning("Enabled");
    push(&bucket, "v1", &OTHER).input("overwrite", "true").run().succeeds();
    assert!(bucket.versions().iter().any(|version| version.version_id == "null"));
    purge(&bucket).unwrap();
    assert!(what_is_left(&bucket).is_empty(), "{:?}", what_is_left(&bucket));
}

/// Content that was replaced must not be current again, not even between two requests: what is current is hidden first,
/// then the S3 versions go, the oldest first, and the marker that hid them last.
#[test]
fn what_an_overwrite_has_replaced_is_not_published_again() {
    let bucket = Bucket::versioned();
    published(&bucket);
    let pushed = |key: &str| {
        let newest_first = bucket.versions().into_iter().filter(|listed| listed.key == key);
        let ids: Vec<_> = newest_first.map(|listed| listed.version_id).collect();
        ids.into_iter().rev().collect::<Vec<_>>()
    };
    let keys = ["shop/.cstore/versions/v1.json", "shop/v1/service/.env", "shop/v1/web/config.json"];
    let pushed = keys.map(pushed);
    let proxy = Proxy::before(bucket.server());
    purge_through(&proxy, &bucket).unwrap();
    for (key, pushed) in keys.into_iter().zip(pushed) {
        let deletes: Vec<_> =
            proxy.requests().into_iter().filter(|seen| seen.method == "DELETE" && seen.key == key).collect();
        assert!(deletes[0].query.is_empty() || !deletes[0].query.contains("versionId"), "{key}");
        assert!(deletes[0].header("if-match").is_some(), "{key}");
        let id = |query: &str| query.split('&').find_map(|field| field.strip_prefix("versionId=").map(str::to_owned));
        let ids: Vec<_> = deletes[1..].iter().map(|seen| id(&seen.query).unwrap()).collect();
        let [first, second, marker] = ids.as_slice() else { panic!("{key}: {ids:?}") };
        assert_eq!([first, second].map(Clone::clone), *pushed, "{key}");
        assert!(!pushed.contains(marker), "{key}");
    }
}

#[test]
fn what_object_lock_keeps_is_hidden_and_named_one_by_one() {
    let bucket = Bucket::locked();
    published(&bucket);
    let purged = purge(&bucket).unwrap();
    let kept: Vec<_> = purged.in_the_way.iter().map(|way| way.version.clone()).collect();
    // Two of each file and of the manifest.
    assert_eq!(objects(&kept).len(), 6, "{kept:?}");
    assert!(purged.in_the_way.iter().all(|way| way.failure.operation.action() == "s3:DeleteObjectVersion"));
    assert!(bucket.keys().iter().all(|key| !key.contains("v1") || key == CLAIM), "{:?}", bucket.keys());
    pull(&bucket, "v1").run().fails(6);
    push(&bucket, "v1", &OTHER).run().fails(4).says("being purged");
    // Another one, with nothing to hide by then, says the same.
    let again: Vec<_> = purge(&bucket).unwrap().in_the_way.into_iter().map(|way| way.version).collect();
    assert_eq!(objects(&again), objects(&kept));
    assert_pulls(&bucket, "v2", &SHOP);
}

#[test]
fn a_file_in_the_folder_of_a_context_below_stays() {
    let bucket = Bucket::versioned();
    push(&bucket, "v1", &SHOP).run().succeeds();
    let catalog = catalog(&OTHER).replace("context: shop", "context: shop/v1");
    push(&bucket, "v1", &OTHER).repository_file("cstore.yml", &catalog).run().succeeds();
    purge(&bucket).unwrap();
    let below = pull(&bucket, "v1").repository_file("cstore.yml", &catalog).run().succeeds();
    assert_eq!(below.file("service/.env"), OTHER[0].1);
    assert_eq!(bucket.find(&manifest_key("v1")).map(|manifest| manifest.text()), None);
}

#[test]
fn a_claim_that_another_purge_takes_over_ends_it() {
    let bucket: &'static Bucket = Box::leak(Box::new(Bucket::versioned()));
    published(bucket);
    let proxy = Proxy::before(bucket.server());
    let takes_over = move || put_claim(bucket, "v1", "purge");
    proxy.on(request("HEAD", ".cstore/claims/v1.json").times(1), Fault::before(takes_over));
    let Err(Error::Conflict(conflict)) = purge_through(&proxy, bucket) else { panic!("another claims it") };
    assert!(matches!(*conflict, Conflict::Purging { .. }), "{conflict:?}");
    assert_pulls(bucket, "v1", &OTHER);
}

#[test]
fn another_service_that_ignores_conditions_of_deletes_loses_no_file() {
    let bucket = Bucket::unversioned();
    published(&bucket);
    ask(&Place { is_other_service: true, ..Place::of(&bucket) }, Do::Purge).unwrap();
    nothing_is_current(&bucket);
    published(&bucket);
    let proxy = Proxy::before(bucket.server());
    proxy.on(request("DELETE", ".cstore/claims/v1.json").times(1), Fault::s3(204, "", ""));
    let place = Place { endpoint: proxy.endpoint(), is_other_service: true, ..Place::of(&bucket) };
    let failed = ask(&place, Do::Purge);
    assert!(matches!(failed, Err(Error::IgnoresConditions { .. })), "{failed:?}");
    assert!(proxy.requests().iter().filter(|seen| seen.method == "DELETE").count() == 1);
}
