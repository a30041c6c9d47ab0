//! A TOML document as it is written: the parser's events, put together to tables.

use std::collections::HashMap;
use std::ops::Range;

use toml_parser::decoder::Encoding;
use toml_parser::parser::{Event, EventKind, parse_document};
use toml_parser::{Source, Span};

use crate::config::edit::change::Form;
use crate::config::edit::error::EditProblem;
use crate::config::edit::outline::{Body, Item, Items, Layout, Leaf, Node, Role};
use crate::config::value::is_json_number;

/// A document, and where new keys of its tables go.
pub(super) struct Outline {
    pub(super) root: Node,
    /// By the number in [`Layout::Table`].
    pub(super) sections: Vec<Section>,
}

/// Where a table is written.
#[derive(Debug, Clone, Default)]
pub(super) struct Section {
    /// The keys that lead to it from the top.
    pub(super) path: Vec<String>,
    /// Whether it is, or lies in, an item of an array of tables, so that its path alone does not name it.
    pub(super) is_of_array: bool,
    /// What its keys begin with below the header: the keys of a table that is written by dotted keys.
    pub(super) prefix: Vec<String>,
    /// The end of its last key and value, or else of its header; none if it has neither.
    pub(super) end: Option<usize>,
    pub(super) header: Option<Range<usize>>,
}

/// The text is one that the parser has read.
pub(super) fn outline(text: &str) -> Option<Outline> {
    let source = Source::new(text);
    let tokens = source.lex().into_vec();
    let mut events: Vec<Event> = Vec::new();
    parse_document(&tokens, &mut |event: Event| events.push(event), &mut ());
    events.retain(|event| !matches!(event.kind(), EventKind::Whitespace | EventKind::Comment | EventKind::Newline));
    let mut builder = Builder {
        text,
        events: events.into_iter().peekable(),
        tables: vec![Table::default()],
        sections: vec![Section::default()],
    };
    let mut current = 0;
    while let Some(event) = builder.events.next() {
        match event.kind() {
            EventKind::StdTableOpen | EventKind::ArrayTableOpen => current = builder.header(&event)?,
            EventKind::SimpleKey => builder.statement(current, &event)?,
            _ => return None,
        }
    }
    let root = builder.node(0)?;
    Some(Outline { root, sections: builder.sections })
}

/// A table, which has the number of its section.
#[derive(Default)]
struct Table {
    fields: Vec<Field>,
    index: HashMap<String, usize>,
}

struct Field {
    key: String,
    name: Range<usize>,
    value: Value,
}

enum Value {
    Node(Node),
    Table(usize),
    /// An array of tables: its own section, and its items.
    Array(usize, Vec<usize>),
}

struct Builder<'t> {
    text: &'t str,
    events: std::iter::Peekable<std::vec::IntoIter<Event>>,
    tables: Vec<Table>,
    sections: Vec<Section>,
}

fn bytes(span: Span) -> Range<usize> {
    span.start()..span.end()
}

