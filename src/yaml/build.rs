//! Builds a [`Document`] from the parser's events.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use saphyr_parser::{Event, Span};

use super::document::{CoreTag, Document, Node, NodeId, NodeKind, Tag};
use super::error::{YamlError, YamlProblem};
use super::events::{Events, Limits};
use super::span::Positions;
use crate::excerpt::excerpt;

impl<'t> Document<'t> {
    /// Reads a text without NUL, which the parser would take for the end.
    pub(crate) fn parse(text: &'t str, limits: &Limits) -> Result<Self, YamlError> {
        Builder::new(text, limits).run()
    }
}

/// A list or map that is not complete yet.
struct Open {
    id: NodeId,
    anchor: usize,
    /// The key of a map that waits for its value.
    key: Option<NodeId>,
}

struct Builder<'t, 'l> {
    limits: &'l Limits,
    events: Events<'t>,
    positions: Positions<'t>,
    nodes: Vec<Node<'t>>,
    values: usize,
    open: Vec<Open>,
    /// Complete nodes by the parser's number of their anchor.
    anchors: HashMap<usize, NodeId>,
    root: Option<NodeId>,
}

impl<'t, 'l> Builder<'t, 'l> {
    fn new(text: &'t str, limits: &'l Limits) -> Self {
        Self {
            limits,
            events: Events::new(text, limits),
            positions: Positions::new(text),
            nodes: Vec::new(),
            values: 0,
            open: Vec::new(),
            anchors: HashMap::new(),
            root: None,
        }
    }

