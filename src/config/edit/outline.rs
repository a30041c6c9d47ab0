//! A nested document as it is written: where its maps, lists and values stand in the text.

use std::collections::HashMap;
use std::ops::Range;

use super::change::{Content, Form, Part};
use super::error::EditProblem;

/// A value, map or list.
pub(super) struct Node {
    /// Its bytes in the text, brackets included.
    pub(super) span: Range<usize>,
    pub(super) body: Body,
}

pub(super) enum Body {
    Leaf(Leaf),
    Items(Items),
}

/// A value.
pub(super) struct Leaf {
    pub(super) form: Form,
    /// As it is written, if that means the same in another file.
    pub(super) written: Option<String>,
}

/// The items of a map or list.
pub(super) struct Items {
    pub(super) is_list: bool,
    pub(super) layout: Layout,
    /// In the order in which the parser has them.
    pub(super) items: Vec<Item>,
    /// Where each key of a map stands among them.
    index: HashMap<String, usize>,
}

/// How a map or list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// In brackets, with commas between its items.
    Flow,
    /// Line by line, by indentation (YAML).
    Lines,
    /// Line by line, below a header or by dotted keys (TOML): the number of its section.
    Table(usize),
    /// In a form in which items are neither added nor removed.
    Fixed(EditProblem),
}

pub(super) struct Item {
    /// Empty in a list.
    pub(super) key: String,
    /// Its key's bytes in the text; in a list nothing, where the item begins.
    pub(super) name: Range<usize>,
    pub(super) node: Node,
    pub(super) role: Role,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Own,
    /// Another item of the same key replaces it.
    Replaced,
    /// A key that merges other maps (`<<`).
    Merge,
    /// It comes from another map, and is not written here.
    Merged,
}

impl Item {
    /// Its key and its value.
    pub(super) fn span(&self) -> Range<usize> {
        self.name.start..self.node.span.end.max(self.name.end)
    }

    /// Whether it is an item for the parser.
    pub(super) const fn counts(&self) -> bool {
        matches!(self.role, Role::Own | Role::Merged)
    }

    /// Whether it is written in the map or list.
    pub(super) const fn is_written(&self) -> bool {
        !matches!(self.role, Role::Merged)
    }
}

impl Items {
    pub(super) fn new(is_list: bool, layout: Layout, items: Vec<Item>) -> Self {
        let keys = items.iter().enumerate().filter(|(_, item)| !is_list && item.counts());
        let index = keys.map(|(position, item)| (item.key.clone(), position)).collect();
        Self { is_list, layout, items, index }
    }

    /// The position of an item.
    pub(super) fn position(&self, part: &Part) -> Option<usize> {
        match part {
            Part::Key(key) if !self.is_list => self.index.get(key).copied(),
            Part::Index(index) if self.is_list => (*index < self.items.len()).then_some(*index),
            _ => None,
        }
    }

    pub(super) fn part(&self, position: usize) -> Part {
        match self.items.get(position) {
            Some(item) if !self.is_list => Part::Key(item.key.clone()),
            _ => Part::Index(position),
        }
    }

    pub(super) fn counting(&self) -> impl Iterator<Item = (usize, &Item)> {
        self.items.iter().enumerate().filter(|(_, item)| item.counts())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.counting().next().is_none()
    }
}

/// A value, or a map or list without items, and the way to it.
pub(super) struct Place<'n> {
    /// Its parts joined.
    pub(super) key: String,
    pub(super) parts: Vec<Part>,
    /// The positions of the items that lead to it.
    pub(super) path: Vec<usize>,
    pub(super) node: &'n Node,
}

impl Place<'_> {
    /// What is there, if it is no value.
    pub(super) const fn empty(&self) -> Option<Content> {
        match &self.node.body {
            Body::Items(Items { is_list: true, .. }) => Some(Content::EmptyList),
            Body::Items(Items { is_list: false, .. }) => Some(Content::EmptyMap),
            Body::Leaf(_) => None,
        }
    }
}

/// All values, and all maps and lists without items, of a document.
pub(super) fn places<'n>(root: &'n Node, separator: &str) -> Vec<Place<'n>> {
    let mut places = Vec::new();
    collect(
        root,
        separator,
        &mut Place { key: String::new(), parts: Vec::new(), path: Vec::new(), node: root },
        &mut places,
    );
    places
}

/// Recursion ends: the readers refuse documents of more than a hundred levels.
fn collect<'n>(node: &'n Node, separator: &str, at: &mut Place<'n>, places: &mut Vec<Place<'n>>) {
    if let Body::Items(items) = &node.body
        && (!items.is_empty() || at.parts.is_empty())
    {
        for (position, item) in items.counting() {
            let outer = at.key.len();
            if !at.parts.is_empty() {
                at.key.push_str(separator);
            }
            let part = items.part(position);
            match &part {
                Part::Key(key) => at.key.push_str(key),
                Part::Index(index) => at.key.push_str(&index.to_string()),
            }
            at.parts.push(part);
            at.path.push(position);
            collect(&item.node, separator, at, places);
            at.path.pop();
            at.parts.pop();
            at.key.truncate(outer);
        }
    } else {
        places.push(Place { key: at.key.clone(), parts: at.parts.clone(), path: at.path.clone(), node });
    }
}
