"""Who may do what, as the documentation says it: what can be asked for, by whom it may be, and which jobs get which role."""

from who import ACCOUNT

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
CHANNELS = "shop/.cstore/channels"
OTHER_CHANNEL = "web/.cstore/channels/prod.json"
# In two or more folders more than a version's name: to IAM the * of shop/*/service/dev/* is as many as one likes.
DEEPER_DEV = "shop/v1/old/service/dev/.env"
BASE = "shop/v1/service/.env"
DEEPER_BASE = "shop/v1/old/service/.env"
# A context below another one, below a path of it even.
INNER = "shop/service/dev/.cstore"
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
    "get pinned other context": on("GetObjectVersion", OTHER),
    "get other context's manifest": on("GetObject", "web/.cstore/versions/v1.json"),
    "get manifest of a context in another": on("GetObject", "web/eu/.cstore/versions/v1.json"),
    "get pinned manifest of a context in another": on("GetObjectVersion", "web/eu/.cstore/versions/v1.json"),
    "get deep manifest": on("GetObject", DEEP_VERSION),
    "get dev": on("GetObject", DEV),
    "get pinned dev": on("GetObjectVersion", DEV),
    "get head's dev": on("GetObject", HEAD_DEV),
    "get base": on("GetObject", BASE),
    "get head's base": on("GetObject", "shop/service/.env"),
    # A file of the head in the folder prod: nothing tells it from one of the version prod.
    "get base in a folder of the head": on("GetObject", "shop/prod/service/.env"),
    "get deeper base": on("GetObject", DEEPER_BASE),
    "get pinned deeper base": on("GetObjectVersion", DEEPER_BASE),
    "get deeper dev": on("GetObject", DEEPER_DEV),
    "get pinned deeper dev": on("GetObjectVersion", DEEPER_DEV),
    # To the text a version `old`; and the role's folder once more, deeper.
    "get head's dev in another folder": on("GetObject", "shop/old/service/dev/.env"),
    "get dev in dev": on("GetObject", "shop/v1/service/dev/a/service/dev/b"),
    "get inner manifest": on("GetObject", f"{INNER}/versions/v1.json"),
    "get pinned inner manifest": on("GetObjectVersion", f"{INNER}/versions/v1.json"),
    "get dev's other file": on("GetObject", "shop/v1/service/dev/db.json"),
    "get head's other file of dev": on("GetObject", "shop/service/dev/db.json"),
    "get prod's other file": on("GetObject", "shop/v1/service/prod/db.json"),
    "get head's file without a folder": on("GetObject", "shop/.env"),
    "get manifest": on("GetObject", VERSION),
    "get pinned manifest": on("GetObjectVersion", VERSION),
    "get head's manifest": on("GetObject", HEAD),
    "get claim": on("GetObject", CLAIM),
    "create prod": put(PROD, CREATE),
    "create other context": put(OTHER, CREATE),
    "swap other context": put(OTHER, SWAP),
    "create other context's manifest": put("web/.cstore/versions/v1.json", CREATE),
    "swap prod": put(PROD, SWAP),
    "create dev": put(DEV, CREATE),
    "create dev with our key": put(DEV, CREATE, **{SSE: "aws:kms", SSE_KEY: KEY}),
    "create dev with our key's id": put(DEV, CREATE, **{SSE: "aws:kms", SSE_KEY: KEY.split("/")[-1]}),
    "create dev with our alias": put(DEV, CREATE, **{SSE: "aws:kms", SSE_KEY: "alias/cstore-shop-key"}),
    "create dev with our alias' ARN": put(DEV, CREATE, **{SSE: "aws:kms", SSE_KEY: ALIAS}),
    "create dev in the standard class": put(DEV, CREATE, **{CLASS: "STANDARD"}),
    "create deeper dev": put(DEEPER_DEV, CREATE),
    "swap deeper dev": put(DEEPER_DEV, SWAP),
    "create inner manifest": put(f"{INNER}/versions/v1.json", CREATE),
    "swap inner head": put(f"{INNER}/head.json", SWAP),
    "swap head's dev": put(HEAD_DEV, SWAP),
    "swap head's dev in another folder": put("shop/old/service/dev/.env", SWAP),
    "create manifest": put(VERSION, CREATE),
    "create claim": put(CLAIM, CREATE),
    "swap head": put(HEAD, SWAP),
    "create settings": put(SETTINGS, CREATE),
    "swap settings": put(SETTINGS, SWAP),
    "swap manifest": put(VERSION, SWAP),
    "swap claim": put(CLAIM, SWAP),
    "swap deep manifest": put(DEEP_VERSION, SWAP),
    "get channel": on("GetObject", f"{CHANNELS}/prod.json"),
    "start channel prod": put(f"{CHANNELS}/prod.json", CREATE),
    "move channel prod": put(f"{CHANNELS}/prod.json", SWAP),
    "move channel staging": put(f"{CHANNELS}/staging.json", SWAP),
    "start channel of other context": put(OTHER_CHANNEL, CREATE),
    "move channel of other context": put(OTHER_CHANNEL, SWAP),
    "start channel of inner context": put(f"{INNER}/channels/prod.json", CREATE),
    "move channel of inner context": put(f"{INNER}/channels/prod.json", SWAP),
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
    "write channel": put(f"{CHANNELS}/prod.json", PLAIN),
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
MANIFESTS = {"get manifest", "get head's manifest", "get claim", "get channel"}
# A releaser needs no manifest that was written over. (As an administrator it could have one, which holds no value.)
READ_DEV = MANIFESTS | {
    "get pinned manifest",
    "get dev",
    "get pinned dev",
    "get head's dev",
    "get dev's other file",
    "get head's other file of dev",
    "get head's dev in another folder",
}
READ_BASE = {"get base", "get head's base", "get base in a folder of the head"}
READ_DEEPER_BASE = {"get deeper base", "get pinned deeper base"}
READ_INNER = {"get inner manifest", "get pinned inner manifest"}
# With `any_folder` a path is that name in any folder, but for what is too deep for another path of the role.
READ_ENV = READ_DEV | READ_BASE | READ_DEEPER_BASE | {"get prod", "get pinned prod", "get head's file without a folder"}
READ_DEEPER_DEV = {"get deeper dev", "get pinned deeper dev", "get dev in dev"}
OF_SHOP = READ_ENV | READ_DEEPER_DEV | {"get prod's other file"}
OF_WEB = {"get other context", "get pinned other context", "get other context's manifest"}
OF_OTHERS = {"get manifest of a context in another", "get pinned manifest of a context in another", "get deep manifest"}
READ = OF_SHOP | READ_INNER | OF_WEB | OF_OTHERS
PUSH_DEV = {label for label in S3 if label.startswith(("create dev", "swap head"))} | {
    "create manifest",
    "create claim",
    "create settings",
    "swap settings",
}
PUSH_SHOP = PUSH_DEV | {"create prod", "swap prod", "create deeper dev", "swap deeper dev"}
PUSH_WEB = {"create other context", "swap other context", "create other context's manifest"}
PUSH = PUSH_SHOP | PUSH_WEB | {"create inner manifest", "swap inner head"}
OVERWRITE = {"swap manifest", "swap claim", "swap deep manifest"}
ROLL_BACK = {"list versions"}
MOVE_PROD = {"start channel prod", "move channel prod"}
MOVE = {label for label in S3 if label.startswith(("start channel", "move channel"))}
PURGE = ROLL_BACK | {"delete", "delete version"}
BUCKET_ADMINISTRATION = {"list", "list versions", "find region", "bucket policy"}
PERSON = LIST | READ | PUSH | OVERWRITE | PURGE | MOVE
WHO_MAY = {
    "person": PERSON,
    "IAM user": PERSON,
    "account's root": PERSON | BUCKET_ADMINISTRATION | {"tag", "abort", "restore", "replicate", "own", "encrypt anew"},
    "task": LIST | READ,
    "dev task": LIST | READ_DEV,
    # Whose path says `any_folder`, and has a folder.
    "any dev task": LIST | READ_DEV | READ_DEEPER_DEV,
    "puller": LIST | READ,
    "dev puller": LIST | READ_DEV | READ_BASE,
    "env puller": LIST | READ_ENV,
    "pusher": LIST | ROLL_BACK | READ | PUSH,
    "dev pusher": LIST | ROLL_BACK | READ_DEV | PUSH_DEV,
    "deploy puller": LIST | READ,
    "staging pusher": LIST | ROLL_BACK | READ_DEV | PUSH_DEV | {"move channel staging"},
    # Who promotes from web to shop.
    "promoter": LIST | ROLL_BACK | OF_SHOP | OF_WEB | PUSH_SHOP,
    "promoter, administrator": BUCKET_ADMINISTRATION | OF_SHOP | OF_WEB | PUSH_SHOP,
    "other account's promoter": LIST | ROLL_BACK | OF_SHOP | OF_WEB | PUSH_SHOP,
    "other account's promoter, administrator there": LIST | ROLL_BACK | OF_SHOP | OF_WEB | PUSH_SHOP,
    "releaser": LIST | MANIFESTS | MOVE_PROD,
    "person of Identity Center": PERSON,
    "principal": LIST | ROLL_BACK | READ_DEV | PUSH_DEV,
    "principal, administrator": BUCKET_ADMINISTRATION | READ_DEV | PUSH_DEV,
    "other account's puller": LIST | READ,
    "other account's pusher": LIST | ROLL_BACK | OF_SHOP | PUSH_SHOP,
    "other account's releaser": LIST | MANIFESTS | MOVE_PROD,
    "other account's puller, nothing attached": set(),
    "other account's puller, made anew": LIST,
    "other account's pusher, administrator there": LIST | ROLL_BACK | OF_SHOP | PUSH_SHOP,
    "other account's administrator": set(),
    "releaser, administrator": BUCKET_ADMINISTRATION | MANIFESTS | {"get pinned manifest"} | MOVE_PROD,
    "staging pusher, administrator": BUCKET_ADMINISTRATION | READ_DEV | PUSH_DEV | {"move channel staging"},
    "task, administrator": BUCKET_ADMINISTRATION | READ,
    "dev task, administrator": BUCKET_ADMINISTRATION | READ_DEV,
    "any dev task, administrator": BUCKET_ADMINISTRATION | READ_DEV | READ_DEEPER_DEV,
    "puller, administrator": BUCKET_ADMINISTRATION | READ,
    "dev puller, administrator": BUCKET_ADMINISTRATION | READ_DEV | READ_BASE,
    "env puller, administrator": BUCKET_ADMINISTRATION | READ_ENV,
    "pusher, administrator": BUCKET_ADMINISTRATION | READ | PUSH,
    "dev pusher, administrator": BUCKET_ADMINISTRATION | READ_DEV | PUSH_DEV,
    "other person of Identity Center": BUCKET_ADMINISTRATION,
    "other person, same role": set(),
    "other person, same role, administrator": BUCKET_ADMINISTRATION,
    "person in other case, administrator": BUCKET_ADMINISTRATION,
    "task's role made anew, administrator": BUCKET_ADMINISTRATION,
    "administrator": BUCKET_ADMINISTRATION,
    "nobody": set(),
    "anonymous": set(),
}

