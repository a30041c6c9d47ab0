//! The store's own code over a bucket in memory in which every request waits for a seeded scheduler: to take effect, to
//! lose its answer, to arrive late, or to kill its client. Beside it runs a plain reference of what must be there, and
//! after every schedule what was promised is held against it.
//!
//! A seed that fails is printed with its schedule; added to `seeds.txt` it is a test for ever.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy takes only what is below #[test] for tests, not what they call"
)]

mod adapter;
mod client;
mod conclusion;
mod memory;
mod promises;
mod random;
mod reference;
mod scenario;
mod schedule;
mod simulation;
mod walk;
mod world;

use std::collections::BTreeMap;

use scenario::{Mutation, of_seed};
use memory::Versioning;
use schedule::Counts;
use walk::{Start, walk};

/// How many schedules are run unless `CSTORE_SIMULATION_SCHEDULES` says otherwise.
const SCHEDULES: u64 = 4_000;

fn schedules() -> u64 {
    std::env::var("CSTORE_SIMULATION_SCHEDULES").map_or(SCHEDULES, |text| text.parse().expect("a number"))
}

#[test]
fn every_schedule_keeps_what_was_promised() {
    let mut counts: BTreeMap<_, Counts> = BTreeMap::new();
    let mut failed = Vec::new();
    for seed in 0..schedules() {
        let result = of_seed(seed, Mutation::default(), false);
        *counts.entry(result.story).or_default() += result.counts;
        if let Err(broken) = result.held {
            failed.push((seed, broken));
        }
    }
    for (story, counts) in &counts {
        println!("{}: {counts:?}", story.title());
    }
    if let Some((seed, broken)) = failed.first() {
        let trace = of_seed(*seed, Mutation::default(), true).trace.join("\n");
        let seeds: Vec<_> = failed.iter().map(|(seed, _)| seed).collect();
        panic!("{} seeds fail: {seeds:?}\n\nSeed {seed}: {broken}\n{trace}", failed.len());
    }
}

fn walk_through(versioning: Versioning, is_same_content: bool) {
    let start = Start { versioning, is_same_content };
    match walk(start) {
        Ok(walked) => println!("{start:?}: {walked:?}"),
        Err(broken) => panic!("{broken}"),
    }
}

#[test]
fn two_pushes_of_one_content_in_every_order() {
    walk_through(Versioning::Off, true);
    walk_through(Versioning::Enabled, true);
}

#[test]
fn two_pushes_of_different_contents_in_every_order() {
    walk_through(Versioning::Off, false);
    walk_through(Versioning::Enabled, false);
}
