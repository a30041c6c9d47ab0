//! `cstore rollback`: what is shown and asked before the head changes, that what was seen is what is done, and that later
//! pushes and pulls of the same folder take a rollback for neither another's change nor no change at all.

use serde_json::json;

use crate::harness::proxy::{Fault, get, put};
use crate::harness::{Bucket, Laptop, Proxy, Ran, Typed};

const ENV: &str = "service/.env";
const MORE: &str = "more/.env";
const OLD: &str = "TOKEN=swordfish\nGONE=old-friend\nSAME=of-both\n";
const NEW: &str = "TOKEN=anglerfish\nADDED=new-friend\nSAME=of-both\n";
const OTHER: &str = "MORE=further-value\n";

/// A machine that has published a version, pushed the same to the head, and then pushed once more, with another file.
fn laptop(bucket: &Bucket) -> Laptop {
    let laptop = Laptop::new(bucket).with_env("CSTORE_AUTHOR", "Mona");
    laptop.file(ENV, OLD);
    laptop.cstore(["push", "-v", "v1.0.0", ENV]).run().succeeds();
    laptop.cstore(["push"]).run().succeeds();
    laptop.file(ENV, NEW).file(MORE, OTHER).cstore(["push", ENV, MORE]).run().succeeds();
    laptop
}

fn local(laptop: &Laptop, path: &str) -> String {
    String::from_utf8(laptop.workspace().read(path)).unwrap()
}

fn head(bucket: &Bucket) -> String {
    let laptop = Laptop::new(bucket);
    laptop.cstore(["export", "-g", "dotenv"]).prints_values().run().succeeds().stdout
}

fn paths_of_head(bucket: &Bucket) -> Vec<String> {
    let manifest = bucket.get("shop/.cstore/head.json").json();
    let files = manifest["files"].as_array().unwrap().iter();
    files.map(|file| file["path"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_last_push_is_undone_and_the_same_again_undoes_that() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    let before = bucket.versions().len();
    let planned = laptop.cstore(["rollback", "--dry-run"]).run().succeeds();
    let changes = "~ service/.env\n    + GONE\n    ~ TOKEN\n    - ADDED\n";
    planned.says("To what it was before its last push, pushed at ").says(" by Mona\n").says("Would roll back the head");
    assert_eq!(bucket.versions().len(), before, "a dry run writes nothing");
    assert_eq!(local(&laptop, ENV), NEW);

    let ran = laptop.cstore(["rollback"]).run().succeeds();
    let ran =
        ran.says("- more/.env\n    - MORE\n").says("~ service/.env\n").says("Rolled back the head of shop in s3://");
    let ran =
        ran.says("updated    service/.env").says("The head no longer has these files, and they stay here: more/.env.");
    let ran = ran.says("note: To undo this, run: cstore rollback\n").prints("");
    assert!(changes.lines().all(|line| ran.stderr.contains(line)), "{}", ran.stderr);
    assert_eq!((local(&laptop, ENV), local(&laptop, MORE)), (OLD.to_owned(), OTHER.to_owned()));
    assert_eq!(paths_of_head(&bucket), [ENV]);
    assert_eq!(bucket.get("shop/.cstore/head.json").json()["source"], json!({"author": "Mona"}));

    laptop.cstore(["rollback"]).run().succeeds().says("+ more/.env").says("updated    service/.env");
    assert_eq!(local(&laptop, ENV), NEW);
    assert_eq!(paths_of_head(&bucket), [MORE, ENV]);
    laptop.cstore(["push"]).run().succeeds().says("Nothing has changed in the head");
}

#[test]
fn a_version_keeps_the_heads_other_files_unless_they_are_to_go() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    let ran = laptop.cstore(["rollback", "v1.0.0"]).run().succeeds();
    let ran = ran
        .says("To v1.0.0, pushed at ")
        .says("Files of the head that v1.0.0 does not have stay: more/.env. With --exact");
    ran.does_not_say("- more/.env");
    assert_eq!(paths_of_head(&bucket), [MORE, ENV]);
    let ran = laptop.cstore(["rollback", "^1", "--exact", "--json"]).run().succeeds();
    let document = ran.json();
    assert_eq!(document["removed"], json!([MORE]), "{document}");
    assert_eq!(document["rolled_back_to"]["version"], "v1.0.0");
    assert_eq!(document["changes"][MORE]["removed"], json!(["MORE"]));
    assert_eq!(paths_of_head(&bucket), [ENV]);
    let ran = laptop.cstore(["rollback", "v1.0.0", "--exact"]).run().succeeds();
    ran.says("Nothing has changed in the head").does_not_say("To undo this");
    let message = |args: &[&str]| {
        laptop.cstore_with(args.iter().map(|word| (*word).to_owned())).run().succeeds();
        bucket.get("shop/.cstore/head.json").json()["message"].clone()
    };
    assert_eq!(message(&["push", ENV, MORE, "--overwrite"]), json!(null));
    assert_eq!(message(&["rollback", "v1.0.0", "--exact"]), "Roll back to v1.0.0");
    assert_eq!(message(&["rollback", "-m", "It was the other one"]), "It was the other one");
}

#[test]
fn a_person_at_a_terminal_sees_what_changes_and_agrees_to_it() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    let before = bucket.versions().len();
    let asked = || {
        let typed = laptop.cstore(["rollback"]).on_a_terminal();
        let typed = typed.sees("To what it was before its last push, pushed ").sees("ago by Mona");
        typed.sees("- ADDED").sees("- MORE").sees("Roll back the head of shop in s3://")
    };
    for answer in ["n", ""] {
        asked().sees("? [y/N] ").types(answer).ended().exits(1).says("Not rolled back.");
        assert_eq!(bucket.versions().len(), before, "nothing was written");
        assert_eq!(local(&laptop, ENV), NEW);
    }
    asked().sees("? [y/N] ").types("y").ended().succeeds().says("Rolled back the head of shop");
    assert_eq!(paths_of_head(&bucket), [ENV]);
    laptop.cstore(["rollback", "-y"]).on_a_terminal().ended().succeeds().says("Rolled back");
}

