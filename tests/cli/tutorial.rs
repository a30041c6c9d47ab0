//! `docs/tutorial.md` is run as it is written: its command lines in one shell, its workflow's step as a runner runs it.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::harness::{Action, Bucket, Laptop, python};

/// The bucket that the page names, which no other test has.
const BUCKET: &str = "cstore-shop";

/// The AWS CLI, as far as the page uses it.
const AWS: &str = r#"
import boto3, sys
s3 = boto3.client("s3")
match sys.argv[1:]:
    case ["s3api", "create-bucket", "--bucket", bucket]:
        s3.create_bucket(Bucket=bucket)
    case ["s3api", "put-bucket-versioning", "--bucket", bucket, "--versioning-configuration", "Status=Enabled"]:
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    case other:
        sys.exit(f"aws {other}: not in the tutorial")
"#;

/// A part of the page.
enum Block {
    /// Command lines, each with what it is said to print.
    Console(Vec<(String, Vec<String>)>),
    /// The inputs of the step that uses the action.
    Workflow(Vec<(String, String)>),
}

fn blocks(page: &str) -> Vec<Block> {
    let fenced = page.split("\n```").skip(1).step_by(2);
    fenced
        .filter_map(|block| {
            let (kind, text) = block.split_once('\n')?;
            match kind {
                "console" => Some(Block::Console(commands(text))),
                "yaml" => Some(Block::Workflow(inputs(text))),
                _ => None,
            }
        })
        .collect()
}

fn commands(text: &str) -> Vec<(String, Vec<String>)> {
    let mut commands: Vec<(String, Vec<String>)> = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        match (line.strip_prefix("$ "), commands.last_mut()) {
            (Some(command), _) => {
                let mut command = command.to_owned();
                if command.ends_with("<<'EOF'") {
                    for line in lines.by_ref().take_while(|line| *line != "EOF") {
                        command = format!("{command}\n{line}");
                    }
                    command.push_str("\nEOF");
                }
                commands.push((command, Vec::new()));
            }
            (None, Some((_, printed))) => printed.push(line.to_owned()),
            (None, None) => panic!("{line} belongs to no command"),
        }
    }
    commands
}

fn inputs(workflow: &str) -> Vec<(String, String)> {
    let (_, with) = workflow.split_once("        with:\n").unwrap();
    let lines = with.lines().map_while(|line| line.strip_prefix("          "));
    lines.map(|line| line.split_once(": ").unwrap()).map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// Types command lines into one shell, and gives what each printed on either stream.
fn typed(laptop: &Laptop, tools: &Path, lines: &[(String, Vec<String>)]) -> Vec<String> {
    const END: &str = "--end-of-a-command--";
    let script: String = lines.iter().map(|(line, _)| format!("{line}\necho {END}\n")).collect();
    let path = format!("{}:{}", tools.display(), std::env::var("PATH").unwrap());
    let mut shell = Command::new("bash");
    shell.args(["-euc", &format!("exec 2>&1\n{script}")]).env_clear().envs(laptop.variables()).env("PATH", path);
    shell.env("HOME", laptop.home()).envs([("GIT_CONFIG_GLOBAL", tools.join("gitconfig"))]);
    let output = shell.current_dir(laptop.home()).stdin(Stdio::null()).output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{printed}");
    printed.split(&format!("{END}\n")).map(str::to_owned).collect()
}

#[test]
fn the_tutorial_is_run_as_it_is_written() {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/tutorial.md")).unwrap();
    let unused = Bucket::versioned();
    let laptop = Laptop::without_bucket(&unused);
    let tools = laptop.workspace().outside("tools");
    fs::create_dir(&tools).unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_cstore"), tools.join("cstore")).unwrap();
    fs::write(tools.join("aws"), format!("#!{}\n{AWS}", python().display())).unwrap();
    fs::set_permissions(tools.join("aws"), fs::Permissions::from_mode(0o755)).unwrap();
    fs::write(tools.join("gitconfig"), "[user]\nname = Mona\nemail = mona@example.com\n[init]\ndefaultBranch = main\n")
        .unwrap();

    let mut before = Vec::new();
    for block in blocks(&page) {
        match block {
            Block::Console(lines) => {
                // One shell for all: the folder that was gone to is where the next block goes on.
                before.extend(lines);
            }
            Block::Workflow(with) => {
                let count = before.len();
                check(&before, &typed(&laptop, &tools, &before));
                let bucket = Bucket::existing(unused.server(), BUCKET);
                let step = Action::pull(&bucket);
                let inputs = with.iter().filter(|(name, _)| name != "role-to-assume");
                let run = inputs.fold(step, |step, (name, value)| step.input(name, value)).run().succeeds();
                assert_eq!((run.output("config-version"), run.output("DB_HOST")), ("v1.0.0", "db.shop.internal"));
                // They have been typed, and are not to be typed again.
                before.drain(..count);
                before.push(("cd shop".to_owned(), Vec::new()));
            }
        }
    }
    check(&before, &typed(&laptop, &tools, &before));
}

/// Holds what was printed to what the page says is.
fn check(lines: &[(String, Vec<String>)], printed: &[String]) {
    for ((line, said), printed) in lines.iter().zip(printed) {
        for said in said {
            let beginning = said.split('…').next().unwrap();
            assert!(
                printed.lines().any(|line| line.starts_with(beginning)),
                "`{line}` did not print {said:?} but\n{printed}"
            );
        }
    }
}
