//! What a purge cannot look at while it looks for copies: it is named, and stops nothing.

use crate::harness::proxy::{Fault, Response, request};
use crate::harness::{Bucket, Laptop, Proxy};
use crate::purge::{leaked, left};

/// The answers to a `GET` of an object that nobody gets, and what is said of it.
const ANSWERS: [(u16, &str, &str); 3] = [
    (403, "InvalidObjectState", "it lies in an archive"),
    (400, "KMS.DisabledException", "its KMS key cannot be used"),
    (400, "SomethingNew", "it cannot be read"),
];

#[test]
fn an_earlier_s3_version_of_the_head_that_cannot_be_read_stops_no_purge() {
    for (status, code, why) in ANSWERS {
        let bucket = Bucket::versioned();
        let laptop = leaked(&bucket);
        let proxy = Proxy::before(bucket.server());
        // The listing tells its size, which is that of the file that goes.
        proxy.on(request("GET", "shop/service/.env").for_ever(), Fault::s3(status, code, "No."));
        let typed = laptop.cstore(["purge", "v1.0.0", "-y"]).env("AWS_ENDPOINT_URL", &proxy.endpoint());
        let ran = typed.run().succeeds().says("Purged v1.0.0 of shop").says("Not looked at: S3 version ");
        ran.says(&format!(" of service/.env ({why})")).says("service/.env: v1.1.0, ");
        assert!(left(&bucket, "v1.0.0").iter().all(|key| key.starts_with("shop-prod/")), "{code}");
    }
}

#[test]
fn a_purge_of_a_value_goes_by_what_it_can_read() {
    let bucket = Bucket::versioned();
    let laptop = leaked(&bucket);
    // Another tool's, at the key of a file.
    bucket.put("shop/v1.2.0/urls.env", "x".repeat(17 << 20), &[]);
    let proxy = Proxy::before(bucket.server());
    // Two versions have these bytes: one place is enough.
    proxy.on(request("GET", "shop/v1.1.0/service/.env").for_ever(), Fault::s3(403, "InvalidObjectState", "No."));
    proxy.on(request("GET", "shop/v1.1.0/web.json").for_ever(), Fault::s3(400, "KMS.DisabledException", "No."));
    let typed = laptop.cstore(["purge", "v1.1.0", "--value-of", "DB_PASSWORD", "-y"]);
    typed.env("AWS_ENDPOINT_URL", &proxy.endpoint()).run().fails(5).says("InvalidObjectState");
    let typed = laptop.cstore(["purge", "v1.0.0", "--value-of", "DB_PASSWORD", "-y"]);
    let ran = typed.env("AWS_ENDPOINT_URL", &proxy.endpoint()).run().succeeds();
    ran.says(" of urls.env (it is larger than 16 MiB)")
        .says("web.json of v1.1.0 (its KMS key cannot be used)")
        .says("Purged v1.2.0 of shop")
        .says("Purged v1.1.0 of shop")
        .says("Purged v1.0.0 of shop");
}

#[test]
fn a_value_is_found_beside_a_file_that_cannot_be_read() {
    let bucket = Bucket::versioned();
    let laptop = leaked(&bucket);
    let proxy = Proxy::before(bucket.server());
    proxy.on(request("GET", "shop/v1.1.0/web.json").for_ever(), Fault::s3(403, "InvalidObjectState", "No."));
    let typed = laptop.cstore(["purge", "v1.1.0", "--value-of", "DB_PASSWORD", "-y"]);
    let ran = typed.env("AWS_ENDPOINT_URL", &proxy.endpoint()).run().succeeds();
    ran.says("web.json of v1.1.0 (it lies in an archive)").says("Purged v1.1.0 of shop").says("Purged v1.0.0 of shop");
}

