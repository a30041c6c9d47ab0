//! Builds a [`Document`] from the parser's events.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use granit_parser::{Event, Marker, ScalarStyle, Span, StructureStyle};

use super::document::{CoreTag, Document, Limits, Node, NodeId, NodeKind, Tag};
use super::error::{YamlError, YamlProblem};
use super::events::Events;
use super::span;
use crate::excerpt::excerpt;

impl<'t> Document<'t> {
    /// Reads a text of one document. It has no NUL, which the parser would take for the end.
    pub(crate) fn parse(text: &'t str, limits: &Limits) -> Result<Self, YamlError> {
        Builder::new(text, limits).run(false)
    }

    /// Reads a text of one document, behind which there may be others that are empty, as there are behind a `---` at
    /// the end. It has no NUL.
    pub(crate) fn parse_first(text: &'t str, limits: &Limits) -> Result<Self, YamlError> {
        Builder::new(text, limits).run(true)
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
            nodes: Vec::new(),
            values: 0,
            open: Vec::new(),
            anchors: HashMap::new(),
            root: None,
        }
    }

    fn run(mut self, may_end_empty: bool) -> Result<Document<'t>, YamlError> {
        let mut documents = 0;
        let mut start = Marker::default();
        while let Some(next) = self.events.next() {
            let (event, span) = next?;
            if let Event::DocumentStart(..) = event {
                documents += 1;
                start = span.start;
            }
            if documents > 1 && !(may_end_empty && is_of_empty_document(&event)) {
                return Err(YamlProblem::SecondDocument.at(&start));
            }
            if documents == 1 {
                self.take(event, &span)?;
            }
        }
        Ok(Document { nodes: self.nodes, root: self.root, values: self.values })
    }

    fn take(&mut self, event: Event<'t>, span: &Span) -> Result<(), YamlError> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let id = self.add(NodeKind::Scalar { text, style }, tag.as_deref(), anchor, span, span::bytes(span))?;
                self.complete(id, anchor);
            }
            Event::Alias(anchor) => {
                let target = self.anchors.get(&anchor).copied();
                let target = target.ok_or_else(|| YamlProblem::AliasInItself.at(&span.start))?;
                let id = self.add(NodeKind::Alias(target), None, 0, span, span::bytes(span))?;
                self.complete(id, 0);
            }
            Event::SequenceStart(style, anchor, tag) => {
                let is_flow = style == StructureStyle::Flow;
                self.begin(NodeKind::Sequence { items: Vec::new(), is_flow }, tag, anchor, span)?;
            }
            Event::MappingStart(style, anchor, tag) => {
                let is_flow = style == StructureStyle::Flow;
                self.begin(NodeKind::Mapping { pairs: Vec::new(), is_flow }, tag, anchor, span)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span)?,
            Event::Anchor(..) => self.begin_at(&span.start),
            _ => {}
        }
        Ok(())
    }

    fn add(
        &mut self,
        kind: NodeKind<'t>,
        tag: Option<&granit_parser::Tag>,
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
        if let Some(tag) = at.tag_start() {
            self.begin_at(&tag);
        }
        Ok(NodeId(self.nodes.len() - 1))
    }

    /// The last node begins with its tag or its anchor.
    fn begin_at(&mut self, property: &Marker) {
        let start = span::byte(property);
        if let Some(node) = self.nodes.last_mut().filter(|node| start < node.span.start) {
            (node.line, node.column) = (property.line(), property.col() + 1);
            node.span.start = start;
        }
    }

    fn expects_key(&self) -> bool {
        let Some(Open { id, key: None, .. }) = self.open.last() else { return false };
        matches!(self.nodes[id.0].kind, NodeKind::Mapping { .. })
    }

    fn begin(
        &mut self,
        kind: NodeKind<'t>,
        tag: Option<Cow<'t, granit_parser::Tag>>,
        anchor: usize,
        at: &Span,
    ) -> Result<(), YamlError> {
        if self.open.len() == self.limits.deepest {
            return Err(YamlProblem::TooDeep.at(&at.start));
        }
        let start = span::byte(&at.start);
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
        let end = if is_flow { span::byte(&at.start) + 1 } else { last.map_or(0, |last| self.nodes[last.0].span.end) };
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

/// Whether an event is one of a document without content: behind its `---` nothing is written.
fn is_of_empty_document(event: &Event<'_>) -> bool {
    match event {
        Event::Scalar(text, ScalarStyle::Plain, 0, None) => text.is_empty(),
        Event::DocumentStart(..) | Event::DocumentEnd | Event::StreamEnd => true,
        _ => false,
    }
}

fn tag_of(tag: &granit_parser::Tag) -> Tag {
    if tag.suffix().is_empty() || (tag.handle().is_empty() && tag.suffix() == "!") {
        return Tag::NonSpecific;
    }
    match tag.core_suffix() {
        Some("str") => Tag::Core(CoreTag::Str),
        Some("null") => Tag::Core(CoreTag::Null),
        Some("bool") => Tag::Core(CoreTag::Bool),
        Some("int") => Tag::Core(CoreTag::Int),
        Some("float") => Tag::Core(CoreTag::Float),
        Some("map") => Tag::Core(CoreTag::Map),
        Some("seq") => Tag::Core(CoreTag::Seq),
        _ => Tag::Other(excerpt(&tag.original())),
    }
}

#[cfg(test)]
mod tests;
