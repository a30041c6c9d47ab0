# What a role needs in policies of its own: the roles of workflows, and, to be attached there, those of other accounts.

data "aws_iam_policy_document" "identity" {
  for_each = { for name, role in local.named : name => role if !startswith(name, "role/") }

  # The whole bucket, also for a restricted role: with a condition on the prefix S3 would answer 403 instead of 404 for
  # what is not there, and every first push would fail. Names can be seen, contents cannot. A pusher's rollback finds what
  # the head was before its last push among S3's versions of its manifest.
  statement {
    sid       = "List"
    actions   = each.value.may == "push" ? local.version_list_actions : local.list_actions
    resources = [local.bucket_arn]
  }

  statement {
    sid       = "Read"
    actions   = each.value.may == "release" ? local.of_manifests : local.read_actions
    resources = try(local.reads[each.key], [local.objects_arn])
  }

  dynamic "statement" {
    for_each = each.value.may == "pull" ? [] : [1]

    content {
      sid       = "Write"
      actions   = ["s3:PutObject"]
      resources = try(local.writes[each.key], [local.objects_arn])
    }
  }

  # What its paths do not mean, though IAM's * does.
  dynamic "statement" {
    for_each = contains(keys(local.deeper), each.key) ? [1] : []

    content {
      sid       = "NothingDeeper"
      effect    = "Deny"
      actions   = each.value.may == "pull" ? local.read_actions : concat(local.read_actions, ["s3:PutObject"])
      resources = local.deeper[each.key]
    }
  }

  # Channels lie below what a pusher of whole contexts may write, and a path of a restricted one may look like theirs: IAM's
  # CONTEXT/*/prod.json is also CONTEXT/.cstore/channels/prod.json.
  dynamic "statement" {
    for_each = each.value.may == "push" && length(each.value.channels) == 0 ? [1] : []

    content {
      sid       = "NoChannels"
      effect    = "Deny"
      actions   = ["s3:PutObject"]
      resources = [local.channels_arn]
    }
  }

  # Where this module does not write the key's policy, or the key belongs to another account, the key's policy leaves it to
  # this one.
  dynamic "statement" {
    for_each = local.has_key && (startswith(each.key, "principal/") || !(local.own_key || var.manage_key_policy)) ? [1] : []

    content {
      sid       = "Key"
      actions   = each.value.may == "pull" ? ["kms:Decrypt"] : ["kms:Decrypt", "kms:GenerateDataKey"]
      resources = [local.said_key_arn]

      dynamic "condition" {
        for_each = local.key_conditions
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}
