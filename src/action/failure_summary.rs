//! The summary of a step that failed: what its annotation says, for whoever opens the run's page.

use super::annotation::Annotation;
use super::escape::clean;
use super::summary::{code, fence};
use crate::excerpt::excerpt_of;

/// The most characters of a message.
const LONGEST_MESSAGE: usize = 8_000;

/// The longest line, in characters, where a blank allows to break it.
const LONGEST_LINE: usize = 100;

/// The page, or nothing where it would have more bytes.
pub(super) fn failure_page(errors: &[Annotation], exit_code: u8, max_bytes: usize) -> String {
    let blocks: Vec<_> = errors.iter().map(block).collect();
    let page = format!("{}The step's exit code is `{exit_code}`.\n\n", blocks.concat());
    if page.len() > max_bytes { String::new() } else { page }
}

/// What one error says. Its message may quote services and names from elsewhere, so all of it is in a code block, in
/// which nothing is Markdown, HTML, a mention or a link.
fn block(error: &Annotation) -> String {
    let place = error.file.as_ref().map(|file| match error.line {
        Some(line) => format!(" at {}", code(&format!("{file}:{line}"))),
        None => format!(" at {}", code(file)),
    });
    let message = wrapped(&excerpt_of(&clean(&error.message, '\n'), LONGEST_MESSAGE));
    let fence = fence([message.as_str()]);
    format!("### Failed: {}{}\n\n{fence}text\n{message}\n{fence}\n\n", code(&error.title), place.unwrap_or_default())
}

/// The same text with a line end in place of a blank where a line would be too long.
fn wrapped(text: &str) -> String {
    let mut lines = Vec::new();
    for line in text.lines() {
        let mut rest = line.trim_end();
        while let Some((most, _)) = rest.char_indices().nth(LONGEST_LINE) {
            // Not at the blanks that a line begins with.
            let begin = rest.len() - rest.trim_start().len();
            let before = rest[begin.min(most)..most].rfind(' ').map(|at| begin + at);
            let Some(blank) = before.or_else(|| rest[most..].find(' ').map(|at| most + at)) else { break };
            lines.push(&rest[..blank]);
            rest = &rest[blank + 1..];
        }
        lines.push(rest);
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::annotation::Level;

    fn page(title: &str, message: &str) -> String {
        failure_page(&[Annotation::new(Level::Error, title, message)], 2, 100_000)
    }

    #[test]
    fn it_says_what_the_annotation_says() {
        let annotation = Annotation {
            file: Some("a|b.yml".to_owned()),
            line: Some(3),
            ..Annotation::new(Level::Error, "Catalog", "It cannot be read. Correct it.")
        };
        let text = "### Failed: `Catalog` at `a|b.yml:3`\n\n```text\nIt cannot be read. Correct it.\n```\n\n";
        let end = "The step's exit code is `2`.\n\n";
        assert_eq!(failure_page(std::slice::from_ref(&annotation), 2, 100_000), format!("{text}{end}"));
        assert_eq!(failure_page(&[annotation.clone(), annotation.clone()], 2, 100_000), format!("{text}{text}{end}"));
        assert_eq!(failure_page(&[annotation], 2, 100), "");
    }

    #[test]
    fn nothing_in_a_message_ends_its_block() {
        let text = page("`x`", "a\n```\n<img src=x> @mona ````\n\u{1b}[31m");
        let (_, block) = text.split_once("`````text\n").unwrap();
        let expected = "a\n```\n<img src=x> @mona ````\n\u{FFFD}[31m\n`````\n\nThe step's exit code is `2`.\n\n";
        assert_eq!(block, expected);
        assert!(text.starts_with("### Failed: `` `x` ``\n"));
        assert!(page("t", &"`".repeat(100_000)).len() < 30_000);
    }

    #[test]
    fn long_lines_are_broken_at_blanks() {
        let word = "twelve chars";
        let text = wrapped(&[word; 20].join(" "));
        assert!(text.lines().all(|line| line.chars().count() <= LONGEST_LINE), "{text}");
        assert_eq!(text.replace('\n', " "), [word; 20].join(" "));
        let unbroken = "x".repeat(300);
        assert_eq!(wrapped(&format!("{unbroken} y")), format!("{unbroken}\ny"));
        assert_eq!(wrapped(&format!("  {unbroken}")), format!("  {unbroken}"));
        assert_eq!(wrapped("a:\n  b: c\n"), "a:\n  b: c");
    }
}
