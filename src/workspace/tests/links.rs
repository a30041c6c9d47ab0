//! Links planted in the workspace, at rest and while it is being written.

use std::io::ErrorKind;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::fs::{CWD, RenameFlags, renameat_with};

use super::*;

#[test]
fn no_link_is_written_through_or_replaced() {
    let shown = shows(
        "T2",
        "links within, out of and to nowhere, in a file's or a folder's place",
        "refused, naming the link; nothing changed",
    );
    let checkout = Checkout::new()
        .write("first", "old")
        .write("real/app.env", "inside")
        .write(".git/hooks/sample", "x")
        .write_outside("secret", "outside")
        .link("inside", "real/app.env")
        .link("out", "../outside/secret")
        .link("out_new", "../outside/new")
        .link("dangling", "missing")
        .link("loop", "loop")
        .link("folder", "real")
        .link("out_folder", "../outside")
        .link("hooks", ".git/hooks")
        .link("absolute", "/tmp");
    let before = checkout.tree();
    let blamed = [
        ("inside", "inside"),
        ("out", "out"),
        ("out_new", "out_new"),
        ("dangling", "dangling"),
        ("loop", "loop"),
        ("folder/app.env", "folder"),
        ("folder/new/x", "folder"),
        ("out_folder/secret", "out_folder"),
        ("hooks/pre-commit", "hooks"),
        ("absolute/x", "absolute"),
    ];
    for (at, link) in shown.each(blamed) {
        let error = checkout.open().stage(&[file("first", "new"), file(at, "new")]).unwrap_err();
        assert!(matches!(&error, WorkspaceError::Link { path, .. } if path == link), "{at}: {error:?}");
        assert_eq!(error.kind(), WorkspaceErrorKind::Path);
        assert_eq!(checkout.tree(), before, "{at}");
    }
}

/// How often something is tried while names are swapped, until each of them has been met often enough. The other thread
/// swaps all the time, so this is far more than it takes.
const MOST_TRIES: usize = 1_000_000;

/// Lets two names change places over and over while something else is done.
fn while_swapping(one: &Path, other: &Path, mut act: impl FnMut()) {
    /// Ends the swapping when an assertion fails too.
    struct Done<'a>(&'a AtomicBool);
    impl Drop for Done<'_> {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                // The names are there at all times, except where a write replaces one of them in steps.
                let _ = renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE);
            }
        });
        let _done = Done(&done);
        act();
    });
}

#[test]
fn a_folder_that_turns_into_a_link_while_it_is_written_leads_nowhere() {
    let _shown = shows(
        "T2",
        "a folder turns into a link and back all the time while it is written",
        "nothing outside is written",
    );
    let checkout = Checkout::new()
        .write("conf/app.env", "inside")
        .write_outside("app.env", "outside")
        .write_outside("deep/app.env", "outside")
        .folder("conf/deep")
        .link("link", "../outside");
    let outside = tree(&checkout.outside());
    let workspace = checkout.open();
    let (mut written, mut refused) = (0, 0);
    while_swapping(&checkout.at("conf"), &checkout.at("link"), || {
        for n in 0..MOST_TRIES {
            let content = n.to_string();
            let files = ["conf/app.env", "conf/deep/app.env", "conf/a/b"].map(|at| file(at, &content));
            match workspace.stage(&files).and_then(Staged::commit) {
                Ok(committed) if n % 2 == 0 => committed.finish().unwrap(),
                Ok(committed) => committed.rollback().unwrap(),
                Err(WorkspaceError::Link { path, .. } | WorkspaceError::Changed { path }) if path == "conf" => {
                    refused += 1;
                    // A refusal takes so little time that the other thread might not have its turn.
                    std::thread::yield_now();
                    continue;
                }
                Err(error) => panic!("{error:?}"),
            }
            written += 1;
            if written >= 500 && refused > 0 {
                break;
            }
        }
    });
    assert!(written >= 500 && refused > 0, "{written} writes met the folder, {refused} the link");
    assert_eq!(tree(&checkout.outside()), outside);
    assert!(!checkout.tree().keys().any(|at| at.ends_with(".tmp")));
}

#[test]
fn a_file_that_turns_into_a_link_while_it_is_replaced_is_not_followed() {
    let checkout = Checkout::new().write_outside("secret", "outside").link("conf/link", "../../outside/secret");
    let checkout = checkout.write("conf/app.env", "inside");
    let outside = tree(&checkout.outside());
    let workspace = checkout.open();
    let (mut written, mut refused) = (0, 0);
    while_swapping(&checkout.at("conf/app.env"), &checkout.at("conf/link"), || {
        for n in 0..MOST_TRIES {
            match workspace.stage(&[file("conf/app.env", &n.to_string())]).and_then(Staged::commit) {
                Ok(committed) => {
                    committed.finish().unwrap();
                    written += 1;
                }
                Err(WorkspaceError::Link { .. } | WorkspaceError::Changed { .. }) => {
                    refused += 1;
                    std::thread::yield_now();
                }
                Err(error) => panic!("{error:?}"),
            }
            if written >= 500 && refused > 0 {
                break;
            }
        }
    });
    assert!(written >= 500 && refused > 0, "{written} writes met the file, {refused} the link");
    assert_eq!(tree(&checkout.outside()), outside);
}

#[test]
fn what_lies_outside_is_never_read_whatever_is_swapped() {
    let checkout = Checkout::new()
        .write("conf/app.env", "inside")
        .write(".git/app.env", "token")
        .write_outside("app.env", "outside")
        .link("out", "../outside")
        .link("git", ".git");
    let workspace = checkout.open();
    for link in ["out", "git"] {
        let (mut read, mut refused) = (0, 0);
        while_swapping(&checkout.at("conf"), &checkout.at(link), || {
            for n in 0..MOST_TRIES {
                match workspace.read(&path("conf/app.env"), 100) {
                    Ok(content) => {
                        assert_eq!(content.expose(), b"inside");
                        read += 1;
                    }
                    Err(WorkspaceError::Link { .. }) => {
                        refused += 1;
                        std::thread::yield_now();
                    }
                    // The folder became a link after it had been looked at, and was not opened.
                    Err(WorkspaceError::Io { reason, .. }) if reason.kind() == ErrorKind::NotADirectory => {}
                    Err(error) => panic!("{error:?}"),
                }
                if n >= 3000 && read > 0 && refused > 0 {
                    break;
                }
            }
        });
        assert!(read > 0 && refused > 0, "{read} reads met the file, {refused} the link {link}");
        // Swapped an odd number of times, perhaps.
        if checkout.stat("conf").is_symlink() {
            renameat_with(CWD, checkout.at("conf"), CWD, checkout.at(link), RenameFlags::EXCHANGE).unwrap();
        }
    }
}
