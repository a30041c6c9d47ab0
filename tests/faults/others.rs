//! Other runs that come between: their claims, swaps and purges.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::proxy::{Fault, get, put};
use crate::harness::{Action, Bucket, Run, shows};
use crate::story::{
    NEW, OLD, State, at_once, changed, proxy_with, pull, pulled, push, push_head, start_proxy, state_of, unversioned,
    versioned,
};

fn died_before_the_manifest(bucket: &Bucket, state: State) {
    let proxy = proxy_with(put("/versions/").for_ever(), Fault::s3(403, "AccessDenied", "Access Denied"));
    push(bucket, state).through(&proxy).run().fails(3);
}

#[test]
fn a_dead_push_of_the_same_content_is_finished_by_the_next() {
    let _shown = shows("F25", "a dead push of the same content has claimed the version", "the next finishes it");
    let bucket = versioned();
    died_before_the_manifest(&bucket, NEW);
    pull(&bucket, "v1").run().fails(6);
    assert!(changed(&push(&bucket, NEW).run().succeeds()));
    assert_eq!(pulled(&bucket, "v1", &[NEW]), Some(NEW));
}

#[test]
fn a_dead_push_of_other_content_refuses_the_next_by_name_until_it_is_told_to_overwrite() {
    let _shown = shows(
        "F25",
        "a dead push of other content has claimed the version",
        "code 4, naming its run; `overwrite: true` replaces it",
    );
    let bucket = versioned();
    died_before_the_manifest(&bucket, OLD);
    let run = push(&bucket, NEW).run().fails(4).says("Version claimed").says("run 1234567890 of acme/shop");
    run.says("overwrite: true");
    assert_eq!(pulled(&bucket, "v1", &[OLD, NEW]), None);
    push(&bucket, NEW).input("overwrite", "true").run().succeeds();
    assert_eq!(pulled(&bucket, "v1", &[OLD, NEW]), Some(NEW));
    push(&bucket, OLD).run().fails(4).says("Version exists");
}

#[test]
fn an_overwrite_that_died_midway_leaves_pins_whole_and_is_mended_by_another() {
    let shown = shows(
        "F30",
        "an overwrite dies midway",
        "pinned: pulls stay whole; not pinned: code 5 until another overwrite",
    );
    at_once(shown.each([(versioned(), Some(OLD)), (unversioned(), None)]), |(bucket, between)| {
        push(&bucket, OLD).run().succeeds();
        let proxy = proxy_with(put("/versions/").for_ever(), Fault::s3(403, "AccessDenied", "Access Denied"));
        push(&bucket, NEW).through(&proxy).input("overwrite", "true").run().fails(3);
        match between {
            Some(state) => assert_eq!(pulled(&bucket, "v1", &[OLD, NEW]), Some(state)),
            None => drop(pull(&bucket, "v1").run().fails(5).says("overwrite: true")),
        }
        push(&bucket, NEW).input("overwrite", "true").run().succeeds();
        assert_eq!(pulled(&bucket, "v1", &[OLD, NEW]), Some(NEW));
    });
}

#[test]
fn a_claim_of_a_purge_stops_overwrites_too() {
    let bucket = versioned();
    let claim = json!({
        "schema": 1, "context": "shop", "version": "v1", "digest": "purge", "push_id": "p",
        "created_at": "2026-01-01T00:00:00Z",
    });
    bucket.put("shop/.cstore/claims/v1.json", claim.to_string(), &[]);
    push(&bucket, NEW).run().fails(4).says("being purged");
    push(&bucket, NEW).input("overwrite", "true").run().fails(4).says("being purged");
}

#[test]
fn a_claim_that_is_gone_when_it_is_read_is_put_again() {
    let bucket = versioned();
    died_before_the_manifest(&bucket, OLD);
    bucket.delete("shop/v1/a/.env");
    bucket.delete("shop/v1/b/.env");
    bucket.delete("shop/v1/c.json");
    let there = bucket.clone();
    let purge = Fault::before(move || there.delete("shop/.cstore/claims/v1.json"));
    let run = push(&bucket, NEW).through(&proxy_with(get("/claims/"), purge)).run().succeeds();
    assert!(changed(&run));
    assert_eq!(pulled(&bucket, "v1", &[OLD, NEW]), Some(NEW));
}

#[test]
fn if_match_on_a_key_that_is_gone_means_that_it_changed() {
    let shown = shows("F4", "404 to a write over something that is gone", "taken for a change; success");
    let gone = || Fault::s3(404, "NoSuchKey", "The specified key does not exist.");
    for bucket in shown.each([versioned(), unversioned()]) {
        push(&bucket, OLD).run().succeeds();
        let proxy = start_proxy();
        proxy.on(put("/claims/").nth(2), gone()).on(put("shop/v1/c"), gone()).on(put("/versions/"), gone());
        push(&bucket, NEW).through(&proxy).input("overwrite", "true").run().succeeds();
        assert_eq!(pulled(&bucket, "v1", &[OLD, NEW]), Some(NEW));
        push_head(&bucket, OLD).run().succeeds();
        let proxy = start_proxy();
        proxy.on(put("shop/c.json"), gone()).on(put("head.json"), gone());
        push_head(&bucket, NEW).through(&proxy).run().succeeds();
        assert_eq!(pulled(&bucket, "head", &[OLD, NEW]), Some(NEW));
    }
}

