//! Each way of failing at each single request of each command in turn: old or new, and the same command again succeeds.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use crate::harness::proxy::{Fault, wrong_region};
use crate::harness::{Bucket, Proxy, shows};
use crate::scenario::{
    EDIT, FIRST_PUSH_OF_HEAD, MOVE_CHANNEL, OVERWRITE, PROMOTE, PROMOTE_AND_MOVE, PROMOTE_HEAD, PULL, PULL_CHANNEL,
    PURGE, PURGE_FILES, PUSH, PUSH_AGAIN, PUSH_AND_MOVE, PUSH_HEAD, Place, ROLL_CHANNEL_BACK, ROLLBACK, SET, Scenario,
    UNDO, UNSET, at, walks_all,
};
use crate::story::{ALL_STATES, PATHS, State, changed, state_of, versioned};

/// Something that is done to a request, and how the run may end.
#[derive(Clone)]
struct Way {
    /// What it is, and the number of the failure that it is a case of.
    name: &'static str,
    number: &'static str,
    fault: Fault,
    /// To which methods it can happen.
    methods: &'static [&'static str],
    /// Once, or from then on.
    for_ever: bool,
    /// Whether the request must be seen again.
    again: bool,
    /// Only at a push, a push of the head and a pull, unless `CSTORE_WALK_ALL=1` says otherwise: what others of these
    /// ways and commands show is nearly the same.
    seldom: bool,
    codes: &'static [i32],
}

const ALL: &[&str] = &["GET", "HEAD", "PUT", "DELETE"];
const READS: &[&str] = &["GET", "HEAD"];
const WRITES: &[&str] = &["PUT", "DELETE"];
const DELETES: &[&str] = &["DELETE"];
const LOOKS: &[&str] = &["HEAD"];
const BODIES: &[&str] = &["GET", "PUT"];

impl Way {
    /// It happens once; the request is sent again, and the run succeeds.
    fn passing(number: &'static str, name: &'static str, fault: Fault) -> Self {
        Self { name, number, fault, methods: ALL, for_ever: false, again: true, seldom: false, codes: &[0] }
    }

    /// It happens once, and the run succeeds without sending the request again.
    fn borne(number: &'static str, name: &'static str, fault: Fault) -> Self {
        Self { again: false, ..Self::passing(number, name, fault) }
    }

    fn at(self, methods: &'static [&'static str]) -> Self {
        Self { methods, ..self }
    }

    fn seldom(self) -> Self {
        Self { seldom: true, ..self }
    }

    fn ends_in(self, codes: &'static [i32]) -> Self {
        Self { codes, again: false, ..self }
    }

    fn outcome(&self) -> &'static str {
        match self.codes {
            [0] if self.again => "sent again; success, and what was pushed is there",
            [0] => "success, and what was pushed is there",
            [3] => "code 3; the old state or the new one, and the same command again succeeds",
            [0, 1, 7] => "success, or code 1 or 7; the old state or the new one, and the same command again succeeds",
            [0, ..] => "success, or code 7; the old state or the new one, and the same command again succeeds",
            _ => "refused; the old state or the new one, and the same command again succeeds",
        }
    }
}

/// In which ways the requests of a command fail.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ways {
    All,
    /// Without those that are [`seldom`](Way::seldom).
    Usual,
    /// The same, and of requests that repeat the first and the last alone, unless `CSTORE_WALK_ALL=1` says otherwise.
    Ends,
}

/// Does each step on as many threads; gives those that panicked.
fn failing<T: Sync + std::fmt::Debug>(steps: &[T], threads: usize, step: impl Fn(&T) + Sync) -> Vec<String> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut failed = Vec::new();
        while let Some(this) = steps.get(next.fetch_add(1, Ordering::Relaxed)) {
            if catch_unwind(AssertUnwindSafe(|| step(this))).is_err() {
                failed.push(format!("{this:?}"));
            }
        }
        failed
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    })
}

