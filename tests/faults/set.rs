//! `cstore set`, killed before and after each of its requests: the head is as it was or as it is to be, and the same
//! command again finishes it.

use std::sync::Arc;

use rustix::process::{Pid, Signal};

use crate::harness::proxy::{Fault, request};
use crate::harness::{Bucket, Laptop, Proxy, shows};
use crate::scenario::{Place, places_of};
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

fn set(laptop: &Laptop, endpoint: &str, flag: &str) -> crate::harness::Typed {
    let words = ["set", "TOKEN=value-of-the-new", flag].map(str::to_owned);
    laptop.clone().with_env("AWS_ENDPOINT_URL", endpoint).cstore_with(words)
}

fn places(bucket: &Bucket) -> Vec<Place> {
    let proxy = Proxy::before(bucket.server());
    set(&prepared(bucket), &proxy.endpoint(), "--dry-run=false").run().succeeds();
    places_of(&proxy)
}

/// The value that another machine gets; the exit code where it gets none.
fn pulled(bucket: &Bucket) -> Result<String, i32> {
    let ran = Laptop::new(bucket).cstore(["get", "TOKEN"]).prints_values().run();
    if ran.code == 0 { Ok(ran.stdout) } else { Err(ran.code) }
}

/// Kills at a request, and says what another machine gets then.
fn killed(bucket: &Bucket, laptop: &Laptop, (method, key, nth): &Place, is_answered: bool) -> Result<String, i32> {
    let victim = Victim::default();
    let of_fault = victim.clone();
    let kill = Arc::new(move || of_fault.send(Signal::KILL));
    let fault = if is_answered { Fault::LoseAnswerAnd(kill) } else { Fault::Instead(kill) };
    let proxy = proxy_with(request(method, key).nth(*nth), fault);
    let typed = set(laptop, &proxy.endpoint(), "--dry-run=false");
    let process = typed.start();
    victim.is(Pid::from_child(&process));
    typed.ended(&process.wait_with_output().unwrap()).exits(128 + Signal::KILL.as_raw());
    pulled(bucket)
}

#[test]
fn with_versioning_the_head_is_the_old_one_or_the_new_one() {
    let shown = shows(
        "F11",
        "set by the command line, with versioning",
        "the next pull gets the old state or the new one, and the same command again succeeds",
    );
    for place in places(&versioned()) {
        for is_answered in [false, true] {
            let bucket = versioned();
            let laptop = prepared(&bucket);
            let is_swapped = is_answered && place.0 == "PUT" && place.1.ends_with("head.json");
            let expected = if is_swapped { NEW } else { OLD };
            assert_eq!(killed(&bucket, &laptop, &place, is_answered), Ok(expected.to_owned()), "{place:?}");
            set(&laptop, &bucket.server().endpoint(), "--dry-run=false").run().succeeds();
            assert_eq!(pulled(&bucket), Ok(NEW.to_owned()), "{place:?}");
            shown.case();
        }
    }
}

#[test]
fn without_versioning_a_pull_is_whole_or_refused_until_the_change_is_finished() {
    let shown = shows(
        "F11",
        "set by the command line, without versioning",
        "the next pull is whole or fails with code 5, and the same command again succeeds, with `--overwrite` after a code 5",
    );
    for place in places(&unversioned()) {
        for is_answered in [false, true] {
            let bucket = unversioned();
            let laptop = prepared(&bucket);
            let found = killed(&bucket, &laptop, &place, is_answered);
            assert!(matches!(found.as_deref(), Ok(OLD | NEW) | Err(5)), "{place:?}: {found:?}");
            let again = set(&laptop, &bucket.server().endpoint(), "--dry-run=false").run();
            if again.code == 0 {
                assert!(found.is_ok(), "{place:?}");
            } else {
                again.fails(5).says("--overwrite");
                set(&laptop, &bucket.server().endpoint(), "--overwrite").run().succeeds();
            }
            assert_eq!(pulled(&bucket), Ok(NEW.to_owned()), "{place:?}");
            shown.case();
        }
    }
}
