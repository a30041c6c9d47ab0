//! Channels in the action: a job moves one, pulls by it, and rolls it back.

use serde_json::json;

use crate::harness::proxy::{Fault, put};
use crate::harness::{Action, Bucket, Proxy};

const ENV: &str = "service/.env";

fn push(bucket: &Bucket, version: &str, text: &str) -> Action {
    Action::push(bucket).version(version).workspace_file(ENV, text).files(&[ENV])
}

/// A bucket with two versions.
fn published() -> Bucket {
    let bucket = Bucket::versioned();
    push(&bucket, "v1.0.0", "TOKEN=swordfish\n").run().succeeds();
    push(&bucket, "v1.1.0", "TOKEN=anglerfish\n").run().succeeds();
    bucket
}

fn promote(bucket: &Bucket, version: &str) -> Action {
    command(bucket, "promote").input("from", version).input("to", ":prod")
}

fn command(bucket: &Bucket, command: &str) -> Action {
    Action::new(bucket).input("command", command)
}

#[test]
fn a_job_moves_a_channel_and_another_pulls_what_it_points_at() {
    let bucket = published();
    let moved = promote(&bucket, "v1.0.0").input("label", "image=sha256:aa").run().succeeds();
    for (name, value) in [("config-channel", "prod"), ("config-version", "v1.0.0"), ("config-changed", "true")] {
        assert_eq!(moved.output(name), value, "{name}");
    }
    let id = moved.output("config-channel-move").to_owned();
    let planned = promote(&bucket, "v1.1.0").input("dry-run", "true").run().succeeds();
    assert_eq!((planned.output("config-version"), planned.output("config-channel-move")), ("v1.1.0", &*id));
    assert!(planned.summary.contains(&id), "{}", planned.summary);
    let again = promote(&bucket, "v1.0.0").input("label", "image=sha256:aa").run().succeeds();
    assert_eq!((again.output("config-changed"), again.output("config-channel-move")), ("false", &*id));
    for pull in [Action::pull(&bucket).version(":prod"), Action::pull(&bucket).input("channel", "prod")] {
        let run = pull.run().succeeds();
        assert_eq!((run.output("config-version"), run.output("config-channel-move")), ("v1.0.0", &*id));
        assert_eq!(run.output("config-digest"), moved.output("config-digest"));
    }
    // The move that it stood at is expected.
    promote(&bucket, "v1.1.0").input("expect-current", &id).run().succeeds();
    promote(&bucket, "v1.0.0").input("expect-current", &id).run().fails(4).says("It has pointed at v1.1.0");
    Action::pull(&bucket).version("v1.0.0").input("channel", "prod").run().fails(2);
}

#[test]
fn a_version_of_another_context_is_copied_before_the_channel_is_moved_to_it() {
    let bucket = published();
    let promote = || promote(&bucket, "shop@v1.0.0").input("context", "other");
    let planned = promote().input("dry-run", "true").run().succeeds();
    let planned = planned.says("Would promote to v1.0.0 of other").says("Would move :prod of other");
    // There is no such channel yet, and so no last move.
    assert!(!planned.outputs.contains_key("config-channel-move"), "{:?}", planned.outputs);
    assert_eq!((planned.output("config-channel"), planned.summary.contains("| Move |")), ("prod", false));
    let run = promote().run().succeeds();
    for (name, value) in [
        ("config-context", "other"),
        ("config-version", "v1.0.0"),
        ("config-changed", "true"),
        ("config-channel", "prod"),
    ] {
        assert_eq!(run.output(name), value, "{name}");
    }
    let run = run.says("Promoted to v1.0.0 of other").says("Moved :prod of other");
    let pulled = Action::pull(&bucket).version(":prod").input("context", "other").run().succeeds();
    assert_eq!(pulled.output("config-channel-move"), run.output("config-channel-move"));
    let again = promote().run().succeeds();
    assert_eq!((again.output("config-changed"), again.output("config-version")), ("false", "v1.0.0"));
    // A version that is published stays so where the channel is not moved, and the outputs say it.
    let refused = Action::new(&bucket).input("command", "promote").input("from", "v1.1.0").input("to", "other:prod");
    let refused = refused.input("expect-current", "v9").run().fails(4);
    assert_eq!((refused.output("config-version"), refused.output("config-context")), ("v1.1.0", "other"));
    assert!(!refused.outputs.contains_key("config-channel"), "{:?}", refused.outputs);
    Action::pull(&bucket).version("v1.1.0").input("context", "other").run().succeeds();
}

