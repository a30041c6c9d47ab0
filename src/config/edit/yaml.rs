//! Changes to YAML files.
//!
//! A scalar is replaced where it stands, with its quotes if it has any; a text of several lines becomes a block scalar.
//! An anchor stays. What is there by an alias or a merge key is changed only where the alias itself can be replaced.

mod outline;
mod write;

pub(super) use self::outline::outline;
use self::write::{Context, behind_colon, key, value, within_line};
use super::change::{Form, Step};
use super::error::{EditError, EditProblem};
use super::flow::{Comments, Flow};
use super::outline::{Body, Item, Items, Layout, Leaf, Node};
use super::plan::{New, Patch, Whole, plan};
use crate::splices::Splices;

/// # Errors
/// A key that cannot be changed.
pub(super) fn apply(text: &str, steps: &[Step], separator: &str) -> Result<String, EditError> {
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let first = steps.first().map_or("", |step| step.key.as_str());
    let Some(root) = outline(text) else { return in_empty(text, steps, separator, newline) };
    let patch = plan(&root, steps, separator)?;
    let flow = Flow { text, newline, comments: Comments::Hash, opens: false };
    let mut writer = Writer { text, newline, flow, splices: Splices::new(text, newline) };
    writer.node(&root, &patch, None, false).map_err(|problem| problem.of(first))?;
    writer.splices.apply().ok_or_else(|| EditProblem::Form.of(first))
}

/// Changes to a file of nothing but comments.
fn in_empty(text: &str, steps: &[Step], separator: &str, newline: &'static str) -> Result<String, EditError> {
    let empty = Node { span: 0..0, body: Body::Items(Items::new(false, Layout::Lines, Vec::new())) };
    let patch = plan(&empty, steps, separator)?;
    let first = steps.first().map_or("", |step| step.key.as_str());
    let gap = if text.is_empty() || text.ends_with('\n') { "" } else { newline };
    patch.added.iter().try_fold([text, gap].concat(), |lines, (name, new)| {
        let behind = behind_colon(new, "", "  ", newline, true).ok_or_else(|| EditProblem::Value.of(first))?;
        Ok([&lines, &key(name), ":", &behind, newline].concat())
    })
}

struct Writer<'t> {
    text: &'t str,
    newline: &'static str,
    flow: Flow<'t>,
    splices: Splices<'t>,
}

