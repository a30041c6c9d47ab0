//! What EventBridge is to let through of all that happens in the bucket, and what its targets get.

use std::fs;
use std::process::Stdio;

use crate::policies::{rendered, script};
use crate::terraform::{MODULE, printed, terraform};

#[test]
#[ignore = "needs terraform"]
fn published_versions_and_channels_that_move_are_told_and_nothing_else() {
    let terraform = terraform();
    let plans = fs::File::open(rendered(&terraform)).unwrap();
    let example = format!("{MODULE}/examples/events/main.tf");
    let output = script("events.py").arg(example).stdin(Stdio::from(plans)).output().unwrap();
    assert!(output.status.success(), "{}", printed(&output));
}
