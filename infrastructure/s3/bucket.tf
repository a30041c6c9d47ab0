# All of this is of a bucket that is made here. One that exists, `bucket`, stays as it is.

resource "aws_s3_bucket" "store" {
  count = local.own_bucket ? 1 : 0 # cannot be determined? known_after_apply = ["bucket"]

  bucket              = var.bucket_name
  force_destroy       = var.force_destroy
  object_lock_enabled = var.object_lock != null
  tags                = var.tags

  # Of a bucket that is there Object Lock is turned on by its configuration, below; this would make the bucket again.
  lifecycle {
    ignore_changes = [object_lock_enabled]
  }
}

moved {
  from = aws_s3_bucket.store
  to   = aws_s3_bucket.store[0]
}

resource "aws_s3_bucket_versioning" "store" {
  count  = local.own_bucket ? 1 : 0
  bucket = aws_s3_bucket.store[0].id

  versioning_configuration {
    status = var.versioning ? "Enabled" : "Suspended"
  }
}

moved {
  from = aws_s3_bucket_versioning.store
  to   = aws_s3_bucket_versioning.store[0]
}

resource "aws_s3_bucket_object_lock_configuration" "store" {
  count  = local.own_bucket && var.object_lock != null ? 1 : 0
  bucket = aws_s3_bucket.store[0].id

  rule {
    default_retention {
      mode = var.object_lock.mode
      days = var.object_lock.days
    }
  }

  depends_on = [aws_s3_bucket_versioning.store]
}

resource "aws_s3_bucket_server_side_encryption_configuration" "store" {
  count  = local.own_bucket ? 1 : 0
  bucket = aws_s3_bucket.store[0].id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = local.key_arn
    }
  }
}

moved {
  from = aws_s3_bucket_server_side_encryption_configuration.store
  to   = aws_s3_bucket_server_side_encryption_configuration.store[0]
}

resource "aws_s3_bucket_public_access_block" "store" {
  count  = local.own_bucket ? 1 : 0
  bucket = aws_s3_bucket.store[0].id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

moved {
  from = aws_s3_bucket_public_access_block.store
  to   = aws_s3_bucket_public_access_block.store[0]
}

resource "aws_s3_bucket_ownership_controls" "store" {
  count  = local.own_bucket ? 1 : 0
  bucket = aws_s3_bucket.store[0].id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

moved {
  from = aws_s3_bucket_ownership_controls.store
  to   = aws_s3_bucket_ownership_controls.store[0]
}

resource "aws_s3_bucket_lifecycle_configuration" "store" {
  count  = local.own_bucket ? 1 : 0
  bucket = aws_s3_bucket.store[0].id

  rule {
    id     = "abort-incomplete-uploads"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = var.multipart_days
    }
  }

  # A dynamic rule would hide the one above from checkov, so this one is switched off rather than left out.
  rule {
    id     = "expire-noncurrent-versions"
    status = var.noncurrent_version_days > 0 ? "Enabled" : "Disabled"

    filter {}

    # Nothing that is current ever expires: files, manifests, claims and channels stay until they are purged. What is kept
    # besides is what a manifest may pin after somebody wrote over it.
    noncurrent_version_expiration {
      noncurrent_days           = max(1, var.noncurrent_version_days)
      newer_noncurrent_versions = var.noncurrent_version_days > 0 ? var.noncurrent_versions_kept : null
    }

    expiration {
      expired_object_delete_marker = true
    }
  }

  depends_on = [aws_s3_bucket_versioning.store]
}

moved {
  from = aws_s3_bucket_lifecycle_configuration.store
  to   = aws_s3_bucket_lifecycle_configuration.store[0]
}

resource "aws_s3_bucket_logging" "store" {
  count = local.own_bucket && local.given.access_log_bucket ? 1 : 0 # cannot be determined? known_after_apply = ["access_log_bucket"]

  bucket        = aws_s3_bucket.store[0].id
  target_bucket = var.access_log_bucket
  target_prefix = "${local.name}/"
}

resource "aws_s3_bucket_policy" "store" {
  count  = local.manage_bucket_policy ? 1 : 0
  bucket = local.own_bucket ? aws_s3_bucket.store[0].id : var.bucket
  policy = local.bucket_policy

  depends_on = [aws_s3_bucket_public_access_block.store]
}

moved {
  from = aws_s3_bucket_policy.store
  to   = aws_s3_bucket_policy.store[0]
}

# So that a misspelt name fails the plan, and for the region, in which its key is to be used.
data "aws_s3_bucket" "existing" { # not found: bucket names no bucket, or one that may not be looked at (s3:ListBucket)
  count  = local.own_bucket ? 0 : 1
  bucket = var.bucket

  lifecycle {
    postcondition {
      condition     = !local.given.kms_key_arn ? true : split(":", var.kms_key_arn)[3] == lookup(self, "bucket_region", self.region)
      error_message = "kms_key_arn is not of the bucket's region, ${lookup(self, "bucket_region", self.region)}: S3 takes a key of the same region only."
    }
  }
}

locals {
  # Whether they are given, which is known also where what they are is not.
  given = {
    access_log_bucket = contains(var.known_after_apply, "access_log_bucket") ? true : var.access_log_bucket != null
    bucket            = contains(var.known_after_apply, "bucket") ? true : var.bucket != null
    kms_key_arn       = contains(var.known_after_apply, "kms_key_arn") ? true : var.kms_key_arn != null
    oidc_provider_arn = contains(var.known_after_apply, "oidc_provider_arn") ? true : var.oidc_provider_arn != null
  }
  own_bucket           = !local.given.bucket
  manage_bucket_policy = coalesce(var.manage_bucket_policy, local.own_bucket)
}
