//! Running a workflow: its steps alone, or all of it with `act`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::harness::container::{docker_says, image};
use crate::harness::github_api::TOKEN;
use crate::harness::{ACCESS_KEY, Authority, Bucket, GitHubApi, REGION, Response, SECRET_KEY, Service, python};
use crate::identity::TokenService;

/// The sample's configuration.
pub(crate) const FILES: [&str; 4] = ["service/.env", "service/dev/.env", "service/prod/.env", "web/config.json"];

/// The file with references in place of secrets.
pub(crate) const SECRETS: &str = "service/prod/secrets.env";

/// Other actions that the examples use, of which nothing is needed here.
const OTHERS: [&str; 2] = ["aws-actions/configure-aws-credentials@v6", "actions/attest@v4"];

/// The programs that the examples deploy with.
const PROGRAMS: [&str; 3] = ["aws", "gh", "kubectl"];

/// The scripts of the repository that they deploy with.
const SCRIPTS: [&str; 2] = ["deploy.sh", "sign.sh"];

/// What runs a workflow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Runner {
    /// One step after the other, with the binary: expressions are filled in, and what other actions do is left out.
    Steps,
    /// `act`, with containers.
    Act,
}

/// Where the workflow is, below the test's folder.
const WORKFLOW: &str = "repository/.github/workflows/example.yml";

/// What the examples call the action.
const ACTION: &str = "OWNER/cstore-action@v1";

/// A path below the project's root.
pub(crate) fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A workflow, the event that starts it, and the bucket that it uses.
pub(crate) struct Workflow {
    file: String,
    text: String,
    event: (String, Value),
}

impl Workflow {
    /// A file of `examples/workflows/`.
    pub(crate) fn example(file: &str) -> Self {
        let text = fs::read_to_string(project("examples/workflows").join(file)).unwrap();
        Self { file: file.to_owned(), text, event: (String::new(), Value::Null) }
    }

    /// Has it started by an event.
    pub(crate) fn on(mut self, name: &str, document: &Value) -> Self {
        let starts =
            self.text.lines().any(|line| line.strip_prefix("  ").is_some_and(|line| line == format!("{name}:")));
        assert!(starts, "{} is not started by {name}", self.file);
        self.event = (name.to_owned(), document.clone());
        self
    }

    /// Has it use a bucket.
    pub(crate) fn against(self, bucket: &Bucket) -> Prepared {
        Prepared { repository: Repository::with(&self, bucket), workflow: self, bucket: bucket.clone(), api_url: None }
    }

    /// Each job's steps, by their names: `uses` for those without.
    fn steps(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut jobs: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        let mut job = String::new();
        for line in self.text.lines().skip_while(|line| *line != "jobs:").skip(1) {
            if let Some(name) = line.strip_prefix("  ").and_then(|line| line.strip_suffix(':'))
                && !name.starts_with(' ')
            {
                job = name.to_owned();
            }
            for key in ["      - uses: ", "      - name: "] {
                if let Some(step) = line.strip_prefix(key) {
                    jobs.entry(job.clone()).or_default().insert(step.to_owned());
                }
            }
        }
        jobs
    }
}

pub(crate) struct Prepared {
    repository: Repository,
    workflow: Workflow,
    bucket: Bucket,
    api_url: Option<String>,
}

impl Prepared {
    /// Has it find GitHub's API there.
    pub(crate) fn asking(mut self, api: &GitHubApi) -> Self {
        api.guard(self.bucket.secrets());
        self.api_url = Some(api.url());
        self
    }

