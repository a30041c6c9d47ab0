"""What container images, pods and other CI systems would run, the environment and the command line; and what Spring and Flux
would read."""

import json
import shutil
import tempfile
from pathlib import Path


def dockerfile(text):
    """The environment and the command of an image."""
    environment, command = {}, []
    for line in text.replace("\\\n", " ").splitlines():
        word, _, rest = line.partition(" ")
        if word == "ENV":
            environment |= dict(pair.split("=", 1) for pair in rest.split())
        elif word in ("ENTRYPOINT", "CMD"):
            command += json.loads(rest)
    return environment, command


def commands(document, inherited=None):
    """What is run of a document: containers whose command is cstore, and scripts of CI systems."""
    inherited = inherited or {}
    if isinstance(document, list):
        for item in document:
            yield from commands(item, inherited)
        return
    if not isinstance(document, dict):
        return
    if document.get("initContainers") and all("command" in item for item in document["initContainers"]):
        yield from of_pod(document, inherited)
        return
    environment = inherited | variables(document)
    command = [*as_list(document.get("command")), *as_list(document.get("args"))]
    if len(command) > 1 and command[0].endswith("cstore"):
        yield environment, ["cstore", *command[1:]]
    for name, part in document.items():
        if name in ("script", "commands"):
            lines = part if isinstance(part, list) else [part]
            yield environment, ["bash", "-euc", "\n".join(map(str, lines))]
        else:
            yield from commands(part, environment)


def spring_imports(text):
    """Bucket and key of each file that a Spring application is to load from S3."""
    for line in text.splitlines():
        name, _, value = line.partition("=")
        if name != "spring.config.import" or not value.startswith("aws-s3:"):
            raise ValueError(f"{line!r} is no import of Spring's")
        bucket, _, key = value.removeprefix("aws-s3:").partition("/")
        yield bucket, key


def is_flux_bucket(document):
    """Whether it is a source of Flux."""
    return isinstance(document, dict) and document.get("apiVersion") == "source.toolkit.fluxcd.io/v1"


def of_pod(pod, inherited):
    """What the containers of a pod run, first those that prepare it: each volume is a folder that they share."""
    with tempfile.TemporaryDirectory() as folder:
        volumes = {volume["name"]: Path(folder, volume["name"]) for volume in pod["volumes"] if "emptyDir" in volume}
        for volume in volumes.values():
            volume.mkdir()
        for container in [*pod["initContainers"], *pod["containers"]]:
            command = [*as_list(container.get("command")), *as_list(container.get("args"))]
            # The program as an image has it; a program in a volume is what was put there.
            command = [shutil.which("cstore") if word == "/usr/local/bin/cstore" else word for word in command]
            for mount in container.get("volumeMounts", []):
                path, volume = mount["mountPath"], volumes[mount["name"]]
                command = [str(volume) + word[len(path) :] if word.startswith(f"{path}/") else word for word in command]
            yield inherited | variables(container), command


def variables(document):
    """The environment that a container, a job or a whole file has."""
    found = document.get("env") or document.get("variables") or {}
    if isinstance(found, list):
        return {pair["name"]: str(pair["value"]) for pair in found if "value" in pair}
    found = found.get("variables", found)
    return {name: str(value) for name, value in found.items() if isinstance(value, str | int)}


def as_list(value):
    return value if isinstance(value, list) else []
