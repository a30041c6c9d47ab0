"""What the rule of EventBridge lets through, and what its targets get.

On standard input: the plans of `tests/policies.tftest.hcl`. As argument: the `main.tf` of the example. With `set-up` and moto's
address as further arguments the rule is made there, and a queue is its target; with `received` the events in that queue are
printed, one a line: the key that a target gets, and whether the example deploys. The pattern is matched
by moto, which knows EventBridge's wildcards; the input transformer by what
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html says: a variable whose path is not in
the event is left out of the template.
"""

import json
import re
import sys

import boto3
from moto.events.models import EventPattern

RUN = "object_lock_events_and_what_expires"
BUCKET = "cstore-shop"

PUBLISHED = [
    "shop/.cstore/versions/v1.json",
    "shop/.cstore/channels/prod.json",
    "acme/platform/shop/.cstore/versions/v1.4.2.json",
]
OTHERS = [
    "shop/.cstore/head.json",
    "shop/.cstore/claims/v1.json",
    "shop/.cstore/settings.json",
    "shop/v1/service/.env",
    "shop/v1/versions/a.json",
    "shop/service/config.json",
    "channels/prod.json",
]


def event(key, bucket=BUCKET, kind="Object Created", **about_object):
    """An event as https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html has it."""
    return {
        "version": "0",
        "detail-type": kind,
        "source": "aws.s3",
        "detail": {
            "version": "0",
            "bucket": {"name": bucket},
            "object": {"key": key, "size": 5, "etag": "b57f9512698f4b09e608f4f2a65852e5", **about_object},
            "reason": "PutObject",
        },
    }


def changes():
    """What the run plans."""
    for line in sys.stdin:
        message = json.loads(line)
        if message.get("@testrun") == RUN:
            for change in message["test_plan"]["resource_changes"]:
                yield change["address"], change["change"]["after"]


def looked_up(path, document):
    """What a path such as `$.detail.object.key` names; none where it is not there."""
    for name in path.removeprefix("$.").split("."):
        document = document.get(name) if isinstance(document, dict) else None
    return document


def rendered(template, paths, document):
    """What a target gets, as a document: EventBridge invokes none with what is not JSON."""

    def value(found):
        known = looked_up(paths[found.group(1)], document)
        return "" if known is None else json.dumps(known)

    return json.loads(re.sub("<([a-z]+)>", value, template))


def client(service, endpoint):
    keys = {"aws_access_key_id": "AKIAHARNESS", "aws_secret_access_key": "none"}
    return boto3.client(service, endpoint_url=endpoint, region_name="us-east-1", **keys)


def set_up(pattern, endpoint):
    """Has the bucket tell EventBridge what is put, as the module does, and the rule put what it lets through into a queue."""
    sqs = client("sqs", endpoint)
    queue = sqs.create_queue(QueueName="deploy")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events = client("events", endpoint)
    events.put_rule(Name="store", EventPattern=pattern)
    events.put_targets(Rule="store", Targets=[{"Id": "deploy", "Arn": arn}])
    told = {"EventBridgeConfiguration": {}}
    client("s3", endpoint).put_bucket_notification_configuration(Bucket=BUCKET, NotificationConfiguration=told)


def received(endpoint):
    """The events in the queue."""
    sqs = client("sqs", endpoint)
    queue = sqs.get_queue_url(QueueName="deploy")["QueueUrl"]
    while messages := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
            yield json.loads(message["Body"])


def main():
    """Holds the plan and the example to what is documented."""
    planned = dict(changes())
    text = planned["aws_cloudwatch_event_rule.store[0]"]["event_pattern"]
    if sys.argv[2:3] == ["set-up"]:
        assert planned["aws_s3_bucket_notification.store[0]"]["eventbridge"] is True
        set_up(text, sys.argv[3])
        return
    pattern = EventPattern.load(text)
    for key in PUBLISHED:
        assert pattern.matches_event(event(key)), f"{key} is not let through"
        assert not pattern.matches_event(event(key, bucket="another-shop")), f"{key} of another bucket is let through"
        assert not pattern.matches_event(event(key, kind="Object Deleted")), f"a deletion of {key} is let through"
    for key in OTHERS:
        assert not pattern.matches_event(event(key)), f"{key} is let through"

    (transformer,) = planned['aws_cloudwatch_event_target.store["deploy"]']["input_transformer"]
    template, paths = transformer["input_template"], transformer["input_paths"]
    with open(sys.argv[1], encoding="utf-8") as file:
        example = file.read()
    (of_example,) = re.findall(r'^ *input += ("(?:[^"\\]|\\.)*")$', example, re.MULTILINE)
    (watched,) = re.findall(r'StringEquals += "([^"]+)"', example)
    if sys.argv[2:3] == ["received"]:
        for document in received(sys.argv[3]):
            got = rendered(template, paths, document)
            assert got == {"bucket": BUCKET, "key": document["detail"]["object"]["key"]}, got
            print(got["key"], "deploys" if got["key"] == watched else "waits")
        return
    for key in [*PUBLISHED, watched]:
        # A bucket without versioning has no S3 versions to tell of.
        for document in [event(key), event(key, **{"version-id": "IYV3p45BT0ac8hjHg1houSdS1a.Mro8e"})]:
            assert rendered(template, paths, document) == {"bucket": BUCKET, "key": key}, template
            told = rendered(json.loads(of_example), paths, document)
            assert told == {"event_type": "config", "client_payload": {"bucket": BUCKET, "key": key}}, told
    assert pattern.matches_event(event(watched)), f"nothing starts the example: {watched} is not let through"


if __name__ == "__main__":
    main()
