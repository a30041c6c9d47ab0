//! YAML documents ([YAML 1.2](https://yaml.org/spec/1.2.2/)).
//!
//! - Plain scalars follow the core schema (<https://yaml.org/spec/1.2.2/#103-core-schema>): `true`, `null`, `~` and
//!   numbers have their types; `yes`, `on` and dates are text. Numbers that JSON could not write the same way
//!   (`0x1f`, `007`, `.5`, `.inf`) are text too, as written.
//! - Aliases work, and so do merge keys (`<<`, from YAML 1.1): the map's own fields come before merged ones, and of
//!   several merged maps the earlier wins.
//! - The tags `!!str`, `!!int`, `!!float`, `!!bool`, `!!null`, `!!map` and `!!seq` are honoured. Of others there is a
//!   warning: what has one of an application (`!Ref`) is read as if it had none, a scalar with another of YAML's
//!   (`!!binary`) is text.
//! - Keys are text as written (`8080:` is the key `8080`). A key twice, and a map or list as a key, are errors; of a
//!   key twice PyYAML takes the last value, and ruamel.yaml and go-yaml refuse it.
//! - A `---` or `...` at the end begins no second document.

use std::collections::HashMap;
use std::rc::Rc;

use super::Value;
use super::error::{ParseError, ParseProblem};
use super::limits::{DEEPEST, MOST_VALUES};
use super::parsed::Warning;
use super::tree::{Content, Count, Field, Fields, Tree, check_depth};
use super::unknown_tags::{Before, UnknownTags};
use crate::yaml::{CoreTag, Document, Limits, Meaning, Node, NodeId, NodeKind, ScalarStyle, Tag, meaning};
use crate::yaml::{YamlError, YamlProblem};

/// The key that merges another map.
pub(super) const MERGE_KEY: &str = "<<";

pub(super) const LIMITS: Limits = Limits { deepest: DEEPEST, most_values: MOST_VALUES };

/// A YAML document.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) tree: Rc<Tree>,
    /// The fields of merged maps that another of their key goes before.
    pub(super) replaced: Vec<Rc<Tree>>,
    /// About unknown tags.
    pub(super) warning: Option<Warning>,
}

/// Reads a YAML document, which must not contain NUL. An empty one is null.
///
/// # Errors
/// Text that is no YAML, what the module refuses, several documents, or one beyond the limits of `limits`.
pub(super) fn read(text: &str) -> Result<Read, ParseError> {
    let document = Document::parse_first(text, &LIMITS)?;
    let Some(root) = document.root() else {
        return Ok(Read { tree: Tree::value(Value::null(), 1), replaced: Vec::new(), warning: None });
    };
    let count = Count::new(document.values());
    let unknown_tags = UnknownTags::default();
    let mut reader =
        Reader { document: &document, count, anchored: HashMap::new(), unknown_tags, replaced: Vec::new() };
    let tree = reader.tree(root, 0)?;
    let Reader { unknown_tags: tags, replaced, .. } = reader;
    Ok(Read { tree, replaced, warning: (!tags.is_empty()).then_some(Warning::UnknownTags(tags)) })
}

/// The documents of a text that has several. A line that begins with `---` or `...` is of no document, whatever it
/// stands in ([YAML 1.2](https://yaml.org/spec/1.2.2/#914-explicit-documents)).
pub(super) fn documents(text: &str) -> Vec<&str> {
    let is_mark = |line: &str| {
        ["---", "..."].iter().any(|mark| {
            line.strip_prefix(mark).is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
        })
    };
    let (mut documents, mut begin, mut at) = (Vec::new(), 0, 0);
    for line in text.split_inclusive(['\r', '\n']) {
        if is_mark(line) {
            documents.push(&text[begin..at]);
            begin = at;
        }
        at += line.len();
    }
    documents.push(&text[begin..]);
    documents
}

impl From<YamlError> for ParseError {
    fn from(error: YamlError) -> Self {
        let problem = match error.problem {
            YamlProblem::Syntax(rule) => ParseProblem::Syntax { format: "YAML", rule },
            YamlProblem::TooDeep => ParseProblem::TooDeep,
            YamlProblem::TooManyValues => ParseProblem::TooManyValues,
            YamlProblem::SecondDocument => ParseProblem::SeveralDocuments,
            YamlProblem::AliasInItself => ParseProblem::AliasOfItself,
            YamlProblem::KeyTwice { key, first_line } => ParseProblem::KeyTwice { key, first_line: Some(first_line) },
        };
        Self { line: Some(error.line), column: Some(error.column), problem }
    }
}

/// Reads a document as a tree of values.
struct Reader<'d, 't> {
    document: &'d Document<'t>,
    count: Count,
    /// What aliases may refer to, as far as it was read.
    anchored: HashMap<NodeId, Rc<Tree>>,
    unknown_tags: UnknownTags,
    replaced: Vec<Rc<Tree>>,
}

