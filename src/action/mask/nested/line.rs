//! The values in a line such as `token: abc`, `export TOKEN="abc"`, `- {password: abc}` or `Server=a;Password=b`, and
//! the passwords in URLs.
//!
//! Where a syntax decides what belongs to a value, and which one it is nobody knows, each reading is taken:
//! `abc # def` may be all of a value, or a value and a comment.

use std::borrow::Cow;

use crate::config::is_secret_key;

/// The shortest name of a user without a password, in bytes, that is taken for a token: `https://ghp_…@github.com`.
const SHORTEST_TOKEN: usize = 16;

/// The longest key and the longest value, in bytes, that are looked for in a connection string. Both may begin anew at
/// each `=` of a line.
const LONGEST_KEY: usize = 64;
const LONGEST_SECRET: usize = 4096;

/// The values of a line of a file, without quotes, comments, and what YAML puts before a value; each reading by itself.
pub(super) fn assigned(line: &str) -> Vec<&str> {
    let mut line = line.trim();
    let mut is_item = false;
    while let Some(item) = line.strip_prefix("- ") {
        (line, is_item) = (item.trim_start(), true);
    }
    line = line.strip_prefix("export ").unwrap_or(line).trim_start();
    let mut values = Vec::new();
    match value_of(line) {
        Some(value) => readings(value, &mut values),
        None if is_item || line.starts_with(['{', '[']) => readings(line, &mut values),
        None => {}
    }
    values
}

/// What stands behind `key=` or `key: `.
fn value_of(line: &str) -> Option<&str> {
    let quoted = |quote| {
        let inside = line.strip_prefix(quote)?;
        let (key, rest) = inside.split_at(inside.find(quote)?);
        Some((key, &rest[1..]))
    };
    let is_of_key = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-');
    let plain = || Some(line.split_at(line.find(|c| !is_of_key(c))?));
    let (key, rest) = quoted('"').or_else(|| quoted('\'')).or_else(plain)?;
    let rest = rest.trim_start();
    let value = rest.strip_prefix('=').or_else(|| rest.strip_prefix(": ")).or_else(|| rest.strip_prefix(":\t"))?;
    (!key.is_empty()).then(|| value.trim())
}

/// What a value that is written like this may be.
fn readings<'t>(written: &'t str, values: &mut Vec<&'t str>) {
    let mut value = written.trim();
    let inside = |quote| value.strip_prefix(quote)?.strip_suffix(quote);
    values.push(inside('"').or_else(|| inside('\'')).unwrap_or(value));
    // An anchor and a tag of YAML. Both may be a password that lacks quotes.
    for _ in 0..2 {
        if let Some((before, rest)) = value.split_once(char::is_whitespace).filter(|_| value.starts_with(['&', '!'])) {
            value = rest.trim_start();
            values.extend([before, value]);
        }
    }
    if value.starts_with(['"', '\'', '`']) {
        let (text, _) = string(value);
        values.push(text);
    } else if value.starts_with(['{', '[']) {
        values.extend(flow(value));
    } else {
        let comment = [" #", "\t#", " //", " ;"].into_iter().filter_map(|mark| value.find(mark)).min();
        let bare = comment.map_or(value, |at| value[..at].trim_end());
        values.extend([bare, bare.trim_end_matches([',', ';', '}', ']']).trim_end()]);
    }
    values.retain(|value| !value.is_empty());
}

/// The inside of a string that begins here, and how long it is with its quotes.
fn string(text: &str) -> (&str, usize) {
    let quote = text.as_bytes()[0];
    let bytes = text.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if quote == b'"' => at += 1,
            // Two of them in single quotes are one.
            byte if byte == quote && quote == b'\'' && bytes.get(at + 1) == Some(&quote) => at += 1,
            byte if byte == quote => return (&text[1..at], at + 1),
            _ => {}
        }
        at += 1;
    }
    (&text[1..], bytes.len())
}

/// The items and values of a flow of YAML, of all levels.
fn flow(text: &str) -> Vec<&str> {
    let mut values = Vec::new();
    let bytes = text.as_bytes();
    let (mut at, mut begin) = (0, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'"' | b'\'' if text[begin..at].trim().is_empty() => {
                let (inside, length) = string(&text[at..]);
                at += length;
                let rest = text.get(at..).unwrap_or_default();
                if !rest.trim_start().starts_with(':') {
                    values.push(inside);
                }
                begin = at;
                continue;
            }
            b':' if bytes.get(at + 1).is_none_or(u8::is_ascii_whitespace) => begin = at + 1,
            // A colon behind a quote needs no blank.
            b':' if text[begin..at].trim().is_empty() => begin = at + 1,
            b'{' | b'}' | b'[' | b']' | b',' => {
                values.push(text[begin..at].trim());
                begin = at + 1;
            }
            b'#' if at > 0 && bytes[at - 1].is_ascii_whitespace() => break,
            _ => {}
        }
        at += 1;
    }
    values.push(text[begin..at.max(begin)].trim());
    values
}

/// The passwords in the URLs (RFC 3986, section 3.2.1) of a line, as they stand there and percent-decoded; and what
/// stands there alone, if it is too long for a user's name.
pub(super) fn of_urls(line: &str) -> impl Iterator<Item = Cow<'_, str>> {
    line.match_indices("://").flat_map(|(at, mark)| {
        let rest = &line[at + mark.len()..];
        let is_end = |c: char| c.is_whitespace() || matches!(c, '/' | '?' | '#' | '"' | '\'' | '`' | '<' | '>');
        let authority = &rest[..rest.find(is_end).unwrap_or(rest.len())];
        let user = authority.rsplit_once('@').map_or("", |(user, _)| user);
        let secret = match user.split_once(':') {
            Some((_, password)) if !password.is_empty() => password,
            Some((token, _)) if token.len() >= SHORTEST_TOKEN => token,
            None if user.len() >= SHORTEST_TOKEN => user,
            _ => "",
        };
        let decoded = secret.contains('%').then(|| percent_decoded(secret)).flatten().map(Cow::Owned);
        (!secret.is_empty()).then_some(Cow::Borrowed(secret)).into_iter().chain(decoded)
    })
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let digits = after.get(..2).filter(|_| first == b'%').and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = digits.filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        match byte.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).ok()
}

