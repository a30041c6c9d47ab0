//! Small, large, and many.

use crate::harness::{Action, Bucket, Proxy, shows};
use crate::shop::pull;

const MIB: usize = 1024 * 1024;

fn push_one(bucket: &Bucket, contents: &[u8]) -> Action {
    Action::push(bucket).version("v1").files(&["data.bin"]).repository_file("data.bin", contents)
}

#[test]
fn an_empty_file_and_the_largest_come_back_byte_for_byte() {
    let shown = shows("F26", "a file of no byte, and one of 16 MiB", "comes back byte for byte");
    for length in shown.each([0, 16 * MIB]) {
        let bucket = Bucket::versioned();
        let contents: Vec<u8> = (0..length).map(|n| u8::try_from(n * 7 % 251).unwrap()).collect();
        push_one(&bucket, &contents).run().succeeds();
        let run = pull(&bucket, "v1").run().succeeds();
        assert!(run.workspace.read("data.bin") == contents, "{length} bytes");
    }
}

#[test]
fn one_byte_more_is_refused_before_anything_is_sent() {
    let (bucket, proxy) = (Bucket::versioned(), Proxy::start());
    push_one(&bucket, &vec![b'x'; 16 * MIB + 1]).through(&proxy).run().fails(2).says("data.bin");
    assert!(proxy.requests().is_empty());
}

#[test]
fn a_thousand_files_are_one_version() {
    let _shown = shows("F26", "1,000 files", "one version");
    let bucket = Bucket::versioned();
    let step = Action::push(&bucket).version("v1").files(&["many/*"]);
    let step = (0..1_000).fold(step, |step, n| step.repository_file(&format!("many/{n}.txt"), format!("file {n}\n")));
    step.run().succeeds();
    let run = pull(&bucket, "v1").run().succeeds();
    assert_eq!(run.workspace.files().len(), 1_000);
    assert_eq!(run.file("many/999.txt"), "file 999\n");
}

#[test]
fn more_than_a_manifest_holds_is_refused_before_anything_is_sent() {
    let (bucket, proxy) = (Bucket::versioned(), Proxy::start());
    let long = "x".repeat(200);
    let step = Action::push(&bucket).version("v1").files(&["**/*"]);
    let step = (0..2_000).fold(step, |step, n| step.repository_file(&format!("{long}/{long}/{n}.txt"), ""));
    step.through(&proxy).run().fails(2).says("1 MiB");
    assert!(proxy.requests().is_empty());
}

#[test]
fn ten_thousand_files_are_more_than_a_version_holds_and_are_refused_at_once() {
    let _shown = shows("F26", "10,000 files", "code 2 before anything is sent: a manifest lists fewer; within 256 MiB");
    let (bucket, proxy) = (Bucket::versioned(), Proxy::start());
    let step = Action::push(&bucket).version("v1").files(&["many/*"]);
    let step = (0..10_000).fold(step, |step, n| step.repository_file(&format!("many/{n}.txt"), ""));
    step.through(&proxy).measured().run().fails(2).stays_small().says("1 MiB");
    assert!(proxy.requests().is_empty());
}

#[test]
fn a_context_is_pulled_beside_a_thousand_others() {
    let _shown =
        shows("F26", "1,000 contexts in one bucket", "the versions of one are found, and no other is asked for");
    let (bucket, proxy) = (Bucket::versioned(), Proxy::start());
    for n in 0..1_000 {
        bucket.put(&format!("shop{n}/.cstore/versions/v9.9.9.json"), "not looked at", &[]);
    }
    push_one(&bucket, b"contents").version("v1.0.0").run().succeeds();
    let run = pull(&bucket, "latest").through(&proxy).run().succeeds();
    assert_eq!(run.output("config-version"), "v1.0.0");
    assert_eq!(proxy.lines().len(), 3, "a listing, the manifest and the file: {:#?}", proxy.lines());
}