    /// The commit that it runs on.
    pub(crate) fn commit(&self) -> String {
        let mut git = Command::new("git");
        let output =
            git.arg("-C").arg(self.repository.path("repository")).args(["rev-parse", "HEAD"]).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Has it find what another run stored as its artifact.
    pub(crate) fn with_artifact_of(self, other: &Repository) -> Self {
        let mut copy = Command::new("cp");
        copy.arg("-a").arg(other.path("called/artifact")).arg(self.repository.path("called"));
        assert!(copy.status().unwrap().success());
        self
    }

    /// Runs the workflow, which must succeed with exactly these jobs, each with all of its steps.
    pub(crate) fn runs(self, runner: Runner, jobs: &[&str]) -> Repository {
        match runner {
            Runner::Act => self.runs_in_act(jobs),
            Runner::Steps => self.runs_by_steps(jobs),
        }
    }

    fn runs_by_steps(self, jobs: &[&str]) -> Repository {
        let repository = &self.repository;
        let path = format!("{}:{}", repository.path("programs").display(), std::env::var("PATH").unwrap());
        let mut run = Command::new(python());
        run.arg(project("tests/cli/pages")).arg("--workflow").arg(repository.path(WORKFLOW));
        run.current_dir(repository.path("repository")).stdin(Stdio::null());
        run.env_clear().env("PYTHONPATH", project("scripts")).env("PATH", path).env("HOME", repository.path("home"));
        run.env("AWS_ACCESS_KEY_ID", ACCESS_KEY).env("AWS_SECRET_ACCESS_KEY", SECRET_KEY).env("AWS_REGION", REGION);
        run.env("AWS_ENDPOINT_URL", self.bucket.server().endpoint()).env("PAGE_CONFIG_BUCKET", self.bucket.name());
        run.env("ACTION", env!("CARGO_BIN_EXE_cstore-action")).env("CALLED", repository.path("called"));
        let output = run.output().expect("python starts");
        let printed = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{} failed:\n{printed}", self.workflow.file);
        let ran: Vec<_> = printed.lines().collect();
        assert_eq!(ran, jobs, "the jobs that ran");
        self.repository
    }

    /// `act` names the jobs of a matrix `name-1`, `name-2`; a job that it skips is only missing.
    fn runs_in_act(self, jobs: &[&str]) -> Repository {
        self.repository.release();
        let tokens = TokenService::start();
        let mut act = self.repository.act(&self.workflow, &self.bucket, &tokens);
        if let Some(url) = &self.api_url {
            act.args(["--env", &format!("GITHUB_API_URL={url}"), "--secret", &format!("GITHUB_TOKEN={TOKEN}")]);
            act.args(["--env", "GITHUB_REPOSITORY_ID=4711"]); // which GitHub sets, and act does not
        }
        let output = act.output().expect("act starts");
        let printed = String::from_utf8_lossy(&output.stdout);
        let log: Vec<Value> = printed.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let told = || readable(&log) + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{} failed:\n{}", self.workflow.file, told());

        let text = |line: &Value, name: &str| line[name].as_str().map(ToOwned::to_owned);
        let ended: BTreeMap<_, _> =
            log.iter().filter_map(|line| Some((job_of(&text(line, "job")?), text(line, "jobResult")?))).collect();
        let expected: BTreeMap<_, _> = jobs.iter().map(|job| ((*job).to_owned(), "success".to_owned())).collect();
        assert_eq!(ended, expected, "the jobs that ran:\n{}", told());

        for (job, steps) in self.workflow.steps() {
            for ran in jobs.iter().filter(|ran| **ran == job || ran.starts_with(&format!("{job}-"))) {
                let succeeded: BTreeSet<_> = log
                    .iter()
                    .filter(|line| text(line, "job").is_some_and(|job| job_of(&job) == **ran))
                    .filter(|line| line["stage"] == "Main" && line["stepResult"] == "success")
                    .filter_map(|line| text(line, "step"))
                    .collect();
                assert_eq!(succeeded, steps, "the steps of {ran} that ran:\n{}", told());
            }
        }
        self.repository
    }
}

/// The job's name, without the workflow's before it and the blanks that fill it up.
fn job_of(name: &str) -> String {
    name.rsplit('/').next().unwrap_or(name).trim().to_owned()
}

fn readable(log: &[Value]) -> String {
    let line =
        |line: &Value| Some(format!("{}: {}\n", line["step"].as_str().unwrap_or(""), line["msg"].as_str()?.trim_end()));
    log.iter().filter_map(line).collect()
}

/// The repository that the workflow is in, and the programs that its steps call.
pub(crate) struct Repository {
    folder: TempDir,
    /// The released files.
    releases: Service,
}

impl Repository {
    fn with(workflow: &Workflow, bucket: &Bucket) -> Self {
        let (folder, ca) = (tempfile::tempdir().unwrap(), Authority::new());
        let root = folder.path().join("releases");
        let releases = ca.serve("localhost", 2099, move |request| {
            match fs::read(root.join(request.target.trim_start_matches('/'))) {
                Ok(bytes) => Response::new(200, bytes),
                Err(_) => Response::new(404, ""),
            }
        });
        let repository = Self { folder, releases };
        repository.write("ca.pem", ca.pem().as_bytes());
        for path in FILES.into_iter().chain([SECRETS]) {
            let contents = fs::read(project("examples/config").join(path)).unwrap();
            // A deploy finds its configuration in the bucket alone.
            let takes = ["command: push", "command: diff", "command: verify"];
            if takes.iter().any(|command| workflow.text.contains(command)) {
                repository.write(&format!("repository/{path}"), &contents);
            }
        }
        let task_definition = fs::read(project("tests/workflows/task-definition.json")).unwrap();
        repository.write("repository/task-definition.json", &task_definition);
        // act names its containers after the workflow and the job: two runs at a time would take each other's away.
        let own_name = format!("\nname: {} {}\n", bucket.name(), std::process::id());
        let name = workflow.text.lines().find(|line| line.starts_with("name: ")).expect("the workflow has a name");
        let text = workflow.text.replacen(&format!("\n{name}\n"), &own_name, 1);
        repository.write(WORKFLOW, text.as_bytes());
        repository.write("event.json", workflow.event.1.to_string().as_bytes());
        repository.write("home/.config/act/actrc", b"");
        let (programs, scripts) = (PROGRAMS.map(|name| ("programs", name)), SCRIPTS.map(|name| ("repository", name)));
        for (folder, name) in programs.into_iter().chain(scripts) {
            repository.write(&format!("{folder}/{name}"), include_bytes!("stand-in.sh"));
        }
        fs::create_dir(repository.path("called")).unwrap();
        let git = |arguments: &[&str]| {
            let mut git = Command::new("git");
            git.arg("-C")
                .arg(repository.path("repository"))
                .args(arguments)
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            assert!(git.status().expect("git starts").success(), "git {arguments:?}");
        };
        git(&["init", "--initial-branch=main"]);
        git(&["remote", "add", "origin", "https://github.com/acme/shop"]);
        git(&["add", "--all"]);
        git(&["-c", "user.name=mona", "-c", "user.email=mona@example.com", "commit", "--message=Shop"]);
        repository
    }

