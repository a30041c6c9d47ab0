//! A push whose process dies at the moment when the head is swapped: the next run finds out whether it was.

use std::collections::BTreeSet;
use std::fs;
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, SystemTime};

use rustix::process::{Pid, Signal, kill_process};

use crate::harness::proxy::{Fault, put};
use crate::harness::{Bucket, Laptop, Proxy, python};
use crate::shared::{ENV, JSON, laptop, memories, stored, text, two_laptops};
use crate::status::state;

#[derive(Clone, Copy)]
enum When {
    /// The put of the head's manifest does not arrive.
    BeforeSwap,
    /// It takes effect, and the process dies before it is answered.
    AfterSwap,
}

/// Pushes a file, and is killed at the put of the head's manifest.
fn killed(laptop: &Laptop, when: When, flags: &[&str]) {
    let (sender, receiver) = mpsc::channel();
    let receiver = Mutex::new(receiver);
    let kill = Arc::new(move || kill_process(receiver.lock().unwrap().recv().unwrap(), Signal::KILL).unwrap());
    let fault = match when {
        When::BeforeSwap => Fault::Instead(kill),
        When::AfterSwap => Fault::LoseAnswerAnd(kill),
    };
    let proxy = Proxy::start();
    proxy.on(put(".cstore/head.json"), fault);
    let pushing = laptop.clone().with_env("AWS_ENDPOINT_URL", &proxy.endpoint());
    let typed = pushing.cstore_with(["push", ENV].iter().chain(flags).map(|text| (*text).to_owned()));
    let process = typed.start();
    sender.send(Pid::from_child(&process)).unwrap();
    let ran = typed.ended(&process.wait_with_output().unwrap());
    assert_eq!(ran.code, 128 + Signal::KILL.as_raw(), "it ended by itself:\n{}", ran.stderr);
}

const EVENING: &str = "# the shop\nTOKEN=swordfish\nGREETING=good-evening\n";
const NIGHT: &str = "# the shop\nTOKEN=swordfish\nGREETING=good-night\n";

fn says_unchanged(laptop: &Laptop) {
    laptop.cstore(["push", ENV]).run().succeeds().says("Nothing has changed").does_not_say("merged");
}

#[test]
fn a_push_that_took_effect_is_known_for_ones_own() {
    for bucket in [Bucket::versioned(), Bucket::unversioned()] {
        let [_, other] = two_laptops(&bucket);
        other.file(ENV, EVENING);
        killed(&other, When::AfterSwap, &[]);
        assert_eq!(state(&other, ENV), "unchanged");
        let remembered = fs::read_to_string(&memories(&other)[0]).unwrap();
        bucket.secrets().assert_absent("what is remembered", &remembered);
        // Another change of the same key is one of one's own.
        other.file(ENV, NIGHT);
        assert_eq!(state(&other, ENV), "changed-here");
        let pulled = other.cstore(["pull", ENV]).run().succeeds();
        pulled.says("kept       service/dev/.env (changed only here)");
        assert_eq!(text(&other, ENV), NIGHT);
    }
}

#[test]
fn a_push_over_one_that_took_effect_merges_nothing() {
    for bucket in [Bucket::versioned(), Bucket::unversioned()] {
        let [_, other] = two_laptops(&bucket);
        other.file(ENV, EVENING);
        killed(&other, When::AfterSwap, &[]);
        says_unchanged(&other);
        killed(other.file(ENV, NIGHT), When::AfterSwap, &[]);
        other.file(ENV, EVENING).cstore(["push", ENV]).run().succeeds().does_not_say("merged");
        assert_eq!(stored(&bucket, ENV), EVENING);
        assert_eq!(state(&other, ENV), "unchanged");
    }
}

#[test]
fn a_first_push_that_took_effect_is_known_for_ones_own() {
    let bucket = Bucket::versioned();
    let one = laptop(&bucket);
    one.file(ENV, EVENING);
    killed(&one, When::AfterSwap, &[]);
    one.file(ENV, NIGHT);
    assert_eq!(state(&one, ENV), "changed-here");
    one.cstore(["push", ENV]).run().succeeds().does_not_say("merged");
    assert_eq!(stored(&bucket, ENV), NIGHT);
}

#[test]
fn what_others_push_after_one_that_took_effect_is_merged_with_it_as_the_base() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    other.file(ENV, EVENING);
    killed(&other, When::AfterSwap, &[]);
    one.cstore(["pull"]).run().succeeds();
    one.file(ENV, EVENING.replace("swordfish", "mackerel")).cstore(["push"]).run().succeeds();
    other.file(ENV, NIGHT);
    assert_eq!(state(&other, ENV), "changed-on-both-sides");
    other.cstore(["push", ENV]).run().succeeds().says("merged     service/dev/.env (from the bucket: TOKEN)");
    assert_eq!(stored(&bucket, ENV), NIGHT.replace("swordfish", "mackerel"));
    assert_eq!(text(&other, ENV), stored(&bucket, ENV));
}

