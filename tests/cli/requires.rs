//! Manifests and channels of a later version of the tool, which say what a reader must understand: no command acts on one.

use serde_json::json;

use crate::harness::{Bucket, Laptop, Ran};
use crate::shared::{ENV, JSON, laptop, text};

const OF_HEAD: &str = "shop/.cstore/head.json";

/// Runs a command line, and says whether it was refused with what is not understood and with the way out.
fn runs_refused(laptop: &Laptop, line: &str) -> (Ran, bool) {
    let ran = laptop.cstore_with(line.split(' ').map(str::to_owned)).run();
    let says = |text: &str| ran.stderr.contains(text);
    // What a shell evaluates has it fail.
    let printed = if line.starts_with("export") { "false\n" } else { "" };
    let is_refused = ran.code == 2
        && says("understands imports")
        && says("Version 7.1.0 wrote it.")
        && says("Use the newest version of cstore.")
        && ran.stdout == printed;
    (ran, is_refused)
}

/// A bucket of which a later version of the tool has written the head and `v1.0.0`, and this one `v0.9.0`; and a machine on
/// which the head was last seen before.
fn planted() -> (Bucket, Laptop) {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    laptop.file(ENV, "TOKEN=an-earlier-value\n").file(JSON, "{\"port\": 8080}\n");
    laptop.cstore(["push"]).run().succeeds();
    laptop.cstore(["push", "--yes", "-v", "v0.9.0"]).run().succeeds();
    laptop.file(ENV, "TOKEN=swordfish-of-the-shop\n");
    laptop.cstore(["push"]).run().succeeds();
    laptop.cstore(["push", "--yes", "-v", "v1.0.0"]).run().succeeds();
    for key in [OF_HEAD, "shop/.cstore/versions/v1.0.0.json"] {
        let mut manifest = bucket.get(key).json();
        manifest["tool"] = json!({"name": "cstore-action", "version": "7.1.0"});
        manifest["requires"] = json!(["imports"]);
        bucket.put(key, manifest.to_string().as_bytes(), &[]);
    }
    laptop.file(ENV, "TOKEN=changed-at-this-place\n");
    (bucket, laptop)
}

