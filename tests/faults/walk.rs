//! Each way of failing at each single request of each command in turn: old or new, and the same command again succeeds.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use crate::harness::proxy::{Fault, Seen, request, wrong_region};
use crate::harness::{Action, Bucket, Proxy, shows};
use crate::story::{
    NEW, OLD, PATHS, SOURCE, State, changed, move_channel, promote, pull, pulled, purge, purge_files, push, push_head,
    roll_channel_back, rollback, state_of, versioned,
};

/// A command, and the state that it starts from.
pub(crate) struct Scenario {
    pub(crate) prepare: fn(&Bucket),
    pub(crate) command: fn(&Bucket) -> Action,
    pub(crate) version: &'static str,
    pub(crate) before: Option<State>,
    /// None after a purge.
    pub(crate) after: Option<State>,
    /// What a push says of itself; none for a pull.
    changed: Option<bool>,
    /// Below which prefix lie the files that it copies, if it does.
    source: &'static str,
}

/// One request of a clean run: its method, its key, and the how many-th of these.
pub(crate) type Place = (&'static str, String, usize);

/// The requests that came through, in their order.
pub(crate) fn places_of(proxy: &Proxy) -> Vec<Place> {
    let mut count = BTreeMap::new();
    let place = |seen: Seen| {
        let method = ["GET", "HEAD", "PUT", "DELETE"].into_iter().find(|method| *method == seen.method).unwrap();
        let nth = count.entry((method, seen.key.clone())).or_insert(0);
        *nth += 1;
        (method, seen.key, *nth)
    };
    proxy.requests().into_iter().map(place).collect()
}

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
        let all = which == Ways::All || std::env::var_os("CSTORE_WALK_ALL").is_some_and(|value| value == "1");
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
                let places = places.iter().filter(|(method, ..)| way.methods.contains(method));
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

    /// Whether a run leaves the bucket as it was, so that the next can use it.
    fn changes_nothing(&self) -> bool {
        self.changed != Some(true)
    }

    /// The requests of a run that nothing disturbs.
    pub(crate) fn places(&self) -> Vec<Place> {
        self.places_in(&versioned())
    }

    pub(crate) fn places_in(&self, bucket: &Bucket) -> Vec<Place> {
        (self.prepare)(bucket);
        let proxy = Proxy::before(bucket.server());
        (self.command)(bucket).through(&proxy).run().succeeds();
        places_of(&proxy)
    }

    /// Runs the command with one fault, and holds it to its promise.
    fn step(&self, (method, key, nth): &Place, way: &Way, prepared: Option<&Bucket>) {
        let bucket = prepared.cloned().unwrap_or_else(|| {
            let bucket = versioned();
            (self.prepare)(&bucket);
            bucket
        });
        let place = request(method, key).nth(*nth);
        let place = if way.for_ever { place.for_ever() } else { place };
        let proxy = Proxy::before(bucket.server());
        proxy.on(place, way.fault.clone());
        let run = (self.command)(&bucket).through(&proxy).run();
        let tries = proxy.requests().iter().filter(|seen| seen.method == *method && seen.key == *key).count();
        assert!(tries > *nth || !way.again, "it was not sent again: {:#?}", proxy.lines());
        drop(proxy);
        // What a push reads to tell people which keys have changed, it can do without.
        let for_people =
            self.changed.is_some() && *method == "GET" && !key.starts_with(self.source) && !key.contains(".cstore/");
        let codes: &[i32] = match way.number {
            // It says what it could not look at, and leaves what is in its way.
            "F5" if self.is_purge() => &[0, 3],
            // A delete of an S3 version has no condition that could not hold.
            "F4" if *method == "DELETE" && *nth > 1 => &[0, 1],
            _ if for_people => &[0],
            _ => way.codes,
        };
        assert!(codes.contains(&run.code), "code {} is not among {codes:?}; it printed\n{}", run.code, run.printed());
        // A pull says itself what is there.
        let now = match self.changed {
            None if run.code == 0 => Some(state_of(&run, &[OLD, NEW])),
            _ => pulled(&bucket, self.version, &[OLD, NEW]),
        };
        if run.code == 0 {
            match self.changed {
                Some(expected) => assert_eq!(changed(&run), expected, "config-changed"),
                None => assert_eq!(Some(state_of(&run, &[OLD, NEW])), self.after),
            }
            assert_eq!(now, self.after, "what was pushed is there");
        } else {
            assert!(now == self.before || now == self.after, "old or new");
            self.again(&bucket);
            assert_eq!(pulled(&bucket, self.version, &[OLD, NEW]), self.after, "after the same command again");
        }
    }

    pub(crate) const fn is_purge(&self) -> bool {
        self.after.is_none()
    }

    /// The same command again. A purge may find that nothing is left.
    pub(crate) fn again(&self, bucket: &Bucket) {
        let run = (self.command)(bucket).run();
        if !(self.is_purge() && run.code == 6) {
            run.succeeds();
        }
    }
}

