//! What `set`, `unset` and `edit` share: files of the head are read, and what is made of them is pushed over just that.

use std::cell::Cell;
use std::collections::HashMap;

use serde_json::json;

use super::push::{file_documents, replace_head};
use crate::cli::failure::Failure;
use crate::cli::head_memory::{ChangedInHead, HeadMemory};
use crate::cli::refused_names;
use crate::cli::session::Session;
use crate::cli::unamended::Unamended;
use crate::command::{self, AmendError, HeadFiles, Location, Pushed};
use crate::config::{EditError, EditProblem, merge3};
use crate::error::{Error, NoSuchKey, Searched};
use crate::excerpt::listed_key;
use crate::message::{diff, headline, in_shell, list};
use crate::name::{ConfigPath, Digest};
use crate::option::{JSON, OVERWRITE, RawOptions};
use crate::request::{Bases, EditedFile, EditedFiles, MergeFiles, PushRequest, RunInfo};
use crate::workspace::Workspace;

/// A change of the head that no local file is pushed for.
pub(super) struct Amending<'a> {
    session: &'a Session,
    raw: RawOptions,
    info: RunInfo,
    /// Whether what lies at a key is taken for the file, whoever put it there.
    as_it_lies: bool,
    /// Whether the layout of the Go tool was spoken of.
    has_said: Cell<bool>,
    /// Whether what was made of the files is stored, whatever comes after.
    is_stored: Cell<bool>,
}

impl<'a> Amending<'a> {
    /// Reads what was typed.
    ///
    /// # Errors
    /// An option that cannot be used.
    pub(super) fn new(session: &'a Session) -> Result<Self, Failure> {
        let mut raw = session.raw();
        session.add_files(&mut raw)?;
        let as_it_lies = raw.flag(&OVERWRITE)?;
        // A push of the head has no such option.
        raw.set(&OVERWRITE, "false");
        let info = session.info()?;
        let amending = Self { session, raw, info, as_it_lies, has_said: Cell::default(), is_stored: Cell::default() };
        amending.request()?;
        amending.raw.refuse_contradictions(session.invocation.command)?;
        Ok(amending)
    }

    fn request(&self) -> Result<PushRequest, Failure> {
        let mut request = PushRequest::new(&self.raw, &self.info)?;
        request.kms_keys.default = self.session.kms_key_of_go();
        Ok(request)
    }

    /// What joins the parts of nested keys.
    pub(super) fn separator(&self) -> Result<String, Failure> {
        Ok(self.request()?.target.checks.separator)
    }

    /// The files of the head that were chosen, as they are now.
    ///
    /// # Errors
    /// Those of the requests, and files that are not there or not what the manifest says.
    pub(super) async fn read(&self) -> Result<HeadFiles, Failure> {
        let (request, workspace) = (self.request()?, self.session.workspace()?);
        let (observer, cancellation) = (self.session.observer(), &self.session.cancellation);
        let read =
            command::head_files(&request.target, self.as_it_lies, &self.info, &workspace, observer, cancellation);
        let head = read.await.map_err(Unamended::Core)?;
        if !self.has_said.replace(true) {
            head.notes.iter().for_each(|note| self.session.note(note));
        }
        Ok(head)
    }

    /// Pushes files over what was read of them, and says what came of it.
    ///
    /// # Errors
    /// Those of a push; the files do not pass its checks.
    pub(super) async fn store(&self, head: &HeadFiles, edited: EditedFiles) -> Result<(), Failure> {
        let session = self.session;
        if edited.changed.is_empty() {
            command::check_unchanged(&self.request()?.target, &edited.others, &self.workspace()?)
                .map_err(Unamended::Core)?;
            session.terminal.line(&headline("Nothing has changed in", &head.location));
            return self.print(head, None);
        }
        let mut request = self.request()?;
        let dry_run = request.dry_run;
        let memory =
            HeadMemory::new(session, &request.target, (head.location.context.clone(), head.location.bucket.clone()));
        let base = |file: &EditedFile| (file.before.path.clone(), file.before.base.clone());
        request.bases = Some(Bases {
            by_path: edited.changed.iter().map(base).collect(),
            intended: HashMap::new(),
            merge: MergeFiles::new(merge3),
        });
        request.edited = Some(edited.clone());
        let pushed = replace_head(session, request, session.info()?, session.workspace()?).await;
        let pushed = pushed.map_err(|failure| match failure {
            Failure::Core(error) => Unamended::Core(error).into(),
            failure => failure,
        })?;
        self.is_stored.set(true);
        pushed.notes.iter().for_each(|note| session.note(note));
        refused_names::note(&pushed).iter().for_each(|note| session.terminal.note(note));
        for merged in &pushed.merged {
            let keys: Vec<_> = merged.from_others.iter().map(|key| listed_key(key)).collect();
            let keys = if keys.is_empty() { String::new() } else { format!(": {}", list(&keys)) };
            let shown = session.shown(merged.path.as_str());
            session.terminal.line(&format!("merged     {shown} (changed by others meanwhile{keys})"));
        }
        let verb = if dry_run { "Would change" } else { "Changed" };
        session.terminal.line(&headline(verb, &pushed.location));
        let changed = edited.changed.iter().map(|file| ChangedInHead {
            path: &file.before.path,
            before: Digest::from_content(file.before.content.expose()),
            content: &file.content,
        });
        let changed: Vec<_> = changed.collect();
        let followed =
            if dry_run { Ok(()) } else { memory.follow(session, &self.workspace()?, &pushed, &changed).await };
        self.print(head, Some(&pushed))?;
        followed
    }

