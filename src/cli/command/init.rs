use crate::catalog::{CatalogUpdate, edit};
use crate::cli::failure::Failure;
use crate::cli::first_use::Settings;
use crate::cli::gitignore;
use crate::cli::session::Session;
use crate::error::Error;
use crate::name::ConfigPath;
use crate::option::{CATALOG, OptionError, OptionProblem};
use crate::secret::Secret;
use crate::workspace::{FileMode, NewFile, Workspace, WorkspaceError};

/// Asks what a catalog has to say, and writes it.
pub(in crate::cli) async fn init(session: &Session) -> Result<(), Failure> {
    let catalog = session.shown(&session.place.catalog);
    if session.place.has_catalog {
        return Err(Failure::CatalogExists(catalog));
    }
    let raw = session.raw();
    let path = raw.path(&CATALOG)?.ok_or_else(|| OptionError::new(&CATALOG, OptionProblem::NamesNo("file")))?;
    let workspace = session.workspace()?;
    let Settings { context, bucket, kms_key } = session.settings(&raw).await?;
    let update = CatalogUpdate { context: Some(context), bucket: Some(bucket), kms_key, entries: Vec::new() };
    let text = edit(None, &update).map_err(|error| Error::CatalogEdit { path: path.clone(), error })?;
    write(&workspace, path, &text).map_err(|error| match error {
        WorkspaceError::Changed { .. } => Failure::CatalogExists(catalog.clone()),
        error => error.into(),
    })?;
    session.terminal.note(&format!("Wrote {catalog}."));
    session.ignore(&workspace, &gitignore::USUAL).await?;
    session.terminal.next("cstore push .env");
    session.terminal.next("cstore status");
    Ok(())
}

/// Writes a file where there is none.
fn write(workspace: &Workspace, path: ConfigPath, text: &str) -> Result<(), WorkspaceError> {
    let content = Secret::new(text.as_bytes());
    let file = NewFile { path, content, mode: FileMode::Shared, named: true, may_replace: false };
    workspace.stage(&[file])?.commit()?.finish()
}
