//! Changes to a catalog that is not empty.

use super::error::EditError;
use super::update::{CatalogUpdate, EntryUpdate};
use super::write::{self, unique};
use crate::catalog::model::{BUCKET, Catalog, CatalogFile, CatalogVersion, KMS_KEY};
use crate::excerpt::excerpt;
use crate::splices::Splices;
use crate::yaml::{Document, NodeId, NodeKind, ScalarStyle, scalar};

/// The order of fields is the Go cStore's: a new one goes below the nearest before it, else below the last.
const CATALOG_ORDER: &[&str] = &["version", "context", "files"];
const ENTRY_ORDER: &[&str] =
    &["path", "alternatePath", "store", "isRef", "deleteAfterPush", "type", "data", "tags", "vaults", "versions"];
const DATA_ORDER: &[&str] = &[BUCKET, KMS_KEY];

/// A block mapping that may be changed.
struct Fields<'d> {
    pairs: &'d [(NodeId, NodeId)],
    order: &'static [&'static str],
    /// The column of its keys.
    indent: usize,
}

/// Finds where each change belongs, and collects the changes.
pub(super) struct Editor<'d, 't> {
    document: &'d Document<'t>,
    splices: Splices<'t>,
}

impl<'d, 't> Editor<'d, 't> {
    pub(super) const fn new(text: &'t str, newline: &'static str, document: &'d Document<'t>) -> Self {
        Self { document, splices: Splices::new(text, newline) }
    }

    /// The text with all changes made; none when two of them overlap.
    pub(super) fn done(self) -> Option<String> {
        self.splices.apply()
    }

    /// Makes all changes. `catalog` is what `root` says.
    pub(super) fn catalog(&mut self, root: NodeId, catalog: &Catalog, update: &CatalogUpdate) -> Result<(), EditError> {
        let context = update.context.as_ref().filter(|_| catalog.context.is_none());
        let is_new = |entry: &&EntryUpdate| catalog.files.iter().all(|file| file.path.as_str() != entry.path);
        let new = update.entries.iter().filter(is_new).map(write::complete).collect::<Result<Vec<_>, _>>()?;

        for entry in &update.entries {
            let Some(index) = catalog.files.iter().position(|file| file.path.as_str() == entry.path) else { continue };
            let file = &catalog.files[index];
            if file.is_ref {
                return Err(EditError::Link { line: file.line, path: excerpt(&entry.path) });
            }
            let entry = missing(file, entry);
            if entry != (EntryUpdate { path: entry.path.clone(), ..EntryUpdate::default() }) {
                self.entry(root, index, file.line, &entry)?;
            }
        }
        let bucket = update.bucket.clone().filter(|new| catalog.bucket.as_ref().is_some_and(|old| old != new));
        if context.is_none() && bucket.is_none() && new.is_empty() {
            return Ok(());
        }
        let fields = self.fields(root, CATALOG_ORDER, "the catalog")?;
        self.data(&fields, &[(BUCKET, &bucket)])?;
        if let Some(context) = context {
            self.set(&fields, "context", context.as_str())?;
        }
        if new.is_empty() { Ok(()) } else { self.add(&fields, catalog, &new) }
    }

    /// Adds entries at the end of `files`.
    fn add(&mut self, fields: &Fields<'d>, catalog: &Catalog, new: &[EntryUpdate]) -> Result<(), EditError> {
        let Some((key, files)) = self.pair(fields.pairs, "files").filter(|&(_, files)| !self.is_void(files)) else {
            // Nothing is in it yet, so the catalog's version says what it is to be.
            let is_map = catalog.version == Some(CatalogVersion::V2);
            let lines = if is_map { keyed(new, fields.indent + 2, 2) } else { items(new, fields.indent) };
            return self.fill(fields, "files", &lines);
        };
        let node = self.document.node(files);
        let form = || EditError::Form { line: self.document.node(key).line, what: "files" };
        if node.is_anchored {
            return Err(form());
        }
        let lines = match &node.kind {
            NodeKind::Sequence { items: old, is_flow: false } => items(new, self.dash_column(old).ok_or_else(form)?),
            NodeKind::Mapping { pairs, is_flow: false } => {
                for entry in new {
                    if let Some((key, _)) = self.pair(pairs, &write::key_of(&entry.path)) {
                        let line = self.document.node(key).line;
                        return Err(EditError::KeyTaken { line, path: excerpt(&entry.path) });
                    }
                }
                let &(key, value) = pairs.last().ok_or_else(form)?;
                let column = |id| self.splices.column(self.document.node(id).span.start);
                let indent = column(key).ok_or_else(form)?;
                let step = column(value).and_then(|inner| inner.checked_sub(indent)).filter(|&step| step > 0);
                keyed(new, indent, step.unwrap_or(2))
            }
            _ => return Err(form()),
        };
        self.splices.lines_below(node.span.end, &lines);
        Ok(())
    }

