//! Changes to TOML files.
//!
//! A value is replaced where it stands. A new key goes below the last one of its table: by its own name, or dotted if
//! that is how the table is written. A new table gets a header at the end of the file.

mod outline;
mod write;

use self::outline::{Outline, Section};
use self::write::{dotted, in_line, key, statements};
use super::change::Step;
use super::error::{EditError, EditProblem};
use super::flow::{Comments, Flow};
use super::outline::{Body, Item, Items, Layout, Node};
use super::plan::{New, Patch, Whole, plan};
use crate::splices::Splices;

/// # Errors
/// A key that cannot be changed.
pub(super) fn apply(text: &str, steps: &[Step], separator: &str) -> Result<String, EditError> {
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let first = steps.first().map_or("", |step| step.key.as_str());
    let Outline { root, sections } = outline::outline(text).ok_or_else(|| EditProblem::Form.of(first))?;
    let patch = plan(&root, steps, separator)?;
    let flow = Flow { text, newline, comments: Comments::Hash, opens: false };
    let mut writer =
        Writer { text, newline, flow, sections, splices: Splices::new(text, newline), tail: String::new() };
    writer.node(&root, &patch).map_err(|problem| problem.of(first))?;
    let Writer { splices, tail, .. } = writer;
    let mut changed = splices.apply().ok_or_else(|| EditProblem::Form.of(first))?;
    if !tail.is_empty() {
        let gap = if changed.is_empty() || changed.ends_with('\n') { "" } else { newline };
        let tail = if changed.is_empty() { tail.trim_start() } else { tail.as_str() };
        changed += &[gap, tail].concat();
    }
    Ok(changed)
}

pub(super) fn outline(text: &str) -> Option<Node> {
    outline::outline(text).map(|outline| outline.root)
}

struct Writer<'t> {
    text: &'t str,
    newline: &'static str,
    flow: Flow<'t>,
    sections: Vec<Section>,
    splices: Splices<'t>,
    /// New tables.
    tail: String,
}

