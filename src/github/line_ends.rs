//! GitHub may give texts back with other line ends than those that it was sent.

/// Whether two texts are the same but for their line ends and what blanks follow them.
pub(super) fn is_same(body: &str, text: &str) -> bool {
    body.replace("\r\n", "\n").trim_end() == text.replace("\r\n", "\n").trim_end()
}
