"""What workflows do today in place of this action: credentials by one action, `aws s3 cp`, and a loop of shell."""

import os
import shutil
from pathlib import Path

import peers

SCRIPT = Path(__file__).resolve().parent / "today.sh"
ROLE = "arn:aws:iam::111122223333:role/bench"


def job_token(server):
    """The variables of a job that may ask for a token, and where STS is."""
    return {
        "ACTIONS_ID_TOKEN_REQUEST_URL": f"{server.endpoint(2)}/_token?api-version=2.0",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "request-token-of-the-bench",
        "AWS_ENDPOINT_URL_STS": server.endpoint(1),
    }


def missing():
    """Why it cannot be measured, if so."""
    if not configure_aws_credentials():
        return "CONFIGURE_AWS_CREDENTIALS names no file: set it to dist/index.js of a checkout of that action"
    return None if shutil.which("node") else "there is no node"


def configure_aws_credentials():
    path = Path(os.environ.get("CONFIGURE_AWS_CREDENTIALS", "/nowhere"))
    return path if path.is_file() else None


def run(server, venv, work):
    folder = work.folder / "workspace"
    files = {f"GITHUB_{name.upper()}": work.folder / name for name in ["output", "env", "step_summary", "state"]}
    for path in files.values():
        path.write_bytes(b"")
    source = f"s3://{peers.BUCKET}/{work.prefix}"
    places = [configure_aws_credentials(), venv / "bin/aws", server.endpoint(0), source, folder]
    environment = peers.SYSTEM | job_token(server) | {name: str(path) for name, path in files.items()}
    environment |= {
        "PATH": f"{Path(shutil.which('node')).parent}:{peers.SYSTEM['PATH']}",
        "AWS_EC2_METADATA_DISABLED": "true",
        "HOME": str(work.folder),
        "GITHUB_WORKSPACE": str(folder),
        "GITHUB_REPOSITORY": "acme/shop",
        "GITHUB_WORKFLOW": "Deploy",
        "GITHUB_ACTION": "credentials",
        "GITHUB_ACTOR": "mona",
        "GITHUB_REF": "refs/heads/main",
        "GITHUB_SHA": "0123456789abcdef0123456789abcdef01234567",
        "INPUT_AWS-REGION": "us-east-1",
        "INPUT_ROLE-TO-ASSUME": ROLE,
        "INPUT_AUDIENCE": "sts.amazonaws.com",
    }
    return peers.Run([SCRIPT, *map(str, places)], environment, folder)
