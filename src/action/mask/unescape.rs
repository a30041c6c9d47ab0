//! What a later step makes of backslashes in a value when it prints it.

/// Which escapes stand for something else.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Dialect {
    /// Line ends and tabs alone, as programs replace them in keys that were put on one line.
    LineEnds,
    /// Those of `echo` in a POSIX shell
    /// ([XSI](https://pubs.opengroup.org/onlinepubs/9799919799/utilities/echo.html)): `sh` on Debian and Ubuntu knows
    /// them without `-e`.
    Echo,
    /// Those of bash's `echo -e` and `printf '%b'`
    /// ([manual](https://www.gnu.org/software/bash/manual/html_node/Bash-Builtins.html)), and those of quoted strings.
    All,
}

/// The texts that a value with backslashes may be printed as, each once, without the value itself.
pub(super) fn variants(text: &str) -> Vec<String> {
    let mut variants: Vec<String> = Vec::new();
    for dialect in [Dialect::LineEnds, Dialect::Echo, Dialect::All] {
        let unescaped = unescaped(text, dialect);
        if unescaped != text && !variants.contains(&unescaped) {
            variants.push(unescaped);
        }
    }
    variants
}

fn unescaped(text: &str, dialect: Dialect) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        plain.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        match escape(rest, dialect) {
            Some((c, length)) => {
                plain.push(c);
                rest = &rest[length..];
            }
            // `echo` prints nothing after it.
            None if dialect == Dialect::Echo && rest.starts_with('c') => return plain,
            None => plain.push('\\'),
        }
    }
    plain.push_str(rest);
    plain
}

/// The character that an escape stands for, and its length, without the backslash.
fn escape(rest: &str, dialect: Dialect) -> Option<(char, usize)> {
    let first = rest.bytes().next()?;
    let simple = match first {
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        _ if dialect == Dialect::LineEnds => return None,
        b'\\' => '\\',
        b'a' => '\u{7}',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'v' => '\u{b}',
        b'0' => return number(rest, 1, 8, 3).or(Some(('\0', 1))),
        _ if dialect == Dialect::Echo => return None,
        b'"' | b'\'' | b'/' => char::from(first),
        b'e' | b'E' => '\u{1b}',
        b'1'..=b'7' => return number(rest, 0, 8, 3),
        b'x' => return number(rest, 1, 16, 2),
        b'u' => return number(rest, 1, 16, 4),
        b'U' => return number(rest, 1, 16, 8),
        _ => return None,
    };
    Some((simple, 1))
}

/// A character by its number, which begins after `prefix` bytes and has at most so many digits.
fn number(rest: &str, prefix: usize, radix: u32, most: usize) -> Option<(char, usize)> {
    let digits = rest[prefix..].bytes().take(most).take_while(|byte| char::from(*byte).is_digit(radix)).count();
    let number = u32::from_str_radix(&rest[prefix..prefix + digits], radix).ok()?;
    Some((char::from_u32(number)?, prefix + digits))
}
