//! A folder for one file in clear text, which is gone when the run is, however that ends.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::environment::Environment;
use crate::secret::Secret;

/// Waits until the process that started it is gone, whatever ended that one, and removes the folder. No signal of a
/// terminal ends it before.
const REMOVE: &str = "trap '' HUP INT QUIT TERM; read -r _; rm -rf -- \"$1\"";

/// The folder. Nobody else may look into it. It is removed when this is dropped; where the process is killed before, by
/// one that waits for its end.
pub(in crate::cli) struct PrivateFolder {
    folder: PathBuf,
    /// The file in it.
    file: PathBuf,
    watcher: Option<Child>,
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
        let mut builder = DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&folder)?;
        // From here on it is removed in any case.
        let made = Self { file: folder.join(name), watcher: watch(&folder), folder };
        made.create(content)?;
        Ok(made)
    }

    fn create(&self, content: &[u8]) -> io::Result<()> {
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

    /// What the file holds now; an error where it is larger than this.
    ///
    /// # Errors
    /// It is not there, or cannot be read.
    pub(in crate::cli) fn read(&self, most: u64) -> io::Result<Secret<Vec<u8>>> {
        let file = File::open(&self.file)?;
        if !file.metadata()?.is_file() {
            return Err(io::Error::other("it is no file any more"));
        }
        let mut bytes = Vec::new();
        file.take(most + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > most {
            return Err(io::Error::other("it is larger than a file may be"));
        }
        Ok(Secret::new(bytes))
    }
}

impl Drop for PrivateFolder {
    fn drop(&mut self) {
        // Where this fails, the watcher tries again.
        let _ = fs::remove_dir_all(&self.folder);
        if let Some(watcher) = &mut self.watcher {
            drop(watcher.stdin.take());
            let _ = watcher.wait();
        }
    }
}

/// Starts what removes the folder when this process is gone. Where it cannot be started, the folder is removed unless this
/// process is killed.
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
