data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

# Looking the names up makes one that does not exist fail the plan, finds roles that have a path, and gives the unique
# ids that the bucket policy compares: a role that was deleted and made again under the same name is another principal.
# Terraform shows the first line of a block that fails: so it names the variable.
data "aws_iam_role" "people" { # not found: role_users names a role that this account does not have
  for_each = toset([for user in var.role_users : split("/", user)[0]])
  name     = each.key
}

data "aws_iam_role" "reader" { # not found: roles names a role that this account does not have (one of the same stack: principals)
  for_each = toset(var.roles)
  name     = each.key
}

data "aws_iam_user" "named" { # not found: users names a user that this account does not have
  for_each  = toset(var.users)
  user_name = each.key
}

# IAM Identity Center makes a role of each permission set that is assigned in the account, with an end that nobody knows
# beforehand, and makes it again when the permission set is assigned again.
data "aws_iam_roles" "permission_set" {
  for_each    = toset([for user in var.identity_center_users : split("/", user)[0]])
  name_regex  = "^AWSReservedSSO_${replace(each.key, "/[.+]/", "[$0]")}_[0-9a-f]{16}$"
  path_prefix = "/aws-reserved/sso.amazonaws.com/"

  lifecycle {
    postcondition {
      condition     = length(self.names) == 1
      error_message = "identity_center_users: the account has no role AWSReservedSSO_${each.key}_… : assign the permission set ${each.key} in it first."
    }
  }
}

data "aws_iam_role" "permission_set" {
  for_each = data.aws_iam_roles.permission_set
  name     = one(each.value.names)
}

# Each entry of the variables that hold objects: a module, for Terraform lets several variables share no validation, and so that
# what is refused is one entry, called by its place.
module "entry" {
  source = "./modules/entry"
  for_each = merge(
    { for index, entry in var.github_pullers : "github_pullers[${index}]" => { kind = "puller", said = { may = "pull" }, given = entry } },
    { for index, entry in var.github_pushers : "github_pushers[${index}]" => { kind = "pusher", said = { may = "push" }, given = entry } },
    { for index, entry in var.github_releasers : "github_releasers[${index}]" => { kind = "releaser", said = { may = "release" }, given = entry } },
    { for name, principal in var.principals : "principals[${jsonencode(name)}]" => { kind = "principal", said = {}, given = principal } },
    { for name, paths in var.role_paths : "role_paths[${jsonencode(name)}]" => { kind = "role", said = { may = "pull" }, given = { paths = paths } } },
  )

  given = {
    place = join(" of ", compact([each.key, try(each.value.given.repository, "")]))
    entry = each.value.given
    known = {
      puller    = ["repository", "owner_id", "repository_id", "subjects", "claims", "role", "paths"]
      pusher    = ["repository", "owner_id", "repository_id", "subjects", "claims", "role", "paths", "reads", "channels"]
      releaser  = ["repository", "owner_id", "repository_id", "subjects", "claims", "role", "channels"]
      principal = ["arn", "id", "may", "paths", "reads", "channels"]
      role      = ["paths"]
    }[each.value.kind]
  }
  entry = merge(each.value.given, each.value.said, {
    place = join(" of ", compact([each.key, try(each.value.given.repository, "")]))
    kind  = each.value.kind
  })
}

