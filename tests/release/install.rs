//! What `setup/` installs.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use crate::{project, says};

const PROGRAM: &str = "#!/bin/sh\necho installed\n";

/// The folder `setup/` of a release whose files are in `releases/v1.2.3`.
struct Setup {
    folder: TempDir,
}

impl Setup {
    fn of_release() -> Self {
        let setup = Self { folder: tempfile::tempdir().unwrap() };
        for folder in ["setup", "releases/v1.2.3", "temp"] {
            fs::create_dir_all(setup.path(folder)).unwrap();
        }
        fs::copy(project("setup/install"), setup.path("setup/install")).unwrap();
        for name in ["cstore-action-linux-x64", "cstore-action-macos-arm64"] {
            fs::write(setup.path("releases/v1.2.3").join(name), PROGRAM).unwrap();
        }
        let sums = says(
            Command::new("sha256sum")
                .args(["cstore-action-linux-x64", "cstore-action-macos-arm64"])
                .current_dir(setup.path("releases/v1.2.3")),
            "",
        );
        fs::write(setup.path("setup/checksums.txt"), sums.unwrap()).unwrap();
        fs::write(setup.path("setup/release.txt"), format!("file://{}\n", setup.path("releases/v1.2.3").display()))
            .unwrap();
        setup
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// The command that the action's first step runs.
    fn install(&self, system: &str, architecture: &str) -> Command {
        let mut install = Command::new("bash");
        install.arg(self.path("setup/install")).env_remove("CSTORE_RELEASES");
        install.envs([("RUNNER_OS", system), ("RUNNER_ARCH", architecture)]);
        install.env("RUNNER_TEMP", self.path("temp")).env("GITHUB_PATH", self.path("path"));
        install
    }

    /// The error of an installation that must fail, and leave nothing in the later steps' PATH.
    fn refused(&self, install: &mut Command) -> String {
        let output = install.output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(!self.path("path").exists());
        String::from_utf8(output.stdout).unwrap()
    }
}

#[test]
fn the_binary_of_the_runner_is_found_by_later_steps() {
    for (system, architecture) in [("Linux", "X64"), ("macOS", "ARM64")] {
        let setup = Setup::of_release();
        says(&mut setup.install(system, architecture), "").unwrap();
        let folder = fs::read_to_string(setup.path("path")).unwrap();
        let program = PathBuf::from(folder.trim()).join("cstore-action");
        assert_eq!(says(&mut Command::new(&program), "").unwrap(), "installed\n");
        assert_eq!(fs::read_dir(program.parent().unwrap()).unwrap().count(), 1, "no download is left behind");

        // A second step of the job takes it from there.
        fs::remove_dir_all(setup.path("releases")).unwrap();
        says(&mut setup.install(system, architecture), "").unwrap();
    }
}

#[test]
fn a_binary_with_another_checksum_is_neither_kept_nor_run() {
    let setup = Setup::of_release();
    fs::write(setup.path("releases/v1.2.3/cstore-action-linux-x64"), "#!/bin/sh\necho other\n").unwrap();
    let error = setup.refused(&mut setup.install("Linux", "X64"));
    assert!(error.starts_with("::error title=Setup of cstore-action::"), "{error}");
    assert!(error.contains("is not what this release was made with"), "{error}");
    let left = Command::new("find").arg(setup.path("temp")).args(["-type", "f"]).output().unwrap();
    assert!(left.stdout.is_empty(), "{left:?}");
}

#[test]
fn a_runner_that_there_is_no_binary_for() {
    let setup = Setup::of_release();
    let error = setup.refused(&mut setup.install("Linux", "ARM"));
    assert!(error.contains("no cstore-action-linux-arm."), "{error}");
    assert!(error.contains("cstore-action-linux-x64 cstore-action-macos-arm64"), "{error}");
}

#[test]
fn a_branch_has_no_binary() {
    let setup = Setup::of_release();
    fs::remove_file(setup.path("setup/checksums.txt")).unwrap();
    let error = setup.refused(&mut setup.install("Linux", "X64"));
    assert!(error.contains("Use a tag such as @v1."), "{error}");
}

#[test]
fn a_release_that_cannot_be_reached_can_be_had_from_elsewhere() {
    let setup = Setup::of_release();
    fs::write(setup.path("setup/release.txt"), "file:///nowhere/v1.2.3\n").unwrap();
    let error = setup.refused(&mut setup.install("Linux", "X64"));
    assert!(error.contains("file:///nowhere/v1.2.3/cstore-action-linux-x64 could not be fetched"), "{error}");
    let copy = format!("file://{}", setup.path("releases").display());
    says(setup.install("Linux", "X64").env("CSTORE_RELEASES", copy), "").unwrap();
    let folder = fs::read_to_string(setup.path("path")).unwrap();
    let mode = fs::metadata(PathBuf::from(folder.trim()).join("cstore-action")).unwrap().permissions().mode();
    assert_eq!(mode & 0o111, 0o111);
}
