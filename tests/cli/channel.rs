//! Channels on the command line: moved, rolled back, told, and taken where a version stands.

use serde_json::json;

use crate::harness::proxy::{Fault, request};
use crate::harness::{Bucket, Laptop, Proxy, Ran};

const ENV: &str = "service/.env";
const PROD: &str = "shop/.cstore/channels/prod.json";
const OTHER: &str = "other/.cstore/channels/prod.json";

/// A machine of a shop that has published three versions.
fn laptop(bucket: &Bucket) -> Laptop {
    let laptop = Laptop::new(bucket).with_env("CSTORE_AUTHOR", "Mona");
    for (version, text) in
        [("v1.0.0", "TOKEN=swordfish\n"), ("v1.1.0", "TOKEN=anglerfish\n"), ("v1.2.0", "TOKEN=monkfish\n")]
    {
        laptop.file(ENV, text).cstore(["push", "-v", version, ENV]).run().succeeds();
    }
    laptop
}

fn moves<const N: usize>(laptop: &Laptop, words: [&str; N]) {
    laptop.cstore(words).run().succeeds();
}

fn stands_at(bucket: &Bucket) -> String {
    bucket.get(PROD).json()["version"].as_str().unwrap_or("nothing").to_owned()
}

#[test]
fn a_channel_is_moved_pulled_and_rolled_back() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    laptop.cstore(["export", "-v", ":prod"]).run().fails(6).says("There is no channel prod in shop.");
    let ran = laptop.cstore(["promote", "v1.0.0", "--to", ":prod", "--label", "image=sha256:aa"]).run().succeeds();
    ran.says("Moved :prod of shop in s3://").says(" to v1.0.0").prints("");
    laptop
        .cstore(["promote", "v1.0.0", "--to", ":prod", "--label", "image=sha256:aa"])
        .run()
        .succeeds()
        .says("points at v1.0.0 already");
    moves(&laptop, ["promote", "^1", "--to", ":prod", "-m", "Release of Tuesday"]);
    assert_eq!(stands_at(&bucket), "v1.2.0");
    for words in [["export", "-v", ":prod", "-g", "dotenv"], ["export", "--channel", "prod", "-g", "dotenv"]] {
        let ran = laptop.cstore(words).prints_values().run().succeeds();
        assert!(ran.stdout.contains("monkfish"), "{words:?}");
    }
    laptop.cstore(["get", "TOKEN", "-v", "shop:prod"]).prints_values().run().succeeds();
    laptop.cstore(["show", ":prod"]).run().succeeds();
    laptop.cstore(["verify", ":prod"]).run().succeeds();
    laptop.cstore(["diff", "v1.0.0", ":prod", "--name-only"]).run().succeeds();

    let history = laptop.cstore(["log", ":prod"]).run().succeeds();
    let lines: Vec<_> = history.stdout.lines().collect();
    assert_eq!(lines.len(), 2, "{}", history.stdout);
    assert!(
        lines[0].starts_with("v1.2.0") && lines[0].contains("Mona") && lines[0].contains("from v1.0.0"),
        "{}",
        lines[0]
    );
    assert!(lines[0].contains("Release of Tuesday") && lines[1].contains("image=sha256:aa"), "{}", history.stdout);

    laptop.cstore(["rollback", ":prod", "v1.0.0"]).run().succeeds().says("from v1.2.0 to v1.0.0");
    assert_eq!(bucket.get(PROD).json()["labels"], json!({"image": "sha256:aa"}));
    let listed = laptop.cstore(["list", "channels"]).run().succeeds();
    assert!(
        listed.stdout.starts_with("prod") && listed.stdout.contains("2 versions behind latest"),
        "{}",
        listed.stdout
    );
    let document = laptop.cstore(["list", "channels", "--json"]).run().succeeds().json();
    assert_eq!(document["channels"][0]["behind"], 2, "{document}");
    let document = laptop.cstore(["log", ":prod", "-n", "1", "--json"]).run().succeeds().json();
    assert_eq!(document["moves"].as_array().map(Vec::len), Some(1), "{document}");
}

#[test]
fn a_person_at_a_terminal_sees_where_it_moves_and_agrees() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    moves(&laptop, ["promote", "v1.0.0", "--to", ":prod"]);
    let asked = || {
        let typed = laptop.cstore(["promote", "v1.1.0", "--to", ":prod"]).on_a_terminal();
        typed.sees("Would move :prod of shop in s3://").sees("from v1.0.0 to v1.1.0").sees("[y/N] ")
    };
    asked().types("n").ended().exits(1).does_not_say("error:");
    assert_eq!(stands_at(&bucket), "v1.0.0");
    // Somebody else moves it meanwhile.
    let typed = asked();
    moves(&laptop, ["promote", "v1.2.0", "--to", ":prod"]);
    let moved = typed.types("y").ended().fails(4).says("Others have moved the channel prod meanwhile.");
    moved.says("It has pointed at v1.2.0").says("by Mona").says("cstore log :prod").does_not_say("is not at");
    let typed = laptop.cstore(["rollback", ":prod"]).on_a_terminal().sees("[y/N] ");
    moves(&laptop, ["promote", "v1.1.0", "--to", ":prod"]);
    typed.types("y").ended().fails(4).says("Others have moved the channel prod meanwhile.").does_not_say("is not at");
    moves(&laptop, ["promote", "v1.0.0", "--to", ":prod"]);
    asked().types("y").ended().succeeds().says("Moved :prod");
    assert_eq!(stands_at(&bucket), "v1.1.0");
    let typed = laptop.cstore(["rollback", ":prod"]).on_a_terminal().sees("from v1.1.0 to v1.0.0").sees("[y/N] ");
    typed.types("y").ended().succeeds();
    assert_eq!(stands_at(&bucket), "v1.0.0");
}

