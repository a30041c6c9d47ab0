//! Which version a request picks among those published.

use crate::harness::{Bucket, shows};
use crate::shop::{OTHER, SHOP, manifest, pull, push, put_document};

/// Thirty versions, in no order.
const PUBLISHED: [&str; 30] = [
    "v1.2.3",
    "v1.10.0",
    "v1.9.9",
    "v1.0.0",
    "v0.9.0",
    "v2.0.0-rc.1",
    "v1.2.4-beta.1",
    "v1.2.10",
    "v2.0.0-rc.2",
    "1.4.0",
    "1.4.7",
    "v1.4.1",
    "v0.1.0",
    "v0.1.1",
    "v0.2.0",
    "v0.0.1",
    "v1.11.0-alpha",
    "v1.3.0",
    "v1.3.1",
    "v1.5.0",
    "v1.6.0",
    "v1.7.0",
    "v1.8.0",
    "release-7",
    "nightly",
    "v1",
    "2024-01-01",
    "v1.2",
    "v1.4.0-rc.1",
    "zebra",
];

#[test]
fn a_request_picks_the_highest_that_it_allows() {
    let bucket = Bucket::versioned();
    for version in PUBLISHED {
        let contents = format!("VERSION=this-is-{version}\n");
        push(&bucket, version, &[(".env", &contents)]).run().succeeds();
    }
    for (request, expected) in [
        ("latest", "v1.10.0"),
        ("^1.2", "v1.10.0"),
        ("~1.2.3", "v1.2.10"),
        ("~1.4.0", "1.4.7"),
        ("1.x", "v1.10.0"),
        ("1.2.*", "v1.2.10"),
        ("v1.4.*", "1.4.7"),
        ("*", "v1.10.0"),
        (">=1.0, <1.9", "v1.8.0"),
        (">=1.0,<1.4.0", "v1.3.1"),
        ("=1.3.0", "v1.3.0"),
        ("^0.1", "v0.1.1"),
        ("<0.1", "v0.0.1"),
        // Pre-releases are picked only when asked for.
        ("^2.0.0-rc.1", "v2.0.0-rc.2"),
        ("=2.0.0-rc.1", "v2.0.0-rc.1"),
        (">=1.2.4-beta.1, <1.2.5", "v1.2.4-beta.1"),
        // What is no requirement is an exact name.
        ("v1", "v1"),
        ("v1.2", "v1.2"),
        ("nightly", "nightly"),
        ("1.4.0", "1.4.0"),
    ] {
        let run = pull(&bucket, request).run();
        assert_eq!(run.code, 0, "{request}: {}", run.printed());
        assert_eq!(run.output("config-version"), expected, "{request}");
        assert_eq!(run.output("VERSION"), format!("this-is-{expected}"), "{request}");
    }
    for request in ["^3", "^2", ">2.0.0", "9.x"] {
        pull(&bucket, request).run().fails(6).says(request).says("v1.10.0");
    }
    for request in ["^2", "2.x"] {
        pull(&bucket, request).run().fails(6).says("A pre-release such as v2.0.0-rc.2 is taken only when");
    }
    for (request, meant) in [("Latest", "latest"), ("HEAD", "head")] {
        pull(&bucket, request).run().fails(6).says(&format!("Did you mean `{meant}`?"));
    }
    for missing in ["1.10.0", "v9.9.9"] {
        pull(&bucket, missing).run().fails(6).says(missing);
    }
}

#[test]
fn a_requirement_that_cannot_be_read_is_no_version() {
    let bucket = Bucket::versioned();
    for request in ["^one", ">=", "^1 || ^2", "1.x.y"] {
        pull(&bucket, request).run().fails(2).says("`version`");
    }
}

#[test]
fn a_listing_of_several_pages_is_read_whole() {
    let bucket = Bucket::unversioned();
    push(&bucket, "v1.0.0", &SHOP).run().succeeds();
    for patch in 0..1_050 {
        put_document(&bucket, &format!("shop/.cstore/versions/v0.0.{patch}.json"), &serde_json::json!({"schema": 1}));
    }
    let run = pull(&bucket, "latest").run().succeeds();
    assert_eq!(run.output("config-version"), "v1.0.0");
}

#[test]
fn what_is_claimed_but_not_published_is_not_picked() {
    let bucket = Bucket::versioned();
    push(&bucket, "v1.0.0", &SHOP).run().succeeds();
    crate::shop::put_claim(&bucket, "v1.1.0", &crate::shop::digest(&SHOP));
    crate::shop::put_file_of_push(&bucket, "v1.1.0", SHOP[0].0, SHOP[0].1);
    assert_eq!(pull(&bucket, "latest").run().succeeds().output("config-version"), "v1.0.0");
}

