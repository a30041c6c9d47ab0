//! Reads a catalog from a YAML document.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::HashMap;

use super::error::{CatalogError, CatalogErrorKind};
use super::model::{BUCKET, Catalog, CatalogFile, CatalogVersion, KMS_KEY};
use super::oddity::{CatalogOddity, oddities, pairs};
use super::token::PathTemplate;
use crate::excerpt::excerpt;
use crate::merge_marks::first_merge_mark;
use crate::name::{ChannelName, Context, NameError, is_deceptive};
use crate::nearest::nearest;
use crate::yaml::{Document, Limits, NodeId, NodeKind};

/// The largest catalog, in bytes: 1 MiB is enough for thousands of files.
pub(crate) const LARGEST_CATALOG: u64 = 1024 * 1024;
/// A well-formed catalog has five levels. The size bounds the values, so they need no limit of their own.
const LIMITS: Limits = Limits { deepest: 32, most_values: LARGEST_CATALOG as usize };

/// The most keys and items that are looked at: ten times what a catalog of 1 MiB needs without aliases and merge keys,
/// which alone can exceed it.
const MOST_LOOKS: usize = 10_000_000;
/// The most memory for the catalog's texts, in bytes. A text counts once for each alias of it. Without aliases, a
/// catalog of 1 MiB needs a third of this.
const MOST_KEPT: usize = 32 << 20;
/// How many levels of merge keys (`<<: *base`) are followed.
const DEEPEST_MERGE: usize = 8;

/// What a flag must be.
const TRUE_OR_FALSE: &str = "true or false";

impl Catalog {
    /// Reads a catalog of at most 1 MiB.
    ///
    /// Unknown fields do not count, a null counts as absent, and an empty text is an empty catalog. Scalars are texts as
    /// written: the version `1.0` is not a number. Anchors, aliases and merge keys are supported. Paths are
    /// [resolved later](PathTemplate::resolve).
    ///
    /// # Errors
    /// A [`CatalogError`] with the line, for text that is not YAML or whose fields have other types than a catalog's.
    pub fn read(bytes: &[u8]) -> Result<Self, CatalogError> {
        Self::read_counting(bytes).map(|(catalog, ..)| catalog)
    }

    /// The same with the bytes of all of its texts together, those of aliases counted each time, and with what is odd.
    pub(crate) fn read_counting(bytes: &[u8]) -> Result<(Self, usize, Vec<CatalogOddity>), CatalogError> {
        let document = document(text_of(bytes)?)?;
        let reader = Reader::new(&document);
        let catalog = reader.catalog()?;
        let (entries, context) = match document.root() {
            Some(root) => (reader.entries(root)?, reader.field(root, "context", "a catalog")?),
            None => (Vec::new(), None),
        };
        Ok((catalog, reader.kept.get(), oddities(&document, &entries, context)))
    }
}

/// A catalog's bytes as text, if they are UTF-8 and not too large.
pub(super) fn text_of(bytes: &[u8]) -> Result<&str, CatalogError> {
    if bytes.len() as u64 > LARGEST_CATALOG {
        return Err(CatalogErrorKind::TooLarge.at(1));
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let lines = bytes[..error.valid_up_to()].iter().filter(|&&byte| byte == b'\n').count();
        CatalogErrorKind::NotUtf8.at(lines + 1)
    })
}

/// Parses a catalog's text as YAML.
pub(super) fn document(text: &str) -> Result<Document<'_>, CatalogError> {
    // Within a text of several lines they are text.
    Document::parse(text, &LIMITS).map_err(|error| match first_merge_mark(text) {
        Some(line) => CatalogErrorKind::MergeMarks.at(line),
        None => error.into(),
    })
}

/// Reads a document as a catalog.
pub(super) struct Reader<'d, 't> {
    document: &'d Document<'t>,
    looks: Cell<usize>,
    kept: Cell<usize>,
}

