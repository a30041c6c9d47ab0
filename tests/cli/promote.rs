//! `cstore promote`: what is shown and asked before something is copied, and that what was seen is what is copied.

use serde_json::json;

use crate::harness::proxy::{Fault, get};
use crate::harness::{ACCESS_KEY, Bucket, Laptop, Proxy, Typed};

const ENV: &str = "service/.env";
const OLD: &str = "TOKEN=swordfish\nGONE=old-friend\n";
const NEW: &str = "TOKEN=anglerfish\nADDED=new-friend\n";

/// A machine whose catalog is that of `shop-dev`, which has published two versions, the second of which is its head.
fn laptop(bucket: &Bucket) -> Laptop {
    let laptop = Laptop::new(bucket).without_env("CSTORE_CONTEXT");
    let catalog = format!("version: v4\ncontext: shop-dev\nfiles:\n- path: {ENV}\n  store: aws-s3\n  type: env\n");
    laptop.plain_file("cstore.yml", catalog);
    for (version, text) in [("v1.0.0", OLD), ("v1.1.0", NEW), ("head", NEW)] {
        laptop.file(ENV, text).cstore(["push", "-v", version]).run().succeeds();
    }
    laptop
}

fn pulled(bucket: &Bucket, version: &str) -> String {
    let laptop = Laptop::new(bucket);
    laptop.cstore(["export", "-v", version, "-g", "dotenv"]).prints_values().run().succeeds().stdout
}

#[test]
fn what_changes_is_shown_and_nobody_is_asked_without_a_terminal() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    let ran = laptop.cstore(["promote", "v1.0.0", "--to", "shop"]).run().succeeds();
    ran.says("+ service/.env\n    + TOKEN\n    + GONE\nPromoted to v1.0.0 of shop in s3://")
        .prints("")
        .says(&format!("note: shop is a new context in s3://{}.", bucket.name()));
    let ran = laptop.cstore(["promote", "v1.1.0", "--to", "shop"]).run().succeeds();
    ran.says("Compared with v1.0.0:\n~ service/.env\n    + ADDED\n    ~ TOKEN\n    - GONE\nPromoted to v1.1.0 of shop")
        .says("1 file of v1.1.0 of shop-dev in s3://")
        .does_not_say("a new context");
    laptop.cstore(["promote", "v1.1.0", "--to", "shop"]).run().succeeds().says("Nothing has changed in v1.1.0 of shop");
}

#[test]
fn a_person_at_a_terminal_sees_what_changes_and_agrees_to_it() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    laptop.cstore(["promote", "v1.0.0", "--to", "shop"]).run().succeeds();
    let asked = || {
        let typed = laptop.cstore(["promote", "v1.1.0", "--to", "shop"]).on_a_terminal();
        typed
            .sees("From v1.1.0 of shop-dev in s3://")
            .sees("- GONE")
            .sees("Promote to v1.1.0 of shop in s3://")
            .sees("It cannot be changed afterwards. [y/N] ")
    };
    for answer in ["n", ""] {
        asked().types(answer).ended().exits(1).says("Not promoted.").does_not_say("error:");
        assert!(bucket.find("shop/.cstore/claims/v1.1.0.json").is_none(), "nothing was written");
    }
    asked().types("y").ended().succeeds().says("Promoted to v1.1.0 of shop");
    assert!(pulled(&bucket, "v1.1.0").contains("anglerfish"));
    // There is nothing to be asked about.
    laptop.cstore(["promote", "v1.1.0", "--to", "shop"]).on_a_terminal().ended().succeeds().says("Nothing has changed");
    // A name that was typed wrong is seen, before anything is there, and once.
    let planned = laptop.cstore(["promote", "head", "--to", "shpo", "--dry-run"]).run().succeeds();
    planned.says("shpo is a new context in s3://");
    let typed = laptop.cstore(["promote", "head", "--to", "shpo"]).on_a_terminal();
    let typed = typed.sees("Promote to the head of shpo in s3://").sees(", a new context in this bucket? [y/N] ");
    typed.types("y").ended().succeeds().does_not_say("note: shpo");
    let head = laptop.cstore(["promote", "head", "--to", "shop"]).on_a_terminal();
    head.sees("+ service/.env").sees("Promote to the head of shop").sees("? [y/N] ").types("y").ended().succeeds();
    laptop.cstore(["promote", "v1.0.0", "--to", "shop@v1.0.1", "-y"]).on_a_terminal().ended().succeeds();
}

