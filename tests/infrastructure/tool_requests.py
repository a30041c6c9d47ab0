"""Whether the policies let the tool's own requests through.

    tool_requests.py POLICIES < REQUESTS

POLICIES is what `terraform test -json -verbose` printed; REQUESTS are those that a proxy recorded, one JSON document a
line: who asks (a name of who.py), method, key, query and headers. Prints those that are refused.
"""

import json
import pathlib
import sys

import iam
import policies
from who import everybody

BUCKET = "arn:aws:s3:::cstore-shop"
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


def action_and_resource(request):
    method, key, query = request["method"], request["key"], request["query"]
    if key:
        pinned = "Version" if "versionId=" in query else ""
        return f"s3:{OBJECT_ACTIONS[method]}{pinned}", f"{BUCKET}/{key}"
    if method == "GET" and "list-type=2" in query:
        return "s3:ListBucket", BUCKET
    if method == "GET" and query.split("&")[0] in ("versions", "versions="):
        return "s3:ListBucketVersions", BUCKET
    raise SystemExit(f"nobody has said which action this is: {method} {query}")


def main():
    rendered = policies.of_run(pathlib.Path(sys.argv[1]).read_text().splitlines(), "everybody")
    who = everybody(rendered["role"])
    for line in sys.stdin:
        request = json.loads(line)
        action, resource = action_and_resource(request)
        context = {"aws:SecureTransport": "true"}
        for name, value in request["headers"]:
            if key := CONDITION_KEYS.get((request["method"], name)):
                context[key] = value
        if not iam.allowed("s3", rendered["bucket"], who[request["who"]], action, resource, context):
            print(f"{request['who']}: {request['method']} {request['key']} {sorted(context)}")


if __name__ == "__main__":
    main()