    /// Makes the changes of one entry, the `index`th of `files`.
    fn entry(&mut self, root: NodeId, index: usize, line: usize, update: &EntryUpdate) -> Result<(), EditError> {
        let form = |what| EditError::Form { line, what };
        let NodeKind::Mapping { pairs, .. } = &self.document.node(root).kind else { return Err(form("the catalog")) };
        let (_, files) = self.pair(pairs, "files").ok_or_else(|| form("files"))?;
        let entry = match &self.document.node(files).kind {
            _ if self.document.node(files).is_anchored => None,
            NodeKind::Sequence { items, .. } => items.get(index).copied(),
            NodeKind::Mapping { pairs, .. } => pairs.get(index).map(|&(_, entry)| entry),
            _ => None,
        };
        let fields = self.fields(entry.ok_or_else(|| form("files"))?, ENTRY_ORDER, "the entry")?;
        if let Some(path) = &update.alternate_path {
            self.set(&fields, "alternatePath", path)?;
        }
        if let Some(deletes) = update.delete_after_push {
            self.set_written(&fields, "deleteAfterPush", if deletes { "true" } else { "false" })?;
        }
        if let Some(file_type) = &update.file_type {
            self.set(&fields, "type", file_type)?;
        }
        self.data(&fields, &[(BUCKET, &update.bucket), (KMS_KEY, &update.kms_key)])?;
        if let Some(tags) = &update.tags {
            self.tags(&fields, tags)?;
        }
        if let Some(version) = &update.version {
            self.append(&fields, "versions", version.as_str())?;
        }
        Ok(())
    }

