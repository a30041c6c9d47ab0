//! As [`folder`](super::folder) elsewhere, with what Windows has: no owners to give files to, no permissions to set (a
//! file has those of its folder), no exchange of names, and a link is looked for before it is opened. What is opened
//! never lies outside of the folder, links or not: `cap-std` sees to that.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::time::SystemTime;

use cap_std::ambient_authority;
use cap_std::fs::{Dir, Metadata, OpenOptions, ReadDir};

/// Which file it is: what stays the same when a file is renamed, and differs for another. The time of creation is no
/// part of it, as Windows gives that of a removed file to the next one of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Identity {
    regular: bool,
    size: u64,
    changed: Option<SystemTime>,
}

impl Identity {
    pub(super) fn from_metadata(metadata: &Metadata) -> Self {
        let changed = metadata.modified().ok().map(cap_std::time::SystemTime::into_std);
        Self { regular: metadata.is_file(), size: metadata.len(), changed }
    }
}

/// The owner of a file, which is never set here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Owner;

impl Owner {
    pub(super) const fn from_metadata(_: &Metadata) -> Self {
        Self
    }
}

/// The permissions of a file, which there are none of.
pub(super) const fn mode_of(_: &Metadata) -> Option<u32> {
    None
}

/// When a file was last changed; none where nothing says so.
pub(super) fn touched_at(metadata: &Metadata) -> Option<SystemTime> {
    metadata.modified().ok().map(cap_std::time::SystemTime::into_std)
}

/// Whether a file is known to have no other name.
pub(super) const fn has_one_name(_: &Metadata) -> bool {
    false
}

/// Whether the system has a device of this name in every folder: `CON`, `aux.env`. To read one may wait for ever.
pub(super) fn is_device_name(name: &str) -> bool {
    gix_validate::path::component_is_windows_device(name.into())
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

    /// The owner to give new files to.
    #[expect(clippy::unnecessary_wraps, reason = "elsewhere the folder is asked")]
    pub(super) const fn owner_for_new_files(&self) -> io::Result<Option<Owner>> {
        Ok(None)
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
        if !self.symlink_metadata(&name)?.is_dir() {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        self.0.open_dir(Path::new(name.as_ref())).map(Self)
    }

    /// Makes a folder, unless something stands there. Returns whether it was made.
    pub(super) fn make_folder(&self, name: impl AsRef<OsStr>) -> io::Result<bool> {
        match self.0.create_dir(Path::new(name.as_ref())) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The same; a folder has the permissions of the one that it is in.
    pub(super) fn make_private_folder(&self, name: impl AsRef<OsStr>) -> io::Result<bool> {
        self.make_folder(name)
    }

    /// Gives the folder itself to an owner.
    #[expect(clippy::unnecessary_wraps, reason = "elsewhere it may fail")]
    pub(super) const fn set_owner(&self, _: Owner) -> io::Result<()> {
        Ok(())
    }

    /// Opens the file at a name for reading.
    pub(super) fn open_file(&self, name: impl AsRef<OsStr>) -> io::Result<File> {
        if self.symlink_metadata(&name)?.is_symlink() {
            return Err(io::Error::other("it is a link"));
        }
        Ok(self.0.open(Path::new(name.as_ref()))?.into_std())
    }

    /// Creates a file that was not there, with exactly this content. When that fails, the file is gone again.
    pub(super) fn create(&self, name: &str, content: &[u8], _: u32, _: Option<Owner>) -> io::Result<Identity> {
        let mut file = self.0.open_with(name, OpenOptions::new().write(true).create_new(true))?.into_std();
        let mut fill = || {
            file.write_all(content)?;
            Ok(Identity::from_metadata(&Metadata::from_file(&file)?))
        };
        fill().inspect_err(|_| {
            // The first failure is the one to report.
            let _ = self.remove_file(name);
        })
    }

    /// The same, as there are no groups.
    pub(super) fn create_as(
        &self,
        name: &str,
        content: &[u8],
        mode: u32,
        owner: Option<Owner>,
        _: &Metadata,
    ) -> io::Result<Identity> {
        self.create(name, content, mode, owner)
    }

    /// Renames a file over whatever file stands at the new name.
    pub(super) fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.0.rename(from, &self.0, to)
    }

    /// Renames a file to a name that must be free, else `AlreadyExists`.
    pub(super) fn rename_to_free(&self, from: &str, to: &str) -> io::Result<()> {
        match self.symlink_metadata(to) {
            Ok(_) => Err(io::ErrorKind::AlreadyExists.into()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.rename(from, to),
            Err(error) => Err(error),
        }
    }

    /// Exchanges the names of two files: `other` is free for a moment, and keeps its file when a step fails.
    pub(super) fn exchange(&self, one: &str, other: &str, spare: &str) -> io::Result<()> {
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
