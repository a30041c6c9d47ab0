# For those who applied infrastructure/s3 itself before: their resources become the module's, and nothing is made again.
# Copy it beside the module's block, and put your state where this stack's is. It may stay, and does nothing elsewhere.

moved {
  from = aws_s3_bucket.store
  to   = module.config.aws_s3_bucket.store
}

moved {
  from = aws_s3_bucket_versioning.store
  to   = module.config.aws_s3_bucket_versioning.store
}

moved {
  from = aws_s3_bucket_object_lock_configuration.store
  to   = module.config.aws_s3_bucket_object_lock_configuration.store
}

moved {
  from = aws_s3_bucket_server_side_encryption_configuration.store
  to   = module.config.aws_s3_bucket_server_side_encryption_configuration.store
}

moved {
  from = aws_s3_bucket_public_access_block.store
  to   = module.config.aws_s3_bucket_public_access_block.store
}

moved {
  from = aws_s3_bucket_ownership_controls.store
  to   = module.config.aws_s3_bucket_ownership_controls.store
}

moved {
  from = aws_s3_bucket_lifecycle_configuration.store
  to   = module.config.aws_s3_bucket_lifecycle_configuration.store
}

moved {
  from = aws_s3_bucket_logging.store
  to   = module.config.aws_s3_bucket_logging.store
}

moved {
  from = aws_s3_bucket_policy.store
  to   = module.config.aws_s3_bucket_policy.store
}

moved {
  from = aws_s3_bucket_notification.store
  to   = module.config.aws_s3_bucket_notification.store
}

moved {
  from = aws_s3_bucket_replication_configuration.store
  to   = module.config.aws_s3_bucket_replication_configuration.store
}

moved {
  from = aws_kms_key.store
  to   = module.config.aws_kms_key.store
}

moved {
  from = aws_kms_alias.store
  to   = module.config.aws_kms_alias.store
}

moved {
  from = aws_kms_key_policy.store
  to   = module.config.aws_kms_key_policy.store
}

moved {
  from = aws_cloudwatch_event_rule.store
  to   = module.config.aws_cloudwatch_event_rule.store
}

moved {
  from = aws_cloudwatch_event_target.store
  to   = module.config.aws_cloudwatch_event_target.store
}

moved {
  from = aws_iam_role.puller
  to   = module.config.aws_iam_role.puller
}

moved {
  from = aws_iam_role_policy.puller
  to   = module.config.aws_iam_role_policy.puller
}

moved {
  from = aws_iam_role.pusher
  to   = module.config.aws_iam_role.pusher
}

moved {
  from = aws_iam_role_policy.pusher
  to   = module.config.aws_iam_role_policy.pusher
}

moved {
  from = aws_iam_role.releaser
  to   = module.config.aws_iam_role.releaser
}

moved {
  from = aws_iam_role_policy.releaser
  to   = module.config.aws_iam_role_policy.releaser
}

moved {
  from = aws_iam_role.replication
  to   = module.config.aws_iam_role.replication
}

moved {
  from = aws_iam_role_policy.replication
  to   = module.config.aws_iam_role_policy.replication
}

moved {
  from = aws_iam_openid_connect_provider.github
  to   = module.config.aws_iam_openid_connect_provider.github
}
