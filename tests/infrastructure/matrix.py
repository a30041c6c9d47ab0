"""Who may do what: every decision that the documentation claims, and its neighbours, taken by the rendered policies.

    terraform test -json -verbose | python3 matrix.py

Then each statement, condition and item of a list is left out of the policies in turn: that must change a decision, or
this table would not notice if somebody left it out for good.
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
CLASS = "s3:x-amz-storage-class"
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
    "create dev in the standard class": put(DEV, CREATE, **{CLASS: "STANDARD"}),
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
    "own": on("ObjectOwnerOverrideToBucketOwner", PROD),
    "encrypt anew": on("UpdateObjectEncryption", PROD),
    # Refused to everybody.
    "write": put(PROD, PLAIN),
    "write head": put(HEAD, PLAIN),
    "write manifest": put(VERSION, PLAIN),
    "list over http": ("s3:ListBucket", BUCKET, {"aws:SecureTransport": "false"}),
    "create over http": put(DEV, CREATE, **{"aws:SecureTransport": "false"}),
    "create with SSE-S3": put(DEV, CREATE, **{SSE: "AES256"}),
    "create with DSSE and our key": put(DEV, CREATE, **{SSE: "aws:kms:dsse", SSE_KEY: KEY}),
    "create with another key": put(DEV, CREATE, **{SSE: "aws:kms", SSE_KEY: KEY + "-2"}),
    "create with another alias": put(DEV, CREATE, **{SSE: "aws:kms", SSE_KEY: "alias/cstore-shop-key-2"}),
    "create with S3's own key": put(DEV, CREATE, **{SSE: "aws:kms"}),
    "create with a customer's key": put(
        DEV, CREATE, **{"s3:x-amz-server-side-encryption-customer-algorithm": "AES256"}
    ),
    "create in an archive": put(DEV, CREATE, **{CLASS: "GLACIER"}),
    "swap into an archive": put(DEV, SWAP, **{CLASS: "DEEP_ARCHIVE"}),
    "create where it may be archived": put(DEV, CREATE, **{CLASS: "INTELLIGENT_TIERING"}),
    "create by copying": put(DEV, CREATE, **{"s3:x-amz-copy-source": f"cstore-shop/{PROD}"}),
    "create with a redirect": put(DEV, CREATE, **{"s3:x-amz-website-redirect-location": "/elsewhere"}),
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
ROLL_BACK = {"list versions"}
PURGE = ROLL_BACK | {"delete", "delete version"}
BUCKET_ADMINISTRATION = {"list", "list versions", "find region", "bucket policy"}
PERSON = LIST | READ | PUSH | OVERWRITE | PURGE
WHO_MAY = {
    "person": PERSON,
    "IAM user": PERSON,
    "account's root": PERSON | BUCKET_ADMINISTRATION | {"tag", "abort", "restore", "replicate", "own", "encrypt anew"},
    "task": LIST | READ,
    "dev task": LIST | READ_DEV,
    "puller": LIST | READ,
    "dev puller": LIST | READ_DEV,
    "pusher": LIST | ROLL_BACK | READ | PUSH,
    "dev pusher": LIST | ROLL_BACK | READ_DEV | PUSH_DEV,
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

HERE = {"kms:ViaService": "s3.eu-central-1.amazonaws.com", "kms:EncryptionContext:aws:s3:arn": BUCKET}
ELSEWHERE = {**HERE, "kms:EncryptionContext:aws:s3:arn": f"{BUCKET}-2"}
PAST_S3 = {"kms:EncryptionContext:aws:s3:arn": BUCKET}
KMS = {
    "decrypt": ("kms:Decrypt", HERE),
    "decrypt one object": ("kms:Decrypt", {**HERE, "kms:EncryptionContext:aws:s3:arn": f"{BUCKET}/{DEV}"}),
    "data key": ("kms:GenerateDataKey", HERE),
    "key policy": ("kms:PutKeyPolicy", {}),
    # Refused to everybody.
    "decrypt past S3": ("kms:Decrypt", PAST_S3),
    "decrypt for another bucket": ("kms:Decrypt", ELSEWHERE),
    "data key past S3": ("kms:GenerateDataKey", PAST_S3),
    "data key for another bucket": ("kms:GenerateDataKey", ELSEWHERE),
}
DECRYPT = {"decrypt", "decrypt one object"}
USE = DECRYPT | {"data key"}
ADMINISTER = {"key policy"}
WHO_MAY_WITH_KEY = {
    "person": USE,
    "IAM user": USE,
    "account's root": ADMINISTER,
    "task": DECRYPT,
    "dev task": DECRYPT,
    "puller": DECRYPT,
    "dev puller": DECRYPT,
    "pusher": USE,
    "dev pusher": USE,
    "task, administrator": DECRYPT | ADMINISTER,
    "dev task, administrator": DECRYPT | ADMINISTER,
    "puller, administrator": DECRYPT | ADMINISTER,
    "dev puller, administrator": DECRYPT | ADMINISTER,
    "pusher, administrator": USE | ADMINISTER,
    "dev pusher, administrator": USE | ADMINISTER,
    "other person, same role": set(),
    "other person, same role, administrator": ADMINISTER,
    "person in other case, administrator": ADMINISTER,
    # KMS takes a role's ARN in a key's policy for the role's id once the policy is stored, so AWS refuses a role that
    # was made anew; by its ARN alone, as here, it is let through. The bucket's policy refuses it either way.
    "task's role made anew, administrator": DECRYPT | ADMINISTER,
    "administrator": ADMINISTER,
    "nobody": set(),
    "anonymous": set(),
}

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
        for label, (action, context) in KMS.items():
            arguments = ("kms", rendered["key"], who, action, KEY, context)
            yield f"{name}: {label}", label in WHO_MAY_WITH_KEY[name], arguments
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
        may = WHO_MAY[name] | (MOVING if name in MOVERS else set())
        for label, (action, resource, context) in S3.items():
            allowed = iam.allowed("s3", rendered["bucket"], who[name], action, resource, {**TLS, **context})
            if allowed != (label in may):
                yield f"while moving, {name}: {label}: should be {'allowed' if label in may else 'refused'}"


def wrong_with_source_identities(rendered):
    """With `source_identities` the session's name of a person is not enough."""
    person = everybody(rendered["role"])["person"]
    identities = {"me@example.com": PERSON, "you@example.com": LIST | {"list versions"}, None: LIST | {"list versions"}}
    for identity, may in identities.items():
        context = person["context"] | ({"aws:SourceIdentity": identity} if identity else {})
        who = {**person, "context": context}
        for label, (action, resource, asked) in S3.items():
            allowed = iam.allowed("s3", rendered["bucket"], who, action, resource, {**TLS, **asked})
            if allowed != (label in may):
                yield f"person with source identity {identity}: {label}: should be {'allowed' if label in may else 'refused'}"
    # Nobody else needs one.
    for name in ("account's root", "task", "puller", "pusher"):
        who = everybody(rendered["role"])[name]
        for label, (action, resource, asked) in S3.items():
            allowed = iam.allowed("s3", rendered["bucket"], who, action, resource, {**TLS, **asked})
            if allowed != (label in WHO_MAY[name]):
                yield f"with source identities, {name}: {label}: should be {'refused' if allowed else 'allowed'}"


