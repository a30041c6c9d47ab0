"""Who may be asking: one of every kind that infrastructure/s3 names, and their neighbours."""

ACCOUNT = "111122223333"
ADMINISTRATOR = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


OTHER_ACCOUNT = "444455556666"
SSO = "aws-reserved/sso.amazonaws.com/AWSReservedSSO_DevOps_0123456789abcdef"
UNIQUE_IDS = {
    "puller": "AROAPULLER",
    "puller-dev": "AROADEVPULLER",
    "puller-env": "AROAENVPULLER",
    "puller-deploy": "AROADEPLOYPULLER",
    "pusher": "AROAPUSHER",
    "pusher-dev": "AROADEVPUSHER",
    "pusher-staging": "AROASTAGINGPUSHER",
    "promoter": "AROAPROMOTER",
    "releaser": "AROARELEASER",
}


def session(role, unique_id, name, *policies, account=ACCOUNT):
    arn = f"arn:aws:iam::{account}:role/{role}"
    return {
        "arn": arn,
        "session": f"arn:aws:sts::{account}:assumed-role/{role.rsplit('/', 1)[-1]}/{name}",
        "context": {"aws:userid": f"{unique_id}:{name}", "aws:PrincipalArn": arn},
        "policies": list(policies),
    }


def everybody(roles, principals=None):
    """By name; `roles` holds the policies of the workflows' roles, `principals` what those of other accounts are given."""
    principals = principals or {}

    def github(role, *more):
        own = filter(None, [roles.get(role)])
        return session(f"cstore-shop-{role}", UNIQUE_IDS[role], "cstore-1234567890", *own, *more)

    def elsewhere(name, role, unique_id, *policies):
        return session(
            role, unique_id, "job-1", *policies, *filter(None, [principals.get(name)]), account=OTHER_ACCOUNT
        )

    return {
        "person": session("devops", "AROADEVOPS", "me@example.com"),
        "IAM user": {"arn": f"arn:aws:iam::{ACCOUNT}:user/ci", "context": {"aws:userid": "AIDACI"}},
        "account's root": {
            "arn": f"arn:aws:iam::{ACCOUNT}:root",
            "context": {"aws:userid": ACCOUNT},
            "policies": [ADMINISTRATOR],
        },
        "task": session("ecs/shop-task", "AROATASK", "task-1"),
        "dev task": session("ecs/shop-dev-task", "AROADEVTASK", "task-1"),
        "any dev task": session("ecs/shop-any-task", "AROAANYTASK", "task-1"),
        "puller": github("puller"),
        "dev puller": github("puller-dev"),
        "env puller": github("puller-env"),
        "pusher": github("pusher"),
        "dev pusher": github("pusher-dev"),
        "deploy puller": github("puller-deploy"),
        "staging pusher": github("pusher-staging"),
        "promoter": github("promoter"),
        "promoter, administrator": github("promoter", ADMINISTRATOR),
        "releaser": github("releaser"),
        "person of Identity Center": session(SSO, "AROASSO", "me@example.com"),
        "principal": session("sync", "AROASYNC", "job-1"),
        "principal, administrator": session("sync", "AROASYNC", "job-1", ADMINISTRATOR),
        # Of another account, with what the module says that they need, and with what does not suffice.
        "other account's puller": elsewhere("other-puller", "shop", "AROAOTHERPULLER"),
        "other account's pusher": elsewhere("other-pusher", "build", "AROAOTHERPUSHER"),
        "other account's promoter": elsewhere("other-promoter", "promote", "AROAOTHERPROMOTER"),
        "other account's promoter, administrator there": elsewhere("", "promote", "AROAOTHERPROMOTER", ADMINISTRATOR),
        "other account's releaser": {
            "arn": f"arn:aws:iam::{OTHER_ACCOUNT}:user/release",
            "context": {"aws:userid": "AIDAOTHERRELEASER"},
            "policies": [principals[name] for name in ("other-releaser",) if name in principals],
        },
        "other account's puller, nothing attached": elsewhere(None, "shop", "AROAOTHERPULLER"),
        "other account's puller, made anew": elsewhere("other-puller", "shop", "AROAOTHERNEW", ADMINISTRATOR),
        "other account's pusher, administrator there": elsewhere("", "build", "AROAOTHERPUSHER", ADMINISTRATOR),
        "other account's administrator": elsewhere("", "admin", "AROAOTHERADMIN", ADMINISTRATOR),
        # Somebody attached another policy to a role.
        "releaser, administrator": github("releaser", ADMINISTRATOR),
        "staging pusher, administrator": github("pusher-staging", ADMINISTRATOR),
        "task, administrator": session("ecs/shop-task", "AROATASK", "task-1", ADMINISTRATOR),
        "any dev task, administrator": session("ecs/shop-any-task", "AROAANYTASK", "task-1", ADMINISTRATOR),
        "dev task, administrator": session("ecs/shop-dev-task", "AROADEVTASK", "task-1", ADMINISTRATOR),
        "puller, administrator": github("puller", ADMINISTRATOR),
        "dev puller, administrator": github("puller-dev", ADMINISTRATOR),
        "env puller, administrator": github("puller-env", ADMINISTRATOR),
        "pusher, administrator": github("pusher", ADMINISTRATOR),
        "dev pusher, administrator": github("pusher-dev", ADMINISTRATOR),
        # Those who are not meant.
        "other person of Identity Center": session(SSO, "AROASSO", "you@example.com", ADMINISTRATOR),
        "other person, same role": session("devops", "AROADEVOPS", "you@example.com"),
        "other person, same role, administrator": session("devops", "AROADEVOPS", "you@example.com", ADMINISTRATOR),
        "person in other case, administrator": session("devops", "AROADEVOPS", "Me@example.com", ADMINISTRATOR),
        "task's role made anew, administrator": session("ecs/shop-task", "AROANEW", "task-1", ADMINISTRATOR),
        "administrator": session("admin", "AROAADMIN", "boss@example.com", ADMINISTRATOR),
        "nobody": session("nobody", "AROANOBODY", "x"),
        "anonymous": {"context": {"aws:userid": "anonymous"}},
    }
