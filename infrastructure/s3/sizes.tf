# AWS limits how long a policy may be, and says so where it is stored: after the bucket, its key and the roles have been made. So
# each is measured in the plan. What only the apply knows of a policy stands in it as $(NAME) until then; nothing that a variable
# gives can hold that, for a $ is refused everywhere.

# A block of its own: what cannot be measured, because a name is not found, is not to keep checks.tf from saying what it finds.
# tflint-ignore: terraform_unused_declarations
data "aws_partition" "measured" {
  lifecycle {
    precondition {
      condition     = length(local.trusts_too_long) == 0
      error_message = "IAM stores ${var.trust_policy_quota} characters of a role's trust (trust_policy_quota), and these would have more: ${join(", ", local.trusts_too_long)}. Name fewer subjects there, or give some of the entries a `role` of their own."
    }
    precondition {
      condition     = length(local.identities_too_long) == 0
      error_message = "IAM stores 10240 characters of a role's own policies, and these would have more: ${join(", ", local.identities_too_long)}. Name folders (service/*) in place of their files in paths, or a whole context, or give some of the entries a `role` of their own."
    }
    precondition {
      condition     = !local.manage_bucket_policy || local.bucket_policy_size <= 20480
      error_message = "S3 stores 20480 bytes of a bucket's policy, and this one would have ${local.bucket_policy_size}${length(local.most_of_it) == 0 ? "" : ", most of them for ${join(", ", local.most_of_it)}"}. Name folders (service/*) in place of their files in paths, or a whole context, and ROLE/* in place of many role_users; or make another bucket for some of the contexts."
    }
  }
}

locals {
  # What AWS makes: ids of roles have 21 characters, those of keys 36.
  of_the_apply = merge(
    { for name, role in local.github_resources : "github/${name}" => role.unique_id },
    { for role in aws_iam_role.replication : "replication" => role.unique_id },
    { for key in aws_kms_key.store : "key" => key.key_id },
  )
  an_id     = "AROAIOSFODNN7EXAMPLE1"
  a_key_id  = "1234abcd-12ab-34cd-56ef-1234567890ab"
  an_issuer = "arn:${local.partition}:iam::${local.account_id}:oidc-provider/${local.oidc_host}"

  # IAM counts characters, and no white space; S3 the bytes of what it is sent, which base64 has four thirds of.
  trust_sizes    = { for name, document in data.aws_iam_policy_document.trust : name => length(replace(replace(document.minified_json, "$(oidc)", local.an_issuer), "/\\s/", "")) }
  identity_sizes = { for name, document in data.aws_iam_policy_document.identity : name => length(replace(replace(document.minified_json, "$(key)", local.a_key_id), "/\\s/", "")) }
  bucket_policy_sample = replace(
    replace(length(var.bucket_policy_documents) == 0 ? data.aws_iam_policy_document.bucket.minified_json : data.aws_iam_policy_document.whole_bucket.minified_json, "$(key)", local.a_key_id),
    "/[$][(][a-z0-9/-]+[)]/", local.an_id,
  )
  bucket_policy_size = floor(length(trim(base64encode(local.bucket_policy_sample), "=")) * 3 / 4)

  trusts_too_long     = [for name, size in local.trust_sizes : "${local.role_prefix}-${name} (${size})" if size > var.trust_policy_quota]
  identities_too_long = [for name, size in local.identity_sizes : "${local.called[name]} (${size})" if size > 10240 && (startswith(name, "github/") || !contains(keys(local.of_this_account), name))] # of this account the bucket's policy alone suffices

  # As a message calls those who are named, and how much of the bucket's policy each takes, the greatest first.
  called = { for name in keys(local.named) : name => (
    startswith(name, "github/") ? "${local.role_prefix}-${trimprefix(name, "github/")}"
    : startswith(name, "role/") ? "role_paths[${jsonencode(trimprefix(name, "role/"))}]"
    : "principals[${jsonencode(trimprefix(name, "principal/"))}]"
  ) }
  shares = reverse(sort([for name, reads in local.reads :
    format("%08d %s", length(jsonencode(reads)) + length(jsonencode(try(local.writes[name], []))), local.called[name])
  ]))
  most_of_it = [for share in slice(local.shares, 0, min(3, length(local.shares))) : substr(share, 9, -1)]
}
