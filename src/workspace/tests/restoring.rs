use std::os::unix::fs::{PermissionsExt, chown};
use std::process::Command;

use proptest::prelude::*;

use super::*;
use crate::tried::holds;

/// Writes files and lets them stand.
fn restore(checkout: &Checkout, files: &[NewFile<'_>]) -> Result<(), WorkspaceError> {
    checkout.open().stage(files)?.commit()?.finish()
}

fn content(checkout: &Checkout, at: &str) -> String {
    fs::read_to_string(checkout.at(at)).unwrap()
}

fn names_in(checkout: &Checkout) -> Vec<String> {
    checkout.tree().into_keys().collect()
}

#[test]
fn files_appear_on_commit_with_their_folders() {
    let checkout = Checkout::new().write("old.env", "old");
    let workspace = checkout.open();
    let staged = workspace.stage(&[file("old.env", "new"), file("a/b/c.env", "c"), file("a/d.env", "")]).unwrap();
    assert_eq!(content(&checkout, "old.env"), "old");
    assert!(!checkout.at("a/b/c.env").exists());

    let committed = staged.commit().unwrap();
    assert_eq!(content(&checkout, "old.env"), "new");
    committed.finish().unwrap();
    assert_eq!(content(&checkout, "a/b/c.env"), "c");
    assert_eq!(content(&checkout, "a/d.env"), "");
    let expected = ["outside", "workspace"].map(str::to_owned).into_iter();
    let files = ["a", "a/b", "a/b/c.env", "a/d.env", "old.env"].map(|at| format!("workspace/{at}"));
    assert_eq!(names_in(&checkout), expected.chain(files).collect::<Vec<_>>());
}

#[test]
fn temporary_files_are_as_private_as_the_files_themselves() {
    let checkout = Checkout::new().write("app.env", "old");
    let workspace = checkout.open();
    let staged = workspace.stage(&[file("app.env", "new"), file("other.env", "new")]).unwrap();
    let temporary: Vec<_> = fs::read_dir(checkout.root())
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_name().to_str().is_some_and(temporary::is_temporary))
        .map(|entry| entry.metadata().unwrap().mode() & 0o7777)
        .collect();
    assert_eq!(temporary, [0o600, 0o600]);
    drop(staged);
}

#[test]
fn what_is_staged_and_dropped_leaves_no_trace() {
    let checkout = Checkout::new().write("app.env", "old").folder("there");
    let before = checkout.tree();
    drop(checkout.open().stage(&[file("app.env", "new"), file("there/x", "x"), file("a/b/c", "c")]).unwrap());
    assert_eq!(checkout.tree(), before);
}

#[test]
fn a_rollback_brings_back_the_very_files() {
    let checkout = Checkout::new().write("app.env", "old").write("b/c", "c");
    let before = checkout.tree();
    let files = [file("app.env", "new"), file("b/c", "new"), file("b/d", "new"), file("e/f", "new")];
    let committed = checkout.open().stage(&files).unwrap().commit().unwrap();
    assert_eq!(content(&checkout, "e/f"), "new");
    committed.rollback().unwrap();
    assert_eq!(checkout.tree(), before);
}

#[test]
fn a_rollback_leaves_what_others_put_there_since() {
    let checkout = Checkout::new();
    let committed = checkout.open().stage(&[file("a/x", "ours")]).unwrap().commit().unwrap();
    fs::remove_file(checkout.at("a/x")).unwrap();
    let checkout = checkout.write("a/x", "theirs");
    committed.rollback().unwrap();
    assert_eq!(content(&checkout, "a/x"), "theirs");
}

#[test]
fn a_commit_that_is_dropped_stands() {
    let checkout = Checkout::new().write("app.env", "old");
    drop(checkout.open().stage(&[file("app.env", "new")]).unwrap().commit().unwrap());
    assert_eq!(content(&checkout, "app.env"), "new");
    assert_eq!(names_in(&checkout), ["outside", "workspace", "workspace/app.env"]);
}