#[test]
fn an_overwrite_names_the_channels_whose_pulls_then_fail() {
    let bucket = published();
    promote(&bucket, "v1.0.0").run().succeeds();
    let overwrite = push(&bucket, "v1.0.0", "TOKEN=haddock\n").input("overwrite", "true").run().succeeds();
    overwrite.says("Pulls of :prod fail with code 5 until it is moved: `command: promote`, `from: v1.0.0`");
    Action::pull(&bucket).version(":prod").run().fails(5);
    let list = command(&bucket, "list").input("list", "channels").run().succeeds();
    assert_eq!(list.json_output("config-versions")[0]["target"], "overwritten");
    list.says("1 version behind latest, overwritten since: pulls fail");
}

#[test]
fn a_rollback_names_where_to_or_from_where_and_is_told() {
    let bucket = published();
    promote(&bucket, "v1.0.0").run().succeeds();
    let last = promote(&bucket, "v1.1.0").run().succeeds().output("config-channel-move").to_owned();
    let rollback = || command(&bucket, "rollback").input("channel", "prod");
    rollback().run().fails(2).says("expect-current");
    let back = rollback().input("expect-current", &last).run().succeeds();
    assert_eq!(back.output("config-version"), "v1.0.0");
    rollback().input("expect-current", &last).run().fails(4);
    rollback().input("from", "v1.1.0").run().succeeds();
    let log = command(&bucket, "log").input("channel", "prod").run().succeeds();
    let moves = log.json_output("config-versions");
    assert_eq!(moves.as_array().map(Vec::len), Some(4), "{moves}");
    assert_eq!(moves[1]["restores"], moves[3]["move"]);
    log.says("  from v1.1.0  rollback");
    let list = command(&bucket, "list").input("list", "channels").run().succeeds();
    assert_eq!(list.json_output("config-versions")[0]["channel"], "prod");
}

#[test]
fn a_push_moves_a_channel_and_says_what_is_published_where_it_may_not() {
    let bucket = published();
    let release = |version: &str, text: &str| push(&bucket, version, text).input("channel", "prod");
    let run = release("v1.2.0", "TOKEN=monkfish\n").run().succeeds();
    assert_eq!((run.output("config-version"), run.output("config-channel")), ("v1.2.0", "prod"));
    // What lies at the channel's key cannot be read, so that it is not moved.
    bucket.put("shop/.cstore/channels/prod.json", "{", &[]);
    let refused = release("v1.3.0", "TOKEN=turbot\n").run().fails(5);
    assert_eq!(refused.output("config-version"), "v1.3.0");
    Action::pull(&bucket).version("v1.3.0").run().succeeds();
    push(&bucket, "head", "TOKEN=x\n").input("channel", "prod").run().fails(2);
}

/// The same bucket, for what others do while a step runs.
fn for_others(bucket: &Bucket) -> &'static Bucket {
    Box::leak(Box::new(Bucket::existing(bucket.server(), bucket.name())))
}

#[test]
fn a_refused_move_of_a_push_leaves_the_version_published_and_its_outputs_set() {
    let bucket = published();
    promote(&bucket, "v1.0.0").run().succeeds();
    let others = for_others(&bucket);
    let move_it = move || drop(promote(others, "v1.1.0").run().succeeds());
    let denied = Fault::s3(403, "AccessDenied", "Access Denied");
    for (version, code, fault, said) in [
        ("v1.2.0", 3, denied, "Only a role whose policy names the channel may move it"),
        ("v1.3.0", 4, Fault::before(move_it), "It has pointed at v1.1.0"),
    ] {
        let proxy = Proxy::before(bucket.server());
        proxy.on(put("channels/prod.json"), fault);
        let step = push(&bucket, version, "TOKEN=monkfish\n").input("channel", "prod").through(&proxy);
        let run = step.run().fails(code).says(said);
        assert_eq!((run.output("config-version"), run.output("config-changed")), (version, "true"));
        assert!(run.outputs.keys().all(|name| !name.starts_with("config-channel")), "{:?}", run.outputs);
        Action::pull(&bucket).version(version).run().succeeds();
    }
    assert_eq!(Action::pull(&bucket).version(":prod").run().succeeds().output("config-version"), "v1.1.0");
}

#[test]
fn a_dry_run_of_a_push_says_what_would_become_of_the_channel() {
    let bucket = published();
    promote(&bucket, "v1.0.0").run().succeeds();
    promote(&bucket, "v1.1.0").run().succeeds();
    let before = bucket.versions();
    let dry =
        |version: &str, text: &str| push(&bucket, version, text).input("channel", "prod").input("dry-run", "true");
    let run = dry("v1.2.0", "TOKEN=monkfish\n").run().succeeds().says("Would move :prod of shop");
    let run = run.says("from v1.1.0 to v1.2.0");
    assert_eq!((run.output("config-version"), run.output("config-channel")), ("v1.2.0", "prod"));
    dry("v1.0.0", "TOKEN=swordfish\n").run().succeeds().says("still points at v1.1.0");
    assert_eq!(bucket.versions(), before);
}

