use std::mem;

use serde_json::{Value, json};

use super::rollback::say_what_stays_here;
use crate::cli::failure::Failure;
use crate::cli::prompt::Question;
use crate::cli::purged_in_part::PurgedInPart;
use crate::cli::session::Session;
use crate::cli::terminal::Terminal;
use crate::command::{self, Holders, PurgedVersion};
use crate::error::Error;
use crate::message::{Speaker as _, counted, in_shell, place, purge as words};
use crate::name::VersionName;
use crate::option::{BUCKET, CONTEXT, Command, DRY_RUN, FILES, JSON, RawOptions, VALUE_OF, VERSION};
use crate::request::{HoldersRequest, PurgeRequest, RunInfo};
use crate::store::{self, Missing};
use crate::workspace::Workspace;

/// Removes a version, files of the head, or all versions that hold a value, for good.
pub(in crate::cli) async fn purge(session: &Session) -> Result<(), Failure> {
    let mut raw = session.raw();
    raw.refuse_contradictions(Command::Purge)?;
    let is_json = raw.flag(&JSON)?;
    let info = session.info()?;
    if raw.text(&VALUE_OF).is_some() {
        return purge_value(session, &mut raw, info, is_json).await;
    }
    if raw.text(&FILES).is_some() {
        // As they were typed: the option has them relative to the catalog's folder by now, where that is another one.
        let typed = session.invocation.arguments("REF|FILE").map(|typed| session.to_catalog(typed));
        raw.set(&FILES, &typed.collect::<Result<Vec<_>, _>>()?.join("\n"));
    }
    let request = PurgeRequest::new(&raw, &info)?;
    let workspace = session.workspace()?;
    let dry_run = request.dry_run;
    let mut purging = Purging { session, request, info, workspace };
    let planned = if dry_run { None } else { purging.agree().await? };
    let mut purged = purging.send().await?;
    report(session, session.terminal, &purged, dry_run);
    if !dry_run {
        say_what_stays_here(session, &purging.workspace, purged.files.as_deref().unwrap_or_default());
    }
    if let Some(planned) = planned {
        purged.elsewhere = planned.elsewhere;
    } else {
        purged.elsewhere.iter().for_each(|elsewhere| say_elsewhere(session, session.terminal, elsewhere));
    }
    if is_json {
        session.terminal.document(&words::document(&purged, dry_run, session.speaker()))?;
    }
    purged.unfinished().filter(|_| !dry_run).map_or(Ok(()), |error| Err(error.into()))
}

/// A purge, and the question that belongs to it.
struct Purging<'a> {
    session: &'a Session,
    request: PurgeRequest,
    info: RunInfo,
    workspace: Workspace,
}

impl Purging<'_> {
    async fn send(&self) -> Result<PurgedVersion, Error> {
        let observer = self.session.observer();
        let begins = |planned: &PurgedVersion| {
            // Else somebody has been shown it, and has agreed to it.
            if self.request.over.is_none() {
                say_what_goes(self.session, planned);
            }
        };
        let purged =
            command::purge(&self.request, &self.info, &self.workspace, observer, &self.session.cancellation, begins)
                .await;
        purged.inspect_err(|error| {
            say_what_is_left(self.session, error);
            if let Some(version) = self.request.version.as_ref().filter(|name| is_gone(error) && !name.is_release()) {
                let file = in_shell(&format!("./{version}"));
                self.session
                    .terminal
                    .note(&format!("To purge a file of the head by that name, run: cstore purge {file}"));
            }
        })
    }

    /// Shows what goes, and has a person at a terminal type its name. Gives what was shown; from then on the request is
    /// for just that.
    async fn agree(&mut self) -> Result<Option<PurgedVersion>, Failure> {
        let what = self.request.version.as_ref().map_or("these files", VersionName::as_str);
        let question = format!("Purge {what}, for good?");
        self.session.require_confirmation(Question { text: &question, flag: "--yes" })?;
        if !self.session.terminal.can_ask() {
            return Ok(None);
        }
        self.request.dry_run = true;
        let planned = self.send().await;
        (self.request.dry_run, self.request.looks_elsewhere) = (false, false);
        let planned = planned?;
        self.request.over = Some(planned.base.clone());
        let terminal = self.session.terminal.of_question();
        report(self.session, terminal, &planned, true);
        planned.elsewhere.iter().for_each(|elsewhere| say_elsewhere(self.session, terminal, elsewhere));
        let location = &planned.location;
        let (text, name) = match planned.files.as_deref() {
            None => ("To remove it, type its name", location.version.clone()),
            Some([path]) => ("To remove it, type its name", self.session.shown(path.as_str())),
            Some(_) => ("To remove them, type the context's name", location.context.to_string()),
        };
        agreed(self.session, &format!("This cannot be undone. {text}"), &name).await?;
        Ok(Some(planned))
    }
}

