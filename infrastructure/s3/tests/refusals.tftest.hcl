# What terraform.tfvars may not say, and what comes of saying little. The provider is mocked: nothing is asked, and the
# policies are no policies here.
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

run "the_template_as_it_is" {
  command = plan
  variables {
    bucket_name = "cstore-{{CONTEXT}}"
  }
  expect_failures = [var.bucket_name]
}

run "an_arn_or_a_wildcard_for_a_name" {
  command = plan
  variables {
    role_users = ["arn:aws:iam::111122223333:role/devops/me@example.com"]
    roles      = ["shop-*"]
    users      = ["team/ci"]
  }
  expect_failures = [var.role_users, var.roles, var.users]
}

run "a_session_with_a_wildcard_in_it" {
  command = plan
  variables {
    role_users = ["devops/*@example.com"]
  }
  expect_failures = [var.role_users]
}

run "a_source_identity_is_no_pattern" {
  command = plan
  variables {
    source_identities = ["*@example.com"]
  }
  expect_failures = [var.source_identities]
}

run "a_pull_request_that_pushes_and_a_wildcard_repository" {
  command = plan
  variables {
    github_pullers = [{ repository = "acme/*", subjects = ["environment:prod"] }]
    github_pushers = [{ repository = "acme/shop", subjects = ["pull_request"] }]
  }
  expect_failures = [var.github_pullers, var.github_pushers]
}

run "subjects_that_say_too_little" {
  command = plan
  variables {
    github_pullers = [{ repository = "acme/shop", subjects = ["*"] }]
    github_pushers = [{ repository = "acme/shop", subjects = ["ref:refs/tags/*"] }]
  }
  expect_failures = [var.github_pullers, var.github_pushers]
}

run "a_subject_of_two_lines_and_a_role_that_is_no_jobs_name" {
  command = plan
  variables {
    github_pullers = [{ repository = "acme/shop", subjects = ["environment:prod\nother:"] }]
    github_pushers = [{ repository = "acme/shop", subjects = ["environment:prod"], role = "1st" }]
  }
  expect_failures = [var.github_pullers, var.github_pushers]
}

run "one_id_of_two" {
  command = plan
  variables {
    github_pullers = [{ repository = "acme/shop", owner_id = 1000, subjects = ["environment:prod"] }]
    github_pushers = [{ repository = "acme/shop", repository_id = 4711, subjects = ["environment:prod"] }]
  }
  expect_failures = [var.github_pullers, var.github_pushers]
}

run "one_role_with_different_paths" {
  command = plan
  variables {
    github_pullers = [
      { repository = "acme/shop", subjects = ["environment:prod"] },
      { repository = "acme/shop", subjects = ["environment:dev"], paths = [{ context = "shop", path = "service/dev/*" }] },
    ]
    github_pushers = [
      { repository = "acme/shop", subjects = ["environment:prod"], paths = [{ context = "shop" }] },
      { repository = "acme/shop", subjects = ["environment:dev"], paths = [{ context = "shop", path = "service/dev/*" }] },
    ]
  }
  expect_failures = [data.aws_partition.checked]
}

run "paths_with_wildcards_and_variables_of_iam" {
  command = plan
  variables {
    role_paths     = { task = [{ context = "sh*p" }] }
    github_pullers = [{ repository = "acme/shop", subjects = ["environment:dev"], paths = [{ context = "shop", path = "*/dev/*" }] }]
    github_pushers = [{ repository = "acme/shop", subjects = ["environment:dev"], paths = [{ context = "shop", path = "$${aws:username}/*" }] }]
  }
  expect_failures = [var.role_paths, var.github_pullers, var.github_pushers]
}

run "paths_of_a_role_that_is_not_named" {
  command = plan
  variables {
    role_paths = { task = [{ context = "shop" }] }
  }
  expect_failures = [data.aws_partition.checked]
}