impl Reader<'_, '_> {
    /// A node that is no key, inside of so many lists and maps.
    ///
    /// Recursion ends: the document is at most [`DEEPEST`] levels, and an alias is not read again.
    fn tree(&mut self, id: NodeId, depth: usize) -> Result<Rc<Tree>, ParseError> {
        let document = self.document;
        let node = document.node(id);
        let tree = match &node.kind {
            NodeKind::Scalar { text, style } => {
                let value = self.value(text, *style, node).map_err(|problem| at(node, problem))?;
                Tree::value(value, node.line)
            }
            NodeKind::Sequence { items, .. } => {
                self.check_tag(node, CoreTag::Seq)?;
                let items = items.iter().map(|item| self.tree(*item, depth + 1)).collect::<Result<_, _>>()?;
                Tree::list(items, node.line)
            }
            NodeKind::Mapping { pairs, .. } => {
                self.check_tag(node, CoreTag::Map)?;
                Tree::map(self.fields(pairs, depth + 1)?, node.line)
            }
            NodeKind::Alias(target) => {
                let target = match self.anchored.get(target) {
                    Some(tree) => Rc::clone(tree),
                    None => self.tree(*target, depth)?,
                };
                check_depth(depth, target.height).map_err(|problem| at(node, problem))?;
                target
            }
        };
        if node.is_anchored {
            self.anchored.insert(id, Rc::clone(&tree));
        }
        Ok(tree)
    }

    fn fields(&mut self, pairs: &[(NodeId, NodeId)], depth: usize) -> Result<Vec<Field>, ParseError> {
        let mut fields = Vec::with_capacity(pairs.len());
        let mut merged = Vec::new();
        for &(key, value) in pairs {
            let (text, is_merge) = self.key(key)?;
            let tree = self.tree(value, depth)?;
            if is_merge {
                merged.push((value, tree));
            } else {
                fields.push(Field { key: text, line: self.document.node(key).line, tree });
            }
        }
        if merged.is_empty() {
            return Ok(fields);
        }
        let mut fields = Fields::from(fields);
        for (value, tree) in merged {
            let maps = match &tree.content {
                Content::List(maps) => maps.as_slice(),
                _ => &[tree],
            };
            self.merge(maps, &mut fields).map_err(|problem| at(self.document.node(value), problem))?;
        }
        Ok(fields.into_fields())
    }

    fn merge(&mut self, maps: &[Rc<Tree>], fields: &mut Fields) -> Result<(), ParseProblem> {
        for map in maps {
            let Content::Map(more) = &map.content else { return Err(ParseProblem::MergeOfNoMap) };
            self.count.add(more.len())?;
            for field in more {
                if !fields.push_if_new(field) {
                    self.replaced.push(Rc::clone(&field.tree));
                }
            }
        }
        Ok(())
    }

    /// A key's text, and whether it merges another map.
    fn key(&mut self, id: NodeId) -> Result<(Rc<str>, bool), ParseError> {
        let node = self.document.node(id);
        let target = self.document.node(self.document.target(id));
        let NodeKind::Scalar { text, .. } = &target.kind else { return Err(at(node, ParseProblem::ComplexKey)) };
        if node.is_anchored {
            self.anchored.insert(id, Tree::value(Value::text(&**text), node.line));
        }
        let is_plain = matches!(node.kind, NodeKind::Scalar { style: ScalarStyle::Plain, .. }) && node.tag.is_none();
        Ok(((&**text).into(), is_plain && text == MERGE_KEY))
    }

    fn value(&mut self, text: &str, style: ScalarStyle, node: &Node<'_>) -> Result<Value, ParseProblem> {
        let meaning = meaning(text);
        let as_it_looks = || match meaning {
            Meaning::Null => Value::null(),
            Meaning::Bool(value) => Value::bool(value),
            Meaning::Int | Meaning::Float => Value::number(text),
            Meaning::Text => Value::text(text),
        };
        let is_plain = style == ScalarStyle::Plain;
        let is_that = match &node.tag {
            None if is_plain => return Ok(as_it_looks()),
            None | Some(Tag::NonSpecific | Tag::Core(CoreTag::Str)) => return Ok(Value::text(text)),
            Some(Tag::Other(tag)) => {
                let before = if is_plain && text.is_empty() { Before::Nothing } else { Before::Value };
                self.unknown_tags.add(tag, before, node.line);
                let is_of_yaml = tag.starts_with("!!");
                return Ok(if is_plain && !is_of_yaml { as_it_looks() } else { Value::text(text) });
            }
            Some(Tag::Core(CoreTag::Null)) => meaning == Meaning::Null,
            Some(Tag::Core(CoreTag::Bool)) => matches!(meaning, Meaning::Bool(_)),
            Some(Tag::Core(CoreTag::Int)) => meaning == Meaning::Int,
            Some(Tag::Core(CoreTag::Float)) => matches!(meaning, Meaning::Int | Meaning::Float),
            Some(Tag::Core(CoreTag::Map | CoreTag::Seq)) => false,
        };
        if is_that { Ok(as_it_looks()) } else { Err(ParseProblem::WrongTag) }
    }

    /// Checks the tag of a list or map.
    fn check_tag(&mut self, node: &Node<'_>, own: CoreTag) -> Result<(), ParseError> {
        match &node.tag {
            Some(Tag::Core(tag)) if *tag != own => return Err(at(node, ParseProblem::WrongTag)),
            Some(Tag::Other(tag)) => self.unknown_tags.add(tag, Before::Collection, node.line),
            _ => {}
        }
        Ok(())
    }
}

fn at(node: &Node<'_>, problem: ParseProblem) -> ParseError {
    ParseError { line: Some(node.line), column: Some(node.column), problem }
}

#[cfg(test)]
mod tests;