    fn data(&mut self, fields: &Fields<'d>, values: &[(&'static str, &Option<String>)]) -> Result<(), EditError> {
        let values = values.iter().filter_map(|&(name, value)| Some((name, value.as_deref()?)));
        let Some((_, data)) = self.pair(fields.pairs, "data").filter(|&(_, data)| !self.is_void(data)) else {
            let pad = " ".repeat(fields.indent + 2);
            let lines: Vec<_> = values.map(|(name, value)| format!("{pad}{name}: {}", scalar(value))).collect();
            return if lines.is_empty() { Ok(()) } else { self.fill(fields, "data", &lines) };
        };
        for (name, value) in values {
            let node = self.document.node(data);
            let form = EditError::Form { line: node.line, what: "data" };
            match &node.kind {
                NodeKind::Mapping { is_flow: false, .. } => {
                    let inner = self.fields(data, DATA_ORDER, "data")?;
                    self.set(&inner, name, value)?;
                }
                NodeKind::Mapping { pairs, is_flow: true } if !node.is_anchored => {
                    let Some(&(_, last)) = pairs.last() else { return Err(form) };
                    let last = &self.document.node(last).span;
                    if let Some((key, old)) = self.pair(pairs, name) {
                        self.replace(key, old, name, value)?;
                    } else if last.is_empty() {
                        return Err(form);
                    } else {
                        self.splices.replace(last.end..last.end, format!(", {name}: {}", scalar(value)));
                    }
                }
                _ => return Err(form),
            }
        }
        Ok(())
    }

    /// Makes `tags` this set, in which each is once.
    fn tags(&mut self, fields: &Fields<'d>, wanted: &[String]) -> Result<(), EditError> {
        let Some((key, list)) = self.pair(fields.pairs, "tags").filter(|&(_, list)| !self.is_void(list)) else {
            return self.fill(fields, "tags", &dashed(wanted, fields.indent));
        };
        let node = self.document.node(list);
        let form = || EditError::Form { line: node.line, what: "tags" };
        if node.is_anchored {
            return Err(form());
        }
        let NodeKind::Sequence { items, is_flow } = &node.kind else { return Err(form()) };
        let tag_of = |item: NodeId| self.document.scalar(self.document.target(item)).unwrap_or_default();
        let old: Vec<String> = items.iter().map(|&item| tag_of(item).to_owned()).collect();
        let new: Vec<String> = wanted.iter().filter(|tag| !old.contains(tag)).cloned().collect();
        if *is_flow {
            let written = self.splices.written(&node.span);
            if written.contains('\n') && written.contains('#') {
                return Err(form()); // there may be a comment in it
            }
            let all: Vec<_> = old.iter().filter(|tag| wanted.contains(tag)).chain(&new).collect();
            let all: Vec<_> = all.into_iter().map(|tag| scalar(tag)).collect();
            self.splices.replace(node.span.clone(), format!("[{}]", all.join(", ")));
            return Ok(());
        }
        let column = self.dash_column(items).ok_or_else(form)?;
        for (&item, tag) in items.iter().zip(&old) {
            if !wanted.contains(tag) {
                let span = &self.document.node(item).span;
                let dash = self.splices.dash(span.start).filter(|&dash| self.splices.column(dash) == Some(column));
                let start = self.splices.line_start(dash.ok_or_else(form)?);
                self.splices.replace(start..self.splices.next_line(span.end), "");
            }
        }
        if new.is_empty() && old.iter().all(|tag| !wanted.contains(tag)) {
            let colon = self.splices.behind_colon(self.document.node(key).span.end).ok_or_else(form)?;
            self.splices.replace(colon..colon, " []");
        }
        self.splices.lines_below(node.span.end, &dashed(&new, column));
        Ok(())
    }

    /// Puts a text at the end of a list.
    fn append(&mut self, fields: &Fields<'d>, name: &'static str, text: &str) -> Result<(), EditError> {
        let lines = |column| dashed(&[text.to_owned()], column);
        let Some((_, list)) = self.pair(fields.pairs, name).filter(|&(_, list)| !self.is_void(list)) else {
            return self.fill(fields, name, &lines(fields.indent));
        };
        let node = self.document.node(list);
        let form = || EditError::Form { line: node.line, what: name };
        match &node.kind {
            NodeKind::Sequence { items, is_flow: false } if !node.is_anchored => {
                let column = self.dash_column(items).ok_or_else(form)?;
                self.splices.lines_below(node.span.end, &lines(column));
            }
            NodeKind::Sequence { items, is_flow: true } if !node.is_anchored => {
                let last = items.last().map(|&last| self.document.node(last).span.end).ok_or_else(form)?;
                self.splices.replace(last..last, format!(", {}", scalar(text)));
            }
            _ => return Err(form()),
        }
        Ok(())
    }

    /// Sets a field to a text, one that is absent too.
    fn set(&mut self, fields: &Fields<'d>, name: &'static str, text: &str) -> Result<(), EditError> {
        self.set_written(fields, name, &scalar(text))
    }

    /// As [`set`](Self::set), of what is YAML already.
    fn set_written(&mut self, fields: &Fields<'d>, name: &'static str, written: &str) -> Result<(), EditError> {
        if let Some((key, value)) = self.pair(fields.pairs, name) {
            return self.replace_written(key, value, name, written);
        }
        let line = format!("{}{name}: {written}", " ".repeat(fields.indent));
        self.splices.lines_below(self.end_before(fields, name), &[line]);
        Ok(())
    }

    fn replace(&mut self, key: NodeId, value: NodeId, name: &'static str, text: &str) -> Result<(), EditError> {
        self.replace_written(key, value, name, &scalar(text))
    }

    fn replace_written(
        &mut self,
        key: NodeId,
        value: NodeId,
        name: &'static str,
        written: &str,
    ) -> Result<(), EditError> {
        let form = || EditError::Form { line: self.document.node(key).line, what: name };
        if !is_replaceable(self.document, value) {
            return Err(form());
        }
        let span = self.document.node(value).span.clone();
        if span.is_empty() {
            let colon = self.splices.behind_colon(self.document.node(key).span.end).ok_or_else(form)?;
            self.splices.replace(colon..colon, format!(" {written}"));
        } else {
            self.splices.replace(span, written);
        }
        Ok(())
    }

    /// Puts lines below a key that is absent or has nothing in it.
    fn fill(&mut self, fields: &Fields<'d>, name: &'static str, lines: &[String]) -> Result<(), EditError> {
        let Some((key, value)) = self.pair(fields.pairs, name) else {
            let key = format!("{}{name}:", " ".repeat(fields.indent));
            let lines: Vec<_> = std::iter::once(key).chain(lines.iter().cloned()).collect();
            self.splices.lines_below(self.end_before(fields, name), &lines);
            return Ok(());
        };
        let form = || EditError::Form { line: self.document.node(key).line, what: name };
        let span = self.document.node(value).span.clone();
        let mut end = self.splices.behind_colon(self.document.node(key).span.end).ok_or_else(form)?;
        if !span.is_empty() {
            if !self.splices.written(&(end..span.start)).bytes().all(|byte| byte == b' ') {
                return Err(form());
            }
            self.splices.replace(end..span.end, "");
            end = span.end;
        }
        self.splices.lines_below(end, lines);
        Ok(())
    }

    /// A mapping's fields, if it is one that can be changed line by line.
    fn fields(&self, map: NodeId, order: &'static [&'static str], what: &'static str) -> Result<Fields<'d>, EditError> {
        let document = self.document;
        let node = document.node(map);
        let form = || EditError::Form { line: node.line, what };
        let NodeKind::Mapping { pairs, is_flow: false } = &node.kind else { return Err(form()) };
        if node.is_anchored || self.pair(pairs, "<<").is_some() {
            return Err(form());
        }
        let first = pairs.first().map(|&(key, _)| document.node(key).span.start).ok_or_else(form)?;
        Ok(Fields { pairs, order, indent: self.splices.column(first).ok_or_else(form)? })
    }

    /// Where the field ends that a new one goes below.
    fn end_before(&self, fields: &Fields<'d>, name: &str) -> usize {
        let before = fields.order.iter().rev().skip_while(|&&other| other != name).skip(1);
        let nearest = before.filter_map(|other| self.pair(fields.pairs, other)).next();
        nearest
            .or_else(|| fields.pairs.last().copied())
            .map_or(0, |(key, value)| self.document.node(key).span.end.max(self.document.node(value).span.end))
    }

    fn pair(&self, pairs: &[(NodeId, NodeId)], name: &str) -> Option<(NodeId, NodeId)> {
        pairs.iter().find(|(key, _)| self.document.scalar(*key) == Some(name)).copied()
    }

    /// The column of a block list's dashes.
    fn dash_column(&self, items: &[NodeId]) -> Option<usize> {
        let dash = self.splices.dash(self.document.node(*items.last()?).span.start)?;
        self.splices.column(dash)
    }

    /// Whether there is nothing: null, `[]` or `{}`, without anchor or tag.
    fn is_void(&self, id: NodeId) -> bool {
        let node = self.document.node(id);
        let empty = match &node.kind {
            NodeKind::Sequence { items, .. } => items.is_empty(),
            NodeKind::Mapping { pairs, .. } => pairs.is_empty(),
            _ => self.document.is_null(id),
        };
        empty && !node.is_anchored && !node.has_foreign_tag()
    }
}

