//! Pushes of the head that know what they replace.

use cstore::config::MergeConflict;
use cstore::error::{Error, ExitCode};
use cstore::name::{Digest, VersionName};
use cstore::store::{Base, BaseEntry};

use crate::harness::proxy::{Fault, put};
use crate::harness::{Bucket, Proxy};
use crate::pusher::Pusher;
use crate::shop::{State, assert_pulls, catalog_with, entry, head_manifest, push_head, put_head_file_of_push};

const HEAD: &str = "shop/.cstore/head.json";
const PATH: &str = "service/.env";

/// The same file as it was first, as another changes one key of it, as this one changes another, and with both changes.
const FIRST: [(&str, &str); 1] = [(PATH, "TOKEN=first-token\nURL=first-url\n")];
const THEIRS: [(&str, &str); 1] = [(PATH, "TOKEN=first-token\nURL=their-url\n")];
const OURS: [(&str, &str); 1] = [(PATH, "TOKEN=our-own-token\nURL=first-url\n")];
const BOTH: [(&str, &str); 1] = [(PATH, "TOKEN=our-own-token\nURL=their-url\n")];

/// What came of a push that merged.
fn assert_merged(bucket: &Bucket, pushed: &cstore::command::Pushed) {
    assert_pulls(bucket, "head", &BOTH);
    let [merged] = &pushed.merged[..] else { panic!("{:?}", pushed.merged) };
    assert_eq!((merged.path.as_str(), &merged.from_others[..]), (PATH, &["URL".to_owned()][..]));
    assert_eq!(merged.content.expose(), BOTH[0].1);
    let manifest = head_manifest(bucket);
    let stored = merged.stored.as_ref().unwrap();
    assert_eq!(pushed.files[0].stored.as_ref(), Some(stored));
    assert_eq!(entry(&manifest, PATH)["sha256"], stored.sha256.to_string());
    assert_eq!(entry(&manifest, PATH)["version_id"].as_str(), stored.version_id.as_ref().map(|pin| pin.as_str()));
}

#[test]
fn a_change_is_merged_onto_what_others_have_pushed_since() {
    let bucket = Bucket::versioned();
    let proxy = Proxy::start();
    let pin = || entry(&head_manifest(&bucket), PATH)["version_id"].as_str().unwrap().to_owned();
    push_head(&bucket, &FIRST).run().succeeds();
    let pusher = Pusher::new(&bucket, &OURS).having_pulled(&bucket).through(&proxy);
    let base = pin();
    push_head(&bucket, &THEIRS).run().succeeds();
    let theirs = pin();
    assert_merged(&bucket, &pusher.push().unwrap());
    // What both changes were made from is read by its pin, and so is what others have pushed.
    let seen = proxy.requests();
    let is_read =
        |pin: &str| seen.iter().any(|seen| seen.method == "GET" && seen.query.contains(&format!("versionId={pin}")));
    assert!(is_read(&base) && is_read(&theirs), "{:#?}", proxy.lines());
}

#[test]
fn a_change_is_merged_onto_what_others_push_right_before_its_swap() {
    let (bucket, proxy) = (Bucket::versioned(), Proxy::start());
    push_head(&bucket, &FIRST).run().succeeds();
    let pusher = Pusher::new(&bucket, &OURS).having_pulled(&bucket).through(&proxy);
    let meanwhile = bucket.clone();
    proxy.on(put(HEAD), Fault::before(move || drop(push_head(&meanwhile, &THEIRS).run().succeeds())));
    assert_merged(&bucket, &pusher.push().unwrap());
}

#[test]
fn what_others_record_of_the_same_bytes_stays() {
    let (bucket, proxy) = (Bucket::versioned(), Proxy::start());
    push_head(&bucket, &FIRST).run().succeeds();
    let pusher = Pusher::new(&bucket, &OURS).having_pulled(&bucket).through(&proxy);
    let tagged = push_head(&bucket, &FIRST).repository_file("cstore.yml", catalog_with(&[(PATH, "tags: [blue]")]));
    proxy.on(put(HEAD), Fault::before(move || drop(tagged.run().succeeds())));
    assert!(pusher.push().unwrap().changed);
    assert_eq!(entry(&head_manifest(&bucket), PATH)["tags"], serde_json::json!(["blue"]));
    assert_pulls(&bucket, "head", &OURS);
}

/// Nothing has kept the bytes that both changes were made from.
#[test]
fn without_versions_there_is_nothing_to_merge_by() {
    let bucket = Bucket::unversioned();
    push_head(&bucket, &FIRST).run().succeeds();
    let pusher = Pusher::new(&bucket, &OURS).having_pulled(&bucket);
    push_head(&bucket, &THEIRS).run().succeeds();
    assert_eq!(pusher.push().unwrap_err().code(), ExitCode::Conflict);
    assert_pulls(&bucket, "head", &THEIRS);
}

fn a_key_that_both_have_changed_is_a_conflict_that_names_it(bucket: &Bucket) {
    push_head(bucket, &FIRST).run().succeeds();
    let pusher = Pusher::new(bucket, &[(PATH, "TOKEN=first-token\nURL=our-url\n")]).having_pulled(bucket);
    push_head(bucket, &THEIRS).run().succeeds();
    let before = State::from_bucket(bucket);
    let error = pusher.push().unwrap_err();
    assert_eq!(error.code(), ExitCode::Conflict);
    let Error::ChangedByOthers(changes) = &error else { panic!("{error:?}") };
    let [file] = &changes.files[..] else { panic!("{changes:?}") };
    assert_eq!(file.conflict, Some(MergeConflict::Keys(vec!["URL".to_owned()])));
    let last = changes.last.as_ref().unwrap();
    let manifest = head_manifest(bucket);
    assert_eq!((last.push_id.as_str(), last.created_at.as_str()), pushed_by(&manifest));
    assert_eq!(last.source.as_ref().unwrap().repository.as_deref(), Some("acme/shop"));
    let said = cstore::message::messages(&error, cstore::message::CommandLine::default())[0].what.clone();
    for part in ["service/.env (URL)", &last.created_at, "acme/shop"] {
        assert!(said.contains(part), "{said}");
    }
    assert_eq!(State::from_bucket(bucket), before);
}

