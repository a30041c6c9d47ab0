//! What a file that cannot be read looks like: most of them are not broken, but something else than their names say.

use std::fmt;

use super::{Entry, FileType, ParseProblem};

/// How much of a file is looked at, in bytes. A template, and a file encrypted with SOPS, may show that late.
const LOOKED_AT: usize = 1024 * 1024;

/// What a file looks like. It holds nothing of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// Encrypted with this tool.
    Encrypted(&'static str),
    /// UTF-16 text.
    Utf16,
    /// A template: what kind of one, as a noun with its article, and the mark that it has.
    Template(&'static str, &'static str),
}

impl fmt::Display for Likeness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Encrypted(tool) => write!(f, "a file encrypted with {tool}"),
            Self::Utf16 => f.write_str("UTF-16 text"),
            Self::Template(kind, mark) => write!(f, "{kind} (`{mark}`)"),
        }
    }
}

/// How encrypted files begin, after white space.
const BEGINNINGS: [(&[u8], &str); 14] = [
    (b"\0GITCRYPT\0", "git-crypt"),
    (b"age-encryption.org/v1", "age"),
    (b"-----BEGIN AGE ENCRYPTED FILE-----", "age"),
    (b"-----BEGIN PGP MESSAGE-----", "GPG"),
    (b"-----BEGIN PGP SIGNED MESSAGE-----", "GPG"),
    (b"-----BEGIN PKCS7-----", "S/MIME"),
    (b"-----BEGIN CMS-----", "S/MIME"),
    (b"-----BEGIN ENCRYPTED PRIVATE KEY-----", "a passphrase"),
    (b"$ANSIBLE_VAULT;", "Ansible Vault"),
    (b"Salted__", "OpenSSL"),
    // The same in base64, which transcrypt and `openssl enc -a` write.
    (b"U2FsdGVkX1", "OpenSSL"),
    // `{"iv":` in base64, which Laravel's `env:encrypt` writes.
    (b"eyJpdiI6", "Laravel"),
    // The header of what KMS encrypts, in base64.
    (b"AQICAH", "AWS KMS"),
    (b"vault:v1:", "HashiCorp Vault"),
];

/// Marks of values that SOPS or hiera-eyaml have encrypted, anywhere in a file.
const ENCRYPTED_VALUES: [(&[u8], &str); 2] = [(b"ENC[AES256_GCM,", "SOPS"), (b"ENC[PKCS7,", "hiera-eyaml")];

/// Marks of templates, anywhere in a file. That none of them has to be valid is why the file is not read.
const TEMPLATE_MARKS: [(&str, &str, &str); 3] = [
    ("{%", "a Jinja template", "{%"),
    ("{{", "a template of Helm, Go or Jinja", "{{"),
    ("<%", "an ERB or EJS template", "<%"),
];

/// What a file that cannot be read as `file_type` looks like, if it looks like anything. `line` is where reading ended.
pub(super) fn likeness(
    bytes: &[u8],
    file_type: FileType,
    problem: &ParseProblem,
    line: Option<usize>,
) -> Option<Likeness> {
    let bytes = &bytes[..bytes.len().min(LOOKED_AT)];
    let content = bytes.trim_ascii_start();
    let beginning = BEGINNINGS.iter().find(|(beginning, _)| content.starts_with(beginning));
    let value = || ENCRYPTED_VALUES.iter().find(|(mark, _)| bytes.windows(mark.len()).any(|bytes| bytes == *mark));
    if let Some((_, tool)) = beginning.or_else(value) {
        return Some(Likeness::Encrypted(tool));
    }
    if is_openpgp(bytes) {
        return Some(Likeness::Encrypted("GPG"));
    }
    if is_utf16(bytes) {
        return Some(Likeness::Utf16);
    }
    // These are no fault of syntax, so the file is not what it is because a template wants it so.
    if matches!(problem, ParseProblem::TooDeep | ParseProblem::TooManyValues | ParseProblem::TooLarge) {
        return None;
    }
    template(&String::from_utf8_lossy(bytes), file_type, line)
}

