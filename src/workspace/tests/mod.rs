//! A checkout to try things on, with a folder beside it that nothing may touch.

mod failing;
mod links;
mod listing;
mod reading;
mod replacing;
mod restoring;
mod sweeping;

#[path = "../../../tests/harness/report.rs"]
mod report;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use self::report::shows;
use super::*;
use crate::secret::Secret;

pub(super) struct Checkout {
    folder: tempfile::TempDir,
}

impl Checkout {
    pub(super) fn new() -> Self {
        let checkout = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(checkout.root()).unwrap();
        fs::create_dir(checkout.outside()).unwrap();
        checkout
    }

    pub(super) fn root(&self) -> PathBuf {
        self.folder.path().join("workspace")
    }

    pub(super) fn outside(&self) -> PathBuf {
        self.folder.path().join("outside")
    }

    pub(super) fn open(&self) -> Workspace {
        Workspace::open(&self.root()).unwrap()
    }

    /// Writes a file below the root, in the plain way.
    pub(super) fn write(self, path: &str, content: &str) -> Self {
        write(&self.root().join(path), content);
        self
    }

    pub(super) fn write_outside(self, path: &str, content: &str) -> Self {
        write(&self.outside().join(path), content);
        self
    }

    pub(super) fn folder(self, path: &str) -> Self {
        fs::create_dir_all(self.root().join(path)).unwrap();
        self
    }

    pub(super) fn link(self, path: &str, to: &str) -> Self {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(to, path).unwrap();
        self
    }

    pub(super) fn at(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    pub(super) fn stat(&self, path: &str) -> fs::Metadata {
        fs::symlink_metadata(self.at(path)).unwrap()
    }

    /// Permission bits of a file below the root.
    pub(super) fn mode(&self, path: &str) -> u32 {
        self.stat(path).mode() & 0o7777
    }

    /// Everything that there is, in the workspace and outside of it.
    pub(super) fn tree(&self) -> BTreeMap<String, String> {
        tree(self.folder.path())
    }
}

fn write(path: &Path, content: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

/// Every path below a folder with what it is: a file's content, mode and inode, or a link's target.
pub(super) fn tree(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(here) = waiting.pop() {
        for entry in fs::read_dir(here).unwrap() {
            let path = entry.unwrap().path();
            let stat = fs::symlink_metadata(&path).unwrap();
            let what = if stat.is_dir() {
                waiting.push(path.clone());
                "a folder".to_owned()
            } else if stat.is_file() {
                format!("{:?} {:o} {}", fs::read_to_string(&path).unwrap(), stat.mode(), stat.ino())
            } else if stat.is_symlink() {
                format!("-> {}", fs::read_link(&path).unwrap().display())
            } else {
                "special".to_owned()
            };
            found.insert(path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned(), what);
        }
    }
    found
}

pub(super) fn path(text: &str) -> ConfigPath {
    ConfigPath::new(text).unwrap()
}

pub(super) fn file<'a>(at: &str, content: &'a str) -> NewFile<'a> {
    NewFile {
        path: path(at),
        content: Secret::new(content.as_bytes()),
        mode: FileMode::Private,
        named: false,
        may_replace: true,
    }
}

pub(super) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Runs one test of this program again, in a process of its own.
pub(super) fn run_again(module: &str, test: &str, mut command: Command) {
    let name = format!("{}::{test}", module.split_once("::").unwrap().1);
    let output = command.args(["--exact", &name, "--nocapture"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

/// This very program, to be run by somebody who is not root, and to whom the folder that it lies in may be closed.
pub(super) fn as_nobody() -> Command {
    let mut command = Command::new("/proc/self/exe");
    command.uid(65534).gid(65534).current_dir("/");
    command
}
