# What is to happen when a version is published or a channel moves: an ECS service restarts its tasks, and a repository
# hears of it (`on: repository_dispatch: types: [config]`).

variable "cluster" {
  description = "The ECS cluster."
  type        = string
  default     = "shop"
}

variable "service" {
  description = "The ECS service, whose tasks pull when they start."
  type        = string
  default     = "api"
}

variable "repository" {
  description = "OWNER/REPO that is told."
  type        = string
  default     = "acme/shop"
}

variable "github_token" {
  description = "A token that may write the repository's contents, which repository_dispatch asks for."
  type        = string
  sensitive   = true
}

data "aws_caller_identity" "current" {}
data "aws_region" "current" {}

module "config" {
  source = "../.."

  bucket_name = "cstore-shop"
  events      = true
  event_targets = {
    ecs = {
      arn      = aws_sfn_state_machine.redeploy.arn
      role_arn = aws_iam_role.events.arn
    }
    github = {
      arn      = aws_cloudwatch_event_api_destination.dispatch.arn
      role_arn = aws_iam_role.events.arn
      input    = "{\"event_type\": \"config\", \"client_payload\": {\"bucket\": <bucket>, \"key\": <key>}}"
    }
  }

  github_pushers = [
    { repository = var.repository, subjects = ["ref:refs/tags/v*"], paths = [{ context = "shop" }] },
  ]
  github_releasers = [
    { repository = var.repository, subjects = ["environment:release"], channels = [{ context = "shop", name = "prod" }] },
  ]
}

# EventBridge itself cannot update a service; a state machine of one step can.
resource "aws_sfn_state_machine" "redeploy" {
  name     = "cstore-shop-redeploy"
  role_arn = aws_iam_role.redeploy.arn

  definition = jsonencode({
    StartAt = "WhichObject"
    States = {
      # Only the channel prod is deployed; a version that is published waits for somebody to move it there.
      WhichObject = {
        Type = "Choice"
        Choices = [{
          Variable     = "$.key"
          StringEquals = "shop/.cstore/channels/prod.json"
          Next         = "Redeploy"
        }]
        Default = "Nothing"
      }
      Redeploy = {
        Type     = "Task"
        Resource = "arn:aws:states:::aws-sdk:ecs:updateService"
        Parameters = {
          Cluster            = var.cluster
          Service            = var.service
          ForceNewDeployment = true
        }
        End = true
      }
      Nothing = { Type = "Succeed" }
    }
  })
}

data "aws_iam_policy_document" "trust" {
  for_each = toset(["states.amazonaws.com", "events.amazonaws.com"])

  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = [each.key]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

resource "aws_iam_role" "redeploy" {
  name               = "cstore-shop-redeploy"
  assume_role_policy = data.aws_iam_policy_document.trust["states.amazonaws.com"].json
}

resource "aws_iam_role_policy" "redeploy" {
  name = "redeploy"
  role = aws_iam_role.redeploy.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "ecs:UpdateService"
      Resource = "arn:aws:ecs:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:service/${var.cluster}/${var.service}"
    }]
  })
}

resource "aws_cloudwatch_event_connection" "github" {
  name               = "cstore-shop-github"
  authorization_type = "API_KEY"

  auth_parameters {
    api_key {
      key   = "Authorization"
      value = "Bearer ${var.github_token}"
    }
  }
}

resource "aws_cloudwatch_event_api_destination" "dispatch" {
  name                             = "cstore-shop-dispatch"
  invocation_endpoint              = "https://api.github.com/repos/${var.repository}/dispatches"
  http_method                      = "POST"
  invocation_rate_limit_per_second = 1
  connection_arn                   = aws_cloudwatch_event_connection.github.arn
}

resource "aws_iam_role" "events" {
  name               = "cstore-shop-events"
  assume_role_policy = data.aws_iam_policy_document.trust["events.amazonaws.com"].json
}

resource "aws_iam_role_policy" "events" {
  name = "targets"
  role = aws_iam_role.events.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "states:StartExecution", Resource = aws_sfn_state_machine.redeploy.arn },
      { Effect = "Allow", Action = "events:InvokeApiDestination", Resource = aws_cloudwatch_event_api_destination.dispatch.arn },
    ]
  })
}
