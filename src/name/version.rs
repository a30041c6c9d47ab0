mod step;

pub use step::MayChange;

use std::fmt;

use semver::{BuildMetadata, Comparator, Op, Prerelease, Version, VersionReq};
use serde::{Deserialize, Serialize};

use super::segment::{Others, broken_segment_rule};
use super::{ChannelName, NameError};

/// The name of an immutable snapshot, such as `v1.2.3`: one path segment `[A-Za-z0-9][A-Za-z0-9._+-]*`, at most 128
/// bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct VersionName(String);

impl VersionName {
    const KIND: &'static str = "version";

    /// Checks a name.
    pub fn new(text: &str) -> Result<Self, NameError> {
        const OTHERS: Others =
            Others { characters: "._+-", rule: "it may hold only letters, digits and the characters . _ + -" };
        match broken_segment_rule(text, &OTHERS) {
            Some(rule) => Err(NameError::new(Self::KIND, text, rule)),
            None => Ok(Self(text.to_owned())),
        }
    }

    /// What stands in a version's place where a channel is to point at none.
    pub(crate) const NOTHING: &'static str = "nothing";

    /// Refuses a name that a version may have that is published, and none that is to be.
    pub(crate) fn refuse_as_new(&self) -> Result<(), NameError> {
        if self.0 == Self::NOTHING {
            return Err(NameError::new(Self::KIND, &self.0, "a promotion to a channel takes it for no version at all"));
        }
        Ok(())
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The order in which people look for versions: releases by semver precedence, above all names that are none.
    pub(crate) fn newness(&self) -> (Option<Version>, &Self) {
        (self.release(), self)
    }

    /// The names in the order in which people look for them.
    pub(crate) fn newest_first(names: &[Self]) -> Vec<&Self> {
        let mut newest: Vec<_> = names.iter().map(Self::newness).collect();
        newest.sort_unstable_by(|one, other| other.cmp(one));
        newest.into_iter().map(|(_, name)| name).collect()
    }

    /// Whether the name is a semantic version, a pre-release or not.
    pub(crate) fn is_release(&self) -> bool {
        self.release().is_some()
    }

    /// Whether the name is a semantic version and no pre-release.
    pub(crate) fn is_full_release(&self) -> bool {
        self.release().is_some_and(|release| release.pre.is_empty())
    }

    /// Of a number with fewer than three parts, such as `v1` or `1.2`, the full version that it could be published as;
    /// none of any other name.
    pub(crate) fn completed(&self) -> Option<Self> {
        let number = self.0.strip_prefix('v').unwrap_or(&self.0);
        let missing = 3_usize.checked_sub(number.split('.').count()).filter(|missing| *missing > 0)?;
        Self::new(&format!("{}{}", self.0, ".0".repeat(missing))).ok().filter(Self::is_release)
    }

    /// The release that the name stands for, with or without a leading `v`; none when it is no semantic version.
    fn release(&self) -> Option<Version> {
        Version::parse(self.0.strip_prefix('v').unwrap_or(&self.0)).ok()
    }

    /// The releases right below this one; none when this is no release.
    pub(crate) fn just_below(&self) -> Option<JustBelow> {
        let Version { major, minor, patch, .. } = self.release()?;
        // Ten patches, for a project of which every build is one; of the first release of a line, the line before.
        let (lines, lowest) = match (minor.checked_sub(1), patch) {
            (Some(before), 0) => (vec![format!("{major}.{minor}."), format!("{major}.{before}.")], (major, before, 0)),
            // Those below ten have no digit in common that names could begin with.
            (_, 0..=10) => (vec![format!("{major}.{minor}.")], (major, minor, 0)),
            _ => {
                let (ten, own) = ((patch - 1) / 10, patch / 10);
                let mut lines = vec![format!("{major}.{minor}.{ten}")];
                lines.extend((own != ten).then(|| format!("{major}.{minor}.{own}")));
                (lines, (major, minor, ten * 10))
            }
        };
        let prefixes = lines.into_iter().flat_map(|line| [format!("v{line}"), line]).collect();
        Some(JustBelow { prefixes, lowest })
    }

    /// Whether this is a release of at least this major, minor and patch number.
    pub(crate) fn is_at_least(&self, lowest: (u64, u64, u64)) -> bool {
        self.release().is_some_and(|release| (release.major, release.minor, release.patch) >= lowest)
    }

    /// The release of these that comes right before this one by precedence.
    pub(crate) fn nearest_below<'a>(&self, names: impl IntoIterator<Item = &'a Self>) -> Option<&'a Self> {
        let own = self.release()?;
        let releases = names.into_iter().filter_map(|name| Some((name.release()?, name)));
        let below = releases.filter(|(release, _)| release.cmp_precedence(&own).is_lt());
        below.max_by(|(a, one), (b, other)| a.cmp_precedence(b).then_with(|| one.cmp(other))).map(|(_, name)| name)
    }

    /// Whether both are releases, and this one comes after the other by precedence.
    pub(crate) fn is_after(&self, other: &Self) -> bool {
        let releases = self.release().zip(other.release());
        releases.is_some_and(|(own, other)| own.cmp_precedence(&other).is_gt())
    }

    /// The releases among these, the highest first.
    pub(crate) fn releases(names: &[Self]) -> Vec<Self> {
        let mut releases: Vec<_> = names.iter().filter_map(|name| Some((name.release()?, name))).collect();
        releases.sort_unstable_by(|one, other| other.cmp(one));
        releases.into_iter().map(|(_, name)| name.clone()).collect()
    }

    /// Whether this is another name of the same precedence: one that differs only in the leading `v` or in build
    /// metadata, which precedence ignores ([SemVer 2.0.0, 10](https://semver.org/#spec-item-10)). No requirement could
    /// tell the two apart.
    pub(crate) fn is_twin_of(&self, other: &Self) -> bool {
        let precedence = |name: &Self| name.release().map(|release| Version { build: BuildMetadata::EMPTY, ..release });
        self != other && precedence(self).is_some_and(|own| precedence(other) == Some(own))
    }

    /// The names of one precedence among these, two or more of each, sorted.
    pub(crate) fn twins_among(names: &[Self]) -> Vec<Vec<Self>> {
        let mut releases: Vec<_> = names.iter().filter_map(|name| Some((name.release()?, name))).collect();
        // Build metadata comes last in this order, so twins stand side by side.
        releases.sort_unstable();
        let groups = releases.chunk_by(|(_, one), (_, other)| one.is_twin_of(other));
        groups
            .filter(|group| group.len() > 1)
            .map(|group| group.iter().map(|&(_, name)| name.clone()).collect())
            .collect()
    }

    /// The release's own two names, with and without the `v`, which with a `+` after them begin all others of its
    /// precedence. None when this is no release.
    pub(crate) fn twin_names(&self) -> Option<[String; 2]> {
        let release = Version { build: BuildMetadata::EMPTY, ..self.release()? };
        Some([format!("v{release}"), release.to_string()])
    }
}

