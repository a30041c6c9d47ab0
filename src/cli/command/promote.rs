use serde_json::json;

use super::channel::{after_push, also_moves, move_channel, planned_move};
use super::push::{document, final_word, say_settings, seen, show};
use crate::cli::failure::Failure;
use crate::cli::idle::refuse_flags_of_copies;
use crate::cli::profile::with_profile;
use crate::cli::prompt::Question;
use crate::cli::session::Session;
use crate::command::{self, ChannelMoved, Note, Promoted};
use crate::error::{Error, ExitCode};
use crate::message::{changes, channel_moved, counted, headline, list, place, promotion_verb};
use crate::name::{Digest, VersionName, VersionRequest};
use crate::option::{Command, FROM_PROFILE, JSON};
use crate::request::{ChannelPromotion, ChannelRequest, PromoteRequest, RunInfo};
use crate::workspace::Workspace;

/// Copies a version, or the head, to another context.
pub(in crate::cli) async fn promote(session: &Session) -> Result<(), Failure> {
    let raw = session.raw();
    let is_json = raw.flag(&JSON)?;
    let info = session.info()?;
    let workspace = session.workspace()?;
    let promotion = ChannelPromotion::new(&raw, &info)?;
    let (mut request, channel) = match promotion {
        None => (PromoteRequest::new(&raw, &info)?, None),
        Some(promotion) => match command::copy_before_move(&promotion, &info, &workspace)? {
            Some(to) => (PromoteRequest::before_move(&raw, &info, to)?, Some(promotion.channel)),
            None => {
                raw.refuse_contradictions(Command::Promote)?;
                refuse_flags_of_copies(&session.invocation)?;
                return move_channel(session, promotion.channel, info).await;
            }
        },
    };
    raw.refuse_contradictions(Command::Promote)?;
    if let Some(profile) = raw.text(&FROM_PROFILE) {
        request.read_with(with_profile(&session.environment, profile));
    }
    let mut promoting = Promoting { session, request, channel, info, workspace };
    let is_shown = promoting.agree().await?;
    let promoted = promoting.send().await?;
    let dry_run = promoting.request.dry_run;
    report(session, &promoted, dry_run, is_shown);
    let moved = promoting.move_to(&promoted).await;
    if is_json {
        let mut document = document(&promoted.pushed, dry_run);
        document["promoted_from"] = json!({
            "context": promoted.from.context.as_str(),
            "bucket": promoted.from.bucket,
            "version": promoted.from.version,
        });
        if let Ok(Some(moved)) = &moved {
            document["channel"] = channel_moved::document(moved, dry_run);
        }
        session.terminal.document(&document)?;
    }
    moved.map(drop).map_err(Failure::from)
}

/// A promotion, and the question that belongs to it.
struct Promoting<'a> {
    session: &'a Session,
    request: PromoteRequest,
    /// The channel that is moved to what was copied, if one is.
    channel: Option<ChannelRequest>,
    info: RunInfo,
    workspace: Workspace,
}

impl Promoting<'_> {
    async fn send(&self) -> Result<Promoted, Error> {
        let observer = self.session.observer();
        command::promote(&self.request, &self.info, &self.workspace, observer, &self.session.cancellation).await
    }

    /// Moves the channel to what was copied, if there is one, or finds out what that would do.
    async fn move_to(&mut self, Promoted { version, pushed, .. }: &Promoted) -> Result<Option<ChannelMoved>, Error> {
        let (Some(channel), Some(version)) = (&mut self.channel, version) else { return Ok(None) };
        channel.follow_push(self.request.dry_run, &VersionRequest::Exact(version.clone()), pushed.digest);
        after_push(self.session, channel, &self.info, &self.workspace).await.map(Some)
    }

    /// Has a person at a terminal agree to what would change. From then on the request is for just that: this source, with
    /// this digest, over what was seen at the destination. Tells whether it was shown.
    async fn agree(&mut self) -> Result<bool, Failure> {
        if self.request.dry_run || !self.session.terminal.can_ask() {
            return Ok(false);
        }
        self.request.dry_run = true;
        let planned = self.send().await;
        self.request.dry_run = false;
        let Promoted { from, version, copied, pushed } = planned?;
        let moved = self.plan_move(version.as_ref(), pushed.digest).await?;
        if !pushed.changed && moved.is_none() {
            return Ok(false);
        }
        let terminal = self.session.terminal.of_question();
        terminal.line(&headline("From", &from));
        show(self.session, terminal, &pushed);
        say_settings(self.session, terminal, &pushed);
        moved.iter().flat_map(|moved| channel_moved::done(moved, true)).for_each(|line| terminal.line(&line));
        let replaces = seen(&pushed, self.request.overwrite);
        let text = match &moved {
            Some(moved) if !pushed.changed => channel_moved::question(moved).to_owned(),
            moved => {
                let text = headline("Promote to", &pushed.location);
                let new =
                    if pushed.notes.iter().any(is_of_new_context) { ", a new context in this bucket" } else { "" };
                format!("{text}{new}{}?{}", also_moves(moved.as_ref()), final_word(&pushed, &replaces))
            }
        };
        if !self.session.confirm(Question { text: &text, flag: "--yes" }, Some(false)).await? {
            return Err(Failure::Declined(ExitCode::Other));
        }
        self.request.expect = Some(pushed.digest);
        self.request.copied = Some(copied);
        self.request.replaces = replaces;
        self.request.from.version = version.map_or(VersionRequest::Head, VersionRequest::Exact);
        self.request.bases = pushed.location.is_head().then_some(pushed.bases);
        if let (Some(channel), Some(moved)) = (&mut self.channel, &moved) {
            channel.expect_seen(&moved.moved);
        }
        Ok(true)
    }

    /// Where the channel would be moved from, if there is one, and it would be.
    async fn plan_move(
        &mut self,
        version: Option<&VersionName>,
        digest: Digest,
    ) -> Result<Option<ChannelMoved>, Error> {
        let (Some(channel), Some(version)) = (&mut self.channel, version) else { return Ok(None) };
        channel.plan(version, digest);
        planned_move(self.session, channel, &self.info, &self.workspace).await
    }
}

const fn is_of_new_context(note: &Note) -> bool {
    matches!(note, Note::NewContext { .. })
}

fn report(session: &Session, Promoted { from, pushed, .. }: &Promoted, dry_run: bool, is_shown: bool) {
    // Somebody who was asked has agreed to a new context.
    let notes = pushed.notes.iter().filter(|note| !(is_shown && is_of_new_context(note)));
    notes.for_each(|note| session.note(note));
    changes::about_gone(pushed).iter().for_each(|said| session.notice(said));
    if !is_shown {
        show(session, session.terminal, pushed);
    }
    if !pushed.only_in_head.is_empty() {
        let others: Vec<_> = pushed.only_in_head.iter().map(ToString::to_string).collect();
        session.terminal.note(&format!(
            "The head of {} also has files that {} does not have. They stay as they are: {}.",
            pushed.location.context,
            place(from),
            list(&others)
        ));
    }
    session.terminal.line(&headline(promotion_verb(dry_run, pushed.changed), &pushed.location));
    let files = counted(pushed.files.len(), "file");
    session.terminal.line(&format!("{files} of {}, {}", place(from), pushed.digest.pin()));
}
