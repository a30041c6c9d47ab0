//! `command: promote`: what was published in one place is published in another, as it is.

use serde_json::{Value, json};

use crate::harness::proxy::{Fault, request};
use crate::harness::{Action, Bucket, KmsKey, Proxy};
use crate::story::{VERSION, error_of};

const ENV: &str = "TOKEN=swordfish\nURL=https://shop.example\n";
const FILES: [(&str, &str); 3] =
    [("service/.env", ENV), ("web/config.json", "{\"port\":80}"), ("ca.txt", "-----BEGIN")];

/// A push of these files to the context `shop-dev`.
fn push(bucket: &Bucket, version: &str, files: &[(&str, &str)]) -> Action {
    let catalog: String = files.iter().map(|(path, _)| format!("- path: {path}\n  store: aws-s3\n")).collect();
    let step = Action::push(bucket).version(version).input("context", "shop-dev");
    let step = step.repository_file("cstore.yml", format!("version: v4\ncontext: shop-dev\nfiles:\n{catalog}"));
    files.iter().fold(step, |step, (path, contents)| step.workspace_file(path, contents))
}

/// A bucket in which `shop-dev` has published a version.
fn published() -> Bucket {
    let bucket = Bucket::versioned();
    push(&bucket, VERSION, &FILES).run().succeeds();
    bucket
}

/// A step without a checkout that promotes.
fn promote(bucket: &Bucket, from: &str, to: &str) -> Action {
    Action::new(bucket).input("command", "promote").input("from", from).input("to", to)
}

/// To the context `shop` of another bucket.
fn shop_in(bucket: &Bucket) -> String {
    format!("s3://{}/shop", bucket.name())
}

fn of_shop_dev(version: &str) -> String {
    format!("shop-dev@{version}")
}

fn manifest(bucket: &Bucket, context: &str, version: &str) -> Value {
    let key = if version == "head" { "head.json".to_owned() } else { format!("versions/{version}.json") };
    bucket.get(&format!("{context}/.cstore/{key}")).json()
}

#[test]
fn a_version_is_copied_to_another_bucket_with_its_bytes_and_its_digest() {
    let (source, destination) = (published(), Bucket::versioned());
    let run = promote(&source, &of_shop_dev(VERSION), &shop_in(&destination)).run().succeeds();
    let [old, new] = [manifest(&source, "shop-dev", VERSION), manifest(&destination, "shop", VERSION)];
    for (one, other) in old["files"].as_array().unwrap().iter().zip(new["files"].as_array().unwrap()) {
        for field in ["path", "type", "size", "sha256", "tags"] {
            assert_eq!(one[field], other[field], "{field}");
        }
        let key = format!("shop/{VERSION}/{}", other["path"].as_str().unwrap());
        let pinned = destination.find_version(&key, other["version_id"].as_str().unwrap()).unwrap();
        let there = source.get(&format!("shop-dev/{VERSION}/{}", one["path"].as_str().unwrap()));
        assert_eq!(pinned.body(), there.body());
        assert_ne!(one["version_id"], other["version_id"], "no pin is copied");
        assert_eq!(pinned.metadata("cstore-push-id"), new["push_id"].as_str());
    }
    assert_eq!(
        new["promoted_from"],
        json!({"context": "shop-dev", "version": VERSION, "bucket": source.name()}),
        "{new:#}"
    );
    let pulled = Action::pull(&destination).version(VERSION).run().succeeds();
    assert_eq!(pulled.output("config-integrity"), "verified");
    for (name, expected) in [
        ("config-context", "shop"),
        ("config-version", VERSION),
        ("config-bucket", destination.name()),
        ("config-digest", pulled.output("config-digest")),
        ("config-changed", "true"),
    ] {
        assert_eq!(run.output(name), expected, "{name}");
    }
    assert_eq!(run.json_output("config-files"), json!(["ca.txt", "service/.env", "web/config.json"]));
    assert_eq!(run.json_output("config-keys"), json!(["TOKEN", "URL", "port"]));
    assert_eq!(run.json_output("config-changes")["service/.env"]["added"], json!(["TOKEN", "URL"]));
    let from = format!("{VERSION} of shop-dev in s3://{}", source.name());
    let to = format!("Promoted to {VERSION} of shop in s3://{}", destination.name());
    let run = run.says(&to).says(&format!("From {from}"));
    assert!(run.summary.contains("Promoted from") && run.summary.contains(&from), "{}", run.summary);
}

