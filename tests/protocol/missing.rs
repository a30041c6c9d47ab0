//! What is not there: an error, or with `if-missing: ignore` a notice. A bucket is never missing in that sense.

use crate::harness::proxy::{Fault, get};
use crate::harness::{Action, Bucket, Proxy};
use crate::shop::{
    DEAD_RUN, MORE, SHOP, catalog, digest, manifest, pull, push, push_head, put_claim, put_file_of_push,
    put_head_file_of_push,
};

fn pull_or_ignore(bucket: &Bucket, version: &str) -> Action {
    pull(bucket, version).input("if-missing", "ignore")
}

fn ignored(action: &Action) {
    let run = action.run().succeeds();
    assert_eq!(run.output("config-version"), "");
    assert!(run.config_outputs().is_empty());
    assert_eq!(run.messages("notice").len(), 1, "{}", run.printed());
    assert!(run.messages("error").is_empty());
}

fn what_is_missing_fails_or_is_ignored(bucket: &Bucket) {
    push(bucket, "v1.0.0", &SHOP).run().succeeds();
    for version in ["v1.1.0", "^2", "head"] {
        pull(bucket, version).run().fails(6);
        pull(bucket, version).input("if-missing", "fail").run().fails(6);
        ignored(&pull_or_ignore(bucket, version));
    }
    pull(bucket, "v1.0.0").files(&["no/such/.env"]).run().fails(6).says("no/such/.env");
    ignored(&pull_or_ignore(bucket, "v1.0.0").files(&["no/such/.env"]));
    ignored(&pull_or_ignore(bucket, "head").repository_file("cstore.yml", catalog(&SHOP)));
    ignored(&pull_or_ignore(bucket, "v1.0.0").input("tags", "nobodys"));
    pull_or_ignore(bucket, "v1.0.0").run().succeeds();
}

/// Asserts that a pull delivers the shop's first file, and says in one notice what it did not find.
fn delivers_the_first(pull: Action, missing: &str) {
    pull.run().fails(6).says(missing);
    let run = pull.input("if-missing", "ignore").run().succeeds();
    assert_eq!(run.file("service/.env"), SHOP[0].1);
    assert_eq!(run.output("TOKEN"), "first-token");
    assert_eq!(run.json_output("config-files"), serde_json::json!(["service/.env"]));
    let notices: Vec<_> = run.messages("notice").into_iter().filter(|notice| notice.contains(missing)).collect();
    assert_eq!(notices.len(), 1, "{}", run.printed());
    assert!(run.summary.contains(missing), "{}", run.summary);
}

fn each_file_is_ignored_by_itself(bucket: &Bucket) {
    push(bucket, "v1.0.0", &SHOP).run().succeeds();
    push_head(bucket, &SHOP).run().succeeds();
    for (version, missing) in [("v1.0.0", "no/such/.env"), ("^1", "no/such/.env"), ("head", "no/such/.env")] {
        delivers_the_first(pull(bucket, version).files(&["service/.env", "no/such/.env"]), missing);
    }
    delivers_the_first(pull(bucket, "v1.0.0").files(&["no/*/.env", "service/*"]), "no/*/.env");
    // In the Go tool's layout, where there is no manifest.
    bucket.put("shop/v0/service/.env", SHOP[0].1, &[]);
    let by_catalog = pull(bucket, "v0").repository_file("cstore.yml", catalog(&SHOP));
    delivers_the_first(by_catalog, "web/config.json");
    delivers_the_first(pull(bucket, "v0").files(&["service/.env", "x/.env"]), "x/.env");
    bucket.put("go/service/.env", SHOP[0].1, &[]);
    let of_head = pull(bucket, "head").repository_file("cstore.yml", catalog(&SHOP)).input("context", "go");
    delivers_the_first(of_head, "web/config.json");
}

