//! SIGKILL in mid-push: a reader sees what was there before or what was pushed, whole, and the same push again finishes.

use std::sync::Arc;

use rustix::process::Signal;

use crate::harness::proxy::{Fault, put};
use crate::harness::{Action, Bucket, Proxy};
use crate::seaweedfs::{server, unversioned, versioned};
use crate::shop::{Files, OTHER, SHOP, assert_pulls, pull, push, push_head};
use crate::victim::Victim;

/// What a reader may find after a push was killed.
#[derive(Clone, Copy)]
struct Readers<'a> {
    version: &'a str,
    before: Option<&'a Files<'a>>,
    after: &'a Files<'a>,
}

impl Readers<'_> {
    /// Pulls, and finds the one or the other, whole.
    fn find(&self, bucket: &Bucket, is_published: bool) {
        match (is_published, self.before) {
            (true, _) => assert_pulls(bucket, self.version, self.after),
            (false, Some(before)) => assert_pulls(bucket, self.version, before),
            (false, None) => drop(pull(bucket, self.version).run().fails(6)),
        }
    }
}

/// Kills a push at its first put of a key that has this in it: before the server gets it, and after that.
fn kill_at(create: fn() -> Bucket, key: &str, prepare: fn(&Bucket), step: fn(&Bucket) -> Action, readers: Readers<'_>) {
    for arrives in [false, true] {
        let (bucket, victim) = (create(), Victim::default());
        prepare(&bucket);
        let of_fault = victim.clone();
        let kill = Arc::new(move || of_fault.send(Signal::KILL));
        let proxy = Proxy::before(server());
        proxy.on(put(key), if arrives { Fault::LoseAnswerAnd(kill) } else { Fault::Instead(kill) });
        let run = victim.run(&step(&bucket).through(&proxy));
        assert_eq!(run.code, 128 + Signal::KILL.as_raw(), "it ended by itself:\n{}", run.printed());
        let is_manifest = key.contains("/versions/") || key.ends_with("head.json");
        readers.find(&bucket, arrives && is_manifest);
        step(&bucket).run().succeeds();
        assert_pulls(&bucket, readers.version, readers.after);
    }
}

#[test]
#[ignore = "needs SeaweedFS"]
fn a_push_of_a_version_that_was_killed_is_invisible_until_it_is_finished() {
    let readers = Readers { version: "v1", before: None, after: &SHOP };
    for create in [versioned, unversioned] {
        for key in ["/claims/v1.json", "v1/service/.env", "v1/web/config.json", "/versions/v1.json"] {
            kill_at(create, key, |_| (), |bucket| push(bucket, "v1", &SHOP), readers);
        }
    }
}

#[test]
#[ignore = "needs SeaweedFS"]
fn an_overwrite_that_was_killed_leaves_the_old_content_until_it_is_finished() {
    let prepare = |bucket: &Bucket| drop(push(bucket, "v1", &SHOP).run().succeeds());
    let overwrite = |bucket: &Bucket| push(bucket, "v1", &OTHER).input("overwrite", "true");
    let readers = Readers { version: "v1", before: Some(&SHOP), after: &OTHER };
    for key in ["/claims/v1.json", "v1/service/.env", "v1/web/config.json", "/versions/v1.json"] {
        kill_at(versioned, key, prepare, overwrite, readers);
    }
}

#[test]
#[ignore = "needs SeaweedFS"]
fn a_push_of_the_head_that_was_killed_leaves_the_old_head_until_it_is_finished() {
    let prepare = |bucket: &Bucket| drop(push_head(bucket, &SHOP).run().succeeds());
    let readers = Readers { version: "head", before: Some(&SHOP), after: &OTHER };
    for key in ["shop/service/.env", "shop/web/config.json", "/head.json"] {
        kill_at(versioned, key, prepare, |bucket| push_head(bucket, &OTHER), readers);
    }
}
