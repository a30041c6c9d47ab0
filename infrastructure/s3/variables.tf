# The bucket, and who may use it.

variable "bucket_name" {
  description = "Name of the bucket. The action looks for `cstore-<context>` when none is named."
  type        = string
  nullable    = false

  validation {
    condition     = !strcontains(var.bucket_name, "{{")
    error_message = "Replace {{CONTEXT}} in terraform.tfvars with the name of your project."
  }
  validation {
    # No dots: they break TLS host names. 57 leaves room for the suffix of the GitHub roles, whose names end at 64.
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,55}[a-z0-9]$", var.bucket_name))
    error_message = "bucket_name must be 3 to 57 lower-case letters, digits and hyphens, and begin and end with a letter or digit."
  }
}

variable "role_users" {
  description = "People who pull, push and overwrite, as `ROLE/SESSION`: an existing role that they assume, and their session's name, such as `devops/me@example.com`. Case sensitive. `ROLE/*` admits every session of the role."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for user in var.role_users : can(regex("^[A-Za-z0-9+=,.@_-]{1,64}/(\\*|[A-Za-z0-9+=,.@_-]{2,64})$", user))])
    error_message = "Each of role_users must be ROLE/SESSION: the role's name, not its ARN, and all {{...}} replaced."
  }
}

variable "source_identities" {
  description = "The source identities (`aws:SourceIdentity`) of the people in `role_users`; sessions of theirs without one of these are refused. When empty the session's name alone decides."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for identity in var.source_identities : can(regex("^[A-Za-z0-9+=,.@_-]{2,64}$", identity))])
    error_message = "Each of source_identities must be a source identity as AWS STS has it: 2 to 64 letters, digits and +=,.@_-, no wildcard."
  }
}

variable "users" {
  description = "Existing IAM users who pull, push and overwrite, by name. Prefer roles: users have keys that do not expire."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for user in var.users : can(regex("^[A-Za-z0-9+=,.@_-]{1,64}$", user))])
    error_message = "Each of users must be the name of an IAM user: no ARN, no path, no wildcard."
  }
}

variable "roles" {
  description = "Existing task, container and instance roles that pull, by name."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for role in var.roles : can(regex("^[A-Za-z0-9+=,.@_-]{1,64}$", role))])
    error_message = "Each of roles must be the name of a role: no ARN, no path, no wildcard."
  }
}

variable "role_paths" {
  description = "Restricts roles of `roles`, by name, to paths of a context: `{ shop-dev = [{ context = \"shop\", path = \"service/dev/*\" }] }`. One `*` may end a path; without `path` it is the whole context."
  type = map(list(object({
    context = string
    path    = optional(string, "*")
  })))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for paths in values(var.role_paths) : length(paths) > 0])
    error_message = "A role in role_paths needs at least one path; leave the role out to let it read everything."
  }
  validation {
    condition = alltrue(flatten([for paths in values(var.role_paths) : [
      for place in paths : can(regex("^[^*?$/][^*?$]*[^*?$/]$|^[^*?$/]$", place.context)) && can(regex("^([^*?$/][^*?$]*)?[*]?$", place.path)) && place.path != ""
    ]]))
    error_message = "A path's context must be a context's name; its path is relative, and one * may end it."
  }
}

# GitHub Actions.

