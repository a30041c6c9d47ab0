//! Which folder files were remembered in. Another one may stand at its path by now: a fresh checkout, a restored
//! backup.

use std::fs;
use std::path::Path;
#[cfg(not(target_os = "linux"))]
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};

/// What stays the same while files in a folder come and go, and while it is moved away and back, and differs for every
/// other folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FolderIdentity {
    /// Its number in the file system. ext4 gives a removed folder's to the next one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    inode: Option<u64>,
    /// When it was made, in seconds and nanoseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    born: Option<(i64, u32)>,
    /// Its device, where the file system does not say when it was made: at the next start btrfs, NFS and macOS may give
    /// the same folder another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    device: Option<u64>,
}

impl FolderIdentity {
    /// Of the folder that a catalog lies in; none where that is not there.
    pub(super) fn of_catalog(catalog: &Path) -> Option<Self> {
        let folder = catalog.parent()?;
        let found = fs::metadata(folder).ok().filter(fs::Metadata::is_dir)?;
        let born = born(folder, &found);
        #[cfg(unix)]
        let (inode, device) = {
            use std::os::unix::fs::MetadataExt as _;
            (Some(found.ino()), born.is_none().then(|| found.dev()))
        };
        // A folder gets no earlier one's time of birth there, as a file may.
        #[cfg(not(unix))]
        let (inode, device) = (None, None);
        (born.is_some() || inode.is_some()).then_some(Self { inode, born, device })
    }

    /// Whether a run that knew the folder as another identity still sees the same one. overlayfs copies a folder of an
    /// image when something is first written into it, and gives the copy a time of birth of its own.
    pub(super) fn may_be_a_copy_of(&self, before: &Self) -> bool {
        self.inode.is_some() && (self.inode, self.device) == (before.inode, before.device)
    }
}

#[cfg(target_os = "linux")]
fn born(folder: &Path, _: &fs::Metadata) -> Option<(i64, u32)> {
    use rustix::fs::{AtFlags, CWD, StatxFlags, statx};
    // The standard library does not ask for it where it stands on musl.
    let found = statx(CWD, folder, AtFlags::empty(), StatxFlags::BTIME).ok()?;
    let born = (found.stx_btime.tv_sec, found.stx_btime.tv_nsec);
    (found.stx_mask & StatxFlags::BTIME.bits() != 0 && born != (0, 0)).then_some(born)
}

#[cfg(not(target_os = "linux"))]
fn born(_: &Path, found: &fs::Metadata) -> Option<(i64, u32)> {
    let born = found.created().ok()?.duration_since(UNIX_EPOCH).ok().filter(|born| !born.is_zero())?;
    Some((born.as_secs().try_into().ok()?, born.subsec_nanos()))
}
