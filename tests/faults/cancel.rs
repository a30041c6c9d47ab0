//! A job that is cancelled while a request of it is under way: SIGINT, or SIGTERM. The old state or the new one stands,
//! whole, nothing is written half, and a push says which of them is published.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::harness::proxy::{Fault, Matching, put, request};
use crate::harness::{Action, Bucket, Run, shows};
use crate::scenario::{
    EDIT, MOVE_CHANNEL, OVERWRITE, PROMOTE, PROMOTE_HEAD, PULL, PURGE, PURGE_FILES, PUSH, PUSH_HEAD, ROLL_CHANNEL_BACK,
    ROLLBACK, SET, Scenario, UNDO, at, walks_all,
};
use crate::story::{
    NEW, OLD, PATHS, changed, proxy_with, pull, pulled, purge, push, push_head, state_of, unversioned, versioned,
};
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

/// At which requests a command is cancelled.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    Each,
    /// At every third, by one of the two signals, unless `CSTORE_WALK_ALL=1` says otherwise.
    Some,
}

/// Cancels a command at its requests.
fn cancel(command: &str, scenario: &Scenario, which: At) {
    let is_sample = which == At::Some && !walks_all();
    let shown = shows(
        "F12",
        format!("SIGINT or SIGTERM at each request of {command}"),
        "code 130 or 143 within a second, or three where the manifest has been sent; old or new, and it says which",
    );
    let mut fastest = Duration::MAX;
    for (nth, place) in scenario.places().into_iter().enumerate() {
        for (n, (signal, code, name)) in SIGNALS.into_iter().enumerate() {
            if is_sample && nth % 6 != 3 * n {
                continue;
            }
            let bucket = versioned();
            (scenario.prepare)(&bucket);
            let (victim, sent) = (Victim::default(), Arc::new(Mutex::new(None)));
            let (of_fault, of_sender) = (victim.clone(), Arc::clone(&sent));
            let cancel = move || {
                *of_sender.lock().unwrap() = Some(Instant::now());
                of_fault.send(signal);
            };
            let proxy = proxy_with(at(&place), Fault::StallAnd(Arc::new(cancel)));
            let run = victim.run_command(&(scenario.command)(&bucket).through(&proxy));
            proxy.release();
            fastest = fastest.min(sent.lock().unwrap().expect("the signal was sent").elapsed());
            let printed = run.printed();
            assert!(run.code() == code && printed.contains(&format!("cancelled by {name}")), "{place:?}:\n{printed}");
            let now = scenario.pulled(&bucket);
            assert!(now == scenario.before || now == scenario.after, "{place:?}");
            says_what_is_published(&printed, scenario, now == scenario.after);
            if scenario.is_purge() {
                says_what_is_gone(&printed, &bucket, scenario);
            }
            scenario.finish(&bucket);
            shown.case();
        }
    }
    // A busy machine may take long over one of them, not over all.
    assert!(fastest < Duration::from_secs(1), "the fastest took {fastest:?}");
}

/// A step that says nothing, or the wrong thing, of what is there would have its user guess.
fn says_what_is_published(printed: &str, scenario: &Scenario, is_published: bool) {
    let says = |words: &[&str]| words.iter().any(|words| printed.contains(words));
    let nothing = [
        "Nothing was changed.",
        "has published nothing.",
        "was not written",
        "is still published.",
        "still has the files.",
    ];
    let unknown = ["It is not known", "is not known."];
    let done = ["is published in s3://", "was moved anyway", "No pull gets", "The files have left"];
    let is_open = says(&unknown);
    let is_nothing = says(&nothing) && !is_open;
    let right = match (scenario.before == scenario.after, is_published) {
        (true, _) => says(&["Nothing was changed."]),
        (false, false) => (is_nothing || is_open) && !says(&done),
        (false, true) => (says(&done) || is_open) && !is_nothing,
    };
    assert!(right, "published: {is_published}; it printed\n{printed}");
}

