# Only actions on objects are denied by name. A Deny of bucket actions (s3:Put*, s3:ListBucket) would lock out whoever
# runs terraform, whose refresh needs HeadBucket (s3:ListBucket) and PutBucketPolicy.

locals {
  channels_arn = "${local.bucket_arn}/*/.cstore/channels/*"

  list_actions = ["s3:GetBucketLocation", "s3:ListBucket"]
  read_actions = ["s3:GetObject", "s3:GetObjectVersion"] # a manifest pins its files to S3 versions, and is not pinned itself
  of_manifests = ["s3:GetObject"]

  version_list_actions = concat(local.list_actions, ["s3:ListBucketVersions"])
  people_actions       = concat(local.read_actions, ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObject"])

  # The roles of workflows are not here: their own policies allow them what they may.
  bucket_grants = [for grant in concat(
    [
      {
        name       = "Roles"
        principals = [for name, role in data.aws_iam_role.reader : role.arn if !contains(keys(var.role_paths), name)]
        sessions   = []
        list       = local.list_actions
        objects    = [{ actions = local.read_actions, resources = [local.objects_arn] }]
      },
      {
        name       = "Users"
        principals = local.user_arns
        sessions   = []
        list       = local.version_list_actions
        objects    = [{ actions = local.people_actions, resources = [local.objects_arn] }]
      },
      {
        name       = "RoleUsers"
        principals = local.role_user_arns
        sessions   = local.role_user_ids
        list       = local.version_list_actions
        objects    = [{ actions = local.people_actions, resources = [local.objects_arn] }]
      },
    ],
    [
      for name in sort(setintersection(keys(var.role_paths), var.roles)) : {
        name       = "Role${index(sort(keys(var.role_paths)), name)}"
        principals = [data.aws_iam_role.reader[name].arn]
        sessions   = []
        list       = local.list_actions
        objects    = [{ actions = local.read_actions, resources = local.reads["role/${name}"] }]
      }
    ],
    [
      for name in sort(keys(var.principals)) : {
        name       = "Principal${index(sort(keys(var.principals)), name)}"
        principals = [local.named["principal/${name}"].arn]
        sessions   = []
        list       = local.named["principal/${name}"].may == "push" ? local.version_list_actions : local.list_actions
        objects = concat(
          [{ actions = local.named["principal/${name}"].may == "release" ? local.of_manifests : local.read_actions, resources = try(local.reads["principal/${name}"], [local.objects_arn]) }],
          local.named["principal/${name}"].may == "pull" ? [] : [{ actions = ["s3:PutObject"], resources = try(local.writes["principal/${name}"], [local.objects_arn]) }],
        )
      }
    ],
  ) : grant if length(grant.principals) > 0]

  # The ids of those who are denied what lies too deep, by the list of it: one statement for all that have the same paths.
  denied_deeper = { for name, places in local.deeper : jsonencode(places) => local.named[name].id... if !startswith(name, "github/") }

  # What no put may say, whoever it is. Null=false first: StringNotEquals alone is also true when the header is absent, and
  # so is StringNotEqualsIfExists.
  put_denials = concat(local.has_key ? local.encryption_denials : [], [
    # The tool names no storage class. From another one an object may not be got at once, or not at all.
    { sid = "DenyOtherStorage", conditions = [
      { test = "Null", variable = "s3:x-amz-storage-class", values = ["false"] },
      { test = "StringNotEquals", variable = "s3:x-amz-storage-class", values = ["STANDARD"] },
    ] },
    # Of the rest that a put can say, what has a condition key and the tool never says. (Tags, ACLs and retention take
    # rights of their own. The x-amz-meta- headers have no condition key: the tool does not rely on them.)
    { sid = "DenyCopies", conditions = [
      { test = "Null", variable = "s3:x-amz-copy-source", values = ["false"] },
    ] },
    { sid = "DenyWebsiteRedirects", conditions = [
      { test = "Null", variable = "s3:x-amz-website-redirect-location", values = ["false"] },
    ] },
  ])

  encryption_denials = [
    # An upload that names no encryption gets the bucket's own; one that names another is refused.
    { sid = "DenyOtherEncryption", conditions = [
      { test = "Null", variable = "s3:x-amz-server-side-encryption", values = ["false"] },
      { test = "StringNotEquals", variable = "s3:x-amz-server-side-encryption", values = ["aws:kms"] },
    ] },
    # S3 compares the text of the request, and the Go cStore's catalogs name keys in any of these ways.
    { sid = "DenyOtherKey", conditions = [
      { test = "Null", variable = "s3:x-amz-server-side-encryption-aws-kms-key-id", values = ["false"] },
      { test = "StringNotEquals", variable = "s3:x-amz-server-side-encryption-aws-kms-key-id", values = local.key_names },
    ] },
    # With the algorithm and no key S3 would take the account's own aws/s3 key.
    { sid = "DenyNoKey", conditions = [
      { test = "Null", variable = "s3:x-amz-server-side-encryption", values = ["false"] },
      { test = "Null", variable = "s3:x-amz-server-side-encryption-aws-kms-key-id", values = ["true"] },
    ] },
    { sid = "DenyCustomerKeys", conditions = [
      { test = "Null", variable = "s3:x-amz-server-side-encryption-customer-algorithm", values = ["false"] },
    ] },
  ]

  # With what only the apply knows in its places. (An owner's statement may hold a $, but no such name.)
  bucket_policy_parts = split("$(", length(var.bucket_policy_documents) == 0 ? data.aws_iam_policy_document.bucket.json : data.aws_iam_policy_document.whole_bucket.json)
  bucket_policy = join("", [for index, part in local.bucket_policy_parts : (
    index == 0 ? part
    : contains(keys(local.of_the_apply), split(")", part)[0]) ? "${local.of_the_apply[split(")", part)[0]]}${trimprefix(part, "${split(")", part)[0]})")}"
    : "$(${part}"
  )])
}