impl Scenario {
    /// Faults each request in turn, in each of these ways.
    fn walk(&self, ways: &[Way], which: Ways) {
        let all = which == Ways::All || walks_all();
        let ways: Vec<_> = ways.iter().filter(|way| all || !way.seldom).collect();
        let mut places = self.places();
        if which == Ways::Ends && !all {
            let last: BTreeMap<_, _> = places.iter().map(|(method, key, nth)| ((*method, key.clone()), *nth)).collect();
            places.retain(|(method, key, nth)| *nth == 1 || last[&(*method, key.clone())] == *nth);
        }
        let happens = |way: &&&Way| places.iter().any(|(method, ..)| way.methods.contains(method));
        let faulted: Vec<_> = ways
            .iter()
            .filter(happens)
            .map(|way| {
                (way, shows(way.number, format!("{}, at each request of each command", way.name), way.outcome()))
            })
            .collect();
        let steps: Vec<_> = faulted
            .iter()
            .flat_map(|(way, shown)| {
                let may_happen = |place: &&Place| {
                    way.methods.contains(&place.0)
                        && !(matches!(way.fault, Fault::FlipByte) && self.puts_nothing(place))
                };
                let places = places.iter().filter(may_happen);
                places.map(move |place| (place, *way, shown))
            })
            .collect();
        assert!(!steps.is_empty());
        let shared = versioned();
        if self.changes_nothing() {
            (self.prepare)(&shared);
        }
        let named: Vec<_> = steps.iter().enumerate().map(|(n, (place, way, _))| (n, place, way.name)).collect();
        // Each step spends most of its time waiting for a process.
        let failed = failing(&named, 3, |(n, ..)| {
            let (place, way, shown) = &steps[*n];
            self.step(place, way, self.changes_nothing().then_some(&shared));
            shown.case();
        });
        assert!(failed.is_empty(), "{} of {} failed, see above: {failed:#?}", failed.len(), steps.len());
    }

    /// Whether a request puts an empty file, which has no byte to flip.
    fn puts_nothing(&self, (method, key, _): &Place) -> bool {
        let is_empty =
            |after: State| PATHS.iter().zip(after).any(|(path, text)| text.is_empty() && key.ends_with(path));
        *method == "PUT" && self.after.is_some_and(is_empty)
    }

    /// Runs the command with one fault, and holds it to its promise.
    fn step(&self, place: &Place, way: &Way, prepared: Option<&Bucket>) {
        let (method, key, nth) = place;
        let bucket = prepared.cloned().unwrap_or_else(|| {
            let bucket = versioned();
            (self.prepare)(&bucket);
            bucket
        });
        let place = if way.for_ever { at(place).for_ever() } else { at(place) };
        let proxy = Proxy::before(bucket.server());
        proxy.on(place, way.fault.clone());
        let run = (self.command)(&bucket).through(&proxy).run();
        let tries = proxy.requests().iter().filter(|seen| seen.method == *method && seen.key == *key).count();
        // What tells whether the context that it promotes to is new, a promotion can do without, and does not wait for.
        let is_listing = *method == "GET" && key.is_empty() && self.source == "shop-dev/" && !self.is_purge();
        assert!(tries > *nth || !way.again || is_listing, "it was not sent again: {:#?}", proxy.lines());
        drop(proxy);
        // What a push reads to tell people which keys have changed, it can do without.
        let is_body = *method == "GET" && !key.is_empty() && !key.contains(".cstore/");
        let for_people = self.changed.is_some() && (is_body && !key.starts_with(self.source) || is_listing);
        let codes: &[i32] = match way.number {
            // It says what it could not look at, and leaves what is in its way.
            "F5" if self.is_purge() => &[0, 3],
            // So it can without what it replaces, which lies at the keys of what it restores or changes.
            "F5" if self.source == "shop/" && is_body && *nth > 1 => &[0, 3],
            // A delete of an S3 version has no condition that could not hold.
            "F4" if *method == "DELETE" && *nth > 1 => &[0, 1],
            _ if for_people => &[0],
            _ => way.codes,
        };
        let code = run.code();
        assert!(codes.contains(&code), "code {code} is not among {codes:?}; it printed\n{}", run.printed());
        // A pull says itself what is there.
        let own = run.step().filter(|_| self.changed.is_none() && code == 0).map(|run| state_of(run, &ALL_STATES));
        let now = own.or_else(|| self.pulled(&bucket));
        if code == 0 {
            if let (Some(expected), Some(run)) = (self.changed, run.step()) {
                assert_eq!(changed(run), expected, "config-changed");
            }
            assert_eq!(now, self.after, "what was pushed is there");
        } else {
            assert!(now == self.before || now == self.after, "old or new");
            self.finish(&bucket);
        }
    }
}

