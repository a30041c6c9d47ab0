use std::path::PathBuf;

use crate::message::PathsFromHere;

/// A folder that a person has named for files, whose paths are shown as they would be typed.
#[derive(Debug)]
pub(in crate::cli) struct TypedFolder {
    /// Its absolute path.
    pub(in crate::cli) path: PathBuf,
    /// As it was typed.
    pub(in crate::cli) typed: String,
}

impl PathsFromHere for TypedFolder {
    fn path(&self, path: &str) -> String {
        let path = self.path.join(path);
        match path.strip_prefix(&self.path) {
            Ok(rest) if rest.as_os_str().is_empty() => self.typed.clone(),
            Ok(rest) => format!("{}/{}", self.typed.trim_end_matches('/'), rest.display()),
            Err(_) => path.display().to_string(),
        }
    }

    fn line(&self, line: &str) -> String {
        line.to_owned()
    }

    fn lists_files(&self) -> bool {
        true
    }

    fn has_several_buckets(&self) -> bool {
        false
    }

    fn named_catalog(&self) -> Option<String> {
        None
    }
}