#[test]
fn a_service_that_never_creates_an_object_is_code_1_and_nothing_is_published() {
    let shown = shows("F4", "412 to a write for ever, with nothing there", "code 1; nothing is published");
    at_once(shown.each(["/claims/", "/versions/", "shop/v1/c"]), |key| {
        let bucket = versioned();
        let proxy = proxy_with(put(key).for_ever(), Fault::s3(412, "PreconditionFailed", ""));
        push(&bucket, NEW).through(&proxy).run().fails(1).says("Create refused").says(key);
        assert_eq!(pulled(&bucket, "v1", &[NEW]), None);
        push(&bucket, NEW).run().succeeds();
    });
}

#[test]
fn writes_in_flight_that_never_end_are_no_conflict_but_code_7() {
    let shown = shows("F4", "409 to a write for ever", "code 7, which is not a conflict");
    at_once(shown.each(["/claims/", "shop/v1/c.json", "/versions/"]), |key| {
        let bucket = versioned();
        let proxy = proxy_with(put(key).for_ever(), Fault::s3(409, "ConditionalRequestConflict", "In progress."));
        push(&bucket, NEW).through(&proxy).run().fails(7).says(key);
        push(&bucket, NEW).run().succeeds();
        assert_eq!(pulled(&bucket, "v1", &[NEW]), Some(NEW));
    });
}

#[test]
fn a_delete_marker_is_no_object_and_a_version_may_be_published_anew_over_it() {
    let bucket = versioned();
    push(&bucket, OLD).run().succeeds();
    bucket.keys().iter().for_each(|key| bucket.delete(key));
    pull(&bucket, "v1").run().fails(6);
    assert!(changed(&push(&bucket, NEW).run().succeeds()));
    assert_eq!(pulled(&bucket, "v1", &[OLD, NEW]), Some(NEW));
}

#[test]
fn a_swap_whose_answer_is_lost_before_somebody_else_swaps_has_succeeded_and_both_stay() {
    let shown = shows(
        "F29",
        "the answer to the head's swap is lost, and somebody swaps before it is sent again",
        "success; both changes stay",
    );
    for bucket in shown.each([versioned(), unversioned()]) {
        push_head(&bucket, OLD).run().succeeds();
        let other = Action::push(&bucket).version("head").files(&["other.env"]).input("update-catalog", "true");
        let other = other.workspace_file("other.env", "OTHER=of-the-other-run\n");
        let swaps = Fault::LoseAnswerAnd(std::sync::Arc::new(move || drop(other.run().succeeds())));
        let run = push_head(&bucket, NEW).through(&proxy_with(put("head.json"), swaps)).run().succeeds();
        assert!(changed(&run));
        let run = pull(&bucket, "head").run().succeeds();
        state_of(&run, &[NEW]);
        assert_eq!(run.file("other.env"), "OTHER=of-the-other-run\n");
        let pushes = bucket.get("shop/.cstore/head.json").json()["push_ids"].as_array().unwrap().len();
        assert_eq!(pushes, 3, "nobody merged twice");
    }
}

#[test]
fn a_head_file_whose_answer_was_lost_is_found_and_not_put_anew() {
    let _shown = shows("F6", "the answer to a file of the head is lost", "success; the file is put once");
    let bucket = versioned();
    push_head(&bucket, OLD).run().succeeds();
    let proxy = proxy_with(put("shop/c.json"), Fault::LoseAnswer);
    push_head(&bucket, NEW).through(&proxy).run().succeeds();
    let versions = bucket.versions().into_iter().filter(|version| version.key == "shop/c.json").count();
    assert_eq!(versions, 2, "one of each push");
}

#[test]
fn a_lost_answer_to_the_publishing_put_is_a_change_once() {
    let _shown =
        shows("F6", "the answer to the request that publishes is lost", "success, and `config-changed=true` once");
    let bucket = versioned();
    let proxy = proxy_with(put("/versions/"), Fault::LoseAnswer);
    assert!(changed(&push(&bucket, NEW).through(&proxy).run().succeeds()));
    assert!(!changed(&push(&bucket, NEW).run().succeeds()));
    // Another run of the same content publishes first.
    let bucket = versioned();
    let first = push(&bucket, NEW);
    let races = Fault::before(move || assert!(changed(&first.run().succeeds())));
    let second = push(&bucket, NEW).through(&proxy_with(put("/versions/"), races)).run().succeeds();
    assert!(!changed(&second));
}

#[test]
fn other_content_that_is_published_in_between_is_a_conflict() {
    let _shown = shows("F4", "another content is published between two requests", "code 4; that content stands");
    let bucket = versioned();
    let other = push(&bucket, OLD).input("overwrite", "true");
    let races = Fault::before(move || drop(other.run().succeeds()));
    push(&bucket, NEW).through(&proxy_with(put("/versions/"), races)).run().fails(4).says("Version exists");
    assert_eq!(pulled(&bucket, "v1", &[OLD, NEW]), Some(OLD));
}

