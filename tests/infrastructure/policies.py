"""The policies of one run of `terraform test -json -verbose`, as they would be sent to AWS."""

import json


def of_run(lines, run):
    """The bucket's policy, the key's, and of each GitHub role the trust and what it may."""
    after = {}
    for line in lines:
        message = json.loads(line)
        if message.get("@testrun") == run:
            for change in message.get("test_plan", {}).get("resource_changes", []):
                after[change["address"]] = change["change"]["after"]
    if not after:
        raise SystemExit(f"there is no plan of the run {run}: was it `terraform test -json -verbose`?")

    def roles(resource, field):
        return {
            address.split('"')[1]: json.loads(values[field])
            for address, values in after.items()
            if address.startswith((f"{resource}.puller[", f"{resource}.pusher["))
        }

    return {
        "bucket": json.loads(after["aws_s3_bucket_policy.store"]["policy"]),
        "key": json.loads(after["aws_kms_key.store"]["policy"]),
        "role": roles("aws_iam_role_policy", "policy"),
        "trust": roles("aws_iam_role", "assume_role_policy"),
    }