#[test]
fn a_target_that_goes_while_the_channel_is_moved_is_said() {
    let purged = "was moved to version v1.1.0, but that version was purged meanwhile";
    for (what, code, said) in
        [("purge", 6, purged), ("delete", 6, purged), ("overwrite", 5, "was moved to version v1.1.0 with")]
    {
        let bucket = published();
        promote(&bucket, "v1.0.0").run().succeeds();
        let others = for_others(&bucket);
        let meanwhile = move || match what {
            "purge" => drop(command(others, "purge").version("v1.1.0").input("context", "shop").run().succeeds()),
            // Whoever may delete anything, and knows no channels.
            "delete" => others.delete("shop/.cstore/versions/v1.1.0.json"),
            _ => drop(push(others, "v1.1.0", "TOKEN=turbot\n").input("overwrite", "true").run().succeeds()),
        };
        let proxy = Proxy::before(bucket.server());
        proxy.on(put("channels/prod.json"), Fault::before(meanwhile));
        let run = promote(&bucket, "v1.1.0").through(&proxy).run().fails(code).says(said);
        let run = run.says("Until the channel is moved again, pulls of it fail.");
        run.does_not_say("is not known");
        // It is not moved back.
        assert_eq!(bucket.get("shop/.cstore/channels/prod.json").json()["version"], "v1.1.0");
        Action::pull(&bucket).version(":prod").run().fails(code).says("prod").says("v1.1.0");
        promote(&bucket, "v1.0.0").run().succeeds();
    }
}

#[test]
fn whatever_asks_for_a_channel_names_it_and_its_damaged_version() {
    const MANIFEST: &str = "shop/.cstore/versions/v1.0.0.json";
    let bucket = published();
    promote(&bucket, "v1.0.0").run().succeeds();
    let asked = |name: &str| command(&bucket, name).input("context", "shop").version(":prod");
    let from =
        |name: &str, to: &str| command(&bucket, name).input("context", "shop").input("from", ":prod").input("to", to);
    let refused = |code: i32, said: &str| {
        let said = format!("The channel prod points at version v1.0.0{said}");
        let damage = if said.ends_with(". ") { 8 } else { code };
        asked("verify").run().fails(damage).says(&said);
        for step in [
            asked("show"),
            asked("list").input("list", "files"),
            asked("list").input("list", "keys"),
            from("diff", "v1.1.0"),
            from("promote", "other"),
            from("promote", ":staging"),
        ] {
            step.run().fails(code).says(&said);
        }
        let written = bucket.keys().into_iter().find(|key| key.starts_with("other/") || key.contains("staging"));
        assert_eq!(written, None);
    };
    let whole = bucket.get(MANIFEST).text();
    bucket.put(MANIFEST, "{", &[]);
    refused(5, ". ");
    bucket.delete(MANIFEST);
    refused(6, ", which is not published any more.");
    bucket.put(MANIFEST, whole, &[]);
    push(&bucket, "v1.0.0", "TOKEN=turbot\n").input("overwrite", "true").run().succeeds();
    refused(5, " with sha256:");
}

#[test]
fn a_channel_can_be_named_with_its_place() {
    let bucket = published();
    promote(&bucket, "v1.0.0").run().succeeds();
    let place = format!("s3://{}/shop:prod", bucket.name());
    let elsewhere = || Action::pull(&bucket).input("context", "elsewhere");
    for step in [elsewhere().input("channel", "shop:prod"), elsewhere().input("channel", &place)] {
        let run = step.run().succeeds();
        assert_eq!((run.output("config-version"), run.output("config-context")), ("v1.0.0", "shop"));
        assert_eq!(run.output("config-channel"), "prod");
    }
}

#[test]
fn a_channel_points_at_nothing_only_where_that_is_said() {
    let bucket = published();
    promote(&bucket, "v1.0.0").run().succeeds();
    // As `from: ${{ inputs.version }}` is where the workflow has no such input.
    promote(&bucket, "").input("force", "true").run().fails(2).says("`from` is not set");
    promote(&bucket, "nothing").run().fails(6);
    assert_eq!(bucket.get("shop/.cstore/channels/prod.json").json()["version"], "v1.0.0");
    promote(&bucket, "nothing").input("force", "true").run().succeeds().says("from v1.0.0 to nothing");
    Action::pull(&bucket).version(":prod").run().fails(6).says("points at nothing");
}

