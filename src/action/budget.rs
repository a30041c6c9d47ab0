//! As many annotations as the runner shows, and what becomes of the rest.

use std::collections::HashMap;

use super::annotation::{Annotation, Level};
use crate::excerpt::excerpt;

/// How many annotations of one level the runner shows for a step
/// ([`_maxCountPerIssueType`](https://github.com/actions/runner/blob/main/src/Runner.Worker/ExecutionContext.cs)).
const SHOWN_PER_LEVEL: usize = 10;

/// The longest message, in bytes, that sums up other annotations. The runner cuts messages after 4,096 UTF-16 units.
const LONGEST_SUM: usize = 4000;

/// Of what a sum has no room for, in how many files it is counted.
const FILES_COUNTED: usize = 3;

/// Reduces annotations to as many as the runner shows: of each level the first ten, or the first nine and one that sums
/// up the rest. They keep their order, so the most important should come first; those of one file follow its first one.
/// Debug lines are not counted.
#[must_use]
pub(super) fn budget(annotations: Vec<Annotation>) -> Vec<Annotation> {
    let annotations = by_file(annotations);
    let levels = [Level::Error, Level::Warning, Level::Notice];
    let mut left = levels.map(|level| {
        let given = annotations.iter().filter(|annotation| annotation.level == level).count();
        if given > SHOWN_PER_LEVEL { SHOWN_PER_LEVEL - 1 } else { given }
    });
    let (mut kept, rest): (Vec<_>, Vec<_>) = annotations.into_iter().partition(|annotation| {
        let left = levels.iter().zip(&mut left).find(|(level, _)| **level == annotation.level);
        left.is_none_or(|(_, left)| {
            let fits = *left > 0;
            *left = left.saturating_sub(1);
            fits
        })
    });
    for level in levels {
        let of_level: Vec<_> = rest.iter().filter(|annotation| annotation.level == level).collect();
        if !of_level.is_empty() {
            kept.push(sum_up(level, &of_level));
        }
    }
    kept
}

/// Those that [`budget`] sums up, each as a line of the log: the sum may have no room for all of them.
pub(super) fn summed_up(annotations: &[Annotation]) -> Vec<String> {
    let annotations = by_file(annotations.to_vec());
    let beyond = |level| {
        let of_level: Vec<_> = annotations.iter().filter(|annotation| annotation.level == level).collect();
        let shown = if of_level.len() > SHOWN_PER_LEVEL { SHOWN_PER_LEVEL - 1 } else { of_level.len() };
        of_level.into_iter().skip(shown).map(Annotation::in_short).collect::<Vec<_>>()
    };
    [Level::Error, Level::Warning, Level::Notice].into_iter().flat_map(beyond).collect()
}

/// The same, those of one file together.
fn by_file(annotations: Vec<Annotation>) -> Vec<Annotation> {
    let mut first = HashMap::new();
    let mut placed: Vec<_> = annotations
        .into_iter()
        .enumerate()
        .map(|(at, annotation)| match &annotation.file {
            Some(file) => (*first.entry(file.clone()).or_insert(at), annotation),
            None => (at, annotation),
        })
        .collect();
    placed.sort_by_key(|(at, _)| *at);
    placed.into_iter().map(|(_, annotation)| annotation).collect()
}

/// How many there are in each file, as far as they are in one: "a.yml (3), b.yml (1)".
fn counts(annotations: &[&Annotation]) -> String {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for file in annotations.iter().filter_map(|annotation| annotation.file.as_deref()) {
        match counts.last_mut().filter(|(last, _)| *last == file) {
            Some((_, count)) => *count += 1,
            None => counts.push((file, 1)),
        }
    }
    let shown = counts.iter().take(FILES_COUNTED).map(|(file, count)| format!("{} ({count})", excerpt(file)));
    let more = counts.len().saturating_sub(FILES_COUNTED);
    let more = (more > 0).then(|| format!("and {more} more files"));
    shown.chain(more).collect::<Vec<_>>().join(", ")
}

fn sum_up(level: Level, rest: &[&Annotation]) -> Annotation {
    let mut message = String::new();
    let mut told = 0;
    // The line that counts what is left, with what its words and numbers take.
    let longest = rest.iter().filter_map(|annotation| Some(excerpt(annotation.file.as_deref()?).len())).max();
    let room = longest.map_or(30, |longest| 60 + FILES_COUNTED * (longest + 20));
    for annotation in rest {
        let line = annotation.in_short();
        if message.len() + line.len() + 1 + room > LONGEST_SUM {
            break;
        }
        message.push_str(&line);
        message.push('\n');
        told += 1;
    }
    let untold = &rest[told..];
    if !untold.is_empty() {
        let counts = counts(untold);
        let files = if counts.is_empty() { counts } else { format!(": {counts}") };
        message.push_str(&format!("… and {} more{files}", untold.len()));
    }
    Annotation::new(level, format!("{} more {}", rest.len(), level.plural()), message.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::annotation::tests::at;

    #[test]
    fn all_that_fit_are_sent_as_they_are() {
        let ten: Vec<_> = (0..10)
            .flat_map(|n| [Level::Error, Level::Warning, Level::Debug].map(|l| Annotation::new(l, "t", n.to_string())))
            .collect();
        assert_eq!(budget(ten.clone()), ten);
    }

    #[test]
    fn the_rest_is_summed_up_in_the_tenth() {
        let mut many: Vec<_> = (1..=12).map(|n| Annotation::new(Level::Warning, "t", format!("w{n}\nmore"))).collect();
        many.extend((1..=300).map(|n| Annotation { message: "x".repeat(100), ..at("cstore.yml", n) }));
        many.extend((1..=20).map(|_| Annotation::new(Level::Debug, "", "d")));
        let sent = budget(many);
        let of = |level| sent.iter().filter(move |annotation| annotation.level == level);
        assert_eq!(of(Level::Warning).count(), 10);
        let last = of(Level::Warning).next_back().unwrap();
        assert_eq!((last.title.as_str(), last.message.as_str()), ("3 more warnings", "w10\nw11\nw12"));
        assert_eq!(of(Level::Error).count(), 10);
        let last = of(Level::Error).next_back().unwrap();
        assert_eq!(last.title, "291 more errors");
        assert!(last.message.starts_with("cstore.yml:10: xxx") && (3_700..=4_000).contains(&last.message.len()));
        let told = last.message.lines().count() - 1;
        assert!(last.message.ends_with(&format!("… and {0} more: cstore.yml ({0})", 291 - told)), "{}", last.message);
        assert_eq!(of(Level::Debug).count(), 20);
        assert!(sent[0].message.starts_with("w1\n"));
    }

    #[test]
    fn those_of_a_file_stand_together_and_are_counted_by_file() {
        let in_file = |file: &str, n: usize| Annotation { message: format!("m{n}"), ..at(file, n) };
        let mut mixed: Vec<_> = (0..5).flat_map(|n| ["b.yml", "a.yml"].map(|file| in_file(file, n))).collect();
        mixed.insert(2, Annotation::new(Level::Error, "t", "without a file"));
        let sent = budget(mixed);
        let places: Vec<_> = sent.iter().map(|annotation| annotation.file.as_deref().unwrap_or("-")).collect();
        assert_eq!(places, ["b.yml", "b.yml", "b.yml", "b.yml", "b.yml", "a.yml", "a.yml", "a.yml", "a.yml", "-"]);
        assert_eq!(
            (sent[9].title.as_str(), sent[9].message.as_str()),
            ("2 more errors", "a.yml:4: m4\nwithout a file")
        );
    }
}
