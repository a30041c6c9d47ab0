//! Two pushes, or a push and a purge, a rollback or a promotion, walked depth-first through every order of their requests, with one lost answer and one crash anywhere.
//!
//! What is not walked twice or at all, and why that loses nothing:
//! - A state that was reached before, by another order, goes on as it did then. A state is the bucket, what is on its
//!   way, and what each push has been told: its code is a function of that. (Answers to requests that wait at the same
//!   time count as told in any order, since the store waits for all of them.)
//! - Reads of the settings are answered at once: no push here names a key, so nobody writes them.
//! - A late request that never arrives is the end of the schedule without it.

use std::collections::HashSet;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};
use std::io::Write as _;

use crate::change::From;
use crate::channels::ChannelOrder;
use crate::client::{Content, Place, Role, push_id};
use crate::conclusion::conclude;
use crate::memory::{Etags, Memory, Versioning};
use crate::random::Random;
use crate::reference::Broken;
use crate::report;
use crate::simulation::{Choice, Simulation};
use crate::world::{Request, Waiting};

/// What may still go wrong.
#[derive(Debug, Clone, Copy, Hash)]
struct Budget {
    lost: u32,
    crashes: u32,
}

impl Budget {
    const fn spend(&mut self, choice: Choice) {
        match choice {
            Choice::LoseAnswer(_) => self.lost -= 1,
            Choice::Kill(_) => self.crashes -= 1,
            _ => {}
        }
    }
}

/// What the walk came through.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Walked {
    pub(crate) states: u64,
    pub(crate) ends: u64,
    /// Ends before which all went wrong that may.
    worst: u64,
    runs: u64,
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Act(Choice),
    /// Nothing more arrives.
    End,
}

/// Who meets, and in which bucket.
#[derive(Debug, Clone)]
struct Start {
    versioning: Versioning,
    /// What has been pushed before.
    before: Vec<Role>,
    clients: Vec<Role>,
    budget: Budget,
}

/// Walks through all schedules. A broken promise comes with the schedule that broke it.
fn walk(start: &Start) -> Result<Walked, Broken> {
    let mut walked = Walked::default();
    let mut visited = HashSet::new();
    // For each step of the path: which of how many was taken.
    let mut path: Vec<(usize, usize)> = Vec::new();
    loop {
        walked.runs += 1;
        if let Err(broken) = run(start, &mut path, &mut visited, &mut walked) {
            let taken: Vec<_> = path.iter().map(|(taken, _)| *taken).collect();
            let trace = trace(start, &path)?;
            return Err(format!("{broken}\nSchedule {taken:?}\n{trace}"));
        }
        loop {
            match path.last_mut() {
                None => return Ok(walked),
                Some((taken, of)) if *taken + 1 < *of => {
                    *taken += 1;
                    break;
                }
                Some(_) => drop(path.pop()),
            }
        }
    }
}

/// Follows the path, then goes on by the first way each time, until the end or a state that is known.
fn run(
    start: &Start,
    path: &mut Vec<(usize, usize)>,
    visited: &mut HashSet<u64>,
    walked: &mut Walked,
) -> Result<(), Broken> {
    let mut simulation = begin(start, false)?;
    let mut budget = start.budget;
    let mut depth = 0;
    loop {
        let steps = steps(&simulation, budget);
        let step = match path.get(depth) {
            Some((taken, _)) => steps[*taken],
            None => {
                if steps.is_empty() || !visited.insert(fingerprint(&simulation, budget)) {
                    return Ok(());
                }
                walked.states += 1;
                path.push((0, steps.len()));
                steps[0]
            }
        };
        depth += 1;
        match step {
            Step::Act(choice) => {
                budget.spend(choice);
                act(&mut simulation, choice)?;
            }
            Step::End => {
                walked.ends += 1;
                walked.worst += u64::from(budget.lost == 0 && budget.crashes == 0);
                while !simulation.world().late().is_empty() {
                    simulation.act(Choice::Discard(0))?;
                }
                conclude(&mut simulation, &mut Random::new(0))?;
                return Ok(());
            }
        }
    }
}

fn begin(start: &Start, with_trace: bool) -> Result<Simulation, Broken> {
    let mut simulation = Simulation::new(Memory::new(start.versioning, Etags::OfContent));
    simulation.world_mut().told = Some(std::collections::BTreeMap::new());
    simulation.world_mut().trace = with_trace.then(Vec::new);
    for role in &start.before {
        simulation.run_alone(role.clone())?;
    }
    for role in &start.clients {
        simulation.add(role.clone())?;
    }
    answer_settings(&mut simulation)?;
    Ok(simulation)
}

fn act(simulation: &mut Simulation, choice: Choice) -> Result<(), Broken> {
    simulation.act(choice)?;
    answer_settings(simulation)
}

