//! What is found, what can be run, and which codes say so.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};

use super::{exec, published, through_shell};
use crate::harness::{Bucket, Laptop};

/// A machine with a folder of things that are programs, and things that are not.
fn laptop() -> Laptop {
    let laptop = Laptop::new(&published());
    let file = |path: &str, text: &str, mode: u32| {
        laptop.plain_file(path, text);
        fs::set_permissions(laptop.workspace().path(path), fs::Permissions::from_mode(mode)).unwrap();
    };
    file("bin/plain", "echo \"plain $1 $TOKEN\"\n", 0o755);
    file("bin/script", "#!/bin/sh\necho \"script $1 $TOKEN\"\n", 0o755);
    file("bin/data", "echo no\n", 0o644);
    file("bin/orphan", "#!/no/such/interpreter\n", 0o755);
    file("other/data", "#!/bin/sh\necho other\n", 0o755);
    fs::create_dir(laptop.workspace().path("bin/folder")).unwrap();
    symlink("nothing", laptop.workspace().path("bin/dangling")).unwrap();
    symlink("loop", laptop.workspace().path("bin/loop")).unwrap();
    laptop
}

#[test]
fn the_exit_code_is_the_programs_own() {
    let laptop = Laptop::new(&published());
    for code in [0, 1, 7, 125, 126, 127, 255] {
        let ran = exec(&laptop, &[], &["sh", "-c", &format!("exit {code}")]).run();
        assert_eq!(ran.code, code);
        assert!(ran.stderr.is_empty(), "{}", ran.stderr);
    }
    // It was ended by the signal itself.
    assert_eq!(exec(&laptop, &[], &["sh", "-c", "kill -KILL $$"]).run().code, 128 + 9);
}

#[test]
fn what_is_not_there_is_127_and_what_cannot_be_run_126() {
    let laptop = laptop();
    let run = |program: &str| exec(&laptop, &[], &[program, "x"]).run();
    run("no-such-command").fails(127).says("There is no command no-such-command").says("next: Check its name");
    run("bin/nothing").fails(127);
    run("bin/dangling").fails(127);
    run("").fails(127);
    run("bin/orphan").fails(127).says("interpreter");
    run("bin/data").fails(126).says("Permission denied");
    run("bin/folder").fails(126);
    run("bin/script/x").fails(127);
    run("bin/script").succeeds().prints("script x swordfish\n");
    run("./bin/script").succeeds();
    // By the name that was typed, and not by the path that it was found at.
    exec(&laptop, &[], &["sh", "-c", "echo $0"]).run().succeeds().prints("sh\n");
    // As a shell, env(1) and execvp do.
    run("bin/plain").succeeds().prints("plain x swordfish\n");
}

#[test]
fn a_file_that_is_being_written_cannot_be_run() {
    let laptop = Laptop::new(&published());
    let path = laptop.workspace().path("busy");
    fs::copy("/bin/true", &path).unwrap();
    let _writing = fs::OpenOptions::new().append(true).open(&path).unwrap();
    exec(&laptop, &[], &["./busy"]).run().fails(126).says("busy");
}

#[test]
fn the_path_is_searched_as_execvp_searches_it() {
    let laptop = laptop();
    let with_path = |path: &str, name: &str| exec(&laptop.clone().with_env("PATH", path), &[], &[name]).run();
    let bin = laptop.workspace().path("bin").display().to_string();
    with_path(&format!("/nothing:{bin}"), "script").succeeds();
    // What may not be run is passed over, and told of where nothing else is found.
    with_path("bin:other", "data").succeeds().prints("other\n");
    with_path("bin", "data").fails(126);
    // An empty folder is the current one.
    for path in ["", ":/nothing", "/nothing::/x"] {
        let typed = exec(&laptop.clone().with_env("PATH", path), &[], &["script"]).in_folder("bin");
        typed.run().succeeds();
    }
    let without = laptop.clone().without_env("PATH");
    exec(&without, &[], &["true"]).run().succeeds();
    // The PATH that counts is the program's own.
    let own = super::with_file(".env", format!("PATH={bin}\n"));
    let laptop = Laptop::new(&own);
    exec(&laptop, &["--allow-env", "PATH"], &["script"]).run().succeeds();
}