#[test]
fn labels_that_a_move_changes_are_shown() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    let promote = ["promote", "v1.2.0", "--to", ":prod"];
    let ran = laptop.cstore_with(
        promote.iter().chain(&["--label", "image=one", "--label", "commit=abc"]).copied().map(str::to_owned),
    );
    ran.run().succeeds().says("+ label image=one\n").says("+ label commit=abc\n");
    let planned = laptop.cstore(["promote", "v1.2.0", "--to", ":prod", "--label", "image=two", "--dry-run"]).run();
    planned
        .succeeds()
        .says("Would change the labels of :prod of shop in s3://")
        .says(", which stays at v1.2.0\n~ label image=two (was one)\n- label commit=abc\n");
    let typed = laptop.cstore(promote).on_a_terminal().sees("- label commit=abc").sees("- label image=one");
    typed.sees("Change them? [y/N] ").types("n").ended().exits(1);
    moves(&laptop, ["promote", "v1.1.0", "--to", ":prod", "--label", "image=one"]);
    let ran = laptop.cstore(["rollback", ":prod", "v1.2.0"]).run().succeeds();
    ran.says("Moved :prod of shop").says("from v1.1.0 to v1.2.0\n+ label commit=abc\n").does_not_say("image");
}

#[test]
fn a_channel_that_was_new_when_a_person_agreed_is_not_moved_from_where_others_have_it() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    let asked = || {
        let typed = laptop.cstore(["promote", "v1.0.0", "--to", ":prod"]).on_a_terminal();
        typed.sees("Would move :prod of shop in s3://").sees(" to v1.0.0").sees("[y/N] ")
    };
    let typed = asked();
    moves(&laptop, ["promote", "v1.2.0", "--to", ":prod"]);
    typed.types("y").ended().fails(4).says("It has pointed at v1.2.0");
    assert_eq!(stands_at(&bucket), "v1.2.0");
    // What was seen is gone back to, and agreed to.
    let typed = asked();
    bucket.delete(PROD);
    let gone = typed.types("y").ended().fails(4).says("Others have removed the channel prod meanwhile.");
    gone.says("that creates it").does_not_say("cstore log");
    asked().types("y").ended().succeeds();
    assert_eq!(stands_at(&bucket), "v1.0.0");
}

#[test]
fn a_push_that_moves_a_channel_asks_for_both_and_its_dry_run_says_both() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    moves(&laptop, ["promote", "v1.2.0", "--to", ":prod"]);
    laptop.file(ENV, "TOKEN=haddock\n");
    let push = ["push", "-v", "v1.3.0", "--to", ":prod", ENV];
    let before = bucket.versions();
    let planned = laptop.cstore(["push", "-v", "v1.3.0", "--to", ":prod", "--dry-run", "--json", ENV]).run().succeeds();
    let planned = planned.says("Would move :prod of shop in s3://").says("from v1.2.0 to v1.3.0").json();
    assert_eq!((&planned["channel"]["what"], &planned["channel"]["dry_run"]), (&json!("moved"), &json!(true)));
    assert_eq!(planned["channel"]["now"]["move"], json!(null));
    let planned = laptop.cstore(["promote", "v1.0.0", "--to", ":prod", "--dry-run", "--json"]).run().succeeds();
    assert_eq!(planned.does_not_say("Move ").json()["now"]["move"], json!(null));
    assert_eq!(bucket.versions(), before);
    let asked =
        || laptop.cstore(push).on_a_terminal().sees("Would move :prod of shop in s3://").sees("from v1.2.0 to v1.3.0");
    let question = ", and move :prod there? It cannot be changed afterwards. [y/N] ";
    asked().sees(question).types("n").ended().exits(1).does_not_say("error:");
    assert_eq!(bucket.versions(), before);
    // Somebody else moves it meanwhile: the version is published, and the channel is where they moved it.
    let typed = asked().sees(question);
    moves(&laptop, ["promote", "v1.1.0", "--to", ":prod"]);
    typed.types("y").ended().fails(4).says("Pushed v1.3.0").says("It has pointed at v1.1.0");
    moves(&laptop, ["promote", "v1.2.0", "--to", ":prod"]);
    asked().sees("Move it? [y/N] ").types("y").ended().succeeds().says("Moved :prod");
    assert_eq!(stands_at(&bucket), "v1.3.0");
    // Nothing is left to agree to.
    laptop.cstore(push).on_a_terminal().ended().succeeds();
}

#[test]
fn a_refused_move_of_a_push_leaves_the_version_published() {
    let bucket: &'static Bucket = Box::leak(Box::new(Bucket::versioned()));
    let machine = laptop(bucket);
    moves(&machine, ["promote", "v1.0.0", "--to", ":prod"]);
    let others = machine.clone();
    let move_it = move || moves(&others, ["promote", "v1.1.0", "--to", ":prod"]);
    let denied = Fault::s3(403, "AccessDenied", "Access Denied");
    for (version, code, fault) in [("v1.3.0", 3, denied), ("v1.4.0", 4, Fault::before(move_it))] {
        let proxy = Proxy::before(bucket.server());
        proxy.on(request("PUT", PROD), fault);
        let through = machine.clone().with_env("AWS_ENDPOINT_URL", &proxy.endpoint());
        let line = ["push", "-v", version, "--to", ":prod", "--json", ENV];
        let ran = through.file(ENV, "TOKEN=haddock\n").cstore(line).run().fails(code);
        let document = ran.says(&format!("Pushed {version}")).json();
        assert_eq!((&document["version"], document.get("channel")), (&json!(version), None));
        machine.cstore(["show", version]).run().succeeds();
    }
    assert_eq!(stands_at(bucket), "v1.1.0");
    // Moved, and not looked at again.
    let proxy = Proxy::before(bucket.server());
    let denied = Fault::s3(403, "AccessDenied", "Access Denied");
    proxy.on(request("GET", "shop/.cstore/versions/v1.5.0.json").nth(3), denied);
    let through = machine.clone().with_env("AWS_ENDPOINT_URL", &proxy.endpoint());
    let ran =
        through.file(ENV, "TOKEN=haddock\n").cstore(["push", "-v", "v1.5.0", "--to", ":prod", ENV]).run().fails(3);
    ran.says("was moved anyway").says("the same command again does not move it twice").does_not_say("promotion");
}

