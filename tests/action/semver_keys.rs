//! `semver-keys`: the keys of a full version are what its number promises.

use crate::harness::proxy::request;
use crate::harness::{Action, Bucket, Proxy};
use crate::story::{error_of, titled};

const ENV: &str = "service/.env";

fn push(bucket: &Bucket, version: &str, text: &str) -> Action {
    Action::push(bucket).version(version).input("context", "shop").files(&[ENV]).workspace_file(ENV, text)
}

fn require(bucket: &Bucket, version: &str, text: &str) -> Action {
    push(bucket, version, text).input("semver-keys", "require")
}

/// A bucket with a version.
fn published(version: &str, text: &str) -> Bucket {
    let bucket = Bucket::versioned();
    push(&bucket, version, text).run().succeeds();
    bucket
}

#[test]
fn what_a_number_does_not_allow_is_refused_before_anything_is_sent() {
    let old = "PORT=8080\nHOST=shop.example.com\nURL=https://shop.example.com\n";
    let bucket = published("v1.2.3", old);
    let before = bucket.versions();
    for (version, text, said) in [
        ("v1.2.4", "PORT=9090\nURL=https://shop.example.com\n", "v1.2.4 lacks these keys: service/.env: HOST"),
        ("v1.9.0", "PORT=9090\nURL=https://shop.example.com\n", "v1.9.0 lacks these keys: service/.env: HOST"),
        ("v1.3.0", &old.replace("8080", "http"), "types of these values: service/.env: PORT (text was number)"),
        ("v1.3.0", &old.replace("https://", ""), "types of these values: service/.env: URL (text was URL)"),
        ("v1.2.4", &format!("{old}NEW=words-of-the-shop\n"), "v1.2.4 adds these keys: service/.env: NEW"),
    ] {
        let proxy = Proxy::start();
        let run = require(&bucket, version, text).through(&proxy).run().fails(8);
        let error = error_of(&run);
        assert_eq!(error.title, "Version number");
        assert!(error.message.contains(said), "{said:?} is not in {}", error.message);
        let takes = if text.contains("NEW") { "takes a new minor version" } else { "takes a new major version" };
        assert!(error.message.contains(takes), "{takes:?} is not in {}", error.message);
        assert!(error.message.contains("Nothing was sent."), "{}", error.message);
        assert!(run.outputs.is_empty(), "{:?}", run.outputs);
        assert!(proxy.requests().iter().all(|request| request.method == "GET"), "{version}");
        assert_eq!(bucket.versions(), before, "{version}");
    }
    for (version, text) in [
        ("v1.2.4", "PORT=9090\nHOST=other.example.com\nURL=http://other.example.com\n"),
        ("v1.3.0", "PORT=9090\nHOST=other.example.com\nURL=http://other.example.com\nNEW=words-of-the-shop\n"),
        ("v2.0.0", "OTHER=words-of-the-shop\n"),
        ("v1.3.1-rc.1", "OTHER=words-of-the-shop\n"),
        ("release", "OTHER=words-of-the-shop\n"),
    ] {
        require(&bucket, version, text).run().succeeds().output("config-changed");
    }
}

#[test]
fn below_one_a_patch_may_add_and_a_minor_version_may_break() {
    let bucket = published("v0.2.0", "PORT=8080\n");
    require(&bucket, "v0.2.1", "OTHER=words-of-the-shop\n").run().fails(8).says("takes a new minor version");
    require(&bucket, "v0.2.1", "PORT=8080\nOTHER=words-of-the-shop\n").run().succeeds();
    require(&bucket, "v0.3.0", "OTHER=words-of-the-shop\n").run().succeeds();
    require(&bucket, "v0.0.1", "PORT=8080\n").run().succeeds();
    require(&bucket, "v0.0.2", "OTHER=words-of-the-shop\n").run().succeeds();
}

