//! What was run, as the rows of a table: printed, and left in the target directory for `docs/reliability.md`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::scenario::Story;
use crate::schedule::Counts;
use crate::walk::Walked;

/// The rows of the random schedules.
pub(crate) fn schedules(counts: &BTreeMap<Story, Counts>) {
    let mut all = Counts::default();
    let mut table = String::from(
        "| who meets | schedules | requests | answers lost | arrived late | 409 | given up | killed |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for (story, counts) in counts {
        all += *counts;
        table.push_str(&row(story.title(), counts));
    }
    table.push_str(&row("together", &all));
    leave("simulation-schedules.md", &table);
}

fn row(title: &str, counts: &Counts) -> String {
    let Counts { schedules, requests, lost, late, refused, given_up, killed } = counts;
    format!("| {title} | {schedules} | {requests} | {lost} | {late} | {refused} | {given_up} | {killed} |\n")
}

/// The row of a walk.
pub(crate) fn walk(name: &str, title: &str, walked: &Walked) {
    let Walked { states, ends, .. } = walked;
    leave(&format!("simulation-walk-{name}.md"), &format!("| {title} | {states} | {ends} |\n"));
}

fn leave(name: &str, text: &str) {
    println!("{text}");
    fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name), text).unwrap();
}
