//! Values stay out of everything but outputs, environment, files and masks. The harness searches the log and the
//! summary of every step of every story; here are the ways that lead round the words that this tool chooses itself.

use cstore::identity::TokenEndpoint;
use cstore::option::RawOptions;
use cstore::request::{PullRequest, RunInfo};
use cstore::secret::Secret;
use cstore::store::PushInfo;

use crate::harness::{Action, Bucket, shows};
use crate::story::{VERSION, published, pull, push};

const ENV: (&str, &str) = ("service/.env", "TOKEN=swordfish\nPEM=\"first secret line\nsecond secret line\"\n");

/// With everything on that makes Rust programs and SDKs talkative.
fn talkative(step: Action) -> Action {
    step.env("RUST_LOG", "trace")
        .env("RUST_BACKTRACE", "full")
        .env("RUST_LIB_BACKTRACE", "1")
        .env("AWS_LOG_LEVEL", "trace")
        .env("RUNNER_DEBUG", "1")
        .env("ACTIONS_STEP_DEBUG", "true")
}

#[test]
fn logging_turned_up_says_no_more_of_them() {
    let _shown = shows(
        "T12",
        "RUST_LOG=trace, RUST_BACKTRACE, RUNNER_DEBUG and the SDK's own switches",
        "no value in log or summary",
    );
    let bucket = published(&[ENV]);
    talkative(pull(&bucket).input("export-env", "true").input("format", "shell")).run().succeeds();
    talkative(push(&bucket, &[ENV])).run().succeeds();
}

#[test]
fn steps_that_fail_say_nothing_of_them_either() {
    let shown = shows("T12", "steps that fail, with all of these switches on", "no value in log or summary, no panic");
    let bucket = published(&[ENV]);
    let steps = [
        (4, push(&bucket, &[("service/.env", "TOKEN=octopus-2\n")])),
        (2, push(&bucket, &[("service/.env", "TOKEN=swordfish\nOPEN=\"half-a-secret\n")])),
        (8, pull(&bucket).input("required-keys", "NONE")),
        (2, pull(&bucket).input("defaults", "swordfish and more")),
        (2, pull(&bucket).input("expand", "true").input("output-prefix", "config-")),
        (6, Action::pull(&bucket).version("v9.9.9")),
        (6, push(&Bucket::missing(), &[ENV])),
    ];
    for (code, step) in shown.each(steps) {
        let run = talkative(step).run().fails(code);
        assert!(!run.stderr.contains("panicked") && !run.stderr.contains("internal error"), "{}", run.stderr);
    }
}

#[test]
fn a_damaged_file_is_not_quoted() {
    // Without versions, so that the right one is not found behind it.
    let bucket = Bucket::unversioned();
    push(&bucket, &[ENV]).run().succeeds();
    bucket.put("shop/v1.0.0/service/.env", "TOKEN=a-forged-value\n", &[]);
    talkative(pull(&bucket)).run().fails(5);
}

#[test]
fn nothing_that_holds_one_prints_it() {
    let _shown = shows("T12", "what holds values is printed for debugging", "nothing of them is printed");
    let given = [
        ("defaults", "TOKEN=swordfish"),
        ("version", VERSION),
        ("role-to-assume", "arn:aws:iam::111122223333:role/puller"),
    ];
    let raw =
        RawOptions::new(cstore::option::FrontEnd::Action, given.map(|(name, text)| (name, text.to_owned()))).unwrap();
    let endpoint =
        TokenEndpoint { url: "https://token.example/?sign=octopus-1".to_owned(), bearer: "octopus-3".into() };
    let run = RunInfo {
        default_version: None,
        default_channel: None,
        default_context: Some("shop".to_owned()),
        push: PushInfo { push_id: "p".to_owned(), created_at: "now".to_owned(), ..PushInfo::default() },
        token_endpoint: Ok(endpoint),
        environment: [("PASSWORD".to_owned(), Secret::from("octopus-2"))].into_iter().collect(),
        trusted_buckets: None,
    };
    let request = PullRequest::new(&raw, &run).unwrap();
    let printed = format!("{request:?} {request:#?} {run:?} {run:#?}");
    assert!(!printed.contains("swordfish") && !printed.contains("octopus"), "{printed}");
}

#[test]
fn the_chain_of_causes_is_told_with_debug_logging_and_holds_no_value() {
    let step = Action::push(&Bucket::missing()).version(VERSION).files(&["a.json"]);
    let step = step.workspace_file("a.json", "{\"TOKEN\": \"swordfish\" oops}");
    let chain = "::debug::config files cannot be read: a.json";
    step.run().fails(2).does_not_say("::debug::");
    step.env("RUNNER_DEBUG", "1").run().fails(2).says(chain);
}
