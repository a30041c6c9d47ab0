//! Pull: get files, verify every one against its manifest, turn them into values.

mod base;
mod choose;
mod collect;
mod destination;
mod part;
mod pulled;
mod reconcile;
mod reserved;
mod restore;
mod settings_variable;

use std::cell::Cell;
use std::sync::Arc;

use crate::cancellation::Cancellation;
use crate::config::{
    Entry, FileType, NameUse, Selected, Selection, Setting, UnknownKey, Unmatched, Value, expand, is_undeliverable,
    looks_secret, merge, undeliverable, unread_text,
};
use crate::error::{Error, ValuesWanted};
use crate::format::{self, EnvironmentFile, Format, Written, render};
use crate::name::{ConfigPath, Digest};
use crate::observer::Observer;
use crate::option::{KEYS, NAME_SUFFIX, OptionError, OptionProblem};
use crate::request::{PullRequest, RunInfo};
use crate::secret::Secret;
use crate::store::Integrity;
use crate::workspace::Workspace;

pub use self::base::{WantedBase, add_heads, base_bodies};
use self::collect::{Collected, collect};
pub use self::destination::Destination;
use self::part::CollectedFile;
pub use self::pulled::{Formatted, Pulled, PulledFile, PulledSource, StoredFile};
pub use self::reconcile::{BaseBody, LocalFile, Reconciled, Sides};
pub use self::restore::Restore;
use super::cancel::unless_cancelled;
use super::checks::ReadFrom;
use super::deadline::Deadline;
use super::{Note, checks};

/// Gets files and reads their values, within the deadline and unless the run is cancelled. Nothing is written; the
/// caller delivers the result.
///
/// # Errors
/// Why the files could not be had, verified or read.
pub async fn pull(
    request: &PullRequest,
    run: &RunInfo,
    workspace: &Workspace,
    observer: Arc<dyn Observer>,
    cancellation: &Cancellation,
) -> Result<Pulled, Error> {
    let deadline = Deadline::new(request.target.deadline, observer);
    let work = async {
        // Boxed, since the SDK nests its futures deeper than the compiler cares to lay out.
        let collected = Box::pin(collect(request, run, workspace, &deadline)).await?;
        close_connections().await;
        deadline.watch(|| pulled(request, run, workspace, collected))
    };
    unless_cancelled(cancellation, deadline.keep(work)).await
}

/// Lets connections end that nobody asks over any more. There may be hundreds, and what each holds (some 30 kB) is room
/// for the values.
async fn close_connections() {
    // Each time the runtime goes on with up to 61 others of what there is to do.
    for _ in 0..8 {
        tokio::task::yield_now().await;
    }
}

