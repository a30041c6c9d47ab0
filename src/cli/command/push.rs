mod moved;
mod newer_head;

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::rc::Rc;

use serde_json::{Value, json};

use self::moved::{Answer, ask, head_moved, show_moved, when_and_by_whom};
use crate::cli::change_lines::change_lines;
use crate::cli::failure::Failure;
use crate::cli::head_memory::HeadMemory;
use crate::cli::hint::hint_of_unignored;
use crate::cli::prompt::Question;
use crate::cli::refused_names;
use crate::cli::session::Session;
use crate::cli::terminal::Terminal;
use crate::cli::unmatched_version;
use crate::command::{self, Change, Changes, FileChange, KeepsLocal, KeyChanges, NoKeys, Note, Pushed, PushedFile};
use crate::config::{merge3, merge3_keeping_ours};
use crate::error::{Error, ExitCode};
use crate::message::changes::{self, SETTINGS_CHANGED};
use crate::message::verify::about_flaw;
use crate::message::{counted, diff, headline, list, messages, notice};
use crate::name::{ConfigPath, Digest, VersionRequest};
use crate::option::{Command, DRY_RUN, JSON, OVERWRITE, UPDATE_CATALOG};
use crate::request::{MergeFiles, Preview, PushRequest, RunInfo};
use crate::store::{Base, MAX_FILE_BYTES, Replaces};
use crate::workspace::{Workspace, executed_name};

/// Stores files, and remembers them as the base of the next push.
pub(in crate::cli) async fn push(session: &Session) -> Result<(), Failure> {
    let mut raw = session.raw();
    if !raw.flag(&DRY_RUN)? {
        session.settle(&mut raw).await?;
    }
    session.add_files(&mut raw)?;
    let entries = session.entry_settings(&mut raw)?;
    if raw.text(&UPDATE_CATALOG).is_none() {
        raw.set(&UPDATE_CATALOG, "true");
    }
    let (overwrite, is_json) = (raw.flag(&OVERWRITE)?, raw.flag(&JSON)?);
    // For the head it means something else than for a version: to replace what nobody here has seen.
    raw.set(&OVERWRITE, "false");
    let info = session.info()?;
    let mut request = PushRequest::new(&raw, &info)?;
    raw.refuse_contradictions(Command::Push)?;
    let is_head = request.target.version == VersionRequest::Head;
    if let VersionRequest::Exact(version) = &request.target.version {
        unmatched_version::note(version).iter().for_each(|note| session.terminal.note(note));
    }
    request.overwrite = overwrite && !is_head;
    request.entries = entries;
    request.deletes_local = true;
    request.kms_keys.default = session.kms_key_of_go();
    let workspace = session.workspace()?;
    let location = command::push_location(&request, &info, &workspace, &*session.observer())?;
    let memory = HeadMemory::new(session, &request.target, location);
    // Whoever breaks off at a question has changed nothing.
    let ignored = if session.place.has_catalog || request.dry_run {
        None
    } else {
        let files = command::files_to_push(&request, &info, &workspace, &*session.observer())?;
        session.offer_to_ignore_files(&workspace, &files).await?
    };
    if is_head && !overwrite {
        request.bases = Some(memory.bases());
    }
    request.before_swap = Some(memory.before_swap());
    let mut pushing = Pushing { session, request, info, workspace, is_shown: Rc::default() };
    if !is_head {
        pushing.warn_of_newer_head(&memory).await;
    }
    let pushed = if is_head { pushing.replace_head().await? } else { pushing.publish_version().await? };
    let Pushing { request, workspace, is_shown, .. } = pushing;
    report(session, &pushed, request.dry_run, is_shown.get());
    say_changed_here(session, &workspace, &pushed);
    if !request.dry_run {
        let remembered = memory.remember(session, &workspace, &pushed).await;
        session.stored_kms_keys.borrow_mut().extend(pushed.kms_keys.iter().cloned());
        let is_ignored = session.ignore(&workspace, ignored);
        session.keep_trust()?;
        remembered?;
        say_unignored(session, &pushed);
        say_written(session, &pushed, is_ignored);
    }
    delete(session, &workspace, &pushed, &request);
    if is_json {
        let document = document(&pushed, request.dry_run);
        session.terminal.document(&document)?;
    }
    Ok(())
}

