"""Who may do what: every decision that the documentation claims, and its neighbours, taken by the rendered policies.

    terraform test -json -verbose | python3 matrix.py

Then each statement, condition and item of a list is left out of the policies in turn: that must change a decision, or
this table would not notice if somebody left it out for good.
"""

import copy
import re
import sys

import iam
import policies
from decisions import (
    BUCKET,
    CREATE,
    DECRYPT,
    ELSEWHERE,
    HERE,
    ISSUER,
    JOBS,
    KEY,
    KMS,
    LIST,
    MANIFESTS,
    MOVE_PROD,
    MOVERS,
    MOVING,
    OVERWRITE,
    PAST_S3,
    PERSON,
    PROD,
    PUSH,
    PUSH_DEV,
    READ,
    READ_DEV,
    ROLL_BACK,
    S3,
    TLS,
    USE,
    WHO_MAY,
    WHO_MAY_WITH_KEY,
)
from who import ACCOUNT, everybody, session


def who_is_there(rendered):
    return everybody(rendered["role"], rendered["principal"])


def cases(rendered):
    """Yields what is asked, its expected answer, and the arguments of `iam.allowed`."""
    for name, who in who_is_there(rendered).items():
        for label, (action, resource, context) in S3.items():
            arguments = ("s3", rendered["bucket"], who, action, resource, {**TLS, **context})
            yield f"{name}: {label}", label in WHO_MAY[name], arguments
        for label, (action, context) in KMS.items():
            arguments = ("kms", rendered["key"], who, action, KEY, context)
            yield f"{name}: {label}", label in WHO_MAY_WITH_KEY[name], arguments
    yield from trusted(rendered["trust"], JOBS)


def trusted(trusts, jobs, issuer=ISSUER, audience="sts.amazonaws.com"):
    """The same of who may assume which role, by the tokens of an issuer."""
    provider = {"federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{issuer}"}
    for subject, claims, roles in jobs:
        for role, trust in trusts.items():
            for asked in (audience, "https://github.com/acme"):
                token = {"sub": subject, "aud": asked, **claims}
                arguments = ("trust", trust, provider, "sts:AssumeRoleWithWebIdentity", role)
                context = {f"{issuer}:{claim}": value for claim, value in token.items()}
                label = f"{subject} with {claims} for {asked} of {issuer} assumes {role}"
                yield label, role in roles and asked == audience, (*arguments, context)


def wrong(rendered, kinds=("s3", "kms", "trust")):
    return undecided(case for case in cases(rendered) if case[2][0] in kinds)


def wrong_while_moving(rendered):
    """The same with `allow_unconditional_writes`: what the Go cStore's users gain, and nobody else."""
    who = who_is_there(rendered)
    for name in ("person", "account's root", "task", "puller", "pusher", "pusher, administrator", "administrator"):
        may = WHO_MAY[name] | (MOVING if name in MOVERS else set())
        for label, (action, resource, context) in S3.items():
            allowed = iam.allowed("s3", rendered["bucket"], who[name], action, resource, {**TLS, **context})
            if allowed != (label in may):
                yield f"while moving, {name}: {label}: should be {'allowed' if label in may else 'refused'}"


def wrong_with_source_identities(rendered):
    """With `source_identities` the session's name of a person is not enough."""
    person = who_is_there(rendered)["person"]
    identities = {"me@example.com": PERSON, "you@example.com": LIST | {"list versions"}, None: LIST | {"list versions"}}
    for identity, may in identities.items():
        context = person["context"] | ({"aws:SourceIdentity": identity} if identity else {})
        who = {**person, "context": context}
        for label, (action, resource, asked) in S3.items():
            allowed = iam.allowed("s3", rendered["bucket"], who, action, resource, {**TLS, **asked})
            if allowed != (label in may):
                yield f"person with source identity {identity}: {label}: should be {'allowed' if label in may else 'refused'}"
    # Nobody else needs one, and of IAM Identity Center nobody has one.
    for name in ("account's root", "task", "puller", "pusher", "person of Identity Center"):
        who = who_is_there(rendered)[name]
        for label, (action, resource, asked) in S3.items():
            allowed = iam.allowed("s3", rendered["bucket"], who, action, resource, {**TLS, **asked})
            if allowed != (label in WHO_MAY[name]):
                yield f"with source identities, {name}: {label}: should be {'refused' if allowed else 'allowed'}"


