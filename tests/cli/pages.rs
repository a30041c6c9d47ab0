//! The pages that lead somebody through a task are run as they are written: `tests/cli/pages/` types their command lines
//! into one shell, and runs their workflows as a runner does. The buckets of each page are its own.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::harness::{Bucket, Laptop, python};

fn project(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Runs a page on a machine on which only tools are set up.
fn is_run_as_it_is_written(page: &str) {
    let laptop = Laptop::without_bucket(&Bucket::versioned());
    let tools = laptop.workspace().outside("tools");
    fs::create_dir(&tools).unwrap();
    symlink(env!("CARGO_BIN_EXE_cstore"), tools.join("cstore")).unwrap();
    for tool in ["aws", "kubectl", "chamber", "gh", "docker"] {
        let script = format!("#!{}\n{}", python().display(), include_str!("pages/tools.py"));
        fs::write(tools.join(tool), script).unwrap();
        fs::set_permissions(tools.join(tool), fs::Permissions::from_mode(0o755)).unwrap();
    }
    let settings = "[user]\nname = Mona\nemail = mona@example.com\n[init]\ndefaultBranch = main\n";
    fs::write(tools.join("gitconfig"), settings).unwrap();
    let path = format!("{}:{}", tools.display(), std::env::var("PATH").unwrap());
    let mut run = Command::new(python());
    run.args([project("tests/cli/pages"), project(page)]).env_clear().envs(laptop.variables()).env("PATH", path);
    run.env("PYTHONPATH", project("scripts"));
    run.env("HOME", laptop.home()).env("GIT_CONFIG_GLOBAL", tools.join("gitconfig"));
    run.env("SAMPLE", project("examples/config")).env("ACTION", env!("CARGO_BIN_EXE_cstore-action"));
    let output = run.current_dir(laptop.home()).stdin(Stdio::null()).output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{printed}");
    // The time that the page takes without its reader, which CI prints.
    let times = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pages");
    fs::create_dir_all(&times).unwrap();
    fs::write(times.join(page.replace('/', "-")).with_extension("txt"), printed.lines().last().unwrap()).unwrap();
}

macro_rules! pages {
    ($($test:ident: $page:literal,)*) => {
        $(
            #[test]
            fn $test() {
                is_run_as_it_is_written($page);
            }
        )*

        const PAGES: &[&str] = &[$($page),*];
    };
}

pages! {
    readme: "README.md",
    tutorial: "docs/tutorial.md",
    channels: "docs/channels.md",
    command_line: "docs/cli.md",
    config_files: "docs/config-files.md",
    container: "docs/container.md",
    credentials: "docs/credentials.md",
    github: "docs/github.md",
    handing_over: "docs/handing-over.md",
    history: "docs/history.md",
    inputs: "docs/inputs.md",
    install: "docs/install.md",
    locking: "docs/locking.md",
    outputs: "docs/outputs.md",
    promoting: "docs/promoting.md",
    releasing: "docs/releasing.md",
    restoring: "docs/restoring.md",
    rolling_back: "docs/rolling-back.md",
    semver: "docs/semver.md",
    tasks: "docs/tasks.md",
    accounts: "docs/how-to/accounts.md",
    ecs: "docs/how-to/ecs.md",
    environments: "docs/how-to/environments.md",
    from_github_secrets: "docs/how-to/from-github-secrets.md",
    from_secrets_manager: "docs/how-to/from-secrets-manager.md",
    from_ssm_and_chamber: "docs/how-to/from-ssm-and-chamber.md",
    kubernetes: "docs/how-to/kubernetes.md",
    lambda: "docs/how-to/lambda.md",
    matrix: "docs/how-to/matrix.md",
    monorepo: "docs/how-to/monorepo.md",
    other_ci: "docs/how-to/other-ci.md",
    retire_a_file: "docs/how-to/retire-a-file.md",
    rollback_at_night: "docs/how-to/rollback-at-night.md",
    secrets_and_git: "docs/how-to/secrets-and-git.md",
    self_hosted: "docs/how-to/self-hosted.md",
}

/// Pages with code that is not run here, each with the test that runs it or the reason why nothing does.
const ELSEWHERE: &[(&str, &str)] = &[
    ("ARCHITECTURE.md", "a diagram"),
    ("CONTRIBUTING.md", "CI runs its commands"),
    ("docs/architecture.md", "diagrams"),
    ("docs/json.md", "json.rs beside this file makes it"),
    ("docs/moving-from-go.md", "tests/go_cstore/guide.rs"),
    ("docs/protocol.md", "a picture of keys"),
    ("docs/rotation.md", "rotation.rs beside this file"),
    ("docs/security.md", "tests/attacks/stolen_token.rs"),
    ("docs/setup.md", "tests/infrastructure/"),
    ("infrastructure/README.md", "tests/infrastructure/applied.rs"),
    ("infrastructure/s3/README.md", "tests/infrastructure/"),
];

#[test]
fn every_page_with_code_is_run() {
    let mut pages = BTreeSet::new();
    for folder in ["", "docs", "docs/how-to", "examples", "infrastructure", "infrastructure/s3"] {
        for entry in fs::read_dir(project(folder)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let page = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            let has_code =
                || fs::read_to_string(project(&page)).unwrap().lines().any(|line| line.trim().starts_with("```"));
            if page.ends_with(".md") && has_code() {
                pages.insert(page);
            }
        }
    }
    assert!(pages.len() >= 40, "{pages:?}");
    let elsewhere: BTreeSet<_> = ELSEWHERE.iter().map(|(page, _)| *page).collect();
    for page in &pages {
        let page = page.as_str();
        assert!(
            PAGES.contains(&page) != elsewhere.contains(page),
            "{page} is to be in one list: run here, or elsewhere"
        );
    }
    for page in PAGES.iter().chain(&elsewhere) {
        assert!(pages.contains(*page), "{page} has no code: take it out of its list");
    }
}

#[test]
fn each_job_of_a_page_or_example_is_one_that_its_role_trusts() {
    let mut run = Command::new(python());
    run.arg("tests/cli/pages/subjects.py").current_dir(env!("CARGO_MANIFEST_DIR")).env("PYTHONPATH", "scripts");
    for (folder, kind) in
        [("", "md"), ("docs", "md"), ("docs/how-to", "md"), ("infrastructure", "md"), ("examples/workflows", "yml")]
    {
        let files = fs::read_dir(project(folder)).unwrap().map(|entry| entry.unwrap().path());
        run.args(files.filter(|file| file.extension().is_some_and(|extension| extension == kind)));
    }
    let output = run.stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&[output.stdout, output.stderr].concat()));
}

#[test]
fn the_pictures_show_what_the_programs_show() {
    let mut run = Command::new(python());
    run.arg(project("scripts/pictures")).arg("--check").env("PYTHONPATH", project("scripts"));
    run.env("CSTORE", env!("CARGO_BIN_EXE_cstore")).env("CSTORE_ACTION", env!("CARGO_BIN_EXE_cstore-action"));
    let output = run.stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
