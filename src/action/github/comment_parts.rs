//! The parts of the comment on a pull request. Jobs that compare the same two sides share one comment, in which each
//! choice of files, checks and whatever else changes what is seen has a part of its own.
//!
//! A part is written for one head of the pull request. Those for another are stale: a choice that there still is writes
//! its part again.

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use super::at_home::CHOICE;
use crate::action::summary::code;
use crate::name::Digest;
use crate::option::RawOptions;

/// The most characters of a comment. GitHub takes 65,536.
const LONGEST: usize = 60_000;
/// Of these, what one part leaves for those that may follow it.
const ROOM_FOR_OTHERS: usize = 8_000;
/// What the beginning and the end of a part hold, and no text within one.
const MARK: &str = "cstore-action part";
/// What stands in its place in a text.
const HIDDEN_MARK: &str = "cstore-action\u{FFFD}part";
/// What ends a part.
const END: &str = "<!-- /cstore-action part -->";
/// What separates parts.
const RULE: &str = "\n---\n\n";
/// What a title in a comment of HTML does not show as it is: two hyphens would end it.
const IN_A_MARK: &AsciiSet = &CONTROLS.add(b'%').add(b'-').add(b'<').add(b'>');

/// What a job compares and checks, and for which commit.
pub(super) struct Choice {
    /// Of all inputs that change what is seen, as they are typed.
    fingerprint: String,
    /// The inputs that are set, for people.
    title: String,
    /// The head of the pull request.
    head: String,
}

/// A part as it is in a comment.
#[derive(Clone, Copy)]
struct Part<'a> {
    fingerprint: &'a str,
    head: &'a str,
    /// As the mark has it.
    title: &'a str,
    /// All of it, with its marks.
    whole: &'a str,
}

impl Choice {
    /// The choice of a step with these options, for this head of the pull request.
    pub(super) fn new(raw: &RawOptions, head: &str) -> Self {
        let typed: String =
            CHOICE.iter().map(|option| format!("{}\0{}\0", option.name, raw.text_or_default(option))).collect();
        let said = CHOICE.iter().filter(|option| raw.asks_for(option)).map(|option| {
            let lines: Vec<_> = raw.lines(option).collect();
            code(&format!("{}: {}", option.name, lines.join(", ")))
        });
        let said: Vec<_> = said.collect();
        let title = if said.is_empty() { "All files".to_owned() } else { said.join(", ") };
        let head: String = head.chars().filter(char::is_ascii_alphanumeric).collect();
        let head = if head.is_empty() { "unknown".to_owned() } else { head };
        Self { fingerprint: Digest::from_content(typed.as_bytes()).short(), title, head }
    }

    /// Whether a comment is about another head.
    pub(super) fn is_older_or_younger_than(&self, text: &str) -> bool {
        parts(&with_line_feeds(text)).any(|part| part.head != self.head)
    }

