//! What examples and pages must not show.

use std::fs;
use std::path::Path;

/// The jobs of a workflow: texts that begin with a line of two blanks and a name.
fn jobs(workflow: &str) -> Vec<String> {
    let (_, jobs) = workflow.split_once("jobs:\n").unwrap_or(("", workflow));
    let mut found = vec![String::new()];
    for line in jobs.lines() {
        if line.starts_with("  ") && !line.starts_with("   ") && line.ends_with(':') {
            found.push(String::new());
        }
        *found.last_mut().unwrap() += &format!("{line}\n");
    }
    found
}

/// The steps that pull what is the latest: no version, digest or channel says which.
fn open_pulls(job: &str) -> usize {
    let steps = job.split("\n      - ").filter(|step| step.contains("uses: OWNER/cstore-action"));
    let inputs = |step: &str| {
        let lines = step.lines().map(|line| line.trim().trim_start_matches("- ").to_owned());
        lines
            .filter_map(|line| line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned())))
            .collect()
    };
    let is_open = |inputs: &Vec<(String, String)>| {
        let value = |name| inputs.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
        let is_pull = value("command").is_none_or(|command| command == "pull");
        let version = value("version").map(|version| version.trim_matches('"'));
        is_pull && value("digest").is_none() && value("channel").is_none() && version == Some("latest")
    };
    steps.map(inputs).filter(is_open).count()
}

#[test]
fn no_example_pulls_latest_twice() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut read = 0;
    for folder in ["examples/workflows", "docs", "docs/how-to", "."] {
        for file in fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path()) {
            let is = |kind: &str| file.extension().is_some_and(|extension| extension == kind);
            let text = if is("yml") || is("md") { fs::read_to_string(&file).unwrap() } else { continue };
            let workflows: Vec<&str> = if is("md") {
                text.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
            } else {
                vec![&text]
            };
            for workflow in workflows {
                read += 1;
                let pulls: usize = jobs(workflow).iter().map(|job| open_pulls(job)).sum();
                assert!(
                    pulls < 2,
                    "{}: a version that is published between two pulls of `latest` is in one of them",
                    file.display()
                );
            }
        }
    }
    assert!(read > 40, "{read} workflows were found: are they still written as this test reads them?");
    let twice =
        "jobs:\n  a:\n    steps:\n      - uses: OWNER/cstore-action@v1\n        with:\n          version: latest\n";
    let again = twice.replace("jobs:\n", "").replace("  a:", "  b:");
    assert_eq!(jobs(&format!("{twice}{again}")).iter().map(|job| open_pulls(job)).sum::<usize>(), 2);
}
