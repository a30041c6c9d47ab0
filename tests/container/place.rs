//! Paths: the step sees `/github/…`, the steps after it do not.

use std::fs;
use std::os::unix::fs::symlink;

use crate::harness::{Action, Container};
use crate::story::{ENV, published, pull};

/// A step in a job whose folders have, outside, the names that a runner gives them: `_work/shop/shop` is the workspace,
/// and `_work/_temp` its temporary folder.
fn on_a_runner(step: Action) -> Action {
    let work = step.workspace().outside("_work");
    fs::create_dir_all(work.join("shop")).unwrap();
    symlink(step.workspace().mounted("workspace"), work.join("shop/shop")).unwrap();
    symlink(step.workspace().mounted("runner_temp"), work.join("_temp")).unwrap();
    let runner_workspace = work.join("shop");
    step.env("RUNNER_WORKSPACE", runner_workspace.to_str().unwrap())
}

#[test]
#[ignore = "needs Docker"]
fn the_formatted_files_path_is_one_that_the_next_step_can_open() {
    let step = on_a_runner(pull(&published()).input("format", "dotenv")).in_container(&Container::new());
    let run = step.run().succeeds();
    let path = run.output("config-file");
    assert!(!path.starts_with("/github/"), "{path} is the container's own name");
    assert!(fs::read_to_string(path).unwrap().contains("DB_HOST="), "{path}");
}

#[test]
#[ignore = "needs Docker"]
fn below_the_workspace_it_is_relative_and_so_right_in_every_kind_of_job() {
    let step = pull(&published()).input("format", "dotenv").input("format-file", "out/app.env");
    let run = step.in_container(&Container::new()).run().succeeds();
    assert_eq!(run.output("config-file"), "out/app.env");
    assert!(run.file("out/app.env").contains("DB_HOST="));
}

#[test]
#[ignore = "needs Docker"]
fn a_runner_that_does_not_mount_its_temporary_folder() {
    let bucket = published();
    let container = Container::new().without_runner_temp();
    let run = pull(&bucket).in_container(&container).run().succeeds();
    assert_eq!(run.output("DB_PASSWORD"), "swordfish");
    assert_eq!(run.file(ENV.0), ENV.1);

    let step = || on_a_runner(pull(&bucket).input("format", "json"));
    let run = step().in_container(&Container::new().without_runner_temp()).run().fails(2);
    run.says("Set `format-file` to a path below the workspace.");
    let step = step().input("format-file", "out.json").in_container(&Container::new().without_runner_temp());
    assert_eq!(step.run().succeeds().output("config-file"), "out.json");
}

#[test]
#[ignore = "needs Docker"]
fn an_input_with_the_workspaces_path_on_the_host_is_told_to_be_relative() {
    let step = pull(&published()).input("format", "json");
    let path = step.workspace().path("out.json");
    let step = step.input("format-file", path.to_str().unwrap()).in_container(&Container::new());
    step.run().fails(2).says("it is absolute. Write it relative to the repository's root.");
    assert!(!path.exists());
}
