//! Decides where in a nested document each change is made.

mod new;
mod parts;

use std::collections::{BTreeMap, HashMap};

pub(super) use self::new::New;
use self::parts::new_parts;
use super::change::{Held, Part, Step};
use super::error::{EditError, EditProblem};
use super::outline::{Body, Item, Items, Layout, Node, Place, Role, places};

/// The changes of a map or list.
#[derive(Default)]
pub(super) struct Patch {
    /// By the position of the item.
    pub(super) items: BTreeMap<usize, ItemPatch>,
    /// New items; in a list their keys are empty.
    pub(super) added: Vec<(String, New)>,
}

/// The change of an item.
#[derive(Default)]
pub(super) struct ItemPatch {
    pub(super) whole: Option<Whole>,
    /// What changes within, if it is not changed as a whole.
    pub(super) within: Patch,
}

pub(super) enum Whole {
    Remove,
    Replace(New),
}

/// Finds the places of all changes.
///
/// # Errors
/// A key that is not there, or whose place is not certain.
pub(super) fn plan(root: &Node, steps: &[Step], separator: &str) -> Result<Patch, EditError> {
    let first = steps.first().map_or("", |step| step.key.as_str());
    let Body::Items(top) = &root.body else { return Err(EditProblem::NoKeys.of(first)) };
    let mut by_key: HashMap<String, Vec<Place<'_>>> = HashMap::new();
    for place in places(root, separator) {
        by_key.entry(place.key.clone()).or_default().push(place);
    }
    let mut patch = Patch::default();
    let prunes = steps.iter().any(|step| step.prunes);
    let known = |step: &Step| {
        let places = by_key.get(&step.key).map(Vec::as_slice).unwrap_or_default();
        let (values, empty): (Vec<_>, Vec<_>) = places.iter().partition(|place| place.empty().is_none());
        if values.is_empty() && prunes { empty } else { values }
    };
    for step in steps.iter().filter(|step| step.to.is_none()) {
        let places = known(step);
        if places.is_empty() {
            return Err(EditProblem::Absent.of(&step.key));
        }
        places.iter().for_each(|place| patch.mark(&place.path, Whole::Remove));
    }
    for step in steps {
        let Some(held) = &step.to else { continue };
        let places = known(step);
        for place in &places {
            patch.set(top, place, held).map_err(|problem| problem.of(&step.key))?;
        }
        if places.is_empty() {
            let found = step.parts.is_none().then(|| new_parts(top, &step.key, separator)).transpose();
            let found = found.map_err(|problem| problem.of(&step.key))?;
            let parts = step.parts.as_deref().or(found.as_deref()).unwrap_or_default();
            patch.add(top, parts, held).map_err(|problem| problem.of(&step.key))?;
        }
    }
    patch.settle(top, prunes, &mut Vec::new()).map_err(|(path, problem)| {
        let concerned = |step: &&Step| known(step).iter().any(|place| place.path.starts_with(&path));
        problem.of(steps.iter().find(concerned).map_or(first, |step| step.key.as_str()))
    })?;
    Ok(patch)
}

impl Patch {
    /// The changes of the map or list that the positions lead to.
    fn within(&mut self, path: &[usize]) -> &mut Self {
        path.iter().fold(self, |patch, position| &mut patch.items.entry(*position).or_default().within)
    }

    fn mark(&mut self, path: &[usize], whole: Whole) {
        if let Some((last, outer)) = path.split_last() {
            self.within(outer).items.entry(*last).or_default().whole = Some(whole);
        }
    }

    /// Gives a value that is there another.
    fn set(&mut self, top: &Items, place: &Place<'_>, held: &Held) -> Result<(), EditProblem> {
        let mut items = top;
        for (depth, position) in place.path.iter().enumerate() {
            let Some(item) = items.items.get(*position) else { break };
            let is_last = depth + 1 == place.path.len();
            if items.layout == Layout::Fixed(EditProblem::Shared) || item.role == Role::Merged && !is_last {
                return Err(EditProblem::Shared);
            }
            if item.role == Role::Merged {
                // The map's own fields come before merged ones.
                self.within(&place.path[..depth]).added.push((item.key.clone(), New::Held(held.clone())));
                return Ok(());
            }
            if let Body::Items(inner) = &item.node.body {
                items = inner;
            }
        }
        self.mark(&place.path, Whole::Replace(New::Held(held.clone())));
        Ok(())
    }

