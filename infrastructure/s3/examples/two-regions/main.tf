# A bucket and its copy in another region. Jobs there pull from the copy, with the roles of the first.

provider "aws" {
  alias  = "copy"
  region = "eu-north-1"
}

module "config" {
  source = "../.."

  bucket_name = "cstore-shop"

  github_pullers = [
    { repository = "acme/shop", subjects = ["environment:prod"] },
  ]
  github_pushers = [
    { repository = "acme/shop", subjects = ["ref:refs/tags/v*"] },
  ]

  replicated = true
  replica    = module.copy.replica
}

module "copy" {
  source    = "../.."
  providers = { aws = aws.copy }

  bucket_name = "cstore-shop-copy"

  replication_sources = { shop = module.config.replication_role }

  # They read the copy; nobody but S3 writes there.
  principals = { puller = module.config.roles["puller"] }
}
