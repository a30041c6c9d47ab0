"""Stand-ins for the programs that the pages call beside cstore, by the name that this is started with.

The AWS CLI's commands are carried out where the local server has the service: S3, task definitions of ECS, and
configuration profiles of AppConfig; what it does not have is checked by botocore's model, or gives an answer that has the
real one's form. A call that is not known is an error, so that no page can call something that nobody looked at.
"""

import json
import os
import re
import sys
from pathlib import Path

import boto3
from botocore.validate import ParamValidator

import yaml

PARAMETERS = {"/shop/prod/db_host": "db.shop.internal", "/shop/prod/db_password": "correct-horse-battery"}
# What the local server does not make: ids in the form of AppConfig's.
ENVIRONMENT, STRATEGY = "54j1r29", "1225qzk"
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


def typed(shape, text):
    """What the AWS CLI makes of an option's text, by the API's model; a structure in its shorthand."""
    match shape.type_name:
        case "integer" | "long":
            return int(text)
        case "float" | "double":
            return float(text)
        case "list":
            return [typed(shape.member, text)]
        case "structure":
            return dict(pair.split("=", 1) for pair in text.split(","))
        case _:
            assert text in (getattr(shape, "enum", None) or [text]), f"{text} is none of {shape.enum}"
            most = shape.metadata.get("max", len(text))
            assert len(text) <= most and re.fullmatch(shape.metadata.get("pattern", ".*"), text), (
                f"{text} is no {shape.name}"
            )
            return text


def checked(service, operation, arguments):
    """The parameters of a call, which the API's model takes."""
    shape = client(service).meta.service_model.operation_model(operation).input_shape
    given = {name: typed(shape.members[name], text) for name, text in parameters(arguments).items()}
    report = ParamValidator().validate(given, shape)
    assert not report.has_errors(), report.generate_report()
    return given


def start_deployment(s3, arguments):
    """The local server deploys nothing: the call is checked, and that AppConfig would find the version of the object."""
    given = checked("appconfig", "StartDeployment", arguments)
    made = {name: given[name] for name in ("EnvironmentId", "DeploymentStrategyId")}
    assert made == {"EnvironmentId": ENVIRONMENT, "DeploymentStrategyId": STRATEGY}, made
    profile = {name: given[name] for name in ("ApplicationId", "ConfigurationProfileId")}
    uri = client("appconfig").get_configuration_profile(**profile)["LocationUri"]
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    assert json.load(s3.get_object(Bucket=bucket, Key=key, VersionId=given["ConfigurationVersion"])["Body"])


def create_environment(arguments):
    """The alarm must be there."""
    (monitor,) = checked("appconfig", "CreateEnvironment", arguments)["Monitors"]
    alarms = client("cloudwatch").describe_alarms()["MetricAlarms"]
    assert monitor["AlarmArn"] in [alarm["AlarmArn"] for alarm in alarms], monitor
    return ENVIRONMENT


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
        case ["appconfig", "create-environment", *rest]:
            print(create_environment(rest))
        case ["appconfig", "create-deployment-strategy", *rest]:
            checked("appconfig", "CreateDeploymentStrategy", rest)
            print(STRATEGY)
        case ["cloudwatch", "put-metric-alarm", *rest]:
            client("cloudwatch").put_metric_alarm(**checked("cloudwatch", "PutMetricAlarm", rest))
        case ["cloudwatch", "describe-alarms", "--alarm-names", name, "--query", "MetricAlarms[0].AlarmArn", *_]:
            print(client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"][0]["AlarmArn"])
        case ["appconfig", "start-deployment", *rest]:
            start_deployment(s3, rest)
        case ["eks", "update-kubeconfig", *_] | ["sso", "login", *_]:
            pass
        case other:
            sys.exit(f"aws {other}: the stand-in does not know it")


class Cluster:
    """What was applied, in its order, and what names an object: in the folder that a page has exported as PAGE_CLUSTER."""

    def __init__(self):
        folder = os.environ.get("PAGE_CLUSTER")
        self.folder = Path(folder) if folder else None

    def objects(self):
        file = self.folder and self.folder / "objects"
        return file.read_text().splitlines() if file and file.exists() else []

    def write(self, objects):
        if self.folder:
            (self.folder / "objects").write_text("".join(f"{name}\n" for name in objects))

    def apply(self, manifest):
        name = f"{manifest['kind'].lower()}/{manifest['metadata']['name']}"
        self.write([*self.objects(), *([] if name in self.objects() else [name])])

    def workloads(self):
        """A ReplicaSet for each object that is used."""
        if (self.folder / "denied").exists():
            sys.exit("Error from server (Forbidden)")
        names = (self.folder / "used").read_text().split()
        specs = [
            {"template": {"spec": {"containers": [{"envFrom": [{"configMapRef": {"name": name}}]}]}}} for name in names
        ]
        return {"items": [{"kind": "ReplicaSet", "spec": spec} for spec in specs]}


def kubectl(arguments):
    cluster = Cluster()
    match arguments:
        case ["apply", *rest]:
            for at, word in enumerate(rest):
                if word in ("-f", "--filename"):
                    for manifest in yaml.safe_load_all(Path(rest[at + 1]).read_text()):
                        assert manifest["apiVersion"] and manifest["kind"]
                        assert re.fullmatch("[a-z0-9]([-a-z0-9]*[a-z0-9])?", manifest["metadata"]["name"])
                        cluster.apply(manifest)
        case ["get", kinds, "-o", "json"] if "," in kinds:
            print(json.dumps(cluster.workloads()))
        case ["get", "configmap" | "secret" as kind, *rest] if rest[-2:] == ["-o", "name"]:
            labels = "app.kubernetes.io/managed-by=cstore,app.kubernetes.io/part-of=shop"
            assert rest[:-2] in ([], ["-l", labels, "--sort-by=.metadata.creationTimestamp"]), rest
            print("\n".join(name for name in cluster.objects() if name.startswith(f"{kind}/")))
        case ["delete", "configmap" | "secret" as kind, name] if cluster.folder:
            kept = [known for known in cluster.objects() if known != f"{kind}/{name}"]
            assert len(kept) < len(cluster.objects()), f"{kind}/{name} is not there"
            cluster.write(kept)
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
