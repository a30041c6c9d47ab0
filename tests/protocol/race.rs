//! Many jobs at the same moment, each a process of its own. They meet: none is answered the request by which they contend
//! before all have sent it.

use std::thread;

use crate::harness::proxy::{Fault, Matching, get, put};
use crate::harness::{Action, Bucket, Laptop, Proxy, Run, shows};
use crate::shop::{SHOP, assert_pulls, head_manifest, manifest, paths, push, push_head};

/// How many jobs meet, as a number and in words: 12, and 50 where `CSTORE_NIGHTLY=1` says so.
fn jobs() -> (usize, &'static str) {
    if std::env::var_os("CSTORE_NIGHTLY").is_some_and(|value| value == "1") { (50, "50") } else { (12, "12") }
}

/// Runs all steps at once, which meet at a request that each sends.
fn run_all(bucket: &Bucket, meeting: Matching, steps: Vec<Action>) -> Vec<Run> {
    let proxy = Proxy::before(bucket.server());
    proxy.on(meeting.times(steps.len()), Fault::Together);
    let steps: Vec<_> = steps.into_iter().map(|step| step.through(&proxy)).collect();
    thread::scope(|scope| {
        let running: Vec<_> = steps.iter().map(|step| scope.spawn(|| step.run())).collect();
        running.into_iter().map(|step| step.join().unwrap()).collect()
    })
}

/// Where pushes of a version meet.
fn claim() -> Matching {
    put("/claims/")
}

/// Where pushes of the head meet.
fn head() -> Matching {
    get("head.json")
}

fn different_files_pushed_to_the_head_are_all_there(bucket: &Bucket) {
    let (jobs, many) = jobs();
    let shown = shows(
        "F20",
        format!("{many} jobs push {many} files to the head at once, in each kind of bucket"),
        "all of them are there",
    );
    let files: Vec<_> =
        (0..jobs).map(|n| (format!("job-{n:02}/.env"), format!("KEY_{n}=value-of-job-{n:02}\n"))).collect();
    let files: Vec<_> = files.iter().map(|(path, contents)| (path.as_str(), contents.as_str())).collect();
    let steps: Vec<_> = files.iter().map(|file| push_head(bucket, &[*file])).collect();
    for run in run_all(bucket, head(), steps) {
        assert_eq!(run.succeeds().output("config-changed"), "true");
    }
    let manifest = head_manifest(bucket);
    assert_eq!(paths(&manifest).len(), jobs);
    assert_eq!(manifest["push_ids"].as_array().unwrap().len(), jobs);
    assert_pulls(bucket, "head", &files);
    shown.cases(jobs);
}

fn of_one_version_with_one_content_all_succeed(bucket: &Bucket) {
    let (jobs, many) = jobs();
    let shown = shows(
        "F19",
        format!("{many} jobs push one version of one content at once, in each kind of bucket"),
        "all succeed, and one says `config-changed=true`",
    );
    let steps: Vec<_> = (0..jobs).map(|_| push(bucket, "v1", &SHOP)).collect();
    let runs: Vec<_> = run_all(bucket, claim(), steps).into_iter().map(Run::succeeds).collect();
    let changed = runs.iter().filter(|run| run.output("config-changed") == "true").count();
    assert_eq!(changed, 1);
    assert_pulls(bucket, "v1", &SHOP);
    shown.cases(jobs);
}

