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
  target          = data.aws_s3_bucket.existing[0]
  override_during = plan
  values          = { region = "eu-central-1" }
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
  target          = data.aws_iam_role.reader["shop-any-task"]
  override_during = plan
  values          = { arn = "arn:aws:iam::111122223333:role/ecs/shop-any-task", unique_id = "AROAANYTASK" }
}

override_data {
  target          = data.aws_iam_user.named["ci"]
  override_during = plan
  values          = { arn = "arn:aws:iam::111122223333:user/ci", user_id = "AIDACI" }
}

override_resource {
  target          = aws_kms_key.store[0]
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
  target          = aws_iam_role.puller["puller-env"]
  override_during = plan
  values          = { arn = "arn:aws:iam::111122223333:role/cstore-shop-puller-env", unique_id = "AROAENVPULLER" }
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
  target          = aws_iam_role.puller["puller-deploy"]
  override_during = plan
  values          = { arn = "arn:aws:iam::111122223333:role/cstore-shop-puller-deploy", unique_id = "AROADEPLOYPULLER" }
}

override_resource {
  target          = aws_iam_role.pusher["pusher-staging"]
  override_during = plan
  values          = { arn = "arn:aws:iam::111122223333:role/cstore-shop-pusher-staging", unique_id = "AROASTAGINGPUSHER" }
}

override_resource {
  target          = aws_iam_role.pusher["promoter"]
  override_during = plan
  values          = { arn = "arn:aws:iam::111122223333:role/cstore-shop-promoter", unique_id = "AROAPROMOTER" }
}

override_resource {
  target          = aws_iam_role.releaser["releaser"]
  override_during = plan
  values          = { arn = "arn:aws:iam::111122223333:role/cstore-shop-releaser", unique_id = "AROARELEASER" }
}

override_resource {
  target          = aws_iam_role.replication[0]
  override_during = plan
  values          = { arn = "arn:aws:iam::111122223333:role/cstore-shop-replication", unique_id = "AROAREPLICATION" }
}

override_data {
  target          = data.aws_iam_roles.permission_set["DevOps"]
  override_during = plan
  values          = { names = ["AWSReservedSSO_DevOps_0123456789abcdef"] }
}

override_data {
  target          = data.aws_iam_role.permission_set["DevOps"]
  override_during = plan
  values          = { arn = "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_DevOps_0123456789abcdef", unique_id = "AROASSO" }
}

