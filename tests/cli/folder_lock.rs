//! One run at a time works on a folder; another one waits for it, and ends at once when it is told to.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::Child;
use std::sync::mpsc;
use std::thread;

use rustix::process::{Pid, Signal, kill_process};

use crate::harness::proxy::{Fault, put};
use crate::harness::{Bucket, Laptop, Proxy, Ran, Typed};
use crate::shared::{ENV, memories, stored, text, two_laptops};

const SIGNALS: [(Signal, u8); 2] = [(Signal::TERM, 143), (Signal::INT, 130)];

/// The lock of a machine's only catalog.
fn lock_of(laptop: &Laptop) -> PathBuf {
    memories(laptop)[0].with_extension("lock")
}

/// Works on a folder until what this gives is dropped.
fn hold(lock: &PathBuf) -> File {
    let file = File::options().write(true).open(lock).unwrap();
    file.lock().unwrap();
    file
}

/// Sends a signal to a run once it waits for a lock.
fn ended_while_it_waits(typed: &Typed, mut child: Child, signal: Signal) -> Ran {
    let waiter = child.id().to_string();
    let waits = || {
        let locks = fs::read_to_string("/proc/locks").unwrap();
        locks.lines().any(|line| line.contains("->") && line.split_whitespace().any(|word| word == waiter))
    };
    while !waits() {
        assert_eq!(child.try_wait().unwrap(), None, "it ended without waiting");
        thread::yield_now();
    }
    kill_process(Pid::from_child(&child), signal).unwrap();
    typed.ended(&child.wait_with_output().unwrap())
}

const WAITED: &str = "while it waited for another cstore that works on this folder";

#[test]
fn a_signal_ends_a_wait_for_the_folder_and_says_what_was_waited_for() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    let before = text(&other, ENV);
    one.file(ENV, "TOKEN=mackerel\n").cstore(["push"]).run().succeeds();
    let held = hold(&lock_of(&other));
    for (signal, code) in SIGNALS {
        let pull = other.cstore(["pull"]);
        let ran = ended_while_it_waits(&pull, pull.start(), signal);
        ran.fails(code.into()).says(WAITED).says("Nothing was written.");
        assert_eq!(text(&other, ENV), before);
    }
    drop(held);
    other.cstore(["pull"]).run().succeeds();
    assert_eq!(text(&other, ENV), "TOKEN=mackerel\n");
}

#[test]
fn a_change_of_the_head_that_is_made_is_said_where_a_signal_ends_the_wait_for_the_folder_after_it() {
    for (signal, code) in SIGNALS {
        for (words, made) in [(&["push"][..], "It is pushed"), (&["set", "TOKEN=mackerel"], "The head is changed")] {
            let bucket = Bucket::versioned();
            let [_, other] = two_laptops(&bucket);
            bucket.secrets().add("mackerel");
            let (proxy, lock) = (Proxy::start(), lock_of(&other));
            let (sender, holders) = mpsc::channel();
            proxy.on(put(".cstore/head.json"), Fault::before(move || sender.send(hold(&lock)).unwrap()));
            if words == ["push"] {
                other.file(ENV, "# the shop\nTOKEN=mackerel\nGREETING=good-morning\n");
            }
            let changing = other.clone().with_env("AWS_ENDPOINT_URL", &proxy.endpoint());
            let typed = changing.cstore_with(words.iter().map(|word| (*word).to_owned()));
            let child = typed.start();
            let held = holders.recv().unwrap();
            let ran = ended_while_it_waits(&typed, child, signal);
            ran.fails(code.into()).says(WAITED).says(made).says("cstore pull");
            assert_eq!(stored(&bucket, ENV), "# the shop\nTOKEN=mackerel\nGREETING=good-morning\n");
            drop(held);
            other.cstore(["pull"]).run().succeeds();
            assert_eq!(text(&other, ENV), stored(&bucket, ENV));
        }
    }
}
