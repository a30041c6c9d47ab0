//! The parts of the comment on a pull request. Jobs that compare the same two sides share one comment, in which each
//! choice of files, checks and whatever else changes what is seen has a part of its own.
//!
//! A part names the head of the pull request that it was written for. Its job leaves it alone while it has the same to
//! say, so that a part for another head may be true, or one whose choice nobody makes any more. Whoever has something
//! else to say dates those and marks them as unconfirmed. A job that runs for the next head confirms its own; what it has
//! not confirmed by then goes.

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
/// What follows the head in the beginning of a part that is unconfirmed, before the head since when it is.
const UNCONFIRMED: &str = "-unconfirmed-since-";
/// How much of a commit's hash people are shown.
const SHOWN_OF_HEAD: usize = 7;
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
    /// A digest of the workflow that makes the choice.
    workflow: String,
}

/// A part of a comment.
#[derive(Clone, Copy)]
struct Part<'a> {
    fingerprint: &'a str,
    /// What it was written for.
    head: &'a str,
    /// The head at which another part was written, while nobody has confirmed this one.
    unconfirmed_since: Option<&'a str>,
    workflow: &'a str,
    /// As the mark has it.
    title: &'a str,
    /// What its job says.
    text: &'a str,
}

impl Choice {
    /// The choice of a step with these options, for this head of the pull request. `workflow`: a digest of the workflow
    /// that the step is in, as far as that can be read.
    pub(super) fn new(raw: &RawOptions, head: &str, workflow: Option<String>) -> Self {
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
        let fingerprint = Digest::from_content(typed.as_bytes()).short();
        Self { fingerprint, title, head, workflow: workflow.unwrap_or_else(|| "unknown".to_owned()) }
    }

    /// Whether what a job for another head has left in a comment may be younger than what this choice says. A part that
    /// names this head may have been left as it was for a younger one.
    pub(super) fn may_be_older_than(&self, text: &str) -> bool {
        parts(&with_line_feeds(text)).any(|part| {
            let heads = [Some(part.head), part.unconfirmed_since];
            part.fingerprint == self.fingerprint || heads.into_iter().flatten().any(|head| head != self.head)
        })
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
        let mut told = texts.iter().map(|text| parts(text).collect::<Vec<_>>());
        let first = told.next().unwrap_or_default();
        let of_twins: Vec<_> = told.flatten().collect();
        let is_own = |part: &Part<'_>| part.fingerprint == self.fingerprint;
        let speaks = is_news || texts.is_empty() || first.iter().chain(&of_twins).any(is_own);
        let title = utf8_percent_encode(&self.title, IN_A_MARK).to_string();
        let length = |parts: &[Part<'_>]| marker.chars().count() + 1 + parts.iter().map(Part::length).sum::<usize>();
        // What this choice says beside those.
        let said = |others: &[Part<'_>]| {
            let room = LONGEST.saturating_sub(length(others)).min(LONGEST - ROOM_FOR_OTHERS);
            let text = part(room.checked_sub(self.part(&title, "").length())?)?;
            Some(with_line_feeds(&text).replace(MARK, HIDDEN_MARK))
        };

        let (own, others): (Vec<_>, Vec<_>) = first.into_iter().partition(is_own);
        let is_said = |own: &Part<'_>| said(&others).is_some_and(|text| text == own.text);
        let same = own.first().copied().filter(is_said);
        // Who has the same to say touches nothing of others, which may have been left as they are for the same reason.
        // Who has nothing to say would write at each head, and looks only for what the workflow may no longer choose.
        let is_left = |part: &Part<'_>| same.is_some() || !speaks && part.workflow == self.workflow;
        let [mut kept, of_twins] = [others, of_twins].map(|parts| -> Vec<_> {
            let parts = parts.into_iter();
            parts.filter_map(|part| if is_left(&part) { Some(part) } else { self.dated(part) }).collect()
        });
        let new = if speaks && same.is_none() { Some(said(&kept)?) } else { None };
        kept.extend(same.map(|own| if own.unconfirmed_since.is_some() { self.part(&title, own.text) } else { own }));
        kept.extend(new.as_ref().map(|text| self.part(&title, text)));
        // A twin that has no room is one of a job that is about to write its part here itself.
        for twin in of_twins {
            let is_new = kept.iter().all(|kept| kept.fingerprint != twin.fingerprint);
            if is_new && length(&kept) + twin.length() <= LONGEST {
                kept.push(twin);
            }
        }
        kept.sort_by_key(|part| (part.title, part.fingerprint));
        let shown: Vec<_> = match kept.as_slice() {
            [] => vec![nothing.to_owned()],
            [only] => vec![format!("{}\n", only.whole())],
            several => several.iter().map(|part| format!("{}{}\n", part.heading(), part.whole())).collect(),
        };
        Some(format!("{marker}\n{}", shown.join(RULE)))
    }

    /// What this choice says, for its head.
    fn part<'a>(&'a self, title: &'a str, text: &'a str) -> Part<'a> {
        let Self { fingerprint, head, workflow, .. } = self;
        Part { fingerprint, head, unconfirmed_since: None, workflow, title, text }
    }

    /// Another choice's part, marked as unconfirmed where it is for another head. None where its job has had a whole head
    /// to confirm it.
    fn dated<'a>(&'a self, part: Part<'a>) -> Option<Part<'a>> {
        if part.head == self.head {
            return Some(part);
        }
        let since = part.unconfirmed_since.unwrap_or(&self.head);
        (since == self.head).then_some(Part { unconfirmed_since: Some(since), ..part })
    }
}

