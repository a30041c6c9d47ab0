//! Three-way merges of config files: each key has the value that it was given on one side, or an error says what conflicts;
//! both sides come to the same values; and the text is that of the own side.

use std::collections::{BTreeMap, BTreeSet};

use cstore::config::{FileType, MergeConflict, ValueKind, merge3, parse};

const TYPES: [FileType; 4] = [FileType::Dotenv, FileType::Json, FileType::Yaml, FileType::Toml];

/// The base and the two versions that were made of it, with a NUL between them. Without a third there is no base.
pub fn hold(bytes: &[u8]) -> Vec<&'static str> {
    let mut parts = bytes.splitn(3, |byte| *byte == 0);
    let (Some(one), Some(other)) = (parts.next(), parts.next()) else { return Vec::new() };
    let (base, ours, theirs) = match parts.next() {
        Some(third) => (Some(one), other, third),
        None => (None, one, other),
    };
    TYPES.into_iter().flat_map(|file_type| of_type(file_type, base, ours, theirs)).collect()
}

type Values = BTreeMap<String, (String, ValueKind)>;

fn of_type(file_type: FileType, base: Option<&[u8]>, ours: &[u8], theirs: &[u8]) -> Option<&'static str> {
    let merge = |ours: &[u8], theirs: &[u8]| {
        merge3(file_type, base, ours, theirs, "_").map(|merged| merged.bytes.into_exposed())
    };
    if let Some(base) = base {
        assert!(merge(ours, base).as_deref() == Ok(ours), "nothing of theirs changes nothing");
        assert!(merge(base, theirs).as_deref() == Ok(theirs), "nothing of ours changes nothing of theirs");
    }
    let (mine, other) = (values(file_type, ours)?, values(file_type, theirs)?);
    let of_base = match base {
        Some(base) => Some(values(file_type, base)?),
        None => None,
    };
    let merged = match merge(ours, theirs) {
        Ok(merged) => merged,
        Err(MergeConflict::Keys(keys)) => {
            assert!(!keys.is_empty(), "a conflict of no keys");
            return Some("conflict");
        }
        Err(_) => return Some("refused"),
    };
    let result = values(file_type, &merged).expect("what was merged is read");
    let keys: BTreeSet<_> = mine.keys().chain(other.keys()).chain(result.keys()).collect();
    for key in keys {
        let (mine, other, result) = (mine.get(key), other.get(key), result.get(key));
        let before = of_base.as_ref().map(|values| values.get(key));
        let is_right = same(result, mine) && (before.is_some() || same(mine, other))
            || same(result, other) && before.is_some_and(|before| same(mine, before));
        assert!(is_right, "{file_type:?}: {key:?} has a value of no side");
        let is_lost = before.is_some_and(|before| !same(other, before) && same(mine, before)) && !same(result, other);
        assert!(!is_lost, "{file_type:?}: what they did to {key:?} is lost");
    }
    if let Ok(mirrored) = merge(theirs, ours) {
        let mirrored = values(file_type, &mirrored).expect("what was merged is read");
        assert!(
            mirrored.len() == result.len() && result.iter().all(|(key, value)| same(mirrored.get(key), Some(value))),
            "{file_type:?}: the sides come to different values"
        );
    }
    Some(if [Some(ours), Some(theirs), base].contains(&Some(merged.as_slice())) { "one side" } else { "merged" })
}

/// Whether two values are the same, however an exponent is written.
fn same(one: Option<&(String, ValueKind)>, other: Option<&(String, ValueKind)>) -> bool {
    let number = |text: &str| text.parse::<serde_json::Number>().ok().map(|number| number.to_string());
    match (one, other) {
        (Some((one, kind)), Some((other, other_kind))) => {
            kind == other_kind && (one == other || *kind == ValueKind::Number && number(one) == number(other))
        }
        (one, other) => one.is_none() && other.is_none(),
    }
}

fn values(file_type: FileType, bytes: &[u8]) -> Option<Values> {
    let parsed = parse(file_type, bytes, "_").ok()?;
    let of = |entry: &cstore::config::Entry| (entry.key.clone(), (entry.value.text.expose().clone(), entry.value.kind));
    Some(parsed.entries.iter().map(of).collect())
}
