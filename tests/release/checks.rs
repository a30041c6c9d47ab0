//! Notes, which tag moves, and what the image is built from.

use std::fs;

use crate::{project, says, script};

const CHANGELOG: &str = "# Changelog

## [Unreleased]

- Something new.

## [1.2.0] - 2026-03-01

### Added

- `diff`.

## [1.1.0] - 2026-02-01

- Older.

[1.2.0]: https://example.com/compare
";

fn notes(version: &str) -> Result<String, String> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("CHANGELOG.md"), CHANGELOG).unwrap();
    says(script("notes", folder.path()).args([version, "CHANGELOG.md"]), "")
}

#[test]
fn notes_are_the_versions_section_of_the_changelog() {
    assert_eq!(notes("1.2.0").unwrap(), "### Added\n\n- `diff`.\n");
    assert_eq!(notes("1.1.0").unwrap(), "- Older.\n");
}

#[test]
fn a_version_without_notes_is_refused() {
    for version in ["1.3.0", "1.2", "1.2.0-rc.1"] {
        assert!(notes(version).unwrap_err().contains(version));
    }
}

fn moving(tag: &str, tags: &[&str]) -> String {
    says(script("moving-tag", ".".as_ref()).arg(tag), &tags.join("\n")).unwrap()
}

#[test]
fn the_majors_tag_moves_to_its_highest_release() {
    assert_eq!(moving("v1.0.0", &[]), "v1\n");
    assert_eq!(moving("v1.10.0", &["v1.9.3", "v1", "v2.0.0", "v11.0.0", "other"]), "v1\n");
    assert_eq!(moving("v2.0.0", &["v1.9.3", "v2.0.0-rc.1"]), "v2\n");
}

#[test]
fn it_never_moves_back_nor_to_a_pre_release() {
    assert_eq!(moving("v1.9.4", &["v1.10.0"]), "");
    assert_eq!(moving("v1.2.0-rc.1", &["v1.1.0"]), "");
    assert_eq!(moving("v1.2", &[]), "");
}

#[test]
fn what_the_image_is_built_from_is_pinned() {
    let dockerfile = fs::read_to_string(project("Dockerfile")).unwrap();
    let stages: Vec<_> = dockerfile.lines().filter_map(|line| line.strip_prefix("FROM ")).collect();
    assert_eq!(stages.len(), 4, "{stages:?}");
    let digest = stages[0].split_once("@sha256:").expect("the builder's digest").1;
    assert!(digest.split(' ').next().is_some_and(|digest| digest.len() == 64), "{stages:?}");
    assert_eq!(stages[1..], ["${BUILT} AS built", "scratch AS cstore", "scratch AS action"]);
    assert!(dockerfile.contains("RUN --mount=type=cache,"));
}
