//! Ways in that were open once.

use serde_json::json;

use crate::harness::proxy::Seen;
use crate::harness::{Action, Bucket, Proxy, Versioning, shows};
use crate::story::{ENV, MANIFEST, pull, push, put_json};

#[test]
fn a_digest_pin_covers_files_that_no_manifest_names() {
    let bucket = Bucket::versioned();
    let catalog = format!("version: v4\ncontext: shop\nfiles:\n- path: {ENV}\n");
    let head = push(&bucket, "head", "first-value").repository_file("cstore.yml", &catalog).run().succeeds();
    bucket.put("shop/evil/.env", b"EVIL=planted-value\n", &[]);
    let wider = format!("{catalog}- path: evil/.env\n");
    let pull = pull(&bucket, "head").repository_file("cstore.yml", wider).input("digest", head.output("config-digest"));
    pull.run().fails(5).says("shop/evil/.env");
}

#[test]
fn a_head_that_would_outgrow_its_manifest_is_refused_before_a_file_is_touched() {
    let bucket = Bucket::unversioned();
    let catalog = "version: v4\ncontext: shop\nfiles: []\n";
    let step = push(&bucket, "head", "first-value").repository_file("cstore.yml", catalog);
    step.run().succeeds();
    let long = "x".repeat(200);
    let names: Vec<_> = (0..2_600).map(|n| format!("{long}/{long}/{n}.txt")).collect();
    let step = push(&bucket, "head", "other-value").repository_file("cstore.yml", catalog).input("files", "**/*");
    let step = names.iter().fold(step, |step, name| step.repository_file(name, ""));
    step.run().fails(2).says("1 MiB");
    let pulled = pull(&bucket, "head").run().succeeds();
    assert_eq!(pulled.output("TOKEN"), "first-value");
}

#[test]
fn overwrite_mends_a_manifest_that_cannot_be_read() {
    let bucket = Bucket::versioned();
    push(&bucket, "v1", "first-value").run().succeeds();
    bucket.put(MANIFEST, b"junk", &[]);
    pull(&bucket, "v1").run().fails(5).says("`overwrite: true`");
    push(&bucket, "v1", "first-value").run().fails(5);
    push(&bucket, "v1", "first-value").input("overwrite", "true").run().succeeds();
    assert_eq!(pull(&bucket, "v1").run().succeeds().output("TOKEN"), "first-value");
}

#[test]
fn a_head_that_cannot_be_read_names_the_object_and_who_can_mend_it() {
    let bucket = Bucket::versioned();
    bucket.put("shop/.cstore/head.json", b"junk", &[]);
    let run = push(&bucket, "head", "first-value").input("update-catalog", "true").run();
    run.fails(5).says("shop/.cstore/head.json").says("delete rights");
}

#[test]
fn damage_is_no_absence() {
    let bucket = Bucket::unversioned();
    push(&bucket, "v1", "first-value").run().succeeds();
    bucket.delete("shop/v1/service/.env");
    pull(&bucket, "v1").input("if-missing", "ignore").run().fails(6).says(MANIFEST);
}

#[test]
fn an_unfinished_push_is_no_absence() {
    let bucket = Bucket::unversioned();
    push(&bucket, "v1", "first-value").run().succeeds();
    bucket.delete(MANIFEST);
    pull(&bucket, "v1").files(&[ENV]).input("if-missing", "ignore").run().fails(6).says("has not finished");
}

#[test]
fn a_mask_may_name_a_key_by_what_it_is_published_as() {
    let bucket = Bucket::versioned();
    push(&bucket, "v1", "first-value").run().succeeds();
    let renamed = || pull(&bucket, "v1").input("keys", "TOKEN | API_TOKEN");
    let run = renamed().input("mask", "API_TOKEN").run().succeeds();
    assert!(run.masks.iter().any(|mask| mask == "first-value"));
    renamed().input("mask", "api_token").run().fails(2).says("which these files do not have");
}

#[test]
fn overwrite_keeps_what_was_recorded_and_nobody_asks_to_change() {
    let bucket = Bucket::versioned();
    let catalog = format!(
        "version: v4\ncontext: shop\nfiles:\n- path: {ENV}\n  alternatePath: other/.env\n  tags: [web]\n  store: aws-s3\n"
    );
    push(&bucket, "v1", "first-value").repository_file("cstore.yml", catalog).run().succeeds();
    let mut manifest = bucket.get(MANIFEST).json();
    manifest["later"] = json!({"n": 1});
    manifest["promoted_from"] = json!({"context": "shop-dev", "version": "v0"});
    put_json(&bucket, MANIFEST, &manifest);
    push(&bucket, "v1", "other-value").input("overwrite", "true").run().succeeds();
    let manifest = bucket.get(MANIFEST).json();
    assert_eq!(manifest["files"][0]["alternate_path"], "other/.env");
    assert_eq!(manifest["files"][0]["tags"], json!(["web"]));
    assert_eq!(manifest["later"], json!({"n": 1}));
    assert_eq!(manifest.get("promoted_from"), None, "it is no longer what it was copied from");
}

