# A copy of the bucket in another region or account. The destination is a bucket of this module, too, which lets this
# one's role in with `replication_sources`. The role hangs on nothing of the destination, whose policies hang on the role.

locals {
  replicate_actions = ["s3:ObjectOwnerOverrideToBucketOwner", "s3:Replicate*"]

  replica = coalesce(var.replica, { bucket_arn = "arn:aws:s3:::none", kms_key_arn = "arn:aws:kms:us-east-1:000000000000:key/none", account_id = null })

  replicator_ids  = [for role in aws_iam_role.replication : "$(replication):*"]
  replicator_arns = [for role in aws_iam_role.replication : role.arn]
}

data "aws_iam_policy_document" "replication_trust" {
  statement {
    sid     = "S3"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["s3.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account_id]
    }
    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [local.bucket_arn]
    }
  }
}

data "aws_iam_policy_document" "replication" {
  count = var.replicated ? 1 : 0

  statement {
    sid       = "Source"
    actions   = ["s3:GetReplicationConfiguration", "s3:ListBucket"]
    resources = [local.bucket_arn]
  }
  statement {
    sid       = "Read"
    actions   = concat(["s3:GetObjectVersionAcl", "s3:GetObjectVersionForReplication", "s3:GetObjectVersionTagging"], var.object_lock == null ? [] : ["s3:GetObjectLegalHold", "s3:GetObjectRetention"])
    resources = [local.objects_arn]
  }
  statement {
    sid       = "Replicate"
    actions   = concat(["s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"], local.replica.account_id == null ? [] : ["s3:ObjectOwnerOverrideToBucketOwner"])
    resources = ["${local.replica.bucket_arn}/*"]
  }
  # The key of this bucket is in its key's policy; that of the destination in the destination's. With buckets of two accounts
  # both sides have to allow it.
  statement {
    sid       = "Encrypt"
    actions   = ["kms:Encrypt", "kms:GenerateDataKey"]
    resources = [local.replica.kms_key_arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["s3.${split(":", local.replica.kms_key_arn)[3]}.${data.aws_partition.current.dns_suffix}"]
    }
    condition {
      test     = "StringLike"
      variable = "kms:EncryptionContext:aws:s3:arn"
      values   = [local.replica.bucket_arn, "${local.replica.bucket_arn}/*"]
    }
  }
}

resource "aws_iam_role" "replication" {
  count = var.replicated ? 1 : 0

  name                 = "${local.role_prefix}-replication"
  path                 = var.iam_path
  description          = "S3: replicate ${local.name}"
  assume_role_policy   = data.aws_iam_policy_document.replication_trust.json
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags
}

resource "aws_iam_role_policy" "replication" {
  count = var.replicated ? 1 : 0

  name   = "replicate"
  role   = aws_iam_role.replication[0].id
  policy = data.aws_iam_policy_document.replication[0].json
}

resource "aws_s3_bucket_replication_configuration" "store" {
  count = local.own_bucket && var.replicated ? 1 : 0

  bucket = aws_s3_bucket.store[0].id
  role   = aws_iam_role.replication[0].arn

  rule {
    id     = "everything"
    status = "Enabled"

    filter {}

    # What is removed from the keys here is to be gone there as well. A purge's deletion of S3 versions is never replicated.
    delete_marker_replication {
      status = "Enabled"
    }

    source_selection_criteria {
      sse_kms_encrypted_objects {
        status = "Enabled"
      }
    }

    destination {
      bucket        = local.replica.bucket_arn
      storage_class = "STANDARD"
      account       = local.replica.account_id

      dynamic "access_control_translation" {
        for_each = local.replica.account_id == null ? [] : [1]
        content {
          owner = "Destination"
        }
      }

      encryption_configuration {
        replica_kms_key_id = local.replica.kms_key_arn
      }
    }
  }

  # The role's policy, without which S3 refuses the configuration.
  depends_on = [aws_s3_bucket_versioning.store, aws_iam_role_policy.replication]
}
