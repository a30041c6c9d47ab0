//! Whether a catalog may say where requests go. That it lies in a repository is no reason: whoever can change the
//! repository would then have config read from, and secrets pushed to, a bucket of his choice, or encrypted with a KMS key
//! that is his to take away.

use std::collections::BTreeSet;

use super::distrust::NotTrusted;
use super::failure::Failure;
use super::place::check_owner;
use super::prompt::Question;
use super::session::{Session, stores};
use super::state::{Consent, StateFolder};
use super::trusted::Trusted;
use crate::command::{LeadsTo, Reach, reach};
use crate::message::notice;
use crate::name::Context;
use crate::option::{BUCKET, CATALOG, CONTEXT, FrontEnd, KMS_KEY_ID, RawOptions, TRUST, VARIABLES};
use crate::request::DEFAULT_VARIABLES;

impl Session {
    /// Sees to it that somebody has agreed to what the catalog leads to: now, once before, or by naming it. From then on
    /// the option `variables` lists what was agreed to, and no command goes to another bucket because of a catalog.
    ///
    /// # Errors
    /// Nobody has, and nobody can be asked or wants to. What cannot be a bucket, which nobody is asked about.
    pub(super) async fn require_trust(&mut self) -> Result<(), Failure> {
        let raw = &self.invocation.raw;
        let context = raw.name(&CONTEXT, Context::new)?;
        let mut trusted = self.named();
        let Some(Reach { leads_to: found, notes, .. }) = self.reach(context.as_ref())? else {
            self.trusted = Some(Trusted { leads_to: trusted, ..Trusted::default() });
            return Ok(());
        };
        notes.iter().for_each(|note| self.notice(&notice(note, self.speaker())));
        let state = StateFolder::new(&self.environment);
        let catalog = self.place.catalog_path();
        let before = state.consent(&catalog).map(|before| before.leads_to);
        let is_named = raw.text(&BUCKET).is_some();
        let needs_no_key = raw.text(&KMS_KEY_ID).is_some() || !stores(self.invocation.command);
        let unless =
            |is_settled: bool, names: &BTreeSet<String>| if is_settled { BTreeSet::new() } else { names.clone() };
        let wanted = LeadsTo {
            // In a bucket that somebody has named, any context is his; one that takes the place of another is not.
            contexts: before
                .iter()
                .filter(|_| context.is_none())
                .flat_map(|before| &found.contexts - &before.contexts)
                .collect(),
            buckets: unless(is_named, &found.buckets),
            kms_keys: unless(needs_no_key, &found.kms_keys),
            variables: &found.variables - &trusted.variables,
        };
        // With less to be trusted than once was, it is another catalog, too.
        let is_agreed = before.as_ref().is_some_and(|before| {
            (context.is_some() || before.contexts == found.contexts)
                && (is_named || before.buckets == found.buckets)
                && (needs_no_key || before.kms_keys == found.kms_keys)
                && if trusted.variables.is_empty() {
                    before.variables == found.variables
                } else {
                    wanted.variables.is_subset(&before.variables)
                }
        });
        if wanted != LeadsTo::default() && !is_agreed {
            let by_option = raw.flag(&TRUST)?;
            // A variable is a task's, which has nothing to remember it by.
            let is_to_be_kept = !by_option || raw.variable(&TRUST).is_none();
            if !by_option {
                let asked = NotTrusted {
                    catalog: catalog.clone(),
                    found: found.clone(),
                    wanted,
                    takes_key: KMS_KEY_ID.is_offered(FrontEnd::CommandLine, self.invocation.command),
                    known: before.clone().filter(|known| !known.contexts.is_empty() || found.contexts.is_empty()),
                };
                self.ask_for_trust(asked, context.as_ref()).await?;
            }
            if is_to_be_kept {
                let mut agreed = found.clone();
                if context.is_some() {
                    // It took the place of the catalog's, which nobody was asked about.
                    agreed.contexts.extend(before.iter().flat_map(|before| before.contexts.clone()));
                }
                self.agree(&state, &agreed);
            }
        }
        trusted.buckets.extend(before.iter().flat_map(|before| before.buckets.clone()));
        trusted.buckets.extend(found.buckets.iter().filter(|_| !is_named).cloned());
        trusted.contexts.extend(found.contexts);
        trusted.kms_keys.extend(found.kms_keys);
        trusted.variables.extend(found.variables);
        allow(&mut self.invocation.raw, &trusted.variables);
        // The catalog is read anew, and may be another by then.
        self.trusted = Some(Trusted { buckets_of_catalog: found.buckets, leads_to: trusted });
        Ok(())
    }

