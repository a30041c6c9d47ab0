"""Runs a command line of AWS's command line interface, as docs/setup.md has them, with boto3.

Of the interface it knows what the documentation uses: `aws SERVICE OPERATION --option value …`, with JSON, KEY=VALUE,… or
file://… for what is not a string, --query, --output text, and `cloudformation deploy`.
"""

import json
import pathlib
import sys

import boto3
import jmespath
from botocore import xform_name


def parsed(shape, text):
    if text.startswith("file://"):
        text = pathlib.Path(text.removeprefix("file://")).read_text()
    kind = shape.type_name
    if kind == "string":
        return text
    if kind == "blob":
        return text.encode()
    if kind == "boolean":
        return text == "true"
    if kind in ("integer", "long"):
        return int(text)
    if text.lstrip().startswith(("{", "[")):
        return json.loads(text)
    if kind == "list":
        return [parsed(shape.member, item) for item in text.split()]
    pairs = dict(pair.split("=", 1) for pair in text.split(","))
    return {name: parsed(shape.members[name], value) for name, value in pairs.items()}


def options(arguments):
    """The options by name, each with the words that follow it."""
    found = {}
    for word in arguments:
        if word.startswith("--"):
            found[word.removeprefix("--")] = words = []
        else:
            words.append(word)
    return {name: " ".join(words) for name, words in found.items()}


def deploy(given):
    client = boto3.client("cloudformation")
    overrides = dict(pair.split("=", 1) for pair in given.get("parameter-overrides", "").split())
    client.create_stack(
        StackName=given["stack-name"],
        TemplateBody=pathlib.Path(given["template-file"]).read_text(),
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in overrides.items()],
        Capabilities=given.get("capabilities", "").split(),
    )
    client.get_waiter("stack_create_complete").wait(StackName=given["stack-name"], WaiterConfig={"Delay": 1})
    return {}


def main():
    service, operation, *arguments = sys.argv[1:]
    given = options(arguments)
    query, output = given.pop("query", None), given.pop("output", "json")
    if (service, operation) == ("cloudformation", "deploy"):
        answer = deploy(given)
    else:
        client = boto3.client("s3" if service == "s3api" else service)
        method = operation.replace("-", "_")
        names = {xform_name(name): name for name in client.meta.service_model.operation_names}
        shape = client.meta.service_model.operation_model(names[method]).input_shape
        members = {xform_name(name, "-"): name for name in (shape.members if shape else ())}
        arguments = {members[name]: parsed(shape.members[members[name]], text) for name, text in given.items()}
        answer = getattr(client, method)(**arguments)
        answer.pop("ResponseMetadata", None)
    if query:
        answer = jmespath.search(query, answer)
    if output == "text":
        print(*(answer if isinstance(answer, list) else [answer]), sep="\t")
    elif answer:
        print(json.dumps(answer, indent=4, default=str))


if __name__ == "__main__":
    main()
