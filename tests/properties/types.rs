//! Types of files: each line is refused, or decides as its pattern says; and whatever a file holds, it is read, or an error
//! in few words says why not.

use cstore::catalog::{FileSelector, TypeRules};
use cstore::config::{FileType, read_file};
use cstore::name::ConfigPath;

/// A path, then rules, one a line.
pub fn hold(bytes: &[u8]) -> Vec<&'static str> {
    let path = ConfigPath::new("a").unwrap();
    for (_, file_type) in FileType::ALL {
        if let Err(file) = read_file(file_type, bytes, "_", &path, &path) {
            let told = format!("{} {:?}", file.error, file.looks_like);
            assert!(told.lines().count() == 1 && told.len() < 1_000, "{told}");
        }
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return Vec::new() };
    let (path, input) = text.split_once('\n').unwrap_or((text, ""));
    let Ok(rules) = TypeRules::new(input) else { return vec!["refused"] };
    let decided = rules.decide([path].into_iter());
    match decided.types.get(path) {
        Some(file_type) => {
            assert_eq!(last_that_matches(input, path), Some(*file_type), "{input:?} {path:?}");
            vec!["decided"]
        }
        None => {
            assert_eq!(last_that_matches(input, path), None, "{input:?} {path:?}");
            vec!["left open"]
        }
    }
}

/// What the last line that matches a path says.
fn last_that_matches(input: &str, path: &str) -> Option<FileType> {
    input.lines().rev().find_map(|line| {
        let (pattern, word) = line.rsplit_once('=')?;
        let files = FileSelector::new(pattern.trim()).ok()?;
        let type_of = |word: &str| FileType::ALL.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(word));
        (!files.select([path], |path| path).files.is_empty())
            .then(|| type_of(word.trim()))?
            .map(|(_, file_type)| file_type)
    })
}
