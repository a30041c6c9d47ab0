//! The name under which a key is delivered.

/// How the option `output-case` changes a key. It changes ASCII letters only, and never a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OutputCase {
    /// As it is.
    #[default]
    Keep,
    /// `DB_HOST` becomes `db_host`, `dbHost` becomes `dbhost`.
    Lower,
    /// `dbHost` becomes `DBHOST`.
    Upper,
    /// Words in lower case joined by `_`: `dbHost`, `DB-HOST` and `db.host` become `db_host`.
    ///
    /// A word ends before anything that is neither letter nor digit (which is dropped, at either end too), before a
    /// capital after a small letter or a digit, and before the last of several capitals when a small letter follows:
    /// `dbURL2Host` becomes `db_url2_host`, `__HTTPServer` becomes `http_server`.
    Snake,
    /// As [`Snake`](Self::Snake), joined by `-`. Such names can be outputs but not environment variables.
    Kebab,
}

impl OutputCase {
    /// All of them, by name.
    pub const ALL: [(&str, Self); 5] = [
        ("keep", Self::Keep),
        ("lower", Self::Lower),
        ("upper", Self::Upper),
        ("snake", Self::Snake),
        ("kebab", Self::Kebab),
    ];
}

impl OutputCase {
    /// The key in this case.
    #[must_use]
    pub fn apply(self, key: &str) -> String {
        match self {
            Self::Keep => key.to_owned(),
            Self::Lower => key.to_ascii_lowercase(),
            Self::Upper => key.to_ascii_uppercase(),
            Self::Snake => joined_words(key, '_'),
            Self::Kebab => joined_words(key, '-'),
        }
    }
}

fn joined_words(key: &str, separator: char) -> String {
    let chars: Vec<char> = key.chars().collect();
    let mut joined = String::with_capacity(key.len() + 4);
    let mut before: Option<char> = None;
    for (at, &c) in chars.iter().enumerate() {
        // A letter beyond ASCII is part of its word; what becomes of it is decided by what the name is for.
        if c.is_ascii() && !c.is_ascii_alphanumeric() {
            before = None;
            continue;
        }
        let small_follows = chars.get(at + 1).is_some_and(char::is_ascii_lowercase);
        let begins_word =
            before.is_none_or(|before| c.is_ascii_uppercase() && (!before.is_ascii_uppercase() || small_follows));
        if begins_word && !joined.is_empty() {
            joined.push(separator);
        }
        joined.push(c.to_ascii_lowercase());
        before = Some(c);
    }
    joined
}

/// Whether an output's name belongs to the action itself: it begins with `config-`, in any case, since GitHub does not
/// tell outputs apart by case.
pub(crate) fn is_reserved_name(text: &str) -> bool {
    text.get(..7).is_some_and(|beginning| beginning.eq_ignore_ascii_case("config-"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_are_found_in_every_common_style() {
        for (key, snake) in [
            ("DB_HOST", "db_host"),
            ("dbHost", "db_host"),
            ("DbHost", "db_host"),
            ("db-host", "db_host"),
            ("db.host", "db_host"),
            ("dbURL2Host", "db_url2_host"),
            ("HTTPServer", "http_server"),
            ("parseHTTP", "parse_http"),
            ("v2API", "v2_api"),
            ("OAuth2", "o_auth2"),
            ("S3_BUCKET", "s3_bucket"),
            ("__A__b_", "a_b"),
            ("already_snake_9", "already_snake_9"),
            ("straßeA", "straße_a"),
            ("", ""),
            ("--", ""),
        ] {
            assert_eq!(OutputCase::Snake.apply(key), snake, "{key}");
            assert_eq!(OutputCase::Kebab.apply(key), snake.replace('_', "-"), "{key}");
        }
    }

    #[test]
    fn plain_cases_change_letters_only() {
        assert_eq!(OutputCase::Keep.apply("aB-c"), "aB-c");
        assert_eq!(OutputCase::Lower.apply("aB-cÜ"), "ab-cÜ");
        assert_eq!(OutputCase::Upper.apply("aB-cß"), "AB-Cß");
    }

    #[test]
    fn names_of_the_actions_own_outputs_are_known_in_any_case() {
        for (name, reserved) in
            [("config-", true), ("CONFIG-digest", true), ("Config-x", true), ("config_x", false), ("configü", false)]
        {
            assert_eq!(is_reserved_name(name), reserved, "{name}");
        }
    }

    proptest! {
        #[test]
        fn casing_twice_is_casing_once(key in "[A-Za-z0-9_.-]{0,20}") {
            for case in [OutputCase::Lower, OutputCase::Upper, OutputCase::Snake, OutputCase::Kebab] {
                let once = case.apply(&key);
                prop_assert_eq!(case.apply(&once), once);
            }
        }
    }
}
