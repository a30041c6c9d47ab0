//! A person's machine: a folder, a home, credentials, and the command line `cstore`.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::Write as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

use super::leak::Secrets;
use super::s3::Bucket;
use super::server::{ACCESS_KEY, REGION, SECRET_KEY};
use super::typist::Typist;
use super::workspace::Workspace;

/// A machine on which nothing has been set up but credentials. Clones share its folders.
#[derive(Clone)]
pub(crate) struct Laptop {
    workspace: Workspace,
    environment: BTreeMap<String, OsString>,
    secrets: Secrets,
}

impl Laptop {
    /// A machine whose credentials and variables lead to this bucket; no catalog names it.
    pub(crate) fn new(bucket: &Bucket) -> Self {
        let laptop = Self::without_bucket(bucket);
        laptop.with_env("CSTORE_BUCKET", bucket.name()).with_env("CSTORE_CONTEXT", "shop")
    }

    /// As [`new`](Self::new), without variables that say which bucket and which context.
    pub(crate) fn without_bucket(bucket: &Bucket) -> Self {
        let workspace = Workspace::new();
        let secrets = bucket.secrets().clone();
        secrets.add(SECRET_KEY);
        let environment = BTreeMap::new();
        Self { workspace, environment, secrets }
            .with_env("PATH", &std::env::var("PATH").unwrap())
            .with_env("AWS_ACCESS_KEY_ID", ACCESS_KEY)
            .with_env("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
            .with_env("AWS_REGION", REGION)
            .with_env("AWS_ENDPOINT_URL", &bucket.server().endpoint())
    }

    /// The same with a variable set.
    pub(crate) fn with_env(mut self, name: &str, value: &str) -> Self {
        self.environment.insert(name.to_owned(), value.into());
        self
    }

    /// The same without a variable.
    pub(crate) fn without_env(mut self, name: &str) -> Self {
        self.environment.remove(name);
        self
    }

    /// Writes a config file, whose values may not leak.
    pub(crate) fn file(&self, path: &str, contents: impl AsRef<[u8]>) -> &Self {
        self.secrets.add_file(path, contents.as_ref());
        self.plain_file(path, contents)
    }

    /// Writes a file that holds no config values: a catalog, a template, a schema.
    pub(crate) fn plain_file(&self, path: &str, contents: impl AsRef<[u8]>) -> &Self {
        self.workspace.write(path, contents);
        self
    }

    /// The variables, without HOME.
    pub(crate) fn variables(&self) -> &BTreeMap<String, OsString> {
        &self.environment
    }

    /// The folders.
    pub(crate) fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    /// The home folder.
    pub(crate) fn home(&self) -> PathBuf {
        self.workspace.mounted("home")
    }

    /// Types a command line.
    pub(crate) fn cstore<const N: usize>(&self, arguments: [&str; N]) -> Typed {
        self.cstore_with(arguments.map(str::to_owned))
    }

    /// Types a line in a shell, which finds `cstore`.
    pub(crate) fn shell(&self, line: &str) -> Typed {
        let path = format!("{}:{}", binary_folder().display(), self.environment["PATH"].to_str().unwrap());
        let typed = self.cstore_with(["-c".to_owned(), line.to_owned()]);
        Typed { program: "sh", laptop: typed.laptop.with_env("PATH", &path), ..typed }
    }

    /// As [`cstore`](Self::cstore), of as many arguments as there are.
    pub(crate) fn cstore_with(&self, arguments: impl IntoIterator<Item = String>) -> Typed {
        Typed {
            laptop: self.clone(),
            program: env!("CARGO_BIN_EXE_cstore"),
            arguments: arguments.into_iter().collect(),
            folder: String::new(),
            stdin: Stdin::Closed,
            prints_values: false,
        }
    }
}

/// The folder that the command line's binary is in.
fn binary_folder() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_cstore")).parent().unwrap()
}

/// What standard input is.
#[derive(Clone)]
enum Stdin {
    Closed,
    Text(Vec<u8>),
}

