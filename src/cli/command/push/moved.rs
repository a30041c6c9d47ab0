//! What is said and asked where others have changed in the head what a push changes, too.

use std::collections::HashSet;

use time::OffsetDateTime;

use crate::cli::both_sides::{BothSides, looked_at_first};
use crate::cli::change_lines::change_lines;
use crate::cli::command::ago::ago;
use crate::cli::failure::Failure;
use crate::cli::head_moved::HeadMoved;
use crate::cli::prompt::Question;
use crate::cli::session::Session;
use crate::cli::terminal::Terminal;
use crate::command::FileChange;
use crate::config::MergeConflict;
use crate::error::{ChangedFile, OthersChanges, Theirs};
use crate::excerpt::{excerpt, listed_key};
use crate::message::{in_shell, list};
use crate::name::ConfigPath;
use crate::option::Command;
use crate::store::{LastPush, PushSource};
use crate::workspace::executed_name;

/// What a person at the terminal decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// Take what others changed, except where both changed a key.
    Merge,
    /// Replace their files.
    Overwrite,
    Stop,
}

/// The error for changes of others over which nothing is sent. What [`show_moved`] has shown is not said again.
pub(super) fn head_moved(session: &Session, changes: &OthersChanges) -> HeadMoved {
    let (to_be_named, files): (Vec<_>, Vec<_>) = both_sides(changes).into_iter().partition(is_to_be_named);
    let paths = || files.iter().map(|file| file.path);
    let own = format!("`{}`{}", session.suggested(&["push", "--overwrite"], paths()), session.also_undone(&files));
    let present: Vec<_> = both_sides(changes).into_iter().filter(|file| file.conflict.is_some()).collect();
    let next = if session.invocation.command != Command::Push {
        // What was typed is not typed here again: it may hold a value.
        "To make your change to what is there now, run the same command again.".to_owned()
    } else {
        let mut ways = if present.is_empty() { Vec::new() } else { session.ways_to_see(&present, &[], None) };
        if !to_be_named.is_empty() {
            // What a command line names is agreed to, also what tools would run.
            let shown: Vec<_> = to_be_named.iter().map(|file| session.shown(file.path)).collect();
            ways.push(looked_at_first(&shown));
        }
        let theirs: Vec<_> = present.iter().filter(|file| !is_to_be_named(file)).map(|file| file.path).collect();
        if present.is_empty() && !files.is_empty() {
            ways.push(format!("To store yours anyway: {own}."));
        } else if !files.is_empty() {
            ways.push(format!("To keep yours: {own}."));
        }
        if present.is_empty() && changes.are_others_pushed {
            let others = files.iter().chain(&to_be_named).map(|file| session.shown(file.path));
            let others: Vec<_> = others.map(|path| in_shell(&format!("!{path}"))).collect();
            let others = format!("{} {}", session.suggested(&["push"], []), others.join(" "));
            ways.push(format!("To push the other files alone: `{others}`"));
        }
        if !theirs.is_empty() {
            let theirs = session.suggested(&["pull", "--force"], theirs);
            ways.push(format!("To take theirs and lose your changes: `{theirs}`"));
        }
        ways.join(" ")
    };
    let mut what = if is_removed(changes) {
        "The head no longer has what you have stored there"
    } else {
        "You and others have changed the same things in the head"
    }
    .to_owned();
    if session.terminal.is_quiet() {
        let files: Vec<_> = changes.files.iter().map(|file| clause(session, file)).collect();
        what.push_str(&format!(": {}. {}", files.join("; "), last_push(session, changes.last.as_ref())));
    } else {
        what.push('.');
    }
    HeadMoved { what: format!("{what} Nothing of yours was published."), next }
}

/// Whether a file is written by a pull only when it is named.
fn is_to_be_named(file: &BothSides<'_>) -> bool {
    ConfigPath::new(file.path).is_ok_and(|path| executed_name::refusal(&path).is_some())
}

fn both_sides(changes: &OthersChanges) -> Vec<BothSides<'_>> {
    let files = changes.files.iter();
    files
        .map(|file| BothSides {
            path: file.path.as_str(),
            linked: None,
            conflict: file.conflict.as_ref(),
            others: others(file),
        })
        .collect()
}

/// Whether all that has changed is that files are gone, as after a rollback, which may have been this person's own.
fn is_removed(changes: &OthersChanges) -> bool {
    changes.files.iter().all(|file| matches!(file.theirs, Theirs::Removed))
}

