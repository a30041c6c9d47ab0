# One project's bucket, key and roles, as a module of a stack that may hold anything else.
# Elsewhere: source = "github.com/OWNER/cstore-action//infrastructure/s3?ref=v1"

module "config" {
  source = "../.."

  bucket_name = "cstore-shop"

  # What a job may is the files that it needs, and who it is an environment or a tag that GitHub protects.
  github_pullers = [
    { repository = "acme/shop", owner_id = 1000, repository_id = 4711, subjects = ["environment:prod"], paths = [{ context = "shop", path = "service/*" }] },
  ]
  github_pushers = [
    { repository = "acme/shop", owner_id = 1000, repository_id = 4711, subjects = ["ref:refs/tags/v*"], paths = [{ context = "shop" }] },
  ]

  tags = { project = "shop" }
}

output "workflow" {
  description = "Jobs to paste into a workflow."
  value       = module.config.workflow
}
