//! What was changed here and pushed as a version alone is, for the head, still a change of one's own: no pull of the head takes
//! it back, and `status`, `pull` and `push` agree on that.

use crate::harness::{Bucket, Laptop};
use crate::shared::{ENV, laptop, stored, text, two_laptops};
use crate::status::state;

const FIRST: &str = "# the shop\nTOKEN=swordfish\nGREETING=good-morning\n";
const OWN: &str = "# the shop\nTOKEN=swordfish\nGREETING=good-evening\n";

/// Two machines, of which the first has changed a key of the head and pushed that as a version alone.
fn released(bucket: &Bucket) -> [Laptop; 2] {
    let [one, other] = two_laptops(bucket);
    one.file(ENV, OWN).cstore(["push", "-v", "v1.0.0"]).run().succeeds();
    [one, other]
}

#[test]
fn a_pull_of_the_head_keeps_what_was_pushed_as_a_version_and_a_push_stores_it() {
    let bucket = Bucket::versioned();
    let [one, _] = released(&bucket);
    for _ in 0..2 {
        assert_eq!(state(&one, ENV), "changed-here");
        one.cstore(["push", "--dry-run"]).run().succeeds().says("~ GREETING").says("Would push");
        one.cstore(["pull", "--dry-run"]).run().succeeds().says("kept       service/dev/.env");
        one.cstore(["pull"]).run().succeeds().says("kept       service/dev/.env (changed only here)");
        assert_eq!(text(&one, ENV), OWN);
    }
    one.cstore(["push"]).run().succeeds();
    assert_eq!((stored(&bucket, ENV).as_str(), state(&one, ENV).as_str()), (OWN, "unchanged"));
}

#[test]
fn one_more_edit_after_the_version_is_kept_with_it() {
    let bucket = Bucket::versioned();
    let [one, _] = released(&bucket);
    let more = format!("{OWN}MORE=of-ann\n");
    one.file(ENV, &more);
    // Also where the version is pulled again, which changes nothing.
    one.cstore(["pull", "-v", "v1.0.0"]).run().succeeds().says("kept ");
    one.cstore(["pull"]).run().succeeds().says("kept ");
    assert_eq!(text(&one, ENV), more);
    one.cstore(["push", "-v", "v1.1.0"]).run().succeeds();
    one.cstore(["pull"]).run().succeeds().says("kept ");
    assert_eq!(text(&one, ENV), more);
    one.cstore(["push"]).run().succeeds();
    assert_eq!(stored(&bucket, ENV), more);
}

#[test]
fn what_others_push_to_the_head_after_it_is_merged_and_the_same_key_is_a_conflict() {
    let bucket = Bucket::versioned();
    let [one, other] = released(&bucket);
    other.file(ENV, FIRST.replace("swordfish", "mackerel")).cstore(["push"]).run().succeeds();
    assert_eq!(state(&one, ENV), "changed-on-both-sides");
    one.cstore(["push", "--dry-run"]).run().succeeds().says("would merge  service/dev/.env (from the bucket: TOKEN)");
    one.cstore(["pull"]).run().succeeds().says("merged     service/dev/.env (from the bucket: TOKEN)");
    assert_eq!(text(&one, ENV), OWN.replace("swordfish", "mackerel"));
    // The merged file, as a version, is still a change of the head.
    one.cstore(["push", "-v", "v1.1.0"]).run().succeeds();
    one.cstore(["pull"]).run().succeeds().says("kept ");
    other.file(ENV, text(&other, ENV).replace("good-morning", "good-night")).cstore(["push"]).run().succeeds();
    one.cstore(["pull"]).run().fails(4).says("(GREETING)");
    one.cstore(["push"]).run().fails(4).says("(GREETING)");
    assert_eq!(text(&one, ENV), OWN.replace("swordfish", "mackerel"));
}

#[test]
fn unchanged_files_that_were_pushed_as_a_version_follow_the_head() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    one.cstore(["push", "-v", "v1.0.0"]).run().succeeds();
    one.cstore(["pull", "-v", "v1.0.0"]).run().succeeds();
    other.file(ENV, OWN).cstore(["push"]).run().succeeds();
    assert_eq!(state(&one, ENV), "newer-in-bucket");
    one.cstore(["push", "--dry-run"])
        .run()
        .succeeds()
        .says("would write  service/dev/.env (from the bucket: GREETING)");
    one.cstore(["pull"]).run().succeeds().says("written    service/dev/.env");
    assert_eq!(text(&one, ENV), OWN);
}

