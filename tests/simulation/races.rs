//! Fifty at once.

use std::collections::BTreeMap;

use crate::change::From;
use crate::channels::ChannelOrder;
use crate::client::{Client, Content, Outcome, Place, Role, push_id};
use crate::conclusion::conclude;
use crate::memory::{Etags, Memory, Versioning};
use crate::random::Random;
use crate::schedule::{Counts, Weather, run};
use crate::simulation::Simulation;

const JOBS: usize = 50;
/// For each kind of bucket and ETag.
const SCHEDULES: u64 = 3;

/// Runs fifty clients in every kind of bucket, some without faults and some whose answers are lost, and looks at each.
fn race(role: impl Fn(usize) -> Role, look: impl Fn(&Simulation)) {
    for versioning in [Versioning::Off, Versioning::Suspended, Versioning::Enabled] {
        for etags in [Etags::OfContent, Etags::Unique] {
            for seed in 0..SCHEDULES {
                let mut simulation = Simulation::new(Memory::new(versioning, etags));
                for job in 0..JOBS {
                    simulation.add(role(job)).unwrap();
                }
                let mut random = Random::new(seed);
                let weather = if seed == 0 { Weather::calm() } else { Weather::lossy() };
                let mut counts = Counts::default();
                let held = run(&mut simulation, &mut random, &weather, &mut counts);
                held.unwrap_or_else(|broken| panic!("seed {seed}, {versioning:?}, {etags:?}: {broken}"));
                assert_eq!((counts.lost > 0, counts.refused > 0), (seed > 0, seed > 0), "{counts:?}");
                look(&simulation);
                conclude(&mut simulation, &mut random).unwrap();
            }
        }
    }
}

fn succeeded(simulation: &Simulation) -> usize {
    simulation.clients.iter().filter(|client| matches!(client.pushed(), Some(Ok(_)))).count()
}

fn changed(simulation: &Simulation) -> usize {
    simulation
        .clients
        .iter()
        .filter(|client| client.pushed().is_some_and(|result| result.as_ref().is_ok_and(|pushed| pushed.changed)))
        .count()
}

fn content(path: &str, text: String) -> Content {
    BTreeMap::from([(path.to_owned(), text), ("same.json".to_owned(), "{}".to_owned())])
}

#[test]
fn of_fifty_pushes_of_one_version_with_different_contents_one_wins() {
    let role = |job| Role::Push { content: content(".env", format!("JOB={job}\n")), overwrite: false };
    race(role, |simulation| {
        assert_eq!(succeeded(simulation), 1);
        assert_eq!(simulation.reference.states(Place::Version).len(), 1);
    });
}

#[test]
fn fifty_pushes_of_one_version_with_one_content_all_succeed_and_one_changes() {
    let role = |_| Role::Push { content: content(".env", "SAME=1\n".to_owned()), overwrite: false };
    race(role, |simulation| {
        assert_eq!((succeeded(simulation), changed(simulation)), (JOBS, 1));
        assert_eq!(simulation.reference.states(Place::Version).len(), 1);
    });
}

#[test]
fn fifty_overwrites_of_one_version_with_one_content_all_succeed() {
    let role = |_| Role::Push { content: content(".env", "SAME=1\n".to_owned()), overwrite: true };
    race(role, |simulation| {
        // Of so many requests one may meet with no answer or 409 as often as it is sent.
        let unanswered = simulation.world().failed.len();
        assert!(unanswered <= 1, "{unanswered} of {JOBS}");
        assert_eq!((succeeded(simulation) + unanswered, changed(simulation)), (JOBS, 1));
    });
}

#[test]
fn fifty_pushes_of_the_head_with_one_content_all_succeed() {
    let role = |_| Role::PushHead { content: content(".env", "SAME=1\n".to_owned()), kms_key: None };
    race(role, |simulation| assert_eq!(succeeded(simulation), JOBS));
}