fn of_one_version_with_different_contents_one_wins(bucket: &Bucket) {
    let (jobs, many) = jobs();
    let shown = shows(
        "F19",
        format!("{many} jobs push one version of different contents at once, in each kind of bucket"),
        "one succeeds, the others get code 4 with its run",
    );
    let contents: Vec<_> = (0..jobs).map(|n| format!("TOKEN=token-of-job-{n:02}\n")).collect();
    let files = |n: usize| [("service/.env", contents[n].as_str()), SHOP[1]];
    let steps: Vec<_> =
        (0..jobs).map(|n| push(bucket, "v1", &files(n)).env("GITHUB_RUN_ID", &format!("9000{n:02}"))).collect();
    let runs = run_all(bucket, claim(), steps);
    let winners: Vec<_> = (0..jobs).filter(|&n| runs[n].code == 0).collect();
    let &[winner] = winners.as_slice() else { panic!("{winners:?} have won") };
    for (_, run) in runs.into_iter().enumerate().filter(|(n, _)| *n != winner) {
        run.fails(4).says(&format!("9000{winner:02}"));
    }
    assert_eq!(manifest(bucket, "v1")["source"]["run_id"], format!("9000{winner:02}"));
    assert_pulls(bucket, "v1", &files(winner));
    shown.cases(jobs);
}

/// What every bucket promises of two pushes to the same paths: with pins the later swap owns both, without them each
/// path is somebody's whole file.
fn the_same_files_pushed_to_the_head_are_somebodys(bucket: &Bucket) {
    let jobs = 12;
    let token = |n: usize| format!("TOKEN=token-of-job-{n:02}\n");
    let url = |n: usize| format!("{{\"url\":\"url-of-job-{n:02}\"}}\n");
    let steps: Vec<_> =
        (0..jobs).map(|n| push_head(bucket, &[("service/.env", &token(n)), ("web/config.json", &url(n))])).collect();
    run_all(bucket, head(), steps).into_iter().for_each(|run| drop(run.succeeds()));
    let pull = crate::shop::pull(bucket, "head").run().succeeds();
    let wrote_token = (0..jobs).position(|n| pull.file("service/.env") == token(n)).expect("somebody's");
    let wrote_url = (0..jobs).position(|n| pull.file("web/config.json") == url(n)).expect("somebody's");
    if bucket.get("shop/service/.env").version_id().is_some_and(|id| id != "null") {
        assert_eq!(wrote_token, wrote_url);
    }
}

/// People who change one key each, which is merged onto what the others change.
fn keys_of_one_file_that_are_set_at_once_are_all_there(bucket: &Bucket) {
    let people = 12;
    let shown = shows(
        "F20",
        "12 people set a key each of one file of the head at once, in each kind of bucket",
        "with versioning all succeed and all are there; without, those whose command succeeded, others get code 4 or 5",
    );
    let laptop = Laptop::new(bucket);
    let lines: Vec<_> = (0..people).map(|n| format!("KEY_{n}=first-value-{n:02}\n")).collect();
    laptop.file(".env", lines.concat()).cstore(["push", ".env"]).run().succeeds();
    let proxy = Proxy::before(bucket.server());
    proxy.on(put("/.env").times(people), Fault::Together);
    let set = |n: usize| {
        let laptop = Laptop::new(bucket).with_env("AWS_ENDPOINT_URL", &proxy.endpoint());
        laptop.cstore_with(["set".to_owned(), format!("KEY_{n}=second-value-{n:02}")]).run()
    };
    let ran: Vec<_> = thread::scope(|scope| {
        let running: Vec<_> = (0..people).map(|n| scope.spawn(move || set(n))).collect();
        running.into_iter().map(|person| person.join().unwrap()).collect()
    });
    let keeps_versions = bucket.get("shop/.env").version_id().is_some_and(|id| id != "null");
    let values = laptop.cstore(["export", "--format", "json"]).prints_values().run().succeeds().json();
    for (n, ran) in ran.iter().enumerate() {
        match ran.code {
            0 => assert_eq!(values[format!("KEY_{n}")], format!("second-value-{n:02}")),
            4 | 5 if !keeps_versions => {}
            code => panic!("{code}: {}", ran.stderr),
        }
    }
    assert!(ran.iter().any(|ran| ran.code == 0));
    shown.cases(people);
}

in_each_bucket_in_memory!(
    keys_of_one_file_that_are_set_at_once_are_all_there,
    different_files_pushed_to_the_head_are_all_there,
    of_one_version_with_one_content_all_succeed,
    of_one_version_with_different_contents_one_wins,
    the_same_files_pushed_to_the_head_are_somebodys,
);