/// Shows what others have changed, and when and by whom the head was last pushed.
pub(super) fn show_moved(session: &Session, terminal: Terminal, changes: &OthersChanges) {
    let last = last_push(session, changes.last.as_ref());
    if is_removed(changes) {
        terminal.line(&format!("The head has changed. {last}"));
    } else {
        terminal.line(&format!("Others have changed the head. {last}"));
    }
    let shown = session.place.shower();
    let (mut since_seen, mut beside_own) = (Vec::new(), Vec::new());
    for file in &changes.files {
        match &file.theirs {
            Theirs::SinceSeen(change) => since_seen.extend(change.clone()),
            Theirs::BesideOwn(change) => beside_own.extend(change.clone()),
            Theirs::Removed => terminal.line(&format!("- {} (the head no longer has it)", shown(file.path.as_str()))),
        }
    }
    for (heading, files) in
        [("Since you last saw it they changed:", since_seen), ("Compared with your files, theirs have:", beside_own)]
    {
        if !files.is_empty() {
            terminal.line(heading);
            change_lines(&files, &shown).iter().for_each(|line| terminal.line(line));
        }
    }
    if is_removed(changes) {
        return;
    }
    let conflicts: Vec<_> = changes.files.iter().map(|file| clause(session, file)).collect();
    terminal.line(&format!("Both changed: {}", conflicts.join("; ")));
}

/// Asks whoever sits at the terminal.
pub(super) async fn ask(session: &Session, changes: &OthersChanges) -> Result<Answer, Failure> {
    let can_merge = can_merge(&changes.files);
    if can_merge {
        session.terminal.hint("merge: take their other changes, and keep your values of the keys that both changed");
    }
    let also = session.also_undone(&both_sides(changes));
    session.terminal.hint(&format!("overwrite: replace their files with yours{also}"));
    let text = if can_merge { "Merge, overwrite or stop" } else { "Overwrite or stop" };
    let question = Question { text, flag: "--overwrite" };
    session
        .ask(question, Some("stop"), |typed| match typed.to_lowercase().as_str() {
            "m" | "merge" if can_merge => Ok(Answer::Merge),
            "o" | "overwrite" => Ok(Answer::Overwrite),
            "s" | "stop" | "n" | "no" => Ok(Answer::Stop),
            _ if can_merge => Err("Answer merge, overwrite or stop.".to_owned()),
            _ => Err("Answer overwrite or stop.".to_owned()),
        })
        .await
}

/// Whether there is something to take of others' changes, and nothing in the way but keys that both changed.
fn can_merge(files: &[ChangedFile]) -> bool {
    let is_by_key = |file: &ChangedFile| {
        matches!(
            (&file.conflict, &file.theirs),
            (Some(MergeConflict::Keys(_)), Theirs::SinceSeen(Some(FileChange { keys: Ok(_), .. })))
        )
    };
    files.iter().all(is_by_key) && files.iter().any(|file| !others(file).is_empty())
}

/// The config keys that others alone have changed in a file, as far as that is known.
fn others(file: &ChangedFile) -> Vec<String> {
    let Theirs::SinceSeen(Some(FileChange { keys: Ok(keys), .. })) = &file.theirs else { return Vec::new() };
    let both: HashSet<_> = file.conflict.iter().flat_map(MergeConflict::keys).collect();
    let all = [&keys.added, &keys.changed, &keys.removed].into_iter().flatten();
    all.filter(|key| !both.contains(&excerpt(key))).cloned().collect()
}

/// "service/dev/.env (TOKEN, URL)".
fn clause(session: &Session, file: &ChangedFile) -> String {
    let place = session.shown(file.path.as_str());
    let keys: Vec<_> = file.conflict.iter().flat_map(MergeConflict::keys).map(|key| listed_key(key)).collect();
    match (&file.theirs, keys.is_empty()) {
        (Theirs::Removed, _) => format!("{place} (the head no longer has it)"),
        (_, true) => format!("{place} (as a whole)"),
        (_, false) => format!("{place} ({})", list(&keys)),
    }
}

/// "It was last pushed 3 minutes ago by Mona at commit 1a2b3c4."
pub(super) fn last_push(session: &Session, last: Option<&LastPush>) -> String {
    match last {
        Some(last) => format!("It was last pushed {}.", when_and_by_whom(session, last)),
        None => "It has no manifest any more.".to_owned(),
    }
}

/// "3 minutes ago by Mona at commit 1a2b3c4".
pub(super) fn when_and_by_whom(session: &Session, last: &LastPush) -> String {
    let is_for_a_person = session.terminal.can_ask();
    let ago = is_for_a_person.then(|| ago(&last.created_at, OffsetDateTime::now_utc())).flatten();
    let when = ago.unwrap_or_else(|| format!("at {}", last.created_at));
    let by = PushSource::by(last.source.as_ref());
    format!("{when}{by}")
}
