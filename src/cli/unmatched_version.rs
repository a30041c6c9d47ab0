//! Names of versions that no requirement finds.

use crate::name::VersionName;

/// What is worth knowing of a name before it is published; nothing where requirements find it.
pub(super) fn note(name: &VersionName) -> Option<String> {
    if name.is_release() {
        return None;
    }
    let better = release_meant(name).map(|better| format!(" Name it {better} to have it found.")).unwrap_or_default();
    Some(format!("{name} is not of the form v1.2.3, so `latest` and requirements such as ^1 do not find it.{better}"))
}

/// The semantic version that a name probably stands for: without leading zeros, with all three numbers, and with a
/// small `v`.
fn release_meant(name: &VersionName) -> Option<VersionName> {
    let small = name.as_str().replacen('V', "v", usize::from(name.as_str().starts_with('V')));
    let (v, rest) = small.strip_prefix('v').map_or(("", &*small), |rest| ("v", rest));
    let (numbers, extra) = rest.split_at(rest.find(['-', '+']).unwrap_or(rest.len()));
    let plain = |number: &str| number.parse::<u64>().ok().map(|number| number.to_string());
    let mut numbers: Vec<_> = numbers.trim_start_matches('.').split('.').map(plain).collect::<Option<_>>()?;
    numbers.resize(numbers.len().max(3), "0".to_owned());
    VersionName::new(&format!("{v}{}{extra}", numbers.join("."))).ok().filter(VersionName::is_release)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_no_requirement_finds_comes_with_one_that_they_find() {
        for (name, better) in [
            ("1.2", Some("1.2.0")),
            ("v1", Some("v1.0.0")),
            ("v01.2.3", Some("v1.2.3")),
            ("V1.0.0", Some("v1.0.0")),
            ("v1.02.0-rc.1", Some("v1.2.0-rc.1")),
            ("v.1.2.3", Some("v1.2.3")),
            ("banana", None),
            ("1.2.3.4", None),
            ("v1-rc.1", Some("v1.0.0-rc.1")),
            ("2024-06", None),
        ] {
            let said = note(&VersionName::new(name).unwrap()).unwrap();
            assert_eq!(said.contains("Name it"), better.is_some(), "{said}");
            better
                .iter()
                .for_each(|better| assert!(said.contains(&format!("Name it {better} to have it found.")), "{said}"));
        }
        for found in ["v1.2.3", "1.2.3", "v1.2.3-rc.1", "v1.2.3+build"] {
            assert_eq!(note(&VersionName::new(found).unwrap()), None);
        }
    }
}
