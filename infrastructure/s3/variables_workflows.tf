# Workflows, and whose tokens they bring. What an entry may say: modules/entry. The types of entries are there alone: of a variable
# with a type Terraform drops what the type does not have without a word, and `path` in place of `paths` would give the whole bucket.

variable "github_pullers" {
  description = "Workflows that pull, a list of objects with `repository`, `subjects` and, if need be, `owner_id`, `repository_id`, `claims`, `paths`, `role`. `subjects` end the OIDC subject: `environment:prod`, `ref:refs/heads/main`, `ref:refs/tags/v*`, `pull_request`; of GitLab `ref_type:branch:ref:main`. `owner_id` and `repository_id` are needed where subjects are immutable. `claims` are conditions besides, such as `{ job_workflow_ref = [\"acme/deploy/.github/workflows/deploy.yml@refs/heads/main\"] }`. `paths` restricts it as `role_paths` does. Each repository has a role of its own: the first one's is called `puller`, another one's `puller-REPO`; `role` names it, and entries that name the same one share it."
  type        = any
  default     = []
  nullable    = false

  validation {
    condition     = can([for entry in var.github_pullers : keys(entry)]) && !can(keys(var.github_pullers))
    error_message = "github_pullers must be a list of objects, one for each entry: [{ repository = \"OWNER/REPO\", … }]."
  }
}

variable "github_pushers" {
  description = "Workflows that push, in the form of `github_pullers`; the roles are `pusher` and `pusher-REPO`, and `pull_request` is refused. One whose `paths` are not whole contexts may have `channels`, too, for `push --to`. One that promotes has `reads`, contexts that it reads besides: `paths = [{ context = \"shop\" }], reads = [\"shop-dev\"]`."
  type        = any
  default     = []
  nullable    = false

  validation {
    condition     = can([for entry in var.github_pushers : keys(entry)]) && !can(keys(var.github_pushers))
    error_message = "github_pushers must be a list of objects, one for each entry: [{ repository = \"OWNER/REPO\", … }]."
  }
}

variable "github_releasers" {
  description = "Workflows that move channels, in the form of `github_pullers`; the roles are `releaser` and `releaser-REPO`. They write the `channels` that are named, in full, read manifests and no file that holds a value: `channels = [{ context = \"shop\", name = \"prod\" }]`."
  type        = any
  default     = []
  nullable    = false

  validation {
    condition     = can([for entry in var.github_releasers : keys(entry)]) && !can(keys(var.github_releasers))
    error_message = "github_releasers must be a list of objects, one for each entry: [{ repository = \"OWNER/REPO\", … }]."
  }
}

variable "oidc_issuer" {
  description = "Who signs the tokens of the workflows: `https://HOST/_services/token` for GitHub Enterprise Server, `https://token.actions.SUBDOMAIN.ghe.com` for ghe.com, `https://gitlab.com` for GitLab."
  type        = string
  default     = "https://token.actions.githubusercontent.com"
  nullable    = false

  validation {
    condition     = can(regex("^https://[a-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~/-]*[A-Za-z0-9._~-])?$", var.oidc_issuer))
    error_message = "oidc_issuer must be the iss of the tokens, letter for letter: https://HOST or https://HOST/PATH, without a slash at its end."
  }
}

variable "oidc_audience" {
  description = "Whom the tokens are for; the action's input `audience` must say the same."
  type        = string
  default     = "sts.amazonaws.com"
  nullable    = false

  validation {
    condition     = can(regex("^[^*?$\\p{C}\\p{Z}]{1,255}$", var.oidc_audience))
    error_message = "oidc_audience must be 1 to 255 characters without spaces, line breaks, what cannot be seen, and wildcards."
  }
}

variable "oidc_provider_arn" {
  description = "ARN of the account's OIDC provider for `oidc_issuer`, where there is one already: an account can hold only one. When null it is made if a workflow is named, or found with `find_oidc_provider`. Where the same apply creates it, see `known_after_apply`."
  type        = string
  default     = null

  validation {
    condition     = var.oidc_provider_arn == null || can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:oidc-provider/[^*?]+$", var.oidc_provider_arn))
    error_message = "oidc_provider_arn must be the ARN of an OIDC provider: arn:aws:iam::ACCOUNT:oidc-provider/HOST."
  }
}

variable "find_oidc_provider" {
  description = "Whether the account's OIDC provider for `oidc_issuer` is looked up instead of made."
  type        = bool
  default     = false
  nullable    = false
}

variable "role_name_prefix" {
  description = "What the names of the roles that are made begin with; the bucket's name when null. A hyphen and the role follow."
  type        = string
  default     = null

  validation {
    condition     = var.role_name_prefix == null || can(regex("^[A-Za-z0-9+=,.@_-]{1,52}$", var.role_name_prefix))
    error_message = "role_name_prefix must be 1 to 52 letters, digits and +=,.@_-."
  }
}

variable "iam_path" {
  description = "Path of the roles that are made."
  type        = string
  default     = "/"
  nullable    = false

  validation {
    condition     = can(regex("^/([!-.0-~]+/)*$", var.iam_path))
    error_message = "iam_path must begin and end with a slash."
  }
}

variable "trust_policy_quota" {
  description = "How many characters IAM stores of a role's trust, the account's quota `Role trust policy length`: a plan whose subjects need more is refused. Raise it once AWS has raised the quota."
  type        = number
  default     = 2048
  nullable    = false

  validation {
    condition     = var.trust_policy_quota >= 2048 && floor(var.trust_policy_quota) == var.trust_policy_quota
    error_message = "trust_policy_quota must be a whole number, 2048 or more."
  }
}

variable "permissions_boundary" {
  description = "ARN of a permissions boundary for the roles that are made, where the account demands one."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary == null || can(regex("^arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/.+$", var.permissions_boundary))
    error_message = "permissions_boundary must be the ARN of a policy."
  }
}