fn what_a_manifest_names_is_never_ignored(bucket: &Bucket) {
    push(bucket, "v1.0.0", &SHOP).run().succeeds();
    let key = "shop/v1.0.0/service/.env";
    let pinned = manifest(bucket, "v1.0.0")["files"][0]["version_id"].as_str().map(str::to_owned);
    pinned.map_or_else(|| bucket.delete(key), |version| bucket.delete_version(key, &version));
    let run = pull_or_ignore(bucket, "v1.0.0").files(&["service/.env", "no/such/.env"]).run().fails(6);
    run.says("names files of version v1.0.0 that are gone");
    pull_or_ignore(bucket, "v1.0.0").run().fails(6);
}

fn an_unfinished_push_is_never_ignored(bucket: &Bucket) {
    put_claim(bucket, "v2.0.0", &digest(&SHOP));
    // Nothing of it is looked for by its path, or there yet.
    for step in [pull_or_ignore(bucket, "v2.0.0"), pull_or_ignore(bucket, "v2.0.0").files(&["service/.env"])] {
        step.run().fails(6).says("v2.0.0 is not published").says(DEAD_RUN);
    }
    put_file_of_push(bucket, "v3.0.0", SHOP[0].0, SHOP[0].1);
    let run = pull_or_ignore(bucket, "v3.0.0").files(&["no/such/.env", "service/.env"]).run().fails(6);
    run.says("has not finished");
    push_head(bucket, &SHOP).run().succeeds();
    put_head_file_of_push(bucket, MORE[0].0, MORE[0].1);
    pull_or_ignore(bucket, "head").files(&["service/.env", "more/.env"]).run().fails(6).says("has not finished");
}

in_each_bucket!(
    what_is_missing_fails_or_is_ignored,
    each_file_is_ignored_by_itself,
    what_a_manifest_names_is_never_ignored,
    an_unfinished_push_is_never_ignored,
);

#[test]
fn of_linked_catalogs_each_is_ignored_by_itself() {
    let bucket = Bucket::versioned();
    push(&bucket, "v1.0.0", &SHOP[..1]).run().succeeds();
    let linking = "version: v4\ncontext: shop\nfiles:\n- path: service/.env\n- path: blog/cstore.yml\n  isRef: true\n";
    let linked = "version: v4\ncontext: blog\nfiles:\n- path: .env\n";
    let step = pull(&bucket, "v1.0.0").repository_file("cstore.yml", linking);
    let step = step.repository_file("blog/cstore.yml", linked);
    delivers_the_first(step, "v1.0.0 of blog");
}

#[test]
fn checks_and_defaults_hold_where_nothing_was_found() {
    let bucket = Bucket::versioned();
    push(&bucket, "v1.0.0", &SHOP).run().succeeds();
    let nothing = || pull_or_ignore(&bucket, "v9.0.0");
    nothing().input("required-keys", "TOKEN").run().fails(8).says("TOKEN is missing");
    nothing()
        .input("template", ".env.example")
        .repository_file(".env.example", "TOKEN=\n")
        .run()
        .fails(8)
        .says("TOKEN");
    let schema = r#"{"required":["TOKEN"]}"#;
    nothing().input("schema", "s.json").repository_file("s.json", schema).run().fails(2).says("required");
    let part = || pull_or_ignore(&bucket, "v1.0.0").files(&["service/.env", "no/such/.env"]);
    part().input("required-keys", "TOKEN\nOTHER").run().fails(8).says("OTHER is missing");
    part().input("required-keys", "TOKEN").run().succeeds();

    let with_defaults = nothing().input("defaults", "TOKEN=default-token").input("required-keys", "TOKEN");
    let run = with_defaults.input("format", "json").input("format-file", "out.json").run().succeeds();
    assert_eq!(run.output("TOKEN"), "default-token");
    assert_eq!(run.file("out.json"), "{\n  \"TOKEN\": \"default-token\"\n}\n");
    assert_eq!(run.output("config-version"), "");
    assert_eq!(run.json_output("config-files"), serde_json::json!([]));
    assert!(!run.outputs.contains_key("config-digest") && !run.outputs.contains_key("config-integrity"));
    run.says("Found nothing in v9.0.0 of shop");
}