/// Each way in which a single request can fail, and how the run is to end.
fn ways() -> Vec<Way> {
    let denied = Fault::s3(403, "AccessDenied", "Access Denied");
    let in_progress = || Fault::s3(409, "ConditionalRequestConflict", "A conflicting operation is in progress.");
    let does_not_hold =
        || Fault::s3(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold");
    let elsewhere = wrong_region(307, "eu-central-1", "https://b.s3.eu-central-1.amazonaws.com/");
    vec![
        Way::passing("F1", "the connection is reset", Fault::Reset),
        Way::passing("F1", "the connection is cut within the request", Fault::CutRequest).at(WRITES),
        Way::passing("F1", "the connection is cut within the answer's head", Fault::CutAnswer(40)),
        Way::passing("F1", "the connection is cut before the answer's last byte", Fault::CutAnswer(usize::MAX)),
        Way::borne("F1", "the connection is closed after the answer", Fault::CloseAfter).seldom(),
        Way::borne("F2", "the answer takes its time", Fault::delay(Duration::from_millis(200))).seldom(),
        Way::passing("F3", "503 SlowDown", Fault::s3(503, "SlowDown", "Please reduce your request rate.")),
        Way::passing("F3", "500 InternalError", Fault::s3(500, "InternalError", "We encountered an internal error."))
            .seldom(),
        // At a write: when writers meet, although none is there any more when the tool looks.
        Way::passing("F4", "409 to a write", in_progress()).at(WRITES),
        // Of deletes, the first of a key has a condition.
        Way::borne("F4", "412 to a write", does_not_hold()).at(WRITES),
        Way::passing("F4", "409 to a read, which S3 does not answer", in_progress())
            .seldom()
            .at(READS)
            .ends_in(&[0, 1, 7]),
        Way::passing("F4", "412 to a read, which S3 does not answer", does_not_hold())
            .seldom()
            .at(READS)
            .ends_in(&[0, 1, 7]),
        Way { for_ever: true, ..Way::passing("F5", "403 to a get or put", denied.clone()).at(BODIES).ends_in(&[3]) },
        Way { for_ever: true, ..Way::passing("F5", "403 to a delete", denied.clone()).at(DELETES).ends_in(&[3]) },
        // Of an object whose checksum is kept back, the body may be had.
        Way { for_ever: true, ..Way::borne("F5", "403 to a look alone", denied).at(LOOKS) },
        Way::passing("F6", "the answer is lost after the request took effect", Fault::LoseAnswer),
        // Of an error without a body that can be read nothing is left but that something went wrong.
        // What a HEAD answers has no byte to flip.
        Way::passing("F7", "a byte is flipped on the way", Fault::FlipByte).seldom().at(BODIES).ends_in(&[0, 7]),
        Way::passing("F8", "307 to another region", Fault::Answer(elsewhere)).seldom(),
    ]
}

/// A command to be walked through is one line here.
macro_rules! walks {
    ($($name:ident: $scenario:ident, $which:ident;)*) => {
        $(#[test]
        fn $name() {
            $scenario.walk(&ways(), Ways::$which);
        })*

        const COMMANDS: &[(&str, Scenario)] = &[$((stringify!($name), $scenario)),*];
    };
}

walks! {
    a_push: PUSH, All;
    a_push_again: PUSH_AGAIN, Usual;
    an_overwrite: OVERWRITE, Usual;
    a_push_of_the_head: PUSH_HEAD, All;
    a_first_push_of_the_head: FIRST_PUSH_OF_HEAD, Usual;
    a_pull: PULL, All;
    a_promotion: PROMOTE, Usual;
    a_promotion_to_the_head: PROMOTE_HEAD, Usual;
    a_rollback: ROLLBACK, Usual;
    a_rollback_to_what_was_before: UNDO, Usual;
    a_set: SET, Usual;
    an_unset: UNSET, Ends;
    an_edit: EDIT, Ends;
    a_purge: PURGE, Ends;
    a_purge_of_files: PURGE_FILES, Ends;
    a_move_of_a_channel: MOVE_CHANNEL, Usual;
    a_rollback_of_a_channel: ROLL_CHANNEL_BACK, Usual;
    a_pull_of_a_channel: PULL_CHANNEL, Usual;
    a_push_that_moves_a_channel: PUSH_AND_MOVE, Ends;
    a_promotion_that_moves_a_channel: PROMOTE_AND_MOVE, Ends;
}

/// That the server in memory stands for a real S3 server process: each command asks moto the same, and bears there a
/// lost answer to its last request.
#[test]
fn each_command_asks_a_real_server_the_same() {
    for (name, scenario) in COMMANDS {
        let sorted = |mut places: Vec<Place>| {
            places.sort_unstable();
            places
        };
        let places = scenario.places_in(&Bucket::versioned());
        let last = places.last().unwrap().clone();
        assert_eq!(sorted(places), sorted(scenario.places()), "{name}");
        let bucket = Bucket::versioned();
        (scenario.prepare)(&bucket);
        scenario.step(&last, &Way::passing("F6", "the answer is lost", Fault::LoseAnswer), Some(&bucket));
    }
}

/// What stalls costs ten seconds, so that all of it is done at once.
#[test]
fn a_stall_at_each_request_of_each_command() {
    let way = Way::passing("F2", "no byte of the answer comes", Fault::Stall);
    let shown = shows("F2", "no byte of the answer comes, at each request of each command", way.outcome());
    let steps: Vec<_> = COMMANDS
        .iter()
        .enumerate()
        .flat_map(|(n, (name, scenario))| scenario.places().into_iter().map(move |place| (n, *name, place)))
        .collect();
    let failed = failing(&steps, steps.len(), |(n, _, place)| {
        COMMANDS[*n].1.step(place, &way, None);
        shown.case();
    });
    assert!(failed.is_empty(), "{} of {} failed, see above: {failed:#?}", failed.len(), steps.len());
}
