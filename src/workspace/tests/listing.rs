use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use super::*;

fn names(listing: &Listing) -> Vec<&str> {
    listing.paths.iter().map(ConfigPath::as_str).collect()
}

#[test]
fn files_are_listed_by_bytes_relative_to_the_folder() {
    let mut checkout = Checkout::new();
    for at in ["service/a/x", "service/a.b", "service/a-b", "service/B", "top", "service/deep/er/.env"] {
        checkout = checkout.write(at, "");
    }
    let workspace = checkout.open();
    let below = workspace.files("service").unwrap();
    assert_eq!(names(&below), ["B", "a-b", "a.b", "a/x", "deep/er/.env"]);
    assert_eq!(below.skipped, 0);
    assert_eq!(names(&workspace.files("service/deep").unwrap()), ["er/.env"]);
    assert_eq!(workspace.files("").unwrap().paths.len(), 6);
}

#[test]
fn git_temporary_files_and_linked_folders_are_left_out() {
    let checkout = Checkout::new()
        .write("real/app.env", "")
        .write(".git/config", "")
        .write("real/.git/config", "")
        .write("real/.cstore-0123456789abcdef.tmp", "")
        .write(".github/kept", "")
        .write_outside("secret", "")
        .link("file", "real/app.env")
        .link("folder", "real")
        .link("out", "../outside/secret")
        .link("out_folder", "../outside")
        .link("hidden", ".git/config")
        .link("gone", "missing");
    let listing = checkout.open().files("").unwrap();
    assert_eq!(names(&listing), [".github/kept", "file", "real/app.env"]);
    assert_eq!(listing.skipped, 5, "{listing:?}");
}

#[test]
fn names_that_are_no_paths_are_listed_apart() {
    let checkout =
        Checkout::new().write("good", "").write("back\\slash", "").write("line\nbreak", "").write("a:b/c./app.env", "");
    write(&checkout.root().join(OsStr::from_bytes(b"\xff")), "");
    let checkout = checkout.write(".cstore/head.json", "");
    let listing = checkout.open().files("").unwrap();
    let mut invalid = listing.invalid.clone();
    invalid.sort_unstable();
    assert_eq!(invalid, ["a:b/c./app.env", "back\\slash", "line\nbreak", "\u{fffd}"]);
    assert_eq!((names(&listing), listing.skipped), (vec!["good"], 1));
}

#[test]
fn a_walk_has_an_end() {
    let checkout = Checkout::new().write("a/1", "").write("a/2", "").write("b", "");
    let workspace = checkout.open();
    assert_eq!(workspace.files_among("", 4).unwrap().paths.len(), 3);
    let error = workspace.files_among("", 3).unwrap_err();
    assert!(matches!(error, WorkspaceError::TooMany { limit: 3, .. }), "{error:?}");
}

#[test]
fn a_start_that_is_no_folder_of_the_workspace_is_refused() {
    let checkout = Checkout::new()
        .write("file", "")
        .write("real/x", "")
        .write_outside("secret", "")
        .link("linked", "real")
        .link("out", "../outside");
    let workspace = checkout.open();
    assert_eq!(names(&workspace.files("linked").unwrap()), ["x"]);
    let refused = |folder: &str| workspace.files(folder).unwrap_err();
    assert!(matches!(refused("missing"), WorkspaceError::NotFound { .. }));
    assert!(matches!(refused("file"), WorkspaceError::NotAFolder { .. }));
    assert!(matches!(refused("out"), WorkspaceError::Link { .. }));
    assert!(matches!(refused("../outside"), WorkspaceError::BadName { .. }));
    assert!(matches!(refused("/"), WorkspaceError::BadName { .. }));
}