    /// What a comment is to say in which `texts`, of the comment itself and of its twins, are said now. `part`: what this
    /// choice says within so many characters. It says it where it `is_news`, or was told before, or where there is no
    /// comment yet. `nothing`: what is said where no part is left. None where there is no room.
    pub(super) fn told_in(
        &self,
        marker: &str,
        texts: &[&str],
        is_news: bool,
        part: &dyn Fn(usize) -> Option<String>,
        nothing: &str,
    ) -> Option<String> {
        let texts: Vec<_> = texts.iter().map(|text| with_line_feeds(text)).collect();
        let mut told: Vec<Vec<Part<'_>>> = texts.iter().map(|text| parts(text).collect()).collect();
        let was_told = told.iter().flatten().any(|part| part.fingerprint == self.fingerprint);
        told.iter_mut().for_each(|parts| {
            parts.retain(|part| part.head == self.head && part.fingerprint != self.fingerprint);
        });
        let mut told = told.into_iter();
        let mut kept = told.next().unwrap_or_default();
        let length = |parts: &[Part<'_>]| marker.chars().count() + 1 + parts.iter().map(Part::length).sum::<usize>();

        let own = if is_news || was_told || texts.is_empty() {
            let title = utf8_percent_encode(&self.title, IN_A_MARK).to_string();
            let begin = format!("<!-- {MARK} {} {} {title} -->\n", self.fingerprint, self.head);
            let frame = Part { title: &title, whole: &begin, ..self.part("") }.length() + END.len();
            let room = LONGEST.saturating_sub(length(&kept)).min(LONGEST - ROOM_FOR_OTHERS);
            let text = part(room.checked_sub(frame)?)?.replace(MARK, HIDDEN_MARK);
            Some((title, format!("{begin}{text}{END}")))
        } else {
            None
        };
        let own = own.as_ref().map(|(title, whole)| Part { title, ..self.part(whole) });
        kept.extend(own);
        // A twin that has no room is one of a job that is about to write its part here itself.
        for twin in told.flatten() {
            let is_new = kept.iter().all(|kept| kept.fingerprint != twin.fingerprint);
            if is_new && length(&kept) + twin.length() <= LONGEST {
                kept.push(twin);
            }
        }
        kept.sort_by_key(|part| (part.title, part.fingerprint));
        let shown: Vec<_> = match kept.as_slice() {
            [] => vec![nothing.to_owned()],
            [only] => vec![format!("{}\n", only.whole)],
            several => several.iter().map(|part| format!("{}{}\n", part.heading(), part.whole)).collect(),
        };
        Some(format!("{marker}\n{}", shown.join(RULE)))
    }

    fn part<'a>(&'a self, whole: &'a str) -> Part<'a> {
        Part { fingerprint: &self.fingerprint, head: &self.head, title: "", whole }
    }
}

impl Part<'_> {
    /// What tells it from others.
    fn heading(&self) -> String {
        format!("#### {}\n\n", percent_decode_str(self.title).decode_utf8_lossy().replace(MARK, HIDDEN_MARK))
    }

    /// How many characters it takes among others.
    fn length(&self) -> usize {
        [RULE, &self.heading(), self.whole].into_iter().map(|text| text.chars().count()).sum::<usize>() + 1
    }
}

