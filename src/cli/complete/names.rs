//! The names of what is in the bucket, as far as they are known in time, and without asking anybody for anything.

use std::cell::RefCell;
use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use clap::{ArgMatches, Command as Grammar};
use clap_complete::engine::{CompletionCandidate, PathCompleter, ValueCompleter as _};
use tokio::runtime::Builder;

use super::cache::{Cache, Kept};
use crate::cancellation::Cancellation;
use crate::catalog::LARGEST_CATALOG;
use crate::cli::invocation::Invocation;
use crate::cli::pager::Pager;
use crate::cli::place::Place;
use crate::cli::profile::take_profile;
use crate::cli::reference::resolve_reference;
use crate::cli::session::Session;
use crate::cli::terminal::Terminal;
use crate::command::{Found, VersionPages, list};
use crate::environment::Environment;
use crate::name::{VersionName, is_deceptive};
use crate::observer::Silent;
use crate::option::{
    ALLOW_HTTP, ALLOWED_ACCOUNT_IDS, AWS_REGION, BUCKET, CATALOG, CONTEXT, Command, ENDPOINT_URL,
    EXPECTED_BUCKET_OWNER, LIST, ListKind, OptionSpec, PROFILE, ROLE_CHAINING, ROLE_DURATION_SECONDS, ROLE_EXTERNAL_ID,
    ROLE_SESSION_NAME, ROLE_TO_ASSUME, RawOptions, TIMEOUT_SECONDS, TRUST, VARIABLES, VERSION,
};
use crate::regular_file;
use crate::request::ListRequest;

/// What a shell could take for more than a part of a name.
const SPECIAL: &str = "`$\"'\\;|&<>(){}!*?#~";

/// The options that say where to look, and for how long at most.
static WHERE: [&OptionSpec; 17] = [
    &CONTEXT,
    &BUCKET,
    &CATALOG,
    &VERSION,
    &VARIABLES,
    &AWS_REGION,
    &ROLE_TO_ASSUME,
    &ROLE_SESSION_NAME,
    &ROLE_DURATION_SECONDS,
    &ROLE_CHAINING,
    &ROLE_EXTERNAL_ID,
    &ALLOWED_ACCOUNT_IDS,
    &EXPECTED_BUCKET_OWNER,
    &ENDPOINT_URL,
    &ALLOW_HTTP,
    &PROFILE,
    &TIMEOUT_SECONDS,
];

/// What an argument names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    /// `[CONTEXT@]VERSION` or `[CONTEXT]:CHANNEL`.
    Reference,
    /// The same without `head`.
    VersionOrLatest,
    /// The same with an exact version alone.
    Version,
    /// A file, by its path from where one stands.
    File,
    /// A tag, in an expression.
    Tag,
    /// A context.
    Context,
    /// A channel, with or without its colon.
    Channel,
    /// A context, or `[CONTEXT]:CHANNEL`.
    Destination,
    /// A config key, which is not known here, or `:CHANNEL`.
    KeyOrChannel,
}

/// A command line, up to the word that is being typed.
pub(super) struct Names {
    /// As far as it can be understood.
    matches: Option<ArgMatches>,
    environment: Environment,
    /// How long requests and credentials are waited for.
    patience: Duration,
}

impl Names {
    /// `grammar`: as it is for a whole command line; `patience`: how long requests and credentials are waited for.
    pub(super) fn new(
        grammar: &mut Grammar,
        before: Vec<OsString>,
        environment: Environment,
        patience: Duration,
    ) -> Self {
        Self { matches: grammar.try_get_matches_from_mut(before).ok(), environment, patience }
    }

