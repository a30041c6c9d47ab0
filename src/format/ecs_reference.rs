//! What `valueFrom` of an ECS container definition may refer to.
//!
//! ECS takes the ARN of a Secrets Manager secret with an optional `:json-key:version-stage:version-id`, the ARN of a
//! parameter in Systems Manager, or, in the task's own region, that parameter's name (API type `Secret`). It finds out
//! only when a task starts, and a secret that stands there in place of a reference is by then readable in the task
//! definition.

use crate::config::{OutputCase, is_secret_key};

/// The longest ARN of a parameter, in characters, and so of its name (PutParameter, `Name`).
const LONGEST_PARAMETER: usize = 1011;
/// The most levels of a parameter's name (PutParameter, `Name`).
const MOST_LEVELS: usize = 15;
/// The longest ARN of a secret, in characters (GetSecretValue, `SecretId`).
const LONGEST_SECRET: usize = 2048;
/// From this length on a word of letters in both cases and digits is rather drawn at random than chosen.
const RANDOM_LENGTH: usize = 32;

/// How well-known tokens begin that are made of the characters of a parameter's name.
const TOKENS: [&str; 22] = [
    "AIza",
    "AKIA",
    "ASIA",
    "SG.",
    "dckr_pat_",
    "eyJ",
    "gh",
    "github_pat_",
    "glpat-",
    "hf_",
    "npm_",
    "pypi-",
    "rk_live_",
    "rk_test_",
    "shpat_",
    "sk-",
    "sk_live_",
    "sk_test_",
    "xapp-",
    "xox",
    "ya29.",
    "whsec_",
];

/// The rule that a value breaks as a reference of this key.
pub(super) fn broken_rule(key: &str, value: &str) -> Option<&'static str> {
    if value.is_empty() {
        Some("its value is empty where ECS wants an ARN or a parameter's name")
    } else if value.starts_with("arn:") {
        (!is_arn(value)).then_some(
            "its value is not the ARN of a Secrets Manager secret or of a Systems Manager parameter, in the form that ECS takes",
        )
    } else if !is_parameter_name(value) {
        Some(
            "its value is not an ARN or a parameter's name, but what it refers to itself: store that in Secrets Manager or Systems Manager, and write its ARN here",
        )
    } else if looks_like_secret(key, value) {
        Some(
            "its value looks like a secret itself and not like the name of a parameter: if it is a name, write the parameter's ARN",
        )
    } else {
        None
    }
}

fn is_arn(value: &str) -> bool {
    let parts: Vec<_> = value.splitn(6, ':').collect();
    let [_, partition, service, region, account, resource] = parts[..] else { return false };
    let is_partition = partition == "aws" || partition.starts_with("aws-");
    let is_word =
        |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    if !is_partition || !is_word(partition) || !is_word(region) || !is_account {
        return false;
    }
    match service {
        "secretsmanager" => value.len() <= LONGEST_SECRET && resource.strip_prefix("secret:").is_some_and(is_secret),
        "ssm" => {
            let name = resource.strip_prefix("parameter/");
            value.len() <= LONGEST_PARAMETER && name.is_some_and(is_parameter)
        }
        _ => false,
    }
}

/// A secret's name (CreateSecret, `Name`), then up to three parts: a key of its JSON, a stage, an id.
fn is_secret(resource: &str) -> bool {
    let mut parts = resource.split(':');
    let name = parts.next().unwrap_or_default();
    let others: Vec<_> = parts.collect();
    let is_name =
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/_+=.@-!".contains(&byte));
    // A key of JSON may hold nearly anything.
    is_name && matches!(others.len(), 0 | 3) && !resource.contains(char::is_control)
}

/// A parameter's name without its first `/`, and a version or label of it.
fn is_parameter(text: &str) -> bool {
    let (name, selector) = text.split_once(':').map_or((text, None), |(name, selector)| (name, Some(selector)));
    is_hierarchy(name) && selector.is_none_or(|selector| !selector.is_empty() && selector.bytes().all(is_name_byte))
}

fn is_parameter_name(value: &str) -> bool {
    let name = value.strip_prefix('/').unwrap_or(value);
    // What has levels begins with the root.
    value.len() <= LONGEST_PARAMETER && is_hierarchy(name) && (value.starts_with('/') || !name.contains('/'))
}

fn is_hierarchy(name: &str) -> bool {
    let mut levels = name.split('/');
    name.split('/').count() <= MOST_LEVELS && levels.all(|level| !level.is_empty() && level.bytes().all(is_name_byte))
}

const fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-')
}

/// Whether what could be a parameter's name is rather a secret: it has the shape of a token, or it stands without `/`
/// under a secret's key, and does not end in that key's last word.
fn looks_like_secret(key: &str, value: &str) -> bool {
    let last = value.rsplit('/').next().unwrap_or(value);
    if is_token(last) {
        return true;
    }
    let words = OutputCase::Snake.apply(value);
    let key_words = OutputCase::Snake.apply(key);
    let names_key = words.rsplit_once('_').is_some_and(|(_, last)| key_words.rsplit('_').next() == Some(last));
    !value.starts_with('/') && is_secret_key(key) && !names_key
}