#[test]
fn no_command_acts_on_what_it_does_not_understand() {
    let (bucket, laptop) = planted();
    let (before, catalog) = (bucket.versions(), text(&laptop, "cstore.yml"));
    let mut wrong = Vec::new();
    for line in [
        "pull",
        "pull --force",
        "pull -v v1.0.0",
        "pull -v ^1 --to out",
        "push",
        "push --overwrite",
        "push --dry-run",
        "push --yes -v v1.0.0",
        "push --yes -v v1.0.0 --overwrite",
        "set TOKEN=another-value-here",
        "unset TOKEN",
        "get TOKEN",
        "get TOKEN -v v1.0.0",
        "export",
        "export -v v1.0.0",
        "diff",
        "diff v0.9.0 v1.0.0",
        "show head",
        "show v1.0.0",
        "list",
        "list keys -v v1.0.0",
        "list tags",
        "status",
        "verify",
        "verify v1.0.0",
        "promote head --to elsewhere --yes",
        "promote v1.0.0 --to elsewhere --yes",
        "promote v0.9.0 --to shop@v1.0.0 --yes",
        "promote v0.9.0 --to shop@v1.0.0 --yes --overwrite",
        "rollback --yes",
        "rollback v0.9.0 --yes",
        "rollback v1.0.0 --yes",
        "purge v1.0.0 --yes",
        "purge v1.0.0 --dry-run",
        "lock prod=v1.0.0",
        "clean",
    ] {
        let (ran, is_refused) = runs_refused(&laptop, line);
        let is_untouched = bucket.versions() == before
            && text(&laptop, ENV) == "TOKEN=changed-at-this-place\n"
            && text(&laptop, "cstore.yml") == catalog
            && !laptop.workspace().path("cstore.lock").exists();
        if !is_refused || !is_untouched {
            wrong.push(format!("{line}: code {}, {is_untouched}\n{}{}", ran.code, ran.stdout, ran.stderr));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // Nothing is started; exec has codes of its own.
    let ran = laptop.cstore(["exec", "-v", "v1.0.0", "--", "touch", "started"]).run();
    ran.fails(125).says("understands imports").says("code 2");
    assert!(!laptop.workspace().path("started").exists());
}

#[test]
fn no_command_acts_on_a_channel_that_it_does_not_understand() {
    const OF_CHANNEL: &str = "shop/.cstore/channels/prod.json";
    for in_history in [false, true] {
        let bucket = Bucket::versioned();
        let laptop = laptop(&bucket);
        laptop.file(ENV, "TOKEN=an-earlier-value\n").file(JSON, "{\"port\": 8080}\n");
        laptop.cstore(["push", "--yes", "-v", "v0.9.0"]).run().succeeds();
        laptop.file(ENV, "TOKEN=swordfish-of-the-shop\n");
        laptop.cstore(["push", "--yes", "-v", "v1.0.0"]).run().succeeds();
        for (version, channel) in [("v0.9.0", ":prod"), ("v1.0.0", ":prod"), ("v1.0.0", ":dev")] {
            laptop.cstore(["promote", version, "--to", channel, "--yes"]).run().succeeds();
        }
        laptop.cstore(["pull", "-v", "v1.0.0"]).run().succeeds();
        let mut channel = bucket.get(OF_CHANNEL).json();
        channel["tool"] = json!({"name": "cstore-action", "version": "7.1.0"});
        let place = if in_history { &mut channel["history"][0] } else { &mut channel };
        place["requires"] = json!(["imports"]);
        bucket.put(OF_CHANNEL, channel.to_string().as_bytes(), &[]);
        let stored = || {
            let mut versions = bucket.versions();
            versions.retain(|version| !version.key.contains("/claims/"));
            versions
        };
        let before = stored();
        let mut wrong = Vec::new();
        for line in [
            "pull -v :prod",
            "pull -v :prod --force",
            "pull --channel prod --to out",
            "get TOKEN -v :prod",
            "export -v :prod",
            "diff v0.9.0 :prod",
            "show :prod",
            "list keys -v :prod",
            "log :prod",
            "verify :prod",
            "lock -v :prod",
            "promote :prod --to elsewhere --yes",
            "promote v0.9.0 --to :prod --yes",
            "promote v0.9.0 --to :prod --yes --force",
            "promote --to :prod --yes --force",
            "promote v0.9.0 --to :prod --dry-run",
            "rollback :prod v0.9.0 --yes",
            "rollback :prod v1.0.0 --yes",
            "purge v0.9.0 --yes",
            "purge v0.9.0 --yes --force",
            "purge v0.9.0 --dry-run --force",
            "purge v0.9.0 --value-of TOKEN --yes --force",
            "push --yes -v v1.0.0 --to :prod",
        ] {
            let (ran, is_refused) = runs_refused(&laptop, line);
            if !is_refused || stored() != before {
                wrong.push(format!("{line}: code {}\n{}{}", ran.code, ran.stdout, ran.stderr));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        let ran = laptop.cstore(["exec", "-v", ":prod", "--", "touch", "started"]).run();
        ran.fails(125).says("understands imports").says("code 2");
        assert!(!laptop.workspace().path("started").exists());
        // What others say is said all the same.
        let status = laptop.cstore(["status"]).run().succeeds();
        assert!(status.stdout.contains("Channels that point at v1.0.0: dev"), "{}", status.stdout);
        let listed = laptop.cstore(["list", "channels"]).run().succeeds();
        let [dev, prod] = listed.stdout.lines().collect::<Vec<_>>()[..] else { panic!("{}", listed.stdout) };
        assert!(dev.contains("v1.0.0") && prod.contains("cannot be read"), "{}", listed.stdout);
    }
}

#[test]
fn one_version_of_many_that_is_not_understood_hides_no_other() {
    let (_, laptop) = planted();
    let ran = laptop.cstore(["log"]).run().succeeds();
    assert!(ran.stdout.contains("v0.9.0"), "{}", ran.stdout);
    for version in ["v1.0.0", "head"] {
        let line = ran.stdout.lines().find(|line| line.contains(version));
        assert!(line.is_some_and(|line| line.contains("Newer version needed")), "{}", ran.stdout);
    }
    laptop.cstore(["pull", "-v", "v0.9.0", "--to", "out"]).run().succeeds();
    assert_eq!(text(&laptop, &format!("out/{ENV}")), "TOKEN=an-earlier-value\n");
}