#[test]
fn failures_of_the_tools_own_are_125_and_say_which_code_they_are() {
    let laptop = Laptop::new(&published());
    let typed = |words: &[&str]| laptop.cstore_with(words.iter().map(|word| (*word).to_owned())).run();
    // Of the command line itself.
    for words in [
        &["exec"][..],
        &["exec", "--"],
        &["exec", "--no-such-flag", "--", "true"],
        &["exec", "--pristine=maybe", "--", "true"],
        &["run", "--quiet=x", "true"],
        &["-q", "exec", "--timeout-seconds"],
        &["exec", "--file", "x", "true"],
        &["exec", "--keep", "A", "true"],
        &["exec", "--keep", "A-B", "--pristine", "true"],
        &["exec", "--prefer-env=!", "true"],
    ] {
        typed(words).fails(125);
    }
    typed(&["exec", "-v", "v9.9.9", "true"]).fails(125).says("Nothing was started (code 6: not found)");
    typed(&["exec", "--timeout-seconds", "x", "true"]).fails(125).says("(code 2: ");
    let offline = laptop.clone().with_env("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
    exec(&offline, &["--timeout-seconds", "1"], &["true"]).run().fails(125).says("(code 7: ");
    let nobody = laptop.clone().without_env("AWS_ACCESS_KEY_ID");
    exec(&nobody, &[], &["true"]).run().fails(125).says("(code 3: ");
    // Other commands keep their own.
    typed(&["export", "--no-such-flag"]).fails(2);
}

#[test]
fn nothing_is_started_when_a_check_fails() {
    let laptop = Laptop::new(&published());
    laptop.plain_file(".env.example", "TOKEN=\nMISSING=\n");
    laptop.plain_file("schema.json", r#"{"required": ["MISSING"]}"#);
    for check in [["--required-keys", "MISSING"], ["--template", ".env.example"], ["--schema", "schema.json"]] {
        let ran = exec(&laptop, &check, &["touch", "started"]).run().fails(125).says("MISSING").says("(code ");
        assert!(ran.stdout.is_empty());
        assert!(!laptop.workspace().path("started").exists(), "{check:?}");
    }
    exec(&laptop, &["--required-keys", "TOKEN"], &["touch", "started"]).run().succeeds();
}

#[test]
fn more_than_a_program_can_be_given_is_said_by_name() {
    let value = "x".repeat(130 * 1024);
    let laptop = Laptop::new(&super::with_file(".env", format!("SMALL=1\nLARGE_ONE={value}\n")));
    exec(&laptop, &[], &["true"]).run().fails(125).says("128 KiB").says("LARGE_ONE").does_not_say("SMALL");
    // No variable is too large by itself.
    let many: String = (0..100).map(|n| format!("V{n}={}\n", "y".repeat(100 * 1024 + n))).collect();
    let laptop = Laptop::new(&super::with_file(".env", many));
    exec(&laptop, &[], &["true"]).run().fails(125).says("more than this system takes").says("V99");
    exec(&laptop, &["--keys", "V1"], &["true"]).run().succeeds();
    // What the stack's limit leaves counts.
    let typed = exec(&laptop, &["--keys", "V1*"], &["true"]);
    let output = through_shell(&typed, "ulimit -s 4096 && exec \"$@\"").output().unwrap();
    assert_eq!(output.status.code(), Some(125), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn help_is_no_failure() {
    let laptop = Laptop::new(&Bucket::missing());
    for flag in ["-h", "--help"] {
        assert!(laptop.cstore(["exec", flag]).run().succeeds().stdout.contains("COMMAND"));
    }
}