fn is_token(word: &str) -> bool {
    let has = |is: fn(&u8) -> bool| word.as_bytes().iter().any(is);
    let is_hex = word.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-') && has(u8::is_ascii_digit);
    let is_mixed = has(u8::is_ascii_digit) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase);
    let begins_like_one = TOKENS.iter().any(|beginning| match *beginning {
        // ghp_, gho_, ghu_, ghs_, ghr_
        "gh" => word.starts_with("gh") && word.as_bytes().get(3) == Some(&b'_'),
        // xoxb-, xoxp-, xoxa-, …
        "xox" => word.starts_with("xox") && word.as_bytes().get(4) == Some(&b'-'),
        beginning => word.starts_with(beginning),
    });
    // Names are shorter, even where they begin alike.
    word.len() >= 20 && begins_like_one
        || word.len() >= RANDOM_LENGTH && (is_hex || is_mixed && !word.contains(['-', '.', '_']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_and_names_of_parameters_are_references() {
        let id = "a".repeat(32);
        let full =
            format!("arn:aws:secretsmanager:eu-central-1:111122223333:secret:prod/db-AbCdEf:user name:AWSCURRENT:{id}");
        for (key, value) in [
            ("DB_PASSWORD", "arn:aws:secretsmanager:eu-central-1:111122223333:secret:db"),
            ("DB_PASSWORD", "arn:aws:secretsmanager:eu-central-1:111122223333:secret:rds!db-1-AbCdEf:password::"),
            ("DB_PASSWORD", "arn:aws-cn:secretsmanager:cn-north-1:111122223333:secret:a/b+c=d.e@f-AbCdEf"),
            ("DB_PASSWORD", &full),
            ("DB_PASSWORD", "arn:aws:ssm:eu-central-1:111122223333:parameter/shop/db-password"),
            ("DB_PASSWORD", "arn:aws-us-gov:ssm:us-gov-west-1:111122223333:parameter/db_password:3"),
            ("DB_PASSWORD", "/shop/prod/db.password"),
            ("DB_PASSWORD", "/aws/reference/secretsmanager/db"),
            ("DB_PASSWORD", "shop-db-password"),
            ("dbPassword", "ShopDbPassword"),
            ("DB_HOST", "shop-db-host"),
            ("DB_HOST", "shop"),
        ] {
            assert_eq!(broken_rule(key, value), None, "{key}={value}");
        }
    }

    #[test]
    fn a_secret_itself_is_no_reference() {
        let deep = "/a".repeat(16);
        let long = format!("/{}", "a".repeat(1011));
        for (key, value) in [
            ("DB_PASSWORD", "hunter2hunter2"),
            ("DB_PASSWORD", "password"),
            ("DB_PASSWORD", "correct horse"),
            ("DB_URL", "postgres://app:hunter2@db/app"),
            ("KEY", "-----BEGIN PRIVATE KEY-----\nMIIE\n"),
            ("SIGNING", "c2VjcmV0IG9mIHRoZSBzaG9w+w=="),
            ("SIGNING", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
            ("SIGNING", "/JalrXUtnFEMIK7MDENG0bPxRfiCYEXAMPLEKEY1"),
            ("SIGNING", "0123456789abcdef0123456789abcdef"),
            ("SIGNING", "3f2504e0-4f89-11d3-9a0c-0305e82c3301"),
            ("ACCESS", "AKIAIOSFODNN7EXAMPLE"),
            ("JWT", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"),
            ("GITHUB", "ghp_0123456789abcdefghij"),
            ("SLACK", "xoxb-0123456789-abcdefghij"),
            ("A", ""),
            ("A", "shop/db"),
            ("A", "/shop//db"),
            ("A", "/shop/db/"),
            ("A", "/"),
            ("A", "ünder"),
            ("A", &deep),
            ("A", &long),
            ("A", "shop:3"),
            ("A", "arn:aws:s3:::bucket/key"),
            ("A", "arn:aws:ssm:eu-central-1:1:parameter/a"),
            ("A", "arn:aws:ssm:eu-central-1:111122223333:document/a"),
            ("A", "arn:aws:ssm:eu-central-1:111122223333:parameter/a b"),
            ("A", "arn:aws:ssm:eu-central-1:111122223333:parameter/a:"),
            ("A", "arn:aws:secretsmanager:eu-central-1:111122223333:secret:"),
            ("A", "arn:aws:secretsmanager:eu-central-1:111122223333:secret:a:b"),
            ("A", "arn:aws:secretsmanager:eu-central-1:111122223333:secret:a:b:c:d:e"),
            ("A", "arn:aws:secretsmanager::111122223333:secret:a"),
            ("A", "arn:aws:iam::111122223333:role/a"),
            ("A", "arn:"),
        ] {
            assert!(broken_rule(key, value).is_some(), "{key}={value}");
        }
    }
}