pub(crate) const PUSH: Scenario = Scenario {
    prepare: |_| {},
    command: |bucket| push(bucket, NEW),
    version: "v1",
    before: None,
    after: Some(NEW),
    changed: Some(true),
    source: "shop-dev/",
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
    ..PUSH
};

pub(crate) const FIRST_PUSH_OF_HEAD: Scenario = Scenario { prepare: |_| {}, before: None, ..PUSH_HEAD };

pub(crate) const PULL: Scenario = Scenario {
    prepare: |bucket| drop(push(bucket, NEW).run().succeeds()),
    command: |bucket| pull(bucket, "v1").files(&PATHS),
    before: Some(NEW),
    changed: None,
    ..PUSH
};

pub(crate) const PROMOTE: Scenario = Scenario {
    prepare: |bucket| drop(push(bucket, NEW).input("context", SOURCE).run().succeeds()),
    command: |bucket| promote(bucket, "shop@v1"),
    ..PUSH
};

pub(crate) const PROMOTE_HEAD: Scenario = Scenario {
    prepare: |bucket| {
        push(bucket, NEW).input("context", SOURCE).run().succeeds();
        push_head(bucket, OLD).run().succeeds();
    },
    command: |bucket| promote(bucket, "shop@head"),
    ..PUSH_HEAD
};

/// To a version: without one, the same command again would undo it.
pub(crate) const ROLLBACK: Scenario = Scenario {
    prepare: |bucket| {
        push(bucket, NEW).run().succeeds();
        push_head(bucket, OLD).run().succeeds();
    },
    command: rollback,
    source: "shop/v1/",
    ..PUSH_HEAD
};

pub(crate) const PURGE: Scenario = Scenario {
    prepare: |bucket| {
        push(bucket, NEW).run().succeeds();
        push(bucket, OLD).input("overwrite", "true").run().succeeds();
    },
    command: purge,
    before: Some(OLD),
    after: None,
    ..PUSH
};

pub(crate) const PURGE_FILES: Scenario = Scenario {
    prepare: |bucket| {
        push_head(bucket, NEW).run().succeeds();
        push_head(bucket, OLD).run().succeeds();
    },
    command: purge_files,
    after: None,
    ..PUSH_HEAD
};

/// What the channel points at is seen by pulls of it.
pub(crate) const MOVE_CHANNEL: Scenario = Scenario {
    prepare: |bucket| {
        push(bucket, OLD).version("v0").run().succeeds();
        push(bucket, NEW).run().succeeds();
        move_channel(bucket, "v0").run().succeeds();
    },
    command: |bucket| move_channel(bucket, "v1"),
    version: ":prod",
    before: Some(OLD),
    ..PUSH
};

/// To a version: without one, the same command again would go further back.
pub(crate) const ROLL_CHANNEL_BACK: Scenario = Scenario {
    prepare: |bucket| {
        push(bucket, NEW).run().succeeds();
        push(bucket, OLD).version("v2").run().succeeds();
        move_channel(bucket, "v1").run().succeeds();
        move_channel(bucket, "v2").run().succeeds();
    },
    command: roll_channel_back,
    ..MOVE_CHANNEL
};

pub(crate) const PULL_CHANNEL: Scenario = Scenario {
    prepare: |bucket| {
        push(bucket, NEW).run().succeeds();
        move_channel(bucket, "v1").run().succeeds();
    },
    command: |bucket| pull(bucket, ":prod").files(&PATHS),
    before: Some(NEW),
    changed: None,
    ..MOVE_CHANNEL
};

pub(crate) const PUSH_AND_MOVE: Scenario = Scenario {
    prepare: |bucket| {
        push(bucket, OLD).version("v0").run().succeeds();
        move_channel(bucket, "v0").run().succeeds();
    },
    command: |bucket| push(bucket, NEW).input("channel", "prod"),
    ..MOVE_CHANNEL
};

pub(crate) const PROMOTE_AND_MOVE: Scenario = Scenario {
    prepare: |bucket| {
        push(bucket, NEW).input("context", SOURCE).run().succeeds();
        push(bucket, OLD).version("v0").run().succeeds();
        move_channel(bucket, "v0").run().succeeds();
    },
    command: |bucket| promote(bucket, "shop:prod"),
    ..MOVE_CHANNEL
};

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
