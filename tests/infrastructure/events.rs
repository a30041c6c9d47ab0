//! What EventBridge is to let through of all that happens in the bucket, and what its targets get.

use std::fs;
use std::process::Stdio;

use crate::harness::{Action, Bucket, Versioning};
use crate::policies::{rendered, script};
use crate::terraform::{MODULE, Terraform, printed, terraform};

/// What the script prints.
fn run(terraform: &Terraform, more: &[&str]) -> String {
    let plans = fs::File::open(rendered(terraform)).unwrap();
    let example = format!("{MODULE}/examples/events/main.tf");
    let output = script("events.py").arg(example).args(more).stdin(Stdio::from(plans)).output().unwrap();
    assert!(output.status.success(), "{}", printed(&output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
#[ignore = "needs terraform"]
fn published_versions_and_channels_that_move_are_told_and_nothing_else() {
    run(&terraform(), &[]);
}

/// moto tells EventBridge of whatever the action puts.
#[test]
#[ignore = "needs terraform"]
fn a_push_and_a_move_of_a_channel_reach_a_target() {
    let terraform = terraform();
    // The bucket's name stands in the pattern.
    let bucket = Bucket::create("cstore-shop", Versioning::Enabled);
    let endpoint = bucket.server().endpoint();
    run(&terraform, &["set-up", &endpoint]);
    let push = |version: &str| {
        let push = Action::push(&bucket).version(version).workspace_file("service/.env", "TOKEN=swordfish\n");
        push.files(&["service/.env"]).input("context", "shop").run().succeeds();
    };
    let promote = |from: &str, to: &str| {
        let promote = Action::new(&bucket).input("command", "promote").input("context", "shop").input("from", from);
        promote.input("to", to).run().succeeds();
    };
    push("head");
    push("v1.0.0");
    promote("v1.0.0", ":staging");
    promote(":staging", ":prod");
    // There is nothing to do, and to tell.
    push("v1.0.0");
    promote("v1.0.0", ":prod");
    Action::pull(&bucket).version(":prod").input("context", "shop").run().succeeds();
    let told = run(&terraform, &["received", &endpoint]);
    let mut told: Vec<_> = told.lines().collect();
    told.sort_unstable();
    let key = |end: &str| format!("shop/.cstore/{end}");
    let expected =
        [key("channels/prod.json deploys"), key("channels/staging.json waits"), key("versions/v1.0.0.json waits")];
    assert_eq!(told, expected);
}
