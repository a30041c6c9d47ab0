resource "aws_kms_key" "store" {
  count = local.own_key ? 1 : 0 # cannot be determined? known_after_apply = ["kms_key_arn"]

  description             = "Encrypts the objects of ${local.name}"
  enable_key_rotation     = true
  deletion_window_in_days = var.kms_deletion_window_days
  policy                  = local.key_policy
  tags                    = var.tags
}

moved {
  from = aws_kms_key.store
  to   = aws_kms_key.store[0]
}

resource "aws_kms_alias" "store" {
  count = local.own_key ? 1 : 0

  name          = local.key_alias
  target_key_id = aws_kms_key.store[0].key_id
}

moved {
  from = aws_kms_alias.store
  to   = aws_kms_alias.store[0]
}

# Of a key that exists, and only when told to: this replaces the policy that the key has.
resource "aws_kms_key_policy" "store" {
  count  = var.manage_key_policy && local.given.kms_key_arn ? 1 : 0 # cannot be determined? known_after_apply = ["kms_key_arn"]
  key_id = local.key_id
  policy = local.key_policy
}

locals {
  # A bucket that exists may have a key that exists, or none.
  own_key = local.own_bucket ? !local.given.kms_key_arn : false
  has_key = local.own_key || local.given.kms_key_arn

  # Through a local on purpose: a data block that names a resource directly is not read until apply whenever that
  # resource changes, so its policy would be missing from the plan.
  key_arn   = local.own_key ? one(aws_kms_key.store[*].arn) : var.kms_key_arn
  key_id    = local.own_key ? one(aws_kms_key.store[*].key_id) : try(split("/", var.kms_key_arn)[1], null)
  key_alias = "alias/${local.name}-key"
  # Each way to name the key in a put. Of one that is made the policies have the ARN without its id: see sizes.tf.
  said_key_arn = local.own_key ? "arn:${local.partition}:kms:${local.region}:${local.account_id}:key/$(key)" : var.kms_key_arn
  key_names    = local.own_key ? [local.said_key_arn, "$(key)", local.key_alias, replace(local.said_key_arn, "key/$(key)", local.key_alias)] : [local.key_arn, local.key_id]

  # S3 fills these in. With a bucket key the encryption context is the bucket, without one the object.
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

  # PutObject calls GenerateDataKey, never Encrypt; a get calls Decrypt. Replication encrypts in the destination.
  key_grants = [for grant in [
    {
      sid        = "AllowDecryptForReaders"
      actions    = ["kms:Decrypt"]
      principals = concat([for role in local.named : role.arn if role.may == "pull"], local.replicator_arns)
      sessions   = []
    },
    {
      sid        = "AllowUseForWriters"
      actions    = ["kms:Decrypt", "kms:GenerateDataKey"]
      principals = concat(local.user_arns, [for role in local.named : role.arn if role.may != "pull"])
      sessions   = []
    },
    {
      sid        = "AllowUseForRoleUsers"
      actions    = ["kms:Decrypt", "kms:GenerateDataKey"]
      principals = local.role_user_arns
      sessions   = local.role_user_ids
    },
    {
      sid        = "AllowEncryptForReplication"
      actions    = ["kms:Encrypt", "kms:GenerateDataKey"]
      principals = [for source in var.replication_sources : source.arn]
      sessions   = []
    },
  ] : grant if length(grant.principals) > 0]

  key_policy = length(var.key_policy_documents) == 0 ? data.aws_iam_policy_document.key.json : data.aws_iam_policy_document.whole_key.json
}

# The owner's statements and these. Of two with one Sid, this module's holds.
data "aws_iam_policy_document" "whole_key" {
  source_policy_documents   = var.key_policy_documents
  override_policy_documents = [data.aws_iam_policy_document.key.json]
}

# Only Allow: a Deny here can lock everybody out for good, and then only AWS Support can help.
data "aws_iam_policy_document" "key" {
  # Administration stays with the account, use does not: with kms:* for the account any IAM policy that allows
  # kms:Decrypt on all keys would read the store.
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
    resources = ["*"] # in a key's policy: this key

    principals {
      type        = "AWS"
      identifiers = ["arn:${local.partition}:iam::${local.account_id}:root"]
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