#[test]
fn the_version_above_is_looked_at_too_and_a_rerun_is_none() {
    let bucket = published("v1.2.0", "PORT=8080\n");
    push(&bucket, "v1.4.0", "PORT=8080\nNEW=words-of-the-shop\n").run().succeeds();
    let between = require(&bucket, "v1.3.0", "PORT=8080\nNEW=words-of-the-shop\nMORE=words-of-the-shop\n");
    between.run().fails(8).says("Compared with v1.3.0, v1.4.0 lacks these keys: service/.env: MORE");
    require(&bucket, "v1.3.0", "PORT=8080\nNEW=words-of-the-shop\n").run().succeeds();
    // What is published under its name already is as it is.
    let broken = "OTHER=words-of-the-shop\n";
    push(&bucket, "v1.5.0", broken).run().succeeds();
    let again = require(&bucket, "v1.5.0", broken).run().succeeds();
    assert_eq!(again.output("config-changed"), "false");
    require(&bucket, "v1.5.0", broken).input("overwrite", "true").run().fails(8);
}

#[test]
fn it_is_said_and_published_all_the_same_unless_it_is_off() {
    for (setting, is_said) in [("warn", true), ("", true), ("off", false)] {
        let bucket = published("v1.2.3", "PORT=8080\nGONE=words-of-the-shop\n");
        let next = push(&bucket, "v1.2.4", "PORT=8080\n").input("semver-keys", setting);

        let run = next.run().succeeds();
        assert_eq!(run.output("config-changed"), "true");
        let said = titled(&run, "Version number");
        assert_eq!(said.len(), usize::from(is_said), "{setting:?}: {said:?}");
        if let [said] = said.as_slice() {
            assert!(said.contains("Compared with v1.2.3, v1.2.4 lacks these keys: service/.env: GONE."), "{said}");
        }
        // A push that changes nothing says nothing.
        assert!(titled(&next.run().succeeds(), "Version number").is_empty());
        // An overwrite is such a push.
        let over = push(&bucket, "v1.2.4", "PORT=9090\n").input("semver-keys", setting).input("overwrite", "true");
        assert_eq!(titled(&over.run().succeeds(), "Version number").len(), usize::from(is_said), "{setting:?}");
    }
}