run "one_role_that_pulls_and_pushes" {
  command = plan
  variables {
    github_pullers = [{ repository = "acme/shop", subjects = ["environment:prod"], role = "ci" }]
    github_pushers = [{ repository = "acme/shop", subjects = ["environment:prod"], role = "ci" }]
  }
  expect_failures = [data.aws_partition.checked]
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

run "claims_that_aws_does_not_look_at_or_that_say_too_little" {
  command = plan
  variables {
    github_pullers   = [{ repository = "acme/shop", subjects = ["environment:prod"], claims = { runner_environment = ["self-hosted"] } }]
    github_pushers   = [{ repository = "acme/shop", subjects = ["environment:prod"], claims = { job_workflow_ref = ["acme/*"] } }]
    github_releasers = [{ repository = "acme/shop", subjects = ["environment:prod"], claims = { repository_id = ["47*"] }, channels = [{ context = "shop", name = "prod" }] }]
  }
  expect_failures = [var.github_pullers, var.github_pushers, var.github_releasers]
}

run "claims_of_an_issuer_whose_claims_aws_does_not_look_at" {
  command = plan
  variables {
    oidc_issuer    = "https://github.acme.example/_services/token"
    github_pullers = [{ repository = "acme/shop", subjects = ["environment:prod"], claims = { ref = ["refs/heads/main"] } }]
  }
  expect_failures = [data.aws_partition.checked]
}

run "issuer_audience_and_provider_as_nobody_has_them" {
  command = plan
  variables {
    oidc_issuer       = "token.actions.githubusercontent.com/"
    oidc_audience     = "*"
    oidc_provider_arn = "arn:aws:iam::111122223333:role/github"
  }
  expect_failures = [var.oidc_issuer, var.oidc_audience, var.oidc_provider_arn]
}

run "a_provider_of_another_issuer" {
  command = plan
  variables {
    oidc_provider_arn = "arn:aws:iam::111122223333:oidc-provider/gitlab.com"
    github_pullers    = [{ repository = "acme/shop", subjects = ["environment:prod"] }]
  }
  expect_failures = [data.aws_partition.checked]
}

run "channels_with_wildcards" {
  command = plan
  variables {
    github_releasers = [{ repository = "acme/shop", subjects = ["environment:prod"], channels = [{ context = "shop", name = "prod*" }] }]
    github_pushers   = [{ repository = "acme/shop", subjects = ["environment:prod"], channels = [{ context = "shop", name = "staging" }] }]
    principals       = { release = { arn = "arn:aws:iam::444455556666:role/release", id = "AROAX", may = "release" } }
  }
  expect_failures = [var.github_releasers, var.github_pushers, var.principals]
}

run "principals_by_pattern_or_by_anothers_id" {
  command = plan
  variables {
    principals = {
      all  = { arn = "arn:aws:iam::444455556666:role/*", id = "AROAX" }
      root = { arn = "arn:aws:iam::444455556666:root", id = "AROAX" }
      user = { arn = "arn:aws:iam::444455556666:user/ci", id = "AROAX" }
    }
  }
  expect_failures = [var.principals]
}

run "a_bucket_that_is_made_and_exists" {
  command = plan
  variables {
    bucket = "acme-config"
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

run "the_alias_of_a_key" {
  command = plan
  variables {
    kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:alias/shop"
  }
  expect_failures = [var.kms_key_arn]
}

run "replication_without_versioning" {
  command = plan
  variables {
    versioning = false
    replicated = true
    replica    = { bucket_arn = "arn:aws:s3:::cstore-shop-north", kms_key_arn = "arn:aws:kms:eu-north-1:111122223333:key/5678" }
  }
  expect_failures = [data.aws_partition.checked]
}

run "no_noncurrent_version_kept" {
  command = plan
  variables {
    noncurrent_versions_kept = 0
    object_lock              = { mode = "NONE", days = 1 }
  }
  expect_failures = [var.noncurrent_versions_kept, var.object_lock]
}

run "identity_center_with_the_roles_own_name" {
  command = plan
  variables {
    identity_center_users = ["AWSReservedSSO_DevOps_0123456789abcdef/me@example.com"]
  }
  expect_failures = [var.identity_center_users]
}

run "a_replica_that_is_not_named_and_targets_that_hear_nothing" {
  command = plan
  variables {
    replicated    = true
    event_targets = { deploy = { arn = "arn:aws:sqs:eu-central-1:111122223333:deploy" } }
  }
  expect_failures = [data.aws_partition.checked]
}