impl<'d, 't> Reader<'d, 't> {
    pub(super) const fn new(document: &'d Document<'t>) -> Self {
        Self { document, looks: Cell::new(0), kept: Cell::new(0) }
    }

    pub(super) fn catalog(&self) -> Result<Catalog, CatalogError> {
        let mut catalog = Catalog::default();
        let Some(root) = self.document.root() else { return Ok(catalog) };
        catalog.version = self.version(root)?;
        if let Some((text, line)) = self.filled(root, "context")? {
            let refuse = |error: NameError| CatalogErrorKind::Context { rule: error.rule }.at(line);
            catalog.context = Some(Context::from_catalog(&text).map_err(refuse)?);
            plain("the context", Some(text.into_owned()), line)?;
        }
        if let Some((text, line)) = self.filled(root, "channel")? {
            plain("the channel", Some(text.to_string()), line)?;
            let refuse = |error: NameError| CatalogErrorKind::Channel { rule: error.rule }.at(line);
            catalog.channel = Some(ChannelName::new(&text).map_err(refuse)?);
        }
        let mut data = self.data(root, "a catalog")?;
        let line = self.document.node(root).line;
        catalog.bucket = plain("the bucket", take(&mut data, BUCKET), line)?;
        catalog.kms_key = plain("the KMS key", take(&mut data, KMS_KEY), line)?;
        let mut lines: HashMap<String, usize> = HashMap::new();
        catalog.lists_versions = catalog.version == Some(CatalogVersion::V2);
        for entry in self.entries(root)? {
            let file = self.file(entry)?;
            for name in ["versions", "vaults"] {
                catalog.lists_versions |= self.find(entry, name, 0)?.is_some();
            }
            if let Some(first) = lines.insert(file.path.as_str().to_owned(), file.path.line()) {
                let path = excerpt(file.path.as_str());
                return Err(CatalogErrorKind::PathTwice { path, first }.at(file.path.line()));
            }
            catalog.files.push(file);
        }
        Ok(catalog)
    }

    fn version(&self, root: NodeId) -> Result<Option<CatalogVersion>, CatalogError> {
        let Some((text, line)) = self.filled(root, "version")? else { return Ok(None) };
        // Without the "v", too: the Go cStore looks for the text within its own versions
        // (https://github.com/turnerlabs/cstore/blob/master/components/catalog/get.go).
        match text.as_ref() {
            "v2" | "2" => Ok(Some(CatalogVersion::V2)),
            "v3" | "3" => Ok(Some(CatalogVersion::V3)),
            "v4" | "4" => Ok(Some(CatalogVersion::V4)),
            other => Err(CatalogErrorKind::UnknownVersion { version: version_of_catalog(other) }.at(line)),
        }
    }

    /// The nodes of the entries of `files`, list or map.
    fn entries(&self, root: NodeId) -> Result<Vec<NodeId>, CatalogError> {
        let Some(files) = self.field(root, "files", "a catalog")? else { return Ok(Vec::new()) };
        match &self.document.node(self.document.target(files)).kind {
            NodeKind::Sequence { items, .. } => Ok(items.clone()),
            NodeKind::Mapping { pairs, .. } => Ok(pairs.iter().map(|&(_, entry)| entry).collect()),
            _ => Err(self.shape(files, "files", "a list or a map")),
        }
    }

