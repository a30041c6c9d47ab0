# What terraform.tfvars may not say, and what comes of saying little. The provider is mocked: nothing is asked, and the
# policies are no policies here. (What each refusal says, and of which entry, is compared outside.)
mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
}

variables {
  bucket_name    = "cstore-shop"
  role_users     = []
  roles          = []
  users          = []
  github_pullers = []
  github_pushers = []
}

run "the_bucket_alone" {
  command = plan

  assert {
    condition     = length(aws_iam_role.puller) == 0 && length(aws_iam_role.pusher) == 0 && length(aws_iam_openid_connect_provider.github) == 0
    error_message = "GitHub's provider and roles are made only for a puller or pusher"
  }
  assert {
    condition     = aws_s3_bucket_versioning.store[0].versioning_configuration[0].status == "Enabled"
    error_message = "versioning is on unless switched off"
  }
  assert {
    condition     = aws_s3_bucket.store[0].force_destroy == false
    error_message = "a bucket that holds objects is not destroyed unasked"
  }
  assert {
    condition     = output.workflow == null
    error_message = "there is no workflow without a role for it"
  }
}

run "what_is_no_name" {
  command = plan
  variables {
    bucket_name              = "cstore-{{CONTEXT}}"
    kms_key_arn              = "arn:aws:kms:eu-central-1:111122223333:alias/shop"
    role_users               = ["devops/*@example.com"]
    identity_center_users    = ["AWSReservedSSO_DevOps_0123456789abcdef/me@example.com"]
    source_identities        = ["*@example.com"]
    roles                    = ["shop-*"]
    users                    = ["team/ci"]
    replication_sources      = { all = { arn = "*", id = "*" } }
    noncurrent_versions_kept = 0
    object_lock              = { mode = "NONE", days = 1 }
    oidc_issuer              = "token.actions.githubusercontent.com/"
    oidc_audience            = "*"
    oidc_provider_arn        = "arn:aws:iam::111122223333:role/github"
    bucket                   = "s3://acme-config"
    known_after_apply        = ["role_users"]
    bucket_policy_documents  = ["owner.json"]
    key_policy_documents     = ["{\"Statement\": []}"]
    noncurrent_version_days  = -1
    multipart_days           = 0
    kms_deletion_window_days = 6
    access_log_bucket        = "arn:aws:s3:::acme-logs"
    replica                  = { bucket_arn = "cstore-shop-copy", kms_key_arn = "arn:aws:kms:eu-north-1:111122223333:key/1234" }
    event_targets            = { deploy = { arn = "deploy" } }
    role_name_prefix         = "acme shop"
    iam_path                 = "ci"
    trust_policy_quota       = 1024
    permissions_boundary     = "ci"
  }
  expect_failures = [
    var.bucket_name, var.kms_key_arn, var.role_users, var.identity_center_users, var.source_identities, var.roles, var.users,
    var.replication_sources, var.noncurrent_versions_kept, var.object_lock, var.oidc_issuer, var.oidc_audience, var.oidc_provider_arn,
    var.bucket, var.known_after_apply, var.bucket_policy_documents, var.key_policy_documents, var.noncurrent_version_days, var.multipart_days,
    var.kms_deletion_window_days, var.access_log_bucket, var.replica, var.event_targets, var.role_name_prefix, var.iam_path,
    var.trust_policy_quota, var.permissions_boundary,
  ]
}

# The other end of each range, and what looks nearly right.
run "what_is_too_much" {
  command = plan
  variables {
    bucket_name              = "a-name-of-fifty-eight-characters-which-is-one-more-than-57"
    bucket                   = "arn:aws:s3:::acme-config"
    kms_key_arn              = "1234abcd-12ab-34cd-56ef-1234567890ab"
    bucket_policy_documents  = ["{\"Version\": \"2012-10-17\"}"]
    key_policy_documents     = ["[]"]
    noncurrent_version_days  = 0.5
    noncurrent_versions_kept = 101
    object_lock              = { days = 0 }
    multipart_days           = 1.5
    kms_deletion_window_days = 31
    access_log_bucket        = "Acme"
    replica                  = { bucket_arn = "arn:aws:s3:::cstore-shop-copy", kms_key_arn = "arn:aws:kms:eu-north-1:111122223333:key/1234", account_id = "4444" }
    event_targets            = { deploy = { arn = "arn:aws:states:eu-central-1:111122223333:stateMachine:deploy", role_arn = "deploy" } }
    role_name_prefix         = "a-prefix-of-fifty-three-characters-which-is-too-long-"
    iam_path                 = "/ci"
    permissions_boundary     = "arn:aws:iam::111122223333:role/ci"
  }
  expect_failures = [
    var.bucket_name, var.bucket, var.kms_key_arn, var.bucket_policy_documents, var.key_policy_documents, var.noncurrent_version_days,
    var.noncurrent_versions_kept, var.object_lock, var.multipart_days, var.kms_deletion_window_days, var.access_log_bucket, var.replica,
    var.event_targets, var.role_name_prefix, var.iam_path, var.permissions_boundary,
  ]
}