    /// What the word that is being typed may become.
    pub(super) fn complete(&self, named: Named, typed: &OsStr) -> Vec<CompletionCandidate> {
        let Some(text) = typed.to_str().filter(|text| !text.starts_with('-')) else { return Vec::new() };
        let names = match named {
            Named::Reference => self.references(text, &["head", "latest"]),
            Named::VersionOrLatest => self.references(text, &["latest"]),
            Named::Version => self.references(text, &[]),
            Named::File => return self.files(text),
            Named::Tag => self.tags(text),
            Named::Context => self.list(ListKind::Contexts, None),
            Named::Destination if !text.contains(':') => self.list(ListKind::Contexts, None),
            Named::Channel if !text.contains(':') => self.list(ListKind::Channels, None),
            Named::KeyOrChannel if !text.contains(':') => None,
            Named::Destination | Named::Channel | Named::KeyOrChannel => self.references(text, &[]),
        };
        candidates(names.unwrap_or_default(), text)
    }

    /// What a word of a command line may become that is to be run: its first is a program or a file, the others are
    /// files.
    pub(super) fn complete_program(&self, typed: &OsStr) -> Vec<CompletionCandidate> {
        let files = || local(&PathCompleter::any(), typed);
        let command = self.matches.as_ref().and_then(ArgMatches::subcommand);
        let has_program = command.is_some_and(|(_, matches)| matches.get_raw("COMMAND").is_some());
        match typed.to_str() {
            Some(text) if !has_program && !text.is_empty() && !text.contains('/') => {
                candidates(self.programs(text), text).into_iter().chain(files()).collect()
            }
            _ => files(),
        }
    }

