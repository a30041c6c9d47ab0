//! Disks and folders that do not take what a pull restores.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;

use crate::harness::{Action, shows};
use crate::story::{NEW, PATHS, pull, push, versioned};

/// More than any of the files, less than the one that is large.
const FULL: usize = 8 * 1024;

#[test]
fn a_full_disk_leaves_what_stood_there() {
    let shown = shows(
        "F13",
        "the disk is full at one of the files of a pull, first, in the middle or last",
        "code 1, naming it; what stood there is untouched, none of the others is replaced",
    );
    for full in shown.each(PATHS) {
        let bucket = versioned();
        let large = format!("LARGE={}\n", "of-the-new-".repeat(FULL));
        let large = if full.ends_with(".json") { format!("{{\"LARGE\":\"{}\"}}", large.trim()) } else { large };
        let step =
            PATHS.iter().zip(NEW).fold(Action::push(&bucket).version("v1").files(&PATHS), |step, (path, new)| {
                step.workspace_file(path, if *path == full { &large } else { new })
            });
        step.run().succeeds();
        let step = PATHS
            .iter()
            .fold(pull(&bucket, "v1").files(&PATHS), |step, path| step.repository_file(path, "what stood there"));
        let run = step.input("keys", "!*").input("mask", "none").on_a_disk_of(FULL).run().fails(1).says(full);
        for path in PATHS {
            assert_eq!(run.file(path), "what stood there");
        }
    }
}

#[test]
fn a_folder_without_permission_leaves_what_stood_there() {
    let shown = shows(
        "F13",
        "one of the folders of a pull, or the workspace itself, may not be written",
        "code 1, naming it; what stood there is untouched, none of the others is replaced",
    );
    let bucket = versioned();
    push(&bucket, NEW).run().succeeds();
    for (closed, blamed) in shown.each([("a", "a/.env"), ("b", "b/.env"), ("", "c.json")]) {
        let step = PATHS
            .iter()
            .fold(pull(&bucket, "v1").files(&PATHS), |step, path| step.repository_file(path, "what stood there"));
        // Everybody may do everything, but for the one folder.
        let job = step.workspace().clone();
        let outermost = job.outside("");
        let open = |path: &std::path::Path, mode| fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
        open(&outermost, 0o777);
        for name in ["", "workspace", "workspace/a", "workspace/b", "home", "workflow", "file_commands", "runner_temp"]
        {
            open(&job.mounted(name), 0o777);
        }
        open(&job.path(closed), 0o555);
        let run = step.without_rights().run();
        open(&job.path(closed), 0o755);
        let run = run.fails(1).says(blamed);
        for path in PATHS {
            assert_eq!(run.file(path), "what stood there");
        }
    }
}
