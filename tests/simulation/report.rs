//! What was run, as the rows of tables: printed, and left for `docs/reliability.md`.

use std::collections::BTreeMap;

use crate::rows::leave;
use crate::scenario::Story;
use crate::schedule::Counts;
use crate::walk::Walked;

/// The rows of the random schedules.
pub(crate) fn schedules(counts: &BTreeMap<Story, Counts>) {
    rows_of(counts, "all", "together");
}

/// The rows of the schedules of those who know what they replace.
pub(crate) fn changes(counts: &BTreeMap<Story, Counts>) {
    rows_of(counts, "all-of-changes", "these together");
}

/// The rows of the schedules of purges.
pub(crate) fn purges(counts: &BTreeMap<Story, Counts>) {
    rows_of(counts, "all-of-purges", "these together");
}

/// The rows of the schedules of purges of files of the head.
pub(crate) fn file_purges(counts: &BTreeMap<Story, Counts>) {
    rows_of(counts, "all-of-file-purges", "these together");
}

/// The rows of the schedules of rollbacks.
pub(crate) fn rollbacks(counts: &BTreeMap<Story, Counts>) {
    rows_of(counts, "all-of-rollbacks", "these together");
}

/// The rows of the schedules of promotions.
pub(crate) fn promotions(counts: &BTreeMap<Story, Counts>) {
    rows_of(counts, "all-of-promotions", "these together");
}

/// The rows of the schedules of moves of a channel.
pub(crate) fn channels(counts: &BTreeMap<Story, Counts>) {
    rows_of(counts, "all-of-channels", "these together");
}

fn rows_of(counts: &BTreeMap<Story, Counts>, name: &str, together: &str) {
    let mut all = Counts::default();
    let mut rows = String::new();
    for (story, counts) in counts {
        all += *counts;
        rows.push_str(&row(story.title(), counts));
    }
    rows.push_str(&row(together, &all));
    println!("schedules, requests, answers lost, arrived late, 409, given up, killed:\n{rows}");
    leave("schedules", name, &rows);
}

/// The row of the schedules of a kind with an adversary.
pub(crate) fn attacked(name: &str, title: &str, counts: &Counts) {
    let row = row(&format!("{title} again, with an adversary who puts {} objects", counts.planted), counts);
    println!("with an adversary:\n{row}");
    leave("schedules", &format!("attacked-{name}"), &row);
}

fn row(title: &str, counts: &Counts) -> String {
    let Counts { schedules, requests, lost, late, refused, given_up, killed, .. } = counts;
    format!("| {title} | {schedules} | {requests} | {lost} | {late} | {refused} | {given_up} | {killed} |\n")
}

/// The row of a walk.
pub(crate) fn walk(name: &str, title: &str, walked: &Walked) {
    let Walked { states, ends, .. } = walked;
    let row = format!("| {title} | {states} | {ends} |\n");
    println!("states, ends: {row}");
    leave("walks", name, &row);
}
