# No provider here: a module that has one takes neither for_each nor a second account. Region and credentials come from
# the caller's provider, or, where this folder itself is applied, from the environment (AWS_REGION, AWS_PROFILE …).
terraform {
  required_version = ">= 1.5.7"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0, < 7.0.0"
    }
  }
}
