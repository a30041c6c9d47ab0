//! Stored files that a program reads without their having been written.

use super::{exec, python, through_shell};
use crate::harness::{Action, Bucket, Laptop};

const CA: &str = "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUB\n-----END CERTIFICATE-----\n";

fn published() -> Bucket {
    let bucket = Bucket::versioned();
    let push = Action::push(&bucket).version("v1.0.0").files(&[".env", "certs/ca.pem", "key.json"]);
    let push = push.workspace_file(".env", "TOKEN=swordfish\n").workspace_file("certs/ca.pem", CA);
    push.workspace_file("key.json", r#"{"private_key": "do-not-export-me"}"#).run().succeeds();
    bucket
}

#[test]
fn a_stored_file_is_read_as_often_as_one_likes_and_touches_no_disk() {
    let laptop = Laptop::new(&published());
    let before = laptop.workspace().snapshot();
    let flags = ["--file", "certs/ca.pem=CA_FILE", "--file", "./key.json=KEY_FILE"];
    let twice = "case $CA_FILE in /proc/self/fd/*) ;; *) exit 1;; esac; cat \"$CA_FILE\" \"$CA_FILE\" \"$KEY_FILE\"";
    let ran = exec(&laptop, &flags, &["sh", "-c", twice]).run().succeeds();
    assert_eq!(ran.stdout, format!("{CA}{CA}{}", r#"{"private_key": "do-not-export-me"}"#));
    assert_eq!(laptop.workspace().snapshot(), before);
    // As a file, it has no keys.
    exec(&laptop, &flags, &["printenv", "private_key"]).run().exits(1);
    exec(&laptop, &flags, &["printenv", "TOKEN"]).run().succeeds();
    exec(&laptop, &[], &["printenv", "private_key"]).run().succeeds();
    let node = "const fs = require('fs'); process.stdout.write(fs.readFileSync(process.env.CA_FILE))";
    exec(&laptop, &flags, &["node", "-e", node]).run().succeeds().prints(CA);
}

#[test]
fn nobody_can_change_what_was_handed_over() {
    let laptop = Laptop::new(&published());
    let script = r"
import os, fcntl, stat, ctypes
path = os.environ['CA_FILE']
fd = int(path.rsplit('/', 1)[1])
print(oct(stat.S_IMODE(os.stat(path).st_mode)), fcntl.fcntl(fd, 1034) & 0xF)
# Linux since 6.3 can see to it that nobody makes a program of it (MFD_NOEXEC_SEAL, F_SEAL_EXEC).
if ctypes.CDLL(None).memfd_create(b'probe', 8) >= 0 and not fcntl.fcntl(fd, 1034) & 0x20:
    raise SystemExit('it can be made a program')
def refused(work):
    try: work()
    except OSError: return
    raise SystemExit('not refused')
refused(lambda: os.write(fd, b'x'))
refused(lambda: os.ftruncate(fd, 0))
refused(lambda: os.ftruncate(fd, 9999))
def rewrite():
    with open(path, 'r+b') as file: file.write(b'x')
refused(rewrite)
print(os.read(fd, 5).decode())
";
    let ran = exec(&laptop, &["--file", "certs/ca.pem=CA_FILE"], &[&python(), "-c", script]).run().succeeds();
    ran.prints("0o400 15\n-----\n");
}

#[test]
fn a_file_that_is_not_there_starts_nothing() {
    let laptop = Laptop::new(&published());
    let start = |flags: &[&str]| exec(&laptop, flags, &["touch", "started"]).run();
    start(&["--file", "certs/other.pem=CA_FILE"]).fails(125).says("certs/other.pem");
    start(&["--file", "certs/ca.pem=CA-FILE"]).fails(125).says("CA-FILE");
    start(&["--file", "certs/ca.pem"]).fails(125).says("PATH=VAR");
    start(&["--file", "../ca.pem=CA_FILE"]).fails(125);
    start(&["--file", ".env=X", "--file", "key.json=X"]).fails(125).says("twice");
    assert!(!laptop.workspace().path("started").exists());
}

/// A limit that holds for files in memory, too, leaves no room for one.
#[test]
fn where_no_file_can_be_held_nothing_is_started() {
    let laptop = Laptop::new(&published());
    let typed = exec(&laptop, &["--file", "certs/ca.pem=CA_FILE"], &["touch", "started"]);
    let output = through_shell(&typed, "trap '' XFSZ; ulimit -f 0; exec \"$@\"").output().unwrap();
    typed.ended(&output).fails(125).says("holds no file in memory");
    assert!(!laptop.workspace().path("started").exists());
}

#[test]
fn a_file_is_pulled_beside_those_of_a_tag() {
    let bucket = Bucket::versioned();
    let laptop = Laptop::new(&bucket).without_env("CSTORE_CONTEXT");
    let entry = |path: &str, tags: &str| format!("- path: {path}\n  store: aws-s3\n  tags: [{tags}]\n");
    let files = [entry(".env", "service"), entry("certs/ca.pem", ""), entry("key.json", "other")].concat();
    laptop.plain_file("cstore.yml", format!("version: v4\ncontext: shop\nfiles:\n{files}"));
    laptop.file(".env", "TOKEN=swordfish\n").file("certs/ca.pem", CA).file("key.json", r#"{"private_key": "a-b-c-d"}"#);
    laptop.cstore(["push", "-v", "v1.0.0", "--yes"]).run().succeeds();
    laptop.cstore(["push"]).run().succeeds();
    let line = "cat \"$CA_FILE\"; printenv TOKEN; printenv private_key || echo none";
    for version in ["v1.0.0", "head"] {
        let words = ["exec", "-v", version, "-t", "service", "--file", "certs/ca.pem=CA_FILE", "--", "sh", "-c", line];
        let ran = laptop.cstore(words).prints_values().run().succeeds();
        assert_eq!(ran.stderr, "", "{version}");
        ran.prints(&format!("{CA}swordfish\nnone\n"));
    }
    // A file that is not there is no matter of types either.
    let missing = ["exec", "-t", "service", "--file", "certs/other.pem=CA_FILE", "--", "true"];
    laptop.cstore(missing).run().fails(125).says("certs/other.pem").does_not_say("--types");
}

#[test]
fn a_file_is_pulled_beside_those_that_are_named() {
    let laptop = Laptop::new(&published());
    let flags = ["--files", ".env", "--file", "certs/ca.pem=CA_FILE"];
    exec(&laptop, &flags, &["sh", "-c", "cat \"$CA_FILE\"; printenv TOKEN"])
        .run()
        .succeeds()
        .prints(&format!("{CA}swordfish\n"));
}
