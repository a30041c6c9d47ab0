"""botocore_ecs.py MEMBER FILE...: checks each file as that member of a container definition, by the model that
botocore has of RegisterTaskDefinition, and prints the names and values: [[[name, "text", value], ...], ...]; of
environmentFiles the types in place of names."""

import json
import sys

from botocore.session import get_session
from botocore.validate import ParamValidator

NAME = {"environment": "name", "secrets": "name", "environmentFiles": "type"}
VALUE = {"environment": "value", "secrets": "valueFrom", "environmentFiles": "value"}

member, *paths = sys.argv[1:]
model = get_session().get_service_model("ecs")
task_definition = model.operation_model("RegisterTaskDefinition").input_shape


def entries(path):
    with open(path, encoding="utf-8") as file:
        document = json.load(file)
    parameters = {"family": "app", "containerDefinitions": [{"name": "app", "image": "app", member: document}]}
    report = ParamValidator().validate(parameters, task_definition)
    assert not report.has_errors(), report.generate_report()
    return [[entry[NAME[member]], "text", entry[VALUE[member]]] for entry in document]


print(json.dumps([entries(path) for path in paths]))
