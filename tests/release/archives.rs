//! What installs the command line: archives, the installer, the formula, and what `cargo binstall` is told.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use crate::harness::{Authority, Response, Service};
use crate::{pages, project, says, script};

const TARGETS: [&str; 3] = ["x86_64-unknown-linux-musl", "aarch64-unknown-linux-musl", "aarch64-apple-darwin"];

/// In the place of the binary, which takes a second to pack.
const PROGRAM: &str = "#!/bin/sh\necho cstore of the archive\n";

/// The files of a release, made as the release makes them, and a server that has them.
struct Release {
    folder: TempDir,
    server: Service,
}

impl Release {
    fn new() -> Self {
        let (folder, ca) = (tempfile::tempdir().unwrap(), Authority::new());
        let root = folder.path().join("files");
        let server = ca.serve("localhost", 2099, move |request| {
            match fs::read(root.join(request.target.trim_start_matches("/releases/download/v1.2.3/"))) {
                Ok(bytes) => Response::new(200, bytes),
                Err(_) => Response::new(404, ""),
            }
        });
        let release = Self { folder, server };
        fs::write(release.path("ca.pem"), ca.pem()).unwrap();
        fs::create_dir(release.path("built")).unwrap();
        fs::write(release.path("built/cstore"), PROGRAM).unwrap();
        pages::write(&release.path("pages")).unwrap();
        for target in TARGETS {
            release.archive(target);
        }
        release.sum_up();
        release
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn url(&self) -> String {
        format!("https://localhost:{}/releases/download/v1.2.3", self.server.port())
    }

    fn archive(&self, target: &str) {
        let mut archive = script("archive", self.folder.path());
        archive.args(["built/cstore", target, "pages", "files"]);
        assert_eq!(says(&mut archive, "").unwrap(), format!("files/cstore-{target}.tar.gz\n"));
    }

    fn sum_up(&self) {
        let sums = says(Command::new("sh").args(["-c", "sha256sum cstore-*"]).current_dir(self.path("files")), "");
        fs::write(self.path("files/SHA256SUMS"), sums.unwrap()).unwrap();
    }

    /// Writes installer and formula; the place of the release is the server's, without its port in what is checked.
    fn installers(&self) -> Result<String, String> {
        let url = "https://github.com/acme/cstore-action/releases/download/v1.2.3";
        says(script("installers", self.folder.path()).args(["1.2.3", url, "files/SHA256SUMS", "files"]), "")
    }

    /// The installer, to be run on a machine that reaches the server in the place of GitHub.
    fn install(&self) -> Command {
        let mut install = Command::new("sh");
        install.arg(self.path("files/install.sh")).env_remove("CSTORE_INSTALL");
        install.env("HOME", self.folder.path()).env("CSTORE_RELEASES", self.url());
        install.env("CURL_CA_BUNDLE", self.path("ca.pem"));
        install
    }
}

#[test]
fn an_archive_has_the_binary_its_pages_and_the_same_bytes_each_time() {
    let release = Release::new();
    let archive = release.path("files/cstore-x86_64-unknown-linux-musl.tar.gz");
    let first = fs::read(&archive).unwrap();
    release.archive(TARGETS[0]);
    assert!(fs::read(&archive).unwrap() == first, "the bytes differ");
    let listed = says(Command::new("tar").arg("-tzf").arg(&archive), "").unwrap();
    for name in
        ["cstore", "LICENSE", "man/cstore.1", "man/cstore-export.1", "completions/_cstore", "completions/cstore.fish"]
    {
        let line = format!("cstore-x86_64-unknown-linux-musl/{name}");
        assert!(listed.lines().any(|listed| listed == line), "{name} is not in {listed}");
    }
}

#[test]
fn the_installer_takes_only_what_the_release_was_made_of() {
    let release = Release::new();
    release.installers().unwrap();
    let said = says(&mut release.install(), "").unwrap();
    let installed = release.path(".local/bin/cstore");
    assert!(said.contains(&format!("installed {} (1.2.3)", installed.display())), "{said}");
    assert!(said.contains("is not in your PATH"), "{said}");
    assert_eq!(fs::metadata(&installed).unwrap().permissions().mode() & 0o777, 0o755);
    let version = says(&mut Command::new(&installed), "").unwrap();
    assert_eq!(version, "cstore of the archive\n");
    // Again, over what is there, and elsewhere.
    says(&mut release.install(), "").unwrap();
    says(release.install().env("CSTORE_INSTALL", release.path("tools")), "").unwrap();
    assert!(release.path("tools/cstore").exists());

    for target in TARGETS {
        fs::write(release.path(&format!("files/cstore-{target}.tar.gz")), "something else").unwrap();
    }
    fs::remove_file(&installed).unwrap();
    let error = says(&mut release.install(), "").unwrap_err();
    assert!(error.contains("its SHA-256 is"), "{error}");
    assert!(!installed.exists());
    let error = says(release.install().env("CSTORE_RELEASES", "http://localhost"), "").unwrap_err();
    assert!(error.contains("https://"), "{error}");
}

/// With the binary that is released, where it is built: CI does so for its images.
#[test]
fn what_is_packed_starts_however_it_is_installed() {
    let release = Release::new();
    let version = env!("CARGO_PKG_VERSION");
    let target = format!("{}-unknown-linux-musl", std::env::consts::ARCH);
    let built = project(&format!("target/{target}/release/cstore"));
    if built.exists() {
        fs::copy(built, release.path("built/cstore")).unwrap();
    } else {
        fs::write(release.path("built/cstore"), format!("#!/bin/sh\necho cstore {version}\n")).unwrap();
    }
    release.archive(&target);
    release.sum_up();
    release.installers().unwrap();
    let check = |version: &str| says(script("check-installers", release.folder.path()).args([version, "files"]), "");
    let said = check(version).unwrap();
    assert!(said.contains("/bin/cstore (1.2.3)"), "{said}");
    assert!(check("9.9.9").unwrap_err().contains(&format!("says that it is cstore {version}, not cstore 9.9.9")));
    fs::write(release.path(&format!("files/cstore-{target}.tar.gz")), "something else").unwrap();
    assert!(check(version).unwrap_err().contains("did NOT match"));
}

#[test]
fn half_an_installer_does_nothing() {
    let release = Release::new();
    release.installers().unwrap();
    let whole = fs::read_to_string(release.path("files/install.sh")).unwrap();
    for part in 1..8 {
        fs::write(release.path("files/install.sh"), &whole[..whole.len() * part / 8]).unwrap();
        release.install().output().unwrap();
        assert!(!release.path(".local").exists(), "{part} of 8");
    }
}

#[test]
fn the_formula_names_each_archive_and_its_digest() {
    let release = Release::new();
    release.installers().unwrap();
    let formula = fs::read_to_string(release.path("files/cstore.rb")).unwrap();
    let sums = fs::read_to_string(release.path("files/SHA256SUMS")).unwrap();
    for target in TARGETS {
        let name = format!("cstore-{target}.tar.gz");
        let sum = sums.lines().find(|line| line.ends_with(&name)).unwrap().split(' ').next().unwrap();
        let url = format!("url \"https://github.com/acme/cstore-action/releases/download/v1.2.3/{name}\"\n");
        let (_, after) = formula.split_once(&url).unwrap_or_else(|| panic!("{url} is not in {formula}"));
        assert_eq!(after.trim_start().lines().next(), Some(format!("sha256 \"{sum}\"").as_str()));
    }
    assert!(
        formula.contains("version \"1.2.3\"") && formula.contains("homepage \"https://github.com/acme/cstore-action\"")
    );
    // What it installs is what an archive has.
    let listed =
        says(Command::new("tar").arg("-tzf").arg(release.path("files/cstore-aarch64-apple-darwin.tar.gz")), "");
    let listed = listed.unwrap();
    for name in ["/cstore\n", "/man/cstore.1\n", "/completions/cstore.bash\n", "/completions/_cstore\n"] {
        assert!(listed.contains(name), "{name:?} is not in {listed}");
    }
}

#[test]
fn installers_of_a_release_that_lacks_an_archive_are_refused() {
    let release = Release::new();
    fs::remove_file(release.path("files/cstore-aarch64-apple-darwin.tar.gz")).unwrap();
    release.sum_up();
    assert!(release.installers().unwrap_err().contains("cstore-aarch64-apple-darwin.tar.gz"));
}

#[test]
fn cargo_binstall_is_told_where_the_archives_are() {
    let manifest: toml::Table = fs::read_to_string(project("Cargo.toml")).unwrap().parse().unwrap();
    let told = &manifest["package"]["metadata"]["binstall"];
    let filled = |template: &str, target: &str| {
        let repository = manifest["package"]["repository"].as_str().unwrap();
        let parts = [("repo", repository), ("version", "1.2.3"), ("target", target), ("bin", "cstore")];
        let filled =
            parts.iter().fold(template.to_owned(), |text, (name, value)| text.replace(&format!("{{ {name} }}"), value));
        filled.replace("{ archive-suffix }", ".tar.gz").replace("{ binary-ext }", "")
    };
    assert_eq!(told["pkg-fmt"].as_str(), Some("tgz"));
    let line = format!("`cargo binstall --git {} cstore-action`", manifest["package"]["repository"].as_str().unwrap());
    assert!(fs::read_to_string(project("docs/install.md")).unwrap().contains(&line), "docs/install.md lacks {line}");
    let release = Release::new();
    for target in TARGETS {
        let url = filled(told["pkg-url"].as_str().unwrap(), target);
        let (place, name) = url.rsplit_once('/').unwrap();
        assert_eq!(place, "https://github.com/OWNER/cstore-action/releases/download/v1.2.3");
        let listed = says(Command::new("tar").arg("-tzf").arg(release.path("files").join(name)), "").unwrap();
        let binary = filled(told["bin-dir"].as_str().unwrap(), target);
        assert!(listed.lines().any(|line| line == binary), "{binary} is not in {listed}");
    }
}
