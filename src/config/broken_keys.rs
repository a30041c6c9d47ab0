//! What a later set of files breaks for whoever relies on the keys of an earlier one.

use std::collections::BTreeMap;

use super::key_types::{KeyType, KeyTypes};
use crate::name::{ConfigPath, MayChange};
use crate::ordered::Ordered as _;

/// Files with the types of their keys; none of a file whose keys are not known.
pub type FileKeys = BTreeMap<ConfigPath, Option<KeyTypes>>;

/// What differs in a file although it may not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenFile {
    /// Its path, relative to the catalog.
    pub path: ConfigPath,
    /// How.
    pub how: Broken,
}

/// How a file differs although it may not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Broken {
    /// It is gone.
    Gone,
    /// It is new.
    New,
    /// Keys of it differ.
    Keys(BrokenKeys),
}

/// The keys that differ although they may not, sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BrokenKeys {
    /// Keys that are gone.
    pub gone: Vec<String>,
    /// Keys with values of another type: before and after.
    pub retyped: Vec<(String, KeyType, KeyType)>,
    /// Keys that are new.
    pub new: Vec<String>,
}

impl BrokenFile {
    /// What would have to be allowed for it.
    #[must_use]
    pub fn needs(&self) -> MayChange {
        match &self.how {
            Broken::New => MayChange::Additions,
            Broken::Keys(keys) if keys.gone.is_empty() && keys.retyped.is_empty() => MayChange::Additions,
            Broken::Gone | Broken::Keys(_) => MayChange::Anything,
        }
    }
}

/// Where a later set of files differs from an earlier one in more than it may, by path.
#[must_use]
pub fn broken_files(old: &FileKeys, new: &FileKeys, may: MayChange) -> Vec<BrokenFile> {
    if may == MayChange::Anything {
        return Vec::new();
    }
    let paths = old.keys().chain(new.keys()).ordered_set();
    let broken = |path: &ConfigPath| match (old.get(path), new.get(path)) {
        (Some(_), None) => Some(Broken::Gone),
        (None, Some(_)) => (may < MayChange::Additions).then_some(Broken::New),
        (Some(Some(old)), Some(Some(new))) => broken_keys(old, new, may).map(Broken::Keys),
        _ => None,
    };
    paths.into_iter().filter_map(|path| Some(BrokenFile { path: path.clone(), how: broken(path)? })).collect()
}

