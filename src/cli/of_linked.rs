//! What a command did not find in the catalog's own context, and a linked catalog has. `list`, `get` and a pull show it
//! here, so whoever names it means that one.

use super::failure::Failure;
use super::session::Session;
use super::unamended::Unamended;
use crate::catalog::{FileSelector, Glob};
use crate::command::{self, Found, FoundFile, linked_contexts};
use crate::error::Error;
use crate::excerpt::listed_key;
use crate::message::list;
use crate::name::{ConfigPath, Context, is_below};
use crate::option::{CATALOG, CHANNEL, CONTEXT, Command, FILES, KEY, LIST, ListKind, OPTIONS, TAGS, VALUE_OF, VERSION};
use crate::request::ListRequest;
use crate::store::{self, Missing};

/// A key that a file of a linked catalog has.
pub(super) struct KeyOfLinked<'k> {
    key: &'k str,
    /// The file, relative to the catalog that links.
    file: ConfigPath,
    catalog: ConfigPath,
    context: Context,
}

impl Session {
    /// A failure of a command that looks into the catalog's own context alone, as it is to be told where a linked catalog
    /// has what was not found.
    pub(super) async fn told_of_linked(&self, failure: Failure) -> Failure {
        match self.in_linked(&failure).await {
            Some((what, next)) => Failure::OfLinked { cause: Box::new(failure), what, next },
            None => failure,
        }
    }

    /// What was not found and is elsewhere, and what comes next; none where no linked catalog has it.
    async fn in_linked(&self, failure: &Failure) -> Option<(String, String)> {
        let command = self.invocation.command;
        if !matches!(command, Command::Set | Command::Unset | Command::Edit | Command::Purge | Command::Log) {
            return None;
        }
        let (Failure::Core(error) | Failure::Unamended(Unamended::Core(error))) = failure else { return None };
        let mut raw = self.raw();
        self.add_files(&mut raw).ok()?;
        let named: Vec<_> = raw.lines(&FILES).map(ToOwned::to_owned).collect();
        let (lines, keys) = match error {
            Error::NoSuchKey(error) => (Vec::new(), vec![error.key.as_str()]),
            Error::NotStored { files, .. } => (files.files.iter().map(|file| file.line.clone()).collect(), Vec::new()),
            error if is_without_head(error) => (named, self.keys()),
            _ => return None,
        };
        if lines.is_empty() {
            let found = self.key_of_linked(&keys).await?;
            let again = self.suggested_for_key(&found);
            return Some((self.is_elsewhere(&found), format!("To do so there, run: {again}")));
        }
        let (catalog, context) = self.linked_with_files(&lines).await?;
        let shown: Vec<_> = lines.iter().map(|line| self.shown(line)).collect();
        let are = if lines.len() == 1 { "is a file" } else { "are files" };
        let linked = self.shown(catalog.as_str());
        let what = format!("{} {are} of {context}, whose catalog {linked} is linked here.", list(&shown));
        let next = if matches!(command, Command::Set | Command::Unset) {
            let by_flag = shown.iter().flat_map(|shown| ["--files", shown.as_str()]);
            let words: Vec<_> = [command.name()].into_iter().chain(by_flag).chain(self.keys()).collect();
            self.suggested_of(Some(catalog.as_str()), &words, [])
        } else {
            self.suggested_of(Some(catalog.as_str()), &[command.name()], lines.iter().map(String::as_str))
        };
        Some((what, format!("To do so there, run: {next}")))
    }

