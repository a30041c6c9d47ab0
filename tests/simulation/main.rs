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

use std::collections::{BTreeMap, BTreeSet};

use memory::Versioning;
use scenario::{Mutation, of_seed};
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
    let run = schedules();
    for seed in 0..run {
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
        panic!("{} of {run} schedules fail: {seeds:?}\n\nSeed {seed}: {broken}\n{trace}", failed.len());
    }
}

/// The reference and its rules can fail: a bucket whose conditions always hold is noticed in every kind of meeting.
#[test]
fn a_bucket_that_ignores_conditions_is_noticed() {
    let mutation = Mutation { ignores_conditions: true };
    let results = || (0..400).map(|seed| of_seed(seed, mutation, false));
    let all: BTreeSet<_> = results().map(|result| result.story).collect();
    let noticed: BTreeSet<_> = results().filter(|result| result.held.is_err()).map(|result| result.story).collect();
    assert_eq!(noticed, all);
}

/// Schedules that once failed, or that notice a mutation of `scripts/mutants.py`.
#[test]
fn kept_seeds_keep_what_was_promised() {
    let seeds = include_str!("seeds.txt").lines().filter(|line| !line.starts_with('#'));
    let seeds: Vec<u64> = seeds.map(|line| line.split(' ').next().unwrap().parse().expect("a seed")).collect();
    assert!(!seeds.is_empty());
    for seed in seeds {
        if let Err(broken) = of_seed(seed, Mutation::default(), false).held {
            panic!("Seed {seed}: {broken}\n{}", of_seed(seed, Mutation::default(), true).trace.join("\n"));
        }
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