    /// What options and variables name, and what stands in their place.
    fn named(&self) -> LeadsTo {
        let raw = &self.invocation.raw;
        let named = |option| raw.text(option).map(ToOwned::to_owned).into_iter();
        LeadsTo {
            contexts: named(&CONTEXT).chain(self.default_context()).collect(),
            buckets: named(&BUCKET).collect(),
            kms_keys: named(&KMS_KEY_ID).chain(self.kms_key_of_go()).collect(),
            variables: raw.lines(&VARIABLES).map(ToOwned::to_owned).collect(),
        }
    }

    async fn ask_for_trust(&self, asked: NotTrusted, context: Option<&Context>) -> Result<(), Failure> {
        if !self.terminal.can_ask() {
            return Err(Box::new(asked).into());
        }
        asked.lines().iter().for_each(|line| self.terminal.hint(line));
        if !self.confirm(Question { text: "Trust it?", flag: "--trust" }, Some(false)).await? {
            return Err(Box::new(asked).into());
        }
        // Agreed is to what was shown. Another bucket is refused where it is used.
        let now = self.reach(context)?.map(|now| now.leads_to).unwrap_or_default();
        if (&now.contexts, &now.kms_keys) != (&asked.found.contexts, &asked.found.kms_keys) {
            let wanted = LeadsTo { contexts: now.contexts.clone(), kms_keys: now.kms_keys.clone(), ..asked.wanted };
            return Err(Box::new(NotTrusted { known: Some(asked.found), found: now, wanted, ..asked }).into());
        }
        Ok(())
    }

    /// Remembers what this run has written into the catalog, as its person's own words; not what others wrote there.
    pub(super) fn keep_trust(&self) -> Result<(), Failure> {
        let Some(Reach { leads_to: found, .. }) = self.reach(None)? else { return Ok(()) };
        let stored = self.stored_kms_keys.borrow();
        let is_trusted = |Trusted { leads_to, .. }: &Trusted| {
            found.contexts.is_subset(&leads_to.contexts)
                && found.buckets.is_subset(&leads_to.buckets)
                && found.kms_keys.iter().all(|key| leads_to.kms_keys.contains(key) || stored.contains(key))
                && found.variables.is_subset(&leads_to.variables)
        };
        let is_own = !self.place.has_catalog || self.trusted.as_ref().is_some_and(is_trusted);
        let state = StateFolder::new(&self.environment);
        let is_known = state.consent(&self.place.catalog_path()).is_some_and(|known| known.leads_to == found);
        if is_own && !is_known {
            self.agree(&state, &found);
        }
        Ok(())
    }

    fn agree(&self, state: &StateFolder, found: &LeadsTo) {
        let catalog = self.place.catalog_path();
        let consent = Consent::new(&catalog, found.clone());
        if let Err(error) = state.agree(&catalog, &consent) {
            self.terminal.note(&format!("That this catalog is trusted cannot be remembered: {error}."));
        }
    }

    /// What the catalog leads to; none where there is none.
    fn reach(&self, context: Option<&Context>) -> Result<Option<Reach>, Failure> {
        let Some(path) = self.invocation.raw.path(&CATALOG)? else { return Ok(None) };
        let is_named = self.invocation.raw.text(&BUCKET).is_some();
        let found = reach(&path, context, is_named, &self.environment, &self.workspace()?)?;
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