#[test]
fn a_channel_can_be_named_with_its_place() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    moves(&laptop, ["promote", "v1.0.0", "--to", ":prod"]);
    let place = format!("s3://{}/shop:prod", bucket.name());
    let elsewhere = laptop.with_env("CSTORE_CONTEXT", "elsewhere");
    for words in [["-v", "shop:prod"], ["-v", &place], ["--channel", "shop:prod"], ["--channel", &place]] {
        let ran = elsewhere.cstore(["export", "-g", "dotenv", words[0], words[1]]).prints_values().run().succeeds();
        assert!(ran.stdout.contains("swordfish"), "{words:?}: {}", ran.stdout);
        let out = elsewhere.cstore(["pull", words[0], words[1], "--to", "out", "--json"]).run().succeeds().json();
        assert_eq!(
            (&out["version"], &out["context"], &out["channel"]),
            (&json!("v1.0.0"), &json!("shop"), &json!("prod"))
        );
    }
}

#[test]
fn labels_that_are_none_are_refused() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    for label in ["image", "=x", &format!("image={}", "v".repeat(257)), &format!("{}=x", "n".repeat(64))] {
        laptop.cstore(["promote", "v1.0.0", "--to", ":prod", "--label", label]).run().fails(2).says("`--label`");
    }
    assert!(bucket.find(PROD).is_none());
}

#[test]
fn without_a_terminal_a_rollback_says_where_to_or_from_where() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    moves(&laptop, ["promote", "v1.0.0", "--to", ":prod"]);
    moves(&laptop, ["promote", "v1.1.0", "--to", ":prod"]);
    let undone = bucket.get(PROD).json()["push_id"].as_str().unwrap().to_owned();
    let nowhere = laptop.cstore(["rollback", ":prod"]).run().fails(2);
    nowhere.says("`VERSION` is not set").says("--expect-current").does_not_say("REF");
    let several = laptop.cstore(["rollback", ":prod", "^1"]).run().fails(2);
    several.says("`VERSION` does not name one version exactly").says("run: cstore log :prod").does_not_say("the head");
    laptop.cstore(["rollback", ":prod", "--expect-current", &undone]).run().succeeds();
    assert_eq!(stands_at(&bucket), "v1.0.0");
    // Run again, it goes back no further.
    laptop.cstore(["rollback", ":prod", "--expect-current", &undone]).run().fails(4);
    assert_eq!(stands_at(&bucket), "v1.0.0");
    laptop.cstore(["rollback", ":prod", "v9"]).run().fails(6).says("v9").says("It pointed at: v1.1.0");
}

#[test]
fn a_push_moves_a_channel_to_what_is_new_to_it() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    let release =
        |version: &str, text: &str| laptop.file(ENV, text).cstore(["push", "-v", version, "--to", ":prod", ENV]).run();
    release("v1.3.0", "TOKEN=haddock\n").succeeds().says("Pushed v1.3.0").says("Moved :prod");
    release("v1.4.0", "TOKEN=turbot\n").succeeds();
    // Last month's release job, run again.
    release("v1.3.0", "TOKEN=haddock\n").succeeds().says("still points at v1.4.0");
    assert_eq!(stands_at(&bucket), "v1.4.0");
    laptop.cstore(["push", "--to", ":prod", ENV]).run().fails(2);
    // Where it stands there already it keeps its labels.
    moves(&laptop, ["promote", "v1.4.0", "--to", ":prod", "--label", "image=sha256:aa"]);
    let before = bucket.get(PROD).json();
    release("v1.4.0", "TOKEN=turbot\n").succeeds().says("points at v1.4.0 already, and keeps its labels");
    // A version that it was rolled back from is not new, whatever has been put under its name.
    assert_eq!(bucket.get(PROD).json(), before);
    moves(&laptop, ["rollback", ":prod", "v1.3.0"]);
    laptop.file(ENV, "TOKEN=brill\n");
    let overwrite = ["push", "-v", "v1.4.0", "--overwrite", "-y", "--to", ":prod", ENV];
    laptop.cstore(overwrite).run().succeeds().says("still points at v1.3.0");
}

#[test]
fn what_is_typed_counts_and_the_variable_of_a_channel_does_not() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    moves(&laptop, ["promote", "v1.0.0", "--to", ":prod"]);
    let of_prod = laptop.clone().with_env("CSTORE_CHANNEL", "prod");
    fn exported<const N: usize>(laptop: &Laptop, words: [&str; N]) -> Ran {
        laptop.cstore(words).prints_values().run().succeeds()
    }
    assert!(exported(&of_prod, ["export", "-g", "dotenv"]).stdout.contains("swordfish"));
    let typed = exported(&of_prod, ["export", "-g", "dotenv", "-v", "v1.1.0"])
        .says("The variable CSTORE_CHANNEL is ignored, since --ver is typed.");
    assert!(typed.stdout.contains("anglerfish"));
    let of_version = laptop.clone().with_env("CSTORE_VERSION", "v1.1.0");
    let typed = exported(&of_version, ["export", "-g", "dotenv", "--channel", "prod"])
        .says("The variable CSTORE_VERSION is ignored");
    assert!(typed.stdout.contains("swordfish"));
    laptop.cstore(["export", "--channel", "prod", "-v", "v1.1.0"]).run().fails(2);
    let both = of_prod.with_env("CSTORE_VERSION", "v1.1.0");
    both.cstore(["export"]).run().fails(2).says("`CSTORE_CHANNEL` cannot be set together with `CSTORE_VERSION`.");
}