#[test]
fn other_contexts_have_versions_of_their_own() {
    let bucket = Bucket::versioned();
    push(&bucket, "v1.0.0", &SHOP).run().succeeds();
    push(&bucket, "v1.5.0", &SHOP).input("context", "shop2").run().succeeds();
    assert_eq!(pull(&bucket, "latest").run().succeeds().output("config-version"), "v1.0.0");
    let other = pull(&bucket, "latest").input("context", "shop2").run().succeeds();
    assert_eq!(other.output("config-version"), "v1.5.0");
    pull(&bucket, "latest").input("context", "sho").run().fails(6);
}

/// Puts a version's manifest as somebody could who may publish: without this tool, which would refuse the name.
fn publish_beside(bucket: &Bucket, version: &str, twin: &str) {
    let mut manifest = manifest(bucket, version);
    manifest["version"] = twin.into();
    put_document(bucket, &format!("shop/.cstore/versions/{twin}.json"), &manifest);
}

#[test]
fn no_name_takes_the_place_of_a_release_by_its_build_metadata() {
    let shown = shows(
        "T23",
        "a version of the same precedence as a release is published, such as `v1.2.3+z`",
        "code 4 for requirements, naming both; the exact name still gives the release",
    );
    for (release, twin) in [("v1.2.3", "v1.2.3+z"), ("v1.2.3", "1.2.3"), ("1.2.3", "v1.2.3+0")] {
        let bucket = Bucket::versioned();
        push(&bucket, release, &SHOP).run().succeeds();
        push(&bucket, "v1.2.2", &SHOP).run().succeeds();
        publish_beside(&bucket, release, twin);
        for request in ["=1.2.3", "~1.2.3", "^1.2", "latest", ">=1.0", "1.2.x"] {
            shown.case();
            let run = pull(&bucket, request).run().fails(4);
            run.says("Versions of one precedence").says(release).says(twin).says("`.cstore/versions/`");
        }
        assert_eq!(pull(&bucket, release).run().succeeds().output("TOKEN"), "first-token");
        // Where they are not the highest match, nobody has to choose.
        assert_eq!(pull(&bucket, "<1.2.3").run().succeeds().output("config-version"), "v1.2.2");
        push(&bucket, "v1.3.0", &SHOP).run().succeeds();
        assert_eq!(pull(&bucket, "^1.2").run().succeeds().output("config-version"), "v1.3.0");
    }
}

#[test]
fn a_push_takes_no_name_that_a_requirement_could_not_tell_from_a_published_one() {
    let shown = shows("T23", "a push of such a name by this tool", "code 4, naming both");
    for (published, twin) in shown.each([
        ("v1.2.3", "v1.2.3+z"),
        ("v1.2.3", "1.2.3"),
        ("1.2.3", "v1.2.3+0"),
        ("v1.2.3+1", "v1.2.3+2"),
        ("v1.2.3-rc.1", "1.2.3-rc.1"),
    ]) {
        let bucket = Bucket::versioned();
        push(&bucket, published, &SHOP).run().succeeds();
        for overwrite in ["false", "true"] {
            for dry_run in ["true", "false"] {
                let push = push(&bucket, twin, &OTHER).input("overwrite", overwrite).input("dry-run", dry_run);
                push.run().fails(4).says("Version exists under another name").says(published).says(twin);
            }
        }
        assert_eq!(bucket.keys().iter().filter(|key| key.contains("/versions/")).count(), 1);
        // The same again is no other name, and neither is a pre-release, a patch or a prefix.
        push(&bucket, published, &SHOP).run().succeeds();
        push(&bucket, "v1.2.30", &SHOP).run().succeeds();
        push(&bucket, "v1.2.3-alpha", &SHOP).run().succeeds();
    }
}

#[test]
fn what_has_a_twin_already_can_still_be_corrected() {
    let bucket = Bucket::versioned();
    push(&bucket, "v1.2.3", &SHOP).run().succeeds();
    publish_beside(&bucket, "v1.2.3", "v1.2.3+z");
    push(&bucket, "v1.2.3", &SHOP).run().succeeds();
    push(&bucket, "v1.2.3", &OTHER).input("overwrite", "true").run().succeeds();
    assert_eq!(pull(&bucket, "v1.2.3").run().succeeds().output("TOKEN"), "other-token");
}
