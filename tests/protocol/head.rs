//! Push of the head: a set of entries by path, merged and swapped.

use serde_json::json;

use crate::harness::proxy::{Fault, put};
use crate::harness::{Action, Bucket, Proxy};
use crate::shop::{
    MORE, OTHER, SHOP, State, assert_pulls, catalog_with, edit, entry, head_manifest, paths, push_head, sha256,
    with_files,
};

const HEAD: &str = "shop/.cstore/head.json";

fn the_head_is_its_files_and_a_manifest(bucket: &Bucket) {
    let run = push_head(bucket, &SHOP).run().succeeds();
    assert_eq!(run.output("config-version"), "head");
    assert_eq!(run.output("config-changed"), "true");
    assert_eq!(bucket.keys(), [HEAD, "shop/service/.env", "shop/web/config.json"]);
    let manifest = head_manifest(bucket);
    assert_eq!(manifest.get("version"), None);
    assert_eq!(manifest["push_ids"], json!([manifest["push_id"]]));
    for key in bucket.keys() {
        let object = bucket.get(&key);
        assert_eq!(object.metadata("cstore-push-id"), manifest["push_id"].as_str(), "{key}");
        assert_eq!(object.metadata("cstore-version"), None, "{key}");
        assert_eq!(object.metadata("cstore-sha256"), Some(sha256(object.body()).as_str()), "{key}");
    }
    assert_pulls(bucket, "head", &SHOP);
}

fn a_push_replaces_its_own_entries_and_keeps_the_rest(bucket: &Bucket) {
    push_head(bucket, &SHOP).run().succeeds();
    let before = head_manifest(bucket);
    push_head(bucket, &MORE).run().succeeds();
    push_head(bucket, &OTHER[..1]).run().succeeds();
    let after = head_manifest(bucket);
    assert_eq!(paths(&after), ["more/.env", "service/.env", "web/config.json"]);
    assert_eq!(entry(&after, "web/config.json"), entry(&before, "web/config.json"));
    assert_pulls(bucket, "head", &[MORE[0], OTHER[0], SHOP[1]]);
}

fn what_this_tool_does_not_know_is_kept(bucket: &Bucket) {
    push_head(bucket, &SHOP).run().succeeds();
    edit(bucket, HEAD, |manifest| {
        manifest["later"] = json!({"n": 1.5});
        manifest["files"][1]["new"] = json!([1, 2]);
    });
    push_head(bucket, &OTHER[..1]).run().succeeds();
    let after = head_manifest(bucket);
    assert_eq!(after["later"], json!({"n": 1.5}));
    assert_eq!(entry(&after, "web/config.json")["new"], json!([1, 2]));
    assert_pulls(bucket, "head", &[OTHER[0], SHOP[1]]);
}

fn the_last_256_pushes_are_remembered(bucket: &Bucket) {
    push_head(bucket, &SHOP).run().succeeds();
    edit(bucket, HEAD, |manifest| {
        manifest["push_ids"] = (0..256).map(|n| json!(format!("push-{n}"))).collect();
    });
    push_head(bucket, &OTHER).run().succeeds();
    let manifest = head_manifest(bucket);
    let push_ids = manifest["push_ids"].as_array().unwrap();
    assert_eq!(push_ids.len(), 256);
    assert_eq!(push_ids[0], "push-1");
    assert_eq!(push_ids[255], manifest["push_id"]);
}

fn the_same_again_changes_nothing(bucket: &Bucket) {
    push_head(bucket, &SHOP).run().succeeds();
    let before = State::from_bucket(bucket);
    let again = push_head(bucket, &SHOP).run().succeeds();
    assert_eq!(again.output("config-changed"), "false");
    push_head(bucket, &SHOP[1..]).run().succeeds();
    assert_eq!(State::from_bucket(bucket), before);
}

fn all_files_of_a_push_are_its_own_also_those_that_were_equal(bucket: &Bucket) {
    push_head(bucket, &SHOP).run().succeeds();
    push_head(bucket, &[SHOP[0], OTHER[1]]).run().succeeds();
    let manifest = head_manifest(bucket);
    for key in ["shop/service/.env", "shop/web/config.json"] {
        assert_eq!(bucket.get(key).metadata("cstore-push-id"), manifest["push_id"].as_str(), "{key}");
    }
    assert_pulls(bucket, "head", &[SHOP[0], OTHER[1]]);
}

fn a_missing_file_is_put_again(bucket: &Bucket) {
    push_head(bucket, &SHOP).run().succeeds();
    bucket.delete("shop/service/.env");
    let run = push_head(bucket, &SHOP).run().succeeds();
    assert_eq!(run.output("config-changed"), "true");
    assert_eq!(bucket.get("shop/service/.env").text(), SHOP[0].1);
    assert_pulls(bucket, "head", &SHOP);
}

fn a_push_that_meets_another_keeps_what_it_wrote(bucket: &Bucket) {
    push_head(bucket, &SHOP).run().succeeds();
    let proxy = Proxy::start();
    let meanwhile = bucket.clone();
    proxy.on(put(HEAD), Fault::before(move || drop(push_head(&meanwhile, &MORE).run().succeeds())));
    push_head(bucket, &OTHER).through(&proxy).run().succeeds();
    assert_eq!(head_manifest(bucket)["push_ids"].as_array().unwrap().len(), 3);
    assert_pulls(bucket, "head", &[MORE[0], OTHER[0], OTHER[1]]);
}

