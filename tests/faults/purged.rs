//! A purge and a pull that meet: at each request of either, the other runs from its beginning to its end.

use crate::harness::proxy::Fault;
use crate::harness::{Bucket, Proxy, Run, shows};
use crate::scenario::{Command, PURGE, PURGE_FILES, Scenario, at, places_of, walks_all};
use crate::story::{NEW, OLD, PATHS, proxy_with, pull, state_of, unversioned, versioned};

/// One state whole, or code 6 and nothing.
fn hold(run: &Run) {
    let there = run.workspace.files().into_iter().filter(|file| PATHS.contains(&file.as_str())).count();
    match run.code {
        // Of a head nothing may be left that a pull without names asks for.
        0 if there == 0 => {}
        0 => drop(state_of(run, &[OLD, NEW])),
        6 => assert_eq!(there, 0, "files were written:\n{}", run.printed()),
        code => panic!("a pull that met a purge failed with {code}:\n{}", run.printed()),
    }
}

fn is_write(method: &str) -> bool {
    matches!(method, "PUT" | "DELETE")
}

fn purge(scenario: &Scenario, bucket: &Bucket) {
    (scenario.command)(bucket).run().succeeds();
}

fn meet(scenario: &'static Scenario, what: &str) {
    let shown = shows(
        "F22",
        format!("{what} runs at each request of a pull, and a pull at each request of it"),
        "one state whole, or code 6 and no file",
    );
    for create in [versioned, unversioned] {
        let prepared = || {
            let bucket = create();
            (scenario.prepare)(&bucket);
            bucket
        };
        for files in [&PATHS[..], &[]] {
            let bucket = prepared();
            let proxy = Proxy::before(bucket.server());
            pull(&bucket, scenario.version).files(files).through(&proxy).run().succeeds();
            for place in places_of(&proxy) {
                let bucket = prepared();
                let there = bucket.clone();
                let proxy = proxy_with(at(&place), Fault::before(move || purge(scenario, &there)));
                hold(&pull(&bucket, scenario.version).files(files).through(&proxy).run());
                shown.case();
            }
        }
        // What is there changes with a request that writes.
        let meets_all = walks_all();
        for place in scenario.places_in(&create()).into_iter().filter(|(method, ..)| meets_all || is_write(method)) {
            let bucket = prepared();
            let there = bucket.clone();
            let meets = Fault::before(move || hold(&pull(&there, scenario.version).files(&PATHS).run()));
            let proxy = proxy_with(at(&place), meets);
            let Command::Step(step) = (scenario.command)(&bucket).through(&proxy) else { panic!("it is a step") };
            step.run().succeeds();
            shown.case();
        }
    }
}

#[test]
fn a_version_that_is_purged_while_it_is_pulled_is_whole_or_not_found() {
    meet(&PURGE, "a purge of a version");
}

#[test]
fn files_of_the_head_that_are_purged_while_they_are_pulled_are_whole_or_not_found() {
    meet(&PURGE_FILES, "a purge of files of the head");
}
