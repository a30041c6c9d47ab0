# The policies as they are sent to AWS: the real provider computes them and asks nobody.
provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "made-up"
  secret_key                  = "made-up"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

override_data {
  target          = data.aws_caller_identity.current
  override_during = plan
  values          = { account_id = "111122223333" }
}

override_data {
  target          = data.aws_iam_role.people["devops"]
  override_during = plan
  values          = { arn = "arn:aws:iam::111122223333:role/devops", unique_id = "AROADEVOPS" }
}

override_data {
  target          = data.aws_iam_role.reader["shop-task"]
  override_during = plan
  values          = { arn = "arn:aws:iam::111122223333:role/ecs/shop-task", unique_id = "AROATASK" }
}

override_data {
  target          = data.aws_iam_role.reader["shop-dev-task"]
  override_during = plan
  values          = { arn = "arn:aws:iam::111122223333:role/ecs/shop-dev-task", unique_id = "AROADEVTASK" }
}

override_data {
  target          = data.aws_iam_user.named["ci"]
  override_during = plan
  values          = { arn = "arn:aws:iam::111122223333:user/ci", user_id = "AIDACI" }
}

override_resource {
  target          = aws_kms_key.store
  override_during = plan
  values          = { arn = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", key_id = "1234abcd-12ab-34cd-56ef-1234567890ab" }
}

override_resource {
  target          = aws_iam_role.puller["puller"]
  override_during = plan
  values          = { arn = "arn:aws:iam::111122223333:role/cstore-shop-puller", unique_id = "AROAPULLER" }
}

override_resource {
  target          = aws_iam_role.puller["puller-dev"]
  override_during = plan
  values          = { arn = "arn:aws:iam::111122223333:role/cstore-shop-puller-dev", unique_id = "AROADEVPULLER" }
}

override_resource {
  target          = aws_iam_role.pusher["pusher"]
  override_during = plan
  values          = { arn = "arn:aws:iam::111122223333:role/cstore-shop-pusher", unique_id = "AROAPUSHER" }
}

override_resource {
  target          = aws_iam_role.pusher["pusher-dev"]
  override_during = plan
  values          = { arn = "arn:aws:iam::111122223333:role/cstore-shop-pusher-dev", unique_id = "AROADEVPUSHER" }
}

override_resource {
  target          = aws_iam_openid_connect_provider.github
  override_during = plan
  values          = { arn = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" }
}

# Those of docs/setup.md.
variables {
  bucket_name    = "cstore-shop"
  role_users     = ["devops/me@example.com"]
  roles          = ["shop-task"]
  users          = []
  github_pullers = [{ repository = "acme/shop", owner_id = 1000, repository_id = 4711, subjects = ["environment:prod"] }]
  github_pushers = [{ repository = "acme/shop", owner_id = 1000, repository_id = 4711, subjects = ["ref:refs/tags/v*"] }]
}

run "documented" {
  command = plan
}

# Somebody of every kind. The decisions that come of it are held to a table outside.
run "everybody" {
  command = plan
  variables {
    roles      = ["shop-task", "shop-dev-task"]
    role_paths = { shop-dev-task = [{ context = "shop", path = "service/dev/*" }] }
    users      = ["ci"]
    github_pullers = [
      { repository = "acme/shop", subjects = ["environment:prod"] },
      { repository = "acme/shop", subjects = ["environment:dev"], role = "puller-dev", paths = [{ context = "shop", path = "service/dev/*" }] },
    ]
    github_pushers = [
      { repository = "acme/shop", owner_id = 1000, repository_id = 4711, subjects = ["ref:refs/tags/v*"] },
      { repository = "acme/shop", subjects = ["environment:dev"], role = "pusher-dev", paths = [{ context = "shop", path = "service/dev/*" }] },
    ]
  }

  assert {
    condition     = alltrue([for statement in jsondecode(data.aws_iam_policy_document.key.json).Statement : statement.Effect == "Allow"])
    error_message = "a Deny in the key's policy can lock everybody out"
  }
  assert {
    condition     = length(data.aws_iam_policy_document.bucket.minified_json) < 20480
    error_message = "S3 takes no bucket policy of more than 20 KB"
  }
}

run "names_that_yaml_would_take_for_something_else" {
  command = plan
  variables {
    bucket_name = "1e3"
    github_pullers = [
      { repository = "acme/shop", subjects = ["environment:on"], paths = [{ context = "007", path = "a: b/c #d/*" }] },
    ]
  }

  assert {
    condition     = yamldecode(output.workflow).jobs.puller.environment == "on"
    error_message = "the environment is a string"
  }
  assert {
    condition = jsonencode(yamldecode(output.workflow).jobs.puller.steps[1].with) == jsonencode({
      aws-region     = "eu-central-1"
      bucket         = "1e3"
      context        = "007"
      files          = "a: b/c #d/**"
      role-to-assume = "arn:aws:iam::111122223333:role/cstore-shop-puller"
      version        = "latest"
    })
    error_message = "the inputs are strings, as they were given: ${output.workflow}"
  }
}

run "for_the_time_of_a_move" {
  command = plan
  variables {
    allow_unconditional_writes = true
  }
}

run "with_source_identities" {
  command = plan
  variables {
    source_identities = ["me@example.com"]
  }
}

run "an_existing_provider_and_nobody_else" {
  command = plan
  variables {
    role_users               = []
    roles                    = []
    github_pushers           = []
    github_oidc_provider_arn = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
  }

  assert {
    condition     = length(aws_iam_openid_connect_provider.github) == 0 && length(aws_iam_role.puller) == 1 && length(aws_iam_role.pusher) == 0
    error_message = "an existing provider is used"
  }
  assert {
    condition     = jsonencode(local.people) == jsonencode(["111122223333"])
    error_message = "the account itself stays in the lists"
  }
  assert {
    condition     = length([for statement in jsondecode(data.aws_iam_policy_document.bucket.json).Statement : statement if statement.Effect == "Allow"]) == 0
    error_message = "the bucket's policy allows only whom it was told to"
  }
}