#[test]
fn a_catalog_alone_does_not_make_a_push_read_gits_own_files() {
    let _shown =
        shows("T7", "a pull request has a push read .git/config", "code 2, unless an input names that file itself");
    let bucket = Bucket::versioned();
    let catalog = "version: v4\ncontext: shop\nfiles:\n- path: .git/config\n  store: aws-s3\n";
    let step = || {
        let step = Action::push(&bucket).version("v1").repository_file("cstore.yml", catalog);
        step.workspace_file(".git/config", "[http]\nextraheader=checkout-token\n")
    };
    step().run().fails(2).says(".git/config");
    step().files(&[".git/*"]).run().fails(2).says(".git/config");
    assert!(bucket.keys().is_empty(), "{:?}", bucket.keys());
    step().files(&[".git/config"]).run().succeeds();
}

#[test]
fn a_purge_is_respected_while_the_manifest_still_stands() {
    let bucket = Bucket::unversioned();
    push(&bucket, "v1", "first-value").run().succeeds();
    let claim = "shop/.cstore/claims/v1.json";
    let mut purge = bucket.get(claim).json();
    purge["digest"] = json!("purge");
    put_json(&bucket, claim, &purge);
    bucket.delete("shop/v1/service/.env");
    push(&bucket, "v1", "first-value").run().fails(4).says("being purged");
    assert!(!bucket.keys().contains(&"shop/v1/service/.env".to_owned()));
}

#[test]
fn more_than_fits_in_memory_is_refused_by_what_the_manifest_says() {
    let bucket = Bucket::versioned();
    push(&bucket, "v1", "first-value").run().succeeds();
    let mut manifest = bucket.get(MANIFEST).json();
    manifest["files"][0]["size"] = json!(300u64 * 1024 * 1024);
    put_json(&bucket, MANIFEST, &manifest);
    pull(&bucket, "v1").run().fails(2).says("the most is 256");
}

#[test]
fn nothing_goes_over_http_to_another_machine_whoever_names_the_endpoint() {
    let _shown = shows("T8", "a profile names an endpoint over http on another machine", "code 2");
    let bucket = Bucket::versioned();
    // No loopback address, and yet nobody else's.
    let profile = "[default]\nendpoint_url = http://0.0.0.0:9\n";
    let step = pull(&bucket, "v1").repository_file("profile", profile).without_env("AWS_ENDPOINT_URL");
    let path = step.workspace().path("profile");
    let step = step.env("AWS_CONFIG_FILE", path.to_str().unwrap());
    step.run().fails(2).says("http://").says("allow-http");
}

#[test]
fn a_bucket_that_nobody_named_must_be_the_credentials_own() {
    let _shown = shows(
        "T9",
        "a stranger owns the bucket of the default name",
        "refused by S3: the own account is sent along with every request",
    );
    // Its name can be guessed, so a stranger may have taken it.
    let bucket = Bucket::create("cstore-guessable", Versioning::Enabled);
    let proxy = Proxy::start();
    let named = push(&bucket, "v1", "first-value").through(&proxy).input("context", "guessable");
    named.run().succeeds();
    let asks = || proxy.requests().iter().any(|seen| seen.header("x-amz-expected-bucket-owner").is_some());
    assert!(!asks(), "a bucket that is named may be anybody's");
    let step = || pull(&bucket, "v1").through(&proxy).input("context", "guessable").input("bucket", "");
    step().run().succeeds();
    let of_s3: Vec<_> = proxy.requests().into_iter().filter(|seen| seen.key.starts_with("guessable/")).collect();
    let asked = of_s3.iter().filter(|seen| seen.header("x-amz-expected-bucket-owner") == Some("123456789012"));
    assert_eq!(asked.count(), 2, "manifest and file, of the account that STS names: {of_s3:#?}");

    // A variable may be of other credentials, so what it says is not taken for the account.
    proxy.clear();
    step().env("AWS_ACCOUNT_ID", "210987654321").run().succeeds();
    let expected = |seen: &Seen| seen.header("x-amz-expected-bucket-owner").map(ToOwned::to_owned);
    let owners: Vec<_> = proxy.requests().iter().filter_map(expected).collect();
    assert_eq!(owners, ["123456789012", "123456789012"]);
}
