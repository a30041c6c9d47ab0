data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

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

  role_user_ids = [
    for user in var.role_users : "${data.aws_iam_role.people[split("/", user)[0]].unique_id}:${split("/", user)[1]}"
  ]
  user_ids   = [for user in var.users : data.aws_iam_user.named[user].user_id]
  role_ids   = { for name in var.roles : "role/${name}" => "${data.aws_iam_role.reader[name].unique_id}:*" }
  puller_ids = { for name, role in aws_iam_role.puller : "github/${name}" => "${role.unique_id}:*" }
  pusher_ids = { for name, role in aws_iam_role.pusher : "github/${name}" => "${role.unique_id}:*" }

  people    = concat([local.account_id], local.role_user_ids, local.user_ids)
  may_write = concat(local.people, values(local.pusher_ids))
  may_read  = concat(local.may_write, values(local.role_ids), values(local.puller_ids))
}

locals {
  restricted = merge(
    { for name, paths in var.role_paths : "role/${name}" => paths },
    { for name, role in local.github_roles.puller : "github/${name}" => role.paths if length(role.paths) > 0 },
    { for name, role in local.github_roles.pusher : "github/${name}" => role.paths if length(role.paths) > 0 },
  )

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