impl Writer<'_> {
    /// Changes a map or list, which is the value of `outer`.
    fn node(&mut self, node: &Node, patch: &Patch, outer: Option<&Item>, in_flow: bool) -> Result<(), EditProblem> {
        let Body::Items(items) = &node.body else { return Ok(()) };
        let in_flow = in_flow || items.layout != Layout::Lines;
        let mut removes = false;
        for (position, patch) in &patch.items {
            let item = items.items.get(*position).ok_or(EditProblem::Form)?;
            match &patch.whole {
                Some(Whole::Remove) => removes = true,
                Some(Whole::Replace(new)) => self.replace(items, item, new, in_flow)?,
                None => self.node(&item.node, &patch.within, Some(item), in_flow)?,
            }
        }
        if !removes && patch.added.is_empty() {
            return Ok(());
        }
        match items.layout {
            Layout::Fixed(problem) => Err(problem),
            Layout::Flow => self.brackets(node, items, patch).ok_or(EditProblem::Value),
            Layout::Lines | Layout::Table(_) => self.lines(node, items, patch, outer),
        }
    }

    fn brackets(&mut self, node: &Node, items: &Items, patch: &Patch) -> Option<()> {
        let context = Context { in_flow: true, block: None, newline: self.newline, old: "" };
        let write = |_: &str| {
            let added = patch.added.iter().map(|(name, new)| {
                let value = within_line(new, context)?;
                Some(if items.is_list { value } else { format!("{}: {value}", key(name)) })
            });
            added.collect()
        };
        self.flow.change(&node.span, items, patch, write, &mut self.splices)
    }

    /// Gives an item another value.
    fn replace(&mut self, items: &Items, item: &Item, new: &New, in_flow: bool) -> Result<(), EditProblem> {
        let span = item.node.span.clone();
        let colon = || if items.is_list { None } else { self.splices.behind_colon(item.name.end) };
        let indent = self.indent(items, item);
        if span.is_empty() || span.start < item.name.end {
            if items.is_list {
                let blank = if self.text[..span.start].ends_with([' ', '[', ',']) { "" } else { " " };
                let with = [blank, &self.in_line(new, in_flow)?].concat();
                self.splices.replace(span.start..span.start, with);
                return Ok(());
            }
            // There is no value behind the colon, or none that is written.
            let at = colon().ok_or(EditProblem::Form)?;
            let is_last = self.splices.written(&(at..self.end_of_line(at))).trim().is_empty();
            let with = self.behind(new, indent.as_deref().filter(|_| !in_flow && is_last))?;
            // Blanks at the end would belong to a block scalar.
            let end = if with.contains('\n') { self.end_of_line(at) } else { at };
            self.splices.replace(at..end, with);
            return Ok(());
        }
        let written = self.splices.written(&span);
        let Body::Leaf(leaf) = &item.node.body else {
            let is_flow = matches!(&item.node.body, Body::Items(Items { layout: Layout::Flow, .. }));
            let (range, with) = match colon() {
                Some(at) if !is_flow => (at..span.end, self.behind(new, indent.as_deref())?),
                _ => (span, self.in_line(new, in_flow)?),
            };
            self.splices.replace(range, with);
            return Ok(());
        };
        let (properties, old) = properties(written, leaf, new)?;
        let mut range = span.start..span.start + written.trim_end().len();
        let is_last = self.splices.written(&(range.end..self.end_of_line(range.end))).trim().is_empty();
        let is_on_line = self.splices.line_start(item.name.start) == self.splices.line_start(span.start);
        let with = match new {
            New::Held(held) => {
                let inner = indent.map(|indent| indent + self.unit());
                let may_be_block = !in_flow && is_last && is_on_line && self.text.ends_with('\n');
                let block = inner.as_deref().filter(|_| may_be_block);
                value(held, Context { in_flow, block, newline: self.newline, old })
            }
            New::Map(_) | New::List(_) => Some(self.in_line(new, in_flow)?),
        };
        let with = with.ok_or(EditProblem::Value)?;
        if with.contains('\n') {
            // Blanks at the end would belong to a block scalar.
            range.end = self.end_of_line(range.end);
        }
        self.splices.replace(range, properties + &with);
        Ok(())
    }

    /// What follows a colon: a map or list on lines of their own, if the indentation of the key is given.
    fn behind(&self, new: &New, indent: Option<&str>) -> Result<String, EditProblem> {
        match indent {
            Some(indent) => behind_colon(new, indent, self.unit(), self.newline, self.text.ends_with('\n')),
            None => self.in_line(new, true).ok().map(|value| format!(" {value}")),
        }
        .ok_or(EditProblem::Value)
    }

    fn in_line(&self, new: &New, in_flow: bool) -> Result<String, EditProblem> {
        let context = Context { in_flow, block: None, newline: self.newline, old: "" };
        within_line(new, context).ok_or(EditProblem::Value)
    }

    /// Removes and adds lines of a block map or list.
    fn lines(&mut self, node: &Node, items: &Items, patch: &Patch, outer: Option<&Item>) -> Result<(), EditProblem> {
        let is_removed = |position: &usize| {
            patch.items.get(position).is_some_and(|patch| matches!(patch.whole, Some(Whole::Remove)))
        };
        let written: Vec<(usize, &Item)> =
            items.items.iter().enumerate().filter(|(_, item)| item.is_written()).collect();
        let (_, first) = written.first().ok_or(EditProblem::Form)?;
        let indent = self.indent(items, first).ok_or(EditProblem::Form)?;
        let mut added = Vec::new();
        for (name, new) in &patch.added {
            added.push(if items.is_list {
                format!("- {}", self.in_line(new, false)?)
            } else {
                [&key(name), ":", &self.behind(new, Some(&indent))?].concat()
            });
        }
        let Some((_, last_kept)) = written.iter().rev().find(|(position, _)| !is_removed(position)) else {
            return self.all(node, items, &added, &indent, outer);
        };
        let first_kept = written.iter().position(|(position, _)| !is_removed(position)).unwrap_or_default();
        let mut done = 0;
        for (order, (position, item)) in written.iter().enumerate() {
            if order < done || !is_removed(position) {
                continue;
            }
            let start = self.start(items, item).ok_or(EditProblem::Form)?;
            let line = self.splices.line_start(start);
            if self.splices.written(&(line..start)).trim_start_matches('\u{feff}').trim().is_empty() {
                self.splices.replace(line..self.splices.next_line(item.span().end), "");
            } else if order == 0 {
                // The first field of a list's item stands behind its dash, and the next one takes its place.
                let (_, next) = written.get(first_kept).ok_or(EditProblem::Form)?;
                self.splices.replace(start..self.start(items, next).ok_or(EditProblem::Form)?, "");
                done = first_kept;
            } else {
                return Err(EditProblem::Form);
            }
        }
        if !added.is_empty() {
            let lines: Vec<_> = added.iter().map(|line| [&indent, line.as_str()].concat()).collect();
            self.splices.lines_below(last_kept.span().end, &lines);
        }
        Ok(())
    }

    /// Replaces all items.
    fn all(
        &mut self,
        node: &Node,
        items: &Items,
        added: &[String],
        indent: &str,
        outer: Option<&Item>,
    ) -> Result<(), EditProblem> {
        let written: Vec<_> = items.items.iter().filter(|item| item.is_written()).collect();
        let (Some(first), Some(last)) = (written.first(), written.last()) else { return Err(EditProblem::Form) };
        let start = self.start(items, first).ok_or(EditProblem::Form)?;
        let end = start + self.splices.written(&(start..last.span().end)).trim_end().len();
        if !added.is_empty() {
            self.splices.replace(start..end, added.join(&[self.newline, indent].concat()));
            return Ok(());
        }
        let empty = if items.is_list { "[]" } else { "{}" };
        let colon = outer.and_then(|outer| self.splices.behind_colon(outer.name.end));
        match (outer, colon) {
            (None, _) => {
                for item in written {
                    let line = self.splices.line_start(self.start(items, item).ok_or(EditProblem::Form)?);
                    self.splices.replace(line..self.splices.next_line(item.span().end), "");
                }
            }
            (Some(outer), Some(colon)) if outer.name.end <= colon && colon <= node.span.start => {
                let between = self.splices.written(&(colon..start));
                if between.trim().is_empty() {
                    self.splices.replace(colon..end, format!(" {empty}"));
                } else {
                    // Behind a comment. It must be indented more than the key.
                    let empty = [self.unit(), empty].concat();
                    self.splices.replace(start..end, empty);
                }
            }
            _ => self.splices.replace(start..end, empty),
        }
        Ok(())
    }

    /// Where an item begins: with its key, or its dash.
    fn start(&self, items: &Items, item: &Item) -> Option<usize> {
        if items.is_list { self.splices.dash(item.name.start) } else { Some(item.name.start) }
    }

    /// The blanks that a line of the map or list begins with; none if items do not begin lines.
    fn indent(&self, items: &Items, item: &Item) -> Option<String> {
        if items.layout != Layout::Lines {
            return None;
        }
        self.splices.column(self.start(items, item)?).map(|column| " ".repeat(column))
    }

    fn unit(&self) -> &str {
        let unit = self.flow.unit();
        if unit.contains('\t') { "  " } else { unit }
    }

    fn end_of_line(&self, at: usize) -> usize {
        self.text[at..].find(['\n', '\r']).map_or(self.text.len(), |end| at + end)
    }
}

/// The anchor of a scalar, which stays, and the scalar without its anchor and tag.
fn properties<'t>(written: &'t str, leaf: &Leaf, new: &New) -> Result<(String, &'t str), EditProblem> {
    let mut rest = written;
    let mut anchors = String::new();
    while rest.starts_with(['&', '!']) {
        let (property, after) = rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len()));
        if property.starts_with('&') {
            anchors += &[property, " "].concat();
        }
        rest = after.trim_start();
    }
    let is_told = matches!(new, New::Held(held) if held.written.is_some() || held.form != Form::Usual);
    if matches!(leaf.form, Form::Tagged(_)) && !is_told {
        return Err(EditProblem::Form);
    }
    Ok((anchors, rest))
}

#[cfg(test)]
mod tests;
