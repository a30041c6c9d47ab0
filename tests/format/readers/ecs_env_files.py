"""ecs_env_files.py [--merged] FILE...: reads each file as the ECS agent does: [[[name, "text", value], ...], ...]; with --merged
what a container gets of all of them, as one such list.

The rules are those of readEnvVarsFromFile in agent/taskresource/envFiles/envfile.go and of
MergeEnvironmentVariablesFromEnvfiles in agent/api/container/container.go in github.com/aws/amazon-ecs-agent, and of Go's
bufio.ScanLines, which the first uses: lines end with LF, one CR before it is dropped, and a line longer than the scanner's
buffer is an error.
"""

import json
import sys

BUFFER = 64 * 1024  # bufio.MaxScanTokenSize; a line and its LF have to fit


def variables(path):
    with open(path, "rb") as file:
        lines = file.read().split(b"\n")
    found = {}
    for line in lines:
        assert len(line) < BUFFER, "bufio.Scanner: token too long"
        text = line.removesuffix(b"\r").decode("utf-8")
        if text.startswith("#") or "=" not in text:
            continue
        name, value = text.split("=", 1)
        if name and value:
            found[name] = value
    return found


def entries(found):
    return [[name, "text", value] for name, value in found.items()]


merges = sys.argv[1:2] == ["--merged"]
read = [variables(path) for path in sys.argv[1 + merges :]]
if merges:
    container = {}
    for found in read:
        for name, value in found.items():
            container.setdefault(name, value)
    print(json.dumps([entries(container)]))
else:
    print(json.dumps([entries(found) for found in read]))
