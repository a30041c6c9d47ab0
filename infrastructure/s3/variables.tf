# The bucket and its key.

variable "bucket_name" {
  description = "Name of the bucket that is made. The action looks for `cstore-<context>` when none is named. Either this or `bucket`."
  type        = string
  default     = null

  validation {
    condition     = var.bucket_name == null || !can(regex("[{][{]", var.bucket_name))
    error_message = "Replace {{CONTEXT}} in terraform.tfvars with the name of your project."
  }
  validation {
    # No dots: they break TLS host names. 57 leaves room for -puller and -pusher; what is longer, checks.tf counts.
    condition     = var.bucket_name == null || can(regex("[{][{]|^[a-z0-9][a-z0-9-]{1,55}[a-z0-9]$", var.bucket_name))
    error_message = "bucket_name must be 3 to 57 lower-case letters, digits and hyphens, and begin and end with a letter or digit."
  }
}

variable "bucket" {
  description = "Name of a bucket that exists, to be used as it is: its settings, its policy and its objects stay. Turn S3 versioning on there. It is looked up at plan time; where the same apply creates it, see `known_after_apply`."
  type        = string
  default     = null

  validation {
    condition     = var.bucket == null || can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.bucket))
    error_message = "bucket must be a bucket's name: no ARN, no s3://."
  }
}

variable "kms_key_arn" {
  description = "ARN of a key that exists, to be used as it is, instead of one that is made. With `bucket`, leave it out where no KMS key encrypts it. Where the same apply creates it, see `known_after_apply`."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[a-zA-Z0-9-]+$", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a key, not of an alias: arn:aws:kms:REGION:ACCOUNT:key/ID."
  }
}

variable "known_after_apply" {
  description = "Which of `bucket`, `kms_key_arn`, `access_log_bucket` and `oidc_provider_arn` the same apply creates, such as `[\"bucket\", \"kms_key_arn\"]`. Terraform has to know before the apply that they are given."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(setsubtract(var.known_after_apply, ["access_log_bucket", "bucket", "kms_key_arn", "oidc_provider_arn"])) == 0
    error_message = "known_after_apply may name access_log_bucket, bucket, kms_key_arn and oidc_provider_arn, and not ${join(", ", setsubtract(var.known_after_apply, ["access_log_bucket", "bucket", "kms_key_arn", "oidc_provider_arn"]))}."
  }
}

variable "manage_bucket_policy" {
  description = "Whether the bucket's policy is written, which replaces the one that is there. When null, that of a bucket that is made, and not that of `bucket`: merge the output `bucket_policy` into it yourself."
  type        = bool
  default     = null
}

variable "bucket_policy_documents" {
  description = "Policies (JSON) whose statements are kept beside the module's in the bucket's policy. Of two statements with one Sid the module's holds."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for text in var.bucket_policy_documents : can(keys(jsondecode(text).Statement[0]))])
    error_message = "Each of bucket_policy_documents must be a policy's JSON, {\"Statement\": [{…}]}, not the name of a file: file(\"owner.json\")."
  }
}

variable "manage_key_policy" {
  description = "Whether the policy of `kms_key_arn` is written, which replaces the one that is there. Otherwise merge the output `key_policy` into it yourself. That of a key that is made is always written."
  type        = bool
  default     = false
  nullable    = false
}

variable "key_policy_documents" {
  description = "The same as `bucket_policy_documents`, for the key's policy."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for text in var.key_policy_documents : can(keys(jsondecode(text).Statement[0]))])
    error_message = "Each of key_policy_documents must be a policy's JSON, {\"Statement\": [{…}]}, not the name of a file: file(\"owner.json\")."
  }
}

# Who, besides workflows.

variable "role_users" {
  description = "People who pull, push and overwrite, as `ROLE/SESSION`: an existing role that they assume, and their session's name, such as `devops/me@example.com`. Case sensitive. `ROLE/*` admits every session of the role."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for user in var.role_users : can(regex("^[A-Za-z0-9+=,.@_-]{1,64}/(\\*|[A-Za-z0-9+=,.@_-]{2,64})$", user))])
    error_message = "Each of role_users must be ROLE/SESSION, the role's name, not its ARN, and all {{...}} replaced, and these are not: ${join(", ", [for user in var.role_users : user if !(can(regex("^[A-Za-z0-9+=,.@_-]{1,64}/(\\*|[A-Za-z0-9+=,.@_-]{2,64})$", user)))])}."
  }
}

