//! Names that were listed a moment ago: most completions of a command line ask for the same as the one before. Names
//! alone, and no values.

use std::fs::{self, DirBuilder, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::cli::state::replace;
use crate::environment::Environment;
use crate::name::Digest;

/// How long names count.
const FRESH: Duration = Duration::from_secs(30);
/// How long they may lie there.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
/// Larger ones are not read, in bytes.
const LARGEST: u64 = 4 * 1024 * 1024;

/// The names of one kind in one place.
pub(super) struct Cache {
    /// None where no variable leads to one.
    file: Option<PathBuf>,
}

impl Cache {
    /// `$XDG_CACHE_HOME/cstore`, else `~/.cache/cstore`; `asked`: all that decides what the names are.
    pub(super) fn new(environment: &Environment, asked: &[u8]) -> Self {
        let path = |name: &str| environment.text(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let folder = path("XDG_CACHE_HOME").or_else(|| Some(path("HOME")?.join(".cache")));
        let name = Digest::from_content(asked).to_string().replace(':', "-");
        Self { file: folder.map(|folder| folder.join("cstore").join(format!("{name}.json"))) }
    }

    /// The names, where they are fresh.
    pub(super) fn names(&self) -> Option<Vec<String>> {
        let file = File::open(self.file.as_ref()?).ok()?;
        let found = file.metadata().ok()?;
        if !found.is_file() || found.modified().ok()?.elapsed().ok()? > FRESH {
            return None;
        }
        let mut bytes = Vec::new();
        file.take(LARGEST).read_to_end(&mut bytes).ok()?;
        serde_json::from_slice(&bytes).ok()
    }

    /// Keeps names. Where that fails, they are listed again.
    pub(super) fn keep(&self, names: &[String]) {
        let Some((file, folder)) = self.file.as_deref().and_then(|file| Some((file, file.parent()?))) else { return };
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        if builder.create(folder).is_ok()
            && let Ok(bytes) = serde_json::to_vec(names)
        {
            sweep(folder);
            let _ = replace(file, &bytes);
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
