# A bucket and a key that somebody else looks after. Nothing of them is touched: roles are made, and the documents to
# merge are printed. Turn S3 versioning on in the bucket.

variable "bucket" {
  description = "The bucket's name."
  type        = string
  default     = "cstore-shop"
}

variable "kms_key_arn" {
  description = "The key that encrypts it; null where none does."
  type        = string
  default     = null
}

module "config" {
  source = "../.."

  bucket      = var.bucket
  kms_key_arn = var.kms_key_arn

  github_pullers = [
    { repository = "acme/shop", subjects = ["environment:prod"], paths = [{ context = "shop", path = "service/*" }] },
  ]
  github_pushers = [
    { repository = "acme/shop", subjects = ["ref:refs/tags/v*"], paths = [{ context = "shop" }] },
  ]
}

output "bucket_policy" {
  description = "For the bucket's owner: statements to add."
  value       = module.config.bucket_policy
}

output "key_policy" {
  description = "For the key's owner: statements to add."
  value       = module.config.key_policy
}

output "workflow" {
  description = "Jobs to paste into a workflow."
  value       = module.config.workflow
}
