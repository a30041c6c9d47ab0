use std::borrow::Cow;
use std::ops::Range;

use granit_parser::ScalarStyle;

use super::core_schema::{Meaning, meaning};

/// A YAML document.
pub(crate) struct Document<'t> {
    pub(super) nodes: Vec<Node<'t>>,
    /// None when there is nothing but comments.
    pub(super) root: Option<NodeId>,
    /// How many nodes there are that are no keys.
    pub(super) values: usize,
}

/// The limits of a document.
#[derive(Debug)]
pub(crate) struct Limits {
    /// How many levels of lists and maps may lie in each other.
    pub(crate) deepest: usize,
    /// How many scalars, lists, maps and aliases there may be, keys not counted.
    pub(crate) most_values: usize,
}

/// The index of a node in its [`Document`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct NodeId(pub(super) usize);

/// A node of a document: a scalar, list, map or alias, and its position in the text.
pub(crate) struct Node<'t> {
    pub(crate) kind: NodeKind<'t>,
    pub(crate) tag: Option<Tag>,
    /// It has an anchor (`&name`), so aliases may refer to it.
    pub(crate) is_anchored: bool,
    /// From 1.
    pub(crate) line: usize,
    /// In characters, from 1.
    pub(crate) column: usize,
    /// Its bytes in the text, without the comment behind it; of a block list or map those from its first item's content
    /// to its last one's.
    pub(crate) span: Range<usize>,
}

/// The content of a node.
pub(crate) enum NodeKind<'t> {
    /// A text, which may be a config value.
    Scalar { text: Cow<'t, str>, style: ScalarStyle },
    /// A list; a flow one is written in brackets.
    Sequence { items: Vec<NodeId>, is_flow: bool },
    /// A map's keys and values; a flow one is written in braces.
    Mapping { pairs: Vec<(NodeId, NodeId)>, is_flow: bool },
    /// Stands for another node, which is complete and comes before it.
    Alias(NodeId),
}

/// A tag, as far as it matters here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Tag {
    /// `!` alone: the node is a text, list or map, whatever it looks like (section 6.9.1).
    NonSpecific,
    /// One of the core schema's.
    Core(CoreTag),
    /// Any other, such as `!Ref` or `!!binary`, as it is written, shortened.
    Other(String),
}

/// The tags of the core schema: `!!str`, `!!null` …
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CoreTag {
    Str,
    Null,
    Bool,
    Int,
    Float,
    Map,
    Seq,
}

impl<'t> Document<'t> {
    /// The outermost node; none when there is nothing but comments, or null.
    pub(crate) fn root(&self) -> Option<NodeId> {
        self.root.filter(|&root| !self.is_null(root))
    }

    /// How many nodes there are that are no keys; an alias counts as one.
    pub(crate) const fn values(&self) -> usize {
        self.values
    }

    pub(crate) fn node(&self, id: NodeId) -> &Node<'t> {
        &self.nodes[id.0]
    }

    /// The node that is meant: an alias's target, otherwise itself.
    pub(crate) fn target(&self, id: NodeId) -> NodeId {
        match self.node(id).kind {
            NodeKind::Alias(target) => target,
            _ => id,
        }
    }

    /// A scalar's text.
    pub(crate) fn scalar(&self, id: NodeId) -> Option<&str> {
        match &self.node(id).kind {
            NodeKind::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// Whether a node is `null`: nothing, `~` or the word, without quotes and without a tag that says otherwise.
    pub(crate) fn is_null(&self, id: NodeId) -> bool {
        let node = self.node(id);
        let NodeKind::Scalar { text, style: ScalarStyle::Plain } = &node.kind else { return false };
        !node.has_foreign_tag() && meaning(text) == Meaning::Null
    }
}

impl Node<'_> {
    /// Whether it has a tag by which it may be something else than the text, list or map that it looks like. `!!str`
    /// before a scalar is none.
    pub(crate) const fn has_foreign_tag(&self) -> bool {
        match (&self.kind, &self.tag) {
            (_, None) | (NodeKind::Scalar { .. }, Some(Tag::Core(CoreTag::Str))) => false,
            (_, Some(_)) => true,
        }
    }
}
