//! The table of options: a file a subject, and in it a row an option.

mod change;
mod checks;
mod commands;
mod compare;
mod credentials;
mod exec;
mod github;
mod history;
mod place;
mod row;
mod terminal;
mod values;
mod which;

pub(crate) use change::*;
pub(crate) use checks::*;
pub(crate) use compare::*;
pub(crate) use credentials::*;
pub(crate) use exec::*;
pub(crate) use github::*;
pub(crate) use history::*;
pub(crate) use place::*;
pub(crate) use terminal::*;
pub(crate) use values::*;
pub(crate) use which::*;

use super::spec::OptionSpec;

/// Options of one subject.
#[derive(Debug, Clone, Copy)]
pub struct Subject {
    /// A heading of documentation, and a comment of `action.yml`.
    pub title: &'static str,
    /// Its options, in the order of the documentation.
    pub options: &'static [&'static OptionSpec],
}

/// The subjects, in the order of the documentation.
pub static SUBJECTS: &[Subject] = ALL;

const ALL: &[Subject] = &[
    Subject { title: "What: the command, the version and the files", options: which::ROWS },
    Subject { title: "Where: the bucket and its service", options: place::ROWS },
    Subject { title: "Who: the credentials", options: credentials::ROWS },
    Subject { title: "Delivery: what a pull hands to the job", options: values::ROWS },
    Subject { title: "Execution: what a program gets", options: exec::ROWS },
    Subject { title: "Checks: what the values must be", options: checks::ROWS },
    Subject { title: "Changes: push, promote, roll back, purge", options: change::ROWS },
    Subject { title: "Comparison: diff and verify", options: compare::ROWS },
    Subject { title: "History: list, log and show", options: history::ROWS },
    Subject { title: "GitHub: comments, release notes, sources", options: github::ROWS },
    Subject { title: "Terminal: questions and answers", options: terminal::ROWS },
];

/// All options, in the order of the documentation.
pub static OPTIONS: &[&OptionSpec] = &joined::<{ count(ALL) }>(ALL);

const fn count(subjects: &[Subject]) -> usize {
    let (mut count, mut i) = (0, 0);
    while i < subjects.len() {
        count += subjects[i].options.len();
        i += 1;
    }
    count
}

/// The options of all subjects, which are `N`.
const fn joined<const N: usize>(subjects: &[Subject]) -> [&'static OptionSpec; N] {
    let mut all = [subjects[0].options[0]; N];
    let (mut i, mut at) = (0, 0);
    while i < subjects.len() {
        let mut j = 0;
        while j < subjects[i].options.len() {
            all[at] = subjects[i].options[j];
            at += 1;
            j += 1;
        }
        i += 1;
    }
    all
}

/// Options of the contract that belong to commands that this version does not have yet. Giving
/// one is an error that says so, not "unknown".
pub const NOT_YET: &[&str] = &["resolve", "resolve-files", "allow-secrets"];

#[cfg(test)]
mod tests;