locals {
  account_id = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition
  # The bucket's. (Of the provider 6 `region` is that of the look-up.)
  region = local.own_bucket ? data.aws_region.current.id : lookup(data.aws_s3_bucket.existing[0], "bucket_region", data.aws_s3_bucket.existing[0].region)

  # The bucket's name, of whichever of the two variables.
  name        = local.own_bucket ? coalesce(var.bucket_name, "none") : var.bucket
  bucket_arn  = "arn:${local.partition}:s3:::${local.name}"
  objects_arn = "${local.bucket_arn}/*"

  people_roles   = merge(data.aws_iam_role.people, { for set, role in data.aws_iam_role.permission_set : "identity-center/${set}" => role })
  role_user_arns = [for role in local.people_roles : role.arn]
  user_arns      = [for user in data.aws_iam_user.named : user.arn]

  # aws:userid is ID:SESSION of a role and the id alone of a user. A principal's ARN would not tell one session of a
  # role from another, nor a role from its namesake.
  assumed_ids = [for user in var.role_users : "${data.aws_iam_role.people[split("/", user)[0]].unique_id}:${split("/", user)[1]}"]
  role_user_ids = concat(
    local.assumed_ids,
    [for user in var.identity_center_users : "${data.aws_iam_role.permission_set[split("/", user)[0]].unique_id}:${split("/", user)[1]}"],
  )
  user_ids = [for user in var.users : data.aws_iam_user.named[user].user_id]

  # Everybody else who is named, and what each is restricted to: files by `paths`, channels by `channels`. Who promotes reads
  # whole contexts besides, `reads`.
  named = merge(
    { for name, role in data.aws_iam_role.reader : "role/${name}" => {
      may      = "pull"
      arn      = role.arn
      id       = "${role.unique_id}:*"
      paths    = try(module.entry["role_paths[${jsonencode(name)}]"].entry.paths, [])
      reads    = []
      channels = []
    } },
    { for name, role in local.github_roles : "github/${name}" => {
      may      = role.may
      arn      = local.github_resources[name].arn
      id       = "$(github/${name}):*"
      paths    = role.paths
      reads    = role.reads
      channels = role.channels
    } },
    { for name in keys(var.principals) : "principal/${name}" => merge(module.entry["principals[${jsonencode(name)}]"].entry, {
      id = join(":", concat([module.entry["principals[${jsonencode(name)}]"].entry.id], strcontains(module.entry["principals[${jsonencode(name)}]"].entry.arn, ":role/") ? ["*"] : []))
    }) },
  )

  # Of another account nobody can be given more than this bucket's policy gives. (Whatever is known of a role that is yet to be
  # made: an || with its ARN would not be.)
  of_this_account = { for name, role in local.named : name => role if startswith(name, "principal/") ? split(":", role.arn)[4] == local.account_id : true }

  # Each list holds the one before it. The account's id is the root user's aws:userid: it keeps the lists from being
  # empty, and leaves one way in.
  people     = concat([local.account_id], local.role_user_ids, local.user_ids)
  may_move   = concat(local.people, [for role in local.named : role.id if length(role.channels) > 0])
  may_write  = concat(local.people, [for role in local.named : role.id if role.may != "pull"])
  may_read   = concat(local.may_write, [for role in local.named : role.id if role.may == "pull"], local.replicator_ids)
  replicates = concat(local.people, [for source in var.replication_sources : "${source.id}:*"])
}

locals {
  # What a role may read and write of the bucket, by the name in `named`. Where this is the whole bucket, it is not in the list.
  # A path lies in the head at CONTEXT/PATH and in each version at CONTEXT/VERSION/PATH. Manifests lie below .cstore/,
  # and no pull or push goes without them.
  files = { for name, role in local.named : name => distinct(flatten([
    for place in role.paths : place.path == "*" ? ["${local.bucket_arn}/${place.context}/*"] : [
      "${local.bucket_arn}/${place.context}/${place.path}",
      "${local.bucket_arn}/${place.context}/*/${place.path}",
    ]
  ])) }
  # IAM's * goes through folders. CONTEXT/*/PATH is to be PATH in one version, whose name has no slash, and not what lies
  # below more than one segment; and what a context below this one has below .cstore/ is of no path and no whole context.
  deeper = { for name, role in local.named : name => distinct(flatten([
    for place in concat(role.paths, [for context in role.reads : { context = context, path = "*", any_folder = false }]) : concat(
      ["${local.bucket_arn}/${place.context}/*/.cstore/*"],
      place.any_folder || place.path == "*" || contains([for other in role.paths : other.context if other.path == "*"], place.context) ? [] : ["${local.bucket_arn}/${place.context}/*/*/${place.path}"],
    )
  ])) if length(role.paths) > 0 }
  channels = { for name, role in local.named : name => [
    for channel in role.channels : "${local.bucket_arn}/${channel.context}/.cstore/channels/${channel.name}.json"
  ] }

  # A releaser reads manifests, claims and channels, and no file that holds a value.
  reads = { for name, role in local.named : name => distinct(flatten([
    local.files[name],
    [for context in role.reads : "${local.bucket_arn}/${context}/*"],
    [for place in role.paths : "${local.bucket_arn}/${place.context}/.cstore/*" if place.path != "*"],
    role.may == "release" ? [for channel in role.channels : "${local.bucket_arn}/${channel.context}/.cstore/*"] : [],
  ])) if length(role.paths) > 0 || role.may == "release" }

  writes = { for name, role in local.named : name => distinct(flatten([
    local.files[name],
    [for place in role.paths : [
      "${local.bucket_arn}/${place.context}/.cstore/claims/*",
      "${local.bucket_arn}/${place.context}/.cstore/head.json",
      "${local.bucket_arn}/${place.context}/.cstore/settings.json",
      "${local.bucket_arn}/${place.context}/.cstore/versions/*",
    ] if place.path != "*"],
    local.channels[name],
  ])) if role.may != "pull" && (length(role.paths) > 0 || role.may == "release") }
}
