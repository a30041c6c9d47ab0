//! Names that were listed before: most completions of a command line ask for the same as the one before, and a listing
//! of many versions takes longer than anybody waits for one. Names alone, and no values.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::environment::Environment;
use crate::name::Digest;
use crate::workspace::{BelongsTo, make_private_folder, replace_private};

/// How long names count without a request.
const FRESH: Duration = Duration::from_secs(30);
/// How long they may lie there, and are offered while no others can be had in time.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
/// Larger ones are not read, in bytes.
const LARGEST: u64 = 4 * 1024 * 1024;

/// The names of one kind in one place.
pub(super) struct Cache {
    /// None where no variable leads to one.
    file: Option<PathBuf>,
}

/// What is kept of them.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Kept {
    /// Those of the last listing that came to its end.
    pub(super) names: Vec<String>,
    /// Those of one that has not yet.
    #[serde(default)]
    pub(super) read: Vec<String>,
    /// Where that one goes on; none where there is none.
    #[serde(default)]
    pub(super) next: Option<String>,
    /// Whether the names count without a request.
    #[serde(skip)]
    pub(super) are_fresh: bool,
}

impl Kept {
    /// The names of a listing that came to its end.
    pub(super) fn new(names: Vec<String>) -> Self {
        Self { names, ..Self::default() }
    }
}

impl Cache {
    /// `$XDG_CACHE_HOME/cstore`, else `~/.cache/cstore`; `asked`: all that decides what the names are.
    pub(super) fn new(environment: &Environment, asked: &[u8]) -> Self {
        let path = |name: &str| environment.text(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let folder = path("XDG_CACHE_HOME").or_else(|| Some(path("HOME")?.join(".cache")));
        let name = Digest::from_content(asked).to_string().replace(':', "-");
        Self { file: folder.map(|folder| folder.join("cstore").join(format!("{name}.json"))) }
    }

    /// What is kept, unless it is too old to mean anything.
    pub(super) fn kept(&self) -> Option<Kept> {
        let file = File::open(self.file.as_ref()?).ok()?;
        let found = file.metadata().ok()?;
        // One from the future has no age, and would count as new for as long.
        let age = found.modified().ok()?.elapsed().ok()?;
        if !found.is_file() || age > LONGEST {
            return None;
        }
        let mut bytes = Vec::new();
        file.take(LARGEST).read_to_end(&mut bytes).ok()?;
        let kept: Kept = serde_json::from_slice(&bytes).ok()?;
        Some(Kept { are_fresh: age <= FRESH && kept.next.is_none(), ..kept })
    }

    /// Keeps names. Where that fails, they are listed again.
    pub(super) fn keep(&self, kept: &Kept) {
        let Some((file, folder)) = self.file.as_deref().and_then(|file| Some((file, file.parent()?))) else { return };
        if make_private_folder(folder).is_ok()
            && let Ok(bytes) = serde_json::to_vec(kept)
        {
            sweep(folder);
            let _ = replace_private(file, &bytes, BelongsTo::FolderOwner);
        }
    }
}

/// Deletes what nobody has asked for in a long time.
fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let modified = entry.metadata().and_then(|found| found.modified());
        if modified.is_ok_and(|modified| modified.elapsed().is_ok_and(|age| age > LONGEST)) {
            let _ = fs::remove_file(entry.path());
        }
    }
}