run "an_entry_that_says_too_little" {
  command = plan
  module {
    source = "./modules/entry"
  }
  variables {
    entry = { place = "github_pullers[0]", kind = "puller", may = "pull", repository = "acme/shop", subjects = ["*"] }
    given = { place = "github_pullers[0]", known = ["repository", "subjects", "paths"], entry = { repository = "acme/shop", subjects = ["*"], path = [{ context = "shop" }] } }
  }
  expect_failures = [var.entry, var.given]
}

run "two_repositories_that_are_told_to_share_a_role" {
  command = plan
  variables {
    github_pullers = [
      { repository = "acme/shop", subjects = ["environment:prod"], role = "all" },
      { repository = "acme/deploy", subjects = ["environment:prod"], role = "all" },
    ]
  }

  assert {
    condition     = length(aws_iam_role.puller) == 1 && length(local.github_roles.all.subjects) == 2
    error_message = "they share it"
  }
}

run "each_repository_has_a_role" {
  command = plan
  variables {
    github_pullers = [
      { repository = "acme/shop", subjects = ["environment:prod"] },
      { repository = "acme/Deploy.Tools", subjects = ["environment:prod"] },
    ]
  }

  assert {
    condition     = jsonencode({ for name, role in aws_iam_role.puller : name => role.name }) == jsonencode({ puller = "cstore-shop-puller", puller-deploy-tools = "cstore-shop-puller-deploy-tools" })
    error_message = "by its name"
  }
}

# The guide's way to take the first repository away: the other one keeps its role.
run "the_first_repository_is_taken_away" {
  command = plan
  variables {
    github_pullers = [{ repository = "acme/Deploy.Tools", subjects = ["environment:prod"], role = "puller-deploy-tools" }]
  }

  assert {
    condition     = one(values(aws_iam_role.puller)).name == "cstore-shop-puller-deploy-tools"
    error_message = "it is called as before"
  }
}

run "the_first_repository_is_taken_away_without_a_word" {
  command = plan
  variables {
    github_pullers = [{ repository = "acme/Deploy.Tools", subjects = ["environment:prod"] }]
  }

  assert {
    condition     = one(values(aws_iam_role.puller)).name == "cstore-shop-puller"
    error_message = "the next one has the first one's role, as the guide says"
  }
}

run "two_repositories_that_come_to_one_role_unasked" {
  command = plan
  variables {
    github_pullers = [
      { repository = "acme/shop", subjects = ["environment:prod"] },
      { repository = "acme/deploy", subjects = ["environment:prod"] },
      { repository = "umbrella/deploy", subjects = ["environment:prod"] },
    ]
  }
  expect_failures = [data.aws_partition.checked]
}

run "a_named_role_that_another_repository_has_unnamed" {
  command = plan
  variables {
    github_pullers = [
      { repository = "acme/shop", subjects = ["environment:prod"] },
      { repository = "acme/deploy", subjects = ["environment:prod"], role = "puller" },
    ]
  }
  expect_failures = [data.aws_partition.checked]
}

run "no_lists_and_no_maps" {
  command = plan
  variables {
    github_pullers   = { repository = "acme/shop", subjects = ["environment:prod"] }
    github_pushers   = ["acme/shop"]
    github_releasers = "acme/shop"
    principals       = ["arn:aws:iam::444455556666:role/shop"]
    role_paths       = [{ context = "shop" }]
  }
  expect_failures = [var.github_pullers, var.github_pushers, var.github_releasers, var.principals, var.role_paths]
}

run "ids_of_a_server_that_has_no_such_subjects" {
  command = plan
  variables {
    oidc_issuer    = "https://github.acme.example/_services/token"
    github_pullers = [{ repository = "acme/shop", owner_id = 1000, repository_id = 4711, subjects = ["environment:prod"] }]
  }
  expect_failures = [data.aws_partition.checked]
}

run "subjects_that_gitlab_does_not_issue" {
  command = plan
  variables {
    oidc_issuer    = "https://gitlab.com"
    github_pullers = [{ repository = "acme/shop", subjects = ["environment:prod"] }]
  }
  expect_failures = [data.aws_partition.checked]
}

run "neither_bucket" {
  command = plan
  variables {
    bucket_name = null
  }
  expect_failures = [data.aws_partition.checked]
}
