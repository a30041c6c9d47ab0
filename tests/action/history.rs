//! What `list`, `log` and `show` tell of what is published.

use serde_json::{Value, json};

use crate::harness::proxy::{Fault, get};
use crate::harness::{Action, Bucket, Proxy, Run};

/// A step that pushes these files as a version, or into the head.
fn push(bucket: &Bucket, version: Option<&str>, files: &[(&str, &str)]) -> Action {
    let paths: Vec<_> = files.iter().map(|(path, _)| *path).collect();
    let push = Action::push(bucket).input("context", "shop").files(&paths);
    let push = files.iter().fold(push, |push, (path, text)| push.workspace_file(path, text));
    match version {
        Some(version) => push.version(version),
        None => push,
    }
}

/// Three versions and the head, each of which changes something.
fn published() -> Bucket {
    let bucket = Bucket::versioned();
    let first = [("service/.env", "HOST=first-host\nPORT=port-of-all\n"), ("ca.pem", "certificate-one")];
    push(&bucket, Some("v1.0.0"), &first).input("message", "Begin").run().succeeds();
    let second = [("service/.env", "HOST=second-host\nPORT=port-of-all\n"), ("ca.pem", "certificate-one")];
    push(&bucket, Some("v1.1.0"), &second).input("message", "Move\n\nto the other host").run().succeeds();
    let third =
        [("service/.env", "HOST=second-host\nPORT=port-of-all\nNEW=new-value\n"), ("web/.env", "A=value-of-a\n")];
    push(&bucket, Some("v1.10.0"), &third).run().succeeds();
    push(&bucket, None, &[("service/.env", "HOST=third-host\n")]).run().succeeds();
    bucket
}

fn asked(bucket: &Bucket, command: &str) -> Action {
    Action::new(bucket).input("command", command).input("context", "shop")
}

fn versions(run: &Run) -> Vec<Value> {
    run.json_output("config-versions").as_array().unwrap().clone()
}

