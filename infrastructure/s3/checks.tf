# What several variables have to be together. It hangs on this block, of which nothing is asked and on which nothing hangs: a
# policy document with such conditions would not be read before the apply, and a copy's module would wait for its source's.
# tflint-ignore: terraform_unused_declarations
data "aws_partition" "checked" {
  lifecycle {
    precondition {
      condition     = (var.bucket_name == null) == local.given.bucket
      error_message = "Name either the bucket that is made, in bucket_name, or one that exists, in bucket."
    }
    precondition {
      condition     = local.given.bucket || !local.given.kms_key_arn ? true : split(":", var.kms_key_arn)[3] == data.aws_region.current.id
      error_message = "kms_key_arn is not of the bucket's region, ${data.aws_region.current.id}: S3 takes a key of the same region only."
    }
    precondition {
      condition     = length(setsubtract(keys(var.role_paths), var.roles)) == 0
      error_message = "role_paths restricts roles that are not in roles: ${join(", ", setsubtract(keys(var.role_paths), var.roles))}."
    }
    precondition {
      condition     = length(local.roles_of_two_kinds) == 0
      error_message = "Named in two of github_pullers, github_pushers and github_releasers: ${join(", ", local.roles_of_two_kinds)}. One role pulls, pushes or releases."
    }
    precondition {
      condition     = length(local.roles_shared_unasked) == 0
      error_message = "Two repositories come to the role ${join(", ", local.roles_shared_unasked)}: give each a `role` of its own, or both the same to let them share it."
    }
    precondition {
      condition     = length(local.roles_not_alike) == 0
      error_message = "Entries of the role ${join(", ", local.roles_not_alike)} must name the same paths, reads and channels: give one of them another role."
    }
    precondition {
      condition     = length(local.roles_too_long) == 0
      error_message = "A role's name has 64 characters at most, and these have more: ${join(", ", local.roles_too_long)}. Give the entry a shorter `role`, or set role_name_prefix."
    }
    precondition {
      condition     = !var.events || length("${local.name}-published") <= 64
      error_message = "events: the name of EventBridge's rule, ${local.name}-published, has more than 64 characters. Name a bucket of 54 at most."
    }
    precondition {
      condition     = !var.replicated || !contains(keys(local.github_roles), "replication")
      error_message = "replicated makes the role ${local.role_prefix}-replication: call the `role` of workflows something else."
    }
    precondition {
      condition     = var.oidc_provider_arn == null || endswith(coalesce(var.oidc_provider_arn, "-"), ":oidc-provider/${local.oidc_host}")
      error_message = "oidc_provider_arn is not that of oidc_issuer, whose ARN ends with oidc-provider/${local.oidc_host}."
    }
    precondition {
      condition     = var.oidc_provider_arn == null || split(":", coalesce(var.oidc_provider_arn, "::::"))[4] == local.account_id
      error_message = "oidc_provider_arn is of another account than this one, ${local.account_id}: a role trusts the providers of its own account only."
    }
    precondition {
      condition     = local.oidc_host == "token.actions.githubusercontent.com" || alltrue([for entry in local.github_entries : length(entry.claims) == 0])
      error_message = "claims: AWS looks at these claims of GitHub.com's tokens only, not of those of oidc_issuer, ${var.oidc_issuer}."
    }
    precondition {
      condition     = local.own_bucket || !var.replicated
      error_message = "replicated is for a bucket that is made here: a bucket has one replication configuration, and that of `bucket` would be replaced."
    }
    precondition {
      condition     = !var.replicated || var.replica != null
      error_message = "replicated: say in replica where to, the output `replica` of the other bucket's module."
    }
    # What would do nothing, and what somebody may rely on.
    precondition {
      condition     = var.replicated || var.replica == null
      error_message = "replica does nothing unless replicated = true: set it, or remove replica."
    }
    precondition {
      condition     = local.own_bucket || var.object_lock == null
      error_message = "object_lock is for a bucket that is made here: turn Object Lock on in `bucket` yourself."
    }
    precondition {
      condition     = local.own_bucket || !local.given.access_log_bucket
      error_message = "access_log_bucket is for a bucket that is made here: turn logging on in `bucket` yourself."
    }
    precondition {
      condition     = !var.manage_key_policy || local.given.kms_key_arn
      error_message = "manage_key_policy is for a key that exists: name it in kms_key_arn."
    }
    precondition {
      condition     = length(var.source_identities) == 0 || length(var.role_users) > 0
      error_message = "source_identities are those of role_users, and there are none."
    }
    precondition {
      condition     = !var.find_oidc_provider || !local.given.oidc_provider_arn
      error_message = "find_oidc_provider looks up what oidc_provider_arn names: leave one of them out."
    }
    precondition {
      condition     = !startswith(local.oidc_host, "token.actions.") || alltrue([for entry in local.github_entries : !anytrue([for subject in entry.subjects : startswith(subject, "ref_type:")])])
      error_message = "subjects that begin with ref_type: are GitLab's, and oidc_issuer, ${var.oidc_issuer}, is GitHub's: it issues none."
    }
    precondition {
      condition     = local.oidc_host != "gitlab.com" || alltrue([for entry in local.github_entries : alltrue([for subject in entry.subjects : startswith(subject, "ref_type:")])])
      error_message = "oidc_issuer is GitLab's, whose subjects begin with ref_type:, such as ref_type:branch:ref:main. It issues no others."
    }
    precondition {
      condition     = length(local.people_restricted) == 0
      error_message = "role_paths would restrict people, too: role_users has sessions of ${join(", ", local.people_restricted)}. Let tasks and people have different roles."
    }
    precondition {
      condition     = local.own_bucket || length(local.of_a_made_bucket) == 0
      error_message = "For a bucket that is made here: ${join(", ", local.of_a_made_bucket)}. Set this in `bucket` yourself."
    }
    precondition {
      condition     = local.own_key || var.kms_deletion_window_days == 30
      error_message = "kms_deletion_window_days is for a key that is made here."
    }
    precondition {
      condition     = !endswith(local.oidc_host, "/_services/token") || alltrue([for entry in local.github_entries : entry.owner_id == null])
      error_message = "owner_id and repository_id: GitHub Enterprise Server has no immutable subjects. Leave them out."
    }
    precondition {
      condition     = var.versioning || (var.object_lock == null && !var.replicated && length(var.replication_sources) == 0)
      error_message = "Object Lock and replication need versioning."
    }
    precondition {
      condition     = var.events || length(var.event_targets) == 0
      error_message = "event_targets receive nothing unless events = true: set it, or remove event_targets."
    }
  }
}

locals {
  role_names     = [for role in concat(keys(local.github_roles), var.replicated ? ["replication"] : []) : "${local.role_prefix}-${role}"]
  roles_too_long = [for name in local.role_names : "${name} (${length(name)})" if length(name) > 64]

  people_restricted = tolist(setintersection(keys(var.role_paths), [for user in var.role_users : split("/", user)[0]]))
  of_a_made_bucket = [for name, default in {
    force_destroy            = !var.force_destroy
    multipart_days           = var.multipart_days == 3
    noncurrent_version_days  = var.noncurrent_version_days == 365
    noncurrent_versions_kept = var.noncurrent_versions_kept == 10
    versioning               = var.versioning
  } : name if !default]

  roles_of_two_kinds   = [for name, role in local.github_roles : name if !role.one_kind]
  roles_shared_unasked = [for name, role in local.github_roles : name if !role.told]
  roles_not_alike      = [for name, role in local.github_roles : name if !role.alike]
}