    /// Finds the first of these keys that a linked catalog's file in the head has; none where that cannot be found out.
    pub(super) async fn key_of_linked<'k>(&self, keys: &[&'k str]) -> Option<KeyOfLinked<'k>> {
        for catalog in self.linked_catalogs() {
            let Some((context, files)) = self.listed(&catalog, ListKind::Keys).await? else { continue };
            let having = |key: &str| {
                files.iter().find(|file| matches!(&file.keys, Some(Ok(keys)) if keys.iter().any(|known| known == key)))
            };
            if let Some((key, file)) = keys.iter().find_map(|key| Some((*key, having(key)?))) {
                let file = file.path.below(&folder_of(&catalog)).ok()?;
                return Some(KeyOfLinked { key, file, catalog, context });
            }
        }
        None
    }

    /// Where a key is, as a sentence.
    pub(super) fn is_elsewhere(&self, KeyOfLinked { key, file, catalog, context }: &KeyOfLinked<'_>) -> String {
        format!(
            "{} is in {} of {context}, whose catalog {} is linked here, and in no file of this one.",
            listed_key(key),
            self.shown(file.as_str()),
            self.shown(catalog.as_str())
        )
    }

    /// This command, about a key where it is.
    pub(super) fn suggested_for_key(&self, KeyOfLinked { key, catalog, .. }: &KeyOfLinked<'_>) -> String {
        let command = self.invocation.command;
        let by_flag = match command {
            Command::Purge => Some(&VALUE_OF),
            Command::Log => Some(&KEY).filter(|option| self.invocation.raw.text(option).is_some()),
            _ => None,
        };
        let word = by_flag.map_or_else(|| (*key).to_owned(), |option| format!("--{}={key}", option.flag_name()));
        self.suggested_of(Some(catalog.as_str()), &[command.name(), &word], [])
    }

    /// The linked catalog that has files for all these lines of `files`; none where that cannot be found out.
    async fn linked_with_files(&self, lines: &[String]) -> Option<(ConfigPath, Context)> {
        let selector = FileSelector::new(&lines.join("\n")).ok()?;
        if lines.iter().any(|line| line.starts_with('!')) {
            return None;
        }
        for catalog in self.linked_catalogs() {
            let folder = folder_of(&catalog);
            let may_be_its = |line: &String| folder.is_empty() || is_below(line, &folder) || Glob::is_glob(line);
            if !lines.iter().all(may_be_its) {
                continue;
            }
            let Some((context, files)) = self.listed(&catalog, ListKind::Files).await? else { continue };
            let files = files.iter().filter_map(|file| file.path.below(&folder).ok());
            if selector.select(files, |path| path.as_str()).unmatched.is_empty() {
                return Some((catalog, context));
            }
        }
        None
    }

    /// The catalogs that are linked here, by their paths relative to the catalog's folder; none where a context was named,
    /// with which links are not followed.
    fn linked_catalogs(&self) -> impl Iterator<Item = ConfigPath> {
        let raw = &self.invocation.raw;
        let linked = || {
            let catalog = raw.path(&CATALOG).ok()?.filter(|_| raw.text(&CONTEXT).is_none())?;
            Some(linked_contexts(&catalog, &self.environment, &self.workspace().ok()?))
        };
        linked().into_iter().flatten().map(|(catalog, _)| catalog)
    }

    /// The context of a catalog, and the files of its head, relative to its own folder: an inner none where there are none,
    /// an outer one where it cannot be found out.
    async fn listed(&self, catalog: &ConfigPath, kind: ListKind) -> Option<Option<(Context, Vec<FoundFile>)>> {
        let mut raw = self.raw();
        let of_others = OPTIONS.iter().filter(|option| !option.commands.contains(&Command::List)).copied();
        of_others.chain([&FILES, &TAGS, &VERSION, &CHANNEL]).for_each(|option| raw.clear(option));
        raw.set(&CATALOG, catalog.as_str());
        raw.set(&LIST, kind.word());
        let info = self.info().ok()?;
        let request = ListRequest::new(&raw, &info).ok()?;
        let workspace = self.workspace().ok()?;
        let listed = command::list(&request, &info, &workspace, self.observer(), &self.cancellation).await;
        let listed = match listed {
            Ok(listed) => listed,
            Err(error) if error.is_missing() => return Some(None),
            Err(_) => return None,
        };
        let (Some(location), Found::Files(mut files)) = (listed.location, listed.found) else { return Some(None) };
        // The catalogs that it links to come by themselves.
        files.retain(|file| file.context == location.context);
        Some(Some((location.context, files)))
    }

    /// The keys that were typed.
    fn keys(&self) -> Vec<&str> {
        let typed = self.invocation.arguments("KEY").chain(self.invocation.arguments("KEY[=VALUE]"));
        typed.map(|typed| typed.split_once('=').map_or(typed, |(key, _)| key)).collect()
    }
}

/// Whether nothing was ever pushed to the head, as to that of a catalog which only links to others.
fn is_without_head(error: &Error) -> bool {
    matches!(error.of_store(), Some(store::Error::Missing(missing)) if matches!(**missing, Missing::Head { .. }))
}

fn folder_of(catalog: &ConfigPath) -> String {
    catalog.folders().collect::<Vec<_>>().join("/")
}