    fn file(&self, entry: NodeId) -> Result<CatalogFile, CatalogError> {
        let line = self.document.node(entry).line;
        let no_path = || {
            let names = pairs(self.document, entry).iter().filter_map(|&(name, _)| self.document.scalar(name));
            CatalogErrorKind::NoPath { meant: nearest("path", names).map(excerpt) }.at(line)
        };
        let path = self.filled(entry, "path")?.ok_or_else(no_path)?;
        let template = |(text, line): (Cow<'d, str>, usize)| PathTemplate::new(text.into_owned(), line);
        let mut data = self.data(entry, "an entry of files")?;
        Ok(CatalogFile {
            path: template(path),
            alternate_path: self.filled(entry, "alternatePath")?.map(template),
            store: self.filled(entry, "store")?.map(|(text, _)| text.into_owned()),
            is_ref: self.flag(entry, "isRef")?,
            delete_after_push: self.flag(entry, "deleteAfterPush")?,
            file_type: self.filled(entry, "type")?.map(|(text, _)| text.into_owned()),
            bucket: plain("the bucket", take(&mut data, BUCKET), line)?,
            kms_key: plain("the KMS key", take(&mut data, KMS_KEY), line)?,
            data,
            tags: self.list(entry, "tags")?,
            versions: self.list(entry, "versions")?,
            line,
        })
    }

    fn data(&self, of: NodeId, what: &'static str) -> Result<Vec<(String, String)>, CatalogError> {
        let Some(data) = self.field(of, "data", what)? else { return Ok(Vec::new()) };
        let NodeKind::Mapping { pairs, .. } = &self.document.node(self.document.target(data)).kind else {
            return Err(self.shape(data, "data", "a map"));
        };
        self.look(pairs.len(), data)?;
        let text = |id| {
            self.text(id, "each key and value of data", "a string").map(|text| text.unwrap_or_default().into_owned())
        };
        pairs.iter().map(|&(key, value)| Ok((text(key)?, text(value)?))).collect()
    }

    fn list(&self, entry: NodeId, name: &'static str) -> Result<Vec<String>, CatalogError> {
        let Some(list) = self.field(entry, name, "an entry of files")? else { return Ok(Vec::new()) };
        let NodeKind::Sequence { items, .. } = &self.document.node(self.document.target(list)).kind else {
            return Err(self.shape(list, name, "a list"));
        };
        self.look(items.len(), list)?;
        let each = if name == "tags" { "each item of tags" } else { "each item of versions" };
        items.iter().map(|&item| Ok(self.text(item, each, "a string")?.unwrap_or_default().into_owned())).collect()
    }

    fn flag(&self, entry: NodeId, name: &'static str) -> Result<bool, CatalogError> {
        let Some(value) = self.field(entry, name, "an entry of files")? else { return Ok(false) };
        // The Go cStore reads YAML 1.1 (https://yaml.org/type/bool.html).
        match self.text(value, name, TRUE_OR_FALSE)?.as_deref() {
            None | Some("false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" | "n" | "N") => {
                Ok(false)
            }
            Some("true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" | "y" | "Y") => Ok(true),
            Some(_) => Err(self.shape(value, name, TRUE_OR_FALSE)),
        }
    }

    /// A field's text and line; none when the field is absent, null or empty.
    fn filled(&self, map: NodeId, name: &'static str) -> Result<Option<(Cow<'d, str>, usize)>, CatalogError> {
        let of = if matches!(name, "version" | "context" | "channel") { "a catalog" } else { "an entry of files" };
        let Some(value) = self.field(map, name, of)? else { return Ok(None) };
        let line = self.document.node(value).line;
        Ok(self.text(value, name, "a string")?.filter(|text| !text.is_empty()).map(|text| (text, line)))
    }

    /// A scalar's text, none for null.
    fn text(
        &self,
        id: NodeId,
        field: &'static str,
        expected: &'static str,
    ) -> Result<Option<Cow<'d, str>>, CatalogError> {
        let target = self.document.target(id);
        if self.document.is_null(target) {
            return Ok(None);
        }
        match self.document.scalar(target) {
            Some(text) if !self.document.node(target).has_foreign_tag() => {
                self.keep(text, id)?;
                Ok(Some(Cow::Borrowed(text)))
            }
            _ => Err(self.shape(id, field, expected)),
        }
    }

