//! Overwrite: the one way to replace. With pins it is atomic; without, a pull is whole or fails until it is run to its
//! end.

use crate::harness::proxy::{Fault, put};
use crate::harness::{Action, Bucket, Proxy, shows};
use crate::shop::{
    DEAD_PUSH, Files, OTHER, SHOP, State, assert_pulls, digest, manifest, pull, push, put_claim, put_file_of_push,
};

fn overwrite(bucket: &Bucket, files: &Files<'_>) -> Action {
    push(bucket, "v1", files).input("overwrite", "true")
}

/// What an overwrite leaves that died after the first file: the claim is the new content's, the manifest the old one's.
fn overwrite_that_died(bucket: &Bucket) {
    push(bucket, "v1", &SHOP).run().succeeds();
    put_claim(bucket, "v1", &digest(&OTHER));
    put_file_of_push(bucket, "v1", OTHER[0].0, OTHER[0].1);
}

fn it_replaces_claim_files_and_manifest(bucket: &Bucket) {
    push(bucket, "v1", &SHOP).run().succeeds();
    let old = manifest(bucket, "v1")["push_id"].clone();
    let run = overwrite(bucket, &OTHER).run().succeeds();
    assert_eq!(run.output("config-changed"), "true");
    assert_eq!(run.output("config-digest"), format!("sha256:{}", digest(&OTHER)));
    assert_eq!(bucket.get("shop/.cstore/claims/v1.json").json()["digest"], digest(&OTHER));
    assert_ne!(manifest(bucket, "v1")["push_id"], old);
    assert_pulls(bucket, "v1", &OTHER);
}

fn it_may_have_other_paths(bucket: &Bucket) {
    push(bucket, "v1", &SHOP).run().succeeds();
    let files = [SHOP[0], ("new/.env", "NEW=new-value\n")];
    overwrite(bucket, &files).run().succeeds();
    assert_pulls(bucket, "v1", &files);
}

fn it_publishes_what_is_not_published(bucket: &Bucket) {
    let run = overwrite(bucket, &SHOP).run().succeeds();
    assert_eq!(run.output("config-changed"), "true");
    assert_pulls(bucket, "v1", &SHOP);
}

fn it_never_takes_the_short_way(bucket: &Bucket) {
    push(bucket, "v1", &SHOP).run().succeeds();
    let run = overwrite(bucket, &SHOP).run().succeeds();
    assert_eq!(run.output("config-changed"), "false");
    let push_id = manifest(bucket, "v1")["push_id"].as_str().unwrap().to_owned();
    for key in ["shop/v1/service/.env", "shop/v1/web/config.json", "shop/.cstore/versions/v1.json"] {
        assert_eq!(bucket.get(key).metadata("cstore-push-id"), Some(push_id.as_str()), "{key}");
    }
    assert_pulls(bucket, "v1", &SHOP);
}

fn it_mends_one_that_died(bucket: &Bucket) {
    for files in [&OTHER, &SHOP] {
        overwrite(bucket, &SHOP).run().succeeds();
        overwrite_that_died_over(bucket);
        overwrite(bucket, files).run().succeeds();
        assert_pulls(bucket, "v1", files);
    }
}

fn overwrite_that_died_over(bucket: &Bucket) {
    put_claim(bucket, "v1", &digest(&OTHER));
    put_file_of_push(bucket, "v1", OTHER[0].0, OTHER[0].1);
}

fn one_that_died_is_not_finished_without_it(bucket: &Bucket) {
    overwrite_that_died(bucket);
    let before = State::from_bucket(bucket);
    push(bucket, "v1", &OTHER).run().fails(4).says("overwrite: true");
    assert_eq!(State::from_bucket(bucket), before);
}

in_each_bucket!(
    it_replaces_claim_files_and_manifest,
    it_may_have_other_paths,
    it_publishes_what_is_not_published,
    it_never_takes_the_short_way,
    it_mends_one_that_died,
    one_that_died_is_not_finished_without_it,
);

#[test]
fn with_pins_a_pull_gets_the_old_version_until_the_new_manifest_stands() {
    let _shown =
        shows("F24", "an overwrite in a bucket with versioning", "pulls get the old version until the new one stands");
    let bucket = Bucket::versioned();
    overwrite_that_died(&bucket);
    assert_eq!(bucket.get("shop/v1/service/.env").text(), OTHER[0].1);
    assert_pulls(&bucket, "v1", &SHOP);
}