/// How values begin that a tool has encrypted, each by itself.
const ENCRYPTED_VALUE_BEGINNINGS: [(&str, &str); 3] =
    [("ENC[AES256_GCM,", "SOPS"), ("ENC[PKCS7,", "hiera-eyaml"), ("$ANSIBLE_VAULT;", "Ansible Vault")];

/// The tool that has encrypted a file which can be read all the same, or values in it.
pub(super) fn encrypted_with(bytes: &[u8], entries: &[Entry]) -> Option<&'static str> {
    if entries.is_empty() {
        // A YAML document of one text.
        let content = bytes.trim_ascii_start();
        return BEGINNINGS.iter().find(|(beginning, _)| content.starts_with(beginning)).map(|(_, tool)| *tool);
    }
    let of_value = |entry: &Entry| {
        let text = entry.value.text.expose().trim_start();
        ENCRYPTED_VALUE_BEGINNINGS.iter().find(|(beginning, _)| text.starts_with(beginning)).map(|(_, tool)| *tool)
    };
    let is_dotenvx = || {
        entries.iter().any(|entry| entry.key.starts_with("DOTENV_PUBLIC_KEY"))
            && entries.iter().any(|entry| entry.value.text.expose().starts_with("encrypted:"))
    };
    entries.iter().find_map(of_value).or_else(|| is_dotenvx().then_some("dotenvx"))
}

fn template(text: &str, file_type: FileType, line: Option<usize>) -> Option<Likeness> {
    if let Some((_, kind, mark)) = TEMPLATE_MARKS.iter().find(|(mark, ..)| text.contains(mark)) {
        return Some(Likeness::Template(kind, mark));
    }
    if text.lines().any(has_maven_name) {
        return Some(Likeness::Template("a file that Maven or CMake fills in", "@name@"));
    }
    // In values it is ordinary, in dotenv files everywhere. So only the place at fault counts.
    let is_near = |index: usize| line.is_none_or(|line| (index + 1).abs_diff(line) <= 1);
    let mut near = text.lines().enumerate().filter(|(index, _)| is_near(*index));
    let has_placeholder = file_type != FileType::Dotenv && near.any(|(_, line)| line.contains("${"));
    has_placeholder.then_some(Likeness::Template("a template with placeholders", "${…}"))
}

/// Whether a line holds `@name@`.
fn has_maven_name(line: &str) -> bool {
    let is_name = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
    };
    let parts: Vec<_> = line.split('@').collect();
    parts.len() > 2 && parts[1..parts.len() - 1].iter().any(|part| is_name(part))
}

/// Whether bytes begin with an OpenPGP packet that encrypted messages begin with: a session key encrypted with a public
/// key (tag 1) or with a passphrase (tag 3), of a version that exists (RFC 9580, sections 4.2, 5.1 and 5.3).
fn is_openpgp(bytes: &[u8]) -> bool {
    let &[first, length, second, third, ..] = bytes else { return false };
    let version = match first {
        // The old form: a length of one byte, or of two.
        0x84 | 0x8C => second,
        0x85 | 0x8D => third,
        // The new form.
        0xC1 | 0xC3 => {
            if length < 192 {
                second
            } else {
                third
            }
        }
        _ => return false,
    };
    (3..=6).contains(&version)
}

