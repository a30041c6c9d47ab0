//! The lines that git leaves in a file whose merge is not finished.

/// The line of the first mark, from 1; none where there is none.
pub(crate) fn first_merge_mark(text: &str) -> Option<usize> {
    let is_mark = |line: &str| ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].iter().any(|mark| line.starts_with(mark));
    text.lines().position(is_mark).map(|index| index + 1)
}
