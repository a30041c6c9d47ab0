//! Which names of files a pull leaves alone unless an input names them one by one.
//!
//! Whoever may publish config could otherwise run programs in the later steps of every job that pulls it: by a
//! `Makefile`, by what a tool reads before it does anything else, by a module that an interpreter finds before the one
//! that is meant. [The table](table) has what is known to do that. It is a net, not a wall: a script of the
//! repository's own may run whatever it likes. What applications read as their configuration (`.env`, `config.json`,
//! `settings.toml`) is not in it.

mod table;

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use self::table::RULES;
pub use self::table::Rule;
use crate::name::{ConfigPath, fold, git_folder};
use crate::wildcard;

/// Stands for the short names that NTFS gives to files, whatever their number and extension.
const SHORT_NAME: &str = "*~1";

/// A program for Windows; a name with further dots is rather a host's, which a web server's configuration has for
/// names.
const PROGRAM_OR_HOST: &str = "*.com";

/// About how many names of files the table has.
const FILE_NAMES: usize = 540;

/// A name of the table, and the rule that it is of.
type Known = (&'static str, &'static Rule);

/// The table, by what is looked for in it: a pull asks for each part of thousands of paths.
#[derive(Default)]
struct Index {
    files: HashMap<Cow<'static, str>, Known>,
    folders: HashMap<String, Known>,
    /// By what follows the `*.`, which may have further dots.
    extensions: HashMap<String, Known>,
    file_patterns: Vec<(Vec<char>, Known)>,
    folder_patterns: Vec<(Vec<char>, Known)>,
    short_name: Option<Known>,
}

static INDEX: LazyLock<Index> = LazyLock::new(Index::new);

impl Index {
    fn new() -> Self {
        // Nearly all of the table is names of files. Every pull makes this index, so the map does not grow step by step.
        let mut index = Self { files: HashMap::with_capacity(FILE_NAMES), ..Self::default() };
        // The earlier of two counts, so the later goes in first.
        for (name, rule) in RULES.iter().rev().flat_map(|rule| rule.names().map(move |name| (name, rule))) {
            let known = (name, rule);
            let folded = fold(name);
            let letters = |name: &str| name.chars().collect();
            match (folded.strip_suffix('/'), folded.strip_prefix("*.")) {
                _ if name == SHORT_NAME => index.short_name = Some(known),
                (Some(folder), _) if folder.contains('*') => index.folder_patterns.insert(0, (letters(folder), known)),
                (Some(folder), _) => drop(index.folders.insert(folder.to_owned(), known)),
                (None, Some(end)) if !end.contains('*') => drop(index.extensions.insert(end.to_owned(), known)),
                (None, _) if folded.contains('*') => index.file_patterns.insert(0, (letters(&folded), known)),
                (None, _) if folded == name => drop(index.files.insert(Cow::Borrowed(name), known)),
                (None, _) => drop(index.files.insert(Cow::Owned(folded), known)),
            }
        }
        index
    }

    fn folder(&self, segment: &str) -> Option<Known> {
        let name = fold(segment);
        let known = self.folders.get(&name).copied().or_else(|| first_match(&self.folder_patterns, &name));
        known.or_else(|| self.short_name.filter(|_| is_short_name(&name)))
    }

    fn file(&self, segment: &str) -> Option<Known> {
        let name = fold(segment);
        let ends = || name.match_indices('.').filter_map(|(dot, _)| name.get(dot + 1..));
        let is_host = name.bytes().filter(|byte| *byte == b'.').count() > 1;
        let of_end =
            |end| self.extensions.get(end).copied().filter(|(known, _)| !(is_host && *known == PROGRAM_OR_HOST));
        let known = self.files.get(name.as_str()).copied().or_else(|| ends().find_map(of_end));
        let known = known.or_else(|| first_match(&self.file_patterns, &name));
        known.or_else(|| self.short_name.filter(|_| is_short_name(&name)))
    }
}

fn first_match(patterns: &[(Vec<char>, Known)], name: &str) -> Option<Known> {
    let is_match = |pattern: &[char]| wildcard::matches(pattern, name.chars(), |c| *c == '*', |c, found| c == found);
    patterns.iter().find(|(pattern, _)| is_match(pattern)).map(|(_, known)| *known)
}

/// Whether a name has the form of a short one of NTFS: `GITHUB~1`, `PACKAG~2.JSO`.
fn is_short_name(name: &str) -> bool {
    let (base, extension) = name.split_once('.').unwrap_or((name, ""));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    base.len() <= 8 && extension.len() <= 3 && base.rsplit_once('~').is_some_and(|(_, number)| is_number(number))
}

/// The name in the table and the rule that keep a path from being written without being named one by one; none for an
/// ordinary path.
#[must_use]
pub fn refusal(path: &ConfigPath) -> Option<(&'static str, &'static Rule)> {
    let of_git = |segment: &str| INDEX.folders.get(git_folder(segment)?).copied();
    let segments = path.as_str().split('/');
    let in_git = segments.filter(|segment| !segment.is_empty()).find_map(of_git);
    in_git.or_else(|| path.folders().find_map(|folder| INDEX.folder(folder))).or_else(|| INDEX.file(path.file_name()))
}

/// All rules.
#[must_use]
pub fn rules() -> &'static [Rule] {
    &RULES
}

/// The rules as a Markdown table, for the documentation.
#[must_use]
pub fn markdown_table() -> String {
    let mut table = "| names | written only when named, because |\n| --- | --- |\n".to_owned();
    for rule in &RULES {
        let names: Vec<_> = rule.names().map(|name| format!("`{name}`")).collect();
        // Writing to a String cannot fail.
        let _ = writeln!(table, "| {} | {} |", names.join(", "), rule.reason);
    }
    table
}

#[cfg(test)]
mod tests;