#[test]
fn after_a_push_that_did_not_take_effect_the_earlier_base_counts() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    other.file(ENV, EVENING);
    killed(&other, When::BeforeSwap, &[]);
    assert_eq!(state(&other, ENV), "changed-here");
    one.file(ENV, "# the shop\nTOKEN=mackerel\nGREETING=good-morning\n").cstore(["push", ENV]).run().succeeds();
    assert_eq!(state(&other, ENV), "changed-on-both-sides");
    let merged = EVENING.replace("swordfish", "mackerel");
    other.cstore(["pull", "--dry-run"]).run().succeeds().says("would merge  service/dev/.env (from the bucket: TOKEN)");
    other.cstore(["push", ENV]).run().succeeds().says("merged     service/dev/.env (from the bucket: TOKEN)");
    assert_eq!((text(&other, ENV), stored(&bucket, ENV)), (merged.clone(), merged));
}

#[test]
fn a_push_that_dies_before_the_swap_forgets_none_that_took_effect_before_it() {
    for flags in [&[][..], &["--overwrite"]] {
        let bucket = Bucket::versioned();
        let [_, other] = two_laptops(&bucket);
        other.file(ENV, EVENING);
        killed(&other, When::AfterSwap, &[]);
        killed(other.file(ENV, NIGHT), When::BeforeSwap, flags);
        assert_eq!(state(&other, ENV), "changed-here");
        other.cstore(["push", ENV]).run().succeeds().does_not_say("merged");
        assert_eq!(stored(&bucket, ENV), NIGHT);
    }
}

#[test]
fn what_was_merged_and_does_not_lie_here_is_no_base() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    one.file(ENV, "# the shop\nTOKEN=mackerel\nGREETING=good-morning\n").cstore(["push", ENV]).run().succeeds();
    other.file(ENV, EVENING);
    killed(&other, When::AfterSwap, &[]);
    let merged = EVENING.replace("swordfish", "mackerel");
    assert_eq!((text(&other, ENV).as_str(), stored(&bucket, ENV)), (EVENING, merged.clone()));
    assert_eq!(state(&other, ENV), "changed-on-both-sides");
    other.clone().cstore(["push", ENV, "--dry-run"]).run().succeeds();
    other.cstore(["pull", ENV]).run().succeeds().says("merged     service/dev/.env (from the bucket: TOKEN)");
    assert_eq!((text(&other, ENV), stored(&bucket, ENV)), (merged.clone(), merged));
}

#[test]
fn versions_that_are_pushed_and_pulled_after_one_that_took_effect_do_not_make_it_look_like_others() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    one.cstore(["push", "-v", "v1.0.0"]).run().succeeds();
    other.file(ENV, EVENING);
    killed(&other, When::AfterSwap, &[]);
    // Nothing here is lost that the head does not have.
    let pulled = other.cstore(["pull", ENV, "-v", "v1.0.0"]).run().succeeds();
    pulled.says("written    service/dev/.env");
    assert_eq!(text(&other, ENV), text(&one, ENV));
    other.cstore(["pull", ENV]).run().succeeds();
    killed(other.file(ENV, NIGHT), When::AfterSwap, &[]);
    other.cstore(["push", "-v", "v1.1.0"]).run().succeeds();
    other.file(ENV, EVENING).cstore(["push", ENV]).run().succeeds().does_not_say("merged");
    assert_eq!(stored(&bucket, ENV), EVENING);
}

#[test]
fn an_id_that_stands_in_the_head_is_not_enough_where_it_lists_other_bytes() {
    let bucket = Bucket::versioned();
    let [_, other] = two_laptops(&bucket);
    other.file(ENV, EVENING);
    killed(&other, When::AfterSwap, &[]);
    let memory = &memories(&other)[0];
    let remembered = fs::read_to_string(memory).unwrap();
    let digest = |text: &str| cstore::name::Digest::from_content(text.as_bytes()).to_string();
    assert!(remembered.contains(&digest(EVENING)), "{remembered}");
    fs::write(memory, remembered.replace(&digest(EVENING), &digest(NIGHT))).unwrap();
    // Taken for pushed, these bytes would be replaced by a pull.
    other.file(ENV, NIGHT);
    assert_eq!(state(&other, ENV), "changed-on-both-sides");
    other.cstore(["pull", ENV]).run().fails(4).says("GREETING");
    assert_eq!(text(&other, ENV), NIGHT);
}

