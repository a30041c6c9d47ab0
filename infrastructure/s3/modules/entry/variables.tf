# One who is named in the variables of the module above: what may be said of it, in one place for every way to be named. A
# message begins with where it is said.

variable "given" {
  description = "The entry as it was written (`entry`), with what the type below does not have and would drop; and the attributes that one of its kind may have (`known`)."
  type        = any

  # A misspelt restriction would be none.
  validation {
    condition     = length(setsubtract(keys(var.given.entry), var.given.known)) == 0
    error_message = "${var.given.place}: it may not have ${join(", ", setsubtract(keys(var.given.entry), var.given.known))}; what there is: ${join(", ", var.given.known)}."
  }
  validation {
    condition     = alltrue([for place in try([for place in var.given.entry.paths : keys(place)], []) : length(setsubtract(place, ["context", "path", "any_folder"])) == 0])
    error_message = "${var.given.place}: paths may not have ${join(", ", distinct(flatten([for place in try([for place in var.given.entry.paths : keys(place)], []) : setsubtract(place, ["context", "path", "any_folder"])])))}; what there is: context, path, any_folder."
  }
  validation {
    condition     = alltrue([for channel in try([for channel in var.given.entry.channels : keys(channel)], []) : length(setsubtract(channel, ["context", "name"])) == 0])
    error_message = "${var.given.place}: channels may not have ${join(", ", distinct(flatten([for channel in try([for channel in var.given.entry.channels : keys(channel)], []) : setsubtract(channel, ["context", "name"])])))}; what there is: context, name."
  }
}

