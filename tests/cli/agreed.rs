//! What somebody at a terminal agrees to is what they were shown, and nothing else.

use std::sync::Mutex;
use std::sync::mpsc;

use crate::harness::proxy::{Fault, get};
use crate::harness::{Bucket, Laptop, Proxy};
use crate::shared::{CATALOG, ENV, JSON, laptop, stored, text, two_laptops};

const SHOWN: &str = "TOKEN=mackerel\n";
const LATER: &str = "TOKEN=my-own-token\nLATE=added-meanwhile\n";

/// The text of a file of a version, as another machine pulls it.
fn of_version(bucket: &Bucket, version: &str) -> String {
    let other = laptop(bucket);
    other.cstore(["pull", "-v", version, ENV]).run().succeeds();
    text(&other, ENV)
}

#[test]
fn a_version_holds_what_was_shown_whatever_becomes_of_the_files_meanwhile() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    one.cstore(["push", "-v", "v1.0.0"]).run().succeeds();
    let elsewhere = CATALOG.replace("context: shop", "context: elsewhere").replace("type: env\n", "type: raw\n");
    for version in ["v1.1.0", "v1.2.0", "v1.3.0"] {
        one.plain_file("cstore.yml", CATALOG).file(ENV, SHOWN);
        let asked = one.cstore(["push", "-v", version]).on_a_terminal();
        let asked = asked.sees("Compared with v1.").sees(&format!("Publish {version} of shop")).sees("[y/N] ");
        match version {
            "v1.1.0" => _ = one.file(ENV, LATER),
            "v1.2.0" => one.workspace().remove(ENV),
            _ => _ = one.plain_file("cstore.yml", &elsewhere),
        }
        let ran = asked.types("y").ended().succeeds().says(&format!("Pushed {version} of shop in"));
        assert_eq!(of_version(&bucket, version), SHOWN, "{version}");
        if version != "v1.3.0" {
            ran.says(&format!("Changed here since this push has read them, and not pushed as they are now: {ENV}."));
        }
    }
}

#[test]
fn a_head_gets_what_was_compared_with_it_whatever_becomes_of_the_files_meanwhile() {
    for answer in ["overwrite", "merge"] {
        let bucket = Bucket::versioned();
        let [one, other] = two_laptops(&bucket);
        one.file(ENV, "# the shop\nTOKEN=swordfish\nGREETING=good-evening\nNEW=1\n").cstore(["push"]).run().succeeds();
        let own = "# the shop\nTOKEN=swordfish\nGREETING=good-night\n";
        let asked = other.file(ENV, own).cstore(["push"]).on_a_terminal().sees("stop [stop]: ");
        other.file(ENV, LATER);
        let ran = asked.types(answer).ended().succeeds();
        let wanted = if answer == "merge" { format!("{own}NEW=1\n") } else { own.to_owned() };
        assert_eq!(stored(&bucket, ENV), wanted);
        // Nothing of what was written meanwhile is lost.
        assert_eq!(text(&other, ENV), LATER);
        ran.says(if answer == "merge" { "but not into service/dev/.env" } else { "Changed here since" });
    }
}

#[test]
fn a_question_shows_what_it_is_about_where_nothing_else_is_printed() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    one.file(ENV, SHOWN);
    let version = one.cstore(["push", "-q", "-v", "v1.0.0"]).on_a_terminal();
    version.sees("+ service/dev/.env").sees("+ TOKEN").sees("Publish v1.0.0").types("y").ended().succeeds();
    let promoted = one.cstore(["promote", "v1.0.0", "--to", "live", "-q"]).on_a_terminal();
    promoted
        .sees("From v1.0.0 of shop")
        .sees("+ TOKEN")
        .sees("Promote to v1.0.0 of live")
        .types("y")
        .ended()
        .succeeds();
    one.cstore(["push", "-q"]).run().succeeds();
    let head = other.file(ENV, LATER).cstore(["push", "-q"]).on_a_terminal();
    head.sees("Others have changed the head").sees("~ TOKEN").sees("[stop]: ").types("").ended();
}