in_each_bucket!(
    the_head_is_its_files_and_a_manifest,
    a_push_replaces_its_own_entries_and_keeps_the_rest,
    what_this_tool_does_not_know_is_kept,
    the_last_256_pushes_are_remembered,
    the_same_again_changes_nothing,
    all_files_of_a_push_are_its_own_also_those_that_were_equal,
    a_missing_file_is_put_again,
    a_push_that_meets_another_keeps_what_it_wrote,
);

#[test]
fn with_pins_the_swap_of_the_manifest_moves_all_paths_at_once() {
    let (bucket, proxy) = (Bucket::versioned(), Proxy::start());
    push_head(&bucket, &SHOP).run().succeeds();
    let meanwhile = bucket.clone();
    proxy.on(put(HEAD), Fault::before(move || assert_pulls(&meanwhile, "head", &SHOP)));
    push_head(&bucket, &OTHER).through(&proxy).run().succeeds();
    assert_eq!(proxy.requests().iter().filter(|seen| seen.method == "PUT" && seen.key == HEAD).count(), 1);
    assert_pulls(&bucket, "head", &OTHER);
}

#[test]
fn with_pins_the_later_swap_owns_all_paths() {
    let (bucket, proxy) = (Bucket::versioned(), Proxy::start());
    push_head(&bucket, &SHOP).run().succeeds();
    let third = [("service/.env", "TOKEN=third-token\n"), ("web/config.json", "{\"url\":\"third-url\"}\n")];
    let meanwhile = bucket.clone();
    proxy.on(put(HEAD), Fault::before(move || drop(push_head(&meanwhile, &third).run().succeeds())));
    push_head(&bucket, &OTHER).through(&proxy).run().succeeds();
    assert_pulls(&bucket, "head", &OTHER);
}

#[test]
fn without_pins_what_another_push_took_over_is_left_to_it_and_said() {
    let (bucket, proxy) = (Bucket::unversioned(), Proxy::start());
    push_head(&bucket, &SHOP).run().succeeds();
    let meanwhile = bucket.clone();
    let third = [("service/.env", "TOKEN=third-token\n")];
    proxy.on(put(HEAD), Fault::before(move || drop(push_head(&meanwhile, &third).run().succeeds())));
    let run = push_head(&bucket, &OTHER).through(&proxy).run().succeeds();
    assert!(
        run.messages("warning")
            .iter()
            .any(|text| text.contains("Another push replaced") && text.contains("service/.env"))
    );
    assert_pulls(&bucket, "head", &[third[0], OTHER[1]]);
}

#[test]
fn a_push_says_once_that_versioning_is_off() {
    for (bucket, times) in [(Bucket::unversioned(), 1), (Bucket::suspended(), 1), (Bucket::versioned(), 0)] {
        let run = push_head(&bucket, &SHOP).run().succeeds();
        let said = run.messages("warning").iter().filter(|text| text.contains("does not keep versions")).count();
        assert_eq!(said, times, "{}", run.printed());
    }
}

#[test]
fn tags_and_alternate_path_stay_until_others_are_asked_for() {
    let bucket = Bucket::versioned();
    let with = |contents, fields: &str| {
        with_files(Action::push(&bucket), &[("a/.env", contents)])
            .repository_file("cstore.yml", catalog_with(&[("a/.env", fields)]))
    };
    with("A=value-1\n", "tags: [blue]\nalternatePath: b/.env").run().succeeds();
    with("A=value-2\n", "").run().succeeds();
    let kept = head_manifest(&bucket)["files"][0].clone();
    assert_eq!((&kept["tags"], &kept["alternate_path"]), (&json!(["blue"]), &json!("b/.env")));
    with("A=value-2\n", "tags: [red]").run().succeeds();
    assert_eq!(head_manifest(&bucket)["files"][0]["tags"], json!(["red"]));
}

#[test]
fn a_push_without_a_catalog_asks_for_one_or_for_what_it_would_say() {
    let bucket = Bucket::versioned();
    let push = || with_files(Action::push(&bucket), &SHOP).files(&[SHOP[0].0, SHOP[1].0]);
    push().run().fails(2).says("cstore.yml").says("update-catalog: true").says("Set `context`;");
    push().input("bucket", "").run().fails(2).says("Set `context` and `bucket`;");
    push().input("context", "shop").input("files", "").run().fails(2).says("Set `files`;");
    assert!(bucket.keys().is_empty());
    let push = push();
    push.input("update-catalog", "true").run().succeeds();
    assert_pulls(&bucket, "head", &SHOP);
}

#[test]
fn a_push_without_a_catalog_is_pulled_by_the_heads_manifest() {
    let bucket = Bucket::versioned();
    let push = |files: &[(&str, &str)]| {
        let paths: Vec<_> = files.iter().map(|(path, _)| *path).collect();
        with_files(Action::push(&bucket), files).input("context", "shop").files(&paths).run().succeeds()
    };
    push(&SHOP[..1]);
    push(&SHOP[1..]);
    // Neither catalog nor `files`.
    assert_pulls(&bucket, "head", &SHOP);
}

#[test]
fn a_head_that_is_damaged_is_not_written_over() {
    let bucket = Bucket::versioned();
    bucket.put(HEAD, "{", &[]);
    let before = State::from_bucket(&bucket);
    push_head(&bucket, &SHOP).run().fails(5).says(HEAD);
    assert_eq!(State::from_bucket(&bucket), before);
}