    /// The value of a mapping's key, its own or merged into it; none when it is absent or null.
    fn field(&self, map: NodeId, name: &str, what: &'static str) -> Result<Option<NodeId>, CatalogError> {
        if !matches!(self.document.node(self.document.target(map)).kind, NodeKind::Mapping { .. }) {
            return Err(self.shape(map, what, "a map"));
        }
        Ok(self.find(map, name, 0)?.filter(|&value| !self.document.is_null(self.document.target(value))))
    }

    fn find(&self, map: NodeId, name: &str, depth: usize) -> Result<Option<NodeId>, CatalogError> {
        let NodeKind::Mapping { pairs, .. } = &self.document.node(self.document.target(map)).kind else {
            return Ok(None);
        };
        self.look(pairs.len(), map)?;
        if depth > DEEPEST_MERGE {
            return Err(self.too_much(map));
        }
        let value_of =
            |wanted| pairs.iter().find(|(key, _)| self.document.scalar(*key) == Some(wanted)).map(|&(_, value)| value);
        if let Some(value) = value_of(name) {
            return Ok(Some(value));
        }
        // https://yaml.org/type/merge.html: a mapping, or a list of which the earlier go first.
        let Some(merged) = value_of("<<") else { return Ok(None) };
        match &self.document.node(self.document.target(merged)).kind {
            NodeKind::Sequence { items, .. } => {
                for &item in items {
                    if let Some(value) = self.find(item, name, depth + 1)? {
                        return Ok(Some(value));
                    }
                }
                Ok(None)
            }
            _ => self.find(merged, name, depth + 1),
        }
    }

    fn look(&self, count: usize, at: NodeId) -> Result<(), CatalogError> {
        self.looks.set(self.looks.get().saturating_add(count + 1));
        if self.looks.get() > MOST_LOOKS { Err(self.too_much(at)) } else { Ok(()) }
    }

    fn keep(&self, text: &str, at: NodeId) -> Result<(), CatalogError> {
        self.kept.set(self.kept.get().saturating_add(size_of::<String>() + text.len()));
        if self.kept.get() > MOST_KEPT { Err(self.too_much(at)) } else { Ok(()) }
    }

    fn too_much(&self, at: NodeId) -> CatalogError {
        CatalogErrorKind::TooMuch.at(self.document.node(at).line)
    }

    fn shape(&self, at: NodeId, field: &'static str, expected: &'static str) -> CatalogError {
        let target = self.document.target(at);
        let node = self.document.node(target);
        let found = match node.kind {
            NodeKind::Scalar { .. } if self.document.is_null(target) => "an empty value",
            NodeKind::Scalar { .. } if node.has_foreign_tag() => "a tagged string",
            // What is expected of a text is one of some words.
            NodeKind::Scalar { .. } if expected == TRUE_OR_FALSE => "other text",
            NodeKind::Scalar { .. } => "a string",
            NodeKind::Sequence { .. } => "a list",
            NodeKind::Mapping { .. } => "a map",
            NodeKind::Alias(_) => "an alias",
        };
        CatalogErrorKind::Shape { field, expected, found }.at(self.document.node(at).line)
    }
}

/// What a message shows of a catalog's version. In another kind of file, it may be anything.
fn version_of_catalog(text: &str) -> String {
    let is_number = text.len() <= 8 && text.trim_start_matches('v').bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if is_number { text.to_owned() } else { "…".to_owned() }
}

/// A name that says where something goes. It is taken as it is written: a variable in it would become a part of it.
fn plain(field: &'static str, text: Option<String>, line: usize) -> Result<Option<String>, CatalogError> {
    match &text {
        Some(text) if text.contains("${") => Err(CatalogErrorKind::VariableElsewhere { field }.at(line)),
        Some(text) if text.chars().any(is_deceptive) => Err(CatalogErrorKind::Hidden { field }.at(line)),
        _ => Ok(text),
    }
}

/// Takes a value out of `data`; none when it is empty.
fn take(data: &mut Vec<(String, String)>, name: &str) -> Option<String> {
    let at = data.iter().position(|(key, _)| key == name)?;
    Some(data.remove(at).1).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests;
