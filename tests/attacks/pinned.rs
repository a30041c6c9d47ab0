//! What of a configuration a digest pins, when somebody writes its manifest anew.

use serde_json::{Value, json};

use crate::harness::{Action, Bucket, Run, shows};
use crate::story::{MANIFEST, put_json, refused};

/// A version of two files that disagree in a key, and its digest.
fn published() -> (Bucket, String) {
    let bucket = Bucket::versioned();
    let step = Action::push(&bucket).version("v1").files(&["a/dev/.env", "b/prod/.env"]);
    let step = step.workspace_file("a/dev/.env", "TOKEN=of-development\n");
    let run = step.workspace_file("b/prod/.env", "TOKEN=of-production\n").run().succeeds();
    let digest = run.output("config-digest").to_owned();
    (bucket, digest)
}

fn crafted(bucket: &Bucket, craft: impl Fn(&mut Value)) {
    let mut manifest = bucket.get(MANIFEST).json();
    craft(&mut manifest["files"]);
    put_json(bucket, MANIFEST, &manifest);
}

fn pull(bucket: &Bucket) -> Action {
    crate::story::pull(bucket, "v1").input("on-duplicate", "last")
}

fn notices(run: &Run, text: &str) -> usize {
    run.messages("notice").iter().filter(|notice| notice.contains(text)).count()
}

#[test]
fn a_digest_pins_neither_the_place_nor_the_reading_that_a_manifest_records() {
    let shown = shows(
        "T21",
        "the manifest of a version that a digest pins records another place or type for the same bytes",
        "restored and read as the file's name and the checkout's catalog say, with a notice",
    );
    let (bucket, digest) = published();
    crafted(&bucket, |files| {
        files[1]["alternate_path"] = json!("other/place.conf");
        files[1]["type"] = json!("other-word-1");
        files[0]["type"] = json!("toml");
    });
    // Without the pin the recorded type counts, and what is no TOML has no keys.
    pull(&bucket).run().succeeds().says("a/dev/.env is taken as it is, without keys");
    let run = pull(&bucket).input("digest", &digest).run().succeeds();
    assert_eq!(run.workspace.files(), ["a/dev/.env", "b/prod/.env"]);
    assert_eq!(run.output("TOKEN"), "of-production");
    assert_eq!((notices(&run, "other/place.conf"), notices(&run, "a/dev/.env")), (1, 1), "{:?}", run.annotations);
    shown.case();

    // The checkout's catalog is another matter.
    let catalog =
        "version: v4\ncontext: shop\nfiles:\n- path: b/prod/.env\n  alternatePath: here/prod.txt\n  type: json\n";
    let unread = pull(&bucket).input("digest", &digest).repository_file("cstore.yml", catalog);
    unread.run().succeeds().says("b/prod/.env is taken as it is, without keys");
    let catalog = catalog.replace("json", "env");
    let run = pull(&bucket).input("digest", &digest).repository_file("cstore.yml", catalog).run().succeeds();
    assert_eq!(run.workspace.files(), ["a/dev/.env", "cstore.yml", "here/prod.txt"]);
    shown.case();
}

#[test]
fn a_type_that_hides_the_keys_does_not_hide_them_from_a_pinned_pull() {
    let bucket = Bucket::versioned();
    let step = Action::push(&bucket).version("v1").files(&["app.conf"]);
    let catalog = "version: v4\ncontext: shop\nfiles:\n- path: app.conf\n  type: env\n";
    let step = step.repository_file("cstore.yml", catalog).workspace_file("app.conf", "TOKEN=swordfish\n");
    let digest = step.run().succeeds().output("config-digest").to_owned();
    let pull = || crate::story::pull(&bucket, "v1").input("digest", &digest);
    let run = pull().repository_file("cstore.yml", catalog).run().succeeds();
    assert_eq!(run.output("TOKEN"), "swordfish");
    // Nobody but the manifest calls it a dotenv file.
    let run = pull().run().succeeds();
    assert!(run.config_outputs().is_empty());
    assert_eq!(notices(&run, "app.conf"), 1, "{:?}", run.annotations);
}

#[test]
fn a_digest_pins_which_of_two_files_wins() {
    let shown =
        shows("T21", "the manifest of a pinned version lists its files in another order", "the order by path counts");
    let (bucket, digest) = published();
    crafted(&bucket, |files| files.as_array_mut().unwrap().reverse());
    let run = pull(&bucket).input("digest", &digest).run().succeeds();
    assert_eq!(run.output("TOKEN"), "of-production");
    shown.case();
}

#[test]
fn a_digest_of_all_files_is_none_of_those_that_recorded_tags_choose() {
    let shown = shows(
        "T21",
        "the manifest of a pinned version gives the tags of one file to another",
        "code 5: with `tags` the digest is that of the files that they choose",
    );
    let (bucket, digest) = published();
    let tagged = || pull(&bucket).input("tags", "prod");
    let of_these = tagged().run().succeeds().output("config-digest").to_owned();
    tagged().input("digest", &of_these).run().succeeds();
    crafted(&bucket, |files| {
        files[0]["tags"] = json!(["prod"]);
        files[1]["tags"] = json!(["dev"]);
    });
    for digest in [&digest, &of_these] {
        refused(&tagged().input("digest", digest), 5, "other tags").says("digest");
        shown.case();
    }
}
