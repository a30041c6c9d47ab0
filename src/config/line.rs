//! Lines of a text, which end with LF, CR LF, or CR as in files of old Macs.

use memchr::memchr2;

/// How many line ends there are.
pub(super) fn line_ends(bytes: &[u8]) -> usize {
    let count = |end: u8| bytes.iter().filter(|byte| **byte == end).count();
    let (line_feeds, returns) = (count(b'\n'), count(b'\r'));
    if returns == 0 {
        return line_feeds;
    }
    line_feeds + returns - bytes.windows(2).filter(|pair| pair == b"\r\n").count()
}

/// Cuts a text after its first line: the line without its end, and what follows.
pub(super) fn split_line(text: &str) -> (&str, &str) {
    let end = memchr2(b'\n', b'\r', text.as_bytes()).unwrap_or(text.len());
    let (line, rest) = text.split_at(end);
    let rest = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(['\r', '\n'])).unwrap_or(rest);
    (line, rest)
}

/// The text with LF for each line end.
pub(super) fn with_line_feeds(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_in_three_ways() {
        let text = "a\r\nb\rc\n\r\r\nd\n\re\r";
        let (mut lines, mut rest) = (Vec::new(), text);
        while !rest.is_empty() {
            let (line, after) = split_line(rest);
            lines.push(line);
            rest = after;
        }
        assert_eq!(lines, ["a", "b", "c", "", "", "d", "", "e"]);
        assert_eq!(line_ends(text.as_bytes()), lines.len());
        assert_eq!(with_line_feeds(text), "a\nb\nc\n\n\nd\n\ne\n");
        assert_eq!((line_ends(b"a\n\nb"), line_ends(b"")), (2, 0));
        assert_eq!(split_line("a"), ("a", ""));
    }
}