/// Types `y` when something has happened since the person saw what changes.
fn agreed_when(typed: Typed, question: &str, happens: impl FnOnce()) -> crate::harness::Ran {
    let asked = typed.on_a_terminal().sees(question).sees("[y/N] ");
    happens();
    asked.types("y").ended()
}

#[test]
fn what_somebody_agreed_to_is_all_that_is_promoted() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    let push = |context: &str, text: &str| {
        let other = Laptop::new(&bucket).with_env("CSTORE_CONTEXT", context);
        other.file(ENV, text).cstore(["push", ENV, "--overwrite"]).run().succeeds();
    };
    push("shop", "TOKEN=of-production\n");
    let promote = || laptop.cstore(["promote", "head", "--to", "shop"]);
    // Somebody else changes the source, and then the destination.
    let ran = agreed_when(promote(), "~ TOKEN", || push("shop-dev", "TOKEN=pushed-meanwhile\n"));
    let ran = ran.fails(5).says("as it was reviewed").says("The source, the head of shop-dev");
    let reference = format!("s3://{}/shop-dev@head", bucket.name());
    ran.says("Nothing was promoted.").says(&format!("`cstore show {reference}`"));
    laptop.cstore_with(["show".to_owned(), reference]).run().succeeds();
    let ran = agreed_when(promote(), "~ TOKEN", || push("shop", "TOKEN=also-meanwhile\n"));
    ran.fails(4)
        .says("Others have changed these files of the head meanwhile: service/.env.")
        .says("The destination, the head of shop")
        .says("it shows what is there now");
    assert!(pulled(&bucket, "head").contains("also-meanwhile"));
    agreed_when(promote(), "~ TOKEN", || ()).succeeds();
    assert!(pulled(&bucket, "head").contains("pushed-meanwhile"));
    // A requirement means what it meant.
    let newer = || {
        laptop.file(ENV, "TOKEN=of-the-newest\n").cstore(["push", "-v", "v1.2.0"]).run().succeeds();
    };
    agreed_when(laptop.cstore(["promote", "^1", "--to", "shop"]), "v1.1.0", newer).succeeds().says("v1.1.0 of shop in");
}

/// Has a manifest say something else.
fn rewritten(bucket: &Bucket, key: &str, change: impl FnOnce(&mut serde_json::Value)) {
    let mut manifest = bucket.get(key).json();
    change(&mut manifest);
    bucket.put(key, manifest.to_string(), &[]);
}

#[test]
fn what_somebody_agreed_to_is_promoted_with_the_settings_that_it_had() {
    type Change = fn(&mut serde_json::Value);
    let changes: [Change; 4] = [
        |manifest| manifest["files"][0]["type"] = json!("raw"),
        |manifest| manifest["files"][0]["tags"] = json!(["prod"]),
        |manifest| manifest["files"][0]["alternate_path"] = json!("deploy/run.env"),
        |manifest| manifest["message"] = json!("Reviewed by Mona"),
    ];
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    for change in changes {
        let exchange = || rewritten(&bucket, "shop-dev/.cstore/versions/v1.0.0.json", change);
        let promote = laptop.cstore(["promote", "v1.0.0", "--to", "shop"]);
        let ran = agreed_when(promote, "+ service/.env", exchange).fails(5);
        ran.says("types, tags or alternate paths, or the message, have been changed").says("Nothing was promoted.");
    }
    assert!(bucket.find("shop/.cstore/versions/v1.0.0.json").is_none());
    // What it is by now can be agreed to, and is.
    agreed_when(laptop.cstore(["promote", "v1.0.0", "--to", "shop"]), "+ service/.env", || ()).succeeds();
    assert_eq!(bucket.get("shop/.cstore/versions/v1.0.0.json").json()["files"][0]["tags"], json!(["prod"]));
}

