use std::time::{Duration, SystemTime};

use super::*;
use crate::name::Digest;

const NEW: &str = ".cstore-0123456789abcdef.tmp";
const EARLIER: &str = ".cstore-fedcba9876543210.earlier.tmp";

/// Sweeps beside two files in a folder, some time from now.
fn swept(checkout: &Checkout, later: Duration) -> Vec<String> {
    let files = [path("a/.env"), path("a/b/other"), path("gone/.env")];
    let is_elsewhere = |digest| digest == Digest::from_content(b"stored");
    checkout.open().sweep(&files, SystemTime::now() + later, is_elsewhere)
}

#[test]
fn what_a_killed_run_left_is_removed_once_it_belongs_to_none() {
    let checkout = Checkout::new()
        .write(&format!("a/{NEW}"), "values")
        .write(&format!("a/b/{EARLIER}"), "stored")
        .write(&format!("elsewhere/{NEW}"), "values");
    let before = checkout.tree();
    assert_eq!(swept(&checkout, Duration::ZERO), Vec::<String>::new());
    assert_eq!(checkout.tree(), before);
    assert_eq!(swept(&checkout, Duration::from_hours(1)), Vec::<String>::new());
    let left: Vec<_> = checkout.tree().into_keys().filter(|at| at.ends_with(".tmp")).collect();
    assert_eq!(left, [format!("workspace/elsewhere/{NEW}")]);
}

#[test]
fn an_earlier_file_that_nobody_else_has_is_left_and_named() {
    let checkout = Checkout::new().write(&format!("a/{EARLIER}"), "never stored");
    for _ in 0..2 {
        assert_eq!(swept(&checkout, Duration::from_hours(1)), [format!("a/{EARLIER}")]);
    }
    assert_eq!(fs::read_to_string(checkout.at(&format!("a/{EARLIER}"))).unwrap(), "never stored");
}

#[test]
fn nothing_else_is_removed() {
    let names = [
        ".cstore-.tmp",
        ".cstore-0123456789abcdef",
        ".cstore-0123456789abcdeg.tmp",
        ".cstore-0123456789abcdef0.tmp",
        ".cstore-0123456789abcdef.tmp.tmp",
        "cstore-0123456789abcdef.tmp",
    ];
    let checkout = names.iter().fold(Checkout::new(), |checkout, name| checkout.write(&format!("a/{name}"), ""));
    let checkout = checkout.folder(&format!("a/b/{NEW}")).write_outside("secret", "secret");
    std::os::unix::fs::symlink("../../outside/secret", checkout.at(&format!("a/{NEW}"))).unwrap();
    std::os::unix::fs::symlink("../outside", checkout.at("gone")).unwrap();
    let checkout = checkout.write_outside(NEW, "");
    let before = checkout.tree();
    assert_eq!(swept(&checkout, Duration::from_hours(1)), Vec::<String>::new());
    assert_eq!(checkout.tree(), before);
}

/// Whatever moment a process dies in, what had been there has a name that says so.
#[test]
fn a_file_that_is_replaced_or_removed_never_has_the_name_of_a_new_one() {
    let checkout = Checkout::new().write("a/.env", "never stored");
    let committed = checkout.open().stage(&[file("a/.env", "new")]).unwrap().commit().unwrap();
    let left = swept(&checkout, Duration::from_hours(1));
    assert_eq!(left.len(), 1);
    assert_eq!(fs::read_to_string(checkout.at(&left[0])).unwrap(), "never stored");
    committed.rollback().unwrap();
    assert_eq!(fs::read_to_string(checkout.at("a/.env")).unwrap(), "never stored");
}