    fn run(mut self) -> Result<Document<'t>, YamlError> {
        let mut documents = 0;
        while let Some(next) = self.events.next() {
            let (event, span) = next?;
            match event {
                Event::DocumentStart(_) => {
                    documents += 1;
                    if documents > 1 {
                        return Err(YamlProblem::SecondDocument.at(&span.start));
                    }
                }
                Event::Scalar(text, style, anchor, tag) => {
                    let bytes = self.positions.scalar(style, &span);
                    let id = self.add(NodeKind::Scalar { text, style }, tag.as_deref(), anchor, &span, bytes)?;
                    self.complete(id, anchor);
                }
                Event::Alias(anchor) => {
                    let target = self.anchors.get(&anchor).copied();
                    let target = target.ok_or_else(|| YamlProblem::AliasInItself.at(&span.start))?;
                    let bytes = self.positions.bytes(&span);
                    let id = self.add(NodeKind::Alias(target), None, 0, &span, bytes)?;
                    self.complete(id, 0);
                }
                Event::SequenceStart(anchor, tag) => {
                    let is_flow = self.positions.is_flow(&span, '[');
                    self.begin(NodeKind::Sequence { items: Vec::new(), is_flow }, tag, anchor, &span)?;
                }
                Event::MappingStart(anchor, tag) => {
                    let is_flow = self.positions.is_flow(&span, '{');
                    self.begin(NodeKind::Mapping { pairs: Vec::new(), is_flow }, tag, anchor, &span)?;
                }
                Event::SequenceEnd | Event::MappingEnd => self.end(&span)?,
                Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
            }
        }
        Ok(Document { nodes: self.nodes, root: self.root, values: self.values })
    }

    fn add(
        &mut self,
        kind: NodeKind<'t>,
        tag: Option<&saphyr_parser::Tag>,
        anchor: usize,
        at: &Span,
        span: Range<usize>,
    ) -> Result<NodeId, YamlError> {
        if !self.expects_key() || !matches!(kind, NodeKind::Scalar { .. } | NodeKind::Alias(_)) {
            self.values += 1;
            if self.values > self.limits.most_values {
                return Err(YamlProblem::TooManyValues.at(&at.start));
            }
        }
        let (line, column) = (at.start.line(), at.start.col() + 1);
        self.nodes.push(Node { kind, tag: tag.map(tag_of), is_anchored: anchor != 0, line, column, span });
        Ok(NodeId(self.nodes.len() - 1))
    }

    fn expects_key(&self) -> bool {
        let Some(Open { id, key: None, .. }) = self.open.last() else { return false };
        matches!(self.nodes[id.0].kind, NodeKind::Mapping { .. })
    }

    fn begin(
        &mut self,
        kind: NodeKind<'t>,
        tag: Option<Cow<'t, saphyr_parser::Tag>>,
        anchor: usize,
        at: &Span,
    ) -> Result<(), YamlError> {
        if self.open.len() == self.limits.deepest {
            return Err(YamlProblem::TooDeep.at(&at.start));
        }
        let start = self.positions.byte(&at.start);
        let id = self.add(kind, tag.as_deref(), anchor, at, start..start)?;
        self.open.push(Open { id, anchor, key: None });
        Ok(())
    }

    fn end(&mut self, at: &Span) -> Result<(), YamlError> {
        let Some(Open { id, anchor, .. }) = self.open.pop() else { return Ok(()) };
        // The end of a block list or map is reported at the next token, beyond comments that need not be its own; that
        // of one in brackets at its bracket, and then beyond the comment.
        let (is_flow, last) = match &self.nodes[id.0].kind {
            NodeKind::Sequence { items, is_flow } => (*is_flow, items.last().copied()),
            NodeKind::Mapping { pairs, is_flow } => {
                self.refuse_twins(pairs)?;
                (*is_flow, pairs.last().map(|&(key, value)| self.later(key, value)))
            }
            NodeKind::Scalar { .. } | NodeKind::Alias(_) => (false, None),
        };
        let end = if is_flow {
            self.positions.byte(&at.start) + 1
        } else {
            last.map_or(0, |last| self.nodes[last.0].span.end)
        };
        let node = &mut self.nodes[id.0];
        node.span.end = end.max(node.span.start);
        self.complete(id, anchor);
        Ok(())
    }

    /// Of a key and its value the one that ends later: an absent value has no place of its own.
    fn later(&self, key: NodeId, value: NodeId) -> NodeId {
        if self.nodes[value.0].span.end > self.nodes[key.0].span.end { value } else { key }
    }

    /// Hands a complete node to the list or map that it stands in.
    fn complete(&mut self, id: NodeId, anchor: usize) {
        if anchor != 0 {
            self.anchors.insert(anchor, id);
        }
        let Some(open) = self.open.last_mut() else {
            self.root = Some(id);
            return;
        };
        match &mut self.nodes[open.id.0].kind {
            NodeKind::Sequence { items, .. } => items.push(id),
            NodeKind::Mapping { pairs, .. } => match open.key.take() {
                None => open.key = Some(id),
                Some(key) => pairs.push((key, id)),
            },
            NodeKind::Scalar { .. } | NodeKind::Alias(_) => {}
        }
    }

    /// Refuses a key that occurs twice, by an alias or not.
    fn refuse_twins(&self, pairs: &[(NodeId, NodeId)]) -> Result<(), YamlError> {
        let mut lines: HashMap<&str, usize> = HashMap::with_capacity(pairs.len());
        for &(key, _) in pairs {
            let Node { line, column, .. } = self.nodes[key.0];
            let target = match self.nodes[key.0].kind {
                NodeKind::Alias(target) => target,
                _ => key,
            };
            let NodeKind::Scalar { text, .. } = &self.nodes[target.0].kind else { continue };
            if let Some(first_line) = lines.insert(text, line) {
                let problem = YamlProblem::KeyTwice { key: excerpt(text), first_line };
                return Err(YamlError { line, column, problem });
            }
        }
        Ok(())
    }
}

fn tag_of(tag: &saphyr_parser::Tag) -> Tag {
    if tag.suffix.is_empty() || (tag.handle.is_empty() && tag.suffix == "!") {
        return Tag::NonSpecific;
    }
    let core = match tag.suffix.as_str() {
        _ if !tag.is_yaml_core_schema() => None,
        "str" => Some(CoreTag::Str),
        "null" => Some(CoreTag::Null),
        "bool" => Some(CoreTag::Bool),
        "int" => Some(CoreTag::Int),
        "float" => Some(CoreTag::Float),
        "map" => Some(CoreTag::Map),
        "seq" => Some(CoreTag::Seq),
        _ => None,
    };
    core.map_or(Tag::Other, Tag::Core)
}

#[cfg(test)]
mod tests;