/// Verifies the files as a whole, and turns them into values.
fn pulled(request: &PullRequest, run: &RunInfo, workspace: &Workspace, collected: Collected) -> Result<Pulled, Error> {
    let Collected {
        location,
        channel,
        files: collected,
        published,
        sources: pushed_from,
        reserved,
        missing,
        mut notes,
    } = collected;
    let digest = Digest::from_files(collected.iter().map(|file| (&file.path, file.fetched.digest)));
    // Of nothing there is no digest.
    let is_nothing = collected.is_empty() && !missing.is_empty();
    if let Some(expected) = request.digest
        && expected != digest
        && !is_nothing
        && (published != Some(expected) || request.target.tags.is_some())
    {
        // Of a part of a version, the whole version's digest is as good a pin: every file was verified against its
        // manifest. Not where tags choose the part: they are the manifest's, and no digest has them.
        let found = published.filter(|_| request.target.tags.is_none()).unwrap_or(digest);
        return Err(crate::store::Error::from(Integrity::Pin {
            of_channel: channel.map(|channel| (channel.name().clone(), location.version)),
            expected,
            found,
        })
        .into());
    }
    note_unmanaged(&collected, &mut notes);

    let mut sources = Vec::with_capacity(collected.len());
    let mut read = Vec::new();
    let mut unkeyed = Vec::new();
    let mut unread = Vec::new();
    let mut raw = Vec::new();
    let mut files = Vec::with_capacity(collected.len());
    for CollectedFile { path, destination, stored, fetched } in collected {
        let file_type = stored.file_type;
        let checks = &request.target.checks;
        let content = fetched.content.expose();
        let from = ReadFrom::Bucket;
        let entries = match checks::values(file_type, content, checks, &path, &path, from, &mut notes) {
            Ok((entries, others)) => {
                unkeyed.extend(others.into_iter().map(|other| (path.clone(), other)));
                Some(entries).filter(|_| file_type != FileType::Raw)
            }
            // Its bytes are what was pushed: by a tool that does not read files, or by another version of this one.
            Err(file) => {
                unread.push((*file).clone());
                unkeyed.push((path.clone(), unread_text(content)));
                notes.push(Note::Unread(*file));
                None
            }
        };
        unread
            .extend(entries.iter().flat_map(|entries| undeliverable(entries, fetched.content.expose(), &path, &path)));
        let entries = entries.map(|entries| deliverable(entries, &path, &mut read, &mut notes));
        if file_type == FileType::Raw {
            raw.push(path.clone());
        }
        sources.push(checks::source(&path, file_type, entries.as_deref().unwrap_or_default()));
        files.push(PulledFile {
            destination,
            keys: entries.as_ref().map(Vec::len),
            digest: fetched.digest,
            content: fetched.content,
            stored,
            path,
        });
        for entry in entries.into_iter().flatten() {
            read.extend(entry.earlier.iter().cloned());
            read.push(entry);
        }
    }

    // What fails from here on may do so because of keys that are not there.
    let lacks_files = !missing.is_empty();
    let missing = Cell::new(missing);
    let because_of = |error: Error| error.without_keys_of(unread.clone(), missing.take());
    let mut defaults = request.defaults.clone();
    if request.expand {
        let look_up = |name: &str| request.target.variables.look_up(&run.environment, name);
        let is_set = |name: &str| run.environment.get(name).is_some();
        expand(&mut sources, &mut defaults, look_up, is_set).map_err(|error| because_of(error.into()))?;
        // Values that stand in no file, also those that another one replaces.
        let all = sources.iter().flat_map(|source| &source.entries).chain(&defaults);
        let all = all.flat_map(|entry| entry.earlier.iter().chain([entry]));
        read.extend(all.map(|entry| Entry::new(entry.key.clone(), entry.value.clone(), entry.line)));
    }
    let merged = merge(sources, request.on_duplicate, defaults).map_err(|mut error| {
        error.can_take_last = request.format != Some(Written::EnvironmentFiles);
        error
    })?;
    if !request.expand && !request.defaults.is_empty() {
        read.extend(merged.iter().map(|merged| merged.entry.clone()));
    }
    request.target.checks.validate(&merged, workspace, &mut notes).map_err(because_of)?;
    let Selection { selected, unmatched } = request.selection.select(merged, request.on_duplicate)?;
    // Where a file may be missing, so may its keys.
    let lines = unmatched_keys(unmatched, lacks_files).map_err(|error| because_of(error.into()))?;
    if selected.settings.is_empty() && !request.values_wanted_by.is_empty() && !unread.is_empty() {
        let by_rule = request.target.types.decide(unread.iter().map(|file| file.path.as_str()));
        let by = request.values_wanted_by.clone();
        let wanted = Some(ValuesWanted { by, types_decide: !by_rule.types.is_empty() });
        let unmatched = notes.iter().find_map(|note| match note {
            Note::UnmatchedTypes(unmatched) => Some(unmatched.clone()),
            _ => None,
        });
        return Err(Error::ConfigFiles { files: unread, wanted, unmatched_types: unmatched.unwrap_or_default() });
    }
    let has_keys = files.iter().any(|file| file.keys.is_some_and(|keys| keys > 0));
    let is_said = !lines.is_empty() && (has_keys || raw.is_empty());
    let wants_values = !request.values_wanted_by.is_empty();
    if selected.settings.is_empty() && wants_values && !files.is_empty() && !is_said {
        notes.push(Note::NoValues { raw, has_keys });
    }
    if !lines.is_empty() {
        notes.push(Note::UnmatchedKeys { lines, leaves_none: selected.settings.is_empty() });
    }
    let form = |written| match written {
        Written::Values(format) => {
            formatted(&selected, format, location.context.as_str(), request.names_by_digest, |_| true)
        }
        Written::EnvironmentFiles => Ok((environment_files(&files, request.names_by_digest)?, None)),
    };
    let formatted = request.format.map(form).transpose()?;
    let (formatted, note) = formatted.unzip();
    notes.extend(note.flatten());
    let selected = if request.makes_outputs { selected.into_outputs()? } else { selected };
    notes.extend(Note::from_reserved(&selected).filter(|_| request.makes_outputs));
    let verified = !notes.iter().any(|note| matches!(note, Note::GoLayout(_) | Note::Unmanaged { .. }));
    let missing = missing.into_inner();
    let means_all = request.target.files.is_empty();
    Ok(Pulled {
        location,
        channel,
        digest,
        locked: request.locked.as_ref().map(|locked| locked.file.clone()),
        verified,
        files,
        selected,
        read,
        unkeyed,
        formatted,
        sources: pushed_from,
        missing,
        notes,
        reserved,
        means_all,
    })
}

