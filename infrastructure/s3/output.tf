output "bucket_name" {
  description = "The bucket's name."
  value       = local.own_bucket ? aws_s3_bucket.store[0].id : var.bucket
}

output "bucket_arn" {
  description = "The bucket's ARN."
  value       = local.own_bucket ? aws_s3_bucket.store[0].arn : local.bucket_arn
}

output "region" {
  description = "The bucket's region."
  value       = local.region
}

output "kms_key_arn" {
  description = "ARN of the key that encrypts the bucket; null where a bucket that exists has none."
  value       = local.key_arn
}

output "kms_key_alias" {
  description = "Alias of a key that is made."
  value       = one(aws_kms_alias.store[*].name)
}

output "puller_role_arns" {
  description = "ARNs of the roles for workflows that pull, by `role`."
  value       = { for name, role in aws_iam_role.puller : name => role.arn }
}

output "pusher_role_arns" {
  description = "ARNs of the roles for workflows that push, by `role`."
  value       = { for name, role in aws_iam_role.pusher : name => role.arn }
}

output "releaser_role_arns" {
  description = "ARNs of the roles for workflows that move channels, by `role`."
  value       = { for name, role in aws_iam_role.releaser : name => role.arn }
}

output "roles" {
  description = "ARN, unique id and `paths` of each role that is made, by `role`, as `principals` of another instance of this module takes them: there it reads those paths. A releaser comes with its `channels`, and with `may`."
  value = { for name, role in local.github_resources : name => {
    for attribute, value in { arn = role.arn, id = role.unique_id, paths = local.github_roles[name].paths, may = "release", channels = local.github_roles[name].channels } :
    attribute => value if local.github_roles[name].may == "release" || !contains(["may", "channels"], attribute)
  } }
}

output "oidc_provider_arn" {
  description = "ARN of the OIDC provider that those roles trust; null when there are none."
  value       = local.oidc_wanted ? local.oidc_provider_arn : null
}

output "bucket_policy" {
  description = "The bucket's policy as this module wants it, to merge where somebody else manages it."
  value       = local.bucket_policy
}

output "key_policy" {
  description = "The key's policy, likewise."
  value       = local.key_policy
}

output "principal_policies" {
  description = "What each of `principals` needs as a policy of its own in its account, by name."
  value       = { for name in keys(var.principals) : name => replace(data.aws_iam_policy_document.identity["principal/${name}"].json, "$(key)", coalesce(local.key_id, "none")) }
}

output "replication_role" {
  description = "ARN and unique id of the role that copies the bucket, for the destination's `replication_sources`; null unless `replicated`."
  value       = one([for role in aws_iam_role.replication : { arn = role.arn, id = role.unique_id }])
}

output "replica" {
  description = "This bucket as another one's `replica`."
  value       = { bucket_arn = local.own_bucket ? aws_s3_bucket.store[0].arn : local.bucket_arn, kms_key_arn = local.key_arn }

  # S3 replicates into a bucket with versioning only.
  depends_on = [aws_s3_bucket_versioning.store]
}

output "event_pattern" {
  description = "The EventBridge pattern (JSON) of versions that are published and channels that move, for rules of your own."
  value       = local.event_pattern
}

output "workflow" {
  description = "A workflow for the first repository that is named, to be stored as it is: `terraform output -raw workflow`. It publishes, and then pulls. Each job says in which runs it is. A pusher of whole contexts needs the names of the files that git has: change `files` there."
  value       = try([for entry in local.github_named : local.workflows[entry.repository] if contains(keys(local.workflows), entry.repository)][0], null)
}

output "workflows" {
  description = "The same for each repository, by `OWNER/REPO`."
  value       = local.workflows
}
