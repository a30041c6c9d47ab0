locals {
  github_issuer       = "token.actions.githubusercontent.com"
  github_wanted       = length(var.github_pullers) + length(var.github_pushers) > 0
  github_provider_arn = try(coalesce(var.github_oidc_provider_arn, one(aws_iam_openid_connect_provider.github[*].arn)), null)

  github_roles = {
    for kind, entries in { puller = var.github_pullers, pusher = var.github_pushers } : kind => {
      for name in distinct([for entry in entries : entry.role]) : name => {
        subjects = distinct(flatten([
          for entry in entries : [
            for subject in entry.subjects : (
              entry.repository_id == null
              ? "repo:${entry.repository}:${subject}"
              : "repo:${split("/", entry.repository)[0]}@${entry.owner_id}/${split("/", entry.repository)[1]}@${entry.repository_id}:${subject}"
            )
          ] if entry.role == name
        ]))
        paths = distinct(flatten([for entry in entries : entry.paths if entry.role == name]))
      }
    }
  }
}

resource "aws_iam_openid_connect_provider" "github" {
  count = local.github_wanted && var.github_oidc_provider_arn == null ? 1 : 0

  url            = "https://${local.github_issuer}"
  client_id_list = ["sts.amazonaws.com"]
}

data "aws_iam_policy_document" "trust" {
  for_each = merge(local.github_roles.puller, local.github_roles.pusher)

  statement {
    sid     = "GitHubActions"
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [local.github_provider_arn]
    }
    condition {
      test     = "StringEquals"
      variable = "${local.github_issuer}:aud"
      values   = ["sts.amazonaws.com"]
    }
    condition {
      test     = "StringLike"
      variable = "${local.github_issuer}:sub"
      values   = each.value.subjects
    }
  }
}

resource "aws_iam_role" "puller" {
  for_each = local.github_roles.puller

  name                 = "${var.bucket_name}-${each.key}"
  description          = "GitHub Actions: pull from ${var.bucket_name}"
  assume_role_policy   = data.aws_iam_policy_document.trust[each.key].json
  max_session_duration = 3600
  permissions_boundary = var.permissions_boundary
}

resource "aws_iam_role" "pusher" {
  for_each = local.github_roles.pusher

  name                 = "${var.bucket_name}-${each.key}"
  description          = "GitHub Actions: push to ${var.bucket_name}"
  assume_role_policy   = data.aws_iam_policy_document.trust[each.key].json
  max_session_duration = 3600
  permissions_boundary = var.permissions_boundary

  lifecycle {
    precondition {
      condition     = !contains(keys(local.github_roles.puller), each.key)
      error_message = "The role ${each.key} is named in github_pullers and in github_pushers: one role either pulls or pushes."
    }
  }
}

data "aws_iam_policy_document" "github" {
  for_each = merge(local.github_roles.puller, local.github_roles.pusher)

  statement {
    sid       = "List"
    actions   = contains(keys(local.github_roles.pusher), each.key) ? local.version_list_actions : local.list_actions
    resources = [local.bucket_arn]
  }

  statement {
    sid       = "Read"
    actions   = local.read_actions
    resources = try(local.restricted_arns["github/${each.key}"], [local.objects_arn])
  }

  dynamic "statement" {
    for_each = contains(keys(local.github_roles.pusher), each.key) ? [1] : []

    content {
      sid       = "Write"
      actions   = ["s3:PutObject"]
      resources = try(local.restricted_arns["github/${each.key}"], [local.objects_arn])
    }
  }
}

resource "aws_iam_role_policy" "puller" {
  for_each = local.github_roles.puller

  name   = "pull"
  role   = aws_iam_role.puller[each.key].id
  policy = data.aws_iam_policy_document.github[each.key].json
}

resource "aws_iam_role_policy" "pusher" {
  for_each = local.github_roles.pusher

  name   = "push"
  role   = aws_iam_role.pusher[each.key].id
  policy = data.aws_iam_policy_document.github[each.key].json
}
