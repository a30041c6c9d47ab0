//! Manifests and channels of a later version of the tool, which say what a reader must understand: no command acts on one.

use serde_json::{Value, json};

use crate::harness::{Action, Bucket};
use crate::story::{VERSION, error_of, published};

/// A file of the version and of the head.
const ENV: &str = "service/.env";
const TEXT: &str = "TOKEN=swordfish-of-the-shop\n";

const OF_VERSION: &str = "shop/.cstore/versions/v1.0.0.json";
const OF_HEAD: &str = "shop/.cstore/head.json";
const OF_CHANNEL: &str = "shop/.cstore/channels/prod.json";

/// A bucket with a version and a head that a later version of the tool has written, which require something there; and with
/// another version, which requires nothing.
fn planted(place: fn(&mut Value) -> &mut Value) -> Bucket {
    let bucket = published(&[(ENV, TEXT)]);
    Action::push(&bucket)
        .version("v0.9.0")
        .files(&[ENV])
        .workspace_file(ENV, "TOKEN=an-older-value\n")
        .run()
        .succeeds();
    for text in ["TOKEN=an-earlier-value\n", TEXT] {
        let head = Action::push(&bucket).version("head").input("context", "shop").files(&[ENV]);
        head.workspace_file(ENV, text).run().succeeds();
    }
    for key in [OF_VERSION, OF_HEAD] {
        let mut manifest = bucket.get(key).json();
        manifest["tool"] = json!({"name": "cstore-action", "version": "7.1.0"});
        *place(&mut manifest) = json!(["imports", "seals"]);
        bucket.put(key, manifest.to_string().as_bytes(), &[]);
    }
    bucket
}

fn document(manifest: &mut Value) -> &mut Value {
    &mut manifest["requires"]
}

fn entry(manifest: &mut Value) -> &mut Value {
    &mut manifest["files"][0]["requires"]
}

/// Each command on the version and on the head, as far as it has to do with both.
fn steps(bucket: &Bucket) -> Vec<Action> {
    let command = |name: &str| Action::pull(bucket).input("command", name);
    let push = |version: &str| {
        Action::push(bucket).version(version).files(&[ENV]).workspace_file(ENV, "TOKEN=another-value-here\n")
    };
    let mut steps = Vec::new();
    for version in [VERSION, "head"] {
        steps.extend([
            command("pull").version(version),
            command("pull").version(version).files(&[ENV]),
            push(version),
            push(version).input("dry-run", "true"),
            command("show").version(version),
            command("verify").version(version),
            command("list").version(version),
            command("diff").input("from", version).input("to", "v0.9.0"),
            command("promote").input("from", version).input("to", "elsewhere@v1.0.0"),
            command("promote").input("from", "v0.9.0").input("to", &format!("shop@{version}")),
        ]);
    }
    steps.extend([
        push(VERSION).input("overwrite", "true"),
        push(VERSION).input("overwrite", "true").input("dry-run", "true"),
        command("promote").input("from", "v0.9.0").input("to", "shop@v1.0.0").input("overwrite", "true"),
        command("rollback").input("from", VERSION),
        command("rollback").input("from", "v0.9.0"),
        command("purge").version(VERSION),
        command("purge").version(VERSION).input("dry-run", "true"),
    ]);
    steps
}

#[test]
fn no_command_acts_on_what_it_does_not_understand() {
    for place in [document as fn(&mut Value) -> &mut Value, entry] {
        let bucket = planted(place);
        let before = bucket.versions();
        for (at, step) in steps(&bucket).into_iter().enumerate() {
            let run = step.input("context", "shop").run();
            assert_eq!(run.code, 2, "step {at}; it printed\n{}", run.printed());
            let run = run.fails(2);
            let error = error_of(&run);
            assert_eq!(error.title, "Newer version needed", "step {at}: {error:?}");
            for said in ["understands imports, seals", "Version 7.1.0 wrote it.", "newest version of cstore-action"] {
                assert!(error.message.contains(said), "step {at}: {said:?} is not in {}", error.message);
            }
            assert_eq!(bucket.versions(), before, "step {at}");
            assert!(run.outputs.is_empty(), "step {at}: {:?}", run.outputs);
        }
    }
}

/// A bucket with two versions and a channel, which a later version of the tool has written and which requires something there,
/// and another channel, which requires nothing.
fn planted_channel(place: fn(&mut Value) -> &mut Value) -> Bucket {
    let bucket = published(&[(ENV, TEXT)]);
    let older = Action::push(&bucket).version("v0.9.0").files(&[ENV]).workspace_file(ENV, "TOKEN=an-older-value\n");
    older.run().succeeds();
    for (version, channel) in [("v0.9.0", ":prod"), (VERSION, ":prod"), (VERSION, ":dev")] {
        let promote = Action::new(&bucket).input("command", "promote").input("from", version).input("to", channel);
        promote.run().succeeds();
    }
    let mut channel = bucket.get(OF_CHANNEL).json();
    channel["tool"] = json!({"name": "cstore-action", "version": "7.1.0"});
    *place(&mut channel) = json!(["imports", "seals"]);
    bucket.put(OF_CHANNEL, channel.to_string().as_bytes(), &[]);
    bucket
}

