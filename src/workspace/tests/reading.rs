use std::os::unix::net::UnixListener;
use std::process::Command;

use rustix::fs::{CWD, FileType, Mode, makedev, mknodat};

use super::*;

fn text(checkout: &Checkout, at: &str) -> Result<String, WorkspaceError> {
    let content = checkout.open().read(&path(at), 1000)?;
    Ok(String::from_utf8(content.into_exposed()).unwrap())
}

#[test]
fn a_file_is_read_up_to_the_limit_and_no_further() {
    let checkout = Checkout::new().write("service/app.env", "A=12345").write("empty", "");
    let workspace = checkout.open();
    assert_eq!(workspace.read(&path("service/app.env"), 7).unwrap().expose(), b"A=12345");
    assert_eq!(workspace.read(&path("empty"), 0).unwrap().expose(), b"");
    let error = workspace.read(&path("service/app.env"), 6).unwrap_err();
    assert!(matches!(&error, WorkspaceError::TooLarge { path, limit: 6 } if path == "service/app.env"), "{error:?}");
}

/// Files of /proc say that they are empty, as a file that grows while it is read once did.
#[test]
fn the_limit_does_not_rely_on_the_size_that_a_file_claims() {
    let workspace = Workspace::open(Path::new("/proc/self")).unwrap();
    let error = workspace.read(&path("status"), 10).unwrap_err();
    assert!(matches!(error, WorkspaceError::TooLarge { .. }), "{error:?}");
}

#[test]
fn what_is_no_file_is_refused_by_name_and_kind() {
    let checkout = Checkout::new().write("file", "x").folder("folder");
    let error = text(&checkout, "missing").unwrap_err();
    assert!(matches!(&error, WorkspaceError::NotFound { path } if path == "missing"), "{error:?}");
    let error = text(&checkout, "missing/too").unwrap_err();
    assert!(matches!(&error, WorkspaceError::NotFound { path } if path == "missing/too"), "{error:?}");
    let error = text(&checkout, "folder").unwrap_err();
    assert!(matches!(&error, WorkspaceError::IsFolder { path } if path == "folder"), "{error:?}");
    let error = text(&checkout, "file/below").unwrap_err();
    assert!(matches!(&error, WorkspaceError::NotAFolder { path } if path == "file"), "{error:?}");
}

/// Opening a FIFO that nobody writes to would wait for ever.
#[test]
fn fifos_and_sockets_are_refused_without_waiting() {
    let checkout = Checkout::new().link("link", "fifo");
    mknodat(CWD, checkout.at("fifo"), FileType::Fifo, Mode::RUSR, 0).unwrap();
    let _listener = UnixListener::bind(checkout.at("socket")).unwrap();
    for name in ["fifo", "link", "socket"] {
        let error = text(&checkout, name).unwrap_err();
        assert!(matches!(error, WorkspaceError::NotRegular { .. }), "{name}: {error:?}");
    }
}

#[test]
#[ignore = "needs root"]
fn a_device_is_refused() {
    let checkout = Checkout::new();
    mknodat(CWD, checkout.at("zero"), FileType::CharacterDevice, Mode::RUSR, makedev(1, 5)).unwrap();
    let error = text(&checkout, "zero").unwrap_err();
    assert!(matches!(error, WorkspaceError::NotRegular { .. }), "{error:?}");
}

#[test]
fn links_within_the_workspace_are_followed() {
    let checkout = Checkout::new()
        .write("real/app.env", "inside")
        .link("app.env", "real/app.env")
        .link("other/app.env", "../real/app.env")
        .link("folder", "real")
        .link("chain", "other/app.env");
    for at in ["app.env", "other/app.env", "folder/app.env", "chain"] {
        assert_eq!(text(&checkout, at).unwrap(), "inside", "{at}");
    }
}

#[test]
fn links_that_lead_out_are_refused() {
    let checkout = Checkout::new().write_outside("secret", "outside").write("real", "inside").folder("deep");
    let absolute = checkout.outside().join("secret");
    let checkout = checkout
        .link("absolute", absolute.to_str().unwrap())
        .link("up", "../outside/secret")
        .link("deep/up", "../../outside/secret")
        .link("out", "../outside")
        .link("out_and_in", "../workspace/real")
        .link("chain", "deep/up")
        .link("proc", "/proc/self/environ");
    for at in ["absolute", "up", "deep/up", "out/secret", "out_and_in", "chain", "proc"] {
        let error = text(&checkout, at).unwrap_err();
        let says = error.to_string();
        assert!(matches!(error, WorkspaceError::Link { .. }), "{at}: {error:?}");
        assert_eq!(says, format!("{at:?} is a symbolic link that leads out of the workspace"));
    }
}

#[test]
fn links_that_lead_nowhere_are_refused() {
    let checkout = Checkout::new().link("a", "b").link("b", "a").link("gone", "missing");
    assert!(matches!(text(&checkout, "a").unwrap_err(), WorkspaceError::Link { rule: "leads to itself", .. }));
    assert!(matches!(text(&checkout, "gone").unwrap_err(), WorkspaceError::NotFound { .. }));
}

/// `actions/checkout` leaves its token in there.
#[test]
fn a_link_does_not_lead_into_git() {
    let checkout = Checkout::new()
        .write(".git/config", "token")
        .write("sub/.git/config", "token")
        .link("app.env", ".git/config")
        .link("folder", "sub/.git")
        .link("sub/x", "folder")
        .write("GIT~1/config", "token")
        .write(".Git.\u{200c}/config", "token")
        .link("short", "GIT~1/config")
        .link("invisible", ".Git.\u{200c}/config");
    for at in ["app.env", "folder/config", "short", "invisible"] {
        let error = text(&checkout, at).unwrap_err();
        assert!(matches!(error, WorkspaceError::Link { rule: "leads into `.git`", .. }), "{at}: {error:?}");
    }
    assert_eq!(text(&checkout, ".git/config").unwrap(), "token");
}

#[test]
fn a_file_without_permission_is_named() {
    if is_root() {
        // Root may read everything, so somebody else has to try.
        return run_again(module_path!(), "a_file_without_permission_is_named", as_nobody());
    }
    let checkout = Checkout::new().write("app.env", "x").write("closed/app.env", "x");
    let forbid = |at: &str| {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o000);
        fs::set_permissions(checkout.at(at), mode).unwrap();
    };
    forbid("app.env");
    forbid("closed");
    for at in ["app.env", "closed/app.env"] {
        let error = text(&checkout, at).unwrap_err();
        assert_eq!(error.to_string(), format!("no permission to read {at:?}"));
        assert_eq!(error.kind(), WorkspaceErrorKind::System);
    }
    assert!(Command::new("chmod").arg("700").arg(checkout.at("closed")).status().unwrap().success());
}

#[test]
fn a_workspace_that_is_no_folder_is_named() {
    let checkout = Checkout::new().write("file", "x");
    let error = Workspace::open(&checkout.at("file")).unwrap_err();
    assert!(matches!(error, WorkspaceError::NotAFolder { .. }), "{error:?}");
    let error = Workspace::open(&checkout.at("missing")).unwrap_err();
    assert!(matches!(error, WorkspaceError::NotFound { .. }), "{error:?}");
}
