//! What may come next where local changes are in a pull's way: commands about the files that are in conflict, and about
//! no other.

use super::{Delivery, Outcome, Planned};
use crate::cli::both_sides::{BothSides, looked_at_first};
use crate::command::{Pulled, PulledFile};
use crate::message::in_shell;
use crate::option::{DIGEST, FILES, LOCK_FILE, LOCKED, OptionSpec, TAGS, VERSION};

impl Delivery<'_> {
    pub(super) fn next(&self, pulled: &Pulled, planned: &[Planned]) -> String {
        let session = self.session;
        let (mut both, mut in_conflict) = (Vec::new(), Vec::new());
        for (file, planned) in pulled.files.iter().zip(planned) {
            if let Outcome::Conflict(conflict, others) = &planned.outcome {
                both.push(BothSides {
                    path: file.path.as_str(),
                    linked: self.linked(file),
                    conflict: Some(conflict),
                    others: others.clone(),
                });
                in_conflict.push(file);
            }
        }
        let which = self.typed(&[&VERSION, &LOCKED, &LOCK_FILE, &DIGEST]);
        let which: Vec<_> = which.iter().map(String::as_str).collect();
        let reference = session.invocation.typed(&VERSION).next();
        let found = (pulled.location.version != "head").then_some(pulled.location.version.as_str());
        let mut ways = session.ways_to_see(&both, &which, reference.or(found));
        if in_conflict.len() < pulled.files.len() {
            let chosen = self.typed(&[&TAGS, &FILES]);
            let words = ["pull"].into_iter().chain(which.iter().copied()).chain(chosen.iter().map(String::as_str));
            let mut line = session.suggested(&words.collect::<Vec<_>>(), []);
            let arguments = session.invocation.arguments("FILE").map(ToOwned::to_owned);
            let excluded = in_conflict.iter().map(|file| format!("!{}", session.shown(file.path.as_str())));
            arguments.chain(excluded).for_each(|argument| line.push_str(&format!(" {}", in_shell(&argument))));
            ways.push(format!("To keep yours and pull the rest: `{line}`."));
        }
        // What a command line names is agreed to, also what tools would run.
        let (to_be_named, in_conflict): (Vec<_>, Vec<_>) =
            in_conflict.into_iter().partition(|file| pulled.has_to_be_named(file));
        if !to_be_named.is_empty() {
            let shown: Vec<_> = to_be_named.iter().map(|file| session.shown(file.path.as_str())).collect();
            ways.push(looked_at_first(&shown));
        }
        if in_conflict.is_empty() {
            return ways.join(" ");
        }
        let catalog = in_conflict.first().and_then(|file| self.linked(file));
        let is_of_head =
            |file: &&PulledFile| file.stored.version.is_none() && self.linked(file) == catalog && is_at_own_path(file);
        if in_conflict.iter().all(is_of_head) {
            let paths = in_conflict.iter().map(|file| file.path.as_str());
            let (line, also) =
                (session.suggested_of(catalog, &["push", "--overwrite"], paths), session.also_undone(&both));
            ways.push(format!("To put yours in the bucket's place: `{line}`{also}."));
        }
        let patterns: Vec<_> = in_conflict.iter().map(|file| named(file)).collect();
        let words: Vec<_> = ["pull", "--force"].into_iter().chain(which).collect();
        let line = session.suggested(&words, patterns.iter().map(String::as_str));
        let as_pattern = if in_conflict.iter().any(|file| named(file) != file.path.as_str()) { PATTERN } else { "" };
        ways.push(format!("To take the bucket's and lose your changes{as_pattern}: `{line}`"));
        ways.join(" ")
    }

    /// The linked catalog that a file is of, if it is of one.
    fn linked<'f>(&self, file: &'f PulledFile) -> Option<&'f str> {
        let catalog = &file.stored.catalog;
        (*catalog != self.request.target.catalog).then_some(catalog.as_str())
    }

    /// What was typed of these flags, as words of a command line.
    fn typed(&self, options: &[&OptionSpec]) -> Vec<String> {
        let mut words = Vec::new();
        for option in options {
            for text in self.session.invocation.typed(option) {
                words.push(
                    option
                        .short_of(Some(self.session.invocation.command))
                        .map_or_else(|| format!("--{}", option.flag_name()), |short| format!("-{short}")),
                );
                if **option != LOCKED {
                    words.push(text.to_owned());
                }
            }
        }
        words
    }
}

/// Why a path ends in brackets.
const PATTERN: &str = " (the brackets make a pattern of the path, which by itself would be written to that path)";

fn is_at_own_path(file: &PulledFile) -> bool {
    file.destination.path == file.path
}

/// A file in a FILE's place that goes where it went. One that is named by its path goes to it, and not to its alternate
/// path: then it is a pattern that no other file matches.
fn named(file: &PulledFile) -> String {
    let path = file.path.as_str();
    match path.char_indices().next_back() {
        Some((last, c)) if !is_at_own_path(file) && c.is_alphanumeric() => format!("{}[{c}]", &path[..last]),
        _ => path.to_owned(),
    }
}
