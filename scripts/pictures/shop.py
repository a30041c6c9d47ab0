"""The story that the pictures show: two versions of a shop's configuration, pushed from a laptop and pulled by a job."""

import contextlib
import json
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

import github

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
        inputs = {"command": "pull", "version": "^1.4", "files": "service/prod/.env"}
        return steady(self.step(inputs, {}))

    def comment(self):
        """The comment on a pull request that changes a file."""
        self.propose()
        event = self.folder / "event.json"
        event.write_text(json.dumps({"pull_request": {"number": 42}}))
        variables = {"GITHUB_EVENT_NAME": "pull_request", "GITHUB_EVENT_PATH": str(event)}
        return self.told({"command": "diff", "files": "web/config.json", "comment": "true"}, variables)

    def release(self):
        """The section of the notes of a release that publishes that."""
        variables = {"GITHUB_REF": "refs/tags/v1.5.0", "GITHUB_REF_NAME": "v1.5.0", "GITHUB_REF_TYPE": "tag"}
        files = "service/prod/.env\nweb/config.json"
        return self.told({"command": "push", "files": files, "release-notes": "true"}, variables)

    def propose(self):
        for path in ["service/prod/.env", "web/config.json"]:
            file = self.folder / "workspace" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self.laptop / path, file)
        text = file.read_text()
        for old, new in [
            ('"sample_rate": 0.25', '"sample_rate": 0.5'),
            ('"payment": {', '"help": { "url": "https://help" },\n  "payment": {'),
        ]:
            assert old in text, f"web/config.json no longer has {old!r}"
            text = text.replace(old, new)
        file.write_text(text.replace(', "wish-lists"', ""))

    def told(self, inputs, variables):
        """What a step tells GitHub."""
        with github.local() as server:
            url = f"http://127.0.0.1:{server.server_port}"
            self.step(inputs | {"github-token": "ghs_demo"}, variables | {"GITHUB_API_URL": url})
            return server.text

    def step(self, inputs, variables):
        """Runs a step; its summary."""
        paths = {name: self.folder / name for name in ["output", "env", "step_summary"]}
        for path in paths.values():
            path.write_bytes(b"")
        (self.folder / "workspace").mkdir(exist_ok=True)
        environment = self.environment | {
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_REPOSITORY": "acme/shop",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_WORKSPACE": str(self.folder / "workspace"),
            "RUNNER_TEMP": str(self.folder),
        }
        environment |= variables | {f"GITHUB_{name.upper()}": str(path) for name, path in paths.items()}
        inputs = {"bucket": BUCKET, "context": "shop"} | inputs
        environment |= {f"INPUT_{name.upper()}": value for name, value in inputs.items()}
        subprocess.run(
            [ACTION],
            check=True,
            cwd=self.folder / "workspace",
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        return paths["step_summary"].read_text()


def steady(text):
    """The same without what differs from run to run: how long ago something was."""
    return re.sub(r"(?m)(just now|\d+ seconds? ago) *(?=  )", "3 days ago", text)