    /// The programs in the PATH whose names begin so.
    fn programs(&self, typed: &str) -> Vec<String> {
        let path = self.environment.text("PATH").unwrap_or_default().to_owned();
        let entries = std::env::split_paths(&path).filter_map(|folder| folder.read_dir().ok()).flatten().flatten();
        let mut names: Vec<_> = entries
            .filter_map(|entry| {
                entry.file_name().into_string().ok().filter(|name| name.starts_with(typed)).zip(Some(entry))
            })
            .filter(|(_, entry)| is_program(&entry.path()))
            .map(|(name, _)| name)
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// `words`: those that stand for no version of a name.
    fn references(&self, typed: &str, words: &[&str]) -> Option<Vec<String>> {
        if let Some((context, _)) = typed.rsplit_once('@') {
            let versions = self.versions(Some(context), words)?.into_iter();
            return Some(versions.map(|version| format!("{context}@{version}")).collect());
        }
        if let Some((context, _)) = typed.rsplit_once(':').filter(|(context, _)| *context != "s3") {
            let other = Some(context).filter(|context| !context.is_empty());
            let channels = self.list(ListKind::Channels, other)?.into_iter();
            return Some(channels.map(|channel| format!("{context}:{channel}")).collect());
        }
        let versions = self.versions(None, words)?;
        if typed.is_empty() || versions.iter().any(|version| version.starts_with(typed)) {
            return Some(versions);
        }
        let contexts = self.list(ListKind::Contexts, None)?.into_iter();
        Some(contexts.map(|context| format!("{context}@")).collect())
    }

    fn versions(&self, context: Option<&str>, words: &[&str]) -> Option<Vec<String>> {
        let published = self.list(ListKind::Versions, context)?;
        Some(words.iter().map(|word| (*word).to_owned()).chain(published).collect())
    }

    fn tags(&self, typed: &str) -> Option<Vec<String>> {
        let start = typed.rfind(['&', '|', '(', '!', ' ']).map_or(0, |at| at + 1);
        let tags = self.list(ListKind::Tags, None)?.into_iter();
        Some(tags.map(|tag| format!("{}{tag}", &typed[..start])).collect())
    }

    fn files(&self, text: &str) -> Vec<CompletionCandidate> {
        let plain = text.strip_prefix("./").unwrap_or(text);
        let dot = &text[..text.len() - plain.len()];
        let typed = self.matches.as_ref().and_then(ArgMatches::subcommand_name);
        let is_push = typed == Some(Command::Push.name());
        let stored = if is_push { None } else { self.list(ListKind::Files, None) };
        let names = stored.unwrap_or_default().into_iter().map(|path| format!("{dot}{path}")).collect();
        let found = candidates(names, text);
        if !found.is_empty() {
            return found;
        }
        // What is pushed lies here. Hidden files are what it is about, and `dev/.` would be taken for `dev`.
        let folder = &text[..text.rfind('/').map_or(0, |at| at + 1)];
        let here = PathCompleter::file().complete(OsStr::new(folder)).into_iter();
        here.filter(|path| is_offered(path, text)).map(|path| path.hide(false)).collect()
    }

    /// The names of one kind; none where they cannot be had, or not in time.
    fn list(&self, kind: ListKind, context: Option<&str>) -> Option<Vec<String>> {
        let mut invocation = Invocation::new(self.matches.clone()?, &self.environment, &[]).ok()??;
        let mut environment = self.environment.clone();
        take_profile(&mut invocation.raw, &mut environment);
        resolve_reference(&mut invocation.raw).ok()?;
        if let Some(context) = context {
            invocation.raw.set(&CONTEXT, context);
        }
        if invocation.raw.variable(&TRUST).is_none() {
            // A flag of a command that has not been sent off yet is nobody's word.
            invocation.raw.set(&TRUST, "false");
        }
        let place = Place::find(invocation.command, &mut invocation.raw, &environment).ok()?;
        place.require_catalog(&invocation).ok()?;
        let runtime = Builder::new_current_thread().enable_all().build().ok()?;
        let (_never, cancellation) = Cancellation::new();
        let terminal = Terminal::default();
        let pager = Rc::new(Pager::new(&environment));
        let session = Session::new(invocation, environment, terminal, place, cancellation, pager);
        let found = RefCell::new(None);
        // What has been found by then is the answer.
        let _ = runtime
            .block_on(async { tokio::time::timeout(self.patience, Box::pin(find(session, kind, &found))).await });
        runtime.shutdown_background();
        found.into_inner()
    }
}

/// Finds the names of one kind, as a person who stands here writes them; of many, more and more.
async fn find(mut session: Session, kind: ListKind, found: &RefCell<Option<Vec<String>>>) -> Option<()> {
    session.require_trust().await.ok()?;
    let typed = session.raw();
    let mut raw = RawOptions::default();
    for option in WHERE {
        if let Some(text) = typed.text(option) {
            raw.set(option, text);
        }
    }
    raw.set(&LIST, kind.word());
    let cache = Cache::new(&session.environment, &asked(&session, &raw));
    let find = |names: &[String]| {
        let shown = |name: &String| if kind == ListKind::Files { session.shown(name) } else { name.clone() };
        *found.borrow_mut() = Some(names.iter().map(shown).collect());
    };
    let kept = cache.kept().unwrap_or_default();
    if kept.are_fresh || !kept.names.is_empty() || !kept.read.is_empty() {
        find(&all(&kept));
    }
    if kept.are_fresh {
        return Some(());
    }
    if kind == ListKind::Versions {
        return list_versions(&session, &raw, kept, &cache, find).await;
    }
    let names = listed(&session, &raw).await?;
    find(&names);
    cache.keep(&Kept::new(names));
    Some(())
}

/// The names of the last listing, and those that a later one has found so far.
fn all(kept: &Kept) -> Vec<String> {
    if kept.read.is_empty() { kept.names.clone() } else { newest_first(kept.names.iter().chain(&kept.read)) }
}

/// Versions, the newest first and each once.
fn newest_first<'a>(names: impl Iterator<Item = &'a String>) -> Vec<String> {
    let names: Vec<_> = names.filter_map(|name| VersionName::new(name).ok()).collect();
    let mut newest = VersionName::newest_first(&names);
    newest.dedup();
    newest.iter().map(ToString::to_string).collect()
}

