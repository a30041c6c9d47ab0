# Several projects, with what is alike said once; and one of them in a second account, too. The first account has GitHub's OIDC
# provider already, of which there can be only one; in the second it is made.

variable "prod_role" {
  description = "A role of the account for production, which may make buckets, keys and roles there."
  type        = string
  default     = "arn:aws:iam::444455556666:role/terraform"
}

provider "aws" {
  alias = "prod"

  assume_role {
    role_arn = var.prod_role
  }
}

locals {
  projects = {
    shop = { repository = "acme/shop" }
    web  = { repository = "acme/web" }
  }
}

module "config" {
  source   = "../.."
  for_each = local.projects

  bucket_name        = "cstore-${each.key}"
  find_oidc_provider = true

  github_pullers = [
    { repository = each.value.repository, subjects = ["environment:dev"], paths = [{ context = each.key, path = "service/*" }] },
  ]
  github_pushers = [
    { repository = each.value.repository, subjects = ["ref:refs/tags/v*"], paths = [{ context = each.key }] },
  ]
}

module "config_prod" {
  source    = "../.."
  providers = { aws = aws.prod }

  bucket_name = "cstore-shop-prod"

  github_pullers = [
    { repository = "acme/shop", subjects = ["environment:prod"], paths = [{ context = "shop", path = "service/*" }] },
  ]
}
