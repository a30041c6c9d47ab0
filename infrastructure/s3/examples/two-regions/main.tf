# A bucket and its copy in another region. Jobs there pull from the copy, with the roles of the first.

provider "aws" {
  alias  = "copy"
  region = "eu-north-1"
}

module "config" {
  source = "../.."

  bucket_name = "cstore-shop"

  github_pullers = [
    { repository = "acme/shop", subjects = ["environment:prod"], paths = [{ context = "shop", path = "service/*" }] },
  ]
  github_pushers = [
    { repository = "acme/shop", subjects = ["ref:refs/tags/v*"], paths = [{ context = "shop" }] },
  ]

  replicated = true
  replica    = module.copy.replica
}

module "copy" {
  source    = "../.."
  providers = { aws = aws.copy }

  bucket_name = "cstore-shop-copy"

  replication_sources = { shop = module.config.replication_role }

  # They read of the copy what they read of the bucket; nobody but S3 writes there.
  principals = { puller = module.config.roles["puller"] }
}
