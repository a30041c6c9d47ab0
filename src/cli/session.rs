use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::failure::Failure;
use super::git;
use super::invocation::Invocation;
use super::observer::Watching;
use super::pager::Pager;
use super::place::Place;
use super::reference::refuse_channel;
use super::terminal::Terminal;
use super::trusted::Trusted;
use crate::cancellation::Cancellation;
use crate::command::{Note, catalog_channel};
use crate::environment::Environment;
use crate::identity::NoJobToken;
use crate::message::{CommandLine, Message, Notice, PathsFromHere, notice};
use crate::name::{ChannelName, Context};
use crate::observer::Observer;
use crate::option::{AUTHOR, CATALOG, Command, FILES, OptionError, ROLE_CHAINING, ROLE_TO_ASSUME, RawOptions};
use crate::process::random_uuid;
use crate::request::RunInfo;
use crate::store::{PushInfo, PushSource};
use crate::workspace::Workspace;

/// Whether a command stores files, with who does so.
pub(super) const fn stores(command: Command) -> bool {
    matches!(command, Command::Push | Command::Set | Command::Unset | Command::Edit)
}

/// A run of one command: what was asked for, and where.
pub(super) struct Session {
    pub(super) invocation: Invocation,
    pub(super) environment: Environment,
    pub(super) terminal: Terminal,
    pub(super) place: Place,
    pub(super) cancellation: Cancellation,
    /// What somebody agreed to; none before anybody was asked.
    pub(super) trusted: Option<Trusted>,
    /// The KMS keys that files were stored with, which a push writes into the catalog.
    pub(super) stored_kms_keys: RefCell<BTreeSet<String>>,
    pub(super) pager: Rc<Pager>,
}

impl Session {
    /// A run of which nobody has agreed to anything yet.
    pub(super) fn new(
        invocation: Invocation,
        environment: Environment,
        terminal: Terminal,
        place: Place,
        cancellation: Cancellation,
        pager: Rc<Pager>,
    ) -> Self {
        let stored_kms_keys = RefCell::default();
        Self { invocation, environment, terminal, place, cancellation, trusted: None, stored_kms_keys, pager }
    }

    /// The options, with what every command line means by them.
    pub(super) fn raw(&self) -> RawOptions {
        let mut raw = self.invocation.raw.clone();
        if raw.text(&ROLE_TO_ASSUME).is_some() {
            // There is no job whose token could prove anything.
            raw.set(&ROLE_CHAINING, "true");
        }
        raw
    }

    /// What is known of the run.
    pub(super) fn info(&self) -> Result<RunInfo, Failure> {
        let now = OffsetDateTime::now_utc().replace_nanosecond(0).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        Ok(RunInfo {
            default_version: None,
            default_channel: self.default_channel()?,
            default_context: self.default_context(),
            push: PushInfo {
                push_id: random_uuid().map_err(Failure::Random)?.to_string(),
                created_at: now.format(&Rfc3339).unwrap_or_default(),
                source: self.source(),
                ..PushInfo::default()
            },
            token_endpoint: Err(NoJobToken::NoJob),
            environment: self.environment.clone(),
            trusted_buckets: self.trusted.as_ref().map(|trusted| trusted.buckets.clone()),
        })
    }

    /// The channel that the catalog names, of the commands that read it.
    fn default_channel(&self) -> Result<Option<ChannelName>, Failure> {
        let Invocation { command, raw, .. } = &self.invocation;
        match raw.path(&CATALOG)? {
            Some(path) if RunInfo::has_default_channel(*command) => Ok(catalog_channel(&path, &self.workspace()?)?),
            _ => Ok(None),
        }
    }

    /// Where a push comes from; of a promotion, a rollback and a purge, which take nothing from the folder, who does it.
    /// Nothing is found out for other commands.
    fn source(&self) -> Option<PushSource> {
        let Invocation { command, raw, .. } = &self.invocation;
        let is_emptied = self.invocation.is_emptied(&AUTHOR, &self.environment);
        let author = if is_emptied { Some("") } else { raw.text(&AUTHOR) };
        match command {
            Command::Promote | Command::Rollback | Command::Purge => {
                git::author(&self.place.folder, &self.environment, author)
            }
            command if stores(*command) => git::source(&self.place.folder, &self.environment, author),
            _ => None,
        }
    }