fn without_pins_a_pull_fails_until_it_is_run_to_its_end(bucket: &Bucket) {
    overwrite_that_died(bucket);
    pull(bucket, "v1").run().fails(5).says("shop/v1/service/.env").says(DEAD_PUSH).says("`overwrite: true`");
    overwrite(bucket, &OTHER).run().succeeds();
    assert_pulls(bucket, "v1", &OTHER);
}

#[test]
fn without_versioning_a_pull_fails_until_it_is_run_to_its_end() {
    let _shown = shows("F24", "an overwrite in a bucket without versioning", "code 5 until it is run to its end");
    without_pins_a_pull_fails_until_it_is_run_to_its_end(&Bucket::unversioned());
}

#[test]
fn with_versioning_suspended_a_pull_fails_until_it_is_run_to_its_end() {
    let _shown =
        shows("F24", "an overwrite in a bucket whose versioning is suspended", "code 5 until it is run to its end");
    without_pins_a_pull_fails_until_it_is_run_to_its_end(&Bucket::suspended());
}

#[test]
fn older_pins_stay() {
    let bucket = Bucket::versioned();
    push(&bucket, "v1", &SHOP).run().succeeds();
    let old = manifest(&bucket, "v1");
    overwrite(&bucket, &OTHER).run().succeeds();
    for (index, (path, contents)) in SHOP.iter().enumerate() {
        let pin = old["files"][index]["version_id"].as_str().unwrap();
        assert_eq!(bucket.find_version(&format!("shop/v1/{path}"), pin).unwrap().text(), *contents);
    }
}

#[test]
fn a_manifest_that_changed_meanwhile_has_all_files_gone_through_again() {
    let (bucket, proxy) = (Bucket::versioned(), Proxy::start());
    push(&bucket, "v1", &SHOP).run().succeeds();
    let meanwhile = bucket.clone();
    // Another overwriter is faster, file by file and with the manifest.
    proxy.on(
        put(".cstore/versions/"),
        Fault::before(move || {
            let third = [("service/.env", "TOKEN=third-token\n"), ("web/config.json", "{\"url\":\"third-url\"}\n")];
            overwrite(&meanwhile, &third).run().succeeds();
        }),
    );
    overwrite(&bucket, &OTHER).through(&proxy).run().succeeds();
    assert_pulls(&bucket, "v1", &OTHER);
}

#[test]
fn every_put_over_something_names_the_state_that_it_replaces() {
    let (bucket, proxy) = (Bucket::versioned(), Proxy::start());
    push(&bucket, "v1", &SHOP).run().succeeds();
    overwrite(&bucket, &OTHER).through(&proxy).run().succeeds();
    let replaced: Vec<_> =
        proxy.requests().into_iter().filter(|seen| seen.method == "PUT" && seen.header("if-match").is_some()).collect();
    let mut keys: Vec<_> = replaced.iter().map(|seen| seen.key.as_str()).collect();
    keys.sort_unstable();
    assert_eq!(
        keys,
        [
            "shop/.cstore/claims/v1.json",
            "shop/.cstore/versions/v1.json",
            "shop/v1/service/.env",
            "shop/v1/web/config.json",
        ]
    );
}

#[test]
fn it_says_what_it_replaced_by_key() {
    let bucket = Bucket::versioned();
    push(&bucket, "v1", &SHOP).run().succeeds();
    let run = overwrite(&bucket, &OTHER).run().succeeds();
    assert!(run.summary.contains("TOKEN"), "{}", run.summary);
}

#[test]
fn what_restores_a_file_that_was_replaced_has_changed_something() {
    let bucket = Bucket::versioned();
    push(&bucket, "v1", &SHOP).run().succeeds();
    let again = || overwrite(&bucket, &SHOP).run().succeeds();
    assert_eq!(again().says("Nothing has changed").output("config-changed"), "false");
    bucket.put("shop/v1/service/.env", "TOKEN=planted\n", &[]);
    assert_eq!(again().says("Pushed v1").output("config-changed"), "true");
    bucket.delete("shop/v1/service/.env");
    assert_eq!(again().says("Pushed v1").output("config-changed"), "true");
}
