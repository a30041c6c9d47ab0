//! The folders that the runner mounts into a container action.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::fs::statvfs;
use tempfile::TempDir;

/// A job's folders: `github/workspace` and its neighbours. Clones share them; they go with the last one.
#[derive(Clone)]
pub(crate) struct Workspace {
    root: Arc<TempDir>,
}

/// What is at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Entry {
    Folder,
    /// A file's bytes and permissions.
    File {
        contents: Vec<u8>,
        mode: u32,
    },
    /// A symbolic link to this.
    Link(PathBuf),
    /// A pipe, a socket, a device.
    Special,
}

/// A file system in memory, as Linux has one. On a disk, thousands of folders that are made and removed within a minute
/// take the kernel more time than the tests themselves: ext4 looks through all that were just removed.
const MEMORY: &str = "/dev/shm";

/// Whether a gigabyte can be written there. In a container there are often but 64 MiB.
fn has_room(path: &str) -> bool {
    statvfs(path).is_ok_and(|disk| disk.f_bavail * disk.f_frsize >= 1 << 30)
}

impl Workspace {
    /// Empty folders.
    pub(crate) fn new() -> Self {
        let root = if has_room(MEMORY) { tempfile::tempdir_in(MEMORY) } else { tempfile::tempdir() };
        let workspace = Self { root: Arc::new(root.unwrap()) };
        for name in ["workspace", "home", "workflow", "file_commands", "runner_temp"] {
            fs::create_dir_all(workspace.mounted(name)).unwrap();
        }
        workspace
    }

    /// `/github/<name>` of the container.
    pub(crate) fn mounted(&self, name: &str) -> PathBuf {
        self.root.path().join("github").join(name)
    }

    /// A path below the workspace.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.mounted("workspace").join(path)
    }

    /// A path on this machine that is outside of all folders of the job, for what must not be reached.
    pub(crate) fn outside(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    /// Writes a file and the folders above it.
    pub(crate) fn write(&self, path: &str, contents: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, contents).unwrap();
    }

    /// Plants a symbolic link.
    pub(crate) fn link(&self, path: &str, target: impl AsRef<Path>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        symlink(target, path).unwrap();
    }

    /// Removes a file.
    pub(crate) fn remove(&self, path: &str) {
        fs::remove_file(self.path(path)).unwrap();
    }

    /// The bytes of a file that must be there.
    pub(crate) fn read(&self, path: &str) -> Vec<u8> {
        fs::read(self.path(path)).unwrap_or_else(|e| panic!("{path}: {e}; there are {:#?}", self.files()))
    }

    /// A file's permissions, such as `0o600`.
    pub(crate) fn mode(&self, path: &str) -> u32 {
        fs::metadata(self.path(path)).unwrap().permissions().mode() & 0o7777
    }

    /// The paths of all files and links below the workspace, sorted.
    pub(crate) fn files(&self) -> Vec<String> {
        let entries = entries_below(&self.mounted("workspace"));
        entries.into_iter().filter(|(_, entry)| *entry != Entry::Folder).map(|(path, _)| path).collect()
    }

    /// All that a step could have left behind on disk: below the workspace, the home folder and `RUNNER_TEMP`.
    pub(crate) fn snapshot(&self) -> BTreeMap<String, Entry> {
        let folders = ["workspace", "home", "runner_temp"].into_iter();
        let below = |name| entries_below(&self.mounted(name)).into_iter().map(move |(p, e)| (format!("{name}/{p}"), e));
        folders.flat_map(below).collect()
    }
}

fn entries_below(folder: &Path) -> BTreeMap<String, Entry> {
    let mut entries = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for child in fs::read_dir(next).unwrap() {
            let path = child.unwrap().path();
            let metadata = fs::symlink_metadata(&path).unwrap();
            let entry = if metadata.is_dir() {
                folders.push(path.clone());
                Entry::Folder
            } else if metadata.is_symlink() {
                Entry::Link(fs::read_link(&path).unwrap())
            } else if !metadata.is_file() {
                Entry::Special
            } else {
                Entry::File { contents: fs::read(&path).unwrap(), mode: metadata.permissions().mode() & 0o7777 }
            };
            entries.insert(path.strip_prefix(folder).unwrap().to_string_lossy().into_owned(), entry);
        }
    }
    entries
}
