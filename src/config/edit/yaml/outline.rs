//! A YAML document as it is written.

use std::collections::HashSet;
use std::ops::Range;

use crate::config::edit::change::Form;
use crate::config::edit::error::EditProblem;
use crate::config::edit::outline::{Body, Item, Items, Layout, Leaf, Node, Role};
use crate::config::value::is_json_number;
use crate::config::yaml::{LIMITS, MERGE_KEY};
use crate::yaml::{CoreTag, Document, Meaning, NodeId, NodeKind, ScalarStyle, Tag, is_typed_in_yaml_1_1, meaning};

/// None if there is nothing but comments, or null, or more than one document.
pub(in crate::config::edit) fn outline(text: &str) -> Option<Node> {
    let document = Document::parse_first(text, &LIMITS).ok()?;
    let root = document.root()?;
    Some(Outliner { text, document: &document }.node(root, false))
}

/// The document is one that the parser has read: so its aliases make it no larger than is allowed.
struct Outliner<'d, 't> {
    text: &'t str,
    document: &'d Document<'t>,
}

impl Outliner<'_, '_> {
    /// A node, which is `shared` if it stands elsewhere too.
    fn node(&self, id: NodeId, shared: bool) -> Node {
        let target = self.document.target(id);
        let is_shared = shared || target != id;
        let mut span = self.span(id);
        let layout = |own: Layout| if is_shared { Layout::Fixed(EditProblem::Shared) } else { own };
        let body = match &self.document.node(target).kind {
            NodeKind::Sequence { items, is_flow } => {
                let own = self.layout(&mut span, *is_flow, '[');
                let item = |id: &NodeId| {
                    let node = self.node(*id, is_shared);
                    Item { key: String::new(), name: node.span.start..node.span.start, node, role: Role::Own }
                };
                Body::Items(Items::new(true, layout(own), items.iter().map(item).collect()))
            }
            NodeKind::Mapping { pairs, is_flow } => {
                let own = self.layout(&mut span, *is_flow, '{');
                Body::Items(Items::new(false, layout(own), self.fields(pairs, is_shared)))
            }
            NodeKind::Scalar { .. } | NodeKind::Alias(_) => Body::Leaf(self.leaf(target, target != id)),
        };
        Node { span, body }
    }

    fn span(&self, id: NodeId) -> Range<usize> {
        let node = self.document.node(id);
        let mut span = node.span.clone();
        let written = self.text.get(span.clone()).unwrap_or_default();
        if let NodeKind::Scalar { style: ScalarStyle::Literal | ScalarStyle::Folded, .. } = &node.kind
            && written.trim_end_matches([' ', '\t']).ends_with('\n')
        {
            // The parser's may end within the next line.
            span.end = span.start + written.trim_end_matches([' ', '\t']).len();
        }
        if let NodeKind::Scalar { text, style: ScalarStyle::Literal | ScalarStyle::Folded } = &node.kind
            && !(node.is_anchored || node.tag.is_some())
            && !(text.is_empty() && written.starts_with(['|', '>']))
        {
            // The parser's begins with the text, below the line that says that it is a block scalar.
            let above = self.text.get(..span.start).unwrap_or_default().trim_end();
            let line = above.rfind('\n').map_or(0, |newline| newline + 1);
            span.start = block_header(&above[line..]).map_or(span.start, |at| line + at);
            span.end = span.end.max(above.len());
        }
        span
    }

    /// How a map or list is written, whose span is made to begin with its bracket.
    fn layout(&self, span: &mut Range<usize>, is_flow: bool, bracket: char) -> Layout {
        if !is_flow {
            return Layout::Lines;
        }
        let written = self.text.get(span.clone()).unwrap_or_default();
        let mut rest = written;
        while rest.starts_with(['&', '!']) {
            rest = rest.trim_start_matches(|c: char| !c.is_whitespace()).trim_start();
        }
        span.start += written.len() - rest.len();
        // In a list in brackets a map may have none.
        if rest.starts_with(bracket) { Layout::Flow } else { Layout::Fixed(EditProblem::Form) }
    }

    fn fields(&self, pairs: &[(NodeId, NodeId)], shared: bool) -> Vec<Item> {
        let mut items = Vec::with_capacity(pairs.len());
        let mut merged = Vec::new();
        for &(key, value) in pairs {
            let written = self.document.node(key);
            let text = self.document.scalar(self.document.target(key)).unwrap_or_default();
            let is_plain = matches!(written.kind, NodeKind::Scalar { style: ScalarStyle::Plain, .. });
            let role = if is_plain && written.tag.is_none() && text == MERGE_KEY { Role::Merge } else { Role::Own };
            if role == Role::Merge {
                merged.push(value);
            }
            let mut node = self.node(value, shared);
            if node.span.is_empty() {
                // What is absent stands behind the colon, if there is one.
                let rest = self.text.get(written.span.end..).unwrap_or_default();
                let blanks = rest.len() - rest.trim_start_matches(' ').len();
                let end = written.span.end + if rest[blanks..].starts_with(':') { blanks + 1 } else { 0 };
                node.span = end..end;
            }
            items.push(Item { key: text.to_owned(), name: written.span.clone(), node, role });
        }
        let mut keys: HashSet<String> =
            items.iter().filter(|item| item.counts()).map(|item| item.key.clone()).collect();
        for value in merged {
            let maps = match &self.document.node(self.document.target(value)).kind {
                NodeKind::Sequence { items, .. } => items.clone(),
                _ => vec![value],
            };
            for map in maps {
                let Body::Items(map) = self.node(map, true).body else { continue };
                let fields = map.items.into_iter().filter(Item::counts);
                items.extend(
                    fields.filter(|item| keys.insert(item.key.clone())).map(|item| Item { role: Role::Merged, ..item }),
                );
            }
        }
        items
    }

    fn leaf(&self, id: NodeId, is_alias: bool) -> Leaf {
        let node = self.document.node(id);
        let NodeKind::Scalar { text, style } = &node.kind else { return Leaf { form: Form::Usual, written: None } };
        let is_number = matches!(meaning(text), Meaning::Int | Meaning::Float);
        let form = match &node.tag {
            Some(Tag::Other(tag)) => Form::Tagged(tag.clone()),
            None if *style == ScalarStyle::Plain && is_number && !is_json_number(text) => Form::Bare,
            None if *style == ScalarStyle::Plain && is_typed_in_yaml_1_1(text) => Form::Bare,
            Some(Tag::Core(CoreTag::Int | CoreTag::Float)) if !is_json_number(text) => Form::Bare,
            _ => Form::Usual,
        };
        let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        let written = self.text.get(node.span.clone()).filter(|written| {
            !is_alias && !node.is_anchored && !is_block && !written.is_empty() && !written.contains(['\n', '\r'])
        });
        Leaf { form, written: written.map(str::to_owned) }
    }
}

/// Where a line says that a block scalar begins: `|` or `>`, then its indentation and what is to be done with its last
/// line end, then a comment.
fn block_header(line: &str) -> Option<usize> {
    line.match_indices(['|', '>']).map(|(at, _)| at).find(|at| {
        let rest = line[at + 1..].trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-'));
        let comment = rest.trim_start_matches([' ', '\t']);
        line[..*at].ends_with([' ', '\t'])
            && (comment.is_empty() || comment.len() < rest.len() && comment.starts_with('#'))
    })
}