/// Types `y` when something has happened since the person saw what changes.
fn agreed_when(typed: Typed, question: &str, happens: impl FnOnce()) -> Ran {
    let asked = typed.on_a_terminal().sees(question).sees("[y/N] ");
    happens();
    asked.types("y").ended()
}

#[test]
fn what_somebody_agreed_to_is_all_that_is_done() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    let other = Laptop::new(&bucket);
    let push = |path: &str, text: &str| {
        drop(other.file(path, text).cstore(["push", path, "--overwrite"]).run().succeeds());
    };
    // Whatever is pushed meanwhile, even if the rollback does not touch it.
    let ran = agreed_when(laptop.cstore(["rollback", "v1.0.0"]), "~ TOKEN", || push("own.env", "OWN=own-value\n"));
    ran.fails(4)
        .says("Others have changed these files of the head meanwhile: own.env.")
        .says("Run this again: it shows what is there now.");
    // Here the same command would undo the other push.
    let ran = agreed_when(laptop.cstore(["rollback"]), "own.env", || push(ENV, "TOKEN=pushed-meanwhile\n"));
    ran.fails(4)
        .says("meanwhile: service/.env.")
        .says("undoes the last push, whichever that is")
        .says("cstore show head");
    assert!(head(&bucket).contains("pushed-meanwhile") && head(&bucket).contains("own-value"));
    // A requirement means what it meant.
    let newer = || {
        drop(other.file(ENV, "TOKEN=of-the-newest\n").cstore(["push", "-v", "v1.1.0", ENV]).run().succeeds());
    };
    agreed_when(laptop.cstore(["rollback", "^1"]), "To v1.0.0", newer).succeeds();
    assert!(head(&bucket).contains("swordfish"));
}

#[test]
fn a_push_at_the_same_moment_is_not_lost() {
    let bucket: &'static Bucket = Box::leak(Box::new(Bucket::versioned()));
    let laptop = laptop(bucket);
    let proxy = Proxy::before(bucket.server());
    let pushes = || {
        let other = Laptop::new(bucket);
        drop(other.file("own.env", "OWN=own-value\n").cstore(["push", "own.env"]).run().succeeds());
    };
    proxy.on(put(".cstore/head.json").times(1), Fault::before(pushes));
    let ran = laptop.cstore(["rollback"]).env("AWS_ENDPOINT_URL", &proxy.endpoint()).run().fails(4);
    ran.says("meanwhile: own.env.").says("Without a version a rollback undoes the last push");
    assert_eq!(paths_of_head(bucket), [MORE, "own.env", ENV]);
    assert_eq!(local(&laptop, ENV), NEW);
}

#[test]
fn only_what_was_reviewed_is_restored_so_that_the_same_line_twice_undoes_nothing() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    let planned = laptop.cstore(["rollback", "--dry-run", "--json"]).run().succeeds().json();
    let digest = planned["digest"].as_str().unwrap().to_owned();
    let again = || laptop.cstore(["rollback", "--expect", &digest]);
    again().run().succeeds();
    let ran = again().run().fails(5).says("as it was reviewed").says("Nothing was changed.");
    ran.says("Without a version a rollback undoes the last push");
    assert!(head(&bucket).contains("swordfish"));
}

