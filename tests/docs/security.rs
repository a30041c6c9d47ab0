//! Each line of the tables in `docs/security.md` names what shows it, and all that it names is there: numbers of threats
//! and faults, tests, and decisions of the policies as `tests/infrastructure/decisions.py` has them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde::Deserialize;

use crate::read;
use crate::reliability::rows;

/// What the test of the policies expects of them.
#[derive(Deserialize)]
struct Decisions {
    /// Everything that can be asked for.
    labels: BTreeSet<String>,
    /// What each may do.
    may: BTreeMap<String, BTreeSet<String>>,
    /// The roles that a subject may assume.
    subjects: BTreeMap<String, BTreeSet<String>>,
}

const ASK: &str = r#"
import json, decisions
print(json.dumps({
    "labels": list(decisions.S3),
    "may": {who: sorted(labels) for who, labels in decisions.WHO_MAY.items()},
    "subjects": {subject: sorted(roles) for subject, claims, roles in decisions.JOBS if not claims},
}))
"#;

impl Decisions {
    fn read() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/infrastructure");
        let output = Command::new("python3").args(["-B", "-c", ASK]).current_dir(folder).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Whether this is a decision, and the one that is taken: `WHO may [not] LABEL`, or `SUBJECT assumes ROLE`.
    fn hold(&self, span: &str) -> bool {
        if let Some((subject, role)) = span.split_once(" assumes ") {
            return self.subjects.get(subject).is_some_and(|roles| match role {
                "nothing" => roles.is_empty(),
                role => roles.contains(role),
            });
        }
        let is_taken = |who, label, expected| {
            self.labels.contains(label) && self.may.get(who).is_some_and(|may| may.contains(label) == expected)
        };
        match (span.split_once(" may not "), span.split_once(" may ")) {
            (Some((who, label)), _) => is_taken(who, label, false),
            (None, Some((who, label))) => is_taken(who, label, true),
            (None, None) => false,
        }
    }
}

/// Whether a file has this test: `PATH: NAME`.
fn is_test(span: &str) -> bool {
    let Some((path, name)) = span.split_once(": ") else { return false };
    let is_there = path.starts_with("tests/") && Path::new(env!("CARGO_MANIFEST_DIR")).join(path).is_file();
    is_there && read(path).contains(&format!("fn {name}("))
}

/// The last cell of each row, with the row.
fn cells() -> Vec<(String, String)> {
    let page = read("docs/security.md");
    let is_row = |line: &&str| line.starts_with("| ") && !line.starts_with("| ---") && !line.ends_with("| shown by |");
    let cell = |line: &str| line.trim_end_matches([' ', '|']).rsplit(" | ").next().unwrap().to_owned();
    page.lines().filter(is_row).map(|line| (cell(line), line.to_owned())).collect()
}

#[test]
fn each_line_about_trust_is_shown_by_what_is_there() {
    let decisions = Decisions::read();
    let numbers: BTreeSet<_> = rows().into_iter().map(|[number, ..]| number).collect();
    let cells = cells();
    assert!(cells.len() > 20, "{} rows: are the tables still written as this test reads them?", cells.len());
    let mut unknown = Vec::new();
    for (cell, row) in &cells {
        assert!(!cell.trim().is_empty(), "nothing shows {row}");
        for (n, piece) in cell.split('`').enumerate() {
            if n % 2 == 1 {
                unknown.extend((!is_test(piece) && !decisions.hold(piece)).then(|| piece.to_owned()));
            } else {
                let named = piece.split(", ").map(str::trim).filter(|word| !word.is_empty());
                unknown.extend(named.filter(|word| !numbers.contains(*word)).map(str::to_owned));
            }
        }
    }
    assert!(unknown.is_empty(), "docs/security.md names what is not there: {unknown:#?}");
}