#[test]
fn what_the_source_recorded_of_its_files_is_copied_but_not_its_key() {
    let (source, destination) = (Bucket::versioned(), Bucket::versioned());
    let [of_source, of_destination] = [KmsKey::create(), KmsKey::create()];
    let destination = destination.encrypted_by_default(&of_destination);
    let entry = format!(
        "- path: values.txt\n  store: aws-s3\n  type: yaml\n  tags: [blue, service]\n  alternatePath: etc/values.txt\n  \
         data:\n    AWS_STORE_KMS_KEY_ID: {}\n",
        of_source.id
    );
    let catalog = format!("version: v4\ncontext: shop-dev\nfiles:\n{entry}");
    let step = Action::push(&source).version(VERSION).input("context", "shop-dev");
    step.repository_file("cstore.yml", catalog).workspace_file("values.txt", "name: of-the-shop\n").run().succeeds();
    promote(&source, &of_shop_dev(VERSION), &shop_in(&destination)).run().succeeds();
    let new = manifest(&destination, "shop", VERSION);
    let file = &new["files"][0];
    assert_eq!((&file["type"], &file["tags"]), (&json!("yml"), &json!(["blue", "service"])), "{file}");
    assert_eq!((&file["alternate_path"], &file["kms_key"]), (&json!("etc/values.txt"), &Value::Null), "{file}");
    let object = destination.get(&format!("shop/{VERSION}/values.txt"));
    assert_eq!(object.kms_key(), Some(of_destination.arn.as_str()));
    assert_eq!(object.metadata("cstore-kms-key"), None);
    assert!(destination.find("shop/.cstore/settings.json").is_none(), "nobody named a key");
    // The destination's own settings do count, and what an input says.
    let named = KmsKey::create();
    let step = promote(&source, &of_shop_dev(VERSION), &format!("{}@v2", shop_in(&destination)));
    step.input("kms-key-id", &named.id).run().succeeds();
    promote(&source, &of_shop_dev(VERSION), &format!("{}@v3", shop_in(&destination))).run().succeeds();
    for version in ["v2", "v3"] {
        let file = manifest(&destination, "shop", version)["files"][0].clone();
        assert_eq!(file["kms_key"], json!(named.id), "{version}: {file}");
    }
}

#[test]
fn a_version_can_get_another_name_and_the_head_can_become_one() {
    let bucket = published();
    push(&bucket, "head", &[("service/.env", "TOKEN=of-the-head\n")]).run().succeeds();
    promote(&bucket, &of_shop_dev("^1"), "shop@v9.0.0").run().succeeds();
    promote(&bucket, &of_shop_dev("head"), "shop-dev@v2.0.0").run().succeeds().says("Compared with v1.0.0");
    promote(&bucket, &of_shop_dev("v2.0.0"), "shop@head").run().succeeds();
    let from = |context: &str, version: &str| manifest(&bucket, context, version)["promoted_from"].clone();
    assert_eq!(from("shop", "v9.0.0")["version"], VERSION);
    assert_eq!(from("shop-dev", "v2.0.0"), json!({"context": "shop-dev", "bucket": bucket.name()}));
    assert_eq!(from("shop", "head")["version"], "v2.0.0");
    // A push of the head over it is nobody's copy.
    let step = Action::push(&bucket).files(&["web/.env"]).workspace_file("web/.env", "PORT=12345678\n");
    step.input("context", "shop").run().succeeds();
    assert_eq!(from("shop", "head"), Value::Null);
}

