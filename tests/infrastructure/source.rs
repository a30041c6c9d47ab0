//! The files themselves.

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
