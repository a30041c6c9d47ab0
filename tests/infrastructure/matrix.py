"""Who may do what: every decision that the documentation claims, and its neighbours, taken by the rendered policies.

    terraform test -json -verbose | python3 matrix.py

Then each statement and each condition of the policies is left out in turn: that must change a decision, or this table
would not notice if somebody left it out for good.
"""

import copy
import sys

import iam
import policies
from who import ACCOUNT, everybody

BUCKET = "arn:aws:s3:::cstore-shop"
KEY = f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ALIAS = f"arn:aws:kms:eu-central-1:{ACCOUNT}:alias/cstore-shop-key"
ISSUER = "token.actions.githubusercontent.com"

# Of each: its file of prod, of dev in a version, of dev in the head, of another context; the objects below .cstore/.
PROD = "shop/v1/service/prod/.env"
DEV = "shop/v1/service/dev/.env"
HEAD_DEV = "shop/service/dev/.env"
OTHER = "web/v1/service/dev/.env"
VERSION = "shop/.cstore/versions/v1.json"
CLAIM = "shop/.cstore/claims/v1.json"
HEAD = "shop/.cstore/head.json"
SETTINGS = "shop/.cstore/settings.json"
# A context of an old catalog may have several segments.
DEEP_VERSION = "acme/shop/.cstore/versions/v1.json"

CREATE = {"s3:if-none-match": "*"}
SWAP = {"s3:if-match": '"0123"'}
PLAIN = {}
SSE = "s3:x-amz-server-side-encryption"
SSE_KEY = "s3:x-amz-server-side-encryption-aws-kms-key-id"
TLS = {"aws:SecureTransport": "true"}


def put(key, condition, **more):
    return ("s3:PutObject", f"{BUCKET}/{key}", {**condition, **more})


def on(action, key):
    return (f"s3:{action}", f"{BUCKET}/{key}", {})


S3 = {
    "list": ("s3:ListBucket", BUCKET, {}),
    "list versions": ("s3:ListBucketVersions", BUCKET, {}),
    "find region": ("s3:GetBucketLocation", BUCKET, {}),
    "get prod": on("GetObject", PROD),
    "get pinned prod": on("GetObjectVersion", PROD),
    "get other context": on("GetObject", OTHER),
    "get dev": on("GetObject", DEV),
    "get pinned dev": on("GetObjectVersion", DEV),
    "get head's dev": on("GetObject", HEAD_DEV),
    "get manifest": on("GetObject", VERSION),
    "get head's manifest": on("GetObject", HEAD),
    "get claim": on("GetObject", CLAIM),
    "create prod": put(PROD, CREATE),
    "create other context": put(OTHER, CREATE),
    "swap prod": put(PROD, SWAP),
    "create dev": put(DEV, CREATE),
    "create dev with our key": put(DEV, CREATE, **{SSE: "aws:kms", SSE_KEY: KEY}),
    "create dev with our key's id": put(DEV, CREATE, **{SSE: "aws:kms", SSE_KEY: KEY.split("/")[-1]}),
    "create dev with our alias": put(DEV, CREATE, **{SSE: "aws:kms", SSE_KEY: "alias/cstore-shop-key"}),
    "create dev with our alias' ARN": put(DEV, CREATE, **{SSE: "aws:kms", SSE_KEY: ALIAS}),
    "swap head's dev": put(HEAD_DEV, SWAP),
    "create manifest": put(VERSION, CREATE),
    "create claim": put(CLAIM, CREATE),
    "swap head": put(HEAD, SWAP),
    "create settings": put(SETTINGS, CREATE),
    "swap settings": put(SETTINGS, SWAP),
    "swap manifest": put(VERSION, SWAP),
    "swap claim": put(CLAIM, SWAP),
    "swap deep manifest": put(DEEP_VERSION, SWAP),
    "delete": on("DeleteObject", PROD),
    "delete version": on("DeleteObjectVersion", PROD),
    "bucket policy": ("s3:PutBucketPolicy", BUCKET, {}),
    "tag": on("PutObjectTagging", PROD),
    "abort": on("AbortMultipartUpload", PROD),
    "restore": on("RestoreObject", PROD),
    "replicate": on("ReplicateObject", PROD),
    # Refused to everybody.
    "write": put(PROD, PLAIN),
    "write head": put(HEAD, PLAIN),
    "write manifest": put(VERSION, PLAIN),
    "create over http": put(DEV, CREATE, **{"aws:SecureTransport": "false"}),
    "create with SSE-S3": put(DEV, CREATE, **{SSE: "AES256"}),
    "create with DSSE and our key": put(DEV, CREATE, **{SSE: "aws:kms:dsse", SSE_KEY: KEY}),
    "create with another key": put(DEV, CREATE, **{SSE: "aws:kms", SSE_KEY: KEY + "-2"}),
    "create with another alias": put(DEV, CREATE, **{SSE: "aws:kms", SSE_KEY: "alias/cstore-shop-key-2"}),
    "create with S3's own key": put(DEV, CREATE, **{SSE: "aws:kms"}),
    "create with a customer's key": put(DEV, CREATE, **{"s3:x-amz-server-side-encryption-customer-algorithm": "AES256"}),
}
LIST = {"list", "find region"}
READ_DEV = {"get dev", "get pinned dev", "get head's dev", "get manifest", "get head's manifest", "get claim"}
READ = READ_DEV | {"get prod", "get pinned prod", "get other context"}
PUSH_DEV = {label for label in S3 if label.startswith(("create dev", "swap head"))} | {
    "create manifest",
    "create claim",
    "create settings",
    "swap settings",
}
PUSH = PUSH_DEV | {"create prod", "create other context", "swap prod"}
OVERWRITE = {"swap manifest", "swap claim", "swap deep manifest"}
PURGE = {"list versions", "delete", "delete version"}
BUCKET_ADMINISTRATION = {"list", "list versions", "find region", "bucket policy"}
PERSON = LIST | READ | PUSH | OVERWRITE | PURGE
WHO_MAY = {
    "person": PERSON,
    "IAM user": PERSON,
    "account's root": PERSON | BUCKET_ADMINISTRATION | {"tag", "abort", "restore", "replicate"},
    "task": LIST | READ,
    "dev task": LIST | READ_DEV,
    "puller": LIST | READ,
    "dev puller": LIST | READ_DEV,
    "pusher": LIST | READ | PUSH,
    "dev pusher": LIST | READ_DEV | PUSH_DEV,
    "task, administrator": BUCKET_ADMINISTRATION | READ,
    "dev task, administrator": BUCKET_ADMINISTRATION | READ_DEV,
    "puller, administrator": BUCKET_ADMINISTRATION | READ,
    "dev puller, administrator": BUCKET_ADMINISTRATION | READ_DEV,
    "pusher, administrator": BUCKET_ADMINISTRATION | READ | PUSH,
    "dev pusher, administrator": BUCKET_ADMINISTRATION | READ_DEV | PUSH_DEV,
    "other person, same role": set(),
    "other person, same role, administrator": BUCKET_ADMINISTRATION,
    "person in other case, administrator": BUCKET_ADMINISTRATION,
    "task's role made anew, administrator": BUCKET_ADMINISTRATION,
    "administrator": BUCKET_ADMINISTRATION,
    "nobody": set(),
    "anonymous": set(),
}