/// The values behind `password=` and other keys that look like those of secrets, anywhere in a line: of connection
/// strings (`Server=a;Password=b`), of libpq's (`host=a password='b'`), of queries (`?user=a&password=b`) and of
/// options (`--password=b`). A value may hold what ends it in another of these, so each end counts.
pub(super) fn of_connection_string(line: &str) -> impl Iterator<Item = &str> {
    let mut begin = 0;
    let secrets = line.match_indices('=').filter_map(move |(at, _)| {
        let before = line[std::mem::replace(&mut begin, at + 1)..at].trim_end();
        let is_of_key = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
        let length = before.bytes().rev().take(LONGEST_KEY).take_while(is_of_key).count();
        let key = &before[before.len() - length..];
        // Of a shell's variables, PWD is a folder.
        let is_secret = key.eq_ignore_ascii_case("pwd") || is_secret_key(key);
        is_secret.then(|| line[at + 1..].trim_start())
    });
    secrets.flat_map(|value| {
        let value = &value[..value.floor_char_boundary(LONGEST_SECRET)];
        let quoted = value.starts_with(['"', '\'']).then(|| string(value).0);
        let up_to = |ends: &[char]| value[..value.find(ends).unwrap_or(value.len())].trim_end();
        let bare = [up_to(&[';']), up_to(&[';', '&', '#']), up_to(&[';', '&', ' ', '\t', '"', '\'', ','])];
        let readings = quoted.map_or(bare, |quoted| [quoted, "", ""]);
        readings.into_iter().filter(|reading| !reading.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_read_without_what_its_syntax_puts_around_it() {
        for (line, value) in [
            ("pw: secretvalue8 # c", "secretvalue8"),
            ("pw: secretvalue8 # c", "secretvalue8 # c"),
            ("z: \"dq secret\" # c", "dq secret"),
            ("z: 'it''s' # c", "it''s"),
            ("- - pw:  &anchor !tag secret", "secret"),
            ("- secretitem", "secretitem"),
            ("export A = b=c ", "b=c"),
            ("'quoted key': secret", "secret"),
            ("  \"password\": \"secret\",", "secret"),
            ("password: 'secret',", "secret"),
            ("password = secret;", "secret"),
            ("x: {password: flow, 'k' : \"a, b\", \"c\":d1} # e", "flow"),
            ("x: {password: flow, 'k' : \"a, b\", \"c\":d1} # e", "a, b"),
            ("x: {password: flow, 'k' : \"a, b\", \"c\":d1} # e", "d1"),
            ("y: [first, {k: [second]}, 'third", "first"),
            ("y: [first, {k: [second]}, 'third", "second"),
            ("y: [first, {k: [second]}, 'third", "third"),
            ("- [a, b]", "b"),
            ("{pw: a}", "a"),
        ] {
            assert!(assigned(line).contains(&value), "{line}: {:?}", assigned(line));
        }
        for line in ["a sentence", "a sentence: with a colon", "key:", "https://a", "", "-", "=b", ": b", "'"] {
            assert_eq!(assigned(line), [""; 0], "{line}");
        }
    }

    #[test]
    fn passwords_of_urls_are_found_as_written_and_decoded() {
        let all = |line| of_urls(line).collect::<Vec<_>>();
        assert_eq!(all("postgres://u:p%40ss@h/a@b, amqp://:other@h"), ["p%40ss", "p@ss", "other"]);
        assert_eq!(all("redis://u:a:b@c@h:1?x"), ["a:b@c"]);
        assert_eq!(all("https://ghp_0123456789ab@github.com"), ["ghp_0123456789ab"]);
        assert_eq!(all("https://ghp_0123456789ab:@github.com"), ["ghp_0123456789ab"]);
        for line in ["https://u@h", "https://h:80/a:b@c", "://", "u:p@h", "https://u:@h", "http://h?a:b@c"] {
            assert!(all(line).is_empty(), "{line}");
        }
        assert_eq!(all("a://u:%@h"), ["%", "%"]);
        assert_eq!(all("a://u:%zz%é@h"), ["%zz%é", "%zz%é"]);
        assert_eq!(all("a://u:%ff@h"), ["%ff"]);
    }

    #[test]
    fn values_of_secret_keys_are_found_in_connection_strings() {
        for (line, value) in [
            ("Server=a;Password=b&c d;", "b&c d"),
            ("Server=a;Password=b&c d;", "b"),
            ("Pwd = \"a;b\";X=y", "a;b"),
            ("host=h password='a b' port=1", "a b"),
            ("postgres://h/db?user=u&password=pw&x=y#z", "pw"),
            ("AccountName=n;AccountKey=YWJj/w==;EndpointSuffix=e", "YWJj/w=="),
            ("run --user a --password=b --verbose", "b"),
        ] {
            let found: Vec<_> = of_connection_string(line).collect();
            assert!(found.contains(&value), "{line}: {found:?}");
        }
        for line in ["Server=a;Port=b", "password", "=", "password=", "é=x"] {
            assert_eq!(of_connection_string(line).collect::<Vec<_>>(), [""; 0], "{line}");
        }
    }
}
