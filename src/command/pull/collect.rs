//! Collecting the files of all catalogs of a pull.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::destination::Destinations;
use super::part::{CollectedFile, Part};
use super::pulled::PulledSource;
use super::reserved::Reserved;
use crate::catalog::{Catalog, CatalogFile, Decided, FileSelector, Glob, SelectedFile, UnmatchedTypes};
use crate::command::catalogs::{self, Loaded};
use crate::command::deadline::Deadline;
use crate::command::locked;
use crate::command::target;
use crate::command::variables::Variables;
use crate::command::{Location, Note};
use crate::config::FileType;
use crate::error::{Error, UnknownFiles, may_be_several};
use crate::name::{ConfigPath, Digest, VersionName, VersionRequest};
use crate::request::{PullRequest, RunInfo, Target};
use crate::s3::Budget;
use crate::store::{Channel, MAX_TOTAL_BYTES};
use crate::workspace::Workspace;

/// All files of a pull.
pub(super) struct Collected {
    /// Where the first catalog's files came from.
    pub(super) location: Location,
    /// The channel that they were pulled by, if they were.
    pub(super) channel: Option<Channel>,
    pub(super) files: Vec<CollectedFile>,
    /// The whole version's digest, where there is one manifest.
    pub(super) published: Option<Digest>,
    pub(super) sources: Vec<PulledSource>,
    /// What is written only when it is named one by one, whatever its name.
    pub(super) reserved: Reserved,
    /// What was not found, where that is no error.
    pub(super) missing: Vec<Error>,
    pub(super) notes: Vec<Note>,
}

pub(super) async fn collect(
    request: &PullRequest,
    run: &RunInfo,
    workspace: &Workspace,
    deadline: &Arc<Deadline>,
) -> Result<Collected, Error> {
    let variables = Variables::new(&request.target, run, &**deadline);
    let mut notes = Vec::new();
    let all = deadline.watch(|| catalogs(request, variables, workspace, &mut notes))?;
    let lock = request.locked.as_ref().map(|locked| deadline.watch(|| locked::required(locked, workspace)));
    let lock = request.locked.as_ref().zip(lock.transpose()?);
    let destinations = Destinations::new(&request.target.files, variables, &all);

    let session = request.target.connection.open(Arc::clone(deadline) as _).await?;
    let mut location = first_location(&request.target, run, variables, &all[0])?;
    // One for all catalogs and buckets, whose files are held together.
    let budget = Budget::new(MAX_TOTAL_BYTES);
    let mut files = Vec::new();
    let mut published = Vec::new();
    let mut sources = Vec::new();
    let mut retyped = Vec::new();
    // Lines of `files` that match in no part so far, in their order. Every part is asked for all lines.
    let mut unmatched: Option<Vec<String>> = None;
    let (mut folders, mut stored) = (Vec::new(), Vec::new());
    let mut parts = 0;
    let mut nothing_there = None;
    let mut missing = Vec::new();
    let mut channel = None;
    for (index, loaded) in all.iter().enumerate() {
        let entries = entries(&request.target, variables, loaded)?;
        let context = target::context(&request.target, run, loaded)?;
        let buckets = target::buckets(&request.target, &context, loaded, &entries)?;
        if loaded.only_links() {
            continue;
        }
        let lock = lock.as_ref();
        let locked = lock.map(|(locked, lock)| locked::chosen(locked, lock, &context, index > 0)).transpose()?;
        for bucket in &buckets {
            let part = Part {
                target: &request.target,
                variables,
                loaded,
                store: target::store(&request.target, &session, &context, bucket).await?,
                entries: in_bucket(&entries, &buckets, bucket, &target::default_bucket(&context, loaded)),
                buckets: &buckets,
                is_alone: all.len() == 1,
                is_pinned: request.digest.is_some() || matches!(request.target.version, VersionRequest::Channel(_)),
                locked,
                ignore_missing: request.ignore_missing,
                destinations: &destinations,
                observer: &**deadline,
                in_catalog: in_catalog(variables, loaded, &entries),
            };
            part.open_ahead().await;
            session.sign_in().await?;
            let pulled = match part.pull(&budget).await {
                Ok(pulled) => pulled,
                // Of several catalogs, one of which nothing was chosen may well have nothing.
                Err(error) if !part.is_alone && part.entries.is_empty() && error.is_missing() => {
                    nothing_there = Some(error);
                    continue;
                }
                Err(error) => match part.nothing_found(error) {
                    error if request.ignore_missing && error.is_missing() => {
                        missing.push(error);
                        continue;
                    }
                    error => return Err(error),
                },
            };
            parts += 1;
            missing.extend(pulled.left_out);
            unmatched = Some(match unmatched {
                Some(lines) => in_both(lines, &pulled.unmatched),
                None => pulled.unmatched,
            });
            if index == 0 && parts == 1 {
                channel = pulled.channel;
                let version = pulled.version.as_ref().map_or("head", VersionName::as_str);
                location = Location::new(&context, bucket, version, pulled.manifest.map(|key| key.to_string()));
            }
            if pulled.published.is_none() && !pulled.files.is_empty() && !notes.contains(&Note::GoLayout(None)) {
                notes.push(Note::GoLayout(None));
            }
            retyped.extend(pulled.retyped);
            folders.extend(pulled.folders);
            stored.extend(pulled.stored);
            published.extend(pulled.published);
            sources.push(pulled.source);
            files.extend(pulled.files);
        }
    }
    let lines = unmatched.unwrap_or_default();
    let has_no_tags = files.is_empty() && request.target.tags.is_some() && lines.is_empty() && missing.is_empty();
    let mut lacks = |error: Error| {
        if !request.ignore_missing {
            return Err(error);
        }
        missing.push(error);
        Ok(())
    };
    if let (0, Some(error)) = (parts, nothing_there) {
        lacks(error)?;
    } else if has_no_tags {
        lacks(Error::NoTags)?;
    }
    if !lines.is_empty() {
        lacks(unmatched_lines(lines, &folders, &stored, &location))?;
    }
    refuse_two_catalogs(&files)?;
    in_order_of(&request.target.files, &mut files);
    decide_types(&request.target, &mut files, retyped, &mut notes);
    // It vouches for what is delivered only where nothing comes from elsewhere.
    let is_whole = parts == 1 && files.iter().all(|file| file.fetched.verified);
    let published = published.pop().filter(|_| is_whole);
    let reserved = deadline.watch(|| Reserved::new(request, run, variables, workspace, &all));
    Ok(Collected { location, channel, files, published, sources, reserved, missing, notes })
}

