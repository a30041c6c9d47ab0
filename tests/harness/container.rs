//! A step in the container that GitHub's runner starts for it.
//!
//! As `ContainerActionHandler.cs` and `DockerCommandManager.cs` of <https://github.com/actions/runner> do it: the job's
//! folders are mounted below `/github`, each variable is passed by name, and a value that is or begins with a mounted
//! folder's path on the host comes with the container's name of it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::workspace::Workspace;

/// The folders that the runner mounts below `/github`.
const FOLDERS: [&str; 5] = ["runner_temp", "home", "workflow", "file_commands", "workspace"];

/// How the container is started.
#[derive(Clone)]
pub(crate) struct Container {
    name: String,
    network: String,
    folders: Vec<&'static str>,
    options: Vec<OsString>,
}

impl Container {
    /// A container as runners start it since 2026, on the host's network: the test server listens on the loopback.
    pub(crate) fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(1);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("cstore-test-{}-{number}", std::process::id());
        Self { name, network: "host".to_owned(), folders: FOLDERS.to_vec(), options: Vec::new() }
    }

    /// As runners before 2026 start it: `RUNNER_TEMP` is neither mounted nor renamed
    /// (<https://github.com/actions/runner/issues/1984>).
    pub(crate) fn without_runner_temp(mut self) -> Self {
        self.folders.retain(|folder| *folder != "runner_temp");
        self
    }

    /// On a network of Docker's.
    pub(crate) fn on_network(mut self, network: &str) -> Self {
        self.network = network.to_owned();
        self
    }

    /// With something else of the host mounted, too.
    pub(crate) fn mounting(self, host: &Path, at: &str) -> Self {
        let mut volume = host.as_os_str().to_owned();
        volume.push(format!(":{at}:ro"));
        self.option("-v").option(volume)
    }

    /// With another option of `docker run`.
    pub(crate) fn option(mut self, option: impl Into<OsString>) -> Self {
        self.options.push(option.into());
        self
    }

    /// The container's name, which is its host name on Docker's networks.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The `docker run` that starts it, with the variables of a step on this machine.
    pub(super) fn command(&self, workspace: &Workspace, environment: &BTreeMap<String, OsString>) -> Command {
        let mut command = docker();
        command.args(["run", "--name", &self.name, "--label", "cstore-test", "--workdir", "/github/workspace", "--rm"]);
        // The runner keeps its own PATH to itself.
        for (name, value) in environment.iter().filter(|(name, _)| *name != "PATH") {
            command.args(["-e", name]).env(name, self.translate(workspace, value));
        }
        command.args(["-e", "GITHUB_ACTIONS=true", "-e", "CI=true", "--network", &self.network]);
        for folder in &self.folders {
            let host = workspace.mounted(folder);
            command.args(["-v", &format!("{}:/github/{folder}", host.display())]);
        }
        command.args(&self.options).arg(image());
        command
    }

    /// The container's name of a path that is mounted.
    fn translate(&self, workspace: &Workspace, value: &OsString) -> OsString {
        let Some(text) = value.to_str() else { return value.clone() };
        for folder in &self.folders {
            let host = workspace.mounted(folder);
            match text.strip_prefix(&*host.to_string_lossy()) {
                Some(rest) if rest.is_empty() || rest.starts_with('/') => {
                    return format!("/github/{folder}{rest}").into();
                }
                _ => {}
            }
        }
        value.clone()
    }
}

/// The Docker client, which finds its engine as the tests' environment says.
pub(crate) fn docker() -> Command {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let program = std::env::split_paths(&path).map(|folder| folder.join("docker")).find(|program| program.exists());
    let mut command = Command::new(program.unwrap_or_else(|| PathBuf::from("docker")));
    command.env_clear().stdin(Stdio::null());
    for name in ["PATH", "DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG"] {
        command.envs(std::env::var_os(name).map(|value| (name, value)));
    }
    command
}

/// Runs a command of the Docker client that must succeed; what it printed, trimmed.
pub(crate) fn docker_says(arguments: &[&str]) -> String {
    let Output { status, stdout, stderr } = docker().args(arguments).output().expect("there is a Docker client");
    assert!(status.success(), "docker {arguments:?}: {}", String::from_utf8_lossy(&stderr));
    String::from_utf8_lossy(&stdout).trim().to_owned()
}

/// The image under test, which `make test` builds.
pub(crate) fn image() -> String {
    std::env::var("CSTORE_TEST_IMAGE").expect("CSTORE_TEST_IMAGE names the image under test: `make test` sets it")
}

/// The command line's image under test, which `make test` builds, too.
pub(crate) fn image_of_command_line() -> String {
    std::env::var("CSTORE_TEST_CLI_IMAGE").expect("CSTORE_TEST_CLI_IMAGE names its image: `make test` sets it")
}

/// The image that jobs run in: a system with a shell.
pub(crate) fn image_of_jobs() -> String {
    std::env::var("CSTORE_TEST_JOB_IMAGE").expect("CSTORE_TEST_JOB_IMAGE names it: `make test` sets it")
}
