//! Pull: get files, hold every one against its manifest, turn them into values.

mod choose;
mod collect;

use std::collections::HashSet;
use std::sync::Arc;

use crate::config::{FileType, merge};
use crate::error::Error;
use crate::format::render;
use crate::name::{ConfigPath, Digest};
use crate::observer::Observer;
use crate::outcome::{Formatted, Location, Note, Outcome, Pulled, PulledFile};
use crate::request::{Pull, Request};
use crate::store::{FetchedFile, Integrity};
use crate::workspace::Workspace;

use self::collect::{Collected, collect};
use super::checks;

pub(super) async fn run(
    request: &Request,
    pull: &Pull,
    workspace: &Workspace,
    observer: Arc<dyn Observer>,
) -> Result<Outcome, Error> {
    match collect(request, pull, workspace, observer).await {
        Ok(collected) => deliverable(request, pull, workspace, collected).map(|it| Outcome::Pulled(Box::new(it))),
        Err((Some(place), error)) if pull.ignore_missing && error.is_missing() => {
            Ok(Outcome::NothingToPull { place, report: Box::new(error.report()) })
        }
        Err((_, error)) => Err(error),
    }
}

/// A file of a pull, from whichever catalog.
pub(super) struct CollectedFile {
    /// Its path, relative to the first catalog.
    path: ConfigPath,
    /// Where it is restored, in the workspace.
    restore_to: ConfigPath,
    /// Whether no alternate path is recorded for it.
    restores_at_its_path: bool,
    file_type: FileType,
    fetched: FetchedFile,
}

fn deliverable(request: &Request, pull: &Pull, workspace: &Workspace, collected: Collected) -> Result<Pulled, Error> {
    let Collected { place, files: collected, published, mut notes } = collected;
    let digest = Digest::from_files(collected.iter().map(|file| (&file.path, file.fetched.digest)));
    if let Some(expected) = pull.digest
        && expected != digest
        && published != Some(expected)
    {
        // Of a part of a version, the whole version's digest is as good a pin: every file was held against it.
        return Err(crate::store::Error::from(Integrity::Pin { expected, found: published.unwrap_or(digest) }).into());
    }
    note_unmanaged(&collected, &mut notes);

    let named: HashSet<_> = request.target.files.exact_paths().unwrap_or_default().into_iter().collect();
    let mut sources = Vec::with_capacity(collected.len());
    let mut read = Vec::new();
    let mut files = Vec::with_capacity(collected.len());
    for CollectedFile { path, restore_to, restores_at_its_path, file_type, fetched } in collected {
        let entries = checks::values(file_type, fetched.content.expose(), &request.target.checks, &path, &mut notes)?;
        sources.push(checks::source(&path, file_type, &entries));
        files.push(PulledFile {
            // Naming a file names its own path, not wherever its entry would have it restored.
            named: named.contains(&path) && restores_at_its_path,
            restore_to,
            keys: (file_type != FileType::Other).then_some(entries.len()),
            digest: fetched.digest,
            content: fetched.content,
            path,
        });
        read.extend(entries);
    }

    let mut merged = merge(sources, pull.on_duplicate, pull.defaults.clone())?;
    if pull.expand {
        crate::config::expand(&mut merged, |name| request.job.variable(name))?;
    }
    if pull.expand || !pull.defaults.is_empty() {
        // Values that stand in no file.
        read.extend(merged.iter().map(|merged| merged.entry.clone()));
    }
    request.target.checks.validate(&merged, workspace, &mut notes)?;
    let selected = pull.selection.select(&merged, pull.on_duplicate)?;
    if !selected.left_out.is_empty() {
        notes.push(Note::LeftOut(selected.left_out));
    }
    if !selected.unmatched.is_empty() {
        notes.push(Note::UnmatchedKeys(selected.unmatched));
    }
    let formatted = pull
        .format
        .as_ref()
        .map(|file| {
            let text = render(file.format, &selected.settings, place.context.as_str())?;
            Ok::<_, Error>(Formatted { format: file.format, path: file.path.clone(), text })
        })
        .transpose()?;
    let names = selected.keys.into_iter().zip(selected.settings.iter().map(|it| it.name.clone())).collect();
    let verified = !notes.iter().any(|note| matches!(note, Note::GoLayout | Note::Unmanaged(_)));
    Ok(Pulled { place, digest, verified, files, settings: selected.settings, names, read, formatted, notes })
}

fn note_unmanaged(files: &[CollectedFile], notes: &mut Vec<Note>) {
    if notes.contains(&Note::GoLayout) {
        return;
    }
    let unmanaged: Vec<_> = files.iter().filter(|file| !file.fetched.verified).map(|file| file.path.clone()).collect();
    if !unmanaged.is_empty() {
        notes.push(Note::Unmanaged(unmanaged));
    }
}

impl Location {
    fn of(context: &crate::name::Context, bucket: &str, version: &str) -> Self {
        Self { context: context.clone(), bucket: bucket.to_owned(), version: version.to_owned(), manifest: None }
    }
}