/// Pushes to the head, as a push of local files does. What it changes is shown before.
pub(super) async fn replace_head(
    session: &Session,
    request: PushRequest,
    info: RunInfo,
    workspace: Workspace,
) -> Result<Pushed, Failure> {
    Pushing { session, request, info, workspace, is_shown: Rc::default() }.replace_head().await
}

/// A push, and the questions that belong to it.
struct Pushing<'a> {
    session: &'a Session,
    request: PushRequest,
    info: RunInfo,
    workspace: Workspace,
    /// Whether what the push changes has been shown.
    is_shown: Rc<Cell<bool>>,
}

impl Pushing<'_> {
    async fn send(&self) -> Result<Pushed, Error> {
        let observer = self.session.observer();
        command::push(&self.request, &self.info, &self.workspace, observer, &self.session.cancellation).await
    }

    /// Pushes a version, which nobody can change afterwards: whoever sits at a terminal sees it first.
    async fn publish_version(&mut self) -> Result<Pushed, Failure> {
        if self.request.dry_run || !self.session.terminal.can_ask() {
            return Ok(self.send().await?);
        }
        self.request.dry_run = true;
        let planned = self.send().await;
        self.request.dry_run = false;
        let planned = planned?;
        if planned.changed {
            show(self.session, self.session.terminal.of_question(), &planned);
            self.is_shown.set(true);
            let replaces = seen(&planned, self.request.overwrite);
            let text = match &planned.push_before {
                Some(before) => format!(
                    "{}, pushed {}? Who has pulled it keeps the old content.",
                    headline("Replace", &planned.location),
                    when_and_by_whom(self.session, before)
                ),
                None => format!("{}?{}", headline("Publish", &planned.location), final_word(&planned, &replaces)),
            };
            self.agreed(Question { text: &text, flag: "--yes" }, ExitCode::Other).await?;
            self.request.replaces = replaces;
        }
        Ok(self.send().await?)
    }

    /// Pushes to the head. What it changes is shown before; of what others have changed, too, a person at a terminal decides.
    async fn replace_head(&mut self) -> Result<Pushed, Failure> {
        let (session, is_shown) = (self.session.terminal, Rc::clone(&self.is_shown));
        let shown = self.session.place.shower();
        self.request.preview = Some(Preview::new(move |changes: &Changes| {
            change_lines(&changes.files, &shown).iter().for_each(|line| session.line(line));
            is_shown.set(true);
        }));
        let merged_with = Rc::<RefCell<HashSet<Digest>>>::default();
        loop {
            let changes = match self.send().await {
                Err(Error::ChangedByOthers(changes)) => changes,
                sent => return Ok(sent?),
            };
            let asks = self.session.terminal.can_ask() && !self.request.dry_run;
            let terminal = self.session.terminal;
            show_moved(self.session, if asks { terminal.of_question() } else { terminal }, &changes);
            let answer = if asks { ask(self.session, &changes).await? } else { Answer::Stop };
            // Agreed is to what was shown, and not to what comes next.
            match (answer, &mut self.request.bases) {
                (Answer::Merge, Some(bases)) => {
                    let theirs = changes.files.iter().filter_map(|file| file.present.as_ref());
                    merged_with.borrow_mut().extend(theirs.map(|present| present.sha256));
                    bases.merge = keeping_ours_against(&merged_with);
                }
                (Answer::Overwrite, Some(bases)) => {
                    for file in changes.files {
                        bases.intended.remove(&file.path);
                        bases.by_path.insert(file.path, Base::Known(file.present));
                    }
                }
                _ => return Err(head_moved(self.session, &changes).into()),
            }
        }
    }

    async fn agreed(&self, question: Question<'_>, code: ExitCode) -> Result<(), Failure> {
        let is_agreed = self.session.confirm(question, Some(false)).await?;
        if is_agreed { Ok(()) } else { Err(Failure::Declined(code)) }
    }
}