fn names(run: &Run, field: &str) -> Vec<String> {
    versions(run).iter().map(|version| version[field].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_log_names_who_pushed_what_when_and_why() {
    let bucket = published();
    let run = asked(&bucket, "log").run().succeeds();
    assert_eq!(names(&run, "version"), ["head", "v1.10.0", "v1.1.0", "v1.0.0"]);
    let versions = versions(&run);
    let v1_1 = &versions[2];
    assert_eq!(v1_1["message"], "Move\n\nto the other host");
    assert_eq!((&v1_1["actor"], &v1_1["run_id"]), (&json!("mona"), &json!("1234567890")));
    assert_eq!(v1_1["commit"], "0123456789abcdef0123456789abcdef01234567");
    assert_eq!(v1_1["digest"], run_digest(&bucket, "v1.1.0"));
    assert_eq!(v1_1["compared_with"], "v1.0.0");
    assert_eq!(v1_1["changes"], json!({"service/.env": {"file": "changed"}}));
    let third =
        json!({"service/.env": {"file": "changed"}, "web/.env": {"file": "added"}, "ca.pem": {"file": "removed"}});
    assert_eq!(versions[1]["changes"], third);
    assert_eq!(versions[3]["compared_with"], Value::Null);
    assert_eq!(versions[3]["changes"], json!({"ca.pem": {"file": "added"}, "service/.env": {"file": "added"}}));
    let printed = run.printed();
    let line = printed.lines().find(|line| line.starts_with("v1.1.0 ")).unwrap();
    assert!(line.ends_with("  mona (run 1234567890)  0123456  +0 ~1 -0 files  Move"), "{line}");
    assert!(run.summary.contains("| `v1.10.0` |") && run.summary.contains("`+1 ~1 -1 files`"), "{}", run.summary);
    run.says("The head and all 3 versions of shop");
}

fn run_digest(bucket: &Bucket, version: &str) -> Value {
    let pull = Action::pull(bucket).input("context", "shop").version(version).input("restore-files", "false");
    json!(pull.run().succeeds().output("config-digest"))
}

#[test]
fn a_log_has_as_many_versions_as_are_asked_for() {
    let bucket = published();
    let log = |limit: &str| asked(&bucket, "log").input("limit", limit).run().succeeds();
    let run = log("2");
    assert_eq!(names(&run, "version"), ["head", "v1.10.0"]);
    // The last of them is compared, too.
    assert_eq!(versions(&run)[1]["compared_with"], "v1.1.0");
    run.says("\n… 2 older versions not shown\n");
    assert_eq!(names(&log("1").says("The head of shop in s3://").says("3 older versions"), "version"), ["head"]);
    let all = log("4").does_not_say("not shown");
    assert_eq!((names(&all, "version").len(), &versions(&all)[3]["compared_with"]), (4, &Value::Null));
    assert_eq!(versions(&all)[3]["changes"]["ca.pem"]["file"], "added");
    for limit in ["0", "1001", "many", "-1"] {
        asked(&bucket, "log").input("limit", limit).run().fails(2).says("`limit`").says("from 1 to 1000");
    }
}

#[test]
fn a_log_of_a_key_has_the_versions_that_changed_it() {
    let bucket = published();
    let log = |key: &str| {
        let run = asked(&bucket, "log").input("key", key).run().succeeds();
        versions(&run).iter().map(|version| (version["version"].clone(), version["key"].clone())).collect::<Vec<_>>()
    };
    let of_service = |change: &str| json!({ "service/.env": change });
    assert_eq!(
        log("HOST"),
        [
            (json!("head"), of_service("changed")),
            (json!("v1.1.0"), of_service("changed")),
            (json!("v1.0.0"), of_service("added")),
        ]
    );
    assert_eq!(log("NEW"), [(json!("head"), of_service("removed")), (json!("v1.10.0"), of_service("added"))]);
    assert_eq!(
        log("A"),
        [(json!("head"), json!({"web/.env": "removed"})), (json!("v1.10.0"), json!({"web/.env": "added"}))]
    );
}

#[test]
fn a_log_of_a_key_that_no_version_has_fails() {
    let bucket = published();
    let log = |key: &str| asked(&bucket, "log").input("key", key);
    log("NOWHERE").run().fails(6).says("ever had the config key NOWHERE").says("`list: keys`");
    log("HOSt").run().fails(6).says("Did you mean HOST?");
    let cut = log("NOWHERE").input("limit", "2").run().fails(6);
    cut.says("not in the last 1 version of shop").says("`limit`");
    // A file that cannot be read may have it.
    let damaged = Bucket::unversioned();
    push(&damaged, None, &[(".env", "A=value-of-a\n")]).run().succeeds();
    damaged.delete("shop/.env");
    let run = asked(&damaged, "log").input("key", "NOWHERE").run().succeeds();
    assert_eq!(versions(&run)[0]["key"], Value::Null);
}

#[test]
fn a_version_is_shown_with_what_it_changed() {
    let bucket = published();
    let run = asked(&bucket, "show").version("v1.10.0").run().succeeds();
    assert_eq!(
        (run.output("config-version"), run.output("config-digest")),
        ("v1.10.0", run_digest(&bucket, "v1.10.0").as_str().unwrap())
    );
    assert_eq!(run.json_output("config-files"), json!(["service/.env", "web/.env"]));
    assert_eq!(run.json_output("config-changes")["ca.pem"], json!({"file": "removed"}));
    run.says("Changes: 1 file added, 1 changed, 1 removed, compared with v1.1.0");
    let run = asked(&bucket, "show").version("^1").input("with-keys", "true").run().succeeds();
    let changes = run.json_output("config-changes");
    assert_eq!(changes["service/.env"], json!({"file": "changed", "added": ["NEW"], "changed": [], "removed": []}));
    assert_eq!(changes["web/.env"]["added"], json!(["A"]));
    let run = run.says("~ service/.env\n  + NEW\n+ web/.env\n  + A\n");
    assert!(run.summary.contains("```diff\n~ service/.env\n+   NEW\n"), "{}", run.summary);
    let run = asked(&bucket, "show").version("v1.0.0").input("with-keys", "true").run().succeeds();
    assert_eq!(run.json_output("config-changes")["service/.env"]["added"], json!(["HOST", "PORT"]));
    let run = asked(&bucket, "show").run().succeeds();
    assert_eq!(run.output("config-version"), "head");
    assert_eq!(run.json_output("config-changes")["service/.env"], json!({"file": "changed"}));
}

#[test]
fn a_message_of_several_lines_is_no_command_of_the_runner() {
    let bucket = Bucket::versioned();
    let message = "Begin ::error::x\n::error::x\n##[error]x\n<img src=x> @mona";
    push(&bucket, Some("v1"), &[(".env", "A=value-of-a\n")]).input("message", message).run().succeeds();
    for command in ["log", "show"] {
        let run = asked(&bucket, command).version("v1").run().succeeds();
        assert!(run.messages("error").is_empty(), "{}", run.printed());
        assert_eq!(versions(&run)[0]["message"], message);
        assert!(!run.summary.contains("<img") || run.summary.contains("`"), "{}", run.summary);
    }
}

#[test]
fn versions_are_listed_the_newest_first() {
    let bucket = published();
    push(&bucket, Some("build-7"), &[(".env", "A=value-of-a\n")]).run().succeeds();
    let run = asked(&bucket, "list").input("list", "versions").run().succeeds();
    assert_eq!(names(&run, "version"), ["v1.10.0", "v1.1.0", "v1.0.0", "build-7"]);
    assert!(versions(&run)[0]["stored_at"].as_str().unwrap().ends_with('Z'));
    let run = run.says("4 versions of shop in s3://");
    assert!(run.summary.contains("| `v1.10.0` |"), "{}", run.summary);
}

#[test]
fn files_tags_and_keys_of_a_version_are_listed() {
    let bucket = published();
    let list = |kind: &str| asked(&bucket, "list").input("list", kind).version("v1.10.0").run().succeeds();
    let files = list("files");
    assert_eq!(names(&files, "file"), ["service/.env", "web/.env"]);
    let file = &versions(&files)[0];
    assert_eq!((&file["type"], &file["tags"], &file["size"]), (&json!("env"), &json!(["service"]), &json!(48)));
    assert_eq!(files.output("config-version"), "v1.10.0");
    assert_eq!(names(&list("tags"), "tag"), ["service", "web"]);
    let keys = list("keys");
    assert_eq!(names(&keys, "key"), ["A", "HOST", "NEW", "PORT"]);
    assert_eq!(versions(&keys)[0]["files"], json!(["web/.env"]));
    assert_eq!(keys.json_output("config-keys"), json!(["A", "HOST", "NEW", "PORT"]));
    let web = asked(&bucket, "list").version("v1.10.0").input("tags", "web").run().succeeds();
    assert_eq!(names(&web, "file"), ["web/.env"]);
    asked(&bucket, "list").files(&["nowhere/.env"]).version("v1.10.0").run().fails(6).says("nowhere/.env");
    asked(&bucket, "list").version("v9").run().fails(6).says("v1.10.0");
    asked(&bucket, "list").input("list", "secrets").run().fails(2).says("`list`").says("contexts");
}

#[test]
fn contexts_are_listed_whatever_lies_in_them() {
    let bucket = published();
    push(&bucket, Some("v1"), &[(".env", "A=value-of-a\n")]).input("context", "billing").run().succeeds();
    bucket.put("team/shop/.cstore/head.json", "{}", &[]);
    bucket.put("team/shop/service/.env", "A=value-of-a", &[]);
    bucket.put("old/v1.0.0/service/.env", "A=value-of-a", &[]);
    bucket.put("older/service/dev/.env", "A=value-of-a", &[]);
    bucket.put("loose", "A=value-of-a", &[]);
    bucket.put("odd\u{1b}[31m/x/.env", "A=value-of-a", &[]);
    let run = asked(&bucket, "list").input("list", "contexts").run().succeeds();
    assert_eq!(names(&run, "context"), ["billing", "old", "older", "shop", "team/shop"]);
    let has_manifests: Vec<_> = versions(&run).iter().map(|context| context["manifests"].clone()).collect();
    assert_eq!(has_manifests, [true, false, false, true, true]);
    let nothing = Bucket::versioned();
    let run = asked(&nothing, "list").input("list", "contexts").run().succeeds();
    assert_eq!(versions(&run), [json!(null); 0]);
}

#[test]
fn nothing_that_is_published_is_told_as_such() {
    let bucket = Bucket::versioned();
    for command in ["log", "list"] {
        let run = asked(&bucket, command).input("list", "").run();
        if command == "log" {
            assert_eq!(versions(&run.succeeds().says("Nothing has been pushed to shop in s3://")), [json!(null); 0]);
        } else {
            run.fails(6);
        }
    }
    let run = asked(&bucket, "list").input("list", "versions").run().succeeds();
    assert_eq!(versions(&run.says("No version is published for shop")), [json!(null); 0]);
    asked(&bucket, "show").run().fails(6);
    asked(&bucket, "show").version("v1").run().fails(6);

    push(&bucket, None, &[(".env", "A=value-of-a\n")]).run().succeeds();
    let run = asked(&bucket, "log").run().succeeds().says("No version is published for shop");
    assert_eq!(names(&run, "version"), ["head"]);
    assert_eq!(versions(&run)[0]["changes"], json!({".env": {"file": "added"}}));
    assert_eq!(
        asked(&bucket, "show").run().succeeds().json_output("config-changes"),
        json!({".env": {"file": "added"}})
    );
}

#[test]
fn a_manifest_that_cannot_be_read_hides_no_other() {
    let bucket = published();
    bucket.put("shop/.cstore/versions/v1.1.0.json", "{\"schema\": 1, \"context\": \"\u{1b}[31m\"}", &[]);
    bucket.put("shop/.cstore/versions/v1.0.0.json", "{\"schema\": 9}", &[]);
    bucket.put("shop/.cstore/versions/evil\u{1b}[31m.json", "{}", &[]);
    let run = asked(&bucket, "log").run().succeeds();
    let mut found = names(&run, "version");
    found.sort();
    assert_eq!(found, ["head", "v1.0.0", "v1.1.0", "v1.10.0"]);
    let of = |name: &str| versions(&run).into_iter().find(|version| version["version"] == name).unwrap();
    assert!(of("v1.1.0")["error"].as_str().unwrap().contains("v1.1.0.json"));
    assert!(of("v1.0.0")["error"].as_str().unwrap().contains("schema 9"));
    assert_eq!(of("v1.10.0")["error"], Value::Null);
    assert_eq!(run.messages("warning").len(), 2);
    assert!(!run.printed().contains('\u{1b}'));
    asked(&bucket, "show").version("v1.1.0").run().fails(5).says("v1.1.0.json");
}

#[test]
fn whoever_may_not_list_is_told_so_and_sees_a_version_by_its_name() {
    let bucket = published();
    let denied = || {
        let proxy = Proxy::start();
        proxy.on(get("list-type=2").for_ever(), Fault::s3(403, "AccessDenied", "Access Denied"));
        proxy
    };
    for (command, kind) in [("log", ""), ("list", "versions"), ("list", "contexts")] {
        asked(&bucket, command).input("list", kind).through(&denied()).run().fails(3).says("s3:ListBucket");
    }
    let run = asked(&bucket, "show").version("v1.1.0").through(&denied()).run().succeeds();
    let run = run.says("Message: Move").says("not compared with the version before it: s3:ListBucket was denied");
    assert!(!run.outputs.contains_key("config-changes"));
}

#[test]
fn what_is_purged_meanwhile_is_left_out() {
    let bucket = published();
    let gone = || {
        let proxy = Proxy::start();
        proxy.on(get("versions/v1.1.0.json").for_ever(), Fault::s3(404, "NoSuchKey", "There is no such key."));
        proxy
    };
    let run = asked(&bucket, "log").through(&gone()).run().succeeds();
    assert_eq!(names(&run, "version"), ["head", "v1.10.0", "v1.0.0"]);
    assert_eq!(versions(&run)[1]["compared_with"], "v1.0.0");
    let run = asked(&bucket, "show").version("v1.10.0").through(&gone()).run().succeeds();
    run.says("not compared with v1.1.0");
    asked(&bucket, "show").version("v1.1.0").through(&gone()).run().fails(6);
}

#[test]
fn a_list_of_keys_names_no_value_and_says_which_files_it_lacks() {
    let bucket = Bucket::versioned();
    push(&bucket, Some("v1"), &[("a.json", "{\"A\":\"value-of-a\"}"), ("b.env", "B=value-of-b\n")]).run().succeeds();
    let list = || asked(&bucket, "list").input("list", "keys").version("v1");
    assert_eq!(names(&list().run().succeeds(), "key"), ["A", "B"]);
    let raw = list().input("types", "a.json = raw").run().succeeds();
    assert_eq!(names(&raw, "key"), ["B"]);
    let unread = list().input("types", "b.env = json").run().succeeds();
    assert_eq!(names(&unread, "key"), ["A"]);
    unread.says("their keys are not listed: b.env");
}

/// One more version is read than is shown. Where that one was purged after the listing, others before it are still there.
#[test]
fn a_version_is_not_taken_for_the_first_because_the_one_before_it_is_gone() {
    let bucket = Bucket::versioned();
    for version in ["v1.0.0", "v2.0.0", "v3.0.0", "v4.0.0"] {
        push(&bucket, Some(version), &[(".env", &format!("A=value-of-{version}\n"))]).run().succeeds();
    }
    let proxy = Proxy::start();
    proxy.on(get("versions/v2.0.0.json").for_ever(), Fault::s3(404, "NoSuchKey", "There is no such key."));
    let log = |limit: &str| asked(&bucket, "log").input("limit", limit).through(&proxy).run().succeeds();
    let shown = log("2");
    assert_eq!(names(&shown, "version"), ["v4.0.0", "v3.0.0"]);
    assert_eq!(versions(&shown)[0]["compared_with"], "v3.0.0");
    assert_eq!(versions(&shown)[1]["changes"], Value::Null);
    // Here the one before that is read.
    assert_eq!(versions(&log("3"))[1]["compared_with"], "v1.0.0");
}
