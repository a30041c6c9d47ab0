//! The files themselves.

use std::env;
use std::fs;
use std::process::Command;

use crate::terraform::{MODULE, bare_or_not_run, or_not_run, succeeds};

#[test]
fn the_files_are_formatted() {
    let Some(mut terraform) = bare_or_not_run("the_files_are_formatted") else { return };
    let changed = terraform.args(["fmt", "-check", "-diff", "-recursive", MODULE]).output().unwrap();
    assert!(changed.status.success(), "terraform fmt would change:\n{}", crate::terraform::printed(&changed));
}

#[test]
fn the_module_is_valid() {
    let Some(terraform) = or_not_run("the_module_is_valid") else { return };
    succeeds(&mut terraform.command(["validate", "-no-color"]));
}

#[test]
fn what_it_should_refuse_is_refused() {
    let Some(terraform) = or_not_run("what_it_should_refuse_is_refused") else { return };
    succeeds(&mut terraform.command(["test", "-no-color", "-filter=tests/refusals.tftest.hcl"]));
}

#[test]
fn these_tests_leave_nothing_behind() {
    if or_not_run("these_tests_leave_nothing_behind").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut tests = Command::new(env::current_exe().unwrap());
    let printed = succeeds(tests.args(["--exact", "source::the_module_is_valid"]).env("TMPDIR", folder.path()));
    assert!(printed.contains("1 passed"), "{printed}");
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(left.is_empty(), "{left:?}");
}
