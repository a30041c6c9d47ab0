mod moved;
mod newer_head;
mod report;

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::rc::Rc;

use futures_util::future::join;

use self::moved::{Answer, ask, head_moved, show_moved, when_and_by_whom};
use self::report::{delete, report, say_changed_here, say_unignored, say_written};
pub(super) use self::report::{document, file_documents, say_settings, show};
use super::channel::{after_push, also_moves, planned_move};
use crate::cli::change_lines::change_lines;
use crate::cli::failure::Failure;
use crate::cli::head_memory::{HeadMemory, say_would_write};
use crate::cli::prompt::Question;
use crate::cli::session::Session;
use crate::cli::unmatched_version;
use crate::command::{self, Changes, ChannelMoved, Note, Pushed};
use crate::config::{merge3, merge3_keeping_ours};
use crate::error::{Error, ExitCode};
use crate::message::{channel_moved, headline, list};
use crate::name::{Context, Digest, VersionRequest};
use crate::option::{DRY_RUN, JSON, OVERWRITE, UPDATE_CATALOG};
use crate::request::{MergeFiles, Preview, PushRequest, RunInfo};
use crate::store::{Base, Replaces};
use crate::workspace::Workspace;

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
    let (mut request, info) = session.asked(&raw, PushRequest::new)?;
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
    let memory = HeadMemory::new(session, &request.target, location.clone());
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
    let pushed =
        if is_head { pushing.replace_head().await? } else { pushing.publish_version(&memory, location).await? };
    let Pushing { request, info, workspace, is_shown, .. } = pushing;
    report(session, &pushed, request.dry_run, is_shown.get());
    say_changed_here(session, &workspace, &pushed);
    if request.dry_run {
        say_would_write(session, &pushed);
    } else {
        let remembered = memory.remember(session, &workspace, &pushed).await;
        session.stored_kms_keys.borrow_mut().extend(pushed.kms_keys.iter().cloned());
        let is_ignored = session.ignore(&workspace, ignored);
        session.keep_trust()?;
        remembered?;
        say_unignored(session, &pushed);
        say_written(session, &pushed, is_ignored);
    }
    delete(session, &workspace, &pushed, &request);
    let dry_run = request.dry_run;
    let moved = match request.channel {
        Some(mut channel) => {
            channel.follow_push(dry_run, &request.target.version, pushed.digest);
            Some(after_push(session, &channel, &info, &workspace).await)
        }
        None => None,
    };
    if is_json {
        let mut document = document(&pushed, dry_run);
        if let Some(Ok(moved)) = &moved {
            document["channel"] = channel_moved::document(moved, dry_run);
        }
        session.terminal.document(&document)?;
    }
    moved.map_or(Ok(()), |moved| moved.map(drop).map_err(Failure::from))
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
    async fn publish_version(&mut self, memory: &HeadMemory, at: (Context, String)) -> Result<Pushed, Failure> {
        let asks = !self.request.dry_run && self.session.terminal.can_ask();
        self.request.dry_run |= asks;
        // Beside what the push asks for first.
        let (is_as_seen, planned) = join(self.is_head_as_seen(memory, at), self.send()).await;
        let planned = planned?;
        if !is_as_seen {
            self.warn_of_newer_head(memory).await;
        }
        if !asks {
            return Ok(planned);
        }
        self.request.dry_run = false;
        let moved = self.plan_move(&planned).await?;
        if planned.changed {
            show(self.session, self.session.terminal.of_question(), &planned);
            for note in planned.notes.iter().filter(|note| matches!(note, Note::BrokenPromise(_))) {
                self.session.note(note);
            }
            self.is_shown.set(true);
        }
        if planned.changed || moved.is_some() {
            let terminal = self.session.terminal.of_question();
            moved.iter().flat_map(|moved| channel_moved::done(moved, true)).for_each(|line| terminal.line(&line));
            let replaces = seen(&planned, self.request.overwrite);
            let text = question(self.session, &planned, &replaces, moved.as_ref());
            self.agreed(Question { text: &text, flag: "--yes" }, ExitCode::Other).await?;
            if planned.changed {
                self.request.replaces = replaces;
            }
        }
        if let (Some(channel), Some(moved)) = (&mut self.request.channel, &moved) {
            channel.expect_seen(&moved.moved);
        }
        Ok(self.send().await?)
    }

    /// Where the channel would be moved from, if there is one, and it would be.
    async fn plan_move(&mut self, planned: &Pushed) -> Result<Option<ChannelMoved>, Error> {
        let Some(channel) = &mut self.request.channel else { return Ok(None) };
        channel.follow_push(true, &self.request.target.version, planned.digest);
        planned_move(self.session, channel, &self.info, &self.workspace).await
    }

    /// Pushes to the head. What it changes is shown before; of what others have changed, too, a person at a terminal
    /// decides.
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

/// What a person is to agree to.
fn question(session: &Session, planned: &Pushed, replaces: &Replaces, moved: Option<&ChannelMoved>) -> String {
    let also = also_moves(moved);
    match &planned.push_before {
        _ if !planned.changed => "Move it?".to_owned(),
        Some(before) => format!(
            "{}, pushed {}{also}? Who has pulled it keeps the old content.{}",
            headline("Replace", &planned.location),
            when_and_by_whom(session, before),
            channels_left(planned)
        ),
        None => format!("{}{also}?{}", headline("Publish", &planned.location), final_word(planned, replaces)),
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

/// What a version that is to be overwritten was seen to hold. Where it could not be read, nobody has seen anything.
pub(super) fn seen(planned: &Pushed, overwrite: bool) -> Replaces {
    let is_unknown = planned.notes.iter().any(|note| matches!(note, Note::ChangesUnknown { .. }));
    if !overwrite || planned.location.is_head() || is_unknown {
        return Replaces::Anything;
    }
    Replaces::Seen(planned.replaced)
}

/// What a question says of what cannot be undone.
pub(super) fn final_word(planned: &Pushed, replaces: &Replaces) -> String {
    match replaces {
        _ if planned.location.is_head() => String::new(),
        Replaces::Seen(Some(_)) => format!(" It replaces what is published there.{}", channels_left(planned)),
        _ => " It cannot be changed afterwards.".to_owned(),
    }
}

/// What a question says of the channels that an overwrite leaves at content that is gone.
fn channels_left(planned: &Pushed) -> String {
    let channels = planned.notes.iter().find_map(|note| match note {
        Note::ChannelsLeft { channels, .. } => Some(channels),
        _ => None,
    });
    let Some(channels) = channels else { return String::new() };
    let names: Vec<_> = channels.iter().map(|channel| format!(":{channel}")).collect();
    let it_is = if names.len() == 1 { "it is" } else { "they are" };
    format!(" Pulls of {} fail then until {it_is} moved.", list(&names))
}