#[test]
fn an_overwrite_that_somebody_agreed_to_replaces_what_was_shown_alone() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    let other = Laptop::new(&bucket);
    let push = |version: &str, text: &str| {
        other.file(ENV, text).cstore(["push", ENV, "-v", version, "--overwrite"]).run().succeeds();
    };
    for version in ["head", "v1.0.0"] {
        push(version, "TOKEN=of-production\n");
        let to = format!("shop@{version}");
        let promote = || laptop.cstore_with(["promote", "v1.1.0", "--to", &to, "--overwrite"].map(ToOwned::to_owned));
        let ran = agreed_when(promote(), "+ ADDED", || push(version, "TOKEN=pushed-meanwhile\nOTHERS=own-value\n"));
        ran.fails(4).says("meanwhile").says("The destination, ");
        assert!(pulled(&bucket, version).contains("own-value"), "{version}");
        agreed_when(promote(), "- OTHERS", || ()).succeeds();
        assert!(pulled(&bucket, version).contains("anglerfish"), "{version}");
    }
    // So does a push of a version.
    let push_over = || {
        laptop.file(ENV, NEW);
        laptop.cstore(["push", "-v", "v1.0.0", "--overwrite"])
    };
    let meanwhile = || {
        let dev = Laptop::new(&bucket).with_env("CSTORE_CONTEXT", "shop-dev");
        dev.file(ENV, "OTHERS=own-value\n").cstore(["push", ENV, "-v", "v1.0.0", "--overwrite"]).run().succeeds();
    };
    agreed_when(push_over(), "Who has pulled it keeps the old content.", meanwhile).fails(4).says("meanwhile");
    agreed_when(push_over(), "- OTHERS", || ()).succeeds();
}

#[test]
fn an_overwrite_goes_over_what_another_tool_has_left_in_a_head_unless_it_changes() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    let other = Laptop::new(&bucket);
    other.file(ENV, "TOKEN=of-production\n").cstore(["push", ENV]).run().succeeds();
    let key = format!("shop/{ENV}");
    bucket.put(&key, "TOKEN=of-another-tool\n", &[]);
    let promote = || laptop.cstore(["promote", "v1.1.0", "--to", "shop@head", "--overwrite"]);
    let again = || bucket.put(&key, "TOKEN=of-another-tool-once-more\n", &[]);
    agreed_when(promote(), "Promote to the head of shop", || drop(again())).fails(4);
    agreed_when(promote(), "Promote to the head of shop", || ()).succeeds();
    assert!(pulled(&bucket, "head").contains("anglerfish"));
}

#[test]
fn a_quiet_question_is_shown_with_its_source_and_with_settings_that_change() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    laptop.cstore(["promote", "head", "--to", "shop"]).run().succeeds();
    rewritten(&bucket, "shop-dev/.cstore/head.json", |manifest| manifest["files"][0]["tags"] = json!(["prod"]));
    let asked = laptop.cstore(["promote", "head", "--to", "shop", "-q"]).on_a_terminal();
    let asked = asked.sees("From the head of shop-dev in s3://").sees("~ service/.env (").sees("Promote to the head");
    asked.types("y").ended().succeeds();
}

#[test]
fn files_that_only_the_destination_has_are_named_and_stay() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    let other = Laptop::new(&bucket);
    other.file("own.env", "OWN=own-value\n").cstore(["push", "own.env"]).run().succeeds();
    let ran = laptop.cstore(["promote", "head", "--to", "shop"]).run().succeeds();
    ran.says("The head of shop also has files that the head of shop-dev").says("They stay as they are: own.env.");
    assert!(pulled(&bucket, "head").contains("own-value"));
}

