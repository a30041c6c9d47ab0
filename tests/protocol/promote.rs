//! Promotions to a head, and from one, while others push.

use crate::harness::proxy::{Fault, get, put};
use crate::harness::{Action, Bucket, Proxy, Server};
use crate::shop::{MORE, OTHER, SHOP, assert_pulls, digest, push_head};

const HEAD: &str = "shop/.cstore/head.json";

fn push_source(bucket: &Bucket, version: &str, files: &[(&str, &str)]) -> Action {
    let paths: Vec<_> = files.iter().map(|(path, _)| *path).collect();
    let step = Action::push(bucket).version(version).input("context", "source").files(&paths);
    files.iter().fold(step, |step, (path, contents)| step.workspace_file(path, contents))
}

fn promote(bucket: &Bucket, from: &str) -> Action {
    let step = Action::new(bucket).input("command", "promote").input("from", &format!("source@{from}"));
    // It is asked whose the credentials are that read.
    step.input("to", "shop@head").env("AWS_ENDPOINT_URL_STS", &Server::shared().endpoint())
}

/// Whether the bucket keeps what is replaced.
fn keeps_versions(bucket: &Bucket, key: &str) -> bool {
    bucket.get(key).version_id().is_some_and(|id| id != "null")
}

/// A head of `shop`, and a version of `source` with other contents of its files.
fn prepared(bucket: &Bucket) {
    push_head(bucket, &SHOP).run().succeeds();
    push_source(bucket, "v1.0.0", &OTHER).run().succeeds();
}

fn what_others_push_right_before_the_swap_is_not_replaced(bucket: &Bucket) {
    prepared(bucket);
    let own: [(&str, &str); 1] = [(SHOP[0].0, "TOKEN=pushed-meanwhile\n")];
    let (proxy, meanwhile) = (Proxy::before(bucket.server()), bucket.clone());
    let push = move || drop(push_head(&meanwhile, &own).run().succeeds());
    proxy.on(put(&format!("shop/{}", SHOP[0].0)), Fault::before(push));
    let run = promote(bucket, "v1.0.0").through(&proxy).run().fails(4);
    run.says("Head has changed").says("The destination, the head of shop");
    assert_pulls(bucket, "head", &[own[0], SHOP[1]]);
    promote(bucket, "v1.0.0").run().succeeds();
    assert_pulls(bucket, "head", &OTHER);
}

fn what_others_push_to_other_files_meanwhile_stays(bucket: &Bucket) {
    prepared(bucket);
    let (proxy, meanwhile) = (Proxy::before(bucket.server()), bucket.clone());
    proxy.on(put(HEAD), Fault::before(move || drop(push_head(&meanwhile, &MORE).run().succeeds())));
    promote(bucket, "v1.0.0").through(&proxy).run().succeeds();
    assert_pulls(bucket, "head", &[OTHER[0], OTHER[1], MORE[0]]);
}

fn what_another_tool_wrote_at_the_destination_is_replaced_only_by_an_overwrite(bucket: &Bucket) {
    prepared(bucket);
    bucket.put_foreign(&format!("shop/{}", SHOP[0].0), b"TOKEN=of-the-go-tool\n", &[]);
    let run = promote(bucket, "v1.0.0").run().fails(5);
    run.says("The destination, the head of shop").says("`overwrite: true`");
    assert_eq!(bucket.get(&format!("shop/{}", SHOP[0].0)).text(), "TOKEN=of-the-go-tool\n");
    promote(bucket, "v1.0.0").input("overwrite", "true").run().succeeds();
    assert_pulls(bucket, "head", &OTHER);
}

fn a_source_that_is_pushed_while_it_is_read_is_taken_whole(bucket: &Bucket) {
    push_source(bucket, "head", &SHOP).run().succeeds();
    let (proxy, meanwhile) = (Proxy::before(bucket.server()), bucket.clone());
    let push = move || drop(push_source(&meanwhile, "head", &OTHER).run().succeeds());
    proxy.on(get(&format!("source/{}", SHOP[0].0)), Fault::before(push));
    let run = promote(bucket, "head").through(&proxy).run().succeeds();
    let expected = if keeps_versions(bucket, HEAD) { &SHOP } else { &OTHER };
    assert_pulls(bucket, "head", expected);
    assert_eq!(run.output("config-digest"), format!("sha256:{}", digest(expected)));
}

fn a_source_that_is_pushed_while_it_is_read_is_still_what_was_expected(bucket: &Bucket) {
    push_source(bucket, "head", &SHOP).run().succeeds();
    let (proxy, meanwhile) = (Proxy::before(bucket.server()), bucket.clone());
    let push = move || drop(push_source(&meanwhile, "head", &OTHER).run().succeeds());
    proxy.on(get(&format!("source/{}", SHOP[0].0)), Fault::before(push));
    let expect = format!("sha256:{}", digest(&SHOP));
    let run = promote(bucket, "head").input("expect", &expect).through(&proxy).run();
    if keeps_versions(bucket, "source/.cstore/head.json") {
        run.succeeds();
        assert_pulls(bucket, "head", &SHOP);
    } else {
        run.fails(5).says("Digest differs");
        assert!(bucket.find(HEAD).is_none());
    }
}

in_each_bucket!(
    what_others_push_right_before_the_swap_is_not_replaced,
    what_others_push_to_other_files_meanwhile_stays,
    what_another_tool_wrote_at_the_destination_is_replaced_only_by_an_overwrite,
    a_source_that_is_pushed_while_it_is_read_is_taken_whole,
    a_source_that_is_pushed_while_it_is_read_is_still_what_was_expected,
);
