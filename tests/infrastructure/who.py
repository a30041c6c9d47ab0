"""Who may be asking: one of every kind that infrastructure/s3 names, and their neighbours."""

ACCOUNT = "111122223333"
ADMINISTRATOR = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def session(role, unique_id, name, *policies):
    arn = f"arn:aws:iam::{ACCOUNT}:role/{role}"
    return {
        "arn": arn,
        "session": f"arn:aws:sts::{ACCOUNT}:assumed-role/{role.rsplit('/', 1)[-1]}/{name}",
        "context": {"aws:userid": f"{unique_id}:{name}", "aws:PrincipalArn": arn},
        "policies": list(policies),
    }


def everybody(roles):
    """By name; `roles` holds the GitHub roles' own policies, of those that there are."""

    def github(role, *more):
        unique_id = {"puller": "AROAPULLER", "pusher": "AROAPUSHER"}.get(role) or f"AROADEV{role[:6].upper()}"
        return session(f"cstore-shop-{role}", unique_id, "cstore-1234567890", *filter(None, [roles.get(role)]), *more)

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
        "puller": github("puller"),
        "dev puller": github("puller-dev"),
        "pusher": github("pusher"),
        "dev pusher": github("pusher-dev"),
        # Somebody attached another policy to a role.
        "task, administrator": session("ecs/shop-task", "AROATASK", "task-1", ADMINISTRATOR),
        "dev task, administrator": session("ecs/shop-dev-task", "AROADEVTASK", "task-1", ADMINISTRATOR),
        "puller, administrator": github("puller", ADMINISTRATOR),
        "dev puller, administrator": github("puller-dev", ADMINISTRATOR),
        "pusher, administrator": github("pusher", ADMINISTRATOR),
        "dev pusher, administrator": github("pusher-dev", ADMINISTRATOR),
        # Those who are not meant.
        "other person, same role": session("devops", "AROADEVOPS", "you@example.com"),
        "other person, same role, administrator": session("devops", "AROADEVOPS", "you@example.com", ADMINISTRATOR),
        "person in other case, administrator": session("devops", "AROADEVOPS", "Me@example.com", ADMINISTRATOR),
        "task's role made anew, administrator": session("ecs/shop-task", "AROANEW", "task-1", ADMINISTRATOR),
        "administrator": session("admin", "AROAADMIN", "boss@example.com", ADMINISTRATOR),
        "nobody": session("nobody", "AROANOBODY", "x"),
        "anonymous": {"context": {"aws:userid": "anonymous"}},
    }