# With allow_unconditional_writes: what the Go cStore's user gains, and nobody else.
MOVING = {"write", "write head", "write manifest", "write channel"}
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
    "any dev task": DECRYPT,
    "puller": DECRYPT,
    "dev puller": DECRYPT,
    "env puller": DECRYPT,
    "pusher": USE,
    "dev pusher": USE,
    "deploy puller": DECRYPT,
    "staging pusher": USE,
    "promoter": USE,
    "promoter, administrator": USE | ADMINISTER,
    "other account's promoter": USE,
    "other account's promoter, administrator there": USE,
    "releaser": USE,
    "person of Identity Center": USE,
    "principal": USE,
    "principal, administrator": USE | ADMINISTER,
    "other account's puller": DECRYPT,
    "other account's pusher": USE,
    "other account's releaser": USE,
    "other account's puller, nothing attached": set(),
    # Let through by its ARN alone, as below.
    "other account's puller, made anew": DECRYPT,
    "other account's pusher, administrator there": USE,
    "other account's administrator": set(),
    "releaser, administrator": USE | ADMINISTER,
    "staging pusher, administrator": USE | ADMINISTER,
    "task, administrator": DECRYPT | ADMINISTER,
    "dev task, administrator": DECRYPT | ADMINISTER,
    "any dev task, administrator": DECRYPT | ADMINISTER,
    "puller, administrator": DECRYPT | ADMINISTER,
    "dev puller, administrator": DECRYPT | ADMINISTER,
    "env puller, administrator": DECRYPT | ADMINISTER,
    "pusher, administrator": USE | ADMINISTER,
    "dev pusher, administrator": USE | ADMINISTER,
    "other person of Identity Center": ADMINISTER,
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

