//! What a push changes, a line a file and a key: `+` for what is new, `~` for what has changed, `-` for what is gone.

use crate::command::{FileChange, NoKeys, Obstacle};
use crate::excerpt::listed_key;
use crate::message::diff::sign;

/// At most so many keys of a file are named.
const MOST_KEYS: usize = 50;

/// The lines. `shown`: how a path, relative to the catalog's folder, is printed.
pub(super) fn change_lines(files: &[FileChange], shown: &dyn Fn(&str) -> String) -> Vec<String> {
    files.iter().flat_map(|file| of_file(file, shown)).collect()
}

fn of_file(file: &FileChange, shown: &dyn Fn(&str) -> String) -> Vec<String> {
    let path = shown(file.path.as_str());
    let why = match &file.keys {
        Ok(keys) if keys.are_none() => " (no key differs)",
        Ok(_) | Err(NoKeys::Raw | NoKeys::NotHad(Obstacle::TooSlow)) => "",
        Err(NoKeys::Unread) => " (not compared by key, as it cannot be read)",
        Err(NoKeys::NotHad(_)) => " (not compared by key)",
    };
    let mut lines = vec![format!("{} {path}{why}", sign(file.change))];
    if let Ok(keys) = &file.keys {
        let kinds = [('+', &keys.added), ('~', &keys.changed), ('-', &keys.removed)];
        let all: Vec<_> = kinds.into_iter().flat_map(|(sign, keys)| keys.iter().map(move |key| (sign, key))).collect();
        lines.extend(all.iter().take(MOST_KEYS).map(|(sign, key)| format!("    {sign} {}", listed_key(key))));
        if let Some(more) = all.len().checked_sub(MOST_KEYS).filter(|more| *more > 0) {
            lines.push(format!("    and {more} more"));
        }
    }
    lines
}