/// Whether bytes are UTF-16: they begin with its byte order mark, or have a NUL in the same half of each of the first
/// pairs.
fn is_utf16(bytes: &[u8]) -> bool {
    const PAIRS: usize = 32;
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return true;
    }
    let pairs: Vec<_> = bytes.chunks_exact(2).take(PAIRS).collect();
    let is_nul_only_at = |at: usize| pairs.iter().all(|pair| pair[at] == 0 && pair[1 - at] != 0);
    pairs.len() > 1 && (is_nul_only_at(0) || is_nul_only_at(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ParseError;

    fn shown(bytes: &[u8], file_type: FileType) -> String {
        let ParseError { problem, line, .. } = crate::config::parse(file_type, bytes, "_").unwrap_err();
        likeness(bytes, file_type, &problem, line).map(|likeness| likeness.to_string()).unwrap_or_default()
    }

    #[test]
    fn encrypted_files_are_known_by_their_tools() {
        for (bytes, tool) in [
            (&b"\0GITCRYPT\0\xca\x9b\xff"[..], "git-crypt"),
            (b"age-encryption.org/v1\n-> X25519 abc\n", "age"),
            (b"\n-----BEGIN AGE ENCRYPTED FILE-----\nabc\n", "age"),
            (b"-----BEGIN PGP MESSAGE-----\n\nhQ\n", "GPG"),
            (b"\x85\x02\x0c\x03\x01\x02", "GPG"),
            (b"\x84\x5e\x03\x01\x02", "GPG"),
            (b"\x8c\x0d\x04\x09\x03\x02", "GPG"),
            (b"\xc1\xc0\x4c\x03\x01", "GPG"),
            (b"$ANSIBLE_VAULT;1.1;AES256\n3663\n", "Ansible Vault"),
            (b"Salted__\x01\x02\xff", "OpenSSL"),
            (b"U2FsdGVkX18=\n", "OpenSSL"),
            (b"{\n\t\"data\": \"ENC[AES256_GCM,data:x]\",\n}\n{", "SOPS"),
        ] {
            let likeness = likeness(bytes, FileType::Dotenv, &ParseProblem::NotUtf8, None);
            assert_eq!(likeness, Some(Likeness::Encrypted(tool)), "{bytes:?}");
        }
    }

    #[test]
    fn utf_16_is_known_with_and_without_its_mark() {
        for (bytes, is_utf16) in [
            (&b"\xff\xfeA\0=\x001\0"[..], true),
            (b"\xfe\xff\0A\0=\x001", true),
            (b"A\0=\x001\0", true),
            (b"\0A\0=\x001", true),
            (b"A=\0\0", false),
            (b"A=1\0", false),
            (b"caf\xe9=1\n", false),
        ] {
            let likeness = likeness(bytes, FileType::Dotenv, &ParseProblem::NotUtf8, None);
            assert_eq!(likeness == Some(Likeness::Utf16), is_utf16, "{bytes:?}");
        }
    }

    #[test]
    fn templates_are_known_by_their_marks() {
        for (text, file_type, mark) in [
            ("{{- if .Values.x }}\na: b\n{{- end }}\n", FileType::Yaml, "{{"),
            ("a: {{ .Values.x }}:\n", FileType::Yaml, "{{"),
            ("{\"a\": {{ x }}}", FileType::Json, "{{"),
            ("a = {% if x %}1{% endif %}\n", FileType::Toml, "{%"),
            ("spring:\n  profiles.active: @envName@\n", FileType::Yaml, "@name@"),
            ("a: <%= x %>: b: c\n", FileType::Yaml, "<%"),
            ("{\"a\": ${PORT}}", FileType::Json, "${…}"),
            ("a = ${PORT}\n", FileType::Toml, "${…}"),
        ] {
            let shown = shown(text.as_bytes(), file_type);
            assert!(shown.ends_with(&format!("(`{mark}`)")), "{text:?}: {shown}");
        }
    }

    #[test]
    fn what_is_merely_broken_looks_like_nothing() {
        for (text, file_type) in [
            ("{,}", FileType::Json),
            ("{\"url\": \"${HOST}/x\",\n\n\n\n\"a\": }", FileType::Json),
            ("A=${B}\nB=\"open\n", FileType::Dotenv),
            ("a: [1\nb: mona@example.com, lisa@example.com\n", FileType::Yaml),
        ] {
            assert_eq!(shown(text.as_bytes(), file_type), "", "{text:?}");
        }
    }
}
