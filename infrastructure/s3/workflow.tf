# What is printed to be pasted: a workflow for each repository.

locals {
  # The entries of each role of GitHub's that pulls or pushes, by repository and role. GitLab has no workflows.
  workflow_entries = {
    for entry in local.github_named : "${entry.repository} ${entry.name}" => entry...
    if entry.kind != "releaser" && !startswith(try(entry.subjects[0], ""), "ref_type:")
  }

  # The first entry of a role in a repository speaks for the others.
  workflow_jobs = { for key, entries in local.workflow_entries : key => {
    repository  = entries[0].repository
    name        = entries[0].name
    push        = entries[0].kind == "pusher"
    arn         = local.github_resources[entries[0].name].arn
    subjects    = distinct(flatten([for entry in entries : entry.full_subjects]))
    environment = try(regex("^environment:(.*)$", entries[0].subjects[0])[0], "")
    context     = try(entries[0].paths[0].context, trimprefix(local.name, "cstore-"))
    # IAM's * goes through folders, the action's does not.
    files = replace(try(entries[0].paths[0].path, "*"), "/(^|\\/)\\*$/", "$1**")
  } }

  # By repository: its jobs that push, and on which tags and branches they do.
  workflow_pushes = { for repository in distinct([for job in local.workflow_jobs : job.repository]) : repository => {
    jobs     = [for job in local.workflow_jobs : job.name if job.push && job.repository == repository]
    tags     = flatten([for job in local.workflow_jobs : [for subject in job.subjects : regexall(":ref:refs/tags/(.*)$", subject)] if job.push && job.repository == repository])
    branches = flatten([for job in local.workflow_jobs : [for subject in job.subjects : regexall(":ref:refs/heads/(.*)$", subject)] if job.push && job.repository == repository])
  } }

  # Whatever came in is quoted: a bucket may be called 1e3, and an environment on.
  workflow_job_texts = { for key, job in local.workflow_jobs : key => join("", [for line in compact([
    "  ${job.name}: # for ${join(", ", [for subject in job.subjects : jsonencode(subject)])}",
    "    runs-on: ubuntu-latest",
    job.environment == "" ? "" : "    environment: ${jsonencode(job.environment)}",
    job.push || length(local.workflow_pushes[job.repository].jobs) == 0 ? "" : "    needs: ${jsonencode(local.workflow_pushes[job.repository].jobs)}",
    "    permissions:",
    "      id-token: write",
    "      contents: read",
    "    steps:",
    "      - uses: actions/checkout@v7",
    "      - uses: OWNER/cstore-action@v1",
    "        id: config",
    "        with:",
    job.push ? "          command: push" : "          version: ${length(local.workflow_pushes[job.repository].branches) > 0 ? "head" : "latest"}",
    "          role-to-assume: ${jsonencode(job.arn)}",
    "          aws-region: ${jsonencode(local.region)}",
    var.oidc_audience == "sts.amazonaws.com" ? "" : "          audience: ${jsonencode(var.oidc_audience)}",
    "          context: ${jsonencode(job.context)}",
    "          bucket: ${jsonencode(local.name)}",
    job.files == "**" ? (job.push ? "          files: web/config.json # the files that are in git" : "") : "          files: ${jsonencode(job.files)}",
  ]) : "${line}\n"]) }

  # On a tag, unless only branches push; by hand where nobody pushes.
  workflow_starts = { for repository, pushes in local.workflow_pushes : repository => join("", [for line in compact([
    length(pushes.jobs) == 0 ? "on: workflow_dispatch" : "on:",
    length(pushes.jobs) == 0 ? "" : "  push:",
    length(pushes.jobs) == 0 || (length(pushes.tags) == 0 && length(pushes.branches) > 0) ? "" : "    tags: ${jsonencode(coalescelist(pushes.tags, ["v*"]))}",
    length(pushes.branches) == 0 ? "" : "    branches: ${jsonencode(pushes.branches)}",
    "jobs:",
  ]) : "${line}\n"]) }

  workflows = { for repository, start in local.workflow_starts : repository => join("", concat(
    [start],
    [for key, job in local.workflow_jobs : local.workflow_job_texts[key] if job.push && job.repository == repository],
    [for key, job in local.workflow_jobs : local.workflow_job_texts[key] if !job.push && job.repository == repository],
  )) }
}