# With allow_unconditional_writes: what the Go cStore's user gains, and nobody else.
MOVING = {"write", "write head", "write manifest"}
MOVERS = {"person", "account's root"}

THROUGH_S3 = {"kms:ViaService": "s3.eu-central-1.amazonaws.com"}
KMS = {
    "decrypt": ("kms:Decrypt", KEY, {**THROUGH_S3, "kms:EncryptionContext:aws:s3:arn": BUCKET}),
    "decrypt one object": ("kms:Decrypt", KEY, {**THROUGH_S3, "kms:EncryptionContext:aws:s3:arn": f"{BUCKET}/{DEV}"}),
    "data key": ("kms:GenerateDataKey", KEY, {**THROUGH_S3, "kms:EncryptionContext:aws:s3:arn": BUCKET}),
    "key policy": ("kms:PutKeyPolicy", KEY, {}),
    # Refused to everybody.
    "decrypt past S3": ("kms:Decrypt", KEY, {"kms:EncryptionContext:aws:s3:arn": BUCKET}),
    "decrypt for another bucket": ("kms:Decrypt", KEY, {**THROUGH_S3, "kms:EncryptionContext:aws:s3:arn": BUCKET + "-2"}),
    "data key past S3": ("kms:GenerateDataKey", KEY, {"kms:EncryptionContext:aws:s3:arn": BUCKET}),
    "data key for another bucket": ("kms:GenerateDataKey", KEY, {**THROUGH_S3, "kms:EncryptionContext:aws:s3:arn": BUCKET + "-2"}),
}
DECRYPT = {"decrypt", "decrypt one object"}


def may_use_key(name):
    allowed = {"key policy"} if "administrator" in name or "root" in name else set()
    if name.startswith(("person", "IAM user", "pusher", "dev pusher")) and name != "person in other case, administrator":
        return allowed | DECRYPT | {"data key"}
    # KMS takes a role's ARN in a key's policy for the role's id once the policy is stored, so AWS refuses a role that
    # was made anew; by its ARN alone, as here, it would be let through. The bucket's policy refuses it either way.
    return allowed | (DECRYPT if name.startswith(("task", "dev task", "puller", "dev puller")) else set())


