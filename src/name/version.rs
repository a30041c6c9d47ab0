use std::fmt;

use semver::{BuildMetadata, Comparator, Op, Prerelease, Version, VersionReq};
use serde::{Deserialize, Serialize};

use super::NameError;
use super::segment::{Others, broken_segment_rule};

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

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The order in which people look for versions: releases by semver precedence, above all names that are none.
    pub(crate) fn newness(&self) -> (Option<Version>, &Self) {
        (self.release(), self)
    }

    /// The release that the name stands for, with or without a leading `v`; none when it is no semantic version.
    fn release(&self) -> Option<Version> {
        Version::parse(self.0.strip_prefix('v').unwrap_or(&self.0)).ok()
    }

    /// Whether this is another name of the same precedence: one that differs only in the leading `v` or in build
    /// metadata, which precedence ignores ([SemVer 2.0.0, 10](https://semver.org/#spec-item-10)). No requirement could
    /// tell the two apart.
    pub(crate) fn is_twin_of(&self, other: &Self) -> bool {
        let precedence = |name: &Self| name.release().map(|release| Version { build: BuildMetadata::EMPTY, ..release });
        self != other && precedence(self).is_some_and(|own| precedence(other) == Some(own))
    }

    /// The release's own two names, with and without the `v`, which with a `+` after them begin all others of its
    /// precedence. None when this is no release.
    pub(crate) fn twin_names(&self) -> Option<[String; 2]> {
        let release = Version { build: BuildMetadata::EMPTY, ..self.release()? };
        Some([format!("v{release}"), release.to_string()])
    }
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
}