#[test]
fn a_listing_that_is_too_long_stops_no_purge_of_a_value() {
    let bucket = Bucket::versioned();
    let laptop = leaked(&bucket);
    let proxy = Proxy::before(bucket.server());
    let page = |page: usize| {
        let entry = |n: usize| {
            format!(
                "<Version><Key>shop/v9/{page}-{n}</Key><VersionId>v{n}</VersionId><IsLatest>true</IsLatest>\
                 <LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>\"e\"</ETag><Size>1</Size></Version>"
            )
        };
        let entries: String = (0..25_001).map(entry).collect();
        let xml = format!(
            "<ListVersionsResult><IsTruncated>true</IsTruncated><NextKeyMarker>{page}</NextKeyMarker>{entries}\
             </ListVersionsResult>"
        );
        Fault::Answer(Response::new(200, xml))
    };
    // Of the four pages that are read, each begins where the last one ends.
    for nth in 1..=4 {
        proxy.on(request("GET", "?versions").nth(nth), page(nth));
    }
    let typed = laptop.cstore(["purge", "v1.0.0", "--value-of", "DB_PASSWORD", "-y"]);
    let ran = typed.env("AWS_ENDPOINT_URL", &proxy.endpoint()).run().succeeds();
    ran.says("earlier S3 versions of the files (there are more than 100000)").says("Purged v1.0.0 of shop");
}

#[test]
fn other_contexts_that_never_answer_stop_no_purge_of_a_value() {
    let bucket = Bucket::versioned();
    let laptop = leaked(&bucket);
    let proxy = Proxy::before(bucket.server());
    proxy.on(request("GET", "shop-prod/.cstore/versions/v1.0.0.json").for_ever(), Fault::Stall);
    let typed = laptop.cstore(["purge", "v1.0.0", "--value-of", "DB_PASSWORD", "-y"]);
    let typed = typed.env("AWS_ENDPOINT_URL", &proxy.endpoint()).env("CSTORE_TIMEOUT_SECONDS", "8");
    let ran = typed.run().succeeds().says("Not looked at: the rest of the bucket (that took too long).");
    ran.says("Purged v1.2.0 of shop").says("Purged v1.1.0 of shop").says("Purged v1.0.0 of shop");
    assert!(left(&bucket, "v1").iter().all(|key| key.starts_with("shop-prod/")));
}

#[test]
fn other_contexts_are_looked_through_at_once() {
    let bucket = Bucket::versioned();
    let laptop = leaked(&bucket);
    for destination in ["shop-a@v7.0.0", "shop-b@v7.0.0"] {
        laptop.cstore(["promote", "v2.0.0", "--to", destination, "-y"]).run().succeeds();
    }
    let proxy = Proxy::before(bucket.server());
    proxy.on(request("GET", "/.cstore/versions/v7.0.0.json").times(2), Fault::Together);
    let typed = laptop.cstore(["purge", "v1.0.0", "--value-of", "DB_PASSWORD", "--dry-run"]);
    // One after the other, the first would be sent again before the second is, but not within half of this.
    let typed = typed.env("AWS_ENDPOINT_URL", &proxy.endpoint()).env("CSTORE_TIMEOUT_SECONDS", "16");
    typed.run().succeeds().says("shop-prod@v1.0.0").does_not_say("Not looked at");
}

#[test]
fn a_value_is_found_however_a_file_writes_it_and_what_cannot_be_parsed_is_named() {
    let bucket = Bucket::versioned();
    let laptop = Laptop::new(&bucket);
    let holding = [
        ("several.yaml", "a: 1\n---\nb: \"fish\\\"\\u0026/sword\"\n"),
        ("list.json", "[\"fish\\\"\\u0026/sword\"]\n"),
        ("json.tpl", "{\"a\": \"fish\\\"&/sword\", {{ more }}"),
        ("go.tpl", "{\"a\": \"fish\\\"\\u0026/sword\", {{ more }}"),
        ("url.txt", "see https://shop:fish%22%26%2Fsword@db.example/\n"),
    ];
    let others =
        [("other.yaml", "a: 1\n---\nb: fish\n"), ("torn.yaml", "a: 1\n---\nb: [\n"), ("one.json", "\"fish\"\n")];
    for (path, text) in [(".env", "DB_PASSWORD='fish\"&/sword'\n")].iter().chain(&holding).chain(&others) {
        laptop.file(path, text);
    }
    let paths = holding.iter().chain(&others).map(|(path, _)| *path);
    let words = ["push", "-v", "v1.0.0", "-y", ".env"].into_iter().chain(paths);
    laptop.cstore_with(words.map(str::to_owned)).run().succeeds();
    let ran = laptop.cstore(["purge", "v1.0.0", "--value-of", "DB_PASSWORD", "--dry-run"]).run().succeeds();
    let ran = holding.iter().fold(ran, |ran, (path, _)| ran.says(&format!("- {path}: v1.0.0\n")));
    ran.says("Not looked at: torn.yaml of v1.0.0 (it cannot be parsed).")
        .does_not_say("other.yaml")
        .does_not_say("one.json");
}