/// Lists versions from where an earlier completion ended, and keeps each page: a later one goes on from there.
async fn list_versions(
    session: &Session,
    raw: &RawOptions,
    mut kept: Kept,
    cache: &Cache,
    find: impl Fn(&[String]),
) -> Option<()> {
    let info = session.info().ok()?;
    let request = ListRequest::new(raw, &info).ok()?;
    let workspace = session.workspace().ok()?;
    let pages = VersionPages::open(&request, &info, &workspace, Arc::new(Silent)).await.ok()?;
    loop {
        let begin = kept.next.take();
        let page = match pages.read(begin.as_deref()).await {
            Ok(page) => page,
            // A server may have forgotten where a listing was to go on.
            Err(_) if begin.is_some() => {
                kept.read.clear();
                continue;
            }
            Err(_) => return None,
        };
        kept.read.extend(page.names.iter().map(ToString::to_string));
        kept.next = page.next.filter(|next| begin.as_ref() != Some(next));
        if kept.next.is_none() {
            let read = std::mem::take(&mut kept.read);
            let in_catalog = || pages.in_catalog().iter().map(ToString::to_string).collect();
            kept.names = if read.is_empty() { in_catalog() } else { newest_first(read.iter()) };
        }
        find(&all(&kept));
        cache.keep(&kept);
        if kept.next.is_none() {
            return Some(());
        }
    }
}

async fn listed(session: &Session, raw: &RawOptions) -> Option<Vec<String>> {
    let info = session.info().ok()?;
    let request = ListRequest::new(raw, &info).ok()?;
    let workspace = session.workspace().ok()?;
    let listed = list(&request, &info, &workspace, Arc::new(Silent), &session.cancellation).await.ok()?;
    let mut names: Vec<_> = match listed.found {
        Found::Contexts(contexts) => contexts.iter().map(|context| context.name.to_string()).collect(),
        Found::Files(files) if request.kind == ListKind::Tags => files.into_iter().flat_map(|file| file.tags).collect(),
        Found::Files(files) => files.iter().map(|file| file.path.to_string()).collect(),
        Found::Channels(channels) => channels.iter().map(|channel| channel.name.to_string()).collect(),
        // They are listed page by page.
        Found::Versions(_) => return None,
    };
    names.sort_unstable();
    names.dedup();
    Some(names)
}

/// All that decides what the names are: what is asked for, the catalog, and whom variables have asked.
fn asked(session: &Session, raw: &RawOptions) -> Vec<u8> {
    let options = WHERE.into_iter().chain([&LIST]);
    let texts = options.map(|option| raw.text(option).unwrap_or_default().to_owned());
    let variables = ["AWS_PROFILE", "AWS_REGION", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"];
    let variables = variables.map(|name| session.environment.text(name).unwrap_or_default());
    let mut asked = texts.chain(variables).collect::<Vec<_>>().join("\0").into_bytes();
    let catalog = session.place.catalog_path();
    asked.extend_from_slice(catalog.as_os_str().as_encoded_bytes());
    asked.push(0);
    // What cannot be read says nothing.
    asked.extend(regular_file::read(&catalog, LARGEST_CATALOG).unwrap_or_default());
    asked
}

/// Whether a file can be run.
fn is_program(path: &Path) -> bool {
    let Ok(about) = path.metadata() else { return false };
    #[cfg(unix)]
    let may_run = std::os::unix::fs::PermissionsExt::mode(&about.permissions()) & 0o111 != 0;
    #[cfg(not(unix))]
    let may_run = true;
    about.is_file() && may_run
}

/// The files or folders here that what is typed may become. Whoever can change a repository chooses their names.
pub(super) fn local(paths: &PathCompleter, typed: &OsStr) -> Vec<CompletionCandidate> {
    let Some(text) = typed.to_str() else { return Vec::new() };
    paths.complete(typed).into_iter().filter(|path| is_offered(path, text)).collect()
}

/// The names that begin with what is typed, in their order.
fn candidates(names: Vec<String>, typed: &str) -> Vec<CompletionCandidate> {
    let candidates = names.into_iter().map(CompletionCandidate::new).filter(|name| is_offered(name, typed));
    candidates.enumerate().map(|(at, candidate)| candidate.display_order(Some(at))).collect()
}

/// Whether a name begins with what is typed, and no shell or terminal could misread the rest: bash and PowerShell put
/// it into the command line as it is.
fn is_offered(name: &CompletionCandidate, typed: &str) -> bool {
    let rest = name.get_value().to_str().and_then(|name| name.strip_prefix(typed));
    rest.is_some_and(|rest| !rest.chars().any(|c| is_deceptive(c) || SPECIAL.contains(c)))
}
