use std::error::Error;
use std::fmt;
use std::sync::Arc;

use super::spec::{Command, OptionSpec};
use crate::config::UnknownKey;
use crate::name::{ChannelName, ConfigPath, NameError};

/// An option that cannot be used as it is given.
#[derive(Debug, Clone)]
pub struct OptionError {
    /// The option's name; one that does not exist, too.
    pub name: String,
    /// The option, if there is such a one.
    pub option: Option<&'static OptionSpec>,
    /// What is wrong with it.
    pub problem: OptionProblem,
}

/// What can be wrong with an option. It quotes the option's text, shortened. Of all options only `defaults` holds
/// config values, and its text is never quoted.
#[derive(Debug, Clone)]
pub enum OptionProblem {
    /// There is no such option; the one that was probably meant.
    Unknown(Option<&'static str>),
    /// It belongs to commands that this version does not have.
    NotYet,
    /// There are several such options, all of which are here.
    SeveralUnknown(Vec<UnknownName>),
    /// It names a command that this version does not have.
    CommandNotYet(String),
    /// It is not UTF-8 text.
    NotUtf8,
    /// The text is neither `true` nor `false`.
    NotAFlag(String),
    /// The text is none of the words.
    NotAChoice {
        /// The text.
        given: String,
        /// The words.
        words: &'static [&'static str],
        /// The word that was probably meant.
        meant: Option<&'static str>,
    },
    /// The text is no whole number of seconds in this range.
    NotSeconds(u64, u64),
    /// The text is no whole number in this range.
    NotANumber(u64, u64),
    /// The text is no path below the workspace.
    NotAPath(NameError),
    /// The text is not what it must be, such as "account ID".
    NotA(&'static str),
    /// As [`NotA`](Self::NotA), with the text.
    IsNotA(String, &'static str),
    /// No file that is checked is there: a file or folder.
    NoCheckedFile(ConfigPath),
    /// The text is too long to join the parts of nested keys, or has characters that may not.
    NotASeparator,
    /// The text cannot be used for this reason, which quotes no config value.
    Unusable(Arc<dyn Error + Send + Sync>),
    /// It is given, and names none of what it must name, such as "account".
    NamesNo(&'static str),
    /// It belongs to some commands, and another is to run.
    OfAnotherCommand {
        /// Whose it is.
        of: &'static [Command],
        /// What is to run.
        running: Command,
        /// What that one takes in its place, if anything.
        instead: Option<&'static OptionSpec>,
    },
    /// It means nothing without another option.
    Needs {
        /// The other.
        other: &'static OptionSpec,
        /// Why, as a sentence; may be empty.
        why: &'static str,
    },
    /// It cannot stand beside another option.
    Excluded {
        /// The other.
        other: &'static OptionSpec,
        /// Why, as a sentence.
        why: &'static str,
    },
    /// It is not given, and the tag that stands in its place cannot name a version.
    TagNamesNoVersion(String),
    /// A push needs the name of one version, and this requirement names many.
    NamesNoVersion(String),
    /// A push needs the name of one version, and this cannot be one.
    NoVersionName(NameError),
    /// It names nothing that can be promoted, for this reason, as a clause that follows what the option is called.
    NotASource(String),
    /// What a channel cannot be moved to, as a predicate.
    NotATarget(String),
    /// It names nothing that the head can be rolled back to, for this reason, as a clause that follows the option's
    /// name.
    NotRestorable(String),
    /// It is no name of one version, and so none that this channel can go back to.
    NotABackTarget(ChannelName),
    /// It has no meaning where a channel is moved, for this reason, as a sentence.
    OfNoMove(&'static str),
    /// It belongs to a move of a channel, and none is named.
    OfNoChannel,
    /// It is not given, and so a rollback of a channel, named as it was asked for, that is run twice would go back twice.
    BackFromAnywhere(String),
    /// It names no place that anything can be promoted to, for this reason, as a clause that follows the option's name.
    NotADestination(String),
    /// It names a channel that cannot be one, for this reason, as a clause that follows the option's name.
    NotAChannel(String),
    /// It is this channel's name alone, where another command takes the same for a context.
    LacksColon(ChannelName),
    /// It names no version that is purged, for this reason, as a clause that follows the option's name.
    NotPurged(String),
    /// The head is replaced by every push.
    HeadIsReplacedAnyway,
    /// It is not given, and there is no repository to name the context after.
    NoRepository,
    /// It is not given, and the repository's name cannot be a context.
    RepositoryIsNoContext(NameError),
    /// It is not given, and what the catalog or the context gives is no bucket's name.
    DefaultIsNoBucket(String),
    /// It is not given, and nobody has agreed to the bucket that the catalog leads to.
    BucketNotTrusted(String),
    /// No key of the files has these names; at least one.
    NoSuchKeys(Vec<UnknownKey>),
    /// No URL; the variable that gave it in the option's place.
    NotAUrl(Option<String>),
    /// A URL with a query or a fragment; the variable that gives it, when it is not the option.
    HasQuery(Option<String>),
    /// It leads over http to another machine; the variable that gave it in the option's place.
    InTheClear(Option<String>),
}

/// A name that no option has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownName {
    /// The name as given.
    pub name: String,
    /// The option that was probably meant.
    pub meant: Option<&'static str>,
    /// Whether it belongs to commands that this version does not have.
    pub is_planned: bool,
}

impl From<UnknownName> for OptionError {
    fn from(UnknownName { name, meant, is_planned }: UnknownName) -> Self {
        let problem = if is_planned { OptionProblem::NotYet } else { OptionProblem::Unknown(meant) };
        Self { name, option: None, problem }
    }
}

impl OptionError {
    /// An error of one option.
    pub(crate) fn new(option: &'static OptionSpec, problem: OptionProblem) -> Self {
        Self { name: option.name.to_owned(), option: Some(option), problem }
    }

    /// An option that is not UTF-8 text, by its name.
    pub(crate) fn not_utf8(name: String) -> Self {
        Self { name, option: None, problem: OptionProblem::NotUtf8 }
    }

    /// The text of an option cannot be used for this reason.
    pub(crate) fn unusable(option: &'static OptionSpec, why: impl Error + Send + Sync + 'static) -> Self {
        Self::new(option, OptionProblem::Unusable(Arc::new(why)))
    }
}

impl fmt::Display for OptionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the option {} cannot be used", self.name)
    }
}

impl Error for OptionError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.problem {
            OptionProblem::NotAPath(error) | OptionProblem::RepositoryIsNoContext(error) => Some(error),
            OptionProblem::Unusable(why) => Some(&**why),
            _ => None,
        }
    }
}
