//! What is said of a push, before and after it.

use serde_json::{Value, json};

use crate::cli::change_lines::change_lines;
use crate::cli::hint::hint_of_unignored;
use crate::cli::refused_names;
use crate::cli::session::Session;
use crate::cli::terminal::Terminal;
use crate::command::{Change, FileChange, KeepsLocal, KeyChanges, NoKeys, Note, Pushed, PushedFile};
use crate::message::changes::{self, SETTINGS_CHANGED};
use crate::message::verify::about_flaw;
use crate::message::{counted, diff, headline, list, messages, objects, push_verb};
use crate::name::{ConfigPath, Digest};
use crate::request::PushRequest;
use crate::store::MAX_FILE_BYTES;
use crate::workspace::{Workspace, executed_name};

/// Says what a push has done, or would do.
pub(super) fn report(session: &Session, pushed: &Pushed, dry_run: bool, is_shown: bool) {
    let is_said = |note: &Note| is_shown && matches!(note, Note::BrokenPromise(_));
    let notes = pushed.notes.iter().filter(|note| is_news(note, pushed) && !is_said(note));
    notes.for_each(|note| session.note(note));
    changes::about_gone(pushed).iter().for_each(|said| session.notice(said));
    if !is_shown || !pushed.merged.is_empty() {
        show(session, session.terminal, pushed);
    }
    refused_names::note(pushed).iter().for_each(|note| session.terminal.note(note));
    say_settings(session, session.terminal, pushed);
    say_only_in_head(session, &pushed.only_in_head);
    session.terminal.line(&headline(push_verb(dry_run, pushed.changed), &pushed.location));
    session.terminal.line(&format!("{}, {}", counted(pushed.files.len(), "file"), pushed.digest.pin()));
}

/// Says, once all is done, that the catalog is to be committed.
pub(super) fn say_written(session: &Session, pushed: &Pushed, is_ignored: bool) {
    let Some(note) = pushed.notes.iter().find(|note| matches!(note, Note::CatalogWritten(_))) else { return };
    if session.place.is_in_git() {
        session.say_to_commit(is_ignored);
    } else {
        session.note(note);
    }
}

/// Whether a note is more than what was said of an earlier push: files disagree for good.
fn is_news(note: &Note, pushed: &Pushed) -> bool {
    match (note, &pushed.changes) {
        (Note::Disagreement { keys, same_output }, Some(changes)) => {
            let is_of = |key: &String| keys.contains(key) || same_output.iter().any(|said| said.contains(key.as_str()));
            let adds_one = |file: &FileChange| file.keys.as_ref().is_ok_and(|of| of.added.iter().any(is_of));
            changes.files.iter().any(adds_one)
        }
        (Note::Disagreement { .. }, None) => pushed.changed,
        // It comes last.
        (Note::CatalogWritten(_), _) => false,
        _ => true,
    }
}

/// Says which of the files that have changed git would take along.
pub(super) fn say_unignored(session: &Session, pushed: &Pushed) {
    let has_changed = |path: &ConfigPath| match &pushed.changes {
        Some(changes) => changes.files.iter().any(|file| file.path == *path),
        None => pushed.changed,
    };
    let files = pushed.files.iter().filter(|file| !file.deletes_local && has_changed(&file.path));
    let files: Vec<_> = files.map(|file| &file.path).collect();
    hint_of_unignored(session, &files).iter().for_each(|hint| session.terminal.warning(hint));
}

/// Says of which files the push changes settings alone.
pub(in crate::cli::command) fn say_settings(session: &Session, terminal: Terminal, pushed: &Pushed) {
    for path in &pushed.settings_changed {
        // What is read as something else is among the changes.
        if !pushed.changes.iter().flat_map(|changes| &changes.files).any(|file| file.path == *path) {
            terminal.line(&format!("~ {} ({SETTINGS_CHANGED})", session.shown(path.as_str())));
        }
    }
}

/// Says which files of the head no push of this catalog changes.
fn say_only_in_head(session: &Session, paths: &[ConfigPath]) {
    if paths.is_empty() {
        return;
    }
    let shown: Vec<_> = paths.iter().map(|path| session.shown(path.as_str())).collect();
    // What a command line names is agreed to, also what tools would run.
    let first = paths.iter().find(|path| executed_name::refusal(path).is_none());
    let to_list = first.map_or_else(String::new, |first| {
        let line = [["pull"], ["push"]].map(|words| session.suggested(&words, [first.as_str()])).join(" && ");
        format!(" To list one, pull it and push it by its path: `{line}`")
    });
    session.terminal.note(&format!(
        "The head also has files that the catalog does not list: {}. They stay published, and a pull of the head writes \
         them; a version does not get them.{to_list}",
        list(&shown),
    ));
}

