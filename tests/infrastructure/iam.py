"""The part of IAM's evaluation that the store's policies use.

An operator or element that is not known here is an error, never a pass.
"""

import functools
import re

ACCOUNT = "111122223333"  # of the bucket and the key
ELEMENTS = {"Sid", "Effect", "Principal", "Action", "Resource", "NotResource", "Condition"}


def listed(value):
    return value if isinstance(value, list) else [value]


@functools.cache
def like(pattern, value):
    wildcards = {"*": ".*", "?": "."}
    return re.fullmatch("".join(wildcards.get(c) or re.escape(c) for c in pattern), value, re.DOTALL) is not None


POSITIVE = {
    "StringEquals": lambda wanted, value: wanted == value,
    "StringLike": like,
    "Bool": lambda wanted, value: wanted.lower() == value.lower(),
}
NEGATIVE = {"StringNotEquals": "StringEquals", "StringNotLike": "StringLike"}


def condition_holds(operator, key, wanted, context):
    value = next((value for name, value in context.items() if name.lower() == key.lower()), None)
    if operator == "Null":
        return any((value is None) == (absent == "true") for absent in listed(wanted))
    if operator in NEGATIVE:  # true when the request has no such key
        matches = POSITIVE[NEGATIVE[operator]]
        return value is None or not any(matches(one, value) for one in listed(wanted))
    matches = POSITIVE[operator]
    return value is not None and any(matches(one, value) for one in listed(wanted))


def principal_matches(principal, who):
    """How a policy's principal is meant: "direct", "account", or not at all."""
    if principal == "*":
        return "direct"
    for kind, values in principal.items():
        for value in listed(values):
            if kind in ("Federated", "Service"):
                if value == who.get(kind.lower()):
                    return "direct"
            elif kind == "AWS":
                if value in ("*", who.get("arn"), who.get("session")):
                    return "direct"
                if who.get("arn") and value.endswith(":root") and value.split(":")[4] == who["arn"].split(":")[4]:
                    return "account"
            else:
                raise ValueError(f"principal of kind {kind}")
    return None


# What was found of statements that are looked at again and again, by the statement and by the number of what was asked.
FOUND = {}
ASKED = {}


def remember(node):
    """The statements in there stay as they are."""
    if isinstance(node, dict) and "Effect" in node:
        FOUND[id(node)] = {}
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        remember(child)


def statement_matches(number, statement, *asked):
    """The number stands for what is asked."""
    found = FOUND.get(id(statement))
    if found is None:
        return matches(statement, *asked)
    if number not in found:
        found[number] = matches(statement, *asked)
    return found[number]


def matches(statement, who, action, resource, context, names_principals):
    unknown = set(statement) - ELEMENTS
    if unknown:
        raise ValueError(f"element {unknown}")
    how = principal_matches(statement["Principal"], who) if names_principals else "direct"
    applies = (
        how is not None
        and any(like(one.lower(), action.lower()) for one in listed(statement["Action"]))
        and ("Resource" not in statement or any(like(one, resource) for one in listed(statement["Resource"])))
        and not ("NotResource" in statement and any(like(one, resource) for one in listed(statement["NotResource"])))
        and all(
            condition_holds(operator, key, wanted, context)
            for operator, keys in statement.get("Condition", {}).items()
            for key, wanted in keys.items()
        )
    )
    return how if applies else None


def allowed(kind, resource_policy, who, action, resource, context):
    """Whether a request is allowed.

    `kind` is "s3" (either policy can allow), "kms" (the key's policy must, or leave it to the account), or "trust".
    """
    context = {**who.get("context", {}), **context}
    people = (who.get("arn"), who.get("session"), who.get("federated"))
    number = ASKED.setdefault((people, action, resource, frozenset(context.items())), len(ASKED))
    asked = (who, action, resource, context)
    hits = [
        (statement["Effect"], how, "resource")
        for statement in resource_policy["Statement"]
        if (how := statement_matches(2 * number, statement, *asked, True))
    ]
    hits += [
        (statement["Effect"], "direct", "identity")
        for policy in who.get("policies", [])
        for statement in listed(policy["Statement"])
        if statement_matches(2 * number + 1, statement, *asked, False)
    ]
    if any(effect == "Deny" for effect, _, _ in hits):
        return False
    direct, identity = ("Allow", "direct", "resource") in hits, ("Allow", "direct", "identity") in hits
    left_to_account = ("Allow", "account", "resource") in hits
    if kind != "trust" and who.get("arn", f"::::{ACCOUNT}").split(":")[4] != ACCOUNT:  # both accounts have to allow it
        return direct and identity
    return {"trust": direct, "kms": direct or (left_to_account and identity), "s3": direct or identity}[kind]
