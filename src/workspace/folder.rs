//! One open folder, and what can be done to the names directly in it.
//!
//! Every operation takes a single name, never a path, and never follows a link at that name. So whoever goes down a
//! path one [`Folder`] at a time cannot be led out of it, whatever is swapped meanwhile: an open folder stays the one
//! that was opened.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::{PermissionsExt, fchown};
use std::path::Path;
use std::time::{Duration, SystemTime};

use cap_std::ambient_authority;
use cap_std::fs::{Dir, Metadata, MetadataExt, PermissionsExt as _, ReadDir};
use rustix::fs::{Mode, OFlags, RenameFlags, mkdirat, openat, renameat_with};
use rustix::io::Errno;

/// Which file it is: what stays the same when a file is renamed, and differs for another. The inode alone does not do,
/// as file systems give a removed file's number to the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Identity {
    device: u64,
    inode: u64,
    /// Whether it is a regular file, and not a folder or link.
    regular: bool,
    size: u64,
    /// Seconds and nanoseconds of the last change of content.
    changed: (i64, i64),
}

impl Identity {
    pub(super) fn from_metadata(metadata: &Metadata) -> Self {
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            regular: metadata.is_file(),
            size: metadata.len(),
            changed: (metadata.mtime(), metadata.mtime_nsec()),
        }
    }
}

/// The user and group that files are given to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Owner {
    user: u32,
    group: u32,
}

impl Owner {
    pub(super) fn from_metadata(metadata: &Metadata) -> Self {
        Self { user: metadata.uid(), group: metadata.gid() }
    }

    /// Gives an open file or folder to this owner. Does nothing when it is theirs already, so that a root without the
    /// right to do so (a container with its capabilities dropped) can still work in a folder of its own.
    fn apply_to(self, file: &File) -> io::Result<()> {
        if Self::from_metadata(&Metadata::from_file(file)?) == self {
            return Ok(());
        }
        fchown(file, Some(self.user), Some(self.group))
    }
}

/// The permissions of a file, where there are such.
pub(super) fn mode_of(metadata: &Metadata) -> Option<u32> {
    Some(metadata.permissions().mode() & 0o7777)
}

/// When a file was last changed in any way, renamed too where the file system counts that as a change; none where
/// nothing says so.
pub(super) fn touched_at(metadata: &Metadata) -> Option<SystemTime> {
    let time = Duration::new(metadata.ctime().try_into().ok()?, metadata.ctime_nsec().try_into().ok()?);
    SystemTime::UNIX_EPOCH.checked_add(time)
}

/// Whether a file is known to have no other name, through a hard link.
pub(super) fn has_one_name(metadata: &Metadata) -> bool {
    metadata.nlink() == 1
}

/// Whether the system has a device of this name in every folder. This one has not.
pub(super) const fn is_device_name(_: &str) -> bool {
    false
}

/// An open folder.
#[derive(Debug)]
pub(super) struct Folder(Dir);

impl Folder {
    /// Opens a folder anywhere, links in the path followed: for roots that the caller trusts.
    pub(super) fn open_trusted(path: &Path) -> io::Result<Self> {
        Dir::open_ambient_dir(path, ambient_authority()).map(Self)
    }

    /// Another handle of the same folder.
    pub(super) fn try_clone(&self) -> io::Result<Self> {
        self.0.try_clone().map(Self)
    }

    /// The folder as `cap-std` sees it, for resolving paths below it.
    pub(super) const fn dir(&self) -> &Dir {
        &self.0
    }

    /// The owner to give new files in this folder to: the folder's own when this process is root, else none, and they
    /// belong to the process's user.
    pub(super) fn owner_for_new_files(&self) -> io::Result<Option<Owner>> {
        if rustix::process::geteuid().is_root() {
            Ok(Some(Owner::from_metadata(&self.0.dir_metadata()?)))
        } else {
            Ok(None)
        }
    }

    /// What stands at a name: of a link, the link itself and not its target.
    pub(super) fn symlink_metadata(&self, name: impl AsRef<OsStr>) -> io::Result<Metadata> {
        self.0.symlink_metadata(Path::new(name.as_ref()))
    }

    /// The names in here.
    pub(super) fn entries(&self) -> io::Result<ReadDir> {
        self.0.entries()
    }