impl Writer<'_> {
    fn node(&mut self, node: &Node, patch: &Patch) -> Result<(), EditProblem> {
        let Body::Items(items) = &node.body else { return Ok(()) };
        match items.layout {
            Layout::Table(section) => self.table(section, items, patch),
            Layout::Flow | Layout::Lines | Layout::Fixed(_) => self.brackets(node, items, patch),
        }
    }

    fn brackets(&mut self, node: &Node, items: &Items, patch: &Patch) -> Result<(), EditProblem> {
        let mut removes = false;
        for (position, patch) in &patch.items {
            let item = items.items.get(*position).ok_or(EditProblem::Form)?;
            match &patch.whole {
                Some(Whole::Remove) => removes = true,
                Some(Whole::Replace(new)) => self.replace(item, new)?,
                None => self.node(&item.node, &patch.within)?,
            }
        }
        if !removes && patch.added.is_empty() {
            return Ok(());
        }
        let write = |_: &str| {
            let added = patch.added.iter().map(|(name, new)| {
                let value = in_line(new, "")?;
                Some(if items.is_list { value } else { format!("{} = {value}", key(name)) })
            });
            added.collect()
        };
        self.flow.change(&node.span, items, patch, write, &mut self.splices).ok_or(EditProblem::Value)
    }

    fn replace(&mut self, item: &Item, new: &New) -> Result<(), EditProblem> {
        let span = item.node.span.clone();
        let with = in_line(new, self.splices.written(&span)).ok_or(EditProblem::Value)?;
        self.splices.replace(span, with);
        Ok(())
    }

    fn table(&mut self, section: usize, items: &Items, patch: &Patch) -> Result<(), EditProblem> {
        let mut added: Vec<(&str, &New)> = Vec::new();
        for (position, patch) in &patch.items {
            let item = items.items.get(*position).ok_or(EditProblem::Form)?;
            match (&patch.whole, &item.node.body) {
                (Some(Whole::Remove), _) => self.remove(item),
                (None, _) => self.node(&item.node, &patch.within)?,
                (Some(Whole::Replace(new)), Body::Leaf(_) | Body::Items(Items { layout: Layout::Flow, .. })) => {
                    self.replace(item, new)?;
                }
                (Some(Whole::Replace(_)), Body::Items(_)) if items.is_list => return Err(EditProblem::Form),
                (Some(Whole::Replace(new)), Body::Items(_)) => {
                    self.remove(item);
                    added.push((&item.key, new));
                }
            }
        }
        added.extend(patch.added.iter().map(|(key, new)| (key.as_str(), new)));
        let section = self.sections.get(section).ok_or(EditProblem::Form)?.clone();
        let mut lines = Vec::new();
        for (name, new) in added {
            let path: Vec<_> = section.path.iter().cloned().chain((!items.is_list).then(|| name.to_owned())).collect();
            match new {
                New::Map(fields) if items.is_list && !section.is_of_array => self.header("[[", &path, "]]", fields)?,
                _ if items.is_list => return Err(EditProblem::Form),
                New::Map(fields) if section.prefix.is_empty() && !section.is_of_array => {
                    self.header("[", &path, "]", fields)?;
                }
                _ => {
                    let keys: Vec<_> = section.prefix.iter().cloned().chain([name.to_owned()]).collect();
                    statements(&keys, new, &mut lines).ok_or(EditProblem::Value)?;
                }
            }
        }
        if lines.is_empty() {
            return Ok(());
        }
        match section.end {
            Some(end) => self.splices.lines_below(end, &lines),
            None if section.path.is_empty() => self.above_headers(&[], &lines),
            None if section.is_of_array => return Err(EditProblem::Form),
            // The parser would give a table that gets its header later another place among its siblings.
            None => {
                let header = ["[", &dotted(&section.path), "]"].concat();
                lines.insert(0, header);
                self.above_headers(&section.path, &lines);
            }
        }
        Ok(())
    }

    /// A new table.
    fn header(
        &mut self,
        open: &str,
        path: &[String],
        close: &str,
        fields: &[(String, New)],
    ) -> Result<(), EditProblem> {
        let mut lines = Vec::new();
        for (name, new) in fields {
            statements(std::slice::from_ref(name), new, &mut lines).ok_or(EditProblem::Value)?;
        }
        self.tail += &self.with_header(open, path, close, &lines);
        Ok(())
    }

    fn with_header(&self, open: &str, path: &[String], close: &str, lines: &[String]) -> String {
        let newline = self.newline;
        let lines: String = lines.iter().map(|line| [line, newline].concat()).collect();
        [newline, open, &dotted(path), close, newline, &lines].concat()
    }

    /// Puts lines above the first header of a table or of one within, and above the comment that is that header's own.
    fn above_headers(&mut self, path: &[String], lines: &[String]) {
        let within = self.sections.iter().filter(|section| section.path.starts_with(path));
        let first = within.filter_map(|section| section.header.as_ref()).map(|header| header.start).min();
        let Some(first) = first else {
            self.splices.lines_below(self.text.len(), lines);
            return;
        };
        let mut at = self.splices.line_start(first);
        while let Some(above) = at.checked_sub(1) {
            let line = self.splices.line_start(above);
            if !self.splices.written(&(line..above)).trim_start().starts_with('#') {
                break;
            }
            at = line;
        }
        let text: String = lines.iter().map(|line| [line, self.newline].concat()).collect();
        self.splices.replace(at..at, text + self.newline);
    }

    /// Removes a key with its line, or a table with all its lines.
    fn remove(&mut self, item: &Item) {
        let range = match &item.node.body {
            Body::Items(items @ Items { layout: Layout::Table(section), .. }) => {
                items.items.iter().for_each(|item| self.remove(item));
                self.sections.get(*section).and_then(|section| section.header.clone())
            }
            _ => Some(item.span()),
        };
        if let Some(range) = range {
            self.splices.replace(self.splices.line_start(range.start)..self.splices.next_line(range.end), "");
        }
    }
}

#[cfg(test)]
mod tests;