#[test]
fn labels_that_are_none_are_refused() {
    let bucket = published();
    let label = |text: &str| promote(&bucket, "v1.0.0").input("label", text).run();
    let many = |count: usize| (0..count).map(|at| format!("label-{at}=x")).collect::<Vec<_>>().join("\n");
    let (name, value) = ("n".repeat(63), "v".repeat(256));
    for text in ["image", "=x", &many(21), &format!("{name}n=x"), &format!("image={value}v")] {
        let run = label(text).fails(2).says("`label` cannot be used");
        assert!(run.outputs.is_empty(), "{:?}", run.outputs);
    }
    assert!(bucket.find("shop/.cstore/channels/prod.json").is_none());
    label(&many(20)).succeeds();
    label(&format!("{name}={value}")).succeeds();
    let stored = bucket.get("shop/.cstore/channels/prod.json").json();
    assert_eq!(stored["labels"], json!({name: value}));
}

#[test]
fn a_push_that_moves_a_channel_writes_each_output_once_or_with_one_meaning() {
    let bucket = published();
    let release = || push(&bucket, "v1.1.0", "TOKEN=anglerfish\n").input("channel", "prod").run().succeeds();
    // The version is there, and the channel is not.
    assert_eq!(release().output("config-changed"), "true");
    let again = release();
    assert_eq!((again.output("config-changed"), again.output("config-channel")), ("false", "prod"));
    assert_eq!(again.output("config-version"), "v1.1.0");
}

#[test]
fn a_diff_compares_with_the_channels_version() {
    let bucket = published();
    promote(&bucket, "v1.0.0").run().succeeds();
    let diff = || command(&bucket, "diff").input("context", "shop").workspace_file(ENV, "TOKEN=anglerfish\n");
    for (name, value) in [("channel", "prod"), ("channel", ":prod"), ("from", ":prod")] {
        let run = diff().input(name, value).run().succeeds();
        assert_eq!(run.output("config-changed"), "true", "{name}: {value}");
        assert_eq!(run.json_output("config-diff")["from"]["version"], "v1.0.0");
    }
    let same = diff().input("channel", "prod").input("to", "v1.0.0").run().succeeds();
    assert_eq!(same.output("config-changed"), "false");
    diff().input("channel", "prod").input("from", "v1.0.0").run().fails(2).says("channel");
    diff().input("channel", "staging").run().fails(6).says("Channels there: prod.");
    // The files of the workspace are of no channel.
    let verify = command(&bucket, "verify").version(".").workspace_file(ENV, "TOKEN=anglerfish\n");
    verify.input("files", ENV).input("channel", "prod").run().fails(2).says("channel");
}

#[test]
fn the_catalogs_channel_is_the_default_of_pulls_and_diffs() {
    let bucket = published();
    promote(&bucket, "v1.0.0").run().succeeds();
    let catalog = "version: v4\ncontext: shop\nchannel: prod\n";
    let with_catalog = |step: Action| step.repository_file("cstore.yml", catalog);
    let pull = || with_catalog(Action::pull(&bucket));
    let run = pull().run().succeeds();
    assert_eq!((run.output("config-version"), run.output("config-channel")), ("v1.0.0", "prod"));
    run.does_not_say("means nothing");
    // What is said of the step counts before it, and so does the tag that the workflow runs for.
    for step in [pull().version("v1.1.0"), pull().tag("v1.1.0"), pull().version("latest")] {
        let run = step.run().succeeds();
        assert_eq!(run.output("config-version"), "v1.1.0");
        assert!(!run.outputs.contains_key("config-channel"), "{:?}", run.outputs);
    }
    pull().input("channel", "staging").run().fails(6);
    let diff = with_catalog(command(&bucket, "diff").workspace_file(ENV, "TOKEN=anglerfish\n"));
    assert_eq!(diff.run().succeeds().json_output("config-diff")["from"]["version"], "v1.0.0");
    // Nothing else goes by it.
    with_catalog(push(&bucket, "head", "TOKEN=turbot\n")).run().succeeds();
    let verified = with_catalog(command(&bucket, "verify")).run().succeeds();
    assert_eq!(verified.output("config-version"), "head");
    for (channel, why) in [("Prod", "must begin with a small letter"), ("${STAGE}", "the channel has a variable")] {
        let catalog = format!("version: v4\ncontext: shop\nchannel: {channel}\n");
        let run = Action::pull(&bucket).repository_file("cstore.yml", catalog).run().fails(2);
        run.says("file=cstore.yml,line=3").says(why);
    }
}
