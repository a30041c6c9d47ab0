//! Tag and release.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use crate::{project, says, script};

const DIGEST: &str = "sha256:1111111111111111111111111111111111111111111111111111111111111111";

/// A checkout of a repository at version 1.2.0, its remote, and the files of a release.
struct Release {
    folder: TempDir,
}

impl Release {
    fn new() -> Self {
        let release = Self { folder: tempfile::tempdir().unwrap() };
        for folder in ["checkout/setup", "files", "bin"] {
            fs::create_dir_all(release.path(folder)).unwrap();
        }
        let write = |path: &str, text: &str| fs::write(release.path(path), text).unwrap();
        fs::copy(project("action.yml"), release.path("checkout/action.yml")).unwrap();
        write("checkout/Cargo.toml", "[package]\nname = \"cstore-action\"\nversion = \"1.2.0\"\n\n[dependencies]\n");
        write("checkout/CHANGELOG.md", "## [1.2.0] - 2026-03-01\n\n- `diff`.\n");
        write("checkout/setup/action.yml", "\n");
        write("files/SHA256SUMS", &format!("{}  cstore-action-linux-x64\n", &DIGEST[7..]));
        write("files/cstore-action-linux-x64", "binary");
        // It takes a release for published when it was asked to create it before.
        let gh =
            "#!/bin/sh\n[ \"$2\" != view ] || exec grep -qs '^release create' \"$CALLS\"\necho \"$*\" >>\"$CALLS\"\n";
        write("bin/gh", gh);
        fs::set_permissions(release.path("bin/gh"), fs::Permissions::from_mode(0o755)).unwrap();
        says(Command::new("git").args(["init", "--quiet", "--bare"]).arg(release.path("remote")), "").unwrap();
        let remote = release.path("remote").to_string_lossy().into_owned();
        for arguments in [
            &["init", "--quiet", "--initial-branch=main"][..],
            &["remote", "add", "origin", &remote],
            &["add", "--all"],
            &["-c", "user.name=mona", "-c", "user.email=mona@example.com", "commit", "--quiet", "--message=Add diff"],
            &["push", "--quiet", "--set-upstream", "origin", "main"],
            &["tag", "v1.2.0"],
            &["tag", "v1.1.0"],
            &["push", "--quiet", "--tags"],
        ] {
            release.git(arguments);
        }
        release
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn git(&self, arguments: &[&str]) -> String {
        says(Command::new("git").current_dir(self.path("checkout")).args(arguments), "").unwrap()
    }

    fn remote(&self, revision: &str) -> String {
        says(Command::new("git").current_dir(self.path("remote")).args(["rev-parse", revision]), "").unwrap()
    }

    fn publish(&self, tag: &str, image: &str) -> Result<String, String> {
        let path = format!("{}:{}", self.path("bin").display(), std::env::var("PATH").unwrap());
        let mut publish = script("publish", &self.path("checkout"));
        publish.args([tag, image]).arg(self.path("files")).env("PATH", path).env("CALLS", self.path("calls"));
        says(publish.env("GITHUB_REPOSITORY", "acme/cstore-action").env_remove("GITHUB_SERVER_URL"), "")
    }

    fn calls(&self) -> String {
        fs::read_to_string(self.path("calls")).unwrap_or_default()
    }
}

fn image() -> String {
    format!("ghcr.io/acme/cstore-action@{DIGEST}")
}

#[test]
fn the_tag_names_a_commit_that_pins_image_and_binaries() {
    let release = Release::new();
    release.publish("v1.2.0", &image()).unwrap();
    assert_eq!(
        release.git(&["show", "--format=%s%n%an", "--name-only", "v1.2.0"]).lines().collect::<Vec<_>>(),
        ["Release v1.2.0", "github-actions[bot]", "", "action.yml", "setup/checksums.txt", "setup/release.txt"]
    );
    let action = release.git(&["show", "v1.2.0:action.yml"]);
    assert_eq!(action.lines().last(), Some(format!("  image: docker://{}", image()).as_str()));
    let before = release.git(&["show", "origin/main:action.yml"]);
    assert!(before.lines().eq(action.lines().map(|line| if line.contains("docker://") {
        "  image: Dockerfile"
    } else {
        line
    })));
    let url = "https://github.com/acme/cstore-action/releases/download/v1.2.0\n";
    assert_eq!(release.git(&["show", "v1.2.0:setup/release.txt"]), url);
    assert_eq!(
        release.git(&["show", "v1.2.0:setup/checksums.txt"]),
        fs::read_to_string(release.path("files/SHA256SUMS")).unwrap()
    );
    assert_eq!(release.git(&["rev-parse", "v1.2.0^"]), release.remote("main"), "main stays without pins");
    for tag in ["v1.2.0", "v1"] {
        assert_eq!(release.remote(tag), release.git(&["rev-parse", "HEAD"]), "{tag}");
    }
    assert!(release.calls().starts_with("release create v1.2.0 "), "{}", release.calls());
    assert!(
        release.calls().contains("/files/cstore-action-linux-x64 --verify-tag --title v1.2.0"),
        "{}",
        release.calls()
    );
}

#[test]
fn it_can_be_run_again() {
    let release = Release::new();
    release.publish("v1.2.0", &image()).unwrap();
    let published = release.remote("v1.2.0");
    release.git(&["checkout", "--quiet", "main"]);
    release.git(&["reset", "--quiet", "--hard", "origin/main"]);
    release.publish("v1.2.0", &image()).unwrap();
    assert_eq!(release.remote("v1.2.0"), published);
    assert!(release.calls().lines().last().unwrap().starts_with("release upload v1.2.0 "), "{}", release.calls());
}

#[test]
fn what_is_not_pinned_is_not_published() {
    for image in ["ghcr.io/acme/cstore-action:v1.2.0", "ghcr.io/acme/cstore-action@sha256:11", "@", ""] {
        let release = Release::new();
        let before = release.remote("v1.2.0");
        assert!(release.publish("v1.2.0", image).is_err(), "{image:?}");
        assert_eq!((release.remote("v1.2.0"), release.calls()), (before, String::new()), "{image:?}");
    }
}

#[test]
fn checksums_are_what_they_look_like() {
    for damaged in ["", "not a checksum\n", "123  cstore-action-linux-x64\n", "<html>\n"] {
        let release = Release::new();
        fs::write(release.path("files/SHA256SUMS"), damaged).unwrap();
        assert!(release.publish("v1.2.0", &image()).unwrap_err().contains("SHA256SUMS"), "{damaged:?}");
        assert_eq!(release.calls(), "");
    }
}

#[test]
fn a_tag_is_released_only_when_version_notes_and_branch_are_right() {
    let release = Release::new();
    let check = |tag: &str| says(script("check-tag", &release.path("checkout")).arg(tag), "");
    check("v1.2.0").unwrap();
    assert!(check("v1.3.0").unwrap_err().contains("Cargo.toml says that this is 1.2.0"));

    fs::write(release.path("checkout/CHANGELOG.md"), "## [Unreleased]\n\n- `diff`.\n").unwrap();
    assert!(check("v1.2.0").unwrap_err().contains("CHANGELOG.md says nothing of 1.2.0"));
    release.git(&["checkout", "--quiet", "CHANGELOG.md"]);

    let identity = ["-c", "user.name=mona", "-c", "user.email=mona@example.com"];
    release.git(&[&identity[..], &["commit", "--quiet", "--allow-empty", "--message=Aside"]].concat());
    assert!(check("v1.2.0").unwrap_err().contains("not on origin/main"));
}
