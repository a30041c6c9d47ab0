//! What `setup/` installs.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use tempfile::TempDir;

use crate::harness::{Authority, Request, Response, Service, shows};
use crate::{project, says};

const PROGRAM: &str = "#!/bin/sh\necho installed\n";

/// The folder `setup/` of a release whose files are in `releases/v1.2.3`, and a server that has this folder.
struct Setup {
    folder: TempDir,
    releases: Service,
}

impl Setup {
    fn of_release() -> Self {
        Self::with_answers(served)
    }

    /// The same with a server of this kind, which is given the folder of the releases.
    fn with_answers(answer: fn(&Path, &Request) -> Response) -> Self {
        let (folder, ca) = (tempfile::tempdir().unwrap(), Authority::new());
        let root = folder.path().join("releases");
        let releases = ca.serve("localhost", 2099, move |request| answer(&root, request));
        let setup = Self { folder, releases };
        fs::write(setup.path("ca.pem"), ca.pem()).unwrap();
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
        fs::write(setup.path("setup/release.txt"), format!("{}/v1.2.3\n", setup.url())).unwrap();
        setup
    }

    fn url(&self) -> String {
        format!("https://localhost:{}", self.releases.port())
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
        install.env("HOME", self.folder.path()).env("CURL_CA_BUNDLE", self.path("ca.pem"));
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

/// What a folder has at the request's path.
fn served(root: &Path, request: &Request) -> Response {
    match fs::read(root.join(request.target.trim_start_matches('/'))) {
        Ok(bytes) => Response::new(200, bytes),
        Err(_) => Response::new(404, ""),
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

#[test]
fn a_failure_that_passes_is_tried_again() {
    static FAILED: Mutex<bool> = Mutex::new(false);
    let setup = Setup::with_answers(|root, request| {
        let mut failed = FAILED.lock().unwrap();
        if std::mem::replace(&mut *failed, true) { served(root, request) } else { Response::new(503, "") }
    });
    says(&mut setup.install("Linux", "X64"), "").unwrap();
    let folder = fs::read_to_string(setup.path("path")).unwrap();
    assert!(PathBuf::from(folder.trim()).join("cstore-action").exists());
    assert_eq!(setup.releases.count(), 2);
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
    fs::write(setup.path("setup/release.txt"), "https://localhost:1/v1.2.3\n").unwrap();
    let error = setup.refused(&mut setup.install("Linux", "X64"));
    assert!(error.contains("https://localhost:1/v1.2.3/cstore-action-linux-x64 could not be fetched"), "{error}");
    says(setup.install("Linux", "X64").env("CSTORE_RELEASES", setup.url()), "").unwrap();
    let folder = fs::read_to_string(setup.path("path")).unwrap();
    let mode = fs::metadata(PathBuf::from(folder.trim()).join("cstore-action")).unwrap().permissions().mode();
    assert_eq!(mode & 0o111, 0o111);
}

#[test]
fn what_names_another_place_is_an_address_and_nothing_else() {
    let shown = shows("T24", "`CSTORE_RELEASES` is an option of curl, another scheme, or a line of the log", "refused");
    let setup = Setup::of_release();
    for value in shown.each([
        "-Kx",
        "--config=x",
        "file:///etc",
        "http://mirror.example.com",
        "HTTPS://mirror.example.com",
        "https://",
        "https://user:word@mirror.example.com",
        "https://mirror.example.com/a?b",
        "https://mirror.example.com/{a,b}",
        "https://mirror.example.com/[1-9]",
        "https://mirror.example.com/a b",
        "https://mirror.example.com\n-Kx",
        "https://mirror.example.com\n::add-mask::x",
        "https://mirror.example.com\r",
        "x\nhttps://mirror.example.com",
    ]) {
        let error = setup.refused(setup.install("Linux", "X64").env("CSTORE_RELEASES", value));
        assert!(error.contains("CSTORE_RELEASES must be an address such as https://"), "{value}: {error}");
        assert_eq!(error.lines().count(), 1, "{value}: {error}");
    }
    assert_eq!(setup.releases.count(), 0);
}

#[test]
fn no_redirect_leaves_https_and_no_file_of_the_home_folder_steers_curl() {
    let shown = shows("T24", "a redirect to http, or `.curlrc` in the home folder", "not followed, not read");
    let plain = Service::start(|_| Response::new(200, PROGRAM));
    let target = plain.endpoint();
    let setup = Setup::of_release();
    let ca = Authority::new();
    fs::write(setup.path("ca.pem"), ca.pem()).unwrap();
    let moved = ca.serve("localhost", 2099, move |_| {
        let mut answer = Response::new(302, "");
        answer.headers.push(("location".to_owned(), format!("{target}/x")));
        answer
    });
    let mut redirected = setup.install("Linux", "X64");
    setup.refused(redirected.env("CSTORE_RELEASES", format!("https://localhost:{}", moved.port())));
    assert_eq!((moved.count() > 0, plain.count()), (true, 0));

    let setup = Setup::of_release();
    fs::write(setup.path(".curlrc"), format!("url = {}/curlrc\n", plain.endpoint())).unwrap();
    says(&mut setup.install("Linux", "X64"), "").unwrap();
    assert_eq!(plain.count(), 0);
    shown.cases(2);
}
