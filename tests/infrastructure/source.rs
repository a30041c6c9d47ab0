//! The files themselves.

use std::env;
use std::fs;
use std::process::Command;

use crate::terraform::{MODULE, bare_terraform, succeeds, terraform};

#[test]
#[ignore = "needs terraform"]
fn the_files_are_formatted() {
    let mut terraform = bare_terraform();
    let changed = terraform.args(["fmt", "-check", "-diff", "-recursive", MODULE]).output().unwrap();
    assert!(changed.status.success(), "terraform fmt would change:\n{}", crate::terraform::printed(&changed));
}

#[test]
#[ignore = "needs terraform"]
fn the_module_is_valid() {
    let terraform = terraform();
    succeeds(&mut terraform.command(["validate", "-no-color"]));
}

#[test]
#[ignore = "needs terraform"]
fn what_it_should_refuse_is_refused() {
    let terraform = terraform();
    let file = "tests/refusals.tftest.hcl";
    let runs = fs::read_to_string(terraform.folder().join(file)).unwrap().matches("\nrun \"").count();
    assert!(runs > 0, "{file} refuses nothing");
    let printed = succeeds(&mut terraform.command(["test", "-no-color", &format!("-filter={file}")]));
    assert!(printed.contains(&format!("{runs} passed, 0 failed.")), "{printed}");
}

#[test]
#[ignore = "needs terraform"]
fn these_tests_leave_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let mut tests = Command::new(env::current_exe().unwrap());
    let printed =
        succeeds(tests.args(["--ignored", "--exact", "source::the_module_is_valid"]).env("TMPDIR", folder.path()));
    assert!(printed.contains("1 passed"), "{printed}");
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(left.is_empty(), "{left:?}");
}