    /// Who words messages.
    pub(super) fn speaker(&self) -> CommandLine<'_> {
        CommandLine { options: Some(&self.invocation.raw), paths: Some(&self.place) }
    }

    /// The context where nothing names one: the name of the catalog's folder, if it can be one.
    pub(super) fn default_context(&self) -> Option<String> {
        let folder = self.place.folder.file_name().and_then(|name| name.to_str());
        folder.filter(|name| Context::new(name).is_ok()).map(ToOwned::to_owned)
    }

    /// Prints what is worth knowing of a run that succeeded. A command line in it is about what the note is about.
    pub(super) fn note(&self, note: &Note) {
        let options = note.side().map(|side| self.options_at(side));
        let speaker = self.speaker();
        let speaker = CommandLine { options: options.as_ref().or(speaker.options), ..speaker };
        self.say(&notice(note, speaker), speaker);
    }

    /// As [`note`](Self::note), of what is worded already.
    pub(super) fn notice(&self, notice: &Notice) {
        self.say(notice, self.speaker());
    }

    fn say(&self, notice: &Notice, speaker: CommandLine<'_>) {
        let file = notice.file.as_deref().map(|file| self.shown(file));
        let text = self.to_be_run(&notice.text, speaker);
        self.terminal.notice(&Notice { file, text, ..notice.clone() });
    }

    /// What is asked for by options, as its type reads it, with what is known of the run.
    ///
    /// # Errors
    /// An option that cannot be used, or that the line has two answers to.
    pub(super) fn asked<R>(
        &self,
        raw: &RawOptions,
        read: impl FnOnce(&RawOptions, &RunInfo) -> Result<R, OptionError>,
    ) -> Result<(R, RunInfo), Failure> {
        let info = self.info()?;
        let request = read(raw, &info)?;
        raw.refuse_contradictions(self.invocation.command)?;
        Ok((request, info))
    }

    /// Prints why the run failed, and gives the exit code.
    pub(super) fn failure(&self, failure: &Failure) -> u8 {
        if let Some(decision) = failure.decision(self.invocation.command) {
            self.terminal.of_question().line(&decision);
        }
        let linked = self.linked_place(failure);
        let options = self.options_about(failure, linked.as_ref());
        let paths = linked.as_ref().map(|linked| linked as &dyn PathsFromHere);
        let own = self.speaker();
        let speaker = CommandLine { options: Some(&options), paths: paths.or(own.paths) };
        let (messages, code) = failure.ending(self.invocation.command, speaker);
        for message in messages {
            let file = message.file.as_deref().map(|file| self.shown(file));
            let next = self.to_be_run(&message.next, speaker);
            self.terminal.error(&Message { file, next, ..message });
        }
        code
    }

    /// Has the option `files` say what was typed in a FILE's place, too.
    ///
    /// # Errors
    /// Those of [`files`](Self::files).
    pub(super) fn add_files(&self, raw: &mut RawOptions) -> Result<(), Failure> {
        let typed = self.files()?;
        if !typed.is_empty() {
            let lines: Vec<_> = raw.lines(&FILES).map(ToOwned::to_owned).chain(typed).collect();
            raw.set(&FILES, &lines.join("\n"));
        }
        Ok(())
    }

    /// What was typed in a FILE's place, as lines of the option `files`: paths and patterns, relative to the catalog's folder.
    fn files(&self) -> Result<Vec<String>, Failure> {
        let file = |typed| {
            refuse_channel(self.invocation.command, typed)?;
            self.to_catalog(typed)
        };
        self.invocation.arguments("FILE").map(file).collect()
    }

    /// A path or pattern that was typed, as a line of the option `files`: relative to the catalog's folder. Those of
    /// options are so already.
    ///
    /// # Errors
    /// A path that leads out of the catalog's folder, or that names a folder.
    pub(super) fn to_catalog(&self, typed: &str) -> Result<String, Failure> {
        Ok(self.place.pattern(typed)?)
    }

    /// A path relative to the catalog's folder as it is to be printed: relative to the current folder.
    pub(super) fn shown(&self, path: &str) -> String {
        self.place.shown(path)
    }

    /// Prints data that may be longer than a screen: on a terminal through a pager, once all work has ended.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn page(&self, text: &str) -> Result<(), Failure> {
        self.pager.print(text, self.terminal)
    }

    pub(super) fn workspace(&self) -> Result<Workspace, Failure> {
        Ok(Workspace::open(&self.place.folder)?)
    }

    pub(super) fn observer(&self) -> Arc<dyn Observer> {
        Arc::new(Watching::new(self.invocation.command, self.terminal))
    }
}
