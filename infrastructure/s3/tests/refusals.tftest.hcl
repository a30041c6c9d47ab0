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
    condition     = aws_s3_bucket_versioning.store.versioning_configuration[0].status == "Enabled"
    error_message = "versioning is on unless switched off"
  }
  assert {
    condition     = aws_s3_bucket.store.force_destroy == false
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
  expect_failures = [var.github_pullers, var.github_pushers]
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
  expect_failures = [aws_s3_bucket_policy.store]
}

run "one_role_that_pulls_and_pushes" {
  command = plan
  variables {
    github_pullers = [{ repository = "acme/shop", subjects = ["environment:prod"], role = "ci" }]
    github_pushers = [{ repository = "acme/shop", subjects = ["environment:prod"], role = "ci" }]
  }
  expect_failures = [aws_iam_role.pusher]
}
