//! From a nested document to flat entries.
//!
//! A key's parts are joined with a separator; a list's parts are its indices from 0; an empty list or map gives no
//! key. Here the size of a document with all its aliases written out is checked against the limits.

use std::collections::{HashMap, HashSet};

use super::error::{MeetingKeys, ParseError, ParseProblem};
use super::limits::MOST_VALUES;
use super::parsed::{Parsed, Unkeyed, Warning};
use super::tree::{Content, Tree};
use super::{Entry, Value};
use crate::excerpt::excerpt;

/// The longest joined key, in bytes.
const LONGEST_KEY: usize = 1024;
/// The most bytes that all keys and values may have together.
const MOST_TEXT: usize = 20 * 1024 * 1024;

pub(super) fn flatten(document: &Tree, separator: &str) -> Result<Parsed, ParseError> {
    let mut flattener = Flattener {
        document,
        separator,
        key: String::new(),
        joins: 0,
        parsed: Parsed::default(),
        positions: HashMap::new(),
        left_out: Vec::new(),
        visited: 0,
        text: 0,
    };
    match &document.content {
        Content::Map(_) => flattener.visit(document, document.line, true)?,
        // An empty YAML document is null.
        Content::Value(value) if *value == Value::null() => {}
        Content::Value(_) | Content::List(_) => {
            flattener.parsed.warnings.push(Warning::NotAMap);
            flattener.left_out.push(document);
        }
    }
    let Flattener { mut parsed, left_out, .. } = flattener;
    parsed.unkeyed = values(left_out);
    Ok(parsed)
}

/// The values of trees that no key leads to. Of what aliases share, each once: so they are no more than the text has.
pub(super) fn values<'t>(trees: impl IntoIterator<Item = &'t Tree>) -> Vec<Unkeyed> {
    let mut values = Vec::new();
    let mut visited = HashSet::new();
    let mut open: Vec<&Tree> = trees.into_iter().collect();
    open.reverse();
    while let Some(tree) = open.pop() {
        if !matches!(tree.content, Content::Value(_)) && !visited.insert(std::ptr::from_ref(tree)) {
            continue;
        }
        match &tree.content {
            Content::Value(value) => values.push(Unkeyed::Value(value.clone())),
            Content::List(items) => open.extend(items.iter().rev().map(|item| &**item)),
            Content::Map(fields) => open.extend(fields.iter().rev().map(|field| &*field.tree)),
        }
    }
    values
}

struct Flattener<'s> {
    document: &'s Tree,
    separator: &'s str,
    /// The key of what is visited.
    key: String,
    /// How many separators are in it for its parts.
    joins: usize,
    parsed: Parsed,
    /// Where each key stands among the entries.
    positions: HashMap<String, usize>,
    /// What has no key.
    left_out: Vec<&'s Tree>,
    visited: usize,
    text: usize,
}

impl<'s> Flattener<'s> {
    /// Recursion ends: the readers refuse trees of more than a hundred levels.
    fn visit(&mut self, tree: &'s Tree, line: usize, is_top: bool) -> Result<(), ParseError> {
        self.visited += 1;
        if self.visited > MOST_VALUES {
            return Err(ParseProblem::TooManyValues.at_line(line));
        }
        match &tree.content {
            Content::Value(value) => self.add(value, line),
            Content::List(items) => items
                .iter()
                .enumerate()
                .try_for_each(|(index, item)| self.descend(&index.to_string(), item, item.line, is_top)),
            Content::Map(fields) => {
                fields.iter().try_for_each(|field| self.descend(&field.key, &field.tree, field.line, is_top))
            }
        }
    }

    fn descend(&mut self, part: &str, tree: &'s Tree, line: usize, at_top: bool) -> Result<(), ParseError> {
        let outer = self.key.len();
        if !at_top {
            self.key.push_str(self.separator);
        }
        if self.key.len() + part.len() > LONGEST_KEY {
            let beginning = excerpt(if outer == 0 { part } else { &self.key });
            self.parsed.warnings.push(Warning::KeyTooLong { beginning, line });
            self.left_out.push(tree);
        } else {
            self.key.push_str(part);
            self.joins += usize::from(!at_top);
            self.visit(tree, line, false)?;
            self.joins -= usize::from(!at_top);
        }
        self.key.truncate(outer);
        Ok(())
    }

