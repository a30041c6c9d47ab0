//! What ARCHITECTURE.md says of who knows whom.

use std::fs;
use std::path::{Path, PathBuf};

/// All source files below a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}

/// "The action's binary does not refer to `cli/`, and so does not hold it", and neither does the core.
#[test]
fn nothing_but_its_own_binary_refers_to_the_command_line() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let is_own = |path: &Path| path.starts_with(source.join("cli")) || path.ends_with("bin/cstore.rs");
    let others: Vec<_> = sources(&source).into_iter().filter(|path| !is_own(path)).collect();
    assert!(others.len() > 300, "{}", others.len());
    for path in others {
        let text = fs::read_to_string(&path).unwrap();
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
            let mut paths = line.split(|c: char| !c.is_alphanumeric() && !"_:".contains(c));
            let is_use = line.contains("use ");
            let is_own =
                |path: &&str| (is_use || path.contains("::")) && path.split("::").any(|part| OWN.contains(&part));
            assert_eq!(paths.find(is_own), None, "{}: {line}", path.display());
        }
    }
}

/// The module, and what nothing else needs.
const OWN: [&str; 4] = ["cli", "clap", "clap_complete", "indicatif"];
