data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

# Looking the names up makes one that does not exist fail the plan, finds roles that have a path, and gives the unique
# ids that the bucket policy compares: a role that was deleted and made anew under the same name is another principal.
data "aws_iam_role" "people" {
  for_each = toset([for user in var.role_users : split("/", user)[0]])
  name     = each.key
}

data "aws_iam_role" "reader" {
  for_each = toset(var.roles)
  name     = each.key
}

data "aws_iam_user" "named" {
  for_each  = toset(var.users)
  user_name = each.key
}

locals {
  account_id = data.aws_caller_identity.current.account_id
  region     = data.aws_region.current.id

  bucket_arn  = "arn:${data.aws_partition.current.partition}:s3:::${var.bucket_name}"
  objects_arn = "${local.bucket_arn}/*"

  role_user_arns = [for role in data.aws_iam_role.people : role.arn]
  role_arns      = [for role in data.aws_iam_role.reader : role.arn]
  user_arns      = [for user in data.aws_iam_user.named : user.arn]
  puller_arns    = [for role in aws_iam_role.puller : role.arn]
  pusher_arns    = [for role in aws_iam_role.pusher : role.arn]

  # aws:userid is ID:SESSION of a role and the id alone of a user. A principal's ARN would not tell one session of a
  # role from another, nor a role from its namesake.
  role_user_ids = [
    for user in var.role_users : "${data.aws_iam_role.people[split("/", user)[0]].unique_id}:${split("/", user)[1]}"
  ]
  user_ids   = [for user in var.users : data.aws_iam_user.named[user].user_id]
  role_ids   = { for name in var.roles : "role/${name}" => "${data.aws_iam_role.reader[name].unique_id}:*" }
  puller_ids = { for name, role in aws_iam_role.puller : "github/${name}" => "${role.unique_id}:*" }
  pusher_ids = { for name, role in aws_iam_role.pusher : "github/${name}" => "${role.unique_id}:*" }

  # Each list holds the one before it. The account's id is the root user's aws:userid: it keeps the lists from being
  # empty, and leaves one way in.
  people    = concat([local.account_id], local.role_user_ids, local.user_ids)
  may_write = concat(local.people, values(local.pusher_ids))
  may_read  = concat(local.may_write, values(local.role_ids), values(local.puller_ids))
}

locals {
  # What a role is restricted to, by the role's kind and name; roles that may read everything are not in it.
  restricted = merge(
    { for name, paths in var.role_paths : "role/${name}" => paths },
    { for name, role in local.github_roles.puller : "github/${name}" => role.paths if length(role.paths) > 0 },
    { for name, role in local.github_roles.pusher : "github/${name}" => role.paths if length(role.paths) > 0 },
  )

  # A path lies in the head at CONTEXT/PATH and in each version at CONTEXT/VERSION/PATH. Manifests lie below .cstore/,
  # and no pull or push goes without them.
  restricted_arns = {
    for role, paths in local.restricted : role => distinct(flatten([
      for place in paths : place.path == "*" ? ["${local.bucket_arn}/${place.context}/*"] : [
        "${local.bucket_arn}/${place.context}/${place.path}",
        "${local.bucket_arn}/${place.context}/*/${place.path}",
        "${local.bucket_arn}/${place.context}/.cstore/*",
      ]
    ]))
  }
  restricted_ids = {
    for role, id in merge(local.role_ids, local.puller_ids, local.pusher_ids) : role => id
    if contains(keys(local.restricted), role)
  }
}
