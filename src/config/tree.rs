//! Nested documents of any format, before they are flattened.
//!
//! Nodes are shared, so that an alias needs no copy. `flatten` counts how large the document is with all aliases
//! written out.

use std::collections::HashSet;
use std::fmt;
use std::rc::Rc;

use super::Value;
use super::error::ParseProblem;
use super::limits::{DEEPEST, MOST_VALUES};

/// A node of a nested document: a value, a list or a map.
pub(super) struct Tree {
    /// Its line, from 1; 0 where that is unknown.
    pub(super) line: usize,
    /// How many levels of maps and lists it is.
    pub(super) height: usize,
    pub(super) content: Content,
}

/// The content of a node.
pub(super) enum Content {
    /// A scalar.
    Value(Value),
    /// A list's items.
    List(Vec<Rc<Tree>>),
    /// A map's fields, in order, no key twice.
    Map(Vec<Field>),
}

/// A key and what it holds.
#[derive(Clone)]
pub(super) struct Field {
    pub(super) key: Rc<str>,
    /// The key's line, from 1; 0 where that is unknown.
    pub(super) line: usize,
    pub(super) tree: Rc<Tree>,
}

impl Tree {
    pub(super) fn value(value: Value, line: usize) -> Rc<Self> {
        Rc::new(Self { line, height: 0, content: Content::Value(value) })
    }

    pub(super) fn list(items: Vec<Rc<Self>>, line: usize) -> Rc<Self> {
        let height = 1 + items.iter().map(|item| item.height).max().unwrap_or(0);
        Rc::new(Self { line, height, content: Content::List(items) })
    }

    pub(super) fn map(fields: Vec<Field>, line: usize) -> Rc<Self> {
        let height = 1 + fields.iter().map(|field| field.tree.height).max().unwrap_or(0);
        Rc::new(Self { line, height, content: Content::Map(fields) })
    }
}

impl fmt::Debug for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tree(…)")
    }
}

/// The fields of a map that others are merged into.
pub(super) struct Fields {
    fields: Vec<Field>,
    keys: HashSet<Rc<str>>,
}

impl From<Vec<Field>> for Fields {
    fn from(fields: Vec<Field>) -> Self {
        let keys = fields.iter().map(|field| Rc::clone(&field.key)).collect();
        Self { fields, keys }
    }
}

impl Fields {
    /// Adds a field unless its key is there already. Says whether it did.
    pub(super) fn push_if_new(&mut self, field: &Field) -> bool {
        let is_new = self.keys.insert(Rc::clone(&field.key));
        if is_new {
            self.fields.push(field.clone());
        }
        is_new
    }

    pub(super) fn into_fields(self) -> Vec<Field> {
        self.fields
    }
}

/// Counts the values, lists and maps of a document that is being read.
#[derive(Default)]
pub(super) struct Count {
    values: usize,
}

impl Count {
    pub(super) const fn new(values: usize) -> Self {
        Self { values }
    }

    /// Some more values, lists, maps or fields.
    pub(super) fn add(&mut self, more: usize) -> Result<(), ParseProblem> {
        self.values = self.values.saturating_add(more);
        if self.values > MOST_VALUES { Err(ParseProblem::TooManyValues) } else { Ok(()) }
    }
}

/// Refuses a node of `height` levels that lies inside `outside` others, if these are more than [`DEEPEST`] together.
pub(super) const fn check_depth(outside: usize, height: usize) -> Result<(), ParseProblem> {
    if outside + height > DEEPEST { Err(ParseProblem::TooDeep) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_says_nothing_of_the_document() {
        let tree = Tree::value(Value::text("hunter2"), 1);
        assert!(!format!("{tree:?}").contains("hunter2"));
    }
}