impl Builder<'_> {
    fn new_table(&mut self, section: Section) -> usize {
        self.tables.push(Table::default());
        self.sections.push(section);
        self.tables.len() - 1
    }

    /// The table that a key of another leads to, made if it is not there.
    fn table_in(&mut self, outer: usize, key: &str, name: &Range<usize>, prefix: Option<&[String]>) -> Option<usize> {
        if let Some(position) = self.tables[outer].index.get(key) {
            return match &self.tables[outer].fields.get(*position)?.value {
                Value::Table(table) => Some(*table),
                Value::Array(_, items) => items.last().copied(),
                Value::Node(_) => None,
            };
        }
        let outer_section = self.sections.get(outer)?;
        let path = outer_section.path.iter().cloned().chain([key.to_owned()]).collect();
        let prefix = prefix.map(<[String]>::to_vec).unwrap_or_default();
        let section = Section { path, is_of_array: outer_section.is_of_array, prefix, ..Section::default() };
        let table = self.new_table(section);
        self.push(outer, key, name.clone(), Value::Table(table));
        Some(table)
    }

    fn push(&mut self, table: usize, key: &str, name: Range<usize>, value: Value) {
        let table = &mut self.tables[table];
        table.index.insert(key.to_owned(), table.fields.len());
        table.fields.push(Field { key: key.to_owned(), name, value });
    }

    /// The keys of a dotted key, the first of which is at hand.
    fn keys(&mut self, first: &Event) -> Vec<(String, Range<usize>)> {
        let mut keys = vec![(self.key(first), bytes(first.span()))];
        while self.events.next_if(|event| event.kind() == EventKind::KeySep).is_some() {
            if let Some(event) = self.events.next_if(|event| event.kind() == EventKind::SimpleKey) {
                keys.push((self.key(&event), bytes(event.span())));
            }
        }
        keys
    }

    fn key(&self, event: &Event) -> String {
        let raw = self.text.get(bytes(event.span())).unwrap_or_default();
        let mut key = String::new();
        toml_parser::Raw::new_unchecked(raw, event.encoding(), event.span()).decode_key(&mut key, &mut ());
        key
    }

    fn header(&mut self, open: &Event) -> Option<usize> {
        let first = self.events.next_if(|event| event.kind() == EventKind::SimpleKey)?;
        let keys = self.keys(&first);
        let close = self.events.next()?;
        let header = open.span().start()..close.span().end();
        let ((last, name), outer) = keys.split_last()?;
        let mut table = 0;
        for (key, name) in outer {
            table = self.table_in(table, key, name, None)?;
        }
        let found = if open.kind() == EventKind::ArrayTableOpen {
            let position = match self.tables[table].index.get(last) {
                Some(position) => *position,
                None => {
                    let path: Vec<_> = self.sections.get(table)?.path.iter().cloned().chain([last.clone()]).collect();
                    let is_of_array = self.sections.get(table)?.is_of_array;
                    // It has no items of its own.
                    let array = self.new_table(Section { path, is_of_array, ..Section::default() });
                    self.push(table, last, name.clone(), Value::Array(array, Vec::new()));
                    self.tables[table].fields.len() - 1
                }
            };
            let path = self.sections.get(table)?.path.iter().cloned().chain([last.clone()]).collect();
            let item = self.new_table(Section { path, is_of_array: true, ..Section::default() });
            match &mut self.tables[table].fields.get_mut(position)?.value {
                Value::Array(_, items) => items.push(item),
                Value::Node(_) | Value::Table(_) => return None,
            }
            item
        } else {
            self.table_in(table, last, name, None)?
        };
        let section = self.sections.get_mut(found)?;
        section.end = Some(header.end);
        section.header = Some(header);
        Some(found)
    }

    fn statement(&mut self, current: usize, first: &Event) -> Option<()> {
        let keys = self.keys(first);
        self.events.next_if(|event| event.kind() == EventKind::KeyValSep)?;
        let node = self.value()?;
        let end = node.span.end;
        let ((last, name), outer) = keys.split_last()?;
        let name = first.span().start()..name.end;
        let mut tables = vec![current];
        let mut prefix = Vec::new();
        for (key, _) in outer {
            prefix.push(key.clone());
            tables.push(self.table_in(*tables.last()?, key, &name, Some(&prefix))?);
        }
        self.push(*tables.last()?, last, name, Value::Node(node));
        for table in tables {
            self.sections.get_mut(table)?.end = Some(end);
        }
        Some(())
    }

    /// Recursion ends: the parser refuses documents of too many levels.
    fn value(&mut self) -> Option<Node> {
        let event = self.events.next()?;
        let begin = event.span().start();
        match event.kind() {
            EventKind::Scalar => Some(self.scalar(&event)),
            EventKind::ArrayOpen => {
                let mut items = Vec::new();
                loop {
                    let next = self.events.peek()?;
                    match next.kind() {
                        EventKind::ArrayClose => break,
                        EventKind::ValueSep => {
                            self.events.next();
                        }
                        _ => {
                            let node = self.value()?;
                            let name = node.span.start..node.span.start;
                            items.push(Item { key: String::new(), name, node, role: Role::Own });
                        }
                    }
                }
                let end = self.events.next()?.span().end();
                Some(Node { span: begin..end, body: Body::Items(Items::new(true, Layout::Flow, items)) })
            }
            EventKind::InlineTableOpen => {
                let mut inline = Inline::default();
                loop {
                    let next = self.events.next()?;
                    match next.kind() {
                        EventKind::InlineTableClose => {
                            let items = Items::new(false, Layout::Flow, inline.items());
                            return Some(Node { span: begin..next.span().end(), body: Body::Items(items) });
                        }
                        EventKind::SimpleKey => {
                            let keys = self.keys(&next);
                            self.events.next_if(|event| event.kind() == EventKind::KeyValSep)?;
                            let node = self.value()?;
                            inline.insert(&keys, next.span().start(), node)?;
                        }
                        EventKind::ValueSep => {}
                        _ => return None,
                    }
                }
            }
            _ => None,
        }
    }

    fn scalar(&self, event: &Event) -> Node {
        let span = bytes(event.span());
        let raw = self.text.get(span.clone()).unwrap_or_default();
        let is_bare =
            event.encoding().is_none() && !matches!(raw, "true" | "false") && !is_json_number(&raw.replace('_', ""));
        let is_copied = !matches!(event.encoding(), Some(Encoding::MlBasicString | Encoding::MlLiteralString));
        let form = if is_bare { Form::Bare } else { Form::Usual };
        Node { span, body: Body::Leaf(Leaf { form, written: is_copied.then(|| raw.to_owned()) }) }
    }

    /// Recursion ends, as in `value`.
    fn node(&mut self, table: usize) -> Option<Node> {
        let fields = std::mem::take(&mut self.tables.get_mut(table)?.fields);
        let mut items = Vec::with_capacity(fields.len());
        for Field { key, name, value } in fields {
            let node = match value {
                Value::Node(node) => node,
                Value::Table(table) => self.node(table)?,
                Value::Array(section, tables) => {
                    let nodes: Vec<_> = tables.into_iter().map(|table| self.node(table)).collect::<Option<_>>()?;
                    let item = |node| Item { key: String::new(), name: 0..0, node, role: Role::Own };
                    let list = Items::new(true, Layout::Table(section), nodes.into_iter().map(item).collect());
                    Node { span: 0..0, body: Body::Items(list) }
                }
            };
            items.push(Item { key, name, node, role: Role::Own });
        }
        Some(Node { span: 0..0, body: Body::Items(Items::new(false, Layout::Table(table), items)) })
    }
}