/// The folder is what it was when the rollback began, with changes that nobody has pushed.
#[test]
fn a_local_change_is_neither_lost_nor_does_its_push_bring_back_what_was_rolled_back() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    let own = format!("{NEW}OWN=change-of-mine\n");
    laptop.file(ENV, &own);
    let ran = laptop.cstore(["rollback", "v1.0.0"]).run().succeeds();
    ran.says("changes of their own are left as they are: service/.env").says("cstore pull service/.env");
    assert_eq!(local(&laptop, ENV), own);
    let status = laptop.cstore(["status"]).run().succeeds().stdout;
    assert!(status.contains("changed on both sides") && status.contains(ENV), "{status}");
    let ran = laptop.cstore(["push"]).run().succeeds();
    ran.says("merged     service/.env");
    let now = head(&bucket);
    assert!(now.contains("swordfish") && now.contains("old-friend") && now.contains("change-of-mine"), "{now}");
    assert!(!now.contains("anglerfish") && !now.contains("new-friend"), "{now}");
    // A key that was rolled back and is changed here, too, is for a person to decide.
    laptop.cstore(["push", "--overwrite"]).run().succeeds();
    laptop.file(ENV, NEW).cstore(["push"]).run().succeeds();
    laptop.file(ENV, NEW.replace("anglerfish", "third-of-mine"));
    laptop.cstore(["rollback", "v1.0.0"]).run().succeeds();
    laptop.cstore(["push"]).run().fails(4).says("TOKEN");
}

#[test]
fn a_push_after_a_rollback_stores_what_was_changed_since_and_asks_nothing() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    laptop.cstore(["rollback", "v1.0.0"]).run().succeeds().says("updated    service/.env");
    laptop.cstore(["push"]).run().succeeds().says("Nothing has changed in the head");
    laptop.file(ENV, OLD.replace("swordfish", "corrected-one"));
    let ran = laptop.cstore(["push"]).run().succeeds();
    ran.says("~ service/.env\n    ~ TOKEN\n").does_not_say("GONE");
    laptop.cstore(["pull"]).run().succeeds();
    assert!(head(&bucket).contains("corrected-one") && head(&bucket).contains("old-friend"));
}

/// A catalog may still list what a rollback has removed.
#[test]
fn what_was_removed_is_absent_for_every_command_and_comes_back_only_when_somebody_says_so() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    laptop.cstore(["rollback"]).run().succeeds();
    let run = |words: &[&str]| laptop.cstore_with(words.iter().map(|word| (*word).to_owned())).run();
    let listed = run(&["list"]).succeeds();
    assert!(!listed.stdout.contains(MORE), "{}", listed.stdout);
    run(&["list", "keys"]).succeeds().does_not_say("MORE");
    let shown = run(&["show", "head"]).succeeds();
    assert!(!shown.stdout.contains(MORE), "{}", shown.stdout);
    let status = run(&["status"]).succeeds();
    assert!(status.stdout.contains("not in the head        more/.env"), "{}", status.stdout);
    let diff = run(&["diff"]).succeeds();
    assert!(diff.stdout.contains("+ more/.env"), "{}", diff.stdout);
    run(&["verify"]).succeeds();
    run(&["pull"]).fails(6).says("more/.env").says("If a rollback or a purge removed them");
    run(&["export"]).fails(6).says("more/.env");
    run(&["unset", "MORE"]).fails(6).says("MORE");
    run(&["clean", "--dry-run", MORE]).succeeds().says("kept");
    assert_eq!(local(&laptop, MORE), OTHER);

    let before = bucket.versions().len();
    let ran = run(&["push"]).fails(4);
    let ran = ran.says("The head has changed. It was last pushed ").says("- more/.env (the head no longer has it)");
    ran.does_not_say("thers have").says("`cstore push --overwrite more/.env`").says("`cstore push '!more/.env'`");
    // Without it there would be nothing to push.
    let ran = run(&["push", MORE]).fails(4).says("`cstore push --overwrite more/.env`");
    ran.does_not_say("'!more/.env'").does_not_say("other files");
    assert_eq!(bucket.versions().len(), before);
    run(&["push", "!more/.env"]).succeeds();
    run(&["push", "--overwrite", MORE]).succeeds().says("+ more/.env");
    run(&["pull"]).succeeds();
    assert_eq!(paths_of_head(&bucket), [MORE, ENV]);
}

#[test]
fn another_machine_takes_a_rollback_for_a_change_of_the_head() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    let other = Laptop::new(&bucket);
    other.plain_file("cstore.yml", laptop.workspace().read("cstore.yml"));
    other.cstore(["pull"]).run().succeeds();
    laptop.cstore(["rollback", "v1.0.0"]).run().succeeds();
    other.cstore(["push"]).run().succeeds();
    assert!(head(&bucket).contains("swordfish"), "what was rolled back does not come back");
    other.cstore(["pull"]).run().succeeds();
    assert_eq!(local(&other, ENV), OLD);
}

