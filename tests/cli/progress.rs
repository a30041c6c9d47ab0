//! What a person at a terminal is told while a run waits, and nobody else.

use crate::harness::proxy::{Fault, Proxy, get};
use crate::harness::{Bucket, Laptop, Typed};
use crate::shared::two_laptops;

/// What the line says first.
const WAITING: &str = "waiting for S3: ";
/// What takes a line away.
const ERASED: &str = "\x1b[2K";

/// A pull of which no answer comes until it is let go.
fn stalled(laptop: &Laptop, proxy: &Proxy, flags: &str) -> Typed {
    proxy.on(get("/.cstore/head.json").for_ever(), Fault::Stall);
    // A terminal that can only print has no line that moves.
    laptop.shell(&format!("env TERM=xterm cstore pull {flags}")).env("AWS_ENDPOINT_URL", &proxy.endpoint())
}

#[test]
fn a_terminal_says_what_is_waited_for_until_it_has_come() {
    let bucket = Bucket::versioned();
    let [_, other] = two_laptops(&bucket);
    let proxy = Proxy::before(bucket.server());
    let typist = stalled(&other, &proxy, "").on_a_terminal().sees(WAITING).sees(&format!("bucket {}", bucket.name()));
    proxy.clear();
    proxy.release();
    let shown = typist.ended().succeeds().stderr;
    let rest = &shown[shown.rfind(WAITING).unwrap()..];
    assert!(rest.contains(ERASED), "{shown:?}");
}

#[test]
fn nothing_is_said_of_it_to_who_does_not_look_or_wants_none() {
    let bucket = Bucket::versioned();
    let [_, other] = two_laptops(&bucket);
    let time = "--timeout-seconds 2";
    let proxy = Proxy::before(bucket.server());
    let ran = stalled(&other, &proxy, time).run().fails(7);
    ran.does_not_say("waiting for S3");
    let proxy = Proxy::before(bucket.server());
    let ran = stalled(&other, &proxy, &format!("{time} --quiet")).on_a_terminal().ended().fails(7);
    ran.does_not_say("waiting for S3");
}
