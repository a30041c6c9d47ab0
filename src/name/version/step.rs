//! What the numbers of two releases promise whoever asks for one of them by a requirement such as `^1.2`.

use super::VersionName;

/// What of the keys may differ between a release and a later one, so that both are what their numbers say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MayChange {
    /// Values alone: the later one is a patch.
    Values,
    /// New keys may come: the later one is a minor version.
    Additions,
    /// All: nobody who asks for the one by `^` gets the other.
    Anything,
}

impl VersionName {
    /// What may differ between this full release and a later one ([SemVer 2.0.0](https://semver.org)). Below 1.0.0,
    /// where that leaves everything open, it is what `^` means in requirements: a new minor version may break, a patch
    /// may add, and of 0.0.x each patch may break. None where one of them is no full release, or it is not the later
    /// one.
    #[must_use]
    pub fn may_change_until(&self, later: &Self) -> Option<MayChange> {
        let full = |name: &Self| name.release().filter(|release| release.pre.is_empty());
        let (old, new) = (full(self)?, full(later)?);
        if !old.cmp_precedence(&new).is_lt() {
            return None;
        }
        let is_compatible = match (old.major, old.minor) {
            (0, 0) => false,
            (0, minor) => new.major == 0 && new.minor == minor,
            (major, _) => new.major == major,
        };
        Some(match is_compatible {
            false => MayChange::Anything,
            true if old.major == 0 || old.minor != new.minor => MayChange::Additions,
            true => MayChange::Values,
        })
    }

    /// What the names of all releases begin with that `^` takes for compatible with this full release, with and without
    /// the `v`, and of some others. None where there are none: this is no full release, or one of 0.0.x.
    #[must_use]
    pub(crate) fn compatible_prefixes(&self) -> Option<[String; 2]> {
        let release = self.release().filter(|release| release.pre.is_empty())?;
        let numbers = match (release.major, release.minor) {
            (0, 0) => return None,
            (0, minor) => format!("0.{minor}."),
            (major, _) => format!("{major}."),
        };
        Some([format!("v{numbers}"), numbers])
    }

    /// The full releases of these right below and right above this one, of those whose keys depend on its keys.
    pub(crate) fn promised_neighbours(&self, names: &[Self]) -> Vec<Self> {
        let promises = |old: &Self, new: &Self| old.may_change_until(new).is_some_and(|may| may < MayChange::Anything);
        let (below, above) =
            (names.iter().filter(|name| promises(name, self)), names.iter().filter(|name| promises(self, name)));
        let lower = below.max_by(|one, other| one.newness().cmp(&other.newness()));
        let upper = above.min_by(|one, other| one.newness().cmp(&other.newness()));
        lower.into_iter().chain(upper).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> VersionName {
        VersionName::new(text).unwrap()
    }

    #[test]
    fn numbers_promise_what_semver_and_requirements_say() {
        use MayChange::{Additions, Anything, Values};
        for (old, new, expected) in [
            ("v1.2.3", "v1.2.4", Some(Values)),
            ("1.2.3", "v1.2.4", Some(Values)),
            ("v1.2.3", "v1.2.3+build.2", None),
            ("v1.2.3", "v1.3.0", Some(Additions)),
            ("v1.2.3", "v1.9.7", Some(Additions)),
            ("v1.2.3", "v2.0.0", Some(Anything)),
            ("v0.2.3", "v0.2.4", Some(Additions)),
            ("v0.2.3", "v0.3.0", Some(Anything)),
            ("v0.0.3", "v0.0.4", Some(Anything)),
            ("v0.0.3", "v0.1.0", Some(Anything)),
            ("v0.9.0", "v1.0.0", Some(Anything)),
            ("v1.2.4", "v1.2.3", None),
            ("v1.2.3", "v1.2.4-rc.1", None),
            ("v1.2.3-rc.1", "v1.2.3", None),
            ("release", "v1.2.3", None),
        ] {
            assert_eq!(name(old).may_change_until(&name(new)), expected, "{old} {new}");
        }
    }

    #[test]
    fn what_may_not_break_is_what_a_caret_allows() {
        let names = ["0.0.3", "0.0.4", "0.1.0", "0.1.1", "0.2.0", "1.0.0", "1.0.1", "1.2.0", "2.0.0"];
        for (old, new) in names.iter().flat_map(|old| names.iter().map(move |new| (*old, *new))) {
            let Some(may) = name(old).may_change_until(&name(new)) else { continue };
            let caret = semver::VersionReq::parse(&format!("^{old}")).unwrap();
            assert_eq!(may < MayChange::Anything, caret.matches(&semver::Version::parse(new).unwrap()), "{old} {new}");
        }
    }

    #[test]
    fn the_neighbours_are_the_nearest_full_releases_that_a_caret_holds_together() {
        let names = ["v1.0.0", "1.2.0", "v1.2.3-rc.1", "v1.4.0", "v1.3.0", "v2.0.0", "v0.9.0", "release"].map(name);
        for (own, expected) in [
            ("v1.2.3", &["1.2.0", "v1.3.0"][..]),
            ("v1.5.0", &["v1.4.0"]),
            ("v1.2.0", &["v1.0.0", "v1.3.0"]),
            ("v3.0.0", &[]),
            ("v0.9.1", &["v0.9.0"]),
            ("v1.2.3-rc.2", &[]),
            ("release", &[]),
        ] {
            let expected: Vec<_> = expected.iter().map(|text| name(text)).collect();
            assert_eq!(name(own).promised_neighbours(&names), expected, "{own}");
        }
        for own in ["v1.2.3", "v0.9.1", "v1.5.0"] {
            let prefixes = name(own).compatible_prefixes().unwrap();
            let is_listed = |name: &VersionName| prefixes.iter().any(|prefix| name.as_str().starts_with(prefix));
            assert!(name(own).promised_neighbours(&names).iter().all(is_listed), "{own}");
        }
    }
}