def wrong_of_a_server(rendered):
    """The tokens of GitHub Enterprise Server count, and GitHub.com's, which say the same, do not."""
    server, audience = "github.acme.example/_services/token", "https://cstore.acme.example"
    trusts = rendered["trust"]
    jobs = [
        ("repo:acme/shop:environment:prod", {}, {"puller"}),
        ("repo:acme/shop:ref:refs/tags/v1", {}, {"pusher"}),
        ("repo:acme@1000/shop@4711:environment:prod", {}, set()),
    ]
    yield from undecided(trusted(trusts, jobs, server, audience))
    yield from undecided(trusted(trusts, [(subject, {}, set()) for subject, _, _ in jobs]))


def wrong_of_other_issuers(of_run):
    """Likewise."""
    for run, issuer in (
        ("ghe_com", "token.actions.acme.ghe.com"),
        ("an_issuer_of_the_enterprise", "token.actions.githubusercontent.com/acme"),
    ):
        trusts = of_run(run)["trust"]
        jobs = [
            ("repo:acme@1000/shop@4711:environment:prod", {}, {"puller"}),
            ("repo:acme@1000/shop@4711:ref:refs/tags/v1", {}, {"pusher"}),
            ("repo:acme/shop:environment:prod", {}, set()),
        ]
        yield from undecided(trusted(trusts, jobs, issuer))
        yield from undecided(trusted(trusts, [(subject, {}, set()) for subject, _, _ in jobs]))
    trusts = of_run("gitlab")["trust"]
    project = "project_path:acme/platform/shop:ref_type"
    jobs = [
        (f"{project}:branch:ref:main", {}, {"puller"}),
        (f"{project}:tag:ref:v1", {}, {"pusher"}),
        (f"{project}:branch:ref:v1", {}, set()),
        ("project_path:evil/platform/shop:ref_type:branch:ref:main", {}, set()),
    ]
    yield from undecided(trusted(trusts, jobs, "gitlab.com"))


def undecided(cases):
    for label, expected, arguments in cases:
        if iam.allowed(*arguments) != expected:
            yield f"{label}: should be {'allowed' if expected else 'refused'}"


def wrong_where_bucket_and_key_exist(rendered):
    """Whose policies say nothing of the tool: a role's own policy is all that there is, and leaves the rest to them."""
    nothing = {"Statement": []}
    account = {
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        "Effect": "Allow",
        "Action": "kms:*",
        "Resource": "*",
    }
    may = {
        "puller": LIST | READ,
        "pusher": LIST | ROLL_BACK | READ | PUSH,
        "releaser": LIST | MANIFESTS | MOVE_PROD,
        # One of its paths is prod.json, and IAM's shop/*/prod.json is the channel's object, too.
        "dev pusher": LIST | ROLL_BACK | READ_DEV | PUSH_DEV,
    }
    left_to_the_owner = OVERWRITE | {label for label in S3 if "write" in label or "http" in label or " with " in label}
    left_to_the_owner |= {label for label in S3 if "archive" in label or "redirect" in label or "copying" in label}
    for name, labels in may.items():
        who = who_is_there(rendered)[name]
        yield from undecided(
            (
                f"of the owner's bucket, {name}: {label}",
                label in labels,
                ("s3", nothing, who, action, resource, TLS | context),
            )
            for label, (action, resource, context) in S3.items()
            if label not in left_to_the_owner
        )
        key = {"Statement": [account]}
        yield from undecided(
            (
                f"of the owner's key, {name}: {label}",
                label in (DECRYPT if name == "puller" else USE),
                ("kms", key, who, action, KEY, context),
            )
            for label, (action, context) in KMS.items()
        )


OWNS = "s3:ObjectOwnerOverrideToBucketOwner"
ONE_OBJECT = {**HERE, "kms:EncryptionContext:aws:s3:arn": f"{BUCKET}/{PROD}"}


