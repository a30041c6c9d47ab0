"""What the targets of the example `events` do with an event, and whether their roles may.

On standard input: the messages of `terraform test -json -verbose` that applied it. Prints the requests that the API
destination makes, one a line as JSON, for the description of GitHub's API.

The state machine is walked as https://states-language.net/spec.html says, as far as the example uses it; anything else is an
error. Its call of an AWS API is held against botocore's model of that API: Step Functions writes all names of parameters in
PascalCase (https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html).
"""

import json
import re
import sys

import boto3
import iam
from botocore.validate import ParamValidator
from events import PUBLISHED, event, rendered

DEPLOYED = "shop/.cstore/channels/prod.json"
NOBODY = {"Statement": []}


def applied():
    """The attributes of what was applied, by address."""
    for line in sys.stdin:
        message = json.loads(line)
        if message.get("type") == "test_state":
            root = message["test_state"]["root_module"]
            for module in [root, *root["child_modules"]]:
                for resource in module["resources"]:
                    yield resource["address"], resource["values"]


def member(name):
    """A name of a parameter as the API's own model has it."""
    assert name[0].isupper(), f"{name} is not in PascalCase"
    return name[0].lower() + name[1:]


def called(task):
    """The call of an AWS API that a task makes: service, operation and parameters, which the API's model takes."""
    assert set(task) == {"Type", "Resource", "Parameters", "End"} and task["End"] is True, task
    service, operation = re.fullmatch(r"arn:aws:states:::aws-sdk:([a-z]+):([a-zA-Z]+)", task["Resource"]).groups()
    model = boto3.client(service, region_name="eu-central-1").meta.service_model
    operation = operation[0].upper() + operation[1:]
    given = {member(name): value for name, value in task["Parameters"].items()}
    report = ParamValidator().validate(given, model.operation_model(operation).input_shape)
    assert not report.has_errors(), report.generate_report()
    return service, operation, given


def walked(definition, document):
    """The tasks that an execution with this input comes to."""
    name, tasks = definition["StartAt"], []
    while name:
        state = definition["States"][name]
        match state["Type"]:
            case "Choice":
                name = state["Default"]
                for choice in reversed(state["Choices"]):
                    assert set(choice) == {"Variable", "StringEquals", "Next"}, choice
                    if document[choice["Variable"].removeprefix("$.")] == choice["StringEquals"]:
                        name = choice["Next"]
            case "Task":
                tasks.append(called(state))
                name = state.get("Next")
            case "Succeed":
                name = None
            case other:
                raise ValueError(f"a state of the type {other}")
    return tasks


def asked(rows):
    """Yields what is decided otherwise than it should be."""
    for policy, action, resource, expected in rows:
        if iam.allowed("s3", NOBODY, {"policies": [policy]}, action, resource, {}) != expected:
            yield f"{action} on {resource} is {'not ' if expected else ''}allowed"


def main():
    state = dict(applied())
    target = {name: state[f'module.config.aws_cloudwatch_event_target.store["{name}"]'] for name in ("ecs", "github")}
    role = {name: state[f"aws_iam_role.{name}"] for name in ("events", "redeploy")}
    policy = {name: json.loads(state[f"aws_iam_role_policy.{name}"]["policy"]) for name in role}
    machine, destination = (
        state["aws_sfn_state_machine.redeploy"],
        state["aws_cloudwatch_event_api_destination.dispatch"],
    )
    region, account = destination["arn"].split(":")[3:5]

    # Who starts what, and as whom.
    assert (target["ecs"]["arn"], target["github"]["arn"]) == (machine["arn"], destination["arn"])
    assert {target["ecs"]["role_arn"], target["github"]["role_arn"]} == {role["events"]["arn"]}
    assert machine["role_arn"] == role["redeploy"]["arn"]
    for name, service in (("events", "events.amazonaws.com"), ("redeploy", "states.amazonaws.com")):
        trust = json.loads(role[name]["assume_role_policy"])
        for who, whose, expected in (
            (service, account, True),
            (service, "444455556666", False),
            ("ecs.amazonaws.com", account, False),
        ):
            context = {"aws:SourceAccount": whose}
            may = iam.allowed("trust", trust, {"service": who}, "sts:AssumeRole", role[name]["arn"], context)
            assert may == expected, f"{who} of {whose} assumes {name}: {may}"

    # What an event of each key comes to.
    definition, calls = json.loads(machine["definition"]), []
    (of_ecs,), (of_github,) = (target[name]["input_transformer"] for name in ("ecs", "github"))
    for key in {*PUBLISHED, DEPLOYED}:
        tasks = walked(definition, rendered(of_ecs["input_template"], of_ecs["input_paths"], event(key)))
        assert len(tasks) == (key == DEPLOYED), f"{key} starts {tasks}"
        calls += tasks
        body = rendered(of_github["input_template"], of_github["input_paths"], event(key))
        print(json.dumps([destination["http_method"], destination["invocation_endpoint"], body]))
    (api_key,) = state["aws_cloudwatch_event_connection.github"]["auth_parameters"][0]["api_key"]
    assert api_key == {"key": "Authorization", "value": "Bearer ghp_of_the_example"}, api_key["key"]

    # Whether the roles may, and no more.
    ((service, operation, given),) = calls
    assert (service, operation, given["forceNewDeployment"]) == ("ecs", "UpdateService", True)
    cluster = f"arn:aws:ecs:{region}:{account}:service/{given['cluster']}"
    own, starts, invokes = f"{cluster}/{given['service']}", "states:StartExecution", "events:InvokeApiDestination"
    wrong = list(
        asked(
            [
                (policy["redeploy"], f"{service}:{operation}", own, True),
                (policy["redeploy"], f"{service}:{operation}", f"{cluster}/another", False),
                (policy["redeploy"], f"{service}:{operation}", f"{cluster}-2/{given['service']}", False),
                # A deployment anew of what there is passes no role, and describes nothing.
                (policy["redeploy"], "iam:PassRole", role["redeploy"]["arn"], False),
                (policy["redeploy"], "ecs:DescribeServices", own, False),
                (policy["events"], starts, machine["arn"], True),
                (policy["events"], starts, f"{machine['arn']}-2", False),
                (policy["events"], invokes, destination["arn"], True),
                (policy["events"], invokes, destination["arn"].replace("dispatch", "another"), False),
                (policy["events"], f"{service}:{operation}", own, False),
                # The token's secret is read by EventBridge's own role, which is linked to the service.
                (
                    policy["events"],
                    "secretsmanager:GetSecretValue",
                    f"arn:aws:secretsmanager:{region}:{account}:secret:a",
                    False,
                ),
            ]
        )
    )
    assert not wrong, "; ".join(wrong)


main()
