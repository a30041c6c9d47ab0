//! What GitHub's Marketplace shows of the actions.

use std::fs;
use std::path::Path;

/// The most characters of a description that the Marketplace shows.
const LONGEST_DESCRIPTION: usize = 125;

#[test]
fn an_action_has_a_short_description_and_an_icon() {
    for path in ["action.yml", "setup/action.yml"] {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
        let value = |name: &str| {
            let found = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
            found.unwrap_or_else(|| panic!("{path} has no {name}"))
        };
        let description = value("description");
        assert!(description.chars().count() <= LONGEST_DESCRIPTION, "{path}: {description}");
        assert!(!value("  icon").is_empty() && !value("  color").is_empty(), "{path}");
    }
}
