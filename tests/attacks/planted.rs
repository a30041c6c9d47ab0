//! What somebody puts who holds a pusher's token: over the files of a published version, and at the keys of one that is
//! yet to be pushed. What is published stays, and what a person is told to do gets past it.

use std::sync::Arc;

use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::harness::proxy::{Fault, get, request};
use crate::harness::{Action, Bucket, KmsKey, Proxy, Response, shows};
use crate::story::{ENV, MANIFEST, put_json};

const KEY: &str = "shop/v1/service/.env";
const CLAIM: &str = "shop/.cstore/claims/v1.json";
const OURS: &str = "TOKEN=first-value\n";
const THEIRS: &str = "TOKEN=of-the-attacker\n";

fn push(bucket: &Bucket) -> Action {
    Action::push(bucket).version("v1").files(&[ENV]).workspace_file(ENV, OURS)
}

fn overwrite(bucket: &Bucket) -> Action {
    push(bucket).input("overwrite", "true")
}

/// Pulls, both ways, and must get what was pushed.
fn assert_whole(bucket: &Bucket, case: &str) {
    for step in [Action::pull(bucket).version("v1"), Action::pull(bucket).version("v1").files(&[ENV])] {
        let run = step.run();
        assert_eq!(run.code, 0, "{case}; it printed\n{}", run.printed());
        assert_eq!((run.file(ENV).as_str(), run.output("config-integrity")), (OURS, "verified"), "{case}");
    }
}

