//! The words for what GitHub did not do.

use crate::github::{GitHubError, GitHubProblem, Ground};
use crate::message::{Action, reach_github};

/// Why, and what to do next, as sentences.
pub(super) fn why(error: &GitHubError) -> String {
    let GitHubError { operation, problem } = error;
    match problem {
        GitHubProblem::NoAddress => format!(
            "The variable {operation} does not say where to ask GitHub: GITHUB_API_URL is to be an https URL, and \
             GITHUB_REPOSITORY a name like owner/name."
        ),
        GitHubProblem::Token => {
            "GitHub does not know the token of the input `github-token`. Write `github-token: ${{ github.token }}`."
                .to_owned()
        }
        GitHubProblem::Forbidden { ground, needed, message } => {
            forbidden(*ground, needed.as_deref(), message, operation)
        }
        GitHubProblem::NotFound(needed) => {
            let needed = needed.as_deref().map(|needed| format!(" {}", add(needed))).unwrap_or_default();
            format!(
                "GitHub finds nothing for {operation}. Its answer is the same if the token of the input `github-token` may not see \
                 it.{needed}"
            )
        }
        GitHubProblem::RateLimit(wait) => format!(
            "GitHub's rate limit was reached, and waiting {} s would take longer than this step may. Run it again later, or \
             raise `timeout-seconds`.",
            wait.as_secs()
        ),
        GitHubProblem::StillLimited(attempts) => {
            format!("GitHub's rate limit was still reached after {attempts} attempts. Run this again later.")
        }
        GitHubProblem::Refused { status, message } if message.is_empty() => {
            format!("GitHub refused it with status {status} ({operation}).")
        }
        GitHubProblem::Refused { status, message } => {
            format!("GitHub refused it with status {status}: {}.", message.trim_end_matches('.'))
        }
        GitHubProblem::Unavailable { status, .. } => {
            format!("GitHub answered with status {status}. Run this again later.")
        }
        GitHubProblem::Unreachable { fault, detail } => {
            format!("GitHub could not be reached: {detail}. {}", reach_github(*fault, Action))
        }
        GitHubProblem::Elsewhere(host) => {
            format!("GitHub's answer leads to {host}, where the token is not sent.")
        }
        GitHubProblem::Overdue => {
            "The time of the step was up before GitHub had answered. Raise `timeout-seconds`.".to_owned()
        }
        GitHubProblem::Unreadable(why) => format!("What GitHub answered cannot be used: {why} ({operation})."),
    }
}

/// The same of what is forbidden.
fn forbidden(ground: Ground, needed: Option<&str>, message: &str, operation: &str) -> String {
    let said = match message.trim_end_matches('.') {
        "" => format!("GitHub forbids it ({operation})."),
        message => format!("GitHub forbids it: {message}."),
    };
    let next = match (ground, needed) {
        (Ground::Locked, _) => "Unlock the conversation of the pull request.".to_owned(),
        (Ground::Archived, _) => "Nothing can be written in a repository that is archived.".to_owned(),
        (Ground::SignOn, _) => {
            "Allow the token for the organization's single sign-on, or write `github-token: ${{ github.token }}`."
                .to_owned()
        }
        (Ground::Permission, needed) => {
            let add = needed.map(|needed| format!("{} ", add(needed))).unwrap_or_default();
            format!("{add}A run for a pull request of a fork gets read permissions only.")
        }
        (Ground::Other, Some(needed)) => format!("If it is for want of a permission: {}", add(needed)),
        (Ground::Other, None) => return said,
    };
    format!("{said} {next}")
}

/// The line of a workflow that grants what GitHub says is needed: several rights with commas, alternatives with
/// semicolons
/// (<https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api#insufficient-permissions>).
fn add(needed: &str) -> String {
    let alternatives: Vec<_> = needed.split(';').map(str::trim).filter(|one| !one.is_empty()).collect();
    // The one that the docs name, of several.
    let of_pull_requests = alternatives.iter().find(|one| one.contains("pull_requests"));
    let Some(chosen) = of_pull_requests.or_else(|| alternatives.first()) else { return String::new() };
    let line = |right: &str| {
        let (name, level) = right.trim().split_once('=')?;
        Some(format!("`{}: {level}`", name.replace('_', "-")))
    };
    let lines: Vec<_> = chosen.split(',').filter_map(line).collect();
    format!("Add {} to `permissions:` of the job.", lines.join(" and "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_to_add_is_as_a_workflow_writes_it() {
        for (needed, said) in [
            ("issues=write; pull_requests=write", "Add `pull-requests: write` to `permissions:` of the job."),
            ("contents=read", "Add `contents: read` to `permissions:` of the job."),
            (
                "contents=write,workflows=write; x=read",
                "Add `contents: write` and `workflows: write` to `permissions:` of the job.",
            ),
        ] {
            assert_eq!(add(needed), said);
        }
        assert_eq!(add(" ; "), "");
    }
}