variable "identity_center_users" {
  description = "People who sign in with IAM Identity Center, as `PERMISSIONSET/USER`, such as `DevOps/me@example.com`: what `role_users` is, with the role `AWSReservedSSO_DevOps_…` looked up. `PERMISSIONSET/*` admits everybody who has the permission set."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for user in var.identity_center_users : can(regex("^[A-Za-z0-9+=,.@_-]{1,32}/(\\*|[A-Za-z0-9+=,.@_-]{2,64})$", user)) && !startswith(user, "AWSReservedSSO_")])
    error_message = "Each of identity_center_users must be PERMISSIONSET/USER, the permission set's name as Identity Center shows it, without AWSReservedSSO_ and without its ending, and these are not: ${join(", ", [for user in var.identity_center_users : user if !(can(regex("^[A-Za-z0-9+=,.@_-]{1,32}/(\\*|[A-Za-z0-9+=,.@_-]{2,64})$", user)) && !startswith(user, "AWSReservedSSO_"))])}."
  }
}

variable "source_identities" {
  description = "The source identities (`aws:SourceIdentity`) of the people in `role_users`; sessions of theirs without one of these are refused. Those in `identity_center_users` need none. When empty the session's name alone decides."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for identity in var.source_identities : can(regex("^[A-Za-z0-9+=,.@_-]{2,64}$", identity))])
    error_message = "Each of source_identities must be a source identity as AWS STS has it, 2 to 64 letters, digits and +=,.@_-, no wildcard, and these are not: ${join(", ", [for identity in var.source_identities : identity if !(can(regex("^[A-Za-z0-9+=,.@_-]{2,64}$", identity)))])}."
  }
}

variable "users" {
  description = "Existing IAM users who pull, push and overwrite, by name. Prefer roles: users have keys that do not expire."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for user in var.users : can(regex("^[A-Za-z0-9+=,.@_-]{1,64}$", user))])
    error_message = "Each of users must be the name of an IAM user, no ARN, no path, no wildcard, and these are not: ${join(", ", [for user in var.users : user if !(can(regex("^[A-Za-z0-9+=,.@_-]{1,64}$", user)))])}."
  }
}

variable "roles" {
  description = "Existing task, container and instance roles that pull, by name. They are looked up at plan time: a role that the same stack makes goes into `principals`, by its ARN and id."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for role in var.roles : can(regex("^[A-Za-z0-9+=,.@_-]{1,64}$", role))])
    error_message = "Each of roles must be the name of a role, no ARN, no path, no wildcard, and these are not: ${join(", ", [for role in var.roles : role if !(can(regex("^[A-Za-z0-9+=,.@_-]{1,64}$", role)))])}."
  }
}

variable "role_paths" {
  description = "Restricts roles of `roles`, by name, to paths of a context: `{ shop-dev = [{ context = \"shop\", path = \"service/dev/*\" }] }`. One `*` may end a path; without `path` it is the whole context. A path without a folder, such as `.env`, needs `any_folder = true`: it is that name in every folder."
  type        = any
  default     = {}
  nullable    = false

  validation {
    condition     = can(keys(var.role_paths))
    error_message = "role_paths must be a map of lists of objects: { ROLE = [{ context = \"CONTEXT\", path = \"PATH\" }] }."
  }
}

variable "principals" {
  description = "Roles and users of other accounts, or of this one, by any name: `{ shop-prod = { arn = \"arn:aws:iam::444455556666:role/shop\", id = \"AROA…\" } }`. `id`: `aws iam get-role --role-name shop --query Role.RoleId`. `may` is `pull`, `push` or `release`; `paths`, `reads` and `channels` as in `github_pushers`. In another account they need the policy of the output `principal_policies` as well."
  type        = any
  default     = {}
  nullable    = false

  validation {
    condition     = can([for principal in var.principals : keys(principal)]) && can(keys(var.principals))
    error_message = "principals must be a map of objects: { NAME = { arn = \"…\", id = \"…\" } }."
  }
}

# What is kept, and for how long.

variable "versioning" {
  description = "Keeps what is written over or deleted. Manifests pin their files to S3 versions; without it a push of the head is not atomic."
  type        = bool
  default     = true
  nullable    = false
}