/// A table in braces, whose keys may be dotted.
#[derive(Default)]
struct Inline {
    fields: Vec<(String, Range<usize>, InlineValue)>,
}

enum InlineValue {
    Node(Node),
    Dotted(Inline),
}

impl Inline {
    fn insert(&mut self, keys: &[(String, Range<usize>)], start: usize, node: Node) -> Option<()> {
        let ((first, name), rest) = keys.split_first()?;
        let name = start..name.end;
        if rest.is_empty() {
            self.fields.push((first.clone(), name, InlineValue::Node(node)));
            return Some(());
        }
        if !self.fields.iter().any(|(key, ..)| key == first) {
            self.fields.push((first.clone(), name, InlineValue::Dotted(Self::default())));
        }
        match self.fields.iter_mut().find(|(key, ..)| key == first) {
            Some((_, _, InlineValue::Dotted(inner))) => inner.insert(rest, start, node),
            _ => None,
        }
    }

    fn items(self) -> Vec<Item> {
        let item = |(key, name, value): (String, Range<usize>, InlineValue)| {
            let node = match value {
                InlineValue::Node(node) => node,
                InlineValue::Dotted(inner) => {
                    let items = inner.items();
                    let end = items.iter().map(|item| item.span().end).max().unwrap_or(name.end);
                    let items = Items::new(false, Layout::Fixed(EditProblem::Form), items);
                    Node { span: name.start..end, body: Body::Items(items) }
                }
            };
            Item { key, name, node, role: Role::Own }
        };
        self.fields.into_iter().map(item).collect()
    }
}