/// Those who agree are not to hide from a third that files have been put anew: where nothing pins, the version would
/// stay broken.
#[test]
fn overwrites_that_agree_and_one_that_does_not_leave_the_version_whole() {
    for versioning in [Versioning::Off, Versioning::Enabled] {
        for seed in 0..100 {
            let mut simulation = Simulation::new(Memory::new(versioning, Etags::Unique));
            let role = |text: &str| Role::Push { content: content(".env", format!("JOB={text}\n")), overwrite: true };
            simulation.run_alone(role("old")).unwrap();
            for text in ["same", "same", "other", "same"] {
                simulation.add(role(text)).unwrap();
            }
            let mut random = Random::new(seed);
            run(&mut simulation, &mut random, &Weather::of(&mut Random::new(seed)), &mut Counts::default())
                .and_then(|()| conclude(&mut simulation, &mut random))
                .unwrap_or_else(|broken| panic!("seed {seed}, {versioning:?}: {broken}"));
        }
    }
}

/// Each has pulled nothing, since there was nothing, and adds a line of its own.
fn change(job: usize, merges: bool) -> Role {
    let lines = BTreeMap::from([(".env".to_owned(), format!("JOB_{job}=1\n"))]);
    Role::Change { lines, from: From::Pulled(Content::new()), merges }
}

#[test]
fn of_fifty_changes_of_one_state_one_is_made_unless_the_others_merge() {
    race(
        |job| change(job, false),
        |simulation| {
            // Where nothing pins, one that nobody waits for any more may have put the file.
            assert!(succeeded(simulation) <= 1);
            assert!(simulation.reference.states(Place::Head).len() <= 1);
        },
    );
}

#[test]
fn fifty_changes_that_merge_are_all_made() {
    for etags in [Etags::OfContent, Etags::Unique] {
        for seed in 0..SCHEDULES {
            let mut simulation = Simulation::new(Memory::new(Versioning::Enabled, etags));
            for job in 0..JOBS {
                simulation.add(change(job, true)).unwrap();
            }
            let mut random = Random::new(seed);
            let weather = if seed == 0 { Weather::calm() } else { Weather::lossy() };
            run(&mut simulation, &mut random, &weather, &mut Counts::default()).unwrap();
            let unanswered = simulation.world().failed.len();
            assert!(unanswered <= 1, "{unanswered} of {JOBS}");
            assert_eq!(succeeded(&simulation) + unanswered, JOBS);
            assert!(simulation.reference.states(Place::Head).len() >= JOBS - unanswered);
            conclude(&mut simulation, &mut random).unwrap();
        }
    }
}

/// Fifty moves of a channel in versioned buckets, each to the next of two versions with a label of its own.
fn race_of_moves(expects: Option<&str>, force: bool, look: impl Fn(&Simulation, usize)) {
    for seed in 0..SCHEDULES {
        let mut simulation = Simulation::new(Memory::new(Versioning::Enabled, Etags::OfContent));
        let order = |job: usize, expects: Option<&str>| {
            let (to, label) = (Some(["v2", "v3"][job % 2]), Some(format!("sha256:{job}")));
            let expects = expects.map(ToOwned::to_owned);
            Role::MoveChannel(ChannelOrder {
                to,
                expects,
                expects_new: false,
                force,
                only_to_what_is_new: false,
                label,
            })
        };
        for role in [Role::Publish { version: "v2" }, Role::Publish { version: "v3" }, order(JOBS, None)] {
            simulation.run_alone(role).unwrap();
        }
        simulation.done_before = simulation.clients.len();
        for job in 0..JOBS {
            simulation.add(order(job, expects)).unwrap();
        }
        let mut random = Random::new(seed);
        let weather = if seed == 0 { Weather::calm() } else { Weather::lossy() };
        run(&mut simulation, &mut random, &weather, &mut Counts::default()).unwrap();
        let moved = |client: &&crate::client::Client| matches!(client.outcome, Some(Outcome::Moved(Ok(_))));
        let succeeded = simulation.clients[simulation.done_before..].iter().filter(moved).count();
        look(&simulation, succeeded);
    }
}

#[test]
fn of_fifty_moves_of_a_channel_that_expect_the_same_move_one_wins() {
    race_of_moves(Some(&push_id(2)), false, |simulation, succeeded| {
        // One may meet with no answer as often as it is sent.
        assert!(succeeded + simulation.world().failed.len() >= 1 && succeeded <= 1, "{succeeded}");
        assert_eq!(simulation.reference.channels.stands.len(), 2);
    });
}