#[test]
fn a_check_that_fails_for_want_of_keys_says_what_was_missing() {
    let bucket = Bucket::versioned();
    push(&bucket, "v1.0.0", &[("service/.env", "TOKEN=first-token\nURL=https://${HOST}/\n")]).run().succeeds();
    let schema = r#"{"required":["PORT"]}"#;
    let checks =
        [("required-keys", "PORT", 8), ("template", "t.env", 8), ("schema", "s.json", 2), ("expand", "true", 2)];
    for (version, files, missing) in [
        ("v9.0.0", "service/.env", "Version v9.0.0 of shop is not published."),
        ("^9", "service/.env", "No published version of shop matches ^9."),
        ("v1.0.0", "service/.env\nno/such/.env", "are not in v1.0.0 of shop: no/such/.env."),
    ] {
        for (input, value, code) in checks {
            if input == "expand" && !files.contains("no/such") {
                continue;
            }
            let step = pull_or_ignore(&bucket, version).input("files", files).input(input, value);
            let step = step.repository_file("t.env", "PORT=\n").repository_file("s.json", schema);
            let run = step.run().fails(code);
            let errors = run.messages("error");
            assert!(errors.len() == 1 && errors[0].contains(missing), "{input}: {}", run.printed());
            assert!(run.summary.replace('\n', " ").contains(missing), "{input}: {}", run.summary);
        }
    }
    // What nothing can be missing for does not speak of it.
    let step = pull_or_ignore(&bucket, "v1.0.0").input("required-keys", "PORT");
    step.run().fails(8).does_not_say("if-missing");
    // A list on one line is wrong whatever was missing.
    for input in ["keys", "mask"] {
        let step = pull_or_ignore(&bucket, "v1.0.0").files(&["service/.env", "no/such/.env"]);
        let step = step.input(input, "TOKEN, PORT");
        assert!(step.run().fails(2).messages("error")[0].contains("are not in v1.0.0"), "{input}");
    }
}

#[test]
fn names_of_keys_that_a_missing_file_may_have_are_warnings() {
    let bucket = Bucket::versioned();
    push(&bucket, "v1.0.0", &SHOP).run().succeeds();
    for (input, value) in [("keys", "TOKEN\nTOKKEN | OTHER"), ("keys", "TOKEN\nTOKKEN"), ("mask", "TOKEN\nTOKKEN")] {
        let step = || pull_or_ignore(&bucket, "v1.0.0").input(input, value);
        let run = step().files(&["service/.env", "no/such/.env"]).run().succeeds();
        assert!(run.messages("warning").iter().any(|warning| warning.contains("TOKKEN")), "{}", run.printed());
        assert_eq!(run.output("TOKEN"), "first-token");
        assert!(run.masks.iter().any(|mask| mask == "first-token"));
        if value.contains('|') || input == "mask" {
            // Where all is found, a name that matches nothing is a mistake.
            step().files(&["service/.env"]).run().fails(2).says("TOKKEN");
        }
    }
}

#[test]
fn a_head_that_was_never_pushed_names_the_versions_that_are_published() {
    let bucket = Bucket::versioned();
    for version in ["v1.9.0", "v1.10.0", "nightly"] {
        push(&bucket, version, &SHOP).run().succeeds();
    }
    let with_catalog = Action::pull(&bucket).repository_file("cstore.yml", catalog(&SHOP));
    for step in [Action::pull(&bucket), with_catalog, Action::pull(&bucket).files(&["service/.env"])] {
        let run = step.run().fails(6).says("Nothing was pushed to the head of shop");
        run.says("Published versions: v1.10.0, v1.9.0, nightly.").says("Set `version` to one of these, or to `latest`");
    }
    for step in [Action::pull(&bucket).input("context", "blog"), pull(&bucket, "v9.0.0")] {
        // Whoever may get objects, but not list.
        let proxy = Proxy::start();
        proxy.on(get("list-type=2").for_ever(), Fault::s3(403, "AccessDenied", "Access Denied"));
        step.through(&proxy).run().fails(6).does_not_say("ublished versions").does_not_say("No version is published");
    }
}

