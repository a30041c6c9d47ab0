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

#[test]
fn of_a_dry_run_says_that_it_is_one() {
    let bucket = published(&[("service/.env", "TOKEN=swordfish\n")]);
    let steps = [
        pull(&bucket),
        push(&bucket, &[("service/.env", "TOKEN=swordfish\n")]),
        push(&bucket, &[("service/.env", "TOKEN=swordfish\n")]).version("v2.0.0"),
    ];
    for step in steps {
        assert!(!step.run().succeeds().summary.contains("Dry run"));
        let run = step.input("dry-run", "true").run().succeeds();
        assert!(run.summary.contains("| Dry run | `nothing was changed` |\n"), "{}", run.summary);
    }
}

#[test]
fn of_a_step_that_fails_says_what_the_error_says() {
    let bucket = published(&[("service/.env", "TOKEN=swordfish\n")]);
    let steps = [
        (pull(&bucket).version("v9.9.9"), 6),
        (push(&bucket, &[("service/.env", "TOKEN=anglerfish\n")]), 4),
        (pull(&bucket).input("mask", "PASWORD"), 2),
        (pull(&bucket).input("no-such-input", "x"), 2),
        (pull(&bucket).input("command", "doctor"), 2),
        (pull(&bucket).input("timeout-seconds", "none"), 2),
        (pull(&bucket).repository_file("cstore.yml", "version: v4\nfiles: [\n"), 2),
        (pull(&bucket).without_env("GITHUB_OUTPUT"), 1),
    ];
    for (step, code) in steps {
        let run = step.run().fails(code);
        let error = crate::story::error_of(&run);
        assert!(run.summary.starts_with(&format!("### Failed: `{}`", error.title)), "{}", run.summary);
        let on_one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(on_one_line(&run.summary).contains(&on_one_line(&error.message)), "{}", run.summary);
        assert!(run.summary.ends_with(&format!("\n\nThe step's exit code is `{code}`.\n\n")), "{}", run.summary);
        if let Some(file) = &error.file {
            assert!(run.summary.contains(&format!("` at `{file}")), "{}", run.summary);
        }
        // A runner may have no place for it.
        step.without_env("GITHUB_STEP_SUMMARY").run().fails(code);
    }
}

#[test]
fn of_a_step_that_fails_shows_names_as_text() {
    let bucket = published(&[("service/.env", "TOKEN=swordfish\n")]);
    let run = pull(&bucket).files(&["</code>```<img/src=x>@mona"]).run().fails(6);
    let (_, message) = run.summary.split_once("````text\n").expect("a fence that is longer than the name's");
    let (message, _) = message.split_once("\n````\n").unwrap();
    assert!(message.contains("</code>```<img/src=x>@mona"), "{}", run.summary);
    assert_eq!(run.summary.matches("<img").count(), 1, "{}", run.summary);
}

#[test]
fn of_a_step_that_fails_writes_a_path_as_the_catalog_does() {
    let catalog = "version: v4\ncontext: shop\nfiles:\n- path: service/${STAGE_NAME}/.env\n  store: aws-s3\n";
    let bucket = Bucket::versioned();
    let head = Action::push(&bucket).input("context", "shop").files(&["other.env"]);
    head.workspace_file("other.env", "TOKEN=swordfish\n").run().succeeds();
    let step =
        Action::pull(&bucket).version("head").repository_file("cstore.yml", catalog).input("variables", "STAGE_NAME");
    let run = step.env("STAGE_NAME", "anglerfish").run().fails(6);
    assert!(run.summary.contains("service/${STAGE_NAME}/.env"), "{}", run.summary);
    assert!(!run.summary.contains("anglerfish"), "{}", run.summary);
}
