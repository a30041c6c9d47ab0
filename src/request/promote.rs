use std::collections::HashMap;

use super::identity::source_identity;
use super::message::message;
use super::push::{kms_key, semver_keys};
use super::{RunInfo, Target, is_bucket_name};
use crate::config::SemverKeys;
use crate::environment::Environment;
use crate::identity::Identity;
use crate::name::{ConfigPath, Destination, Digest, Reference, StoredReference, VersionRequest};
use crate::option::{
    Command, DRY_RUN, EXPECT, FROM, MESSAGE, OVERWRITE, OptionError, OptionProblem, RawOptions, TO, shortened,
};
use crate::s3::Connection;
use crate::store::{Base, Replaces};

/// What to copy, and where to.
#[derive(Debug)]
pub struct PromoteRequest {
    /// What both sides have in common where they do not say otherwise. Accounts, owner and region are the destination's.
    pub target: Target,
    /// What is copied.
    pub from: StoredReference,
    /// Who reads it; none for who writes.
    pub source: Option<Connection>,
    /// Where it is copied to.
    pub to: Destination,
    /// Whether a destination without a version may be meant as a channel, whose colon was forgotten.
    pub may_lack_colon: bool,
    /// The digest that the source must have.
    pub expect: Option<Digest>,
    /// What else of the source is copied, as somebody has seen it: [`Promoted::copied`](crate::command::Promoted::copied).
    pub copied: Option<Digest>,
    /// What the head of the destination must have at the paths that are written, as somebody has seen it; none for what is
    /// found, and to overwrite whatever is there.
    pub bases: Option<HashMap<ConfigPath, Base>>,
    /// What of a version of the destination may be replaced, where that may be.
    pub replaces: Replaces,
    /// The KMS key's id, ARN or alias, of the destination.
    pub kms_key: Option<String>,
    /// Whether what is published or claimed at the destination may be replaced; of its head, whatever is there.
    pub overwrite: bool,
    /// What becomes of a version whose keys are not what its number promises at the destination.
    pub semver_keys: SemverKeys,
    /// What to record of it beside the files; none to keep what the source's push said.
    pub message: Option<String>,
    /// Find out what would be done, and do none of it.
    pub dry_run: bool,
}

impl PromoteRequest {
    /// Reads the options.
    ///
    /// # Errors
    /// The first option that is malformed or missing, or that another command takes.
    pub fn new(raw: &RawOptions, run: &RunInfo) -> Result<Self, OptionError> {
        Self::to(raw, run, destination, true)
    }

    /// Reads the options of a promotion to a channel, whose version is copied to the channel's context first.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn before_move(raw: &RawOptions, run: &RunInfo, to: Destination) -> Result<Self, OptionError> {
        Self::to(raw, run, |_| Ok(to), false)
    }

    fn to(
        raw: &RawOptions,
        run: &RunInfo,
        to: impl FnOnce(&RawOptions) -> Result<Destination, OptionError>,
        may_lack_colon: bool,
    ) -> Result<Self, OptionError> {
        raw.refuse_other_commands(Command::Promote)?;
        let (from, to) = (source_reference(raw)?, to(raw)?);
        if let VersionRequest::Exact(name) = to.version.as_ref().unwrap_or(&from.version) {
            let problem = |error| OptionProblem::NotADestination(format!("cannot be used: {error}"));
            name.refuse_as_new().map_err(|error| OptionError::new(&TO, problem(error)))?;
        }
        let target = Target::of_all_versions(raw, run)?;
        let source = source_identity(raw, run, target.connection.is_other_service)?.map(|identity| Connection {
            identity,
            expected_bucket_owner: None,
            ..target.connection.clone()
        });
        Ok(Self {
            from,
            to,
            may_lack_colon,
            source,
            expect: raw.name(&EXPECT, Digest::from_pin)?,
            copied: None,
            bases: None,
            replaces: Replaces::Anything,
            kms_key: kms_key(raw)?,
            overwrite: raw.flag(&OVERWRITE)?,
            semver_keys: semver_keys(raw)?,
            message: if raw.text(&MESSAGE).is_some() { message(raw, run)? } else { None },
            dry_run: raw.flag(&DRY_RUN)?,
            target,
        })
    }
}

impl PromoteRequest {
    /// Has the source be read with the existing credentials in another environment, or with a role that these may assume.
    pub fn read_with(&mut self, environment: Environment) {
        let own = &self.target.connection;
        let is_of_other_service = own.identity.is_of_other_service;
        let identity = match &self.source {
            Some(source) => source.identity.clone(),
            None => Identity { is_of_other_service, ..Identity::default() },
        };
        // The region that an option names is the destination's.
        self.source =
            Some(Connection { identity, environment, region: None, expected_bucket_owner: None, ..own.clone() });
    }
}

pub(super) fn source_reference(raw: &RawOptions) -> Result<StoredReference, OptionError> {
    let problem = |why: String| OptionError::new(&FROM, OptionProblem::NotASource(why));
    let Some(text) = raw.text(&FROM) else { return Err(problem("is not set".to_owned())) };
    let reference = Reference::new(text.trim()).map_err(|error| problem(format!("cannot be used: {error}")))?;
    match reference {
        Reference::Working => {
            Err(problem("is `.`, the files here, and only what was pushed can be promoted".to_owned()))
        }
        Reference::Stored(StoredReference { bucket: Some(bucket), .. }) if !is_bucket_name(&bucket) => {
            Err(problem(format!("names {:?}, which is not a valid bucket name", shortened(&bucket))))
        }
        Reference::Stored(stored) => Ok(stored),
    }
}

pub(super) fn destination(raw: &RawOptions) -> Result<Destination, OptionError> {
    let problem = |why: String| OptionError::new(&TO, OptionProblem::NotADestination(why));
    let Some(text) = raw.text(&TO) else { return Err(problem("is not set".to_owned())) };
    let destination = Destination::new(text.trim()).map_err(|error| problem(format!("cannot be used: {error}")))?;
    if let Some(bucket) = destination.bucket.as_ref().filter(|bucket| !is_bucket_name(bucket)) {
        return Err(problem(format!("names {:?}, which is not a valid bucket name", shortened(bucket))));
    }
    match &destination.version {
        Some(VersionRequest::Matching(requirement)) => {
            Err(problem(format!("names {:?}, which is not the name of a version", requirement.to_string())))
        }
        _ => Ok(destination),
    }
}
