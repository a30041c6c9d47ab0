//! The program has the process: its id, its signals, its descriptors, and nothing of this tool.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, mpsc};

use rustix::process::{Pid, Signal, kill_process};

use super::{exec, printed, published, python, through_shell};
use crate::harness::proxy::{Fault, get};
use crate::harness::{Laptop, Proxy, Ran, shows};

/// Prints what a process was started with: open files, limits, signals.
const STATE: &str = r#"
import os, resource
def link(fd):
    try: return os.readlink(f"/proc/self/fd/{fd}").split(":")[0]
    except OSError: return None
print({fd: link(fd) for fd in range(200) if link(fd)})
print(resource.getrlimit(resource.RLIMIT_NOFILE))
lines = [line.split() for line in open("/proc/self/status")]
# The first 31: what lies above is the C library's own.
print([(words[0], int(words[1], 16) & 0x7fffffff) for words in lines if words[0] in ("SigIgn:", "SigBlk:", "Umask:")])
print(os.getcwd())
"#;

/// Python that keeps what it finds; by itself it ignores SIGPIPE, which is therefore not looked at.
fn state(laptop: &Laptop, before: &str, tool: bool) -> String {
    let program = [&python(), "-c", STATE];
    let line =
        format!("{before}; {}exec \"$@\"", if tool { "" } else { "while [ \"$1\" != -- ]; do shift; done; shift; " });
    printed(through_shell(&exec(laptop, &[], &program), &line).stdin(Stdio::null()))
}

#[test]
fn the_program_finds_what_it_would_have_found_without_this_tool() {
    let laptop = Laptop::new(&published());
    for before in [
        ":",
        "ulimit -S -n 99",
        "umask 077",
        "trap '' INT",
        "trap '' TERM HUP",
        // What a caller has open on purpose is the program's.
        "exec 7</dev/null",
    ] {
        assert_eq!(state(&laptop, before, true), state(&laptop, before, false), "{before}");
    }
}

#[test]
fn signals_that_were_blocked_stay_blocked() {
    let laptop = Laptop::new(&published());
    let blocked = "import os, signal, sys; signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1, signal.SIGTERM]); \
                   os.execvp(sys.argv[1], sys.argv[1:])";
    let typed = exec(&laptop, &[], &["grep", "SigBlk", "/proc/self/status"]).command();
    let mut command = std::process::Command::new(python());
    command.args(["-c", blocked]).arg(typed.get_program()).args(typed.get_args()).env_clear();
    command.envs(typed.get_envs().filter_map(|(name, value)| Some((name, value?))));
    // SIGUSR1 is 10, SIGTERM 15.
    assert_eq!(printed(&mut command), format!("SigBlk:\t{:016x}\n", 1 << 9 | 1 << 14));
}

#[test]
fn a_broken_pipe_ends_the_program_as_usual() {
    let laptop = Laptop::new(&published());
    let typed = exec(&laptop, &[], &["sh", "-c", "trap 'exit 9' EXIT; while echo y; do :; done"]);
    let line = "{ \"$@\"; echo $? >&2; } | head -n 1";
    let output = through_shell(&typed, line).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr).lines().last(), Some("141"));
}

#[test]
fn descriptors_that_were_closed_do_not_become_something_else() {
    let laptop = Laptop::new(&published());
    let look =
        "import os\nopen(os.environ['OUT'], 'w').write(repr([os.readlink(f'/proc/self/fd/{fd}') for fd in range(3)]))";
    let out = laptop.workspace().path("out");
    let laptop = laptop.with_env("OUT", out.to_str().unwrap());
    let typed = exec(&laptop, &[], &[&python(), "-c", look]);
    assert!(through_shell(&typed, "exec \"$@\" <&- >&- 2>&-").status().unwrap().success());
    assert_eq!(std::fs::read_to_string(out).unwrap(), "['/dev/null', '/dev/null', '/dev/null']");
}

fn pid(child: &Child) -> Pid {
    Pid::from_child(child)
}

#[test]
fn the_process_is_the_programs_from_its_id_to_its_memory() {
    let laptop = Laptop::new(&published());
    let mut child = exec(&laptop, &[], &["sh", "-c", "echo $$; read line"]).command();
    let mut child = child.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line.trim().parse(), Ok(child.id()));
    let proc = std::path::PathBuf::from(format!("/proc/{}", child.id()));
    let environ = std::fs::read(proc.join("environ")).unwrap();
    assert!(environ.split(|byte| *byte == 0).any(|variable| variable == b"TOKEN=swordfish"));
    let exe = std::fs::read_link(proc.join("exe")).unwrap();
    assert_ne!(exe.file_name().unwrap(), "cstore");
    assert!(!std::fs::read_to_string(proc.join("maps")).unwrap().contains("cstore"));
    assert_eq!(std::fs::read_dir(proc.join("task")).unwrap().count(), 1, "a thread was left");
    let files =
        std::fs::read_dir(proc.join("fd")).unwrap().map(|entry| std::fs::read_link(entry.unwrap().path()).unwrap());
    for file in files.map(|file| file.display().to_string()) {
        assert!(
            !file.starts_with("socket:") && !file.starts_with("anon_inode:") && !file.contains("workspace"),
            "{file}"
        );
    }
    // Its signals are its own.
    kill_process(pid(&child), Signal::TERM).unwrap();
    assert_eq!(child.wait().unwrap().signal(), Some(15));
}

