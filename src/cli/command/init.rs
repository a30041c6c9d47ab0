use crate::catalog::{CatalogUpdate, edit};
use crate::cli::failure::Failure;
use crate::cli::first_use::Settings;
use crate::cli::gitignore;
use crate::cli::likely::config_files;
use crate::cli::prompt::Question;
use crate::cli::session::Session;
use crate::error::Error;
use crate::message::{Speaker as _, in_shell};
use crate::name::ConfigPath;
use crate::option::{
    ALLOW_HTTP, AWS_REGION, CATALOG, ENDPOINT_URL, OptionError, OptionProblem, PROFILE, ROLE_TO_ASSUME,
};
use crate::request::Target;
use crate::secret::Secret;
use crate::workspace::{FileMode, NewFile, Workspace, WorkspaceError};

/// Asks what a catalog has to say, and writes it.
///
/// Nothing is sent: a project can be set up offline, before there is a bucket or a way to sign in. The commands that
/// come next say what is missing.
pub(in crate::cli) async fn init(session: &Session) -> Result<(), Failure> {
    let catalog = session.shown(&session.place.catalog);
    if session.place.has_catalog {
        return Err(Failure::CatalogExists(catalog));
    }
    let raw = session.raw();
    let path = raw.path(&CATALOG)?.ok_or_else(|| OptionError::new(&CATALOG, OptionProblem::NamesNo("file")))?;
    let workspace = session.workspace()?;
    // The commands that come next repeat some of what was typed, and have to work.
    session.asked(&raw, Target::of_all_versions)?;
    agree_beside(session).await?;
    let Settings { context, bucket, kms_key } = session.settings(&raw).await?;
    // Whoever breaks off at a question has changed nothing.
    // One that is there is for a repository that is still to come.
    let has_own = || session.place.folder.join(gitignore::NAME).symlink_metadata().is_ok();
    let ignored = if session.place.is_in_git() || has_own() {
        session.offer_to_ignore(&workspace, &gitignore::USUAL).await?
    } else {
        None
    };
    let update = CatalogUpdate { context: Some(context), bucket: Some(bucket), kms_key, entries: Vec::new() };
    let text = edit(None, &update).map_err(|error| Error::CatalogEdit { path: path.clone(), error })?;
    write(&workspace, path, &text).map_err(|error| match error {
        WorkspaceError::Changed { .. } => Failure::CatalogExists(catalog.clone()),
        error => error.of_needed().into(),
    })?;
    session.terminal.note(&format!("Wrote {catalog}."));
    session.keep_trust()?;
    next(session, session.ignore(&workspace, ignored));
    Ok(())
}

/// Has somebody agree to a second catalog, below one that commands use here.
async fn agree_beside(session: &Session) -> Result<(), Failure> {
    let Some(above) = session.place.above() else { return Ok(()) };
    if session.terminal.says_yes() {
        session
            .terminal
            .note(&format!("Until now commands in this folder used {above}. From now on they use the new one."));
        return Ok(());
    }
    let text = format!("Commands in this folder use {above}. Create a separate catalog here?");
    let is_agreed =
        session.terminal.can_ask() && session.confirm(Question { text: &text, flag: "--yes" }, Some(false)).await?;
    if is_agreed { Ok(()) } else { Err(Failure::CatalogAbove(above)) }
}

/// Says what comes next: what is to be committed of what was written, and the first push.
fn next(session: &Session, is_ignored: bool) {
    let place = &session.place;
    let typed = |name: &str| in_shell(&session.shown(name));
    if place.is_in_git() {
        session.say_to_commit(is_ignored);
    }
    // One that was named is not found by itself.
    let mut flags = if place.is_found() { String::new() } else { format!(" -f {}", typed(&place.catalog)) };
    // The catalog says where files are kept from now on, and not who asks for them.
    flags.push_str(&session.speaker().flags(&[&PROFILE, &AWS_REGION, &ENDPOINT_URL, &ALLOW_HTTP, &ROLE_TO_ASSUME]));
    let found: Vec<_> = config_files(&place.folder).iter().map(|name| typed(name)).collect();
    match found.as_slice() {
        [] => session.terminal.next(&format!("cstore push{flags} FILE, with a file that holds configuration")),
        found => session.terminal.next(&format!("cstore push{flags} {}", found.join(" "))),
    }
    session.terminal.next(&format!("cstore status{flags}"));
}

/// Writes a file where there is none.
fn write(workspace: &Workspace, path: ConfigPath, text: &str) -> Result<(), WorkspaceError> {
    let content = Secret::new(text.as_bytes());
    let file = NewFile { path, content, mode: FileMode::Shared, named: true, may_replace: false };
    workspace.stage(&[file])?.commit()?.finish()
}
