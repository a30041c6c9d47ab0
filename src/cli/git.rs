//! What git says of the catalog's folder: the commit, whether there is more than it holds, and who works here.
//!
//! A repository may be anybody's: what its config has git run is switched off. Whatever fails, or takes too long, is
//! not said; no push fails for it.

use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::environment::Environment;
use crate::store::{PushSource, author_name};

/// How long all questions to git may take together.
const PATIENCE: Duration = Duration::from_secs(2);
/// How much of an answer is read, in bytes.
const LONGEST: u64 = 1024 * 1024;
/// The stack of a thread that reads an answer.
const STACK: usize = 256 * 1024;

/// Config that has git run nothing of the repository's: no monitor of files, no hooks, no helper that gets what is
/// missing from elsewhere, no repository that merely lies in another (<https://git-scm.com/docs/git-config>).
const HARMLESS: [&str; 10] = [
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "protocol.allow=never",
    "-c",
    "safe.bareRepository=explicit",
    "--no-optional-locks",
    "--no-pager",
];

/// What git needs of the environment: where it is, and its user's own config. Credentials are not among it.
const VARIABLES: [&str; 10] = [
    "PATH",
    "HOME",
    "XDG_CONFIG_HOME",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_SYSTEM",
    "GIT_CONFIG_NOSYSTEM",
    "SystemRoot",
    "USERPROFILE",
    "HOMEDRIVE",
    "HOMEPATH",
];

/// Where a push comes from, and who pushes: an author that is given, else git's `user.name`. One that is given as empty
/// is not said.
pub(super) fn source(folder: &Path, environment: &Environment, author: Option<&str>) -> Option<PushSource> {
    let git = Git { folder, environment, until: Instant::now() + PATIENCE };
    let sha = git.ask(&["rev-parse", "--verify", "HEAD^{commit}"]);
    let dirty = sha.as_ref().and_then(|_| git.is_dirty());
    let source = PushSource { sha, dirty, author: git.author(author), ..PushSource::default() }.readable();
    (source != PushSource::default()).then_some(source)
}

/// Who works here, in the same way, and nothing else.
pub(super) fn author(folder: &Path, environment: &Environment, author: Option<&str>) -> Option<PushSource> {
    let git = Git { folder, environment, until: Instant::now() + PATIENCE };
    let author = git.author(author)?;
    Some(PushSource { author: Some(author), ..PushSource::default() })
}

struct Git<'a> {
    folder: &'a Path,
    environment: &'a Environment,
    until: Instant,
}

impl Git<'_> {
    fn author(&self, given: Option<&str>) -> Option<String> {
        match given {
            Some(author) => author_name(author),
            None => self.ask(&["config", "--get", "user.name"]).and_then(|name| author_name(&name)),
        }
    }

    /// Whether tracked files have changes that no commit holds. Not found out where the repository's own config says by
    /// which programs files are read: git would run them.
    fn is_dirty(&self) -> Option<bool> {
        let names = self.ask(&["config", "--list", "--show-scope", "--name-only"])?;
        let is_foreign = |line: &str| {
            let (scope, name) = line.split_once('\t').unwrap_or(("", line));
            !matches!(scope, "system" | "global" | "command") && name.to_ascii_lowercase().starts_with("filter.")
        };
        if names.lines().any(is_foreign) {
            return None;
        }
        let status = ["status", "--porcelain", "--untracked-files=no", "--ignore-submodules=all"];
        self.ask(&status).map(|changed| !changed.is_empty())
    }

    /// What git answers, without the line's end.
    fn ask(&self, question: &[&str]) -> Option<String> {
        let mut command = Command::new("git");
        command.args(HARMLESS).args(question).current_dir(self.folder).env_clear();
        let kept = VARIABLES.iter().filter_map(|name| Some((name, self.environment.text(name)?)));
        command.envs(kept).env("GIT_NO_LAZY_FETCH", "1").env("GIT_TERMINAL_PROMPT", "0").env("LC_ALL", "C");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().ok()?;
        let id = child.id();
        let (answers, answer) = mpsc::channel();
        let read = move || {
            let mut bytes = Vec::new();
            let read = child.stdout.take().map(|output| output.take(LONGEST).read_to_end(&mut bytes));
            let is_whole = matches!(read, Some(Ok(_))) && child.wait().is_ok_and(|status| status.success());
            // Whoever asked may have given up.
            let _ = answers.send(is_whole.then_some(bytes));
        };
        thread::Builder::new().stack_size(STACK).spawn(read).ok()?;
        match answer.recv_timeout(self.until.saturating_duration_since(Instant::now())) {
            Ok(bytes) => Some(String::from_utf8(bytes?).ok()?.trim_end().to_owned()),
            Err(_) => {
                end(id);
                None
            }
        }
    }
}

/// Ends a process that takes too long.
#[cfg(unix)]
fn end(id: u32) {
    use rustix::process::{Pid, Signal, kill_process};
    if let Some(pid) = i32::try_from(id).ok().and_then(Pid::from_raw) {
        // It may have ended by itself.
        let _ = kill_process(pid, Signal::KILL);
    }
}

#[cfg(not(unix))]
fn end(_: u32) {}
