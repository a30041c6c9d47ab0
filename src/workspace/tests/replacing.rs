//! Files that stand where others are to be written, and which of them may be replaced.

use super::*;

/// A file that may not replace one with other content.
fn careful<'a>(at: &str, content: &'a str) -> NewFile<'a> {
    NewFile { may_replace: false, ..file(at, content) }
}

#[test]
fn a_survey_names_the_files_that_may_not_be_replaced_and_changes_nothing() {
    let checkout = Checkout::new().write("same.env", "same").write("other.env", "other").write("a/free.env", "other");
    let before = checkout.tree();
    let files = [
        careful("same.env", "same"),
        careful("new/deep/x.env", "new"),
        careful("other.env", "new!!"),
        file("a/free.env", "new"),
        careful("a/new.env", "new"),
    ];
    assert_eq!(checkout.open().survey(&files).unwrap(), [2]);
    assert_eq!(checkout.tree(), before);
}

#[test]
fn a_survey_finds_what_stands_in_the_way() {
    let checkout = Checkout::new().write("file", "x").folder("folder").link("link", "folder");
    let workspace = checkout.open();
    let survey = |at: &str| workspace.survey(&[file("a", ""), file(at, "new")]).unwrap_err();
    assert!(matches!(survey("file/x"), WorkspaceError::NotAFolder { path } if path == "file"));
    assert!(matches!(survey("folder"), WorkspaceError::IsFolder { path } if path == "folder"));
    assert!(matches!(survey("link"), WorkspaceError::Link { path, .. } if path == "link"));
    assert!(matches!(survey("link/x"), WorkspaceError::Link { path, .. } if path == "link"));
    assert!(matches!(survey(".git/config"), WorkspaceError::Protected { path, .. } if path == ".git/config"));
    assert!(matches!(survey("a"), WorkspaceError::Clash { .. }));
    assert!(matches!(survey("a/b"), WorkspaceError::Clash { .. }));
}

#[test]
fn what_may_not_be_replaced_is_not_replaced_by_whoever_skips_the_survey_or_comes_after_it() {
    let checkout = Checkout::new().write("other.env", "other");
    let before = checkout.tree();
    let error = checkout.open().stage(&[file("a/new.env", "new"), careful("other.env", "new!!")]).unwrap_err();
    assert!(matches!(&error, WorkspaceError::Changed { path } if path == "other.env"), "{error:?}");
    assert_eq!(checkout.tree(), before);
}

#[test]
fn what_has_the_content_already_may_be_made_private() {
    let checkout = Checkout::new().write("same.env", "same");
    fs::set_permissions(checkout.at("same.env"), std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    let staged = checkout.open().stage(&[careful("same.env", "same")]).unwrap();
    assert_eq!(staged.paths().map(ConfigPath::as_str).collect::<Vec<_>>(), ["same.env"]);
    staged.commit().unwrap().finish().unwrap();
    assert_eq!(fs::metadata(checkout.at("same.env")).unwrap().mode() & 0o7777, 0o600);
    let again = checkout.open().stage(&[careful("same.env", "same")]).unwrap();
    assert_eq!(again.paths().count(), 0);
}