def wrong_of_a_copy(rendered):
    """S3 reads the source and writes the destination as the role that is named, and nobody else does."""
    to = "arn:aws:s3:::cstore-shop-north"
    reads = "s3:GetObjectVersionForReplication"
    own = session("cstore-shop-replication", "AROAREPLICATION", "s3-replication", rendered["replication"])
    replicate = {
        "Effect": "Allow",
        "Action": ["s3:Replicate*", OWNS, "s3:PutObject", "s3:DeleteObject"],
        "Resource": "*",
    }
    source = session("cstore-shop-west-replication", "AROAWEST", "s3-replication", {"Statement": [replicate]})
    east = "cstore-shop-east-replication"
    other = session(east, "AROAEAST", "s3-replication", {"Statement": [replicate]}, account="444455556666")
    other_namesake = session(east, "AROANEW", "s3-replication", {"Statement": [replicate]}, account="444455556666")
    use = {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}
    other_with_key = session(east, "AROAEAST", "s3-replication", {"Statement": [use]}, account="444455556666")
    namesake = session("cstore-shop-west-replication", "AROANEW", "s3-replication", {"Statement": [replicate]})
    administrator = who_is_there(rendered)["administrator"]
    pusher = who_is_there(rendered)["pusher, administrator"]
    root = who_is_there(rendered)["account's root"]
    person = session("devops", "AROADEVOPS", "me@example.com", {"Statement": [replicate]})
    nothing = {"Statement": []}
    north = {"kms:ViaService": "s3.eu-north-1.amazonaws.com", "kms:EncryptionContext:aws:s3:arn": to}
    elsewhere = {**north, "kms:EncryptionContext:aws:s3:arn": f"{to}-2"}
    one_object = {**north, "kms:EncryptionContext:aws:s3:arn": f"{to}/{PROD}"}
    key = "arn:aws:kms:eu-north-1:111122223333:key/5678"
    left_to_the_account = {
        "Statement": [
            {
                "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
                "Effect": "Allow",
                "Action": "kms:*",
                "Resource": "*",
            }
        ]
    }
    bucket, here = rendered["bucket"], f"{BUCKET}/{PROD}"
    for label, expected, arguments in [
        ("the copier reads", True, ("s3", bucket, own, reads, here, TLS)),
        (
            "the copier replicates elsewhere",
            True,
            ("s3", {"Statement": []}, own, "s3:ReplicateObject", f"{to}/{PROD}", TLS),
        ),
        ("the copier replicates into its own source", False, ("s3", bucket, own, "s3:ReplicateObject", here, TLS)),
        ("the copier gets", False, ("s3", bucket, own, "s3:GetObject", here, TLS)),
        ("the copier decrypts", True, ("kms", rendered["key"], own, "kms:Decrypt", KEY, HERE)),
        ("the copier encrypts there", True, ("kms", left_to_the_account, own, "kms:Encrypt", key, north)),
        ("the copier encrypts there past S3", False, ("kms", left_to_the_account, own, "kms:Encrypt", key, {})),
        ("an administrator reads as the copier does", False, ("s3", bucket, administrator, reads, here, TLS)),
        ("a source replicates", True, ("s3", bucket, source, "s3:ReplicateObject", here, TLS)),
        ("a source replicates delete markers", True, ("s3", bucket, source, "s3:ReplicateDelete", here, TLS)),
        ("another account's source replicates", True, ("s3", bucket, other, "s3:ReplicateObject", here, TLS)),
        ("another account's source replicates deletions", True, ("s3", bucket, other, "s3:ReplicateDelete", here, TLS)),
        ("another account's source replicates tags", True, ("s3", bucket, other, "s3:ReplicateTags", here, TLS)),
        ("another account's source puts", False, ("s3", bucket, other, "s3:PutObject", here, TLS | CREATE)),
        ("a role of its name replicates", False, ("s3", bucket, other_namesake, "s3:ReplicateObject", here, TLS)),
        (
            "the copier gives its copies away",
            True,
            ("s3", {"Statement": []}, own, OWNS, f"{to}/{PROD}", TLS),
        ),
        ("the copier reads what is locked", True, ("s3", bucket, own, "s3:GetObjectRetention", here, TLS)),
        ("the account's root replicates", True, ("s3", bucket, root, "s3:ReplicateObject", here, TLS)),
        ("a person replicates, with a right to it", True, ("s3", bucket, person, "s3:ReplicateObject", here, TLS)),
        (
            "another account's source gives its copies away",
            True,
            ("s3", bucket, other, OWNS, here, TLS),
        ),
        ("an administrator takes copies over", False, ("s3", bucket, administrator, OWNS, here, TLS)),
        *(
            (f"the copier may {action}", True, ("s3", nothing, own, f"s3:{action}", resource, TLS))
            for resource, actions in {
                BUCKET: ("GetReplicationConfiguration", "ListBucket"),
                here: ("GetObjectVersionAcl", "GetObjectVersionTagging", "GetObjectLegalHold", "GetObjectRetention"),
                f"{to}/{PROD}": ("ReplicateDelete", "ReplicateObject", "ReplicateTags"),
            }.items()
            for action in actions
        ),
        ("the copier makes keys there", True, ("kms", left_to_the_account, own, "kms:GenerateDataKey", key, north)),
        ("the copier encrypts one object", True, ("kms", left_to_the_account, own, "kms:Encrypt", key, one_object)),
        ("the copier encrypts for others", False, ("kms", left_to_the_account, own, "kms:Encrypt", key, elsewhere)),
        (
            "the copier encrypts through another service",
            False,
            (
                "kms",
                left_to_the_account,
                own,
                "kms:Encrypt",
                key,
                {**north, "kms:ViaService": "s3.eu-central-1.amazonaws.com"},
            ),
        ),
        ("a source makes keys", True, ("kms", rendered["key"], source, "kms:GenerateDataKey", KEY, HERE)),
        ("a source encrypts past S3", False, ("kms", rendered["key"], source, "kms:Encrypt", KEY, PAST_S3)),
        ("a source encrypts for others", False, ("kms", rendered["key"], source, "kms:Encrypt", KEY, ELSEWHERE)),
        ("a source encrypts one object", True, ("kms", rendered["key"], source, "kms:Encrypt", KEY, ONE_OBJECT)),
        ("another account's source encrypts", True, ("kms", rendered["key"], other_with_key, "kms:Encrypt", KEY, HERE)),
        ("a source puts", False, ("s3", bucket, source, "s3:PutObject", here, TLS | CREATE)),
        ("a source deletes", False, ("s3", bucket, source, "s3:DeleteObject", here, TLS)),
        ("a source gets", False, ("s3", bucket, source, "s3:GetObject", here, TLS)),
        ("a source encrypts", True, ("kms", rendered["key"], source, "kms:Encrypt", KEY, HERE)),
        ("a source decrypts", False, ("kms", rendered["key"], source, "kms:Decrypt", KEY, HERE)),
        ("a role of the source's name replicates", False, ("s3", bucket, namesake, "s3:ReplicateObject", here, TLS)),
        ("a pusher replicates", False, ("s3", bucket, pusher, "s3:ReplicateObject", here, TLS)),
    ]:
        yield from undecided([(label, expected, arguments)])


