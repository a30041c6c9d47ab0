//! A YAML text as a tree of nodes that know where they stand.
//!
//! The reader needs lines for its errors, the editor needs bytes to cut at, and a catalog may come from a stranger's
//! pull request: so the text is bounded, nesting is bounded, aliases stay references (nothing is copied, a "billion
//! laughs" is as small as its text), and a key given twice is refused.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span};

use super::error::{CatalogError, CatalogErrorKind};
use crate::excerpt::excerpt;

/// A catalog is at most 1 MiB: some thousands of files.
pub(super) const LARGEST: usize = 1 << 20;
/// A catalog's own shape is five deep.
const DEEPEST: usize = 32;

/// A node's place in its [`Document`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NodeId(usize);

#[derive(Debug)]
pub(super) struct Node<'t> {
    pub(super) kind: Kind<'t>,
    /// The bytes of the node as written, without its comment; of a block collection from its first item's content to
    /// its last one's.
    pub(super) span: Range<usize>,
    /// From 1.
    pub(super) line: usize,
    /// It has an anchor (`&name`): what is changed here is changed elsewhere too.
    pub(super) anchored: bool,
    /// It has a tag other than `!!str`.
    pub(super) tagged: bool,
}

#[derive(Debug)]
pub(super) enum Kind<'t> {
    Scalar { text: Cow<'t, str>, style: ScalarStyle },
    Sequence { items: Vec<NodeId>, flow: bool },
    Mapping { pairs: Vec<(NodeId, NodeId)>, flow: bool },
    Alias(NodeId),
}

/// One YAML document.
#[derive(Debug)]
pub(super) struct Document<'t> {
    nodes: Vec<Node<'t>>,
    /// None when there is nothing but comments.
    pub(super) root: Option<NodeId>,
}

impl<'t> Document<'t> {
    /// Reads a text.
    pub(super) fn parse(text: &'t str) -> Result<Self, CatalogError> {
        Builder::new(text).run()
    }

    pub(super) fn node(&self, id: NodeId) -> &Node<'t> {
        &self.nodes[id.0]
    }

    /// The node that is meant: an alias's target, otherwise itself.
    pub(super) fn target(&self, id: NodeId) -> NodeId {
        match self.node(id).kind {
            Kind::Alias(target) => target,
            _ => id,
        }
    }

    /// A scalar's text.
    pub(super) fn scalar(&self, id: NodeId) -> Option<&str> {
        match &self.node(id).kind {
            Kind::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// Whether a node is `null`: nothing, `~` or the word, unquoted.
    pub(super) fn is_null(&self, id: NodeId) -> bool {
        let Kind::Scalar { text, style: ScalarStyle::Plain } = &self.node(id).kind else { return false };
        !self.node(id).tagged && matches!(text.as_ref(), "" | "~" | "null" | "Null" | "NULL")
    }
}

/// A collection whose end has not come yet.
struct Open {
    id: NodeId,
    anchor: usize,
    /// The key of a mapping that waits for its value.
    key: Option<NodeId>,
}

struct Builder<'t> {
    text: &'t str,
    /// The byte that each character begins at; empty where they are the same.
    starts: Vec<usize>,
    nodes: Vec<Node<'t>>,
    open: Vec<Open>,
    anchors: HashMap<usize, NodeId>,
    root: Option<NodeId>,
}

impl<'t> Builder<'t> {
    fn new(text: &'t str) -> Self {
        let starts = if text.is_ascii() { Vec::new() } else { text.char_indices().map(|(at, _)| at).collect() };
        Self { text, starts, nodes: Vec::new(), open: Vec::new(), anchors: HashMap::new(), root: None }
    }

