output "bucket_name" {
  description = "The bucket's name."
  value       = aws_s3_bucket.store.id
}

output "bucket_arn" {
  description = "The bucket's ARN."
  value       = aws_s3_bucket.store.arn
}

output "region" {
  description = "The bucket's region."
  value       = local.region
}

output "kms_key_arn" {
  description = "ARN of the key that encrypts the bucket."
  value       = aws_kms_key.store.arn
}

output "kms_key_alias" {
  description = "The key's alias."
  value       = aws_kms_alias.store.name
}

output "puller_role_arns" {
  description = "ARNs of the roles for workflows that pull, by `role`."
  value       = { for name, role in aws_iam_role.puller : name => role.arn }
}

output "pusher_role_arns" {
  description = "ARNs of the roles for workflows that push, by `role`."
  value       = { for name, role in aws_iam_role.pusher : name => role.arn }
}

output "github_oidc_provider_arn" {
  description = "ARN of the GitHub OIDC provider that those roles trust; null when there are none."
  value       = local.github_wanted ? local.github_provider_arn : null
}

output "workflow" {
  description = "Jobs to paste into a workflow, one for each role: `terraform output -raw workflow`."
  value       = local.workflow
}

locals {
  workflow_jobs = [
    for job in concat(
      [for name, role in local.github_roles.puller : merge(role, { name = name, arn = aws_iam_role.puller[name].arn, push = false })],
      [for name, role in local.github_roles.pusher : merge(role, { name = name, arn = aws_iam_role.pusher[name].arn, push = true })],
      ) : merge(job, {
        environment = try(regex(":environment:(.*)$", job.subjects[0])[0], "")
        context     = try(job.paths[0].context, trimprefix(var.bucket_name, "cstore-"))
        # IAM's * goes through folders, the action's does not.
        files = replace(try(job.paths[0].path, "*"), "/(^|\\/)\\*$/", "$1**")
    })
  ]

  # Whatever came in is quoted: a bucket may be called 1e3, and an environment on.
  workflow = length(local.workflow_jobs) == 0 ? null : join("", [for line in flatten([
    "jobs:",
    [for job in local.workflow_jobs : [
      "  ${job.name}: # for ${join(", ", job.subjects)}",
      "    runs-on: ubuntu-latest",
      job.environment == "" ? [] : ["    environment: ${jsonencode(job.environment)}"],
      "    permissions:",
      "      id-token: write",
      "      contents: read",
      "    steps:",
      "      - uses: actions/checkout@v7",
      "      - uses: OWNER/cstore-action@v1",
      "        id: config",
      "        with:",
      job.push ? ["          command: push"] : ["          version: latest"],
      "          role-to-assume: ${jsonencode(job.arn)}",
      "          aws-region: ${jsonencode(local.region)}",
      "          context: ${jsonencode(job.context)}",
      "          bucket: ${jsonencode(var.bucket_name)}",
      job.push || job.files != "**" ? ["          files: ${jsonencode(job.push && job.files == "**" ? "**/.env" : job.files)}"] : [],
    ]],
  ]) : "${line}\n"])
}
