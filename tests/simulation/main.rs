//! The store's own code over a bucket in memory in which every request waits for a seeded scheduler: to take effect, to
//! lose its answer, to arrive late, or to kill its client. Beside it runs a plain reference of what must be there, and
//! after every schedule what was promised is checked.
//!
//! A seed that fails is printed with its schedule; added to `seeds.txt` it is a test for ever.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "clippy takes only what is below #[test] for tests, not what they call"
)]

mod adapter;
mod adversary;
mod budget;
mod change;
mod channel_reference;
mod channels;
mod client;
mod conclusion;
mod file_purges;
mod memory;
mod promises;
mod promotions;
mod purges;
mod races;
mod random;
mod reference;
mod report;
mod rollbacks;
#[path = "../harness/report.rs"]
mod rows;
mod scenario;
mod schedule;
mod simulation;
mod walk;
mod world;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::thread;

use rows::shows;
use scenario::{Mutation, Played, Story, of_seed};
use schedule::Counts;

/// How many schedules of pushes are run unless `CSTORE_SIMULATION_SCHEDULES` says otherwise.
const SCHEDULES: u64 = 4_000;

/// The same by day, of each of the other kinds. Where `CSTORE_NIGHTLY=1` says so, they are as many.
const SCHEDULES_OF_A_KIND: u64 = SCHEDULES / 2;

fn schedules() -> u64 {
    asked_for().unwrap_or(SCHEDULES)
}

fn schedules_of_a_kind() -> u64 {
    asked_for().unwrap_or(if is_night() { SCHEDULES } else { SCHEDULES_OF_A_KIND })
}

/// Whether there is time for what shows little more than the rest.
fn is_night() -> bool {
    std::env::var_os("CSTORE_NIGHTLY").is_some_and(|value| value == "1")
}

fn asked_for() -> Option<u64> {
    Some(std::env::var("CSTORE_SIMULATION_SCHEDULES").ok()?.parse().expect("a number"))
}

/// Runs the schedules of the first seeds, on all processors.
fn of_seeds(seeds: u64, mutation: Mutation) -> Vec<Played> {
    let workers = thread::available_parallelism().map_or(1, |number| number.get() as u64);
    let work = |worker| (worker..seeds).step_by(workers as usize).map(|seed| of_seed(seed, mutation, false)).collect();
    let mut played: Vec<Played> = thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|worker| scope.spawn(move || work(worker))).collect();
        workers.into_iter().flat_map(|worker: thread::ScopedJoinHandle<'_, Vec<_>>| worker.join().unwrap()).collect()
    });
    played.sort_unstable_by_key(|played| played.seed);
    played
}

#[test]
fn every_schedule_keeps_what_was_promised() {
    let shown = shows(
        "F6",
        "answers lost, requests late, clients killed, in simulated schedules of two or three clients",
        "every promise holds",
    );
    let run = schedules();
    let played = of_seeds(run, Mutation::default());
    let asked = played.iter().filter(|played| played.tried_conditions > 0).count();
    assert_eq!(asked, 0, "AWS is not asked whether it knows conditions");
    let counts = each_holds(played, Mutation::default(), report::schedules);
    if run >= SCHEDULES {
        assert_eq!(counts.len(), scenario::STORIES.len());
        for (story, Counts { schedules, requests, lost, late, refused, given_up, killed, .. }) in counts {
            let faults = [lost, late, refused, given_up, killed];
            assert!(requests > schedules && !faults.contains(&0), "{story:?}: {requests} requests, {faults:?}");
        }
    }
    shown.cases(run as usize);
}

#[test]
fn whatever_a_pusher_puts_what_is_published_stays_and_can_be_put_right() {
    let shown = shows(
        "T20",
        "somebody with a pusher's token puts any body, metadata and storage class at any moment, in simulated schedules",
        "pinned versions stay whole; each push ends with what is true; an overwrite replaces everything",
    );
    let run = schedules();
    let mut all = Counts::default();
    for is_of_changes in [false, true] {
        let mutation = Mutation { is_attacked: true, is_of_changes, ..Mutation::default() };
        all += attacked_hold(if is_of_changes { run / 2 } else { run }, mutation);
    }
    report::attacked("pushes", "pushes and changes", &all);
    assert!(all.planted > run, "{} objects were planted in {run} schedules", all.planted);
    shown.cases(all.schedules as usize);
}