/// Merges as always, and where theirs is one of these files, keeps the own side of a key that both changed.
fn keeping_ours_against(theirs: &Rc<RefCell<HashSet<Digest>>>) -> MergeFiles {
    let agreed = Rc::clone(theirs);
    MergeFiles::new(move |file_type, base, ours, theirs, separator| {
        let is_agreed = agreed.borrow().contains(&Digest::from_content(theirs));
        let merge = if is_agreed { merge3_keeping_ours } else { merge3 };
        merge(file_type, base, ours, theirs, separator)
    })
}

fn report(session: &Session, pushed: &Pushed, dry_run: bool, is_shown: bool) {
    let notes = pushed.notes.iter().filter(|note| is_news(note, pushed));
    notes.for_each(|note| session.notice(&notice(note, session.speaker())));
    changes::about_gone(pushed).iter().for_each(|said| session.notice(said));
    if !is_shown || !pushed.merged.is_empty() {
        show(session, session.terminal, pushed);
    }
    refused_names::note(pushed).iter().for_each(|note| session.terminal.note(note));
    say_settings(session, session.terminal, pushed);
    say_only_in_head(session, &pushed.only_in_head);
    let verb = match (dry_run, pushed.changed) {
        (true, true) => "Would push",
        (true, false) => "Nothing would change in",
        (false, true) => "Pushed",
        (false, false) => "Nothing has changed in",
    };
    session.terminal.line(&headline(verb, &pushed.location));
    session.terminal.line(&format!("{}, {}", counted(pushed.files.len(), "file"), pushed.digest.pin()));
}

/// Says, once all is done, that the catalog is to be committed.
fn say_written(session: &Session, pushed: &Pushed, is_ignored: bool) {
    let Some(note) = pushed.notes.iter().find(|note| matches!(note, Note::CatalogWritten(_))) else { return };
    if session.place.is_in_git() {
        session.say_to_commit(is_ignored);
    } else {
        session.notice(&notice(note, session.speaker()));
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
fn say_unignored(session: &Session, pushed: &Pushed) {
    let has_changed = |path: &ConfigPath| match &pushed.changes {
        Some(changes) => changes.files.iter().any(|file| file.path == *path),
        None => pushed.changed,
    };
    let files = pushed.files.iter().filter(|file| !file.deletes_local && has_changed(&file.path));
    let files: Vec<_> = files.map(|file| &file.path).collect();
    hint_of_unignored(session, &files).iter().for_each(|hint| session.terminal.warning(hint));
}

/// Says of which files the push changes settings alone.
pub(super) fn say_settings(session: &Session, terminal: Terminal, pushed: &Pushed) {
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
fn say_changed_here(session: &Session, workspace: &Workspace, pushed: &Pushed) {
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

/// What a version that is to be overwritten was seen to hold. Where it could not be read, nobody has seen anything.
pub(super) fn seen(planned: &Pushed, overwrite: bool) -> Replaces {
    let is_unknown = planned.notes.iter().any(|note| matches!(note, Note::ChangesUnknown { .. }));
    if !overwrite || planned.location.is_head() || is_unknown {
        return Replaces::Anything;
    }
    Replaces::Seen(planned.replaced)
}

/// What a question says of what cannot be undone.
pub(super) fn final_word(planned: &Pushed, replaces: &Replaces) -> &'static str {
    match replaces {
        _ if planned.location.is_head() => "",
        Replaces::Seen(Some(_)) => " It replaces what is published there.",
        _ => " It cannot be changed afterwards.",
    }
}

/// Shows what a push changes, as far as that is known; else what it stores.
pub(super) fn show(session: &Session, terminal: Terminal, pushed: &Pushed) {
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
fn delete(session: &Session, workspace: &Workspace, pushed: &Pushed, request: &PushRequest) {
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
pub(super) fn file_documents(pushed: &Pushed) -> Vec<Value> {
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

pub(super) fn document(pushed: &Pushed, dry_run: bool) -> Value {
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
    })
}