#[test]
fn places_that_are_named_in_full_need_no_catalog() {
    let (bucket, other) = (Bucket::versioned(), Bucket::versioned());
    laptop(&bucket);
    let bare = Laptop::without_bucket(&bucket);
    bare.plain_file(".git/HEAD", "ref: refs/heads/main\n");
    let from = format!("s3://{}/shop-dev@v1.0.0", bucket.name());
    let to = format!("s3://{}/shop", other.name());
    let ran = bare.cstore_with(["promote", &from, "--to", &to, "--json"].map(str::to_owned)).run().succeeds();
    let document = ran.json();
    assert_eq!(
        document["promoted_from"],
        json!({"context": "shop-dev", "bucket": bucket.name(), "version": "v1.0.0"}),
        "{document}"
    );
    assert_eq!((&document["bucket"], &document["version"]), (&json!(other.name()), &json!("v1.0.0")));
    assert_eq!(document["changes"][ENV]["file"], "added");
    assert_eq!(bare.workspace().files(), [".git/HEAD"], "nothing is written here");
    // A bare version is one of the catalog's context, and there is none.
    let ran = bare.cstore_with(["promote", "v1.0.0", "--to", &to].map(str::to_owned)).run().fails(2);
    ran.says("cstore init");
}

/// As the Go cStore's contexts may have.
#[test]
fn a_context_of_several_segments_is_named_with_its_bucket() {
    let (bucket, other) = (Bucket::versioned(), Bucket::versioned());
    let laptop = Laptop::new(&bucket).without_env("CSTORE_CONTEXT");
    let catalog = format!("version: v4\ncontext: clob/dev\nfiles:\n- path: {ENV}\n  store: aws-s3\n  type: env\n");
    laptop.plain_file("cstore.yml", catalog);
    laptop.file(ENV, OLD).cstore(["push", "-v", "v1.0.0"]).run().succeeds();
    let bare = Laptop::without_bucket(&bucket);
    let from = format!("s3://{}/clob/dev@v1.0.0", bucket.name());
    let promote = |to: &str| {
        let to = format!("s3://{}/{to}", other.name());
        bare.cstore_with(["promote", &from, "--to", &to, "-y"].map(str::to_owned)).run()
    };
    promote("clob/prod").succeeds().says("Promoted to v1.0.0 of clob/prod in s3://");
    assert_eq!(other.get("clob/prod/v1.0.0/service/.env").text(), OLD);
    promote("clob/prod").succeeds().says("Nothing has changed in v1.0.0 of clob/prod");
    // A version, written as a part of a path.
    promote("clob/v1.0.0").fails(2).says("CONTEXT@VERSION");
    laptop.cstore(["promote", "v1.0.0", "--to", "clob/prod"]).run().fails(2).says("clob/prod");
}

#[test]
fn a_catalog_stays_as_it_is_and_the_folder_s_commit_is_nobody_s() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    let before = laptop.workspace().read("cstore.yml");
    laptop.cstore(["promote", "v1.0.0", "--to", "shop", "--author", "Mona"]).run().succeeds();
    assert_eq!(laptop.workspace().read("cstore.yml"), before);
    let manifest = bucket.get("shop/.cstore/versions/v1.0.0.json").json();
    assert_eq!(manifest["source"], json!({"author": "Mona"}));
}