variable "github_pullers" {
  description = "Workflows that pull. `subjects` end the OIDC subject: `environment:prod`, `ref:refs/heads/main`, `ref:refs/tags/v*`, `pull_request`. `owner_id` and `repository_id` are needed where subjects are immutable. `role` ends the role's name; entries with the same make one role. `paths` restricts it as `role_paths` does."
  type = list(object({
    repository    = string
    owner_id      = optional(number)
    repository_id = optional(number)
    subjects      = list(string)
    role          = optional(string, "puller")
    paths = optional(list(object({
      context = string
      path    = optional(string, "*")
    })), [])
  }))
  default  = []
  nullable = false

  validation {
    condition     = alltrue([for entry in var.github_pullers : can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", entry.repository))])
    error_message = "repository must be OWNER/REPO, without wildcards."
  }
  validation {
    condition     = alltrue([for entry in var.github_pullers : (entry.owner_id == null) == (entry.repository_id == null)])
    error_message = "Give both owner_id and repository_id, or neither."
  }
  validation {
    condition = alltrue(flatten([for entry in var.github_pullers : concat(
      [length(entry.subjects) > 0],
      [for subject in entry.subjects : can(regex("^(pull_request|environment:[^*?:[:cntrl:]]+|ref:refs/(heads|tags)/[^*?:[:cntrl:]]+[*]?)$", subject))],
    )]))
    error_message = "subjects must be environment:NAME, ref:refs/heads/NAME, ref:refs/tags/NAME (one * may end a ref) or pull_request."
  }
  validation {
    condition     = alltrue([for entry in var.github_pullers : can(regex("^[a-z][a-z0-9-]{0,31}$", entry.role))])
    error_message = "role must be 1 to 32 lower-case letters, digits and hyphens, and begin with a letter."
  }
  validation {
    condition     = alltrue([for a in var.github_pullers : alltrue([for b in var.github_pullers : a.role != b.role || jsonencode(a.paths) == jsonencode(b.paths)])])
    error_message = "Entries of one role must name the same paths: give one of them another role."
  }
  validation {
    condition = alltrue(flatten([for entry in var.github_pullers : [
      for place in entry.paths : can(regex("^[^*?$/][^*?$]*[^*?$/]$|^[^*?$/]$", place.context)) && can(regex("^([^*?$/][^*?$]*)?[*]?$", place.path)) && place.path != ""
    ]]))
    error_message = "A path's context must be a context's name; its path is relative, and one * may end it."
  }
}

variable "github_pushers" {
  description = "Workflows that push, in the form of `github_pullers`; the role is `pusher` unless named, and `pull_request` is refused."
  type = list(object({
    repository    = string
    owner_id      = optional(number)
    repository_id = optional(number)
    subjects      = list(string)
    role          = optional(string, "pusher")
    paths = optional(list(object({
      context = string
      path    = optional(string, "*")
    })), [])
  }))
  default  = []
  nullable = false

  validation {
    condition     = alltrue([for entry in var.github_pushers : can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", entry.repository))])
    error_message = "repository must be OWNER/REPO, without wildcards."
  }
  validation {
    condition     = alltrue([for entry in var.github_pushers : (entry.owner_id == null) == (entry.repository_id == null)])
    error_message = "Give both owner_id and repository_id, or neither."
  }
  validation {
    condition = alltrue(flatten([for entry in var.github_pushers : concat(
      [length(entry.subjects) > 0],
      [for subject in entry.subjects : can(regex("^(environment:[^*?:[:cntrl:]]+|ref:refs/(heads|tags)/[^*?:[:cntrl:]]+[*]?)$", subject))],
    )]))
    error_message = "subjects must be environment:NAME, ref:refs/heads/NAME or ref:refs/tags/NAME (one * may end a ref); pull requests may not push."
  }
  validation {
    condition     = alltrue([for entry in var.github_pushers : can(regex("^[a-z][a-z0-9-]{0,31}$", entry.role))])
    error_message = "role must be 1 to 32 lower-case letters, digits and hyphens, and begin with a letter."
  }
  validation {
    condition     = alltrue([for a in var.github_pushers : alltrue([for b in var.github_pushers : a.role != b.role || jsonencode(a.paths) == jsonencode(b.paths)])])
    error_message = "Entries of one role must name the same paths: give one of them another role."
  }
  validation {
    condition = alltrue(flatten([for entry in var.github_pushers : [
      for place in entry.paths : can(regex("^[^*?$/][^*?$]*[^*?$/]$|^[^*?$/]$", place.context)) && can(regex("^([^*?$/][^*?$]*)?[*]?$", place.path)) && place.path != ""
    ]]))
    error_message = "A path's context must be a context's name; its path is relative, and one * may end it."
  }
}

variable "github_oidc_provider_arn" {
  description = "ARN of the account's GitHub OIDC provider, where there is one already: an account can hold only one. When null it is created if a puller or pusher is named."
  type        = string
  default     = null

  validation {
    condition     = var.github_oidc_provider_arn == null || can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:oidc-provider/token\\.actions\\.githubusercontent\\.com$", var.github_oidc_provider_arn))
    error_message = "github_oidc_provider_arn must be the ARN of an OIDC provider for token.actions.githubusercontent.com."
  }
}

variable "permissions_boundary" {
  description = "ARN of a permissions boundary for the GitHub roles, where the account demands one."
  type        = string
  default     = null
}

# What is kept, and for how long.

variable "versioning" {
  description = "Keeps what is written over or deleted. Manifests pin their files to S3 versions; without it a push of the head is not atomic."
  type        = bool
  default     = true
  nullable    = false
}

variable "noncurrent_version_days" {
  description = "Days for which S3 keeps the noncurrent versions of objects, that is, what was written over or deleted. 0 keeps them for ever."
  type        = number
  default     = 365
  nullable    = false

  validation {
    condition     = var.noncurrent_version_days >= 0 && floor(var.noncurrent_version_days) == var.noncurrent_version_days
    error_message = "noncurrent_version_days must be a whole number, 0 or more."
  }
}

variable "noncurrent_versions_kept" {
  description = "How many noncurrent versions of each object stay however old they are; null for none."
  type        = number
  default     = 10

  validation {
    condition     = var.noncurrent_versions_kept == null ? true : var.noncurrent_versions_kept >= 1 && var.noncurrent_versions_kept <= 100 && floor(var.noncurrent_versions_kept) == var.noncurrent_versions_kept
    error_message = "noncurrent_versions_kept must be a whole number from 1 to 100, or null."
  }
}

variable "multipart_days" {
  description = "Days after which S3 removes an upload in parts that was never finished."
  type        = number
  default     = 3
  nullable    = false

  validation {
    condition     = var.multipart_days >= 1 && floor(var.multipart_days) == var.multipart_days
    error_message = "multipart_days must be a whole number, 1 or more."
  }
}

variable "kms_deletion_window_days" {
  description = "Days between the deletion of the key and the loss of everything that it encrypts, 7 to 30."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.kms_deletion_window_days >= 7 && var.kms_deletion_window_days <= 30 && floor(var.kms_deletion_window_days) == var.kms_deletion_window_days
    error_message = "kms_deletion_window_days must be a whole number from 7 to 30."
  }
}

variable "force_destroy" {
  description = "Lets `terraform destroy` delete a bucket that holds objects."
  type        = bool
  default     = false
  nullable    = false
}

variable "allow_unconditional_writes" {
  description = "Lets people write without `If-Match` or `If-None-Match`, as the Go cStore does; for the time of a move."
  type        = bool
  default     = false
  nullable    = false
}

# Around it.

variable "access_log_bucket" {
  description = "An existing bucket for S3's server access logs; null for none."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags for everything that is created."
  type        = map(string)
  default     = {}
  nullable    = false
}