async fn agreed(session: &Session, text: &str, name: &str) -> Result<(), Failure> {
    let question = format!("{text}, {name}:");
    let is_agreed = session.confirm_by_typing(Question { text: &question, flag: "--yes" }, name).await?;
    if is_agreed { Ok(()) } else { Err(Failure::NotPurged) }
}

/// Finds all that holds the value of a config key, and removes the versions of this context that do.
async fn purge_value(session: &Session, raw: &mut RawOptions, info: RunInfo, is_json: bool) -> Result<(), Failure> {
    let dry_run = raw.flag(&DRY_RUN)?;
    let asks = !dry_run && session.terminal.can_ask();
    let terminal = if asks { session.terminal.of_question() } else { session.terminal };
    let request = HoldersRequest::new(raw, &info)?;
    let key = request.key.as_str();
    if !dry_run {
        let question = format!("Purge the versions that hold the value of {key}, for good?");
        session.require_confirmation(Question { text: &question, flag: "--yes" })?;
    }
    let workspace = session.workspace()?;
    let observer = session.observer();
    let mut holders = command::holders(&request, &info, &workspace, observer, &session.cancellation).await?;
    terminal.line(&format!("The value that {key} has in {} is in", place(&holders.location)));
    words::held(&holders, session.speaker()).iter().for_each(|line| terminal.line(&format!("- {line}")));
    words::not_read(&holders).iter().for_each(|said| terminal.warning(said));
    let going = holders.going();
    if holders.found.iter().any(|holder| holders.stays(holder)) {
        terminal.note(&of_what_stays(session, &holders));
    }
    let channels = mem::replace(&mut holders.channels, Ok(Vec::new()))?;
    words::channels_at(&channels, dry_run || asks).iter().for_each(|said| terminal.warning(said));
    let mut done = Done::default();
    if going.is_empty() {
        let would = if dry_run { "would be" } else { "was" };
        terminal.line(&format!("Nothing {would} removed: no version of {} has it.", holders.location.context));
    } else if dry_run || asks {
        let names: Vec<_> = going.iter().map(ToString::to_string).collect();
        terminal.line(&format!("Would purge {}: {}", counted(going.len(), "version"), names.join(", ")));
    }
    if !dry_run && !going.is_empty() {
        if asks {
            agreed(session, "This cannot be undone. To remove them, type the key's name", key).await?;
        }
        raw.clear(&FILES);
        let purges = going.into_iter().map(|version| {
            raw.set(&VERSION, version.as_str());
            let request = PurgeRequest::new(raw, &info)?;
            // Whatever else is published under that name by now, nobody has agreed to lose.
            let over = holders.bases.get(&version).cloned();
            Ok::<_, Error>((version, PurgeRequest { looks_elsewhere: false, over, ..request }))
        });
        let purges = purges.collect::<Result<Vec<_>, _>>()?;
        done = purge_each(session, purges, &info, &workspace).await;
    }
    let Done { documents, of_versions } = done;
    let written = if is_json {
        let failed = of_versions.failed.iter().map(|(version, _)| version);
        session.terminal.document(&json!({
            "schema": 1,
            "context": holders.location.context.as_str(),
            "bucket": holders.location.bucket,
            "version": holders.location.version,
            "key": key,
            "dry_run": dry_run,
            "holders": words::holders_document(&holders),
            "channels": words::channels_document(&channels),
            "purged": documents,
            "not_purged": failed.chain(&of_versions.left).map(VersionName::as_str).collect::<Vec<_>>(),
        }))
    } else {
        Ok(())
    };
    if of_versions.failed.is_empty() { Ok(written?) } else { Err(Failure::PurgedInPart(of_versions)) }
}

/// What came of the purges of versions.
#[derive(Default)]
struct Done {
    /// Of each that was purged, as far as nothing was in the way.
    documents: Vec<Value>,
    of_versions: PurgedInPart,
}