    /// Whether what was made of the files is stored, so that it is not lost by what failed.
    pub(super) const fn is_stored(&self) -> bool {
        self.is_stored.get()
    }

    fn workspace(&self) -> Result<Workspace, Failure> {
        self.session.workspace()
    }

    /// Prints the result as JSON, if that was asked for. `pushed`: none where nothing was to be pushed.
    fn print(&self, head: &HeadFiles, pushed: Option<&Pushed>) -> Result<(), Failure> {
        if !self.raw.flag(&JSON)? {
            return Ok(());
        }
        let changes = pushed.and_then(|pushed| pushed.changes.as_ref());
        self.session.terminal.document(&json!({
            "schema": 1,
            "context": head.location.context.as_str(),
            "bucket": head.location.bucket,
            "version": head.location.version,
            "changed": pushed.is_some_and(|pushed| pushed.changed),
            "dry_run": self.request()?.dry_run,
            "changes": diff::changes(changes.map_or(&[][..], |changes| &changes.files)),
            "files": pushed.map(file_documents).unwrap_or_default(),
        }))
    }
}

/// What keys are called, where one cannot be a key.
const NAMES: &str = "Write a key as files of this type can have it: in a .env file letters, digits and the characters _ . -, and no blank.";

/// What becomes of a value that no file with keys can hold.
pub(super) const ENCODED: &str = "Encode it, for example with base64, or store it as a file.";

/// Why keys were not changed, with the names of files as they are typed.
pub(super) fn refused(session: &Session, location: &Location, error: AmendError) -> Unamended {
    let shown = |paths: &[ConfigPath]| paths.iter().map(|path| session.shown(path.as_str())).collect::<Vec<_>>();
    let choose = |files: &[String]| {
        let first = files.first().map(|file| in_shell(file)).unwrap_or_default();
        format!("Choose one, as with `--files {first}`, or by its tags with `-t`.")
    };
    let edit = |path: Option<&ConfigPath>| {
        format!("To change it by hand, run: {}", session.suggested(&["edit"], path.map(ConfigPath::as_str)))
    };
    match error {
        AmendError::Several { key, files } => {
            let files = shown(&files);
            let what = format!("{} is in several files of the head: {}.", listed_key(&key), list(&files));
            Unamended::Which { what, next: choose(&files) }
        }
        AmendError::New { key, files, meant } => {
            let files = shown(&files);
            let meant = meant.map(|meant| format!(" Did you mean {}?", listed_key(&meant))).unwrap_or_default();
            let what = format!(
                "No file of the head has {}, and it could be added to: {}.{meant}",
                listed_key(&key),
                list(&files)
            );
            Unamended::Which { what, next: choose(&files) }
        }
        AmendError::Absent { key, meant } => {
            let searched = Searched::Files(location.clone());
            let (elsewhere, channel) = (Vec::new(), None);
            Unamended::Core(Error::NoSuchKey(Box::new(NoSuchKey { key, meant, searched, elsewhere, channel })))
        }
        AmendError::NoKeys(files) => {
            let what =
                format!("These files of the head are stored as they are, and have no keys: {}.", list(&shown(&files)));
            Unamended::Text { what, next: edit(files.first()) }
        }
        AmendError::Edit { path, error } => {
            let what = format!("{} cannot be changed: {error}.", session.shown(path.as_str()));
            let next = match &error {
                EditError::Key { problem: EditProblem::Twice, .. } => "Give each key once.".to_owned(),
                EditError::Key { problem: EditProblem::Name, .. } => NAMES.to_owned(),
                EditError::Key { problem: EditProblem::Nul, .. } => ENCODED.to_owned(),
                _ => edit(Some(&path)),
            };
            Unamended::Text { what, next }
        }
    }
}
