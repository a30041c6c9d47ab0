//! What `cstore push -v` says of a head that has what the version does not get.

use crate::harness::{Action, Bucket, Laptop, Proxy};
use crate::shared::{ENV, JSON, laptop, stored, text, two_laptops};

const WARNING: &str = "The head has changes that v1.0.0 does not get: service/dev/.env";

/// Of two machines, the second has not pulled what the first has set since.
fn one_is_behind(bucket: &Bucket) -> [Laptop; 2] {
    let [one, other] = two_laptops(bucket);
    one.file(ENV, "# the shop\nTOKEN=swordfish\nGREETING=good-morning\nNEW=of-ann\n").cstore(["push"]).run().succeeds();
    other.file(ENV, "# the shop\nTOKEN=swordfish\nGREETING=good-morning\nMINE=of-bob\n");
    [one, other]
}

#[test]
fn what_others_pushed_to_the_head_is_told_where_a_version_is_published_without_it() {
    let bucket = Bucket::versioned();
    let [_, other] = one_is_behind(&bucket);
    for dry in [true, false] {
        let flag = format!("--dry-run={dry}");
        let pushed = other.cstore(["push", "-v", "v1.0.0", &flag]).run().succeeds();
        let first = if dry { " first" } else { "" };
        pushed
            .says(&format!("warning: {WARNING} (NEW). It was last pushed at "))
            .says(&format!("To get them{first}, run: cstore pull"));
    }
    assert!(!bucket.get(&format!("shop/v1.0.0/{ENV}")).text().contains("NEW"));
    let of_channel = other.clone().with_env("CSTORE_CHANNEL", "prod");
    of_channel.cstore(["push", "-v", "v1.0.0"]).run().succeeds().says("run: cstore pull -v head\n");
    other.cstore(["pull"]).run().succeeds();
    other.cstore(["push", "-v", "v1.1.0"]).run().succeeds().does_not_say("The head has changes");
    assert!(bucket.get(&format!("shop/v1.1.0/{ENV}")).text().contains("NEW"));
}

#[test]
fn a_person_at_a_terminal_reads_it_before_the_question() {
    let bucket = Bucket::versioned();
    let [one, other] = one_is_behind(&bucket);
    one.file("new.env", "PORT=12345678\n").cstore(["push", "new.env"]).run().succeeds();
    let asked = other.cstore(["push", "-v", "v1.0.0", "--quiet"]).on_a_terminal();
    let ended =
        asked.sees("(NEW), new.env (not here)").sees("get them first").sees("Publish v1.0.0").types("n").ended();
    ended.exits(1).says("Not published.");
    assert!(bucket.find("shop/.cstore/versions/v1.0.0.json").is_none());
}

#[test]
fn keys_that_both_changed_and_files_without_keys_are_named_too() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    one.file("certs/ca.pem", "first-certificate").cstore(["push", "certs/ca.pem"]).run().succeeds();
    other.cstore(["pull"]).run().succeeds();
    other.file("certs/ca.pem", "third-certificate");
    one.file(ENV, "TOKEN=mackerel\nGREETING=good-evening\n").file("certs/ca.pem", "second-certificate");
    one.file(JSON, "{\"port\": 8080, \"host\": \"localhost\"}").cstore(["push"]).run().succeeds();
    other.file(ENV, "# the shop\nTOKEN=my-own-token\nGREETING=good-evening\n");
    let said = other.cstore(["push", "-v", "v1.0.0", ENV, JSON, "certs/ca.pem"]).run().succeeds();
    // What was changed alike here is nothing that is missing.
    said.says("service/dev/.env (TOKEN)")
        .says("certs/ca.pem (as a whole)")
        .says("service/dev/config.json (as a whole)");
}

#[test]
fn a_push_keeps_what_others_changed_outside_of_keys_or_says_that_it_does_not() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    let push = |laptop: &Laptop, content: &str| laptop.file(ENV, content).cstore(["push"]).run().succeeds();
    push(&one, "# rotate on Friday\nexport TOKEN=swordfish\nGREETING=good-morning\nNAME\n");
    push(&other, "# the shop\nTOKEN=mackerel\nGREETING=good-morning\n").does_not_say("comments");
    let merged = "# rotate on Friday\nexport TOKEN=mackerel\nGREETING=good-morning\nNAME\n";
    assert_eq!((stored(&bucket, ENV).as_str(), text(&other, ENV).as_str()), (merged, merged));
    // Both have changed the comment by now.
    let mine = "# mine\nexport TOKEN=swordfish\nGREETING=good-morning\nNAME\n";
    push(&other, &merged.replace("Friday", "Monday"));
    one.file(ENV, mine).cstore(["pull"]).run().succeeds().says("text outside of keys in these files").says(ENV);
    assert_eq!(text(&one, ENV), mine.replace("swordfish", "mackerel"));
    other.file(ENV, merged).cstore(["push"]).run().succeeds();
    push(&one, mine).says("text outside of keys in these files").says(ENV);
    assert!(stored(&bucket, ENV).starts_with("# mine\n"));
}

#[test]
fn without_versioning_the_file_alone_is_known() {
    let bucket = Bucket::unversioned();
    let [_, other] = one_is_behind(&bucket);
    let said = other.cstore(["push", "-v", "v1.0.0"]).run().succeeds();
    said.says(&format!("{WARNING} (as a whole)"));
}

#[test]
fn only_a_folder_that_saw_the_head_asks_for_it_and_the_action_never_does() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    let stranger = laptop(&bucket);
    stranger.file(ENV, stored(&bucket, ENV)).file(JSON, stored(&bucket, JSON));
    let asked = |laptop: &Laptop, version: &str| {
        let proxy = Proxy::start();
        let laptop = laptop.clone().with_env("AWS_ENDPOINT_URL", &proxy.endpoint());
        laptop.cstore(["push", "-v", version]).run().succeeds();
        let lines = proxy.lines();
        let of_head = ["head.json", "shop/service/dev/.env", "shop/service/dev/config.json"];
        lines.into_iter().filter(|line| of_head.iter().any(|end| line.ends_with(end))).collect::<Vec<_>>()
    };
    assert_eq!(asked(&stranger, "v1.0.0"), [""; 0]);
    // It says that nothing has changed.
    assert_eq!(asked(&one, "v1.1.0"), ["GET shop/.cstore/head.json"]);
    let proxy = Proxy::start();
    let push = Action::push(&bucket).version("v1.2.0").files(&[".env"]).workspace_file(".env", "A=first-value\n");
    push.through(&proxy).run().succeeds();
    assert!(!proxy.lines().iter().any(|line| line.ends_with("head.json")), "{:?}", proxy.lines());
}
