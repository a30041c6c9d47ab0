//! A job that is cancelled while a request of it is under way: SIGINT, or SIGTERM. The old state or the new one stands,
//! whole, nothing is written half, and a push says which of them is published.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::harness::proxy::{Fault, Matching, put, request};
use crate::harness::{Action, Run, shows};
use crate::scenario::{Command, OVERWRITE, PULL, PUSH, PUSH_HEAD, Scenario, at};
use crate::story::{NEW, OLD, changed, proxy_with, pull, pulled, push, push_head, state_of, unversioned, versioned};
use crate::victim::Victim;

/// What each is answered with: the exit code.
const SIGNALS: [(Signal, i32, &str); 2] = [(Signal::INT, 130, "SIGINT"), (Signal::TERM, 143, "SIGTERM")];

/// Runs a step that is sent a signal when a request has come, which is then never answered.
fn cancelled(action: Action, at: Matching, signal: Signal) -> Run {
    let victim = Victim::default();
    let of_fault = victim.clone();
    let proxy = proxy_with(at, Fault::StallAnd(Arc::new(move || of_fault.send(signal))));
    victim.run(&action.through(&proxy))
}

/// Cancels a command at each of its requests.
fn cancel_at_each_request(command: &str, scenario: &Scenario) {
    let shown = shows(
        "F12",
        format!("SIGINT or SIGTERM at each request of {command}"),
        "code 130 or 143 within a second, or three where the manifest has been sent; old or new, and it says which",
    );
    let mut fastest = Duration::MAX;
    for place in scenario.places() {
        for (signal, code, name) in SIGNALS {
            let bucket = versioned();
            (scenario.prepare)(&bucket);
            let (victim, sent) = (Victim::default(), Arc::new(Mutex::new(None)));
            let (of_fault, of_sender) = (victim.clone(), Arc::clone(&sent));
            let cancel = move || {
                *of_sender.lock().unwrap() = Some(Instant::now());
                of_fault.send(signal);
            };
            let proxy = proxy_with(at(&place), Fault::StallAnd(Arc::new(cancel)));
            let Command::Step(step) = (scenario.command)(&bucket).through(&proxy) else {
                panic!("a step is cancelled")
            };
            let run = victim.run(&step);
            fastest = fastest.min(sent.lock().unwrap().expect("the signal was sent").elapsed());
            let run = run.fails(code).says(&format!("cancelled by {name}"));
            let now = pulled(&bucket, scenario.version, &[OLD, NEW]);
            assert!(now == scenario.before || now == scenario.after, "{place:?}");
            says_what_is_published(&run, scenario, now == scenario.after);
            (scenario.command)(&bucket).run().succeeds();
            shown.case();
        }
    }
    // A busy machine may take long over one of them, not over all.
    assert!(fastest < Duration::from_secs(1), "the fastest took {fastest:?}");
}

/// A step that says nothing, or the wrong thing, of what is there would have its user guess.
fn says_what_is_published(run: &Run, scenario: &Scenario, is_published: bool) {
    let printed = run.printed();
    let says = |words: &[&str]| words.iter().any(|words| printed.contains(words));
    let nothing = ["Nothing was changed.", "This push has published nothing.", "was not written"];
    let right = match (scenario.before == scenario.after, is_published) {
        (true, _) => says(&["Nothing was changed."]),
        (false, false) => says(&nothing) || says(&["It is not known"]),
        (false, true) => says(&["is published in s3://", "It is not known"]) && !says(&nothing),
    };
    assert!(right, "published: {is_published}; it printed\n{printed}");
}

#[test]
fn a_cancelled_push() {
    cancel_at_each_request("a push", &PUSH);
}

#[test]
fn a_cancelled_push_of_the_head() {
    cancel_at_each_request("a push of the head", &PUSH_HEAD);
}

#[test]
fn a_cancelled_overwrite() {
    cancel_at_each_request("an overwrite", &OVERWRITE);
}

#[test]
fn a_cancelled_pull() {
    cancel_at_each_request("a pull", &PULL);
}