#[test]
fn a_head_gets_the_sources_files_beside_those_that_it_has() {
    let bucket = Bucket::versioned();
    push(&bucket, "head", &FILES).run().succeeds();
    let own = Action::push(&bucket).input("context", "shop").files(&["own/.env", "service/.env"]);
    own.workspace_file("own/.env", "OWN=own-value\n").workspace_file("service/.env", "TOKEN=older\n").run().succeeds();
    let run = promote(&bucket, &of_shop_dev("head"), "shop").run().succeeds();
    let head = manifest(&bucket, "shop", "head");
    let paths: Vec<_> = head["files"].as_array().unwrap().iter().map(|file| file["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["ca.txt", "own/.env", "service/.env", "web/config.json"]);
    let pulled = Action::pull(&bucket).input("context", "shop-dev").run().succeeds();
    assert_eq!(run.output("config-digest"), pulled.output("config-digest"), "of what was promoted");
    let changes = run.json_output("config-changes");
    assert_eq!(
        (&changes["service/.env"]["file"], &changes["service/.env"]["changed"], &changes["own/.env"]),
        (&json!("changed"), &json!(["TOKEN"]), &Value::Null),
        "{changes}"
    );
}

#[test]
fn the_same_again_changes_nothing_and_other_content_is_refused() {
    let (source, destination) = (published(), Bucket::versioned());
    let step = || promote(&source, &of_shop_dev(VERSION), &shop_in(&destination));
    step().run().succeeds();
    let before = destination.versions().len();
    let run = step().run().succeeds().says("Nothing has changed");
    assert_eq!((run.output("config-changed"), run.output("config-changes")), ("false", "{}"));
    assert_eq!(destination.versions().len(), before);
    push(&source, "v1.1.0", &FILES[..1]).run().succeeds();
    let other = || promote(&source, &of_shop_dev("v1.1.0"), &format!("{}@{VERSION}", shop_in(&destination)));
    let run = other().run().fails(4);
    let place = format!("The destination, {VERSION} of shop in s3://{}", destination.name());
    run.says("Version exists").says(&place).says("web/config.json is gone").says("`to: CONTEXT@VERSION`");
    assert_eq!(destination.versions().len(), before);
    let run = other().input("overwrite", "true").run().succeeds();
    assert_eq!(run.json_output("config-changes")["web/config.json"]["file"], "removed");
    assert_eq!(manifest(&destination, "shop", VERSION)["promoted_from"]["version"], "v1.1.0");
}

#[test]
fn only_what_was_reviewed_is_promoted_where_its_digest_is_named() {
    let (source, destination) = (published(), Bucket::versioned());
    let reviewed = Action::pull(&source).input("context", "shop-dev").version(VERSION).run().succeeds();
    let reviewed = reviewed.output("config-digest").to_owned();
    let step = |from: &str| promote(&source, from, &shop_in(&destination)).input("expect", &reviewed);
    push(&source, "head", &FILES[..2]).run().succeeds();
    let run = step(&of_shop_dev("head")).run().fails(5);
    run.says("Digest differs").says(&reviewed).says("The source, the head of shop-dev").says("Nothing was promoted.");
    assert!(destination.keys().is_empty(), "{:?}", destination.keys());
    step(&of_shop_dev(VERSION)).run().succeeds();
    let bad = promote(&source, &of_shop_dev(VERSION), "shop").input("expect", "sha256:abc").run().fails(2);
    bad.says("`expect`").says("sha256:0123…");
}

#[test]
fn a_source_that_is_not_whole_is_not_promoted() {
    let (source, destination) = (published(), Bucket::versioned());
    let step = |from: &str| promote(&source, &of_shop_dev(from), &shop_in(&destination)).run();
    let run = step("v7").fails(6).says("The source, v7 of shop-dev").says("Published versions there: v1.0.0.");
    assert_eq!(error_of(&run).title, "Version not found");
    step("^7").fails(6).says("The source, ^7 of shop-dev").says("Published versions there: v1.0.0.");
    step("head").fails(6).says("The source, the head of shop-dev");
    // Claimed, and never published.
    source.delete(&format!("shop-dev/.cstore/versions/{VERSION}.json"));
    step(VERSION).fails(6).says("is not published").says("a push that has not finished");
    // With a pin that leads nowhere, and without one.
    push(&source, VERSION, &FILES).run().succeeds();
    for version in source.versions().iter().filter(|version| version.key.ends_with("service/.env")) {
        source.delete_version(&version.key, &version.version_id);
    }
    step(VERSION).fails(6).says("names files of version v1.0.0 that are gone").says("Nothing was promoted.");
    let unpinned = Bucket::unversioned();
    push(&unpinned, VERSION, &FILES).run().succeeds();
    unpinned.put(&format!("shop-dev/{VERSION}/service/.env"), "TOKEN=mackerel\n", &[]);
    let run = promote(&unpinned, &of_shop_dev(VERSION), &shop_in(&destination)).run().fails(5);
    run.says("Content does not match").says("The source, v1.0.0 of shop-dev");
    unpinned.put(&format!("shop-dev/.cstore/versions/{VERSION}.json"), "{", &[]);
    promote(&unpinned, &of_shop_dev(VERSION), &shop_in(&destination)).run().fails(5).says("cannot be trusted");
    assert!(destination.keys().is_empty(), "{:?}", destination.keys());
}

#[test]
fn what_another_tool_wrote_into_a_head_is_not_promoted() {
    let (source, destination) = (Bucket::versioned(), Bucket::versioned());
    push(&source, "head", &FILES).run().succeeds();
    source.put("shop-dev/service/.env", "TOKEN=of-the-go-tool\n", &[]);
    let run = promote(&source, &of_shop_dev("head"), &shop_in(&destination)).run().fails(5);
    run.says("shop-dev/service/.env is not what its manifest says").does_not_say("`digest`");
    assert!(destination.keys().is_empty(), "{:?}", destination.keys());
}

#[test]
fn who_was_denied_at_which_side_is_said() {
    let (source, destination) = (published(), Bucket::versioned());
    let denied = || Fault::s3(403, "AccessDenied", "Access Denied");
    for (method, key, code, side) in [
        ("GET", "shop-dev/.cstore/versions/", 3, "The source, v1.0.0 of shop-dev"),
        ("GET", "shop-dev/v1.0.0/web/config.json", 3, "The source, v1.0.0 of shop-dev"),
        ("PUT", "shop/.cstore/claims/", 3, "The destination, v1.0.0 of shop"),
        ("PUT", "shop/v1.0.0/web/config.json", 3, "The destination, v1.0.0 of shop"),
        ("PUT", "shop/.cstore/versions/", 3, "The destination, v1.0.0 of shop"),
    ] {
        let proxy = Proxy::start();
        proxy.on(request(method, key).for_ever(), denied());
        let run = promote(&source, &of_shop_dev(VERSION), &shop_in(&destination)).through(&proxy).run().fails(code);
        let other = if side.contains("source") { "The destination," } else { "The source," };
        let run = run.says("Access denied").says(side).does_not_say(other).does_not_say("This push");
        if side.contains("source") {
            run.says("Nothing was promoted.").says("`from-role-to-assume`");
            let puts = proxy.requests().into_iter().filter(|seen| seen.method == "PUT").count();
            assert_eq!(puts, 0);
        } else if !key.contains("claims") {
            run.says("nothing of this promotion is published").says("Running the same promotion again finishes it");
        }
    }
    promote(&source, &of_shop_dev(VERSION), &shop_in(&destination)).run().succeeds();
}

#[test]
fn a_bucket_that_is_not_there_is_said_to_be_the_source_or_the_destination() {
    let (bucket, missing) = (published(), Bucket::missing());
    promote(&bucket, &of_shop_dev(VERSION), &shop_in(&missing)).run().fails(6).says("The destination,");
    promote(&bucket, &format!("{}@v1", shop_in(&missing)), "shop").run().fails(6).says("The source,");
}

#[test]
fn inputs_that_do_not_say_what_to_promote_where_are_refused_before_any_request() {
    let bucket = published();
    let from = of_shop_dev(VERSION);
    let step = |from: &str, to: &str| promote(&bucket, from, to);
    let proxy = Proxy::start();
    for (step, said) in [
        (step("", "shop"), "`from` is not set"),
        (step(".", "shop"), "`from` is `.`, the files here"),
        (step("shop-dev@", "shop"), "`from` cannot be used"),
        (step("s3://NO/shop-dev@v1", "shop"), "`from`"),
        (step(&from, ""), "`to` is not set"),
        (step(&from, "."), "`to` cannot be used"),
        (step(&from, "head"), "write the context before it"),
        (step(&from, "v2.0.0"), "write the context before it"),
        (step(&from, "shop@latest"), "\"latest\", which is not the name of a version"),
        (step(&from, "shop@^1"), "\"^1\", which is not the name of a version"),
        (step(&from, "s3://NO/shop"), "\"NO\", which is not a valid bucket name"),
        (step(&from, "shop").version("v1.0.0"), "`version` is not for `command: promote`. Set `from` instead."),
        (step(&from, "shop").files(&["a"]), "`files` is not for `command: promote`. Remove it."),
        (step(&from, "shop").input("tags", "a"), "`tags` is not for `command: promote`. Remove it."),
        (step(&from, "shop").input("from-role-to-assume", "puller"), "`from-role-to-assume`"),
        (step(&from, "shop").input("digest", "sha256:0"), "`digest` belongs to `command: pull`"),
        (
            step("", "").input("command", "pull").input("expect", "x"),
            "`expect` is not for `command: pull`. Remove it. It is for the commands promote, rollback.",
        ),
    ] {
        step.through(&proxy).run().fails(2).says(said);
    }
    assert!(proxy.requests().iter().all(|seen| seen.method == "POST"), "{:?}", proxy.lines());
    let itself = step(&from, "shop-dev").run().fails(2);
    itself.says("`to` is the same as the source").says("shop@v1.5.0");
}

#[test]
fn a_workflow_for_a_tag_says_itself_what_is_promoted() {
    let bucket = published();
    promote(&bucket, &of_shop_dev(VERSION), "shop").tag("v5.0.0").run().succeeds();
    assert!(bucket.find(&format!("shop/.cstore/versions/{VERSION}.json")).is_some());
}

#[test]
fn a_message_is_the_steps_else_what_the_version_was_pushed_with() {
    let bucket = Bucket::versioned();
    push(&bucket, VERSION, &FILES).input("message", "New database").run().succeeds();
    promote(&bucket, &of_shop_dev(VERSION), "shop").run().succeeds();
    promote(&bucket, &of_shop_dev(VERSION), "shop@v2").input("message", "For the sale").run().succeeds();
    promote(&bucket, &of_shop_dev(VERSION), "shop@head").run().succeeds();
    for (version, message) in [(VERSION, "New database"), ("v2", "For the sale"), ("head", "New database")] {
        assert_eq!(manifest(&bucket, "shop", version)["message"], message, "{version}");
    }
}

#[test]
fn a_dry_run_says_what_would_change_and_writes_nothing() {
    let (source, destination) = (published(), Bucket::unversioned());
    let run = promote(&source, &of_shop_dev(VERSION), &shop_in(&destination)).input("dry-run", "true").run();
    let run = run.succeeds().says("Would promote to v1.0.0 of shop");
    assert_eq!(run.json_output("config-changes")["ca.txt"], json!({"file": "added"}));
    assert!(destination.keys().is_empty());
}

#[test]
fn a_show_tells_what_a_version_was_promoted_from() {
    let bucket = published();
    promote(&bucket, &of_shop_dev(VERSION), "shop").run().succeeds();
    let run = Action::new(&bucket).input("command", "show").version(VERSION).run().succeeds();
    let run = run.says(&format!("From: {VERSION} of shop-dev in s3://{}", bucket.name()));
    let shown = run.json_output("config-versions");
    let from = json!({"context": "shop-dev", "bucket": bucket.name(), "version": VERSION});
    assert_eq!(shown[0]["promoted_from"], from, "{shown}");
}