fn broken_keys(old: &KeyTypes, new: &KeyTypes, may: MayChange) -> Option<BrokenKeys> {
    let mut broken = BrokenKeys::default();
    for (key, old) in old {
        match new.get(key) {
            None => broken.gone.push(key.clone()),
            Some(new) if old.is_broken_by(*new) => broken.retyped.push((key.clone(), *old, *new)),
            Some(_) => {}
        }
    }
    if may < MayChange::Additions {
        broken.new.extend(new.keys().filter(|key| !old.contains_key(*key)).cloned());
    }
    (broken != BrokenKeys::default()).then_some(broken)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::super::{FileType, key_types};
    use super::*;

    fn files(files: &[(&str, &str)]) -> FileKeys {
        let keys = |text: &str| key_types(FileType::Dotenv, text.as_bytes(), "_").ok();
        files.iter().map(|(path, text)| (ConfigPath::new(path).unwrap(), keys(text))).collect()
    }

    #[test]
    fn keys_that_go_or_change_their_type_break_and_new_ones_do_where_only_values_may_change() {
        let old = files(&[("a", "GONE=x\nPORT=80\nSAME=1"), ("b", "X=1"), ("gone", "Y=1")]);
        let new = files(&[("a", "PORT=tcp\nSAME=2\nNEW=1"), ("b", "X=2"), ("new", "Z=1")]);
        let kinds = |may| {
            let broken = broken_files(&old, &new, may);
            let told = broken.iter().map(|file| match &file.how {
                Broken::Gone => format!("{} gone", file.path),
                Broken::New => format!("{} new", file.path),
                Broken::Keys(BrokenKeys { gone, retyped, new }) => {
                    let retyped: Vec<_> =
                        retyped.iter().map(|(key, old, new)| format!("{key} {} {}", old.word(), new.word())).collect();
                    format!("{} {gone:?} {retyped:?} {new:?}", file.path)
                }
            });
            told.collect::<Vec<_>>()
        };
        assert_eq!(kinds(MayChange::Values), [r#"a ["GONE"] ["PORT number text"] ["NEW"]"#, "gone gone", "new new"]);
        assert_eq!(kinds(MayChange::Additions), [r#"a ["GONE"] ["PORT number text"] []"#, "gone gone"]);
        assert_eq!(kinds(MayChange::Anything), [""; 0]);
        let needs: Vec<_> = broken_files(&old, &new, MayChange::Values).iter().map(BrokenFile::needs).collect();
        assert_eq!(needs, [MayChange::Anything, MayChange::Anything, MayChange::Additions]);
    }

    fn any_files() -> impl Strategy<Value = FileKeys> {
        let value = prop::sample::select(vec!["", "x", "1", "true", "https://x", "{}", "[]"]);
        let file = prop::option::of(prop::collection::btree_map("[A-C]", value, 0..4));
        prop::collection::btree_map("[ab]", file, 0..3).prop_map(|files| {
            let text = |keys: BTreeMap<String, &str>| {
                keys.iter().map(|(key, value)| format!("{key}={value}\n")).collect::<String>()
            };
            let keys = |keys| key_types(FileType::Dotenv, text(keys).as_bytes(), "_").unwrap();
            files.into_iter().map(|(path, of)| (ConfigPath::new(&path).unwrap(), of.map(keys))).collect()
        })
    }

    fn breaks(old: &FileKeys, new: &FileKeys, may: MayChange) -> bool {
        !broken_files(old, new, may).is_empty()
    }

    proptest! {
        #[test]
        fn nothing_is_broken_by_itself_and_what_is_allowed_more_breaks_less(old in any_files(), new in any_files()) {
            prop_assert!(!breaks(&old, &old, MayChange::Values));
            prop_assert!(!breaks(&old, &new, MayChange::Anything));
            prop_assert!(breaks(&old, &new, MayChange::Values) || !breaks(&old, &new, MayChange::Additions));
            let broken = broken_files(&old, &new, MayChange::Values);
            let needs = broken.iter().map(BrokenFile::needs).max().unwrap_or(MayChange::Values);
            prop_assert!(!breaks(&old, &new, needs), "what is needed is enough");
        }

        #[test]
        fn what_never_breaks_keeps_every_key_through_any_number_of_versions(all in prop::collection::vec(any_files(), 2..5)) {
            let keeps = |pair: &[FileKeys]| !breaks(&pair[0], &pair[1], MayChange::Additions);
            let known = all.iter().all(|files| files.values().all(Option::is_some));
            if known && all.windows(2).all(keeps) {
                let names = |files: &FileKeys| {
                    let of = |(path, keys): (&ConfigPath, &Option<KeyTypes>)| {
                        let path = path.clone();
                        keys.iter().flatten().map(|(key, _)| (path.clone(), key.clone())).collect::<Vec<_>>()
                    };
                    files.iter().flat_map(of).collect::<BTreeSet<_>>()
                };
                prop_assert!(names(&all[0]).is_subset(&names(&all[all.len() - 1])));
            }
        }
    }

    #[test]
    fn a_file_whose_keys_are_not_known_breaks_only_by_its_absence() {
        let known = files(&[("a", "X=1")]);
        let unknown = FileKeys::from([(ConfigPath::new("a").unwrap(), None)]);
        for (old, new, number) in [(&known, &unknown, 0), (&unknown, &known, 0), (&unknown, &FileKeys::new(), 1)] {
            assert_eq!(broken_files(old, new, MayChange::Values).len(), number);
        }
    }
}
