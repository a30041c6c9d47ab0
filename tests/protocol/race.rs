//! Many jobs at the same moment, each a process of its own.

use std::thread;

use crate::harness::{Action, Bucket, Run, shows};
use crate::shop::{SHOP, assert_pulls, head_manifest, manifest, paths, push, push_head};

const JOBS: usize = 50;

/// Starts all steps at once and waits for them.
fn run_all(steps: &[Action]) -> Vec<Run> {
    thread::scope(|scope| {
        let running: Vec<_> = steps.iter().map(|step| scope.spawn(|| step.run())).collect();
        running.into_iter().map(|step| step.join().unwrap()).collect()
    })
}

fn different_files_pushed_to_the_head_are_all_there(bucket: &Bucket) {
    let shown =
        shows("F20", "50 jobs push 50 files to the head at once, in each kind of bucket", "all of them are there");
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
    shown.cases(JOBS);
}

fn of_one_version_with_one_content_all_succeed(bucket: &Bucket) {
    let shown = shows(
        "F19",
        "50 jobs push one version of one content at once, in each kind of bucket",
        "all succeed, and one says `config-changed=true`",
    );
    let steps: Vec<_> = (0..JOBS).map(|_| push(bucket, "v1", &SHOP)).collect();
    let runs: Vec<_> = run_all(&steps).into_iter().map(Run::succeeds).collect();
    let changed = runs.iter().filter(|run| run.output("config-changed") == "true").count();
    assert_eq!(changed, 1);
    assert_pulls(bucket, "v1", &SHOP);
    shown.cases(JOBS);
}

fn of_one_version_with_different_contents_one_wins(bucket: &Bucket) {
    let shown = shows(
        "F19",
        "50 jobs push one version of different contents at once, in each kind of bucket",
        "one succeeds, 49 get code 4 with its run",
    );
    let contents: Vec<_> = (0..JOBS).map(|n| format!("TOKEN=token-of-job-{n:02}\n")).collect();
    let files = |n: usize| [("service/.env", contents[n].as_str()), SHOP[1]];
    let steps: Vec<_> =
        (0..JOBS).map(|n| push(bucket, "v1", &files(n)).env("GITHUB_RUN_ID", &format!("9000{n:02}"))).collect();
    let runs = run_all(&steps);
    let winners: Vec<_> = (0..JOBS).filter(|&n| runs[n].code == 0).collect();
    let &[winner] = winners.as_slice() else { panic!("{winners:?} have won") };
    for (n, run) in runs.into_iter().enumerate().filter(|(n, _)| *n != winner) {
        assert_ne!(n, winner);
        run.fails(4).says(&format!("9000{winner:02}"));
    }
    assert_eq!(manifest(bucket, "v1")["source"]["run_id"], format!("9000{winner:02}"));
    assert_pulls(bucket, "v1", &files(winner));
    shown.cases(JOBS);
}

/// What every bucket promises of two pushes to the same paths: with pins the later swap owns both, without them each
/// path is somebody's whole file.
fn the_same_files_pushed_to_the_head_are_somebodys(bucket: &Bucket) {
    const JOBS: usize = 12;
    let token = |n: usize| format!("TOKEN=token-of-job-{n:02}\n");
    let url = |n: usize| format!("{{\"url\":\"url-of-job-{n:02}\"}}\n");
    let steps: Vec<_> =
        (0..JOBS).map(|n| push_head(bucket, &[("service/.env", &token(n)), ("web/config.json", &url(n))])).collect();
    run_all(&steps).into_iter().for_each(|run| drop(run.succeeds()));
    let pull = crate::shop::pull(bucket, "head").run().succeeds();
    let wrote_token = (0..JOBS).position(|n| pull.file("service/.env") == token(n)).expect("somebody's");
    let wrote_url = (0..JOBS).position(|n| pull.file("web/config.json") == url(n)).expect("somebody's");
    if bucket.get("shop/service/.env").version_id().is_some_and(|id| id != "null") {
        assert_eq!(wrote_token, wrote_url);
    }
}

in_each_bucket!(
    different_files_pushed_to_the_head_are_all_there,
    of_one_version_with_one_content_all_succeed,
    of_one_version_with_different_contents_one_wins,
    the_same_files_pushed_to_the_head_are_somebodys,
);