/// Releases right below another one, without a gap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct JustBelow {
    /// What all their names begin with, and some others.
    pub(crate) prefixes: Vec<String>,
    /// The lowest major, minor and patch number of them.
    pub(crate) lowest: (u64, u64, u64),
}

impl fmt::Display for VersionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for VersionName {
    type Error = NameError;
    fn try_from(text: String) -> Result<Self, NameError> {
        Self::new(&text)
    }
}

impl From<VersionName> for String {
    fn from(name: VersionName) -> Self {
        name.0
    }
}

/// What the `version` input asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VersionRequest {
    /// `head`: the mutable state.
    Head,
    /// This name and no other.
    Exact(VersionName),
    /// What the requirement picks among the published versions.
    Matching(Requirement),
    /// `:prod`: what the channel points at.
    Channel(ChannelName),
}

impl VersionRequest {
    /// Reads the input. A channel is what begins with a colon. A requirement is what begins with one of `^ ~ > < = *`
    /// or has a wildcard part (`1.x`, `1.2.*`); `latest` and `head` are themselves; everything else is an exact name,
    /// `v1` too.
    pub fn new(text: &str) -> Result<Self, NameError> {
        match text {
            "head" => Ok(Self::Head),
            _ if text.starts_with(':') => ChannelName::new(&text[1..]).map(Self::Channel),
            "latest" => Ok(Self::Matching(Requirement::latest())),
            _ if text.starts_with(['^', '~', '>', '<', '=', '*']) || has_wildcard(text) => {
                Requirement::new(text).map(Self::Matching)
            }
            _ => VersionName::new(text).map(Self::Exact),
        }
    }
}

impl fmt::Display for VersionRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Head => f.write_str("head"),
            Self::Exact(name) => name.fmt(f),
            Self::Matching(requirement) => requirement.fmt(f),
            Self::Channel(name) => write!(f, ":{name}"),
        }
    }
}

/// Whether a version has a wildcard part: numbers, and then `x`, `X` or `*`. (`release.x` is somebody's tag.)
fn has_wildcard(text: &str) -> bool {
    let mut parts = text.strip_prefix('v').unwrap_or(text).split('.');
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    parts.next().is_some_and(is_number)
        && parts.find(|part| !is_number(part)).is_some_and(|part| matches!(part, "x" | "X" | "*"))
}

