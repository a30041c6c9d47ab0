"""Whether each job of a page or example gets the role that it assumes: `python tests/cli/pages/subjects.py PAGE…`.

GitHub tells AWS who a job is: its environment, else what started it. Which role trusts whom is in a table of
infrastructure/README.md, for the bucket `cstore-shop`; those of another bucket are named after that one.
"""

import re
import sys
from fnmatch import fnmatchcase
from pathlib import Path

import workflows
from blocks import blocks

import yaml

TABLE = "infrastructure/README.md"
ROLE = re.compile(r"arn:aws:iam::\d+:role/(cstore-[\w-]+|\$\{\{ matrix\.(\w+) \}\})")


def trusts():
    rows = re.findall(r"(?m)^\| `(cstore-[\w-]+)` \| `github_[^|]*\| (`[^|]*`) \|", Path(TABLE).read_text())
    return {role: re.findall(r"`(.*?)`", subjects) for role, subjects in rows}


def undeclared():
    """The rows of the table that the settings below it lack, and settings that trust whom the row does not name."""
    section = Path(TABLE).read_text().split("### The roles of these pages\n")[1].split("\n#")[0]
    settings = section.split("```hcl\n")[1].split("```")[0]
    rows = re.findall(r"(?m)^\| `(cstore-[\w-]+)` \| `(github_\w+)`(?:, `role = \"(.*?)\"`)? \| (`[^|]*`) \|", section)
    for name, kind, role, trusted in rows:
        entries = settings.partition(f"{kind} = [\n")[2].partition("\n]")[0].splitlines()
        own = [entry for entry in entries if f'role = "{role}"' in entry or not role and "role = " not in entry]
        named = re.findall(r'"(.*?)"', re.search(r"subjects = \[(.*?)\]", own[0])[1]) if own else []
        if not named or set(named) != set(re.findall(r"`(.*?)`", trusted)):
            yield f"{TABLE}: the settings should declare {name} of {kind} with {trusted}, and have {own}"
    if len(rows) != len(trusts()):
        yield f"{TABLE}: {len(trusts()) - len(rows)} rows of the table are not read"


def subjects(job, matrix, events):
    """What the subject of the job's token ends in, for each event that starts it."""
    if environment := job.get("environment"):
        name = environment["name"] if isinstance(environment, dict) else environment
        return ["environment:" + re.sub(r"\$\{\{ matrix\.(\w+) \}\}", lambda found: matrix[found[1]], name)]
    events = {events: None} if isinstance(events, str) else events
    found = []
    for event, settings in (dict.fromkeys(events) if isinstance(events, list) else events).items():
        pushed = settings if isinstance(settings, dict) else {}
        if event == "pull_request":
            found.append("pull_request")
        elif event == "release":
            found.append("ref:refs/tags/v1.2.3")
        elif event == "push" and (tags := pushed.get("tags")):
            found += ["ref:refs/tags/" + tag.replace("*", "1.2.3") for tag in tags]
        else:
            found += ["ref:refs/heads/" + branch for branch in pushed.get("branches") or ["main"]]
    return found or ["nothing that starts it, and no environment"]


def roles(job, matrix):
    """The roles that a job assumes, each with the bucket that it is for where the step says which."""
    for step in job.get("steps") or []:
        inputs = step.get("with") or {}
        for name, place in (("role-to-assume", "to"), ("from-role-to-assume", "from")):
            found = ROLE.fullmatch(str(inputs.get(name)))
            if found:
                named = re.match(r"s3://([\w-]+)/", str(inputs.get(place) or inputs.get("from")))
                bucket = named[1] if named else inputs.get("bucket")
                yield matrix[found[2]] if found[2] else found[1], bucket


def complaints(document, trusted):
    for name, job in document["jobs"].items():
        for matrix in workflows.combinations((job.get("strategy") or {}).get("matrix") or {}):
            for role, bucket in roles(job, matrix):
                known = trusted.get(role) if bucket is None or "$" in bucket else trusted.get(of_shop(role, bucket))
                for subject in subjects(job, matrix, document.get("on") or {}):
                    if not any(fnmatchcase(subject, pattern) for pattern in known or []):
                        yield f"the job {name} is {subject}, which {role} of {bucket} does not trust: {known}"


def of_shop(role, bucket):
    """What a bucket's role is called in the table."""
    return role.replace(bucket, "cstore-shop", 1) if role.startswith(f"{bucket}-") else f"none of {bucket}: {role}"


def documents(path):
    if path.suffix == ".yml":
        yield 1, path.read_text()
        return
    for block in blocks(path.read_text()):
        if block.kind == "yaml":
            yield block.line, block.text


def main():
    trusted, checked, wrong = trusts(), 0, [*undeclared()]
    for path in map(Path, sys.argv[1:]):
        for line, text in documents(path):
            for document in yaml.load_all(text, workflows.Loader):
                if workflows.is_workflow(document):
                    wrong += [f"{path}:{line}: {text}" for text in complaints(document, trusted)]
                    checked += bool(ROLE.search(text))
    print("\n".join(wrong) or f"{checked} workflows")
    sys.exit(bool(wrong) or checked < 25)


if __name__ == "__main__":
    main()