#[test]
fn without_versioning_a_version_must_be_named_and_those_that_there_are_are() {
    let bucket = Bucket::unversioned();
    let laptop = laptop(&bucket);
    let ran = laptop.cstore(["rollback"]).run().fails(6);
    let ran =
        ran.says("The bucket keeps no S3 versions").says("Nothing was changed.").says("Published versions: v1.0.0.");
    ran.says("cstore rollback v1.0.0");
    laptop.cstore(["rollback", "v1.0.0"]).run().succeeds().does_not_say("To undo this");
    assert!(head(&bucket).contains("swordfish"));
    let once = Bucket::versioned();
    let fresh = Laptop::new(&once);
    fresh.file(ENV, OLD).cstore(["push", ENV]).run().succeeds();
    let ran = fresh.cstore(["rollback"]).run().fails(6);
    ran.says("pushed only once").says("No version is published either.");
}

#[test]
fn what_cannot_be_rolled_back_to_is_said_in_a_person_s_words() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    let before = bucket.versions().len();
    for (line, code, said) in [
        (&["rollback", "head"][..], 2, "`REF` names the head, which is what is rolled back"),
        (&["rollback", "."], 2, "`REF` is `.`, the files here"),
        (&["rollback", ":prod"], 2, "run again, would go back further"),
        (&["rollback", "shop:prod"], 2, "--expect-current"),
        (&["rollback", "a b"], 2, "`REF` cannot be used"),
        (&["rollback", "v7"], 6, "Name one of these"),
        (&["rollback", "^7"], 6, "matches ^7"),
        (&["rollback", "v1.0.0", "--expect", "sha256:0"], 2, "`--expect`"),
        (&["rollback", "elsewhere@v1.0.0"], 6, "Version v1.0.0 of elsewhere is not published"),
        (&["rollback", "elsewhere@v1.0.0", "--context", "shop"], 2, "elsewhere@v1.0.0"),
    ] {
        laptop.cstore_with(line.iter().map(|word| (*word).to_owned())).run().fails(code).says(said);
    }
    assert_eq!(bucket.versions().len(), before);
    let typed = laptop.cstore(["rollback", "--dry-run"]).env("CSTORE_EXPECT", "sha256:0").env("CSTORE_FROM", "v9");
    typed.env("CSTORE_EXACT", "maybe").run().succeeds().says("To what it was before its last push");
}

#[test]
fn a_place_that_is_named_in_full_is_the_one_that_is_rolled_back() {
    let bucket = Bucket::versioned();
    laptop(&bucket);
    let bare = Laptop::without_bucket(&bucket);
    bare.plain_file(".git/HEAD", "ref: refs/heads/main\n");
    let ran = bare.cstore(["rollback", &format!("s3://{}/shop@v1.0.0", bucket.name())]).run().succeeds();
    let undo = format!("run: cstore rollback --context shop --bucket {}", bucket.name());
    ran.says("Rolled back the head of shop").says(&undo);
    assert_eq!(bare.workspace().files(), [".git/HEAD"], "nothing is written here");
    let words = undo.strip_prefix("run: cstore ").unwrap().split(' ').map(str::to_owned);
    bare.cstore_with(words).run().succeeds();
    assert!(head(&bucket).contains("anglerfish"));
}

#[test]
fn both_rights_are_named_where_one_is_missing() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    for asked in ["versions", "versionId="] {
        let proxy = Proxy::before(bucket.server());
        proxy.on(get(asked).for_ever(), Fault::s3(403, "AccessDenied", "Access Denied"));
        let ran = laptop.cstore(["rollback"]).env("AWS_ENDPOINT_URL", &proxy.endpoint()).run().fails(3);
        ran.says("s3:ListBucketVersions").says("s3:GetObjectVersion").says("Nothing was changed.");
    }
}

/// The answer to the swap is lost, and so is what it would say.
#[test]
fn a_rollback_of_which_it_is_not_known_whether_it_was_made_is_not_to_be_repeated_blindly() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    let proxy = Proxy::before(bucket.server());
    proxy.on(put(".cstore/head.json").for_ever(), Fault::Stall);
    let typed = laptop.cstore(["rollback", "--timeout-seconds", "3"]).env("AWS_ENDPOINT_URL", &proxy.endpoint());
    let ran = typed.run().fails(7);
    let ran = ran.says("It is not known whether the manifest of the head was written").says("would undo this one");
    ran.does_not_say("Running the same").does_not_say("Run it again");
    assert_eq!(local(&laptop, ENV), NEW);
}
