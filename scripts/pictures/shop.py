"""The story that the pictures show: two versions of a shop's configuration, pushed from a laptop and pulled by a job."""

import contextlib
import os
import pty
import re
import shutil
import struct
import subprocess
import termios
from fcntl import ioctl
from pathlib import Path

import boto3

ROOT = Path(__file__).resolve().parents[2]
ACTION = Path(os.environ.get("CSTORE_ACTION", ROOT / "target/debug/cstore-action"))
COMMAND_LINE = Path(os.environ.get("CSTORE", ROOT / "target/debug/cstore"))
BUCKET = "cstore-shop"
COLUMNS = 96
AWS = {"AWS_ACCESS_KEY_ID": "demo", "AWS_SECRET_ACCESS_KEY": "demo-secret-key", "AWS_REGION": "us-east-1"}
# Of a commit, whose identifier is then always the same.
GIT = {
    "GIT_AUTHOR_DATE": "2026-03-02T09:00:00Z",
    "GIT_COMMITTER_DATE": "2026-03-02T09:00:00Z",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_SYSTEM": "/dev/null",
}


class Shop:
    """A laptop's folder and a bucket."""

    def __init__(self, folder, endpoint):
        self.folder = folder
        self.laptop = folder / "shop"
        self.environment = AWS | GIT | {"AWS_ENDPOINT_URL": endpoint, "HOME": str(folder), "PATH": "/usr/bin:/bin"}
        s3 = boto3.client(
            "s3",
            endpoint_url=endpoint,
            aws_access_key_id=AWS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=AWS["AWS_SECRET_ACCESS_KEY"],
            region_name=AWS["AWS_REGION"],
        )
        s3.create_bucket(Bucket=BUCKET)
        s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})

    def happen(self):
        shutil.copytree(ROOT / "examples/config", self.laptop)
        self.run("git", "init", "--quiet", "--initial-branch=main")
        for name, value in {"user.name": "Mona Lisa", "user.email": "mona@example.com"}.items():
            self.run("git", "config", name, value)
        self.cstore("init")
        self.cstore("push", "service/prod/.env", "web/config.json")
        self.run("git", "add", "cstore.yml")
        self.run("git", "commit", "--quiet", "--message", "Keep the configuration with cstore")
        self.cstore("push", "-v", "v1.4.1", "-m", "Raise the time-out of payments")
        self.change("service/prod/.env", "LOG_LEVEL=info", "LOG_LEVEL=warn\nCACHE_URL=redis://cache:6379")
        self.change("web/config.json", '"gift-cards"', '"gift-cards", "wish-lists"')
        self.cstore("push", "-v", "v1.4.2", "-m", "Add the cache")
        self.cstore("push")

    def change(self, path, old, new):
        text = (self.laptop / path).read_text()
        assert old in text, f"{path} no longer has {old!r}"
        (self.laptop / path).write_text(text.replace(old, new))

    def run(self, *command):
        subprocess.run(command, check=True, cwd=self.laptop, env=self.environment, stdin=subprocess.DEVNULL)

    def cstore(self, *arguments):
        command = [COMMAND_LINE, "--quiet", *arguments]
        subprocess.run(command, check=True, cwd=self.laptop, env=self.environment, stdin=subprocess.DEVNULL)

    def typed(self, *arguments):
        """What a terminal shows of a command line."""
        environment = self.environment | {"TERM": "xterm-256color", "CSTORE_PAGER": "cat"}
        main, side = pty.openpty()
        ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 40, COLUMNS, 0, 0))
        command = [COMMAND_LINE, *arguments]
        with subprocess.Popen(
            command, cwd=self.laptop, env=environment, stdin=side, stdout=side, stderr=side
        ) as process:
            os.close(side)
            shown = b""
            # Reading ends with an error where nobody has the terminal open any more.
            with contextlib.suppress(OSError):
                while chunk := os.read(main, 65536):
                    shown += chunk
        os.close(main)
        assert process.returncode == 0, shown
        return steady(shown.decode().replace("\r\n", "\n"))

    def summary(self):
        """What the action writes into the step's summary."""
        paths = {name: self.folder / name for name in ["output", "env", "step_summary"]}
        for path in paths.values():
            path.write_bytes(b"")
        (self.folder / "workspace").mkdir()
        inputs = {
            "command": "pull",
            "bucket": BUCKET,
            "context": "shop",
            "version": "^1.4",
            "files": "service/prod/.env",
        }
        environment = self.environment | {
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_REPOSITORY": "acme/shop",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_WORKSPACE": str(self.folder / "workspace"),
            "RUNNER_TEMP": str(self.folder),
        }
        environment |= {f"GITHUB_{name.upper()}": str(path) for name, path in paths.items()}
        environment |= {f"INPUT_{name.upper()}": value for name, value in inputs.items()}
        subprocess.run(
            [ACTION],
            check=True,
            cwd=self.folder / "workspace",
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        return steady(paths["step_summary"].read_text())


def steady(text):
    """The same without what differs from run to run: how long ago something was."""
    return re.sub(r"(?m)(just now|\d+ seconds? ago) *(?=  )", "3 days ago", text)