fn pushed_by(manifest: &serde_json::Value) -> (&str, &str) {
    (manifest["push_id"].as_str().unwrap(), manifest["created_at"].as_str().unwrap())
}

fn a_file_that_was_never_seen_is_not_replaced(bucket: &Bucket) {
    push_head(bucket, &THEIRS).run().succeeds();
    assert_eq!(Pusher::new(bucket, &OURS).push().unwrap_err().code(), ExitCode::Conflict);
    assert_pulls(bucket, "head", &THEIRS);
}

fn a_file_of_a_version_is_pushed_to_a_head_that_has_none(bucket: &Bucket) {
    let version = VersionName::new("v1.0.0").ok();
    let base = BaseEntry { sha256: Digest::from_content(FIRST[0].1.as_bytes()), version_id: None, version };
    Pusher::new(bucket, &OURS).made_from(PATH, Base::Known(Some(base))).push().unwrap();
    assert_pulls(bucket, "head", &OURS);
}

fn the_same_bytes_are_no_conflict(bucket: &Bucket) {
    push_head(bucket, &FIRST).run().succeeds();
    let pusher = Pusher::new(bucket, &THEIRS).having_pulled(bucket);
    push_head(bucket, &THEIRS).run().succeeds();
    let pushed = pusher.push().unwrap();
    assert!(!pushed.changed && pushed.merged.is_empty());
    // Nor are those that it was made from, pushed anew under another pin.
    let pusher = Pusher::new(bucket, &BOTH).having_pulled(bucket);
    push_head(bucket, &FIRST).run().succeeds();
    push_head(bucket, &THEIRS).run().succeeds();
    assert!(pusher.push().unwrap().changed);
    assert_pulls(bucket, "head", &BOTH);
}

fn without_a_conflict_no_request_is_sent_besides(bucket: &Bucket) {
    push_head(bucket, &FIRST).run().succeeds();
    let requests = |text: &str, is_blind| {
        let proxy = Proxy::before(bucket.server());
        let pusher = Pusher::new(bucket, &[(PATH, text)]).having_pulled(bucket).through(&proxy);
        pusher.push_with(is_blind).unwrap();
        let mut requests: Vec<_> = proxy.requests().into_iter().map(|seen| (seen.method, seen.key)).collect();
        requests.sort_unstable();
        requests
    };
    assert_eq!(requests("TOKEN=second-token\n", false), requests("TOKEN=third-token\n", true));
    assert_eq!(requests("TOKEN=third-token\n", false), requests("TOKEN=third-token\n", true));
}

fn what_another_tool_wrote_ends_a_change_unless_it_was_made_from_it(bucket: &Bucket) {
    push_head(bucket, &FIRST).run().succeeds();
    let pusher = Pusher::new(bucket, &OURS).having_pulled(bucket);
    let of_go = "TOKEN=token-of-the-go-tool\n";
    bucket.put_foreign("shop/service/.env", of_go.as_bytes(), &[]);
    let before = State::from_bucket(bucket);
    assert_eq!(pusher.push().unwrap_err().code(), ExitCode::Integrity);
    assert_eq!(State::from_bucket(bucket), before);
    let pulled = BaseEntry { sha256: Digest::from_content(of_go.as_bytes()), version_id: None, version: None };
    pusher.made_from(PATH, Base::Known(Some(pulled))).push().unwrap();
    assert_pulls(bucket, "head", &OURS);
}

in_each_bucket!(
    a_key_that_both_have_changed_is_a_conflict_that_names_it,
    a_file_that_was_never_seen_is_not_replaced,
    a_file_of_a_version_is_pushed_to_a_head_that_has_none,
    the_same_bytes_are_no_conflict,
    without_a_conflict_no_request_is_sent_besides,
    what_another_tool_wrote_ends_a_change_unless_it_was_made_from_it,
);

#[test]
fn with_versions_a_change_is_pushed_over_what_a_broken_push_has_left() {
    let bucket = Bucket::versioned();
    push_head(&bucket, &FIRST).run().succeeds();
    put_head_file_of_push(&bucket, PATH, THEIRS[0].1);
    Pusher::new(&bucket, &OURS).having_pulled(&bucket).push().unwrap();
    assert_pulls(&bucket, "head", &OURS);
}

#[test]
fn without_versions_a_change_of_what_a_broken_push_has_left_finishes_it() {
    let bucket = Bucket::unversioned();
    push_head(&bucket, &FIRST).run().succeeds();
    put_head_file_of_push(&bucket, PATH, THEIRS[0].1);
    let before = State::from_bucket(&bucket);
    let pusher = Pusher::new(&bucket, &OURS).having_pulled(&bucket);
    assert_eq!(pusher.push().unwrap_err().code(), ExitCode::Integrity);
    assert_eq!(State::from_bucket(&bucket), before);
    let base = Base::AtKey(Digest::from_content(THEIRS[0].1.as_bytes()));
    Pusher::new(&bucket, &BOTH).made_from(PATH, base).push().unwrap();
    assert_pulls(&bucket, "head", &BOTH);
}
