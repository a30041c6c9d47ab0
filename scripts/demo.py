"""Shows on a local S3 how a person pushes config from a laptop, and how a workflow pulls it, as GitHub would show it.

Started by `make demo`, which builds the binaries and the virtual environment first. Nothing outside a temporary folder is
touched, and nothing keeps running: the server ends with its stdin, the folder goes with the program.
"""

import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import boto3
from command_file import pairs
from local_s3 import local_s3

ROOT = Path(__file__).resolve().parent.parent
BINARY = Path(os.environ.get("CSTORE_ACTION", ROOT / "target/debug/cstore-action"))
COMMAND_LINE = Path(os.environ.get("CSTORE", ROOT / "target/debug/cstore"))
BUCKET = "cstore-shop"
AWS = {"AWS_ACCESS_KEY_ID": "demo", "AWS_SECRET_ACCESS_KEY": "demo-secret-key", "AWS_REGION": "us-east-1"}

COLORED = sys.stdout.isatty() and "NO_COLOR" not in os.environ


def paint(code, text):
    return f"\033[{code}m{text}\033[0m" if COLORED else text


def heading(text):
    print("\n" + paint("1", f"── {text} ".ljust(100, "─")))


def rows(title, lines):
    print(paint("1", f"  {title}"))
    for line in lines:
        print(f"    {line}")


class Masker:
    """As the runner masks: every value that was handed over, and each of its lines."""

    def __init__(self):
        self.values = set()

    def add(self, value):
        self.values.update(part for part in [value, *map(str.strip, value.splitlines())] if part)

    def mask(self, text):
        for value in sorted(self.values, key=len, reverse=True):
            text = text.replace(value, "***")
        return text


def show_log(output, masker):
    """Prints a step's output: commands carried out, all else masked."""
    colors = {"error": "31", "warning": "33", "notice": "36", "debug": "35"}
    masked = 0
    for line in output.splitlines():
        command = re.match(r"\s*::([a-z-]+)( [^:]*)?::(.*)", line)
        if not command:
            print(f"  {paint('2', '│')} {masker.mask(line)}")
            continue
        name, properties, data = command.groups()
        data = data.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
        if name == "add-mask":
            masker.add(data)
            masked += 1
        elif name in colors:
            title = re.search(r"title=([^,]*)", properties or "")
            title = title[1].replace("%3A", ":").replace("%2C", ",").replace("%25", "%") + ": " if title else ""
            label = paint(colors[name], name.capitalize() + ":")
            print(f"  {paint('2', '│')} {label} {masker.mask(title + data)}")
    if masked:
        print(f"  {paint('2', '│')} {paint('2', f'({masked} values handed to the masker: *** from here on)')}")


