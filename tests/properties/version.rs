//! What the input `version` asks for: the same again when it is written as it says itself, and the pick does not depend
//! on the order of the names.

use cstore::name::{VersionName, VersionRequest};

const NAMES: [&str; 13] = [
    "v1.0.0",
    "1.0.0",
    "v1.2.3",
    "v1.10.0",
    "v2.0.0-rc.1",
    "v2.0.0",
    "0.9.9",
    "0.0.1-alpha",
    "release",
    "v1",
    "1.0.0+build",
    "2.0.0+build",
    "18446744073709551615.0.0",
];

pub fn hold(bytes: &[u8]) -> Vec<&'static str> {
    let Ok(text) = std::str::from_utf8(bytes) else { return Vec::new() };
    let request = match VersionRequest::new(text) {
        Ok(request) => request,
        Err(error) => {
            assert!(!error.to_string().contains(['\u{1b}', '\n', '\r']), "control characters in {error:?}");
            return vec!["refused"];
        }
    };
    assert_eq!(VersionRequest::new(&request.to_string()).as_ref(), Ok(&request));
    match &request {
        VersionRequest::Head => {
            assert_eq!(text, "head");
            vec!["head"]
        }
        VersionRequest::Exact(name) => {
            assert_eq!(name.as_str(), text);
            assert!(!text.is_empty() && text.len() <= 128 && !text.contains('/') && !text.starts_with('.'));
            vec!["a name"]
        }
        VersionRequest::Channel(name) => {
            assert_eq!(format!(":{name}"), text);
            assert!(!name.as_str().is_empty() && name.as_str().len() <= 64 && !name.as_str().contains(['/', ':']));
            vec!["a channel"]
        }
        VersionRequest::Matching(requirement) => {
            let mut names: Vec<_> = NAMES.iter().filter_map(|name| VersionName::new(name).ok()).collect();
            assert_eq!(names.len(), NAMES.len());
            let pick = |names: &[VersionName]| requirement.highest(names).map(|name| name.cloned());
            let first = pick(&names);
            names.reverse();
            assert_eq!(pick(&names), first);
            // Each by itself: what is allowed must be in a listing by prefix, and what is picked must be allowed.
            let is_allowed = |name: &&VersionName| requirement.highest(std::slice::from_ref(*name)) != Ok(None);
            let prefixes = requirement.prefixes();
            for name in names.iter().filter(is_allowed) {
                let is_listed =
                    |prefixes: &[String; 2]| prefixes.iter().any(|prefix| name.as_str().starts_with(prefix));
                assert!(prefixes.as_ref().is_none_or(is_listed), "{name} would not be listed for {text:?}");
            }
            let (picked, kind) = match first {
                Ok(None) => (Vec::new(), "a requirement that is not met"),
                Ok(Some(first)) => (vec![first], "a requirement that is met"),
                Err(ambiguous) => (ambiguous.names, "a requirement that several names meet alike"),
            };
            assert!(picked.iter().all(|name| is_allowed(&name)), "the pick is not allowed by itself");
            vec![kind]
        }
    }
}
