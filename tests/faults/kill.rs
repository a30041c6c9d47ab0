//! SIGKILL before and after every request: what is there afterwards is the old state or the new one, whole, and the same command again succeeds.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use rustix::process::Signal;

use crate::harness::proxy::Fault;
use crate::harness::{Bucket, report, shows};
use crate::scenario::{
    Command, FIRST_PUSH_OF_HEAD, MOVE_CHANNEL, OVERWRITE, PROMOTE, PROMOTE_AND_MOVE, PROMOTE_HEAD, PULL, PURGE,
    PURGE_FILES, PUSH, PUSH_AGAIN, PUSH_AND_MOVE, PUSH_HEAD, Place, ROLL_CHANNEL_BACK, ROLLBACK, Scenario, UNDO, at,
    walks_all,
};
use crate::story::{NEW, OLD, State, proxy_with, pull, state_of, unversioned, versioned};
use crate::victim::Victim;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    /// The request does not arrive.
    Before,
    /// It does, and is not answered.
    After,
}

/// What a pull may find after the process has died.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Promise {
    OldOrNew,
    /// Where nothing pins and something is replaced: whole, or refused with 5.
    WholeOrRefused,
}

fn kill_at_each_request(what: &str, scenario: &Scenario, create: fn() -> Bucket, promise: Promise) {
    let places = scenario.places_in(&create());
    let whens = [When::Before, When::After];
    let all = walks_all();
    let steps: Vec<_> = places
        .iter()
        .flat_map(|place| whens.map(|when| (place, when)))
        // These read much, and each of their reads is before or after a write that they are killed at.
        .filter(|((method, ..), _)| !scenario.reads_much() || all || matches!(*method, "PUT" | "DELETE"))
        .map(|(place, when)| (place, when, scenario.expected(place, when)))
        .collect();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut failed = Vec::new();
        while let Some((place, when, expected)) = steps.get(next.fetch_add(1, Ordering::Relaxed)) {
            let at = (*place, *when, expected.as_slice());
            if catch_unwind(AssertUnwindSafe(|| kill_at(scenario, &create(), at, promise))).is_err() {
                failed.push(format!("{when:?} {place:?}"));
            }
        }
        failed
    };
    // Each step spends most of its time waiting for a process.
    let failed: Vec<_> = thread::scope(|scope| {
        let workers: Vec<_> = (0..3).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    assert!(failed.is_empty(), "{} of {} failed, see above: {failed:#?}", failed.len(), steps.len());
    shows(
        "F11",
        what,
        match promise {
            Promise::OldOrNew => "the next pull gets the old state or the new one, and the same command again succeeds",
            Promise::WholeOrRefused => {
                "the next pull is whole or fails with code 5, and the same command again succeeds"
            }
        },
    )
    .cases(steps.len());
    let pulls = match promise {
        Promise::OldOrNew => "the old state or the new one, whole",
        Promise::WholeOrRefused => "whole, or refused with code 5",
    };
    report::leave("kills", what, &format!("| {what} | {} | {pulls} | succeeds |\n", steps.len()));
}

impl Scenario {
    fn reads_much(&self) -> bool {
        self.is_purge() || self.is_of_channel()
    }

    fn is_of_channel(&self) -> bool {
        self.version.starts_with(':')
    }

    /// What may be there after a kill.
    fn expected(&self, place: &Place, when: When) -> Vec<Option<State>> {
        let (method, key, nth) = place;
        let is_done = if when == When::After { self.after } else { self.before };
        let of_version = key.contains("/versions/");
        match (*method, self.is_purge()) {
            ("PUT", _) if self.is_of_channel() && key.contains("/channels/") => vec![is_done],
            // Its target is read before it is moved and after.
            ("GET", _) if self.is_of_channel() => vec![self.before, self.after],
            (_, false) if self.is_of_channel() => vec![self.before],
            ("DELETE", true) if of_version && *nth == 1 => vec![is_done],
            ("PUT", true) if key.ends_with("head.json") => vec![is_done],
            // Requests for several keys are under way at once.
            (_, true) => vec![self.before, self.after],
            ("PUT", false) if of_version || key.ends_with("head.json") => vec![is_done],
            (_, false) => vec![self.before],
        }
    }
}

/// `expected`: what may be there afterwards.
fn kill_at(
    scenario: &Scenario,
    bucket: &Bucket,
    (place, when, expected): (&Place, When, &[Option<State>]),
    promise: Promise,
) {
    (scenario.prepare)(bucket);
    let victim = Victim::default();
    let of_fault = victim.clone();
    let kill = Arc::new(move || of_fault.send(Signal::KILL));
    let fault = match when {
        When::Before => Fault::Instead(kill),
        When::After => Fault::LoseAnswerAnd(kill),
    };
    let proxy = proxy_with(at(place), fault);
    let Command::Step(action) = (scenario.command)(bucket).through(&proxy) else { panic!("a step is to be killed") };
    let run = victim.run(&action);
    assert_eq!(run.code, 128 + Signal::KILL.as_raw(), "it ended by itself:\n{}", run.printed());

    match promise {
        Promise::OldOrNew => {
            let now = scenario.pulled(bucket);
            assert!(expected.contains(&now), "{now:?} is not among {expected:?}");
        }
        Promise::WholeOrRefused => whole_or_refused(bucket, scenario.version, expected),
    }
    scenario.finish(bucket);
}

fn whole_or_refused(bucket: &Bucket, version: &str, expected: &[Option<State>]) {
    let run = pull(bucket, version).run();
    match run.code {
        0 => assert!(expected.contains(&Some(state_of(&run, &[OLD, NEW]))), "after the kill"),
        5 => {}
        6 => assert!(expected.contains(&None), "after the kill"),
        code => panic!("a pull after the kill failed with {code}:\n{}", run.printed()),
    }
}

/// A command to be killed is one line here, with what holds of it in a bucket without versioning.
macro_rules! killed {
    ($($name:ident: $what:literal, $scenario:ident, $without_pins:ident;)*) => {$(
        mod $name {
            use super::*;

            #[test]
            fn in_a_versioned_bucket() {
                let what = concat!($what, ", with versioning");
                kill_at_each_request(what, &$scenario, versioned, Promise::OldOrNew);
            }

            #[test]
            fn in_an_unversioned_bucket() {
                let what = concat!($what, ", without versioning");
                kill_at_each_request(what, &$scenario, unversioned, Promise::$without_pins);
            }
        }
    )*};
}

#[test]
fn a_rollback_to_what_was_before_in_a_versioned_bucket() {
    // There is none where nothing keeps what was before.
    kill_at_each_request(
        "rollback of the head to what it was before, with versioning",
        &UNDO,
        versioned,
        Promise::OldOrNew,
    );
}

killed! {
    a_push: "push of a version", PUSH, OldOrNew;
    a_push_again: "the same push again", PUSH_AGAIN, OldOrNew;
    an_overwrite: "overwrite", OVERWRITE, WholeOrRefused;
    a_push_of_the_head: "push of the head", PUSH_HEAD, WholeOrRefused;
    a_first_push_of_the_head: "first push of the head", FIRST_PUSH_OF_HEAD, OldOrNew;
    a_pull: "pull of a version", PULL, OldOrNew;
    a_promotion: "promotion of a version", PROMOTE, OldOrNew;
    a_promotion_to_the_head: "promotion to the head", PROMOTE_HEAD, WholeOrRefused;
    a_rollback: "rollback of the head", ROLLBACK, WholeOrRefused;
    a_purge: "purge of a version", PURGE, OldOrNew;
    a_purge_of_files: "purge of files of the head", PURGE_FILES, OldOrNew;
    a_move_of_a_channel: "move of a channel", MOVE_CHANNEL, OldOrNew;
    a_rollback_of_a_channel: "rollback of a channel", ROLL_CHANNEL_BACK, OldOrNew;
    a_push_that_moves_a_channel: "push that moves a channel", PUSH_AND_MOVE, OldOrNew;
    a_promotion_that_moves_a_channel: "promotion that moves a channel", PROMOTE_AND_MOVE, OldOrNew;
}