/// The part of an update that an entry does not have yet.
fn missing(file: &CatalogFile, update: &EntryUpdate) -> EntryUpdate {
    let unless = |old: Option<&str>, new: &Option<String>| new.clone().filter(|new| old != Some(new.as_str()));
    let same_set = |wanted: &[String]| {
        wanted.iter().all(|tag| file.tags.contains(tag)) && file.tags.iter().all(|tag| wanted.contains(tag))
    };
    EntryUpdate {
        path: update.path.clone(),
        omits_versions: false,
        alternate_path: unless(file.alternate_path.as_ref().map(|path| path.as_str()), &update.alternate_path),
        delete_after_push: update.delete_after_push.filter(|deletes| *deletes != file.delete_after_push),
        file_type: unless(file.file_type.as_deref(), &update.file_type),
        bucket: unless(file.bucket.as_deref(), &update.bucket),
        kms_key: unless(file.kms_key.as_deref(), &update.kms_key),
        tags: update.tags.as_deref().map(unique).filter(|wanted| !same_set(wanted)),
        version: update.version.clone().filter(|version| file.versions.iter().all(|known| known != version.as_str())),
    }
}

fn items(entries: &[EntryUpdate], indent: usize) -> Vec<String> {
    entries.iter().flat_map(|entry| write::item(entry, indent)).collect()
}

/// The lines of new entries of a v2 map.
fn keyed(entries: &[EntryUpdate], indent: usize, step: usize) -> Vec<String> {
    let lines = |entry: &EntryUpdate| {
        let key = format!("{}{}:", " ".repeat(indent), scalar(&write::key_of(&entry.path)));
        std::iter::once(key).chain(write::value(entry, indent + step)).collect::<Vec<_>>()
    };
    entries.iter().flat_map(lines).collect()
}

fn dashed(texts: &[String], indent: usize) -> Vec<String> {
    texts.iter().map(|text| format!("{}- {}", " ".repeat(indent), scalar(text))).collect()
}

/// Whether a scalar can be replaced in place: it has neither anchor nor tag and is not a block scalar.
fn is_replaceable(document: &Document<'_>, id: NodeId) -> bool {
    let node = document.node(id);
    let block = |style| matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
    matches!(node.kind, NodeKind::Scalar { style, .. } if !block(style)) && !node.is_anchored && !node.has_foreign_tag()
}