fn answer_settings(simulation: &mut Simulation) -> Result<(), Broken> {
    let is_settings = |waiting: &Waiting| match &waiting.request {
        Request::Get { key, .. } => key.as_str().ends_with("/settings.json"),
        _ => false,
    };
    loop {
        let next = simulation.world().open().find(|(_, waiting)| is_settings(waiting)).map(|(id, _)| id);
        match next {
            Some(id) => simulation.act(Choice::Deliver(id))?,
            None => return Ok(()),
        }
    }
}

fn steps(simulation: &Simulation, budget: Budget) -> Vec<Step> {
    let world = simulation.world();
    let mut steps = Vec::new();
    for (id, waiting) in world.open() {
        steps.push(Step::Act(Choice::Deliver(id)));
        if budget.lost > 0 && world.is_write(waiting.client, &waiting.request) {
            steps.push(Step::Act(Choice::LoseAnswer(id)));
        }
    }
    if budget.crashes > 0 {
        let running = (0..simulation.clients.len()).filter(|client| simulation.is_running(*client));
        steps.extend(running.map(|client| Step::Act(Choice::Kill(client))));
    }
    let is_over = world.open().next().is_none();
    steps.extend((0..world.late().len()).map(|index| Step::Act(Choice::Land(index))));
    if is_over {
        steps.push(Step::End);
    }
    steps
}

fn fingerprint(simulation: &Simulation, budget: Budget) -> u64 {
    let world = simulation.world();
    let mut hasher = DefaultHasher::new();
    world.memory.fingerprint().hash(&mut hasher);
    budget.hash(&mut hasher);
    for (id, client) in simulation.clients.iter().enumerate() {
        let mut told = world.told.as_ref().and_then(|told| told.get(&id)).cloned().unwrap_or_default();
        told.sort_unstable();
        (id, told, client.is_killed).hash(&mut hasher);
    }
    let mut open: Vec<_> = world.open().map(|(_, waiting)| (waiting.client, waiting.request.to_string())).collect();
    let mut late: Vec<_> = world.late().iter().map(|(client, request)| (*client, request.to_string())).collect();
    open.sort_unstable();
    late.sort_unstable();
    (open, late).hash(&mut hasher);
    hasher.finish()
}

/// What happens on a path, line by line.
fn trace(start: &Start, path: &[(usize, usize)]) -> Result<String, Broken> {
    let mut simulation = begin(start, true)?;
    let mut budget = start.budget;
    for (taken, _) in path {
        if let Step::Act(choice) = steps(&simulation, budget)[*taken] {
            budget.spend(choice);
            if act(&mut simulation, choice).is_err() {
                break;
            }
        }
    }
    let lines = simulation.world().trace.clone();
    Ok(lines.unwrap_or_default().join("\n"))
}

fn files(name: &str, paths: &[&str]) -> Content {
    paths.iter().map(|path| ((*path).to_owned(), format!("{path}={name}\n"))).collect()
}

fn push(name: &str) -> Role {
    Role::Push { content: files(name, &["one", "two"]), overwrite: false }
}

/// Of one file: an overwrite sends so many requests that two of them make ten times the states.
fn push_of_one(name: &str, overwrite: bool) -> Role {
    Role::Push { content: files(name, &["one"]), overwrite }
}

fn push_head(name: &str, paths: &[&str]) -> Role {
    Role::PushHead { content: files(name, paths), kms_key: None }
}

const BOTH: Budget = Budget { lost: 1, crashes: 1 };

/// Walks through a meeting in a bucket without versioning and in one with.
fn walk_through(name: &str, title: &str, budget: Budget, before: &[Role], clients: &[Role]) {
    for (versioning, with) in [(Versioning::Off, "without versioning"), (Versioning::Enabled, "with versioning")] {
        let start = Start { versioning, before: before.to_vec(), clients: clients.to_vec(), budget };
        let title = format!("{title}, {with}");
        match walk(&start) {
            Ok(walked) => {
                // Far fewer than there are, and far more than one way through.
                assert!(walked.states > 500 && walked.ends > 100 && walked.worst > 50, "{title}: {walked:?}");
                report::walk(&format!("{name}-{versioning:?}"), &title, &walked);
            }
            Err(broken) => panic!("{title}: {broken}"),
        }
    }
}

#[test]
fn two_pushes_of_one_content() {
    let title = "two pushes of a version of two files, the same content";
    walk_through("same", title, BOTH, &[], &[push("a"), push("a")]);
}

#[test]
fn two_pushes_of_different_contents() {
    let title = "two pushes of a version of two files, different contents";
    walk_through("different", title, BOTH, &[], &[push("a"), push("b")]);
}

#[test]
fn a_push_and_an_overwrite() {
    let title = "a push and an overwrite of a version of one file, different contents";
    walk_through("overwrite", title, BOTH, &[], &[push_of_one("a", false), push_of_one("b", true)]);
}

#[test]
fn two_overwrites() {
    let before = [push_of_one("old", false)];
    let clients = [push_of_one("a", true), push_of_one("b", true)];
    let title = "two overwrites of a published version of one file, different contents";
    // Both together make sixteen thousand states more.
    let (lost, crash) = (Budget { crashes: 0, ..BOTH }, Budget { lost: 0, ..BOTH });
    walk_through("overwrites-lost", &format!("{title}; no crash"), lost, &before, &clients);
    walk_through("overwrites-crash", &format!("{title}; no lost answer"), crash, &before, &clients);
}

