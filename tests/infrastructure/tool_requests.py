"""Whether the policies let the tool's own requests through.

    tool_requests.py rendered POLICIES < REQUESTS
    tool_requests.py applied POLICIES < REQUESTS

POLICIES is what `terraform test -json -verbose` printed; or what an account has, as JSON: `account`, `name` and `bucket`, the
bucket's name and policy, and `who`, whoever asks, as who.py describes them. REQUESTS are those that a proxy recorded, one JSON
document a line: who asks (of who.py, or of `who`), method, key, query and headers. Prints those that are refused.
"""

import json
import pathlib
import sys

import iam
import policies
from who import everybody

OBJECT_ACTIONS = {"GET": "GetObject", "HEAD": "GetObject", "PUT": "PutObject", "DELETE": "DeleteObject"}
# Conditions of a GET are none that a policy could ask for.
CONDITION_KEYS = {
    ("PUT", "if-match"): "s3:if-match",
    ("PUT", "if-none-match"): "s3:if-none-match",
    ("DELETE", "if-match"): "s3:if-match",
    ("PUT", "x-amz-copy-source"): "s3:x-amz-copy-source",
    ("PUT", "x-amz-storage-class"): "s3:x-amz-storage-class",
    ("PUT", "x-amz-website-redirect-location"): "s3:x-amz-website-redirect-location",
    ("PUT", "x-amz-server-side-encryption"): "s3:x-amz-server-side-encryption",
    ("PUT", "x-amz-server-side-encryption-aws-kms-key-id"): "s3:x-amz-server-side-encryption-aws-kms-key-id",
}


def action_and_resource(bucket, request):
    method, key, query = request["method"], request["key"], request["query"]
    if key:
        pinned = "Version" if "versionId=" in query else ""
        return f"s3:{OBJECT_ACTIONS[method]}{pinned}", f"{bucket}/{key}"
    if method == "GET" and "list-type=2" in query:
        return "s3:ListBucket", bucket
    if method == "GET" and query.split("&")[0] in ("versions", "versions="):
        return "s3:ListBucketVersions", bucket
    raise SystemExit(f"nobody has said which action this is: {method} {query}")


def rendered(text):
    found = policies.of_run(text.splitlines(), "everybody")
    return "cstore-shop", found["bucket"], everybody(found["role"])


def applied(text):
    found = json.loads(text)
    iam.ACCOUNT = found["account"]
    return found["name"], found["bucket"], found["who"]


def main():
    kind, path = sys.argv[1:]
    name, policy, who = {"rendered": rendered, "applied": applied}[kind](pathlib.Path(path).read_text())
    for line in sys.stdin:
        request = json.loads(line)
        if request["method"] == "POST" and not request["key"]:  # of STS, which gives the role
            continue
        action, resource = action_and_resource(f"arn:aws:s3:::{name}", request)
        context = {"aws:SecureTransport": "true"}
        for header, value in request["headers"]:
            if key := CONDITION_KEYS.get((request["method"], header)):
                context[key] = value
        if not iam.allowed("s3", policy, who[request["who"]], action, resource, context):
            print(f"{request['who']}: {request['method']} {request['key']} {sorted(context)}")


if __name__ == "__main__":
    main()
