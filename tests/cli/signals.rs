//! A terminal that goes while a run works: SIGHUP.

use std::process::Child;
use std::sync::{Arc, Mutex, mpsc};

use rustix::process::{Pid, Signal, kill_process};

use crate::harness::proxy::{Fault, get};
use crate::harness::{Bucket, Laptop, Proxy, Ran, Typed};
use crate::shared::{ENV, two_laptops};

/// Runs a command that is sent a signal when it asks for the head.
fn signalled(laptop: &Laptop, signal: Signal, typed: impl FnOnce(&Laptop) -> Typed) -> Ran {
    let (started, child) = mpsc::channel();
    let child = Mutex::new(child);
    let send = move || kill_process(child.lock().unwrap().recv().unwrap(), signal).unwrap();
    let proxy = Proxy::start();
    proxy.on(get("head.json"), Fault::Before(Arc::new(send)));
    let typed = typed(&laptop.clone().with_env("AWS_ENDPOINT_URL", &proxy.endpoint()));
    let process: Child = typed.start();
    started.send(Pid::from_child(&process)).unwrap();
    typed.ended(&process.wait_with_output().unwrap())
}

#[test]
fn a_run_whose_terminal_goes_ends_as_by_other_signals_and_leaves_nothing() {
    let bucket = Bucket::versioned();
    let [_, other] = two_laptops(&bucket);
    other.workspace().remove(ENV);
    let before = other.workspace().files();
    for (signal, code, name) in [(Signal::HUP, 129, "SIGHUP"), (Signal::TERM, 143, "SIGTERM")] {
        let words: [&[&str]; 2] = [&["pull"], &["exec", "--", "touch", "started"]];
        for words in words {
            let words = words.iter().map(|word| (*word).to_owned());
            let ran = signalled(&other, signal, |other| other.cstore_with(words));
            ran.exits(code).says(&format!("cancelled by {name}"));
            assert_eq!(other.workspace().files(), before);
        }
        let asked = Laptop::without_bucket(&bucket).cstore(["init"]).on_a_terminal().sees("Context");
        asked.send(signal);
        asked.ended().fails(code).says("Nothing was changed.");
    }
}

#[test]
fn what_was_started_to_outlive_its_terminal_does() {
    let bucket = Bucket::versioned();
    let [_, other] = two_laptops(&bucket);
    other.workspace().remove(ENV);
    let ran = signalled(&other, Signal::HUP, |other| other.shell("trap '' HUP; exec cstore pull"));
    ran.succeeds();
    assert!(other.workspace().path(ENV).exists());
}
