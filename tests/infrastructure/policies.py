"""The policies of one run of `terraform test -json -verbose`, as they would be sent to AWS."""

import json


def of_run(lines, run):
    """The bucket's policy, the key's, of each role of a workflow the trust and what it may, and what others are given."""
    after, outputs = {}, {}
    for line in lines:
        message = json.loads(line)
        if message.get("@testrun") == run:
            plan = message.get("test_plan", {})
            for change in plan.get("resource_changes", []):
                after[change["address"]] = change["change"]["after"]
            for name, change in plan.get("output_changes", {}).items():
                outputs[name] = change.get("after")  # absent where it is known only later
    if not after:
        raise SystemExit(f"there is no plan of the run {run}: was it `terraform test -json -verbose`?")

    def roles(resource, field):
        kinds = ("puller", "pusher", "releaser")
        return {
            address.split('"')[1]: json.loads(values[field])
            for address, values in after.items()
            if address.startswith(tuple(f"{resource}.{kind}[" for kind in kinds))
        }

    def policy(address, field):
        return json.loads(after[address][field]) if address in after else None

    return {
        "bucket": policy("aws_s3_bucket_policy.store[0]", "policy"),
        "key": policy("aws_kms_key.store[0]", "policy"),
        "role": roles("aws_iam_role_policy", "policy"),
        "trust": roles("aws_iam_role", "assume_role_policy"),
        "principal": {name: json.loads(text) for name, text in (outputs.get("principal_policies") or {}).items()},
        "replication": policy("aws_iam_role_policy.replication[0]", "policy"),
    }
