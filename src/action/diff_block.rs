//! Lines in Markdown, in a block in which nothing is Markdown, HTML, a mention or a link.

use super::summary::{fence, printable};
use crate::message::counted;

/// A block of a diff with as many of these lines as fit into so many characters, and how many more there are: the run's
/// summary, which may be longer, has them all. Nothing of no lines.
pub(super) fn diff_block(lines: &[String], most: usize) -> String {
    block("diff", lines, most)
}

/// The same of lines that are no diff.
pub(super) fn text_block(lines: &[String], most: usize) -> String {
    block("text", lines, most)
}

/// Commands as a shell takes them, all of them.
pub(super) fn shell_block(lines: &[String]) -> String {
    let fence = fence(lines.iter().map(String::as_str));
    format!("{fence}sh\n{}\n{fence}\n", lines.join("\n"))
}

fn block(language: &str, lines: &[String], most: usize) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let lines: Vec<_> = lines.iter().map(|line| printable(line)).collect();
    let fence = fence(lines.iter().map(String::as_str));
    // 100: room for the sentence that counts what is left.
    let mut left = most.saturating_sub(2 * fence.len() + 100);
    let fits = |line: &&String| {
        let length = line.chars().count() + 1;
        let fits = length <= left;
        left = left.saturating_sub(if fits { length } else { left });
        fits
    };
    let shown: Vec<_> = lines.iter().take_while(fits).map(String::as_str).collect();
    let left_out = match lines.len() - shown.len() {
        0 => String::new(),
        more => format!("… and {}: the summary of the run has them all.\n\n", counted(more, "more line")),
    };
    format!("{fence}{language}\n{}\n{fence}\n\n{left_out}", shown.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_ends_the_block_and_what_does_not_fit_is_counted() {
        let lines = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        assert_eq!(diff_block(&lines(&["+ ```"]), 1_000), "````diff\n+ ```\n````\n\n");
        assert_eq!(diff_block(&[], 1_000), "");
        let cut = diff_block(&lines(&["+ A", "+ B", "+ C"]), 114);
        assert_eq!(cut, "```diff\n+ A\n+ B\n```\n\n… and 1 more line: the summary of the run has them all.\n\n");
    }
}