#[test]
fn a_version_that_was_pulled_gives_way_to_the_head_until_it_is_changed() {
    let bucket = Bucket::versioned();
    let [one, other] = released(&bucket);
    other.cstore(["pull", "-v", "v1.0.0"]).run().succeeds();
    assert_eq!(state(&other, ENV), "newer-in-bucket");
    other.cstore(["pull"]).run().succeeds().says("written    service/dev/.env");
    assert_eq!(text(&other, ENV), FIRST);
    // An own one that was pulled over another is a choice, too.
    one.cstore(["pull"]).run().succeeds();
    one.cstore(["pull", "--force"]).run().succeeds();
    one.cstore(["pull", "-v", "v1.0.0"]).run().succeeds();
    one.cstore(["pull"]).run().succeeds().says("written    service/dev/.env");
    // What is changed after such a pull is kept.
    other.cstore(["pull", "-v", "v1.0.0"]).run().succeeds();
    other.file(ENV, format!("{OWN}MINE=of-bob\n"));
    other.cstore(["pull"]).run().succeeds().says("merged     service/dev/.env (from the bucket: GREETING)");
    assert_eq!(text(&other, ENV), format!("{FIRST}MINE=of-bob\n"));
}

#[test]
fn where_the_head_was_never_seen_the_version_before_the_change_is_the_base() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    one.cstore(["push", "-v", "v1.0.0"]).run().succeeds();
    one.file(ENV, FIRST.replace("swordfish", "mackerel")).cstore(["push"]).run().succeeds();
    let third = laptop(&bucket);
    third.cstore(["pull", "-v", "v1.0.0"]).run().succeeds();
    third.file(ENV, OWN).cstore(["push", "-v", "v1.1.0"]).run().succeeds();
    assert_eq!(state_in_head(&third), "changed-on-both-sides");
    let planned = third.cstore(["push", "--dry-run"]).run().succeeds();
    planned.says("would merge  service/dev/.env (from the bucket: TOKEN)").says("~ GREETING");
    third.cstore(["pull"]).run().succeeds().says("merged     service/dev/.env (from the bucket: TOKEN)");
    assert_eq!(text(&third, ENV), OWN.replace("swordfish", "mackerel"));
}

#[test]
fn a_file_that_was_new_here_has_no_base() {
    let bucket = Bucket::versioned();
    two_laptops(&bucket);
    let third = laptop(&bucket);
    third.file(ENV, OWN).cstore(["push", "-v", "v1.0.0", ENV]).run().succeeds();
    assert_eq!(state_in_head(&third), "changed-on-both-sides");
    third.cstore(["pull", ENV]).run().fails(4).says("(GREETING)");
    third.cstore(["push", ENV]).run().fails(4).says("(GREETING)");
    assert_eq!(text(&third, ENV), OWN);
    third.cstore(["push", "--overwrite", ENV]).run().succeeds();
    assert_eq!((stored(&bucket, ENV).as_str(), state(&third, ENV).as_str()), (OWN, "unchanged"));
}

#[test]
fn a_change_of_the_head_by_key_or_by_a_rollback_leaves_it_alone() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    one.file(ENV, FIRST.replace("swordfish", "mackerel")).cstore(["push"]).run().succeeds();
    one.file(ENV, OWN.replace("swordfish", "mackerel")).cstore(["push", "-v", "v1.0.0"]).run().succeeds();
    one.cstore(["rollback"]).run().succeeds().does_not_say("updated");
    assert_eq!(text(&one, ENV), OWN.replace("swordfish", "mackerel"));
    one.cstore(["set", "--files", ENV, "NEW=of-ann"]).run().succeeds().does_not_say("updated");
    one.cstore(["pull"]).run().succeeds().says("merged ");
    assert_eq!(text(&one, ENV), format!("{OWN}NEW=of-ann\n"));
    // Others make the head that version: then it is what lies here.
    one.cstore(["push", "-v", "v1.1.0"]).run().succeeds();
    other.cstore(["rollback", "v1.1.0"]).run().succeeds();
    assert_eq!(state(&one, ENV), "unchanged");
    one.cstore(["pull"]).run().succeeds().does_not_say("written");
    assert_eq!(state(&one, ENV), "unchanged");
}

/// The state of the file, compared with the head.
fn state_in_head(laptop: &Laptop) -> String {
    let status = laptop.cstore(["status", "-v", "head", "--json"]).run().succeeds().json();
    let files = status["files"].as_array().unwrap().clone();
    let file = files.iter().find(|file| file["path"] == ENV).unwrap();
    file["state"].as_str().unwrap().to_owned()
}