#[test]
fn a_push_that_is_cancelled_before_its_manifest_says_that_nothing_of_it_is_published() {
    let bucket = versioned();
    let run = cancelled(push(&bucket, OLD), put("/claims/"), Signal::TERM).fails(143);
    run.says("The step was cancelled by SIGTERM before it was done. This push has published nothing.");
    let run = cancelled(push(&bucket, OLD), put("c.json"), Signal::INT).fails(130);
    run.says("The manifest of v1 was not written, so nothing of this push is published.")
        .says("Running the same push again finishes it");
    pull(&bucket, "v1").run().fails(6);
    let run = cancelled(push_head(&bucket, OLD), put("c.json"), Signal::TERM).fails(143);
    run.says("The manifest of the head was not written, but files of this push may be in place already.");
    assert!(changed(&push(&bucket, OLD).run().succeeds()));
    let overwrite = push(&bucket, NEW).input("overwrite", "true");
    let run = cancelled(overwrite, put("c.json"), Signal::TERM).fails(143);
    run.says("The manifest of v1 was not written, but files of this push may be in place already.");
}

#[test]
fn a_push_that_is_cancelled_while_its_manifest_is_answered_is_done_and_succeeds() {
    let shown = shows("F12", "SIGINT or SIGTERM while the manifest is answered", "the push is done, and succeeds");
    for (signal, ..) in SIGNALS {
        for (head, manifest) in [(false, "/versions/v1.json"), (true, "head.json")] {
            let bucket = versioned();
            let step = if head { push_head(&bucket, NEW) } else { push(&bucket, NEW).input("update-catalog", "true") };
            let victim = Victim::default();
            let of_fault = victim.clone();
            let proxy = proxy_with(put(manifest), Fault::before(move || of_fault.send(signal)));
            let run = victim.run(&step.through(&proxy)).succeeds();
            // What is left to do on this machine is done as well.
            assert!(changed(&run) && run.file("cstore.yml").contains("context: shop"));
            assert_eq!(pulled(&bucket, if head { "head" } else { "v1" }, &[NEW]), Some(NEW));
            shown.case();
        }
    }
}

#[test]
fn a_push_that_is_cancelled_and_whose_manifest_is_never_answered_leaves_open_whether_it_is_published() {
    let bucket = versioned();
    let run = cancelled(push(&bucket, NEW), put("/versions/v1.json"), Signal::INT).fails(130);
    run.says("It is not known whether the manifest of v1 was written.").says("Running the same push again finds out");
    assert!(changed(&push(&bucket, NEW).run().succeeds()));
}

#[test]
fn a_push_that_is_cancelled_when_it_is_published_says_so() {
    for (head, subject) in [(false, "Version v1 of shop is published"), (true, "The head of shop is published")] {
        let bucket = versioned();
        let step = if head { push_head(&bucket, NEW) } else { push(&bucket, NEW) };
        let step = step.input("kms-key-id", "alias/of-the-test");
        let run = cancelled(step, put("/settings.json"), Signal::TERM).fails(143);
        run.says(subject).says("cancelled by SIGTERM").does_not_say("Nothing was changed");
        state_of(&pull(&bucket, if head { "head" } else { "v1" }).run().succeeds(), &[NEW]);
    }
}

#[test]
fn a_repair_that_is_cancelled_says_that_files_may_be_missing() {
    let bucket = unversioned();
    push(&bucket, NEW).run().succeeds();
    bucket.delete("shop/v1/c.json");
    let run = cancelled(push(&bucket, NEW), put("c.json"), Signal::TERM).fails(143);
    run.says("Version v1 of shop is published with this content, but files of it may be missing.");
    push(&bucket, NEW).run().succeeds();
    state_of(&pull(&bucket, "v1").run().succeeds(), &[NEW]);
}

#[test]
fn a_dry_run_or_a_pull_that_is_cancelled_says_that_nothing_was_changed() {
    let bucket = versioned();
    push(&bucket, OLD).run().succeeds();
    let run = cancelled(pull(&bucket, "v1"), request("GET", "c.json"), Signal::TERM).fails(143);
    run.says("Nothing was changed.");
    let dry_run = push(&bucket, NEW).input("overwrite", "true").input("dry-run", "true");
    let run = cancelled(dry_run, request("GET", "/claims/"), Signal::INT).fails(130);
    run.says("This push has published nothing.");
    assert_eq!(pulled(&bucket, "v1", &[OLD, NEW]), Some(OLD));
}