def run_step(title, folder, endpoint, **inputs):
    """Runs the action as the runner does, shows what came of it, and gives the outputs."""
    heading(title)
    rows("with:", [f"{name}: {value.replace(chr(10), ' | ')}" for name, value in inputs.items()])
    paths = {name: folder / name for name in ["output", "env", "step_summary"]}
    for path in paths.values():
        path.write_bytes(b"")
    for name in ["home", "temp", "workspace"]:
        (folder / name).mkdir(exist_ok=True)
    environment = AWS | {
        "AWS_ENDPOINT_URL": endpoint,
        "CI": "true",
        "GITHUB_ACTIONS": "true",
        "GITHUB_ACTOR": "mona",
        "GITHUB_EVENT_NAME": "workflow_dispatch",
        "GITHUB_REF": "refs/heads/main",
        "GITHUB_REF_NAME": "main",
        "GITHUB_REF_TYPE": "branch",
        "GITHUB_REPOSITORY": "acme/shop",
        "GITHUB_REPOSITORY_ID": "4711",
        "GITHUB_RUN_ATTEMPT": "1",
        "GITHUB_RUN_ID": "1234567890",
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_SHA": "0123456789abcdef0123456789abcdef01234567",
        "GITHUB_WORKFLOW_REF": "acme/shop/.github/workflows/deploy.yml@refs/heads/main",
        "GITHUB_WORKSPACE": str(folder / "workspace"),
        "HOME": str(folder / "home"),
        "PATH": "/usr/bin:/bin",
        "RUNNER_TEMP": str(folder / "temp"),
    }
    environment |= {f"GITHUB_{name.upper()}": str(path) for name, path in paths.items()}
    environment |= {f"INPUT_{name.upper()}": value for name, value in inputs.items()}
    step = subprocess.run(
        [BINARY],
        check=False,
        cwd=folder / "workspace",
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    masker = Masker()
    rows("log:", [])
    show_log(step.stdout, masker)
    if step.returncode != 0:
        raise SystemExit(f"\nThe step failed with exit code {step.returncode}.")
    # Long values are cut, lines joined: this is a look, the step after would get the exact bytes.
    shown = {
        name: masker.mask(value).replace("\n", "⏎")
        for name, value in pairs(paths["output"].read_bytes().decode()).items()
    }
    width = max(map(len, shown), default=0)
    cut = [f"{name:{width}}  {value if len(value) <= 90 else value[:87] + '…'}" for name, value in shown.items()]
    rows("outputs:", cut)
    exported = pairs(paths["env"].read_bytes().decode())
    if exported:
        rows("environment of later steps:", [f"{name}={masker.mask(value)}" for name, value in exported.items()])
    rows("summary:", masker.mask(paths["step_summary"].read_text()).splitlines())
    return pairs(paths["output"].read_bytes().decode())


def typed(folder, endpoint, *arguments, code=0):
    """Types a command line on a laptop and shows what it answers."""
    print(f"  {paint('1', '$ cstore ' + ' '.join(arguments))}")
    answer = subprocess.run(
        [COMMAND_LINE, *arguments],
        check=False,
        cwd=folder / "shop",
        env=AWS | {"AWS_ENDPOINT_URL": endpoint, "HOME": str(folder), "PATH": "/usr/bin:/bin"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    for line in answer.stdout.splitlines():
        print(f"  {paint('2', '│')} {line}")
    if answer.returncode != code:
        raise SystemExit(f"\nIt ended with exit code {answer.returncode}, not {code}.")


def later_step(folder, outputs):
    """A step that uses a value, as `${{ steps.config.outputs.DB_USER }}` would give it."""
    heading("A later step of the job uses a value")
    print(f"  {paint('1', '- run: ./deploy.sh')}\n    env:\n      DB_USER: ${{{{ steps.config.outputs.DB_USER }}}}")
    script = 'echo "deploying with a DB_USER of ${#DB_USER} characters, and a password that no log shows"'
    environment = {name: outputs[name] for name in ["DB_USER", "DB_PASSWORD"]}
    done = subprocess.run(
        ["sh", "-c", script], check=True, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True
    )
    print(f"  {paint('2', '│')} {done.stdout.strip()}")


def change(path, old, new):
    text = path.read_text()
    assert old in text, f"{path} no longer has {old!r}"
    path.write_text(text.replace(old, new))


def demo(folder, endpoint):
    s3 = boto3.client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id=AWS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=AWS["AWS_SECRET_ACCESS_KEY"],
        region_name=AWS["AWS_REGION"],
    )
    s3.create_bucket(Bucket=BUCKET)
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})

    laptop = folder / "laptop"
    shutil.copytree(ROOT / "examples/config", laptop / "shop")
    heading("A person's laptop: the first push, and a version of it")
    typed(laptop, endpoint, "init")
    typed(laptop, endpoint, "push", "service/prod/.env", "web/config.json")
    typed(laptop, endpoint, "push", "-v", "v1.0.0")

    deployment = folder / "deployment"
    deployment.mkdir()
    pull = {"command": "pull", "bucket": BUCKET, "context": "shop", "version": "^1.0"}
    outputs = run_step("CI pulls ^1.0 before a deploy, into an empty workspace", deployment, endpoint, **pull)
    files = sorted(path for path in (deployment / "workspace").rglob("*") if path.is_file())
    rows(
        "restored files:",
        [f"{stat.filemode(path.stat().st_mode)}  {path.relative_to(deployment / 'workspace')}" for path in files],
    )
    later_step(deployment, outputs)

    heading("The laptop again: a change, and a push under a name that is taken")
    change(laptop / "shop/service/prod/.env", "LOG_LEVEL=info", "LOG_LEVEL=warn\nCACHE_URL=redis://cache:6379")
    typed(laptop, endpoint, "diff")
    typed(laptop, endpoint, "push", "-v", "v1.0.0", code=4)
    typed(laptop, endpoint, "push", "-v", "v1.1.0", "-m", "Add the cache")
    typed(laptop, endpoint, "log")
    typed(laptop, endpoint, "diff", "v1.0.0", "v1.1.0")

    heading(f"What the bucket {BUCKET} holds now")
    for found in s3.list_objects_v2(Bucket=BUCKET)["Contents"]:
        print(f"  {found['Key']}")


def main():
    for binary in [BINARY, COMMAND_LINE]:
        if not binary.exists():
            raise SystemExit(f"There is no {binary}: `make demo` builds it.")
    # So that the folder is removed then, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory() as folder, local_s3() as endpoint:
        demo(Path(folder), endpoint)


if __name__ == "__main__":
    main()
