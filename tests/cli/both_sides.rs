//! What a refusal says to do next where a file was changed here and in the bucket: what is undone is named, and nothing
//! else is touched.

use crate::harness::{Bucket, Laptop, Ran};
use crate::shared::{CATALOG, ENV, JSON, laptop, stored, text, two_laptops};

/// The command lines that a run has printed.
fn commands(ran: &Ran) -> Vec<String> {
    ran.stderr.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The second of two machines, in the folder of the files: both have changed TOKEN, the other one NEW besides, and this
/// one a file of its own.
fn in_conflict(bucket: &Bucket) -> Laptop {
    let [one, other] = two_laptops(bucket);
    one.file(ENV, "# the shop\nTOKEN=mackerel\nGREETING=good-morning\nNEW=added-by-one\n");
    one.cstore(["push"]).run().succeeds();
    other.plain_file(".git/HEAD", "");
    other.file(ENV, "# the shop\nTOKEN=my-own-token\nGREETING=good-morning\n").file(JSON, "{\"port\": 9090}\n");
    other
}

const MINE: &str = "{\"port\": 9090}\n";

#[test]
fn a_refused_pull_names_commands_that_touch_the_files_in_conflict_alone() {
    let bucket = Bucket::versioned();
    let other = in_conflict(&bucket);
    let rest = "--aws-region eu-west-1";
    let pull = other.cstore(["pull", "--region", "eu-west-1"]).in_folder("service").run().fails(4);
    let pull = pull.says("which also undoes what else was changed there: dev/.env (NEW).");
    assert_eq!(
        commands(&pull),
        [
            format!("cstore diff {rest}"),
            format!("cstore pull {rest} '!dev/.env'"),
            format!("cstore push --overwrite {rest} dev/.env"),
            format!("cstore pull --force {rest} dev/.env"),
        ]
    );
    let run = |command: &str| other.shell(command).in_folder("service").run().succeeds();
    run(&commands(&pull)[0]);
    other.workspace().remove(JSON);
    run(&commands(&pull)[1]).says("written    dev/config.json");
    assert!(text(&other, ENV).contains("my-own-token"));
    other.file(JSON, MINE);
    run(&commands(&pull)[3]).says("written    dev/.env");
    assert_eq!((text(&other, ENV), text(&other, JSON).as_str()), (stored(&bucket, ENV), MINE));
    let bucket = Bucket::versioned();
    let other = in_conflict(&bucket);
    other.shell(&commands(&pull)[2]).in_folder("service").run().succeeds();
    assert_eq!(stored(&bucket, ENV), text(&other, ENV));
}

#[test]
fn a_refused_pull_of_a_version_goes_on_with_that_version() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    one.cstore(["push", "-v", "v1.0.0"]).run().succeeds();
    one.file(ENV, "TOKEN=mackerel\n").cstore(["push"]).run().succeeds();
    let stranger = laptop(&bucket);
    stranger.file(ENV, "TOKEN=my-own-token\nGREETING=good-morning\n");
    let pull = stranger.cstore(["pull", "-v", "^1", ENV]).run().fails(4);
    assert_eq!(commands(&pull), ["cstore diff '^1'".to_owned(), format!("cstore pull --force -v '^1' {ENV}")]);
    for command in commands(&pull) {
        stranger.shell(&command).run().succeeds();
    }
    assert_eq!(text(&stranger, ENV), "# the shop\nTOKEN=swordfish\nGREETING=good-morning\n");
}

#[test]
fn what_a_refused_pull_names_goes_to_its_alternate_path() {
    let bucket = Bucket::versioned();
    let [_, other] = two_laptops(&bucket);
    other.plain_file("cstore.yml", CATALOG.replace("type: env\n", "type: env\n  alternatePath: copy.env\n"));
    other.file("copy.env", "TOKEN=my-own-token\n");
    let before = text(&other, ENV);
    let pull = other.cstore(["pull"]).run().fails(4);
    let commands = commands(&pull);
    assert!(!commands.iter().any(|command| command.contains("push")), "{commands:?}");
    other.file(ENV, "TOKEN=third-token\n");
    other.shell(commands.last().unwrap()).run().succeeds().says("written    copy.env");
    assert_eq!((text(&other, "copy.env"), text(&other, ENV).as_str()), (before, "TOKEN=third-token\n"));
}

#[test]
fn of_files_without_keys_the_buckets_is_got_beside_the_own_one() {
    let bucket = Bucket::versioned();
    let (one, other) = (laptop(&bucket), laptop(&bucket));
    one.file("ca.pem", "swordfish\n").cstore(["push", "ca.pem"]).run().succeeds();
    other.file("ca.pem", "mackerel\n");
    for command in ["push", "pull"] {
        let refused = other.cstore([command, "ca.pem"]).run().fails(4);
        let printed = commands(&refused);
        assert_eq!(printed[0], r#"cstore pull --to "$(mktemp -d)" ca.pem"#, "{printed:?}");
        other.shell(&printed[0]).run().succeeds().says("/ca.pem");
        assert_eq!(text(&other, "ca.pem"), "mackerel\n");
    }
}

#[test]
fn a_refused_push_says_once_what_is_in_conflict_and_what_else_it_would_undo() {
    let bucket = Bucket::versioned();
    let other = in_conflict(&bucket);
    let also = "which also undoes what else was changed there: service/dev/.env (NEW)";
    let refused = other.cstore(["push"]).run().fails(4).says(also);
    assert_eq!(refused.stderr.matches("(TOKEN)").count(), 1, "{}", refused.stderr);
    assert_eq!(refused.stderr.matches("It was last pushed").count(), 1, "{}", refused.stderr);
    let quiet = other.cstore(["push", "--quiet"]).run().fails(4);
    assert_eq!(quiet.stderr.matches("service/dev/.env (TOKEN)").count(), 1, "{}", quiet.stderr);
    let hint = format!("overwrite: replace their files with yours, {also}");
    other.cstore(["push"]).on_a_terminal().sees(&hint).sees("[stop]: ").types("").ended().fails(4);
}

#[test]
fn what_means_the_head_names_it_where_a_channel_or_a_version_is_the_default() {
    let bucket = Bucket::versioned();
    let other = in_conflict(&bucket);
    let take_theirs = format!("cstore pull -v head --force {ENV}");
    for (variable, value) in [("CSTORE_CHANNEL", "prod"), ("CSTORE_VERSION", "v1.0.0")] {
        let refused = other.clone().with_env(variable, value).cstore(["push", "-v", "head"]).run().fails(4);
        refused.says("`cstore diff head`").says(&take_theirs);
    }
    other.cstore(["push"]).run().fails(4).says("`cstore diff`").says(&format!("cstore pull --force {ENV}"));
    other.plain_file("cstore.yml", CATALOG.replacen("context: shop\n", "context: shop\nchannel: prod\n", 1));
    let refused = other.cstore(["push"]).run().fails(4);
    let commands = commands(&refused);
    assert_eq!(commands[0], "cstore diff head");
    assert_eq!(commands[2], take_theirs);
    // As they are printed they work, and there is no such channel.
    other.shell(&commands[0]).run().succeeds();
    other.shell(&commands[2]).run().succeeds();
    assert_eq!(text(&other, ENV), stored(&bucket, ENV));
    other.file(ENV, "# the shop\nTOKEN=of-the-folder\nGREETING=good-morning\n");
    other.cstore(["set", "TOKEN=one-more-token"]).run().succeeds().says(&format!("run: cstore pull -v head {ENV}"));
}