/// The same with the line ends with which it was written: GitHub's pages change them.
fn with_line_feeds(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// The parts of a comment. Whatever else it says nobody has written in one.
fn parts(text: &str) -> impl Iterator<Item = Part<'_>> {
    text.match_indices(MARK).filter_map(|(at, _)| {
        let begin = at.checked_sub("<!-- ".len())?;
        let rest = text.get(begin..)?.strip_prefix("<!-- ")?;
        let (mark, _) = rest.strip_prefix(MARK)?.strip_prefix(' ')?.split_once(" -->\n")?;
        let mut words = mark.splitn(3, ' ');
        let (fingerprint, head, title) = (words.next()?, words.next()?, words.next()?);
        let end = begin + text[begin..].find(END)? + END.len();
        Some(Part { fingerprint, head, title, whole: &text[begin..end] })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARKER: &str = "<!-- marker -->";

    fn choice(name: &str, head: &str) -> Choice {
        Choice { fingerprint: name.to_owned(), title: format!("`--{name}--`"), head: head.to_owned() }
    }

    /// What a comment says in which these texts are told now.
    fn told(choice: &Choice, texts: &[&str], text: &str) -> Option<String> {
        let part = |longest: usize| {
            let text: String = text.chars().take(longest).collect();
            (longest >= 100).then_some(text)
        };
        choice.told_in(MARKER, texts, !text.is_empty(), &part, "Nothing.\n")
    }

    #[test]
    fn one_part_stands_alone_and_several_have_headings_in_their_order() {
        let (one, two) = (choice("one", "a1"), choice("two", "a1"));
        let second = told(&two, &[], "Two.\n").unwrap();
        let mark = "<!-- cstore-action part two a1 `%2D%2Dtwo%2D%2D` -->";
        assert_eq!(second, format!("{MARKER}\n{mark}\nTwo.\n{END}\n"));
        let both = told(&one, &[&second], "One.\n").unwrap();
        assert!(both.starts_with(&format!("{MARKER}\n#### `--one--`\n\n<!-- cstore-action part one a1 ")), "{both}");
        assert!(both.ends_with(&format!("\nOne.\n{END}\n\n---\n\n#### `--two--`\n\n{mark}\nTwo.\n{END}\n")), "{both}");
        for (choice, text) in [(&one, "One.\n"), (&two, "Two.\n"), (&choice("three", "a1"), "")] {
            assert_eq!(told(choice, &[&both], text).as_deref(), Some(both.as_str()));
            assert_eq!(told(choice, &[&both.replace('\n', "\r\n")], text).as_deref(), Some(both.as_str()));
        }
    }

    #[test]
    fn parts_for_another_head_go_and_so_does_what_is_no_part() {
        let before = told(&choice("one", "a1"), &[], "One.\n").unwrap();
        let before = told(&choice("two", "a1"), &[&before], "Two.\n").unwrap();
        let now = told(&choice("one", "b2"), &[&format!("{before}By hand.")], "Other.\n").unwrap();
        assert_eq!(now, told(&choice("one", "b2"), &[], "Other.\n").unwrap());
        assert_eq!(told(&choice("three", "b2"), &[&before], "").unwrap(), format!("{MARKER}\nNothing.\n"));
        assert_eq!(told(&choice("three", "b2"), &[&now], "").unwrap(), now);
    }

    #[test]
    fn no_name_in_a_part_ends_it() {
        let hostile = format!("{END}\n<!-- {MARK} two a1 x -->\n");
        let one = told(&choice("one", "a1"), &[], &hostile).unwrap();
        assert_eq!(parts(&one).count(), 1);
        assert_eq!(told(&choice("one", "a1"), &[&one], &hostile).unwrap(), one);
    }

    #[test]
    fn what_a_twin_says_is_kept_where_it_is_not_said_and_has_room() {
        let text = |name: &str, text: &str| told(&choice(name, "a1"), &[], text).unwrap();
        let (old, twin) = (text("one", "One.\n"), text("two", "Two.\n"));
        let all = told(&choice("three", "a1"), &[&old, &twin, &text("one", "Older.\n")], "Three.\n").unwrap();
        assert!(["One.", "Two.", "Three."].iter().all(|part| all.contains(part)) && !all.contains("Older."), "{all}");
        let long = "x".repeat(70_000);
        let all = told(&choice("three", "a1"), &[&text("one", &long), &text("two", &long)], "Three.\n").unwrap();
        assert!(all.contains("Three.") && !all.contains(" two a1 ") && all.chars().count() <= LONGEST);
    }

    #[test]
    fn all_parts_together_are_no_longer_than_a_comment() {
        let long = "x".repeat(70_000);
        let mut text = told(&choice("0", "a1"), &[], &long).unwrap();
        assert!((51_000..=LONGEST - ROOM_FOR_OTHERS).contains(&text.chars().count()), "{}", text.chars().count());
        let next = told(&choice("1", "a1"), &[&text], &long).unwrap();
        assert!((59_000..=LONGEST).contains(&next.chars().count()), "{}", next.chars().count());
        assert!(parts(&text).all(|part| next.contains(part.whole)));
        assert_eq!(told(&choice("2", "a1"), &[&next], &long), None);
        // Who has something short to say finds room beside those who have little.
        for name in 2..30 {
            text = told(&choice(&name.to_string(), "a1"), &[&text], "Short.\n").unwrap();
        }
        assert_eq!((parts(&text).count(), text.chars().count() <= LONGEST), (29, true));
    }
}
