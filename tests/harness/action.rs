//! One step of a workflow, put together and run.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::container::Container;
use super::declared_inputs;
use super::leak::Secrets;
use super::proxy::Proxy;
use super::run::{Files, Run};
use super::s3::Bucket;
use super::server::{ACCESS_KEY, REGION, SECRET_KEY, Server, limits_script, python};
use super::workspace::{Entry, Workspace};

/// Credentials and tokens of the job, which may be seen nowhere either.
const JOB_SECRETS: [(&str, &str); 3] = [
    ("AWS_SECRET_ACCESS_KEY", SECRET_KEY),
    ("AWS_SESSION_TOKEN", "aws-session-token-of-the-tests"),
    ("ACTIONS_RUNTIME_TOKEN", "actions-runtime-token-of-the-tests"),
];

/// A step that uses the action, in a job of its own unless it is said to come [`after`](Action::after) another.
///
/// It can be run several times: each run is a step of the same job.
pub(crate) struct Action {
    /// Where its bucket is.
    server: &'static Server,
    workspace: Workspace,
    /// Over what the runner says; nothing takes a variable away.
    environment: BTreeMap<String, Option<OsString>>,
    secrets: Secrets,
    /// Where it runs, if not as a process of this machine.
    container: Option<Container>,
    /// What [`limits.py`](measured) is told.
    limits: Option<Vec<String>>,
}

