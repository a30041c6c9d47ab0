//! More files than fit in memory, none of which is too large by itself.

use std::fmt::Write as _;

use crate::harness::proxy::{Fault, get, html};
use crate::harness::{Action, Bucket, Proxy, shows};

const MIB: usize = 1024 * 1024;

/// The most that a pull holds of files, in MiB.
const BUDGET: u64 = 256;

/// What else the process may take: its own 20 MiB, what an unannounced body may have in reserve, the body that is being
/// moved to a larger place, and what of each connection has been read ahead.
const BESIDES: u64 = 192;

/// A pull of so many files in the Go cStore's layout, which nothing but the catalog names.
fn pull(bucket: &Bucket, files: usize) -> Action {
    let mut catalog = "version: v4\ncontext: shop\nfiles:\n".to_owned();
    for n in 0..files {
        write!(catalog, "- path: {n}.bin\n  store: aws-s3\n").unwrap();
    }
    Action::pull(bucket).version("head").repository_file("cstore.yml", catalog)
}

#[test]
fn a_pull_of_any_number_of_large_files_takes_no_more_than_its_bound() {
    let shown = shows(
        "T6",
        "200 files of 16 MiB, in the Go layout, whose lengths are announced or not",
        "code 2, having held no more than 256 MiB of them",
    );
    let mut object = html(200, "");
    object.headers.push(("etag".to_owned(), "\"e\"".to_owned()));
    let bucket = Bucket::versioned();
    for flood in [Fault::Flood(object.clone(), 16 * MIB), Fault::FloodUnannounced(object, 16 * MIB)] {
        let proxy = Proxy::start();
        proxy.on(get(".bin").for_ever(), flood);
        let run = pull(&bucket, 200).through(&proxy).within_memory(BUDGET + BESIDES).run();
        run.fails(2).says("more than 256 MiB").says("files");
        shown.case();
    }
}

#[test]
fn references_that_wait_for_each_other_take_no_more_than_their_bound() {
    let shown = shows("T6", "400 values of a file of 1 MB, each of 1 MB and the next one", "code 2, within 256 MiB");
    let mut text = format!("B={}\n", "x".repeat(1_000_000));
    for n in 0..400 {
        writeln!(text, "C{n}=$B$C{}", n + 1).unwrap();
    }
    text.push_str("C400=e\n");
    let bucket = Bucket::versioned();
    Action::push(&bucket).version("v1").files(&[".env"]).workspace_file(".env", text).measured().run().succeeds();
    let pull = Action::pull(&bucket).version("v1").input("expand", "true").measured();
    pull.run().fails(2).stays_small().says("longer than 16 MiB together");
    shown.case();
}
