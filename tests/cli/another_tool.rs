//! Files of the head that another tool has written: what a push says of them, and that each way out is one.

use crate::harness::{Bucket, Laptop, Ran};
use crate::shared::{ENV, JSON, laptop, stored, text, two_laptops};

const GO: &[u8] = b"TOKEN=of-the-go-tool\nGREETING=good-night\n";
const MINE: &str = "TOKEN=my-own-token\nGREETING=good-night\n";

/// The command lines that a run has printed.
fn commands(ran: &Ran) -> Vec<String> {
    ran.stderr.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// A bucket and a catalog of the Go tool, and a machine with a file of its own.
fn before_the_first_push() -> (Bucket, Laptop) {
    let bucket = Bucket::versioned();
    bucket.secrets().add("of-the-go-tool");
    bucket.put_foreign(&format!("shop/{ENV}"), GO, &[]);
    let one = laptop(&bucket);
    one.file(ENV, MINE);
    (bucket, one)
}

#[test]
fn a_first_push_beside_the_go_tools_files_names_them_and_the_ways_out() {
    let (bucket, one) = before_the_first_push();
    bucket.put_foreign(&format!("shop/{JSON}"), b"{\"port\": 8080}", &[]);
    one.file(JSON, "{\"port\": 9090}");
    let both = format!("{ENV} {JSON}");
    for _ in 0..2 {
        let refused = one.cstore(["push"]).run().fails(5).does_not_say("wrote over it");
        let refused = refused
            .says("such as the Go cStore, has pushed these files of the head, and no manifest lists them yet")
            .says(&format!("{ENV}, {JSON}"));
        assert_eq!(
            commands(&refused),
            [
                format!("cstore diff --files {ENV} --files {JSON}"),
                format!("cstore pull {both}"),
                format!("cstore push {both}"),
                format!("cstore push --overwrite {both}")
            ]
        );
        one.shell(&commands(&refused)[0]).run().succeeds();
    }
    assert_eq!(stored(&bucket, ENV).as_bytes(), GO);
    one.cstore(["push", "--overwrite", ENV, JSON]).run().succeeds();
    assert_eq!(stored(&bucket, ENV), MINE);
    one.cstore(["push"]).run().succeeds().says("Nothing has changed");
}

#[test]
fn what_the_go_tool_has_pushed_is_taken_by_a_pull_and_recorded_by_a_push() {
    let (bucket, one) = before_the_first_push();
    one.cstore(["push", ENV]).run().fails(5);
    let diff = one.cstore(["diff", "--files", ENV]).run().succeeds().stdout;
    assert!(diff.contains("~ TOKEN"), "{diff}");
    // Nobody knows what both were made of.
    one.cstore(["pull", ENV]).run().fails(4).says("(TOKEN)");
    one.cstore(["pull", "--force", ENV]).run().succeeds();
    one.cstore(["push", ENV]).run().succeeds();
    assert_eq!((text(&one, ENV).as_bytes(), stored(&bucket, ENV).as_bytes()), (GO, GO));
    one.cstore(["verify"]).run().succeeds();
}

#[test]
fn a_push_after_the_go_tool_wrote_over_the_head_says_the_same_as_a_verification() {
    for bucket in [Bucket::versioned(), Bucket::unversioned()] {
        let [one, _] = two_laptops(&bucket);
        bucket.secrets().add("of-the-go-tool");
        one.file(ENV, "# the shop\nTOKEN=swordfish\nGREETING=good-morning\nMINE=of-ann\n");
        bucket.put_foreign(&format!("shop/{ENV}"), b"TOKEN=of-the-go-tool\nGREETING=good-morning\n", &[]);
        let ways = |ran: Ran| ran.says(&format!("`cstore pull {ENV}` and `cstore push {ENV}`")).says("--overwrite");
        let refused = ways(one.cstore(["push"]).run().fails(5));
        refused
            .says("has written these files of the head since they were last pushed")
            .does_not_say("push the files again");
        ways(one.cstore(["verify"]).run().fails(8));
        // Without S3 versions nobody has any more what both were made of.
        let merges = bucket.get(&format!("shop/{ENV}")).version_id().is_some_and(|id| id != "null");
        let pulled = one.cstore(["pull", ENV]).run();
        if merges {
            pulled.succeeds().says("merged     service/dev/.env (from the bucket: TOKEN)");
            one.cstore(["push", ENV]).run().succeeds();
            assert!(stored(&bucket, ENV).contains("of-the-go-tool") && stored(&bucket, ENV).contains("MINE"));
        } else {
            pulled.fails(4).says("(TOKEN");
            one.cstore(["push", "--overwrite", ENV]).run().succeeds();
            assert!(stored(&bucket, ENV).contains("swordfish") && stored(&bucket, ENV).contains("MINE"));
        }
        one.cstore(["verify"]).run().succeeds();
    }
}

#[test]
fn a_rollback_of_a_head_that_the_go_tool_wrote_over_says_what_comes_first() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    one.cstore(["push", "-v", "v1.0.0"]).run().succeeds();
    one.file(ENV, "TOKEN=mackerel\n").cstore(["push"]).run().succeeds();
    bucket.put_foreign(&format!("shop/{ENV}"), GO, &[]);
    bucket.secrets().add("of-the-go-tool");
    one.cstore(["rollback"]).run().fails(5).says("Then roll back to a version by its name");
    one.cstore(["push", "--overwrite"]).run().succeeds();
    one.cstore(["rollback", "v1.0.0"]).run().succeeds();
    assert!(stored(&bucket, ENV).contains("swordfish"));
}

#[test]
fn a_half_moved_head_is_listed_whole_by_file_and_by_key() {
    let (bucket, one) = before_the_first_push();
    one.file(JSON, "{\"port\": 9090}");
    one.cstore(["push", JSON]).run().succeeds();
    for (kind, names) in [("files", [ENV, JSON]), ("keys", ["TOKEN", "port"])] {
        let listed = one.cstore(["list", kind]).run().succeeds().stdout;
        assert!(names.iter().all(|name| listed.contains(name)), "{kind}: {listed}");
    }
    // What no tool has pushed yet is not.
    bucket.delete(&format!("shop/{ENV}"));
    let listed = one.cstore(["list", "keys"]).run().succeeds().stdout;
    assert!(!listed.contains("TOKEN") && listed.contains("port"), "{listed}");
}
