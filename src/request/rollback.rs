use super::message::message;
use super::{RunInfo, Target, is_bucket_name};
use crate::name::{Digest, Reference, StoredReference, VersionRequest};
use crate::option::{
    Command, DRY_RUN, EXACT, EXPECT, FROM, MESSAGE, OptionError, OptionProblem, RawOptions, shortened,
};
use crate::store::Restore;

/// What the head is to be again.
#[derive(Debug)]
pub struct RollbackRequest {
    /// Whose head it is.
    pub target: Target,
    /// The version that it goes back to; none for what it was before its last push.
    pub version: Option<VersionRequest>,
    /// Whether files that the version does not have are removed.
    pub exact: bool,
    /// The digest that what it goes back to must have.
    pub expect: Option<Digest>,
    /// The head that is replaced, as somebody has seen it; none for what is found.
    pub over: Option<Restore>,
    /// What to record of it; none for what it goes back to.
    pub message: Option<String>,
    /// Find out what would be done, and do none of it.
    pub dry_run: bool,
}

impl RollbackRequest {
    /// Reads the options.
    ///
    /// # Errors
    /// The first option that is malformed, or that another command takes.
    pub fn new(raw: &RawOptions, run: &RunInfo) -> Result<Self, OptionError> {
        raw.refuse_other_commands(Command::Rollback)?;
        let mut target = Target::of_all_versions(raw, run)?;
        let version = match raw.text(&FROM) {
            None => None,
            Some(text) => {
                let StoredReference { bucket, context, version } = reference(text.trim())?;
                let is_other = |given: &str| refused(format!("names another place than {given:?}, which is set, too"));
                if let Some(context) = context {
                    match &target.context {
                        Some(given) if *given != context => return Err(is_other(given.as_str())),
                        _ => target.context = Some(context),
                    }
                }
                if let Some(bucket) = bucket {
                    match &target.bucket {
                        Some(given) if *given != bucket => return Err(is_other(given)),
                        _ => target.bucket = Some(bucket),
                    }
                }
                Some(version)
            }
        };
        Ok(Self {
            version,
            exact: raw.flag(&EXACT)?,
            expect: raw.name(&EXPECT, Digest::from_pin)?,
            over: None,
            message: if raw.text(&MESSAGE).is_some() { message(raw, run)? } else { None },
            dry_run: raw.flag(&DRY_RUN)?,
            target,
        })
    }
}

fn refused(why: String) -> OptionError {
    OptionError::new(&FROM, OptionProblem::NotRestorable(why))
}

/// A version, and where it is.
fn reference(text: &str) -> Result<StoredReference, OptionError> {
    if Reference::names_channel(text) {
        return Err(refused("names a channel, and the head goes back to a version".to_owned()));
    }
    match Reference::new(text).map_err(|error| refused(format!("cannot be used: {error}")))? {
        Reference::Working => Err(refused("is `.`, the files here; a push stores them".to_owned())),
        Reference::Stored(StoredReference { version: VersionRequest::Head, .. }) => {
            Err(refused("names the head, which is what is rolled back".to_owned()))
        }
        Reference::Stored(StoredReference { bucket: Some(bucket), .. }) if !is_bucket_name(&bucket) => {
            Err(refused(format!("names {:?}, which is not a valid bucket name", shortened(&bucket))))
        }
        Reference::Stored(stored) => Ok(stored),
    }
}
