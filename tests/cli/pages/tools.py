"""Stand-ins for the programs that the pages call beside cstore, by the name that this is started with.

The AWS CLI's S3 commands are carried out; what has no local service gives an answer that has the real one's form. A call
that is not known is an error, so that no page can call something that nobody looked at.
"""

import json
import sys
from pathlib import Path

import boto3

PARAMETERS = {"/shop/prod/db_host": "db.shop.internal", "/shop/prod/db_password": "correct-horse-battery"}
SECRET = {"DB_HOST": "db.shop.internal", "DB_PASSWORD": "correct-horse-battery"}


def option(arguments, name):
    return arguments[arguments.index(name) + 1]


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
            definition = json.loads(Path(file.removeprefix("file://")).read_text())
            for container in definition["containerDefinitions"]:
                # A page that fills it in has references to fill in.
                secrets = container.get("secrets", [{"valueFrom": "/shop"}])
                assert secrets and all(secret["valueFrom"].startswith(("arn:", "/")) for secret in secrets)
            print("arn:aws:ecs:eu-central-1:111122223333:task-definition/shop:42")
        case ["lambda", "update-function-configuration", *rest]:
            environment = option(rest, "--environment").removeprefix("file://")
            assert json.loads(Path(environment).read_text())["Variables"]
        case ["ecs", "update-service" | "wait", *_] | ["lambda", "wait" | "update-function-code", *_]:
            pass
        case ["appconfig", "create-configuration-profile", *rest]:
            bucket, _, key = option(rest, "--location-uri").removeprefix("s3://").partition("/")
            s3.head_object(Bucket=bucket, Key=key)
        case ["appconfig", "start-deployment", *_]:
            pass
        case ["eks", "update-kubeconfig", *_] | ["sso", "login", *_]:
            pass
        case other:
            sys.exit(f"aws {other}: the stand-in does not know it")


def kubectl(arguments):
    match arguments:
        case ["apply", *rest]:
            for at, word in enumerate(rest):
                if word in ("-f", "--filename"):
                    assert Path(rest[at + 1]).read_text().strip()
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
