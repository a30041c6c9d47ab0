//! What `setup/` installs.

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;
use std::thread;

use tempfile::TempDir;

use crate::report::shows;
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
    let _shown = shows("T13", "a downloaded binary is not the released one", "neither kept nor run");
    let setup = Setup::of_release();
    fs::write(setup.path("releases/v1.2.3/cstore-action-linux-x64"), "#!/bin/sh\necho other\n").unwrap();
    let error = setup.refused(&mut setup.install("Linux", "X64"));
    assert!(error.starts_with("::error title=Setup of cstore-action::"), "{error}");
    assert!(error.contains("is not what this release was made with"), "{error}");
    let left = Command::new("find").arg(setup.path("temp")).args(["-type", "f"]).output().unwrap();
    assert!(left.stdout.is_empty(), "{left:?}");
}

#[test]
fn what_lies_in_its_place_is_held_to_the_checksum_as_well() {
    let setup = Setup::of_release();
    says(&mut setup.install("Linux", "X64"), "").unwrap();
    let folder = fs::read_to_string(setup.path("path")).unwrap();
    let program = PathBuf::from(folder.trim()).join("cstore-action");
    let run = || says(&mut Command::new(&program), "").unwrap();
    fs::write(&program, "#!/bin/sh\necho other\n").unwrap();
    says(&mut setup.install("Linux", "X64"), "").unwrap();
    assert_eq!(run(), "installed\n");

    fs::write(&program, "#!/bin/sh\necho other\n").unwrap();
    fs::remove_file(setup.path("path")).unwrap();
    fs::remove_dir_all(setup.path("releases")).unwrap();
    let error = setup.refused(&mut setup.install("Linux", "X64"));
    assert!(error.contains("could not be fetched"), "{error}");
}

/// Answers with the program, but for the first connection, which it drops.
fn flaky_server() -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for connection in listener.incoming().skip(1) {
            let mut connection = connection.unwrap();
            let mut request = Vec::new();
            let mut byte = [0];
            while !request.ends_with(b"\r\n\r\n") && connection.read(&mut byte).unwrap_or(0) == 1 {
                request.push(byte[0]);
            }
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", PROGRAM.len());
            connection.write_all(format!("{head}{PROGRAM}").as_bytes()).unwrap();
        }
    });
    format!("http://{address}")
}

#[test]
fn a_connection_that_breaks_off_is_tried_again() {
    let setup = Setup::of_release();
    says(setup.install("Linux", "X64").env("CSTORE_RELEASES", flaky_server()), "").unwrap();
    let folder = fs::read_to_string(setup.path("path")).unwrap();
    assert!(PathBuf::from(folder.trim()).join("cstore-action").exists());
}

#[test]
fn no_server_can_hold_it_up_for_ever() {
    let setup = Setup::of_release();
    let curl = "#!/bin/sh\necho \"$*\" >\"$0.called\"\nexit 28\n";
    fs::create_dir(setup.path("bin")).unwrap();
    fs::write(setup.path("bin/curl"), curl).unwrap();
    fs::set_permissions(setup.path("bin/curl"), fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", setup.path("bin").display(), std::env::var("PATH").unwrap());
    setup.refused(setup.install("Linux", "X64").env("PATH", path));
    let called = fs::read_to_string(setup.path("bin/curl.called")).unwrap();
    for limit in ["--connect-timeout 10 ", "--max-time 300 ", "--retry-max-time 300 "] {
        assert!(called.contains(limit), "{limit} is not in {called}");
    }
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