#[test]
fn a_file_that_is_already_so_is_left_alone() {
    let checkout = Checkout::new();
    restore(&checkout, &[file("app.env", "same")]).unwrap();
    let before = checkout.tree();
    restore(&checkout, &[file("app.env", "same")]).unwrap();
    assert_eq!(checkout.tree(), before, "the inode is in there");

    restore(&checkout, &[file("app.env", "diff")]).unwrap();
    assert_ne!(checkout.tree(), before);
}

#[test]
fn a_file_of_the_same_content_that_others_may_read_is_replaced() {
    let checkout = Checkout::new().write("app.env", "same");
    fs::set_permissions(checkout.at("app.env"), fs::Permissions::from_mode(0o644)).unwrap();
    restore(&checkout, &[file("app.env", "same")]).unwrap();
    assert_eq!(checkout.mode("app.env"), 0o600);
}

/// A hard link lets whoever holds the other name write into the file, and shows them what is written.
#[test]
fn a_hard_link_loses_only_the_name() {
    for new in ["new", "old"] {
        let checkout = Checkout::new().write_outside("theirs", "old");
        fs::set_permissions(checkout.outside().join("theirs"), fs::Permissions::from_mode(0o600)).unwrap();
        fs::hard_link(checkout.outside().join("theirs"), checkout.at("app.env")).unwrap();
        restore(&checkout, &[file("app.env", new)]).unwrap();
        assert_eq!(content(&checkout, "app.env"), new);
        assert_eq!(fs::read_to_string(checkout.outside().join("theirs")).unwrap(), "old");
        assert_eq!(checkout.stat("app.env").nlink(), 1);
        assert_eq!(fs::metadata(checkout.outside().join("theirs")).unwrap().nlink(), 1);
    }
}

#[test]
fn modes_do_not_depend_on_the_umask() {
    const MARK: &str = "CSTORE_TEST_IN_UMASK";
    if std::env::var_os(MARK).is_none() {
        // The umask belongs to the process, where other tests run.
        for umask in ["000", "022", "077"] {
            let mut command = Command::new("sh");
            command.env(MARK, "").args(["-c", "umask $0 && exec \"$@\"", umask]);
            command.arg(std::env::current_exe().unwrap());
            run_again(module_path!(), "modes_do_not_depend_on_the_umask", command);
        }
        return;
    }
    let checkout = Checkout::new().write("wide", "x").write("kept", "x");
    fs::set_permissions(checkout.at("wide"), fs::Permissions::from_mode(0o666)).unwrap();
    fs::set_permissions(checkout.at("kept"), fs::Permissions::from_mode(0o664)).unwrap();
    let shared = |at| NewFile { mode: FileMode::Shared, ..file(at, "new") };
    restore(&checkout, &[file("a/new", "new"), file("wide", "new"), shared("kept"), shared("cstore.yml")]).unwrap();
    let modes = ["a/new", "wide", "kept", "cstore.yml"].map(|at| checkout.mode(at));
    assert_eq!(modes, [0o600, 0o600, 0o664, 0o644]);
    let private = write_private(&checkout.outside(), "x", Secret::new(b"x")).unwrap();
    assert_eq!(fs::metadata(private).unwrap().mode() & 0o7777, 0o600);
}

/// Asserts that all that is written belongs to the owner of the workspace.
fn is_given_to_the_owner(checkout: &Checkout) {
    let owner_of = |stat: fs::Metadata| (stat.uid(), stat.gid());
    let theirs = owner_of(checkout.stat(""));
    restore(checkout, &[file("old.env", "new"), file("a/b/c", "c")]).unwrap();
    for at in ["old.env", "a", "a/b", "a/b/c"] {
        assert_eq!(owner_of(checkout.stat(at)), theirs, "{at}");
    }
    let private = write_private(&checkout.outside(), "x", Secret::new(b"x")).unwrap();
    assert_eq!(owner_of(fs::metadata(private).unwrap()), theirs);
}

#[test]
fn what_is_written_belongs_to_the_owner_of_the_workspace() {
    is_given_to_the_owner(&Checkout::new().write("old.env", "old"));
}

#[test]
#[ignore = "needs root"]
fn what_root_writes_belongs_to_the_owner_of_the_workspace() {
    let checkout = Checkout::new().write("old.env", "old");
    for folder in [checkout.root(), checkout.outside()] {
        chown(folder, Some(12345), Some(23456)).unwrap();
    }
    is_given_to_the_owner(&checkout);
}