    /// Opens the folder at a name. Fails for a link to one, with `NotADirectory`.
    pub(super) fn open_folder(&self, name: impl AsRef<OsStr>) -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let folder = openat(&self.0, name.as_ref(), flags, Mode::empty())?;
        Ok(Self(Dir::from_std_file(File::from(folder))))
    }

    /// Makes a folder of mode 0755 (less the umask), unless something stands there. Returns whether it was made.
    pub(super) fn make_folder(&self, name: impl AsRef<OsStr>) -> io::Result<bool> {
        self.make_folder_of_mode(name.as_ref(), 0o755)
    }

    /// The same of a folder of mode 0700.
    pub(super) fn make_private_folder(&self, name: impl AsRef<OsStr>) -> io::Result<bool> {
        self.make_folder_of_mode(name.as_ref(), 0o700)
    }

    fn make_folder_of_mode(&self, name: &OsStr, mode: u32) -> io::Result<bool> {
        match mkdirat(&self.0, name, Mode::from_raw_mode(mode)) {
            Ok(()) => Ok(true),
            Err(Errno::EXIST) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Gives the folder itself to an owner.
    pub(super) fn set_owner(&self, owner: Owner) -> io::Result<()> {
        owner.apply_to(&self.try_clone()?.0.into_std_file())
    }

    /// Opens the file at a name for reading. Opening never blocks, not even a FIFO; reading may, so check what it is.
    pub(super) fn open_file(&self, name: impl AsRef<OsStr>) -> io::Result<File> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        Ok(File::from(openat(&self.0, name.as_ref(), flags, Mode::empty())?))
    }

    /// Creates a file that was not there, with exactly this content, mode and owner. When that fails, the file is gone
    /// again.
    pub(super) fn create(&self, name: &str, content: &[u8], mode: u32, owner: Option<Owner>) -> io::Result<Identity> {
        self.create_for(name, content, mode, owner, None)
    }

    /// The same with the group of another file. Where that group cannot be given, no group may use the file.
    pub(super) fn create_as(
        &self,
        name: &str,
        content: &[u8],
        mode: u32,
        owner: Option<Owner>,
        other: &Metadata,
    ) -> io::Result<Identity> {
        self.create_for(name, content, mode, owner, Some(other.gid()))
    }

    fn create_for(
        &self,
        name: &str,
        content: &[u8],
        mode: u32,
        owner: Option<Owner>,
        group: Option<u32>,
    ) -> io::Result<Identity> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mut file = File::from(openat(&self.0, name, flags, Mode::from_raw_mode(0o600))?);
        let mut fill = || {
            file.write_all(content)?;
            if let Some(owner) = owner {
                owner.apply_to(&file)?;
            }
            let is_given = |group| {
                let found = Metadata::from_file(&file).is_ok_and(|found| found.gid() == group);
                found || fchown(&file, None, Some(group)).is_ok()
            };
            let mode = if group.is_none_or(is_given) { mode } else { mode & !0o070 };
            // Set again because the umask has a say in the mode that a file is created with.
            file.set_permissions(std::fs::Permissions::from_mode(mode))?;
            Ok(Identity::from_metadata(&Metadata::from_file(&file)?))
        };
        fill().inspect_err(|_| {
            // The first failure is the one to report.
            let _ = self.remove_file(name);
        })
    }

    /// Renames a file over whatever file stands at the new name.
    pub(super) fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        Ok(renameat_with(&self.0, from, &self.0, to, RenameFlags::empty())?)
    }

    /// Renames a file to a name that must be free, else `AlreadyExists`.
    pub(super) fn rename_to_free(&self, from: &str, to: &str) -> io::Result<()> {
        match renameat_with(&self.0, from, &self.0, to, RenameFlags::NOREPLACE) {
            Err(error) if is_unsupported(error) => match self.symlink_metadata(to) {
                Ok(_) => Err(Errno::EXIST.into()),
                Err(error) if error.kind() == io::ErrorKind::NotFound => self.rename(from, to),
                Err(error) => Err(error),
            },
            outcome => Ok(outcome?),
        }
    }

    /// Exchanges the names of two files. Where the file system can do that at once, neither name is ever free.
    pub(super) fn exchange(&self, one: &str, other: &str, spare: &str) -> io::Result<()> {
        match renameat_with(&self.0, one, &self.0, other, RenameFlags::EXCHANGE) {
            Err(error) if is_unsupported(error) => self.exchange_in_steps(one, other, spare),
            outcome => Ok(outcome?),
        }
    }

    /// As [`exchange`](Self::exchange) where a file system (NFS, FAT, some FUSE) or sandbox lacks it: `other` is free
    /// for a moment, and keeps its file when a step fails.
    pub(super) fn exchange_in_steps(&self, one: &str, other: &str, spare: &str) -> io::Result<()> {
        self.rename(other, spare)?;
        let swapped = self.rename(one, other).and_then(|()| self.rename(spare, one));
        if swapped.is_err() {
            self.rename(spare, other)?;
        }
        swapped
    }

    /// Removes a file or link.
    pub(super) fn remove_file(&self, name: &str) -> io::Result<()> {
        self.0.remove_file(name)
    }

    /// Removes a folder that is empty.
    pub(super) fn remove_folder(&self, name: &str) -> io::Result<()> {
        self.0.remove_dir(name)
    }
}

/// What kernels, file systems and sandboxes say to rename flags that they do not know (renameat2(2), "ERRORS").
fn is_unsupported(error: Errno) -> bool {
    error == Errno::INVAL || error == Errno::NOSYS || error == Errno::NOTSUP
}
