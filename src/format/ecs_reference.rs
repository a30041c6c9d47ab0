//! What `valueFrom` of an ECS container definition may refer to.
//!
//! ECS takes the ARN of a Secrets Manager secret with an optional `:json-key:version-stage:version-id`, the ARN of a
//! parameter in Systems Manager, or, in the task's own region, that parameter's name (API type `Secret`). It finds out
//! only when a task starts, and a secret that stands there in place of a reference is by then readable in the task
//! definition. So a name is taken only where it has levels: `db-password` could as well be a password.

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

/// The rule that a value breaks as a reference.
pub(super) fn broken_rule(value: &str) -> Option<&'static str> {
    if value.is_empty() {
        Some("its value is empty where ECS wants an ARN or a parameter's name")
    } else if value.starts_with("arn:") {
        (!is_arn(value)).then_some(
            "its value is not the ARN of a Secrets Manager secret or of a Systems Manager parameter, in the form that ECS takes",
        )
    } else if !is_parameter_name(value) {
        Some(
            "its value is neither an ARN nor a parameter's name with levels (/shop/prod/db-password): keep a secret itself \
             in Secrets Manager or Systems Manager and write its ARN here, and for a parameter without levels, too, \
             arn:aws:ssm:REGION:ACCOUNT:parameter/NAME",
        )
    } else if value.split('/').any(is_token) || is_random(value) {
        Some(
            "its value looks rather like a secret itself than like the name of a parameter: write a parameter as its ARN, \
             arn:aws:ssm:REGION:ACCOUNT:parameter/NAME",
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

/// Whether a value is the name of a parameter with several levels. A name of one level, with or without its `/`, cannot
/// be told from a password.
fn is_parameter_name(value: &str) -> bool {
    let name = value.strip_prefix('/').filter(|name| name.contains('/'));
    value.len() <= LONGEST_PARAMETER && name.is_some_and(is_hierarchy)
}

fn is_hierarchy(name: &str) -> bool {
    let mut levels = name.split('/');
    name.split('/').count() <= MOST_LEVELS && levels.all(|level| !level.is_empty() && level.bytes().all(is_name_byte))
}

const fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-')
}

/// Whether a text was rather drawn at random than named by somebody, such as base64 that happens to hold `/`: letters
/// follow digits, and upper case follows lower case, more often than in words.
fn is_random(value: &str) -> bool {
    let changes = value.as_bytes().windows(2).map(|pair| match pair {
        [a, b] if a.is_ascii_lowercase() && b.is_ascii_uppercase() => 1,
        // Numbers end words, such as `db2` and `v1`.
        [a, b] if a.is_ascii_digit() && b.is_ascii_alphabetic() => 2,
        _ => 0,
    });
    let changes: usize = changes.sum();
    // Words have hardly a number in their middle.
    let is_mixed = value.as_bytes().windows(2).any(|pair| pair[0].is_ascii_digit() && pair[1].is_ascii_alphabetic());
    changes >= 5 && changes * if is_mixed { 6 } else { 4 } >= value.len()
}

/// Whether a level of a name has the shape of a token.
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
        for value in [
            "arn:aws:secretsmanager:eu-central-1:111122223333:secret:db",
            "arn:aws:secretsmanager:eu-central-1:111122223333:secret:rds!db-1-AbCdEf:password::",
            "arn:aws-cn:secretsmanager:cn-north-1:111122223333:secret:a/b+c=d.e@f-AbCdEf",
            &full,
            "arn:aws:ssm:eu-central-1:111122223333:parameter/shop/db-password",
            "arn:aws:ssm:eu-central-1:111122223333:parameter/shop.db-password",
            "arn:aws-us-gov:ssm:us-gov-west-1:111122223333:parameter/db_password:3",
            "/shop/prod/db.password",
            "/shop/db",
            "/s3/ec2/key",
            "/MyShop/Prod/DbUserPassword",
            "/app1/v2/db3/user4",
            "/aws/reference/secretsmanager/db",
        ] {
            assert_eq!(broken_rule(value), None, "{value}");
        }
    }

    #[test]
    fn a_secret_itself_is_no_reference() {
        let deep = "/a".repeat(16);
        let long = format!("/a/{}", "a".repeat(1011));
        for value in [
            "hunter2hunter2",
            "Summer2024",
            "letmein.now",
            "summer-rain",
            "MyPlainPassw0rd",
            "correct-horse-password",
            "shop-db-password",
            "/hunter2",
            "/aGVsbG8gd29ybGQ",
            "/aGVsbG8/gd29ybGQ",
            "/JalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "/shop/JalrXUtnFEMIK7MDENG0bPxRfiCYEXAMPLEKEY1",
            "/shop/ghp_0123456789abcdefghij/x",
            "correct horse",
            "postgres://app:hunter2@db/app",
            "//app:hunter2@db/app",
            "-----BEGIN PRIVATE KEY-----\nMIIE\n",
            "c2VjcmV0IG9mIHRoZSBzaG9w+w==",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "0123456789abcdef0123456789abcdef",
            "/shop/3f2504e0-4f89-11d3-9a0c-0305e82c3301",
            "AKIAIOSFODNN7EXAMPLE",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
            "",
            "shop",
            "shop/db",
            "/shop//db",
            "/shop/db/",
            "/",
            "//",
            "ünder",
            "/shop/ünder",
            &deep,
            &long,
            "/shop/db:3",
            "arn:aws:s3:::bucket/key",
            "arn:aws:ssm:eu-central-1:1:parameter/a",
            "arn:aws:ssm:eu-central-1:111122223333:document/a",
            "arn:aws:ssm:eu-central-1:111122223333:parameter/a b",
            "arn:aws:ssm:eu-central-1:111122223333:parameter/a:",
            "arn:aws:secretsmanager:eu-central-1:111122223333:secret:",
            "arn:aws:secretsmanager:eu-central-1:111122223333:secret:a:b",
            "arn:aws:secretsmanager:eu-central-1:111122223333:secret:a:b:c:d:e",
            "arn:aws:secretsmanager::111122223333:secret:a",
            "arn:aws:iam::111122223333:role/a",
            "arn:",
        ] {
            assert!(broken_rule(value).is_some(), "{value}");
        }
    }
}
