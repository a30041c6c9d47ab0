# What is tried in one context is promoted to the other, which nobody pushes to. A release pushes to shop-dev; who approves it in the
# environment prod has a job that reads shop-dev and publishes in shop; a deploy reads shop alone.

module "config" {
  source = "../.."

  bucket_name = "cstore-shop"

  github_pushers = [
    { repository = "acme/shop", subjects = ["ref:refs/tags/v*"], paths = [{ context = "shop-dev" }] },
    { repository = "acme/shop", role = "promoter", subjects = ["environment:prod"], paths = [{ context = "shop" }], reads = ["shop-dev"] },
  ]
  github_pullers = [
    { repository = "acme/shop", subjects = ["environment:prod"], paths = [{ context = "shop" }] },
    { repository = "acme/shop", role = "puller-dev", subjects = ["environment:dev"], paths = [{ context = "shop-dev" }] },
  ]
}

output "promoter_role_arn" {
  description = "For `role-to-assume` of a step with `command: promote`."
  value       = module.config.pusher_role_arns["promoter"]
}