    fn run(mut self) -> Result<Document<'t>, CatalogError> {
        let mut parser = Parser::new_from_str(self.text);
        let mut documents = 0;
        while let Some(next) = parser.next_event() {
            let (event, span) = next.map_err(|error| CatalogErrorKind::syntax(&error))?;
            let line = span.start.line();
            match event {
                Event::DocumentStart(_) => {
                    documents += 1;
                    if documents > 1 {
                        return Err(CatalogErrorKind::SecondDocument.at(line));
                    }
                }
                Event::Scalar(text, style, anchor, tag) => {
                    let span = self.scalar_span(style, &span);
                    let tagged = tag.is_some_and(|tag| !(tag.is_yaml_core_schema() && tag.suffix == "str"));
                    let id = self.add(Kind::Scalar { text, style }, span, line, anchor, tagged);
                    self.finish(id, anchor)?;
                }
                Event::Alias(anchor) => {
                    let target = *self.anchors.get(&anchor).ok_or_else(|| CatalogErrorKind::AliasInItself.at(line))?;
                    let span = self.byte(&span.start)..self.byte(&span.end);
                    let id = self.add(Kind::Alias(target), span, line, 0, false);
                    self.finish(id, 0)?;
                }
                Event::SequenceStart(anchor, tag) => {
                    let flow = self.is_flow(&span, '[');
                    self.begin(Kind::Sequence { items: Vec::new(), flow }, &span, anchor, tag.is_some())?;
                }
                Event::MappingStart(anchor, tag) => {
                    let flow = self.is_flow(&span, '{');
                    self.begin(Kind::Mapping { pairs: Vec::new(), flow }, &span, anchor, tag.is_some())?;
                }
                Event::SequenceEnd | Event::MappingEnd => self.end(&span)?,
                Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
            }
        }
        Ok(Document { nodes: self.nodes, root: self.root })
    }

    fn add(&mut self, kind: Kind<'t>, span: Range<usize>, line: usize, anchor: usize, tagged: bool) -> NodeId {
        self.nodes.push(Node { kind, span, line, anchored: anchor != 0, tagged });
        NodeId(self.nodes.len() - 1)
    }

    fn begin(&mut self, kind: Kind<'t>, span: &Span, anchor: usize, tagged: bool) -> Result<(), CatalogError> {
        let line = span.start.line();
        if self.open.len() == DEEPEST {
            return Err(CatalogErrorKind::TooDeep.at(line));
        }
        let start = self.byte(&span.start);
        let id = self.add(kind, start..start, line, anchor, tagged);
        self.open.push(Open { id, anchor, key: None });
        Ok(())
    }

    fn end(&mut self, span: &Span) -> Result<(), CatalogError> {
        let Some(Open { id, anchor, .. }) = self.open.pop() else { return Ok(()) };
        // A block collection's end is reported at the next token, beyond comments that need not be its own; a flow
        // collection's at its bracket, and then beyond the comment.
        let (flow, last) = match &self.nodes[id.0].kind {
            Kind::Sequence { items, flow } => (*flow, items.last().copied()),
            Kind::Mapping { pairs, flow } => {
                self.refuse_twins(pairs)?;
                (*flow, pairs.last().map(|&(key, value)| self.later(key, value)))
            }
            _ => (false, None),
        };
        let end = if flow { self.byte(&span.start) + 1 } else { last.map_or(0, |last| self.nodes[last.0].span.end) };
        let node = &mut self.nodes[id.0];
        node.span.end = end.max(node.span.start);
        self.finish(id, anchor)
    }

    /// Of a key and its value the one that ends later: an absent value has no place of its own.
    fn later(&self, key: NodeId, value: NodeId) -> NodeId {
        if self.nodes[value.0].span.end > self.nodes[key.0].span.end { value } else { key }
    }

    /// Hands a complete node to the collection that it stands in.
    fn finish(&mut self, id: NodeId, anchor: usize) -> Result<(), CatalogError> {
        if anchor != 0 {
            self.anchors.insert(anchor, id);
        }
        let Some(open) = self.open.last_mut() else {
            self.root = Some(id);
            return Ok(());
        };
        match &mut self.nodes[open.id.0].kind {
            Kind::Sequence { items, .. } => items.push(id),
            Kind::Mapping { pairs, .. } => match open.key.take() {
                None => open.key = Some(id),
                Some(key) => pairs.push((key, id)),
            },
            _ => {}
        }
        Ok(())
    }

    fn refuse_twins(&self, pairs: &[(NodeId, NodeId)]) -> Result<(), CatalogError> {
        let mut seen: HashMap<&str, usize> = HashMap::with_capacity(pairs.len());
        for &(key, _) in pairs {
            let Node { kind: Kind::Scalar { text, .. }, line, .. } = &self.nodes[key.0] else { continue };
            if let Some(first) = seen.insert(text, *line) {
                return Err(CatalogErrorKind::KeyTwice { key: excerpt(text), first }.at(*line));
            }
        }
        Ok(())
    }

    fn byte(&self, marker: &Marker) -> usize {
        if self.starts.is_empty() {
            marker.index().min(self.text.len())
        } else {
            self.starts.get(marker.index()).copied().unwrap_or(self.text.len())
        }
    }

    fn is_flow(&self, span: &Span, bracket: char) -> bool {
        !span.is_empty() && self.text[..self.byte(&span.end)].ends_with(bracket)
    }

    /// The parser's span of a quoted scalar reaches over the blanks and the comment behind it, so its end is looked
    /// for here.
    fn scalar_span(&self, style: ScalarStyle, span: &Span) -> Range<usize> {
        let (start, end) = (self.byte(&span.start), self.byte(&span.end));
        let quote = match style {
            ScalarStyle::SingleQuoted => b'\'',
            ScalarStyle::DoubleQuoted => b'"',
            ScalarStyle::Plain | ScalarStyle::Literal | ScalarStyle::Folded => return start..end,
        };
        let bytes = self.text.as_bytes();
        let mut at = start;
        // Anchor and tag stand before the quote.
        while matches!(bytes.get(at), Some(b'&' | b'!')) {
            while bytes.get(at).is_some_and(|byte| !byte.is_ascii_whitespace()) {
                at += 1;
            }
            while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
                at += 1;
            }
        }
        if bytes.get(at) != Some(&quote) {
            return start..end;
        }
        at += 1;
        while at < end {
            match bytes[at] {
                b'\\' if quote == b'"' => at += 2,
                b'\'' if quote == b'\'' && bytes.get(at + 1) == Some(&b'\'') => at += 2,
                byte if byte == quote => return start..at + 1,
                _ => at += 1,
            }
        }
        start..end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaves(text: &str) -> Vec<String> {
        let document = Document::parse(text).unwrap();
        let is_leaf = |node: &&Node<'_>| matches!(node.kind, Kind::Scalar { .. } | Kind::Alias(_));
        document.nodes.iter().filter(is_leaf).map(|node| text[node.span.clone()].to_owned()).collect()
    }

    fn kind(text: &str) -> String {
        Document::parse(text).map(|_| ()).unwrap_err().to_string()
    }

    #[test]
    fn spans_are_what_is_written_without_the_comment() {
        assert_eq!(leaves("a: \"x\\\"y\" # c\nb: 'it''s'   # d\n"), ["a", "\"x\\\"y\"", "b", "'it''s'"]);
        assert_eq!(leaves("ü: \"ä\" #x\r\nb: plain # c\r\n"), ["ü", "\"ä\"", "b", "plain"]);
        assert_eq!(leaves("\u{feff}a: 'x'\n"), ["a", "'x'"]);
        assert_eq!(leaves("a: &x !!str 'b' # c\nd: *x # e\n"), ["a", "&x !!str 'b'", "d", "*x"]);
    }

    #[test]
    fn a_collection_ends_with_its_last_item() {
        let text = "a:\n- x # c\n- [y,\n  z] # d\n\n# e\nb: {c: d} # f\ng:\n";
        let document = Document::parse(text).unwrap();
        let ends: Vec<_> = document
            .nodes
            .iter()
            .filter(|node| matches!(node.kind, Kind::Sequence { .. } | Kind::Mapping { .. }))
            .map(|node| &text[..node.span.end])
            .collect();
        let upto = |end: &str| &text[..text.find(end).unwrap() + end.len()];
        assert_eq!(ends, [upto("\ng"), upto("z]"), upto("z]"), upto("{c: d}")]);
    }

    #[test]
    fn hostile_texts_are_refused_with_their_line() {
        let nested: String = (0..40).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
        assert_eq!(kind(&nested), "line 33: it is nested too deeply");
        assert!(kind(&"[".repeat(200)).contains("nested too deeply"));
        assert!(kind(&"- ".repeat(200)).contains("nested too deeply"));
        assert_eq!(kind("a: 1\nb: 2\na: 3\n"), "line 3: the key \"a\" is given twice (first on line 1)");
        assert_eq!(kind("a: &x [1, *x]\n"), "line 1: an alias stands inside the node that it names");
        assert_eq!(kind("a: 1\n---\nb: 1\n"), "line 2: a second document begins here; a catalog is one document");
        assert!(kind("a: *nothing\n").starts_with("line 1: it is not valid YAML"));
        assert!(kind("a: 1\n b: 2\n").starts_with("line 2: it is not valid YAML"));
    }

    #[test]
    fn an_alias_bomb_stays_as_small_as_its_text() {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..60 {
            let below = format!("*a{}", level - 1);
            text += &format!("a{level}: &a{level} [{}]\n", [below.as_str(); 10].join(", "));
        }
        assert!(Document::parse(&text).unwrap().nodes.len() < 1_000);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "([a-c]|[-:?,#&*!|>'\"%@\\[\\]{}]|[ \t\n\r]|[\u{feff}ü\\\\]){0,60}") {
            if let Ok(document) = Document::parse(&text) {
                for node in &document.nodes {
                    assert!(text.get(node.span.clone()).is_some(), "{node:?}");
                }
            }
        }
    }
}