/// Refuses files of two catalogs at one path: which of the two a pull took would depend on their order alone.
fn refuse_two_catalogs(files: &[CollectedFile]) -> Result<(), Error> {
    let mut by_path = HashMap::new();
    for CollectedFile { path, stored, .. } in files {
        match by_path.insert(path, &stored.catalog) {
            Some(other) if *other != stored.catalog => {
                return Err(Error::TwoCatalogs {
                    path: path.clone(),
                    catalogs: [other.clone(), stored.catalog.clone()],
                });
            }
            _ => {}
        }
    }
    Ok(())
}

/// The error for lines of `files` that match nothing; `stored`: what there is.
fn unmatched_lines(lines: Vec<String>, folders: &[String], stored: &[String], location: &Location) -> Error {
    let folders = in_both(lines.clone(), folders);
    let is_path = |line: &String| !line.starts_with('!') && !Glob::is_glob(line) && !may_be_several(line);
    if !folders.is_empty() || !lines.iter().all(is_path) {
        return Error::NoMatch { lines, folders, place: location.clause() };
    }
    let files = UnknownFiles::new(lines, stored.iter().map(String::as_str));
    let version = VersionName::new(&location.version).ok();
    Error::NotStored { files, context: location.context.clone(), version, are_listed: false }
}

/// Reads files as the input `types` says, whatever manifest and catalog say. `retyped` are those whose recorded types
/// do not count.
fn decide_types(target: &Target, files: &mut [CollectedFile], mut retyped: Vec<ConfigPath>, notes: &mut Vec<Note>) {
    let Decided { mut types, unmatched } = target.types.decide(files.iter().map(|file| file.path.as_str()));
    types.extend(target.as_they_are.iter().map(|path| (path.to_string(), FileType::Raw)));
    for file in files {
        if let Some(by_rule) = types.get(file.path.as_str()) {
            file.stored.file_type = *by_rule;
        }
    }
    retyped.retain(|path| !types.contains_key(path.as_str()));
    if !retyped.is_empty() {
        notes.push(Note::RecordedTypes(retyped));
    }
    if unmatched != UnmatchedTypes::default() {
        notes.push(Note::UnmatchedTypes(unmatched));
    }
}

