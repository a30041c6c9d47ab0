//! Which keys one side has and the other lacks.

use std::collections::HashSet;

use super::diffed::{Lacking, LackingKey};
use crate::command::{Change, FileChange, NoKeys};

/// The keys that one side lacks, given what differs.
pub(super) fn lacking(changes: &[FileChange]) -> Lacking {
    let mut lacking = Lacking::default();
    let (mut only_from, mut only_to) = (Vec::new(), Vec::new());
    for FileChange { path, change, keys } in changes {
        let keys = match keys {
            Ok(keys) => keys,
            // It has none.
            Err(NoKeys::Raw) => continue,
            Err(why) => {
                lacking.unknown.push((path.clone(), *why));
                continue;
            }
        };
        let named = |keys: &[String]| -> Vec<_> {
            keys.iter().map(|key| LackingKey { path: path.clone(), key: key.clone() }).collect()
        };
        match change {
            Change::Changed => {
                lacking.in_from.extend(named(&keys.added));
                lacking.in_to.extend(named(&keys.removed));
            }
            Change::Added => only_to.extend(named(&keys.added)),
            Change::Removed => only_from.extend(named(&keys.removed)),
        }
    }
    let of_files = |keys: &[LackingKey], others: &[LackingKey]| -> Vec<_> {
        let mut known: HashSet<_> = others.iter().map(|other| other.key.as_str()).collect();
        keys.iter().filter(|key| known.insert(key.key.as_str())).cloned().collect()
    };
    lacking.in_from.extend(of_files(&only_to, &only_from));
    lacking.in_to.extend(of_files(&only_from, &only_to));
    lacking
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::{KeyChanges, Obstacle};
    use crate::name::ConfigPath;

    fn change(path: &str, change: Change, added: &[&str], removed: &[&str]) -> FileChange {
        let names = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect();
        let keys = KeyChanges { added: names(added), removed: names(removed), ..KeyChanges::default() };
        FileChange { path: ConfigPath::new(path).unwrap(), change, keys: Ok(keys) }
    }

    fn shown(keys: &[LackingKey]) -> Vec<String> {
        keys.iter().map(|LackingKey { path, key }| format!("{path}: {key}")).collect()
    }

    #[test]
    fn files_of_one_path_are_compared_with_each_other_and_the_others_as_a_whole() {
        let lacking = lacking(&[
            change("both", Change::Changed, &["A"], &["B"]),
            change("dev/one", Change::Removed, &[], &["C", "D"]),
            change("dev/two", Change::Removed, &[], &["D", "E"]),
            change("prod/all", Change::Added, &["C", "F", "B"], &[]),
        ]);
        assert_eq!(shown(&lacking.in_from), ["both: A", "prod/all: F", "prod/all: B"]);
        assert_eq!(shown(&lacking.in_to), ["both: B", "dev/one: D", "dev/two: E"]);
        assert!(!lacking.is_nothing());
    }

    #[test]
    fn a_file_whose_keys_are_not_known_leaves_it_open_and_one_that_has_none_does_not() {
        let with = |keys| FileChange { keys: Err(keys), ..change("a", Change::Changed, &[], &[]) };
        assert!(lacking(&[with(NoKeys::Raw)]).is_nothing());
        for why in [NoKeys::Unread, NoKeys::NotHad(Obstacle::TooMuch)] {
            assert!(!lacking(&[with(why)]).is_nothing());
        }
    }
}
