variable "bucket_name" {
  type     = string
  nullable = false
}

variable "role_users" {
  type     = list(string)
  default  = []
  nullable = false
}

variable "source_identities" {
  type     = list(string)
  default  = []
  nullable = false
}

variable "users" {
  type     = list(string)
  default  = []
  nullable = false
}

variable "roles" {
  type     = list(string)
  default  = []
  nullable = false
}

variable "role_paths" {
  type = map(list(object({
    context = string
    path    = optional(string, "*")
  })))
  default  = {}
  nullable = false
}

variable "github_pullers" {
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
}

variable "github_pushers" {
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
}

variable "github_oidc_provider_arn" {
  type    = string
  default = null
}

variable "permissions_boundary" {
  type    = string
  default = null
}

variable "versioning" {
  type     = bool
  default  = true
  nullable = false
}

variable "noncurrent_version_days" {
  type     = number
  default  = 365
  nullable = false
}

variable "noncurrent_versions_kept" {
  type    = number
  default = 10
}

variable "multipart_days" {
  type     = number
  default  = 3
  nullable = false
}

variable "kms_deletion_window_days" {
  type     = number
  default  = 30
  nullable = false
}

variable "force_destroy" {
  type     = bool
  default  = false
  nullable = false
}

variable "allow_unconditional_writes" {
  type     = bool
  default  = false
  nullable = false
}

variable "access_log_bucket" {
  type    = string
  default = null
}

variable "tags" {
  type     = map(string)
  default  = {}
  nullable = false
}