    /// Adds a value at the place that the parts name, below `items`.
    fn add(&mut self, items: &Items, parts: &[Part], held: &Held) -> Result<(), EditProblem> {
        let Some((first, rest)) = parts.split_first() else { return Err(EditProblem::Form) };
        let Some(position) = items.position(first) else { return self.add_item(items, first, rest, held) };
        let Some(item) = items.items.get(position) else { return Err(EditProblem::Form) };
        if item.role == Role::Merged {
            return Err(EditProblem::Shared);
        }
        let patch = self.items.entry(position).or_default();
        if let Some(Whole::Replace(new)) = &mut patch.whole {
            return new.add(rest, held);
        }
        let is_removed = matches!(patch.whole, Some(Whole::Remove));
        let (is_void, inner) = match &item.node.body {
            Body::Leaf(_) => (is_removed, None),
            Body::Items(inner) => {
                let is_void =
                    if inner.is_empty() { is_removed || rest.is_empty() } else { patch.within.empties(inner) };
                (is_void, Some(inner))
            }
        };
        match (inner, rest.first()) {
            (Some(inner), Some(next)) if inner.is_list == matches!(next, Part::Index(_)) => {
                patch.whole = None;
                patch.within.add(inner, rest, held)
            }
            _ if is_void => {
                *patch = ItemPatch { whole: Some(Whole::Replace(New::nested(rest, held)?)), within: Self::default() };
                Ok(())
            }
            (Some(_), None) => Err(EditProblem::HoldsKeys),
            _ => Err(EditProblem::BelowValue),
        }
    }

    fn add_item(&mut self, items: &Items, first: &Part, rest: &[Part], held: &Held) -> Result<(), EditProblem> {
        let (key, earlier) = match first {
            Part::Key(key) if !items.is_list => (key.clone(), self.added.iter().position(|(added, _)| added == key)),
            Part::Index(index) if items.is_list => match index.checked_sub(items.items.len()) {
                Some(new) if new <= self.added.len() => (String::new(), (new < self.added.len()).then_some(new)),
                _ => return Err(EditProblem::InList),
            },
            _ => return Err(EditProblem::BelowValue),
        };
        match earlier.and_then(|earlier| self.added.get_mut(earlier)) {
            Some((_, new)) => new.add(rest, held),
            None => {
                self.added.push((key, New::nested(rest, held)?));
                Ok(())
            }
        }
    }

    /// Whether nothing is left of the items.
    fn empties(&self, items: &Items) -> bool {
        self.added.is_empty()
            && items.items.iter().enumerate().all(|(position, item)| {
                let patch = self.items.get(&position);
                let is_removed = patch.is_some_and(|patch| match (&patch.whole, &item.node.body) {
                    (Some(Whole::Remove), _) => true,
                    (None, Body::Items(inner)) => !inner.is_empty() && patch.within.empties(inner),
                    _ => false,
                });
                item.role == Role::Replaced || item.role != Role::Merge && is_removed
            })
    }

    /// Removes, if asked for, what has lost all its items, and refuses what cannot be done here. Says whether nothing
    /// is left.
    fn settle(
        &mut self,
        items: &Items,
        prunes: bool,
        path: &mut Vec<usize>,
    ) -> Result<bool, (Vec<usize>, EditProblem)> {
        let is_gone = !items.is_empty() && self.empties(items);
        for (position, patch) in &mut self.items {
            let Some(Item { node, .. }) = items.items.get(*position) else { continue };
            if let (None, Body::Items(inner)) = (&patch.whole, &node.body) {
                path.push(*position);
                if patch.within.settle(inner, prunes, path)? && prunes {
                    *patch = ItemPatch { whole: Some(Whole::Remove), within: Self::default() };
                }
                path.pop();
            }
        }
        if is_gone && prunes && !path.is_empty() {
            return Ok(true);
        }
        let refused = |position: usize, problem| {
            let path = path.iter().copied().chain([position]).collect();
            Err((path, problem))
        };
        let mut kept_above = None;
        for (position, item) in items.items.iter().enumerate().rev() {
            let patch = self.items.get(&position);
            let is_removed = patch.is_some_and(|patch| matches!(patch.whole, Some(Whole::Remove)));
            if item.counts() && !is_removed {
                kept_above = kept_above.or(Some(position));
                continue;
            }
            if is_removed {
                match items.layout {
                    Layout::Fixed(problem) => return refused(position, problem),
                    _ if item.role == Role::Merged => return refused(position, EditProblem::Shared),
                    _ if items.is_list && kept_above.is_some() => return refused(position, EditProblem::InList),
                    _ => {}
                }
            }
        }
        if let (Layout::Fixed(problem), false) = (items.layout, self.added.is_empty()) {
            return Err((path.clone(), problem));
        }
        let removed = |key: &str| {
            let own = items.position(&Part::Key(key.to_owned()));
            own.and_then(|own| self.items.get(&own)).is_some_and(|patch| matches!(patch.whole, Some(Whole::Remove)))
        };
        let replaced: Vec<_> = items
            .items
            .iter()
            .enumerate()
            .filter(|(_, item)| item.role == Role::Replaced && removed(&item.key))
            .map(|(position, _)| position)
            .collect();
        for position in replaced {
            self.mark(&[position], Whole::Remove);
        }
        Ok(is_gone)
    }
}