#[test]
fn fifty_forced_moves_of_a_channel_are_all_in_its_history() {
    race_of_moves(None, true, |simulation, succeeded| {
        let unanswered = simulation.world().failed.len();
        assert!(unanswered <= 1 && succeeded + unanswered == JOBS, "{succeeded} of {JOBS}");
        assert!(simulation.reference.channels.stands.len() > succeeded);
    });
}

/// Runs these clients in versioned buckets that others have been to, and looks at each end.
fn race_after(before: &[Role], role: impl Fn(usize) -> Role, look: impl Fn(&Simulation)) {
    for etags in [Etags::OfContent, Etags::Unique] {
        for seed in 0..SCHEDULES {
            let mut simulation = Simulation::new(Memory::new(Versioning::Enabled, etags));
            for role in before {
                simulation.run_alone(role.clone()).unwrap();
            }
            simulation.done_before = simulation.clients.len();
            for job in 0..JOBS {
                simulation.add(role(job)).unwrap();
            }
            let mut random = Random::new(seed);
            let weather = if seed == 0 { Weather::calm() } else { Weather::lossy() };
            let held = run(&mut simulation, &mut random, &weather, &mut Counts::default());
            held.unwrap_or_else(|broken| panic!("seed {seed}, {etags:?}: {broken}"));
            look(&simulation);
            conclude(&mut simulation, &mut random).unwrap_or_else(|broken| panic!("seed {seed}, {etags:?}: {broken}"));
        }
    }
}

/// What they are told, and what is left, the promises of a purge say. One at least has removed it.
#[test]
fn thirty_purges_of_a_version_meet_twenty_pushes_of_it() {
    let push = Role::Push { content: content(".env", "SAME=1\n".to_owned()), overwrite: false };
    let purge = Role::Purge { past_channels: false, is_shown: false };
    let role = |job| if job % 5 < 3 { purge.clone() } else { push.clone() };
    race_after(std::slice::from_ref(&push), role, |simulation| {
        let is_done = |client: &&Client| matches!(client.outcome, Some(Outcome::Purged(Ok(_))));
        assert!(simulation.clients.iter().any(|client| is_done(&client)));
    });
}

/// Each replaces the head as it has found it, so that each that succeeds is one more state.
#[test]
fn of_fifty_rollbacks_of_the_head_each_that_succeeds_is_one_swap() {
    let push = |text: &str| {
        let content = BTreeMap::from([(".env".to_owned(), format!("{text}=1\n"))]);
        Role::PushHead { content, kms_key: None }
    };
    let role = |_| Role::Rollback { to_version: false, exact: true };
    race_after(&[push("OLD"), push("NEW")], role, |simulation| {
        let (succeeded, states) = (changed(simulation), simulation.reference.states(Place::Head).len());
        assert_eq!(succeeded, states, "swaps, with those of the two pushes");
        assert!(states > 2, "nobody has rolled it back");
    });
}

#[test]
fn fifty_promotions_of_the_head_to_one_version_all_succeed_and_one_changes() {
    let head = Role::PushHead { content: content(".env", "SAME=1\n".to_owned()), kms_key: None };
    let role = |_| Role::Promote { from: Place::Head };
    race_after(&[head], role, |simulation| {
        // The push of the head is one of those that changed something.
        assert_eq!((succeeded(simulation), changed(simulation)), (JOBS + 1, 2));
        assert_eq!(simulation.reference.states(Place::Version).len(), 1);
    });
}

#[test]
fn fifty_different_files_pushed_to_the_head_are_all_there() {
    let role = |job| {
        let content = BTreeMap::from([(format!("job-{job}/.env"), format!("JOB={job}\n"))]);
        Role::PushHead { content, kms_key: None }
    };
    race(role, |simulation| {
        assert_eq!(succeeded(simulation), JOBS);
        assert_eq!(simulation.reference.now(Place::Head).unwrap().files.len(), JOBS);
    });
}