def parts(node, path=()):
    """Yields the paths to all that can be left out of a policy: statements, conditions, items of lists."""
    inside = enumerate(node) if isinstance(node, list) else node.items() if isinstance(node, dict) else ()
    for step, child in inside:
        if path and ((isinstance(node, list) and len(node) > 1) or path[-2:-1] == ("Condition",)):
            yield (*path, step)
        yield from parts(child, (*path, step))


def mutants(rendered):
    """Yields the policies with one part less, and what kind of decision that can change."""
    kinds = {"bucket": {"s3"}, "key": {"kms"}, "role": {"s3"}, "trust": {"trust"}, "principal": {"s3", "kms"}}
    kinds["replication"] = {"s3", "kms"}
    for group, kind in kinds.items():
        for path in parts(rendered[group]):
            node, name = rendered[group], [group]
            for step in path[:-1]:
                node = node[step]
                name += [node["Sid"]] if isinstance(node, dict) and "Sid" in node else [step] * isinstance(step, str)
            last = node[path[-1]]
            name.append(path[-1] if isinstance(path[-1], str) else last["Sid"] if isinstance(last, dict) else last)
            yield " ".join(name), kind, without(rendered, (group, *path))


def without(node, path):
    """The same without one part. All but what leads there is shared."""
    step, *rest = path
    mutant = copy.copy(node)
    if rest:
        mutant[step] = without(node[step], rest)
    else:
        mutant.pop(step)
    return mutant