/// A machine whose requests of this kind wait until what was typed meanwhile is on the screen. What is asked then comes
/// after it.
fn typed_ahead(one: &Laptop, held: &str, words: &[&str], line: &str) -> crate::harness::Typist {
    let (proxy, (has_come, came), (go, goes)) = (Proxy::start(), mpsc::channel(), mpsc::channel::<()>());
    let goes = Mutex::new(goes);
    proxy.on(
        get(held),
        Fault::before(move || {
            has_come.send(()).unwrap();
            goes.lock().unwrap().recv().unwrap();
        }),
    );
    let laptop = one.clone().with_env("AWS_ENDPOINT_URL", &proxy.endpoint());
    let typed = laptop.cstore_with(words.iter().map(|word| (*word).to_owned())).on_a_terminal();
    came.recv().unwrap();
    let typed = typed.types(line).sees(line);
    go.send(()).unwrap();
    typed
}

#[test]
fn what_was_typed_before_a_question_was_shown_is_no_answer_to_it() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    one.file(ENV, SHOWN);
    let version = typed_ahead(&one, "versions/v1.0.0", &["push", "-v", "v1.0.0"], "yes");
    version.sees("Publish v1.0.0").sees("[y/N] ").types("n").ended().exits(1).says("Not published.");
    assert!(bucket.find("shop/.cstore/versions/v1.0.0.json").is_none());
    one.cstore(["push"]).run().succeeds();
    other.file(ENV, LATER);
    let head = typed_ahead(&other, "head.json", &["push"], "overwrite");
    head.sees("[stop]: ").types("").ended().fails(4);
    assert_eq!(stored(&bucket, ENV), SHOWN);
}

#[test]
fn a_version_that_cannot_be_compared_is_shown_as_it_is_to_be_stored() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    one.cstore(["push", "-v", "v1.0.0"]).run().succeeds();
    let proxy = Proxy::start();
    proxy.on(get("versions/v1.0.0.json").for_ever(), Fault::s3(403, "AccessDenied", "Access Denied"));
    let denied = one.clone().with_env("AWS_ENDPOINT_URL", &proxy.endpoint());
    let asked = denied.cstore(["push", "-v", "v1.1.0"]).on_a_terminal().sees("This version is not compared with");
    let asked = asked.sees("These files are stored:").sees("+ service/dev/.env").sees("+ TOKEN");
    asked.sees("Publish v1.1.0").types("n").ended().exits(1).says("Not published.");
    // A name that says nothing of what came before it.
    let named = one.cstore(["push", "-v", "spring"]).on_a_terminal().sees("+ service/dev/.env").sees("+ TOKEN");
    named.sees("Publish spring").types("n").ended().exits(1).says("Not published.");
}

#[test]
fn clean_keeps_what_the_bucket_no_longer_has_when_it_is_answered() {
    for bucket in [Bucket::versioned(), Bucket::unversioned()] {
        let [one, other] = two_laptops(&bucket);
        one.file(ENV, SHOWN);
        let asked = other.cstore(["clean"]).on_a_terminal().sees(ENV).sees(JSON).sees("[y/N] ");
        one.cstore(["push"]).run().succeeds();
        let ran = asked.types("y").ended().succeeds();
        ran.says(&format!("kept         {ENV}: since it was shown")).says(&format!("deleted      {JSON}"));
        assert_eq!(text(&other, ENV), "# the shop\nTOKEN=swordfish\nGREETING=good-morning\n");
        assert!(!other.workspace().path(JSON).exists());
        // Where a file is to be found in a version alone, another command would bring it back.
        one.cstore(["push", "-v", "v1.0.0"]).run().succeeds();
        other.cstore(["pull", "--force"]).run().succeeds();
        let asked = other.cstore(["clean", ENV]).on_a_terminal().sees("which `cstore pull` brings back").sees("[y/N] ");
        other.plain_file("cstore.yml", CATALOG.replace("context: shop", "context: elsewhere"));
        asked.types("y").ended().succeeds().says(&format!("kept         {ENV}: since it was shown"));
        assert_eq!(text(&other, ENV), SHOWN);
    }
}
