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
    for requirement in ["^1.2", "~1.4.0", "1.x", "v1.x", "1.2.*", "1.X", "*", ">=1.0, <2", "=1.2.3", "^v1", "latest"] {
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
        for [a, b] in [["v1.2.3", "v1.2.3+z"], ["1.2.3", "v1.2.3"], ["v1.2.3+1", "v1.2.3+2"], ["1.2.3+z", "v1.2.3"]] {
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

#[test]
fn the_release_before_is_the_highest_one_below_by_precedence() {
    let published =
        ["v1.2.0", "1.10.0", "v1.9.9", "v2.0.0-rc.2", "v2.0.0-rc.10", "v2.0.0", "v2.0.0+build", "nightly", "v3"];
    let published = published.map(|name| VersionName::new(name).unwrap());
    for (name, before) in [
        ("v1.2.0", None),
        ("v1.2.1-rc.1", Some("v1.2.0")),
        ("v1.9.10", Some("v1.9.9")),
        ("1.11.0", Some("1.10.0")),
        ("v2.0.0-rc.3", Some("v2.0.0-rc.2")),
        ("v2.0.0", Some("v2.0.0-rc.10")),
        ("v2.0.0+z", Some("v2.0.0-rc.10")),
        ("v2.1.0", Some("v2.0.0+build")),
        ("nightly", None),
        ("v3", None),
    ] {
        let found = VersionName::new(name).unwrap().nearest_below(&published).map(VersionName::as_str);
        assert!(found == before || before == Some("v2.0.0+build") && found == Some("v2.0.0"), "{name}: {found:?}");
    }
}

/// Whether the names that are listed for those right below `own` hold `other`, where it is one of them.
fn is_not_missed(own: &VersionName, other: &VersionName) -> bool {
    let JustBelow { prefixes, lowest } = own.just_below().unwrap();
    let is_listed = prefixes.iter().any(|prefix| other.as_str().starts_with(prefix.as_str()));
    is_listed || own.nearest_below([other]).is_none() || !other.is_at_least(lowest)
}

#[test]
fn no_patch_right_below_one_is_missed() {
    let patches: Vec<_> = (0..130).map(|patch| VersionName::new(&format!("v1.1.{patch}")).unwrap()).collect();
    for own in &patches {
        let missed: Vec<_> = patches.iter().filter(|other| !is_not_missed(own, other)).collect();
        assert!(missed.is_empty(), "below {own}: {missed:?}");
    }
}

proptest! {
    #[test]
    fn no_release_between_one_and_those_right_below_it_is_missed(
        own in (0u64..3, 0u64..3, 0u64..130, "(-rc\\.[0-9])?"),
        other in (0u64..3, 0u64..3, 0u64..130, "(-rc\\.[0-9])?"),
        v in "v?",
    ) {
        let name = |(a, b, c, pre): &(u64, u64, u64, String)| VersionName::new(&format!("{v}{a}.{b}.{c}{pre}")).unwrap();
        let (own, other) = (name(&own), name(&other));
        prop_assert!(is_not_missed(&own, &other), "{} below {}: {:?}", other, own, own.just_below());
    }
}
