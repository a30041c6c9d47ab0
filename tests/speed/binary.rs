//! How large the binary is.

use std::env::consts::ARCH;
use std::fs;
use std::io::Write as _;
use std::path::Path;

/// A runner gets it before each step.
const MOST_BYTES: u64 = 10_000_000;

#[test]
fn the_release_binary_is_small() {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("target");
    // The one that is released for Linux, and this machine's own.
    let binaries = [format!("{ARCH}-unknown-linux-musl/release/cstore-action"), "release/cstore-action".to_owned()];
    let there: Vec<_> =
        binaries.iter().filter_map(|path| Some((path, fs::metadata(target.join(path)).ok()?))).collect();
    for (path, file) in &there {
        assert!(file.len() <= MOST_BYTES, "target/{path} has {} bytes", file.len());
    }
    if there.is_empty() {
        assert!(
            std::env::var_os("CSTORE_PROFILE").is_none_or(|profile| profile != "release"),
            "CSTORE_PROFILE=release, and there is no release binary in target"
        );
        // Past the test runner, which would keep it to itself.
        let text = "NOT CHECKED: the binary's size, since there is none in target (`make build` makes one)";
        writeln!(std::io::stderr(), "{text}").unwrap();
    }
}
