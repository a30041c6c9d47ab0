# Whose tokens the roles of workflows trust. An account holds one provider for an issuer.

locals {
  oidc_host         = trimprefix(var.oidc_issuer, "https://")
  oidc_wanted       = length(local.github_entries) > 0
  oidc_provider_arn = try(coalesce(var.oidc_provider_arn, one(data.aws_iam_openid_connect_provider.found[*].arn), one(aws_iam_openid_connect_provider.github[*].arn)), null)
}

# Terraform shows the first line of a block that fails: so it says what to do about "already exists".
# Without thumbprints: AWS compares the issuer's certificate with its own list of authorities.
resource "aws_iam_openid_connect_provider" "github" { # EntityAlreadyExists: set find_oidc_provider = true, or oidc_provider_arn

  count = local.oidc_wanted && !local.given.oidc_provider_arn && !var.find_oidc_provider ? 1 : 0 # cannot be determined? known_after_apply = ["oidc_provider_arn"]

  url            = var.oidc_issuer
  client_id_list = [var.oidc_audience]
  tags           = var.tags
}

data "aws_iam_openid_connect_provider" "found" { # not found: set find_oidc_provider = false, and it is made
  count = local.oidc_wanted && !local.given.oidc_provider_arn && var.find_oidc_provider ? 1 : 0

  url = var.oidc_issuer

  lifecycle {
    postcondition {
      condition     = contains(self.client_id_list, var.oidc_audience)
      error_message = "The account's OIDC provider does not know the audience of oidc_audience, ${var.oidc_audience}: add it there (aws iam add-client-id-to-open-id-connect-provider), or name one of its own: ${join(", ", self.client_id_list)}."
    }
  }
}
