# What is printed to be pasted: a workflow for each repository. A job is in it with what starts it, so that in every run its
# subject is one that its role trusts.

locals {
  # The entries of each role of GitHub's that pulls or pushes, by repository and role. GitLab has no workflows. A token has what
  # such claims ask for only in another workflow, or on the ref that they name; and who promotes needs a version to be told.
  workflow_entries = {
    for entry in local.github_named : "${entry.repository} ${entry.name}" => entry...
    if entry.kind != "releaser" && !startswith(try(entry.subjects[0], ""), "ref_type:")
  }
  workflow_fitting = { for key, entries in local.workflow_entries : key => [for entry in entries : entry if(
    length(entry.reads) == 0
    && length(setsubtract(keys(entry.claims), ["actor", "actor_id", "enterprise_id", "environment", "repository", "repository_id"])) == 0
    && contains(try(entry.claims["environment"], [trimprefix(try(entry.subjects[0], ""), "environment:")]), trimprefix(try(entry.subjects[0], ""), "environment:"))
    && contains(try(entry.claims["repository"], [entry.repository]), entry.repository)
  )] }

  # The first entry of a role in a repository speaks for the others: a job has an environment, which then is its subject, or what
  # starts it is.
  workflow_jobs = { for key, entries in local.workflow_fitting : key => {
    repository  = entries[0].repository
    name        = entries[0].name
    push        = entries[0].kind == "pusher"
    arn         = local.github_resources[entries[0].name].arn
    trusted     = entries[0].full_subjects
    environment = try(regex("^environment:(.*)$", entries[0].subjects[0])[0], "")
    starts = startswith(try(entries[0].subjects[0], ""), "environment:") ? [] : [
      for subject in entries[0].subjects : replace(replace(subject, "ref:refs/tags/", "tags "), "ref:refs/heads/", "branches ") if !startswith(subject, "environment:")
    ]
    context = try(entries[0].paths[0].context, trimprefix(local.name, "cstore-"))
    # IAM's * goes through folders, the action's does not.
    files = [for place in try(entries[0].paths, []) : join("", [place.any_folder && place.path != "*" ? "**/" : "", replace(place.path, "/(^|\\/)\\*$/", "$1**")]) if place.context == try(entries[0].paths[0].context, "")]
  } if length(entries) > 0 }
  workflow_left_out = { for key, entries in local.workflow_fitting : key => local.workflow_entries[key][0] if length(entries) == 0 }

  # Of a repository's jobs that push, those that a ref starts publish. Where none is, the first one with an environment does,
  # on a tag. The others are started by hand: two would publish the same version.
  workflow_pushers = { for repository in distinct([for job in local.workflow_jobs : job.repository]) : repository => {
    by_ref         = [for job in local.workflow_jobs : job.name if job.push && job.repository == repository && length(job.starts) > 0]
    in_environment = distinct([for entry in local.github_named : entry.name if entry.repository == repository && entry.kind == "pusher" && try(local.workflow_jobs["${repository} ${entry.name}"].environment, "") != ""])
  } }
  workflow_push_starts = { for key, job in local.workflow_jobs : key => (
    length(job.starts) > 0 ? job.starts
    : length(local.workflow_pushers[job.repository].by_ref) == 0 && local.workflow_pushers[job.repository].in_environment[0] == job.name ? ["tags v*"]
    : ["workflow_dispatch"]
  ) if job.push }

  # What starts each job, as KIND PATTERN, and which jobs that push may be in the same run.
  workflow_starts = { for key, job in local.workflow_jobs : key => (
    job.push ? local.workflow_push_starts[key]
    : length(job.starts) > 0 ? job.starts
    : coalescelist(distinct(flatten([for pusher, starts in local.workflow_push_starts : starts if startswith(pusher, "${job.repository} ")])), ["workflow_dispatch"])
  ) }
  workflow_events = { for key, starts in local.workflow_starts : key => distinct([
    for start in starts : contains(["tags", "branches"], split(" ", start)[0]) ? "push" : start
  ]) }
  workflow_needs = { for key, job in local.workflow_jobs : key => job.push ? [] : [
    for pusher in keys(local.workflow_push_starts) : pusher
    if startswith(pusher, "${job.repository} ") && length(setintersection(local.workflow_events[pusher], local.workflow_events[key])) > 0
  ] }

  workflow_repositories = { for repository in keys(local.workflow_pushers) : repository => {
    starts   = distinct(flatten([for key, starts in local.workflow_starts : starts if startswith(key, "${repository} ")]))
    tags     = anytrue([for key, starts in local.workflow_push_starts : anytrue([for start in starts : startswith(start, "tags ")]) if startswith(key, "${repository} ")])
    branches = anytrue([for key, starts in local.workflow_push_starts : anytrue([for start in starts : startswith(start, "branches ")]) if startswith(key, "${repository} ")])
  } }

  # In which runs a job is to be: said where the workflow has others, too. A job of a pull request has no ref of a branch.
  workflow_conditions = { for key, job in local.workflow_jobs : key => (
    length(setsubtract(local.workflow_repositories[job.repository].starts, local.workflow_starts[key])) == 0 ? "" : join(" || ", [
      for event in local.workflow_events[key] : event != "push" ? "github.event_name == '${event}'" : format(
        contains(local.workflow_repositories[job.repository].starts, "workflow_dispatch") ? "github.event_name == 'push' && (%s)" : "%s",
        join(" || ", [for ref in [
          for start in local.workflow_starts[key] : replace(replace(start, "/^(tags|branches) /", startswith(start, "tags ") ? "refs/tags/" : "refs/heads/"), "'", "''") if contains(["tags", "branches"], split(" ", start)[0])
        ] : endswith(ref, "*") ? "startsWith(github.ref, '${trimsuffix(ref, "*")}')" : "github.ref == '${ref}'"]),
      )
    ])
  ) }
  # A job that needs one which is left out of a run would be left out as well, unless it says otherwise.
  workflow_ifs = { for key, condition in local.workflow_conditions : key => join(" && ", compact([
    anytrue([for pusher in local.workflow_needs[key] : length(setsubtract(local.workflow_starts[key], local.workflow_starts[pusher])) > 0]) ? "!cancelled() && !failure()" : "",
    condition == "" || !anytrue([for pusher in local.workflow_needs[key] : length(setsubtract(local.workflow_starts[key], local.workflow_starts[pusher])) > 0]) ? condition : "(${condition})",
  ])) }

  # Whatever came in is quoted: a bucket may be called 1e3, and an environment on. JSON would write & by its number.
  workflow_job_texts = { for key, job in local.workflow_jobs : key => join("", [for line in compact([
    "  ${job.name}: # for ${join(", ", [for subject in job.trusted : jsonencode(subject)])}",
    local.workflow_ifs[key] == "" ? "" : "    if: ${replace(jsonencode(local.workflow_ifs[key]), " \\u0026\\u0026 ", " && ")}",
    "    runs-on: ubuntu-latest",
    job.environment == "" ? "" : "    environment: ${jsonencode(job.environment)}",
    length(local.workflow_needs[key]) == 0 ? "" : "    needs: ${jsonencode([for pusher in local.workflow_needs[key] : local.workflow_jobs[pusher].name])}",
    "    permissions:",
    "      id-token: write",
    "      contents: read",
    "    steps:",
    "      - uses: actions/checkout@v7",
    "      - uses: OWNER/cstore-action@v1",
    "        id: config",
    "        with:",
    job.push ? "          command: push" : "          version: ${(
      !local.workflow_repositories[job.repository].branches ? "latest" : !local.workflow_repositories[job.repository].tags ? "head" : "$${{ github.ref_type == 'branch' && 'head' || 'latest' }}"
    )}",
    "          role-to-assume: ${jsonencode(job.arn)}",
    "          aws-region: ${jsonencode(local.region)}",
    var.oidc_audience == "sts.amazonaws.com" ? "" : "          audience: ${jsonencode(var.oidc_audience)}",
    "          context: ${jsonencode(job.context)}",
    "          bucket: ${jsonencode(local.name)}",
    length(job.files) > 0 && !contains(job.files, "**") ? "          files: ${jsonencode(join("\n", job.files))}" : job.push ? "          files: web/config.json # in its place, the files that git has" : "",
  ]) : "${line}\n"]) }

  # What a pattern of GitHub's means by + and the like, a ref has in its name.
  workflow_filters = { for repository, workflow in local.workflow_repositories : repository => { for kind in ["tags", "branches"] : kind => [
    for start in workflow.starts : replace(trimprefix(start, "${kind} "), "/([+!\\[\\]])/", "\\$1") if startswith(start, "${kind} ")
  ] } }
  workflow_heads = { for repository, workflow in local.workflow_repositories : repository => join("", [for line in concat(
    [for key, entry in local.workflow_left_out : "# Not here: ${entry.name}. ${length(entry.reads) > 0 ? "It promotes, which needs a version (docs/promoting.md)." : "Its claims say in which workflow, or on which ref, a job gets that role."}" if entry.repository == repository],
    length(workflow.starts) == 1 && !strcontains(workflow.starts[0], " ") ? ["on: ${workflow.starts[0]}"] : concat(
      ["on:"],
      length(local.workflow_filters[repository].tags) + length(local.workflow_filters[repository].branches) == 0 ? [] : ["  push:"],
      [for kind in ["tags", "branches"] : "    ${kind}: ${jsonencode(local.workflow_filters[repository][kind])}" if length(local.workflow_filters[repository][kind]) > 0],
      [for start in sort(workflow.starts) : "  ${start}:" if !strcontains(start, " ")],
    ),
    ["jobs:"],
  ) : "${line}\n"]) }

  workflows = { for repository, head in local.workflow_heads : repository => join("", concat(
    [head],
    [for key, job in local.workflow_jobs : local.workflow_job_texts[key] if job.push && job.repository == repository],
    [for key, job in local.workflow_jobs : local.workflow_job_texts[key] if !job.push && job.repository == repository],
  )) }
}