WORKFLOW = "acme/workflows/.github/workflows/deploy.yml"
DEPLOY = "repo:acme/deploy:environment:prod"
SHARED = {"job_workflow_ref": f"{WORKFLOW}@refs/tags/v2"}
AUDIT = "repo:acme/deploy:environment:audit"
AUDITS = {
    "actor": "alice",
    "actor_id": "1",
    "enterprise_id": "9",
    "ref": "refs/heads/main",
    "repository": "acme/deploy",
    "workflow": "Audit",
}
# Of each job its subject, its other claims, and the roles that it may assume.
JOBS = [
    ("repo:acme/shop:environment:prod", {}, {"puller"}),
    ("repo:acme/shop:environment:dev", {}, {"puller-dev", "pusher-dev"}),
    ("repo:acme@1000/shop@4711:ref:refs/tags/v1", {}, {"pusher"}),
    # Another repository has a role of its own, here only in one workflow and by the repository's number.
    (DEPLOY, SHARED | {"repository_id": "815"}, {"puller-deploy"}),
    (DEPLOY, SHARED | {"repository_id": "816"}, set()),
    (DEPLOY, SHARED, set()),
    (DEPLOY, {"repository_id": "815"}, set()),
    (DEPLOY, {"job_workflow_ref": f"{WORKFLOW}@refs/heads/main", "repository_id": "815"}, set()),
    (DEPLOY, {"job_workflow_ref": f"acme/deploy/{WORKFLOW}@refs/tags/v1", "repository_id": "815"}, set()),
    # The claims of one entry are no claims of another's.
    ("repo:acme/deploy:environment:dev", {"environment": "dev"}, {"puller-deploy"}),
    ("repo:acme/deploy:environment:dev", SHARED | {"repository_id": "815"}, set()),
    (DEPLOY, {"environment": "dev"}, set()),
    # Every claim that AWS looks at has to be there, and as it was named.
    (AUDIT, AUDITS, {"puller-deploy"}),
    (DEPLOY, AUDITS, set()),
    *((AUDIT, {name: value for name, value in AUDITS.items() if name != claim}, set()) for claim in AUDITS),
    *((AUDIT, {**AUDITS, claim: f"{value}2"}, set()) for claim, value in AUDITS.items()),
    ("repo:acme/shop:environment:env", {}, {"puller-env"}),
    ("repo:acme/shop:environment:staging", {}, {"pusher-staging"}),
    ("repo:acme/shop:environment:release", {}, {"releaser"}),
    ("repo:acme/shop:environment:promote", {}, {"promoter"}),
    # An immutable subject where a name is trusted, and the other way round.
    ("repo:acme@1000/shop@4711:environment:prod", {}, set()),
    ("repo:acme/shop:ref:refs/tags/v1", {}, set()),
    # The names taken over by somebody else.
    ("repo:acme@9/shop@8:ref:refs/tags/v1", {}, set()),
    ("repo:acme/shop:environment:prod2", {}, set()),
    ("repo:acme/shop:pull_request", {}, set()),
    ("repo:acme/shop:ref:refs/heads/main", {}, set()),
    ("repo:acme/shop2:environment:prod", {}, set()),
    ("repo:evil/shop:environment:prod", {}, set()),
    ("repo:acme@1000/shop@4711:ref:refs/tags/x1", {}, set()),
    ("repo:acme@1000/shop@4711:ref:refs/heads/v1", {}, set()),
]
