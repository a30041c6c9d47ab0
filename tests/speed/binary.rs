//! How large the binaries are, and that the action's has nothing of the command line in it.

use std::env::consts::ARCH;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The binaries, and the most bytes that each may have. A runner gets the action's before each step.
const MOST_BYTES: [(&str, u64); 2] = [("cstore-action", 10_000_000), ("cstore", 11_000_000)];

/// The builds of a binary that are there: the one that is released for Linux, and this machine's own.
fn built(name: &str) -> Vec<PathBuf> {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("target");
    let paths = [format!("{ARCH}-unknown-linux-musl/release/{name}"), format!("release/{name}")];
    paths.iter().map(|path| target.join(path)).filter(|path| path.exists()).collect()
}

/// What is in a binary that reads flags, completes them or shows progress.
const OF_COMMAND_LINE: [&str; 4] = ["clap_builder", "clap_complete", "indicatif", "Usage:"];

#[test]
fn the_actions_binary_has_nothing_of_the_command_line() {
    let has = |binary: &Path, word: &str| {
        let found = Command::new("grep").args(["--quiet", "--text", "--fixed-strings", word]).arg(binary).status();
        found.unwrap().success()
    };
    for action in built("cstore-action") {
        let words = OF_COMMAND_LINE.iter().filter(|word| has(&action, word));
        assert_eq!(words.collect::<Vec<_>>(), [&""; 0], "{}", action.display());
    }
    // Else these words say nothing.
    for cstore in built("cstore") {
        let missing = OF_COMMAND_LINE.iter().filter(|word| !has(&cstore, word));
        assert_eq!(missing.collect::<Vec<_>>(), [&""; 0], "{}", cstore.display());
    }
}

#[test]
fn the_release_binaries_are_small() {
    let of_images = include_str!("../../scripts/check-image");
    assert!(of_images.contains(&format!("binary_limit={}\n", MOST_BYTES[1].1)), "another limit than {MOST_BYTES:?}");
    for (name, most) in MOST_BYTES {
        let there = built(name);
        for path in &there {
            let bytes = fs::metadata(path).unwrap().len();
            assert!(bytes <= most, "{} has {bytes} bytes", path.display());
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
