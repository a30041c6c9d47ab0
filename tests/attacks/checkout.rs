//! What a pull looks at to say which of its files git or a build would take along: an index, files of rules, and
//! Dockerfiles, all of which a pull request or an earlier step can write.

use crate::harness::{Action, Bucket, shows};

const OUTCOME: &str = "the pull's files, within 256 MiB and the CPU of a few seconds";
const MIB: usize = 1024 * 1024;

/// A measured pull of a version with these files.
fn pull(files: &[String]) -> Action {
    let bucket = Bucket::versioned();
    let push = Action::push(&bucket).version("v1").files(&["**/*.env"]);
    files.iter().fold(push, |push, file| push.workspace_file(file, "A=1\n")).run().succeeds();
    Action::pull(&bucket).version("v1").measured().repository_file(".git/HEAD", "ref: refs/heads/main\n")
}

fn succeeds(step: Action, files: &[String]) {
    let run = step.run().succeeds().stays_small();
    assert!(files.iter().all(|file| run.workspace.path(file).is_file()));
}

/// An entry of an index of version 4 that takes nothing away from the path before it, and adds this.
fn entry(path: &str, length: u16) -> Vec<u8> {
    [&[0; 60][..], &length.to_be_bytes(), &[0], path.as_bytes(), &[0]].concat()
}

#[test]
fn an_index_whose_entries_share_one_long_path() {
    let shown = shows("T18", "an index of git whose thousands of entries share one long path", OUTCOME);
    for (length, entries) in shown.each([(8 * MIB, 4_000_u32), (800, 300_000)]) {
        let path = "x".repeat(length);
        let flags = u16::try_from(length.min(0xfff)).unwrap();
        let header = [&b"DIRC\0\0\0\x04"[..], &entries.to_be_bytes()].concat();
        let others = entry("", flags).repeat(entries as usize - 1);
        let index = [header, entry(&path, flags), others].concat();
        // As long as the path of the index, where that can be.
        let files = [format!("{}.env", ["a"; 4].map(|name| name.repeat(200)).join("/"))];
        succeeds(pull(&files).repository_file(".git/index", index), &files);
    }
}

#[test]
fn files_of_rules_and_dockerfiles_that_fill_the_memory() {
    let shown = shows("T18", "files of rules and Dockerfiles of 1 MiB in each folder", OUTCOME);
    for line in shown.each(["q\n", "[a-z]\n", "COPY a b\n", "COPY q \\\n"]) {
        let files = ["a/b/c/d/.env".to_owned()];
        let text = line.repeat((MIB - 10) / line.len());
        let mut step = pull(&files).repository_file(".git/info/exclude", &text);
        for folder in ["", "a/", "a/b/", "a/b/c/", "a/b/c/d/"] {
            for name in [".gitignore", "Dockerfile", "Dockerfile.dockerignore", "Containerfile", ".dockerignore"] {
                let text = if line.starts_with('C') || !name.ends_with("file") { &text } else { "COPY . .\n" };
                step = step.repository_file(&format!("{folder}{name}"), text);
            }
        }
        succeeds(step, &files);
    }
}

#[test]
fn many_files_in_hundreds_of_folders_each() {
    let shown = shows("T18", "files in hundreds of folders, each with rules and a Dockerfile", OUTCOME);
    let deep = "L/".repeat(240);
    let files: Vec<_> = (0..600).map(|n| format!("{deep}{n}.env")).collect();
    let mut step = pull(&files);
    for depth in 0..240 {
        let folder = "L/".repeat(depth);
        step = step.repository_file(&format!("{folder}.gitignore"), "q*\n");
        step = step.repository_file(&format!("{folder}Dockerfile"), "COPY . .\n");
        step = step.repository_file(&format!("{folder}.dockerignore"), "q*\n");
    }
    shown.case();
    succeeds(step, &files);
}
