//! The context and bucket of what failed, where those are not the command's own: what a side of a `diff`, the source of
//! a promotion, an entry of a lock file or a linked catalog names.

use super::failure::Failure;
use super::place::Place;
use super::session::Session;
use super::unamended::Unamended;
use crate::command::{Location, linked_contexts};
use crate::error::Error;
use crate::message::PathsFromHere;
use crate::name::{Reference, StoredReference, VersionRequest};
use crate::option::{BUCKET, CATALOG, CHANNEL, CONTEXT, Command, FROM, RawOptions, SAME_KEYS, TO};
use crate::store::{self, Missing};

impl Session {
    /// The options as they would be of a command that is about what failed: a command line that comes next says the
    /// place of that, and not of this command.
    pub(super) fn options_about(&self, failure: &Failure, linked: Option<&LinkedPlace<'_>>) -> RawOptions {
        let mut options = self.invocation.raw.clone();
        let (Failure::Core(error) | Failure::Unamended(Unamended::Core(error))) = failure else { return options };
        if let Some(linked) = linked {
            options.set(&CATALOG, &linked.place.catalog);
        } else if let Some(StoredReference { bucket, context: Some(context), .. }) = self.reference_of(error) {
            options.set(&CONTEXT, context.as_str());
            bucket.iter().for_each(|bucket| options.set(&BUCKET, bucket));
        } else if let Some(context) =
            error.context().filter(|context| self.own_context().as_deref() != Some(context.as_str()))
        {
            options.set(&CONTEXT, context.as_str());
        }
        options
    }

    /// Where the linked catalog is that an error is about. Its files are pushed and pulled by naming that catalog: beside
    /// its context alone, a command would take the files of this one.
    pub(super) fn linked_place(&self, failure: &Failure) -> Option<LinkedPlace<'_>> {
        let Failure::Core(error) = failure else { return None };
        if self.invocation.raw.text(&CONTEXT).is_some() || self.reference_of(error).is_some() {
            return None;
        }
        let path = self.invocation.raw.path(&CATALOG).ok()??;
        let linked = linked_contexts(&path, &self.environment, &self.workspace().ok()?);
        let own = self.own_context();
        let (catalog, _) = linked.into_iter().find(|(_, context)| {
            let named = StoredReference { bucket: None, context: Some(context.clone()), version: VersionRequest::Head };
            own.as_deref() != Some(context.as_str()) && error.is_about(&named)
        })?;
        let are_its = matches!(error.of_store(), Some(store::Error::Missing(missing)) if matches!(**missing, Missing::Head { .. }));
        Some(LinkedPlace { own: &self.place, place: self.place.linked(&catalog), are_its })
    }

    /// The same, of a side of a comparison.
    pub(super) fn options_at(&self, side: &Location) -> RawOptions {
        let mut options = self.invocation.raw.clone();
        if self.own_context().as_deref() != Some(side.context.as_str()) {
            options.set(&CONTEXT, side.context.as_str());
        }
        let is_side = |named: &StoredReference| {
            named.bucket.as_ref() == Some(&side.bucket) && named.context.as_ref() == Some(&side.context)
        };
        if self.references().any(|named| is_side(&named)) {
            options.set(&BUCKET, &side.bucket);
        }
        options
    }

    /// The reference, of those that were typed, whose place an error is about: of contexts that lie in each other the
    /// inner one.
    fn reference_of(&self, error: &Error) -> Option<StoredReference> {
        let length =
            |reference: &StoredReference| reference.context.as_ref().map_or(0, |context| context.as_str().len());
        self.references().filter(|reference| error.is_about(reference)).max_by_key(length)
    }

    /// The references that were typed, but for the files that lie here.
    fn references(&self) -> impl Iterator<Item = StoredReference> {
        let raw = &self.invocation.raw;
        let of_lock = self.invocation.command == Command::Lock;
        let entries = self.invocation.arguments("NAME=REF").filter(move |_| of_lock);
        let entries = entries.filter_map(|entry| entry.split_once('=').map(|(_, reference)| reference));
        let options = [&FROM, &TO, &CHANNEL].into_iter().filter_map(move |option| raw.text(option));
        let typed = options.chain(raw.lines(&SAME_KEYS)).chain(entries);
        typed.filter_map(|text| match Reference::new(text.trim()) {
            Ok(Reference::Stored(stored)) => Some(stored),
            _ => None,
        })
    }

    /// The context that a command line has which names none.
    pub(super) fn own_context(&self) -> Option<String> {
        let of_catalog = || Some(self.place.read_catalog()?.context?.to_string());
        let given = self.invocation.raw.text(&CONTEXT).map(ToOwned::to_owned);
        given.or_else(of_catalog).or_else(|| self.default_context())
    }
}

/// Where a command stands that is about a linked catalog.
pub(super) struct LinkedPlace<'a> {
    own: &'a Place,
    place: Place,
    /// Whether paths are relative to the linked catalog, and not to the one that links to it.
    are_its: bool,
}

impl LinkedPlace<'_> {
    const fn of_paths(&self) -> &Place {
        if self.are_its { &self.place } else { self.own }
    }
}

impl PathsFromHere for LinkedPlace<'_> {
    fn path(&self, path: &str) -> String {
        self.of_paths().path(path)
    }

    fn line(&self, line: &str) -> String {
        self.of_paths().line(line)
    }

    fn lists_files(&self) -> bool {
        self.place.lists_files()
    }

    fn has_several_buckets(&self) -> bool {
        self.place.has_several_buckets()
    }

    fn named_catalog(&self) -> Option<String> {
        self.place.named_catalog()
    }
}
