locals {
  github_entries = concat(
    [for index, entry in var.github_pullers : module.entry["github_pullers[${index}]"].entry],
    [for index, entry in var.github_pushers : module.entry["github_pushers[${index}]"].entry],
    [for index, entry in var.github_releasers : module.entry["github_releasers[${index}]"].entry],
  )

  # Each repository has a role of its own, unless entries name one. The first of a kind has the plain name.
  github_first = { for kind in ["puller", "pusher", "releaser"] : kind => try(
    [for entry in local.github_entries : entry.repository if entry.kind == kind && entry.role == null][0], null
  ) }
  github_named = [for entry in local.github_entries : merge(entry, {
    name = (
      entry.role != null ? entry.role
      : entry.repository == local.github_first[entry.kind] ? entry.kind
      : "${entry.kind}-${replace(lower(reverse(split("/", entry.repository))[0]), "/[^a-z0-9-]/", "-")}"
    )
    # Who may assume it: repo:OWNER/REPO:SUBJECT, or repo:OWNER@ID/REPO@ID:SUBJECT where a repository's subjects are
    # immutable; of GitLab project_path:GROUP/PROJECT:SUBJECT.
    full_subjects = [for subject in entry.subjects : (
      startswith(subject, "ref_type:") ? "project_path:${entry.repository}:${subject}"
      : entry.repository_id == null ? "repo:${entry.repository}:${subject}"
      : "repo:${split("/", entry.repository)[0]}@${entry.owner_id}/${split("/", entry.repository)[1]}@${entry.repository_id}:${subject}"
    )]
    claims_text = jsonencode(entry.claims)
  })]

  github_roles = { for name in distinct([for entry in local.github_named : entry.name]) : name => {
    kind     = [for entry in local.github_named : entry.kind if entry.name == name][0]
    may      = [for entry in local.github_named : entry.may if entry.name == name][0]
    subjects = distinct(flatten([for entry in local.github_named : entry.full_subjects if entry.name == name]))
    paths    = distinct(flatten([for entry in local.github_named : entry.paths if entry.name == name]))
    reads    = distinct(flatten([for entry in local.github_named : entry.reads if entry.name == name]))
    channels = distinct(flatten([for entry in local.github_named : entry.channels if entry.name == name]))
    # The claims of an entry hold for its own subjects.
    trusts = [for claims in distinct([for entry in local.github_named : entry.claims_text if entry.name == name]) : {
      claims   = jsondecode(claims)
      subjects = distinct(flatten([for entry in local.github_named : entry.full_subjects if entry.name == name && entry.claims_text == claims]))
    }]

    one_kind = length(distinct([for entry in local.github_named : entry.kind if entry.name == name])) == 1
    told = alltrue([for entry in local.github_named : entry.role != null if entry.name == name]) || (
      length(distinct([for entry in local.github_named : lower(entry.repository) if entry.name == name])) == 1
    )
    alike = length(distinct([for entry in local.github_named : jsonencode([entry.paths, entry.reads, entry.channels]) if entry.name == name])) == 1
  } }

  github_resources = merge(aws_iam_role.puller, aws_iam_role.pusher, aws_iam_role.releaser)
  github_of_kind   = { for kind in keys(local.github_first) : kind => { for name, role in local.github_roles : name => role if role.kind == kind } }
}

data "aws_iam_policy_document" "trust" {
  for_each = local.github_roles

  dynamic "statement" {
    for_each = each.value.trusts
    iterator = trust

    content {
      sid     = length(each.value.trusts) == 1 ? "GitHubActions" : "GitHubActions${trust.key}"
      actions = ["sts:AssumeRoleWithWebIdentity"]

      principals {
        type        = "Federated"
        identifiers = ["$(oidc)"] # its ARN, see sizes.tf
      }
      condition {
        test     = "StringEquals"
        variable = "${local.oidc_host}:aud"
        values   = [var.oidc_audience]
      }
      condition {
        test     = "StringLike"
        variable = "${local.oidc_host}:sub"
        values   = trust.value.subjects
      }
      dynamic "condition" {
        for_each = trust.value.claims
        content {
          test     = "StringLike"
          variable = "${local.oidc_host}:${condition.key}"
          values   = condition.value
        }
      }
    }
  }
}

resource "aws_iam_role" "puller" {
  for_each = local.github_of_kind.puller

  name                 = "${local.role_prefix}-${each.key}"
  path                 = var.iam_path
  description          = "GitHub Actions: pull from ${local.name}"
  assume_role_policy   = replace(data.aws_iam_policy_document.trust[each.key].json, "$(oidc)", local.oidc_provider_arn)
  max_session_duration = 3600
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags
}

resource "aws_iam_role" "pusher" {
  for_each = local.github_of_kind.pusher

  name                 = "${local.role_prefix}-${each.key}"
  path                 = var.iam_path
  description          = "GitHub Actions: push to ${local.name}"
  assume_role_policy   = replace(data.aws_iam_policy_document.trust[each.key].json, "$(oidc)", local.oidc_provider_arn)
  max_session_duration = 3600
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags
}

resource "aws_iam_role" "releaser" {
  for_each = local.github_of_kind.releaser

  name                 = "${local.role_prefix}-${each.key}"
  path                 = var.iam_path
  description          = "GitHub Actions: move channels of ${local.name}"
  assume_role_policy   = replace(data.aws_iam_policy_document.trust[each.key].json, "$(oidc)", local.oidc_provider_arn)
  max_session_duration = 3600
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags
}

resource "aws_iam_role_policy" "puller" {
  for_each = local.github_of_kind.puller

  name   = "pull"
  role   = aws_iam_role.puller[each.key].id
  policy = data.aws_iam_policy_document.identity["github/${each.key}"].json
}

resource "aws_iam_role_policy" "pusher" {
  for_each = local.github_of_kind.pusher

  name   = "push"
  role   = aws_iam_role.pusher[each.key].id
  policy = data.aws_iam_policy_document.identity["github/${each.key}"].json
}

resource "aws_iam_role_policy" "releaser" {
  for_each = local.github_of_kind.releaser

  name   = "release"
  role   = aws_iam_role.releaser[each.key].id
  policy = data.aws_iam_policy_document.identity["github/${each.key}"].json
}

locals {
  role_prefix = coalesce(var.role_name_prefix, local.name)
}