/// What is published in between.
const OTHER: State = ["A=alpha-of-the-other\n", "B=beta-of-the-other\n", r#"{"C":"gamma-of-the-other"}"#];

#[test]
fn an_overwrite_names_what_its_swap_replaced_and_not_what_was_read_before() {
    let digest = |run: Run| run.succeeds().output("config-digest").to_owned();
    let [old, between] = [OLD, OTHER].map(|state| digest(push(&versioned(), state).run()));
    for bucket in [versioned(), unversioned()] {
        push(&bucket, OLD).run().succeeds();
        let overwrite = |state| push(&bucket, state).input("overwrite", "true");
        let other = overwrite(OTHER);
        let races = Fault::before(move || drop(other.run().succeeds()));
        let run = overwrite(NEW).through(&proxy_with(put("/versions/"), races)).run().succeeds();
        run.says(&format!("Replaced {between}")).does_not_say(&old);
        assert_eq!(pulled(&bucket, "v1", &[NEW]), Some(NEW));
    }
}

#[test]
fn keys_that_differ_from_what_was_not_replaced_are_not_told() {
    for (version, manifest) in [("v1", "/versions/"), ("head", "head.json")] {
        let bucket = versioned();
        let step = |state| match version {
            "head" => push_head(&bucket, state),
            _ => push(&bucket, state).input("overwrite", "true"),
        };
        step(OLD).run().succeeds();
        let other = step(OTHER);
        let races = Fault::before(move || drop(other.run().succeeds()));
        let run = step(NEW).through(&proxy_with(put(manifest), races)).run().succeeds();
        assert!(!run.summary.contains("changed"), "{}", run.summary);
        let run = step(OLD).run().succeeds();
        assert!(run.summary.contains("changed"), "{}", run.summary);
    }
}

#[test]
fn an_overwrite_that_another_of_the_same_content_has_overtaken_succeeds_and_changes_nothing() {
    for bucket in [versioned(), unversioned()] {
        push(&bucket, OLD).run().succeeds();
        let overwrite = |state| push(&bucket, state).input("overwrite", "true");
        let proxy = start_proxy();
        // More often than other content would be borne.
        for nth in 1..=6 {
            let other = overwrite(NEW);
            proxy.on(put("/versions/").nth(nth), Fault::before(move || drop(other.run().succeeds())));
        }
        let run = overwrite(NEW).through(&proxy).run().succeeds().does_not_say("Replaced");
        assert!(!changed(&run));
        assert_eq!(pulled(&bucket, "v1", &[NEW]), Some(NEW));
    }
}

#[test]
fn other_files_that_are_published_before_the_manifest_are_a_conflict_too() {
    let bucket = versioned();
    let other = Action::push(&bucket).version("v1").files(&["other.env"]).input("overwrite", "true");
    let other = other.workspace_file("other.env", "OTHER=of-the-other-run\n");
    let races = Fault::before(move || drop(other.run().succeeds()));
    push(&bucket, NEW).through(&proxy_with(put("shop/v1/c.json"), races)).run().fails(4).says("Version exists");
    assert_eq!(pull(&bucket, "v1").run().succeeds().workspace.files(), ["other.env"]);
}

/// How long the head is pushed at least: `CSTORE_WEAR_SECONDS`.
fn wear() -> Duration {
    std::env::var("CSTORE_WEAR_SECONDS").map_or(Duration::ZERO, |text| Duration::from_secs(text.parse().unwrap()))
}

#[test]
fn pulls_of_a_head_that_is_pushed_all_the_time_are_one_push_whole() {
    let shown = shows(
        "F21",
        "the head is pushed over and over while it is pulled, with and without versioning",
        "with versioning each pull is one push, whole; without, whole or code 5",
    );
    for bucket in [versioned(), unversioned()] {
        let versioned = bucket.keys().is_empty() && bucket.put("probe", "x", &[]).is_some();
        push_head(&bucket, OLD).run().succeeds();
        let met = Mutex::new(BTreeSet::new());
        thread::scope(|scope| {
            let pushes = scope.spawn(|| {
                let end = Instant::now() + wear();
                let mut pushes = 0;
                // Until pulls have met both states, which takes a busy machine longer.
                let few = |pushes: usize| pushes < 8 || met.lock().unwrap().len() < 2 && pushes < 200;
                while few(pushes) || pushes % 2 == 1 || Instant::now() < end {
                    push_head(&bucket, [NEW, OLD][pushes % 2]).run().succeeds();
                    pushes += 1;
                }
            });
            while !pushes.is_finished() {
                let run = pull(&bucket, "head").run();
                shown.case();
                match run.code {
                    0 => drop(met.lock().unwrap().insert(state_of(&run, &[OLD, NEW]))),
                    code => assert!(code == 5 && !versioned, "code {code}:\n{}", run.printed()),
                }
            }
        });
        assert_eq!(met.into_inner().unwrap(), BTreeSet::from([OLD, NEW]));
        assert_eq!(pulled(&bucket, "head", &[OLD, NEW]), Some(OLD));
    }
}