impl Part<'_> {
    /// What tells it from others.
    fn heading(&self) -> String {
        format!("#### {}\n\n", percent_decode_str(self.title).decode_utf8_lossy().replace(MARK, HIDDEN_MARK))
    }

    /// All of it, with its marks.
    fn whole(&self) -> String {
        let Self { fingerprint, head, workflow, title, text, .. } = self;
        let (since, date) = match self.unconfirmed_since {
            Some(since) => (format!("{UNCONFIRMED}{since}"), date(head)),
            None => Default::default(),
        };
        format!("<!-- {MARK} {fingerprint} {head}{since} {workflow} {title} -->\n{date}{text}{END}")
    }

    /// How many characters it takes among others. Those that it takes once it is unconfirmed are kept free for it.
    fn length(&self) -> usize {
        let longest = Part { unconfirmed_since: self.unconfirmed_since.or(Some(self.head)), ..*self };
        let texts = [RULE, &self.heading(), &longest.whole()];
        texts.into_iter().map(|text| text.chars().count()).sum::<usize>() + 1
    }
}

/// What people see of it that a part is unconfirmed. GitHub makes a link of the commit.
fn date(head: &str) -> String {
    let shown: String = head.chars().take(SHOWN_OF_HEAD).collect();
    format!("Last written at {shown}.\n\n")
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
        let (mark, rest) = rest.strip_prefix(MARK)?.strip_prefix(' ')?.split_once(" -->\n")?;
        let mut words = mark.splitn(4, ' ');
        let (fingerprint, head, workflow, title) = (words.next()?, words.next()?, words.next()?, words.next()?);
        let (text, _) = rest.split_once(END)?;
        let (head, unconfirmed_since, text) = match head.split_once(UNCONFIRMED) {
            Some((head, since)) => (head, Some(since), text.strip_prefix(&date(head)).unwrap_or(text)),
            None => (head, None, text),
        };
        Some(Part { fingerprint, head, unconfirmed_since, workflow, title, text })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARKER: &str = "<!-- marker -->";

    fn choice(name: &str, head: &str) -> Choice {
        let [fingerprint, head, workflow] = [name, head, "w1"].map(ToOwned::to_owned);
        Choice { fingerprint, title: format!("`--{name}--`"), head, workflow }
    }

    /// The same in another workflow.
    fn elsewhere(name: &str, head: &str) -> Choice {
        Choice { workflow: "w2".to_owned(), ..choice(name, head) }
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
        let mark = "<!-- cstore-action part two a1 w1 `%2D%2Dtwo%2D%2D` -->";
        assert_eq!(second, format!("{MARKER}\n{mark}\nTwo.\n{END}\n"));
        let both = told(&one, &[&second], "One.\n").unwrap();
        assert!(both.starts_with(&format!("{MARKER}\n#### `--one--`\n\n<!-- cstore-action part one a1 ")), "{both}");
        assert!(both.ends_with(&format!("\nOne.\n{END}\n\n---\n\n#### `--two--`\n\n{mark}\nTwo.\n{END}\n")), "{both}");
        for (choice, text) in [(&one, "One.\n"), (&two, "Two.\n"), (&choice("three", "a1"), "")] {
            assert_eq!(told(choice, &[&both], text).as_deref(), Some(both.as_str()));
            assert_eq!(told(choice, &[&both.replace('\n', "\r\n")], text).as_deref(), Some(both.as_str()));
        }
    }

    /// What `one` and `two` say at `a1`.
    fn both_at_a1() -> String {
        let one = told(&choice("one", "a1"), &[], "One.\n").unwrap();
        told(&choice("two", "a1"), &[&one], "Two.\n").unwrap()
    }

    #[test]
    fn who_has_the_same_to_say_touches_nothing_whatever_head_is_named() {
        let both = both_at_a1();
        for again in [both.clone(), both.replace('\n', "\r\n")] {
            assert_eq!(told(&choice("one", "b2"), &[&again], "One.\n").unwrap(), both);
            assert_eq!(told(&elsewhere("two", "b2"), &[&again], "Two.\n").unwrap(), both);
            assert_eq!(told(&choice("three", "b2"), &[&again], "").unwrap(), both);
        }
        let dated = told(&choice("one", "b2"), &[&both], "Other.\n").unwrap();
        assert_eq!(told(&choice("one", "c3"), &[&dated], "Other.\n").unwrap(), dated);
        // Nobody has written anything else in it.
        assert_eq!(told(&choice("one", "b2"), &[&format!("{both}By hand.")], "One.\n").unwrap(), both);
    }

    #[test]
    fn who_has_something_else_to_say_dates_what_others_said_for_another_head() {
        for (name, text) in [("one", "Other.\n"), ("one", ""), ("three", "Three.\n")] {
            let (job, both) = (choice(name, "b2"), both_at_a1());
            let dated = told(&job, &[&both], text).unwrap();
            let mark = "<!-- cstore-action part two a1-unconfirmed-since-b2 w1 `%2D%2Dtwo%2D%2D` -->";
            assert!(dated.contains(&format!("{mark}\nLast written at a1.\n\nTwo.\n{END}\n")), "{dated}");
            assert_eq!(dated.contains("part one a1-unconfirmed"), name != "one", "{dated}");
            assert_eq!(parts(&dated).filter(|part| part.head == "b2").count(), 1, "{dated}");
            // So it stays for that head, and with the line ends of GitHub's pages.
            assert_eq!(told(&job, &[&dated.replace('\n', "\r\n")], text).unwrap(), dated);
            assert_eq!(told(&elsewhere("four", "b2"), &[&dated], "").unwrap(), dated);
            let more = told(&choice("four", "b2"), &[&dated], "Four.\n").unwrap();
            assert!(parts(&dated).all(|part| more.contains(&part.whole())), "{more}");
        }
    }

    #[test]
    fn a_part_is_confirmed_by_its_job_alone_and_goes_with_the_next_head() {
        let dated = told(&choice("three", "b2"), &[&both_at_a1()], "Three.\n").unwrap();
        for head in ["b2", "c3"] {
            let confirmed = told(&choice("two", head), &[&dated], "Two.\n").unwrap();
            let expected = dated.replace("two a1-unconfirmed-since-b2", &format!("two {head}"));
            assert_eq!(confirmed, expected.replace("Last written at a1.\n\nTwo.", "Two."));
            assert_eq!(told(&choice("two", head), &[&confirmed], "Two.\n").unwrap(), confirmed);
        }
        let next = told(&choice("three", "c3"), &[&dated], "Other.\n").unwrap();
        assert_eq!(next, told(&choice("three", "c3"), &[], "Other.\n").unwrap());
        // A job that was left out adds its own again.
        let again = told(&choice("two", "c3"), &[&next], "Two.\n").unwrap();
        assert_eq!(
            parts(&again).map(|part| (part.head, part.text)).collect::<Vec<_>>(),
            [("c3", "Other.\n"), ("c3", "Two.\n")]
        );
    }

    #[test]
    fn who_has_nothing_to_say_doubts_only_what_another_workflow_said() {
        let both = both_at_a1();
        let dated = told(&elsewhere("three", "b2"), &[&both], "").unwrap();
        assert_eq!(
            (dated.matches("-unconfirmed-since-b2 ").count(), dated.matches("at a1.").count()),
            (2, 2),
            "{dated}"
        );
        assert_eq!(told(&elsewhere("three", "b2"), &[&dated], "").unwrap(), dated);
        assert_eq!(told(&choice("three", "c3"), &[&dated], "").unwrap(), dated);
        let gone = told(&elsewhere("three", "c3"), &[&dated], "").unwrap();
        assert_eq!(gone, format!("{MARKER}\nNothing.\n"));
        assert_eq!(told(&elsewhere("four", "c3"), &[&gone], "").unwrap(), gone);
    }

    #[test]
    fn who_was_left_alone_at_a_younger_head_may_say_what_is_younger() {
        let one = told(&choice("one", "a1"), &[], "One.\n").unwrap();
        let dated = told(&choice("two", "b2"), &[&one], "Two.\n").unwrap();
        for (name, head, text, expected) in [
            ("one", "a1", &one, true),
            ("two", "a1", &one, false),
            ("two", "b2", &one, true),
            ("three", "b2", &dated, true),
        ] {
            assert_eq!(choice(name, head).may_be_older_than(text), expected, "{name} {head} {text}");
        }
        // A branch that was set back and forth.
        let back = dated.replace("two b2", "two a1");
        assert!(choice("three", "a1").may_be_older_than(&back), "{back}");
        assert!(!choice("three", "a1").may_be_older_than(MARKER));
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
        assert!(all.contains("Three.") && !all.contains("part two ") && all.chars().count() <= LONGEST);
    }

    /// They go with it, also where the older one is not to say anything else.
    #[test]
    fn what_a_twin_says_is_kept_beside_what_is_the_same() {
        let text = |name: &str, head: &str, text: &str| told(&choice(name, head), &[], text).unwrap();
        let twins = [&text("one", "a1", "One.\n"), &text("two", "a1", "Two.\n"), &text("one", "b2", "Younger.\n")];
        assert_eq!(told(&choice("one", "b2"), &twins.map(String::as_str), "One.\n").unwrap(), both_at_a1());
    }

    #[test]
    fn all_parts_together_are_no_longer_than_a_comment() {
        let long = "x".repeat(70_000);
        let mut text = told(&choice("0", "a1"), &[], &long).unwrap();
        assert!((51_000..=LONGEST - ROOM_FOR_OTHERS).contains(&text.chars().count()), "{}", text.chars().count());
        let next = told(&choice("1", "a1"), &[&text], &long).unwrap();
        assert!((59_000..=LONGEST).contains(&next.chars().count()), "{}", next.chars().count());
        assert!(parts(&text).all(|part| next.contains(&part.whole())));
        assert_eq!(told(&choice("2", "a1"), &[&next], &long), None);
        // None is cut, and none says less, for those that are dated.
        let dated = told(&elsewhere("3", "b2"), &[&next], "").unwrap();
        assert_eq!((dated.matches("Last written").count(), dated.chars().count() <= LONGEST), (2, true));
        for name in ["0", "1"] {
            let confirmed = told(&choice(name, "b2"), &[&dated], &long).unwrap();
            assert!(parts(&next).zip(parts(&confirmed)).all(|(before, after)| before.text == after.text));
        }
        // Who has something short to say finds room beside those who have little.
        for name in 2..30 {
            text = told(&choice(&name.to_string(), "a1"), &[&text], "Short.\n").unwrap();
        }
        assert_eq!((parts(&text).count(), text.chars().count() <= LONGEST), (29, true));
    }
}