/// A purge that broke off counts what is gone and what is left, and names both by key.
fn says_what_is_gone(printed: &str, bucket: &Bucket, scenario: &Scenario) {
    if printed.contains("Nothing was changed.") {
        return;
    }
    let is_of_head = scenario.version == "head";
    let is_own = |key: &str| match key.strip_prefix("shop/") {
        Some(rest) if is_of_head => PATHS.contains(&rest),
        Some(rest) => rest.starts_with("v1/") || rest.ends_with("/v1.json"),
        None => false,
    };
    let there: Vec<_> =
        bucket.versions().into_iter().filter(|there| !there.is_delete_marker && is_own(&there.key)).collect();
    let counted = printed.lines().find_map(|line| line.split_once(" are left").or(line.split_once(" is left")));
    let (before, after) = counted.unwrap_or_else(|| panic!("it counts nothing:\n{printed}"));
    let number = |text: &str| text.rsplit(' ').next().unwrap().parse::<usize>().unwrap();
    let open = match after.split_once(" may be gone.") {
        Some((open, _)) => number(open),
        None => 0,
    };
    let left = number(before);
    // Its own claim was not there when it began.
    let own = usize::from(!is_of_head);
    assert!((left..=left + open + own).contains(&there.len()), "{there:#?}\n{printed}");
    let of_head = if is_of_head { "the head of shop" } else { "v1 of shop" };
    assert_eq!(left > 0, printed.contains(&format!("Left of {of_head} in s3://")), "{printed}");
}

#[test]
fn a_cancelled_push() {
    cancel("a push", &PUSH, At::Each);
}

#[test]
fn a_cancelled_push_of_the_head() {
    cancel("a push of the head", &PUSH_HEAD, At::Each);
}

#[test]
fn a_cancelled_overwrite() {
    cancel("an overwrite", &OVERWRITE, At::Each);
}

#[test]
fn a_cancelled_pull() {
    cancel("a pull", &PULL, At::Each);
}

#[test]
fn a_cancelled_promotion() {
    cancel("a promotion of a version", &PROMOTE, At::Some);
    cancel("a promotion to the head", &PROMOTE_HEAD, At::Some);
}

#[test]
fn a_cancelled_rollback() {
    cancel("a rollback of the head", &ROLLBACK, At::Some);
    cancel("a rollback of the head to what it was before", &UNDO, At::Some);
}

#[test]
fn a_cancelled_move_of_a_channel() {
    cancel("a move of a channel", &MOVE_CHANNEL, At::Some);
    cancel("a rollback of a channel", &ROLL_CHANNEL_BACK, At::Some);
}

#[test]
fn a_cancelled_purge() {
    cancel("a purge of a version", &PURGE, At::Some);
    cancel("a purge of files of the head", &PURGE_FILES, At::Some);
}

#[test]
fn a_cancelled_change_of_a_key() {
    cancel("set by the command line", &SET, At::Some);
    cancel("edit by the command line", &EDIT, At::Some);
}

#[test]
fn a_purge_that_breaks_off_lists_what_is_gone_and_what_is_left() {
    let fails = Fault::s3(500, "InternalError", "We encountered an internal error.");
    for (fault, limit) in [(fails, "60"), (Fault::Stall, "2")] {
        let bucket = versioned();
        (PURGE.prepare)(&bucket);
        // What is older than the last one of this file goes, and the last one stays hidden.
        let proxy = proxy_with(request("DELETE", "shop/v1/c.json").nth(3).for_ever(), fault);
        let run = purge(&bucket).through(&proxy).input("timeout-seconds", limit).run().fails(7);
        let run =
            run.says("No pull gets v1 of shop in s3://").says(" are gone, ").says(" are left, and 1 may be gone.");
        let run =
            run.says("nobody can push it until the purge is finished").says("Run the same purge again to finish it.");
        let lines: Vec<_> = run.stdout.lines().collect();
        let below = |heading: &str| -> Vec<_> {
            let at = lines.iter().position(|line| line.starts_with(heading)).unwrap_or_else(|| panic!("{lines:#?}"));
            lines[at + 1..].iter().take_while(|line| line.starts_with("shop/")).copied().collect()
        };
        let has = |listed: &[&str], line: &str| listed.iter().any(|listed| listed.starts_with(line));
        let gone = below("Gone of v1 of shop in s3://");
        assert!(has(&gone, "shop/.cstore/versions/v1.json (2 S3 versions, "), "{gone:#?}");
        assert!(has(&gone, "shop/v1/c.json (1 S3 version, "), "{gone:#?}");
        assert!(has(&below("Perhaps gone of v1 of shop in s3://"), "shop/v1/c.json (1 S3 version, "), "{lines:#?}");
        assert!(
            has(&below("Left of v1 of shop in s3://"), "shop/.cstore/claims/v1.json (2 S3 versions, "),
            "{lines:#?}"
        );
        purge(&bucket).run().succeeds();
        pull(&bucket, "v1").run().fails(6);
    }
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