    fn add(&mut self, value: &Value, line: usize) -> Result<(), ParseError> {
        if let Some(position) = self.positions.get(&self.key) {
            let first = &self.parsed.entries[*position];
            if first.value.text == value.text {
                return Ok(());
            }
            let first_line = (first.line > 0).then_some(first.line);
            let [first, second] = self.paths();
            let keys = MeetingKeys { key: excerpt(&self.key), first, first_line, second };
            return Err(ParseProblem::KeysMeet(Box::new(keys)).at_line(line));
        }
        self.text += self.key.len() + value.text.expose().len();
        if self.text > MOST_TEXT {
            return Err(ParseProblem::TooLarge.at_line(line));
        }
        self.positions.insert(self.key.clone(), self.parsed.entries.len());
        let entry = Entry::new(self.key.clone(), value.clone(), line);
        self.parsed.entries.push(Entry { joins: self.joins, ..entry });
        Ok(())
    }

    /// The first two keys of the document that become the present one, as they are written.
    fn paths(&self) -> [String; 2] {
        let mut found = Vec::new();
        self.find(self.document, &self.key, &mut Vec::new(), &mut found);
        let mut found = found.into_iter();
        [found.next().unwrap_or_default(), found.next().unwrap_or_default()]
    }

    /// Looks for keys of which `rest` remains. It goes the way of `visit`, and leaves out what cannot match, so it
    /// takes no longer.
    fn find(&self, tree: &Tree, rest: &str, path: &mut Vec<String>, found: &mut Vec<String>) {
        let mut descend = |part: &str, tree: &Tree| {
            let rest = if path.is_empty() { Some(rest) } else { rest.strip_prefix(self.separator) };
            let Some(rest) = rest.and_then(|rest| rest.strip_prefix(part)).filter(|_| found.len() < 2) else { return };
            path.push(format!("{:?}", excerpt(part)));
            self.find(tree, rest, path, found);
            path.pop();
        };
        match &tree.content {
            Content::Value(_) if rest.is_empty() => found.push(excerpt(&path.join(" › "))),
            Content::Value(_) => {}
            Content::List(items) => {
                items.iter().enumerate().for_each(|(index, item)| descend(&index.to_string(), item));
            }
            Content::Map(fields) => fields.iter().for_each(|field| descend(&field.key, &field.tree)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::config::tree::Field;

    fn text(value: &str) -> Rc<Tree> {
        Tree::value(Value::text(value), 0)
    }

    fn map(fields: &[(&str, &Rc<Tree>)]) -> Rc<Tree> {
        let fields =
            fields.iter().map(|(key, tree)| Field { key: (*key).into(), line: 0, tree: Rc::clone(tree) }).collect();
        Tree::map(fields, 0)
    }

    fn pairs(tree: &Tree, separator: &str) -> Vec<(String, String)> {
        let parsed = flatten(tree, separator).unwrap();
        assert_eq!(parsed.warnings, []);
        parsed.entries.into_iter().map(|entry| (entry.key, entry.value.text.into_exposed())).collect()
    }

    fn pair(key: &str, value: &str) -> (String, String) {
        (key.to_owned(), value.to_owned())
    }

    #[test]
    fn parts_are_joined_and_lists_counted_from_zero() {
        let list = Tree::list(vec![text("x"), map(&[("n", &text("y"))])], 0);
        let document = map(&[("db", &map(&[("host", &text("h"))])), ("flags", &list)]);
        assert_eq!(pairs(&document, "_"), [pair("db_host", "h"), pair("flags_0", "x"), pair("flags_1_n", "y")]);
        assert_eq!(pairs(&document, "")[0], pair("dbhost", "h"));
        assert_eq!(pairs(&document, "__")[2], pair("flags__1__n", "y"));
    }

    #[test]
    fn empty_containers_give_no_key_and_an_empty_part_is_a_part() {
        let document =
            map(&[("a", &map(&[])), ("b", &Tree::list(vec![], 0)), ("c", &map(&[("", &text("1"))])), ("", &text("2"))]);
        assert_eq!(pairs(&document, "_"), [pair("c_", "1"), pair("", "2")]);
    }

    #[test]
    fn keys_below_an_empty_one_are_told_from_those_at_the_top() {
        let document = map(&[("a", &text("1")), ("", &map(&[("a", &text("2"))]))]);
        assert_eq!(pairs(&document, "_"), [pair("a", "1"), pair("_a", "2")]);
    }

    #[test]
    fn two_paths_to_one_key_must_agree() {
        let document = |value: &str| map(&[("a_b", &text("1")), ("a", &map(&[("b", &text(value))]))]);
        assert_eq!(pairs(&document("1"), "_"), [pair("a_b", "1")]);
        let error = flatten(&document("hunter2"), "_").unwrap_err();
        assert_eq!(
            error.to_string(),
            "\"a_b\" and \"a\" › \"b\" both become the key \"a_b\", with different values. Set the input `separator` to a \
             text that keeps them apart"
        );
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }

    #[test]
    fn keys_that_meet_are_named_as_they_are_written() {
        let list = Tree::list(vec![text("1"), map(&[("n", &text("2"))])], 0);
        let said = |document: &Tree, separator: &str| flatten(document, separator).unwrap_err().to_string();
        let document = map(&[("x", &text("0")), ("a", &list), ("a-1-n", &text("3"))]);
        assert!(said(&document, "-").starts_with("\"a\" › \"1\" › \"n\" and \"a-1-n\" both become the key \"a-1-n\","));
        let document = map(&[("", &map(&[("a", &text("1"))])), ("a", &map(&[("", &text("2"))]))]);
        assert!(said(&document, "").starts_with("\"\" › \"a\" and \"a\" › \"\" both become the key \"a\","));
        let document = map(&[("a", &map(&[("b_c", &text("1"))])), ("a_b", &map(&[("c", &text("2"))]))]);
        assert!(said(&document, "_").starts_with("\"a\" › \"b_c\" and \"a_b\" › \"c\" both become"));
    }

    #[test]
    fn a_document_that_is_no_map_has_no_keys() {
        for document in [text("x"), Tree::list(vec![text("x")], 0)] {
            let parsed = flatten(&document, "_").unwrap();
            assert_eq!((parsed.entries.len(), parsed.warnings), (0, vec![Warning::NotAMap]));
        }
        assert_eq!(flatten(&Tree::value(Value::null(), 1), "_").unwrap(), Parsed::default());
    }

    #[test]
    fn a_key_that_is_too_long_is_left_out_with_what_lies_below() {
        let (longest, long) = ("k".repeat(1_024), "k".repeat(1_022));
        let document = map(&[(&longest, &text("0")), (&long, &map(&[("xx", &text("1"))])), ("b", &text("2"))]);
        let parsed = flatten(&document, "_").unwrap();
        assert_eq!(parsed.entries.len(), 2);
        assert_eq!(parsed.warnings, [Warning::KeyTooLong { beginning: "k".repeat(200) + "…", line: 0 }]);
    }

    #[test]
    fn shared_nodes_are_counted_wherever_they_are_used() {
        let ten = |tree: &Rc<Tree>| Tree::list(vec![Rc::clone(tree); 10], 0);
        let empty = Tree::list(vec![], 0);
        let hundred_million = (0..8).fold(empty, |tree, _| ten(&tree));
        let error = flatten(&map(&[("a", &hundred_million)]), "_").unwrap_err();
        assert_eq!(error.problem, ParseProblem::TooManyValues);

        let megabyte = text(&"x".repeat(1024 * 1024));
        let error = flatten(&map(&[("a", &Tree::list(vec![megabyte; 70], 0))]), "_").unwrap_err();
        assert_eq!(error.problem, ParseProblem::TooLarge);
    }
}