#[test]
fn what_cannot_be_promoted_is_said_in_a_person_s_words() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    for (line, code, said) in [
        (&["promote", "v1.0.0"][..], 2, "`--to` is not set"),
        (&["promote"], 2, "`REF` is not set"),
        (&["promote", ".", "--to", "shop"], 2, "`REF` is `.`, the files here"),
        (&["promote", "v1.0.0", "--to", "v2.0.0"], 2, "write the context before it"),
        (&["promote", "v1.0.0", "--to", "shop-dev"], 2, "`--to` is the same as the source"),
        (&["promote", "v7", "--to", "shop"], 6, "Name one of these"),
        (
            &["promote", "v1.0.0", "--to", "s3://conf-mispelt/shop"],
            6,
            "Check the bucket in `--to` (without one, `--bucket`",
        ),
        (&["promote", "s3://conf-mispelt/dev@v1.0.0", "--to", "shop"], 6, "Check the bucket in `REF`"),
        (&["promote", "v1.0.0", "--to", "shop", "--expect", "sha256:0"], 2, "`--expect`"),
    ] {
        laptop.cstore_with(line.iter().map(|word| (*word).to_owned())).run().fails(code).says(said);
    }
    laptop.cstore(["promote", "v1.1.0", "--to", "shop@v1.0.0"]).run().succeeds();
    let ran = laptop.cstore(["promote", "v1.0.0", "--to", "shop"]).run().fails(4);
    ran.says("`--to CONTEXT@VERSION`").says("`--overwrite`").does_not_say("`to:");
    laptop.cstore(["promote", "v1.0.0", "--to", "shop", "--overwrite"]).run().succeeds();
}

#[test]
fn rule_13s_options_have_no_variable() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    let typed = laptop.cstore(["promote", "v1.0.0", "--to", "shop"]).env("CSTORE_TO", "other").env("CSTORE_FROM", "v9");
    typed.env("CSTORE_EXPECT", "sha256:0").env("CSTORE_OVERWRITE", "true").run().succeeds().says("v1.0.0 of shop in");
    laptop.cstore(["promote", "v1.0.0"]).env("CSTORE_TO", "other").run().fails(2).says("`--to` is not set");
}

#[test]
fn a_profile_of_its_own_reads_the_source() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    let aws = laptop.home().join(".aws");
    std::fs::create_dir_all(&aws).unwrap();
    let credentials = "[dev]\naws_access_key_id = AKIAOFDEV\naws_secret_access_key = secret-of-dev\n";
    std::fs::write(aws.join("credentials"), credentials).unwrap();
    let proxy = Proxy::start();
    let typed = laptop.cstore(["promote", "v1.0.0", "--to", "shop", "--from-profile", "dev"]);
    typed.env("AWS_ENDPOINT_URL_S3", &proxy.endpoint()).run().succeeds();
    for seen in proxy.requests() {
        let is_of_dev = seen.header("authorization").unwrap().contains("Credential=AKIAOFDEV/");
        assert_eq!(is_of_dev, seen.key.starts_with("shop-dev/"), "{} {}?{}", seen.method, seen.key, seen.query);
    }
    laptop.cstore(["promote", "v1.0.0", "--to", "shop", "--from-profile", "dve"]).run().fails(3).says("The source,");
}

#[test]
fn who_may_not_read_the_source_is_told_how_to_name_others_who_may() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    let proxy = Proxy::start();
    proxy.on(get("shop-dev/v1.0.0/service/.env").for_ever(), Fault::s3(403, "AccessDenied", "Access Denied"));
    let typed = laptop.cstore(["promote", "v1.0.0", "--to", "shop"]).env("AWS_ENDPOINT_URL", &proxy.endpoint());
    typed.run().fails(3).says("Nothing was promoted.").says("`--from-role-to-assume`").says("`--from-profile`");
    assert!(bucket.keys().iter().all(|key| !key.starts_with("shop/")));
}

#[test]
fn what_is_typed_wrong_is_told_before_a_catalog_is_missed_or_not_trusted() {
    let bucket = Bucket::missing();
    let without = Laptop::without_bucket(&bucket).without_env("CSTORE_CONTEXT");
    let untrusted = Laptop::without_bucket(&bucket).without_env("CSTORE_CONTEXT");
    untrusted
        .plain_file("cstore.yml", "version: v4\ncontext: shop\ndata:\n  AWS_S3_BUCKET: another-bucket\nfiles: []\n");
    for (laptop, later) in [(without, "There is no cstore.yml"), (untrusted, "--trust")] {
        for (words, flag) in [
            (&["promote", "v1.0.0", "--to", ":latest"][..], "--to"),
            (&["promote", "v1.0.0", "--to", "a b@v1"], "--to"),
            (&["verify", "--same-keys", "a b@v1", "head"], "--same-keys"),
        ] {
            let ran = laptop.cstore_with(words.iter().map(|word| (*word).to_owned())).run().fails(2);
            ran.says(&format!("`{flag}`")).does_not_say(later);
        }
        laptop.cstore(["promote", "v1.0.0", "--to", ":prod"]).run().fails(2).says(later);
    }
}