#[test]
fn a_program_handles_its_signals_itself() {
    let laptop = Laptop::new(&published());
    let script = "trap 'echo heard; exit 5' TERM; echo ready; while :; do sleep 0.01; done";
    let mut command = exec(&laptop, &[], &["sh", "-c", script]).command();
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    lines.read_line(&mut line).unwrap();
    kill_process(pid(&child), Signal::TERM).unwrap();
    lines.read_to_string(&mut line).unwrap();
    assert_eq!((line.as_str(), child.wait().unwrap().code()), ("ready\nheard\n", Some(5)));
}

/// A start that waits for a request's answer, which never comes.
fn held_up(laptop: &Laptop, before: &str, after: impl FnOnce(&Child)) -> (Ran, ExitStatus) {
    let (came, arrival) = mpsc::channel();
    let proxy = Proxy::start();
    let manifest = get("shop/.cstore/versions/v1.0.0.json");
    proxy.on(manifest, Fault::StallAnd(Arc::new(move || came.send(()).unwrap())));
    let laptop = laptop.clone().with_env("AWS_ENDPOINT_URL", &proxy.endpoint());
    let typed = exec(&laptop, &[], &["touch", "started"]);
    let mut command = through_shell(&typed, &format!("{before}; exec \"$@\""));
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    arrival.recv().unwrap();
    after(&child);
    let ended = child.wait_with_output().unwrap();
    (typed.ended(&ended), ended.status)
}

#[test]
fn a_signal_in_mid_start_ends_it_and_nothing_is_started() {
    let shown = shows("F12", "SIGINT or SIGTERM while `exec` gets its values", "code 130 or 143; nothing is started");
    let laptop = Laptop::new(&published());
    for (signal, code) in shown.each([(Signal::TERM, 143), (Signal::INT, 130)]) {
        let (ran, _) = held_up(&laptop, ":", |child| kill_process(pid(child), signal).unwrap());
        assert_eq!(ran.code, code, "{}", ran.stderr);
        assert!(!laptop.workspace().path("started").exists());
    }
}

#[test]
fn a_process_that_may_hold_values_dumps_no_core() {
    let laptop = Laptop::new(&published());
    let before = format!("cd '{}'; ulimit -c unlimited", laptop.workspace().path("").display());
    let quits = Command::new("sh").args(["-c", &format!("{before}; kill -QUIT $$")]).status().unwrap();
    assert!(quits.core_dumped(), "this machine dumps no cores, so that nothing can be shown: {quits}");
    let shown = shows("T12", "SIGQUIT while `exec` gets its values", "no core is dumped");
    for signal in shown.each([Signal::QUIT]) {
        let (_, status) = held_up(&laptop, &before, |child| kill_process(pid(child), signal).unwrap());
        assert_eq!((status.signal(), status.core_dumped()), (Some(3), false));
    }
}

#[test]
fn a_signal_that_is_ignored_ends_no_start() {
    let laptop = Laptop::new(&published());
    let (ran, _) = held_up(&laptop, "trap '' INT", |child| {
        kill_process(pid(child), Signal::INT).unwrap();
        kill_process(pid(child), Signal::TERM).unwrap();
    });
    assert_eq!(ran.code, 143, "{}", ran.stderr);
}

/// The tool ends with the signal's code, whatever it was about to do: the program is never started.
#[test]
fn no_signal_is_lost_between_the_work_and_the_program() {
    // As long as the tool looks for the program, it has nothing else to do any more.
    let path: String = (0..8000).map(|n| format!("/nothing/{n}:")).collect();
    let path = path + &std::env::var("PATH").unwrap();
    let laptop = Laptop::new(&published()).with_env("PATH", &path);
    let mut ends = BTreeSet::new();
    for _ in 0..10 {
        let mut command = exec(&laptop, &[], &["sleep", "5"]).command();
        let mut child = command.stdin(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let link = |name: &str| std::fs::read_link(format!("/proc/{}/{name}", child.id())).unwrap_or_default();
        let is_tool = || link("exe").ends_with("cstore");
        let is_socket = |fd: &i32| link(&format!("fd/{fd}")).to_string_lossy().starts_with("socket:");
        let sockets = || (3..40).filter(is_socket).count();
        // What hears signals has some of its own; one of these goes with the connections.
        let mut most = 0;
        while is_tool() && (most < 5 || sockets() > 3) {
            most = most.max(sockets());
        }
        kill_process(pid(&child), Signal::TERM).unwrap();
        let status = child.wait().unwrap();
        ends.insert((status.code(), status.signal()));
    }
    // Where the program was there already, the signal was its own.
    let told = BTreeSet::from([(Some(143), None), (None, Some(15))]);
    assert!(ends.is_subset(&told), "{ends:?}");
}
