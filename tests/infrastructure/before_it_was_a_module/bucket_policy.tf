locals {
  list_actions = ["s3:GetBucketLocation", "s3:ListBucket"]
  read_actions = ["s3:GetObject", "s3:GetObjectVersion"]

  version_list_actions = concat(local.list_actions, ["s3:ListBucketVersions"])
  people_actions       = concat(local.read_actions, ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObject"])

  bucket_grants = [for grant in concat(
    [
      {
        name       = "Roles"
        principals = [for name, role in data.aws_iam_role.reader : role.arn if !contains(keys(var.role_paths), name)]
        sessions   = []
        list       = local.list_actions
        actions    = local.read_actions
        objects    = [local.objects_arn]
      },
      {
        name       = "Users"
        principals = local.user_arns
        sessions   = []
        list       = local.version_list_actions
        actions    = local.people_actions
        objects    = [local.objects_arn]
      },
      {
        name       = "RoleUsers"
        principals = local.role_user_arns
        sessions   = local.role_user_ids
        list       = local.version_list_actions
        actions    = local.people_actions
        objects    = [local.objects_arn]
      },
    ],
    [
      for name in sort(setintersection(keys(var.role_paths), var.roles)) : {
        name       = "Role${index(sort(keys(var.role_paths)), name)}"
        principals = [data.aws_iam_role.reader[name].arn]
        sessions   = []
        list       = local.list_actions
        actions    = local.read_actions
        objects    = local.restricted_arns["role/${name}"]
      }
    ],
  ) : grant if length(grant.principals) > 0]
}

data "aws_iam_policy_document" "bucket" {
  statement {
    sid       = "DenyInsecureTransport"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [local.bucket_arn, local.objects_arn]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }

  statement {
    sid       = "DenyOtherEncryption"
    effect    = "Deny"
    actions   = ["s3:PutObject"]
    resources = [local.objects_arn]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Null"
      variable = "s3:x-amz-server-side-encryption"
      values   = ["false"]
    }
    condition {
      test     = "StringNotEquals"
      variable = "s3:x-amz-server-side-encryption"
      values   = ["aws:kms"]
    }
  }

  statement {
    sid       = "DenyOtherKey"
    effect    = "Deny"
    actions   = ["s3:PutObject"]
    resources = [local.objects_arn]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Null"
      variable = "s3:x-amz-server-side-encryption-aws-kms-key-id"
      values   = ["false"]
    }
    condition {
      test     = "StringNotEquals"
      variable = "s3:x-amz-server-side-encryption-aws-kms-key-id"
      values   = [local.key_arn, local.key_id, local.key_alias, replace(local.key_arn, "key/${local.key_id}", local.key_alias)]
    }
  }

  statement {
    sid       = "DenyNoKey"
    effect    = "Deny"
    actions   = ["s3:PutObject"]
    resources = [local.objects_arn]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Null"
      variable = "s3:x-amz-server-side-encryption"
      values   = ["false"]
    }
    condition {
      test     = "Null"
      variable = "s3:x-amz-server-side-encryption-aws-kms-key-id"
      values   = ["true"]
    }
  }

  statement {
    sid       = "DenyCustomerKeys"
    effect    = "Deny"
    actions   = ["s3:PutObject"]
    resources = [local.objects_arn]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Null"
      variable = "s3:x-amz-server-side-encryption-customer-algorithm"
      values   = ["false"]
    }
  }

  statement {
    sid       = "DenyOtherStorage"
    effect    = "Deny"
    actions   = ["s3:PutObject"]
    resources = [local.objects_arn]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Null"
      variable = "s3:x-amz-storage-class"
      values   = ["false"]
    }
    condition {
      test     = "StringNotEquals"
      variable = "s3:x-amz-storage-class"
      values   = ["STANDARD"]
    }
  }

  statement {
    sid       = "DenyCopies"
    effect    = "Deny"
    actions   = ["s3:PutObject"]
    resources = [local.objects_arn]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Null"
      variable = "s3:x-amz-copy-source"
      values   = ["false"]
    }
  }

  statement {
    sid       = "DenyWebsiteRedirects"
    effect    = "Deny"
    actions   = ["s3:PutObject"]
    resources = [local.objects_arn]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Null"
      variable = "s3:x-amz-website-redirect-location"
      values   = ["false"]
    }
  }

  statement {
    sid       = "DenyReadExceptNamed"
    effect    = "Deny"
    actions   = ["s3:GetObject*"]
    resources = [local.objects_arn]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "StringNotLike"
      variable = "aws:userid"
      values   = local.may_read
    }
  }

  statement {
    sid       = "DenyWriteExceptNamed"
    effect    = "Deny"
    actions   = ["s3:PutObject"]
    resources = [local.objects_arn]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "StringNotLike"
      variable = "aws:userid"
      values   = local.may_write
    }
  }

  dynamic "statement" {
    for_each = length(var.source_identities) > 0 ? [1] : []

    content {
      sid       = "DenyPeopleOfOtherSourceIdentity"
      effect    = "Deny"
      actions   = ["s3:*Object*"]
      resources = [local.objects_arn]

      principals {
        type        = "*"
        identifiers = ["*"]
      }
      condition {
        test     = "StringLike"
        variable = "aws:userid"
        values   = local.role_user_ids
      }
      condition {
        test     = "StringNotEquals"
        variable = "aws:SourceIdentity"
        values   = var.source_identities
      }
    }
  }

  statement {
    sid    = "DenyDeleteAndTheRestExceptPeople"
    effect = "Deny"
    actions = [
      "s3:AbortMultipartUpload",
      "s3:DeleteObject*",
      "s3:ObjectOwnerOverrideToBucketOwner",
      "s3:PutObject?*",
      "s3:Replicate*",
      "s3:RestoreObject",
      "s3:UpdateObjectEncryption",
    ]
    resources = [local.objects_arn]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "StringNotLike"
      variable = "aws:userid"
      values   = local.people
    }
  }

  statement {
    sid       = "DenyUnconditionalWrite"
    effect    = "Deny"
    actions   = ["s3:PutObject"]
    resources = [local.objects_arn]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Null"
      variable = "s3:if-none-match"
      values   = ["true"]
    }
    condition {
      test     = "Null"
      variable = "s3:if-match"
      values   = ["true"]
    }
    dynamic "condition" {
      for_each = var.allow_unconditional_writes ? [1] : []
      content {
        test     = "StringNotLike"
        variable = "aws:userid"
        values   = local.people
      }
    }
  }

  statement {
    sid       = "DenyReplacePublishedExceptPeople"
    effect    = "Deny"
    actions   = ["s3:PutObject"]
    resources = ["${local.bucket_arn}/*/.cstore/versions/*", "${local.bucket_arn}/*/.cstore/claims/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Null"
      variable = "s3:if-none-match"
      values   = ["true"]
    }
    condition {
      test     = "StringNotLike"
      variable = "aws:userid"
      values   = local.people
    }
  }

  dynamic "statement" {
    for_each = local.restricted_ids
    iterator = role

    content {
      sid           = "DenyOtherPaths${index(keys(local.restricted_ids), role.key)}"
      effect        = "Deny"
      actions       = ["s3:GetObject*", "s3:PutObject"]
      not_resources = local.restricted_arns[role.key]

      principals {
        type        = "*"
        identifiers = ["*"]
      }
      condition {
        test     = "StringLike"
        variable = "aws:userid"
        values   = [role.value]
      }
    }
  }

  dynamic "statement" {
    for_each = local.bucket_grants
    iterator = grant

    content {
      sid       = "AllowListFor${grant.value.name}"
      actions   = grant.value.list
      resources = [local.bucket_arn]

      principals {
        type        = "AWS"
        identifiers = grant.value.principals
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

  dynamic "statement" {
    for_each = local.bucket_grants
    iterator = grant

    content {
      sid       = "AllowObjectsFor${grant.value.name}"
      actions   = grant.value.actions
      resources = grant.value.objects

      principals {
        type        = "AWS"
        identifiers = grant.value.principals
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
