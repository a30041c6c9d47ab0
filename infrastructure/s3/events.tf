# S3 tells EventBridge of everything in a bucket, or of nothing. What matters is chosen by a rule: a manifest below versions/
# is a version that is published, complete; an object below channels/ a channel that has moved.

locals {
  event_pattern = jsonencode({
    source      = ["aws.s3"]
    detail-type = ["Object Created"]
    detail = {
      bucket = { name = [local.name] }
      object = { key = [{ wildcard = "*/.cstore/versions/*.json" }, { wildcard = "*/.cstore/channels/*.json" }] }
    }
  })
}

resource "aws_s3_bucket_notification" "store" {
  count = local.own_bucket && var.events ? 1 : 0

  bucket      = aws_s3_bucket.store[0].id
  eventbridge = true
}

resource "aws_cloudwatch_event_rule" "store" {
  count = var.events ? 1 : 0

  name          = "${local.name}-published"
  description   = "Versions that are published and channels that move in ${local.name}"
  event_pattern = local.event_pattern
  tags          = var.tags
}

resource "aws_cloudwatch_event_target" "store" {
  for_each = var.events ? var.event_targets : {}

  rule      = aws_cloudwatch_event_rule.store[0].name
  target_id = each.key
  arn       = each.value.arn
  role_arn  = each.value.role_arn

  # The key says all of it: CONTEXT/.cstore/channels/NAME.json. Without versioning an event has no version-id, EventBridge then
  # leaves the variable out, and a template that had it would be no JSON and start nothing.
  input_transformer {
    input_paths = {
      bucket = "$.detail.bucket.name"
      key    = "$.detail.object.key"
      id     = "$.detail.object.version-id"
    }
    input_template = each.value.input == null ? "{\"bucket\": <bucket>, \"key\": <key>}" : each.value.input
  }
}