/// The same of those who change what is published, once it is.
#[test]
fn whatever_a_pusher_puts_changes_of_what_is_published_keep_their_promises() {
    let shown = shows(
        "T20",
        "somebody with a pusher's token puts anything while versions and files are purged, promoted, rolled back and pointed at, in simulated schedules",
        "nothing is promoted, restored or pointed at that was not published; a purge leaves nothing of it",
    );
    let of = Mutation { is_attacked: true, ..Mutation::default() };
    // They are many kinds, and by day a part of each does.
    let run = if is_night() { schedules() } else { schedules() / 16 };
    for (name, title, mutation) in [
        ("purges", "purges of a version", Mutation { is_of_purges: true, ..of }),
        ("file-purges", "purges of files of the head", Mutation { is_of_file_purges: true, ..of }),
        ("rollbacks", "rollbacks of the head", Mutation { is_of_rollbacks: true, ..of }),
        ("promotions", "promotions, and overwrites of what was seen", Mutation { is_of_promotions: true, ..of }),
        ("channels", "moves of a channel", Mutation { is_of_channels: true, ..of }),
    ] {
        let counts = attacked_hold(run, mutation);
        report::attacked(name, title, &counts);
        assert!(counts.planted > run, "{} objects were planted in {run} schedules", counts.planted);
        shown.cases(counts.schedules as usize);
    }
}

/// What schedules with an adversary met, of which each must hold.
fn attacked_hold(run: u64, mutation: Mutation) -> Counts {
    let mut all = Counts::default();
    let mut failed = Vec::new();
    for played in of_seeds(run, mutation) {
        all += played.counts;
        if let Err(broken) = played.held {
            failed.push((played.seed, broken));
        }
    }
    if let Some((seed, broken)) = failed.first() {
        let seeds: Vec<_> = failed.iter().map(|(seed, _)| seed).collect();
        let trace = told(*seed, mutation, broken);
        panic!("{} of {run} attacked schedules fail: {seeds:?}\n\n{trace}", failed.len());
    }
    all
}

#[test]
fn whoever_knows_what_it_replaces_loses_no_change_of_another() {
    let mutation = Mutation { is_of_changes: true, ..Mutation::default() };
    let counts = each_holds(of_seeds(schedules_of_a_kind(), mutation), mutation, report::changes);
    assert_eq!(counts.len(), scenario::CHANGES.len());
}

#[test]
fn a_purge_leaves_nothing_of_a_version_and_everything_of_others() {
    let mutation = Mutation { is_of_purges: true, ..Mutation::default() };
    let counts = each_holds(of_seeds(schedules_of_a_kind(), mutation), mutation, report::purges);
    assert_eq!(counts.len(), scenario::PURGES.len());
}

#[test]
fn a_purge_of_files_of_the_head_leaves_nothing_old_and_everything_new() {
    let mutation = Mutation { is_of_file_purges: true, ..Mutation::default() };
    let counts = each_holds(of_seeds(schedules_of_a_kind(), mutation), mutation, report::file_purges);
    assert_eq!(counts.len(), scenario::FILE_PURGES.len());
}

#[test]
fn a_rollback_loses_no_change_of_another_and_is_undone_by_another() {
    let mutation = Mutation { is_of_rollbacks: true, ..Mutation::default() };
    let counts = each_holds(of_seeds(schedules_of_a_kind(), mutation), mutation, report::rollbacks);
    assert_eq!(counts.len(), scenario::ROLLBACKS.len());
}

#[test]
fn a_promotion_copies_one_state_of_its_source_and_replaces_nothing_unseen() {
    let mutation = Mutation { is_of_promotions: true, ..Mutation::default() };
    let counts = each_holds(of_seeds(schedules_of_a_kind(), mutation), mutation, report::promotions);
    assert_eq!(counts.len(), scenario::PROMOTIONS.len());
}

#[test]
fn a_channel_moves_one_seen_move_at_a_time_to_what_is_published() {
    let mutation = Mutation { is_of_channels: true, ..Mutation::default() };
    let counts = each_holds(of_seeds(schedules_of_a_kind(), mutation), mutation, report::channels);
    assert_eq!(counts.len(), scenario::CHANNELS.len());
}

/// What the schedules of each story met, which is reported whether or not all of them held.
fn each_holds(
    played: Vec<Played>,
    mutation: Mutation,
    report: fn(&BTreeMap<Story, Counts>),
) -> BTreeMap<Story, Counts> {
    let run = played.len();
    let mut counts: BTreeMap<_, Counts> = BTreeMap::new();
    let mut failed = Vec::new();
    for played in played {
        *counts.entry(played.story).or_default() += played.counts;
        if let Err(broken) = played.held {
            failed.push((played.seed, broken));
        }
    }
    report(&counts);
    if let Some((seed, broken)) = failed.first() {
        let seeds: Vec<_> = failed.iter().map(|(seed, _)| seed).collect();
        let trace = told(*seed, mutation, broken);
        panic!("{} of {run} schedules fail: {seeds:?}\n\n{trace}", failed.len());
    }
    counts
}

/// A seed that fails, with all that happened.
fn told(seed: u64, mutation: Mutation, broken: &str) -> String {
    format!("Seed {seed}: {broken}\n{}", of_seed(seed, mutation, true).trace.join("\n"))
}