/// A temporary file, as a run leaves it that is killed while files are written, and that was so for an hour.
fn leave(laptop: &Laptop, path: &str) {
    laptop.file(path, "TOKEN=left-behind\n");
    let file = fs::File::options().write(true).open(laptop.workspace().path(path)).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_hours(1)).unwrap();
}

#[test]
fn what_a_killed_run_left_beside_its_files_is_removed_by_the_next_one_that_writes_there() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    let left = [".cstore-0123456789abcdef.tmp", "service/dev/.cstore-fedcba9876543210.tmp"];
    let is_any = |laptop: &Laptop| left.iter().any(|path| laptop.workspace().path(path).exists());
    for (laptop, command) in [(&one, "push"), (&other, "pull")] {
        left.iter().for_each(|path| leave(laptop, path));
        laptop.cstore([command, "--dry-run"]).run().succeeds();
        left.iter().for_each(|path| assert!(laptop.workspace().path(path).exists(), "{command} {path}"));
        laptop.cstore([command]).run().succeeds();
        assert!(!is_any(laptop), "{command}: {:?}", laptop.workspace().files());
        // A run that is under way has just written them.
        left.iter().for_each(|path| drop(laptop.file(path, "TOKEN=under-way\n").clone()));
        laptop.cstore([command]).run().succeeds();
        left.iter().for_each(|path| assert!(laptop.workspace().path(path).exists(), "{command} {path}"));
    }
}

/// A process that may write no larger file than this is killed by the system in the middle of a larger one (setrlimit(2)).
#[test]
fn a_pull_that_is_killed_while_it_writes_leaves_what_was_there_and_the_next_one_removes_the_rest() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    let large = format!("{{\"port\": 8080, \"host\": \"{}\"}}\n", "localhost.".repeat(10_000));
    one.file(ENV, EVENING).file(JSON, &large).cstore(["push"]).run().succeeds();
    let before = [ENV, JSON].map(|path| text(&other, path));
    let killed = other.shell("ulimit -f 16; exec cstore pull").run();
    assert_eq!(killed.code, 128 + Signal::XFSZ.as_raw(), "it ended by itself:\n{}", killed.stderr);
    assert_eq!([ENV, JSON].map(|path| text(&other, path)), before);
    let left: Vec<_> = other.workspace().files().into_iter().filter(|path| path.ends_with(".tmp")).collect();
    assert_eq!(left.len(), 2, "one file that is whole, and one that is not: {left:?}");
    for path in &left {
        assert!(path.starts_with("service/dev/.cstore-"), "{path}");
        assert_eq!(other.workspace().mode(path), 0o600, "{path}");
        let file = fs::File::options().write(true).open(other.workspace().path(path)).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_hours(1)).unwrap();
    }
    other.cstore(["pull"]).run().succeeds();
    assert_eq!([ENV, JSON].map(|path| text(&other, path)), [EVENING.to_owned(), large]);
    assert_eq!(other.workspace().files(), ["cstore.yml", ENV, JSON]);
}

#[test]
fn a_pull_that_is_killed_between_its_files_leaves_each_whole_and_the_next_one_writes_the_rest() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    let here = || [ENV, JSON].map(|path| text(&other, path));
    let left =
        || -> Vec<String> { other.workspace().files().into_iter().filter(|path| path.ends_with(".tmp")).collect() };
    let killer = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/kill_at.py");
    let mut seen = BTreeSet::new();
    for change in 1.. {
        let old = here();
        let new = [format!("TOKEN=token-before-{change}\n"), format!("{{\"host\": \"host-before-{change}\"}}\n")];
        one.file(ENV, &new[0]).file(JSON, &new[1]).cstore(["push"]).run().succeeds();
        let killed = other.shell(&format!("exec {} {killer} {change} cstore pull", python().display())).run();
        let found = here();
        for at in 0..2 {
            assert!(found[at] == old[at] || found[at] == new[at], "before change {change}: {found:?}");
        }
        left().iter().for_each(|path| assert_eq!(other.workspace().mode(path), 0o600, "{path}"));
        other.cstore(["pull"]).run().succeeds();
        assert_eq!(here(), new, "before change {change}");
        if killed.code == 0 {
            break;
        }
        assert_eq!(killed.code, 128 + Signal::KILL.as_raw(), "it ended by itself:\n{}", killed.stderr);
        seen.insert([0, 1].map(|at| found[at] == new[at]));
    }
    // Both new: not all of these are remembered.
    assert_eq!(seen, BTreeSet::from([[false, false], [true, false], [true, true]]));
    assert_eq!([ENV, JSON].map(|path| state(&other, path)), ["unchanged", "unchanged"]);
    assert!(!left().is_empty(), "what was killed had files under other names");
}