#[test]
fn a_requirement_that_matches_nothing_says_what_counts() {
    let bucket = Bucket::versioned();
    push(&bucket, "nightly", &SHOP).run().succeeds();
    let fails = |version: &str| pull(&bucket, version).run().fails(6);
    fails("latest")
        .says("`latest` finds only full semantic versions such as v1.2.3")
        .says("Published versions: nightly.");
    push(&bucket, "v1", &SHOP).run().succeeds();
    for version in ["^1", "1.x", "latest"] {
        let words = format!(
            "v1 is not a full version, so `{version}` does not find it: set `version: v1`, or publish it as v1.0.0."
        );
        fails(version).says(&words);
    }
    fails("^2").does_not_say("is not a full version");
    push(&bucket, "3.1", &SHOP).run().succeeds();
    fails("^3").says("3.1 is not a full version").says("publish it as 3.1.0.");
    push(&bucket, "v4.0.0-rc.1", &SHOP).run().succeeds();
    fails("^4").says("Only pre-releases are published").says("such as v4.0.0-rc.1");
    push(&bucket, "v1.2.3", &SHOP).run().succeeds();
    fails("^4").does_not_say("Only pre-releases").says("such as v4.0.0-rc.1");
    for (version, meant) in
        [("V1.2.3", "v1.2.3"), ("v1.2.33", "v1.2.3"), ("v.1.2.3", "v1.2.3"), ("nightlly", "nightly")]
    {
        fails(version).says(&format!("Did you mean {meant}?"));
    }
}

#[test]
fn a_version_that_is_missing_names_those_that_are_there() {
    let bucket = Bucket::versioned();
    pull(&bucket, "v1").run().fails(6).says("v1").says("No version is published");
    push(&bucket, "v1.0.0", &SHOP).run().succeeds();
    push(&bucket, "v1.1.0", &SHOP).run().succeeds();
    pull(&bucket, "v1").run().fails(6).says("v1.0.0").says("v1.1.0");
}

#[test]
fn a_missing_bucket_is_never_ignored() {
    let bucket = Bucket::missing();
    for version in ["v1", "^1", "latest", "head"] {
        for if_missing in ["fail", "ignore"] {
            let action = pull(&bucket, version).input("if-missing", if_missing);
            action.run().fails(6).says(bucket.name()).says("does not exist");
            action.repository_file("cstore.yml", catalog(&SHOP)).run().fails(6).says(bucket.name());
        }
    }
}

#[test]
fn a_push_to_a_missing_bucket_fails() {
    let bucket = Bucket::missing();
    push(&bucket, "v1", &SHOP).run().fails(6).says(bucket.name()).says("does not exist");
    push_head(&bucket, &SHOP).run().fails(6).says(bucket.name()).says("does not exist");
}

#[test]
fn what_is_damaged_is_not_ignored() {
    let bucket = Bucket::versioned();
    bucket.put(&crate::shop::manifest_key("v1"), "{", &[]);
    pull_or_ignore(&bucket, "v1").run().fails(5);
}

#[test]
fn a_name_that_is_nearly_right_is_answered_with_what_was_meant() {
    let bucket = Bucket::versioned();
    push(&bucket, "v1.2.0", &SHOP).run().succeeds();
    for (version, words) in [
        ("1.2.0", "Did you mean v1.2.0?"),
        ("v1", "It is an exact name; for the newest of its line write `^1`."),
        ("v1.2", "write `~1.2`"),
    ] {
        pull(&bucket, version).run().fails(6).says(words).says("Published versions: v1.2.0.");
    }
    pull(&bucket, "v2.0.0").run().fails(6).does_not_say("Did you mean").does_not_say("exact name");
}
