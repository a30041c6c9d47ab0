//! The table of options: a file a subject, and in it a row an option.

mod aws;
mod change;
mod checks;
mod commands;
mod compare;
mod exec;
mod github;
mod history;
mod row;
mod terminal;
mod values;
mod which;

pub(crate) use aws::*;
pub(crate) use change::*;
pub(crate) use checks::*;
pub(crate) use compare::*;
pub(crate) use exec::*;
pub(crate) use github::*;
pub(crate) use history::*;
pub(crate) use terminal::*;
pub(crate) use values::*;
pub(crate) use which::*;

use super::spec::OptionSpec;

/// The subjects, in the order of the documentation.
const SUBJECTS: &[&[&OptionSpec]] = &[
    which::ROWS,
    aws::ROWS,
    values::ROWS,
    exec::ROWS,
    checks::ROWS,
    history::ROWS,
    change::ROWS,
    compare::ROWS,
    github::ROWS,
    terminal::ROWS,
];

/// All options, in the order of the documentation.
pub static OPTIONS: &[&OptionSpec] = &joined::<{ count(SUBJECTS) }>(SUBJECTS);

const fn count(subjects: &[&[&OptionSpec]]) -> usize {
    let (mut count, mut i) = (0, 0);
    while i < subjects.len() {
        count += subjects[i].len();
        i += 1;
    }
    count
}

/// The rows of all subjects, which are `N`.
const fn joined<const N: usize>(subjects: &[&[&'static OptionSpec]]) -> [&'static OptionSpec; N] {
    let mut all = [subjects[0][0]; N];
    let (mut i, mut at) = (0, 0);
    while i < subjects.len() {
        let mut j = 0;
        while j < subjects[i].len() {
            all[at] = subjects[i][j];
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
