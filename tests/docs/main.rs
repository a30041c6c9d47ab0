//! The documentation says what the code does: tables that are made of the code's own tables.

#![allow(clippy::unwrap_used, reason = "clippy takes only what is below #[test] for tests, not what they call")]

use std::fs;
use std::path::Path;

use cstore::action::{environment_name, mask};
use cstore::format::Format;
use cstore::option::OPTIONS;

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

fn holds(path: &str, expected: &str) {
    assert!(read(path).contains(expected), "{path} should hold:\n{expected}");
}

#[test]
fn the_table_of_inputs_is_that_of_the_code() {
    let rows = OPTIONS.iter().map(|option| {
        let default = if option.default.is_empty() { String::new() } else { format!("`{}`", option.default) };
        format!("| `{}` | {default} | {} |\n", option.name, option.description.trim().replace('|', "\\|"))
    });
    holds(
        "docs/inputs.md",
        &format!("| input | default | meaning |\n| --- | --- | --- |\n{}", rows.collect::<String>()),
    );
}

#[test]
fn the_list_of_refused_names_is_that_of_the_code() {
    holds("docs/config-files.md", environment_name::markdown_table().trim_end());
}

#[test]
fn the_list_of_words_that_are_not_masked_is_that_of_the_code() {
    let text = read("docs/config-files.md").replace('\n', " ");
    let words = mask::COMMON_WORDS.join(", ");
    assert!(text.contains(&words), "docs/config-files.md should hold: {words}");
}

#[test]
fn every_format_is_documented() {
    let text = read("docs/config-files.md");
    for name in Format::NAMES {
        assert!(text.contains(&format!("| {name}")) || text.contains(&format!(", {name} |")), "{name}");
    }
}
