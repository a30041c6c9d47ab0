//! Changes to JSON files, with their comments and commas.

use super::change::{Content, Form, Held, Step};
use super::error::{EditError, EditProblem};
use super::flow::{Comments, Flow};
use super::outline::{Body, Item, Items, Layout, Leaf, Node, Role};
use super::plan::{New, Patch, Whole, plan};
use crate::config::ValueKind;
use crate::splices::Splices;

/// # Errors
/// A key that cannot be changed.
pub(super) fn apply(text: &str, steps: &[Step], separator: &str) -> Result<String, EditError> {
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let first = steps.first().map_or("", |step| step.key.as_str());
    let Some(root) = outline(text) else {
        // Nothing but blanks and comments.
        let new = [text.trim_end(), if text.trim_end().is_empty() { "" } else { newline }, "{}", newline].concat();
        return match outline(&new) {
            Some(_) => apply(&new, steps, separator),
            None => Err(EditProblem::Form.of(first)),
        };
    };
    let patch = plan(&root, steps, separator)?;
    let flow = Flow { text, newline, comments: Comments::Slashes, opens: true };
    let mut writer = Writer { flow, splices: Splices::new(text, newline) };
    writer.node(&root, &patch).and_then(|()| writer.splices.apply()).ok_or_else(|| EditProblem::Value.of(first))
}

struct Writer<'t> {
    flow: Flow<'t>,
    splices: Splices<'t>,
}

impl Writer<'_> {
    fn node(&mut self, node: &Node, patch: &Patch) -> Option<()> {
        let Body::Items(items) = &node.body else { return Some(()) };
        let mut removes = false;
        for (position, patch) in &patch.items {
            let item = items.items.get(*position)?;
            match &patch.whole {
                Some(Whole::Remove) => removes = true,
                Some(Whole::Replace(new)) => {
                    let line = self.flow.indent(item.node.span.start);
                    let with = written(&self.flow, new, line.unwrap_or_default(), line.is_some())?;
                    self.splices.replace(item.node.span.clone(), with);
                }
                None => self.node(&item.node, &patch.within)?,
            }
        }
        if !removes && patch.added.is_empty() {
            return Some(());
        }
        let Self { flow, splices } = self;
        let write = |indent: &str| {
            let added = patch.added.iter().map(|(key, new)| {
                let value = written(flow, new, indent, !indent.is_empty())?;
                if items.is_list { Some(value) } else { Some(format!("{}: {value}", string(key)?)) }
            });
            added.collect()
        };
        flow.change(&node.span, items, patch, write, splices)
    }
}

/// A new value; if it is a map or list, with a line for each item.
fn written(flow: &Flow<'_>, new: &New, indent: &str, on_lines: bool) -> Option<String> {
    let inner = format!("{indent}{}", flow.unit());
    let (brackets, items): (_, Vec<String>) = match new {
        New::Held(held) => return scalar(held),
        New::Map(fields) => {
            let field = |(key, new): &(String, New)| {
                Some(format!("{}: {}", string(key)?, written(flow, new, &inner, on_lines)?))
            };
            (["{", "}"], fields.iter().map(field).collect::<Option<_>>()?)
        }
        New::List(items) => {
            (["[", "]"], items.iter().map(|new| written(flow, new, &inner, on_lines)).collect::<Option<_>>()?)
        }
    };
    let [open, close] = brackets;
    Some(if on_lines {
        let line = [flow.newline, &inner].concat();
        [open, &line, &items.join(&format!(",{line}")), flow.newline, indent, close].concat()
    } else {
        [open, &items.join(", "), close].concat()
    })
}

fn scalar(held: &Held) -> Option<String> {
    if let Some(written) = &held.written {
        return Some(written.expose().clone());
    }
    match &held.content {
        Content::EmptyMap => Some("{}".to_owned()),
        Content::EmptyList => Some("[]".to_owned()),
        Content::Value(value) => match value.kind {
            ValueKind::Text => string(value.text.expose()),
            ValueKind::Number | ValueKind::Bool => Some(value.text.expose().clone()),
            ValueKind::Null => Some("null".to_owned()),
        },
    }
}

fn string(text: &str) -> Option<String> {
    serde_json::to_string(text).ok()
}

/// The document as it is written. None if there is none, or one that the parser refuses.
pub(super) fn outline(text: &str) -> Option<Node> {
    let mut scanner = Scanner { text, at: 0 };
    scanner.skip();
    scanner.value()
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
}

/// The text is one that the parser has read.
impl<'t> Scanner<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Skips blanks and comments.
    fn skip(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start_matches([' ', '\t', '\n', '\r']);
            self.at += rest.len() - trimmed.len();
            let length = if trimmed.starts_with("//") {
                trimmed.find(['\n', '\r']).unwrap_or(trimmed.len())
            } else if let Some(comment) = trimmed.strip_prefix("/*") {
                comment.find("*/").map_or(trimmed.len(), |end| end + 4)
            } else {
                return;
            };
            self.at += length;
        }
    }

    fn take(&mut self, mark: char) -> bool {
        let is_next = self.rest().starts_with(mark);
        self.at += usize::from(is_next);
        is_next
    }

    /// Recursion ends: the parser refuses documents of more than a hundred levels.
    fn value(&mut self) -> Option<Node> {
        let begin = self.at;
        if self.take('{') {
            return self.items(begin, '}');
        }
        if self.take('[') {
            return self.items(begin, ']');
        }
        let length = if self.rest().starts_with('"') {
            self.string()?
        } else {
            self.rest()
                .find([' ', '\t', '\r', '\n', ',', ':', '{', '}', '[', ']', '"', '/'])
                .unwrap_or(self.rest().len())
        };
        self.at += length;
        let span = begin..self.at;
        let written = Some(self.text.get(span.clone())?.to_owned()).filter(|written| !written.is_empty())?;
        Some(Node { span, body: Body::Leaf(Leaf { form: Form::Usual, written: Some(written) }) })
    }

    /// The length of a string, quotes included.
    fn string(&self) -> Option<usize> {
        let bytes = self.rest().as_bytes();
        let mut at = 1;
        loop {
            match bytes.get(at)? {
                b'"' => return Some(at + 1),
                b'\\' => at += 2,
                _ => at += 1,
            }
        }
    }

    fn items(&mut self, begin: usize, close: char) -> Option<Node> {
        let is_list = close == ']';
        let mut items: Vec<Item> = Vec::new();
        let mut positions = std::collections::HashMap::new();
        loop {
            self.skip();
            if self.take(close) {
                break;
            }
            let start = self.at;
            let (key, name) = if is_list {
                (String::new(), start..start)
            } else {
                let length = self.string()?;
                self.at += length;
                let name = start..self.at;
                let key = serde_json::from_str(self.text.get(name.clone())?).ok()?;
                self.skip();
                self.take(':').then_some(())?;
                self.skip();
                (key, name)
            };
            let node = self.value()?;
            if !is_list && let Some(earlier) = positions.insert(key.clone(), items.len()) {
                items.get_mut(earlier).map(|item: &mut Item| item.role = Role::Replaced)?;
            }
            items.push(Item { key, name, node, role: Role::Own });
            self.skip();
            self.take(',');
        }
        Some(Node { span: begin..self.at, body: Body::Items(Items::new(is_list, Layout::Flow, items)) })
    }
}

#[cfg(test)]
mod tests;