impl VersionRequest {
    /// Reads the input. A requirement is what begins with one of `^ ~ > < = *` or has a wildcard part (`1.x`,
    /// `1.2.*`); `latest` and `head` are themselves; everything else is an exact name, `v1` too.
    pub fn new(text: &str) -> Result<Self, NameError> {
        match text {
            "head" => Ok(Self::Head),
            "latest" => Ok(Self::Matching(Requirement { text: text.to_owned(), req: VersionReq::STAR })),
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
mod tests {
    use super::*;
    use crate::tried::holds;
    use proptest::prelude::*;

    fn names(texts: &[&str]) -> Vec<VersionName> {
        texts.iter().map(|text| VersionName::new(text).unwrap()).collect()
    }

    fn resolve(request: &str, texts: &[&str]) -> Option<String> {
        let VersionRequest::Matching(requirement) = VersionRequest::new(request).unwrap() else {
            panic!("{request} is no requirement")
        };
        requirement.highest(&names(texts)).unwrap().map(ToString::to_string)
    }

    #[test]
    fn what_is_a_requirement_and_what_a_name() {
        for exact in ["v1", "1", "1.2", "v1.2.3", "1.2.3-rc.1", "release.x", "x", "2026-11-23", "1.2.3+b.x"] {
            assert!(matches!(VersionRequest::new(exact), Ok(VersionRequest::Exact(_))), "{exact}");
        }
        for requirement in
            ["^1.2", "~1.4.0", "1.x", "v1.x", "1.2.*", "1.X", "*", ">=1.0, <2", "=1.2.3", "^v1", "latest"]
        {
            assert!(matches!(VersionRequest::new(requirement), Ok(VersionRequest::Matching(_))), "{requirement}");
        }
        assert_eq!(VersionRequest::new("head"), Ok(VersionRequest::Head));
        let long = "1".repeat(129);
        let begin = "it must begin with a letter or a digit";
        let others = "it may hold only letters, digits and the characters . _ + -";
        let requirement = "write it like ^1.2, ~1.4.0, 1.x or >=1.0, <2 (parts joined by commas)";
        for (bad, rule) in [
            ("", "it is empty"),
            ("-1", begin),
            ("a/b", others),
            ("..", begin),
            (".cstore", begin),
            ("ü", begin),
            ("^", requirement),
            (">=1 <2 nonsense", requirement),
            ("^one", requirement),
            ("v 1", others),
            (&long, "it is longer than 128 bytes"),
        ] {
            assert_eq!(VersionRequest::new(bad).unwrap_err().rule, rule, "{bad:?}");
        }
    }

    #[test]
    fn the_highest_release_is_picked() {
        let published = ["v1.0.0", "v1.9.0", "v1.10.0", "1.10.1", "v2.0.0", "v2.1.0-rc.1", "nightly", "v3"];
        assert_eq!(resolve("^1.0", &published).unwrap(), "1.10.1");
        assert_eq!(resolve("~1.9.0", &published).unwrap(), "v1.9.0");
        assert_eq!(resolve("1.x", &published).unwrap(), "1.10.1");
        assert_eq!(resolve(">=1.0, <1.10", &published).unwrap(), "v1.9.0");
        assert_eq!(resolve("latest", &published).unwrap(), "v2.0.0");
        assert_eq!(resolve("*", &published).unwrap(), "v2.0.0");
        assert_eq!(resolve(">=2.1.0-rc.0", &published).unwrap(), "v2.1.0-rc.1");
        assert_eq!(resolve("^4", &published), None);
    }

    #[test]
    fn names_of_one_precedence_are_told_apart_by_nobody() {
        let picked = |request: &str, texts: &[&str]| {
            let VersionRequest::Matching(requirement) = VersionRequest::new(request).unwrap() else { unreachable!() };
            requirement.highest(&names(texts)).map(|name| name.cloned()).map_err(|error| error.names)
        };
        for request in ["=1.2.3", "~1.2.3", "^1.2", "latest", ">=1.0"] {
            for [a, b] in [["v1.2.3", "v1.2.3+z"], ["1.2.3", "v1.2.3"], ["v1.2.3+1", "v1.2.3+2"], ["1.2.3+z", "v1.2.3"]]
            {
                let mut both = names(&[a, b]);
                both.sort_unstable();
                assert_eq!(picked(request, &["v1.2.2", b, a]), Err(both), "{request}");
            }
            // Only where they are the highest match.
            let below = ["v1.2.3", "v1.2.3+z", "v1.2.4"];
            if !["=1.2.3"].contains(&request) {
                assert_eq!(picked(request, &below), Ok(Some(names(&["v1.2.4"]).remove(0))), "{request}");
            }
        }
        assert_eq!(picked("latest", &["v1.2.3+z"]), Ok(Some(names(&["v1.2.3+z"]).remove(0))));
        assert_eq!(picked(">=1.0.0-rc.1", &["v1.0.0-rc.1", "v1.0.0-rc.1+z"]).unwrap_err().len(), 2);
    }

    #[test]
    fn twins_begin_alike() {
        for (name, other, are_twins) in [
            ("v1.2.3", "1.2.3", true),
            ("v1.2.3", "v1.2.3+z", true),
            ("v1.2.3-rc.1", "1.2.3-rc.1+z.1", true),
            ("v1.2.3", "v1.2.3", false),
            ("v1.2.3", "v1.2.30", false),
            ("v1.2.3", "v1.2.3-rc.1", false),
            ("v1", "1", false),
            ("vv1.2.3", "v1.2.3", false),
        ] {
            let (one, two) = (VersionName::new(name).unwrap(), VersionName::new(other).unwrap());
            assert_eq!((one.is_twin_of(&two), two.is_twin_of(&one)), (are_twins, are_twins), "{name} {other}");
            if are_twins {
                let [with_v, without_v] = one.twin_names().unwrap();
                let is_listed =
                    [&with_v, &without_v].iter().any(|own| other == **own || other.starts_with(&format!("{own}+")));
                assert!(is_listed, "{name}");
            }
        }
        assert_eq!(VersionName::new("nightly").unwrap().twin_names(), None);
    }

    #[test]
    fn what_a_requirement_allows_begins_alike() {
        let prefix = |text: &str| match VersionRequest::new(text).unwrap() {
            VersionRequest::Matching(requirement) => requirement.prefixes().map(|[_, without_v]| without_v),
            other => panic!("{other} is no requirement"),
        };
        for (requirement, expected) in [
            ("^1.2", Some("1.")),
            ("^v1.2.3", Some("1.")),
            ("^0.2", Some("0.2.")),
            ("^0.0.3", Some("0.0.3")),
            ("^0.0", Some("0.0.")),
            ("^0", Some("0.")),
            ("~1.4.0", Some("1.4.")),
            ("~1", Some("1.")),
            ("1.x", Some("1.")),
            ("1.2.*", Some("1.2.")),
            ("=1.2.3-rc.1", Some("1.2.3")),
            (">=1.2.5, ~1.2", Some("1.2.")),
            (">=1.0, <2", None),
            ("*", None),
            ("latest", None),
        ] {
            assert_eq!(prefix(requirement).as_deref(), expected, "{requirement}");
        }
    }

    #[test]
    fn no_release_that_is_allowed_is_missed() {
        let parts = proptest::collection::vec(0u64..3, 1..4);
        let release = (0u64..3, 0u64..3, 0u64..3);
        let inputs = ("[\\^~=]|", parts, release, proptest::bool::ANY, "(-rc\\.[01])?");
        holds(500, &inputs, &[("allowed", 30), ("not allowed", 180)], |(operator, parts, release, has_v, pre)| {
            let number = parts.iter().map(ToString::to_string).collect::<Vec<_>>().join(".");
            // Without an operator only a wildcard makes a requirement of it.
            let text = if operator.is_empty() { format!("{}.x", parts[0]) } else { format!("{operator}{number}{pre}") };
            let Ok(VersionRequest::Matching(requirement)) = VersionRequest::new(&text) else { return vec!["refused"] };
            let (major, minor, patch) = release;
            let name = format!("{}{major}.{minor}.{patch}{pre}", if has_v { "v" } else { "" });
            let prefixes = requirement.prefixes().unwrap();
            let is_found = prefixes.iter().any(|prefix| name.starts_with(prefix.as_str()));
            let is_allowed = requirement.highest(&names(&[&name])) != Ok(None);
            assert!(is_found || !is_allowed, "{text} allows {name}");
            vec![if is_allowed { "allowed" } else { "not allowed" }]
        });
    }

    #[test]
    fn any_text_is_read_or_refused() {
        let kinds = [("a name", 50), ("a requirement", 50), ("refused", 120)];
        let inputs = "[v^~=]?[0-3](\\.[0-3x*]){0,2}|[a-z0-9._+-]{0,9}|.{0,60}";
        holds(500, &inputs, &kinds, |text| {
            let Ok(request) = VersionRequest::new(&text) else { return vec!["refused"] };
            assert_eq!(request.to_string(), text);
            vec![if matches!(request, VersionRequest::Matching(_)) { "a requirement" } else { "a name" }]
        });
    }

    proptest! {
        #[test]
        fn the_pick_is_the_highest_whatever_the_order(mut numbers in proptest::collection::vec((0u64..4, 0u64..4, 0u64..4), 1..20)) {
            let text = |(a, b, c): &(u64, u64, u64)| VersionName::new(&format!("v{a}.{b}.{c}")).unwrap();
            let names: Vec<_> = numbers.iter().map(text).collect();
            let VersionRequest::Matching(latest) = VersionRequest::new("latest").unwrap() else { unreachable!() };
            numbers.sort_unstable();
            numbers.dedup();
            let picked = latest.highest(&names).map(|name| name.cloned());
            prop_assert_eq!(picked, Ok(numbers.last().map(text)));
        }
    }
}
