resource "aws_kms_key" "store" {
  description             = "Encrypts the objects of ${var.bucket_name}"
  enable_key_rotation     = true
  deletion_window_in_days = var.kms_deletion_window_days
  policy                  = data.aws_iam_policy_document.key.json
}

resource "aws_kms_alias" "store" {
  name          = local.key_alias
  target_key_id = aws_kms_key.store.key_id
}

locals {
  key_arn   = aws_kms_key.store.arn
  key_id    = aws_kms_key.store.key_id
  key_alias = "alias/${var.bucket_name}-key"

  key_conditions = [
    {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["s3.${local.region}.${data.aws_partition.current.dns_suffix}"]
    },
    {
      test     = "StringLike"
      variable = "kms:EncryptionContext:aws:s3:arn"
      values   = [local.bucket_arn, local.objects_arn]
    },
  ]

  key_grants = [for grant in [
    {
      sid        = "AllowDecryptForReaders"
      actions    = ["kms:Decrypt"]
      principals = concat(local.role_arns, local.puller_arns)
      sessions   = []
    },
    {
      sid        = "AllowUseForWriters"
      actions    = ["kms:Decrypt", "kms:GenerateDataKey"]
      principals = concat(local.user_arns, local.pusher_arns)
      sessions   = []
    },
    {
      sid        = "AllowUseForRoleUsers"
      actions    = ["kms:Decrypt", "kms:GenerateDataKey"]
      principals = local.role_user_arns
      sessions   = local.role_user_ids
    },
  ] : grant if length(grant.principals) > 0]
}

data "aws_iam_policy_document" "key" {
  statement {
    sid = "AllowAccountToAdminister"
    actions = [
      "kms:CancelKeyDeletion",
      "kms:CreateAlias",
      "kms:DeleteAlias",
      "kms:Describe*",
      "kms:DisableKey",
      "kms:DisableKeyRotation",
      "kms:EnableKey",
      "kms:EnableKeyRotation",
      "kms:Get*",
      "kms:List*",
      "kms:PutKeyPolicy",
      "kms:RevokeGrant",
      "kms:RotateKeyOnDemand",
      "kms:ScheduleKeyDeletion",
      "kms:TagResource",
      "kms:UntagResource",
      "kms:UpdateAlias",
      "kms:UpdateKeyDescription",
    ]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:${data.aws_partition.current.partition}:iam::${local.account_id}:root"]
    }
  }

  dynamic "statement" {
    for_each = local.key_grants
    iterator = grant

    content {
      sid       = grant.value.sid
      actions   = grant.value.actions
      resources = ["*"]

      principals {
        type        = "AWS"
        identifiers = grant.value.principals
      }
      dynamic "condition" {
        for_each = local.key_conditions
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
      dynamic "condition" {
        for_each = length(grant.value.sessions) > 0 ? [1] : []
        content {
          test     = "StringLike"
          variable = "aws:userid"
          values   = grant.value.sessions
        }
      }
    }
  }
}