# What no decision of the run `a_copy` hangs on: a role of the bucket's own account may by its own policy.
REDUNDANT_OF_A_COPY = {
    "bucket Statement AllowReplication Principal AWS arn:aws:iam::111122223333:role/cstore-shop-west-replication"
}
# What no decision hangs on, because something else decides the same.
REDUNDANT = {
    # The sessions that it leaves out are denied objects by name as well; of the key and the listing they are not.
    "bucket Statement AllowObjectsForRoleUsers Condition StringLike aws:userid",
}
# In a role's own policy what the policies of bucket and key hold as well: it is for where these are somebody else's (see
# `wrong_where_bucket_and_key_exist`), and, of this account, the key's policy alone suffices.
ELSEWHERE_DECIDED = re.compile(
    r"(role (pusher(-dev)?|promoter)|principal other-(pusher|promoter)) Statement NoChannels"
    r"|principal other-(pusher|promoter) Statement NothingDeeper.*"
    r"|principal \S+ Statement Key Condition .*"
    r"|principal sync .*"
)
# What the account needs to administer the key, of which the table has one.
ADMINISTRATION = "key Statement AllowAccountToAdminister Action "


def main():
    lines = sys.stdin.readlines()
    rendered = policies.of_run(lines, "everybody")
    iam.remember(rendered)
    found = [
        *wrong(rendered),
        *wrong_while_moving(policies.of_run(lines, "for_the_time_of_a_move")),
        *wrong_with_source_identities(policies.of_run(lines, "with_source_identities")),
        *wrong_of_a_server(policies.of_run(lines, "github_enterprise_server")),
        *wrong_of_other_issuers(lambda run: policies.of_run(lines, run)),
        *wrong_where_bucket_and_key_exist(policies.of_run(lines, "a_bucket_and_key_that_exist")),
        *wrong_of_a_copy(policies.of_run(lines, "a_copy")),
    ]
    # What the other runs have beside that one.
    for run, decide, more in (
        ("with_source_identities", wrong_with_source_identities, "bucket Statement DenyPeopleOfOtherSourceIdentity.*"),
        ("a_copy", wrong_of_a_copy, r"(bucket|key) Statement \w+Replication.*|replication .*"),
        ("github_enterprise_server", wrong_of_a_server, "trust .*"),
    ):
        of_run = [change for change in mutants(policies.of_run(lines, run)) if re.fullmatch(more, change[0])]
        found += [] if of_run else [f"{run} has nothing that could be left out"]
        unseen = {name for name, _, mutant in of_run if next(decide(mutant), None) is None}
        found += [f"no decision of {run} changes without: {name}" for name in sorted(unseen - REDUNDANT_OF_A_COPY)]
    changes = [change for change in mutants(rendered) if not change[0].startswith(ADMINISTRATION)]
    unnoticed = {name for name, kind, mutant in changes if next(wrong(mutant, kind), None) is None}
    unnoticed = {name for name in unnoticed if not ELSEWHERE_DECIDED.fullmatch(name)}
    found += [f"no decision changes without: {name}" for name in sorted(unnoticed - REDUNDANT)]
    found += [f"a decision does change without: {name}" for name in sorted(REDUNDANT - unnoticed)]
    print(*found, sep="\n")
    print(f"{sum(1 for _ in cases(rendered))} decisions, {len(changes)} changes of the policies, {len(found)} wrong")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
