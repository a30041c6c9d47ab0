//! The Dockerfile's build gets what it copies.

use std::fs;
use std::path::Path;

#[test]
fn what_the_dockerfile_copies_is_not_ignored() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |name: &str| fs::read_to_string(root.join(name)).unwrap();
    let (dockerfile, ignore) = (read("Dockerfile"), read(".dockerignore"));
    let kept: Vec<_> = ignore.lines().filter_map(|line| line.strip_prefix('!')).collect();
    let copied =
        dockerfile.lines().filter_map(|line| line.strip_prefix("COPY ")).filter(|line| !line.starts_with("--"));
    let sources: Vec<_> = copied.flat_map(|line| line.split(' ').rev().skip(1)).collect();
    assert!(sources.contains(&"src"), "{sources:?}");
    for source in sources {
        assert!(kept.contains(&source), "{source} is copied, and .dockerignore leaves it out");
        assert!(root.join(source).exists(), "{source}");
    }
}
