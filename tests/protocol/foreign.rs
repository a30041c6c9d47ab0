//! The Go cStore beside this tool: what it writes over, purges, or has always had in the bucket.

use crate::harness::{Bucket, Run, shows};
use crate::shop::{
    OTHER, SHOP, State, assert_pulls, catalog, digest, head_manifest, manifest_key, pull, push, push_head,
};

/// The head as it was pushed, then one file of it as the Go tool writes it.
fn head_that_the_go_tool_wrote_over(bucket: &Bucket) {
    push_head(bucket, &SHOP).run().succeeds();
    bucket.put("shop/service/.env", OTHER[0].1, &[]);
}

fn unmanaged(run: &Run) {
    assert_eq!(run.output("config-integrity"), "unmanaged");
    assert!(run.messages("warning").iter().any(|text| text.contains("service/.env")), "{}", run.printed());
}

fn a_head_file_that_the_go_tool_wrote_is_delivered_with_a_warning(bucket: &Bucket) {
    head_that_the_go_tool_wrote_over(bucket);
    let run = pull(bucket, "head").run().succeeds();
    unmanaged(&run);
    assert_eq!(run.output("TOKEN"), "other-token");
    assert_eq!(run.output("url"), "first-url");
    assert_eq!(run.output("config-digest"), format!("sha256:{}", digest(&[OTHER[0], SHOP[1]])));
    // What is not pulled needs no warning.
    let run = pull(bucket, "head").files(&["web/config.json"]).run().succeeds();
    assert_eq!(run.output("config-integrity"), "verified");
}

fn a_pin_accepts_nothing_that_the_go_tool_wrote(bucket: &Bucket) {
    head_that_the_go_tool_wrote_over(bucket);
    for pin in [digest(&SHOP), digest(&[OTHER[0], SHOP[1]])] {
        let run = pull(bucket, "head").input("digest", &format!("sha256:{pin}")).run().fails(5);
        run.says("shop/service/.env").says("another tool");
    }
}

fn the_next_push_records_it(bucket: &Bucket) {
    let _shown = shows(
        "F23",
        "a push of the head after another tool wrote over its file",
        "recorded; `config-integrity=verified` again",
    );
    head_that_the_go_tool_wrote_over(bucket);
    let run = push_head(bucket, &[OTHER[0], SHOP[1]]).run().succeeds();
    assert_eq!(run.output("config-changed"), "true");
    assert_pulls(bucket, "head", &[OTHER[0], SHOP[1]]);
}

fn a_push_of_what_the_manifest_says_replaces_it(bucket: &Bucket) {
    head_that_the_go_tool_wrote_over(bucket);
    let run = push_head(bucket, &SHOP).run().succeeds();
    assert_eq!(run.output("config-changed"), "true");
    assert_pulls(bucket, "head", &SHOP);
}

fn the_same_bytes_without_metadata_are_still_verified(bucket: &Bucket) {
    push_head(bucket, &SHOP).run().succeeds();
    bucket.put("shop/service/.env", SHOP[0].1, &[]);
    assert_pulls(bucket, "head", &SHOP);
}

fn what_the_go_tool_has_is_read_through_the_catalog(bucket: &Bucket) {
    for (prefix, version, files) in [("shop", "head", &SHOP), ("shop/v1", "v1", &OTHER)] {
        for (path, contents) in files {
            bucket.put(&format!("{prefix}/{path}"), contents, &[]);
        }
        let run = pull(bucket, version).repository_file("cstore.yml", catalog(files)).run().succeeds();
        assert_eq!(run.file("service/.env"), files[0].1, "{version}");
        assert_eq!(run.file("web/config.json"), files[1].1, "{version}");
        assert_eq!(run.output("config-integrity"), "unmanaged", "{version}");
        assert!(run.messages("notice").iter().any(|text| text.contains("Go cStore")), "{version}: {}", run.printed());
    }
}

fn all_files_of_that_layout_must_be_there(bucket: &Bucket) {
    bucket.put("shop/service/.env", SHOP[0].1, &[]);
    bucket.put("shop/v1/service/.env", SHOP[0].1, &[]);
    for (version, missing) in [("head", "the head of shop"), ("v1", "v1 of shop")] {
        let run = pull(bucket, version).repository_file("cstore.yml", catalog(&SHOP)).run().fails(6);
        run.says(&format!("not in {missing}: web/config.json."));
    }
}

fn the_first_push_takes_over_what_the_go_tool_has(bucket: &Bucket) {
    bucket.put("shop/service/.env", OTHER[0].1, &[]);
    push_head(bucket, &SHOP).run().succeeds();
    assert_pulls(bucket, "head", &SHOP);
    assert_eq!(head_manifest(bucket)["files"].as_array().unwrap().len(), 2);
}

in_each_bucket!(
    a_head_file_that_the_go_tool_wrote_is_delivered_with_a_warning,
    a_pin_accepts_nothing_that_the_go_tool_wrote,
    the_next_push_records_it,
    a_push_of_what_the_manifest_says_replaces_it,
    the_same_bytes_without_metadata_are_still_verified,
    what_the_go_tool_has_is_read_through_the_catalog,
    all_files_of_that_layout_must_be_there,
    the_first_push_takes_over_what_the_go_tool_has,
);

/// As the Go tool's purge does: it deletes each object by its key.
fn version_that_the_go_tool_purged(bucket: &Bucket) {
    push(bucket, "v1", &SHOP).run().succeeds();
    SHOP.iter().for_each(|(path, _)| bucket.delete(&format!("shop/v1/{path}")));
}

#[test]
fn with_pins_a_version_that_the_go_tool_purged_is_whole() {
    let _shown = shows("F28", "the Go cStore purged a pinned version", "delivered whole");
    let bucket = Bucket::versioned();
    version_that_the_go_tool_purged(&bucket);
    let before = State::from_bucket(&bucket);
    assert_pulls(&bucket, "v1", &SHOP);
    assert_eq!(State::from_bucket(&bucket), before);
}

#[test]
fn without_pins_a_version_that_the_go_tool_purged_is_named_with_what_is_missing() {
    let _shown =
        shows("F28", "the Go cStore purged a version without pins", "code 6, naming the manifest and what is missing");
    for bucket in [Bucket::unversioned(), Bucket::suspended()] {
        version_that_the_go_tool_purged(&bucket);
        let run = pull(&bucket, "v1").run().fails(6).says(&manifest_key("v1"));
        run.says("shop/v1/service/.env").says("shop/v1/web/config.json");
        push(&bucket, "v1", &SHOP).run().succeeds();
        assert_pulls(&bucket, "v1", &SHOP);
    }
}
