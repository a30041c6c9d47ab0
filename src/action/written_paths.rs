//! Paths as the catalog writes them, in whatever the action says: the value of a variable in a path is shown nowhere.

use std::collections::{BTreeMap, BTreeSet};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What a URL's path spells as it is.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const OF_PATHS: &AsciiSet = &UNRESERVED.remove(b'/');

/// A single name shorter than this, in bytes, stands for a path only where a `/` follows, or where nothing else is
/// said: it may well be a word of a message. What is longer may be a secret.
const SHORTEST_NAME: usize = 16;

/// The shortest beginning of a path that is taken for one where a message has cut it off.
const SHORTEST_CUT: usize = 8;

/// How far a message's `…` is looked for, in bytes: longer than any path.
const LONGEST_PATH: usize = 1024;

/// What is written in place of each path that holds values of variables.
#[derive(Default)]
pub(super) struct WrittenPaths {
    by_text: BTreeMap<String, String>,
    /// The lengths of the paths.
    lengths: BTreeSet<usize>,
}

impl WrittenPaths {
    /// Learns a path, or the beginning of one, and how it is written.
    pub(super) fn add(&mut self, path: &str, written: &str) {
        let quoted = format!("{path:?}");
        let spellings = [
            path.to_owned(),
            quoted.trim_matches('"').to_owned(),
            utf8_percent_encode(path, UNRESERVED).to_string(),
            utf8_percent_encode(path, OF_PATHS).to_string(),
        ];
        for text in spellings.into_iter().filter(|text| !text.is_empty()) {
            self.lengths.insert(text.len());
            self.by_text.entry(text).or_insert_with(|| written.to_owned());
        }
    }

    /// The text with all paths as they are written.
    pub(super) fn in_place(&self, text: &str) -> String {
        if self.by_text.is_empty() {
            return text.to_owned();
        }
        let mut shown = String::with_capacity(text.len());
        let mut at = 0;
        while let Some(next) = text[at..].chars().next() {
            match self.path_at(text, at) {
                Some((length, written)) => {
                    shown.push_str(written);
                    at += length;
                }
                None => {
                    shown.push(next);
                    at += next.len_utf8();
                }
            }
        }
        shown
    }

    /// The path that stands here, by its length, and how it is written.
    fn path_at(&self, text: &str, at: usize) -> Option<(usize, &str)> {
        let (before, rest) = text.split_at(at);
        let is_encoded_slash = before.len() >= 3 && before.is_char_boundary(before.len() - 3) && {
            before[before.len() - 3..].eq_ignore_ascii_case("%2f")
        };
        if before.ends_with(|c| is_of_name(c) || c == '.') && !is_encoded_slash {
            return None;
        }
        let whole = self.lengths.iter().rev().find_map(|&length| {
            let (path, after) = rest.split_at_checked(length)?;
            let written = self.by_text.get(path)?;
            let is_alone = before.is_empty() && after.is_empty();
            let is_word = !path.contains('/') && path.len() < SHORTEST_NAME && !after.starts_with('/') && !is_alone;
            (!after.starts_with(is_of_name) && !is_word).then_some((length, written.as_str()))
        });
        whole.or_else(|| {
            let cut = rest.find('…').filter(|cut| (SHORTEST_CUT..=LONGEST_PATH).contains(cut))?;
            let (path, written) = self.by_text.range(rest[..cut].to_owned()..).next()?;
            path.starts_with(&rest[..cut]).then_some((cut, written.as_str()))
        })
    }
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let mut paths = WrittenPaths::default();
        paths.add("service/swordfish", "service/${ENV}");
        paths.add("service/swordfish/.env", "service/${ENV}/.env");
        paths.add("dev", "${STAGE}");
        paths.add("version", "${STAGE}");
        paths.add("a \"b\"/ü", "a ${Q}/ü");
        paths.add(&"x".repeat(300), "${LONG}");
        paths.in_place(text)
    }

    #[test]
    fn a_path_is_shown_as_it_is_written() {
        for (text, expected) in [
            ("the file service/swordfish/.env is missing.", "the file service/${ENV}/.env is missing."),
            ("arn:aws:s3:::b/shop/v1/service/swordfish/.env", "arn:aws:s3:::b/shop/v1/service/${ENV}/.env"),
            ("app/service/swordfish is a link", "app/service/${ENV} is a link"),
            ("service/swordfishes/x", "service/swordfishes/x"),
            ("my-service/swordfish", "my-service/swordfish"),
            ("GET /shop%2Fservice%2Fswordfish%2F.env", "GET /shop%2Fservice/${ENV}/.env"),
            (r#"the path "a \"b\"/ü""#, r#"the path "a ${Q}/ü""#),
            ("https://s3/a%20%22b%22/%C3%BC", "https://s3/a ${Q}/ü"),
            ("dev/.env of dev in cstore-dev", "${STAGE}/.env of dev in cstore-dev"),
            ("Set `version` to one of these.", "Set `version` to one of these."),
            ("the version version/.env", "the version ${STAGE}/.env"),
            ("version", "${STAGE}"),
            ("service/swordf…, more", "service/${ENV}…, more"),
            ("service/other…", "service/other…"),
            ("no path, no …", "no path, no …"),
            ("", ""),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
        assert_eq!(shown(&format!("shop/{}…", "x".repeat(200))), "shop/${LONG}…");
        assert_eq!(WrittenPaths::default().in_place("dev/x"), "dev/x");
    }
}