#[test]
fn two_pushes_of_one_path_of_the_head() {
    let title = "two pushes of one file of the head, over a third";
    walk_through(
        "head-one",
        title,
        BOTH,
        &[push_head("old", &["one"])],
        &[push_head("a", &["one"]), push_head("b", &["one"])],
    );
}

#[test]
fn two_changes_of_one_path_of_the_head() {
    let title = "two changes of one file of the head, made from the same state";
    let before = files("old", &["one"]);
    let change = |name: &str| Role::Change {
        lines: Content::from([("one".to_owned(), format!("{name}=1\n"))]),
        from: From::Pulled(before.clone()),
        merges: name == "a",
    };
    walk_through("changes", title, BOTH, &[push_head("old", &["one"])], &[change("a"), change("b")]);
}

/// Whether a walk of tens of thousands of states is made now. Says which is not, past the test runner, which would keep it
/// to itself.
fn is_run_by_night(title: &str) -> bool {
    if !crate::is_night() {
        let text = format!("NOT RUN: the walk of {title} (CSTORE_NIGHTLY=1 runs it)\n");
        std::io::stderr().write_all(text.as_bytes()).unwrap();
    }
    crate::is_night()
}

#[test]
fn a_rollback_and_a_push_of_the_head() {
    let title = "a rollback of the head to a version of one file, and a push of the same file";
    if !is_run_by_night(title) {
        return;
    }
    let before = [push_of_one("old", false), push_head("now", &["one"])];
    let clients = [Role::Rollback { to_version: true, exact: true }, push_head("a", &["one"])];
    walk_through("rollback", title, BOTH, &before, &clients);
}

#[test]
fn a_promotion_and_an_overwrite_of_its_source() {
    let title = "a promotion of a version of one file to the head, and an overwrite of the version";
    if !is_run_by_night(title) {
        return;
    }
    let before = [push_of_one("a", false), push_head("old", &["one"])];
    let clients = [Role::Promote { from: Place::Version }, push_of_one("b", true)];
    walk_through("promotion", title, BOTH, &before, &clients);
}

#[test]
fn a_purge_and_a_push() {
    let title = "a purge of a published version of one file, and a push of the same";
    // Both together make ten times the states.
    let (lost, crash) = (Budget { crashes: 0, ..BOTH }, Budget { lost: 0, ..BOTH });
    let (before, clients) =
        ([push_of_one("a", false)], [Role::Purge { past_channels: false, is_shown: false }, push_of_one("a", false)]);
    walk_through("purge-lost", &format!("{title}; no crash"), lost, &before, &clients);
    walk_through("purge-crash", &format!("{title}; no lost answer"), crash, &before, &clients);
}

#[test]
fn a_purge_of_what_was_shown_and_an_overwrite() {
    let title = "a purge of a version of one file as it was shown, and an overwrite of it; no fault";
    let purge = Role::Purge { past_channels: false, is_shown: true };
    let clients = [purge, push_of_one("b", true)];
    walk_through("shown-purge", title, Budget { lost: 0, crashes: 0 }, &[push_of_one("a", false)], &clients);
}

#[test]
fn a_purge_of_a_file_of_the_head_and_a_push_of_it() {
    let title = "a purge of one of two files of the head, and a push of the same file";
    let (lost, crash) = (Budget { crashes: 0, ..BOTH }, Budget { lost: 0, ..BOTH });
    let before = [push_head("old", &["one", "two"])];
    let purge = Role::PurgeFiles { paths: vec!["one".to_owned()], is_shown: false };
    let clients = [purge, push_head("a", &["one"])];
    walk_through("file-purge-lost", &format!("{title}; no crash"), lost, &before, &clients);
    walk_through("file-purge-crash", &format!("{title}; no lost answer"), crash, &before, &clients);
}

#[test]
fn two_moves_of_a_channel_that_expect_the_same() {
    let title = "two moves of a channel that expect the same move";
    let order = |to, expects: Option<&str>| {
        let expects = expects.map(ToOwned::to_owned);
        Role::MoveChannel(ChannelOrder {
            to: Some(to),
            expects,
            expects_new: false,
            force: false,
            only_to_what_is_new: false,
            label: None,
        })
    };
    let publish = |version| Role::Publish { version };
    let before = [publish("v2"), publish("v3"), order("v2", None)];
    let clients = [order("v3", Some(&push_id(2))), order("v3", Some(&push_id(2)))];
    walk_through("channel", title, BOTH, &before, &clients);
}

#[test]
fn two_pushes_of_two_paths_of_the_head() {
    let title = "two first pushes of the head, one file each";
    walk_through("head-two", title, BOTH, &[], &[push_head("a", &["one"]), push_head("b", &["two"])]);
}
