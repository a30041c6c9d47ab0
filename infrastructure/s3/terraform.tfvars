# For `terraform apply` in this folder. A caller's `module` block does not read it.

# The bucket that the action looks for when none is named: cstore-<context>.
bucket_name = "cstore-{{CONTEXT}}"

# Workflows, by repository. IDs: gh api repos/OWNER/REPO --jq '.owner.id, .id'
# A role that an environment is enough for, and no more than its files:
github_pullers = [
  # { repository = "acme/shop", owner_id = 1000, repository_id = 4711, subjects = ["environment:prod"], paths = [{ context = "shop", path = "service/*" }] },
]
github_pushers = [
  # { repository = "acme/shop", owner_id = 1000, repository_id = 4711, subjects = ["ref:refs/tags/v*"], paths = [{ context = "shop" }] },
]

# People, by the role that they assume and their session's name. Case sensitive.
role_users = [
  # "devops/me@example.com",
]

# Task, container and instance roles, by name. They read.
roles = []

# IAM users, by name.
users = []