#[test]
#[ignore = "needs root"]
fn a_file_of_the_right_content_and_the_wrong_owner_is_replaced() {
    let checkout = Checkout::new();
    restore(&checkout, &[file("app.env", "same")]).unwrap();
    chown(checkout.root(), Some(12345), Some(23456)).unwrap();
    restore(&checkout, &[file("app.env", "same")]).unwrap();
    assert_eq!(checkout.stat("app.env").uid(), 12345);
}

#[test]
fn private_files_are_new_and_in_their_folder() {
    let checkout = Checkout::new().write_outside("taken", "theirs").link("link", "elsewhere");
    let outside = checkout.outside();
    let written = write_private(&outside, "config.json", Secret::new(b"{}")).unwrap();
    assert_eq!(written, outside.join("config.json"));
    assert_eq!(fs::read_to_string(written).unwrap(), "{}");

    let before = checkout.tree();
    let refused = |folder: &Path, name: &str| write_private(folder, name, Secret::new(b"new")).unwrap_err();
    assert!(matches!(refused(&outside, "taken"), WorkspaceError::Exists { .. }));
    assert!(matches!(refused(&checkout.root(), "link"), WorkspaceError::Exists { .. }));
    assert!(matches!(refused(&checkout.at("missing"), "x"), WorkspaceError::NotFound { .. }));
    for name in ["", ".", "..", "../x", "a/b", "a\0b"] {
        assert!(matches!(refused(&outside, name), WorkspaceError::BadName { .. }), "{name:?}");
    }
    assert_eq!(checkout.tree(), before);
}

/// What a restore is to amount to: the files by name, or an error and nothing changed.
fn expected(old: &BTreeMap<String, String>, new: &[(String, String)]) -> Option<BTreeMap<String, String>> {
    let mut all = old.clone();
    for (at, content) in new {
        all.insert(at.clone(), content.clone());
    }
    let twice = new.iter().enumerate().any(|(n, (at, _))| new[..n].iter().any(|(other, _)| other == at));
    let nested = all.keys().any(|at| all.keys().any(|other| other.starts_with(&format!("{at}/"))));
    (!twice && !nested).then_some(all)
}

fn contents(checkout: &Checkout) -> BTreeMap<String, String> {
    let listing = checkout.open().files("").unwrap();
    listing.paths.iter().map(|at| (at.to_string(), content(checkout, at.as_str()))).collect()
}

fn some_path() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(vec!["a", "b", "c"]), 1..4).prop_map(|parts| parts.join("/"))
}

fn some_content() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["", "one", "two"]).prop_map(str::to_owned)
}

#[test]
fn a_restore_happens_as_a_whole_or_not_at_all() {
    let old = prop::collection::btree_map(some_path(), some_content(), 0..5)
        .prop_filter("a file is no folder", |old| expected(old, &[]).is_some());
    let new = prop::collection::vec((some_path(), some_content()), 0..5);
    let kinds = [("refused", 35), ("undone", 18), ("restored", 20)];
    holds(150, &(old, new, any::<bool>()), &kinds, |(old, new, undo)| {
        let checkout = old.iter().fold(Checkout::new(), |checkout, (at, content)| checkout.write(at, content));
        let files: Vec<_> = new.iter().map(|(at, content)| file(at, content)).collect();
        let before = checkout.tree();
        match (expected(&old, &new), checkout.open().stage(&files)) {
            (None, Err(error)) => {
                assert_eq!(checkout.tree(), before);
                assert_eq!(error.kind(), WorkspaceErrorKind::Path, "{error:?}");
                vec!["refused"]
            }
            (Some(_), Ok(staged)) if undo => {
                staged.commit().unwrap().rollback().unwrap();
                assert_eq!(checkout.tree(), before);
                vec!["undone"]
            }
            (Some(expected), Ok(staged)) => {
                staged.commit().unwrap().finish().unwrap();
                assert_eq!(contents(&checkout), expected);
                assert!(new.iter().all(|(at, _)| checkout.mode(at) == 0o600));
                vec!["restored"]
            }
            (expected, staged) => panic!("{expected:?} {staged:?}"),
        }
    });
}