#[test]
fn trying_the_conditions_of_another_service_changes_nothing_of_what_is_promised() {
    let run = schedules() / 8;
    let of = Mutation { is_other_service: true, ..Mutation::default() };
    for mutation in [
        of,
        Mutation { is_of_purges: true, ..of },
        Mutation { is_of_file_purges: true, ..of },
        Mutation { is_of_channels: true, ..of },
    ] {
        let mut tried = 0;
        for played in of_seeds(run, mutation) {
            if let Err(broken) = played.held {
                panic!("{}", told(played.seed, mutation, &broken));
            }
            tried += played.tried_conditions;
        }
        // A purge of a version tries none but those of its deletes.
        assert!(mutation.is_of_purges || tried > run, "conditions were tried {tried} times in {run} schedules");
    }
}

/// The reference and its rules can fail: a bucket whose conditions always hold is noticed in every kind of meeting.
#[test]
fn a_bucket_that_ignores_conditions_is_noticed() {
    for (is_of_channels, seeds) in [(false, 400), (true, 200)] {
        let mutation = Mutation { ignores_conditions: true, is_of_channels, ..Mutation::default() };
        let all = of_seeds(seeds, mutation);
        let stories: BTreeSet<_> = all.iter().map(|played| played.story).collect();
        let failed = all.iter().filter(|played| played.held.is_err());
        assert_eq!(failed.map(|played| played.story).collect::<BTreeSet<_>>(), stories);
    }
}

/// Schedules that once failed, or that notice a mutation of `scripts/mutants.py`.
#[test]
fn kept_seeds_keep_what_was_promised() {
    let seeds = include_str!("seeds.txt").lines().filter(|line| !line.starts_with('#'));
    let seeds: Vec<u64> = seeds.map(|line| line.split(' ').next().unwrap().parse().expect("a seed")).collect();
    assert!(!seeds.is_empty());
    for seed in seeds {
        if let Err(broken) = of_seed(seed, Mutation::default(), false).held {
            panic!("{}", told(seed, Mutation::default(), &broken));
        }
    }
}

/// Where two conditions that cannot hold are taken, a push ends, and has put nothing but its claim or its like.
#[test]
fn a_push_to_another_service_that_ignores_conditions_puts_no_file() {
    let content = client::Content::from([("one/.env".to_owned(), "ONE=1\n".to_owned())]);
    for (role, left) in [
        (client::Role::Push { content: content.clone(), overwrite: false }, "shop/.cstore/claims/v1.json"),
        (client::Role::Push { content: content.clone(), overwrite: true }, "shop/.cstore/claims/v1.json"),
        (client::Role::PushHead { content, kms_key: None }, "shop/.cstore/conditions.json"),
    ] {
        let world = ignores_conditions();
        let client::Outcome::Pushed(Err(error)) = alone(role, &world) else { panic!("it is done") };
        assert!(matches!(error, cstore::store::Error::IgnoresConditions { .. }), "{error:?}");
        assert_eq!(keys(&world), [left]);
    }
}

/// And a purge ends, and has removed no file.
#[test]
fn a_purge_at_another_service_that_ignores_conditions_removes_no_file() {
    let content = client::Content::from([("one/.env".to_owned(), "ONE=1\n".to_owned())]);
    let paths = content.keys().cloned().collect();
    for (pushes, purges) in [
        (
            client::Role::Push { content: content.clone(), overwrite: false },
            client::Role::Purge { past_channels: false, is_shown: false },
        ),
        (client::Role::PushHead { content, kms_key: None }, client::Role::PurgeFiles { paths, is_shown: false }),
    ] {
        let world = ignores_conditions();
        world.borrow_mut().is_other_service = false;
        alone(pushes, &world);
        let before = keys(&world);
        world.borrow_mut().is_other_service = true;
        let client::Outcome::Purged(Err(error)) = alone(purges, &world) else { panic!("it is done") };
        assert!(matches!(error, cstore::store::Error::IgnoresConditions { .. }), "{error:?}");
        assert_eq!(keys(&world), before);
    }
}

fn ignores_conditions() -> Rc<RefCell<world::World>> {
    let mut memory = memory::Memory::new(memory::Versioning::Enabled, memory::Etags::Unique);
    memory.ignores_conditions = true;
    let mut world = world::World::new(memory);
    world.is_other_service = true;
    Rc::new(RefCell::new(world))
}

/// A client without the reference, which a bucket that ignores conditions breaks.
fn alone(role: client::Role, world: &Rc<RefCell<world::World>>) -> client::Outcome {
    let mut run = client::Client::new(role, adapter::Simulated { world: Rc::clone(world), client: 0 }).future.unwrap();
    loop {
        if let Poll::Ready(outcome) = run.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return outcome;
        }
        let open: Vec<_> = world.borrow().open().map(|(id, _)| id).collect();
        open.into_iter().for_each(|id| world.borrow_mut().deliver(id));
    }
}

fn keys(world: &Rc<RefCell<world::World>>) -> Vec<String> {
    world.borrow().memory.list("").into_iter().map(|object| object.key.to_string()).collect()
}