impl Action {
    /// A step with only the `bucket` input, on a push to `main` of the repository `acme/shop`.
    pub(crate) fn new(bucket: &Bucket) -> Self {
        let secrets = bucket.secrets().clone();
        JOB_SECRETS.iter().for_each(|(_, value)| secrets.add(value));
        let mut action = Self {
            server: bucket.server(),
            workspace: Workspace::new(),
            environment: BTreeMap::new(),
            secrets,
            container: None,
            limits: None,
        };
        for (name, default) in declared_inputs::read() {
            action.set_input(&name, &default);
        }
        let fixed = FIXED.into_iter().chain(JOB_SECRETS);
        action.environment.extend(fixed.map(|(name, value)| (name.to_owned(), Some(value.into()))));
        if action.server.verifies_signatures() {
            // It was given by nobody there.
            action = action.without_env("AWS_SESSION_TOKEN");
        }
        action
            .env("AWS_ENDPOINT_URL", &bucket.server().endpoint())
            .branch("main")
            .event("push", r#"{"ref":"refs/heads/main","repository":{"id":4711,"full_name":"acme/shop"}}"#)
            .input("bucket", bucket.name())
    }

    /// A step with `command: push`.
    pub(crate) fn push(bucket: &Bucket) -> Self {
        Self::new(bucket).input("command", "push")
    }

    /// A step with `command: pull`.
    pub(crate) fn pull(bucket: &Bucket) -> Self {
        Self::new(bucket).input("command", "pull")
    }

    /// Sets an input as `with:` does, declared or not.
    pub(crate) fn input(mut self, name: &str, value: &str) -> Self {
        if name == "defaults" {
            self.secrets.add_file("defaults", value.as_bytes());
        }
        self.set_input(name, value);
        self
    }

    /// Sets the input `version`.
    pub(crate) fn version(self, version: &str) -> Self {
        self.input("version", version)
    }

    /// Sets the input `files`, one a line.
    pub(crate) fn files(self, files: &[&str]) -> Self {
        self.input("files", &files.join("\n"))
    }

    /// Sets a variable of the job's environment, over what the runner would say.
    pub(crate) fn env(self, name: &str, value: &str) -> Self {
        self.env_bytes(name, OsStr::new(value))
    }

    /// As [`env`](Self::env), with what need not be text.
    pub(crate) fn env_bytes(mut self, name: &str, value: &OsStr) -> Self {
        self.environment.insert(name.to_owned(), Some(value.to_owned()));
        self
    }

    /// Sends all requests to S3 through a proxy.
    pub(crate) fn through(self, proxy: &Proxy) -> Self {
        assert!(std::ptr::eq(self.server, proxy.server()), "the proxy stands before another server than the bucket's");
        self.env("AWS_ENDPOINT_URL", &proxy.endpoint())
    }

    /// Takes a variable of the job's environment away.
    pub(crate) fn without_env(mut self, name: &str) -> Self {
        self.environment.insert(name.to_owned(), None);
        self
    }

    /// Has the workflow run on a tag.
    pub(crate) fn tag(self, tag: &str) -> Self {
        self.on_ref("tag", &format!("refs/tags/{tag}"), tag)
    }

    /// Has the workflow run on a branch.
    pub(crate) fn branch(self, branch: &str) -> Self {
        self.on_ref("branch", &format!("refs/heads/{branch}"), branch)
    }

    /// Sets the event's name and document.
    pub(crate) fn event(self, name: &str, document: &str) -> Self {
        fs::write(self.event_path(), document).unwrap();
        self.env("GITHUB_EVENT_NAME", name)
    }

    /// Puts a config file into the workspace. Its values may not leak.
    pub(crate) fn workspace_file(self, path: &str, contents: impl AsRef<[u8]>) -> Self {
        if !path.ends_with("cstore.yml") {
            self.secrets.add_file(path, contents.as_ref());
        }
        self.repository_file(path, contents)
    }

    /// Puts a file into the workspace that holds no config values: a catalog, a template, a schema.
    pub(crate) fn repository_file(self, path: &str, contents: impl AsRef<[u8]>) -> Self {
        self.workspace.write(path, contents);
        self
    }

    /// Names values that may not leak, where they cannot be found in the files.
    pub(crate) fn secrets<const N: usize>(self, values: [&str; N]) -> Self {
        values.iter().for_each(|value| self.secrets.add(value));
        self
    }

    /// The values that may not leak.
    pub(crate) fn known_secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// Names values that stand in the log for another reason.
    pub(crate) fn not_secret<const N: usize>(self, values: [&str; N]) -> Self {
        values.iter().for_each(|value| self.secrets.allow(value));
        self
    }

    /// Lets the step run in the workspace of another.
    pub(crate) fn in_workspace(mut self, workspace: &Workspace) -> Self {
        let event = fs::read(self.event_path()).unwrap();
        self.workspace = workspace.clone();
        fs::write(self.event_path(), event).unwrap();
        self
    }

    /// Runs the step in a container of the image under test.
    pub(crate) fn in_container(mut self, container: &Container) -> Self {
        self.container = Some(container.clone());
        self
    }

    /// Measures what the step takes of CPU and memory, and holds it to [`Run::stays_small`].
    pub(crate) fn measured(mut self) -> Self {
        self.limits.get_or_insert_default();
        self
    }

    /// Has the disk take no file larger than this.
    pub(crate) fn on_a_disk_of(self, bytes: usize) -> Self {
        let mut step = self.measured();
        step.limits.get_or_insert_default().extend(["--file-bytes".to_owned(), bytes.to_string()]);
        step
    }

    /// As [`measured`](Self::measured), for a step that may take so many MiB of memory in place of 256.
    pub(crate) fn within_memory(self, mib: u64) -> Self {
        let mut step = self.measured();
        step.limits.get_or_insert_default().extend(["--memory-mib".to_owned(), mib.to_string()]);
        step
    }

    /// Starts the step with a limit of so many open files, which it may raise.
    pub(crate) fn with_open_files(self, number: usize) -> Self {
        let mut step = self.measured();
        step.limits.get_or_insert_default().extend(["--open-files".to_owned(), number.to_string()]);
        step
    }

    /// Runs the step as somebody who may do nothing that permissions forbid, if it is root who runs the tests.
    pub(crate) fn without_rights(self) -> Self {
        let mut step = self.measured();
        step.limits.get_or_insert_default().push("--nobody".to_owned());
        step
    }

    /// Makes the step a later one of the same job: same workspace, and the environment that the other left.
    pub(crate) fn after(mut self, run: &Run) -> Self {
        self.environment.extend(run.env.iter().map(|(name, value)| (name.clone(), Some(value.into()))));
        self.in_workspace(&run.workspace)
    }

    /// The job's folders.
    pub(crate) fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    /// Runs the step and holds it to what every step promises, see [`Run`].
    pub(crate) fn run(&self) -> Run {
        self.start().ends()
    }

    /// Starts the step, for tests that do something to it before it ends.
    pub(crate) fn start(&self) -> Started {
        static COUNT: AtomicUsize = AtomicUsize::new(1);
        let step = COUNT.fetch_add(1, Ordering::Relaxed);
        let file_command = |prefix: &str| {
            let path = self.workspace.mounted("file_commands").join(format!("{prefix}_{step}"));
            fs::write(&path, "").unwrap(); // the runner makes them
            fs::set_permissions(&path, Permissions::from_mode(0o666)).unwrap();
            path
        };
        let files = Files {
            output: file_command("set_output"),
            env: file_command("set_env"),
            summary: file_command("step_summary"),
            path: file_command("add_path"),
            state: file_command("save_state"),
            moves_channel: self.has_input("COMMAND", "push") && self.environment.contains_key("INPUT_CHANNEL")
                || self.has_input("COMMAND", "promote"),
            used: self.workspace.outside(&format!("used_{step}")),
        };
        let before = self.workspace.snapshot();
        let process = self.command(&files).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        Started { process, files, before, workspace: self.workspace.clone(), secrets: self.secrets.clone() }
    }

    /// The process as Docker starts it: only the variables that were handed over, in the workspace, without a terminal.
    fn command(&self, files: &Files) -> Command {
        let environment = self.variables(files);
        if let Some(container) = &self.container {
            return container.command(&self.workspace, &environment);
        }
        let binary = env!("CARGO_BIN_EXE_cstore-action");
        let mut command = match &self.limits {
            None => Command::new(binary),
            Some(limits) => {
                let mut command = Command::new(python());
                command.arg("-ES").arg(limits_script()).arg(&files.used).args(limits).arg(binary);
                command
            }
        };
        command.env_clear().envs(environment).current_dir(self.workspace.path("")).stdin(Stdio::null());
        command
    }

    /// The variables that the runner hands over.
    fn variables(&self, files: &Files) -> BTreeMap<String, OsString> {
        let folder = |name| self.workspace.mounted(name);
        let paths = [
            ("GITHUB_WORKSPACE", folder("workspace")),
            ("GITHUB_EVENT_PATH", self.event_path()),
            ("GITHUB_OUTPUT", files.output.clone()),
            ("GITHUB_ENV", files.env.clone()),
            ("GITHUB_STEP_SUMMARY", files.summary.clone()),
            ("GITHUB_PATH", files.path.clone()),
            ("GITHUB_STATE", files.state.clone()),
            ("HOME", folder("home")),
            ("RUNNER_TEMP", folder("runner_temp")),
        ];
        let mut variables: BTreeMap<_, _> =
            paths.into_iter().map(|(name, path)| (name.to_owned(), path.into_os_string())).collect();
        for (name, value) in &self.environment {
            match value {
                Some(value) => variables.insert(name.clone(), value.into()),
                None => variables.remove(name),
            };
        }
        variables
    }

    fn event_path(&self) -> PathBuf {
        self.workspace.mounted("workflow").join("event.json")
    }

    fn on_ref(self, kind: &str, reference: &str, name: &str) -> Self {
        self.env("GITHUB_REF", reference).env("GITHUB_REF_NAME", name).env("GITHUB_REF_TYPE", kind)
    }

    fn has_input(&self, name: &str, value: &str) -> bool {
        self.environment.get(&format!("INPUT_{name}")).is_some_and(|set| set.as_deref() == Some(OsStr::new(value)))
    }

    /// `INPUT_`, then the name in upper case with `_` for blanks. Hyphens stay.
    fn set_input(&mut self, name: &str, value: &str) {
        let variable = format!("INPUT_{}", name.replace(' ', "_").to_uppercase());
        self.environment.insert(variable, Some(value.into()));
    }
}

/// A step that is running.
pub(crate) struct Started {
    /// The step, or the Docker client that runs it.
    pub(crate) process: Child,
    files: Files,
    before: BTreeMap<String, Entry>,
    workspace: Workspace,
    secrets: Secrets,
}

impl Started {
    /// Waits until it has taken a second of CPU: it is in the midst of something then.
    pub(crate) fn once_busy(self) -> Self {
        let path = format!("/proc/{}/stat", self.process.id());
        // utime, the 14th field, in ticks; the second may hold blanks and ends with a bracket.
        let ticks = || {
            let text = fs::read_to_string(&path).ok()?;
            text.rsplit_once(") ")?.1.split(' ').nth(11)?.parse::<u64>().ok()
        };
        while ticks().expect("the step is running") < 100 {
            std::thread::yield_now();
        }
        self
    }

