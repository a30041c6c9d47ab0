"""Stand-ins for the programs that the pages call beside cstore, by the name that this is started with.

The AWS CLI's commands are carried out where the local server has the service: S3, task definitions of ECS, and
configuration profiles of AppConfig; what it does not have is checked by botocore's model, or gives an answer that has the
real one's form. A call that is not known is an error, so that no page can call something that nobody looked at.
"""

import json
import re
import sys
from pathlib import Path

import boto3
from botocore.validate import ParamValidator

import yaml

PARAMETERS = {"/shop/prod/db_host": "db.shop.internal", "/shop/prod/db_password": "correct-horse-battery"}
SECRET = {"DB_HOST": "db.shop.internal", "DB_PASSWORD": "correct-horse-battery"}


def client(service):
    """Of what is not S3: the pages need not say a region."""
    return boto3.client(service, region_name="eu-central-1")


def option(arguments, name):
    return arguments[arguments.index(name) + 1]


def parameters(arguments):
    """Options as an API names them: `--configuration-version` is ConfigurationVersion."""
    given = zip(arguments[::2], arguments[1::2], strict=True)
    camel = {name.removeprefix("--").title().replace("-", ""): value for name, value in given}
    return {name: value for name, value in camel.items() if name not in ("Query", "Output")}


def register(s3, definition):
    """Registers a task definition. What its containers are to load must be there."""
    for container in definition["containerDefinitions"]:
        # A page that fills it in has references to fill in.
        secrets = container.get("secrets", [{"valueFrom": "/shop"}])
        assert secrets and all(secret["valueFrom"].startswith(("arn:", "/")) for secret in secrets)
        for file in container.get("environmentFiles", []):
            bucket, _, key = file["value"].removeprefix("arn:aws:s3:::").partition("/")
            assert file["type"] == "s3" and s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    registered = client("ecs").register_task_definition(**definition)["taskDefinition"]
    for name in ("environment", "secrets", "environmentFiles"):
        given = [container.get(name, []) for container in definition["containerDefinitions"]]
        assert [container.get(name, []) for container in registered["containerDefinitions"]] == given
    return registered["taskDefinitionArn"]


def start_deployment(s3, arguments):
    """The local server deploys nothing: the call is checked, and that AppConfig would find the version of the object."""
    given = parameters(arguments)
    appconfig = client("appconfig")
    report = ParamValidator().validate(
        given, appconfig.meta.service_model.operation_model("StartDeployment").input_shape
    )
    assert not report.has_errors(), report.generate_report()
    profile = {name: given[name] for name in ("ApplicationId", "ConfigurationProfileId")}
    uri = appconfig.get_configuration_profile(**profile)["LocationUri"]
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    assert json.load(s3.get_object(Bucket=bucket, Key=key, VersionId=given["ConfigurationVersion"])["Body"])


def aws(arguments):
    s3 = boto3.client("s3")
    match arguments:
        case ["s3api", "create-bucket", "--bucket", bucket]:
            s3.create_bucket(Bucket=bucket)
        case ["s3api", "put-bucket-versioning", "--bucket", bucket, "--versioning-configuration", "Status=Enabled"]:
            s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        case ["ssm", "get-parameters-by-path", *_]:
            found = [{"Name": name, "Value": value} for name, value in PARAMETERS.items()]
            print(json.dumps({"Parameters": found}))
        case ["secretsmanager", "get-secret-value", *_]:
            print(json.dumps(SECRET))
        case ["ecs", "register-task-definition", "--cli-input-json", file, *_]:
            print(register(s3, json.loads(Path(file.removeprefix("file://")).read_text())))
        case ["lambda", "update-function-configuration", *rest]:
            environment = option(rest, "--environment").removeprefix("file://")
            assert json.loads(Path(environment).read_text())["Variables"]
        case ["ecs", "update-service" | "wait", *_] | ["lambda", "wait" | "update-function-code", *_]:
            pass
        case ["appconfig", "create-application", *rest]:
            print(client("appconfig").create_application(**parameters(rest))["Id"])
        case ["appconfig", "create-configuration-profile", *rest]:
            print(client("appconfig").create_configuration_profile(**parameters(rest))["Id"])
        case ["appconfig", "start-deployment", *rest]:
            start_deployment(s3, rest)
        case ["eks", "update-kubeconfig", *_] | ["sso", "login", *_]:
            pass
        case other:
            sys.exit(f"aws {other}: the stand-in does not know it")


def kubectl(arguments):
    match arguments:
        case ["apply", *rest]:
            for at, word in enumerate(rest):
                if word in ("-f", "--filename"):
                    for manifest in yaml.safe_load_all(Path(rest[at + 1]).read_text()):
                        assert manifest["apiVersion"] and manifest["kind"]
                        assert re.fullmatch("[a-z0-9]([-a-z0-9]*[a-z0-9])?", manifest["metadata"]["name"])
        case ["rollout" | "get" | "delete", *_]:
            pass
        case other:
            sys.exit(f"kubectl {other}: the stand-in does not know it")


def chamber(arguments):
    match arguments:
        case ["export", "--format", "dotenv", _]:
            for name, value in PARAMETERS.items():
                print(f'{name.rpartition("/")[2].upper()}="{value}"')
        case other:
            sys.exit(f"chamber {other}: the stand-in does not know it")


def gh(arguments):
    match arguments:
        case ["secret", "list", *_]:
            print("DB_PASSWORD\t2026-03-02T09:00:00Z")
        case ["secret", "set", "--env-file", file, *_]:
            assert Path(file).read_text().strip()
        case ["release", "view" | "create" | "edit", _, *_]:
            pass
        case ["attestation", "verify", file, *_]:
            assert Path(file).read_text().strip()
        case ["secret", "delete", _, *_] | ["run", "rerun", *_] | ["workflow", "run", *_]:
            pass
        case other:
            sys.exit(f"gh {other}: the stand-in does not know it")


def docker(arguments):
    match arguments:
        case ["build" | "push" | "cp" | "create", *_]:
            pass
        case other:
            sys.exit(f"docker {other}: the stand-in does not know it")


if __name__ == "__main__":
    {"aws": aws, "kubectl": kubectl, "chamber": chamber, "gh": gh, "docker": docker}[Path(sys.argv[0]).name](
        sys.argv[1:]
    )
