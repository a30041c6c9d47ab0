"""A workflow as GitHub's runner runs it, as far as the pages need it: steps, expressions, a matrix, jobs that need others.

The steps that use the action run its binary, and `run:` steps run in bash. What other actions do is left out. A checkout
is a copy of what git tracks in the repository, so a file that git ignores is not there.
"""

import itertools
import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from command_file import pairs

import yaml

INPUTS = yaml.safe_load((Path(__file__).parents[3] / "action.yml").read_text())["inputs"]
OURS = re.compile(r"(OWNER/cstore-action(/setup)?@\S+)")
# What other actions leave for later steps is nothing that the pages need.
OTHERS = ("actions/", "aws-actions/", "azure/", "docker/")
NUMBER = "1.5.0"


class Loader(yaml.SafeLoader):
    """YAML 1.2, where `on` is a word."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool" or first in "tTfF"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def is_workflow(document):
    return (
        isinstance(document, dict) and "jobs" in document and any("steps" in job for job in document["jobs"].values())
    )


def is_steps(document):
    return isinstance(document, list) and all(
        isinstance(step, dict) and ("uses" in step or "run" in step) for step in document
    )


def is_inputs(document):
    return isinstance(document, dict) and document.keys() <= INPUTS.keys()


def run(document, repository):
    """Runs all jobs, and gives their names: `deploy-1`, `deploy-2` for those of a matrix."""
    if is_steps(document):
        document = {"jobs": {"job": {"steps": [{"uses": "actions/checkout@v7"}, *document]}}}
    events = document.get("on") or {}
    ref = f"refs/tags/{tag}" if (tag := tag_of(events)) else os.environ.get("PAGE_REF", "refs/heads/main")
    undeclared = set(re.findall(r"\$\{\{[^}]*\binputs\.([\w-]+)", json.dumps(document["jobs"]))) - inputs_of(events)
    if undeclared:
        # It is empty on GitHub, and an empty input of the action counts as one that is not set.
        raise ValueError(f"`on` has no inputs {sorted(undeclared)}")
    needs, ran = {}, []
    for name, job in document["jobs"].items():
        matrices = combinations((job.get("strategy") or {}).get("matrix") or {})
        for number, matrix in enumerate(matrices, 1):
            needs[name] = {"outputs": Job(job, matrix, needs, ref, repository).run()}
            ran.append(f"{name}-{number}" if len(matrices) > 1 else name)
    return ran


def inputs_of(events):
    """The names of the inputs that a workflow is started with."""
    if not isinstance(events, dict):
        return set()
    started = [events.get(event) or {} for event in ("workflow_dispatch", "workflow_call")]
    return {name for event in started for name in event.get("inputs") or {}}


def tag_of(events):
    """The tag that starts a workflow, if one does."""
    if not isinstance(events, dict):
        return None
    patterns = (events.get("push") or {}).get("tags") or (["v*"] if "release" in events else [])
    return patterns[0].replace("*", NUMBER) if patterns else None


def combinations(matrix):
    included = matrix.get("include") or []
    axes = {name: values for name, values in matrix.items() if name not in ("include", "exclude")}
    if not axes:
        return included or [{}]
    return [dict(zip(axes, values, strict=True)) for values in itertools.product(*axes.values())]


class Job:
    def __init__(self, job, matrix, needs, ref, repository):
        self.job, self.repository = job, repository
        self.folder = Path(tempfile.mkdtemp())
        for name in ["workspace", "temp", "home"]:
            (self.folder / name).mkdir()
        self.exported, self.steps = {}, {}
        name = ref.split("/", 2)[2]
        github = {"ref": ref, "ref_name": name, "ref_type": "tag" if "tags" in ref else "branch", "token": "a-token"}
        github |= {"repository": "acme/shop", "event": {"release": {"tag_name": name}, "inputs": {}}, "run_id": "17"}
        self.contexts = {"github": github, "matrix": matrix, "needs": needs, "steps": self.steps, "env": self.exported}
        self.contexts |= {
            "vars": Anything("vars"),
            "secrets": Anything("secrets"),
            "inputs": Anything("inputs", {"version": "latest"}),
        }

    def run(self):
        self.exported |= {name: self.fill(value) for name, value in (self.job.get("env") or {}).items()}
        for step in self.job["steps"]:
            uses = step.get("uses", "")
            if "run" in step:
                self.script(step)
            elif OURS.fullmatch(uses):
                self.action(step)
            elif uses.startswith("actions/checkout@"):
                self.check_out()
            elif not uses.startswith(OTHERS):
                raise ValueError(f"{uses!r} is not known")
        return {name: self.fill(value) for name, value in (self.job.get("outputs") or {}).items()}

    def check_out(self):
        listed = subprocess.run(
            ["git", "ls-files"], check=False, cwd=self.repository, stdout=subprocess.PIPE, text=True
        )
        for path in listed.stdout.splitlines():
            target = self.folder / "workspace" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(self.repository / path, target)
        # What a page deploys with is the reader's own.
        script = self.folder / "workspace/deploy.sh"
        if not script.exists():
            script.write_text("#!/bin/sh\n")
            script.chmod(0o755)

    def fill(self, value):
        if isinstance(value, bool):
            return str(value).lower()
        return re.sub(r"\$\{\{ (.*?) \}\}", lambda found: self.value(found[1]), str(value))

    def value(self, expression):
        called = re.fullmatch(r"fromJSON\((.*)\)((?:\[\d+\]|\.\w+)+)", expression)
        if called:
            found = json.loads(self.value(called[1]))
            for part in re.findall(r"\w+", called[2]):
                found = found[int(part) if part.isdecimal() else part]
            return str(found)
        found = self.contexts
        for name in expression.split("."):
            found = found[name]
        return str(found)

    def environment(self, step):
        github = self.contexts["github"]
        kept = ("AWS_", "PATH", "CALLED")
        environment = {name: value for name, value in os.environ.items() if name.startswith(kept)}
        environment |= {
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": "push",
            "HOME": str(self.folder / "home"),
        }
        environment |= {"RUNNER_TEMP": str(self.folder / "temp"), "GITHUB_WORKSPACE": str(self.folder / "workspace")}
        environment |= {
            f"GITHUB_{name.upper()}": github[name] for name in ("ref", "ref_name", "ref_type", "repository", "run_id")
        }
        environment |= {"GITHUB_SERVER_URL": "https://github.com"}
        environment |= self.exported
        return environment | {name: self.fill(value) for name, value in (step.get("env") or {}).items()}

    def action(self, step):
        inputs = {name: self.fill(value) for name, value in (step.get("with") or {}).items()}
        # The local S3 has no roles; what else these say needs GitHub.
        for name in (
            "role-to-assume",
            "aws-region",
            "from-role-to-assume",
            "comment",
            "release-notes",
            "release-manifest",
            "github-token",
            "verify-source",
            "role-chaining",
            "role-external-id",
            "allowed-account-ids",
        ):
            inputs.pop(name, None)
        environment = self.environment(step) | {f"INPUT_{name.upper()}": value for name, value in inputs.items()}
        self.execute(step, [os.environ["ACTION"]], environment)

    def script(self, step):
        self.execute(step, ["bash", "-euo", "pipefail", "-c", self.fill(step["run"])], self.environment(step))

    def execute(self, step, command, environment):
        files = {name: self.folder / name for name in ["output", "env", "path", "step_summary"]}
        for file in files.values():
            file.write_text("")
        environment |= {f"GITHUB_{name.upper()}": str(file) for name, file in files.items()}
        ran = subprocess.run(
            command,
            check=False,
            cwd=self.folder / "workspace" / (step.get("working-directory") or "."),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if ran.returncode != 0 and not step.get("continue-on-error"):
            raise ValueError(f"{step} ended with {ran.returncode}:\n{ran.stdout}")
        self.exported |= pairs(files["env"].read_text())
        self.steps[step.get("id", "")] = {"outputs": Outputs(pairs(files["output"].read_text()))}


class Outputs(dict):
    def __missing__(self, name):
        raise ValueError(f"there is no output {name}; there are {sorted(self)}")


class Anything(dict):
    """Settings of the repository, which are the reader's own: each has its name as value."""

    def __init__(self, kind, known=()):
        super().__init__(known)
        self.kind = kind

    def __missing__(self, name):
        return os.environ.get(f"PAGE_{name}", f"{self.kind}-{name}")