variable "noncurrent_version_days" {
  description = "Days for which S3 keeps the noncurrent versions of objects, that is, what was written over or deleted, beyond the newest `noncurrent_versions_kept`. 0 keeps them all for ever. What is current never expires."
  type        = number
  default     = 365
  nullable    = false

  validation {
    condition     = var.noncurrent_version_days >= 0 && floor(var.noncurrent_version_days) == var.noncurrent_version_days
    error_message = "noncurrent_version_days must be a whole number, 0 or more."
  }
}

variable "noncurrent_versions_kept" {
  description = "How many noncurrent versions of each object never expire: a manifest's pin holds until a file was written over more often than that."
  type        = number
  default     = 10
  nullable    = false

  validation {
    condition     = var.noncurrent_versions_kept >= 1 && var.noncurrent_versions_kept <= 100 && floor(var.noncurrent_versions_kept) == var.noncurrent_versions_kept
    error_message = "noncurrent_versions_kept must be a whole number from 1 to 100: with none, one write over a published file would take from its pin what it points at."
  }
}

variable "object_lock" {
  description = "Object Lock, only for a bucket that is made: nobody deletes an S3 version for `days` after it was written, in mode `GOVERNANCE` unless they may bypass it, in mode `COMPLIANCE` not at all. A purge has to wait as long."
  type = object({
    mode = optional(string, "GOVERNANCE")
    days = number
  })
  default = null

  validation {
    condition     = var.object_lock == null ? true : contains(["GOVERNANCE", "COMPLIANCE"], var.object_lock.mode) && var.object_lock.days >= 1 && floor(var.object_lock.days) == var.object_lock.days
    error_message = "object_lock needs a mode, GOVERNANCE or COMPLIANCE, and a whole number of days."
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
  description = "An existing bucket for S3's server access logs; null for none. Where the same apply creates it, see `known_after_apply`."
  type        = string
  default     = null

  validation {
    condition     = var.access_log_bucket == null || can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.access_log_bucket))
    error_message = "access_log_bucket must be a bucket's name: no ARN, no s3://."
  }
}

variable "replicated" {
  description = "Whether everything in a bucket that is made is copied to another one, in another region or account, which `replica` names."
  type        = bool
  default     = false
  nullable    = false
}

variable "replica" {
  description = "Where to: the output `replica` of a second instance of this module there, whose `replication_sources` has the output `replication_role` of this one. `account_id` where it is another account."
  type = object({
    bucket_arn  = string
    kms_key_arn = string
    account_id  = optional(string)
  })
  default = null

  validation {
    condition     = var.replica == null || can(regex("^arn:aws[a-z-]*:s3:::[^*?$/]+ arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[a-zA-Z0-9-]+ ([0-9]{12})?$", "${var.replica.bucket_arn} ${var.replica.kms_key_arn} ${var.replica.account_id == null ? "" : var.replica.account_id}"))
    error_message = "replica must have the ARN of a bucket, the ARN of a key that encrypts it, and of another account its number of 12 digits: what the output `replica` there says."
  }
}

variable "replication_sources" {
  description = "Of the destination: the output `replication_role` of each module whose bucket is copied here, by any name."
  type = map(object({
    arn = string
    id  = string
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for source in var.replication_sources : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/[^*?$]+ AROA[A-Z0-9]+$", "${source.arn} ${source.id}"))])
    error_message = "Each of replication_sources must have the ARN of a role, without wildcards, and its unique id (AROA…), and these do not: ${join(", ", [for name, source in var.replication_sources : name if !can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/[^*?$]+ AROA[A-Z0-9]+$", "${source.arn} ${source.id}"))])}."
  }
}

variable "events" {
  description = "Whether EventBridge is told of versions that are published and channels that move. Of a bucket that exists, turn EventBridge on there."
  type        = bool
  default     = false
  nullable    = false
}

variable "event_targets" {
  description = "Where EventBridge sends those, by any name. The target gets `{bucket, key}`, or what the input template says, with `<bucket>`, `<key>` and, in a bucket with versioning, `<id>`, the S3 version. `role_arn` is needed by most targets but Lambda, SQS and SNS."
  type = map(object({
    arn      = string
    role_arn = optional(string)
    input    = optional(string)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for target in var.event_targets : can(regex("^arn:[^:]+:[a-z0-9-]+:.*$", target.arn)) && (target.role_arn == null || can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$", target.role_arn)))])
    error_message = "Each of event_targets must have an ARN, and role_arn, where there is one, must be the ARN of a role."
  }
}

variable "tags" {
  description = "Tags for everything that is created."
  type        = map(string)
  default     = {}
  nullable    = false
}