/// A command line that was typed, and not yet sent off.
#[derive(Clone)]
pub(crate) struct Typed {
    laptop: Laptop,
    program: &'static str,
    arguments: Vec<String>,
    folder: String,
    stdin: Stdin,
    prints_values: bool,
}

impl Typed {
    /// Sets a variable for this run.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.laptop = self.laptop.with_env(name, value);
        self
    }

    /// Gives the arguments to a program of the machine, such as a shell, which finds `cstore` in its PATH.
    pub(crate) fn by(mut self, program: &'static str) -> Self {
        self.program = program;
        let folder = Path::new(env!("CARGO_BIN_EXE_cstore")).parent().unwrap().to_str().unwrap();
        let path = format!("{folder}:{}", std::env::var("PATH").unwrap());
        self.env("PATH", &path)
    }

    /// Runs it in a folder below.
    pub(crate) fn in_folder(mut self, folder: &str) -> Self {
        folder.clone_into(&mut self.folder);
        self
    }

    /// Feeds it this, and then the end.
    pub(crate) fn stdin(mut self, text: impl AsRef<[u8]>) -> Self {
        self.stdin = Stdin::Text(text.as_ref().to_vec());
        self
    }

    /// Says that it prints config values to standard output, which nothing does by itself.
    pub(crate) fn prints_values(mut self) -> Self {
        self.prints_values = true;
        self
    }

    /// The process, not yet started.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(self.program);
        command.args(&self.arguments).env_clear().envs(&self.laptop.environment).env("HOME", self.laptop.home());
        command.current_dir(self.laptop.workspace.path(&self.folder));
        command
    }

    /// Starts it, for tests that do something to it before it ends.
    pub(crate) fn start(&self) -> Child {
        let mut command = self.command();
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        match &self.stdin {
            Stdin::Closed => command.stdin(Stdio::null()).spawn().unwrap(),
            Stdin::Text(text) => {
                let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
                // It may end without having read it.
                let _ = child.stdin.take().unwrap().write_all(text);
                child
            }
        }
    }

    /// Starts it on a terminal, at which somebody sits.
    pub(crate) fn on_a_terminal(self) -> Typist {
        Typist::start(self, "")
    }

    /// Starts it on a terminal, but for what a shell's redirection, such as `</dev/null`, leads elsewhere.
    pub(crate) fn on_a_terminal_but_for(self, redirection: &str) -> Typist {
        Typist::start(self, redirection)
    }

    /// Runs it to its end.
    pub(crate) fn run(&self) -> Ran {
        self.ended(&self.start().wait_with_output().unwrap())
    }

    /// Holds an end to what every run promises: no value where nobody asked for it.
    pub(crate) fn ended(&self, output: &Output) -> Ran {
        let ran = Ran {
            code: output.status.code().unwrap_or_else(|| 128 + output.status.signal().unwrap()),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        };
        self.laptop.secrets.assert_absent("stderr", &ran.stderr);
        if !self.prints_values {
            self.laptop.secrets.assert_absent("stdout", &ran.stdout);
        }
        ran
    }
}

/// A run that has ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// This run, which must have succeeded.
    pub(crate) fn succeeds(self) -> Self {
        self.exits(0)
    }

    /// This run, which must have failed with a code, and have said why.
    pub(crate) fn fails(self, code: i32) -> Self {
        assert_ne!(code, 0, "0 is no failure");
        let ran = self.exits(code);
        assert!(ran.stderr.contains("error"), "a failure without an error:\n{}", ran.stderr);
        ran
    }

    /// This run, whose standard error must have a text.
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(self.stderr.contains(text), "{text:?} is not in\n{}", self.stderr);
        self
    }

    /// This run, whose standard error must not have a text.
    pub(crate) fn does_not_say(self, text: &str) -> Self {
        assert!(!self.stderr.contains(text), "{text:?} is in\n{}", self.stderr);
        self
    }

    /// This run, which must have printed just this.
    pub(crate) fn prints(self, text: &str) -> Self {
        assert_eq!(self.stdout, text, "it said\n{}", self.stderr);
        self
    }

    /// What it printed, as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}", self.stdout))
    }

    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "exit code; it printed\n{}{}", self.stdout, self.stderr);
        self
    }
}