#[test]
fn the_catalogs_channel_is_looked_at_where_nothing_else_is_said() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    moves(&laptop, ["promote", "v1.0.0", "--to", ":prod"]);
    moves(&laptop, ["promote", "v1.1.0", "--to", ":staging"]);
    moves(&laptop, ["push", ENV]);
    laptop.plain_file("cstore.yml", format!("version: v4\ncontext: shop\nchannel: prod\nfiles:\n- path: {ENV}\n"));
    let prints = |laptop: &Laptop, words: &[&str], value: &str| {
        let ran = laptop.cstore_with(words.iter().map(|word| (*word).to_owned())).prints_values().run().succeeds();
        assert!(ran.stdout.contains(value), "{words:?}: {}", ran.stdout);
    };
    prints(&laptop, &["export", "-g", "dotenv"], "swordfish");
    prints(&laptop, &["get", "TOKEN"], "swordfish");
    prints(&laptop, &["exec", "--", "sh", "-c", "echo $TOKEN"], "swordfish");
    let pulled = laptop.cstore(["pull", "--to", "elsewhere", "--json"]).run().succeeds().json();
    assert_eq!((&pulled["version"], &pulled["channel"]), (&json!("v1.0.0"), &json!("prod")));
    assert_eq!(laptop.cstore(["diff", "--json"]).run().succeeds().json()["from"]["version"], "v1.0.0");
    // A flag, a variable and a version that is typed count instead.
    prints(&laptop, &["export", "-g", "dotenv", "--channel", "staging"], "anglerfish");
    prints(&laptop.clone().with_env("CSTORE_CHANNEL", "staging"), &["export", "-g", "dotenv"], "anglerfish");
    prints(&laptop.clone().with_env("CSTORE_VERSION", "v1.1.0"), &["export", "-g", "dotenv"], "anglerfish");
    prints(&laptop, &["export", "-g", "dotenv", "-v", "v1.2.0"], "monkfish");
    prints(&laptop, &["export", "-g", "dotenv", "-v", "head"], "monkfish");
    // It is of no other command, and a push keeps it.
    laptop.cstore(["verify"]).run().succeeds().says("head");
    laptop.file(ENV, "TOKEN=haddock\n").cstore(["push"]).run().succeeds();
    let catalog = String::from_utf8(laptop.workspace().read("cstore.yml")).unwrap();
    assert!(catalog.contains("\nchannel: prod\n"), "{catalog}");
}

#[test]
fn a_diff_compares_with_the_channels_version_unless_another_is_named() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    moves(&laptop, ["promote", "v1.2.0", "--to", ":prod"]);
    fn diff<const N: usize>(laptop: &Laptop, words: [&str; N]) -> i32 {
        laptop.cstore(words).run().code
    }
    // What lies here is v1.2.0, and nothing was ever pushed to the head.
    assert_eq!(diff(&laptop, ["diff", "--exit-code", "--channel", "prod"]), 0);
    let of_prod = laptop.clone().with_env("CSTORE_CHANNEL", "prod");
    assert_eq!(diff(&of_prod, ["diff", "--exit-code"]), 0);
    moves(&laptop, ["promote", "v1.1.0", "--to", ":prod"]);
    assert_ne!(diff(&of_prod, ["diff", "--exit-code"]), 0);
    assert_eq!(diff(&of_prod, ["diff", "--exit-code", "v1.2.0"]), 0);
    laptop.cstore(["diff", "v1.2.0", "--channel", "prod"]).run().fails(2);
}

#[test]
fn a_pull_and_the_status_after_it_say_which_channel() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    laptop.plain_file("cstore.yml", "version: v4\ncontext: shop\n");
    for channel in [":prod", ":staging"] {
        moves(&laptop, ["promote", "v1.2.0", "--to", channel]);
    }
    moves(&laptop, ["promote", "v1.1.0", "--to", ":dev"]);
    let pulled = laptop.cstore(["pull", "-v", ":prod", "--json"]).run().succeeds().json();
    let id = bucket.get(PROD).json()["push_id"].clone();
    assert_eq!((&pulled["version"], &pulled["channel"], &pulled["move"]), (&json!("v1.2.0"), &json!("prod"), &id));
    let pulled = laptop.cstore(["pull", "-v", "v1.2.0", "--json"]).run().succeeds().json();
    assert_eq!((&pulled["channel"], &pulled["move"]), (&json!(null), &json!(null)));
    let status = laptop.cstore(["status"]).run().succeeds();
    assert!(status.stdout.contains("Channels that point at v1.2.0: prod, staging"), "{}", status.stdout);
    let document = laptop.cstore(["status", "--json"]).run().succeeds().json();
    assert_eq!(document["channels"], json!(["prod", "staging"]));
}

#[test]
fn a_channel_that_is_pointed_at_nothing_says_so() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    moves(&laptop, ["promote", "v1.0.0", "--to", ":prod"]);
    laptop.cstore(["promote", "--to", ":prod"]).run().fails(2);
    laptop.cstore(["promote", "--to", ":prod", "--force"]).run().succeeds().says("from v1.0.0 to nothing");
    laptop.cstore(["export", "-v", ":prod"]).run().fails(6).says("has pointed at nothing since ");
    laptop.cstore(["purge", "v1.0.0", "-y"]).run().succeeds();
    // So no version is to be called nothing.
    for refused in [["push", "-v", "nothing", ENV], ["promote", "v1.1.0", "--to", "shop@nothing"]] {
        laptop.cstore(refused).run().fails(2).says("takes it for no version at all");
    }
}

#[test]
fn another_contexts_version_is_copied_there_before_its_channel_is_moved() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    let planned = laptop.cstore(["promote", "v1.0.0", "--to", "other:prod", "--dry-run"]).run().succeeds();
    planned.says("Would promote to v1.0.0 of other in s3://").says("Would move :prod of other in s3://");
    assert!(bucket.keys().iter().all(|key| !key.starts_with("other/")), "{:?}", bucket.keys());
    let both = laptop.cstore(["promote", "v1.0.0", "--to", "other:prod", "-m", "Tuesday", "--json"]).run().succeeds();
    let both = both.says("Promoted to v1.0.0 of other in s3://").says("Moved :prod of other in s3://");
    let document = both.json();
    assert_eq!((&document["version"], &document["promoted_from"]["context"]), (&json!("v1.0.0"), &json!("shop")));
    assert_eq!(
        (&document["channel"]["what"], &document["channel"]["now"]["version"]),
        (&json!("moved"), &json!("v1.0.0"))
    );
    let channel = bucket.get(OTHER).json();
    assert_eq!((&channel["version"], &channel["message"]), (&json!("v1.0.0"), &json!("Tuesday")));
    let copy = bucket.get("other/.cstore/versions/v1.0.0.json").json();
    assert_eq!((&copy["promoted_from"]["context"], &copy["message"]), (&json!("shop"), &json!("Tuesday")));
    // The same again finds both done.
    let again = laptop.cstore(["promote", "v1.0.0", "--to", "other:prod"]).run().succeeds();
    again.says("Nothing has changed in v1.0.0 of other").says(":prod of other");
    assert_eq!(bucket.get(OTHER).json(), channel);
    // Requirements, the source's channels and whole places can be named, too; what was copied by itself is only moved to.
    moves(&laptop, ["promote", "v1.1.0", "--to", "other"]);
    let moved = laptop.cstore(["promote", "other@^1.1", "--to", "other:prod"]).run().succeeds();
    moved.says("from v1.0.0 to v1.1.0").does_not_say("Nothing has changed");
    moves(&laptop, ["promote", "v1.2.0", "--to", ":prod"]);
    let place = format!("s3://{}/other:prod", bucket.name());
    laptop.cstore(["promote", ":prod", "--to", &place]).run().succeeds().says("Promoted to v1.2.0 of other");
    laptop.cstore(["promote", "shop@~1.0", "--to", ":prod", "--context", "other"]).run().succeeds();
    assert_eq!(bucket.get(OTHER).json()["version"], "v1.0.0");
    laptop.cstore(["promote", "shop@head", "--to", "other:prod"]).run().fails(2).says("a channel points at a version");
}