# The owner's statements and these. Of two with one Sid, this module's holds.
data "aws_iam_policy_document" "whole_bucket" {
  source_policy_documents   = var.bucket_policy_documents
  override_policy_documents = [data.aws_iam_policy_document.bucket.json]
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

  dynamic "statement" {
    for_each = local.put_denials
    iterator = denial

    content {
      sid       = denial.value.sid
      effect    = "Deny"
      actions   = ["s3:PutObject"]
      resources = [local.objects_arn]

      principals {
        type        = "*"
        identifiers = ["*"]
      }
      dynamic "condition" {
        for_each = denial.value.conditions
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
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

  # Which version is prod is for releasers to say, and for people. (A releaser's own channels are below, in full.)
  statement {
    sid       = "DenyChannelsExceptReleasers"
    effect    = "Deny"
    actions   = ["s3:PutObject"]
    resources = [local.channels_arn]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "StringNotLike"
      variable = "aws:userid"
      values   = local.may_move
    }
  }

  # A session's name is chosen by whoever assumes the role. (That of IAM Identity Center is not, and its sessions carry no
  # source identity.) StringNotEquals is also true of a session without one.
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
        values   = local.assumed_ids
      }
      condition {
        test     = "StringNotEquals"
        variable = "aws:SourceIdentity"
        values   = var.source_identities
      }
    }
  }

  # s3:PutObject?* is every PutObject… but PutObject itself: ACLs, tags, retention.
  statement {
    sid    = "DenyDeleteAndTheRestExceptPeople"
    effect = "Deny"
    actions = concat([
      "s3:AbortMultipartUpload",
      "s3:DeleteObject*",
      "s3:PutObject?*",
      "s3:RestoreObject",
      "s3:UpdateObjectEncryption",
    ], length(var.replication_sources) == 0 ? local.replicate_actions : [])
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

  dynamic "statement" {
    for_each = length(var.replication_sources) == 0 ? [] : [1]

    content {
      sid       = "DenyReplicationExceptFromSources"
      effect    = "Deny"
      actions   = local.replicate_actions
      resources = [local.objects_arn]

      principals {
        type        = "*"
        identifiers = ["*"]
      }
      condition {
        test     = "StringNotLike"
        variable = "aws:userid"
        values   = local.replicates
      }
    }
  }

  # Every put of the tool carries If-None-Match or If-Match. The parts of a multipart upload can carry neither, so there
  # There are no multipart uploads here, and no copies.
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

  # A published version and a claim can be made once. So not even a stolen pusher's token changes what a version says.
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

  # What a restricted role is not granted here, another policy of the role might.
  dynamic "statement" {
    for_each = { for name, places in local.reads : name => places if contains(keys(local.of_this_account), name) }
    iterator = role

    content {
      sid           = "DenyOtherReads${index(keys(local.reads), role.key)}"
      effect        = "Deny"
      actions       = ["s3:GetObject*"]
      not_resources = role.value

      principals {
        type        = "*"
        identifiers = ["*"]
      }
      condition {
        test     = "StringLike"
        variable = "aws:userid"
        values   = [local.named[role.key].id]
      }
    }
  }

  dynamic "statement" {
    for_each = { for name, places in local.writes : name => places if contains(keys(local.of_this_account), name) }
    iterator = role

    content {
      sid           = "DenyOtherWrites${index(keys(local.writes), role.key)}"
      effect        = "Deny"
      actions       = ["s3:PutObject"]
      not_resources = role.value

      principals {
        type        = "*"
        identifiers = ["*"]
      }
      condition {
        test     = "StringLike"
        variable = "aws:userid"
        values   = [local.named[role.key].id]
      }
    }
  }

  # What paths do not mean, though IAM's * does. A workflow's role is denied it by its own policy.
  dynamic "statement" {
    for_each = local.denied_deeper
    iterator = denial

    content {
      sid       = "DenyDeeper${index(keys(local.denied_deeper), denial.key)}"
      effect    = "Deny"
      actions   = ["s3:GetObject*", "s3:PutObject"]
      resources = jsondecode(denial.key)

      principals {
        type        = "*"
        identifiers = ["*"]
      }
      condition {
        test     = "StringLike"
        variable = "aws:userid"
        values   = denial.value
      }
    }
  }

  # A source of this account has a policy of its own; of another account both sides have to allow it.
  dynamic "statement" {
    for_each = length(var.replication_sources) == 0 ? [] : [1]

    content {
      sid       = "AllowReplication"
      actions   = ["s3:ObjectOwnerOverrideToBucketOwner", "s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"]
      resources = [local.objects_arn]

      principals {
        type        = "AWS"
        identifiers = [for source in var.replication_sources : source.arn]
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
    for_each = flatten([for grant in local.bucket_grants : [
      for place, objects in grant.objects : merge(grant, objects, { sid = "Allow${place == 0 ? "Objects" : "Writes"}For${grant.name}" })
    ]])
    iterator = grant

    content {
      sid       = grant.value.sid
      actions   = grant.value.actions
      resources = grant.value.resources

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
