//! Whether a catalog may say where requests go. That it lies in a repository is no reason: whoever can change the
//! repository would then have config read from, and secrets pushed to, a bucket of his choice, or encrypted with a KMS
//! key that is his to take away.

use std::collections::BTreeSet;

use super::distrust::NotTrusted;
use super::failure::Failure;
use super::place::check_owner;
use super::prompt::Question;
use super::session::{Session, stores};
use super::settled::Settled;
use super::state::{Consent, StateFolder};
use super::trusted::Trusted;
use crate::command::{LeadsTo, NamedTarget, Reach, reach};
use crate::name::Context;
use crate::option::{BUCKET, CATALOG, CONTEXT, Command, FrontEnd, KMS_KEY_ID, RawOptions, TRUST, VARIABLES};
use crate::request::{DEFAULT_VARIABLES, VerifyRequest};

impl Session {
    /// Sees to it that somebody has agreed to what the catalog leads to: now, once before, or by naming it. From then
    /// on the option `variables` lists what was agreed to, and no command goes to another bucket because of a catalog.
    ///
    /// # Errors
    /// Nobody has, and nobody can be asked or wants to. What cannot be a bucket, which nobody is asked about.
    pub(super) async fn require_trust(&mut self) -> Result<(), Failure> {
        let raw = &self.invocation.raw;
        let context = raw.name(&CONTEXT, Context::from_catalog)?;
        let named = self.named();
        let Some(Reach { leads_to, beside_option, is_empty, notes, .. }) = self.reach(context.as_ref())? else {
            self.trusted = Some(Trusted { named, ..Trusted::default() });
            return Ok(());
        };
        notes.iter().for_each(|note| self.note(note));
        let state = StateFolder::new(&self.environment);
        let catalog = self.place.catalog_path();
        let mut consent = state.consent(&catalog).map(|before| before.leads_to);
        let sends_nothing = self.sends_nothing()?;
        let settled = Settled {
            context: context.is_some() || sends_nothing,
            bucket: raw.text(&BUCKET).is_some() || sends_nothing,
            kms_key: raw.text(&KMS_KEY_ID).is_some() || !stores(self.invocation.command),
        };
        // Whoever names the context is not asked about another, nor about what is found by way of it alone.
        let found = LeadsTo { contexts: beside_option.contexts.clone(), ..leads_to.clone() };
        let wanted = settled.wanted(&leads_to, &beside_option, &named, consent.as_ref());
        // One that says nothing leads where the folder does. That it said more before is another matter.
        let wanted = wanted.filter(|_| !is_empty || consent.is_some());
        if let Some((wanted, gone)) = wanted {
            let by_option = raw.flag(&TRUST)?;
            // A variable is a task's, which has nothing to remember it by. Where nothing is sent nobody is told where
            // it would go.
            let is_to_be_kept = (!by_option || raw.variable(&TRUST).is_none()) && !sends_nothing;
            if !by_option {
                let asked = NotTrusted {
                    catalog: catalog.clone(),
                    found: found.clone(),
                    wanted,
                    gone,
                    takes_key: KMS_KEY_ID.is_offered(FrontEnd::CommandLine, self.invocation.command),
                    known: settled.known(consent.as_ref(), &beside_option),
                };
                self.ask_for_trust(asked, context.as_ref()).await?;
            }
            if is_to_be_kept {
                let mut agreed = found;
                if agreed.contexts != leads_to.contexts {
                    // An option's took the place of the catalog's, which nobody was asked about.
                    agreed.contexts.extend(consent.iter().flat_map(|before| before.contexts.clone()));
                }
                self.agree(&state, &agreed);
                consent = Some(agreed);
            }
        }
        allow(&mut self.invocation.raw, &(&named.variables | &beside_option.variables));
        // The catalog is read anew, and may be another by then.
        self.trusted = Some(Trusted { buckets: beside_option.buckets, named, found: Some(leads_to), consent });
        Ok(())
    }

    /// Whether the command is about the files that lie here alone: of the catalog only the variables of its paths
    /// matter then.
    fn sends_nothing(&self) -> Result<bool, Failure> {
        if self.invocation.command != Command::Verify {
            return Ok(false);
        }
        Ok(VerifyRequest::new(&self.raw(), &self.info()?)?.sends_nothing())
    }

    /// What options and variables name.
    fn named(&self) -> LeadsTo {
        let raw = &self.invocation.raw;
        let named = |option| raw.text(option).map(ToOwned::to_owned).into_iter();
        LeadsTo {
            contexts: named(&CONTEXT).collect(),
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
        let now = self.reach(context)?.unwrap_or_default();
        let now = LeadsTo { contexts: now.beside_option.contexts, ..now.leads_to };
        if (&now.contexts, &now.kms_keys) != (&asked.found.contexts, &asked.found.kms_keys) {
            let wanted = LeadsTo { contexts: now.contexts.clone(), kms_keys: now.kms_keys.clone(), ..asked.wanted };
            let gone = asked.found.without(&now);
            return Err(Box::new(NotTrusted { known: Some(asked.found), found: now, wanted, gone, ..asked }).into());
        }
        Ok(())
    }

    /// Remembers what this run has written into the catalog, as its person's own words; not what others wrote there.
    pub(super) fn keep_trust(&self) -> Result<(), Failure> {
        let Some(Reach { leads_to: found, .. }) = self.reach(None)? else { return Ok(()) };
        let stored = self.stored_kms_keys.borrow();
        let is_own = self.trusted.as_ref().is_none_or(|trusted| trusted.is_own(&found, &stored));
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
            self.terminal.note(&format!("Your trust in this catalog cannot be saved: {error}."));
        }
    }

    /// What the catalog leads to; none where there is none.
    fn reach(&self, context: Option<&Context>) -> Result<Option<Reach>, Failure> {
        let Some(path) = self.invocation.raw.path(&CATALOG)? else { return Ok(None) };
        let default_context = self.default_context().and_then(|name| Context::new(&name).ok());
        let named = NamedTarget {
            context,
            default_context: default_context.as_ref(),
            has_bucket: self.invocation.raw.text(&BUCKET).is_some(),
        };
        let found = reach(&path, named, &self.environment, &self.workspace()?)?;
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