#[test]
fn files_that_come_or_go_count_and_a_list_is_one_key() {
    let bucket = Bucket::versioned();
    let files = |version: &str, files: &[(&str, &str)]| {
        let paths: Vec<_> = files.iter().map(|(path, _)| *path).collect();
        let step = Action::push(&bucket).version(version).input("context", "shop").files(&paths);
        let step = step.input("semver-keys", "require");
        files.iter().fold(step, |step, (path, text)| step.workspace_file(path, text))
    };
    files("v1.0.0", &[("a.json", r#"{"hosts": ["first-host"], "port": 1}"#), ("ca.txt", "-----BEGIN")])
        .run()
        .succeeds();
    files("v1.0.1", &[("a.json", r#"{"hosts": ["first-host", "other-host"], "port": 2}"#), ("ca.txt", "-----OTHER")])
        .run()
        .succeeds();
    files("v1.0.2", &[("a.json", r#"{"hosts": ["first-host"], "port": 2}"#)]).run().fails(8).says("files: ca.txt");
    let more = [("a.json", r#"{"hosts": [], "port": 2}"#), ("ca.txt", "-----BEGIN"), ("more.txt", "further-text")];
    files("v1.0.2", &more).run().fails(8).says("v1.0.2 adds these files: more.txt");
    files("v1.1.0", &more).run().succeeds();
}

#[test]
fn a_file_that_is_not_read_any_more_has_lost_its_keys() {
    let bucket = published("v1.2.0", "PORT=8080\n");
    let raw = |step: Action| step.input("types", "service/.env = raw");
    // The same bytes, and others.
    for text in ["PORT=8080\n", "PORT=9090\n"] {
        let run = raw(require(&bucket, "v1.2.1", text)).run().fails(8);
        run.says("Compared with v1.2.0, v1.2.1 lacks these keys: service/.env: PORT.").says("a new major version");
    }
    raw(require(&bucket, "v2.0.0", "PORT=8080\n")).run().succeeds();
    // Its first keys are new ones.
    let read = |version: &str| require(&bucket, version, "PORT=8080\n");
    read("v2.0.1").run().fails(8).says("v2.0.1 adds these keys: service/.env: PORT.");
    read("v2.1.0").run().succeeds();
    let warned = raw(push(&bucket, "v2.1.1", "PORT=8080\n")).run().succeeds();
    let said = titled(&warned, "Version number");
    assert!(said.len() == 1 && said[0].contains("lacks these keys: service/.env: PORT"), "{said:?}");
}

#[test]
fn a_value_of_another_type_is_named_with_both() {
    for (path, old, new, said) in [
        (ENV, "KEY=true\n", "KEY=words-of-the-shop\n", "text was boolean"),
        (ENV, "KEY={\"host\": \"first-host\"}\n", "KEY=words-of-the-shop\n", "text was JSON"),
        (ENV, "KEY=[\"first-host\"]\n", "KEY=8080\n", "number was list"),
        ("a.json", r#"{"KEY": "first-host"}"#, r#"{"KEY": ["first-host"]}"#, "list was text"),
        ("a.json", r#"{"KEY": ["first-host"]}"#, r#"{"KEY": "first-host"}"#, "text was list"),
        ("a.json", r#"{"KEY": true}"#, r#"{"KEY": 8080}"#, "number was boolean"),
    ] {
        let bucket = Bucket::versioned();
        let push = |version: &str, text: &str| {
            let step = Action::push(&bucket).version(version).input("context", "shop").files(&[path]);
            step.workspace_file(path, text).input("semver-keys", "require")
        };
        push("v1.2.0", old).run().succeeds();
        push("v1.3.0", new).run().fails(8).says(&format!("{path}: KEY ({said})"));
        push("v2.0.0", new).run().succeeds();
    }
}

#[test]
fn what_was_pushed_at_the_same_time_is_found_by_verify() {
    let bucket = published("v1.2.0", "PORT=8080\nGONE=words-of-the-shop\n");
    push(&bucket, "v1.2.1", "PORT=8080\n").input("semver-keys", "off").run().succeeds();
    let verify =
        |version: &str| Action::new(&bucket).input("command", "verify").input("context", "shop").version(version);
    for version in ["v1.2.0", "v1.2.1"] {
        verify(version).run().succeeds();
        let run = verify(version).input("semver-keys", "require").run().fails(8);
        run.says("Compared with v1.2.0, v1.2.1 lacks these keys: service/.env: GONE.");
    }
}

#[test]
fn a_promotion_is_a_push_of_its_version() {
    let bucket = published("v1.2.0", "PORT=8080\n");
    push(&bucket, "v1.2.1", "OTHER=words-of-the-shop\n").run().succeeds();
    let promote = |version: &str| {
        let step = Action::new(&bucket).input("command", "promote").input("from", &format!("shop@{version}"));
        step.input("to", "shop-prod").input("semver-keys", "require")
    };
    promote("v1.2.0").run().succeeds();
    promote("v1.2.1").run().fails(8).says("Compared with v1.2.0, v1.2.1 lacks these keys: service/.env: PORT;");
    assert!(bucket.find("shop-prod/.cstore/versions/v1.2.1.json").is_none());
}

#[test]
fn a_refusal_takes_two_trips_of_reads() {
    let bucket = published("v1.2.0", "PORT=8080\n");
    let proxy = Proxy::start();
    // Two lists of names; then the manifest and the file, at the same time.
    proxy.on(request("GET", "shop/").times(2), crate::harness::proxy::Fault::Until(2 + 2));
    require(&bucket, "v1.2.1", "OTHER=words-of-the-shop\n").through(&proxy).run().fails(8);
    assert_eq!(proxy.requests().len(), 2 + 2);
}
