//! The table on the run's page.

use std::fs;

use crate::harness::{Action, Bucket};
use crate::story::{published, pull, push};

const LIMIT: usize = 1024 * 1024;

#[test]
fn of_a_pull() {
    let bucket = published(&[("service/.env", "TOKEN=swordfish\nB=2\n"), ("ca.pem", "MIIBszCCAVmgAwIBAgIU\n")]);
    let run = pull(&bucket).run().succeeds();
    let rows: Vec<_> = run.summary.lines().filter(|line| line.contains("v1.0.0` |")).collect();
    assert!(rows.iter().any(|row| row.starts_with("| `service/.env` | `v1.0.0` | 20 | 2 | `")), "{}", run.summary);
    assert!(rows.iter().any(|row| row.starts_with("| `ca.pem` | `v1.0.0` | 21 |  | `")), "{}", run.summary);
    assert!(run.summary.contains(run.output("config-digest")) && run.summary.contains(bucket.name()));
    assert!(run.summary.starts_with("### Pulled `shop` `v1.0.0`\n"), "{}", run.summary);
    assert!(!run.summary.contains("swordfish") && !run.summary.contains("MIIB"));
}

#[test]
fn of_a_push_that_replaces_something() {
    let bucket = Bucket::versioned();
    let step = |contents: &str| {
        let step = Action::push(&bucket).files(&[".env"]).input("update-catalog", "true");
        step.workspace_file(".env", contents).run().succeeds()
    };
    step("KEPT=the-same\nCHANGED=the-old\nGONE=not-any-more\n");
    let run = step("KEPT=the-same\nCHANGED=the-new\nADDED=first-seen\n");
    for row in ["| added | `ADDED` |", "| changed | `CHANGED` |", "| removed | `GONE` |"] {
        assert!(run.summary.contains(row), "{row}:\n{}", run.summary);
    }
    assert!(!run.summary.contains("`KEPT`"), "{}", run.summary);
    let run =
        step("KEPT=the-same\nCHANGED=the-new\nADDED=first-seen\n").says("Nothing has changed in the head of shop");
    assert!(run.summary.contains("Nothing has changed"));
}

#[test]
fn names_are_no_markdown() {
    let bucket = Bucket::versioned();
    let path = "a|b`c/<img src=x>.env";
    let run = push(&bucket, &[(path, "TOKEN=swordfish\n")]).run().succeeds();
    assert!(run.summary.contains("| ``a\\|b`c/<img src=x>.env`` |"), "{}", run.summary);
    assert_eq!(run.summary.matches("<img").count(), 1, "{}", run.summary);
}

#[test]
fn it_is_cut_to_whole_rows_below_the_runners_limit() {
    let bucket = Bucket::versioned();
    // A head that gets so many new keys that their rows do not fit.
    let step = |contents: &str| {
        let step = Action::push(&bucket).files(&[".env"]).input("update-catalog", "true");
        step.workspace_file(".env", contents).run().succeeds()
    };
    step("FIRST=1\n");
    let keys: String = (0..1500).map(|n| format!("{}_{n}=1\n", "K".repeat(900))).collect();
    let summary = step(&keys).summary;
    assert!(summary.len() < LIMIT && summary.len() > LIMIT * 9 / 10, "{}", summary.len());
    assert!(summary.contains(" more: a summary has at most"));
    assert!(summary.lines().filter(|line| line.starts_with('|')).all(|line| line.ends_with('|')));
}

#[test]
fn what_stands_there_already_counts() {
    let bucket = published(&[("service/.env", "TOKEN=swordfish\n")]);
    let folder = tempfile::tempdir().unwrap();
    for room in [0, 10, 100, 300] {
        let path = folder.path().join(format!("summary-{room}"));
        fs::write(&path, "x".repeat(LIMIT - room)).unwrap();
        pull(&bucket).env("GITHUB_STEP_SUMMARY", path.to_str().unwrap()).run().succeeds();
        assert!(fs::metadata(&path).unwrap().len() <= LIMIT as u64, "{room} bytes of room");
    }
}