/// Says which local files are no longer what was read of them, and stored.
pub(super) fn say_changed_here(session: &Session, workspace: &Workspace, pushed: &Pushed) {
    let is_as_read = |file: &PushedFile| {
        let content = workspace.read(&file.path, MAX_FILE_BYTES);
        content.is_ok_and(|content| Digest::from_content(content.expose()) == file.digest)
    };
    let is_merged = |file: &PushedFile| pushed.merged.iter().any(|merged| merged.path == file.path);
    let changed = pushed.files.iter().filter(|file| !is_merged(file) && !is_as_read(file));
    let changed: Vec<_> = changed.map(|file| session.shown(file.path.as_str())).collect();
    if !changed.is_empty() {
        session.terminal.warning(&format!(
            "Changed here since this push has read them, and not pushed as they are now: {}.",
            list(&changed)
        ));
    }
}

/// Shows what a push changes, as far as that is known; else what it stores.
pub(in crate::cli::command) fn show(session: &Session, terminal: Terminal, pushed: &Pushed) {
    let print = |lines: Vec<String>| lines.iter().for_each(|line| terminal.line(line));
    let not_compared = pushed.not_compared.iter().map(changes::not_compared).collect();
    if let Some(changes) = &pushed.changes {
        if let Some(before) = &changes.version_before {
            let files = if changes.files.is_empty() { " no file has changed" } else { "" };
            terminal.line(&format!("Compared with {before}:{files}"));
        }
        print(change_lines(&changes.files, &session.place.shower()));
    } else if pushed.changed {
        let new: Vec<_> = pushed.files.iter().map(as_new).collect();
        if !pushed.is_first {
            print(not_compared);
            terminal.line("These files are stored:");
        }
        return print(change_lines(&new, &session.place.shower()));
    }
    print(not_compared);
}

/// A file where there was none before.
fn as_new(file: &PushedFile) -> FileChange {
    let keys = file.keys.clone().ok_or(NoKeys::Raw);
    let keys = keys.map(|added| KeyChanges { added, ..KeyChanges::default() });
    FileChange { path: file.path.clone(), change: Change::Added, keys }
}

/// Deletes the local copies that are to be deleted, of what is stored as it lies here.
pub(super) fn delete(session: &Session, workspace: &Workspace, pushed: &Pushed, request: &PushRequest) {
    let dry_run = request.dry_run;
    // Nobody has asked for it in this run.
    let why = if request.entries.deletes.is_none() { ", as `deleteAfterPush` in the catalog says" } else { "" };
    for file in pushed.files.iter().filter(|file| file.deletes_local && (dry_run || file.stored.is_some())) {
        let shown = session.shown(file.path.as_str());
        if dry_run {
            session.terminal.line(&format!("would delete {shown}{why}"));
            continue;
        }
        if let Some(why) = &file.keeps_local {
            session.terminal.warning(&format!("{shown} is kept: {}.", kept_because(session, why)));
            continue;
        }
        match workspace.remove(&file.path, file.digest) {
            Ok(()) => session.terminal.line(&format!("deleted    {shown}{why}")),
            Err(error) => session.terminal.warning(&format!("{shown} is kept: {error}.")),
        }
    }
}

/// As a clause.
fn kept_because(session: &Session, why: &KeepsLocal) -> String {
    match why {
        KeepsLocal::NotListed => "in the bucket it is not listed as it was pushed".to_owned(),
        KeepsLocal::Flaw(flaw) => format!("in the bucket it {}", about_flaw(flaw)),
        KeepsLocal::Unknown(error) => {
            let what = messages(&error.clone().into(), session.speaker()).pop().map(|message| message.what);
            let what = what.unwrap_or_default();
            format!("it could not be seen in the bucket: {}", what.trim_end_matches('.'))
        }
    }
}

/// What is stored, file by file, for a document.
pub(in crate::cli::command) fn file_documents(pushed: &Pushed) -> Vec<Value> {
    let file = |file: &PushedFile| {
        let merged = pushed.merged.iter().find(|merged| merged.path == file.path);
        json!({
            "path": file.path.as_str(),
            "sha256": file.digest,
            "size": file.size,
            "keys_from_others": merged.map(|merged| &merged.from_others),
        })
    };
    pushed.files.iter().map(file).collect()
}

/// What was pushed, as a document.
pub(in crate::cli::command) fn document(pushed: &Pushed, dry_run: bool) -> Value {
    json!({
        "schema": 1,
        "context": pushed.location.context.as_str(),
        "bucket": pushed.location.bucket,
        "version": pushed.location.version,
        "digest": pushed.digest.pin(),
        "changed": pushed.changed,
        "dry_run": dry_run,
        "settings_changed": pushed.settings_changed.iter().map(|path| path.as_str()).collect::<Vec<_>>(),
        "only_in_head": pushed.only_in_head.iter().map(|path| path.as_str()).collect::<Vec<_>>(),
        "changes": pushed.changes.as_ref().map(|changes| diff::changes(&changes.files)),
        "files": file_documents(pushed),
        "objects": objects::document(&pushed.objects()),
    })
}