/// The catalog, and those that it links to where they are pulled, too.
fn catalogs(
    request: &PullRequest,
    variables: Variables<'_>,
    workspace: &Workspace,
    notes: &mut Vec<Note>,
) -> Result<Vec<Loaded>, Error> {
    let first = catalogs::load(&request.target, workspace)?;
    let mut all = Vec::new();
    if request.target.context.is_none() {
        all = catalogs::load_linked(variables, workspace, &first)?;
    } else {
        // A linked catalog has a context of its own, and an input is not to be overruled by a file.
        let links: Vec<_> =
            first.catalog.iter().flat_map(Catalog::links).map(|link| link.path.as_str().to_owned()).collect();
        if !links.is_empty() {
            notes.push(Note::LinksNotPulled(links));
        }
    }
    all.insert(0, first);
    Ok(all)
}

/// The lines that are among the others, in their order.
fn in_both(mut lines: Vec<String>, others: &[String]) -> Vec<String> {
    let others: HashSet<_> = others.iter().collect();
    lines.retain(|line| others.contains(line));
    lines
}

/// Where a catalog's files are looked for first.
fn first_location(
    target: &Target,
    run: &RunInfo,
    variables: Variables<'_>,
    loaded: &Loaded,
) -> Result<Location, Error> {
    let context = target::context(target, run, loaded)?;
    let buckets = target::buckets(target, &context, loaded, &entries(target, variables, loaded)?)?;
    Ok(Location::new(&context, &buckets[0], &target.version.to_string(), None))
}

/// The entries that lie in one of several buckets; one that names none lies in the default one.
fn in_bucket<'a>(
    entries: &[SelectedFile<'a>],
    buckets: &[String],
    bucket: &str,
    default: &str,
) -> Vec<SelectedFile<'a>> {
    let lies_here =
        |entry: &&SelectedFile<'_>| buckets.len() == 1 || entry.file.bucket.as_deref().unwrap_or(default) == bucket;
    entries.iter().filter(lies_here).cloned().collect()
}

/// The catalog's entries that the inputs choose. A line of `files` may match elsewhere, so none is an error here.
fn entries<'a>(target: &Target, variables: Variables<'_>, loaded: &'a Loaded) -> Result<Vec<SelectedFile<'a>>, Error> {
    let Some(catalog) = &loaded.catalog else { return Ok(Vec::new()) };
    if loaded.prefix.is_empty() {
        let selection = catalog
            .select(&target.files, target.tags.as_ref(), |path| variables.resolve(path))
            .map_err(|error| loaded.error(error))?;
        return Ok(selection.files);
    }
    // `files` is relative to the first catalog's folder, this catalog's paths to its own.
    let all = catalog
        .select(&FileSelector::default(), target.tags.as_ref(), |path| variables.resolve(path))
        .map_err(|error| loaded.error(error))?;
    let shown: Vec<_> =
        all.files.into_iter().map(|entry| (format!("{}/{}", loaded.prefix, entry.path), entry)).collect();
    Ok(target.files.select(shown, |(shown, _)| shown).files.into_iter().map(|(_, entry)| entry).collect())
}

/// A catalog's files by their paths. Of several that resolve to one path it is the one that is chosen.
fn in_catalog<'a>(
    variables: Variables<'_>,
    loaded: &'a Loaded,
    chosen: &[SelectedFile<'a>],
) -> HashMap<ConfigPath, &'a CatalogFile> {
    let files = loaded.catalog.iter().flat_map(|catalog| &catalog.files).filter(|file| !file.is_ref);
    let by_path = |file: &'a CatalogFile| Some((variables.resolve(&file.path).ok()?, file));
    files.filter_map(by_path).chain(chosen.iter().map(|entry| (entry.path.clone(), entry.file))).collect()
}

/// The files of several catalogs in the order of the lines of `files`; within one catalog they have it already.
fn in_order_of(selector: &FileSelector, files: &mut Vec<CollectedFile>) {
    if !selector.is_empty() {
        let selected = selector.select(std::mem::take(files), |file| file.path.as_str());
        *files = selected.files;
    }
}