    /// Waits for the step's end and holds it to what every step promises, see [`Run`].
    pub(crate) fn ends(self) -> Run {
        let output = self.process.wait_with_output().unwrap();
        Run::read(&output, &self.files, self.workspace, &self.before, &self.secrets)
    }
}

/// What a job on a hosted runner finds in its environment, after `aws-actions/configure-aws-credentials`.
const FIXED: [(&str, &str); 40] = [
    ("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
    ("CI", "true"),
    // Whoever debugs a job sets it; the search for leaks sees what comes of it.
    ("RUST_LOG", "trace"),
    ("ACTIONS_RUNTIME_URL", "https://pipelines.example/"),
    ("ACTIONS_CACHE_URL", "https://cache.example/"),
    ("ACTIONS_RESULTS_URL", "https://results.example/"),
    ("AWS_ACCESS_KEY_ID", ACCESS_KEY),
    ("AWS_DEFAULT_REGION", REGION),
    ("AWS_REGION", REGION),
    ("GITHUB_ACTION", "config"),
    ("GITHUB_ACTIONS", "true"),
    ("GITHUB_ACTION_REF", "v1"),
    ("GITHUB_ACTION_REPOSITORY", "cstore-action/cstore-action"),
    ("GITHUB_ACTOR", "mona"),
    ("GITHUB_ACTOR_ID", "1001"),
    ("GITHUB_API_URL", "https://api.github.com"),
    ("GITHUB_BASE_REF", ""),
    ("GITHUB_GRAPHQL_URL", "https://api.github.com/graphql"),
    ("GITHUB_HEAD_REF", ""),
    ("GITHUB_JOB", "deploy"),
    ("GITHUB_REF_PROTECTED", "false"),
    ("GITHUB_REPOSITORY", "acme/shop"),
    ("GITHUB_REPOSITORY_ID", "4711"),
    ("GITHUB_REPOSITORY_OWNER", "acme"),
    ("GITHUB_REPOSITORY_OWNER_ID", "1000"),
    ("GITHUB_RETENTION_DAYS", "90"),
    ("GITHUB_RUN_ATTEMPT", "1"),
    ("GITHUB_RUN_ID", "1234567890"),
    ("GITHUB_RUN_NUMBER", "42"),
    ("GITHUB_SERVER_URL", "https://github.com"),
    ("GITHUB_SHA", "0123456789abcdef0123456789abcdef01234567"),
    ("GITHUB_TRIGGERING_ACTOR", "mona"),
    ("GITHUB_WORKFLOW", "Deploy"),
    ("GITHUB_WORKFLOW_REF", "acme/shop/.github/workflows/deploy.yml@refs/heads/main"),
    ("GITHUB_WORKFLOW_SHA", "0123456789abcdef0123456789abcdef01234567"),
    ("RUNNER_ARCH", "X64"),
    ("RUNNER_ENVIRONMENT", "github-hosted"),
    ("RUNNER_NAME", "GitHub Actions 1"),
    ("RUNNER_OS", "Linux"),
    // The parent of the workspace under its name on the host: the one path that the runner does not translate.
    ("RUNNER_WORKSPACE", "/home/runner/work/shop"),
];