    /// Lays down the action as a release has it, with the image under test for the released one, and the binary that is
    /// in the image for the released file.
    fn release(&self) {
        let nothing = "name: nothing\nruns:\n  using: composite\n  steps: [{ shell: sh, run: \"true\" }]\n";
        self.write("other/action.yml", nothing.as_bytes());
        // An artifact is a folder that outlives the run.
        for (name, script) in [("upload", "cp -a web /called/artifact"), ("download", "cp -a /called/artifact web")] {
            let copies = nothing.replace("\"true\"", &format!("\"{script}\""));
            self.write(&format!("{name}/action.yml"), copies.as_bytes());
        }
        for file in ["action.yml", "setup/action.yml", "setup/install"] {
            self.write(&format!("action/{file}"), &fs::read(project(file)).unwrap());
        }
        let name = if cfg!(target_arch = "aarch64") { "cstore-action-linux-arm64" } else { "cstore-action-linux-x64" };
        let (files, checksums) = (self.path("releases/v1.2.3"), self.path("SHA256SUMS"));
        fs::create_dir_all(&files).unwrap();
        let container = docker_says(&["create", &image()]);
        docker_says(&["cp", &format!("{container}:/cstore-action"), files.join(name).to_str().unwrap()]);
        docker_says(&["rm", &container]);
        let sums = Command::new("sha256sum").arg(name).current_dir(files).output().expect("sha256sum starts");
        fs::write(&checksums, sums.stdout).unwrap();
        let mut pin = Command::new(project("scripts/release/pin"));
        pin.arg(self.path("action")).args([&image(), "https://releases.invalid/v1.2.3"]).arg(checksums);
        assert!(pin.status().unwrap().success());
    }

