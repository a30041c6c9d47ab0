//! One fault at each single request of each command in turn: old or new, and the same command again succeeds.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::harness::proxy::{Fault, Matching, request};
use crate::harness::{Action, Bucket, Proxy};
use crate::story::{NEW, OLD, PATHS, State, changed, proxy_with, pull, pulled, push, push_head, state_of};

/// A command, and the state that it starts from.
pub(crate) struct Scenario {
    pub(crate) prepare: fn(&Bucket),
    pub(crate) command: fn(&Bucket) -> Action,
    pub(crate) version: &'static str,
    pub(crate) before: Option<State>,
    pub(crate) after: State,
    /// What a push says of itself; none for a pull.
    changed: Option<bool>,
}

/// One request of a clean run: its method, its key, and the how many-th of these.
pub(crate) type Place = (&'static str, String, usize);

impl Scenario {
    /// Does each fault to each request in turn: once where the run is to succeed all the same, else from then on.
    fn walk(&self, faults: &[(&str, Fault)], applies: fn(&str) -> bool, code: i32) {
        let places: Vec<_> = self.places().into_iter().filter(|(method, ..)| applies(method)).collect();
        assert!(!places.is_empty());
        let steps: Vec<_> = places.iter().flat_map(|place| faults.iter().map(move |fault| (place, fault))).collect();
        let next = AtomicUsize::new(0);
        let work = || {
            let mut failed = Vec::new();
            while let Some(((method, key, nth), (name, fault))) = steps.get(next.fetch_add(1, Ordering::Relaxed)) {
                let place = request(method, key).nth(*nth);
                let place = if code == 0 { place } else { place.for_ever() };
                // What a push reads to tell people which keys have changed, it can do without.
                let for_people = self.changed.is_some() && *method == "GET" && !key.contains(".cstore/");
                let code = if for_people { 0 } else { code };
                let step = || self.step(place, fault.clone(), code);
                if catch_unwind(AssertUnwindSafe(step)).is_err() {
                    failed.push(format!("{name} at {method} {key} (number {nth})"));
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
    }

    /// The requests of a run that nothing disturbs.
    pub(crate) fn places(&self) -> Vec<Place> {
        let bucket = Bucket::versioned();
        (self.prepare)(&bucket);
        let proxy = Proxy::start();
        (self.command)(&bucket).through(&proxy).run().succeeds();
        let mut count = BTreeMap::new();
        let place = |seen: crate::harness::proxy::Seen| {
            let method = ["GET", "HEAD", "PUT"].into_iter().find(|method| *method == seen.method).unwrap();
            let nth = count.entry((method, seen.key.clone())).or_insert(0);
            *nth += 1;
            (method, seen.key, *nth)
        };
        proxy.requests().into_iter().map(place).collect()
    }

    /// Runs the command with one fault, and holds it to its promise.
    fn step(&self, place: Matching, fault: Fault, code: i32) {
        let bucket = Bucket::versioned();
        (self.prepare)(&bucket);
        let run = (self.command)(&bucket).through(&proxy_with(place, fault)).run();
        assert_eq!(run.code, code, "exit code; it printed\n{}", run.printed());
        let now = pulled(&bucket, self.version, &[OLD, NEW]);
        if run.code == 0 {
            match self.changed {
                Some(expected) => assert_eq!(changed(&run), expected, "config-changed"),
                None => assert_eq!(state_of(&run, &[self.after]), self.after),
            }
            assert_eq!(now, Some(self.after), "what was pushed is there");
            (self.command)(&bucket).run().succeeds();
        } else {
            assert!(now == self.before || now == Some(self.after), "old or new");
            (self.command)(&bucket).run().succeeds();
            assert_eq!(pulled(&bucket, self.version, &[OLD, NEW]), Some(self.after), "after the same command again");
        }
    }
}

pub(crate) const PUSH: Scenario = Scenario {
    prepare: |_| {},
    command: |bucket| push(bucket, NEW),
    version: "v1",
    before: None,
    after: NEW,
    changed: Some(true),
};

pub(crate) const PUSH_AGAIN: Scenario = Scenario {
    prepare: |bucket| drop(push(bucket, NEW).run().succeeds()),
    before: Some(NEW),
    changed: Some(false),
    ..PUSH
};

pub(crate) const OVERWRITE: Scenario = Scenario {
    prepare: |bucket| drop(push(bucket, OLD).run().succeeds()),
    command: |bucket| push(bucket, NEW).input("overwrite", "true"),
    before: Some(OLD),
    ..PUSH
};

pub(crate) const PUSH_HEAD: Scenario = Scenario {
    prepare: |bucket| drop(push_head(bucket, OLD).run().succeeds()),
    command: |bucket| push_head(bucket, NEW),
    version: "head",
    before: Some(OLD),
    after: NEW,
    changed: Some(true),
};

pub(crate) const FIRST_PUSH_OF_HEAD: Scenario = Scenario { prepare: |_| {}, before: None, ..PUSH_HEAD };

const PULL: Scenario = Scenario {
    prepare: |bucket| drop(push(bucket, NEW).run().succeeds()),
    command: |bucket| pull(bucket, "v1").files(&PATHS),
    before: Some(NEW),
    changed: None,
    ..PUSH
};

/// What the network does, and S3 when it is not well: tried again until it succeeds.
fn passing() -> Vec<(&'static str, Fault)> {
    vec![
        ("reset", Fault::Reset),
        ("cut within the answer's head", Fault::CutAnswer(40)),
        ("cut before the answer's last byte", Fault::CutAnswer(usize::MAX)),
        ("answer lost", Fault::LoseAnswer),
        ("503", Fault::s3(503, "SlowDown", "Please reduce your request rate.")),
    ]
}

/// What can only befall a request with a body; and what S3 says when writers meet, although none is there any more
/// when the tool looks.
fn at_writes() -> Vec<(&'static str, Fault)> {
    vec![
        ("cut within the request", Fault::CutRequest),
        ("409", Fault::s3(409, "ConditionalRequestConflict", "A conflicting operation is in progress.")),
        ("412", Fault::s3(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")),
    ]
}

fn denied() -> Vec<(&'static str, Fault)> {
    vec![("403", Fault::s3(403, "AccessDenied", "Access Denied"))]
}

fn any(_: &str) -> bool {
    true
}

fn writes(method: &str) -> bool {
    method == "PUT"
}

macro_rules! walks {
    ($($name:ident: $scenario:ident;)*) => {$(
        mod $name {
            use super::*;

            #[test]
            fn what_passes_is_tried_again() {
                $scenario.walk(&passing(), any, 0);
            }

            #[test]
            fn a_refused_request_refuses_the_run() {
                $scenario.walk(&denied(), any, 3);
            }
        }
    )*};
}

walks! {
    a_push: PUSH;
    a_push_again: PUSH_AGAIN;
    an_overwrite: OVERWRITE;
    a_push_of_the_head: PUSH_HEAD;
    a_first_push_of_the_head: FIRST_PUSH_OF_HEAD;
    a_pull: PULL;
}

#[test]
fn what_passes_at_a_write_is_tried_again() {
    for scenario in [PUSH, PUSH_AGAIN, OVERWRITE, PUSH_HEAD, FIRST_PUSH_OF_HEAD] {
        scenario.walk(&at_writes(), writes, 0);
    }
}