SUBJECTS = {
    "repo:acme/shop:environment:prod": {"puller"},
    "repo:acme/shop:environment:dev": {"puller-dev", "pusher-dev"},
    "repo:acme@1000/shop@4711:ref:refs/tags/v1": {"pusher"},
    # An immutable subject where a name is trusted, and the other way round.
    "repo:acme@1000/shop@4711:environment:prod": set(),
    "repo:acme/shop:ref:refs/tags/v1": set(),
    # The names taken over by somebody else.
    "repo:acme@9/shop@8:ref:refs/tags/v1": set(),
    "repo:acme/shop:environment:prod2": set(),
    "repo:acme/shop:pull_request": set(),
    "repo:acme/shop:ref:refs/heads/main": set(),
    "repo:acme/shop2:environment:prod": set(),
    "repo:evil/shop:environment:prod": set(),
    "repo:acme@1000/shop@4711:ref:refs/tags/x1": set(),
    "repo:acme@1000/shop@4711:ref:refs/heads/v1": set(),
}


def cases(rendered):
    """Yields what is asked, its expected answer, and the arguments of `iam.allowed`."""
    for name, who in everybody(rendered["role"]).items():
        for label, (action, resource, context) in S3.items():
            arguments = ("s3", rendered["bucket"], who, action, resource, {**TLS, **context})
            yield f"{name}: {label}", label in WHO_MAY[name], arguments
        for label, (action, resource, context) in KMS.items():
            yield f"{name}: {label}", label in may_use_key(name), ("kms", rendered["key"], who, action, resource, context)
    github = {"federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER}"}
    for subject, roles in SUBJECTS.items():
        for role, trust in rendered["trust"].items():
            for audience in ("sts.amazonaws.com", "https://github.com/acme"):
                context = {f"{ISSUER}:sub": subject, f"{ISSUER}:aud": audience}
                expected = role in roles and audience == "sts.amazonaws.com"
                arguments = ("trust", trust, github, "sts:AssumeRoleWithWebIdentity", role, context)
                yield f"{subject} for {audience} assumes {role}", expected, arguments


def wrong(rendered, kinds=("s3", "kms", "trust")):
    for label, expected, arguments in cases(rendered):
        if arguments[0] in kinds and iam.allowed(*arguments) != expected:
            yield f"{label}: should be {'allowed' if expected else 'refused'}"


def wrong_while_moving(rendered):
    """The same with `allow_unconditional_writes`: what the Go cStore's users gain, and nobody else."""
    who = everybody(rendered["role"])
    for name in ("person", "account's root", "task", "puller", "pusher", "pusher, administrator", "administrator"):
        expected = WHO_MAY[name] | (MOVING if name in MOVERS else set())
        for label, (action, resource, context) in S3.items():
            if iam.allowed("s3", rendered["bucket"], who[name], action, resource, {**TLS, **context}) != (label in expected):
                yield f"while moving, {name}: {label}: should be {'allowed' if label in expected else 'refused'}"


def mutants(rendered):
    """Yields the policies with one statement or one condition less, and what kind of decision that can change."""
    kinds = {"bucket": "s3", "key": "kms", "role": "s3", "trust": "trust"}
    for group, kind in kinds.items():
        of_group = {None: rendered[group]} if group in ("bucket", "key") else rendered[group]
        for role, policy in of_group.items():
            for number, statement in enumerate(policy["Statement"]):
                for less in [None, *[(op, key) for op, keys in statement.get("Condition", {}).items() for key in keys]]:
                    mutant = copy.deepcopy(rendered)
                    statements = (mutant[group] if role is None else mutant[group][role])["Statement"]
                    if less is None:
                        del statements[number]
                    else:
                        del statements[number]["Condition"][less[0]][less[1]]
                    yield " ".join(filter(None, (group, role, statement["Sid"], *(less or ())))), kind, mutant


# The sessions that it leaves out are denied objects by name as well; of the key and the listing they are not.
REDUNDANT = {"bucket AllowObjectsForRoleUsers StringLike aws:userid"}


def main():
    lines = sys.stdin.readlines()
    rendered = policies.of_run(lines, "everybody")
    found = [*wrong(rendered), *wrong_while_moving(policies.of_run(lines, "for_the_time_of_a_move"))]
    changes = list(mutants(rendered))
    unnoticed = {name for name, kind, mutant in changes if next(wrong(mutant, {kind}), None) is None}
    found += [f"no decision changes without: {name}" for name in sorted(unnoticed - REDUNDANT)]
    found += [f"a decision does change without: {name}" for name in sorted(REDUNDANT - unnoticed)]
    print(*found, sep="\n")
    print(f"{sum(1 for _ in cases(rendered))} decisions, {len(changes)} changes of the policies, {len(found)} wrong")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
