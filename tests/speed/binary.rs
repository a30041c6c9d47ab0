//! How large the binaries are.

use std::env::consts::ARCH;
use std::fs;
use std::io::Write as _;
use std::path::Path;

/// The binaries, and the most bytes that each may have. A runner gets the action's before each step.
const MOST_BYTES: [(&str, u64); 2] = [("cstore-action", 10_000_000), ("cstore", 11_000_000)];

#[test]
fn the_release_binaries_are_small() {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("target");
    for (name, most) in MOST_BYTES {
        // The one that is released for Linux, and this machine's own.
        let binaries = [format!("{ARCH}-unknown-linux-musl/release/{name}"), format!("release/{name}")];
        let there: Vec<_> =
            binaries.iter().filter_map(|path| Some((path, fs::metadata(target.join(path)).ok()?))).collect();
        for (path, file) in &there {
            assert!(file.len() <= most, "target/{path} has {} bytes", file.len());
        }
        if there.is_empty() {
            assert!(
                std::env::var_os("CSTORE_PROFILE").is_none_or(|profile| profile != "release"),
                "CSTORE_PROFILE=release, and there is no release binary {name} in target"
            );
            // Past the test runner, which would keep it to itself.
            let text = format!("NOT CHECKED: the size of {name}, of which target has none (`make build` makes one)");
            writeln!(std::io::stderr(), "{text}").unwrap();
        }
    }
}