#[test]
fn a_head_is_promoted_to_another_bucket() {
    let (bucket, other) = (Bucket::versioned(), Bucket::versioned());
    let laptop = laptop(&bucket);
    let to = format!("s3://{}/shop", other.name());
    let promote = || laptop.cstore_with(["promote", "head", "--to", &to, "--json"].map(str::to_owned)).run().succeeds();
    let ran = promote().says(&format!("Promoted to the head of shop in s3://{}", other.name()));
    let ran = ran.says("1 file of the head of shop-dev in s3://");
    let from = json!({"context": "shop-dev", "bucket": bucket.name(), "version": "head"});
    assert_eq!((&ran.json()["promoted_from"], &ran.json()["bucket"]), (&from, &json!(other.name())));
    assert_eq!(other.get("shop/service/.env").text(), NEW);
    let manifest = other.get("shop/.cstore/head.json").json();
    assert_eq!(manifest["promoted_from"], json!({"context": "shop-dev", "bucket": bucket.name()}), "{manifest}");
    assert!(bucket.keys().iter().all(|key| key.starts_with("shop-dev/")), "{:?}", bucket.keys());
    promote().says("Nothing has changed in the head of shop in s3://");
}

#[test]
fn only_what_was_reviewed_is_promoted_where_its_digest_is_named() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    let digest = |text: &str| {
        let of_file = cstore::name::Digest::from_content(text.as_bytes());
        format!("sha256:{}", cstore::name::Digest::from_content(format!("{of_file}  {ENV}\n").as_bytes()))
    };
    let promote = |from: &str, expect: &str| {
        laptop.cstore_with(["promote", from, "--to", "shop", "--expect", expect].map(str::to_owned)).run()
    };
    for (from, reviewed, other, key) in
        [("v1.0.0", OLD, NEW, "shop/.cstore/versions/v1.0.0.json"), ("head", NEW, OLD, "shop/.cstore/head.json")]
    {
        let ran = promote(from, &digest(other)).fails(5).says("as it was reviewed").says(&digest(reviewed)[7..19]);
        ran.says("Nothing was promoted.");
        assert!(bucket.find(key).is_none(), "{from}");
        promote(from, &digest(reviewed)).succeeds().says("Promoted to");
        assert_eq!(pulled(&bucket, from), reviewed);
    }
}

#[test]
fn a_role_of_its_own_reads_the_source() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    let proxy = Proxy::start();
    let role = "arn:aws:iam::111122223333:role/reader";
    let typed = laptop.cstore(["promote", "v1.0.0", "--to", "shop", "--from-role-to-assume", role]);
    let typed = typed.env("AWS_ENDPOINT_URL_STS", &bucket.server().endpoint());
    typed.env("AWS_ENDPOINT_URL", &proxy.endpoint()).run().succeeds().says("Promoted to v1.0.0 of shop in s3://");
    assert_eq!(bucket.get("shop/v1.0.0/service/.env").text(), OLD);
    for seen in proxy.requests() {
        let is_own = seen.header("authorization").unwrap().contains(&format!("Credential={ACCESS_KEY}/"));
        let is_of_source = seen.key.starts_with("shop-dev/");
        assert_eq!(is_own, !is_of_source, "{} {}?{}", seen.method, seen.key, seen.query);
        let owner = is_of_source.then_some("111122223333");
        assert_eq!(seen.header("x-amz-expected-bucket-owner"), owner, "{} {}", seen.method, seen.key);
    }
}
