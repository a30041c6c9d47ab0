//! `cstore set` and `cstore edit`, killed before and after each of their requests: the head is as it was or as it is to
//! be, and the same command again finishes it.

use std::sync::Arc;

use rustix::process::{Pid, Signal};

use crate::harness::proxy::{Fault, request};
use crate::harness::{Bucket, Laptop, Proxy, Ran, Typed, report, shows};
use crate::scenario::{Place, editing, places_of, walks_all};
use crate::story::{proxy_with, unversioned, versioned};
use crate::victim::Victim;

const OLD: &str = "value-of-the-old";
const NEW: &str = "value-of-the-new";

/// A machine that has pushed the file.
fn prepared(bucket: &Bucket) -> Laptop {
    let laptop = Laptop::new(bucket);
    laptop.file(".env", format!("TOKEN={OLD}\nURL=url-of-the-shop\n"));
    laptop.cstore(["push", ".env"]).run().succeeds();
    laptop
}

/// The two commands that change a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Set,
    Edit,
}

impl By {
    const ALL: [Self; 2] = [Self::Set, Self::Edit];

    const fn name(self) -> &'static str {
        match self {
            Self::Set => "set",
            Self::Edit => "edit",
        }
    }

    fn typed(self, laptop: &Laptop, endpoint: &str, flag: &str) -> Typed {
        let laptop = laptop.clone().with_env("AWS_ENDPOINT_URL", endpoint);
        match self {
            Self::Set => laptop.cstore_with(["set", "TOKEN=value-of-the-new", flag].map(str::to_owned)),
            Self::Edit => editing(&laptop, OLD, NEW).cstore_with(["edit", ".env", "--yes", flag].map(str::to_owned)),
        }
    }

    /// Runs it, and tells which process it is.
    fn run(self, typed: &Typed, victim: &Victim) -> Ran {
        if self == Self::Edit {
            let typist = typed.clone().on_a_terminal();
            victim.is(typist.pid());
            return typist.ended();
        }
        let process = typed.start();
        victim.is(Pid::from_child(&process));
        typed.ended(&process.wait_with_output().unwrap())
    }

    fn again(self, bucket: &Bucket, laptop: &Laptop, flag: &str) -> Ran {
        self.run(&self.typed(laptop, &bucket.server().endpoint(), flag), &Victim::default())
    }

    /// The requests at which it is killed, before and after. `edit` sends what `set` sends, so that of it the writes do.
    fn places(self, bucket: &Bucket) -> Vec<Place> {
        let proxy = Proxy::before(bucket.server());
        self.run(&self.typed(&prepared(bucket), &proxy.endpoint(), NO_FLAG), &Victim::default()).succeeds();
        let all = self == Self::Set || walks_all();
        places_of(&proxy).into_iter().filter(|(method, ..)| all || *method == "PUT").collect()
    }
}

impl By {
    /// Leaves a row of the table of kills: each request is killed at twice.
    fn leave_row(self, with: &str, places: usize, pulls: &str, again: &str) {
        let what = format!("{} by the command line, {with}", self.name());
        report::leave("kills", &what, &format!("| {what} | {} | {pulls} | {again} |\n", 2 * places));
    }
}

const NO_FLAG: &str = "--dry-run=false";

/// The value that another machine gets; the exit code where it gets none.
fn pulled(bucket: &Bucket) -> Result<String, i32> {
    let ran = Laptop::new(bucket).cstore(["get", "TOKEN"]).prints_values().run();
    if ran.code == 0 { Ok(ran.stdout) } else { Err(ran.code) }
}

/// Kills at a request, and says what another machine gets then.
fn killed(
    by: By,
    bucket: &Bucket,
    laptop: &Laptop,
    (method, key, nth): &Place,
    is_answered: bool,
) -> Result<String, i32> {
    let victim = Victim::default();
    let of_fault = victim.clone();
    let kill = Arc::new(move || of_fault.send(Signal::KILL));
    let fault = if is_answered { Fault::LoseAnswerAnd(kill) } else { Fault::Instead(kill) };
    let proxy = proxy_with(request(method, key).nth(*nth), fault);
    by.run(&by.typed(laptop, &proxy.endpoint(), NO_FLAG), &victim).exits(128 + Signal::KILL.as_raw());
    pulled(bucket)
}

#[test]
fn with_versioning_the_head_is_the_old_one_or_the_new_one() {
    for by in By::ALL {
        let shown = shows(
            "F11",
            format!("{} by the command line, with versioning", by.name()),
            "the next pull gets the old state or the new one, and the same command again succeeds",
        );
        let places = by.places(&versioned());
        by.leave_row("with versioning", places.len(), "the old state or the new one, whole", "succeeds");
        for place in places {
            for is_answered in [false, true] {
                let bucket = versioned();
                let laptop = prepared(&bucket);
                let is_swapped = is_answered && place.0 == "PUT" && place.1.ends_with("head.json");
                let expected = if is_swapped { NEW } else { OLD };
                assert_eq!(killed(by, &bucket, &laptop, &place, is_answered), Ok(expected.to_owned()), "{place:?}");
                by.again(&bucket, &laptop, NO_FLAG).succeeds();
                assert_eq!(pulled(&bucket), Ok(NEW.to_owned()), "{place:?}");
                shown.case();
            }
        }
    }
}

#[test]
fn without_versioning_a_pull_is_whole_or_refused_until_the_change_is_finished() {
    for by in By::ALL {
        let shown = shows(
            "F11",
            format!("{} by the command line, without versioning", by.name()),
            "the next pull is whole or fails with code 5, and the same command again succeeds, with `--overwrite` after a code 5",
        );
        let places = by.places(&unversioned());
        let finishes = "succeeds, with `--overwrite` after a code 5";
        by.leave_row("without versioning", places.len(), "whole, or refused with code 5", finishes);
        for place in places {
            for is_answered in [false, true] {
                let bucket = unversioned();
                let laptop = prepared(&bucket);
                let found = killed(by, &bucket, &laptop, &place, is_answered);
                assert!(matches!(found.as_deref(), Ok(OLD | NEW) | Err(5)), "{place:?}: {found:?}");
                let again = by.again(&bucket, &laptop, NO_FLAG);
                if again.code == 0 {
                    assert!(found.is_ok(), "{place:?}");
                } else {
                    again.fails(5).says("--overwrite");
                    by.again(&bucket, &laptop, "--overwrite").succeeds();
                }
                assert_eq!(pulled(&bucket), Ok(NEW.to_owned()), "{place:?}");
                shown.case();
            }
        }
    }
}