fn hex(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// An object of the attacker's: what it is, its body, and its headers.
struct Planted {
    case: &'static str,
    body: Vec<u8>,
    headers: Vec<(&'static str, String)>,
}

impl Planted {
    fn put(&self, bucket: &Bucket, key: &str) {
        let headers: Vec<_> = self.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        bucket.put_foreign(key, &self.body, &headers);
    }
}

/// The metadata that a push of these bytes as this version has.
fn marks(push_id: &str, version: &str, sha256: &str) -> Vec<(&'static str, String)> {
    vec![
        ("x-amz-meta-cstore-push-id", push_id.to_owned()),
        ("x-amz-meta-cstore-version", version.to_owned()),
        ("x-amz-meta-cstore-sha256", sha256.to_owned()),
    ]
}

/// What a pusher can put over a file of the version `v1`, whose push this was.
fn planted(push_id: &str) -> Vec<Planted> {
    let plain = |case, body: &[u8], headers| Planted { case, body: body.to_vec(), headers };
    let theirs = THEIRS.as_bytes();
    let in_class = |class: &str, mut headers: Vec<(&'static str, String)>| {
        headers.push(("x-amz-storage-class", class.to_owned()));
        headers
    };
    vec![
        plain("another tool's", theirs, vec![]),
        plain("no byte", b"", vec![]),
        plain("a foreign push", theirs, marks("of-nobody", "v1", &hex(THEIRS))),
        plain("a file of the head", theirs, vec![("x-amz-meta-cstore-push-id", "of-nobody".to_owned())]),
        plain("a file of another version", theirs, marks("of-nobody", "v9", &hex(THEIRS))),
        plain("a false digest", theirs, marks("of-nobody", "v1", &hex("nothing of all this"))),
        plain("what claims to be the version's own", theirs, marks(push_id, "v1", &hex(OURS))),
        plain("17 MiB", &vec![b'x'; 17 * 1024 * 1024], marks(push_id, "v1", &hex(OURS))),
        plain("the right bytes in an archive", OURS.as_bytes(), in_class("GLACIER", marks(push_id, "v1", &hex(OURS)))),
        plain("other bytes in a deep archive", theirs, in_class("DEEP_ARCHIVE", vec![])),
    ]
}

fn push_id(bucket: &Bucket) -> String {
    bucket.get(MANIFEST).json()["push_id"].as_str().unwrap().to_owned()
}

#[test]
fn what_is_put_over_a_published_file_stops_no_pull_and_no_overwrite() {
    let shown = shows(
        "T20",
        "a pusher puts over a file of a published version: other bytes, false metadata, 17 MiB, into an archive",
        "the pinned bytes are delivered; an overwrite puts it right",
    );
    let bucket = Bucket::versioned();
    push(&bucket).run().succeeds();
    for planted in shown.each(planted(&push_id(&bucket))) {
        planted.put(&bucket, KEY);
        assert_whole(&bucket, planted.case);
        let run = push(&bucket).run();
        assert_eq!((run.code, run.output("config-changed")), (0, "false"), "{}: {}", planted.case, run.printed());
        planted.put(&bucket, KEY);
        overwrite(&bucket).run().succeeds();
        assert_eq!(bucket.get(KEY).text(), OURS, "{}", planted.case);
        assert_whole(&bucket, planted.case);
    }
    bucket.delete(KEY);
    assert_whole(&bucket, "a delete marker");
}

#[test]
fn what_is_planted_before_a_push_is_neither_taken_for_written_nor_blocks_the_version() {
    let shown = shows(
        "T20",
        "a pusher puts at the S3 key of a file that is yet to be pushed, in buckets with and without versioning",
        "code 4, naming the key and `overwrite: true`, which replaces it; never \"Pushed\"",
    );
    for bucket in [Bucket::versioned(), Bucket::suspended(), Bucket::unversioned()] {
        for planted in shown.each(planted("of-nobody")) {
            planted.put(&bucket, KEY);
            let run = push(&bucket).run();
            assert_eq!(run.code, 4, "{}; it printed\n{}", planted.case, run.printed());
            run.fails(4).says(KEY).says("overwrite: true");
            assert_eq!(bucket.find(MANIFEST).map(|manifest| manifest.text()), None, "{}", planted.case);
            overwrite(&bucket).run().succeeds();
            assert_whole(&bucket, planted.case);
            [KEY, MANIFEST, CLAIM].iter().for_each(|key| bucket.delete(key));
        }
    }
}

#[test]
fn a_claim_or_manifest_that_nobody_can_read_is_got_past_by_an_overwrite() {
    let shown = shows(
        "T20",
        "a pusher creates a claim or manifest that cannot be read, of 2 MiB, in an archive, or with a false digest",
        "code 5, naming it; an overwrite replaces it",
    );
    let archive = || vec![("x-amz-storage-class", "GLACIER".to_owned())];
    let false_digest = || vec![("x-amz-meta-cstore-sha256", hex("nothing of all this"))];
    for (case, body, headers) in [
        ("no JSON", b"{".to_vec(), vec![]),
        ("2 MiB", vec![b' '; 2 * 1024 * 1024], vec![]),
        ("in an archive", b"{}".to_vec(), archive()),
        ("a false digest", b"{}".to_vec(), false_digest()),
    ] {
        for key in shown.each([CLAIM, MANIFEST]) {
            let bucket = Bucket::versioned();
            let planted = Planted { case, body: body.clone(), headers: headers.clone() };
            planted.put(&bucket, key);
            let run = push(&bucket).run();
            assert_eq!(run.code, 5, "{case}; it printed\n{}", run.printed());
            run.fails(5).says(key).says("overwrite: true");
            overwrite(&bucket).run().succeeds();
            assert_whole(&bucket, case);
        }
    }
}

#[test]
fn a_push_again_goes_by_what_s3_says_of_a_file_and_not_by_its_metadata() {
    let _shown = shows(
        "T20",
        "without versioning, other bytes with the metadata of the published file, and the same push again",
        "code 5, naming `overwrite: true`, which restores it; never \"nothing has changed\"",
    );
    for bucket in [Bucket::unversioned(), Bucket::suspended()] {
        push(&bucket).run().succeeds();
        let forged = Planted { case: "", body: THEIRS.into(), headers: marks(&push_id(&bucket), "v1", &hex(OURS)) };
        forged.put(&bucket, KEY);
        Action::pull(&bucket).version("v1").run().fails(5).says(KEY);
        push(&bucket).run().fails(5).says(KEY).says("overwrite: true");
        overwrite(&bucket).run().succeeds();
        assert_whole(&bucket, "restored");
    }
}

#[test]
fn the_head_goes_by_what_s3_says_too() {
    let shown = shows(
        "T20",
        "a pusher puts over a file of the head, with the metadata of the head's own, of a version's, or in an archive",
        "the pinned bytes are delivered, and the next push of the head replaces it",
    );
    let head = |bucket: &Bucket| push(bucket).version("head").input("update-catalog", "true");
    let pulled = |bucket: &Bucket, case: &str| {
        let run = Action::pull(bucket).version("head").run();
        assert_eq!((run.code, run.output("TOKEN")), (0, "first-value"), "{case}; it printed\n{}", run.printed());
    };
    let bucket = Bucket::versioned();
    head(&bucket).run().succeeds();
    let key = "shop/service/.env";
    let marked = planted("of-nobody")
        .into_iter()
        .filter(|planted| planted.headers.iter().any(|(name, _)| name.contains("cstore")));
    for mut planted in shown.each(marked.collect::<Vec<_>>()) {
        for version in ["v1", "service"] {
            for (name, value) in &mut planted.headers {
                if name.ends_with("cstore-version") {
                    version.clone_into(value);
                }
            }
            planted.put(&bucket, key);
            pulled(&bucket, planted.case);
            let run = head(&bucket).run();
            assert_eq!((run.code, run.output("config-changed")), (0, "true"), "{}: {}", planted.case, run.printed());
            assert_eq!(bucket.get(key).text(), OURS, "{}", planted.case);
            pulled(&bucket, planted.case);
        }
    }
    // What carries nothing of this tool's is another tool's, as it always was.
    bucket.put(key, THEIRS, &[]);
    let run = Action::pull(&bucket).version("head").run().succeeds();
    assert_eq!((run.output("TOKEN"), run.output("config-integrity")), ("of-the-attacker", "unmanaged"));
}

#[test]
fn what_is_refused_of_the_current_object_alone_is_read_by_its_pin() {
    let shown = shows(
        "T20",
        "S3 refuses what lies at the key of a published file: 403, an archive, another KMS key, a key of the writer's own",
        "the pinned bytes are delivered; refused for both, code 3",
    );
    let bucket = Bucket::versioned();
    push(&bucket).run().succeeds();
    let kms = "User: arn:aws:sts::1:assumed-role/r is not authorized to perform: kms:Decrypt on this resource";
    for (status, code, words) in shown.each([
        (403, "AccessDenied", "Access Denied"),
        (403, "AccessDenied", kms),
        (403, "InvalidObjectState", "The operation is not valid for the object's storage class"),
        (400, "KMS.DisabledException", "The key is disabled."),
        (400, "InvalidRequest", "The object was stored using a form of Server Side Encryption."),
    ]) {
        let proxy = Proxy::start();
        proxy.on(get(KEY), Fault::s3(status, code, words));
        let run = Action::pull(&bucket).version("v1").through(&proxy).run();
        assert_eq!((run.code, run.output("TOKEN")), (0, "first-value"), "{code}; it printed\n{}", run.printed());
    }
    let proxy = Proxy::start();
    proxy.on(get(KEY).for_ever(), Fault::s3(403, "AccessDenied", "Access Denied"));
    Action::pull(&bucket).version("v1").through(&proxy).run().fails(3).says("s3:GetObject of");
}

/// Has S3 name a checksum of an object that has none.
fn checksum(name: &'static str, value: &'static str) -> Fault {
    Fault::Change(Arc::new(move |answer: &mut Response| {
        answer.headers.push((name.to_owned(), value.to_owned()));
    }))
}

#[test]
fn where_s3_has_no_sha256_of_the_whole_file_the_file_itself_is_hashed() {
    let shown = shows(
        "T20",
        "S3 has no SHA-256 of a published file, but none, a CRC, one of parts, or keeps it from who may not decrypt",
        "the file is got and hashed; what cannot be got is code 3, naming kms:Decrypt",
    );
    let composite = "2NLSsdIKGFqvFRF/4sqp+lvmhPoFHXSQ2Ctc1Ml4Ggo=-2";
    for (bytes, expected) in [(OURS, 0), (THEIRS, 5)] {
        let bucket = Bucket::unversioned();
        push(&bucket).run().succeeds();
        let forged = Planted { case: "", body: bytes.into(), headers: marks(&push_id(&bucket), "v1", &hex(OURS)) };
        forged.put(&bucket, KEY);
        for fault in shown.each([
            None,
            Some(checksum("x-amz-checksum-crc64nvme", "AAAAAAAAAAA=")),
            Some(checksum("x-amz-checksum-sha256", composite)),
            Some(Fault::s3(403, "AccessDenied", "Access Denied")),
        ]) {
            let proxy = Proxy::start();
            if let Some(fault) = fault {
                proxy.on(request("HEAD", KEY).for_ever(), fault);
            }
            let run = push(&bucket).through(&proxy).run();
            assert_eq!(run.code, expected, "it printed\n{}", run.printed());
            let got = proxy.requests().iter().filter(|seen| seen.method == "GET" && seen.key == KEY).count();
            assert!(got >= 1, "{:#?}", proxy.lines());
        }
        let proxy = Proxy::start();
        let kms = "User: arn:aws:sts::1:assumed-role/r is not authorized to perform: kms:Decrypt on this resource";
        proxy.on(request("HEAD", KEY).for_ever(), Fault::s3(403, "", ""));
        proxy.on(get(KEY).for_ever(), Fault::s3(403, "AccessDenied", kms));
        push(&bucket).through(&proxy).run().fails(3).says("kms:Decrypt").says(KEY);
    }
}

#[test]
fn an_overwrite_leaves_alone_what_the_heads_manifest_lists_and_nothing_else() {
    let shown = shows(
        "T20",
        "an overwrite finds objects that say they are the head's or another version's",
        "replaced, unless the head's manifest lists that very path: code 4; a `head.json` that cannot be read lists none",
    );
    let bucket = Bucket::versioned();
    let of_head = |path: &'static str| {
        let push = Action::push(&bucket).version("head").input("update-catalog", "true").files(&[path]);
        push.workspace_file(path, OURS).run().succeeds();
    };
    of_head("v1/service/.env");
    for planted in shown.each(planted("of-nobody")) {
        planted.put(&bucket, KEY);
        let run = overwrite(&bucket).run();
        assert_eq!(run.code, 4, "{}; it printed\n{}", planted.case, run.printed());
        run.fails(4).says(KEY).says("the head");
    }
    // A head that cannot be read says nothing.
    put_json(&bucket, "shop/.cstore/head.json", &json!({ "schema": 1 }));
    overwrite(&bucket).run().succeeds();
    assert_whole(&bucket, "a head that cannot be read");
}

#[test]
fn the_right_bytes_under_a_key_that_was_not_asked_for_are_not_taken_for_written() {
    let _shown = shows(
        "T20",
        "the right bytes with the metadata of the right KMS key are planted under another",
        "code 4, naming `overwrite: true`, which puts them under the key that was asked for",
    );
    let bucket = Bucket::versioned();
    let (asked, other) = (KmsKey::create(), KmsKey::create());
    let mut headers = marks("of-nobody", "v1", &hex(OURS));
    headers.push(("x-amz-meta-cstore-kms-key", asked.arn.clone()));
    headers.push(("x-amz-server-side-encryption", "aws:kms".to_owned()));
    headers.push(("x-amz-server-side-encryption-aws-kms-key-id", other.arn.clone()));
    Planted { case: "", body: OURS.into(), headers }.put(&bucket, KEY);
    push(&bucket).input("kms-key-id", &asked.arn).run().fails(4).says(KEY).says("overwrite: true");
    overwrite(&bucket).input("kms-key-id", &asked.arn).run().succeeds();
    assert_eq!(bucket.get(KEY).kms_key(), Some(asked.arn.as_str()));
}
