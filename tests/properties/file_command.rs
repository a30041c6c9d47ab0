//! The files that hand outputs and variables to the runner: what is written is read back by the runner's rules, name by
//! name and byte by byte, or refused by name.

use cstore::action::file_command::{FileCommandError, render};
use cstore::secret::Secret;

use super::runner_rules::file_command_reader::pairs;

/// Names and values in turn, between bytes that no text has (0xFF).
pub fn hold(bytes: &[u8]) -> Vec<&'static str> {
    let mut texts = bytes.split(|byte| *byte == 0xFF).map(|text| String::from_utf8_lossy(text).into_owned());
    let mut entries = Vec::new();
    while let Some(name) = texts.next() {
        entries.push((name, Secret::new(texts.next().unwrap_or_default())));
    }
    // As a source that is not random would draw: each delimiter comes again, and values may know them.
    let mut drawn = 0_u128;
    let random = || {
        drawn += 1;
        drawn.to_be_bytes()
    };
    let lines = entries.iter().map(|(name, value)| (name.as_str(), value));
    match render(lines, random) {
        Ok(text) => {
            let read = pairs(text.expose().as_bytes()).expect("the runner reads it");
            let was_drawn_again = drawn > entries.len() as u128;
            let met = if entries.is_empty() { "nothing" } else { "written" };
            let expected: Vec<_> = entries.into_iter().map(|(name, value)| (name, value.into_exposed())).collect();
            assert!(read == expected, "the runner reads something else");
            [met].into_iter().chain(was_drawn_again.then_some("drawn again")).collect()
        }
        Err(FileCommandError::Name { name, .. }) => {
            assert!(!is_plain(&name), "{name:?} was refused");
            vec!["a name refused"]
        }
        Err(FileCommandError::Nul { name }) => {
            assert!(entries.iter().any(|(other, value)| *other == name && value.expose().contains('\0')));
            vec!["a NUL refused"]
        }
        Err(FileCommandError::Delimiter { name }) => {
            assert!(entries.iter().any(|(other, value)| *other == name && value.expose().contains("ghadelimiter_")));
            vec!["no delimiter"]
        }
    }
}

fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}