#[test]
fn what_a_promotion_has_published_stays_where_the_channel_is_not_moved() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    moves(&laptop, ["promote", "v1.0.0", "--to", "other:prod"]);
    // Other content under the version's name.
    let other = laptop.clone().with_env("CSTORE_CONTEXT", "other");
    other.file(ENV, "TOKEN=haddock\n").cstore(["push", "-v", "v1.1.0", ENV]).run().succeeds();
    let refused = laptop.cstore(["promote", "v1.1.0", "--to", "other:prod"]).run().fails(4);
    refused.does_not_say("Moved").says("other");
    assert_eq!(bucket.get(OTHER).json()["version"], "v1.0.0");
    let refused = ["promote", "v1.2.0", "--to", "other:prod", "--expect-current", "v9", "--json"];
    let refused = laptop.cstore(refused).run().fails(4);
    let refused = refused.says("Promoted to v1.2.0 of other").says("The channel was not moved.");
    let document = refused.json();
    assert_eq!((&document["version"], document.get("channel")), (&json!("v1.2.0"), None));
    assert_eq!(bucket.get(OTHER).json()["version"], "v1.0.0");
    other.cstore(["verify", "v1.2.0"]).run().succeeds();
    let refused = ["promote", "v1.2.0", "--to", "other:prod", "--expect", &format!("sha256:{}", "0".repeat(64))];
    laptop.cstore(refused).run().fails(5);
}

#[test]
fn a_person_at_a_terminal_agrees_to_the_copy_and_the_move_at_once() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    moves(&laptop, ["promote", "v1.0.0", "--to", "other:prod"]);
    let asked = || {
        let typed = laptop.cstore(["promote", "v1.1.0", "--to", "other:prod"]).on_a_terminal();
        typed.sees("From v1.1.0 of shop").sees("Would move :prod of other in s3://").sees("from v1.0.0 to v1.1.0")
    };
    let question = ", and move :prod there? It cannot be changed afterwards. [y/N] ";
    asked().sees(question).types("n").ended().exits(1).does_not_say("error:");
    assert!(!bucket.keys().contains(&"other/.cstore/versions/v1.1.0.json".to_owned()));
    // Somebody else moves it meanwhile: the copy is there, and is not said to be undone.
    let typed = asked().sees(question);
    moves(&laptop, ["promote", "v1.2.0", "--to", "other:prod"]);
    typed.types("y").ended().fails(4).says("Promoted to v1.1.0 of other").says("It has pointed at v1.2.0");
    moves(&laptop, ["promote", "v1.0.0", "--to", "other:prod"]);
    asked().sees("Move it? [y/N] ").types("y").ended().succeeds().says("Moved :prod of other");
    // Nothing is left to agree to.
    laptop.cstore(["promote", "v1.1.0", "--to", "other:prod"]).on_a_terminal().ended().succeeds();
}

#[test]
fn a_version_that_is_missing_where_one_was_reviewed_moves_nothing() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    moves(&laptop, ["promote", "v1.0.0", "--to", ":prod"]);
    let digest = bucket.get(PROD).json()["digest"].as_str().unwrap().to_owned();
    let forced = ["promote", "--to", ":prod", "--force", "--expect", &digest];
    laptop.cstore(forced).run().fails(2).says("is not set").says("next: Name a version, such as v1.2.3");
    let head = laptop.cstore(["promote", "head", "--to", ":prod"]).run().fails(2);
    head.says("is the head, and a channel points at a version").does_not_say("head, shop-dev");
    for idle in
        [["promote", "v1.0.0", "--to", ":prod", "--overwrite"], ["rollback", ":prod", "v1.0.0", "--exact", "-y"]]
    {
        laptop
            .cstore(idle)
            .run()
            .fails(2)
            .says("has no meaning where a channel is moved")
            .does_not_say("together with");
    }
    let push = laptop.cstore(["push", "--to", ":prod", ENV]).run().fails(2);
    push.says("`--to` is set, but `--ver` is not set").does_not_say("--channel");
    assert_eq!(stands_at(&bucket), "v1.0.0");
}

#[test]
fn another_digest_than_was_reviewed_names_what_to_review() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    moves(&laptop, ["promote", "v1.0.0", "--to", ":prod"]);
    moves(&laptop, ["promote", "v1.1.0", "--to", ":prod"]);
    let other = format!("sha256:{}", "0".repeat(64));
    laptop
        .cstore(["promote", "v1.2.0", "--to", ":prod", "--expect", &other])
        .run()
        .fails(5)
        .says("`cstore show v1.2.0`");
    laptop.cstore(["rollback", ":prod", "v1.0.0", "--expect", &other]).run().fails(5).says("`cstore show v1.0.0`");
    let copied = laptop.cstore(["promote", ":prod", "--to", "other", "--expect", &other, "-y"]).run().fails(5);
    copied.says(&format!("`cstore show s3://{}/shop:prod`", bucket.name()));
}

#[test]
fn a_rollback_to_what_was_overwritten_says_so_and_names_what_was_before() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    ["v1.0.0", "v1.1.0", "v1.2.0"].iter().for_each(|version| moves(&laptop, ["promote", version, "--to", ":prod"]));
    laptop.file(ENV, "TOKEN=haddock\n").cstore(["push", "-v", "v1.1.0", "--overwrite", "-y", ENV]).run().succeeds();
    let refused = laptop.cstore(["rollback", ":prod", "v1.1.0"]).run().fails(5);
    refused
        .says("would go back to version v1.1.0")
        .says("Before that it pointed at v1.0.0")
        .says("run: cstore rollback :prod v1.0.0");
    assert_eq!(stands_at(&bucket), "v1.2.0");
    // After a rollback to the first version there is nothing further back.
    moves(&laptop, ["rollback", ":prod", "v1.0.0"]);
    let current = bucket.get(PROD).json()["push_id"].as_str().unwrap().to_owned();
    let refused = laptop.cstore(["rollback", ":prod", "--expect-current", &current]).run().fails(6);
    refused.says("points at the first version that it remembers").says("It pointed at: v1.2.0, v1.1.0");
}

