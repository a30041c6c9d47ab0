//! Rules that leave files out, as `.gitignore` and `.dockerignore` have them.

use super::effort::Effort;
use crate::catalog::Glob;

/// The rules of one file, in their order.
#[derive(Default)]
pub(super) struct Rules(Vec<Rule>);

struct Rule {
    glob: Glob,
    /// False for a rule that begins with `!`.
    leaves_out: bool,
    folders_only: bool,
}

impl Rules {
    /// Those of a `.gitignore` ([format](https://git-scm.com/docs/gitignore#_pattern_format)). Rules that are no
    /// patterns are passed over.
    pub(super) fn of_git(text: &str, effort: &mut Effort) -> Self {
        Self::read(text, rule_of_git, effort)
    }

    /// Those of a `.dockerignore` ([format](https://docs.docker.com/build/concepts/context/#syntax)).
    pub(super) fn of_docker(text: &str, effort: &mut Effort) -> Self {
        Self::read(text, rule_of_docker, effort)
    }

    /// The rules of all lines, or of those before nothing is left for more.
    fn read(text: &str, rule: fn(&str) -> Option<Rule>, effort: &mut Effort) -> Self {
        let mut rules = Vec::new();
        for line in text.trim_start_matches('\u{feff}').lines() {
            if !effort.takes(line.len()) {
                break;
            }
            if let Some(rule) = rule(line) {
                if !effort.takes_rule() {
                    break;
                }
                rules.push(rule);
            }
        }
        Self(rules)
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What the last rule says that matches a path of git's.
    pub(super) fn verdict(&self, path: &str, is_folder: bool, effort: &mut Effort) -> Option<bool> {
        let mut is_match = |rule: &Rule| (is_folder || !rule.folders_only) && effort.matches(&rule.glob, path);
        self.0.iter().rev().find(|rule| is_match(rule)).map(|rule| rule.leaves_out)
    }

    /// Whether the last rule of Docker's that matches a path, or a folder that it lies in, leaves it out.
    pub(super) fn leave_out(&self, path: &str, effort: &mut Effort) -> bool {
        let mut is_match = |rule: &Rule| with_folders(path).any(|part| effort.matches(&rule.glob, part));
        self.0.iter().rev().find(|rule| is_match(rule)).is_some_and(|rule| rule.leaves_out)
    }
}

/// A path, and the folders that it lies in.
pub(super) fn with_folders(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(slash, _)| &path[..slash]).chain([path])
}

fn rule_of_git(line: &str) -> Option<Rule> {
    let mut line = line.trim_end_matches('\r');
    while let Some(shorter) = line.strip_suffix([' ', '\t']).filter(|shorter| !shorter.ends_with('\\')) {
        line = shorter;
    }
    if line.starts_with('#') {
        return None;
    }
    let (leaves_out, line) = line.strip_prefix('!').map_or((true, line), |line| (false, line));
    let (folders_only, line) = line.strip_suffix('/').map_or((false, line), |line| (true, line));
    let anchored = line.strip_prefix('/').unwrap_or(line);
    let pattern = if line.contains('/') { anchored.to_owned() } else { format!("**/{line}") };
    Some(Rule { glob: glob(&pattern)?, leaves_out, folders_only }).filter(|_| !line.is_empty())
}

fn rule_of_docker(line: &str) -> Option<Rule> {
    let line = line.trim();
    if line.starts_with('#') {
        return None;
    }
    let (leaves_out, line) = line.strip_prefix('!').map_or((true, line), |line| (false, line.trim()));
    Some(Rule { glob: glob(clean(line))?, leaves_out, folders_only: false })
}

/// A path of Docker's below its context, without what says so.
pub(super) fn clean(path: &str) -> &str {
    let path = path.trim_start_matches("./").trim_start_matches('/').trim_end_matches('/');
    if path == "." { "**" } else { path }
}

/// A pattern of git's or Docker's, which know no braces and negate by `^` as well.
pub(super) fn glob(pattern: &str) -> Option<Glob> {
    let (mut text, mut before) = (String::with_capacity(pattern.len()), ' ');
    for c in pattern.chars() {
        match c {
            '{' | '}' if before != '\\' => text.extend(['\\', c]),
            '^' if before == '[' => text.push('!'),
            c => text.push(c),
        }
        before = if before == '\\' { ' ' } else { c };
    }
    Glob::new(&text).ok()
}
