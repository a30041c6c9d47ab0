//! What may come next where a file was changed here and in the bucket.

use std::io::{self, IsTerminal as _};

use super::session::Session;
use crate::config::MergeConflict;
use crate::excerpt::listed_key;
use crate::message::list;

/// A file that was changed on both sides.
pub(super) struct BothSides<'a> {
    /// Relative to the catalog's folder.
    pub(super) path: &'a str,
    /// The linked catalog that it is of, by its path relative to the catalog's folder.
    pub(super) linked: Option<&'a str>,
    pub(super) conflict: Option<&'a MergeConflict>,
    /// The config keys that the bucket's side alone has changed.
    pub(super) others: Vec<String>,
}

/// What is said instead of a command that takes one side, of files that programs run or take settings from.
pub(super) fn looked_at_first(shown: &[String]) -> String {
    format!(
        "Programs run these, or take settings from them, so look at both sides before you take one: {}.",
        list(shown)
    )
}

impl Session {
    /// The commands that show both sides: key by key where there are keys, else by getting the bucket's file beside the
    /// own one. `which`: flags that say which version; `compared`: what the files here are compared with, if not the
    /// head.
    pub(super) fn ways_to_see(&self, files: &[BothSides<'_>], which: &[&str], compared: Option<&str>) -> Vec<String> {
        let (whole, by_key): (Vec<_>, Vec<_>) =
            files.iter().partition(|file| matches!(file.conflict, Some(MergeConflict::WholeFile)));
        let mut ways = Vec::new();
        let mut catalogs: Vec<_> = by_key.iter().map(|file| file.linked).collect();
        catalogs.dedup();
        // A comparison follows no links.
        for linked in catalogs {
            let mut words: Vec<_> = std::iter::once("diff").chain(compared).collect();
            if io::stdout().is_terminal() {
                // Elsewhere it would ask for a word of consent.
                words.push("--show-values");
            }
            ways.push(format!("To see both sides: `{}`.", self.suggested_of(linked, &words, [])));
        }
        if !whole.is_empty() {
            let words: Vec<_> = std::iter::once("pull").chain(which.iter().copied()).collect();
            let line = self.suggested(&words, whole.iter().map(|file| file.path));
            let line = line.replacen("cstore pull", r#"cstore pull --to "$(mktemp -d)""#, 1);
            ways.push(format!("To get the bucket's file beside yours: `{line}`."));
        }
        ways
    }

    /// What a push over the bucket's files undoes besides, as the rest of a sentence; empty where that is nothing.
    pub(super) fn also_undone(&self, files: &[BothSides<'_>]) -> String {
        let with_others = files.iter().filter(|file| !file.others.is_empty());
        let files: Vec<_> = with_others
            .map(|file| {
                let keys: Vec<_> = file.others.iter().map(|key| listed_key(key)).collect();
                format!("{} ({})", self.shown(file.path), list(&keys))
            })
            .collect();
        if files.is_empty() {
            return String::new();
        }
        format!(", which also undoes what else was changed there: {}", files.join("; "))
    }
}