def parts(node, path=()):
    """Yields the paths to all that can be left out of a policy: statements, conditions, items of lists."""
    inside = enumerate(node) if isinstance(node, list) else node.items() if isinstance(node, dict) else ()
    for step, child in inside:
        if path and ((isinstance(node, list) and len(node) > 1) or path[-2:-1] == ("Condition",)):
            yield (*path, step)
        yield from parts(child, (*path, step))


def mutants(rendered):
    """Yields the policies with one part less, and what kind of decision that can change."""
    kinds = {"bucket": "s3", "key": "kms", "role": "s3", "trust": "trust"}
    for group, kind in kinds.items():
        for path in parts(rendered[group]):
            mutant = copy.deepcopy(rendered)
            node, name = mutant[group], [group]
            for step in path[:-1]:
                node = node[step]
                name += [node["Sid"]] if isinstance(node, dict) and "Sid" in node else [step] * isinstance(step, str)
            last = node.pop(path[-1])
            name.append(path[-1] if isinstance(path[-1], str) else last["Sid"] if isinstance(last, dict) else last)
            yield " ".join(name), kind, mutant


# What no decision hangs on, because something else decides the same.
REDUNDANT = {
    # The sessions that it leaves out are denied objects by name as well; of the key and the listing they are not.
    "bucket Statement AllowObjectsForRoleUsers Condition StringLike aws:userid",
    # Readers may not write at all.
    "bucket Statement DenyOtherPaths0 Action s3:PutObject",
    "bucket Statement DenyOtherPaths2 Action s3:PutObject",
}
# What the account needs to administer the key, of which the table has one.
ADMINISTRATION = "key Statement AllowAccountToAdminister Action "


def main():
    lines = sys.stdin.readlines()
    rendered = policies.of_run(lines, "everybody")
    found = [
        *wrong(rendered),
        *wrong_while_moving(policies.of_run(lines, "for_the_time_of_a_move")),
        *wrong_with_source_identities(policies.of_run(lines, "with_source_identities")),
    ]
    changes = [change for change in mutants(rendered) if not change[0].startswith(ADMINISTRATION)]
    unnoticed = {name for name, kind, mutant in changes if next(wrong(mutant, {kind}), None) is None}
    found += [f"no decision changes without: {name}" for name in sorted(unnoticed - REDUNDANT)]
    found += [f"a decision does change without: {name}" for name in sorted(REDUNDANT - unnoticed)]
    print(*found, sep="\n")
    print(f"{sum(1 for _ in cases(rendered))} decisions, {len(changes)} changes of the policies, {len(found)} wrong")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
