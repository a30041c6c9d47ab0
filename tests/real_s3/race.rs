//! Thirty jobs at the same moment, each a process of its own, against a server that decides for itself who was first.

use std::thread;

use serde_json::Value;

use crate::harness::{Action, Bucket, Run};
use crate::seaweedfs::{unversioned, versioned};
use crate::shop::{OTHER, SHOP, assert_pulls, head_manifest, manifest, paths, push, push_head};

/// How many jobs push at once.
const JOBS: usize = 30;

fn run_all(steps: &[Action]) -> Vec<Run> {
    thread::scope(|scope| {
        let running: Vec<_> = steps.iter().map(|step| scope.spawn(|| step.run())).collect();
        running.into_iter().map(|step| step.join().unwrap()).collect()
    })
}

fn of_a_version_with_different_contents_one_wins(bucket: &Bucket) {
    let contents: Vec<_> = (0..JOBS).map(|n| format!("TOKEN=token-of-job-{n:02}\n")).collect();
    let files = |n: usize| [("service/.env", contents[n].as_str()), SHOP[1]];
    let run_id = |n: usize| format!("9000{n:02}");
    let steps: Vec<_> = (0..JOBS).map(|n| push(bucket, "v1", &files(n)).env("GITHUB_RUN_ID", &run_id(n))).collect();
    let runs = run_all(&steps);
    let winners: Vec<_> = (0..JOBS).filter(|&n| runs[n].code == 0).collect();
    let &[winner] = winners.as_slice() else { panic!("{winners:?} have won") };
    for (_, run) in runs.into_iter().enumerate().filter(|(n, _)| *n != winner) {
        run.fails(4).says(&run_id(winner));
    }
    assert_eq!(manifest(bucket, "v1")["source"]["run_id"], run_id(winner));
    assert_pulls(bucket, "v1", &files(winner));
}

fn of_a_version_with_one_content_all_succeed_and_one_has_changed_something(bucket: &Bucket) {
    let steps: Vec<_> = (0..JOBS).map(|_| push(bucket, "v1", &SHOP)).collect();
    let runs: Vec<_> = run_all(&steps).into_iter().map(Run::succeeds).collect();
    assert_eq!(runs.iter().filter(|run| run.output("config-changed") == "true").count(), 1);
    assert_pulls(bucket, "v1", &SHOP);
}

fn of_the_head_with_different_files_none_is_lost(bucket: &Bucket) {
    let files: Vec<_> =
        (0..JOBS).map(|n| (format!("job-{n:02}/.env"), format!("KEY_{n}=value-of-job-{n:02}\n"))).collect();
    let files: Vec<_> = files.iter().map(|(path, contents)| (path.as_str(), contents.as_str())).collect();
    let steps: Vec<_> = files.iter().map(|file| push_head(bucket, &[*file])).collect();
    for run in run_all(&steps) {
        assert_eq!(run.succeeds().output("config-changed"), "true");
    }
    let manifest = head_manifest(bucket);
    assert_eq!(paths(&manifest).len(), JOBS);
    assert_eq!(manifest["push_ids"].as_array().unwrap().len(), JOBS);
    assert_pulls(bucket, "head", &files);
}

/// How many jobs move a channel at once.
const MOVERS: usize = 50;

/// The runs of jobs that move a channel, each with a label of its own, and what the channel is before and after.
fn run_movers(bucket: &Bucket, before: &str, name: &str, value: &str) -> (Vec<Run>, Value) {
    push(bucket, "v1", &SHOP).run().succeeds();
    push(bucket, "v2", &OTHER).run().succeeds();
    let to = |version| Action::new(bucket).input("command", "promote").input("from", version).input("to", ":prod");
    to(before).run().succeeds();
    let mover = |n| to("v2").input("label", &format!("job=number-{n:02}")).input(name, value);
    let runs = run_all(&(0..MOVERS).map(mover).collect::<Vec<_>>());
    (runs, bucket.get("shop/.cstore/channels/prod.json").json())
}

#[test]
#[ignore = "needs SeaweedFS"]
fn of_fifty_moves_of_a_channel_that_expect_the_same_one_wins() {
    let bucket = versioned();
    let (runs, channel) = run_movers(&bucket, "v1", "expect-current", "v1");
    let winners: Vec<_> = (0..MOVERS).filter(|&n| runs[n].code == 0).collect();
    let &[winner] = winners.as_slice() else { panic!("{winners:?} have won") };
    for (_, run) in runs.into_iter().enumerate().filter(|(n, _)| *n != winner) {
        run.fails(4).says("It has pointed at v2");
    }
    assert_eq!(channel["labels"]["job"], format!("number-{winner:02}"));
    assert_eq!(channel["history"].as_array().unwrap().len(), 1);
}

#[test]
#[ignore = "needs SeaweedFS"]
fn of_fifty_moves_of_a_channel_by_force_each_is_in_its_history() {
    let bucket = versioned();
    let (runs, channel) = run_movers(&bucket, "v1", "force", "true");
    runs.into_iter().for_each(|run| drop(run.succeeds()));
    let earlier = channel["history"].as_array().unwrap();
    let mut jobs: Vec<_> = earlier.iter().chain([&channel]).filter_map(|made| made["labels"]["job"].as_str()).collect();
    jobs.sort_unstable();
    assert_eq!(jobs, (0..MOVERS).map(|n| format!("number-{n:02}")).collect::<Vec<_>>());
}

/// Makes of each a test in a bucket with versioning, and one in a bucket without.
macro_rules! of_thirty_pushes {
    ($($promise:ident),+ $(,)?) => {
        mod in_a_versioned_bucket {
            $(#[test] #[ignore = "needs SeaweedFS"] fn $promise() { super::$promise(&super::versioned()) })+
        }
        mod in_an_unversioned_bucket {
            $(#[test] #[ignore = "needs SeaweedFS"] fn $promise() { super::$promise(&super::unversioned()) })+
        }
    };
}

of_thirty_pushes!(
    of_a_version_with_different_contents_one_wins,
    of_a_version_with_one_content_all_succeed_and_one_has_changed_something,
    of_the_head_with_different_files_none_is_lost,
);
