//! How large the binary is.

use std::fs;
use std::io::Write as _;
use std::path::Path;

/// A runner gets it before each step.
const MOST_BYTES: u64 = 10_000_000;

#[test]
fn the_release_binary_is_small() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/release/cstore-action");
    match fs::metadata(&path) {
        Ok(file) => assert!(file.len() <= MOST_BYTES, "{} has {} bytes", path.display(), file.len()),
        // Past the test runner, which would keep it to itself.
        Err(_) => writeln!(
            std::io::stderr(),
            "NOT CHECKED: the binary's size, since there is no {} (`make build` makes it)",
            path.display()
        )
        .unwrap(),
    }
}
