use crate::config::edit::change::{Held, Part};
use crate::config::edit::error::EditProblem;

/// A new value, map or list.
pub(in crate::config::edit) enum New {
    Held(Held),
    Map(Vec<(String, New)>),
    List(Vec<New>),
}

impl New {
    /// A value inside of maps and lists that lead to it.
    pub(super) fn nested(parts: &[Part], held: &Held) -> Result<Self, EditProblem> {
        parts.iter().rev().try_fold(Self::Held(held.clone()), |inner, part| match part {
            Part::Key(key) => Ok(Self::Map(vec![(key.clone(), inner)])),
            Part::Index(0) => Ok(Self::List(vec![inner])),
            Part::Index(_) => Err(EditProblem::InList),
        })
    }

    /// Adds another value.
    pub(super) fn add(&mut self, parts: &[Part], held: &Held) -> Result<(), EditProblem> {
        let Some((first, rest)) = parts.split_first() else { return Err(EditProblem::HoldsKeys) };
        match (self, first) {
            (Self::Map(fields), Part::Key(key)) => match fields.iter_mut().find(|(known, _)| known == key) {
                Some((_, field)) => field.add(rest, held),
                None => {
                    fields.push((key.clone(), Self::nested(rest, held)?));
                    Ok(())
                }
            },
            (Self::List(items), Part::Index(index)) if *index == items.len() => {
                items.push(Self::nested(rest, held)?);
                Ok(())
            }
            (Self::List(items), Part::Index(index)) => {
                items.get_mut(*index).ok_or(EditProblem::InList)?.add(rest, held)
            }
            _ => Err(EditProblem::BelowValue),
        }
    }
}