fn earlier_move(channel: &mut Value) -> &mut Value {
    &mut channel["history"][0]["requires"]
}

/// Each command that looks at the channel, or that would move it.
fn steps_at_channel(bucket: &Bucket) -> Vec<Action> {
    let command = |name: &str| Action::new(bucket).input("command", name).input("context", "shop");
    let promote = || command("promote").input("from", "v0.9.0").input("to", ":prod");
    vec![
        command("pull").version(":prod"),
        command("pull").version(":prod").files(&[ENV]),
        command("pull").input("channel", "prod"),
        command("pull").input("channel", "prod").input("if-missing", "ignore"),
        command("show").version(":prod"),
        command("verify").version(":prod"),
        command("list").version(":prod"),
        command("diff").input("from", ":prod").input("to", "v0.9.0"),
        command("log").input("channel", "prod"),
        command("promote").input("from", ":prod").input("to", "elsewhere@v1.0.0"),
        promote(),
        promote().input("dry-run", "true"),
        promote().input("force", "true"),
        command("promote").input("from", "nothing").input("force", "true").input("to", ":prod"),
        command("rollback").input("channel", "prod").input("from", "v0.9.0"),
        command("rollback").input("channel", "prod").input("from", VERSION),
        // Nobody knows where it points.
        command("purge").version("v0.9.0"),
        command("purge").version("v0.9.0").input("force", "true"),
    ]
}

#[test]
fn no_command_acts_on_a_channel_that_it_does_not_understand() {
    for place in [document as fn(&mut Value) -> &mut Value, earlier_move] {
        let bucket = planted_channel(place);
        let stored = |bucket: &Bucket| {
            let mut versions = bucket.versions();
            // A purge puts its claim back.
            versions.retain(|version| !version.key.contains("/claims/"));
            versions
        };
        let before = stored(&bucket);
        for (at, step) in steps_at_channel(&bucket).into_iter().enumerate() {
            let run = step.run();
            assert_eq!(run.code, 2, "step {at}; it printed\n{}", run.printed());
            let run = run.fails(2);
            let error = error_of(&run);
            assert_eq!(error.title, "Newer version needed", "step {at}: {error:?}");
            for said in ["understands imports, seals", "Version 7.1.0 wrote it.", "newest version of cstore-action"] {
                assert!(error.message.contains(said), "step {at}: {said:?} is not in {}", error.message);
            }
            assert_eq!(stored(&bucket), before, "step {at}");
            assert!(run.outputs.is_empty(), "step {at}: {:?}", run.outputs);
        }
        // The version is published, and the outputs say no more than that.
        let push =
            Action::push(&bucket).version("v1.1.0").files(&[ENV]).workspace_file(ENV, "TOKEN=another-value-here\n");
        let channel = bucket.get(OF_CHANNEL).json();
        let run = push.input("channel", "prod").run().fails(2).says("Version 7.1.0 wrote it.");
        assert_eq!(run.output("config-version"), "v1.1.0");
        assert!(!run.outputs.contains_key("config-channel"), "{:?}", run.outputs);
        Action::pull(&bucket).version("v1.1.0").run().succeeds();
        assert_eq!(bucket.get(OF_CHANNEL).json(), channel);
        // It hides no other.
        let list = Action::new(&bucket).input("command", "list").input("list", "channels").input("context", "shop");
        let listed = list.run().succeeds().json_output("config-versions");
        let read: Vec<_> =
            listed.as_array().unwrap().iter().map(|found| (&found["channel"], &found["readable"])).collect();
        assert_eq!(read, [(&json!("dev"), &Value::Null), (&json!("prod"), &json!(false))]);
        Action::pull(&bucket).version(":dev").input("context", "shop").run().succeeds();
    }
}

#[test]
fn an_earlier_head_that_is_not_understood_is_nothing_to_go_back_to() {
    let bucket = Bucket::versioned();
    for text in ["TOKEN=an-earlier-value\n", TEXT] {
        let push = Action::push(&bucket).version("head").input("context", "shop").files(&[ENV]);
        push.workspace_file(ENV, text).run().succeeds();
    }
    let mut manifest = bucket.get(OF_HEAD).json();
    bucket.delete_version(OF_HEAD, bucket.get(OF_HEAD).version_id().unwrap());
    *document(&mut manifest) = json!(["imports"]);
    bucket.put(OF_HEAD, manifest.to_string().as_bytes(), &[]);
    *document(&mut manifest) = json!([]);
    manifest["push_id"] = json!("third");
    manifest["push_ids"].as_array_mut().unwrap().push(json!("third"));
    bucket.put(OF_HEAD, manifest.to_string().as_bytes(), &[]);
    let before = bucket.versions();
    let rollback = Action::new(&bucket).input("command", "rollback").input("context", "shop");
    rollback.run().fails(2).says("understands imports");
    assert_eq!(bucket.versions(), before);
}