/// A semver requirement, in Cargo's dialect: `^1.2`, `~1.4.0`, `1.x`, `>=1.0, <2`, and `latest` for any release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    text: String,
    req: VersionReq,
}

impl Requirement {
    /// `latest`: the newest release.
    pub(crate) fn latest() -> Self {
        Self { text: "latest".to_owned(), req: VersionReq::STAR }
    }

    fn new(text: &str) -> Result<Self, NameError> {
        let refuse = || {
            NameError::new(
                "version requirement",
                text,
                "write it like ^1.2, ~1.4.0, 1.x or >=1.0, <2 (parts joined by commas)",
            )
        };
        let without_v = text
            .split(',')
            .map(|part| {
                let part = part.trim();
                let number = part.trim_start_matches(|c: char| "^~><=".contains(c) || c == ' ');
                let operator = &part[..part.len() - number.len()];
                format!("{operator}{}", number.strip_prefix('v').unwrap_or(number))
            })
            .collect::<Vec<_>>()
            .join(",");
        let req = VersionReq::parse(&without_v).map_err(|_| refuse())?;
        Ok(Self { text: text.to_owned(), req })
    }

    /// Whether the requirement allows a version.
    pub(crate) fn allows(&self, name: &VersionName) -> bool {
        name.release().is_some_and(|release| self.req.matches(&release))
    }

    /// The highest of these that the requirement would allow if it were no pre-release.
    #[must_use]
    pub fn highest_pre_release<'a>(&self, names: impl IntoIterator<Item = &'a VersionName>) -> Option<&'a VersionName> {
        let releases = names.into_iter().filter_map(|name| Some((name.release()?, name)));
        let pre_releases = releases.filter(|(release, _)| {
            let of = Version { pre: Prerelease::EMPTY, ..release.clone() };
            !release.pre.is_empty() && self.req.matches(&of)
        });
        pre_releases.max().map(|(_, name)| name)
    }

    /// The highest of these that the requirement allows, by semver precedence. A pre-release is picked only where
    /// the requirement names one of the same release.
    ///
    /// # Errors
    /// [`Ambiguous`] when the highest has a twin: precedence ignores build metadata, so whoever may publish could
    /// otherwise take the place of a release with a name such as `v1.2.3+z`.
    pub fn highest<'a>(
        &self,
        names: impl IntoIterator<Item = &'a VersionName>,
    ) -> Result<Option<&'a VersionName>, Ambiguous> {
        let releases = names.into_iter().filter_map(|name| Some((name.release()?, name)));
        let mut allowed: Vec<_> = releases.filter(|(release, _)| self.req.matches(release)).collect();
        allowed.sort_unstable();
        let Some(&(_, highest)) = allowed.last() else { return Ok(None) };
        let twins = allowed.iter().map(|&(_, name)| name).filter(|name| name.is_twin_of(highest));
        let mut names: Vec<_> = twins.cloned().collect();
        if names.is_empty() {
            return Ok(Some(highest));
        }
        names.push(highest.clone());
        names.sort_unstable();
        Err(Ambiguous { names })
    }
}

/// Published versions of one precedence, where a requirement's highest match is to be picked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ambiguous {
    /// Their names, two or more, sorted.
    pub names: Vec<VersionName>,
}

impl Requirement {
    /// What the name of every release that the requirement allows begins with: one of these, with and without the `v`.
    /// None where that is not said, as by `latest` and `>=1.0`.
    #[must_use]
    pub fn prefixes(&self) -> Option<[String; 2]> {
        let longest = self.req.comparators.iter().filter_map(prefix).max_by_key(String::len)?;
        Some([format!("v{longest}"), longest])
    }
}

/// What the text of every release that a comparator allows begins with.
fn prefix(comparator: &Comparator) -> Option<String> {
    let &Comparator { op, major, minor, patch, .. } = comparator;
    Some(match (op, minor, patch) {
        (Op::Caret, Some(0), Some(patch)) if major == 0 => format!("0.0.{patch}"),
        (Op::Caret, Some(minor), _) if major == 0 => format!("0.{minor}."),
        (Op::Caret, ..) => format!("{major}."),
        (Op::Exact, Some(minor), Some(patch)) => format!("{major}.{minor}.{patch}"),
        (Op::Exact | Op::Tilde | Op::Wildcard, Some(minor), _) => format!("{major}.{minor}."),
        (Op::Exact | Op::Tilde | Op::Wildcard, None, _) => format!("{major}."),
        _ => return None,
    })
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests;