#[test]
fn a_refused_rollback_names_the_nearest_version_that_is_published() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    laptop.file(ENV, "TOKEN=haddock\n").cstore(["push", "-v", "v1.3.0", ENV]).run().succeeds();
    for version in ["v1.0.0", "v1.1.0", "v1.2.0", "v1.3.0"] {
        moves(&laptop, ["promote", version, "--to", ":prod"]);
    }
    ["v1.1.0", "v1.2.0"].iter().for_each(|version| moves(&laptop, ["purge", version, "-y"]));
    let refused = laptop.cstore(["rollback", ":prod", "v1.2.0"]).run().fails(6);
    refused.says("Before that it pointed at v1.0.0.").says("run: cstore rollback :prod v1.0.0\n");
    moves(&laptop, ["purge", "v1.0.0", "-y"]);
    let refused = laptop.cstore(["rollback", ":prod", "v1.2.0"]).run().fails(6).does_not_say("v1.0.0");
    refused.says("`cstore list versions`").says("`cstore promote VERSION --to :prod`");
    // Without a terminal the command that is asked for is printed, for the context that was named.
    let refused = laptop.cstore(["rollback", "shop:prod"]).run().fails(2);
    refused.says("`cstore log shop:prod`").says("`cstore rollback shop:prod VERSION`");
}

#[test]
fn a_log_takes_a_channel_of_another_context_and_a_key_with_a_colon() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    moves(&laptop, ["promote", "v1.0.0", "--to", ":prod"]);
    let elsewhere = laptop.clone().with_env("CSTORE_CONTEXT", "elsewhere");
    let moved = elsewhere.cstore(["log", "shop:prod"]).run().succeeds();
    assert!(moved.stdout.starts_with("v1.0.0"));
    moved.says("shop:prod is taken for a channel. For the config key, run: cstore log --key=shop:prod\n");
    elsewhere.cstore(["log", "shop:nope"]).run().fails(6).says("There is no channel nope in shop.");
    laptop.file("levels.json", "{\"shop:level\": \"debugging\"}\n").cstore(["push", "levels.json"]).run().succeeds();
    let key = laptop.cstore(["log", "shop:level"]).run().succeeds();
    key.says("1 change").says("shop:level is taken for a config key, since no channel has that name.");
    let proxy = Proxy::before(bucket.server());
    proxy.on(
        request("GET", "shop/.cstore/channels/level.json").for_ever(),
        Fault::s3(403, "AccessDenied", "Access Denied"),
    );
    let denied = laptop.cstore(["log", "shop:level"]).env("AWS_ENDPOINT_URL", &proxy.endpoint()).run().succeeds();
    denied.says("is taken for a config key, since a channel of that name may not be read.").does_not_say("no channel");
    laptop.file("levels.json", "{\"shop:prod\": \"debugging\"}\n").cstore(["push", "levels.json"]).run().succeeds();
    laptop.cstore(["log", ":prod"]).run().succeeds().does_not_say("is taken for");
    laptop.cstore(["log", "--key=shop:prod"]).run().succeeds().says("1 change").does_not_say("is taken for");
    laptop.cstore(["log", "shop:prod", "--key", "shop:prod"]).run().fails(2).says("Leave out one of them.");
}

#[test]
fn a_digest_that_the_channels_version_has_not_names_both() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    moves(&laptop, ["promote", "v1.1.0", "--to", ":prod"]);
    let pin = format!("sha256:{}", "0".repeat(64));
    let refused = laptop.with_env("CSTORE_CHANNEL", "prod").cstore(["pull", "--digest", &pin]).run().fails(5);
    refused.says("but version v1.1.0, which the channel prod points at, has sha256:").says("`cstore log :prod`");
}

#[test]
fn a_purge_of_what_channels_point_at_names_them_and_lists_show_that_it_is_gone() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    ["prod", "stable"].iter().for_each(|name| moves(&laptop, ["promote", "v1.0.0", "--to", &format!(":{name}")]));
    laptop.cstore(["purge", "v1.0.0", "-y"]).run().fails(4).says("prod, stable");
    // Nobody knows where one points that cannot be read.
    bucket.put("shop/.cstore/channels/junk.json", "{}", &[]);
    let refused = laptop.cstore(["purge", "v1.1.0", "-y"]).run().fails(5).says("shop/.cstore/channels/junk.json");
    refused.says("With `--force`").says("a purge of a version goes on, whatever this channel pointed at");
    laptop.cstore(["purge", "v1.1.0", "-y", "--force"]).run().succeeds();
    let pushed = laptop.cstore(["push", "-v", "v1.9.0", "--to", ":junk", ENV]).run().fails(5);
    pushed.says("Pushed v1.9.0").does_not_say("Nothing was");
    bucket.delete("shop/.cstore/channels/junk.json");
    let purge = |words: [&str; 2]| laptop.cstore(["purge", "v1.0.0", "--force", words[0], words[1]]).run().succeeds();
    let planned =
        purge(["--dry-run", "--json"]).says("These channels point at it: prod, stable. Pulls of them would fail");
    // One that may not be read hides no other.
    let proxy = Proxy::before(bucket.server());
    let behind = laptop.clone().with_env("AWS_ENDPOINT_URL", &proxy.endpoint());
    let dry = || behind.cstore(["purge", "v1.0.0", "--force", "-n"]).run();
    proxy.on(
        request("GET", "shop/.cstore/channels/prod.json").for_ever(),
        Fault::s3(403, "AccessDenied", "Access Denied"),
    );
    dry().succeeds().says("The channel stable points at it");
    assert_eq!(planned.json()["channels"], json!(["prod", "stable"]));
    purge(["-y", "--json"]).says("Pulls of them fail until they are moved.");
    let listed = laptop.cstore(["list", "channels"]).run().succeeds().stdout;
    assert!(
        listed.contains("gone: pulls fail") && !listed.contains("behind") && !listed.contains("latest"),
        "{listed}"
    );
    let document = laptop.cstore(["list", "channels", "--json"]).run().succeeds().json();
    assert_eq!(
        ["published", "target", "behind"].map(|name| &document["channels"][0][name]),
        [&json!(false), &json!("gone"), &json!(null)]
    );
}