variable "entry" {
  description = "A workflow (`repository` and what follows it), a principal (`arn`, `id`) or a role, and what it is restricted to."
  type = object({
    place = string # such as github_pullers[0] (acme/shop)
    kind  = string # puller, pusher or releaser, principal or role
    may   = optional(string, "pull")

    repository    = optional(string)
    owner_id      = optional(number)
    repository_id = optional(number)
    subjects      = optional(list(string), [])
    claims        = optional(map(list(string)), {})
    role          = optional(string)

    arn = optional(string)
    id  = optional(string)

    paths = optional(list(object({
      context    = string
      path       = optional(string, "*")
      any_folder = optional(bool, false)
    })), [])
    reads = optional(list(string), [])
    channels = optional(list(object({
      context = string
      name    = string
    })), [])
  })

  # Whose tokens count. What IAM takes for a wildcard or a variable, * ? and $, stands in none of it but at the end of a ref,
  # and what breaks a line (\p{Zl}, \p{Zp}) or cannot be seen (\p{C}) in none at all: it is printed in a workflow.
  validation {
    condition = contains(["principal", "role"], var.entry.kind) || can(regex(
      alltrue([for subject in var.entry.subjects : startswith(subject, "ref_type:")]) ? "^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)+$" : "^[A-Za-z0-9_-]+/[A-Za-z0-9._-]+$", var.entry.repository
    ))
    error_message = "${var.entry.place}: repository must be OWNER/REPO, or GROUP/PROJECT of GitLab, without wildcards."
  }
  validation {
    condition     = (var.entry.owner_id == null) == (var.entry.repository_id == null)
    error_message = "${var.entry.place}: give both owner_id and repository_id, or neither."
  }
  validation {
    condition     = alltrue([for id in [var.entry.owner_id, var.entry.repository_id] : id == null ? true : id >= 1 && floor(id) == id])
    error_message = "${var.entry.place}: owner_id and repository_id must be whole numbers, 1 or more, as gh api repos/OWNER/REPO says them."
  }
  validation {
    condition = contains(["principal", "role"], var.entry.kind) || (length(var.entry.subjects) > 0 && alltrue([
      for subject in var.entry.subjects : can(regex("^(pull_request|environment:[^*?$:\\p{C}\\p{Zl}\\p{Zp}]+|ref:refs/(heads|tags)/[^*?$:\\p{C}\\p{Zl}\\p{Zp}]+[*]?|ref_type:(branch|tag):ref:[^*?$:\\p{C}\\p{Zl}\\p{Zp}]+[*]?)$", subject))
    ]))
    error_message = "${var.entry.place}: subjects must be environment:NAME, ref:refs/heads/NAME, ref:refs/tags/NAME (one * may end a ref) or pull_request; of GitLab ref_type:branch:ref:NAME or ref_type:tag:ref:NAME."
  }
  validation {
    condition     = var.entry.may == "pull" || !contains(var.entry.subjects, "pull_request")
    error_message = "${var.entry.place}: a pull request may pull, and neither push nor release."
  }
  validation {
    condition = alltrue(flatten([for claim, values in var.entry.claims : concat([length(values) > 0], [for value in values : (
      claim == "job_workflow_ref" ? can(regex("^[A-Za-z0-9_-]+/[A-Za-z0-9._-]+/[.]github/workflows/[^*?$@\\p{C}\\p{Zl}\\p{Zp}]+@refs/[^*?$\\p{C}\\p{Zl}\\p{Zp}]+[*]?$", value))
      : contains(["actor_id", "enterprise_id", "repository_id"], claim) ? can(regex("^[0-9]+$", value))
      : contains(["actor", "environment", "ref", "repository", "workflow"], claim) ? can(regex("^[^*?$\\p{C}\\p{Zl}\\p{Zp}]+$", value))
      : false
    )])]))
    error_message = "${var.entry.place}: claims must be of those that AWS looks at: actor, actor_id, enterprise_id, environment, job_workflow_ref (OWNER/REPO/.github/workflows/FILE@refs/…, one * may end it), ref, repository, repository_id, workflow. No other wildcards, ids are numbers."
  }
  validation {
    condition     = var.entry.role == null || can(regex("^[a-z][a-z0-9-]{0,31}$", var.entry.role))
    error_message = "${var.entry.place}: role must be 1 to 32 lower-case letters, digits and hyphens, and begin with a letter."
  }

  # Who is named by ARN and id. Both may be known only when another module has made the role.
  validation {
    condition     = var.entry.kind != "principal" || can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/[^*?$]+$", var.entry.arn))
    error_message = "${var.entry.place}: arn must be that of a role or user, without wildcards."
  }
  validation {
    condition     = var.entry.kind != "principal" || can(regex(strcontains(var.entry.arn, ":role/") ? "^AROA[A-Z0-9]+$" : "^AIDA[A-Z0-9]+$", var.entry.id))
    error_message = "${var.entry.place}: id must be the unique id: a role's begins with AROA, a user's with AIDA."
  }
  validation {
    condition     = contains(["pull", "push", "release"], var.entry.may)
    error_message = "${var.entry.place}: may must be pull, push or release."
  }

  # What it is restricted to.
  validation {
    condition = alltrue([
      for context in concat(var.entry.paths[*].context, var.entry.reads, var.entry.channels[*].context) : can(regex("^[^*?$\\p{C}\\p{Zl}\\p{Zp}]+$", context)) && length(setintersection(split("/", context), ["", ".", "..", ".cstore"])) == 0
    ])
    error_message = "${var.entry.place}: a context must be a context's name, without * ? and $, and no part of it is empty, . or .., so that no slash is at its ends."
  }
  validation {
    condition = alltrue([
      for place in var.entry.paths : can(regex("^[^*?$\\p{C}\\p{Zl}\\p{Zp}]*[*]?$", place.path)) && length(setintersection(split("/", place.path), ["", ".", "..", ".cstore"])) == 0
    ])
    error_message = "${var.entry.place}: a path is relative, such as service/.env or service/*: no part of it is empty, . or .., and of * ? and $ it may have one * at its end."
  }
  # Contexts that lie in one another share keys: what is denied for the one would be denied for the other.
  validation {
    condition = !anytrue(flatten([for outer in concat(var.entry.paths[*].context, var.entry.reads) : [
      for inner in concat(var.entry.paths[*].context, var.entry.reads, var.entry.channels[*].context) : startswith(inner, "${outer}/")
    ]]))
    error_message = "${var.entry.place}: of two contexts one lies in the other, and has its keys: give each a role of its own."
  }
  # To IAM the * of CONTEXT/*/.env is any number of folders. With one slash in a path what is too deep can be denied by that.
  validation {
    condition     = alltrue([for place in var.entry.paths : place.path == "*" || strcontains(place.path, "/") || place.any_folder])
    error_message = "${var.entry.place}: a path without a folder is to IAM that name in every folder: say any_folder = true where that is meant, or keep the file in a folder, or name a context of its own."
  }
  validation {
    condition = !anytrue(flatten([for one in var.entry.paths : [
      for other in var.entry.paths : one.context == other.context && !one.any_folder && strcontains(one.path, "/") && (
        endswith(one.path, "*") ? strcontains(trimsuffix(other.path, "*"), "/${trimsuffix(one.path, "*")}") : endswith(other.path, "/${one.path}")
      )
    ]]))
    error_message = "${var.entry.place}: of two paths one is the other in a deeper folder, where it is denied: say any_folder = true of the shorter one where any folder is meant, or give each a role of its own."
  }
  validation {
    condition     = alltrue([for channel in var.entry.channels : can(regex("^[a-z0-9][a-z0-9._-]{0,63}$", channel.name))])
    error_message = "${var.entry.place}: a channel must be named in full, without wildcards: lower-case letters, digits and ._-, at most 64."
  }
  validation {
    condition     = var.entry.kind != "role" || length(var.entry.paths) > 0
    error_message = "${var.entry.place}: name at least one path, or leave the role out of role_paths, and it reads everything."
  }
  validation {
    condition     = var.entry.may != "release" || (length(var.entry.channels) > 0 && length(var.entry.paths) == 0)
    error_message = "${var.entry.place}: who may release needs at least one channel, and no paths: it reads no file."
  }
  # Who promotes.
  validation {
    condition     = length(var.entry.reads) == 0 || (var.entry.may == "push" && length(var.entry.paths) > 0 && length(setintersection(var.entry.reads, var.entry.paths[*].context)) == 0)
    error_message = "${var.entry.place}: reads is for who pushes, and names contexts besides those of its paths, which it reads anyway; without paths it reads everything."
  }
  validation {
    condition     = var.entry.may != "pull" || length(var.entry.channels) == 0
    error_message = "${var.entry.place}: who may only pull moves no channel: leave channels out."
  }
  # A path P of a context is also CONTEXT/*/P, and IAM's * goes through folders. So of what lies below .cstore/channels/ no
  # suffix may be such a path.
  validation {
    condition = var.entry.may != "push" || length(var.entry.channels) == 0 || (length(var.entry.paths) > 0 && !anytrue([
      for place in var.entry.paths : can(regex("^([^/]*[*]|[^/]*[.]json|channels/.*)$", place.path))
    ]))
    error_message = "${var.entry.place}: who pushes and has channels needs paths that hold none of the other channels, for IAM compares text: no whole context, no * before the first slash, no NAME.json at the top, no folder channels."
  }
}
