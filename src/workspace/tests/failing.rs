//! Everything that can stand in the way of a write: nothing may change then, and the error names the path.

use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::process::Command;

use super::*;

/// Asserts that files cannot be staged and that nothing has changed by the attempt.
fn refused(checkout: &Checkout, files: &[NewFile<'_>]) -> WorkspaceError {
    let before = checkout.tree();
    let error = checkout.open().stage(files).unwrap_err();
    assert_eq!(checkout.tree(), before, "{error}");
    error
}

#[test]
fn a_folder_in_the_files_place() {
    let checkout = Checkout::new().write("first", "old").write("app.env/x", "x");
    let error = refused(&checkout, &[file("first", "new"), file("a/b", "new"), file("app.env", "new")]);
    assert_eq!(error.to_string(), r#""app.env" is a folder, not a file"#);
    assert_eq!(error.kind(), WorkspaceErrorKind::Path);
}

#[test]
fn a_file_in_the_folders_place() {
    let checkout = Checkout::new().write("first", "old").write("conf", "x");
    let error = refused(&checkout, &[file("first", "new"), file("conf/deep/app.env", "new")]);
    assert_eq!(error.to_string(), r#""conf" is not a folder"#);
    assert_eq!(error.kind(), WorkspaceErrorKind::Path);
}

#[test]
fn something_special_in_the_files_place() {
    let checkout = Checkout::new();
    let _listener = UnixListener::bind(checkout.at("app.env")).unwrap();
    let error = refused(&checkout, &[file("first", "new"), file("app.env", "new")]);
    assert!(matches!(error, WorkspaceError::NotRegular { .. }), "{error:?}");
}

#[test]
fn two_files_for_one_place() {
    let checkout = Checkout::new();
    let error = refused(&checkout, &[file("a", "1"), file("b", "2"), file("a", "3")]);
    assert!(matches!(&error, WorkspaceError::Clash { path, other } if path == "a" && other == "a"), "{error:?}");
    for files in [[file("a", "1"), file("a/b/c", "2")], [file("a/b/c", "2"), file("a", "1")]] {
        let error = refused(&checkout, &files);
        assert!(
            matches!(&error, WorkspaceError::Clash { path, other } if path == "a/b/c" && other == "a"),
            "{error:?}"
        );
    }
    assert!(checkout.open().stage(&[file("a", "1"), file("a.b", "2"), file("ab/c", "3")]).is_ok());
}

/// A file system that does not tell upper from lower case shows one file under two names; so does a hard link that is
/// made at the moment when the first of the two has been written.
#[test]
fn two_names_that_the_file_system_takes_for_one() {
    let shown = shows(
        "F13",
        "two files of a pull have names that the file system takes for one",
        "code 2, naming both; nothing changed",
    );
    let is_one_name = |error: &WorkspaceError, one: &str, other: &str| {
        let named = matches!(error, WorkspaceError::OneName { path, other: first } if path == one && first == other);
        assert!(named, "{error:?}");
        assert_eq!(error.kind(), WorkspaceErrorKind::Path);
        shown.case();
    };

    // Both are new.
    let checkout = Checkout::new();
    let mut staged = checkout.open().stage(&[file("App.env", "1"), file("app.env", "2")]).unwrap();
    staged.0.put_in_place(0).unwrap();
    fs::hard_link(checkout.at("App.env"), checkout.at("app.env")).unwrap();
    is_one_name(&staged.0.put_in_place(1).unwrap_err(), "app.env", "App.env");
    drop(staged);
    assert!(!checkout.at("App.env").exists());

    // Something stood there.
    let checkout = Checkout::new().write("é.env", "old");
    fs::hard_link(checkout.at("é.env"), checkout.at("e\u{301}.env")).unwrap();
    let mut staged = checkout.open().stage(&[file("é.env", "1"), file("e\u{301}.env", "2")]).unwrap();
    staged.0.put_in_place(0).unwrap();
    fs::remove_file(checkout.at("e\u{301}.env")).unwrap();
    fs::hard_link(checkout.at("é.env"), checkout.at("e\u{301}.env")).unwrap();
    is_one_name(&staged.0.put_in_place(1).unwrap_err(), "e\u{301}.env", "é.env");
    drop(staged);
    assert_eq!(fs::read_to_string(checkout.at("é.env")).unwrap(), "old");

    // One of them is a folder of the other.
    let checkout = Checkout::new();
    let mut staged = checkout.open().stage(&[file("App", "1"), file("app/x", "2")]).unwrap();
    fs::rename(checkout.at("app"), checkout.at("App")).unwrap();
    // The folder is to be found by either name.
    staged.0.made[0].name = "App".to_owned();
    is_one_name(&staged.0.put_in_place(0).unwrap_err(), "App", "app");
}

#[test]
fn one_file_at_two_targets_is_noticed_before_anything_is_replaced() {
    let checkout = Checkout::new().write("app.env", "x").write("other.env", "x");
    let folder = Folder::open_trusted(&checkout.root()).unwrap();
    let (app, other) = (folder.symlink_metadata("app.env").unwrap(), folder.symlink_metadata("other.env").unwrap());
    let mut standing = std::collections::HashMap::new();
    let (upper, lower, third) = (path("App.env"), path("app.env"), path("other.env"));
    assert_eq!(stage::first_name(&mut standing, &app, &upper), None);
    assert_eq!(stage::first_name(&mut standing, &other, &third), None);
    assert_eq!(stage::first_name(&mut standing, &app, &lower), Some("App.env"));

    fs::hard_link(checkout.at("app.env"), checkout.at("link.env")).unwrap();
    let linked = folder.symlink_metadata("app.env").unwrap();
    assert_eq!(stage::first_name(&mut standing, &linked, &lower), None, "hard links are replaced one by one");
}

#[test]
fn names_that_differ_in_case_or_spelling_are_two_where_the_file_system_tells_them_apart() {
    let checkout = Checkout::new().write("App.env", "same").write("link", "old");
    if checkout.at("APP.ENV").exists() {
        let error = checkout.open().stage(&[file("App.env", "1"), file("app.env", "2")]).unwrap_err();
        assert!(matches!(error, WorkspaceError::OneName { .. }), "{error:?}");
        return;
    }
    fs::hard_link(checkout.at("link"), checkout.at("Link")).unwrap();
    let files = [
        ("App.env", "same"),
        ("app.env", "2"),
        ("é/x", "3"),
        ("e\u{301}/x", "4"),
        ("É/x", "5"),
        ("link", "6"),
        ("Link", "7"),
    ];
    let new = files.map(|(at, content)| file(at, content));
    checkout.open().stage(&new).unwrap().commit().unwrap().finish().unwrap();
    for (at, content) in files {
        assert_eq!(fs::read_to_string(checkout.at(at)).unwrap(), content, "{at}");
    }
}

#[test]
fn git_and_github_unless_named() {
    let checkout = Checkout::new().write(".git/config", "theirs");
    let hidden =
        [".git/config", ".git", ".GIT/hooks/pre-commit", "sub/.git/config", ".github/workflows/x.yml", "a/.GitHub/x"];
    for at in hidden {
        let error = refused(&checkout, &[file("first", "new"), file(at, "new")]);
        assert!(matches!(&error, WorkspaceError::Protected { path, .. } if path == at), "{error:?}");
        assert_eq!(error.kind(), WorkspaceErrorKind::Path);
    }
    for at in [".github/workflows/x.yml", ".git/info/exclude"] {
        let named = NewFile { named: true, ..file(at, "new") };
        checkout.open().stage(&[named]).unwrap().commit().unwrap().finish().unwrap();
        assert_eq!(fs::read_to_string(checkout.at(at)).unwrap(), "new");
    }
    assert!(checkout.open().stage(&[file(".gitignore", "x"), file(".gitmodules", "x"), file("x.git/y", "x")]).is_ok());
}

#[test]
fn a_windows_devices_name_is_an_ordinary_one_elsewhere() {
    let checkout = Checkout::new();
    checkout.open().stage(&[file("con/aux.env", "x")]).unwrap().commit().unwrap().finish().unwrap();
    assert_eq!(checkout.open().read(&path("con/aux.env"), 10).unwrap().expose(), b"x");
}

/// Between staging and commit another program meddles with the second of three files.
#[test]
fn a_commit_that_fails_midway_puts_back_what_it_replaced() {
    let shown =
        shows("F13", "another program meddles with a file between staging and commit", "what was replaced is put back");
    type Meddle = fn(&Checkout);
    let meddlers: [(&str, Meddle); 6] = [
        ("old", |checkout| {
            fs::remove_file(checkout.at("old")).unwrap();
        }),
        ("old", |checkout| {
            fs::remove_file(checkout.at("old")).unwrap();
            write(&checkout.at("old/file"), "theirs");
        }),
        ("old", |checkout| {
            fs::remove_file(checkout.at("old")).unwrap();
            std::os::unix::fs::symlink("../outside/secret", checkout.at("old")).unwrap();
        }),
        ("old", |checkout| {
            write(&checkout.at("theirs"), "theirs");
            fs::rename(checkout.at("theirs"), checkout.at("old")).unwrap();
        }),
        ("new", |checkout| write(&checkout.at("new"), "theirs")),
        ("new", |checkout| std::os::unix::fs::symlink("../outside/secret", checkout.at("new")).unwrap()),
    ];
    for (n, (second, meddle)) in shown.each(meddlers).enumerate() {
        let checkout = Checkout::new().write("first", "1").write("old", "2").write_outside("secret", "secret");
        let files = [file("first", "new"), file("fresh/x", "new"), file(second, "new"), file("last", "new")];
        let staged = checkout.open().stage(&files).unwrap();
        meddle(&checkout);
        let is_ours = |at: &str| at.starts_with("workspace/fresh") || at.ends_with(".tmp");
        let expected: BTreeMap<_, _> = checkout.tree().into_iter().filter(|(at, _)| !is_ours(at)).collect();
        let error = staged.commit().unwrap_err();
        assert!(matches!(&error, WorkspaceError::Changed { path } if path == second), "{n}: {error:?}");
        assert_eq!(checkout.tree(), expected, "{n}");
    }
}

#[test]
fn a_file_that_cannot_be_put_back_is_named_with_its_backup() {
    let checkout = Checkout::new().write("a/old", "old");
    let committed = checkout.open().stage(&[file("a/old", "new")]).unwrap().commit().unwrap();
    fs::remove_file(checkout.at("a/old")).unwrap();
    let checkout = checkout.write("a/old/file", "theirs");
    let error = committed.rollback().unwrap_err();
    let WorkspaceError::NotPutBack { path, backup, .. } = &error else { panic!("{error:?}") };
    assert_eq!(path, "a/old");
    assert_eq!(fs::read_to_string(checkout.at(backup)).unwrap(), "old");
}

#[test]
fn no_permission() {
    if is_root() {
        return run_again(module_path!(), "no_permission", as_nobody());
    }
    let checkout = Checkout::new().write("first", "old").write("closed/app.env", "old");
    let set_mode = |mode| fs::set_permissions(checkout.at("closed"), fs::Permissions::from_mode(mode)).unwrap();
    set_mode(0o500);
    for at in ["closed/app.env", "closed/new", "closed/deep/new"] {
        let error = refused(&checkout, &[file("first", "new"), file(at, "new")]);
        assert!(matches!(error, WorkspaceError::Denied { doing: "write", .. }), "{error:?}");
        assert!(error.to_string().contains("\"closed/"), "{error}");
        assert_eq!(error.kind(), WorkspaceErrorKind::System);
    }
    let error = write_private(&checkout.at("closed"), "x", Secret::new(b"x")).unwrap_err();
    assert!(matches!(error, WorkspaceError::Denied { .. }), "{error:?}");

    // The folder is closed after staging: the file that was replaced before it is put back.
    set_mode(0o700);
    let before = checkout.tree();
    let staged = checkout.open().stage(&[file("first", "new"), file("closed/app.env", "new")]).unwrap();
    set_mode(0o500);
    let error = staged.commit().unwrap_err();
    assert!(matches!(&error, WorkspaceError::Denied { path, .. } if path == "closed/app.env"), "{error:?}");
    set_mode(0o700);
    let after: BTreeMap<_, _> = checkout.tree().into_iter().filter(|(at, _)| !at.ends_with(".tmp")).collect();
    assert_eq!(after, before);
}

/// A file system of a few pages, gone with the value.
struct SmallDisk {
    at: PathBuf,
}

impl SmallDisk {
    fn mount(at: PathBuf) -> Self {
        let done = Command::new("mount").args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"]).arg(&at).status();
        assert!(done.unwrap().success());
        Self { at }
    }

    fn set(&self, how: &str) {
        let done = Command::new("mount").args(["-o", &format!("remount,{how}")]).arg(&self.at).status();
        assert!(done.unwrap().success());
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.at).status();
    }
}

#[test]
#[ignore = "needs root"]
fn a_full_disk() {
    let checkout = Checkout::new();
    let _disk = SmallDisk::mount(checkout.root());
    let _shown =
        shows("F13", "the disk is full while files are staged", "an error that names the file; nothing changed");
    let checkout = checkout.write("first", "old").write("app.env", "old");
    let large = "x".repeat(100_000);
    let error = refused(&checkout, &[file("first", "new"), file("a/b", "b"), file("app.env", &large)]);
    assert_eq!(error.to_string(), r#"cannot write "app.env": No space left on device (os error 28)"#);
    assert_eq!(error.kind(), WorkspaceErrorKind::System);

    let before = checkout.tree();
    let error = write_private(&checkout.root(), "private", Secret::new(large.as_bytes())).unwrap_err();
    assert!(matches!(&error, WorkspaceError::Io { path, .. } if path.ends_with("/private")), "{error:?}");
    assert_eq!(checkout.tree(), before);
}

#[test]
#[ignore = "needs root"]
fn a_read_only_workspace() {
    let checkout = Checkout::new();
    let disk = SmallDisk::mount(checkout.root());
    let _shown = shows(
        "F13",
        "the workspace is read-only, or becomes so after files were staged",
        "an error that names the file; nothing changed",
    );
    let checkout = checkout.write("first", "old").write("app.env", "old");
    disk.set("ro");
    for at in ["app.env", "new/app.env"] {
        let error = refused(&checkout, &[file(at, "new")]);
        assert!(error.to_string().ends_with("Read-only file system (os error 30)"), "{error}");
    }
    // A file that is already so needs no writing. Its mode must be right for that.
    disk.set("rw");
    checkout.open().stage(&[file("app.env", "same")]).unwrap().commit().unwrap().finish().unwrap();
    let before = checkout.tree();
    let staged = checkout.open().stage(&[file("first", "new"), file("app.env", "new")]).unwrap();
    disk.set("ro");
    checkout.open().stage(&[file("app.env", "same")]).unwrap().commit().unwrap().finish().unwrap();
    let error = staged.commit().unwrap_err();
    assert!(matches!(&error, WorkspaceError::Io { path, .. } if path == "first"), "{error:?}");
    let after: BTreeMap<_, _> = checkout.tree().into_iter().filter(|(at, _)| !at.ends_with(".tmp")).collect();
    assert_eq!(after, before);
}

/// What happens where the file system cannot exchange two names at once.
#[test]
fn names_are_exchanged_by_steps_where_need_be() {
    let checkout = Checkout::new().write("one", "1").write("other", "2");
    let folder = Folder::open_trusted(&checkout.root()).unwrap();
    folder.exchange_in_steps("one", "other", "spare").unwrap();
    let read = |at: &str| fs::read_to_string(checkout.at(at)).unwrap();
    assert_eq!((read("one"), read("other")), ("2".to_owned(), "1".to_owned()));

    let before = checkout.tree();
    for (one, other) in [("missing", "other"), ("one", "missing")] {
        let error = folder.exchange_in_steps(one, other, "spare").unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::NotFound, "{one} {other}");
    }
    assert_eq!(checkout.tree(), before);
}

#[test]
fn no_error_and_no_debug_text_holds_content() {
    let checkout = Checkout::new().write("app.env", "hunter2").folder("folder");
    let workspace = checkout.open();
    let files = [file("app.env", "hunter22")];
    let mut said = format!("{workspace:?} {files:?}");
    let staged = workspace.stage(&files).unwrap();
    said += &format!("{staged:?}");
    let committed = staged.commit().unwrap();
    said += &format!("{committed:?} {:?}", workspace.read(&path("app.env"), 100));
    committed.finish().unwrap();
    for error in [
        workspace.read(&path("app.env"), 3).unwrap_err(),
        workspace.stage(&[file("folder", "hunter2")]).unwrap_err(),
        workspace.stage(&[file("a", "hunter2"), file("a", "hunter2")]).unwrap_err(),
    ] {
        said += &format!("{error} {error:?}");
    }
    assert!(said.contains("app.env"));
    assert!(!said.contains("hunter") && !said.contains("104, 117, 110"), "{said}");
}
