//! What the two Kubernetes manifests have in common: their head, the object's name, and the rules for `data`.
//!
//! No namespace is written, so that `kubectl --namespace` decides. `kubectl apply` keeps a copy of the manifest in an
//! annotation that may have 256 KiB; above that `kubectl apply --server-side` or `kubectl create` is needed.

use super::form::Refusal;
use super::yaml;
use crate::config::Setting;
use crate::name::Digest;

/// Bytes of an object's name, and of a key in `data`.
const LONGEST_NAME: usize = 253;

/// Bytes of a label's value.
const LONGEST_LABEL: usize = 63;

/// Hexadecimal digits of a digest in a name.
const DIGEST_LENGTH: usize = 8;

/// Bytes of all values of one object together, in a Secret before base64 (`MaxSecretSize` of the API; it holds for
/// both kinds).
const LARGEST_DATA: usize = 1024 * 1024;

/// A text as an object's name: a subdomain by RFC 1123, that is `[a-z0-9.-]`, beginning and ending with a letter or
/// digit on both sides of every dot, at most 253 bytes.
///
/// Upper-case letters become lower-case ones, and every run of other characters becomes one `-`. A text that is a name
/// already stays as it is. If nothing is left, the name is `config`.
#[must_use]
pub fn name(text: &str) -> String {
    let mut name = String::with_capacity(text.len().min(LONGEST_NAME));
    for c in text.chars() {
        match c.to_ascii_lowercase() {
            c @ ('a'..='z' | '0'..='9' | '-' | '.') => name.push(c),
            _ if name.ends_with('-') => {}
            _ => name.push('-'),
        }
    }
    let labels: Vec<_> =
        name.split('.').map(|label| label.trim_matches('-')).filter(|label| !label.is_empty()).collect();
    let mut name = labels.join(".");
    name.truncate(LONGEST_NAME);
    name.truncate(name.trim_end_matches(['-', '.']).len());
    if name.is_empty() { "config".to_owned() } else { name }
}

/// Writes a manifest: `head` (the lines that say what it is), the name, and `data` with each value as `scalar`
/// writes it.
///
/// Names are `[-._a-zA-Z0-9]+` of at most 253 bytes that do not begin with `..` and are not `.`; all values together
/// may have 1 MiB.
pub(super) fn manifest(
    head: &str,
    settings: &[Setting],
    context: &str,
    scalar: impl Fn(&str) -> String,
) -> Result<String, Refusal> {
    let mut out = format!("{head}metadata:\n  name: {}\n", yaml::string(&name(context)));
    out.push_str(if settings.is_empty() { "data: {}\n" } else { "data:\n" });
    let mut size = 0;
    for setting in settings {
        if !is_key(&setting.name) {
            return Err(Refusal::from_setting(
                setting,
                "a name must be letters, digits and the characters - _ . (253 at most, and no .. at its beginning)",
            ));
        }
        let value = setting.value.text.expose();
        size += value.len();
        out.push_str(&format!("  {}: {}\n", yaml::key(&setting.name), scalar(value)));
    }
    if size > LARGEST_DATA {
        return Err(Refusal::from_rule("together they are larger than the 1,048,576 bytes that Kubernetes allows"));
    }
    Ok(out)
}

/// A manifest under a name that ends in a digest of it, immutable, and with labels by which the objects of a context
/// are found, to prune those that are no longer used.
pub(super) fn named_by_digest(manifest: &str, context: &str) -> Option<String> {
    let stem = name(context);
    let plain = format!("metadata:\n  name: {}\n", yaml::string(&stem));
    let (head, data) = manifest.split_once(&plain)?;
    let digest: String = Digest::from_content(manifest.as_bytes()).to_string().chars().take(DIGEST_LENGTH).collect();
    let named = format!("{}-{digest}", cut(&stem, LONGEST_NAME - DIGEST_LENGTH - 1));
    let part_of = cut(&stem, LONGEST_LABEL);
    Some(format!(
        "{head}immutable: true\nmetadata:\n  name: {}\n  labels:\n    app.kubernetes.io/managed-by: cstore\n    \
         app.kubernetes.io/part-of: {}\n{data}",
        yaml::string(&named),
        yaml::string(part_of)
    ))
}

/// A name of at most so many bytes. All its characters have one.
fn cut(name: &str, most: usize) -> &str {
    name.get(..most).unwrap_or(name).trim_end_matches(['-', '.'])
}

/// Whether a text can be a key of `data`.
pub(super) fn is_key(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= LONGEST_NAME
        && name != "."
        && !name.starts_with("..")
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_by_digest_changes_with_the_content_alone() {
        let manifest = |value: &str| format!("kind: ConfigMap\nmetadata:\n  name: \"my-shop\"\ndata:\n  A: {value}\n");
        let one = named_by_digest(&manifest("1"), "My_Shop").unwrap();
        assert_eq!(named_by_digest(&manifest("1"), "My_Shop").unwrap(), one);
        let (head, rest) = one.split_once("  name: \"my-shop-").unwrap();
        assert_eq!(head, "kind: ConfigMap\nimmutable: true\nmetadata:\n");
        let (digest, rest) = rest.split_once('"').unwrap();
        assert!(digest.len() == 8 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()), "{digest}");
        assert_eq!(
            rest,
            "\n  labels:\n    app.kubernetes.io/managed-by: cstore\n    app.kubernetes.io/part-of: \"my-shop\"\ndata:\n  A: 1\n"
        );
        assert!(!named_by_digest(&manifest("2"), "My_Shop").unwrap().contains(digest));
        let long = "a".repeat(300);
        let manifest = format!("metadata:\n  name: \"{}\"\ndata: {{}}\n", name(&long));
        let named = named_by_digest(&manifest, &long).unwrap();
        assert!(named.contains(&format!("  name: \"{}-", "a".repeat(244))) && named.contains(&"a".repeat(63)));
    }

    #[test]
    fn names_become_subdomains() {
        let long = "a".repeat(300);
        for (text, expected) in [
            ("shop", "shop"),
            ("my-app.v2", "my-app.v2"),
            ("My_Project", "my-project"),
            ("team/shop", "team-shop"),
            ("  a   b  ", "a-b"),
            ("-a-.-b-..c-", "a.b.c"),
            ("ÜBER", "ber"),
            ("", "config"),
            ("日本", "config"),
            (&long, &long[..253]),
        ] {
            assert_eq!(name(text), expected, "{text:?}");
        }
        assert_eq!(name(&format!("{}-.b", "a".repeat(252))).len(), 252, "a cut name does not end with a dot");
    }

    fn is_subdomain(name: &str) -> bool {
        let is_end = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
        name.len() <= 253
            && name.split('.').all(|label| {
                is_end(label.as_bytes().first())
                    && is_end(label.as_bytes().last())
                    && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            })
    }

    proptest! {
        #[test]
        fn every_text_gives_a_name_that_stays(text in "([aB0._/ü-]|\\PC){0,300}") {
            let first = name(&text);
            prop_assert!(is_subdomain(&first), "{}", first);
            prop_assert_eq!(name(&first), first);
        }
    }
}