/// Purges one version after the other, until one fails for another reason than single objects.
async fn purge_each(
    session: &Session,
    purges: Vec<(VersionName, PurgeRequest)>,
    info: &RunInfo,
    workspace: &Workspace,
) -> Done {
    let mut done = Done::default();
    let mut purges = purges.into_iter();
    for (version, request) in purges.by_ref() {
        let observer = session.observer();
        let begins = |planned: &PurgedVersion| say_what_goes(session, planned);
        let purged = command::purge(&request, info, workspace, observer, &session.cancellation, begins).await;
        match purged.inspect_err(|error| say_what_is_left(session, error)) {
            Err(error) if is_gone(&error) => {
                session.terminal.note(&format!("Somebody else has purged {version} meanwhile."));
            }
            Err(error) => {
                done.of_versions.failed.push((version, error));
                break;
            }
            Ok(purged) => {
                report(session, session.terminal, &purged, false);
                done.documents.push(words::document(&purged, false, session.speaker()));
                match purged.unfinished() {
                    Some(error) => done.of_versions.failed.push((version, error)),
                    None => done.of_versions.purged.push(version),
                }
            }
        }
    }
    done.of_versions.left.extend(purges.map(|(version, _)| version));
    done
}

/// What to do about what a purge of versions leaves.
fn of_what_stays(session: &Session, holders: &Holders) -> String {
    let earlier = || {
        let own = holders.found.iter().filter(|holder| holder.context == holders.location.context);
        own.filter(|holder| holder.unlisted.is_some())
    };
    let flags = session.speaker().flags(&[&CONTEXT, &BUCKET]);
    let mut files: Vec<_> = earlier().filter(|holder| holder.version.is_none()).map(|holder| &holder.path).collect();
    files.dedup();
    let files: String =
        files.iter().map(|path| format!(" {}", in_shell(&as_file(session.shown(path.as_str()))))).collect();
    let of_head = if files.is_empty() {
        String::new()
    } else {
        format!(
            " To remove S3 versions of the head's files, run `cstore purge{flags}{files}`, and push these files again."
        )
    };
    let of_versions = if earlier().any(|holder| holder.version.is_some()) {
        " To remove those of a version that was overwritten, use `aws s3api delete-object`."
    } else {
        ""
    };
    format!(
        "A purge removes versions of this context alone. What else is named stays: change the head with `cstore set`, \
         and purge other contexts' versions there.{of_head}{of_versions} Other buckets, and earlier S3 versions of other contexts' \
         files, were not looked at."
    )
}

/// A path as nobody reads it as a version.
fn as_file(shown: String) -> String {
    if shown.contains('/') || shown.starts_with('.') { shown } else { format!("./{shown}") }
}

fn is_gone(error: &Error) -> bool {
    matches!(error.of_store(), Some(store::Error::Missing(missing)) if matches!(**missing, Missing::Version { .. }))
}

/// Of a purge that broke off, what is gone and what is left.
fn say_what_is_left(session: &Session, error: &Error) {
    let Error::Purge(failure) = error else { return };
    for (heading, lines) in words::gone_and_left(failure) {
        session.terminal.line(&heading);
        lines.iter().for_each(|line| session.terminal.line(&format!("- {line}")));
    }
}

/// What is to go is said before anything does.
fn say_what_goes(session: &Session, planned: &PurgedVersion) {
    session.terminal.line(&words::title("Purging", planned, session.speaker()));
    words::by_key(&planned.purged.removed).iter().for_each(|line| session.terminal.line(&format!("- {line}")));
}

fn report(session: &Session, terminal: Terminal, purged: &PurgedVersion, dry_run: bool) {
    terminal.line(&words::title(words::verb(purged, dry_run), purged, session.speaker()));
    words::by_key(&purged.purged.removed).iter().for_each(|line| terminal.line(&format!("- {line}")));
    words::staying(purged).iter().for_each(|said| terminal.note(said));
    words::channels(purged, dry_run).iter().for_each(|said| terminal.warning(said));
    if dry_run {
        let unknown = words::in_the_way(&purged.purged.in_the_way, session.speaker());
        unknown.iter().for_each(|line| terminal.warning(&format!("This would stay: {line}")));
    }
}

/// Says what else holds the files of a version that is purged.
fn say_elsewhere(session: &Session, terminal: Terminal, elsewhere: &Holders) {
    words::elsewhere(elsewhere, session.speaker()).iter().for_each(|said| terminal.note(said));
    words::not_read(elsewhere).iter().for_each(|said| terminal.note(said));
}
