//! Who owns what the step leaves behind: the container runs as root, the steps after it as the runner's user.

use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};

use crate::harness::{Container, Workspace};
use crate::story::{ENV, JSON, published, pull};

/// The user that owns the workspace of this step, which is never root.
fn given_to_the_runners_user(workspace: &Workspace) -> u32 {
    let own = fs::metadata(workspace.path("")).unwrap().uid();
    if own != 0 {
        return own;
    }
    for folder in ["workspace", "runner_temp"] {
        chown(workspace.mounted(folder), Some(1001), Some(127)).unwrap();
    }
    1001
}

#[test]
#[ignore = "needs Docker"]
fn restored_files_and_their_folders_belong_to_the_workspaces_owner() {
    let step = pull(&published()).in_container(&Container::new());
    let user = given_to_the_runners_user(step.workspace());
    let run = step.run().succeeds();
    for path in ["service", "service/prod", ENV.0, "web", JSON.0] {
        assert_eq!(fs::metadata(run.workspace.path(path)).unwrap().uid(), user, "{path}");
    }
    assert_eq!(run.workspace.mode(ENV.0), 0o600);
    // The step that attests a configuration reads these as the runner's user.
    let temporary = fs::read_dir(run.workspace.mounted("runner_temp")).unwrap().map(|entry| entry.unwrap().path());
    let checksums: Vec<_> = temporary.filter(|path| path.extension().is_some_and(|name| name == "sha256")).collect();
    let [checksums] = &checksums[..] else { panic!("one file is expected: {checksums:?}") };
    assert_eq!(fs::metadata(checksums).unwrap().uid(), user, "{}", checksums.display());
}

#[test]
#[ignore = "needs Docker"]
fn so_does_the_formatted_file_wherever_it_is() {
    let bucket = published();
    for place in ["", "out/config.json"] {
        let step = pull(&bucket).input("format", "json").input("format-file", place).in_container(&Container::new());
        let user = given_to_the_runners_user(step.workspace());
        let run = step.run().succeeds();
        let folder = run.workspace.mounted(if place.is_empty() { "runner_temp" } else { "workspace/out" });
        let [file] = &files_below(&folder)[..] else { panic!("one file is expected") };
        let metadata = fs::metadata(file).unwrap();
        assert_eq!((metadata.uid(), metadata.mode() & 0o7777), (user, 0o600), "{}", file.display());
    }
}

#[test]
#[ignore = "needs Docker"]
fn the_home_folder_and_the_temporary_one_stay_empty() {
    let run = pull(&published()).in_container(&Container::new()).run().succeeds();
    for folder in ["home", "runner_temp"] {
        assert!(files_below(&run.workspace.mounted(folder)).is_empty(), "{folder}");
    }
}

/// What lies in a folder, but for the checksums that each step leaves for an attestation.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_none_or(|extension| extension != "sha256")).collect()
}
