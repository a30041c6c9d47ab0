//! Removing what runs have left that were killed.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::time::{Duration, SystemTime};

use super::Workspace;
use super::folder::{Folder, touched_at};
use super::temporary::{Temporary, temporary_kind};
use crate::name::{ConfigPath, Digest};

/// A temporary file that has not been touched for this long belongs to no run: from the first that is written until all
/// have their names, the files of a run lie there for moments. The caller's lock keeps others out that may take longer.
const STALE: Duration = Duration::from_mins(10);

/// So many names of a folder are looked at.
const MOST_NAMES: usize = 10_000;

/// The largest file whose digest is found out, in bytes.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

impl Workspace {
    /// Removes temporary files that were left beside these files by runs that were killed. A file that had been there
    /// before, and was about to be replaced or removed, goes only if its bytes are known to be elsewhere; the paths of
    /// the others are returned. What cannot be looked at or removed is left to the next run.
    ///
    /// No other run may write here meanwhile. `now`: the time.
    pub fn sweep<'p>(
        &self,
        beside: impl IntoIterator<Item = &'p ConfigPath>,
        now: SystemTime,
        is_elsewhere: impl Fn(Digest) -> bool,
    ) -> Vec<String> {
        let (mut opened, mut seen, mut left) = (BTreeMap::new(), BTreeSet::new(), Vec::new());
        for path in beside {
            let above = path.as_str().rsplit_once('/').map(|(above, _)| above);
            if !seen.insert(above) {
                continue;
            }
            let Ok(Some(folder)) = self.find_folders(path, &mut opened) else { continue };
            let kept = sweep_folder(&folder, now, &is_elsewhere);
            left.extend(kept.into_iter().map(|name| above.map_or(name.clone(), |above| format!("{above}/{name}"))));
        }
        left
    }
}

/// Sweeps one folder, and gives the names of files that stay there.
fn sweep_folder(folder: &Folder, now: SystemTime, is_elsewhere: impl Fn(Digest) -> bool) -> Vec<String> {
    let names = folder.entries().into_iter().flatten().take(MOST_NAMES).flatten();
    let names = names.filter_map(|entry| entry.file_name().into_string().ok());
    let mut kept = Vec::new();
    for (name, kind) in names.filter_map(|name| temporary_kind(&name).map(|kind| (name, kind))) {
        let Ok(found) = folder.symlink_metadata(&name) else { continue };
        let is_stale = |at: Option<SystemTime>| at.and_then(|at| now.duration_since(at).ok()) > Some(STALE);
        let modified = found.modified().ok().map(cap_std::time::SystemTime::into_std);
        if !found.is_file() || !is_stale(modified) {
            continue;
        }
        let goes = match kind {
            Temporary::New => true,
            // Its content is older than the run that gave it this name.
            Temporary::Earlier if !is_stale(touched_at(&found)) => continue,
            Temporary::Earlier => digest_of(folder, &name).is_some_and(&is_elsewhere),
        };
        if goes {
            // Where this fails, the next run tries again.
            let _ = folder.remove_file(&name);
        } else {
            kept.push(name);
        }
    }
    kept.sort_unstable();
    kept
}

fn digest_of(folder: &Folder, name: &str) -> Option<Digest> {
    let mut content = Vec::new();
    folder.open_file(name).ok()?.take(MOST_BYTES).read_to_end(&mut content).ok()?;
    Some(Digest::from_content(&content))
}