#[test]
fn an_overwrite_names_the_channels_whose_pulls_then_fail() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    ["prod", "stable"].iter().for_each(|name| moves(&laptop, ["promote", "v1.0.0", "--to", &format!(":{name}")]));
    moves(&laptop, ["promote", "v1.1.0", "--to", ":next"]);
    bucket.put("shop/.cstore/channels/junk.json", "{}", &[]);
    let overwrite = ["push", "-v", "v1.0.0", "--overwrite", ENV];
    let next = "moved each, such as the first: `cstore promote v1.0.0 --to :prod`";
    // What they point at is no change for them.
    laptop.file(ENV, "TOKEN=swordfish\n").cstore(overwrite).run().succeeds().does_not_say("Pulls of");
    laptop.file(ENV, "TOKEN=haddock\n");
    let planned = laptop.cstore(["push", "-v", "v1.0.0", "--overwrite", ENV, "-n"]).run().succeeds();
    planned.says("Pulls of :prod, :stable would fail with code 5").says(next);
    let asked =
        laptop.cstore(overwrite).on_a_terminal().sees("Pulls of :prod, :stable fail then until they are moved.");
    asked.types("n").ended().exits(1);
    let moving = ["push", "-v", "v1.0.0", "--overwrite", "--to", ":prod", ENV];
    laptop.cstore(moving).run().succeeds().says("Pulls of :stable fail with code 5 until it is moved: `cstore");
    laptop.cstore(["export", "-v", ":stable"]).run().fails(5);
    let status = laptop.cstore(["status"]).run().succeeds().stdout;
    assert!(status.contains("prod, stable (as it was before it was overwritten: pulls fail)"), "{status}");
    let copied = laptop.cstore(["promote", "v1.1.0", "--to", "shop@v1.0.0", "--overwrite"]).run().succeeds();
    let at = format!("s3://{}/shop", bucket.name());
    copied.says("Pulls of :prod, :stable fail with code 5").says(&format!("promote {at}@v1.0.0 --to {at}:prod`"));
    lists_say_what_became_of_targets(&bucket, &laptop);
    // Who may not list channels overwrites all the same.
    let proxy = Proxy::before(bucket.server());
    proxy.on(request("GET", "channels").for_ever(), Fault::s3(403, "AccessDenied", "Access Denied"));
    let denied = laptop.clone().with_env("AWS_ENDPOINT_URL", &proxy.endpoint());
    denied.cstore(overwrite).run().succeeds().does_not_say("Pulls of").does_not_say("Access Denied");
}

/// The state of each channel in the list, as JSON has it, and as a line of text has it.
fn listed_targets(laptop: &Laptop) -> (Vec<String>, String) {
    let document = laptop.cstore(["list", "channels", "--json"]).run().succeeds().json();
    let states = document["channels"].as_array().unwrap().iter();
    let states = states.map(|channel| format!("{} {}", channel["channel"].as_str().unwrap(), channel["target"]));
    (states.collect(), laptop.cstore(["list", "channels"]).run().succeeds().stdout)
}

/// Where v1.0.0 was overwritten, at which prod and stable point, and not v1.1.0, at which next does.
fn lists_say_what_became_of_targets(bucket: &Bucket, laptop: &Laptop) {
    let manifest = "shop/.cstore/versions/v1.0.0.json";
    let (states, text) = listed_targets(laptop);
    assert_eq!(states, ["junk null", "next \"unchanged\"", "prod \"overwritten\"", "stable \"overwritten\""]);
    let ends: Vec<_> = text.lines().map(|line| line.rsplit('\t').next().unwrap()).collect();
    let overwritten = "2 versions behind latest, overwritten since: pulls fail";
    assert_eq!(ends[1..], ["1 version behind latest", overwritten, overwritten], "{text}");
    // Who may not read a manifest cannot be told.
    let proxy = Proxy::before(bucket.server());
    proxy.on(request("GET", manifest).for_ever(), Fault::s3(403, "AccessDenied", "Access Denied"));
    let (states, text) = listed_targets(&laptop.clone().with_env("AWS_ENDPOINT_URL", &proxy.endpoint()));
    assert_eq!(states[1..], ["next \"unchanged\"", "prod \"unknown\"", "stable \"unknown\""]);
    assert!(text.contains("2 versions behind latest, unknown whether overwritten"), "{text}");
    let body = bucket.get(manifest).body().to_vec();
    bucket.put(manifest, "{}", &[]);
    let (states, text) = listed_targets(laptop);
    assert_eq!(states[2..], ["prod \"unreadable\"", "stable \"unreadable\""]);
    assert!(text.contains("its manifest cannot be read: pulls fail"), "{text}");
    bucket.put(manifest, body, &[]);
}

/// `--to prod` would publish all files, secrets too, as a version of a context prod.
#[test]
fn a_channel_without_its_colon_is_not_taken_for_a_context() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    moves(&laptop, ["promote", "v1.0.0", "--to", ":prod"]);
    let refused = laptop.cstore(["promote", "v1.1.0", "--to", "prod", "-y"]).run().fails(2);
    refused.says("shop has a channel of that name: write :prod for the channel, or prod@VERSION for the context");
    assert_eq!(
        (stands_at(&bucket), bucket.keys().iter().filter(|key| key.starts_with("prod/")).count()),
        ("v1.0.0".to_owned(), 0)
    );
    moves(&laptop, ["promote", "v1.1.0", "--to", "prod@v1.1.0", "-y"]);
    moves(&laptop, ["promote", "v1.1.0", "--to", "staging", "-y"]);
    // Who may not read channels has none to move.
    let proxy = Proxy::before(bucket.server());
    let denied = || Fault::s3(403, "AccessDenied", "Access Denied");
    proxy.on(request("GET", "shop/.cstore/channels/").for_ever(), denied());
    let laptop = laptop.with_env("AWS_ENDPOINT_URL", &proxy.endpoint());
    moves(&laptop, ["promote", "v1.2.0", "--to", "prod", "-y"]);
}

