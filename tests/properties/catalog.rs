//! Catalogs: what is read is well-formed; a change is made rightly, twice makes no difference, or it is refused.

use std::collections::BTreeSet;

use cstore::catalog::{Catalog, CatalogUpdate, EntryUpdate, edit};

pub fn hold(bytes: &[u8]) -> Vec<&'static str> {
    let mut met = Vec::new();
    let Ok(catalog) = Catalog::read(bytes) else {
        assert!(edit(Some(bytes), &CatalogUpdate::default()).is_err(), "a catalog that cannot be read was written");
        return met;
    };
    met.extend(catalog.files.first().map(|_| "read"));
    let paths: BTreeSet<_> = catalog.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths.len(), catalog.files.len(), "one path twice");
    let lines = bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() + 1;
    assert!(catalog.files.iter().all(|file| (1..=lines).contains(&file.line)));
    for file in &catalog.files {
        if let Ok(path) = file.path.resolve(|name| Some(format!("of-{name}"))) {
            assert!(!path.as_str().starts_with('/') && path.as_str().split('/').all(|part| part != ".."));
        }
    }

    let unchanged = edit(Some(bytes), &CatalogUpdate::default());
    assert!(unchanged.is_err() || unchanged.is_ok_and(|text| text.as_bytes() == bytes), "nothing changed it");
    let mut update = CatalogUpdate {
        entries: vec![EntryUpdate {
            path: "added/.env".to_owned(),
            bucket: Some("a-bucket".to_owned()),
            tags: Some(vec!["one".to_owned(), "two words".to_owned()]),
            ..EntryUpdate::default()
        }],
        ..CatalogUpdate::default()
    };
    if let Some(first) = catalog.files.first().filter(|file| !file.is_ref && file.path.as_str() != "added/.env") {
        let path = first.path.as_str().to_owned();
        update.entries.push(EntryUpdate { path, kms_key: Some("alias/k".to_owned()), ..EntryUpdate::default() });
    }
    if let Ok(changed) = edit(Some(bytes), &update) {
        let again = Catalog::read(changed.as_bytes()).expect("what was written is read");
        let added = again.files.iter().find(|file| file.path.as_str() == "added/.env").expect("the new entry");
        assert_eq!(added.bucket.as_deref(), Some("a-bucket"));
        assert!(
            paths.iter().all(|path| again.files.iter().any(|file| file.path.as_str() == *path)),
            "an entry is lost"
        );
        assert_eq!(edit(Some(changed.as_bytes()), &update).as_deref(), Ok(changed.as_str()), "the second time");
        met.push(if update.entries.len() == 1 { "added to" } else { "added to and changed" });
    }
    met
}
