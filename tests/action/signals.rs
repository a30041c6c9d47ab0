//! A job that is cancelled: the runner has SIGINT, then SIGTERM sent to the step.

use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use crate::harness::Workspace;

/// Runs a step against a service that takes its request and never answers, sends the signal when the request is there,
/// and gives the exit code.
fn interrupted(signal: Signal, command: &str) -> Option<i32> {
    let service = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let workspace = Workspace::new();
    workspace.write(".env", "TOKEN=swordfish\n");
    let before = workspace.snapshot();
    let file = |name: &str| workspace.mounted("file_commands").join(name);
    let mut step = Command::new(env!("CARGO_BIN_EXE_cstore-action"))
        .env_clear()
        .envs([
            ("INPUT_COMMAND", command),
            ("INPUT_BUCKET", "configs"),
            ("INPUT_VERSION", "v1"),
            ("INPUT_FILES", ".env"),
        ])
        .env("INPUT_ENDPOINT-URL", format!("http://{}", service.local_addr().unwrap()))
        .envs([("AWS_ACCESS_KEY_ID", "AKIATEST"), ("AWS_SECRET_ACCESS_KEY", "secret"), ("AWS_REGION", "us-east-1")])
        .envs([("GITHUB_ACTIONS", "true"), ("GITHUB_REPOSITORY", "acme/shop")])
        .env("GITHUB_WORKSPACE", workspace.path(""))
        .env("GITHUB_OUTPUT", file("output"))
        .env("RUNNER_TEMP", workspace.mounted("runner_temp"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // Held open, so that the step waits for its answer until the signal comes: by itself it would end with 7.
    let _connection = service.accept().unwrap();
    let pid = Pid::from_child(&step);
    kill_process(pid, signal).unwrap();
    let status = step.wait().unwrap();
    assert_eq!(status.signal(), None, "process 1 of a container has no default handlers, so it needs its own");
    assert_eq!(workspace.snapshot(), before, "a temporary file was left behind");
    assert!(std::fs::read(file("output")).unwrap_or_default().is_empty());
    status.code()
}

#[test]
fn terminated() {
    assert_eq!(interrupted(Signal::TERM, "pull"), Some(143));
    assert_eq!(interrupted(Signal::TERM, "push"), Some(143));
}

#[test]
fn interrupted_from_the_keyboard() {
    assert_eq!(interrupted(Signal::INT, "pull"), Some(130));
    assert_eq!(interrupted(Signal::INT, "push"), Some(130));
}

#[test]
fn an_option_starts_nothing() {
    let ask = |argument: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_cstore-action")).env_clear().arg(argument).output().unwrap();
        (output.status.code(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
    };
    assert_eq!(ask("--version"), (Some(0), format!("cstore-action {}\n", env!("CARGO_PKG_VERSION"))));
    let (code, said) = ask("--help");
    assert!(code == Some(2) && said.contains("docs/inputs.md"), "{code:?} {said}");
    // As the runner calls what stands in a shell's place.
    let (code, said) = ask("/home/runner/work/_temp/script");
    // It starts, and finds no runner's variables.
    assert!(code == Some(1) && said.contains("GITHUB_OUTPUT is not set"), "{code:?} {said}");
}