#[test]
fn a_move_that_is_denied_is_no_move_and_says_whose_right_it_is() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    moves(&laptop, ["promote", "v1.0.0", "--to", ":prod"]);
    moves(&laptop, ["promote", "v1.1.0", "--to", ":prod"]);
    let proxy = Proxy::before(bucket.server());
    let put = || request("PUT", "shop/.cstore/channels/");
    proxy.on(put().for_ever(), Fault::s3(403, "AccessDenied", "Access Denied"));
    let denied = laptop.with_env("AWS_ENDPOINT_URL", &proxy.endpoint());
    for command in [&["promote", "v1.2.0", "--to", ":prod", "-y"][..], &["rollback", ":prod", "v1.0.0", "-y"]] {
        let words = command.iter().map(|word| (*word).to_owned());
        let ran = denied.cstore_with(words).run().fails(3).does_not_say("is not known");
        ran.says("Only a role whose policy names the channel may move it");
    }
    assert_eq!(stands_at(&bucket), "v1.1.0");
}

#[test]
fn a_history_that_is_cut_says_how_much_is_not_shown_and_names_nobody_whom_it_does_not_know() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket).with_env("CSTORE_AUTHOR", "");
    for version in ["v1.0.0", "v1.1.0", "v1.2.0"] {
        moves(&laptop, ["promote", version, "--to", ":prod"]);
    }
    let ran = laptop.cstore(["log", ":prod", "-n", "1"]).run().succeeds();
    let ran = ran.says("3 moves of :prod of shop in s3://").says(" 2 older moves not shown.");
    assert!(ran.stdout.starts_with("v1.2.0\t") && ran.stdout.lines().count() == 1, "{}", ran.stdout);
    laptop.cstore(["log", ":prod"]).run().succeeds().does_not_say("not shown");
    let unmoved = laptop.cstore(["promote", "v1.0.0", "--to", ":prod", "--expect-current", "v1.1.0"]).run().fails(4);
    let unmoved = unmoved.says("It has pointed at v1.2.0 since ").says(", when it was moved (move ");
    let listed = laptop.cstore(["list", "channels"]).run().succeeds();
    for ran in [&ran, &unmoved, &listed] {
        assert!(!format!("{}{}", ran.stdout, ran.stderr).contains("unknown source"), "{}{}", ran.stdout, ran.stderr);
    }
}

#[test]
fn what_has_no_meaning_for_a_channel_is_refused() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    moves(&laptop, ["promote", "v1.0.0", "--to", ":prod"]);
    moves(&laptop, ["promote", "v1.1.0", "--to", ":prod"]);
    laptop.cstore(["rollback", ":prod", "v1.0.0", "--exact", "--yes"]).run().fails(2).says("`--exact`");
    assert_eq!(stands_at(&bucket), "v1.1.0");
    moves(&laptop, ["rollback", ":prod", "v1.0.0", "--exact=false", "--yes"]);
    let ran = laptop.cstore(["push", "-v", "head", "--to", ":prod"]).run().fails(2);
    ran.says("points at a version, and not at the head").does_not_say("is not set");
    laptop.cstore(["push", "--to", ":prod"]).run().fails(2).says("`--ver` is not set");
}

#[test]
fn what_reads_like_a_channel_or_nearly_so_is_answered_with_what_was_meant() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    moves(&laptop, ["promote", "v1.0.0", "--to", ":prod"]);
    for name in [":Prod", ":x", "other:Prod"] {
        let refused = laptop.cstore(["promote", "v1.1.0", "--to", name]).run().fails(2);
        refused.says("next: A channel's name has small letters, digits").does_not_say("Name a context");
    }
    let log = laptop.cstore(["log", "prod"]).run().fails(6);
    log.says("config key prod").says("There is a channel of that name. To see its history, run: cstore log :prod");
    for words in [&["log", ":Prod"][..], &["rollback", ":Prod", "v1.0.0"], &["pull", ":Prod"]] {
        let refused = laptop.cstore_with(words.iter().map(|word| (*word).to_owned())).run().fails(2);
        let refused = refused.says("`:Prod` names no channel").says("next: A channel's name has small letters");
        refused.does_not_say("--channel").does_not_say("Windows");
    }
    laptop.cstore(["get", "TOKEN", "-v", ":Prod"]).run().fails(2).says("or a channel (:prod)");
    let new = laptop.cstore(["promote", "v1.1.0", "--to", ":new", "--expect-current", "v1.0.0"]).run().fails(4);
    let new = new.says("The channel new does not exist, so it is not at v1.0.0.").says("leave `--expect-current` out");
    new.does_not_say("cstore log").does_not_say("any more");
    laptop.cstore(["log", "prd"]).run().fails(6).says("config key prd").does_not_say("channel");
    for (words, next) in [
        (["pull", ":prod"], "cstore pull -v :prod"),
        (["export", ":prod"], "cstore export -v :prod"),
        (["push", ":prod"], "cstore push -v VERSION --to :prod"),
        (["clean", ":prod"], "Name a file"),
    ] {
        laptop.cstore(words).run().fails(2).says("`:prod` names a channel").says(next).does_not_say("Windows");
    }
    // With its one move there is nothing that it could go back to.
    let back = laptop.cstore(["rollback", ":prod", "v1.1.0"]).run().fails(6);
    back.says("cstore promote v1.1.0 --to :prod").does_not_say("VERSION");
    let first = bucket.get(PROD).json()["push_id"].as_str().unwrap().to_owned();
    let back = laptop.cstore(["rollback", ":prod", "--expect-current", &first]).run().fails(6);
    back.says("cstore promote VERSION --to :prod");
    assert_eq!(stands_at(&bucket), "v1.0.0");
}

/// A promotion takes the same for a context.
#[test]
fn a_push_takes_no_channel_without_its_colon() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    let before = bucket.versions();
    let refused = laptop.cstore(["push", "-v", "v1.3.0", "--to", "staging", ENV]).run().fails(2);
    refused.says("`--to` is \"staging\", and a channel is written with a colon").says("Did you mean --to :staging?");
    assert_eq!(bucket.versions(), before);
}
