use bytes::Bytes;

use crate::cli::command::exec::error::StartError;
use crate::secret::Secret;

/// A file that is there for one program alone, and gone with it.
#[cfg(target_os = "linux")]
pub(in crate::cli::command::exec) struct HeldFile(std::fs::File);

#[cfg(target_os = "linux")]
impl HeldFile {
    /// Holds it in memory, sealed: nobody can change it, and every opening reads it from its beginning.
    ///
    /// # Errors
    /// When the system does not let files be held in memory, or shows no process its own.
    pub(in crate::cli::command::exec) fn new(content: &Secret<Bytes>) -> Result<Self, StartError> {
        let file = in_memory(content.expose()).map(Self).map_err(StartError::NoFiles)?;
        std::fs::metadata(file.path()).map_err(StartError::NoFiles)?;
        Ok(file)
    }

    /// Its path, for the program and whatever inherits its descriptors.
    pub(in crate::cli::command::exec) fn path(&self) -> String {
        use std::os::fd::AsRawFd as _;
        format!("/proc/self/fd/{}", self.0.as_raw_fd())
    }
}

#[cfg(target_os = "linux")]
fn in_memory(content: &[u8]) -> std::io::Result<std::fs::File> {
    use std::fs::{File, Permissions};
    use std::io::{Seek as _, Write as _};
    use std::os::unix::fs::PermissionsExt as _;

    use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};
    use rustix::io::Errno;

    // Without CLOEXEC: the program is to have it.
    let flags = MemfdFlags::ALLOW_SEALING;
    let created = match memfd_create("cstore", flags | MemfdFlags::NOEXEC_SEAL) {
        // Linux before 6.3 does not know it.
        Err(Errno::INVAL) => memfd_create("cstore", flags),
        created => created,
    };
    let mut file = File::from(created?);
    file.write_all(content)?;
    file.rewind()?;
    file.set_permissions(Permissions::from_mode(0o400))?;
    fcntl_add_seals(&file, SealFlags::WRITE | SealFlags::SHRINK | SealFlags::GROW | SealFlags::SEAL)?;
    Ok(file)
}

/// As above, as a file of mode 0600 in a private folder. No machine that tests this project compiles it.
#[cfg(not(target_os = "linux"))]
pub(in crate::cli::command::exec) struct HeldFile {
    folder: std::path::PathBuf,
    path: std::path::PathBuf,
}

#[cfg(not(target_os = "linux"))]
impl HeldFile {
    /// Writes it into a folder of its own, which nobody else may enter.
    ///
    /// # Errors
    /// Why it cannot be written.
    pub(in crate::cli::command::exec) fn new(content: &Secret<Bytes>) -> Result<Self, StartError> {
        let random = || std::io::Error::other("there are no random numbers");
        let name = format!("cstore-{:032x}", getrandom_u128().ok_or_else(random).map_err(StartError::NoFiles)?);
        let folder = std::env::temp_dir().join(name);
        let mut builder = std::fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&folder).map_err(StartError::NoFiles)?;
        // From here on the folder is removed whatever happens.
        let file = Self { path: folder.join("file"), folder };
        let content = Secret::new(content.expose().as_ref());
        let written = crate::workspace::write_private(&file.folder, "file", content);
        written.map_err(|error| StartError::NoFiles(std::io::Error::other(error)))?;
        Ok(file)
    }

    /// Its path.
    pub(in crate::cli::command::exec) fn path(&self) -> std::path::PathBuf {
        self.path.clone()
    }
}

#[cfg(not(target_os = "linux"))]
impl Drop for HeldFile {
    fn drop(&mut self) {
        // It is gone, or nobody is left to tell.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

#[cfg(not(target_os = "linux"))]
fn getrandom_u128() -> Option<u128> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).ok()?;
    Some(u128::from_le_bytes(bytes))
}