/// The values in a form, those alone whose names there are `wanted`, and what there is to say of that.
///
/// # Errors
/// Keys that the form gives one name, and what it cannot hold.
pub(crate) fn formatted(
    selected: &Selected,
    format: Format,
    context: &str,
    names_by_digest: bool,
    wanted: impl Fn(&Setting) -> bool,
) -> Result<(Formatted, Option<Note>), Error> {
    let settings = selected.settings_for(NameUse::Form(format.name()), |key| format.name_of(key))?;
    let settings: Vec<_> = settings.iter().filter(|setting| wanted(setting)).cloned().collect();
    let rendered = render(format, &settings, context);
    let text =
        rendered.map_err(|error| error.with_sources(|name| selected.source_of(name, |key| format.name_of(key))))?;
    let text = match names_by_digest {
        true => format.named_by_digest(&text, context).ok_or_else(no_name)?,
        false => text,
    };
    Ok((Formatted { written: Written::Values(format), text }, clear_text(format, &settings)))
}

/// The files' ARNs, for ECS.
///
/// # Errors
/// Files that mean something else to ECS, and those in whose place it would load something else.
pub(crate) fn environment_files(files: &[PulledFile], names_by_digest: bool) -> Result<Formatted, Error> {
    if names_by_digest {
        return Err(no_name().into());
    }
    let list: Vec<_> = files
        .iter()
        .map(|file| EnvironmentFile {
            path: file.path.as_str(),
            file_type: file.stored.file_type,
            content: file.content.expose(),
            arn: &file.stored.arn,
            is_of_version: file.stored.version.is_some(),
        })
        .collect();
    let text = format::environment_files(&list).map_err(Error::EnvironmentFiles)?;
    // ECS takes no S3 version id, and so loads whatever lies at the key.
    let not_loaded = files.iter().filter(|file| file.stored.by_pin && file.stored.file_type == FileType::Dotenv);
    let not_loaded: Vec<_> = not_loaded.map(|file| (file.path.clone(), file.stored.arn.clone())).collect();
    if !not_loaded.is_empty() {
        return Err(Error::OtherAtKey(not_loaded));
    }
    Ok(Formatted { written: Written::EnvironmentFiles, text: Secret::new(text) })
}

/// That there is no object whose name could have a suffix.
fn no_name() -> OptionError {
    OptionError::unusable(&NAME_SUFFIX, NoName)
}

#[derive(Debug, thiserror::Error)]
#[error("only k8s-configmap and k8s-secret write an object that has a name")]
struct NoName;

/// The lines of `keys` that match no key, for a note.
///
/// # Errors
/// Lines that name a key, unless a file `may_be_missing`, and those that are several names written as one. Less than
/// what is asked for is not to be delivered unnoticed.
fn unmatched_keys(unmatched: Vec<Unmatched>, may_be_missing: bool) -> Result<Vec<UnknownKey>, OptionError> {
    let (wrong, odd): (Vec<_>, Vec<_>) =
        unmatched.into_iter().partition(|line| line.names_one && !may_be_missing || line.key.has_known);
    let keys = |lines: Vec<Unmatched>| lines.into_iter().map(|line| line.key).collect::<Vec<_>>();
    if wrong.is_empty() { Ok(keys(odd)) } else { Err(OptionError::new(&KEYS, OptionProblem::NoSuchKeys(keys(wrong)))) }
}

/// The note on values that look like secrets, where the form is not one for secrets.
fn clear_text(format: Format, settings: &[Setting]) -> Option<Note> {
    let instead = format.instead_for_secrets()?;
    let keys: Vec<_> =
        settings.iter().filter(|setting| looks_secret(setting)).map(|setting| setting.name.clone()).collect();
    (!keys.is_empty()).then_some(Note::ClearText { format, instead, keys })
}

/// The values of a file without those that nothing can deliver. What these are made of is `read` all the same, as a
/// later step may print the file.
fn deliverable(entries: Vec<Entry>, path: &ConfigPath, read: &mut Vec<Entry>, notes: &mut Vec<Note>) -> Vec<Entry> {
    let (left_out, entries): (Vec<_>, Vec<_>) = entries.into_iter().partition(is_undeliverable);
    for entry in &left_out {
        let parts = entry.value.text.expose().split('\0').filter(|part| !part.is_empty());
        read.extend(parts.map(|part| Entry::new(entry.key.clone(), Value::text(part), entry.line)));
    }
    if !left_out.is_empty() {
        notes.push(Note::Undeliverable(path.clone(), left_out.into_iter().map(|entry| entry.key).collect()));
    }
    entries
}

fn note_unmanaged(files: &[CollectedFile], notes: &mut Vec<Note>) {
    if notes.contains(&Note::GoLayout(None)) {
        return;
    }
    let unmanaged: Vec<_> = files.iter().filter(|file| !file.fetched.verified).map(|file| file.path.clone()).collect();
    if !unmanaged.is_empty() {
        notes.push(Note::Unmanaged { paths: unmanaged, side: None });
    }
}
