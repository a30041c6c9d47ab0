//! Manifests: what is accepted names each path once and none that leads out, and is kept whole when it is rewritten.

use std::collections::BTreeSet;

use cstore::name::Context;
use cstore::s3::Key;
use cstore::store::Manifest;

pub fn hold(bytes: &[u8]) -> Vec<&'static str> {
    let context = Context::new("shop").expect("a context");
    let key = Key::new("shop/.cstore/head.json".to_owned()).expect("a key");
    let Ok(manifest) = Manifest::read(bytes, &key, &context, None) else { return Vec::new() };
    let mut paths = BTreeSet::new();
    for entry in &manifest.files {
        for path in std::iter::once(&entry.path).chain(&entry.alternate_path) {
            let path = path.as_str();
            assert!(!path.is_empty() && !path.starts_with('/') && !path.contains(['\\', '\0', '\n', '\r', '\u{1b}']));
            assert!(path.split('/').all(|part| !part.is_empty() && part != "." && part != ".."), "{path:?}");
        }
        assert!(paths.insert(entry.path.as_str()), "one path twice");
        assert_eq!(manifest.entry(&entry.path), Some(entry));
    }
    let message = manifest.message.as_deref();
    if let Some(message) = message {
        assert!(!message.trim().is_empty() && message.chars().count() <= 1000, "{message:?}");
        assert!(
            !message.contains(|c: char| c != '\n' && c.is_control()) && !message.contains('\u{202e}'),
            "{message:?}"
        );
    }
    let author = manifest.source.as_ref().and_then(|source| source.author.as_deref());
    if let Some(author) = author {
        assert!(!author.contains(['@', '<']) && !author.contains(char::is_control), "{author:?}");
        assert_eq!(cstore::store::author_name(author).as_deref(), Some(author));
    }
    let written = serde_json::to_vec(&manifest).expect("a manifest is written");
    let again = Manifest::read(&written, &key, &context, None).expect("what was written is read");
    assert_eq!(again, manifest);
    assert_eq!(again.digest(), manifest.digest());
    let with_alternate = manifest.files.iter().any(|entry| entry.alternate_path.is_some());
    let met = [
        ("a file", !manifest.files.is_empty()),
        ("an alternate path", with_alternate),
        ("a message", message.is_some()),
        ("an author", author.is_some()),
    ];
    met.into_iter().filter(|(_, is_there)| *is_there).map(|(met, _)| met).collect()
}
