use std::fmt;

/// Unknown YAML tags, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnknownTags {
    /// The first ten, as they are written, each with the first line that has it. A tag has no name here where it may
    /// be a value whose quotes are missing.
    tags: Vec<(Option<String>, usize)>,
    has_more: bool,
}

/// What a tag stands before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Before {
    /// A list or map: no value that begins with `!` has one.
    Collection,
    /// A value, which may be the rest of one that begins with `!`.
    Value,
    /// Nothing: it may be such a value itself.
    Nothing,
}

/// The longest tag that is shown, in characters, if it is not a known one.
const LONGEST: usize = 40;

/// Tags of programs that read them. Any other may be a password whose quotes are missing.
const KNOWN: &[&str] = &[
    // CloudFormation
    "!And",
    "!Base64",
    "!Cidr",
    "!Condition",
    "!Equals",
    "!FindInMap",
    "!GetAZs",
    "!GetAtt",
    "!If",
    "!ImportValue",
    "!Join",
    "!Length",
    "!Not",
    "!Or",
    "!Ref",
    "!Select",
    "!Split",
    "!Sub",
    "!ToJsonString",
    "!Transform",
    // Docker Compose
    "!override",
    "!reset",
    // Ansible
    "!unsafe",
    "!vault",
    "!vault-encrypted",
    // GitLab
    "!reference",
    // Home Assistant and ESPHome
    "!env_var",
    "!extend",
    "!include",
    "!include_dir_list",
    "!include_dir_merge_list",
    "!include_dir_merge_named",
    "!include_dir_named",
    "!input",
    "!lambda",
    "!remove",
    "!secret",
    // pyaml-env and MkDocs
    "!ENV",
    "!relative",
    // Symfony
    "!abstract",
    "!closure",
    "!iterator",
    "!returns_closure",
    "!service",
    "!service_closure",
    "!service_locator",
    "!tagged",
    "!tagged_iterator",
    "!tagged_locator",
    // YAML's own, https://yaml.org/type/
    "!!binary",
    "!!merge",
    "!!omap",
    "!!pairs",
    "!!set",
    "!!timestamp",
    "!!value",
    "!!yaml",
];

/// Tags that stand before nothing on purpose.
const KNOWN_BEFORE_NOTHING: [&str; 2] = ["!reset", "!override"]; // of Docker Compose

/// Whether a tag is surely one, and no piece of a value.
fn is_surely_a_tag(tag: &str, before: Before) -> bool {
    match before {
        Before::Nothing => KNOWN_BEFORE_NOTHING.contains(&tag),
        // PyYAML's names of objects, as MkDocs has them.
        Before::Value => KNOWN.contains(&tag) || tag.starts_with("!!python/") && is_like_a_tag(tag),
        Before::Collection => KNOWN.contains(&tag) || is_like_a_tag(tag),
    }
}

/// Whether a tag has a form that those of programs have and passwords rarely: letters, with single signs between them.
fn is_like_a_tag(tag: &str) -> bool {
    let name = tag.strip_prefix("!!").or_else(|| tag.strip_prefix('!')).unwrap_or(tag);
    let is_sign = |c: char| matches!(c, ':' | '.' | '_' | '-' | '/');
    let has_words = name.split(is_sign).all(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_alphabetic()));
    has_words && name.len() <= LONGEST
}

impl UnknownTags {
    /// The most tags that are named.
    const MOST: usize = 10;

    /// Adds a tag that stands on a line, from 1, unless it is there already.
    pub(super) fn add(&mut self, tag: &str, before: Before, line: usize) {
        let name = is_surely_a_tag(tag, before).then_some(tag);
        let is_same = |(known, known_line): &(Option<String>, usize)| match name {
            Some(name) => known.as_deref() == Some(name),
            None => known.is_none() && *known_line == line,
        };
        if self.tags.iter().any(is_same) {
            return;
        }
        if self.tags.len() == Self::MOST {
            self.has_more = true;
        } else {
            self.tags.push((name.map(str::to_owned), line));
        }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.tags.is_empty()
    }

    /// The line of the first of them, from 1.
    pub(super) fn first_line(&self) -> Option<usize> {
        self.tags.first().map(|(_, line)| *line)
    }
}

impl fmt::Display for UnknownTags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, (name, line)) in self.tags.iter().enumerate() {
            let before = if position == 0 { "" } else { ", " };
            match name {
                Some(name) => write!(f, "{before}{name:?} on line {line}")?,
                None => write!(f, "{before}one on line {line}")?,
            }
        }
        f.write_str(if self.has_more { " and others" } else { "" })?;
        if self.tags.iter().any(|(name, _)| name.is_none()) {
            f.write_str(" (a value that begins with an exclamation mark needs quotes)")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_shown_where_it_is_no_piece_of_a_value() {
        use Before::{Collection, Nothing, Value};
        for (tag, before, is_shown) in [
            ("!Ref", Value, true),
            ("!Base64", Value, true),
            ("!!binary", Value, true),
            ("!!python/name:material.extensions.emoji.twemoji", Value, false),
            ("!!python/name:emoji.to_svg", Value, true),
            ("!abc", Value, false),
            ("!Secret", Value, false),
            ("!abc", Collection, true),
            ("!my.app/Kind", Collection, true),
            ("!hunter2", Collection, false),
            ("!a..b", Collection, false),
            ("!e!x", Collection, false),
            ("!reset", Nothing, true),
            ("!Ref", Nothing, false),
        ] {
            assert_eq!(is_surely_a_tag(tag, before), is_shown, "{tag} {before:?}");
        }
        assert!(!is_like_a_tag(&format!("!{}", "a".repeat(41))));
    }
}