override_resource {
  target          = aws_iam_openid_connect_provider.github[0]
  override_during = plan
  values          = { arn = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" }
}

# Those of docs/setup.md.
variables {
  bucket_name      = "cstore-shop"
  role_users       = ["devops/me@example.com"]
  roles            = ["shop-task"]
  users            = []
  github_pullers   = [{ repository = "acme/shop", owner_id = 1000, repository_id = 4711, subjects = ["environment:prod"] }]
  github_pushers   = [{ repository = "acme/shop", owner_id = 1000, repository_id = 4711, subjects = ["ref:refs/tags/v*"] }]
  github_releasers = [{ repository = "acme/shop", owner_id = 1000, repository_id = 4711, subjects = ["environment:release"], channels = [{ context = "shop", name = "prod" }] }]
}

run "documented" {
  command = plan
}

# Somebody of every kind. The decisions that come of it are held to a table outside.
run "everybody" {
  command = plan
  variables {
    roles = ["shop-task", "shop-dev-task", "shop-any-task"]
    role_paths = {
      shop-dev-task = [{ context = "shop", path = "service/dev/*" }]
      shop-any-task = [{ context = "shop", path = "service/dev/*", any_folder = true }]
    }
    users = ["ci"]
    github_pullers = [
      { repository = "acme/shop", subjects = ["environment:prod"] },
      { repository = "acme/shop", subjects = ["environment:dev"], role = "puller-dev", paths = [{ context = "shop", path = "service/.env" }, { context = "shop", path = "service/dev/*" }] },
      { repository = "acme/shop", subjects = ["environment:env"], role = "puller-env", paths = [{ context = "shop", path = ".env", any_folder = true }, { context = "shop", path = "service/dev/*" }] },
      # Another repository, and so another role; only in the workflow that everybody deploys with, and by the number.
      {
        repository = "acme/deploy"
        subjects   = ["environment:prod"]
        claims = {
          job_workflow_ref = ["acme/workflows/.github/workflows/deploy.yml@refs/tags/v*"]
          repository_id    = ["815"]
        }
      },
      { repository = "acme/deploy", subjects = ["environment:dev"], claims = { environment = ["dev"] } },
      {
        repository = "acme/deploy"
        subjects   = ["environment:audit"]
        claims = {
          actor         = ["alice"]
          actor_id      = ["1"]
          enterprise_id = ["9"]
          ref           = ["refs/heads/main"]
          repository    = ["acme/deploy"]
          workflow      = ["Audit"]
        }
      },
    ]
    github_pushers = [
      { repository = "acme/shop", owner_id = 1000, repository_id = 4711, subjects = ["ref:refs/tags/v*"] },
      { repository = "acme/shop", subjects = ["environment:dev"], role = "pusher-dev", paths = [{ context = "shop", path = "service/dev/*" }] },
      { repository = "acme/shop", subjects = ["environment:staging"], role = "pusher-staging", paths = [{ context = "shop", path = "service/dev/*" }], channels = [{ context = "shop", name = "staging" }] },
      { repository = "acme/shop", subjects = ["environment:promote"], role = "promoter", paths = [{ context = "shop" }], reads = ["web"] },
    ]
    github_releasers = [
      { repository = "acme/shop", subjects = ["environment:release"], channels = [{ context = "shop", name = "prod" }] },
    ]
    identity_center_users = ["DevOps/me@example.com"]
    principals = {
      # One of this account, which its own policies could give anything.
      sync           = { arn = "arn:aws:iam::111122223333:role/sync", id = "AROASYNC", may = "push", paths = [{ context = "shop", path = "service/dev/*" }] }
      other-puller   = { arn = "arn:aws:iam::444455556666:role/shop", id = "AROAOTHERPULLER" }
      other-pusher   = { arn = "arn:aws:iam::444455556666:role/build", id = "AROAOTHERPUSHER", may = "push", paths = [{ context = "shop" }] }
      other-promoter = { arn = "arn:aws:iam::444455556666:role/promote", id = "AROAOTHERPROMOTER", may = "push", paths = [{ context = "shop" }], reads = ["web"] }
      other-releaser = { arn = "arn:aws:iam::444455556666:user/release", id = "AIDAOTHERRELEASER", may = "release", channels = [{ context = "shop", name = "prod" }] }
    }
  }

  assert {
    condition     = alltrue([for statement in jsondecode(data.aws_iam_policy_document.key.json).Statement : statement.Effect == "Allow"])
    error_message = "a Deny in the key's policy can lock everybody out"
  }
  # The made-up ids that stand for those of AWS are shorter.
  assert {
    condition     = length(replace(replace(jsonencode(jsondecode(output.bucket_policy)), "/AROA(PULLER|DEVPULLER|ENVPULLER|DEPLOYPULLER|PUSHER|DEVPUSHER|STAGINGPUSHER|PROMOTER|RELEASER):/", "AROAIOSFODNN7EXAMPLE1:"), "&", "u0026")) == local.bucket_policy_size
    error_message = "the bucket's policy is as long as the plan says, ${local.bucket_policy_size}"
  }
  assert {
    condition     = alltrue([for name, trust in { for name, role in merge(aws_iam_role.puller, aws_iam_role.pusher) : name => role.assume_role_policy } : length(jsonencode(jsondecode(trust))) == local.trust_sizes[name]])
    error_message = "and so is each trust"
  }
}

# Those of docs/setup.md who promote, and who deploy only in one workflow.
run "a_promoter" {
  command = plan
  variables {
    github_pullers = [{
      repository = "acme/deploy"
      role       = "deployer"
      subjects   = ["environment:prod"]
      claims     = { job_workflow_ref = ["acme/workflows/.github/workflows/deploy.yml@refs/tags/v*"], repository_id = ["815"] }
    }]
    github_pushers = [
      { repository = "acme/shop", owner_id = 1000, repository_id = 4711, subjects = ["environment:prod"], role = "promoter", paths = [{ context = "shop" }], reads = ["shop-dev"] },
    ]
  }

  assert {
    condition     = output.workflow == null
    error_message = "a version has to be told"
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
    condition     = strcontains(output.workflow, "# for \"repo:acme/shop:environment:on\"\n")
    error_message = "what came in is quoted in a comment, too"
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
    source_identities     = ["me@example.com"]
    identity_center_users = ["DevOps/me@example.com"]
  }
}

# The destination of another region's copy, and a source.
run "a_copy" {
  command = plan
  variables {
    replication_sources = {
      east = { arn = "arn:aws:iam::444455556666:role/cstore-shop-east-replication", id = "AROAEAST" }
      west = { arn = "arn:aws:iam::111122223333:role/cstore-shop-west-replication", id = "AROAWEST" }
    }
    object_lock = { days = 90 }
    replicated  = true
    replica     = { bucket_arn = "arn:aws:s3:::cstore-shop-north", kms_key_arn = "arn:aws:kms:eu-north-1:111122223333:key/5678", account_id = "444455556666" }
  }

  assert {
    condition     = aws_s3_bucket_replication_configuration.store[0].rule[0].destination[0].encryption_configuration[0].replica_kms_key_id == "arn:aws:kms:eu-north-1:111122223333:key/5678"
    error_message = "the copy is encrypted with the key of its own region"
  }
}

# Somebody else's bucket and key, whose policies say nothing: what a role may is in its own policy.
run "a_bucket_and_key_that_exist" {
  command = plan
  variables {
    bucket_name = null
    bucket      = "cstore-shop"
    kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    github_pushers = [
      { repository = "acme/shop", owner_id = 1000, repository_id = 4711, subjects = ["ref:refs/tags/v*"] },
      { repository = "acme/shop", subjects = ["environment:dev"], role = "pusher-dev", paths = [{ context = "shop", path = "service/dev/*" }, { context = "shop", path = "prod.json", any_folder = true }] },
    ]
  }

  assert {
    condition     = length(aws_s3_bucket.store) + length(aws_s3_bucket_policy.store) + length(aws_s3_bucket_versioning.store) + length(aws_s3_bucket_server_side_encryption_configuration.store) + length(aws_s3_bucket_lifecycle_configuration.store) + length(aws_s3_bucket_public_access_block.store) + length(aws_s3_bucket_ownership_controls.store) + length(aws_kms_key.store) + length(aws_kms_alias.store) + length(aws_kms_key_policy.store) == 0
    error_message = "nothing of the bucket and of its key is touched"
  }
}

run "statements_of_the_owners_beside" {
  command = plan
  variables {
    bucket_name             = null
    bucket                  = "cstore-shop"
    kms_key_arn             = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    manage_bucket_policy    = true
    manage_key_policy       = true
    bucket_policy_documents = ["{\"Version\": \"2012-10-17\", \"Statement\": [{\"Sid\": \"Owners\", \"Effect\": \"Deny\", \"Principal\": \"*\", \"Action\": \"s3:DeleteBucket\", \"Resource\": \"arn:aws:s3:::cstore-shop\"}]}"]
    key_policy_documents    = ["{\"Version\": \"2012-10-17\", \"Statement\": [{\"Sid\": \"Owners\", \"Effect\": \"Allow\", \"Principal\": {\"AWS\": \"arn:aws:iam::111122223333:root\"}, \"Action\": \"kms:CreateGrant\", \"Resource\": \"*\"}]}"]
  }

  assert {
    condition     = alltrue([for policy in [aws_s3_bucket_policy.store[0].policy, aws_kms_key_policy.store[0].policy] : length([for statement in jsondecode(policy).Statement : statement if statement.Sid == "Owners"]) == 1])
    error_message = "the owner's statements stay"
  }
  assert {
    condition     = length(jsondecode(aws_s3_bucket_policy.store[0].policy).Statement) == length(jsondecode(data.aws_iam_policy_document.bucket.json).Statement) + 1
    error_message = "and the module's are added"
  }
}

run "github_enterprise_server" {
  command = plan
  variables {
    oidc_issuer          = "https://github.acme.example/_services/token"
    oidc_audience        = "https://cstore.acme.example"
    oidc_provider_arn    = "arn:aws:iam::111122223333:oidc-provider/github.acme.example/_services/token"
    role_name_prefix     = "acme-cstore"
    iam_path             = "/ci/"
    permissions_boundary = "arn:aws:iam::111122223333:policy/ci"
    tags                 = { team = "shop" }
    github_pullers       = [{ repository = "acme/shop", subjects = ["environment:prod"] }]
    github_pushers       = [{ repository = "acme/shop", subjects = ["ref:refs/tags/v*"] }]
    github_releasers     = []
  }

  assert {
    condition     = yamldecode(output.workflow).jobs.puller.steps[1].with.audience == "https://cstore.acme.example"
    error_message = "the job that is printed asks for the audience"
  }
  assert {
    condition = alltrue([for role in [aws_iam_role.puller["puller"], aws_iam_role.pusher["pusher"]] : (
      startswith(role.name, "acme-cstore-pu") && role.path == "/ci/" && role.permissions_boundary == "arn:aws:iam::111122223333:policy/ci" && role.tags.team == "shop"
    )])
    error_message = "the roles are called and bounded as the account wants it"
  }
  assert {
    condition     = aws_s3_bucket.store[0].tags.team == "shop" && aws_kms_key.store[0].tags.team == "shop"
    error_message = "all that is made is tagged"
  }
}

run "ghe_com" {
  command = plan
  variables {
    oidc_issuer       = "https://token.actions.acme.ghe.com"
    oidc_provider_arn = "arn:aws:iam::111122223333:oidc-provider/token.actions.acme.ghe.com"
  }
}

# An issuer of the enterprise's own, which only its repositories get tokens from.
run "an_issuer_of_the_enterprise" {
  command = plan
  variables {
    oidc_issuer       = "https://token.actions.githubusercontent.com/acme"
    oidc_provider_arn = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com/acme"
  }
}

run "gitlab" {
  command = plan
  variables {
    github_releasers  = []
    oidc_issuer       = "https://gitlab.com"
    oidc_provider_arn = "arn:aws:iam::111122223333:oidc-provider/gitlab.com"
    github_pullers    = [{ repository = "acme/platform/shop", subjects = ["ref_type:branch:ref:main"] }]
    github_pushers    = [{ repository = "acme/platform/shop", subjects = ["ref_type:tag:ref:v*"] }]
  }

  assert {
    condition     = output.workflow == null
    error_message = "there is no workflow of GitHub's for GitLab"
  }
}

run "object_lock_events_and_what_expires" {
  command = plan
  variables {
    object_lock   = { days = 90 }
    events        = true
    event_targets = { deploy = { arn = "arn:aws:states:eu-central-1:111122223333:stateMachine:deploy", role_arn = "arn:aws:iam::111122223333:role/deploy" } }
  }

  assert {
    condition     = aws_s3_bucket.store[0].object_lock_enabled && aws_s3_bucket_object_lock_configuration.store[0].rule[0].default_retention[0].mode == "GOVERNANCE"
    error_message = "Object Lock is an option"
  }
  assert {
    condition     = aws_s3_bucket_notification.store[0].eventbridge && aws_cloudwatch_event_target.store["deploy"].rule == "cstore-shop-published"
    error_message = "EventBridge is told"
  }
  assert {
    condition     = alltrue([for rule in aws_s3_bucket_lifecycle_configuration.store[0].rule : alltrue([for expiration in rule.expiration : coalesce(expiration.days, 0) == 0 && expiration.date == null])])
    error_message = "what is current never expires"
  }
  assert {
    condition     = one([for rule in aws_s3_bucket_lifecycle_configuration.store[0].rule : rule.noncurrent_version_expiration[0].newer_noncurrent_versions if rule.id == "expire-noncurrent-versions"]) == 10
    error_message = "what a manifest pins stays when it was written over"
  }
}

run "an_existing_provider_and_nobody_else" {
  command = plan
  variables {
    role_users        = []
    roles             = []
    github_pushers    = []
    github_releasers  = []
    oidc_provider_arn = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
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
