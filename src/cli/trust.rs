//! Whether a catalog may say where requests go. That it lies in a repository is no reason: whoever can change the
//! repository would then have config read from, and secrets pushed to, a bucket of his choice.

use std::collections::BTreeSet;

use super::distrust::NotTrusted;
use super::failure::Failure;
use super::place::check_owner;
use super::prompt::Question;
use super::session::Session;
use super::state::{Consent, StateFolder};
use super::trusted::Trusted;
use crate::command::{Reach, reach};
use crate::message::notice;
use crate::name::Context;
use crate::option::{BUCKET, CATALOG, CONTEXT, RawOptions, TRUST, VARIABLES};
use crate::request::DEFAULT_VARIABLES;

impl Session {
    /// Sees to it that somebody has agreed to what the catalog leads to: now, once before, or by naming it. From then on
    /// the option `variables` lists what was agreed to, and no command goes to another bucket because of a catalog.
    ///
    /// # Errors
    /// Nobody has, and nobody can be asked or wants to.
    pub(super) async fn require_trust(&mut self) -> Result<(), Failure> {
        let raw = &self.invocation.raw;
        let listed: BTreeSet<_> = raw.lines(&VARIABLES).map(ToOwned::to_owned).collect();
        let mut trusted = Trusted {
            of_catalog: BTreeSet::new(),
            buckets: raw.text(&BUCKET).map(ToOwned::to_owned).into_iter().collect(),
            variables: listed,
        };
        let Some(found) = self.reach(raw.name(&CONTEXT, Context::new)?.as_ref())? else {
            self.trusted = Some(trusted);
            return Ok(());
        };
        found.notes.iter().for_each(|note| self.notice(&notice(note, self.speaker())));
        let state = StateFolder::new(&self.environment);
        let catalog = self.place.catalog_path();
        let before = state.consent(&catalog);
        let is_named = raw.text(&BUCKET).is_some();
        let wanted = |known: &BTreeSet<String>, found: &BTreeSet<String>| found.difference(known).cloned().collect();
        let asked = NotTrusted {
            catalog: catalog.clone(),
            buckets: if is_named { Vec::new() } else { found.buckets.iter().cloned().collect() },
            variables: wanted(&trusted.variables, &found.variables),
            has_changed: before.is_some(),
        };
        // With less to be trusted than once was, it is another catalog, too.
        let is_agreed = before.as_ref().is_some_and(|before| {
            (is_named || before.buckets == found.buckets)
                && if trusted.variables.is_empty() {
                    before.variables == found.variables
                } else {
                    asked.variables.iter().all(|name| before.variables.contains(name))
                }
        });
        let is_settled = asked.buckets.is_empty() && asked.variables.is_empty();
        if !is_settled && !is_agreed {
            let by_option = raw.flag(&TRUST)?;
            // A variable is a task's, which has nothing to remember it by.
            let is_to_be_kept = !by_option || raw.variable(&TRUST).is_none();
            if !by_option {
                self.ask_for_trust(asked).await?;
            }
            if is_to_be_kept {
                self.agree(&state, &found);
            }
        }
        trusted.buckets.extend(before.iter().flat_map(|before| before.buckets.clone()));
        trusted.buckets.extend(found.buckets.iter().filter(|_| !is_named).cloned());
        trusted.variables.extend(found.variables);
        // The catalog is read anew, and may be another by then.
        trusted.of_catalog = found.buckets;
        allow(&mut self.invocation.raw, &trusted.variables);
        self.trusted = Some(trusted);
        Ok(())
    }

    async fn ask_for_trust(&self, asked: NotTrusted) -> Result<(), Failure> {
        if self.terminal.can_ask() {
            asked.lines().iter().for_each(|line| self.terminal.hint(line));
            if self.confirm(Question { text: "Trust it?", flag: "--trust" }, Some(false)).await? {
                return Ok(());
            }
        }
        Err(asked.into())
    }

    /// Remembers what this run has written into the catalog, as its person's own words; not what others wrote there.
    pub(super) fn keep_trust(&self) -> Result<(), Failure> {
        let Some(found) = self.reach(None)? else { return Ok(()) };
        let is_own = !self.place.has_catalog
            || self.trusted.as_ref().is_some_and(|trusted| {
                found.buckets.is_subset(&trusted.buckets) && found.variables.is_subset(&trusted.variables)
            });
        let state = StateFolder::new(&self.environment);
        let is_known = state
            .consent(&self.place.catalog_path())
            .is_some_and(|known| (&known.buckets, &known.variables) == (&found.buckets, &found.variables));
        if is_own && !is_known {
            self.agree(&state, &found);
        }
        Ok(())
    }

    fn agree(&self, state: &StateFolder, found: &Reach) {
        let catalog = self.place.catalog_path();
        let consent = Consent::new(&catalog, found.buckets.clone(), found.variables.clone());
        if let Err(error) = state.agree(&catalog, &consent) {
            self.terminal.note(&format!("That this catalog is trusted cannot be remembered: {error}."));
        }
    }

    /// What the catalog leads to; none where there is none.
    fn reach(&self, context: Option<&Context>) -> Result<Option<Reach>, Failure> {
        let Some(path) = self.invocation.raw.path(&CATALOG)? else { return Ok(None) };
        let found = reach(&path, context, &self.environment, &self.workspace()?)?;
        if self.place.is_found() {
            for linked in found.iter().flat_map(|found| &found.linked) {
                check_owner(&self.place.folder.join(linked.as_str()), &self.environment)?;
            }
        }
        Ok(found)
    }
}

/// Lists variables that `${NAME}` may stand for, beside those that it may without a list.
fn allow(raw: &mut RawOptions, names: &BTreeSet<String>) {
    if names.is_empty() {
        return;
    }
    let mut lines: Vec<&str> = names.iter().map(String::as_str).collect();
    if raw.text(&VARIABLES).is_none() {
        lines.extend(DEFAULT_VARIABLES);
    }
    let lines = lines.join("\n");
    raw.set(&VARIABLES, &lines);
}
