"""Whether each job of the workflows that the module prints gets its role, in every run that starts it: python3 jobs.py FILE

The file has the workflows of each call of the module, and the trust policies of all roles by ARN.
"""

import json
import pathlib
import re
import sys

import iam
from who import ACCOUNT

import yaml

ISSUER = "token.actions.githubusercontent.com"
TOKENS = re.compile(r"'((?:[^']|'')*)'|(&&|\|\||==|!|\(|\)|,)|([\w.]+)|\s+")


def holds(expression, github):
    """Whether a job's condition does, as GitHub evaluates it; of jobs that it needs none has failed."""
    words = {
        "&&": " and ",
        "||": " or ",
        "!": " not ",
        "failure": "(lambda: False)",
        "cancelled": "(lambda: False)",
        "startsWith": "(lambda text, start: text.lower().startswith(start.lower()))",
    }
    python, end = "", 0
    for found in TOKENS.finditer(expression):
        if found.start() != end:
            break
        end = found.end()
        quoted, operator, word = found.groups()
        if quoted is not None:
            python += repr(quoted.replace("''", "'"))
        elif word and word.startswith("github."):
            python += repr(github[word.removeprefix("github.")])
        elif found[0].strip():
            python += words.get(operator or word, operator or "unknown")
    if end != len(expression):
        raise SystemExit(f"nobody knows what {expression[end:]!r} means")
    return eval(python, {"__builtins__": {}})


def runs(events):
    """Each kind of run: its event and its ref."""
    for event, settings in ({events: None} if isinstance(events, str) else events).items():
        if event == "push":
            for kind, folder in (("tags", "tags"), ("branches", "heads")):
                for pattern in settings.get(kind, []):
                    if unknown := re.search(r"(?<!\\)[+!?\[\]]", pattern):
                        raise SystemExit(f"{pattern}: {unknown[0]} means something else there")
                    name = pattern.replace("\\", "").replace("*", "1.2.3")
                    yield {"event_name": event, "ref": f"refs/{folder}/{name}"}
        elif event == "pull_request":
            yield {"event_name": event, "ref": "refs/pull/7/merge"}
        elif event == "workflow_dispatch":
            yield from ({"event_name": event, "ref": ref} for ref in ("refs/heads/main", "refs/tags/v1.2.3"))
        else:
            raise SystemExit(f"nobody knows what starts {event}")


def started(jobs, github):
    """The jobs of a run, in which none fails."""
    found = []
    for name, job in jobs.items():
        condition = job.get("if", "true == true").replace("true", "'true'")
        waits = "failure()" in condition or "cancelled()" in condition
        if holds(condition, github) and (waits or all(need in found for need in job.get("needs", []))):
            found.append(name)
    return found


def is_trusted(trust, repository, job, github):
    """Whether the job's token is, in one of the two forms of its repository's subjects."""
    environment = job.get("environment")
    pull = github["event_name"] == "pull_request"
    subject = f"environment:{environment}" if environment else "pull_request" if pull else f"ref:{github['ref']}"
    owner, name = repository.split("/")
    token = {"aud": "sts.amazonaws.com", "repository": repository, "repository_id": "4711", "ref": github["ref"]}
    token["job_workflow_ref"] = f"{repository}/.github/workflows/config.yml@{github['ref']}"
    token["workflow"] = ".github/workflows/config.yml"
    token |= {"environment": environment} if environment else {}
    for form in (repository, f"{owner}@1000/{name}@4711"):
        context = {f"{ISSUER}:{claim}": value for claim, value in {**token, "sub": f"repo:{form}:{subject}"}.items()}
        federated = {"federated": trust["Statement"][0]["Principal"]["Federated"]}
        if iam.allowed("trust", trust, federated, "sts:AssumeRoleWithWebIdentity", "role", context):
            return True
    return False


def complaints(repository, workflow, trusts):
    jobs, ever = workflow["jobs"], set()
    for github in runs(workflow.get("on") or workflow[True]):
        names = started(jobs, github)
        ever.update(names)
        pushed = [
            (step["context"], step.get("files"))
            for name in names
            if (step := jobs[name]["steps"][-1]["with"]).get("command") == "push"
        ]
        if len(set(pushed)) < len(pushed):
            yield f"{github}: two jobs push {pushed}"
        for name in names:
            role = jobs[name]["steps"][-1]["with"]["role-to-assume"]
            if not is_trusted(trusts[role], repository, jobs[name], github):
                yield f"{github}: {role} does not trust {name}"
    for name in set(jobs) - ever:
        yield f"nothing starts {name}"


def main():
    applied = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    assert ACCOUNT
    checked, wrong = 0, []
    for workflows in applied["workflows"]:
        for repository, text in workflows.items():
            found = list(complaints(repository, yaml.safe_load(text), applied["trusts"]))
            wrong += [*found, text] if found else []
            checked += text.count("role-to-assume")
    print("\n".join(wrong) or f"{checked} jobs")
    return bool(wrong) or checked < 20


if __name__ == "__main__":
    sys.exit(main())