    /// The workflow called this program, which then saw all of this: arguments, variables, lines of files.
    pub(crate) fn calls(&self, program: &str, expected: &[&str]) {
        let seen = self.called(program);
        for text in expected {
            assert!(seen.lines().any(|line| line.starts_with(text)), "{program} did not see {text:?}, but:\n{seen}");
        }
    }

    /// A file that a program was given.
    pub(crate) fn reads(&self, name: &str) -> String {
        fs::read_to_string(self.path("called").join(name)).unwrap_or_else(|_| panic!("nothing was given {name}"))
    }

    fn called(&self, program: &str) -> String {
        fs::read_to_string(self.path("called").join(program)).unwrap_or_default()
    }

    fn act(&self, workflow: &Workflow, bucket: &Bucket, tokens: &TokenService) -> Command {
        let shown = |path: &str| self.path(path).to_string_lossy().into_owned();
        let mut act = Command::new(python().with_file_name("act"));
        act.current_dir(self.path("repository")).stdin(Stdio::null());
        act.env("HOME", self.path("home")).env("XDG_CONFIG_HOME", self.path("home/.config"));
        act.arg(&workflow.event.0).args(["--json", "--rm", "--pull=false", "--no-cache-server", "--insecure-secrets"]);
        act.args(["--eventpath", &shown("event.json"), "--workflows", ".github/workflows/example.yml"]);
        act.args(["--local-repository", &format!("{ACTION}={}", shown("action"))]);
        for other in OTHERS {
            act.args(["--local-repository", &format!("{other}={}", shown("other"))]);
        }
        for (artifact, folder) in [("upload-artifact@v7", "upload"), ("download-artifact@v8", "download")] {
            act.args(["--local-repository", &format!("actions/{artifact}={}", shown(folder))]);
        }
        for system in ["ubuntu-latest", "macos-latest"] {
            act.args(["--platform", &format!("{system}={}", job_image())]);
        }
        // act would take its own settings from files of these names in the repository.
        for file in ["--env-file", "--secret-file", "--var-file", "--input-file"] {
            act.args([file, "/dev/null"]);
        }
        act.args(["--var", &format!("CONFIG_BUCKET={}", bucket.name())]);
        act.args(["--env", &format!("AWS_ENDPOINT_URL={}", bucket.server().endpoint())]);
        for (name, value) in tokens.variables() {
            act.args(["--env", &format!("{name}={value}")]);
        }
        let programs =
            PROGRAMS.map(|name| format!("-v {}:/usr/local/bin/{name}:ro", shown(&format!("programs/{name}"))));
        let folders = format!("-v {}:/called -v {}:/ca.pem:ro", shown("called"), shown("ca.pem"));
        act.args(["--container-options", &format!("{folders} {}", programs.join(" "))]);
        act.args(["--env", &format!("CSTORE_RELEASES=https://localhost:{}", self.releases.port())]);
        act.args(["--env", "CURL_CA_BUNDLE=/ca.pem"]);
        act
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn write(&self, path: &str, contents: &[u8]) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, contents).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }
}

/// The image that jobs run in, which `make test` makes.
fn job_image() -> String {
    std::env::var("CSTORE_TEST_JOB_IMAGE").expect("CSTORE_TEST_JOB_IMAGE names the jobs' image: `make test` sets it")
}
