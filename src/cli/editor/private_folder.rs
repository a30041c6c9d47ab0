//! A folder for one file in clear text, which is gone when the run is, however that ends.

use std::fs::{self, DirBuilder, DirEntry, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::environment::Environment;
use crate::secret::Secret;
use crate::store::MAX_FILE_BYTES;

/// Waits until the process that started it is gone, whatever ended that one, and removes the folder; not if it is told
/// anything before. No signal of a terminal ends it before.
const REMOVE: &str = "trap '' HUP INT QUIT TERM; read -r _ || rm -rf -- \"$1\"";

/// The folder. Nobody else may look into it. It is removed when this is dropped, unless it is [kept](Self::keep); where
/// the process is killed before, by one that waits for its end.
pub(in crate::cli) struct PrivateFolder {
    folder: PathBuf,
    /// The file in it.
    file: PathBuf,
    watcher: Option<Child>,
    is_kept: bool,
}

impl PrivateFolder {
    /// Makes a folder with a file of this name in it. It is kept in memory where the system has a place for that:
    /// `XDG_RUNTIME_DIR`, else `/dev/shm`; else it is in the folder of temporary files.
    ///
    /// # Errors
    /// It can be made in none of these.
    pub(in crate::cli) fn make(environment: &Environment, name: &str, content: &[u8]) -> io::Result<Self> {
        let runtime = environment.text("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|path| path.is_absolute());
        let memory = cfg!(target_os = "linux").then(|| PathBuf::from("/dev/shm"));
        let mut last = io::ErrorKind::NotFound.into();
        for parent in runtime.into_iter().chain(memory).chain([std::env::temp_dir()]) {
            match Self::make_in(&parent, name, content) {
                Ok(made) => return Ok(made),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    fn make_in(parent: &Path, name: &str, content: &[u8]) -> io::Result<Self> {
        let folder = parent.join(format!("cstore-edit-{:016x}", getrandom::u64().map_err(io::Error::other)?));
        make_folder(&folder)?;
        // From here on it is removed in any case.
        let made = Self { file: folder.join(name), watcher: watch(&folder), folder, is_kept: false };
        made.create(content)?;
        Ok(made)
    }

    /// Writes the file where there is none, and makes the folder where that is gone as well.
    ///
    /// # Errors
    /// It is there, or cannot be written.
    pub(in crate::cli) fn create(&self, content: &[u8]) -> io::Result<()> {
        if is_gone(&fs::symlink_metadata(&self.folder)) {
            make_folder(&self.folder)?;
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&self.file)?.write_all(content)
    }

    /// The file's path.
    pub(in crate::cli) fn file(&self) -> &Path {
        &self.file
    }

    /// What the file holds now, none where it is gone; an error where it is larger than this.
    ///
    /// # Errors
    /// It cannot be read, or something else is in its place.
    pub(in crate::cli) fn read(&self, most: u64) -> io::Result<Option<Secret<Vec<u8>>>> {
        if is_gone(&fs::symlink_metadata(&self.file)) {
            return Ok(None);
        }
        let found = fs::metadata(&self.file);
        if is_gone(&found) {
            return Err(io::Error::other("it is now a symbolic link that leads nowhere"));
        }
        // To open a pipe is to wait for whoever writes to it.
        if !found?.is_file() {
            return Err(io::Error::other("it is no longer a file"));
        }
        let mut bytes = Vec::new();
        File::open(&self.file)?.take(most + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > most {
            return Err(io::Error::other("it is larger than a file may be"));
        }
        Ok(Some(Secret::new(bytes)))
    }

    /// Whether all that is in it is the file with this content, or not even that. Editors keep what they have not
    /// written beside it.
    pub(in crate::cli) fn holds_only(&self, content: &[u8]) -> bool {
        let is_file = |entry: io::Result<DirEntry>| entry.is_ok_and(|entry| entry.path() == self.file);
        let entries = fs::read_dir(&self.folder);
        let is_alone = is_gone(&entries) || entries.is_ok_and(|mut entries| entries.all(is_file));
        let is_its = |read: Option<Secret<Vec<u8>>>| read.is_none_or(|read| read.expose()[..] == *content);
        is_alone && self.read(content.len() as u64).is_ok_and(is_its)
    }

    /// Leaves the folder where it is. `before`: what the file held when it was opened.
    pub(in crate::cli) fn keep(mut self, before: &[u8]) -> KeptFolder {
        self.is_kept = true;
        let is_text = matches!(self.read(MAX_FILE_BYTES), Ok(Some(read)) if read.expose()[..] != *before);
        KeptFolder { path: self.folder.clone(), is_text }
    }
}

/// A folder that is left where it is.
#[derive(Debug)]
pub(in crate::cli) struct KeptFolder {
    pub(in crate::cli) path: PathBuf,
    /// Whether its file has a text that somebody has written. Else an editor has left something else there.
    pub(in crate::cli) is_text: bool,
}

/// Whether there is nothing at a path.
fn is_gone<T>(found: &io::Result<T>) -> bool {
    found.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
}

/// Makes a folder that nobody else may look into, where there is nothing.
fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

impl Drop for PrivateFolder {
    fn drop(&mut self) {
        if self.is_kept {
            if let Some(mut watcher) = self.watcher.take() {
                // Where it is not there to be told, it does not remove anything either.
                let _ = watcher.stdin.take().map(|mut told| told.write_all(b"keep\n"));
                let _ = watcher.wait();
            }
            return;
        }
        // Where this fails, the watcher tries again.
        let _ = fs::remove_dir_all(&self.folder);
        if let Some(watcher) = &mut self.watcher {
            drop(watcher.stdin.take());
            let _ = watcher.wait();
        }
    }
}

/// Starts what removes the folder when this process is gone. Where it cannot be started, the folder is removed unless
/// this process is killed.
#[cfg(unix)]
fn watch(folder: &Path) -> Option<Child> {
    use std::os::unix::process::CommandExt as _;
    let mut command = Command::new("sh");
    command.arg("-c").arg(REMOVE).arg("sh").arg(folder);
    // Its input ends when this process does: no other has the other end. What is sent to a group is not sent to it.
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0).spawn().ok()
}

#[cfg(not(unix))]
fn watch(_: &Path) -> Option<Child> {
    None
}
